"""Numbered security paper: deliveries, and each sheet that was used or spoiled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_LOCK = "SELECT pg_advisory_xact_lock(7005, 2)"
_DRAW = "SELECT nextval('register.sheet_delivery_seq')"
_DELIVERY = "number, series, digits, first, last, left_sheets, received_on, received_by, words"
_KEEP = """
INSERT INTO register.sheet_delivery (number, series, digits, first, last, left_sheets, received_on, received_by,
    words, received_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# Deliveries do not overlap: the first one that ends behind a number holds it, or nothing does.
_FROM = f"""
SELECT {_DELIVERY} FROM register.sheet_delivery WHERE series = %s AND digits = %s AND last >= %s
ORDER BY last LIMIT 1
"""
_OPEN = f"""
SELECT {_DELIVERY} FROM register.sheet_delivery WHERE left_sheets > 0 ORDER BY received_on, number LIMIT %s
"""
_LEFT = "SELECT coalesce(sum(left_sheets), 0) FROM register.sheet_delivery WHERE left_sheets > 0"
_NOTED = "SELECT place FROM register.sheet WHERE delivery = %s AND place BETWEEN %s AND %s AND undone = 0"
_LAST = "SELECT max(place) FROM register.sheet WHERE delivery = %s AND undone = 0"
_NOTE = """
INSERT INTO register.sheet (delivery, place, paper, cause, words, noted_on, noted_by, noted_at)
SELECT %s, place, %s, %s, %s, %s, %s, %s FROM generate_series(%s::bigint, %s::bigint) AS n (place)
"""
_TAKE = "UPDATE register.sheet_delivery SET left_sheets = left_sheets - %s WHERE number = %s"
_SHEET = """s.delivery, d.series, d.digits, s.place, s.paper, s.cause, s.words, s.noted_on, s.noted_by,
    s.destroyed_by, s.destroyed_at"""
# One walk of the key for each sheet.
_WITH_DELIVERY = """register.sheet s CROSS JOIN LATERAL (
    SELECT o.series, o.digits FROM register.sheet_delivery o WHERE o.number = s.delivery OFFSET 0) AS d"""
_SPOILED = f"""
SELECT {_SHEET} FROM {_WITH_DELIVERY}
WHERE s.cause IS NOT NULL AND s.cause <> 'MISSING' AND s.destroyed_by IS NULL AND s.undone = 0
ORDER BY s.noted_by = %s, s.noted_at, s.delivery, s.place LIMIT %s
"""
_OF_PAPER = f"""
SELECT {_SHEET} FROM {_WITH_DELIVERY} WHERE s.paper = %s AND s.undone = 0 ORDER BY s.delivery, s.place
"""
_DESTROY = """
UPDATE register.sheet s SET destroyed_by = %s, destroyed_at = %s
FROM unnest(%s::text[], %s::bigint[]) AS n (delivery, place)
WHERE s.delivery = n.delivery AND s.place = n.place AND s.undone = 0 AND s.destroyed_by IS NULL
"""
_NOTED_BY = """
SELECT place, noted_by FROM register.sheet
WHERE delivery = %s AND place BETWEEN %s AND %s AND undone = 0 AND destroyed_by IS NULL ORDER BY place
"""
_UNDO = """
UPDATE register.sheet s SET undone = 1 + (
    SELECT max(o.undone) FROM register.sheet o WHERE o.delivery = s.delivery AND o.place = s.place),
    undone_by = %s, undone_at = %s, undone_why = %s
WHERE s.delivery = %s AND s.place BETWEEN %s AND %s AND s.undone = 0
"""
_ANY = "SELECT EXISTS (SELECT FROM register.sheet_delivery)"
_COUNT = """
SELECT count(*) FILTER (WHERE paper IS NOT NULL), count(*) FILTER (WHERE cause IS NOT NULL)
FROM register.sheet WHERE closing = '' AND undone = 0
"""
_TAKE_UP = "UPDATE register.sheet SET closing = %s WHERE closing = ''"
_SET_BACK = "UPDATE register.sheet SET closing = '' WHERE closing = %s AND closing <> ''"
_WITHOUT = """
SELECT number FROM unnest(%s::text[]) AS n (number)
WHERE NOT EXISTS (SELECT FROM register.sheet s WHERE s.paper = n.number AND s.undone = 0) ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery of sheets, and how many of them are left."""

    number: str
    series: str
    digits: int
    first: int
    last: int
    left_sheets: int
    received_on: date
    received_by: str
    words: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet that was used or spoiled."""

    delivery: str
    series: str
    digits: int
    place: int
    paper: str | None
    cause: str | None
    words: str
    noted_on: date
    noted_by: str
    destroyed_by: str | None
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NotedSheets:
    """Sheets of one delivery as they are to be noted."""

    delivery: str
    first: int
    last: int
    paper: str | None
    cause: str | None
    words: str
    on: date
    by: str
    at: datetime


def hold_sheets(unit: Unit) -> None:
    """Let nobody else receive or note sheets until the unit ends."""
    unit.execute(_LOCK)


def keep_delivery(unit: Unit, row: DeliveryRow, at: datetime) -> None:
    """Keep a delivery."""
    values = (
        row.number, row.series, row.digits, row.first, row.last, row.left_sheets, row.received_on, row.received_by,
        row.words, at,
    )  # fmt: skip
    unit.execute(_KEEP, values)


def draw_delivery_number(unit: Unit, year: int) -> str:
    """Draw the number of a delivery."""
    row = unit.execute(_DRAW).fetchone()
    return f"{year}-{int(row[0]) if row else 0:04d}"


def delivery_from(unit: Unit, series: str, digits: int, place: int) -> DeliveryRow | None:
    """Find the first delivery of a series that ends at a place or behind it (index sheet_delivery_series)."""
    row = unit.execute(_FROM, (series, digits, place)).fetchone()
    return None if row is None else DeliveryRow(*row)


def open_deliveries(unit: Unit, *, limit_rows: int) -> list[DeliveryRow]:
    """List the deliveries of which something is left, oldest first (index sheet_delivery_open)."""
    return [DeliveryRow(*row) for row in unit.execute(_OPEN, (limit_rows,)).fetchall()]


def noted_places(unit: Unit, delivery: str, first: int, last: int) -> frozenset[int]:
    """Name the places of a delivery, between two, of which something is noted (primary key)."""
    return frozenset(int(row[0]) for row in unit.execute(_NOTED, (delivery, first, last)).fetchall())


def last_noted(unit: Unit, delivery: str) -> int | None:
    """Name the last place of a delivery of which something is noted (primary key)."""
    row = unit.execute(_LAST, (delivery,)).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def note_sheets(unit: Unit, noted: NotedSheets) -> None:
    """Note sheets that were used or spoiled, and that so many fewer are left."""
    words = (noted.delivery, noted.paper, noted.cause, noted.words, noted.on, noted.by, noted.at)
    unit.execute(_NOTE, (*words, noted.first, noted.last))
    unit.execute(_TAKE, (noted.last - noted.first + 1, noted.delivery))


def spoiled_sheets(unit: Unit, by: str, *, limit_rows: int) -> list[SheetRow]:
    """List spoiled sheets that nobody has destroyed: those that others noted first, oldest first (index sheet_spoiled)."""
    return [SheetRow(*row) for row in unit.execute(_SPOILED, (by, limit_rows)).fetchall()]


def sheets_of(unit: Unit, paper: str) -> list[SheetRow]:
    """List the sheets on which a paper went out (index sheet_paper)."""
    return [SheetRow(*row) for row in unit.execute(_OF_PAPER, (paper,)).fetchall()]


def noted_by(unit: Unit, delivery: str, first: int, last: int) -> dict[int, str]:
    """Tell who noted the places of a delivery, between two, of sheets that are still there (primary key)."""
    rows = unit.execute(_NOTED_BY, (delivery, first, last)).fetchall()
    return {int(row[0]): str(row[1]) for row in rows}


def undo_sheets(unit: Unit, delivery: str, first: int, last: int, by: str, at: datetime, why: str) -> None:
    """Take back what is noted of sheets: they are left again, and what was noted stays readable."""
    unit.execute(_UNDO, (by, at, why, delivery, first, last))
    unit.execute(_TAKE, (first - last - 1, delivery))


def any_delivery(unit: Unit) -> bool:
    """Tell whether numbered sheets ever came."""
    row = unit.execute(_ANY).fetchone()
    return bool(row and row[0])


def destroy_sheets(unit: Unit, rows: Sequence[SheetRow], by: str, at: datetime) -> None:
    """Note that some spoiled sheets were destroyed (primary key)."""
    unit.execute(_DESTROY, (by, at, [row.delivery for row in rows], [row.place for row in rows]))


def sheets_since_closing(unit: Unit) -> tuple[int, int]:
    """Count the sheets that were used and spoiled since the last cash-up (index sheet_open)."""
    row = unit.execute(_COUNT).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def sheets_left(unit: Unit) -> int:
    """Count the sheets that are left of all deliveries."""
    row = unit.execute(_LEFT).fetchone()
    return int(row[0]) if row else 0


def without_sheets(unit: Unit, papers: Sequence[str]) -> list[str]:
    """Name those of some papers of which no sheet is noted (index sheet_paper)."""
    return [str(row[0]) for row in unit.execute(_WITHOUT, (list(papers),)).fetchall()]


def take_up_sheets(unit: Unit, closing: str) -> None:
    """Let the sheets since the last cash-up stand in one."""
    unit.execute(_TAKE_UP, (closing,))


def set_sheets_back(unit: Unit, closing: str) -> None:
    """Let the sheets of a cash-up that was returned stand in none."""
    unit.execute(_SET_BACK, (closing,))
