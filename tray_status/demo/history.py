"""The demo's invented history, as data: to change the story, edit `VENDORS`.

Seconds count from the start of the demo; negative ones are past. Four vendors that do not exist: an outage that grows
and ends, an update that is edited, a maintenance, and a page that stops answering and returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DURATION = 70.0
"""From this second on everything works and nothing more happens."""

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """One update, and how bad things are from then on."""

    at: float
    state: str
    impact: str
    component_state: str
    text: str
    edited: tuple[float, str] | None = None
    """From this second on it reads so, under the same id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident, or, where it is planned (from, until), a maintenance."""

    name: str
    components: tuple[str, ...]
    steps: tuple[Step, ...]
    planned: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Vendor:
    """One page; components by group, entries oldest first."""

    key: str
    name: str
    platform: str
    groups: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]
    silent: tuple[float, float] = (0, 0)
    """From the first to the second it does not answer."""


OK, SLOW, PARTLY, DOWN, WORK = (
    "operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance",
)  # fmt: skip

VENDORS = (
    Vendor("nimbus", "Nimbus Cloud", "statuspage",
        {"Compute": ("Virtual machines", "Containers"), "Storage": ("Object storage", "Databases")},
        (
            Entry("Slow listing of large buckets", ("Object storage",), (
                Step(-9 * DAY, "investigating", "minor", SLOW, "Buckets with many objects list slowly."),
                Step(-9 * DAY + 4000, "resolved", "minor", OK, "An index was rebuilt; lists are fast again."),
            )),
            Entry("Elevated error rates for databases", ("Databases", "Virtual machines"), (
                Step(2, "investigating", "minor", SLOW, "Some connections to databases fail. We look into it."),
                Step(9, "identified", "major", PARTLY,
                     "A storage node is out of order and its neighbours are overloaded. "
                     "About a third of all databases cannot be reached."),
                Step(17, "identified", "critical", DOWN,
                     "The failure has spread to the whole region. Virtual machines with network disks stop too."),
                Step(31, "identified", "critical", DOWN, "We are adding capacity and moving load to other regions."),
                Step(39, "identified", "major", PARTLY, "New nodes are in place; databases return one by one."),
                Step(50, "monitoring", "minor", SLOW, "All databases answer again, some of them slowly."),
                Step(66, "resolved", "minor", OK, "Everything works normally. A report will follow."),
            )),
        )),
    Vendor("quillmind", "Quillmind", "incident.io",
        {"API": ("Text API", "Batch API"), "Apps": ("Assistant", "Login")},
        (
            Entry("Batch jobs waited longer than usual", ("Batch API",), (
                Step(-12 * DAY, "investigating", "minor", SLOW, "New jobs start late."),
                Step(-12 * DAY + 7200, "resolved", "minor", OK, "The queue is empty; jobs start at once."),
            )),
            Entry("Login links arrived late", ("Login",), (
                Step(-4 * DAY, "identified", "none", SLOW, "A mail provider holds our messages back."),
                Step(-4 * DAY + 1800, "resolved", "none", OK, "Messages go out through another provider."),
            )),
            Entry("Assistant answers slowly", ("Assistant", "Text API"), (
                Step(-1500, "investigating", "minor", SLOW, "Answers take longer than usual for some people."),
                Step(13, "identified", "minor", SLOW,
                     "A change of last night slows down long conversations. We are rolling it back.",
                     edited=(23, "A change of last night slows down long conversations. It is rolled back in Europe; "
                                 "the other regions follow within the hour.")),
                Step(35, "monitoring", "minor", SLOW, "The change is rolled back everywhere."),
                Step(55, "resolved", "minor", OK, "Answers are as quick as ever."),
            )),
        )),
    Vendor("parcelo", "Parcelo", "statuspage",
        {"": ("Tracking", "Labels", "Webhooks")},
        (
            Entry("Webhooks arrived twice", ("Webhooks",), (
                Step(-6 * DAY, "investigating", "minor", SLOW, "Some webhooks are sent more than once."),
                Step(-6 * DAY + 2400, "resolved", "minor", OK, "Each webhook is sent once again."),
            )),
            Entry("Upgrade of the label printers' gateway", ("Labels",), (
                Step(5, "scheduled", "maintenance", OK, "We will replace the gateway. Labels may be late."),
                Step(20, "in_progress", "maintenance", WORK, "The work has begun."),
                Step(45, "verifying", "maintenance", WORK, "The new gateway runs; we are testing it."),
                Step(60, "completed", "maintenance", OK, "The new gateway is in use."),
            ), planned=(20, 65)),
        )),
    Vendor("tidemark", "Tidemark Pay", "statuspage",
        {"": ("Payments", "Payouts")},
        (
            Entry("Payouts to some banks were late", ("Payouts",), (
                Step(-20 * DAY, "identified", "minor", SLOW, "One partner bank answers late."),
                Step(-20 * DAY + 9000, "resolved", "minor", OK, "The bank has caught up."),
            )),
        ),
        silent=(26, 40)),
)  # fmt: skip
