"""Reading a page, and hearing what happens, from another program."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tray_status
from tests.loopback import StatusHost, incident, statuspage, update
from tray_status import PageView, TrayStatusError, read_page, watch

from .running import ROOT


@pytest.fixture
def host():
    with StatusHost(statuspage(incident("now", update("u1"), impact="major")), etags=True) as serving:
        yield serving


def test_a_page_is_read_once(host):
    view = read_page(host.url)
    assert isinstance(view, PageView)
    assert (view.impact.value, [each.name for each in view.open_incidents]) == ("major", ["Elevated errors"])


def test_what_cannot_be_read_or_is_unknown_is_told():
    with pytest.raises(TrayStatusError, match=r"cannot be read: .*refused"):
        read_page("http://127.0.0.1:9")
    with pytest.raises(TrayStatusError, match="neither a known page nor an address"):
        read_page("no such name at all")
    with pytest.raises(TrayStatusError, match="1 second or more"):
        watch(["openai"], 0)
    with pytest.raises(TrayStatusError, match="neither a known page"):
        watch(["no such name at all"])


def test_events_come_as_they_happen_until_it_is_closed(host):
    events = watch([host.url], 1.0)
    first = next(events)
    assert (first.kind.value, first.first, first.incident.name) == ("opened", True, "Elevated errors")
    host.documents.update(
        statuspage(
            incident("now", update("u1"), update("u2", "resolved", "Over."), status="resolved", impact="major")
        )
    )
    second = next(events)
    assert (second.kind.value, second.update.text) == ("resolved", "Over.")
    events.close()
    with pytest.raises(StopIteration):
        next(events)


def test_what_is_public_is_small_typed_and_loaded_when_it_is_asked_for():
    assert set(tray_status.__all__) == {"Event", "PageView", "TrayStatusError", "__version__", "read_page", "watch"}
    assert all(getattr(tray_status, name) for name in tray_status.__all__)
    assert (ROOT / "tray_status" / "py.typed").exists()
    with pytest.raises(AttributeError, match="qqq"):
        tray_status.qqq  # noqa: B018
    light = "import sys, tray_status; print([each for each in sys.modules if each.startswith(('tray_status.', 'requests'))])"
    done = subprocess.run([sys.executable, "-c", light], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "[]\n"
