"""For all tests: Hypothesis without wall-clock judgements, and a home of its own for whatever is run."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


def pytest_terminal_summary(terminalreporter):
    """What each fault of a host led to, and each kill of the program, as the tests of it found."""
    found = [pair for report in terminalreporter.stats.get("passed", ()) for pair in report.user_properties]
    if faults := sorted(value for key, value in found if key == "fault"):
        terminalreporter.section("fault × (state shown, message, recovered)")
        for name, state, message, recovered in faults:
            terminalreporter.write_line(f"{name:<38} {state:<19} {recovered:<9} {message}")
    if kills := [value for key, value in found if key == "kills"]:
        killed, shown, repeated = (sum(column) for column in zip(*kills, strict=True))
        terminalreporter.section("SIGKILL")
        terminalreporter.write_line(f"{killed} kills, {shown} notices shown, none missing, {repeated} repeated once")
    if sent := [value for key, value in found if key == "sent"]:
        killed, got, taken, repeated = (sum(column) for column in zip(*sent, strict=True))
        terminalreporter.section("SIGKILL, webhooks")
        terminalreporter.write_line(
            f"{killed} kills, {got} requests, {taken} taken, none missing, {repeated} repeated once"
        )
    for polls, requests, kilobytes, at_once in (value for key, value in found if key == "year"):
        terminalreporter.section("a simulated year of 100 pages, each polled every 6 hours")
        terminalreporter.write_line(
            f"{polls} polls, {requests} requests ({requests / polls:.2f} a poll), {kilobytes} kB of bodies,"
            f" at most {at_once} pages at one time after the first round"
        )


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """No test reads the settings or the history of whoever runs it, nor their proxies."""
    monkeypatch.setenv("TRAY_STATUS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("POLL_INTERVAL_SECONDS", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
