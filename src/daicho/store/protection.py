"""Protection of victims: measures with their steps, whom they concern, what waits for a second person."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from daicho.store.unit import Unit

_KEEP = "INSERT INTO register.protection (number, version, open, body) VALUES (%s, 1, true, %s)"
_KEEP_PEOPLE = """
INSERT INTO register.protection_person (addressee_number, number)
SELECT whose, %s FROM unnest(%s::bigint[]) AS n (whose) ON CONFLICT DO NOTHING
"""
_KEEP_OTHERS = """
INSERT INTO register.protection_other_party (key, number)
SELECT key, %s FROM unnest(%s::text[]) AS n (key) ON CONFLICT DO NOTHING
"""
_STEP = "INSERT INTO register.protection_step (number, version, step, by, at, body) VALUES (%s, %s, %s, %s, %s, %s)"
_REPLACE = """
UPDATE register.protection SET version = version + 1, open = %s, body = %s WHERE number = %s AND version = %s
"""
_ONE = "SELECT number, version, open, body::text FROM register.protection WHERE number = %s"
_SOME = "SELECT number, body::text FROM register.protection WHERE number = ANY(%s) ORDER BY number"
_OPEN = "SELECT number, version, open, body::text FROM register.protection WHERE open ORDER BY number DESC LIMIT %s"
_STEPS = "SELECT step, by, at FROM register.protection_step WHERE number = %s ORDER BY version"
# Whoever lives in one household with a protected person is found by the same address, and whoever left with one by where
# both went. A plain join would leaf through everybody as long as a table that was filled a moment ago has no statistics.
_WHOM = """
WITH homes AS (
    SELECT asked.whose, one.household_number, one.living FROM unnest(%(numbers)s::bigint[]) AS asked (whose)
    CROSS JOIN LATERAL (
        SELECT r.household_number, r.living FROM register.resident r
        WHERE r.addressee_number = asked.whose OFFSET 0) AS one
), reached AS (
    SELECT homes.whose, member.addressee_number FROM homes CROSS JOIN LATERAL (
        SELECT r.addressee_number FROM register.resident r
        WHERE r.household_number = homes.household_number AND (r.living OR NOT homes.living) OFFSET 0) AS member
    UNION SELECT whose, whose FROM unnest(%(numbers)s::bigint[]) AS asked (whose)
)
SELECT DISTINCT reached.whose, held.number FROM reached CROSS JOIN LATERAL (
    SELECT p.number FROM register.protection_person p JOIN register.protection m ON m.number = p.number
    WHERE p.addressee_number = reached.addressee_number AND m.open OFFSET 0) AS held
"""
_EVERYBODY = """
WITH held AS (
    SELECT p.addressee_number, p.number FROM register.protection m
    JOIN register.protection_person p ON p.number = m.number WHERE m.open
)
SELECT addressee_number, number FROM held
UNION
SELECT member.addressee_number, held.number FROM held CROSS JOIN LATERAL (
    SELECT r.household_number, r.living FROM register.resident r
    WHERE r.addressee_number = held.addressee_number OFFSET 0) AS home
CROSS JOIN LATERAL (
    SELECT r.addressee_number FROM register.resident r
    WHERE r.household_number = home.household_number AND (home.living OR NOT r.living) OFFSET 0) AS member
"""
_BY_NAME = """
SELECT DISTINCT o.number FROM register.protection_other_party o
JOIN register.protection m ON m.number = o.number AND m.open WHERE o.key = ANY(%s)
"""
_OF_OPEN = "EXISTS (SELECT FROM register.protection m WHERE m.number = p.number AND m.open)"
_PROPOSAL = "id, number, kind, asked_by, asked_at, why, minutes, cause, state, decided_by, decided_at"
_PROPOSE = f"INSERT INTO register.protection_proposal ({_PROPOSAL}) VALUES ({', '.join(['%s'] * 11)})"
_WAITING = f"""
SELECT {_PROPOSAL}
FROM register.protection_proposal p
WHERE state = 'waiting' AND {_OF_OPEN} ORDER BY asked_at LIMIT %s
"""
_LOCKED = f"SELECT {_PROPOSAL} FROM register.protection_proposal WHERE id = %s FOR UPDATE"
_DECIDE = """
UPDATE register.protection_proposal SET state = %s, decided_by = %s, decided_at = %s WHERE id = %s AND state = 'waiting'
"""
_ALERT = (
    "INSERT INTO register.protection_alert (id, number, entry_id, alerts, at) VALUES (%s, %s, %s, %s, %s)"
)
_UNSEEN = """
SELECT id, number, entry_id, alerts, at FROM register.protection_alert WHERE seen_by IS NULL ORDER BY at LIMIT %s
"""
_SEEN = "UPDATE register.protection_alert SET seen_by = %s, seen_at = %s WHERE id = %s AND seen_by IS NULL"
_WORK = f"""
SELECT (SELECT count(*) FROM register.protection_proposal p WHERE state = 'waiting' AND {_OF_OPEN})
     + (SELECT count(*) FROM register.protection_alert WHERE seen_by IS NULL)
"""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure as it stands."""

    number: str
    version: int
    open: bool
    body: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step in the life of a measure."""

    step: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What somebody asks a second person to decide."""

    id: str
    number: str
    kind: str
    asked_by: str
    asked_at: datetime
    why: str
    minutes: int
    cause: str | None
    state: str = "waiting"
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """What a clerk was told at a change, until somebody has looked at it."""

    id: str
    number: str
    entry_id: str
    alerts: list[str]
    at: datetime


def draw_number(unit: Unit, year: int) -> str:
    """Draw the number of a measure."""
    row = unit.execute("SELECT nextval('register.protection_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def keep_measure(
    unit: Unit, number: str, body: str, step: StepRow, *, people: Iterable[int], keys: Iterable[str]
) -> None:
    """Keep a new measure with whom it protects and the folded names of whom it protects from."""
    unit.execute(_KEEP, (number, body))
    unit.execute(_STEP, (number, 1, step.step, step.by, step.at, body))
    unit.execute(_KEEP_PEOPLE, (number, sorted(people)))
    unit.execute(_KEEP_OTHERS, (number, sorted(keys)))


def take_step(unit: Unit, row: MeasureRow, body: str, step: StepRow, *, still_open: bool) -> bool:
    """Replace a measure by what a step made of it; False when somebody else was quicker."""
    if unit.execute(_REPLACE, (still_open, body, row.number, row.version)).rowcount != 1:
        return False
    unit.execute(_STEP, (row.number, row.version + 1, step.step, step.by, step.at, body))
    return True


def measure(unit: Unit, number: str) -> MeasureRow | None:
    """Read one measure (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else MeasureRow(*row)


def bodies_of(unit: Unit, numbers: Iterable[str]) -> dict[str, str]:
    """Read some measures as they stand."""
    return dict(unit.execute(_SOME, (sorted(numbers),)).fetchall())


def open_measures(unit: Unit, *, limit_rows: int) -> list[MeasureRow]:
    """List what nobody has ended, newest first."""
    return [MeasureRow(*row) for row in unit.execute(_OPEN, (limit_rows,)).fetchall()]


def steps_of(unit: Unit, number: str) -> list[StepRow]:
    """List the steps of a measure, oldest first."""
    return [StepRow(*row) for row in unit.execute(_STEPS, (number,)).fetchall()]


def measures_over(unit: Unit, addressee_numbers: Iterable[int]) -> list[tuple[int, str]]:
    """Tell which of some people an open measure covers, directly or by one household; pairs with its number."""
    rows = unit.execute(_WHOM, {"numbers": sorted(addressee_numbers)}).fetchall()
    return [(int(row[0]), str(row[1])) for row in rows]


def measures_over_everybody(unit: Unit) -> list[tuple[int, str]]:
    """Tell whom all open measures cover, directly or by one household; pairs with the number."""
    return [(int(row[0]), str(row[1])) for row in unit.execute(_EVERYBODY).fetchall()]


def measures_against(unit: Unit, keys: Iterable[str]) -> list[str]:
    """List the open measures that name one of some folded names as the other party."""
    return [str(row[0]) for row in unit.execute(_BY_NAME, (sorted(keys),)).fetchall()]


def propose(unit: Unit, row: ProposalRow) -> None:
    """Keep what somebody asks a second person."""
    unit.execute(_PROPOSE, astuple(row))


def waiting_proposals(unit: Unit, *, limit_rows: int) -> list[ProposalRow]:
    """List what waits for a second person, oldest first."""
    return [ProposalRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def lock_proposal(unit: Unit, proposal_id: str) -> ProposalRow | None:
    """Read one proposal and keep it for oneself until the unit ends."""
    row = unit.execute(_LOCKED, (proposal_id,)).fetchone()
    return None if row is None else ProposalRow(*row)


def decide_proposal(unit: Unit, proposal_id: str, state: str, by: str, at: datetime) -> None:
    """Close a proposal by a second person's word."""
    unit.execute(_DECIDE, (state, by, at, proposal_id))


def keep_alerts(unit: Unit, rows: Sequence[AlertRow]) -> None:
    """Keep what a clerk is told, for whoever looks after the measures."""
    for row in rows:
        unit.execute(_ALERT, astuple(row))


def unseen_alerts(unit: Unit, *, limit_rows: int) -> list[AlertRow]:
    """List the alerts that nobody has looked at, oldest first."""
    return [AlertRow(*row) for row in unit.execute(_UNSEEN, (limit_rows,)).fetchall()]


def see_alert(unit: Unit, alert_id: str, by: str, at: datetime) -> bool:
    """Note that an alert was looked at; False when it had been already."""
    return unit.execute(_SEEN, (by, at, alert_id)).rowcount == 1


def how_much_waits(unit: Unit) -> int:
    """Count what waits for whoever looks after the measures."""
    row = unit.execute(_WORK).fetchone()
    return int(row[0]) if row else 0
