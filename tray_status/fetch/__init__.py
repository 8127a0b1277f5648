"""The only part that speaks HTTP: a request → an answer, or a problem in words. It raises nothing.

`fetcher` is the way in, `asking` follows redirects and reads headers, `body` unpacks, `transport` holds the
connections, `tls` says whom we trust, `deadlines` end what takes too long, `trouble` puts failures into words.
"""

from .fetcher import Fetcher

__all__ = ["Fetcher"]
