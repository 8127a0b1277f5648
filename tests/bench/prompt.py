"""What a prompt costs: `tray-status prompt` beside `python -c pass`, and beside `status` from the same history.

    python -m tests.bench.prompt

starship gives each of its segments 500 ms by default, and warns beyond 30 ms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tray_status.prompt import FILE, written

from .tables import heading, ms, reach, row, told_before

RUNS = 40
BUDGET = 0.030


def taken(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=False, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    told_before("A prompt's segment")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(written("major", "OpenAI", 2, time.time() + 3600))
        environment = {**os.environ, "TRAY_STATUS_HOME": folder}
        ways = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "tray-status prompt": [str(Path(sys.executable).parent / "tray-status"), "prompt"],
            "python -m tray_status prompt": [sys.executable, "-m", "tray_status", "prompt"],
            "tray-status --version": [str(Path(sys.executable).parent / "tray-status"), "--version"],
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(RUNS):
            for name, command in ways.items():
                times[name].append(taken(command, environment))
    heading("", "median", "least")
    for name, found in times.items():
        row(name, ms(statistics.median(found)), ms(min(found)))
    bare, ours = (statistics.median(times[name]) for name in ("python -c pass", "tray-status prompt"))
    print()
    reach("beyond python -c pass, in ms", 1000 * (ours - bare), 1000 * BUDGET)
    print(f"  tray-status prompt ÷ python -c pass: {ours / bare:.1f}")


if __name__ == "__main__":
    main()
