"""`check` as a monitoring system runs it."""

from __future__ import annotations

from tests.loopback import StatusHost, incident, statuspage, update

from .running import finished


def test_the_code_is_the_plugins_and_so_is_the_line():
    with StatusHost(statuspage(incident("inc1", update("u1"), impact="major"))) as host:
        run = finished("check", host.url)
        assert run.code == 2
        assert run.out.startswith("STATUS CRITICAL - 1 page, 1 open incident, Acme: Major trouble | pages=1;;;0")
        host.documents = statuspage(incident("inc1", update("u1"), update("u2", "resolved")))
        assert finished("check", "--page", host.url).code == 0
    run = finished("check", "http://127.0.0.1:9")
    assert (run.code, run.out.startswith("STATUS UNKNOWN - 1 page")) == (3, True)


def test_what_cannot_be_looked_at_is_unknown_and_no_failure_of_the_vendor(tmp_path):
    run = finished("check", "no such vendor")
    assert (run.code, run.out.startswith("STATUS UNKNOWN - --page: “no such vendor” is neither")) == (3, True)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("poll_interval_seconds = 0\n")
    assert finished("check").code == 3
