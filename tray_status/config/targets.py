"""`[[hooks]]` and `[[webhooks]]`: what is told of events to programs and addresses that a person names.

An address that chat services give out is a secret, as is what a message is signed with: both may stand in the
environment, in a file or in the system's keyring. No message ever repeats one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta, Struct

from ..catalogue import by_address, by_name, normalise, page_id
from ..core.events import EventKind
from ..core.model import Impact
from ..core.targets import Wants
from ..core.text import clean_line, safe_url
from .suggestions import nearest

LIMIT = 100
"""Hooks, and webhooks: each has a thread of its own, which sleeps nearly always."""

_Line = Annotated[str, Meta(min_length=1, max_length=200)]
_Argument = Annotated[str, Meta(min_length=1, max_length=4000)]
_Secret = Annotated[str, Meta(max_length=4000)]
_Threshold = Literal["none", "notice", "maintenance", "minor", "major", "critical"]
_Kind = Literal[
    "opened",
    "updated",
    "edited",
    "resolved",
    "maintenance_scheduled",
    "maintenance_started",
    "maintenance_ended",
    "component_changed",
    "page_unreadable",
    "page_readable",
]

_KINDS = 'a list of kinds of events, such as ["opened", "resolved"]'
_PAGES = 'a list of names of pages, such as ["OpenAI"]'
_LEAST = '"none", "notice", "maintenance", "minor", "major" or "critical"'
_ENABLED = "true or false"
_VARIABLE = "the name of an environment variable"
_FILE = "the path of a file"
_ENTRY = "the name of an entry of the keyring's service tray-status"

_ADDRESSES = ("url", "url_env", "url_file", "url_keyring")
_SECRETS = ("secret_env", "secret_file", "secret_keyring")


class _Filtered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"least": "from"}):
    """What all targets have."""

    pages: Annotated[tuple[_Line, ...], Meta(description=_PAGES, max_length=1000)] = ()
    least: Annotated[_Threshold, Meta(description=_LEAST)] = "none"
    kinds: Annotated[tuple[_Kind, ...], Meta(description=_KINDS)] = ()
    enabled: Annotated[bool, Meta(description=_ENABLED)] = True


class HookSetting(_Filtered, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"least": "from"}):
    """One `[[hooks]]` table: a program that is run for each event."""

    command: Annotated[
        tuple[_Argument, ...],
        Meta(description='a program and its arguments, such as ["notify-team", "--urgent"]', min_length=1),
    ]
    name: Annotated[str, Meta(description="a text that names this hook alone", max_length=200)] = ""
    timeout_seconds: Annotated[float, Meta(description="a number of seconds from 1 to 3600", ge=1, le=3600)] = 30.0

    @property
    def title(self) -> str:
        """Its name, or that of its program."""
        return clean_line(self.name) or clean_line(PurePath(self.command[0]).name) or "hook"


class WebhookSetting(_Filtered, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"least": "from"}):
    """One `[[webhooks]]` table: an address that each event is sent to."""

    name: Annotated[_Line, Meta(description='a text that names this webhook alone, such as "team"')]
    format: Annotated[
        Literal["json", "slack", "discord", "teams", "apprise"],
        Meta(description='"json", "slack", "discord", "teams" or "apprise"'),
    ] = "json"
    url: Annotated[_Secret, Meta(description="an http or https address, or one that apprise knows")] = ""
    url_env: Annotated[_Secret, Meta(description=_VARIABLE)] = ""
    url_file: Annotated[_Secret, Meta(description=_FILE)] = ""
    url_keyring: Annotated[_Secret, Meta(description=_ENTRY)] = ""
    secret_env: Annotated[_Secret, Meta(description=_VARIABLE)] = ""
    secret_file: Annotated[_Secret, Meta(description=_FILE)] = ""
    secret_keyring: Annotated[_Secret, Meta(description=_ENTRY)] = ""

    @property
    def title(self) -> str:
        return clean_line(self.name)


class Mistake(NamedTuple):
    """What is wrong, and with which key of which table (from 0)."""

    table: str
    place: int
    key: str
    words: str


def page_ids(pages: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The id that the log knows each page by, by its name in lower case; of names and addresses."""
    found = {}
    for name, url in pages:
        address = normalise(url) if url else None
        entry = by_address(address) if address else by_name(clean_line(name))
        if entry is not None:
            found[clean_line(name).casefold()] = entry.id
        elif address:
            found[clean_line(name).casefold()] = page_id(address)
    return found


def wants_of(setting: HookSetting | WebhookSetting, ids: Mapping[str, str]) -> Wants:
    """A target's filters; `ids` as `page_ids` has them."""
    return Wants(
        pages=frozenset(each for name in setting.pages if (each := _page(name, ids))),
        least=Impact(setting.least),
        kinds=frozenset(EventKind(each) for each in setting.kinds),
        for_people=isinstance(setting, WebhookSetting) and setting.format != "json",
    )


def target_mistakes(
    hooks: Mapping[int, HookSetting], webhooks: Mapping[int, WebhookSetting], ids: Mapping[str, str]
) -> Iterator[Mistake]:
    """What is wrong with some tables, by their places, though each part of them is of the right kind."""
    taken: set[str] = set()
    for table, rows in (("hooks", hooks), ("webhooks", webhooks)):
        for place, row in rows.items():
            name = row.title
            if not name:
                yield Mistake(table, place, "name", "must be a text that names this webhook alone")
            elif name.casefold() in taken:
                yield Mistake(table, place, "name", f"“{name}” names two of them; each needs a name of its own")
            taken.add(name.casefold())
            for each in row.pages:
                if _page(each, ids) is None:
                    yield Mistake(
                        table, place, "pages", f"“{clean_line(each, 80)}” is none of your pages{_hint(each, ids)}"
                    )
    for place, webhook in webhooks.items():
        yield from _address_mistakes(place, webhook)


def _address_mistakes(place: int, webhook: WebhookSetting) -> Iterator[Mistake]:
    told = [key for key in _ADDRESSES if getattr(webhook, key)]
    if len(told) != 1:
        key = told[1] if told else "url"
        yield Mistake("webhooks", place, key, f"exactly one of {', '.join(_ADDRESSES)} says where to send it")
    elif webhook.url and not is_address(webhook.url, webhook.format):
        kind = "one that apprise knows" if webhook.format == "apprise" else "an http or https address"
        yield Mistake("webhooks", place, "url", f"must be {kind}; it is not repeated here, for it may be a secret")
    secrets = [key for key in _SECRETS if getattr(webhook, key)]
    if len(secrets) > 1:
        yield Mistake("webhooks", place, secrets[1], f"one of {', '.join(_SECRETS)} is enough")
    elif secrets and webhook.format != "json":
        yield Mistake("webhooks", place, secrets[0], 'only format = "json" is signed; leave it out')


def is_address(url: str, format: str) -> bool:
    """Whether an address can be sent to in this format."""
    if format == "apprise":
        return "://" in url and url.isprintable() and not any(sign.isspace() for sign in url)
    return safe_url(url) == url


def _page(name: str, ids: Mapping[str, str]) -> str | None:
    """The id of a page that is named as in the settings, in the list of known pages, or by its id."""
    name = clean_line(name)
    if (found := ids.get(name.casefold())) is not None:
        return found
    entry = by_name(name)
    return entry.id if entry else name if name in ids.values() else None


def _hint(name: str, ids: Mapping[str, Any]) -> str:
    near = nearest(clean_line(name), ids)
    return f"; did you mean “{near[0]}”?" if near else ""
