"""Affairs that wait for the line: what was taken, by whom, when, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_KEEP = """
INSERT INTO register.deferred_affair (id, kind, addressee_number, taken_by, taken_at, body) VALUES (%s, %s, %s, %s, %s, %s)
"""
_WAITING = """
SELECT id, kind, taken_by, taken_at FROM register.deferred_affair WHERE state = 'waiting' ORDER BY taken_at, id LIMIT %s
"""
_ONE = "SELECT id, state, taken_by, taken_at, body::text FROM register.deferred_affair WHERE id = %s"
_RENEW = "UPDATE register.deferred_affair SET body = %s WHERE id = %s AND state = 'waiting'"
_JUST_TAKEN = """
SELECT id, kind, taken_by, taken_at FROM register.deferred_affair
WHERE state = 'waiting' AND taken_at >= %s AND taken_by = %s AND body::text = %s LIMIT 1
"""
_CLOSE = """
UPDATE register.deferred_affair SET state = %s, closed_by = %s, closed_at = %s, body = %s
WHERE id = %s AND state = 'waiting' RETURNING id
"""
_COUNT = "SELECT count(*) FROM register.deferred_affair WHERE state = 'waiting'"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One line of the list: nothing of anybody."""

    id: str
    kind: str
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class AffairRow:
    """One affair as kept."""

    id: str
    state: str
    taken_by: str
    taken_at: datetime
    body: str


def keep_affair(unit: Unit, row: WaitingRow, addressee_number: int | None, body: str) -> None:
    """Keep an affair."""
    unit.execute(_KEEP, (row.id, row.kind, addressee_number, row.taken_by, row.taken_at, body))


def just_taken(unit: Unit, body: str, by: str, since: datetime) -> WaitingRow | None:
    """Find what somebody took in these very words a moment ago (index deferred_affair_waiting)."""
    row = unit.execute(_JUST_TAKEN, (since, by, body)).fetchone()
    return None if row is None else WaitingRow(*row)


def renew(unit: Unit, affair_id: str, body: str) -> bool:
    """Keep what a waiting affair says now; False when it does not wait any more."""
    return unit.execute(_RENEW, (body, affair_id)).rowcount == 1


def waiting_affairs(unit: Unit, *, limit_rows: int) -> list[WaitingRow]:
    """List what waits, oldest first (index deferred_affair_waiting)."""
    return [WaitingRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def affair(unit: Unit, affair_id: str) -> AffairRow | None:
    """Read one affair (primary key)."""
    row = unit.execute(_ONE, (affair_id,)).fetchone()
    return None if row is None else AffairRow(*row)


def close(unit: Unit, affair_id: str, body: str, state: str, closed: tuple[str, datetime]) -> bool:
    """Close a waiting affair: its state, by whom and when; False when it does not wait any more."""
    return unit.execute(_CLOSE, (state, *closed, body, affair_id)).fetchone() is not None


def how_many_wait(unit: Unit) -> int:
    """Count what waits (index deferred_affair_waiting)."""
    row = unit.execute(_COUNT).fetchone()
    return int(row[0]) if row else 0
