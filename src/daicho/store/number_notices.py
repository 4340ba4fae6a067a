"""Notices of individual numbers that a town owes, and to where its residents stated them to go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_CURSOR = "SELECT position FROM register.number_notice_cursor WHERE one_row"
_LOCK_CURSOR = f"{_CURSOR} FOR UPDATE"
_MOVE = "UPDATE register.number_notice_cursor SET position = %s WHERE one_row"
_BEHIND = f"""
SELECT EXISTS (SELECT FROM hall.untold) OR EXISTS (SELECT FROM hall.feed WHERE position > ({_CURSOR}))
"""
_ALLOTTED = "SELECT code FROM codes.stock WHERE code = ANY(%s)"
_ASKED = "SELECT entry_id FROM register.number_change WHERE entry_id = ANY(%s)"
_ROW = (
    "id, addressee_number, entry_id, print_kind, state, owed_at, ordered_by, role, terminal, why, hindrance,"
    " control_number, elsewhere, closed_at"
)
_KEEP = """
INSERT INTO register.number_notice (id, addressee_number, entry_id, print_kind, owed_at, ordered_by, role, terminal, why)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE = f"SELECT {_ROW} FROM register.number_notice WHERE id = %s"
_NEXT = f"""
SELECT {_ROW} FROM register.number_notice WHERE state = 'waiting' ORDER BY (hindrance <> ''), owed_at, id LIMIT %s
FOR UPDATE SKIP LOCKED
"""  # index: number_notice_next
_ANY_WAITING = "SELECT EXISTS (SELECT FROM register.number_notice WHERE state = 'waiting')"
_UNHIDDEN = "addressee_number <> ALL(%(hidden)s::bigint[])"
_WAITING = f"""
SELECT {_ROW} FROM register.number_notice WHERE state = 'waiting' AND {_UNHIDDEN}
ORDER BY (hindrance <> ''), owed_at, id LIMIT %(limit)s
"""  # index: number_notice_next
_CLOSED = f"""
SELECT {_ROW} FROM register.number_notice WHERE state <> 'waiting' AND {_UNHIDDEN}
ORDER BY closed_at DESC, id DESC LIMIT %(limit)s
"""  # index: number_notice_closed
_HINDERED = f"""
SELECT count(*) FROM register.number_notice WHERE state = 'waiting' AND hindrance <> '' AND {_UNHIDDEN}
"""  # index: number_notice_next
_OF_PERSON = f"""
SELECT {_ROW} FROM register.number_notice WHERE addressee_number = %s ORDER BY owed_at DESC, id DESC LIMIT %s
"""  # index: number_notice_person
_TELL = """
UPDATE register.number_notice n SET state = 'told', hindrance = '', control_number = %s, elsewhere = %s, closed_at = %s
WHERE n.id = ANY(%s) AND n.state = 'waiting'
"""
_LAPSE = """
UPDATE register.number_notice SET state = 'lapsed', hindrance = '', closed_at = %s WHERE id = ANY(%s) AND state = 'waiting'
"""
_HINDER = "UPDATE register.number_notice SET hindrance = %s WHERE id = ANY(%s) AND state = 'waiting' AND hindrance <> %s"
_STATED = "id, addressee_number, for_officer, until, entered_by, entered_at, terminal, body::text"
_STATE = """
INSERT INTO register.stated_destination (id, addressee_number, for_officer, until, entered_by, entered_at, terminal, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_KNOWN_STATED = "SELECT addressee_number FROM register.stated_destination WHERE id = %s"
_OF_PEOPLE = f"""
SELECT {_STATED} FROM register.stated_destination WHERE addressee_number = ANY(%s) AND ended_at IS NULL
"""  # index: stated_destination_open
_LISTED = f"""
SELECT {_STATED} FROM register.stated_destination WHERE ended_at IS NULL AND {_UNHIDDEN} AND (%(all)s OR NOT for_officer)
ORDER BY entered_at, id LIMIT %(limit)s
"""  # index: stated_destination_listed
_END = """
UPDATE register.stated_destination SET ended_by = %s, ended_at = %s, body = NULL
WHERE addressee_number = ANY(%s) AND ended_at IS NULL RETURNING addressee_number
"""  # index: stated_destination_open
_OVER = """
SELECT addressee_number FROM register.stated_destination WHERE ended_at IS NULL AND until < %(on)s
UNION
SELECT s.addressee_number FROM register.stated_destination s WHERE s.ended_at IS NULL AND NOT (
    SELECT r.living FROM register.resident r WHERE r.addressee_number = s.addressee_number)
LIMIT %(limit)s
"""  # indexes: stated_destination_until, stated_destination_listed, primary key


@dataclass(frozen=True, slots=True)
class NumberNoticeRow:
    """One notice that is owed or was told: whose, why, in which file."""

    id: str
    addressee_number: int
    entry_id: str | None
    print_kind: str
    state: str
    owed_at: datetime
    ordered_by: str = ""
    role: str = ""
    terminal: str = ""
    why: str = ""
    hindrance: str = ""
    control_number: str | None = None
    elsewhere: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatedRow:
    """To where somebody stated that notices go, while it holds."""

    id: str
    addressee_number: int
    for_officer: bool
    until: date | None
    entered_by: str
    entered_at: datetime
    terminal: str
    body: str


def something_behind(unit: Unit) -> bool:
    """Tell whether anything was verified that nobody has looked at yet (primary keys)."""
    row = unit.execute(_BEHIND).fetchone()
    return bool(row and row[0])


def lock_cursor(unit: Unit) -> int:
    """Read up to which place of the feed the town has looked; nobody else looks until the unit ends."""
    row = unit.execute(_LOCK_CURSOR).fetchone()
    return int(row[0]) if row else 0


def move_cursor(unit: Unit, position: int) -> None:
    """Note up to which place the town has looked."""
    unit.execute(_MOVE, (position,))


def allotted_here(unit: Unit, codes: Collection[str]) -> frozenset[str]:
    """Name those of some resident record codes that came from the own stock (primary key)."""
    rows = unit.execute(_ALLOTTED, (sorted(codes),)).fetchall() if codes else []
    return frozenset(str(row[0]) for row in rows)


def asked_here(unit: Unit, entry_ids: Collection[str]) -> frozenset[str]:
    """Name those changes that answer a request of the own town for another number (index number_change_entry)."""
    rows = unit.execute(_ASKED, (sorted(entry_ids),)).fetchall() if entry_ids else []
    return frozenset(str(row[0]) for row in rows)


def keep(unit: Unit, row: NumberNoticeRow) -> bool:
    """Keep a notice that is owed; False where it is kept already or another one of the same person waits."""
    values = (
        row.id, row.addressee_number, row.entry_id, row.print_kind, row.owed_at, row.ordered_by, row.role,
        row.terminal, row.why,
    )  # fmt: skip
    return unit.execute(_KEEP, values).rowcount == 1


def one(unit: Unit, notice_id: str) -> NumberNoticeRow | None:
    """Read one notice (primary key)."""
    row = unit.execute(_ONE, (notice_id,)).fetchone()
    return None if row is None else NumberNoticeRow(*row)


def any_waiting(unit: Unit) -> bool:
    """Tell whether any notice waits to be told (index number_notice_next)."""
    row = unit.execute(_ANY_WAITING).fetchone()
    return bool(row and row[0])


def lock_next(unit: Unit, *, limit_rows: int) -> list[NumberNoticeRow]:
    """Read what waits, what was hindered before behind the rest; nobody else tells it meanwhile (index number_notice_next)."""
    return [NumberNoticeRow(*row) for row in unit.execute(_NEXT, (limit_rows,)).fetchall()]


def waiting(unit: Unit, hidden: Collection[int], *, limit_rows: int) -> list[NumberNoticeRow]:
    """List what waits without hidden people (index number_notice_next)."""
    rows = unit.execute(_WAITING, {"hidden": sorted(hidden), "limit": limit_rows}).fetchall()
    return [NumberNoticeRow(*row) for row in rows]


def closed(unit: Unit, hidden: Collection[int], *, limit_rows: int) -> list[NumberNoticeRow]:
    """List what was told or lapsed, newest first, without hidden people (index number_notice_closed)."""
    rows = unit.execute(_CLOSED, {"hidden": sorted(hidden), "limit": limit_rows}).fetchall()
    return [NumberNoticeRow(*row) for row in rows]


def how_many_hindered(unit: Unit, hidden: Collection[int]) -> int:
    """Count what waits and could not be told, without hidden people (index number_notice_next)."""
    row = unit.execute(_HINDERED, {"hidden": sorted(hidden)}).fetchone()
    return int(row[0]) if row else 0


def of_person(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[NumberNoticeRow]:
    """List one person's notices, newest first (index number_notice_person)."""
    rows = unit.execute(_OF_PERSON, (addressee_number, limit_rows)).fetchall()
    return [NumberNoticeRow(*row) for row in rows]


def tell(unit: Unit, notice_ids: Sequence[str], file: tuple[str, bool], at: datetime) -> None:
    """Note in which file notices went, and whether to a stated destination (primary key)."""
    unit.execute(_TELL, (*file, at, list(notice_ids)))


def lapse(unit: Unit, notice_ids: Sequence[str], at: datetime) -> None:
    """Note that notices are owed no more: their people left before they were told (primary key)."""
    if notice_ids:
        unit.execute(_LAPSE, (at, list(notice_ids)))


def hinder(unit: Unit, notice_ids: Sequence[str], hindrance: str) -> None:
    """Note why notices could not be told (primary key)."""
    if notice_ids:
        unit.execute(_HINDER, (hindrance, list(notice_ids), hindrance))


def state(unit: Unit, row: StatedRow) -> bool:
    """Keep a stated destination; False where it is kept already or another one of the same person holds."""
    values = (
        row.id, row.addressee_number, row.for_officer, row.until, row.entered_by, row.entered_at, row.terminal,
        row.body,
    )  # fmt: skip
    return unit.execute(_STATE, values).rowcount == 1


def stated_by(unit: Unit, stated_id: str) -> int | None:
    """Tell of whom a stated destination is, ended or not (primary key)."""
    row = unit.execute(_KNOWN_STATED, (stated_id,)).fetchone()
    return None if row is None else int(row[0])


def stated_of(unit: Unit, addressee_numbers: Collection[int]) -> Mapping[int, StatedRow]:
    """Read the stated destinations of some people that were not ended (index stated_destination_open)."""
    rows = unit.execute(_OF_PEOPLE, (sorted(addressee_numbers),)).fetchall()
    return {int(row[1]): StatedRow(*row) for row in rows}


def stated(unit: Unit, hidden: Collection[int], *, everything: bool, limit_rows: int) -> list[StatedRow]:
    """List stated destinations, without hidden people and what is for officers (index stated_destination_listed)."""
    named = {"hidden": sorted(hidden), "all": everything, "limit": limit_rows}
    return [StatedRow(*row) for row in unit.execute(_LISTED, named).fetchall()]


def end_stated(unit: Unit, addressee_numbers: Collection[int], ended: tuple[str, datetime]) -> frozenset[int]:
    """End the stated destinations of some people, forget them, and name whose they were (index stated_destination_open)."""
    rows = unit.execute(_END, (*ended, sorted(addressee_numbers))).fetchall() if addressee_numbers else []
    return frozenset(int(row[0]) for row in rows)


def stated_over(unit: Unit, on: date, *, limit_rows: int) -> list[int]:
    """Name people whose stated destination is over by its day, or who live here no more."""
    return [int(row[0]) for row in unit.execute(_OVER, {"on": on, "limit": limit_rows}).fetchall()]
