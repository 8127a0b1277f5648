"""Gatus 5, as its server's source answers: results of checks, and nobody who writes."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, at

HTML = b"""<!DOCTYPE html><html lang="en" class="dark"><head><script type="text/javascript">
window.config = {logo: "", header: "Acme", link: "", buttons: [], maximumNumberOfResults: "100"};</script>
<title>Acme</title></head><body><div id="app"></div></body></html>"""
KEYS = {"c1": "core_api", "c2": "core_web"}


def result(good, minute):
    """One check as it is listed; where it failed, with the conditions that did not hold."""
    row = {"status": 200 if good else 503, "hostname": "acme.example", "duration": 52_000_000}
    if not good:
        row["errors"] = ["context deadline exceeded"]
    row["conditionResults"] = [{"condition": "[STATUS] == 200" if good else "[STATUS] (503) == 200", "success": good}]
    return {**row, "success": good, "timestamp": at(minute).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")}


def write(incidents, components):
    hit = {
        each.id for outage in incidents if outage.kind is Kind.INCIDENT and outage.is_open for each in outage.affected
    }
    now = 50 + sum(len(each.updates) for each in incidents)  # there is a new result whenever somebody looks
    statuses = []
    for each in components:
        good = each.id not in hit and each.impact is Impact.NONE
        results = [result(True, 40), result(good, now - 1), result(good, now)]
        statuses.append({"name": each.name, "group": "core", "key": KEYS[each.id], "results": results})
    return {
        "": HTML,
        "/api/v1/endpoints/statuses": statuses,
        "/api/v1/suites/statuses": [],
        "/api/v1/config": {"oidc": False, "authenticated": True, "announcements": []},
    }


DIALECT = Dialect(
    platform="gatus",
    write=write,
    page_name=None,
    words=False,
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    impacts=(Impact.CRITICAL,),
    states=(State.INVESTIGATING,),
    incidents=False,
    maintenance=False,
    # How an endpoint is, is told by a flag and by no word; without its row it is not listed at all.
    green_without=frozenset({0}),
)
