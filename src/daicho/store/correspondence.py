"""Letters that can be printed again, of which case, request or run each is, and runs of letters to many households.

What was emptied because somebody on it was destroyed is no letter any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from daicho.store.unit import Unit

_LETTER = "l.number, l.kind, l.household_number, l.state, l.case_number, l.request_id, l.run, l.source, l.again, l.body::text"
_KEEP = """
INSERT INTO register.correspondence (number, kind, household_number, state, case_number, request_id, run, source, again,
    body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text::json)
"""
_ONE = f"SELECT {_LETTER} FROM register.correspondence l WHERE number = %s AND NOT disposed"
_LOCKED = f"{_ONE} FOR UPDATE"
_OF_CASE = f"""
SELECT {_LETTER}, c.post FROM register.correspondence l JOIN register.certificate c ON c.number = l.number
WHERE l.case_number = %s AND NOT l.disposed ORDER BY l.number DESC
"""
_OF_REQUEST = f"""
SELECT {_LETTER}, c.post FROM register.correspondence l JOIN register.certificate c ON c.number = l.number
WHERE l.request_id = %s AND NOT l.disposed ORDER BY l.number DESC
"""
_OF_RUN = f"""
SELECT {_LETTER}, c.post FROM register.correspondence l JOIN register.certificate c ON c.number = l.number
WHERE l.run = %s AND l.number >= %s AND NOT l.disposed ORDER BY l.number LIMIT %s
"""
_NUMBERS = """
SELECT number FROM register.correspondence WHERE run = %s AND number >= %s AND NOT disposed ORDER BY number LIMIT %s
"""
_WRITTEN_TO = """
SELECT household_number FROM register.correspondence
WHERE source = %s AND kind = %s AND household_number = ANY(%s) AND source <> '' AND state <> 'DROPPED'
"""
_RUN = """number, kind, source, state, issuer::text, asked_by, asked_role, terminal, asked_at, sees_protected, after, letters,
    ended_at"""
_KEEP_RUN = """
INSERT INTO register.letter_run (number, kind, source, issuer, asked_by, asked_role, terminal, asked_at, sees_protected)
VALUES (%s, %s, %s, %s::text::json, %s, %s, %s, %s, %s)
ON CONFLICT (kind, source) WHERE state = 'MAKING' DO NOTHING
"""
_NEXT_RUN = f"""
SELECT {_RUN} FROM register.letter_run WHERE state = 'MAKING' ORDER BY kind, source LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter as kept."""

    number: str
    kind: str
    household_number: int
    state: str
    case_number: str | None
    request_id: str | None
    run: str | None
    source: str
    again: int
    body: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """Letters to many households, and how far they came."""

    number: str
    kind: str
    source: str
    state: str
    issuer: str
    asked_by: str
    asked_role: str
    terminal: str
    asked_at: datetime
    sees_protected: bool
    after: int = 0
    letters: int = 0
    ended_at: datetime | None = None


def keep_letter(unit: Unit, row: LetterRow) -> None:
    """Keep a letter beside its line in the book of papers."""
    unit.execute(_KEEP, astuple(row))


def letter(unit: Unit, number: str) -> LetterRow | None:
    """Read one letter (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else LetterRow(*row)


def lock_letter(unit: Unit, number: str) -> LetterRow | None:
    """Read one letter and keep it for oneself until the unit ends (primary key)."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else LetterRow(*row)


def letters_of_case(unit: Unit, case_number: str) -> list[tuple[LetterRow, str]]:
    """List the letters of a case with where the post has each, the newest first (index correspondence_case)."""
    return [(LetterRow(*row[:-1]), str(row[-1])) for row in unit.execute(_OF_CASE, (case_number,)).fetchall()]


def letters_of_request(unit: Unit, request_id: str) -> list[tuple[LetterRow, str]]:
    """List the letters of a request about a seal, the newest first (index correspondence_request)."""
    return [
        (LetterRow(*row[:-1]), str(row[-1])) for row in unit.execute(_OF_REQUEST, (request_id,)).fetchall()
    ]


def letters_of_run(unit: Unit, run: str, *, first: str, limit_rows: int) -> list[tuple[LetterRow, str]]:
    """List letters of a run from one on (index correspondence_run)."""
    return [
        (LetterRow(*row[:-1]), str(row[-1]))
        for row in unit.execute(_OF_RUN, (run, first, limit_rows)).fetchall()
    ]


def numbers_of_run(unit: Unit, run: str, *, first: str, limit_rows: int) -> list[str]:
    """Name letters of a run from one on (index correspondence_run)."""
    return [str(row[0]) for row in unit.execute(_NUMBERS, (run, first, limit_rows)).fetchall()]


def note_state(unit: Unit, number: str, state: str) -> None:
    """Note that a letter was sent, made public or dropped."""
    unit.execute("UPDATE register.correspondence SET state = %s WHERE number = %s", (state, number))


def note_again(unit: Unit, numbers: Collection[str]) -> None:
    """Note that the same letters were printed once more."""
    unit.execute(
        "UPDATE register.correspondence SET again = again + 1 WHERE number = ANY(%s)", (sorted(numbers),)
    )


def written_to(unit: Unit, source: str, kind: str, households: Collection[int]) -> frozenset[int]:
    """Name those of some households that have a letter of a kind about a survey or change (unique index)."""
    rows = unit.execute(_WRITTEN_TO, (source, kind, sorted(households))).fetchall()
    return frozenset(int(row[0]) for row in rows)


def draw_run_number(unit: Unit, year: int) -> str:
    """Draw the number of a run."""
    row = unit.execute("SELECT nextval('register.letter_run_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def keep_run(unit: Unit, row: RunRow) -> bool:
    """Keep a new run; False while one of the same kind and source goes on."""
    given = (
        row.number, row.kind, row.source, row.issuer, row.asked_by, row.asked_role, row.terminal, row.asked_at,
        row.sees_protected,
    )  # fmt: skip
    return unit.execute(_KEEP_RUN, given).rowcount == 1


def run(unit: Unit, number: str) -> RunRow | None:
    """Read one run (primary key)."""
    row = unit.execute(f"SELECT {_RUN} FROM register.letter_run WHERE number = %s", (number,)).fetchone()
    return None if row is None else RunRow(*row)


def runs_of(unit: Unit, source: str) -> list[RunRow]:
    """List the runs about a survey or a change of names, oldest first (index letter_run_source)."""
    query = f"SELECT {_RUN} FROM register.letter_run WHERE source = %s ORDER BY number"
    return [RunRow(*row) for row in unit.execute(query, (source,)).fetchall()]


def run_waits(unit: Unit) -> bool:
    """Tell whether any run goes on (partial index)."""
    row = unit.execute("SELECT EXISTS (SELECT FROM register.letter_run WHERE state = 'MAKING')").fetchone()
    return bool(row and row[0])


def lock_next_run(unit: Unit) -> RunRow | None:
    """Take a run that goes on and that nobody works on (partial index)."""
    row = unit.execute(_NEXT_RUN).fetchone()
    return None if row is None else RunRow(*row)


def note_run(unit: Unit, number: str, after: int, letters: int) -> None:
    """Note up to which household a run came, and how many letters it wrote meanwhile."""
    unit.execute(
        "UPDATE register.letter_run SET after = %s, letters = letters + %s WHERE number = %s",
        (after, letters, number),
    )


def end_run(unit: Unit, number: str, state: str, at: datetime) -> bool:
    """Note that a run is through or was stopped; False when it was over already."""
    done = unit.execute(
        "UPDATE register.letter_run SET state = %s, ended_at = %s WHERE number = %s AND state = 'MAKING'",
        (state, at, number),
    )
    return done.rowcount == 1


def leave_households(unit: Unit, run: str, left: Sequence[tuple[int, str]]) -> None:
    """Note to which households no letter could be written, and why."""
    unit.execute(
        "INSERT INTO register.letter_run_left (run, household_number, why)"
        " SELECT %s, household_number, why FROM unnest(%s::bigint[], %s::text[]) AS n (household_number, why)"
        " ON CONFLICT DO NOTHING",
        (run, [one for one, _ in left], [why for _, why in left]),
    )


def left_of_run(unit: Unit, run: str, *, limit_rows: int) -> list[tuple[int, str]]:
    """List to whom a run wrote nothing, and why (primary key)."""
    rows = unit.execute(
        "SELECT household_number, why FROM register.letter_run_left WHERE run = %s ORDER BY household_number LIMIT %s",
        (run, limit_rows),
    ).fetchall()
    return [(int(row[0]), str(row[1])) for row in rows]
