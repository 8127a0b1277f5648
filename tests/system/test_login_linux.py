"""The autostart file: its words to the letter of the Desktop Entry Specification, and what is read back from it."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desktop.requirements import require
from tray_status.system.login.entry import CannotStartAtLogin, Entry
from tray_status.system.login.linux import Autostart, desktop_entry, read_desktop_entry

pytestmark = pytest.mark.skipif(os.name == "nt", reason="paths and permissions are others on Windows")

PROGRAM = "/opt/tray status/bin/tray-status"


def lines(command):
    return desktop_entry(command).splitlines()


def key(command, name):
    return next(line.partition("=")[2] for line in lines(command) if line.startswith(f"{name}="))


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("plain/path-1.0_x:@", "plain/path-1.0_x:@"),
        ("two words", '"two words"'),
        ("100%", "100%%"),
        ("100% sure", '"100%% sure"'),
        ("%f", "%%f"),
        ('a"b', r'"a\\"b"'),
        ("a'b", '"a\'b"'),
        ("a$b", r'"a\\$b"'),
        ("a`b", r'"a\\`b"'),
        (r"a\b", r'"a\\\\b"'),
        ("a\tb", r'"a\tb"'),
        ("a\nb", r'"a\nb"'),
        ("", '""'),
        ("a;b", '"a;b"'),
        ("~", '"~"'),
        ("größe", "größe"),
    ],
)
def test_an_argument_is_quoted_as_the_specification_says(argument, written):
    assert key(["/bin/x", argument], "Exec") == f"/bin/x {written}"


def test_the_entry_says_all_that_desktops_ask_for():
    text = lines([PROGRAM, "--home", "/srv/100%"])
    assert text[0] == "[Desktop Entry]"
    assert {
        "Type=Application",
        "Name=Tray Status",
        "Terminal=false",
        "X-GNOME-Autostart-enabled=true",
        f"TryExec={PROGRAM}",
        f'Exec="{PROGRAM}" --home /srv/100%%',
    } <= set(text)
    assert key([PROGRAM], "Comment")
    assert Path(key([PROGRAM], "Icon")).is_file()


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r\\\"'$`% =")), max_size=4
    )
)
def test_whatever_is_written_is_read_back(arguments):
    command = (PROGRAM, *arguments)
    assert read_desktop_entry(desktop_entry(command)) == Entry(command, on=True)


@pytest.mark.parametrize(
    ("program", "written"), [("/a=b/x", "/a=b/x"), ("/a%b/x", "/a%%b/x"), ("/a =%f", '"/a =%%f"')]
)
def test_a_program_that_an_entry_cannot_begin_with_is_started_by_the_shell(program, written):
    assert key([program, "--a"], "Exec") == rf'/bin/sh -c "exec \\"\\$0\\" \\"\\$@\\"" {written} --a'
    assert key([program], "TryExec") == program
    assert read_desktop_entry(desktop_entry([program, "--a"])) == Entry((program, "--a"), on=True)


def test_a_path_that_is_no_unicode_is_refused_with_the_cure():
    with pytest.raises(CannotStartAtLogin, match="folder whose name is UTF-8"):
        desktop_entry(["/opt/\udcff/tray-status"])


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = true"])
def test_what_a_desktop_switched_off_reads_as_off(line):
    text = desktop_entry([PROGRAM]).replace("X-GNOME-Autostart-enabled=true\n", "")
    assert read_desktop_entry(text).on
    assert read_desktop_entry(f"{text}{line}\n") == Entry((PROGRAM,), on=False)


def test_other_groups_comments_and_unknown_keys_mean_nothing():
    text = (
        "# Hidden=true\n\n"
        + desktop_entry([PROGRAM])
        + "#Hidden=true\nHidden[de]=true\n[Desktop Action x]\nHidden=true\n"
    )
    assert read_desktop_entry(text) == Entry((PROGRAM,), on=True)


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("/bin/x  --a   b", ("/bin/x", "--a", "b")),
        ('/bin/x --a="b c"', ("/bin/x", "--a=b c")),
        ("/bin/x --x=%U 100%%", ("/bin/x", "--x=", "100%")),
        (r'/bin/x "a\\$b"', ("/bin/x", "a$b")),
        ('/bin/x "never ended', ("/bin/x", "never", "ended")),
        ("", ()),
    ],
)
def test_what_others_wrote_is_read_with_patience(written, command):
    entry = read_desktop_entry(f"[Desktop Entry]\r\nExec={written}\r\nName=x\r\n")
    assert entry == Entry(command, on=bool(command))


@pytest.mark.parametrize("text", ["", "no entry at all", "[Desktop Entry]", "Exec=/bin/x", "[Desktop Entry]\nExec"])
def test_a_file_that_is_no_entry_starts_nothing(text):
    assert read_desktop_entry(text) == Entry((), on=False)


@given(st.text())
def test_no_text_whatever_makes_reading_fail(text):
    assert isinstance(read_desktop_entry(f"[Desktop Entry]\nExec={text}"), Entry)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/home/ada", "XDG_CONFIG_HOME": "/srv/ada"}, "/srv/ada"),
        ({"HOME": "/home/ada", "XDG_CONFIG_HOME": "relative"}, "/home/ada/.config"),
        ({"HOME": "/home/ada", "XDG_CONFIG_HOME": ""}, "/home/ada/.config"),
        ({"HOME": "/home/ada"}, "/home/ada/.config"),
    ],
)
def test_the_file_lies_where_the_base_directory_specification_says(environment, folder):
    assert Autostart(environment).path == Path(folder, "autostart/tray-status.desktop")


def test_a_written_file_passes_desktop_file_validate(tmp_path):
    place = Autostart({"XDG_CONFIG_HOME": str(tmp_path)})
    place.write([PROGRAM, "--home", '/srv/a "b" 100% $x `y` \\z\n'])
    validate = require("desktop-file-validate", "desktop-file-utils")
    done = subprocess.run([validate, place.path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_written_file_is_read_back_and_removed_while_its_folder_stays(tmp_path):
    place = Autostart({"XDG_CONFIG_HOME": str(tmp_path / "new")})
    assert place.read() is None
    place.write([PROGRAM])
    assert place.read() == Entry((PROGRAM,), on=True)
    assert os.listdir(place.path.parent) == ["tray-status.desktop"]
    assert stat.S_IMODE(place.path.parent.stat().st_mode) == 0o700
    place.remove()
    place.remove()
    assert os.listdir(place.path.parent) == []


def test_a_write_that_fails_leaves_the_old_file_whole_and_nothing_beside_it(tmp_path):
    place = Autostart({"XDG_CONFIG_HOME": str(tmp_path)})
    place.path.mkdir(parents=True)
    (place.path / "kept").touch()
    with pytest.raises(CannotStartAtLogin, match=r"tray-status\.desktop is a folder; move it away"):
        place.write([PROGRAM])
    assert os.listdir(place.path.parent) == ["tray-status.desktop"]
    for action in (place.read, place.remove):
        with pytest.raises(CannotStartAtLogin, match="is a folder; move it away"):
            action()


@pytest.mark.parametrize("wrong", ["file", "dangling link"])
def test_an_autostart_folder_that_is_none_is_told_with_the_cure(tmp_path, wrong):
    folder = tmp_path / "autostart"
    if wrong == "file":
        folder.touch()
    else:
        folder.symlink_to(tmp_path / "nowhere")
    place = Autostart({"XDG_CONFIG_HOME": str(tmp_path)})
    assert place.read() is None
    place.remove()
    with pytest.raises(CannotStartAtLogin, match="autostart is not a folder; move it away"):
        place.write([PROGRAM])


def test_a_folder_without_permission_is_told_with_the_cure(unprivileged):
    place = Autostart({"XDG_CONFIG_HOME": str(unprivileged)})
    with pytest.raises(CannotStartAtLogin, match=f"{unprivileged} is a folder that you may not write to"):
        place.write([PROGRAM])
    assert place.read() is None


def test_a_folder_that_may_not_be_looked_into_is_told_with_the_cure(unprivileged):
    place = Autostart({"XDG_CONFIG_HOME": str(unprivileged / "closed")})
    for action in (place.read, place.remove, lambda: place.write([PROGRAM])):
        with pytest.raises(CannotStartAtLogin, match=r"closed is a folder that you may not"):
            action()


@pytest.fixture
def unprivileged():
    """A folder that this process may read but not write to, even where root runs the tests; one in it is `closed`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "closed").mkdir(mode=0)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.setresuid(65534, 65534, 0)
        try:
            yield folder
        finally:
            if root:
                os.setresuid(0, 0, 0)
            folder.chmod(0o755)
            (folder / "closed").chmod(0o755)
