"""What brings a tray to a desktop that shows none: the exact cure for this one, told from its environment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

OS_RELEASE = Path("/etc/os-release")

_GNOME = {
    "debian": "sudo apt install gnome-shell-extension-appindicator",
    "fedora": "sudo dnf install gnome-shell-extension-appindicator",
    "arch": "sudo pacman -S gnome-shell-extension-appindicator",
    "suse": "sudo zypper install gnome-shell-extension-appindicator",
}
"""By family of distributions, as each packages the extension."""

_FAMILIES = {
    "debian": ("debian", "ubuntu"),
    "fedora": ("fedora", "rhel", "centos"),
    "arch": ("arch",),
    "suse": ("suse", "opensuse"),
}

_WLROOTS = ("sway", "hyprland", "river", "wayfire", "niri", "labwc")
_TILING = ("i3", "bspwm", "openbox", "awesome", "dwm", "fluxbox", "herbstluftwm")


def missing_host(environment: Mapping[str, str] = os.environ, os_release: str | None = None) -> str:
    """What to do so that icons are shown on this desktop, as one sentence without a full stop."""
    desktop = f"{environment.get('XDG_CURRENT_DESKTOP', '')}:{environment.get('DESKTOP_SESSION', '')}".lower()
    names = desktop.replace(";", ":").split(":")
    if any("gnome" in name for name in names) and "gnome-flashback" not in desktop:
        family = _family(_read() if os_release is None else os_release)
        install = _GNOME.get(
            family, "install “AppIndicator and KStatusNotifierItem Support” from extensions.gnome.org"
        )
        return f"GNOME needs its AppIndicator extension: {install}, then log out and in"
    if any(name in _WLROOTS for name in names):
        return 'Add the module "tray" to Waybar\'s settings and start Waybar, or another bar with a tray'
    if any(name in _TILING for name in names):
        return (
            "Start a bar with a tray, such as xfce4-panel or polybar; with one for old icons alone, start snixembed"
        )
    if environment.get("SSH_CONNECTION"):
        return "Over SSH there is no tray: use `tray-status --console`, or `--serve` for the page in the browser"
    return "Start a panel with a tray (Xfce, KDE, LXQt, Cinnamon, Waybar …)"


def _family(os_release: str) -> str:
    told = {}
    for line in os_release.splitlines():
        key, _, value = line.partition("=")
        told[key.strip()] = value.strip().strip("\"'").lower()
    ids = {told.get("ID", ""), *told.get("ID_LIKE", "").split()}
    for family, members in _FAMILIES.items():
        if any(each in members or (each.startswith("opensuse") and family == "suse") for each in ids):
            return family
    return ""


def _read() -> str:
    with contextlib.suppress(OSError):
        return OS_RELEASE.read_text("utf-8", "replace")
    return ""
