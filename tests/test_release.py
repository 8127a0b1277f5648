"""What is released: wheel, sdist, what desktops and package managers are told, and the script that checks all of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.desktop.requirements import require
from tests.guides import ROOT
from tray_status import __version__

PACKAGING = ROOT / ".packaging"
sys.path[:0] = [str(PACKAGING), str(PACKAGING / "linux")]

import changelog  # noqa: E402
import install  # noqa: E402
import manifests  # noqa: E402
import release  # noqa: E402


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """Wheel and sdist, built from here without a network."""
    folder = tmp_path_factory.mktemp("built") / "dist"
    release.build(folder, "--no-isolation")
    return folder


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    install.install(folder)
    return folder


def test_wheel_and_sdist_hold_what_they_should_and_read_well_on_pypi(dist):
    assert re.fullmatch(r"\d+ files in the wheel, \d+ in the sdist", release.contents_are_right(dist))
    assert "PASSED" in release.twine_likes_them(dist)


def test_what_is_missing_from_a_wheel_or_does_not_belong_there_is_found(dist, monkeypatch):
    monkeypatch.setattr(release, "IN_THE_WHEEL", ("tray_status/gone.py",))
    with pytest.raises(release.Wrong, match=r"the wheel lacks tray_status/gone\.py"):
        release.contents_are_right(dist)
    monkeypatch.setattr(release, "IN_THE_WHEEL", ())
    monkeypatch.setattr(release, "NEVER_SHIPPED", re.compile(r"cli\.py$"))
    with pytest.raises(release.Wrong, match=r"has tray_status/cli\.py"):
        release.contents_are_right(dist)


def test_the_wheel_runs_in_an_environment_of_its_own(dist, tmp_path):
    """Only what it depends on is borrowed from the environment of the tests; the package itself is the wheel's."""
    venv.create(tmp_path / "venv", with_pip=False)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    where = [sys.executable, "-m", "pip", "--python", str(python)]
    wheel = next(dist.glob("*.whl"))
    subprocess.run([*where, "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.strip()
    # Behind its own packages, and not as a site of packages, whose `.pth` would lead back to this folder.
    Path(site, "zz_borrowed.pth").write_text(
        "\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    )
    told = subprocess.run(
        [python, "-c", "import tray_status.system.login.installation as i; print(i.PACKAGE, i.icon())"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
    ).stdout.split()
    assert all(each.startswith(str(tmp_path)) for each in told)
    for name in ("tray-status", "tray-status-tray"):
        run = subprocess.run([scripts / name, "--version"], cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert (run.returncode, run.stdout) == (0, f"tray-status {__version__}\n")
    demo = [scripts / "tray-status", "--demo", "--console", "--once"]
    run = subprocess.run(demo, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert (run.returncode, "tracked on 4 pages" in run.stdout) == (0, True)


def test_versions_agree():
    assert release.versions_agree() == __version__


def test_a_changelog_that_does_not_tell_the_version_stops_a_release(monkeypatch):
    sections = changelog.releases("# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.0.9 (2026-01-02)\n\n- Old.\n")
    assert [(each.version, each.day, each.text) for each in sections] == [
        ("Unreleased", None, "- New."),
        ("0.0.9", "2026-01-02", "- Old."),
    ]
    monkeypatch.setattr(release, "releases", lambda: sections)
    with pytest.raises(release.Wrong, match="not “Unreleased”"):
        release.changelog_tells_it()
    with pytest.raises(ValueError, match=r"“## 1\.2” is no release"):
        changelog.releases("## 1.2\n")


def test_the_script_prints_each_step_and_stops_at_the_first_that_fails(monkeypatch, capsys):
    def wrong():
        raise release.Wrong("the moon is full")

    planned = [("One", lambda: "well"), ("Two", wrong), ("Three", lambda: "never")]
    monkeypatch.setattr(release, "steps", lambda *_, unfinished: planned)
    monkeypatch.setattr(sys, "argv", ["release.py", "--dry-run"])
    assert release.main() == 1
    printed = capsys.readouterr()
    assert printed.out == "One …\n    well\nTwo …\n"
    assert printed.err == "    NO: the moon is full\n"


def test_desktops_are_told_what_their_validators_like(prefix):
    entry = prefix / "share" / "applications" / f"{install.APP_ID}.desktop"
    metainfo = prefix / "share" / "metainfo" / f"{install.APP_ID}.metainfo.xml"
    for command in (
        [require("desktop-file-validate", "desktop-file-utils"), str(entry)],
        [require("appstreamcli", "appstream"), "validate", "--no-net", str(metainfo)],
    ):
        run = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert run.returncode == 0, run.stdout + run.stderr


def test_metainfo_has_the_changelogs_releases(monkeypatch):
    dated = [changelog.Release("1.2.0", "2026-03-01", "- New."), changelog.Release("Unreleased", None, "")]
    monkeypatch.setattr(install, "releases", lambda: dated)
    (told,) = ElementTree.fromstring(install.metainfo()).iter("release")
    assert told.attrib == {"version": "1.2.0", "date": "2026-03-01"}


def test_there_is_an_icon_of_each_size_and_it_is_the_program_s_own(prefix):
    from PIL import Image

    for size in install.SIZES:
        path = prefix / "share" / "icons" / "hicolor" / f"{size}x{size}" / "apps" / f"{install.APP_ID}.png"
        with Image.open(path) as icon:
            assert (icon.size, icon.mode) == ((size, size), "RGBA")
    with (
        Image.open(ROOT / "assets/icons/tray-status.png") as ours,
        Image.open(prefix / f"share/icons/hicolor/256x256/apps/{install.APP_ID}.png") as theirs,
    ):
        assert ours.convert("RGBA").tobytes() == theirs.convert("RGBA").tobytes()


@pytest.fixture
def written(tmp_path):
    """All manifests, of artefacts that are not there yet."""
    (tmp_path / "dist").mkdir()
    for name in (f"tray_status-{__version__}.tar.gz", f"tray-status-{__version__}-windows-x64.zip"):
        (tmp_path / "dist" / name).write_bytes(b"made up")
    files = manifests.write_manifests(tmp_path / "dist", tmp_path / "out")
    return {each.relative_to(tmp_path / "out").as_posix(): each.read_text(encoding="utf-8") for each in files}


def test_nothing_is_left_to_fill_in(written):
    assert set(written) == {
        "tray-status.rb",
        "flatpak/io.github.tray_status.TrayStatus.yaml",
        "winget/TrayStatus.TrayStatus.yaml",
        "winget/TrayStatus.TrayStatus.installer.yaml",
        "winget/TrayStatus.TrayStatus.locale.en-US.yaml",
    }
    for text in written.values():
        assert not re.search(r"@[A-Z0-9_]+@", text)
        assert __version__ in text
        for digest in re.findall(r"(?i)sha256:? \"?([^\"\n]+)", text):
            assert re.fullmatch(r"[0-9a-f]{64}", digest)


def test_without_a_program_for_windows_there_is_no_manifest_for_it(tmp_path):
    (tmp_path / f"tray_status-{__version__}.tar.gz").write_bytes(b"")
    names = {each.name for each in manifests.write_manifests(tmp_path, tmp_path / "out")}
    assert names == {"tray-status.rb", "io.github.tray_status.TrayStatus.yaml"}


def test_the_formula_is_ruby(written):
    ruby = require("ruby", "ruby")
    run = subprocess.run([ruby, "-c", "-"], input=written["tray-status.rb"], capture_output=True, encoding="utf-8")
    assert (run.returncode, run.stdout) == (0, "Syntax OK\n"), run.stderr


WINGET = {
    "version": {"required": {"DefaultLocale"}, "allowed": {"DefaultLocale"}},
    "installer": {
        "required": {"Installers"},
        "allowed": {
            "Installers", "MinimumOSVersion", "InstallerType", "NestedInstallerType", "NestedInstallerFiles",
            "ArchiveBinariesDependOnPath", "Commands",
        },
    },
    "defaultLocale": {
        "required": {"PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"},
        "allowed": {
            "PackageLocale", "Publisher", "PackageName", "License", "ShortDescription", "PackageUrl", "Moniker", "Tags",
            "ReleaseNotesUrl",
        },
    },
}  # fmt: skip
"""Of https://aka.ms/winget-manifest.…1.6.0.schema.json, those keys that a manifest must have, and that ours use."""

COMMON = {"PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"}


def test_manifests_for_winget_have_known_keys(written):
    kinds = set()
    for name, text in written.items():
        if not name.startswith("winget/"):
            continue
        told = yaml.safe_load(text)
        known = WINGET[told["ManifestType"]]
        kinds.add(told["ManifestType"])
        assert COMMON | known["required"] <= set(told) <= COMMON | known["allowed"], name
        assert (told["PackageVersion"], told["ManifestVersion"]) == (__version__, "1.6.0")
        assert len(told.get("ShortDescription", "")) <= 256
        for each in told.get("Installers", ()):
            assert set(each) == {"Architecture", "InstallerUrl", "InstallerSha256"}
    assert kinds == set(WINGET)


def test_the_flatpak_manifest_names_what_is_there(written):
    told = yaml.safe_load(written["flatpak/io.github.tray_status.TrayStatus.yaml"])
    assert told["id"] == install.APP_ID
    assert {"runtime", "runtime-version", "sdk", "command", "finish-args", "modules"} <= set(told)
    assert told["command"] == "tray-status"
    commands = [
        command for module in told["modules"] if isinstance(module, dict) for command in module["build-commands"]
    ]
    for path in re.findall(r"\.packaging/[\w/.]+", " ".join(commands)):
        assert (ROOT / path).exists()
    assert "--filesystem=home" not in told["finish-args"], "it needs nothing of the home"


def test_scripts_of_this_folder_say_how_they_are_used():
    for name in ("manifests.py", "linux/install.py"):
        run = subprocess.run([sys.executable, PACKAGING / name], capture_output=True, encoding="utf-8")
        assert (run.returncode, run.stderr.startswith("Usage: python .packaging/")) == (1, True)
