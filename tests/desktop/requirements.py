"""Programs of the system that some tests need."""

from __future__ import annotations

import os
import shutil

import pytest


def require(program: str, package: str) -> str:
    """The path of a program. Without it the test is skipped, and fails under `CI=true`; both name the cure."""
    path = shutil.which(program)
    if path is not None:
        return path
    words = f"{program} is missing: sudo apt-get install --no-install-recommends {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)
