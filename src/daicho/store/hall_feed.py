"""What the hall's other offices are told: told with the change, given its place once it is committed, read from there on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from daicho.store.unit import Unit

_PLACING_LOCK = 7_301_142  # any constant that nothing else in the database uses
_TELL = "INSERT INTO hall.untold (entry_id, day) SELECT entry_id, %s FROM unnest(%s::text[]) AS n (entry_id)"
_TELL_OF_PEOPLE = "INSERT INTO hall.untold (people, day) VALUES (%s::bigint[], %s)"
_TRY = "SELECT pg_try_advisory_xact_lock(%s)"
_AWAIT = "SELECT true FROM (SELECT pg_advisory_xact_lock(%s) OFFSET 0) AS locked"
_PLACE = """
WITH taken AS (
    DELETE FROM hall.untold WHERE untold_id IN (SELECT untold_id FROM hall.untold ORDER BY untold_id LIMIT %s)
    RETURNING untold_id, entry_id, people, day
)
INSERT INTO hall.feed (position, entry_id, people, day)
SELECT (SELECT coalesce(max(position), 0) FROM hall.feed) + row_number() OVER (ORDER BY untold_id), entry_id, people, day
FROM taken
"""
_COLUMNS = "f.position, f.entry_id, f.people, f.day, e.verified_at, e.body"
_ENTRY = """LEFT JOIN LATERAL (SELECT verified_at, body::text AS body FROM register.entry
    WHERE id = f.entry_id AND NOT disposed OFFSET 0) AS e ON true"""
_READ = f"SELECT {_COLUMNS} FROM hall.feed f {_ENTRY} WHERE f.position > %s ORDER BY f.position LIMIT %s"
_READ_DAY = f"""
SELECT {_COLUMNS} FROM hall.feed f {_ENTRY} WHERE f.day = %s AND f.position > %s ORDER BY f.position LIMIT %s
"""
_ANY_BEHIND = """
SELECT EXISTS (SELECT FROM hall.untold) OR EXISTS (SELECT FROM hall.feed WHERE position > ({cursor}))
"""
_END = "SELECT coalesce(max(position), 0) FROM hall.feed"
_UNPLACED = "SELECT count(*) FROM hall.untold"
_LIVING = "SELECT addressee_number FROM register.resident WHERE addressee_number = ANY(%s) AND living"
_BEHIND = """
SELECT r.addressee_number, (SELECT v.body::text FROM register.resident_version v
    WHERE v.addressee_number = r.addressee_number AND v.version = r.version) AS body
FROM register.resident r WHERE r.addressee_number > %s ORDER BY r.addressee_number LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One place of the feed: a verified change with its body, or people whose protection began or ended.

    Of a change that was destroyed since, neither is there.
    """

    position: int
    entry_id: str | None
    people: tuple[int, ...]
    day: date
    verified_at: datetime | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Follower:
    """Work that reads the feed on from a place of its own, which is kept in the one row of a table."""

    table: LiteralString

    def behind(self, unit: Unit) -> bool:
        """Tell whether anything was verified that the work has not looked at yet (primary keys)."""
        row = unit.execute(_ANY_BEHIND.format(cursor=self._place)).fetchone()
        return bool(row and row[0])

    def lock(self, unit: Unit) -> int:
        """Read up to which place the work has looked; nobody else looks until the unit ends."""
        row = unit.execute(f"{self._place} FOR UPDATE").fetchone()
        return int(row[0]) if row else 0

    def move(self, unit: Unit, position: int) -> None:
        """Note up to which place the work has looked."""
        unit.execute(f"UPDATE {self.table} SET position = %s WHERE one_row", (position,))

    @property
    def _place(self) -> LiteralString:
        return f"SELECT position FROM {self.table} WHERE one_row"


def tell(unit: Unit, entry_ids: Sequence[str], day: date) -> None:
    """Note that changes were verified, in the unit that verifies them; one statement for all of them."""
    if entry_ids:
        unit.execute(_TELL, (day, list(entry_ids)))
        unit.after_commit(unit.feed_bell.ring)


def tell_of_people(unit: Unit, addressee_numbers: Sequence[int], day: date) -> None:
    """Note whose protection began or ended."""
    if addressee_numbers:
        unit.execute(_TELL_OF_PEOPLE, (list(addressee_numbers), day))
        unit.after_commit(unit.feed_bell.ring)


def place(unit: Unit, *, limit_rows: int, waiting: bool = False) -> int:
    """Give places to what is committed, in its order, and count it; nothing while somebody else does, unless `waiting`.

    Nobody else gives places until the unit ends, so that it is to be a short one of its own. Who changes a person after
    somebody else has waited for the other's commit, so that each person's changes keep their order.
    """
    row = unit.execute(_AWAIT if waiting else _TRY, (_PLACING_LOCK,)).fetchone()
    return unit.execute(_PLACE, (limit_rows,)).rowcount if row and row[0] else 0


def read(unit: Unit, after: int, *, limit_rows: int) -> list[FeedRow]:
    """Read the feed behind a place (primary keys of both tables)."""
    return [_row(*row) for row in unit.execute(_READ, (after, limit_rows)).fetchall()]


def read_day(unit: Unit, day: date, after: int, *, limit_rows: int) -> list[FeedRow]:
    """Read the feed of one business day behind a place (index feed_day)."""
    return [_row(*row) for row in unit.execute(_READ_DAY, (day, after, limit_rows)).fetchall()]


def _row(
    position: int,
    entry_id: str | None,
    people: list[int] | None,
    day: date,
    at: datetime | None,
    body: str | None,
) -> FeedRow:
    return FeedRow(position, entry_id, tuple(people or ()), day, at, body)


def end(unit: Unit) -> int:
    """Tell the last place that was given."""
    row = unit.execute(_END).fetchone()
    return int(row[0]) if row else 0


def unplaced(unit: Unit) -> int:
    """Count what has no place yet."""
    row = unit.execute(_UNPLACED).fetchone()
    return int(row[0]) if row else 0


def living_among(unit: Unit, addressee_numbers: Sequence[int]) -> frozenset[int]:
    """Name those of some people whose records stand and were not removed (primary key)."""
    return frozenset(int(row[0]) for row in unit.execute(_LIVING, (list(addressee_numbers),)).fetchall())


def residents_behind(unit: Unit, after: int, *, limit_rows: int) -> list[tuple[int, str]]:
    """Read records as they stand behind an addressee number, removed ones too (primary key)."""
    return [(int(row[0]), str(row[1])) for row in unit.execute(_BEHIND, (after, limit_rows)).fetchall()]
