"""Microsoft's posts for consumer services, in the shape that its page reads; nobody recorded one in trouble."""

from __future__ import annotations

from tray_status.core.model import Impact, Kind, State

from .dialect import Dialect, at

WORDS = {Impact.NONE: "Operational", Impact.MINOR: "Service degradation", Impact.CRITICAL: "Service degradation"}


def moment(value):
    return value.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def post(component, outage):
    impact = outage.impact if outage else component.impact
    written = outage.latest.at if outage else at(-60 * 24 * 300)
    return {
        "Id": f"972a3801-cef4-49eb-817a-{component.id:0>12}",
        "AuthoredDateTime": moment(written),
        "InternalDateTime": moment(at(0)),
        "LastUpdatedTime": moment(at(1)),
        "Title": "",
        "Message": f"<div>{outage.latest.text}</div>" if outage else "<div>This site is updated when …</div>",
        "Status": WORDS[impact],
        "ServiceDisplayName": component.name,
        "ServiceWorkloadName": component.id,
    }


def write(incidents, components):
    hit = {
        part.id: each
        for each in incidents
        if each.kind is Kind.INCIDENT and each.is_open
        for part in each.affected
    }  # fmt: skip
    return {"/api/posts/m365Consumer": [post(each, hit.get(each.id)) for each in components]}


DIALECT = Dialect(
    platform="microsoft-365",
    write=write,
    page_name="Microsoft 365",
    update_ids=False,
    every_update=False,
    keeps_resolved=False,
    impacts=(Impact.MINOR,),
    states=(State.INVESTIGATING,),
    incidents=False,
    maintenance=False,
    vocabulary=frozenset({"Operational", "Service degradation"}),
    # The whole row of the service that is not well: nothing else in the document names it.
    green_without=frozenset({(0,)}),
    most_requests=40,  # at its own address it takes one; elsewhere it is tried after all that many pages have
)
