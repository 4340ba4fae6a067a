"""Files of destinations as a CS and the nation keep them, and the queue of notices that the nation prints from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_KEEP = """
INSERT INTO destination.file (control_number, municipality, received_at, kept_until, body) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_SEAL = "INSERT INTO numbers.destination_number (control_number, place, sealed) SELECT %s, * FROM unnest(%s::int[], %s::bytea[])"
_SEALED = "SELECT place, sealed FROM numbers.destination_number WHERE control_number = %s ORDER BY place"
_FORGET_NUMBERS = "DELETE FROM numbers.destination_number WHERE control_number = ANY(%s)"
_FILES = """
SELECT control_number, municipality, received_at, kept_until, body::text FROM destination.file
WHERE control_number = ANY(%s)
"""  # primary key
_OVER = """
SELECT control_number FROM destination.file WHERE kept_until < %s ORDER BY kept_until LIMIT %s
"""  # index: file_kept_until
_KEEP_UNTIL = """
UPDATE destination.file f SET kept_until = %s WHERE f.control_number = ANY(%s) AND NOT EXISTS (
    SELECT FROM destination.notice n WHERE n.control_number = f.control_number AND n.state = 'waiting')
"""  # primary keys
_FORGET = "DELETE FROM destination.file WHERE control_number = ANY(%s)"
_QUEUE = """
INSERT INTO destination.notice (control_number, place, resident_record_code, received_at)
SELECT %s, n.place, n.code, %s FROM unnest(%s::int[], %s::text[]) AS n (place, code)
"""
_NOTICE = "control_number, place, resident_record_code, received_at, state, marked_by, marked_at"
_WAITING = f"""
SELECT {_NOTICE} FROM destination.notice WHERE state = 'waiting' ORDER BY received_at, control_number, place LIMIT %s
"""  # index: notice_waiting
_MARKED = f"""
SELECT {_NOTICE} FROM destination.notice WHERE state <> 'waiting'
ORDER BY marked_at DESC, control_number DESC, place DESC LIMIT %s
"""  # index: notice_marked
_HOW_MANY = "SELECT count(*) FROM destination.notice WHERE state = 'waiting'"
_SOME = f"""
SELECT {_NOTICE} FROM destination.notice WHERE (control_number, place) IN (SELECT * FROM unnest(%s::text[], %s::int[]))
ORDER BY control_number, place FOR UPDATE
"""  # primary key
_MARK = """
UPDATE destination.notice n SET state = %s, marked_by = %s, marked_at = %s
FROM unnest(%s::text[], %s::int[]) AS g (control_number, place)
WHERE n.control_number = g.control_number AND n.place = g.place
"""  # primary key


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a town without its numbers; one with a last day is deleted after it."""

    control_number: str
    municipality: str
    received_at: datetime
    kept_until: date | None
    body: str


@dataclass(frozen=True, slots=True)
class PrintedNotice:
    """One person's notice in the queue: waiting, sent, or come back; `place` counts the file's people from 1."""

    control_number: str
    place: int
    resident_record_code: str
    received_at: datetime
    state: str = "waiting"
    marked_by: str | None = None
    marked_at: datetime | None = None


def keep_file(unit: Unit, row: FileRow) -> bool:
    """Keep a file; False where it is kept already (primary key)."""
    values = (row.control_number, row.municipality, row.received_at, row.kept_until, row.body)
    return unit.execute(_KEEP, values).rowcount == 1


def keep_numbers(unit: Unit, control_number: str, sealed: Sequence[bytes]) -> None:
    """Keep the sealed numbers of a file's people in their order, inside `with unit.as_number_keeper()`."""
    unit.cursor.execute(_SEAL, (control_number, list(range(1, len(sealed) + 1)), list(sealed)))


def numbers_of(unit: Unit, control_number: str) -> list[bytes]:
    """Read the sealed numbers of a file's people in their order, inside `with unit.as_number_keeper()` (primary key)."""
    unit.cursor.execute(_SEALED, (control_number,))
    return [bytes(sealed) for _, sealed in unit.cursor.fetchall()]


def forget_numbers(unit: Unit, control_numbers: Collection[str]) -> None:
    """Delete the sealed numbers of some files, inside `with unit.as_number_keeper()` (primary key)."""
    unit.cursor.execute(_FORGET_NUMBERS, (sorted(control_numbers),))


def files(unit: Unit, control_numbers: Collection[str]) -> Mapping[str, FileRow]:
    """Read some files by their numbers (primary key)."""
    rows = unit.execute(_FILES, (sorted(control_numbers),)).fetchall()
    return {str(row[0]): FileRow(*row) for row in rows}


def files_over(unit: Unit, on: date, *, limit_rows: int) -> list[str]:
    """Name files whose last day is past, the oldest first (index file_kept_until)."""
    return [str(row[0]) for row in unit.execute(_OVER, (on, limit_rows)).fetchall()]


def keep_until(unit: Unit, control_numbers: Collection[str], until: date) -> None:
    """Note until when files are kept of which no notice waits any more (primary keys)."""
    unit.execute(_KEEP_UNTIL, (until, sorted(control_numbers)))


def forget_files(unit: Unit, control_numbers: Collection[str]) -> int:
    """Delete some files with their queue, and count them (primary key)."""
    return unit.execute(_FORGET, (sorted(control_numbers),)).rowcount


def queue(unit: Unit, control_number: str, codes: Sequence[str], at: datetime) -> None:
    """Queue a notice for each of a file's people."""
    places = list(range(1, len(codes) + 1))
    unit.execute(_QUEUE, (control_number, at, places, [str(one) for one in codes]))


def waiting_notices(unit: Unit, *, limit_rows: int) -> list[PrintedNotice]:
    """List notices that are to be printed, oldest first (index notice_waiting)."""
    return [PrintedNotice(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def marked_notices(unit: Unit, *, limit_rows: int) -> list[PrintedNotice]:
    """List notices that were sent or came back, newest first (index notice_marked)."""
    return [PrintedNotice(*row) for row in unit.execute(_MARKED, (limit_rows,)).fetchall()]


def how_many_wait(unit: Unit) -> int:
    """Count notices that are to be printed (index notice_waiting)."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0


def lock_notices(unit: Unit, names: Sequence[tuple[str, int]]) -> list[PrintedNotice]:
    """Read some notices; nobody else marks them until the unit ends (primary key)."""
    numbers, places = [one for one, _ in names], [place for _, place in names]
    return [PrintedNotice(*row) for row in unit.execute(_SOME, (numbers, places)).fetchall()]


def mark_notices(
    unit: Unit, names: Sequence[tuple[str, int]], state: str, marked: tuple[str, datetime]
) -> None:
    """Note that notices were sent or came back (primary key)."""
    numbers, places = [one for one, _ in names], [place for _, place in names]
    unit.execute(_MARK, (state, *marked, numbers, places))
