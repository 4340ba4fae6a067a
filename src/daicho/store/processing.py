"""Stops of certificates and changes: on, to be ended by a second person, ended; whom the calendar strikes beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_ROW = (
    "id, addressee_number, household_number, kind, last_day, state, placed_by, placed_at, body::text, proposed_by,"
    " proposed_at, ended_by, ended_at, why"
)
_KEEP = """
INSERT INTO register.processing_hold (id, addressee_number, household_number, kind, last_day, placed_by, placed_at, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE = f"SELECT {_ROW} FROM register.processing_hold WHERE id = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_OVER = f"""
SELECT {_ROW} FROM register.processing_hold WHERE addressee_number = ANY(%(people)s::bigint[]) AND state <> 'ended'
UNION
SELECT {_ROW} FROM register.processing_hold WHERE household_number = ANY(%(homes)s::bigint[]) AND state <> 'ended'
ORDER BY placed_at, id
"""  # indexes: processing_hold_person, processing_hold_household
_OPEN = f"""
SELECT {_ROW} FROM register.processing_hold WHERE state <> 'ended' ORDER BY (state = 'on'), placed_at, id LIMIT %s
"""
_ENDED = f"""
SELECT {_ROW} FROM register.processing_hold WHERE state = 'ended' ORDER BY ended_at DESC, id DESC LIMIT %s
"""
_PROPOSE = """
UPDATE register.processing_hold SET state = 'ending', proposed_by = %s, proposed_at = %s, why = %s
WHERE id = %s AND state = 'on'
"""
_DECLINE = """
UPDATE register.processing_hold SET state = 'on', proposed_by = NULL, proposed_at = NULL, why = ''
WHERE id = %s AND state = 'ending'
"""
_END = """
UPDATE register.processing_hold SET state = 'ended', ended_by = %s, ended_at = %s, why = coalesce(%s, why)
WHERE id = %s AND state = %s
"""
_IS_DUE = "due_on IS NOT NULL AND due_on <= %(on)s"
_IS_STOPPED = """(EXISTS (SELECT 1 FROM register.processing_hold h WHERE h.addressee_number = r.addressee_number
    AND h.kind = 'CHANGES' AND h.state <> 'ended' AND (h.last_day IS NULL OR h.last_day >= %(on)s))
OR EXISTS (SELECT 1 FROM register.processing_hold h WHERE h.household_number = r.household_number
    AND h.kind = 'CHANGES' AND h.state <> 'ended' AND (h.last_day IS NULL OR h.last_day >= %(on)s)))"""
_DUE = f"""
SELECT addressee_number, household_number FROM register.resident r
WHERE {_IS_DUE} AND NOT {_IS_STOPPED} ORDER BY due_on, household_number, addressee_number LIMIT %(limit)s
"""
_DUE_STOPPED = f"SELECT count(*) FROM register.resident r WHERE {_IS_DUE} AND {_IS_STOPPED}"
_TO_DECIDE = "SELECT count(*) FROM register.processing_hold WHERE state <> 'ended' AND state = 'ending'"


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop: over whom, of what, until when, and by whom it was placed and ended."""

    id: str
    addressee_number: int
    household_number: int | None
    kind: str
    last_day: date | None
    state: str
    placed_by: str
    placed_at: datetime
    body: str
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    why: str = ""


def keep(unit: Unit, row: StopRow) -> bool:
    """Keep a stop; False where one of that name is kept already."""
    values = (
        row.id, row.addressee_number, row.household_number, row.kind, row.last_day, row.placed_by, row.placed_at,
        row.body,
    )  # fmt: skip
    unit.cursor.execute(_KEEP, values)
    return unit.cursor.rowcount == 1


def one(unit: Unit, stop_id: str, *, locked: bool = False) -> StopRow | None:
    """Read one, by the primary key."""
    unit.cursor.execute(_LOCKED if locked else _ONE, (stop_id,))
    row = unit.cursor.fetchone()
    return None if row is None else StopRow(*row)


def over(unit: Unit, people: Iterable[int], households: Iterable[int]) -> list[StopRow]:
    """Read what has not ended over some people and households, whether or not its last day is past."""
    unit.cursor.execute(_OVER, {"people": list(people), "homes": list(households)})
    return [StopRow(*row) for row in unit.cursor.fetchall()]


def listed(unit: Unit, *, ended: bool, limit_rows: int) -> list[StopRow]:
    """List what has not ended, what waits for a second person first, or what has, newest first."""
    unit.cursor.execute(_ENDED if ended else _OPEN, (limit_rows,))
    return [StopRow(*row) for row in unit.cursor.fetchall()]


def due_movers(unit: Unit, *, on: date, limit: int) -> list[tuple[int, int]]:
    """List scheduled movers whose day has come and whose changes nobody stopped, with their household (resident_due)."""
    unit.cursor.execute(_DUE, {"on": on, "limit": limit})
    return [(row[0], row[1]) for row in unit.cursor.fetchall()]


def due_and_stopped(unit: Unit, *, on: date) -> int:
    """Count scheduled movers whose day has come and whose changes are stopped (index resident_due)."""
    unit.cursor.execute(_DUE_STOPPED, {"on": on})
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0


def propose_end(unit: Unit, stop_id: str, by: str, at: datetime, why: str) -> bool:
    """Let a stop wait for a second person who ends it; False where it does not stand alone any more."""
    unit.cursor.execute(_PROPOSE, (by, at, why, stop_id))
    return unit.cursor.rowcount == 1


def decline_end(unit: Unit, stop_id: str) -> bool:
    """Let a stop stand whose end was proposed."""
    unit.cursor.execute(_DECLINE, (stop_id,))
    return unit.cursor.rowcount == 1


def end(
    unit: Unit, stop_id: str, by: str, at: datetime, *, why: str | None = None, proposed: bool = False
) -> bool:
    """End a stop: one that was proposed to be ended, or one that stands."""
    unit.cursor.execute(_END, (by, at, why, stop_id, "ending" if proposed else "on"))
    return unit.cursor.rowcount == 1


def how_many_to_decide(unit: Unit) -> int:
    """Count what waits for a second person (index processing_hold_open)."""
    unit.cursor.execute(_TO_DECIDE)
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0
