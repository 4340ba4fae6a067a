"""Cash-ups: which papers wait for one, what was closed and confirmed, whose fee was not taken."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_LOCK = "SELECT pg_advisory_xact_lock(7005, 1)"
_DRAW = "SELECT nextval('register.till_seq')"
_PAPER = "c.number, c.issued_on, c.kind, c.channel, c.requester, c.fee_yen, w.cause"
# One walk of the key for each paper: a plain join would leaf through all waivers.
_OPEN = f"""
SELECT {_PAPER} FROM register.certificate c LEFT JOIN LATERAL (
    SELECT f.cause FROM register.fee_waiver f WHERE f.number = c.number AND f.undone = 0 OFFSET 0) AS w ON true
WHERE c.closing = '' AND c.issued_on <= %s ORDER BY c.issued_on, c.number
"""
_ONE = f"""
SELECT {_PAPER}, c.closing FROM register.certificate c LEFT JOIN LATERAL (
    SELECT f.cause FROM register.fee_waiver f WHERE f.number = c.number AND f.undone = 0 OFFSET 0) AS w ON true
WHERE c.number = %s
"""
_WAIVE = "INSERT INTO register.fee_waiver (number, cause, words, by, at) VALUES (%s, %s, %s, %s, %s)"
_WAIVERS = """
SELECT number, cause, words, by, at FROM register.fee_waiver WHERE number = ANY(%s) AND undone = 0 ORDER BY number
"""
_UNDO_WAIVER = """
UPDATE register.fee_waiver w SET undone = 1 + (
    SELECT max(o.undone) FROM register.fee_waiver o WHERE o.number = w.number),
    undone_by = %s, undone_at = %s, undone_why = %s
WHERE w.number = %s AND w.undone = 0
"""
_TAKE_UP = "UPDATE register.certificate SET closing = %s WHERE number = ANY(%s) AND closing = ''"
_SET_BACK = """
UPDATE register.certificate SET closing = '' WHERE closing = %s AND closing NOT IN ('', 'before')
"""
_CLOSING = "number, day, state, closed_by, closed_at, decided_by, decided_at, why, body::text"
_KEEP = """
INSERT INTO register.till_closing (number, day, closed_by, closed_at, body) VALUES (%s, %s, %s, %s, %s)
"""
_CLOSING_BY_NUMBER = f"SELECT {_CLOSING} FROM register.till_closing WHERE number = %s"
_LOCKED = f"SELECT {_CLOSING} FROM register.till_closing WHERE number = %s FOR UPDATE"
_WAITING = (
    f"SELECT {_CLOSING} FROM register.till_closing WHERE state = 'closed' ORDER BY closed_at, number LIMIT %s"
)
_OF_DAYS = f"""
SELECT {_CLOSING} FROM register.till_closing WHERE day BETWEEN %s AND %s ORDER BY day DESC, number DESC LIMIT %s
"""
_DECIDE = """
UPDATE register.till_closing SET state = %s, decided_by = %s, decided_at = %s, why = %s
WHERE number = %s AND state = 'closed'
"""
_READINGS = """
SELECT number, place, fee_yen FROM register.inspection_reading WHERE closing = '' AND inspected_on <= %s
ORDER BY inspected_on, number, place
"""
_TAKE_UP_READINGS = """
UPDATE register.inspection_reading r SET closing = %s FROM unnest(%s::text[], %s::int[]) AS n (number, place)
WHERE r.number = n.number AND r.place = n.place AND r.closing = ''
"""
_SET_READINGS_BACK = (
    "UPDATE register.inspection_reading SET closing = '' WHERE closing = %s AND closing <> ''"
)
_HOW_MANY = "SELECT count(*) FROM register.till_closing WHERE state = 'closed'"


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """A paper as the cash-up reads it; `waived` says why its fee was not taken."""

    number: str
    issued_on: date
    kind: str
    channel: str
    requester: str
    fee_yen: int
    waived: str | None


@dataclass(frozen=True, slots=True)
class OpenReading:
    """An inspection as the cash-up reads it."""

    number: str
    place: int
    fee_yen: int


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """That the fee of one paper was not taken."""

    number: str
    cause: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """One cash-up: who closed it, what became of it, and its figures."""

    number: str
    day: date
    state: str
    closed_by: str
    closed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    why: str
    body: str


def hold_till(unit: Unit) -> None:
    """Let nobody else close until the unit ends."""
    unit.execute(_LOCK)


def draw_closing_number(unit: Unit, year: int) -> str:
    """Draw the number of a cash-up."""
    row = unit.execute(_DRAW).fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def open_papers(unit: Unit, until: date) -> list[OpenPaper]:
    """List the papers of the days until one that stand in no cash-up (index certificate_open)."""
    return [OpenPaper(*row) for row in unit.execute(_OPEN, (until,)).fetchall()]


def charged_paper(unit: Unit, number: str) -> tuple[OpenPaper, bool] | None:
    """Read one paper, and whether it stands in no cash-up yet (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else (OpenPaper(*row[:7]), row[7] == "")


def keep_waiver(unit: Unit, row: WaiverRow) -> None:
    """Keep that the fee of a paper was not taken."""
    unit.execute(_WAIVE, astuple(row))


def waivers_of(unit: Unit, numbers: Sequence[str]) -> list[WaiverRow]:
    """List the waivers of some papers (primary key)."""
    return [WaiverRow(*row) for row in unit.execute(_WAIVERS, (list(numbers),)).fetchall()]


def undo_waiver(unit: Unit, number: str, by: str, at: datetime, why: str) -> None:
    """Take back that the fee of a paper was not taken (primary key); what was noted stays readable."""
    unit.execute(_UNDO_WAIVER, (by, at, why, number))


def open_readings(unit: Unit, until: date) -> list[OpenReading]:
    """List the inspections of the days until one that stand in no cash-up (index inspection_reading_open)."""
    return [OpenReading(*row) for row in unit.execute(_READINGS, (until,)).fetchall()]


def keep_closing(
    unit: Unit, row: ClosingRow, numbers: Sequence[str], readings: Sequence[OpenReading] = ()
) -> None:
    """Keep a cash-up and let papers stand in it; whoever holds the till knows that they stand in no other one."""
    unit.execute(_KEEP, (row.number, row.day, row.closed_by, row.closed_at, row.body))
    unit.execute(_TAKE_UP, (row.number, list(numbers)))
    keys = [one.number for one in readings], [one.place for one in readings]
    unit.execute(_TAKE_UP_READINGS, (row.number, *keys))


def closing(unit: Unit, number: str) -> ClosingRow | None:
    """Read one cash-up (primary key)."""
    row = unit.execute(_CLOSING_BY_NUMBER, (number,)).fetchone()
    return None if row is None else ClosingRow(*row)


def lock_closing(unit: Unit, number: str) -> ClosingRow | None:
    """Read one cash-up and keep it for oneself until the unit ends."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else ClosingRow(*row)


def waiting_closings(unit: Unit, *, limit_rows: int) -> list[ClosingRow]:
    """List what waits for a second person, oldest first (index till_closing_waiting)."""
    return [ClosingRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def closings_between(unit: Unit, first: date, last: date, *, limit_rows: int) -> list[ClosingRow]:
    """List the cash-ups of some days, newest first (index till_closing_day)."""
    return [ClosingRow(*row) for row in unit.execute(_OF_DAYS, (first, last, limit_rows)).fetchall()]


def decide_closing(unit: Unit, row: ClosingRow, state: str, by: str, at: datetime, why: str) -> None:
    """Write a second person's word on a cash-up that the unit holds; what is returned sets its papers free."""
    unit.execute(_DECIDE, (state, by, at, why, row.number))
    if state == "returned":
        unit.execute(_SET_BACK, (row.number,))
        unit.execute(_SET_READINGS_BACK, (row.number,))


def how_many_wait(unit: Unit) -> int:
    """Count the cash-ups that wait for a second person."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0
