"""Where settings and history are, for what is run at each prompt or key; the same as `folders` says, and sooner.

On Linux the two folders follow from two variables (XDG Base Directory Specification, version 0.8); elsewhere the
library is asked, whose import takes longer than all else that a prompt does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

TYPE_CHECKING = False  # as `typing` has it, whose import costs as much as a third of a prompt
if TYPE_CHECKING:
    from .folders import Folders

APP = "tray-status"


def config_folder(environment: Mapping[str, str]) -> str:
    """Where the settings are, unless they are named."""
    return _folder(environment, "XDG_CONFIG_HOME", "~/.config") or str(_found(environment).settings.parent)


def data_folder(environment: Mapping[str, str]) -> str:
    """Where the history is, unless it is named."""
    return _folder(environment, "XDG_DATA_HOME", "~/.local/share") or str(_found(environment).database.parent)


def _folder(environment: Mapping[str, str], variable: str, usual: str) -> str:
    """Empty where more than this decides."""
    if sys.platform != "linux" or "ANDROID_DATA" in environment:
        return ""
    path = os.path.expanduser(environment.get(variable, "").strip() or usual)
    return os.path.join(path, APP) if os.path.isabs(path) else ""


def _found(environment: Mapping[str, str]) -> Folders:
    from .folders import find_folders

    return find_folders(environment)
