"""Vendors' text made safe and plain, once, at the edge: no control characters, no markup, no surprises.

What comes out may be shown in a terminal, a menu or a notice; whoever shows it still escapes what its own
medium reads as markup.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import urlsplit

import nh3

NAME_LIMIT = 300
TEXT_LIMIT = 20_000

# Whole escape sequences go, not their first byte alone: "\x1b[31m" would leave "[31m" behind.
_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI
    r"|\x1b[ -/]*[0-~]?"  # the rest
)
_BLOCK = re.compile(r"</?(?:br|p|div|h[1-6]|ul|ol|tr|table|blockquote|pre|hr)\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|iframe|li|object|ol|p|pre|s|script|small"
    r"|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|time|tr|u|ul|var)\b[^<>]*>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\((?:mailto:)?([^()\s]{1,2000})(?:\s+\"[^\"\n]*\")?\)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n`]*$\n?", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_BLANKS = re.compile(r"[ \t\u00a0]+")
_GAPS = re.compile(r"\n{3,}")

# Zero-width joiner and variation selectors stay: emoji and some scripts need them. What turns or hides text goes.
_INVISIBLE = frozenset("\u200b\u200e\u200f\u2028\u2029\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u061c\u180e")


def _printable(text: str) -> str:
    """Without escapes, control, bidi and zero-width characters, lone surrogates and private ones."""
    if text.isascii() and text.isprintable():
        return text  # as nearly all is
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\u0085", "\n")
    kept = []
    for char in text:
        if char in "\n\t":
            kept.append(char)
        elif char in _INVISIBLE or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u206f":
            continue
        elif unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"):
            kept.append(char)
    return "".join(kept)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where there is one near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rfind(" ")
    if at_word > limit * 0.6:
        head = head[:at_word]
    return head.rstrip() + "…"


def clean_line(text: str, limit: int = NAME_LIMIT) -> str:
    """One printable line: names, titles, words."""
    # A 10-MB name is cut before it is looked at; markup and blanks make four times the limit ample.
    text = text[: limit * 4]
    return cut(" ".join(_without_markup(_printable(text)).split()), limit)


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Printable text of several lines: HTML and light Markdown become what a person would read aloud."""
    text = _without_markup(_printable(text[: limit * 4]))
    text = _FENCE.sub("", text)
    text = _LINK.sub(_spoken_link, text)
    text = _BOLD.sub(r"\2", text)
    text = _HEADING.sub("", text)
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return cut(_GAPS.sub("\n\n", "\n".join(lines)).strip(), limit)


def _without_markup(text: str) -> str:
    if _TAG.search(text):
        text = _BLOCK.sub("\n", text)
        text = _ITEM.sub("\n• ", text)
        text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style", "iframe", "svg", "object"})
    if "&" in text:
        text = _printable(html.unescape(text))
    return text


def _spoken_link(match: re.Match[str]) -> str:
    words, target = match[1].strip(), match[2]
    if target.rstrip("/").endswith(words.rstrip("/")):
        return words
    return f"{words} ({target})"


def safe_url(text: object, limit: int = 2000) -> str | None:
    """An http or https address without credentials that may be opened; None for anything else."""
    if not isinstance(text, str) or len(text) > limit or not text.isascii() or not text.isprintable():
        return None
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        return None
    if any(char in text.strip() for char in " \"'<>\\^`{|}"):
        return None
    return text.strip()
