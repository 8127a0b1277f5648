"""The invented history, as data: edit it freely. Seconds count from the start of the demo; negative ones are past.

Four vendors that do not exist: an outage that grows and ends, an update that is edited, a maintenance, and a page
that stops answering and returns.
"""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Step:
    """One update of an incident, and how bad things are from then on."""

    at: float
    state: str
    impact: str
    component_state: str
    text: str
    edited: tuple[float, str] | None = None
    """From this second on the update reads so."""


@dataclass(frozen=True, slots=True)
class Tale:
    """One incident or maintenance."""

    id: str
    name: str
    components: tuple[str, ...]
    steps: tuple[Step, ...]
    maintenance: tuple[float, float] | None = None
    """When it is planned from and until."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One page: its platform, its components by group, and what happens on it."""

    key: str
    name: str
    id: str
    platform: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    tales: tuple[Tale, ...]
    silent: tuple[float, float] | None = None
    """Between these seconds it does not answer."""


VENDORS = (
    Vendor(
        "nimbus",
        "Nimbus Cloud",
        "n1mbus0cl0ud",
        "statuspage",
        (("Compute", ("Virtual machines", "Containers")), ("Storage", ("Object storage", "Databases"))),
        (
            Tale(
                "n1mbold00001",
                "Slow listing of large buckets",
                ("Object storage",),
                (
                    Step(-9 * DAY, "investigating", "minor", "degraded_performance", "Large buckets list slowly."),
                    Step(-9 * DAY + 4000, "resolved", "minor", "operational", "A full index was rebuilt."),
                ),
            ),
            Tale(
                "n1mb0utage01",
                "Elevated error rates for databases",
                ("Databases", "Virtual machines"),
                (
                    Step(3, "investigating", "minor", "degraded_performance",
                         "Some database connections fail. We are looking into it."),
                    Step(9, "identified", "major", "partial_outage",
                         "A storage node is out of order and its neighbours are overloaded. About a third of all "
                         "databases cannot be reached."),
                    Step(16, "identified", "critical", "major_outage",
                         "The failure has spread to the whole region. Virtual machines with network disks stop too. "
                         "We are adding capacity and moving load away."),
                    Step(26, "identified", "critical", "major_outage",
                         "New nodes are in place; databases return one by one."),
                    Step(36, "monitoring", "critical", "degraded_performance",
                         "All databases answer again, some of them slowly."),
                    Step(48, "resolved", "critical", "operational",
                         "Everything works normally. A report will follow."),
                ),
            ),
        ),
    ),
    Vendor(
        "quillmind",
        "Quillmind",
        "01K9QW0000000000000000PAGE",
        "incident.io",
        (("API", ("Text API", "Batch API")), ("Apps", ("Assistant", "Login"))),
        (
            Tale(
                "01K9QW00000000000000000LD1",
                "Login by mail was delayed",
                ("Login",),
                (
                    Step(-4 * DAY, "investigating", "none", "degraded_performance", "Login links come late."),
                    Step(-4 * DAY + 1800, "resolved", "none", "operational", "Mails arrive at once again."),
                ),
            ),
            Tale(
                "01K9QW0000000000000000HERE",
                "Assistant answers slowly",
                ("Assistant", "Text API"),
                (
                    Step(-1500, "investigating", "minor", "degraded_performance",
                         "Answers take longer than usual for some people."),
                    Step(12, "identified", "minor", "degraded_performance",
                         "A change of last night slows down long conversations. We are rolling it back.",
                         edited=(20, "A change of last night slows down long conversations. It is rolled back in "
                                     "Europe; the other regions follow within the hour.")),
                    Step(31, "monitoring", "minor", "degraded_performance", "The change is rolled back everywhere."),
                    Step(42, "resolved", "minor", "operational", "Answers are as quick as ever."),
                ),
            ),
        ),
    ),
    Vendor(
        "parcelo",
        "Parcelo",
        "parce10page0",
        "statuspage",
        (("", ("Tracking", "Labels", "Webhooks")),),
        (
            Tale(
                "parce10maint",
                "Upgrade of the label printers' gateway",
                ("Labels",),
                (
                    Step(6, "scheduled", "maintenance", "operational",
                         "We will replace the gateway. Labels can be late by a few minutes."),
                    Step(22, "in_progress", "maintenance", "under_maintenance", "The work has begun."),
                    Step(45, "completed", "maintenance", "operational", "The new gateway is in place."),
                ),
                maintenance=(22, 45),
            ),
        ),
    ),
    Vendor(
        "tidemark",
        "Tidemark Pay",
        "t1demarkpay0",
        "statuspage",
        (("", ("Payments", "Payouts")),),
        (
            Tale(
                "t1demark0001",
                "Payouts to some banks were late",
                ("Payouts",),
                (
                    Step(-20 * DAY, "identified", "minor", "degraded_performance", "One partner bank answers late."),
                    Step(-20 * DAY + 9000, "resolved", "minor", "operational", "The bank has caught up."),
                ),
            ),
        ),
        silent=(18, 33),
    ),
)  # fmt: skip

DURATION = 55.0
"""After so many seconds everything is over and quiet."""
