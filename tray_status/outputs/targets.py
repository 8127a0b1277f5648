"""The settings' hooks and webhooks → targets; and an event to try them with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path

from ..config.settings import Settings
from ..config.targets import WebhookSetting, page_ids, wants_of
from ..core.events import Event, EventKind
from ..core.model import Affected, Impact, Incident, Page, State, Update
from ..system.secrets import Secret
from .hooks import Hook
from .target import Target
from .webhooks.through_apprise import ThroughApprise
from .webhooks.webhook import Post, Webhook


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def make_targets(
    settings: Settings,
    environment: Mapping[str, str],
    folder: Path,
    post: Post,
    now: Callable[[], datetime] = utc_now,
) -> list[Target]:
    """All that are enabled. `folder` is the settings file's: paths begin there, and hooks run there."""
    ids = page_ids((page.name, page.url) for page in settings.pages)
    hooks: list[Target] = [
        Hook(each, wants_of(each, ids), environment, folder) for each in settings.hooks if each.enabled
    ]
    webhooks = [each for each in settings.webhooks if each.enabled]
    return hooks + [_webhook(each, ids, environment, folder, post, now) for each in webhooks]


def _webhook(
    setting: WebhookSetting,
    ids: Mapping[str, str],
    environment: Mapping[str, str],
    folder: Path,
    post: Post,
    now: Callable[[], datetime],
) -> Target:
    wants, address = wants_of(setting, ids), address_of(setting, folder)
    if setting.format == "apprise":
        return ThroughApprise(setting, wants, address, environment)
    secret = Secret(
        variable=setting.secret_env, file=_path(setting.secret_file, folder), entry=setting.secret_keyring
    )
    return Webhook(setting, wants, address, secret, environment, post, now)


def address_of(setting: WebhookSetting, folder: Path) -> Secret:
    """Where a webhook's address is."""
    return Secret(setting.url, setting.url_env, _path(setting.url_file, folder), setting.url_keyring)


def _path(told: str, folder: Path) -> Path | None:
    return folder / Path(told).expanduser() if told else None


def sample(now: datetime) -> Event:
    """An invented event that says so."""
    page = Page("test", "Acme (a test)", "https://status.acme.example")
    words = "This is a test of Tray Status. Nothing is wrong."
    update = Update("test", State.INVESTIGATING, "investigating", words, now)
    incident = Incident(
        "test", "A test of Tray Status", State.INVESTIGATING, "investigating", impact=Impact.MINOR, started_at=now,
        url=page.url, affected=(Affected(None, "API"),), updates=(update,),
    )  # fmt: skip
    return Event(EventKind.OPENED, page, now, now, incident, update)
