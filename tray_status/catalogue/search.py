"""Finding pages by what a person types: names, parts of names, other names, a category; with slips of the finger."""

from __future__ import annotations

from collections.abc import Sequence

from .names import Entry

LIKE_ENOUGH = 72.0
"""Of 100: how alike two texts must be to be the same with a slip or two."""

_EXACT, _CATEGORY, _BEGINS, _WORD, _HOST = 500.0, 400.0, 300.0, 200.0, 100.0


def search(entries: Sequence[Entry], text: str, limit: int = 20) -> list[Entry]:
    """The entries that fit, best first, at most `limit`; a category brings all that is in it."""
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    scored = [(score, entry) for entry in entries if (score := _plain_score(entry, wanted))]
    if len(scored) < limit:
        scored += _with_slips(entries, wanted, {entry.id for _, entry in scored})
    scored.sort(key=lambda row: (-row[0], row[1].name.casefold()))
    return [entry for _, entry in scored[:limit]]


def _plain_score(entry: Entry, wanted: str) -> float:
    """How well an entry fits without any slip; 0 where it does not."""
    best = _CATEGORY if wanted in (entry.category, entry.category.replace("-", " ")) else 0.0
    for name in entry.names:
        folded = name.casefold()
        if folded == wanted:
            return _EXACT
        if folded.startswith(wanted):
            best = max(best, _BEGINS - len(folded))
        elif f" {wanted}" in f" {folded.replace('-', ' ')}":
            best = max(best, _WORD - len(folded))
    if not best and len(wanted) >= 4 and (wanted in entry.url or wanted in entry.homepage):
        best = _HOST
    return best


def _with_slips(entries: Sequence[Entry], wanted: str, found: set[str]) -> list[tuple[float, Entry]]:
    from rapidfuzz import fuzz, process

    names = [(name, entry) for entry in entries if entry.id not in found for name in entry.names]
    likest = process.extract(
        wanted, [name.casefold() for name, _ in names], scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=40
    )
    best: dict[str, tuple[float, Entry]] = {}
    for _, score, place in likest:
        entry = names[place][1]
        if score > best.get(entry.id, (0.0, entry))[0]:
            best[entry.id] = (score, entry)
    return list(best.values())
