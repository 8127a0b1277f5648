"""The server that the tray starts when somebody wants to look."""

from __future__ import annotations

import threading

from tray_status.web.on_demand import OnDemand


class Serving:
    def __init__(self, number):
        self.url = f"http://127.0.0.1:{number}/"
        self.used_at = 0.0
        self.open = True

    def close(self):
        self.open = False


def test_on_demand_one_server_is_started_used_and_ended_when_nobody_looks():
    clock, started = [100.0], []

    def start():
        started.append(Serving(len(started) + 1))
        return started[-1]

    page = OnDemand(start, unused_seconds=600, monotonic=lambda: clock[0])
    page.close_unused()
    threads = [threading.Thread(target=page.url) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.url for each in started] == [page.url()]
    clock[0] += 599
    page.close_unused()
    assert started[0].open
    started[0].used_at = clock[0]
    clock[0] += 599
    page.close_unused()
    assert started[0].open
    clock[0] += 2
    page.close_unused()
    assert not started[0].open
    assert page.url() == started[1].url
    page.close()
    assert not started[1].open
