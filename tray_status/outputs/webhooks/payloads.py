"""An event in the words of each kind of receiver. Pure. What a vendor wrote is escaped for each, and calls nobody.

Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, with blocks
(https://docs.slack.dev/reference/block-kit/blocks): a header has at most 150 characters, a text 3,000; `&`, `<` and
`>` are escaped, and no text is taken for markup where it is `plain_text`.
Discord: https://docs.discord.com/developers/resources/webhook, one embed: 256 characters of title, 4,096 of words.
Teams: a workflow "when a webhook request is received", which takes a message with adaptive cards
(https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams); 28 KB. Texts stand in TextRuns, where
nothing is markup (https://adaptivecards.io/explorer/TextRun.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ...core.events import Event, stamp, to_json
from ...core.model import Impact
from ...core.notice import Notice
from ...core.notice_words import notice
from ...core.text import cut, safe_url

_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_DISCORD_MARKUP = re.compile(r"([\\*_~`|>\[\]()#<@:-])")

_COLOURS = {
    Impact.NONE: 0x2DA44E,
    Impact.NOTICE: 0x2DA44E,
    Impact.MAINTENANCE: 0x0969DA,
    Impact.MINOR: 0xEAC54F,
    Impact.MAJOR: 0xE16F24,
    Impact.CRITICAL: 0xCF222E,
    Impact.UNKNOWN: 0x8C959F,
}
_MARKS = {
    Impact.NONE: "✅",
    Impact.NOTICE: "💬",
    Impact.MAINTENANCE: "🔧",
    Impact.MINOR: "🟡",
    Impact.MAJOR: "🟠",
    Impact.CRITICAL: "🔴",
    Impact.UNKNOWN: "❔",
}
_STYLES = {Impact.MINOR: "warning", Impact.MAJOR: "warning", Impact.CRITICAL: "attention"}


def as_line(event: Event) -> bytes:
    """The event as the contract's JSON, as `--json` prints it and hooks get it."""
    return json.dumps(to_json(event), ensure_ascii=False).encode()


def words_of(event: Event) -> Notice:
    """The event as a person reads it, the same words that a desktop notice has."""
    told = notice(event)
    if told is None:
        return Notice("", f"{event.page.name}: {event.kind.value}", "", Impact.UNKNOWN, event.page.url)
    return told


def title_of(told: Notice) -> str:
    """Shape and colour both say how bad it is."""
    return f"{_MARKS[Impact.NONE if told.over else told.impact]} {told.title}"


def slack(event: Event) -> dict[str, Any]:
    told = words_of(event)
    title = title_of(told)
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(title, 150)}]
    if told.body:
        blocks.append({"type": "section", "text": _plain(told.body, 3000)})
    foot = f"<!date^{int(event.at.timestamp())}^{{date_short_pretty}} {{time}}|{stamp(event.at)}>"
    if url := safe_url(told.url):
        foot += f" · <{url.translate(_SLACK)}|{_slack_text(event.page.name, 100)}>"
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": foot, "verbatim": True}]})
    return {"text": _slack_text(title, 500), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _slack_text(text, limit), "emoji": False}


def _slack_text(text: str, limit: int) -> str:
    return _fitted(text, limit, lambda shown: shown.translate(_SLACK))


def discord(event: Event) -> dict[str, Any]:
    told = words_of(event)
    embed: dict[str, Any] = {
        "title": _fitted(title_of(told), 256, _discord_text),
        "description": _fitted(told.body, 4000, _discord_text),
        "color": _COLOURS[Impact.NONE if told.over else told.impact],
        "timestamp": stamp(event.at),
    }
    if url := safe_url(told.url):
        embed["url"] = url
    return {"username": "Tray Status", "embeds": [embed], "allowed_mentions": {"parse": []}}


def _discord_text(text: str) -> str:
    return _DISCORD_MARKUP.sub(r"\\\1", text)


def _fitted(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """Escaped, and no longer than that: what is escaped takes more room than it did."""
    shown = cut(text, limit)
    while len(escaped := escape(shown)) > limit:
        shown = cut(shown, len(shown) - 1 - (len(escaped) - limit) // 5)
    return escaped


def teams(event: Event) -> dict[str, Any]:
    told = words_of(event)
    lines = [line for line in cut(told.body, 4000).split("\n") if line]
    body = [_runs(title_of(told), size="medium", weight="bolder"), *(_runs(line) for line in lines)]
    body.append(_runs(f"{stamp(event.at)}", isSubtle=True, size="small"))
    style = "good" if told.over else _STYLES.get(told.impact, "default")
    card: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": [{"type": "Container", "style": style, "items": body}],
    }
    if url := safe_url(told.url):
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open status page", "url": url}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _runs(text: str, **look: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}


PAYLOADS: dict[str, Callable[[Event], dict[str, Any]]] = {"slack": slack, "discord": discord, "teams": teams}
