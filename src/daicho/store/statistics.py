"""Counts of the register, made where the records lie: nothing of anybody comes out, and no record is opened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from daicho.store.unit import Unit

_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_BEFORE_ALL, _AFTER_ALL = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)

# Backwards, as the key is read without sorting: the first of each is the newest that counts.
_POPULATION = """
WITH stood AS MATERIALIZED (
    SELECT household_number, resident_kind, sex, birth FROM (
        SELECT DISTINCT ON (addressee_number) household_number, living, resident_kind, sex, birth
        FROM register.resident_version
        WHERE change_date <= %(last_legal_day)s AND recorded_at < %(recorded_before)s
        ORDER BY addressee_number DESC, version DESC) AS newest
    WHERE living
), people AS (
    SELECT resident_kind, sex, min(birth) AS birth, count(*) AS people
    FROM stood
    GROUP BY resident_kind, sex, CASE WHEN birth LIKE '0000%%' OR birth LIKE '%%-00' THEN birth
        ELSE width_bucket(birth, %(births)s::text[])::text END
), homes AS (
    SELECT min(resident_kind) AS one_kind, max(resident_kind) AS other_kind FROM stood GROUP BY household_number
)
SELECT resident_kind, sex, birth, people FROM people
UNION ALL SELECT one_kind, other_kind, NULL, count(*) FROM homes GROUP BY one_kind, other_kind
"""
# Whose place is kept back is nowhere, and a household is where those of it are who are not kept back: nothing of the rest
# depends on where they are or with whom. A condition inside an expression is a table of hashes, whatever the planner takes
# the town for; a join might compare each with each.
_DISTRICTS = """
WITH stood AS MATERIALIZED (
    SELECT household_number, resident_kind, sex, birth, district,
        %(all_kept)s OR addressee_number IN (SELECT unnest(%(kept)s::bigint[])) AS kept
    FROM (
        SELECT DISTINCT ON (addressee_number) addressee_number, household_number, living, resident_kind, sex, birth, district
        FROM register.resident_version
        WHERE change_date <= %(last_legal_day)s AND recorded_at < %(recorded_before)s
        ORDER BY addressee_number DESC, version DESC) AS newest
    WHERE living
), people AS (
    SELECT CASE WHEN kept THEN '' ELSE district END AS district, resident_kind, sex, min(birth) AS birth, count(*) AS people
    FROM stood
    GROUP BY 1, resident_kind, sex, CASE WHEN birth LIKE '0000%%' OR birth LIKE '%%-00' THEN birth
        ELSE width_bucket(birth, %(births)s::text[])::text END
), homes AS (
    SELECT coalesce(min(district) FILTER (WHERE NOT kept), '') AS district,
        coalesce(min(resident_kind) FILTER (WHERE NOT kept), min(resident_kind)) AS one_kind,
        coalesce(max(resident_kind) FILTER (WHERE NOT kept), max(resident_kind)) AS other_kind
    FROM stood GROUP BY household_number
)
SELECT district, resident_kind, sex, birth, people FROM people
UNION ALL SELECT district, one_kind, other_kind, NULL, count(*) FROM homes GROUP BY district, one_kind, other_kind
"""
_PUBLICATIONS = (
    "SELECT counted_on, made_by, made_at FROM register.district_publication ORDER BY counted_on DESC LIMIT %s"
)
_PUBLICATION = "SELECT counted_on, body::text FROM register.district_publication WHERE counted_on = %s"
_NEWEST = "SELECT counted_on, body::text FROM register.district_publication ORDER BY counted_on DESC LIMIT 1"
_PUBLISH = (
    "INSERT INTO register.district_publication (counted_on, made_by, made_at, body) VALUES (%s, %s, %s, %s)"
)
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7008, 1)"
# Who entered what is looked up only for those who came, went or changed columns.
_MOVES = """
WITH moved AS MATERIALIZED (
    SELECT v.addressee_number, v.version, b.living AS stood, b.resident_kind AS kind_before, b.sex AS sex_before,
        v.living AS stands, v.resident_kind AS kind_after, v.sex AS sex_after
    FROM register.resident_version v
    LEFT JOIN register.resident_version b
        ON b.addressee_number = v.addressee_number AND b.version = v.version - 1
    WHERE v.change_date BETWEEN %(first_legal_day)s AND %(last_legal_day)s
        AND v.recorded_at >= %(recorded_from)s AND v.recorded_at < %(recorded_before)s
        AND (v.living IS DISTINCT FROM coalesce(b.living, false)
            OR v.living AND (v.resident_kind, v.sex) <> (b.resident_kind, b.sex))
)
SELECT CASE WHEN stood THEN kind_before END, CASE WHEN stood THEN sex_before END,
    CASE WHEN stands THEN kind_after END, CASE WHEN stands THEN sex_after END,
    e.kind, e.reason, subject.named, count(*)
FROM moved
JOIN register.resident_version v USING (addressee_number, version)
JOIN register.entry e ON e.id = v.entry_id
CROSS JOIN LATERAL (
    SELECT v.addressee_number::text IN (SELECT json_array_elements_text(e.body -> 'subjects')) AS named) AS subject
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Which versions count: by their legal day, by when they were written, or by both; a bound left out is none."""

    first_legal_day: date = _FIRST
    last_legal_day: date = _LAST
    recorded_from: datetime = _BEFORE_ALL
    recorded_before: datetime = _AFTER_ALL

    def parameters(self) -> dict[str, object]:
        """Give the bounds by the names that the statements use."""
        return {
            "first_legal_day": self.first_legal_day, "last_legal_day": self.last_legal_day,
            "recorded_from": self.recorded_from, "recorded_before": self.recorded_before,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """So many people of one kind and sex; `birth` is one of theirs, and no bound of births lies between them."""

    resident_kind: str
    sex: str
    birth: str
    people: int


@dataclass(frozen=True, slots=True)
class HomesRow:
    """So many households whose members are of one kind or, where the two differ, of both."""

    one_kind: str
    other_kind: str
    households: int


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A table of districts that was given out: of which day, by whom and when it was made."""

    counted_on: date
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class KeptPublication:
    """Such a table as it was kept."""

    counted_on: date
    body: str


@dataclass(frozen=True, slots=True)
class MovesRow:
    """So many records that changed alike: kind and sex before and after (none where the record did not stand)."""

    before: tuple[str, str] | None
    after: tuple[str, str] | None
    entry_kind: str
    reason: str
    named: bool  # the entry's reason speaks of this person
    people: int


def hold_still(unit: Unit) -> None:
    """Let everything that this transaction asks be of one instant; before anything is asked."""
    unit.connection.execute("set transaction isolation level repeatable read")


def population(unit: Unit, window: Window, births: Sequence[str]) -> tuple[list[PeopleRow], list[HomesRow]]:
    """Count who stood at the window's end, grouped between ascending bounds of birth dates (the key alone).

    A birth date of which a part is unknown is a group of its own.
    """
    unit.cursor.execute(_POPULATION, {**window.parameters(), "births": list(births)})
    rows = unit.cursor.fetchall()
    return (
        [PeopleRow(*row) for row in rows if row[2] is not None],
        [HomesRow(row[0], row[1], row[3]) for row in rows if row[2] is None],
    )


def moves(unit: Unit, window: Window) -> list[MovesRow]:
    """Count the records that came, went or changed columns in a window (the key, then those records alone)."""
    unit.cursor.execute(_MOVES, window.parameters())
    return [
        MovesRow(
            (row[0], row[1]) if row[0] is not None else None, (row[2], row[3]) if row[2] is not None else None,
            row[4], row[5], row[6], row[7],
        )
        for row in unit.cursor.fetchall()
    ]  # fmt: skip


def districts(
    unit: Unit, window: Window, births: Sequence[str], kept: Collection[int], *, all_kept: bool = False
) -> tuple[list[tuple[str, PeopleRow]], list[tuple[str, HomesRow]]]:
    """Count as `population` does, by what addresses say of their districts (the key alone).

    Whoever is `kept` back is counted under no district. A household is counted once, by those of it who are not kept back:
    in the first by name of their districts, and under none where all are kept back.
    """
    asked = {**window.parameters(), "births": list(births), "kept": sorted(kept), "all_kept": all_kept}
    unit.cursor.execute(_DISTRICTS, asked)
    rows = unit.cursor.fetchall()
    return (
        [(row[0], PeopleRow(*row[1:])) for row in rows if row[3] is not None],
        [(row[0], HomesRow(row[1], row[2], row[4])) for row in rows if row[3] is None],
    )


def publish_alone(unit: Unit) -> None:
    """Let nobody else give a table out until this transaction ends: each rests on the one before."""
    unit.execute(_ONE_AT_A_TIME)


def publications(unit: Unit, *, limit_rows: int) -> list[PublicationRow]:
    """List the tables that were given out, the newest first (primary key)."""
    return [PublicationRow(*row) for row in unit.execute(_PUBLICATIONS, (limit_rows,)).fetchall()]


def publication(unit: Unit, counted_on: date) -> KeptPublication | None:
    """Read the table of one day (primary key)."""
    row = unit.execute(_PUBLICATION, (counted_on,)).fetchone()
    return None if row is None else KeptPublication(*row)


def newest_publication(unit: Unit) -> KeptPublication | None:
    """Read the newest table (primary key)."""
    row = unit.execute(_NEWEST).fetchone()
    return None if row is None else KeptPublication(*row)


def keep_publication(unit: Unit, row: PublicationRow, body: str) -> None:
    """Keep a table that is given out."""
    unit.execute(_PUBLISH, (row.counted_on, row.made_by, row.made_at, body))
