"""RSS and Atom as `feedparser` reads them, with its surprises taken away. Pure, though feedparser can do more."""

from __future__ import annotations

import io
from typing import Any

from ..errors import NotThisPlatform


def parse_feed(body: bytes, *, whole: bool = False) -> Any:
    """What feedparser makes of a body: `version`, `feed`, `entries`, and `bozo` where something is off.

    Raises NotThisPlatform for what is no feed at all; with `whole`, for what is cut off or damaged too.
    """
    import feedparser

    try:
        # A stream, for feedparser takes bytes for the name of a file where there is one of that name.
        feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # it raises whatever its encodings and parsers do
        raise NotThisPlatform("its answer is not valid XML (cut off or damaged)") from error
    if not feed.get("version"):
        raise NotThisPlatform("its answer is no feed")
    if whole and feed.bozo and not isinstance(feed.bozo_exception, feedparser.CharacterEncodingOverride):
        raise NotThisPlatform("its answer is not valid XML (cut off or damaged)")
    return feed
