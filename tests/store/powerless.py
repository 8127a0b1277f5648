"""For programs that tests run: root, who may write anywhere, becomes one for whom permissions count."""

from __future__ import annotations

import os
import sys

import pytest

POWERLESS = """
import ctypes, os
if os.geteuid() == 0:
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    for number in (0, 1):  # effective and permitted: neither CAP_DAC_OVERRIDE nor CAP_DAC_READ_SEARCH
        sets[number] &= ~0b110
    assert libc.capset(header, sets) == 0
"""
"""To be put before the rest of a script."""

permissions_count = pytest.mark.skipif(
    sys.platform == "win32" or (sys.platform != "linux" and os.geteuid() == 0),
    reason="permission bits mean little on Windows, and to root",
)
