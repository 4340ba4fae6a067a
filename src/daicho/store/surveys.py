"""Regular surveys: their households with what was found of each, and how many came to what."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_SURVEY = "number, state, started_by, started_at, looked_at, ended_by, ended_at, words, body::text"
_KEEP = """
INSERT INTO register.survey (number, started_by, started_at, looked_at, body) VALUES (%s, %s, %s, 0, %s::text::json)
"""
_ONE = f"SELECT {_SURVEY} FROM register.survey WHERE number = %s"
_OPEN = (
    f"SELECT {_SURVEY} FROM register.survey WHERE state IN ('LISTING', 'OPEN') ORDER BY number DESC LIMIT %s"
)
_PAST = f"SELECT {_SURVEY} FROM register.survey ORDER BY number DESC LIMIT %s"
_NEXT = f"""
SELECT {_SURVEY} FROM register.survey WHERE state = 'LISTING' ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_HOUSEHOLDS_ON = """
SELECT DISTINCT household_number FROM register.resident WHERE household_number > %s AND living
ORDER BY household_number LIMIT %s
"""
_MEMBERS = """
SELECT one.household_number, one.addressee_number FROM unnest(%s::bigint[]) AS n (home) CROSS JOIN LATERAL (
    SELECT r.household_number, r.addressee_number FROM register.resident r
    WHERE r.household_number = n.home AND r.living OFFSET 0) AS one
ORDER BY 1, 2
"""
_RETURNED = """
SELECT DISTINCT one.addressee_number FROM unnest(%s::bigint[]) AS n (whose) CROSS JOIN LATERAL (
    SELECT p.addressee_number FROM register.certificate_person p
    JOIN register.certificate c ON c.number = p.number
    WHERE p.addressee_number = n.whose AND c.post = 'RETURNED' OFFSET 0) AS one
"""
_HOUSEHOLD = "number, household_number, place, people, grounds, result, visits, visited_on, words, noted_by, case_number"
_KEEP_HOUSEHOLDS = """
INSERT INTO register.survey_household (number, household_number, place, people, grounds)
SELECT %s, home, place, people, coalesce(string_to_array(nullif(grounds, ''), ' '), '{}')
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[]) AS n (home, place, people, grounds)
ON CONFLICT DO NOTHING
"""
_OF_SURVEY = f"""
SELECT {_HOUSEHOLD} FROM register.survey_household
WHERE number = %s AND (place, household_number) > (%s, %s) AND household_number <> ALL(%s)
ORDER BY place, household_number LIMIT %s
"""
_OF_RESULT = f"""
SELECT {_HOUSEHOLD} FROM register.survey_household
WHERE number = %s AND result = %s AND (place, household_number) > (%s, %s) AND household_number <> ALL(%s)
ORDER BY place, household_number LIMIT %s
"""
_ONE_HOUSEHOLD = (
    f"SELECT {_HOUSEHOLD} FROM register.survey_household WHERE number = %s AND household_number = %s"
)
_AMONG = f"""
SELECT {_HOUSEHOLD} FROM register.survey_household WHERE number = %s AND household_number = ANY(%s)
"""
_BY_NUMBER = """
SELECT household_number FROM register.survey_household WHERE number = %s AND household_number > %s
ORDER BY household_number LIMIT %s
"""
_NOTE = """
UPDATE register.survey_household SET result = %s, visits = visits + 1, visited_on = %s, words = %s, noted_by = %s,
    noted_at = %s, case_number = %s
WHERE number = %s AND household_number = %s AND visits = %s
"""
_SHIFT = """
INSERT INTO register.survey_tally AS t (number, result, households, people)
SELECT %s, result, households, people FROM unnest(%s::text[], %s::int[], %s::int[]) AS n (result, households, people)
ORDER BY result
ON CONFLICT (number, result) DO UPDATE SET households = t.households + excluded.households,
    people = t.people + excluded.people
"""


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey as kept."""

    number: str
    state: str
    started_by: str
    started_at: datetime
    looked_at: int | None
    ended_by: str | None
    ended_at: datetime | None
    words: str
    body: str


@dataclass(frozen=True, slots=True)
class SurveyedRow:
    """One household of a survey, and what was found of it."""

    number: str
    household_number: int
    place: str
    people: int
    grounds: list[str]
    result: str = "NOT_VISITED"
    visits: int = 0
    visited_on: date | None = None
    words: str = ""
    noted_by: str | None = None
    case_number: str | None = None


def draw_survey_number(unit: Unit, year: int) -> str:
    """Draw the number of a survey."""
    row = unit.execute("SELECT nextval('register.survey_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def keep_survey(unit: Unit, number: str, by: str, at: datetime, body: str) -> None:
    """Keep a new survey, whose households are listed from now on."""
    unit.execute(_KEEP, (number, by, at, body))


def survey(unit: Unit, number: str) -> SurveyRow | None:
    """Read one survey (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else SurveyRow(*row)


def lock_survey(unit: Unit, number: str) -> SurveyRow | None:
    """Read one survey and let nobody else decide on it until the unit ends (primary key)."""
    row = unit.execute(f"{_ONE} FOR UPDATE", (number,)).fetchone()
    return None if row is None else SurveyRow(*row)


def share_survey(unit: Unit, number: str) -> SurveyRow | None:
    """Read one survey and let nobody end it until the unit ends (primary key)."""
    row = unit.execute(f"{_ONE} FOR SHARE", (number,)).fetchone()
    return None if row is None else SurveyRow(*row)


def surveys(unit: Unit, *, limit_rows: int) -> list[SurveyRow]:
    """List the newest surveys (primary key, backwards)."""
    return [SurveyRow(*row) for row in unit.execute(_PAST, (limit_rows,)).fetchall()]


def lock_next_listing(unit: Unit) -> SurveyRow | None:
    """Take the oldest survey whose households are still listed and on which nobody works (partial index)."""
    row = unit.execute(_NEXT).fetchone()
    return None if row is None else SurveyRow(*row)


def households_on(unit: Unit, after: int, *, limit_rows: int) -> list[int]:
    """Name the next households in which somebody lives (index resident_household)."""
    return [int(row[0]) for row in unit.execute(_HOUSEHOLDS_ON, (after, limit_rows)).fetchall()]


def members_of(unit: Unit, households: Sequence[int]) -> dict[int, list[int]]:
    """Name who lives in some households (index resident_household)."""
    found: dict[int, list[int]] = {}
    for home, whose in unit.execute(_MEMBERS, (list(households),)).fetchall():
        found.setdefault(int(home), []).append(int(whose))
    return found


def returned_to(unit: Unit, people: Collection[int]) -> frozenset[int]:
    """Name those of some people to whom a letter came back and lies here (primary key of certificate_person)."""
    return frozenset(int(row[0]) for row in unit.execute(_RETURNED, (sorted(people),)).fetchall())


def keep_households(unit: Unit, number: str, rows: Sequence[SurveyedRow]) -> None:
    """Put households on the list of a survey."""
    unit.execute(
        _KEEP_HOUSEHOLDS,
        (
            number,
            [one.household_number for one in rows],
            [one.place for one in rows],
            [one.people for one in rows],
            [" ".join(one.grounds) for one in rows],
        ),
    )


def note_looked(unit: Unit, number: str, looked_at: int | None) -> None:
    """Note up to which household the register was looked through; at its end the survey is open."""
    unit.execute(
        "UPDATE register.survey SET looked_at = %s, state = CASE WHEN %s::bigint IS NULL THEN 'OPEN' ELSE state END"
        " WHERE number = %s",
        (looked_at, looked_at, number),
    )


def households(
    unit: Unit,
    number: str,
    *,
    result: str | None,
    after: tuple[str, int],
    without: Iterable[int],
    limit_rows: int,
) -> list[SurveyedRow]:
    """List households of a survey in the order of addresses, those of one result or all, some left out (indexes)."""
    left_out = sorted(without)
    if result is None:
        rows = unit.execute(_OF_SURVEY, (number, *after, left_out, limit_rows)).fetchall()
    else:
        rows = unit.execute(_OF_RESULT, (number, result, *after, left_out, limit_rows)).fetchall()
    return [SurveyedRow(*row) for row in rows]


def household(unit: Unit, number: str, household_number: int) -> SurveyedRow | None:
    """Read one household of a survey (primary key)."""
    row = unit.execute(_ONE_HOUSEHOLD, (number, household_number)).fetchone()
    return None if row is None else SurveyedRow(*row)


def lock_household(unit: Unit, number: str, household_number: int) -> SurveyedRow | None:
    """Read one household of a survey and let nobody else note anything of it until the unit ends (primary key)."""
    row = unit.execute(f"{_ONE_HOUSEHOLD} FOR UPDATE", (number, household_number)).fetchone()
    return None if row is None else SurveyedRow(*row)


def households_among(unit: Unit, number: str, numbers: Iterable[int]) -> list[SurveyedRow]:
    """Read those of some households that a survey has (primary key)."""
    return [SurveyedRow(*row) for row in unit.execute(_AMONG, (number, sorted(numbers))).fetchall()]


def next_households(unit: Unit, number: str, after: int, *, limit_rows: int) -> list[int]:
    """Name households of a survey by their numbers, from behind one on (primary key)."""
    return [int(row[0]) for row in unit.execute(_BY_NUMBER, (number, after, limit_rows)).fetchall()]


def note_result(unit: Unit, row: SurveyedRow, before: SurveyedRow, at: datetime) -> bool:
    """Note what was found; False when somebody else noted something since the household was read."""
    given = (
        row.result, row.visited_on, row.words, row.noted_by, at, row.case_number, row.number, row.household_number,
        before.visits,
    )  # fmt: skip
    return unit.execute(_NOTE, given).rowcount == 1


def shift_tallies(unit: Unit, number: str, shifts: Mapping[str, tuple[int, int]]) -> None:
    """Add to how many households and people came to each result."""
    results = sorted(shifts)
    unit.execute(
        _SHIFT, (number, results, [shifts[one][0] for one in results], [shifts[one][1] for one in results])
    )


def tallies(unit: Unit, number: str) -> dict[str, tuple[int, int]]:
    """Tell how many households and people came to each result (primary key)."""
    rows = unit.execute(
        "SELECT result, households, people FROM register.survey_tally WHERE number = %s ORDER BY result",
        (number,),
    ).fetchall()
    return {str(row[0]): (int(row[1]), int(row[2])) for row in rows}


def end_survey(unit: Unit, number: str, state: str, by: str, at: datetime, words: str) -> None:
    """Note that a survey ended or was called off."""
    unit.execute(
        "UPDATE register.survey SET state = %s, looked_at = NULL, ended_by = %s, ended_at = %s, words = %s"
        " WHERE number = %s",
        (state, by, at, words, number),
    )
