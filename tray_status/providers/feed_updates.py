"""The updates that one entry of a feed holds, and where each stands. Pure.

A state stands before an update's words: in bold, or in plain words at the start of a line (`Resolved - …`,
`RESOLVED: …`, `[Resolved] …`, `Status: Resolved. …`), maybe behind a time. Of several in one entry the newest counts;
which end it is at is told by their times, else by their states, for what begins with an end was written newest first.

Whatever cannot be understood is open: a word before the newest update that is not known, a state with something added
to it (`Resolved, monitoring`), an end that is told with reserve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..core.model import CLOSED, State, Update
from ..core.text import clean_line, clean_text
from .feed_times import TAGS, WRITTEN, clock_in, moment_in, offset_in
from .feed_words import AFTERMATH, AMBIGUOUS, FACTS, GOES_ON, HEDGES, IS_OVER, STATES, UPDATES, state_of

AFFECTED = re.compile(r"<b>\s{0,9}Affected components\s{0,9}</b>", re.IGNORECASE)
"""What incident.io's feeds have behind their words."""

LINES_LIMIT = 2000
UPDATES_LIMIT = 500

_MARK = re.compile(r"<(strong|b)\b[^<>]{0,200}>\s{0,20}([^<>]{2,60}?)\s{0,20}</\1\s{0,3}>", re.IGNORECASE)
_BRACKETED = re.compile(r"\A\s{0,3}[\[(【]([^\[\]()【】]{2,40})[\])】]\s{0,3}[:\-–]?\s{0,3}(?=\S)")
_LEADING = re.compile(r"\A([^:\-–—|]{2,40}?)\s{0,3}(?::|\s[-–—|])\s{1,3}(?=\S)")
_TRAILING = re.compile(r"\s{0,3}(?:\s[-–—|:]\s{1,3}|:\s|[\[(])([^:\-–—|\[\]()]{2,40}?)[\])]?\s{0,3}\Z")
_IS = re.compile(
    r"\s(?:is|are)\s(?:now\s)?(?:back\s)?(up|down|online|offline|degraded|operational)\.?\s{0,3}\Z", re.I
)
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*|\n+")

_LEAD = re.compile(r"\A[•*\-–—\s]{0,6}")
_TIME_BEFORE = re.compile(rf"\A[\[(]?{WRITTEN}[\])]?(?:\s{{0,3}}[:\-–—|,]+(?=\s|\Z)|(?=\s|\Z))\s{{0,3}}")
_TIME_BEHIND = re.compile(
    rf"\A([^\W\d][^:|.!?\[\]()\n]{{1,38}}?)\s{{1,3}}[\[(]?(?:(?:at|on|@)\s)?({WRITTEN})[\])]?(?=\s{{0,3}}[:\-–—|.]|\s{{0,3}}\Z)"
)
_IN_BRACKETS = re.compile(r"\A[\[(【]([^\[\]()【】\n]{2,40})[\])】]\s{0,3}[:\-–—.]?\s{0,3}")
_LABELLED = re.compile(
    r"\A(?:(?:current|latest|new|incident|issue|event)\s)?(?:status|state)\s{0,3}[:=–—-]\s{0,3}", re.I
)
_VALUE = re.compile(r"\A([^.!;:\n–—|]{2,40}?)\s{0,3}(?:[.!;:–—|]|\s-(?=\s|\Z)|\Z)\s{0,3}")
_SEPARATED = re.compile(r"\A([^:–—|.!?\n]{2,40}?)\s{0,3}(?::(?!\d|//)|\s?[-|](?=\s|\Z)|\s-(?=[^\W\d])|[–—])\s{0,3}")
_SENTENCED = re.compile(r"\A([^:–—|.!?\n]{2,40}?)(?:[.!](?=\s|\Z)|\Z)\s{0,3}")
_NUMBERED = re.compile(r"\s{1,3}(?:#\s?|no\.?\s)?\d{1,3}\Z", re.IGNORECASE)
_BEGUN_LATER = re.compile(
    r"(?<=[.!?])[ \t]+(?=\[?(?:Investigating|Identified|Monitoring|Resolved|Update|INVESTIGATING|IDENTIFIED"
    r"|MONITORING|RESOLVED|UPDATE)(?:\]|\s[-–—]\s|(?<=[A-Z]{4}):\s))"
)
"""Where a state begins within a line."""

_BEGINNINGS = (State.INVESTIGATING, State.IDENTIFIED, State.SCHEDULED, State.IN_PROGRESS)
"""What an incident, or a maintenance, begins with."""

_SHORT = 3
"""Words that a state has at most; what is longer is a sentence."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of an entry that seems to be one update."""

    state: State | None
    """None where words alone may tell it."""
    word: str
    """As it stands before the update, in small letters; empty where nothing does."""
    time: str
    """What tells when it was written; empty where nothing does."""
    text: str

    @property
    def is_over(self) -> bool:
        return self.state in CLOSED


def updates_in(html: str, at: datetime | None) -> list[Update]:
    """The updates before which a state, or a time, stands, oldest first; none where the entry is mere words.

    Their ids are what tells them apart in this entry alone; empty for what its words must tell apart.
    """
    affected = AFFECTED.search(html)
    html = html[: affected.start()] if affected else html
    pieces = (_in_bold(html) or _in_plain_words(clean_text(html)))[:UPDATES_LIMIT]
    if not pieces:
        return []
    if len(pieces) == 1:
        pieces = [_by_its_words(pieces[0])]
    newest_first = pieces if _is_newest_first(pieces, at) else pieces[::-1]
    offset = offset_in(newest_first[0].time, at)
    updates = []
    for piece in newest_first:
        moment = moment_in(piece.time, at) if piece.time else None
        when = moment - offset if moment is not None and offset is not None else None
        state = piece.state or State.UNKNOWN
        told = f"{when:%Y-%m-%dT%H:%M}:{state.value}" if when else ""
        updates.append(Update(told, state, piece.word, piece.text, when if when or len(pieces) > 1 else at))
    return updates[::-1]


def is_stated(html: str) -> bool:
    """Whether an entry has a known state before an update of it, as status pages do and few others."""
    pieces = _in_bold(html) or _in_plain_words(clean_text(html))
    return any(each.state not in (None, State.UNKNOWN) for each in pieces)


def _by_its_words(piece: _Piece) -> _Piece:
    """What is only called an update, and stands alone, may tell by its words that it is over."""
    if piece.word in UPDATES and state_in(piece.text) is State.RESOLVED:
        return replace(piece, state=State.RESOLVED, word=State.RESOLVED.value)
    return piece


def _is_newest_first(pieces: Sequence[_Piece], at: datetime | None) -> bool:
    first, last = pieces[0], pieces[-1]
    begin, end = moment_in(first.time, at), moment_in(last.time, at)
    if begin is not None and end is not None and begin != end:
        return begin > end
    clock, other = clock_in(first.time), clock_in(last.time)
    if clock is not None and other is not None and clock != other:
        return (other - clock) % 1440 > 720  # the shorter way round the clock
    return not (last.is_over and first.state in _BEGINNINGS)


# --- in bold ------------------------------------------------------------------------------------------------------


def _in_bold(html: str) -> list[_Piece]:
    marks: list[tuple[re.Match[str], State, str]] = []
    known = 0
    for match in _MARK.finditer(html):
        label, _, word = match[2].rpartition(":") if not match[2].endswith(":") else ("", "", match[2][:-1])
        labelled = label.strip().lower() in ("status", "state")
        if label and not labelled:
            continue
        state = state_of(word)
        if state is None and not (labelled or _seems_a_state(word, html, marks[-1][0].end() if marks else 0, match)):
            continue
        known += labelled or state is not None
        marks.append((match, state or State.UNKNOWN, clean_line(word).lower()))
    if not known:
        return []
    heads = [
        _head(html, marks[place - 1][0].end() if place else 0, match.start())
        for place, (match, *_) in enumerate(marks)
    ]
    ends = [*heads[1:], len(html)]
    return [
        _Piece(
            state,
            word,
            " ".join(TAGS.sub(" ", html[head : match.start()]).split()),
            clean_text(html[match.end() : end]).lstrip("-–—:. "),
        )
        for (match, state, word), head, end in zip(marks, heads, ends, strict=True)
    ]


def _head(html: str, start: int, mark: int) -> int:
    """Where an update begins: at the small print before its state, or the paragraph."""
    small = html.rfind("<small", start, mark)
    paragraph = html.rfind("<p", start, small if small >= 0 else mark)
    return next((place for place in (paragraph, small) if place >= 0), mark)


def _seems_a_state(word: str, html: str, start: int, match: re.Match[str]) -> bool:
    """Whether bold words that are not known stand where a state does: behind a time, or before a dash."""
    plain = clean_line(word).lower().strip(" .:")
    if not plain or len(plain.split()) > _SHORT or plain in FACTS:
        return False
    head = _head(html, start, match.start())
    if moment_in(TAGS.sub(" ", html[head : match.start()]), None) or clock_in(html[head : match.start()]) is not None:
        return True
    begins = re.search(
        r"(?:\A|<(?:p|br|div|li)\b[^<>]{0,200}>)\s{0,20}\Z", html[max(0, match.start() - 300) : match.start()]
    )
    return bool(begins) and re.match(r"\s{0,3}[-–—]\s", html[match.end() : match.end() + 5]) is not None


# --- in plain words -----------------------------------------------------------------------------------------------


def _in_plain_words(text: str) -> list[_Piece]:
    """The updates of a plain text; none where nothing in it stands like a state."""
    found: list[tuple[_Piece, list[str]]] = []
    time = ""
    for line in _lines(text):
        told, rest = _time_before(line)
        if told and not rest:
            time = told  # on a line of its own, it belongs to what follows
            continue
        told = told or time
        head = _head_in(rest, timed=bool(told))
        if head is not None:
            piece, words = head
            found.append((replace(piece, time=told or piece.time), [words] if words else []))
        elif told:
            found.append((_Piece(None, "", told, ""), [rest]))
        elif found:
            found[-1][1].append(line)
        time = ""
    pieces = [replace(piece, text="\n".join(lines).strip()) for piece, lines in found]
    if any(each.word for each in pieces):
        # Where some have a state before them, the others' words do not tell of an end.
        return [each if each.word else replace(each, state=State.UNKNOWN, word="update") for each in pieces]
    if len(pieces) < 2:
        return []
    return [_told_by_words(each) for each in pieces]


def _told_by_words(piece: _Piece) -> _Piece:
    state = state_in(piece.text)
    return replace(piece, state=state, word="update" if state is State.UNKNOWN else state.value)


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n")[:LINES_LIMIT]:
        for part in _BEGUN_LATER.split(line):
            if part.strip():
                yield _LEAD.sub("", part).strip()


def _time_before(line: str) -> tuple[str, str]:
    """A line's time where it begins with one, and what comes behind it."""
    match = _TIME_BEFORE.match(line)
    return (match[0].strip(), line[match.end() :].strip()) if match else ("", line)


def _head_in(line: str, *, timed: bool, inner: bool = False) -> tuple[_Piece, str] | None:
    """What stands before an update's words in its first line, and the words; None where nothing does."""
    time = ""
    if behind := _TIME_BEHIND.match(line):
        time, line = behind[2], behind[1] + line[behind.end() :]
    labelled = _LABELLED.match(line)
    head = _labelled(line[labelled.end() :]) if labelled else _stated(line, timed=timed or bool(time))
    if head is None:
        return None
    word, state, rest = head
    if word in UPDATES and not inner and (second := _head_in(rest, timed=False, inner=True)):
        return replace(second[0], time=second[0].time or time), second[1]
    return _Piece(state, word, time, ""), rest


def _labelled(line: str) -> tuple[str, State, str] | None:
    match = _VALUE.match(line)
    if match is None or not (word := match[1].strip().lower()) or len(word.split()) > _SHORT:
        return None
    # What is no state we know is one all the same, and open.
    return word, state_of(word) or State.UNKNOWN, line[match.end() :]


def _stated(line: str, *, timed: bool) -> tuple[str, State, str] | None:
    for pattern in (_IN_BRACKETS, _SEPARATED, _SENTENCED):
        match = pattern.match(line)
        if match is None:
            continue
        word = _NUMBERED.sub("", match[1].strip().lower())
        state = state_of(word) if _is_a_name(word) and (pattern is _IN_BRACKETS or word not in AMBIGUOUS) else None
        unknown = timed and pattern is _SEPARATED and len(word.split()) <= _SHORT and word not in FACTS
        if state is not None or unknown:
            return word, state or State.UNKNOWN, line[match.end() :]
    return None


def _is_a_name(word: str) -> bool:
    """Whether words name a state and are no sentence, of which what follows may take something back."""
    return word in STATES or word in UPDATES or len(word.split()) < _SHORT


# --- titles, and mere words ---------------------------------------------------------------------------------------


def titled(title: str) -> tuple[str, State | None]:
    """A title without the state that stands before or behind it, and that state."""
    for pattern in (_BRACKETED, _LEADING, _TRAILING, _IS):
        match = pattern.search(title)
        if match is None or (pattern is _LEADING and match[1].strip().lower() in AMBIGUOUS):
            continue
        if (state := state_of(match[1])) is not None:
            rest = (title[: match.start()] + title[match.end() :]).strip(" -–—:|")
            if rest:
                return rest, state if match[1].strip().lower() not in UPDATES else None
    alone = state_of(title)
    return title, None if alone is State.UNKNOWN else alone


def state_in(text: str) -> State:
    """What plain words say: over only where a sentence says so without reserve, and none says the contrary."""
    over = False
    if GOES_ON.search(text[:5000]):
        return State.UNKNOWN
    for sentence in _SENTENCE.split(text[:5000]):
        if IS_OVER.search(sentence):
            if HEDGES.search(sentence):
                return State.UNKNOWN
            over = True
    return State.RESOLVED if over else State.UNKNOWN


def with_states(timeline: Sequence[Update]) -> tuple[Update, ...]:
    """Updates without a state stand where the one before them stood; after an end, only if they look back at it."""
    told: list[Update] = []
    for update in timeline:
        state, word = update.state, update.word
        if state is State.UNKNOWN and word in ("", *UPDATES):
            before = told[-1].state if told else State.UNKNOWN
            text = update.text or ""
            looks_back = bool(AFTERMATH.search(text)) and not GOES_ON.search(text)
            if before in CLOSED and (looks_back or state_in(text) is State.RESOLVED):
                state = before
            elif word:
                state = before if before not in (State.UNKNOWN, *CLOSED) else State.INVESTIGATING
        told.append(replace(update, state=state))
    return tuple(told)
