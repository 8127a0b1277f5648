"""The log and the last known state of every page, in one SQLite file.

`database` opens it and owns transactions, `schema` its shape and migrations, `rows` turns dataclasses into rows
and back, `log` is what the rest of the program calls.
"""

from .log import Store, Writing

__all__ = ["Store", "Writing"]
