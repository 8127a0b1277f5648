"""What brings a tray to a desktop that shows none."""

from __future__ import annotations

import pytest

from tray_status.tray.cures import missing_host

UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'


@pytest.mark.parametrize(
    ("os_release", "command"),
    [
        ("ID=debian", "sudo apt install gnome-shell-extension-appindicator"),
        (UBUNTU, "sudo apt install gnome-shell-extension-appindicator"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "sudo dnf install"),
        ("ID=manjaro\nID_LIKE=arch", "sudo pacman -S"),
        ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', "sudo zypper install"),
        ("ID=nixos", "from extensions.gnome.org"),
        ("", "from extensions.gnome.org"),
        ("no such file", "from extensions.gnome.org"),
    ],
)
def test_gnome_is_told_the_command_of_its_distribution(os_release, command):
    words = missing_host({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, os_release)
    assert words.startswith("GNOME needs its AppIndicator extension: ")
    assert command in words


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"XDG_CURRENT_DESKTOP": "sway"}, "Waybar"),
        ({"XDG_CURRENT_DESKTOP": "Hyprland"}, "Waybar"),
        ({"XDG_CURRENT_DESKTOP": "i3"}, "snixembed"),
        ({"DESKTOP_SESSION": "openbox"}, "snixembed"),
        ({"SSH_CONNECTION": "1 2 3 4"}, "tray-status --console"),
        ({"XDG_CURRENT_DESKTOP": "XFCE"}, "Start a panel with a tray"),
        ({}, "Start a panel with a tray"),
    ],
)
def test_other_desktops_are_told_theirs(environment, words):
    assert words in missing_host(environment, "")
