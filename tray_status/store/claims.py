"""Which process polls which page, so that several of one home share the work and none polls twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .database import Database


class Claims:
    """Each page is polled by the process that claimed it, for as long as that lives."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, page_ids: Iterable[str], owner: str, is_alive: Callable[[str], bool]) -> frozenset[str]:
        """Claim what nobody alive has; which of these pages `owner` has now. Raises StoreError."""
        wanted = tuple(page_ids)
        with self._database.transaction() as connection:
            owners = {row["page_id"]: row["owner"] for row in connection.execute("SELECT * FROM claims")}
            alive = {each: is_alive(each) for each in set(owners.values()) if each != owner}
            free = [each for each in wanted if not alive.get(owners.get(each, ""), False)]
            connection.executemany(
                "INSERT INTO claims (page_id, owner) VALUES (?, ?)"
                " ON CONFLICT (page_id) DO UPDATE SET owner = excluded.owner",
                [(each, owner) for each in free if owners.get(each) != owner],
            )
        return frozenset(free)

    def is_free(self, page_id: str, owner: str, is_alive: Callable[[str], bool]) -> bool:
        """Whether a page could be claimed; cheap, and writes nothing. Raises StoreError."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT owner FROM claims WHERE page_id = ?", (page_id,)).fetchone()
        return row is None or row["owner"] == owner or not is_alive(row["owner"])

    def of_others(self, owner: str, is_alive: Callable[[str], bool]) -> tuple[str, ...]:
        """The pages that others who are alive have claimed. Raises StoreError."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT page_id, owner FROM claims WHERE owner <> ?", (owner,)).fetchall()
        return tuple(row["page_id"] for row in rows if is_alive(row["owner"]))

    def give_back(self, owner: str, page_ids: Iterable[str] | None = None) -> None:
        """Free some pages of an owner, or all. Raises StoreError."""
        with self._database.transaction() as connection:
            if page_ids is None:
                connection.execute("DELETE FROM claims WHERE owner = ?", (owner,))
            else:
                connection.executemany(
                    "DELETE FROM claims WHERE owner = ? AND page_id = ?", [(owner, each) for each in page_ids]
                )
