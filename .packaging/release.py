"""What has to be so before a release, in this order; each step is printed, and the first that fails ends it.

    python .packaging/release.py              all steps, from the environment of the tests
    python .packaging/release.py --dry-run    the same, whatever is uncommitted, not told in the changelog, or
                                              tagged already

Nothing is uploaded and no tag is set: .github/docs/packages.md says how that is done.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".packaging"))

from changelog import UNRELEASED, releases  # noqa: E402 - found only now
from manifests import version, write_manifests  # noqa: E402

NEVER_SHIPPED = re.compile(
    r"(^|/)(__pycache__|\.venv[^/]*|\.git|\.hypothesis|\.\w+_cache|build|dist)/|\.pyc$|\.sqlite3$"
)
IN_THE_WHEEL = (
    "tray_status/cli.py",
    "tray_status/catalogue/pages.csv",
    "tray_status/catalogue/dependencies.csv",
    "tray_status/web/templates/home.html",
    "tray_status/web/static/page.css",
    "tray_status/assets/icons/tray-status.png",
    "tray_status/assets/icons/tray-status.ico",
)
IN_THE_SDIST = (
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "pyproject.toml",
    "tray_status/cli.py",
    "tests/test_package.py",
    "assets/icons/tray-status.png",
    ".packaging/linux/install.py",
    ".github/CONTRIBUTING.md",
)


class Wrong(Exception):
    """A step that failed; the words say what, and what to do."""


def tree_is_clean() -> str:
    changed = _run("git", "status", "--porcelain").strip()
    if changed:
        raise Wrong(f"there are changes that are not committed:\n{changed}")
    return "nothing to commit"


def versions_agree() -> str:
    """The package, its metadata where it is installed, and what the program says."""
    here = version()
    said = _run(sys.executable, "-m", "tray_status", "--version").split()[-1]
    if said != here:
        raise Wrong(f"the program says {said}, tray_status/__init__.py says {here}")
    older = [each.version for each in releases() if each.version != UNRELEASED]
    if older and older != sorted(older, key=_parts, reverse=True):
        raise Wrong(f"the changelog's versions are not newest first: {', '.join(older)}")
    if older and _parts(older[0]) > _parts(here):
        raise Wrong(f"the changelog has {older[0]} already; set __version__ in tray_status/__init__.py")
    return here


def changelog_tells_it() -> str:
    newest = releases()[0]
    if newest.version != version() or not newest.day or not newest.text:
        raise Wrong(
            f"CHANGELOG.md must begin with `## {version()} (YEAR-MONTH-DAY)` and what is new, not “{newest.version}”"
        )
    return f"{newest.version}, {newest.day}, {len(newest.text.splitlines())} lines"


def tag_is_free() -> str:
    if f"v{version()}" in _run("git", "tag", "--list").split():
        raise Wrong(f"the tag v{version()} is taken; a version is released once")
    return f"v{version()}"


def build(dist: Path, *options: str) -> str:
    _run(sys.executable, "-m", "build", *options, "--outdir", str(dist), str(ROOT))
    names = sorted(each.name for each in dist.iterdir())
    wanted = [f"tray_status-{version()}-py3-none-any.whl", f"tray_status-{version()}.tar.gz"]
    if names != wanted:
        raise Wrong(f"built were {names}, not {wanted}")
    return ", ".join(names)


def twine_likes_them(dist: Path) -> str:
    files = sorted(dist.iterdir())
    told = _run(sys.executable, "-m", "twine", "check", "--strict", *map(str, files))
    if told.count("PASSED") != len(files):
        raise Wrong(f"twine says:\n{told}")
    return f"{len(files)} PASSED"


def contents_are_right(dist: Path) -> str:
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        in_wheel = wheel.namelist()
    with tarfile.open(next(dist.glob("*.tar.gz"))) as sdist:
        in_sdist = [each.name.partition("/")[2] for each in sdist.getmembers() if each.isfile()]
    for what, wanted, found in (("wheel", IN_THE_WHEEL, in_wheel), ("sdist", IN_THE_SDIST, in_sdist)):
        if missing := [each for each in wanted if each not in found]:
            raise Wrong(f"the {what} lacks {', '.join(missing)}")
        if unwanted := [each for each in found if NEVER_SHIPPED.search(each)]:
            raise Wrong(f"the {what} has {', '.join(unwanted[:5])}")
    tops = {each.partition("/")[0] for each in in_wheel}
    if tops != {"tray_status", f"tray_status-{version()}.dist-info"}:
        raise Wrong(f"the wheel puts {', '.join(sorted(tops))} beside other packages")
    return f"{len(in_wheel)} files in the wheel, {len(in_sdist)} in the sdist"


def installs_and_runs(dist: Path, folder: Path) -> str:
    """In a fresh environment, away from this folder, as `pipx` does it."""
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    _run(str(scripts / "python"), "-m", "pip", "install", "-q", str(next(dist.glob("*.whl"))), cwd=folder)
    program = str(scripts / "tray-status")
    home = {"TRAY_STATUS_HOME": str(folder / "home")}
    if (told := _run(program, "--version", cwd=folder, more=home).split()[-1]) != version():
        raise Wrong(f"installed, it says that it is {told}")
    told = _run(program, "--demo", "--console", "--once", cwd=folder, more=home)
    if "tracked on 4 pages" not in told:
        raise Wrong(f"installed, its demo prints:\n{told}")
    _run(str(scripts / "python"), "-m", "pip", "check", cwd=folder)
    return f"--version, --demo --console --once, pip check in {folder / 'venv'}"


def manifests_can_be_written(dist: Path, folder: Path) -> str:
    return ", ".join(each.name for each in write_manifests(dist, folder / "manifests"))


def _parts(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split("."))


def _run(*command: str, cwd: Path = ROOT, more: dict[str, str] | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": "", "NO_COLOR": "1", **(more or {})}
    environment.pop("FORCE_COLOR", None)
    done = subprocess.run(
        command, check=False, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", errors="replace"
    )
    if done.returncode != 0:
        raise Wrong(f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def steps(dist: Path, folder: Path, *, unfinished: bool) -> list[tuple[str, Callable[[], str]]]:
    """What to do, in words, and how."""
    finished: list[tuple[str, Callable[[], str]]] = [
        ("Nothing is left uncommitted", tree_is_clean),
        ("The changelog tells what is new", changelog_tells_it),
        ("The tag is free", tag_is_free),
    ]
    return [
        ("The version is the same everywhere", versions_agree),
        *([] if unfinished else finished),
        ("Wheel and sdist are built", lambda: build(dist)),
        ("twine check", lambda: twine_likes_them(dist)),
        ("They hold what they should, and nothing else", lambda: contents_are_right(dist)),
        ("A fresh environment can install and run it", lambda: installs_and_runs(dist, folder)),
        ("Manifests for Homebrew and Flatpak", lambda: manifests_can_be_written(dist, folder)),
    ]


def main() -> int:
    """0 where all is well, 1 at the first step that is not."""
    asked = argparse.ArgumentParser(description="What has to be so before a release.")
    asked.add_argument("--dry-run", action="store_true", help="for a version that is not finished")
    asked.add_argument(
        "--dist", type=Path, help="where to put wheel and sdist (default: a folder that is removed again)"
    )
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="tray-status-release-") as name:
        folder = Path(name)
        dist = options.dist.absolute() if options.dist else folder / "dist"
        if options.dist and dist.exists():
            shutil.rmtree(dist) if _holds_only_builds(dist) else asked.error(f"--dist: {dist} holds other things")
        for words, step in steps(dist, folder, unfinished=options.dry_run):
            print(f"{words} …", flush=True)
            try:
                print(f"    {step()}", flush=True)
            except (Wrong, OSError, ValueError) as wrong:
                print(f"    NO: {wrong}", file=sys.stderr)
                return 1
    print("All is well." + (" (a dry run)" if options.dry_run else f" Now tag v{version()}."))
    return 0


def _holds_only_builds(folder: Path) -> bool:
    return all(each.name.endswith((".whl", ".tar.gz")) for each in folder.iterdir())


if __name__ == "__main__":
    sys.exit(main())
