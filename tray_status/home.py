"""What every mode and command needs first: whose settings, and where the history is."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue import choose
from .config import Settings, choose_pages, load_settings
from .config.choice import rules_of
from .config.file import to_add_to
from .core.attention import Rules
from .core.model import Page
from .system.folders import find_folders

if TYPE_CHECKING:
    from .outputs.target import Target
    from .outputs.webhooks.webhook import Post

CATALOGUE = "catalogue.csv"


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one installation, and what the environment says of it."""

    settings_path: Path
    database: Path
    log: Path
    catalogue: Path
    """A newer list of known pages, where the person took one."""
    environment: Mapping[str, str]
    named: bool
    """Whether the settings file was named by the person, so that it must exist."""

    def settings(self) -> Settings:
        """Raises SettingsError."""
        return load_settings(self.settings_path, must_exist=self.named)

    def settings_to_add_to(self) -> Settings:
        """The settings as they are before something is added: where there are none yet, what the first file says.

        Raises SettingsError.
        """
        return to_add_to(self.settings_path, must_exist=self.named)

    def rules(self) -> Rules:
        """What the settings say of all pages' notices. Raises SettingsError."""
        return rules_of(self.settings())

    def targets(self, post: Post) -> list[Target]:
        """The hooks and webhooks of the settings; `post` is what webhooks send by. Raises SettingsError."""
        settings = self.settings()
        if not (settings.hooks or settings.webhooks):
            return []
        from .outputs.targets import make_targets

        return make_targets(settings, self.environment, self.settings_path.absolute().parent, post)

    def pages(self, wanted: Sequence[str], interval: float | None = None) -> tuple[Page, ...]:
        """Those of the settings, or the wanted ones. Raises UsageError."""
        return choose_pages(self.settings(), tuple(wanted), self.environment, interval)


def home_of(options: argparse.Namespace, environment: Mapping[str, str]) -> Home:
    """Raises nothing; from now on names are looked up in this home's list of known pages, where it has one."""
    folders = find_folders(environment)
    catalogue = folders.database.with_name(CATALOGUE)
    choose(catalogue)
    return Home(
        options.config or folders.settings,
        folders.database,
        folders.log,
        catalogue,
        environment,
        options.config is not None,
    )
