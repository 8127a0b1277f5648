"""Builds the one-folder program with PyInstaller, and tries it: version, demo, web page, catalogue.

    python .packaging/bundle.py [FOLDER]      FOLDER gets `tray-status/`; build/bundle by default

It needs `pip install pyinstaller` in the environment that Tray Status is installed in.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEC = ROOT / ".packaging" / "tray-status.spec"
PATIENCE = 120


def build(folder: Path) -> Path:
    """Build it; the program's path."""
    work = folder / "work"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += ["--distpath", str(folder), "--workpath", str(work), str(SPEC)]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder / "tray-status" / ("tray-status.exe" if os.name == "nt" else "tray-status")


def try_out(program: Path) -> None:
    """Run it as a person would who has no Python; raises where it is not what it should be."""
    with tempfile.TemporaryDirectory() as home:
        told = _output(program, home, "--version")
        _expect(told.startswith("tray-status "), "--version", told)
        told = _output(program, home, "--demo", "--console", "--once")
        _expect("tracked on 4 pages" in told, "--demo --console --once", told)
        told = _output(program, home, "search", "openai")
        _expect("OpenAI" in told, "search openai", told)
        told = _output(program, home, "bar", "waybar")
        _expect('"? not running"' in told, "bar waybar", told)
        _try_web(program, home)


def _output(program: Path, home: str, *options: str) -> str:
    run = subprocess.run(
        [program, *options],
        check=False,
        env=_environment(home),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        cwd=home,
    )
    _expect(run.returncode == 0, " ".join(options), run.stdout + run.stderr)
    return run.stdout


def _try_web(program: Path, home: str) -> None:
    """The status page, which needs Django's templates and our own."""
    with subprocess.Popen(
        [program, "--demo", "--serve", "--port", "0"],
        env=_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=home,
    ) as serving:
        assert serving.stdout is not None
        try:
            said = ""
            for line in serving.stdout:
                said += line
                if "http://127.0.0.1:" in line:
                    break
            _expect("http://127.0.0.1:" in said, "--demo --serve", said)
            address = "http://127.0.0.1:" + said.rpartition("http://127.0.0.1:")[2].split("/")[0].split()[0] + "/"
            with urllib.request.urlopen(address, timeout=30) as answer:
                page = answer.read().decode()
            _expect("Tray Status" in page, address, page)
        finally:
            serving.terminate()
            serving.stdout.close()


def _environment(home: str) -> dict[str, str]:
    return {**os.environ, "TRAY_STATUS_HOME": home, "PYTHONPATH": "", "PYTHONUNBUFFERED": "1"}


def _expect(true: bool, what: str, told: str) -> None:
    if not true:
        sys.exit(f"The bundle is wrong at `{what}`:\n{told}")


if __name__ == "__main__":
    built = build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "bundle"))
    try_out(built)
    print(f"{built}: built, and well")
