"""Inspections of the register: applications, what was decided, each reading of the list."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.register import Held
from daicho.store.unit import Unit

_DRAW = "SELECT nextval('register.inspection_seq')"
_INSPECTION = "number, state, asked_by, asked_at, decided_by, decided_at, why, body::text, ended_by, ended_at, ended_why"
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
_END = """
UPDATE register.inspection SET state = %s, ended_by = %s, ended_at = %s, ended_why = %s
WHERE number = %s AND state = %s
"""
_HOW_MANY = "SELECT count(*) FROM register.inspection WHERE state = 'asked'"
_READING = "number, place, inspected_on, readers, people, by, at, fee_yen"
_KEEP_READING = f"""
INSERT INTO register.inspection_reading ({_READING})
SELECT %(number)s, coalesce(max(place), 0) + 1, %(on)s, %(readers)s::text[], %(people)s, %(by)s, %(at)s, %(fee)s
FROM register.inspection_reading WHERE number = %(number)s
HAVING NOT coalesce(bool_or(inspected_on = %(on)s AND readers = %(readers)s::text[]), false)
"""
_READINGS = f"SELECT {_READING} FROM register.inspection_reading WHERE number = %s ORDER BY place"
# However often a list was laid before readers on one day: the public is told of one inspection.
_BETWEEN = """
SELECT d.inspected_on, o.body FROM (
    SELECT DISTINCT r.inspected_on, r.number FROM register.inspection_reading r
    WHERE r.inspected_on BETWEEN %s AND %s ORDER BY r.inspected_on, r.number LIMIT %s) AS d CROSS JOIN LATERAL (
    SELECT i.body::text FROM register.inspection i WHERE i.number = d.number OFFSET 0) AS o
ORDER BY d.inspected_on, d.number
"""
_IN_AREA = """
SELECT r.addressee_number, r.version, v.body FROM register.resident r CROSS JOIN LATERAL (
    SELECT n.body::text, n.sex FROM register.resident_version n
    WHERE n.addressee_number = r.addressee_number AND n.version = r.version OFFSET 0) AS v
WHERE r.living AND r.address >= %(first)s AND r.address <= %(last)s AND r.birth >= %(from)s AND r.birth <= %(until)s
    AND r.addressee_number <> ALL(%(without)s) AND (%(sex)s = '' OR v.sex = %(sex)s)
ORDER BY r.address, r.addressee_number LIMIT %(limit)s
"""
_BEHIND_ALL = "\U0010ffff"


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
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_why: str = ""


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
    fee_yen: int = 0


@dataclass(frozen=True, slots=True)
class AreaKeys:
    """What narrows a search of an area: the folded beginning of addresses, days of birth and sex, empty ones do not."""

    address: str
    born_from: str = ""
    born_until: str = ""
    sex: str = ""
    without: frozenset[int] = frozenset()  # whoever must not be found


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


def end_inspection(unit: Unit, row: InspectionRow, state: str, by: str, at: datetime, why: str) -> None:
    """Write that an application that the unit holds was withdrawn, or its approval revoked."""
    unit.execute(_END, (state, by, at, why, row.number, row.state))


def keep_reading(unit: Unit, row: ReadingRow) -> None:
    """Keep that the list of an application that the unit holds was read, once for each day and the same readers."""
    values = {
        "number": row.number, "on": row.inspected_on, "readers": row.readers, "people": row.people, "by": row.by,
        "at": row.at, "fee": row.fee_yen,
    }  # fmt: skip
    unit.execute(_KEEP_READING, values)


def people_in_area(unit: Unit, keys: AreaKeys, *, limit_rows: int) -> list[Held]:
    """Find living residents by where they live, in the order of addresses (index resident_address, key of a version)."""
    values = {
        "first": keys.address, "last": keys.address + _BEHIND_ALL, "from": keys.born_from,
        "until": keys.born_until or _BEHIND_ALL, "sex": keys.sex, "without": sorted(keys.without), "limit": limit_rows,
    }  # fmt: skip
    return [Held(*row) for row in unit.execute(_IN_AREA, values).fetchall()]


def readings_of(unit: Unit, number: str) -> list[ReadingRow]:
    """List the readings of an application, oldest first (primary key)."""
    return [ReadingRow(*row) for row in unit.execute(_READINGS, (number,)).fetchall()]


def readings_between(unit: Unit, first: date, last: date, *, limit_rows: int) -> list[tuple[date, str]]:
    """List on which of some days lists were read, with the application of each (index inspection_reading_day)."""
    rows = unit.execute(_BETWEEN, (first, last, limit_rows)).fetchall()
    return [(row[0], str(row[1])) for row in rows]


def how_many_wait(unit: Unit) -> int:
    """Count what waits for a second person."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0
