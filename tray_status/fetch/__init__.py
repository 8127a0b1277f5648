"""The only part that speaks HTTP: a request → an answer, or a problem in words. It raises nothing.

`fetcher` asks and reads, `transport` owns connections, TLS and deadlines, `trouble` puts failures into words.
"""

from .fetcher import Fetcher

__all__ = ["Fetcher"]
