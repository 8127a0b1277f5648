"""The secret of one home's status page: its password beyond this computer, and what marks its own forms.

It outlives the program, so that a page that stays open goes on working when the program was started anew.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError
from ..whole_file import replace_file

log = logging.getLogger(__name__)

VARIABLE = "TRAY_STATUS_WEB_PASSWORD"
FILE = "web-password"
SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Key:
    """A password, and where a person finds it."""

    password: str
    where: str

    @property
    def mark(self) -> str:
        """What a form of ours carries, and a foreign site cannot know; it does not tell the password."""
        return hmac.new(self.password.encode(), b"forms", hashlib.sha256).hexdigest()

    def opens(self, password: str) -> bool:
        return hmac.compare_digest(password.encode(), self.password.encode())

    def marks(self, mark: str) -> bool:
        return hmac.compare_digest(mark.encode(), self.mark.encode())


def new_key() -> Key:
    """One that ends with this process."""
    password = secrets.token_urlsafe(24)
    return Key(password, f"it is {password} for this run")


def key_of(folder: Path | None, environment: Mapping[str, str]) -> Key:
    """The person's own, or the one beside the history, which is made where there is none yet.

    Raises UsageError for one that could be guessed.
    """
    if own := environment.get(VARIABLE):
        if len(own) < SHORTEST:
            raise UsageError(f"{VARIABLE}: {len(own)} characters can be guessed; take {SHORTEST} or more")
        return Key(own, f"it is in {VARIABLE}")
    if folder is None:
        return new_key()
    path = folder / FILE
    try:
        kept = path.read_text("ascii").strip() if path.exists() else ""
        if len(kept) < SHORTEST:
            kept = secrets.token_urlsafe(24)
            replace_file(path, f"{kept}\n".encode())
            kept = path.read_text("ascii").strip()  # whoever else made one meanwhile wins for both
    except (OSError, UnicodeDecodeError) as error:
        log.info("%s cannot be used, so the status page has a password for this run only: %s", path, error)
        return new_key()
    return Key(kept, f"it is in {path}")
