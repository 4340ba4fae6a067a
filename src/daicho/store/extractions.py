"""Extractions by staff: what was asked for, who agreed, what was made; and the records that they read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daicho.store.unit import Unit

_DRAW = "SELECT nextval('hall.extraction_seq')"
_COLUMNS = (
    "number, state, needs_second, counted, asked_by, asked_at, body::text, decided_by, decided_at, why, made_at, people,"
    " replaced, digest, begun_at, begun_role, begun_terminal, words::text, looked_at, fault"
)
_KEEP = """
INSERT INTO hall.extraction (number, state, needs_second, counted, asked_by, asked_at, body)
VALUES (%s, %s, %s, %s, %s, %s, %s::text::json)
"""
_LOCKED = f"SELECT {_COLUMNS} FROM hall.extraction WHERE number = %s FOR UPDATE"
_ASKED_BY = f"SELECT {_COLUMNS} FROM hall.extraction WHERE asked_by = %s ORDER BY asked_at DESC LIMIT %s"
_WAITING = (
    f"SELECT {_COLUMNS} FROM hall.extraction WHERE state = 'WAITING' ORDER BY asked_at, number LIMIT %s"
)
_HOW_MANY = "SELECT count(*) FROM hall.extraction WHERE state = 'WAITING'"
_DECIDE = """
UPDATE hall.extraction SET state = %s, decided_by = %s, decided_at = %s, why = %s
WHERE number = %s AND state = 'WAITING'
"""
_MADE = """
UPDATE hall.extraction SET state = 'MADE', made_at = %s, people = %s, replaced = %s, digest = %s
WHERE number = %s AND state = 'READY'
"""
_BEGIN = """
UPDATE hall.extraction SET state = 'MAKING', begun_at = %s, begun_role = %s, begun_terminal = %s,
    words = %s::text::json, looked_at = 0, people = 0, replaced = 0, fault = ''
WHERE number = %s AND state = 'READY'
"""
_MAKING = "SELECT FROM hall.extraction WHERE state = 'MAKING'"
_LAPSED = "SELECT FROM hall.extraction WHERE state = 'KEPT' AND made_at < %s"
_NEXT = f"""
SELECT {_COLUMNS} FROM hall.extraction WHERE state = 'MAKING' ORDER BY begun_at, number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_PART = """
INSERT INTO hall.extraction_part (number, part, sealed)
SELECT %(number)s, coalesce(max(part), -1) + 1, %(sealed)s FROM hall.extraction_part WHERE number = %(number)s
"""
_READ_ON = """
UPDATE hall.extraction SET looked_at = %s, people = people + %s, replaced = replaced + %s WHERE number = %s
"""
_WHOLE = "UPDATE hall.extraction SET digest = %s, made_at = %s WHERE number = %s"
_UNNOTED = """
SELECT part, sealed FROM hall.extraction_part WHERE number = %s AND NOT noted ORDER BY part LIMIT 1
"""
_PUT_BACK = """
UPDATE hall.extraction SET state = 'READY', fault = %s, looked_at = NULL, people = NULL, replaced = NULL, digest = NULL,
    made_at = NULL
WHERE number = %s
"""
_LAPSE = """
UPDATE hall.extraction SET state = 'LAPSED' WHERE number IN (
    SELECT number FROM hall.extraction WHERE state = 'KEPT' AND made_at < %s ORDER BY made_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING number
"""
# What is made counts as it was made, what may still be made as it was counted.
_LATELY = """
SELECT coalesce(sum(coalesce(people, counted)), 0) FROM hall.extraction
WHERE asked_by = %s AND asked_at > %s AND NOT needs_second AND (state IN ('MAKING', 'KEPT', 'MADE') OR asked_at > %s)
"""
# One walk of the key, a bounded number at a time; what a record says is read of those alone that may be meant.
_NARROWED = """r.living AND NOT (r.householder IS FALSE AND %(householders)s)
    AND (%(first)s = '' OR r.birth BETWEEN %(first)s AND %(last)s)
    AND (%(town)s = '' OR r.address BETWEEN %(town)s AND %(town_end)s)"""
_RECORDS = f"""
SELECT r.addressee_number, (SELECT v.body::text FROM register.resident_version v
    WHERE v.addressee_number = r.addressee_number AND v.version = r.version) AS body
FROM register.resident r
WHERE r.addressee_number > %(after)s AND {_NARROWED}
ORDER BY r.addressee_number LIMIT %(rows)s
"""
_COUNT = f"SELECT count(*) FROM register.resident r WHERE r.addressee_number > %(after)s AND {_NARROWED}"


@dataclass(frozen=True, slots=True)
class ExtractionRow:
    """One extraction as it stands; of a large one that is being made, `people` and `replaced` are those of its parts so far.

    `looked_at` is up to whom the register was read, nobody once everybody was; `fault` why the last making came to nothing.
    """

    number: str
    state: str
    needs_second: bool
    counted: int
    asked_by: str
    asked_at: datetime
    body: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str = ""
    made_at: datetime | None = None
    people: int | None = None
    replaced: int | None = None
    digest: bytes | None = None
    begun_at: datetime | None = None
    begun_role: str | None = None
    begun_terminal: str | None = None
    words: str | None = None
    looked_at: int | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """By what the database narrows the records: birth between two texts, the folded beginning of the address."""

    first_birth: str = ""
    last_birth: str = ""
    town: str = ""
    householders_only: bool = False


def draw_number(unit: Unit, year: int) -> str:
    """Draw the number of an extraction."""
    row = unit.execute(_DRAW).fetchone()
    return f"{year}-E{int(row[0]) if row else 0:06d}"


def keep_extraction(unit: Unit, row: ExtractionRow) -> None:
    """Keep a new extraction."""
    unit.execute(
        _KEEP, (row.number, row.state, row.needs_second, row.counted, row.asked_by, row.asked_at, row.body)
    )


def lock_extraction(unit: Unit, number: str) -> ExtractionRow | None:
    """Read one extraction and keep it for oneself until the unit ends."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else ExtractionRow(*row)


def extractions_of(unit: Unit, login_id: str, *, limit_rows: int) -> list[ExtractionRow]:
    """List what somebody asked for, newest first (index extraction_asked)."""
    return [ExtractionRow(*row) for row in unit.execute(_ASKED_BY, (login_id, limit_rows)).fetchall()]


def waiting_extractions(unit: Unit, *, limit_rows: int) -> list[ExtractionRow]:
    """List what waits for a second person, oldest first (index extraction_waiting)."""
    return [ExtractionRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def how_many_wait(unit: Unit) -> int:
    """Count what waits for a second person (index extraction_waiting)."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0


def decide_extraction(unit: Unit, number: str, state: str, by: str, at: datetime, why: str) -> bool:
    """Write a second person's word; False when it does not wait any more."""
    return unit.execute(_DECIDE, (state, by, at, why, number)).rowcount == 1


def note_made(unit: Unit, number: str, at: datetime, people: int, replaced: int, digest: bytes) -> bool:
    """Note that the file was made, which happens once; False when it was before."""
    return unit.execute(_MADE, (at, people, replaced, digest, number)).rowcount == 1


def without_approval_lately(unit: Unit, asked_by: str, *, since: datetime, ready_since: datetime) -> int:
    """Count whom an operator's orders since an instant name that needed nobody else (index extraction_asked)."""
    row = unit.execute(_LATELY, (asked_by, since, ready_since)).fetchone()
    return int(row[0]) if row else 0


def how_many_may_be_meant(unit: Unit, narrowed: Narrowed) -> int:
    """Count the living records that the keys do not leave out (primary key); reads no record."""
    row = unit.execute(_COUNT, _values(narrowed)).fetchone()
    return int(row[0]) if row else 0


def _values(narrowed: Narrowed) -> dict[str, Any]:
    return {
        "after": 0,
        "householders": narrowed.householders_only,
        "first": narrowed.first_birth,
        "last": narrowed.last_birth,
        "town": narrowed.town,
        "town_end": f"{narrowed.town}\U0010ffff",
    }


def records(unit: Unit, narrowed: Narrowed, *, batch_rows: int) -> Iterator[list[tuple[int, str]]]:
    """Read the living records that may be meant, in the order of their numbers (primary key), some at a time."""
    values = _values(narrowed) | {"rows": batch_rows}
    while found := unit.execute(_RECORDS, values).fetchall():
        yield [(int(row[0]), str(row[1])) for row in found]
        values["after"] = int(found[-1][0])


def records_after(unit: Unit, narrowed: Narrowed, after: int, *, limit_rows: int) -> list[tuple[int, str]]:
    """Read the next living records that may be meant, behind a number (primary key)."""
    values = _values(narrowed) | {"rows": limit_rows, "after": after}
    return [(int(row[0]), str(row[1])) for row in unit.execute(_RECORDS, values).fetchall()]


def begin_making(unit: Unit, number: str, at: datetime, role: str, terminal: str, words: str) -> bool:
    """Let a large file be made beside the requests; False when it cannot be made now."""
    return unit.execute(_BEGIN, (at, role, terminal, words, number)).rowcount == 1


def making_waits(unit: Unit, kept_since: datetime) -> bool:
    """Tell whether a file is to be made, or one was kept for too long (partial indexes)."""
    row = unit.execute(f"SELECT EXISTS ({_MAKING}) OR EXISTS ({_LAPSED})", (kept_since,)).fetchone()
    return bool(row and row[0])


def lock_next_making(unit: Unit) -> ExtractionRow | None:
    """Take the file that was begun first and that nobody works on (partial index)."""
    row = unit.execute(_NEXT).fetchone()
    return None if row is None else ExtractionRow(*row)


def add_part(unit: Unit, number: str, sealed: bytes) -> None:
    """Keep the next part of a file (primary key)."""
    unit.execute(_PART, {"number": number, "sealed": sealed})


def note_read(unit: Unit, number: str, looked_at: int | None, people: int, replaced: int) -> None:
    """Note up to whom the register was read, nobody when everybody was, and what came into the file by it."""
    unit.execute(_READ_ON, (looked_at, people, replaced, number))


def note_whole(unit: Unit, number: str, digest: bytes, at: datetime) -> None:
    """Note that all parts of a file are there."""
    unit.execute(_WHOLE, (digest, at, number))


def parts_of(unit: Unit, number: str) -> Iterator[tuple[int, bytes]]:
    """Read the parts of a file in their order, one at a time (primary key)."""
    part = 0
    while (
        row := unit.execute(
            "SELECT sealed FROM hall.extraction_part WHERE number = %s AND part = %s", (number, part)
        ).fetchone()
    ) is not None:
        yield part, bytes(row[0])
        part += 1


def next_unnoted(unit: Unit, number: str) -> tuple[int, bytes] | None:
    """Read the first part of a file whose people have no lines in the ledger yet (partial index)."""
    row = unit.execute(_UNNOTED, (number,)).fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


def note_part(unit: Unit, number: str, part: int) -> None:
    """Note that the people of a part have their lines (primary key)."""
    unit.execute(
        "UPDATE hall.extraction_part SET noted = true WHERE number = %s AND part = %s", (number, part)
    )


def keep_for_fetching(unit: Unit, number: str) -> None:
    """Let a whole file be fetched."""
    unit.execute("UPDATE hall.extraction SET state = 'KEPT' WHERE number = %s", (number,))


def note_fetched(unit: Unit, number: str) -> None:
    """Note that a file was handed over; its parts go."""
    unit.execute("UPDATE hall.extraction SET state = 'MADE' WHERE number = %s", (number,))
    drop_parts(unit, number)


def put_back(unit: Unit, number: str, fault: str) -> None:
    """Let a file be made anew, and say why; its parts go."""
    unit.execute(_PUT_BACK, (fault, number))
    drop_parts(unit, number)


def lapse_kept(unit: Unit, kept_since: datetime, *, limit_rows: int) -> list[str]:
    """Let files lapse that nobody fetched; their parts go (partial index)."""
    numbers = [str(row[0]) for row in unit.execute(_LAPSE, (kept_since, limit_rows)).fetchall()]
    for number in numbers:
        drop_parts(unit, number)
    return numbers


def drop_parts(unit: Unit, number: str) -> None:
    """Forget the parts of a file (primary key)."""
    unit.execute("DELETE FROM hall.extraction_part WHERE number = %s", (number,))
