"""For all tests: Hypothesis without wall-clock judgements, and a home of its own for whatever is run."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


def pytest_terminal_summary(terminalreporter):
    """What each fault of a host led to, as the tests of it found."""
    rows = sorted(
        value
        for report in terminalreporter.stats.get("passed", ())
        for key, value in report.user_properties
        if key == "fault"
    )
    if rows:
        terminalreporter.section("fault × (state shown, message, recovered)")
        for name, state, message, recovered in rows:
            terminalreporter.write_line(f"{name:<38} {state:<19} {recovered:<9} {message}")


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """No test reads the settings or the history of whoever runs it, nor their proxies."""
    monkeypatch.setenv("TRAY_STATUS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("POLL_INTERVAL_SECONDS", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
