"""Inspections of the register: applications, what was decided, each reading of the list."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_DRAW = "SELECT nextval('register.inspection_seq')"
_INSPECTION = "number, state, asked_by, asked_at, decided_by, decided_at, why, body::text"
_KEEP = "INSERT INTO register.inspection (number, kind, asked_by, asked_at, body) VALUES (%s, %s, %s, %s, %s)"
_ONE = f"SELECT {_INSPECTION} FROM register.inspection WHERE number = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_WAITING = (
    f"SELECT {_INSPECTION} FROM register.inspection WHERE state = 'asked' ORDER BY asked_at, number LIMIT %s"
)
_NEWEST = f"SELECT {_INSPECTION} FROM register.inspection ORDER BY number DESC LIMIT %s"
_DECIDE = """
UPDATE register.inspection SET state = %s, decided_by = %s, decided_at = %s, why = %s
WHERE number = %s AND state = 'asked'
"""
_HOW_MANY = "SELECT count(*) FROM register.inspection WHERE state = 'asked'"
_READING = "number, place, inspected_on, readers, people, by, at"
_KEEP_READING = f"""
INSERT INTO register.inspection_reading ({_READING})
SELECT %s, coalesce(max(place), 0) + 1, %s, %s::text[], %s, %s, %s FROM register.inspection_reading WHERE number = %s
"""
_READINGS = f"SELECT {_READING} FROM register.inspection_reading WHERE number = %s ORDER BY place"
_BETWEEN = """
SELECT d.inspected_on, o.body FROM register.inspection_reading d CROSS JOIN LATERAL (
    SELECT i.body::text FROM register.inspection i WHERE i.number = d.number OFFSET 0) AS o
WHERE d.inspected_on BETWEEN %s AND %s ORDER BY d.inspected_on, d.number, d.place LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One application and what became of it."""

    number: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    why: str
    body: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One time that the list was read."""

    number: str
    place: int
    inspected_on: date
    readers: list[str]
    people: int
    by: str
    at: datetime


def draw_inspection_number(unit: Unit, year: int) -> str:
    """Draw the number of an application."""
    row = unit.execute(_DRAW).fetchone()
    return f"{year}-{int(row[0]) if row else 0:05d}"


def keep_inspection(unit: Unit, row: InspectionRow, kind: str) -> None:
    """Keep an application."""
    unit.execute(_KEEP, (row.number, kind, row.asked_by, row.asked_at, row.body))


def inspection(unit: Unit, number: str) -> InspectionRow | None:
    """Read one application (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else InspectionRow(*row)


def lock_inspection(unit: Unit, number: str) -> InspectionRow | None:
    """Read one application and keep it for oneself until the unit ends."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else InspectionRow(*row)


def waiting_inspections(unit: Unit, *, limit_rows: int) -> list[InspectionRow]:
    """List what waits for a second person, oldest first (index inspection_waiting)."""
    return [InspectionRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def newest_inspections(unit: Unit, *, limit_rows: int) -> list[InspectionRow]:
    """List applications, newest first (primary key)."""
    return [InspectionRow(*row) for row in unit.execute(_NEWEST, (limit_rows,)).fetchall()]


def decide_inspection(unit: Unit, number: str, state: str, by: str, at: datetime, why: str) -> None:
    """Write a second person's word on an application that the unit holds."""
    unit.execute(_DECIDE, (state, by, at, why, number))


def keep_reading(unit: Unit, row: ReadingRow) -> None:
    """Keep that the list of an application that the unit holds was read; its place is found here."""
    values = (row.number, row.inspected_on, row.readers, row.people, row.by, row.at, row.number)
    unit.execute(_KEEP_READING, values)


def readings_of(unit: Unit, number: str) -> list[ReadingRow]:
    """List the readings of an application, oldest first (primary key)."""
    return [ReadingRow(*row) for row in unit.execute(_READINGS, (number,)).fetchall()]


def readings_between(unit: Unit, first: date, last: date, *, limit_rows: int) -> list[tuple[date, str]]:
    """List the readings of some days with the application of each (index inspection_reading_day)."""
    rows = unit.execute(_BETWEEN, (first, last, limit_rows)).fetchall()
    return [(row[0], str(row[1])) for row in rows]


def how_many_wait(unit: Unit) -> int:
    """Count what waits for a second person."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0
