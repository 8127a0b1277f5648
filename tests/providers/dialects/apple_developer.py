"""Apple's system status for developers: what `apple.py` writes, as a call of a function."""

from __future__ import annotations

import json
from dataclasses import replace

from . import apple

PATH = f"{apple.DATA}/developer/system_status_en_US.js"


def write(incidents, components):
    return {PATH: b"jsonCallback(%s);" % json.dumps(apple.document(incidents, components)).encode()}


DIALECT = replace(
    apple.DIALECT,
    write=write,
    address="https://developer.apple.com/system-status",
    page_name="Apple Developer",
    vocabulary=frozenset(),  # the same words; what is no JSON is not bent by the contract
)
