"""A session bus of a test's own: nothing on it but what the test puts there."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .requirements import require

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={sockets}</listen>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class PrivateBus:
    """A running bus; a test may end its process."""

    address: str
    process: subprocess.Popen[str]


@contextmanager
def private_bus(folder: Path, *, starts_services: bool = False) -> Iterator[PrivateBus]:
    """A fresh bus. Unless `starts_services`, nothing that is installed here is started because somebody asks for it:
    a test without a notification daemon would otherwise get one.
    """
    daemon = require("dbus-daemon", "dbus-daemon")
    services = "<standard_session_servicedirs/>" if starts_services else ""
    configuration = folder / "bus.conf"
    # The socket is not in `folder`: its path must be short.
    configuration.write_text(CONFIGURATION.format(sockets=tempfile.gettempdir(), services=services))
    process = subprocess.Popen(
        [daemon, f"--config-file={configuration}", "--print-address", "--nofork"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "the bus did not start"
        yield PrivateBus(address, process)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
