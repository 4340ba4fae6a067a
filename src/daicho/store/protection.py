"""Protection of victims: measures with their steps, whom they concern, what waits for a second person."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

from daicho.store.register import HOUSEHOLD_LOCKS
from daicho.store.unit import Unit

_KEEP = "INSERT INTO register.protection (number, version, open, last_day, body) VALUES (%s, 1, true, %s, %s)"
_TRY_HOUSEHOLDS = """
SELECT coalesce(bool_and(pg_try_advisory_xact_lock(kind, place)), true) FROM (
    SELECT DISTINCT %s::int AS kind, hashint8(number) AS place FROM unnest(%s::bigint[]) AS n (number)
    ORDER BY place OFFSET 0) AS locks
"""
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
UPDATE register.protection SET version = version + 1, open = %s, last_day = %s, body = %s
WHERE number = %s AND version = %s
"""
_ONE = "SELECT number, version, open, body::text FROM register.protection WHERE number = %s"
_SOME = "SELECT number, body::text FROM register.protection WHERE number = ANY(%s) ORDER BY number"
_OPEN = """
SELECT number, version, open, body::text FROM register.protection
WHERE open AND (coalesce(last_day, '-infinity'::date), number) > (coalesce(%s, '-infinity'::date), %s)
ORDER BY coalesce(last_day, '-infinity'::date), number LIMIT %s
"""
_HOW_MANY_OPEN = "SELECT count(*) FROM register.protection WHERE open"
# A register that was rebuilt from a prefecture knows no measures until two people have said that they are entered again.
_UNKNOWN = """EXISTS (SELECT FROM register.rebuilt b
    WHERE b.source = 'PREFECTURE' AND (b.security_by IS NULL OR b.protection_by IS NULL))"""
_AWAITS = f"SELECT {_UNKNOWN}"
_ANY_OPEN = f"SELECT EXISTS (SELECT FROM register.protection WHERE open) OR {_UNKNOWN}"
_STEPS = "SELECT step, by, at FROM register.protection_step WHERE number = %s ORDER BY version"
# Whoever lives in one household with a protected person is found by the same address, whoever left with one by where
# both went, and whoever parted the household and stayed by the roof that both are under. A plain join would leaf through
# everybody as long as a table that was filled a moment ago has no statistics.
# Until a key of the roof is folded (the town and the block), the whole address is compared.
_ONE_ROOF = "(r.address = mates.address OR (r.roof = mates.roof AND r.roof <> ''))"
_HOMES = """
WITH homes AS (
    SELECT asked.whose, one.household_number, one.living, one.address, one.roof
    FROM unnest(%(numbers)s::bigint[]) AS asked (whose) CROSS JOIN LATERAL (
        SELECT r.household_number, r.living, r.address, r.roof FROM register.resident r
        WHERE r.addressee_number = asked.whose OFFSET 0) AS one
), mates AS (
    SELECT DISTINCT homes.whose, homes.living, homes.address, homes.roof, mate.addressee_number FROM homes CROSS JOIN LATERAL (
        SELECT DISTINCT v.household_number FROM register.resident_version v
        WHERE v.addressee_number = homes.whose OFFSET 0) AS lived
    CROSS JOIN LATERAL (
        SELECT o.addressee_number FROM register.resident_version o
        WHERE o.household_number = lived.household_number OFFSET 0) AS mate
    WHERE (SELECT EXISTS (SELECT FROM register.protection WHERE open))
)
"""
_COVERED = f"""{_HOMES}, reached AS (
    SELECT homes.whose, member.addressee_number FROM homes CROSS JOIN LATERAL (
        SELECT r.addressee_number FROM register.resident r
        WHERE r.household_number = homes.household_number AND (r.living OR NOT homes.living) OFFSET 0) AS member
    UNION SELECT whose, whose FROM unnest(%(numbers)s::bigint[]) AS asked (whose)
    UNION SELECT mates.whose, mates.addressee_number FROM mates CROSS JOIN LATERAL (
        SELECT FROM register.resident r
        WHERE r.addressee_number = mates.addressee_number AND r.living AND {_ONE_ROOF} OFFSET 0) AS roof
    WHERE mates.living
), covered AS (
    SELECT DISTINCT reached.whose, held.number FROM reached CROSS JOIN LATERAL (
        SELECT p.number FROM register.protection_person p JOIN register.protection m ON m.number = p.number
        WHERE p.addressee_number = reached.addressee_number AND m.open OFFSET 0) AS held
)
"""
_WHOM = f"{_COVERED} SELECT whose, number FROM covered"
_OPENED = """SELECT FROM register.protection_release o WHERE o.number = covered.number
    AND o.opened_for = %(login)s AND o.begins_at <= %(at)s AND o.ends_at > %(at)s"""
_SHUT = f"NOT EXISTS ({_OPENED} AND o.addressee_number = covered.whose)"
_HIDDEN = f"""{_COVERED} SELECT whose FROM covered WHERE {_SHUT}
UNION SELECT whose FROM unnest(%(numbers)s::bigint[]) AS asked (whose) WHERE (SELECT {_UNKNOWN})"""
_ALL = "SELECT addressee_number FROM register.resident"
_MATES = f"""{_HOMES}, covered AS (
    SELECT mates.whose AS asked, held.addressee_number AS whose, held.number FROM mates CROSS JOIN LATERAL (
        SELECT p.addressee_number, p.number FROM register.protection_person p
        JOIN register.protection m ON m.number = p.number
        WHERE p.addressee_number = mates.addressee_number AND m.open OFFSET 0) AS held
)
SELECT DISTINCT asked, whose, number FROM covered
WHERE NOT EXISTS ({_OPENED} AND o.addressee_number IN (covered.whose, covered.asked))
"""
_EVER_WITH = """
SELECT DISTINCT mate.addressee_number FROM unnest(%(numbers)s::bigint[]) AS asked (whose) CROSS JOIN LATERAL (
    SELECT DISTINCT v.household_number FROM register.resident_version v
    WHERE v.addressee_number = asked.whose OFFSET 0) AS lived
CROSS JOIN LATERAL (
    SELECT o.addressee_number FROM register.resident_version o
    WHERE o.household_number = lived.household_number OFFSET 0) AS mate
"""
_EVERYBODY = f"""
WITH held AS (
    SELECT p.addressee_number, p.number FROM register.protection m
    JOIN register.protection_person p ON p.number = m.number WHERE m.open
), homes AS (
    SELECT held.number, held.addressee_number, home.* FROM held CROSS JOIN LATERAL (
        SELECT r.household_number, r.living, r.address, r.roof FROM register.resident r
        WHERE r.addressee_number = held.addressee_number OFFSET 0) AS home
), mates AS (
    SELECT DISTINCT homes.number, homes.address, homes.roof, mate.addressee_number FROM homes CROSS JOIN LATERAL (
        SELECT DISTINCT v.household_number FROM register.resident_version v
        WHERE v.addressee_number = homes.addressee_number OFFSET 0) AS lived
    CROSS JOIN LATERAL (
        SELECT o.addressee_number FROM register.resident_version o
        WHERE o.household_number = lived.household_number OFFSET 0) AS mate
    WHERE homes.living
), covered AS (
    SELECT addressee_number AS whose, number FROM held
    UNION SELECT member.addressee_number, homes.number FROM homes CROSS JOIN LATERAL (
        SELECT r.addressee_number FROM register.resident r
        WHERE r.household_number = homes.household_number AND (homes.living OR NOT r.living) OFFSET 0) AS member
    UNION SELECT mates.addressee_number, mates.number FROM mates CROSS JOIN LATERAL (
        SELECT FROM register.resident r
        WHERE r.addressee_number = mates.addressee_number AND r.living AND {_ONE_ROOF} OFFSET 0) AS roof
)
SELECT DISTINCT whose FROM covered WHERE {_SHUT}
"""
# Whoever is a person of an open measure, wherever they are and with whom.
_WHO_IS_OF_ONE = """
SELECT DISTINCT p.addressee_number FROM register.protection_person p
JOIN register.protection m ON m.number = p.number WHERE m.open
"""
_BY_NAME = """
SELECT DISTINCT o.number FROM register.protection_other_party o
JOIN register.protection m ON m.number = o.number AND m.open WHERE o.key = ANY(%s)
"""
_OF_OPEN = "EXISTS (SELECT FROM register.protection m WHERE m.number = p.number AND m.open)"
_PROPOSAL = "id, number, kind, asked_by, asked_at, why, minutes, cause, whose, state, decided_by, decided_at"
_PROPOSE = f"INSERT INTO register.protection_proposal ({_PROPOSAL}) VALUES ({', '.join(['%s'] * 12)})"
# A release that nobody decided in time has lapsed.
_IN_TIME = f"state = 'waiting' AND (kind <> 'RELEASE' OR asked_at >= %s) AND {_OF_OPEN}"
_WAITING = f"""
SELECT {_PROPOSAL} FROM register.protection_proposal p WHERE {_IN_TIME} ORDER BY asked_at LIMIT %s
"""
_RELEASE = """
INSERT INTO register.protection_release (number, opened_for, addressee_number, begins_at, ends_at)
SELECT %s, %s, whose, %s, %s FROM unnest(%s::bigint[]) AS n (whose)
"""
_LOCKED = f"SELECT {_PROPOSAL} FROM register.protection_proposal WHERE id = %s FOR UPDATE"
_DECIDE = """
UPDATE register.protection_proposal SET state = %s, decided_by = %s, decided_at = %s WHERE id = %s AND state = 'waiting'
"""
_BEGUN = """
SELECT s.number, s.at, m.body::text FROM register.protection_step s JOIN register.protection m ON m.number = s.number
WHERE s.version = 1 AND s.at >= %s AND m.open ORDER BY s.number
"""
_ALERTED = "SELECT entry_id FROM register.protection_alert WHERE number = %s"
_ALERT = (
    "INSERT INTO register.protection_alert (id, number, entry_id, alerts, at) VALUES (%s, %s, %s, %s, %s)"
)
_UNSEEN = """
SELECT id, number, entry_id, alerts, at FROM register.protection_alert WHERE seen_by IS NULL ORDER BY at LIMIT %s
"""
_SEEN = "UPDATE register.protection_alert SET seen_by = %s, seen_at = %s WHERE id = %s AND seen_by IS NULL"
_WORK = f"""
SELECT (SELECT count(*) FROM register.protection_proposal p WHERE {_IN_TIME})
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
    whose: int = 0
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


def try_households(unit: Unit, households: Iterable[int]) -> bool:
    """Keep households for oneself until the unit ends; False, without waiting, while somebody else holds one of them."""
    row = unit.execute(_TRY_HOUSEHOLDS, (HOUSEHOLD_LOCKS, sorted(households))).fetchone()
    return row is not None and bool(row[0])


def draw_number(unit: Unit, year: int) -> str:
    """Draw the number of a measure."""
    row = unit.execute("SELECT nextval('register.protection_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def keep_measure(
    unit: Unit,
    number: str,
    body: str,
    step: StepRow,
    *,
    last_day: date | None,
    people: Iterable[int],
    keys: Iterable[str],
) -> None:
    """Keep a new measure with whom it protects and the folded names of whom it protects from."""
    unit.execute(_KEEP, (number, last_day, body))
    unit.execute(_STEP, (number, 1, step.step, step.by, step.at, body))
    unit.execute(_KEEP_PEOPLE, (number, sorted(people)))
    unit.execute(_KEEP_OTHERS, (number, sorted(keys)))


def widen(unit: Unit, number: str, people: Iterable[int], keys: Iterable[str]) -> None:
    """Note all whom a measure protects now, and the folded names of all from whom; nobody is taken out."""
    unit.execute(_KEEP_PEOPLE, (number, sorted(people)))
    unit.execute(_KEEP_OTHERS, (number, sorted(keys)))


def take_step(
    unit: Unit, row: MeasureRow, body: str, step: StepRow, *, last_day: date | None, still_open: bool
) -> bool:
    """Replace a measure by what a step made of it; False when somebody else was quicker."""
    if unit.execute(_REPLACE, (still_open, last_day, body, row.number, row.version)).rowcount != 1:
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


def open_measures(
    unit: Unit, *, after: tuple[date | None, str] = (None, ""), limit_rows: int
) -> list[MeasureRow]:
    """List what nobody has ended, from a last day and a number on: first the provisional, then what ends first."""
    return [MeasureRow(*row) for row in unit.execute(_OPEN, (*after, limit_rows)).fetchall()]


def how_many_open(unit: Unit) -> int:
    """Count what nobody has ended."""
    row = unit.execute(_HOW_MANY_OPEN).fetchone()
    return int(row[0]) if row else 0


def any_open(unit: Unit) -> bool:
    """Tell whether anybody is protected at all, or it is not known who is."""
    row = unit.execute(_ANY_OPEN).fetchone()
    return bool(row and row[0])


def awaits_measures(unit: Unit) -> bool:
    """Tell whether it is not known who is protected: the register came from where nobody knows (index rebuilt_shut)."""
    row = unit.execute(_AWAITS).fetchone()
    return bool(row and row[0])


def steps_of(unit: Unit, number: str) -> list[StepRow]:
    """List the steps of a measure, oldest first."""
    return [StepRow(*row) for row in unit.execute(_STEPS, (number,)).fetchall()]


def measures_over(unit: Unit, addressee_numbers: Iterable[int]) -> list[tuple[int, str]]:
    """Tell which of some people an open measure covers: itself, by one household, or once of one and under one roof.

    Gives pairs with its number.
    """
    rows = unit.execute(_WHOM, {"numbers": sorted(addressee_numbers)}).fetchall()
    return [(int(row[0]), str(row[1])) for row in rows]


def hidden(unit: Unit, addressee_numbers: Iterable[int], login_id: str, at: datetime) -> frozenset[int]:
    """Name those of some people whom an open measure covers and no release opens for an operator at an instant.

    All of them while it is not known who is protected.
    """
    values = {"numbers": sorted(addressee_numbers), "login": login_id, "at": at}
    return frozenset(int(row[0]) for row in unit.execute(_HIDDEN, values).fetchall())


def hidden_everywhere(unit: Unit, login_id: str, at: datetime) -> frozenset[int]:
    """Name everybody whom an open measure covers and no release opens for an operator at an instant.

    Everybody at all while it is not known who is protected.
    """
    query = _ALL if awaits_measures(unit) else _EVERYBODY
    rows = unit.execute(query, {"login": login_id, "at": at}).fetchall()
    return frozenset(int(row[0]) for row in rows)


def people_of_measures(unit: Unit) -> frozenset[int]:
    """Name whoever is a person of an open measure; nobody is it, or is it no more, by where they or others live."""
    return frozenset(int(row[0]) for row in unit.execute(_WHO_IS_OF_ONE).fetchall())


def once_together(
    unit: Unit, addressee_numbers: Iterable[int], *, shut_for: str = "", at: datetime | None = None
) -> list[tuple[int, int]]:
    """Pair some people with all protected ones who ever were of one household with them.

    With an operator and an instant, those are left out for whom the block of either is open for that operator.
    """
    pairs = {(whose, protected) for whose, protected, _ in _mates(unit, addressee_numbers, shut_for, at)}
    return sorted(pairs)


def measures_beside(unit: Unit, addressee_numbers: Iterable[int]) -> frozenset[str]:
    """Name the open measures of all protected people who ever were of one household with some people."""
    return frozenset(number for _, _, number in _mates(unit, addressee_numbers, "", None))


def _mates(
    unit: Unit, addressee_numbers: Iterable[int], shut_for: str, at: datetime | None
) -> list[tuple[int, int, str]]:
    values = {"numbers": sorted(addressee_numbers), "login": shut_for, "at": at}
    rows = unit.execute(_MATES, values).fetchall()
    return [(int(row[0]), int(row[1]), str(row[2])) for row in rows]


def ever_with(unit: Unit, addressee_numbers: Iterable[int]) -> frozenset[int]:
    """Name everybody who ever was of one household with some people, themselves among them."""
    rows = unit.execute(_EVER_WITH, {"numbers": sorted(addressee_numbers)}).fetchall()
    return frozenset(int(row[0]) for row in rows)


def open_for(
    unit: Unit, number: str, login_id: str, people: Iterable[int], span: tuple[datetime, datetime]
) -> None:
    """Open the block of some people of a measure for an operator from one instant until another."""
    unit.execute(_RELEASE, (number, login_id, *span, sorted(people)))


def measures_against(unit: Unit, keys: Iterable[str]) -> list[str]:
    """List the open measures that name one of some folded names as the other party."""
    return [str(row[0]) for row in unit.execute(_BY_NAME, (sorted(keys),)).fetchall()]


def propose(unit: Unit, row: ProposalRow) -> None:
    """Keep what somebody asks a second person."""
    unit.execute(_PROPOSE, astuple(row))


def waiting_proposals(unit: Unit, *, releases_since: datetime, limit_rows: int) -> list[ProposalRow]:
    """List what waits for a second person, oldest first; releases asked for before an instant wait no longer."""
    rows = unit.execute(_WAITING, (releases_since, limit_rows)).fetchall()
    return [ProposalRow(*row) for row in rows]


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


def begun_since(unit: Unit, at: datetime) -> list[tuple[datetime, str]]:
    """Read the open measures that began since an instant, with when each did (index protection_step_begun)."""
    return [(row[1], str(row[2])) for row in unit.execute(_BEGUN, (at,)).fetchall()]


def alerted_of(unit: Unit, number: str) -> frozenset[str]:
    """Name the entries of which a measure has alerted (index protection_alert_number)."""
    return frozenset(str(row[0]) for row in unit.execute(_ALERTED, (number,)).fetchall())


def unseen_alerts(unit: Unit, *, limit_rows: int) -> list[AlertRow]:
    """List the alerts that nobody has looked at, oldest first."""
    return [AlertRow(*row) for row in unit.execute(_UNSEEN, (limit_rows,)).fetchall()]


def see_alert(unit: Unit, alert_id: str, by: str, at: datetime) -> bool:
    """Note that an alert was looked at; False when it had been already."""
    return unit.execute(_SEEN, (by, at, alert_id)).rowcount == 1


def how_much_waits(unit: Unit, releases_since: datetime) -> int:
    """Count what waits for whoever looks after the measures."""
    row = unit.execute(_WORK, (releases_since,)).fetchone()
    return int(row[0]) if row else 0
