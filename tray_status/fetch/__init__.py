"""The only part that speaks HTTP: a request → an answer, or a problem in words. It raises nothing.

`fetcher` is the way in, `asking` follows redirects and reads headers, `body` unpacks, `transport` holds the
connections, `tls` says whom we trust, `deadlines` end what takes too long, `trouble` puts failures into words,
`signs` tell how far one came. `probing` knocks at services themselves.
"""

from .fetcher import Fetcher

__all__ = ["Fetcher"]
