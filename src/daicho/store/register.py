"""The register's tables: entries with two hands, records as they stand, versions, permits."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from daicho.store.unit import Unit

_ENTRY_COLUMNS = (
    "id, kind, reason, change_date, notified_on, entered_by, entered_at, terminal, verified_by, verified_at,"
    " state, outcome, seen::text, households, cancels, permit, body::text"
)
_INSERT_ENTRY = """
INSERT INTO register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, terminal,
    verified_by, verified_at, state, outcome, seen, households, cancels, permit, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text::json, %s, %s, %s, %s::text::json)
"""
_INSERT_PERSON = "INSERT INTO register.entry_person (entry_id, addressee_number) VALUES (%s, %s)"
_ENTRY = f"SELECT {_ENTRY_COLUMNS} FROM register.entry WHERE id = %s AND NOT disposed"
_ENTRIES_LOCKED = (
    f"SELECT {_ENTRY_COLUMNS} FROM register.entry WHERE id = ANY(%s) AND NOT disposed ORDER BY id FOR UPDATE"
)
_WAITING = (
    f"SELECT {_ENTRY_COLUMNS} FROM register.entry WHERE state = 'entered' ORDER BY entered_at, id LIMIT %s"
)
_ENTRIES_OF = f"""
SELECT {_ENTRY_COLUMNS} FROM register.entry
WHERE id IN (
    SELECT entry_id FROM register.entry_person WHERE addressee_number = %(person)s
    UNION SELECT entry_id FROM register.resident_version WHERE addressee_number = %(person)s)
ORDER BY entered_at, id
"""
_BODIES = "SELECT id, body::text FROM register.entry WHERE id = ANY(%s) AND NOT disposed"
_HOW_MANY_WAIT = "SELECT count(*) FROM register.entry WHERE state = 'entered'"
_WAITING_FOR = """
SELECT DISTINCT e.id FROM register.entry e JOIN register.entry_person p ON p.entry_id = e.id
WHERE p.addressee_number = ANY(%s) AND e.state = 'entered' ORDER BY e.id
"""
_CANCELLED_BY = "SELECT id FROM register.entry WHERE cancels = %s AND state IN ('entered', 'verified')"
_DECIDE = """
UPDATE register.entry SET state = %s, verified_by = %s, verified_at = %s, outcome = %s
WHERE id = %s AND state = 'entered' RETURNING id
"""
_VERIFY = """
UPDATE register.entry e SET state = 'verified', verified_by = d.verified_by, verified_at = d.verified_at
FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS d (id, verified_by, verified_at)
WHERE e.id = d.id AND e.state = 'entered' RETURNING e.id
"""
# What a record says stands in its newest version alone; a subquery is one walk of the key for each row that is given.
_RESIDENT_COLUMNS = """r.addressee_number, r.version, (SELECT v.body::text FROM register.resident_version v
    WHERE v.addressee_number = r.addressee_number AND v.version = r.version) AS body"""
_CIRCLE = """
WITH known AS (
    SELECT addressee_number, household_number FROM register.resident WHERE addressee_number = ANY(%(people)s)
    UNION SELECT addressee_number, household_number FROM register.resident WHERE code = ANY(%(codes)s)
), homes AS (
    SELECT household_number FROM known UNION SELECT unnest(%(homes)s::bigint[])
), wanted AS (
    SELECT addressee_number FROM known
    UNION SELECT member.addressee_number FROM homes CROSS JOIN LATERAL (
        SELECT r.addressee_number FROM register.resident r
        WHERE r.household_number = homes.household_number AND r.living OFFSET 0) AS member
)
SELECT one.*, (SELECT EXISTS (
        SELECT 1 FROM wanted CROSS JOIN LATERAL (SELECT 1 FROM register.processing_hold h
            WHERE h.addressee_number = wanted.addressee_number AND h.state <> 'ended' OFFSET 0) AS stop)
    OR EXISTS (
        SELECT 1 FROM homes CROSS JOIN LATERAL (SELECT 1 FROM register.processing_hold h
            WHERE h.household_number = homes.household_number AND h.state <> 'ended' OFFSET 0) AS stop))
FROM wanted CROSS JOIN LATERAL (
    SELECT {columns} FROM register.resident r
    WHERE r.addressee_number = wanted.addressee_number OFFSET 0) AS one
ORDER BY addressee_number
"""  # indexes: primary key, code, household, and those of the stops. An OR over them would leaf through everybody; so would
# a join, for as long as a town that was just imported has no statistics: OFFSET 0 keeps the planner to one household.
_PEOPLE = _CIRCLE.format(columns=_RESIDENT_COLUMNS)
_STANDING = _CIRCLE.format(columns="addressee_number, version, code, household_number, living")
# Whoever locks several takes them in the order of the locks themselves, so that two never wait for each other.
_LOCK = """
SELECT pg_advisory_xact_lock(kind, place) FROM (
    SELECT DISTINCT kind, hashint8(number) AS place FROM unnest(%s::int[], %s::bigint[]) AS n (kind, number)
    ORDER BY kind, place OFFSET 0) AS locks
"""
_DAY_CHARACTERS = 10
HOUSEHOLD_LOCKS = 7_003
_CODE_LOCKS = 7_004
_RESIDENT = f"SELECT {_RESIDENT_COLUMNS} FROM register.resident r WHERE addressee_number = %s"
_RESIDENTS = f"SELECT {_RESIDENT_COLUMNS} FROM register.resident r WHERE addressee_number = ANY(%s) ORDER BY addressee_number"
_RESIDENT_BY_CODE = f"SELECT {_RESIDENT_COLUMNS} FROM register.resident r WHERE code = %s"
_CLOSED_BEFORE = """
SELECT asked.whose FROM unnest(%s::bigint[]) AS asked (whose) LEFT JOIN LATERAL (
    SELECT r.closed_on, true AS there FROM register.resident r
    WHERE r.addressee_number = asked.whose OFFSET 0) AS one ON true
WHERE (one.there IS NULL AND %s) OR one.closed_on < %s
"""
_HOUSEHOLD = (
    f"SELECT {_RESIDENT_COLUMNS} FROM register.resident r WHERE household_number = %s AND living"
    " ORDER BY NOT householder, addressee_number"
)
_VERSION = "addressee_number, version, entry_id, change_date, recorded_at, household_number, living, resident_kind, sex, birth"
_INSERT_VERSIONS = f"""
INSERT INTO register.resident_version ({_VERSION}, district, body)
SELECT {_VERSION}, district, body::json
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::date[], %s::timestamptz[], %s::bigint[], %s::bool[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[]) AS n ({_VERSION}, district, body)
"""
_UPSERT_RESIDENTS = """
INSERT INTO register.resident (addressee_number, version, entry_id, code, household_number, living, householder,
    kana, kanji, birth, address, roof, due_on, closed_on)
SELECT addressee_number, version, entry_id, code, household_number, living, householder, kana, kanji, birth,
    address, roof, due_on, closed_on
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::bool[], %s::bool[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::date[])
    AS n (addressee_number, version, entry_id, code, household_number, living, householder, kana, kanji, birth,
          address, roof, due_on, closed_on)
ORDER BY addressee_number
ON CONFLICT (addressee_number) DO UPDATE SET version = excluded.version, entry_id = excluded.entry_id,
    code = excluded.code, household_number = excluded.household_number, living = excluded.living,
    householder = excluded.householder, kana = excluded.kana, kanji = excluded.kanji, birth = excluded.birth,
    address = excluded.address, roof = excluded.roof, due_on = excluded.due_on, closed_on = excluded.closed_on
WHERE register.resident.version = excluded.version - 1
"""
_VERSIONS = """
SELECT version, entry_id, change_date, recorded_at, body::text FROM register.resident_version
WHERE addressee_number = %s ORDER BY version
"""
_AS_OF = """
SELECT version, entry_id, change_date, recorded_at, body::text FROM register.resident_version
WHERE addressee_number = %s AND change_date <= %s AND recorded_at <= %s
ORDER BY version DESC LIMIT 1
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE living), count(*), count(DISTINCT household_number) FILTER (WHERE living)
FROM register.resident
"""
_DRAW = "SELECT nextval(%s) FROM generate_series(1, %s)"
_INSERT_PERMIT = """
INSERT INTO register.correction_permit (id, addressee_number, what, permitted_by, permitted_at)
VALUES (%s, %s, %s, %s, %s)
"""
_PERMIT = """
SELECT id, addressee_number, what, permitted_by, permitted_at FROM register.correction_permit WHERE id = %s
"""
_OPEN_PERMITS = """
SELECT id, addressee_number, what, permitted_by, permitted_at FROM register.correction_permit p
WHERE addressee_number = %s AND NOT EXISTS (
    SELECT 1 FROM register.entry e WHERE e.permit = p.id AND e.state IN ('entered', 'verified'))
ORDER BY permitted_at DESC LIMIT %s
"""
_PERMIT_USED = "SELECT id FROM register.entry WHERE permit = %s AND state IN ('entered', 'verified')"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One change as kept: who entered it, who decided it, and its bytes."""

    id: str
    kind: str
    reason: str
    change_date: date
    notified_on: date
    entered_by: str
    entered_at: datetime
    body: str
    terminal: str = ""
    verified_by: str | None = None
    verified_at: datetime | None = None
    state: str = "entered"
    outcome: str = ""
    seen: dict[int, int] = field(default_factory=dict)
    households: tuple[int, ...] = ()
    cancels: str | None = None
    permit: str | None = None


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """One record as it stands, with the columns by which it is found and counted."""

    addressee_number: int
    version: int
    code: str | None
    household_number: int
    living: bool
    householder: bool
    kana: str
    kanji: str
    birth: str
    address: str
    roof: str  # the address without the building: whose is one, lives under one roof
    due_on: date | None
    body: str
    resident_kind: str
    sex: str
    closed_on: date | None = None  # from which day the years of a removed record run; none while it lives
    district: str = ""  # what the address says of the district in which somebody is counted


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The next version of a record: which entry writes it, for which legal day, and when."""

    row: ResidentRow
    entry_id: str
    legal_day: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How one record stands: in which version, and by what others are tied to it."""

    addressee_number: int
    version: int
    code: str | None
    household_number: int
    living: bool
    any_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """One record as read: whose, in which version, and its bytes.

    `any_stopped` tells, of a circle of people, whether a stop is open over anybody in it or over a household of it.
    """

    addressee_number: int
    version: int
    body: str
    any_stopped: bool = False


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a record: which entry wrote it, for which legal day, and when."""

    version: int
    entry_id: str
    change_date: date
    recorded_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class PermitRow:
    """The security officer's permission to correct one record."""

    id: str
    addressee_number: int
    what: str
    permitted_by: str
    permitted_at: datetime


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """Folded search terms; empty ones do not narrow. Kana, kanji, address and what is no whole birth are prefixes."""

    kana: str = ""
    kanji: str = ""
    names: frozenset[str] = frozenset()  # whole names, folded: whoever bears any of them
    birth: str = ""
    address: str = ""
    household_number: int | None = None
    include_removed: bool = False
    without: frozenset[int] = frozenset()  # whoever must not be found
    closed_from: date | None = None  # removed records only from this day on: older ones are over


def _entry(row: tuple[Any, ...]) -> EntryRow:
    return EntryRow(
        id=row[0],
        kind=row[1],
        reason=row[2],
        change_date=row[3],
        notified_on=row[4],
        entered_by=row[5],
        entered_at=row[6],
        terminal=row[7],
        verified_by=row[8],
        verified_at=row[9],
        state=row[10],
        outcome=row[11],
        seen={int(number): version for number, version in json.loads(row[12]).items()},
        households=tuple(row[13]),
        cancels=row[14],
        permit=row[15],
        body=row[16],
    )


def draw_addressees(unit: Unit, count: int) -> tuple[int, ...]:
    """Draw unused addressee numbers; a rolled back unit leaves a hole, never a double."""
    if not count:
        return ()
    unit.cursor.execute(_DRAW, ("register.addressee_seq", count))
    return tuple(row[0] for row in unit.cursor.fetchall())


def draw_households(unit: Unit, count: int) -> tuple[int, ...]:
    """Draw unused household numbers."""
    if not count:
        return ()
    unit.cursor.execute(_DRAW, ("register.household_seq", count))
    return tuple(row[0] for row in unit.cursor.fetchall())


def keep_entry(unit: Unit, row: EntryRow, people: Iterable[int]) -> None:
    """Keep a new entry and whom it concerns."""
    keep_entries(unit, [(row, people)])


def keep_entries(unit: Unit, entries: Sequence[tuple[EntryRow, Iterable[int]]]) -> None:
    """Keep new entries and whom each concerns."""
    unit.cursor.executemany(_INSERT_ENTRY, [_columns(row) for row, _ in entries])
    concerned = [(row.id, number) for row, people in entries for number in sorted(set(people))]
    unit.cursor.executemany(_INSERT_PERSON, concerned)


def _columns(row: EntryRow) -> tuple[object, ...]:
    seen = json.dumps({str(number): version for number, version in sorted(row.seen.items())})
    return (
        row.id, row.kind, row.reason, row.change_date, row.notified_on, row.entered_by, row.entered_at, row.terminal,
        row.verified_by, row.verified_at, row.state, row.outcome, seen, list(row.households), row.cancels, row.permit,
        row.body,
    )  # fmt: skip


def load_entry(unit: Unit, entry_id: str) -> EntryRow | None:
    """Read one entry by its key."""
    unit.cursor.execute(_ENTRY, (entry_id,))
    row = unit.cursor.fetchone()
    return None if row is None else _entry(row)


def entry_bodies(unit: Unit, entry_ids: Iterable[str]) -> dict[str, str]:
    """Read what some changes say, those left out that were destroyed (primary key)."""
    return dict(unit.execute(_BODIES, (sorted(set(entry_ids)),)).fetchall())


def lock_entries(unit: Unit, entry_ids: Sequence[str]) -> dict[str, EntryRow]:
    """Read entries by their keys and hold them until the unit ends."""
    unit.cursor.execute(_ENTRIES_LOCKED, (list(entry_ids),))
    return {row[0]: _entry(row) for row in unit.cursor.fetchall()}


def waiting_entries(unit: Unit, *, limit: int) -> list[EntryRow]:
    """List the entries that wait for a second person, oldest first (index entry_waiting)."""
    unit.cursor.execute(_WAITING, (limit,))
    return [_entry(row) for row in unit.cursor.fetchall()]


def how_many_wait(unit: Unit) -> int:
    """Count the entries that wait for a second person (index entry_waiting)."""
    unit.cursor.execute(_HOW_MANY_WAIT)
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0


def entries_of(unit: Unit, addressee_number: int) -> list[EntryRow]:
    """List every entry that concerns one person, an import included, oldest first (keys of both tables)."""
    unit.cursor.execute(_ENTRIES_OF, {"person": addressee_number})
    return [_entry(row) for row in unit.cursor.fetchall()]


def waiting_for(unit: Unit, people: Iterable[int]) -> tuple[str, ...]:
    """Name the entries that wait and concern any of these people (key of entry_person)."""
    unit.cursor.execute(_WAITING_FOR, (list(people),))
    return tuple(row[0] for row in unit.cursor.fetchall())


def cancelling_entry(unit: Unit, entry_id: str) -> str | None:
    """Name the entry that undoes this one, waiting or verified (index entry_cancels)."""
    unit.cursor.execute(_CANCELLED_BY, (entry_id,))
    row = unit.cursor.fetchone()
    return None if row is None else row[0]


def decide_entry(
    unit: Unit,
    entry_id: str,
    *,
    state: str,
    decided_by: str | None,
    decided_at: datetime | None,
    outcome: str,
) -> bool:
    """Write the decision on a waiting entry; false when it does not wait any more."""
    unit.cursor.execute(_DECIDE, (state, decided_by, decided_at, outcome, entry_id))
    return unit.cursor.fetchone() is not None


def verify_entries(unit: Unit, decisions: Sequence[tuple[str, str, datetime]]) -> frozenset[str]:
    """Write by whom and when waiting entries were verified; name those that still waited."""
    if not decisions:
        return frozenset()
    unit.cursor.execute(_VERIFY, tuple(map(list, zip(*decisions, strict=True))))
    return frozenset(row[0] for row in unit.cursor.fetchall())


def lock_concerned(unit: Unit, *, households: Iterable[int], codes: Iterable[str]) -> None:
    """Let one unit at a time change a household or a code, members that are not there yet included."""
    numbers = [
        *((HOUSEHOLD_LOCKS, number) for number in households), *((_CODE_LOCKS, int(code)) for code in codes)
    ]  # fmt: skip
    unit.cursor.execute(_LOCK, ([kind for kind, _ in numbers], [number for _, number in numbers]))


def load_people(
    unit: Unit, *, people: Sequence[int] = (), codes: Sequence[str] = (), households: Sequence[int] = ()
) -> list[Held]:
    """Read the people named, and the living members of their households and of those named."""
    unit.cursor.execute(_PEOPLE, {"people": list(people), "codes": list(codes), "homes": list(households)})
    return [Held(*row) for row in unit.cursor.fetchall()]


def standing_of(
    unit: Unit, *, people: Sequence[int], codes: Sequence[str], households: Sequence[int]
) -> list[Standing]:
    """Tell how those stand whom `load_people` would read."""
    unit.cursor.execute(_STANDING, {"people": list(people), "codes": list(codes), "homes": list(households)})
    return [Standing(*row) for row in unit.cursor.fetchall()]


def resident(unit: Unit, addressee_number: int) -> Held | None:
    """Read one record as it stands, by the primary key."""
    unit.cursor.execute(_RESIDENT, (addressee_number,))
    row = unit.cursor.fetchone()
    return None if row is None else Held(*row)


def residents(unit: Unit, addressee_numbers: Iterable[int]) -> list[Held]:
    """Read some records as they stand, in the order of their numbers (primary key)."""
    unit.cursor.execute(_RESIDENTS, (sorted(addressee_numbers),))
    return [Held(*row) for row in unit.cursor.fetchall()]


def closed_before(unit: Unit, addressee_numbers: Iterable[int], day: date, *, stood: bool) -> frozenset[int]:
    """Name those of some people whose years began before a day; where all `stood` here once, those who are gone, too.

    Served by the primary key.
    """
    unit.cursor.execute(_CLOSED_BEFORE, (sorted(addressee_numbers), stood, day))
    return frozenset(int(row[0]) for row in unit.cursor.fetchall())


def resident_by_code(unit: Unit, code: str) -> Held | None:
    """Read one record as it stands, by the resident record code (unique)."""
    unit.cursor.execute(_RESIDENT_BY_CODE, (code,))
    row = unit.cursor.fetchone()
    return None if row is None else Held(*row)


def household(unit: Unit, household_number: int) -> list[Held]:
    """Read the living members of a household, the householder first (index resident_household)."""
    unit.cursor.execute(_HOUSEHOLD, (household_number,))
    return [Held(*row) for row in unit.cursor.fetchall()]


def write_records(unit: Unit, versions: Sequence[NewVersion]) -> None:
    """Add the next versions of different records and let them stand; of each record the version before must stand."""
    if not versions:
        return
    rows = [one.row for one in versions]
    entries = [one.entry_id for one in versions]
    unit.cursor.execute(
        _INSERT_VERSIONS,
        (
            [row.addressee_number for row in rows],
            [row.version for row in rows],
            entries,
            [one.legal_day for one in versions],
            [one.recorded_at for one in versions],
            [row.household_number for row in rows],
            [row.living for row in rows],
            [row.resident_kind for row in rows],
            [row.sex for row in rows],
            [row.birth for row in rows],
            [row.district for row in rows],
            [row.body for row in rows],
        ),
    )
    unit.cursor.execute(
        _UPSERT_RESIDENTS,
        (
            [row.addressee_number for row in rows],
            [row.version for row in rows],
            entries,
            [row.code for row in rows],
            [row.household_number for row in rows],
            [row.living for row in rows],
            [row.householder for row in rows],
            [row.kana for row in rows],
            [row.kanji for row in rows],
            [row.birth for row in rows],
            [row.address for row in rows],
            [row.roof for row in rows],
            [row.due_on for row in rows],
            [row.closed_on for row in rows],
        ),
    )


def versions(unit: Unit, addressee_number: int) -> list[VersionRow]:
    """Read every version of a record, oldest first (primary key)."""
    unit.cursor.execute(_VERSIONS, (addressee_number,))
    return [VersionRow(*row) for row in unit.cursor.fetchall()]


def version_as_of(
    unit: Unit, addressee_number: int, *, legal_day: date, recorded_at: datetime
) -> VersionRow | None:
    """Read the version in force on a legal day as the register knew it at an instant (primary key)."""
    unit.cursor.execute(_AS_OF, (addressee_number, legal_day, recorded_at))
    row = unit.cursor.fetchone()
    return None if row is None else VersionRow(*row)


def counts(unit: Unit) -> tuple[int, int, int]:
    """Count living records, all records and living households; reads the whole table."""
    unit.cursor.execute(_COUNTS)
    row = unit.cursor.fetchone()
    return (row[0], row[1], row[2]) if row else (0, 0, 0)


def _after_prefix(prefix: str) -> str:
    return prefix + "\U0010ffff"


def search(unit: Unit, keys: SearchKeys, *, limit: int) -> list[Held]:
    """Find records by folded terms, at most `limit` rows, in kana order.

    Served by the pairs (kana, birth), (kanji, birth), (birth, kana) and by the household's index;
    prefixes are ranges, for prepared plans do not use LIKE.
    """
    where: list[str] = []
    values: list[object] = []
    born_on = keys.birth if len(keys.birth) == _DAY_CHARACTERS else ""
    born_in = "" if born_on else keys.birth
    prefixes = (("kana", keys.kana), ("kanji", keys.kanji), ("address", keys.address), ("birth", born_in))
    for column, prefix in prefixes:
        if prefix:
            where.append(f"{column} >= %s AND {column} <= %s")
            values += [prefix, _after_prefix(prefix)]
    if keys.names:
        where.append("kanji = ANY(%s)")
        values.append(sorted(keys.names))
    if born_on:
        where.append("birth = %s")
        values.append(born_on)
    if keys.household_number is not None:
        where.append("household_number = %s")
        values.append(keys.household_number)
    if not where:
        return []
    if not keys.include_removed:
        where.append("living")
    elif keys.closed_from is not None:
        where.append("(living OR closed_on >= %s)")
        values.append(keys.closed_from)
    if keys.without:
        where.append("addressee_number <> ALL(%s)")
        values.append(sorted(keys.without))
    sql = (
        f"SELECT {_RESIDENT_COLUMNS} FROM register.resident r WHERE {' AND '.join(where)}"
        " ORDER BY kana, birth, addressee_number LIMIT %s"
    )
    unit.cursor.execute(sql, (*values, limit))
    return [Held(*row) for row in unit.cursor.fetchall()]


def keep_permit(unit: Unit, row: PermitRow) -> None:
    """Keep the security officer's permission."""
    unit.cursor.execute(
        _INSERT_PERMIT, (row.id, row.addressee_number, row.what, row.permitted_by, row.permitted_at)
    )


def load_permit(unit: Unit, permit_id: str) -> PermitRow | None:
    """Read one permission by its key."""
    unit.cursor.execute(_PERMIT, (permit_id,))
    row = unit.cursor.fetchone()
    return None if row is None else PermitRow(*row)


def open_permits(unit: Unit, addressee_number: int, *, limit: int) -> list[PermitRow]:
    """List the permissions for one record that no entry uses, newest first (a small table, read whole)."""
    unit.cursor.execute(_OPEN_PERMITS, (addressee_number, limit))
    return [PermitRow(*row) for row in unit.cursor.fetchall()]


def permit_used_by(unit: Unit, permit_id: str) -> str | None:
    """Name the entry that uses a permission, waiting or verified (index entry_permit)."""
    unit.cursor.execute(_PERMIT_USED, (permit_id,))
    row = unit.cursor.fetchone()
    return None if row is None else row[0]
