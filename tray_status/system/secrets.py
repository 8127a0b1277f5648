"""Secrets where the settings say that they are: in the environment, in a file, or in the system's keyring.

Read when they are needed, never logged. What cannot be had is told by its place alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import NoSecret
from .folders import APP

LARGEST = 16 * 1024
"""Bytes of a file: what is larger is no secret, but a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is; one of these is told."""

    plain: str = field(default="", repr=False)
    """The secret itself, as the settings have it."""
    variable: str = ""
    file: Path | None = None
    entry: str = ""
    """A name in the keyring, under the service `tray-status`."""

    def __str__(self) -> str:
        """The place, for a person."""
        if self.variable:
            return f"the environment variable {self.variable}"
        if self.file is not None:
            return f"the file {self.file}"
        return f"the keyring's entry {APP}/{self.entry}" if self.entry else "the settings"

    def __bool__(self) -> bool:
        return bool(self.plain or self.variable or self.file or self.entry)

    def read(self, environment: Mapping[str, str]) -> str:
        """The secret without blanks around it. Raises NoSecret."""
        if self.variable:
            value = environment.get(self.variable, "")
        elif self.file is not None:
            value = _of_file(self.file)
        else:
            value = _of_keyring(self.entry) if self.entry else self.plain
        if not value.strip():
            raise NoSecret(f"nothing is in {self}")
        return value.strip()


def _of_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NoSecret(f"the file {path} cannot be read: {error.strerror or type(error).__name__}") from None
    if len(content) > LARGEST:
        raise NoSecret(f"the file {path} is too large to be a secret")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoSecret(f"the file {path} is no text in UTF-8") from None


def _of_keyring(entry: str) -> str:
    try:
        import keyring
    except ImportError:
        cure = "pip install 'tray-status[keyring]'"
        raise NoSecret(f"the entry {APP}/{entry} is wanted of the keyring, which is not installed: {cure}") from None
    try:
        found = keyring.get_password(APP, entry)
    except Exception as error:  # noqa: BLE001 - each of its backends has errors of its own
        raise NoSecret(f"the keyring gives no {APP}/{entry}: {type(error).__name__}") from None
    if found is None:
        raise NoSecret(f"the keyring has no {APP}/{entry}; `keyring set {APP} {entry}` puts it there")
    return found
