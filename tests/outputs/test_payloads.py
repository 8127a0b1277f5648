"""What webhooks send: the words of each kind of receiver, from which nothing that a vendor wrote breaks out."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specimens import TIMEOUT, event, incident, update
from tray_status.core.events import ComponentChange, EventKind, from_json
from tray_status.core.exchange import Answer, Problem
from tray_status.core.model import Impact, Reading, State
from tray_status.core.targets import Fate
from tray_status.outputs.webhooks import signing
from tray_status.outputs.webhooks.payloads import PAYLOADS, as_line, discord, slack, teams
from tray_status.outputs.webhooks.webhook import reply_of

HOSTILE = "<!channel> <@U1> <https://evil.example|here> & *b* _i_ @everyone [x](https://evil.example) `c` ||s||"
BAD = event(subject=incident(update(1, text=HOSTILE), name=HOSTILE, url="javascript:alert(1)"))


def texts(found):
    """Every text in a payload."""
    if isinstance(found, dict):
        return [text for each in found.values() for text in texts(each)]
    if isinstance(found, list):
        return [text for each in found for text in texts(each)]
    return [found] if isinstance(found, str) else []


def test_slack_sees_neither_mentions_nor_links_but_ours():
    told = slack(BAD)
    ours = told["blocks"][-1]["elements"][0]["text"]
    assert re.fullmatch(r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|[\dTZ:-]+>", ours), "no link that is none"
    rest = [each for each in texts(told) if each != ours]
    assert not any(sign in each for each in rest for sign in "<>")
    assert "&lt;!channel&gt;" in told["blocks"][1]["text"]["text"]
    assert {each["text"]["type"] for each in told["blocks"][:-1]} == {"plain_text"}


def test_slack_links_to_the_incident():
    assert slack(event(subject=incident(update(1))))["blocks"][-1]["elements"][0]["text"].endswith(
        " · <https://status.acme.example/incidents/i1|Acme>"
    )


def test_discord_pings_nobody_and_reads_no_markup():
    told = discord(BAD)
    assert told["allowed_mentions"] == {"parse": []}
    (embed,) = told["embeds"]
    assert "url" not in embed
    for text in (embed["title"], embed["description"]):
        assert not re.search(r"(?<!\\)[*_`|\[\]<>@]", text)


def test_teams_gets_texts_where_nothing_is_markup():
    (attachment,) = teams(BAD)["attachments"]
    card = attachment["content"]
    assert "actions" not in card
    (container,) = card["body"]
    runs = [run for block in container["items"] for run in block["inlines"]]
    assert {block["type"] for block in container["items"]} == {"RichTextBlock"}
    assert {run["type"] for run in runs} == {"TextRun"}
    assert any("<!channel>" in run["text"] for run in runs)


def test_what_is_over_looks_so_everywhere():
    over = event(EventKind.RESOLVED, incident(update(1, State.RESOLVED), impact=Impact.CRITICAL))
    assert slack(over)["text"].startswith("✅")
    assert discord(over)["embeds"][0]["color"] == 0x2DA44E
    assert teams(over)["attachments"][0]["content"]["body"][0]["style"] == "good"


@given(st.text(max_size=6000), st.text(min_size=1, max_size=600), st.sampled_from(sorted(PAYLOADS)))
def test_no_text_is_longer_than_the_receiver_takes(words, name, kind):
    told = PAYLOADS[kind](event(subject=incident(update(1, text=words), name=name)))
    assert len(json.dumps(told).encode()) < 28 * 1024
    if kind == "slack":
        assert len(told["blocks"][0]["text"]["text"]) <= 150
        assert all(1 <= len(each["text"]["text"]) <= 3000 for each in told["blocks"][:-1])
    if kind == "discord":
        assert len(told["embeds"][0]["title"]) <= 256
        assert len(told["embeds"][0]["description"]) <= 4096


@pytest.mark.parametrize("kind", sorted(PAYLOADS))
@pytest.mark.parametrize(
    "told",
    [
        event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT),
        event(EventKind.PAGE_READABLE, problem=TIMEOUT),
        event(EventKind.COMPONENT_CHANGED, component=ComponentChange("c", "API", Impact.NONE, Impact.MAJOR)),
    ],
)
def test_each_kind_of_event_has_words(kind, told):
    assert any("Acme" in text for text in texts(PAYLOADS[kind](told)))


def test_the_plain_format_is_the_contracts_own_line():
    told = event(subject=incident(update(1))).numbered(17)
    line = as_line(told)
    assert b"\n" not in line
    assert from_json(json.loads(line)).seq == 17


def test_signatures_are_those_of_standard_webhooks():
    """The example that the specification's own libraries are tested with."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    told = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, timezone.utc), body, secret
    )
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert told["webhook-timestamp"] == "1614265330"
    assert told["webhook-id"] == told["Idempotency-Key"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_any_other_secret_is_taken_as_it_is():
    known = base64.b64encode(b"hello").decode()
    assert signing.signature("k", "1", b"{}", "hello") == signing.signature("k", "1", b"{}", f"whsec_{known}")
    assert "webhook-signature" not in signing.headers("k", datetime.now(timezone.utc), b"{}", None)


@pytest.mark.parametrize(
    ("answer", "fate", "words"),
    [
        (Answer("", 204), Fate.TAKEN, "hooks.example answers with HTTP 204"),
        (Answer("", 404, b"no_service", "text/plain"), Fate.REFUSED, "hooks.example answers with HTTP 404 (no_service)"),
        (Answer("", 404, b"no T0SECRET here", "text/plain"), Fate.REFUSED, "hooks.example answers with HTTP 404"),
        (Answer("", 500, b"<h1>Oh</h1>", "text/html"), Fate.LATER, "hooks.example answers with HTTP 500"),
        (
            Answer("", 302),
            Fate.REFUSED,
            "hooks.example answers with HTTP 302: it sends us elsewhere; name the address that it leads to",
        ),
        (Problem(Reading.UNREACHABLE, "hooks.example refused the connection"), Fate.LATER, "hooks.example refused the connection"),
    ],
)  # fmt: skip
def test_what_came_back_in_words_without_the_address(answer, fate, words):
    reply = reply_of(answer, "https://hooks.example/services/T0SECRET?token=abcdefgh")
    assert (reply.fate, reply.words) == (fate, words)
