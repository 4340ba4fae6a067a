"""Requests for other individual numbers, from two people's word to the number's arrival; no number stands here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_ROW = (
    "id, addressee_number, state, entered_by, entered_at, terminal, body::text, decided_by, decided_at, why, asked_code,"
    " entry_id, closed_at"
)
_KEEP = """
INSERT INTO register.number_change (id, addressee_number, state, entered_by, entered_at, terminal, body)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE = f"SELECT {_ROW} FROM register.number_change WHERE id = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_OPEN_OF = f"""
SELECT {_ROW} FROM register.number_change WHERE addressee_number = ANY(%s) AND closed_at IS NULL
"""  # index: number_change_open
_ANSWERED_BY = (
    f"SELECT {_ROW} FROM register.number_change WHERE asked_code = %s AND state = 'asked' FOR UPDATE"
)
_WAITING = f"""
SELECT {_ROW} FROM register.number_change WHERE closed_at IS NULL ORDER BY (state = 'asked'), entered_at, id LIMIT %s
"""
_CLOSED = f"""
SELECT {_ROW} FROM register.number_change WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id DESC LIMIT %s
"""
_ASK = """
UPDATE register.number_change SET state = 'asked', decided_by = %s, decided_at = %s, asked_code = %s
WHERE id = %s AND state = 'entered'
"""
_RETURN = """
UPDATE register.number_change SET state = 'returned', decided_by = %(by)s, decided_at = %(at)s, closed_at = %(at)s,
    why = %(why)s
WHERE id = %(id)s AND state = 'entered'
"""
_CLOSE = """
UPDATE register.number_change SET state = %s, closed_at = %s, why = %s, entry_id = %s WHERE id = %s AND closed_at IS NULL
"""
_OF_WHO_LEFT = f"""
SELECT {_ROW} FROM register.number_change c WHERE state = 'asked' AND NOT (
    SELECT r.living FROM register.resident r WHERE r.addressee_number = c.addressee_number)
"""  # indexes: number_change_waiting, primary key
_TO_DECIDE = "SELECT count(*) FROM register.number_change WHERE closed_at IS NULL AND state = 'entered'"


@dataclass(frozen=True, slots=True)
class NumberChangeRow:
    """One request: whose, by whom entered and decided, what became of it."""

    id: str
    addressee_number: int
    state: str
    entered_by: str
    entered_at: datetime
    terminal: str
    body: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str = ""
    asked_code: str | None = None
    entry_id: str | None = None
    closed_at: datetime | None = None


def keep(unit: Unit, row: NumberChangeRow) -> bool:
    """Keep a request; False where it is kept already or another one of the same person is open."""
    values = (
        row.id,
        row.addressee_number,
        row.state,
        row.entered_by,
        row.entered_at,
        row.terminal,
        row.body,
    )
    unit.cursor.execute(_KEEP, values)
    return unit.cursor.rowcount == 1


def one(unit: Unit, request_id: str, *, locked: bool = False) -> NumberChangeRow | None:
    """Read one, by the primary key."""
    unit.cursor.execute(_LOCKED if locked else _ONE, (request_id,))
    row = unit.cursor.fetchone()
    return None if row is None else NumberChangeRow(*row)


def open_of(unit: Unit, addressee_numbers: Iterable[int]) -> dict[int, NumberChangeRow]:
    """Read what is open of some people (index number_change_open)."""
    unit.cursor.execute(_OPEN_OF, (list(addressee_numbers),))
    return {row[1]: NumberChangeRow(*row) for row in unit.cursor.fetchall()}


def answered_by(unit: Unit, code: str) -> NumberChangeRow | None:
    """Read and lock the request that a number for this code answers (index number_change_asked)."""
    unit.cursor.execute(_ANSWERED_BY, (str(code),))
    row = unit.cursor.fetchone()
    return None if row is None else NumberChangeRow(*row)


def listed(unit: Unit, *, closed: bool, limit_rows: int) -> list[NumberChangeRow]:
    """List what is open, what somebody has to do first (number_change_waiting), or what is closed, newest first."""
    unit.cursor.execute(_CLOSED if closed else _WAITING, (limit_rows,))
    return [NumberChangeRow(*row) for row in unit.cursor.fetchall()]


def ask(unit: Unit, request_id: str, by: str, at: datetime, code: str) -> bool:
    """Note that the nation is asked by the word of a second person; False where that was decided before."""
    unit.cursor.execute(_ASK, (by, at, str(code), request_id))
    return unit.cursor.rowcount == 1


def give_back(unit: Unit, request_id: str, by: str, at: datetime, why: str) -> bool:
    """Close a request that a second person sends back."""
    unit.cursor.execute(_RETURN, {"id": request_id, "by": by, "at": at, "why": why})
    return unit.cursor.rowcount == 1


def close(
    unit: Unit, request_id: str, state: str, at: datetime, *, why: str = "", entry_id: str | None = None
) -> bool:
    """Close one: recorded by an entry, dropped by whoever entered it, or lapsed."""
    unit.cursor.execute(_CLOSE, (state, at, why, entry_id, request_id))
    return unit.cursor.rowcount == 1


def of_who_left(unit: Unit) -> list[NumberChangeRow]:
    """List requests that wait for the nation and whose person does not live here any more."""
    unit.cursor.execute(_OF_WHO_LEFT)
    return [NumberChangeRow(*row) for row in unit.cursor.fetchall()]


def how_many_to_decide(unit: Unit) -> int:
    """Count what waits for a second person (index number_change_waiting)."""
    unit.cursor.execute(_TO_DECIDE)
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0
