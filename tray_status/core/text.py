"""Vendors' text made safe and plain, once, at the edge: no control characters, no markup, no surprises.

What comes out may be shown in a terminal, a menu or a notice; whoever shows it still escapes what its own
medium reads as markup.

Whatever is sent, the cost grows with its length and no faster: no pattern here looks at a character more often than a
few times, for none has a repetition that ends where it may begin again. What a text costs bounds what a document
costs, for the fetcher bounds its length.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Container
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
    r"</?(?=[a-z])(?:a|abbr|b|big|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|iframe|li|object|ol|p|pre|s|script|small"
    r"|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|time|tr|u|ul|var)\b[^<>]*>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\((?:mailto:)?([^()\s]{1,2000})(?:\s{1,20}\"[^\"\n]{0,500}\")?\)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n`]*$\n?", re.MULTILINE)
_BOLD = re.compile(r"\*\*|__")
_BOLD_LIMIT = 2000
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_BLANKS = re.compile(r"[ \t\u00a0]+")
_GAPS = re.compile(r"\n{3,}")

_HUGE_NUMBER = re.compile(r"&#(?:[0-9]{8,}|x[0-9a-f]{7,});?", re.IGNORECASE)
"""No character has so high a number, and Python refuses to read the longest."""

TAGS_LIMIT = 300
_LONG_TAG = re.compile(r"<[^<>]{2000}")
"""With more tags, or one so long, no person wrote it: to read it as HTML costs time with the square of them."""

MARKS_IN_A_ROW = 8
"""Accents, vowel signs, joiners and selectors on one character; no script has more."""

_JOINERS = "\u200c\u200d"
# Signs before numbers in Arabic, Syriac and Kaithi; emoji and some scripts need the joiners. What else has no form of
# its own turns text, hides in it or makes it look empty.
_SEEN_FORMATS = frozenset(
    f"{_JOINERS}\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0")


def _printable(text: str) -> str:
    """Without escapes, control, bidi and invisible characters, surrogates, private ones, and heaps of accents."""
    if text.isascii() and text.isprintable():
        return text  # as nearly all is
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\u0085", "\n")
    kinds = {char: unicodedata.category(char) for char in set(text)}
    if unseen := [char for char, kind in kinds.items() if not _is_seen(char, kind)]:
        text = text.translate(dict.fromkeys(map(ord, unseen)))
    marks = {char for char, kind in kinds.items() if kind[0] == "M" or char in _JOINERS}
    return _without_heaps(text, marks) if marks else text


def _is_seen(char: str, kind: str) -> bool:
    if kind == "Cf":
        return char in _SEEN_FORMATS
    if kind == "Cn":
        return "\U0001f000" <= char <= "\U0001faff"  # emoji that are newer than this Python
    return char in "\n\t" or (kind not in ("Cc", "Cs", "Co") and char not in _BLANK_LETTERS)


def _without_heaps(text: str, marks: Container[str]) -> str:
    kept, in_a_row = [], 0
    for char in text:
        in_a_row = in_a_row + 1 if char in marks else 0
        if in_a_row <= MARKS_IN_A_ROW:
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


_PLAIN = re.compile(r"(?!#)(?:[!-%'-)+-;=?-Z\]^a-z{|}]| (?! ))*")
"""One line of ASCII with nothing in it that could be markup, and no two blanks side by side."""


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Printable text of several lines: HTML and light Markdown become what a person would read aloud."""
    if len(text) <= limit and _PLAIN.fullmatch(text):
        return text.strip()  # as most is
    text = _without_markup(_printable(text[: limit * 4]))
    text = _FENCE.sub("", text)
    text = _LINK.sub(_spoken_link, text)
    text = _without_bold(text)
    text = _HEADING.sub("", text)
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return cut(_GAPS.sub("\n\n", "\n".join(lines)).strip(), limit)


def _without_markup(text: str) -> str:
    if _TAG.search(text):
        text = _BLOCK.sub("\n", text)
        text = _ITEM.sub("\n• ", text)
        if text.count("<") <= TAGS_LIMIT and not _LONG_TAG.search(text):
            text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style", "iframe", "svg", "object"})
        else:
            text = _ANY_TAG.sub("", text)
    if "&" in text:
        text = _printable(html.unescape(_HUGE_NUMBER.sub("\ufffd", text)))
    return text


def _without_bold(text: str) -> str:
    """`**words**` and `__words__` without their marks, each of which belongs to the nearest that it can."""
    begun: dict[str, int] = {}
    marks = []
    for found in _BOLD.finditer(text):
        mark, start, end = found[0], found.start(), found.end()
        begin = begun.get(mark)
        if begin is not None and start - begin > _BOLD_LIMIT:
            begin = None
        if begin is not None and start > begin + len(mark) and not text[start - 1].isspace():
            marks += [begin, start]
            del begun[mark]
        elif begin is None and not text[end : end + 1].isspace():
            begun[mark] = start
    if not marks:
        return text
    marks.sort()
    return text[: marks[0]] + "".join(
        text[start + 2 : end] for start, end in zip(marks, (*marks[1:], len(text)), strict=True)
    )


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


_SENTENCE_END = re.compile(r"[。！？]|[.!?…](?=\s|$)")


def cut_sentence(text: str, limit: int) -> str:
    """At most `limit` characters, cut at the end of a sentence where one ends late enough, else at a word."""
    if len(text) <= limit:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text[: limit - 1])]
    if ends and ends[-1] >= limit // 3:
        return f"{text[: ends[-1]]} …"
    return cut(text, limit)
