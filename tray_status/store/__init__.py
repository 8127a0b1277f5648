"""The log and the last known state of every page, in one SQLite file.

`opening` opens it in whatever state it is, `database` owns transactions, `schema` its shape and migrations, `rows`
turns dataclasses into rows and back, `claims` says who polls what, `pruning` what is forgotten, and `log` is what the
rest of the program calls.
"""

from .log import Store
from .writing import Writing

__all__ = ["Store", "Writing"]
