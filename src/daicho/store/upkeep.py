"""Cases in which the register may be wrong, with their steps, and movers whom no town has reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_KEEP = """
INSERT INTO register.upkeep_case (number, version, kind, received_on, open, body) VALUES (%s, 1, %s, %s, true, %s)
"""
_STEP = (
    "INSERT INTO register.upkeep_step (number, version, step, by, at, body) VALUES (%s, %s, %s, %s, %s, %s)"
)
_KEEP_PEOPLE = """
INSERT INTO register.upkeep_person (addressee_number, number)
SELECT whose, %s FROM unnest(%s::bigint[]) AS n (whose) ON CONFLICT DO NOTHING
"""
_KEEP_ENTRIES = """
INSERT INTO register.upkeep_entry (entry_id, number)
SELECT entry, %s FROM unnest(%s::text[]) AS n (entry) ON CONFLICT DO NOTHING
"""
_REPLACE = """
UPDATE register.upkeep_case SET version = version + 1, open = %s, body = %s WHERE number = %s AND version = %s
"""
_ONE = "SELECT number, version, open, body::text FROM register.upkeep_case WHERE number = %s"
_OPEN = """
SELECT number, version, open, body::text FROM register.upkeep_case
WHERE open AND (received_on, number) > (coalesce(%s, '-infinity'::date), %s) ORDER BY received_on, number LIMIT %s
"""
_ENDED = """
SELECT number, version, open, body::text FROM register.upkeep_case
WHERE NOT open AND number < %s ORDER BY number DESC LIMIT %s
"""
_BEHIND_ALL = "~"  # sorts behind every number
_STEPS = "SELECT step, by, at FROM register.upkeep_step WHERE number = %s ORDER BY version"
_OF_PEOPLE = """
SELECT DISTINCT c.number, c.version, c.open, c.body::text FROM register.upkeep_person p
CROSS JOIN LATERAL (
    SELECT k.number, k.version, k.open, k.body FROM register.upkeep_case k
    WHERE k.number = p.number OFFSET 0) AS c
WHERE p.addressee_number = ANY(%s) ORDER BY c.number
"""
_OF_ENTRY = """
SELECT c.number, c.version, c.open, c.body::text FROM register.upkeep_entry e
CROSS JOIN LATERAL (
    SELECT k.number, k.version, k.open, k.body FROM register.upkeep_case k
    WHERE k.number = e.number OFFSET 0) AS c
WHERE e.entry_id = %s ORDER BY c.number
"""
_HOW_MANY = "SELECT count(*) FROM register.upkeep_case WHERE open"
_AWAIT = """
INSERT INTO register.awaited_arrival (addressee_number, entry_id, moved_out_on)
SELECT whose, entry, went FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS n (whose, entry, went)
ON CONFLICT (addressee_number) DO UPDATE SET entry_id = excluded.entry_id, moved_out_on = excluded.moved_out_on,
    arrived_on = NULL, reported_at = NULL, case_number = NULL
"""
_ARRIVED = """
UPDATE register.awaited_arrival SET arrived_on = %s, reported_at = %s
WHERE addressee_number = ANY(%s) AND reported_at IS NULL RETURNING addressee_number
"""
# Whoever has lived here since the entry that struck, back or because it was undone, is not waited for: not even when
# another entry struck them again. The newest version alone would not do: what was struck may be corrected afterwards.
_STILL_GONE = """NOT coalesce((
    SELECT bool_or(v.living) FROM register.resident_version v
    WHERE v.addressee_number = a.addressee_number AND v.version > (
        SELECT s.version FROM register.resident_version s
        WHERE s.addressee_number = a.addressee_number AND s.entry_id = a.entry_id)), false)"""
_MISSING = f"""
SELECT a.addressee_number, a.entry_id, a.moved_out_on FROM register.awaited_arrival a
WHERE a.reported_at IS NULL AND a.case_number IS NULL AND a.moved_out_on < %s
    AND (a.moved_out_on, a.entry_id) > (coalesce(%s, '-infinity'::date), %s) AND {_STILL_GONE}
ORDER BY a.moved_out_on, a.entry_id, a.addressee_number LIMIT %s
"""
_LEFT_BY = "SELECT moved_out_on FROM register.awaited_arrival WHERE entry_id = %s LIMIT 1"
_LOCK_MISSING = f"""
SELECT a.addressee_number FROM register.awaited_arrival a
WHERE a.addressee_number = ANY(%s) AND a.case_number IS NULL AND a.reported_at IS NULL AND {_STILL_GONE}
ORDER BY a.addressee_number FOR UPDATE
"""
_TAKE_UP = """
UPDATE register.awaited_arrival SET case_number = %s WHERE addressee_number = ANY(%s) AND case_number IS NULL
"""
_RELEASE = "UPDATE register.awaited_arrival SET case_number = NULL WHERE case_number = %s"
_REPORTED = """
SELECT addressee_number, arrived_on FROM register.awaited_arrival
WHERE addressee_number = ANY(%s) AND reported_at IS NOT NULL ORDER BY addressee_number
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as it stands."""

    number: str
    version: int
    open: bool
    body: str


@dataclass(frozen=True, slots=True)
class CaseStepRow:
    """One step in the life of a case."""

    step: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AwaitedRow:
    """Somebody who was struck as moved out and whom no town has reported."""

    addressee_number: int
    entry_id: str
    moved_out_on: date


def draw_case_number(unit: Unit, year: int) -> str:
    """Draw the number of a case."""
    row = unit.execute("SELECT nextval('register.upkeep_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def keep_case(
    unit: Unit, row: CaseRow, step: CaseStepRow, *, kind: str, received_on: date, people: Iterable[int]
) -> None:
    """Keep a new case with whom it concerns."""
    unit.execute(_KEEP, (row.number, kind, received_on, row.body))
    unit.execute(_STEP, (row.number, 1, step.step, step.by, step.at, row.body))
    unit.execute(_KEEP_PEOPLE, (row.number, sorted(people)))


def take_case_step(
    unit: Unit,
    row: CaseRow,
    body: str,
    step: CaseStepRow,
    *,
    still_open: bool,
    people: Iterable[int],
    entries: Sequence[str],
) -> bool:
    """Replace a case by what a step made of it; False when somebody else was quicker."""
    if unit.execute(_REPLACE, (still_open, body, row.number, row.version)).rowcount != 1:
        return False
    unit.execute(_STEP, (row.number, row.version + 1, step.step, step.by, step.at, body))
    unit.execute(_KEEP_PEOPLE, (row.number, sorted(people)))
    if entries:
        unit.execute(_KEEP_ENTRIES, (row.number, sorted(entries)))
    return True


def upkeep_case(unit: Unit, number: str) -> CaseRow | None:
    """Read one case (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else CaseRow(*row)


def open_cases(unit: Unit, *, after: tuple[date | None, str] = (None, ""), limit_rows: int) -> list[CaseRow]:
    """List what nobody has ended, from behind a day and a number on, what waits longest first (partial index)."""
    return [CaseRow(*row) for row in unit.execute(_OPEN, (*after, limit_rows)).fetchall()]


def ended_cases(unit: Unit, *, before: str = "", limit_rows: int) -> list[CaseRow]:
    """List what somebody has ended, the newest number first, below a number (partial index)."""
    return [CaseRow(*row) for row in unit.execute(_ENDED, (before or _BEHIND_ALL, limit_rows)).fetchall()]


def case_steps(unit: Unit, number: str) -> list[CaseStepRow]:
    """List the steps of a case, oldest first (primary key)."""
    return [CaseStepRow(*row) for row in unit.execute(_STEPS, (number,)).fetchall()]


def cases_of(unit: Unit, addressee_numbers: Iterable[int]) -> list[CaseRow]:
    """List the cases of some people, those that ended among them (primary key)."""
    return [CaseRow(*row) for row in unit.execute(_OF_PEOPLE, (sorted(addressee_numbers),)).fetchall()]


def cases_of_entry(unit: Unit, entry_id: str) -> list[CaseRow]:
    """List the cases to which a change is joined (primary key)."""
    return [CaseRow(*row) for row in unit.execute(_OF_ENTRY, (entry_id,)).fetchall()]


def how_many_cases(unit: Unit) -> int:
    """Count what nobody has ended (partial index)."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0


def await_arrivals(unit: Unit, rows: Sequence[AwaitedRow]) -> None:
    """Wait for another town's report about people who were struck; whoever leaves again is waited for anew."""
    unit.execute(
        _AWAIT,
        (
            [one.addressee_number for one in rows],
            [one.entry_id for one in rows],
            [one.moved_out_on for one in rows],
        ),
    )


def note_arrivals(
    unit: Unit, addressee_numbers: Iterable[int], arrived_on: date, at: datetime
) -> frozenset[int]:
    """Note that another town reported people as moved in; name those who were waited for (primary key)."""
    rows = unit.execute(_ARRIVED, (arrived_on, at, sorted(addressee_numbers))).fetchall()
    return frozenset(int(row[0]) for row in rows)


def missing_arrivals(
    unit: Unit, *, before: date, after: tuple[date | None, str] = (None, ""), limit_rows: int
) -> list[AwaitedRow]:
    """List whom nobody has reported and of whom no case is kept, who left first at the head (partial index).

    From behind a day and an entry on; whoever left by one entry stands together.
    """
    rows = unit.execute(_MISSING, (before, *after, limit_rows)).fetchall()
    return [AwaitedRow(*row) for row in rows]


def left_by(unit: Unit, entry_id: str) -> date | None:
    """Tell on which day whoever was struck by an entry left, while it is the newest that they left by (index)."""
    row = unit.execute(_LEFT_BY, (entry_id,)).fetchone()
    return None if row is None else row[0]


def lock_missing(unit: Unit, addressee_numbers: Iterable[int]) -> frozenset[int]:
    """Name those of some people who are waited for without a case, and keep them for oneself until the unit ends."""
    rows = unit.execute(_LOCK_MISSING, (sorted(addressee_numbers),)).fetchall()
    return frozenset(int(row[0]) for row in rows)


def take_up_arrivals(unit: Unit, number: str, addressee_numbers: Iterable[int]) -> None:
    """Give movers who are waited for to a case (primary key)."""
    unit.execute(_TAKE_UP, (number, sorted(addressee_numbers)))


def release_arrivals(unit: Unit, number: str) -> None:
    """Wait again, without a case, for whoever was given to one that is withdrawn (index)."""
    unit.execute(_RELEASE, (number,))


def reported_arrivals(unit: Unit, addressee_numbers: Iterable[int]) -> dict[int, date]:
    """Tell on which day those of some people arrived whom another town has reported (primary key)."""
    rows = unit.execute(_REPORTED, (sorted(addressee_numbers),)).fetchall()
    return {int(row[0]): row[1] for row in rows}
