"""The body of an answer, unpacked and whole, and never larger than allowed."""

from __future__ import annotations

import zlib
from typing import Any

from ..core.exchange import Problem
from ..core.model import Reading
from .trouble import Unusable

CODINGS = "gzip, deflate"
_CHUNK = 64 * 1024


def read_body(raw: Any, host: str, limit: int) -> bytes:
    """All of a urllib3 response's body, decoded. Raises Unusable for more than `limit` bytes, zlib's and urllib3's
    errors for what is damaged.

    Unpacked here and not by urllib3, which takes a stream that was cut off for a whole one.
    """
    coding = (raw.headers.get("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise _broken(f"{host} packs its answer in a way that was not asked for")
    stream = None if coding == "identity" else _Packed(deflate=coding == "deflate")
    body = bytearray()
    while part := raw.read(_CHUNK, decode_content=False):
        body += stream.unpack(part, limit - len(body) + 1) if stream else part
        if len(body) > limit:
            raise _broken(f"the answer of {host} is larger than {_size(limit)}")
    if stream and not stream.complete:
        raise EOFError
    return bytes(body)


class _Packed:
    """A gzip or deflate stream. `unpack` never makes more than it is asked for, however well a bomb is packed."""

    def __init__(self, *, deflate: bool) -> None:
        self._deflate = deflate
        self._inflater: Any = None
        self.complete = True

    def unpack(self, packed: bytes, room: int) -> bytes:
        if self._inflater is None:
            self._begin(packed)
        unpacked = b""
        while packed and room > len(unpacked):
            if self._inflater.eof:
                if self._deflate or not packed.startswith(b"\x1f\x8b"):
                    break  # whatever follows the end is not part of it
                self._begin(packed)
            unpacked += self._inflater.decompress(packed, room - len(unpacked))
            packed = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
        self.complete = self._inflater.eof
        return unpacked

    def _begin(self, packed: bytes) -> None:
        # “deflate” comes with zlib's head, as it should, or without. gzip's own head is 16 + the window.
        bare = int.from_bytes(packed[:2], "big") % 31 != 0 or packed[0] & 15 != 8
        window = zlib.MAX_WBITS
        self._inflater = zlib.decompressobj((-window if bare else window) if self._deflate else 16 + window)


def _broken(text: str) -> Unusable:
    return Unusable(Problem(Reading.BROKEN, text))


def _size(limit: int) -> str:
    return f"{limit / 2**20:.0f} MiB" if limit >= 2**20 else f"{limit:,} bytes"
