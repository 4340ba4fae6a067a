"""Files of destinations as a CS and the nation keep them, and the queue of notices that the nation prints from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

FileName = tuple[str, str]
"""One file: the town that told it, and its number there."""

_KEEP = """
INSERT INTO destination.file (municipality, control_number, received_at, kept_until, body) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_SEAL = """
INSERT INTO numbers.destination_number (municipality, control_number, place, sealed)
SELECT %s, %s, * FROM unnest(%s::int[], %s::bytea[])
"""
_SEALED = """
SELECT place, sealed FROM numbers.destination_number WHERE municipality = %s AND control_number = %s ORDER BY place
"""
_SOME_FILES = "(municipality, control_number) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
_FORGET_NUMBERS = f"DELETE FROM numbers.destination_number WHERE {_SOME_FILES}"
_FILES = f"""
SELECT municipality, control_number, received_at, kept_until, body::text FROM destination.file WHERE {_SOME_FILES}
"""  # primary key
_LOCK_FILES = f"""
SELECT FROM destination.file WHERE {_SOME_FILES} ORDER BY municipality, control_number FOR UPDATE
"""  # primary key
_OVER = """
SELECT municipality, control_number FROM destination.file WHERE kept_until < %s ORDER BY kept_until LIMIT %s
"""  # index: file_kept_until
_KEEP_UNTIL = f"""
UPDATE destination.file f SET kept_until = %s WHERE {_SOME_FILES} AND NOT EXISTS (
    SELECT FROM destination.notice n WHERE n.municipality = f.municipality AND n.control_number = f.control_number
        AND n.state IN ('waiting', 'bundled', 'stuck', 'printed'))
"""  # primary keys
_FORGET = f"DELETE FROM destination.file WHERE {_SOME_FILES}"
_QUEUE = """
INSERT INTO destination.notice (municipality, control_number, place, resident_record_code, name_key, birth, state, received_at)
SELECT %s, %s, n.place, n.code, n.name_key, n.birth, n.state, %s
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[]) AS n (place, code, name_key, birth, state)
"""
_RELEASE = """
WITH free AS (
    UPDATE destination.notice n SET state = 'waiting' FROM unnest(%s::text[], %s::text[]) AS h (code, municipality)
    WHERE n.resident_record_code = h.code AND n.municipality = h.municipality AND n.state = 'held'
    RETURNING n.municipality, n.control_number, n.resident_record_code
), kept AS (
    UPDATE destination.file f SET kept_until = NULL FROM free
    WHERE f.municipality = free.municipality AND f.control_number = free.control_number
)
SELECT control_number, resident_record_code FROM free ORDER BY 1, 2
"""  # indexes: notice_held, primary key
_NOTICE = (
    "municipality, control_number, place, resident_record_code, received_at, state, marked_by, marked_at, why"
)
_PLACE = "municipality, control_number, place"
_WAITING = f"""
SELECT {_NOTICE} FROM destination.notice WHERE state = 'waiting' AND (received_at, {_PLACE}) > (%s, %s, %s, %s)
ORDER BY received_at, {_PLACE} LIMIT %s
"""  # index: notice_waiting
_MARKED = f"""
SELECT {_NOTICE} FROM destination.notice WHERE state = %s AND state NOT IN ('held', 'waiting')
    AND (marked_at, {_PLACE}) < (%s, %s, %s, %s)
ORDER BY marked_at DESC, municipality DESC, control_number DESC, place DESC LIMIT %s
"""  # index: notice_marked
_OF_FILE = f"SELECT {_NOTICE} FROM destination.notice WHERE control_number = %s ORDER BY {_PLACE} LIMIT %s"
_OF_PERSON = f"""
SELECT {_NOTICE} FROM destination.notice WHERE birth = %s AND name_key = %s ORDER BY received_at DESC, {_PLACE} LIMIT %s
"""  # index: notice_person
_HOW_MANY = "SELECT count(*) FROM destination.notice WHERE state = 'waiting'"
_THESE = "(municipality, control_number, place) IN (SELECT * FROM unnest(%s::text[], %s::text[], %s::int[]))"
_SOME = f"SELECT {_NOTICE} FROM destination.notice WHERE {_THESE} ORDER BY {_PLACE} FOR UPDATE"  # primary key
_BACK = f"""
UPDATE destination.notice SET state = 'waiting', marked_by = NULL, marked_at = NULL, why = '' WHERE {_THESE}
"""  # primary key
_MARK = f"""
UPDATE destination.notice SET state = %s, marked_by = %s, marked_at = %s, why = %s WHERE {_THESE}
"""  # primary key


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a town without its numbers; one with a last day is deleted after it."""

    municipality: str
    control_number: str
    received_at: datetime
    kept_until: date | None
    body: str

    @property
    def name(self) -> FileName:
        """Name it."""
        return self.municipality, self.control_number


@dataclass(frozen=True, slots=True)
class QueuedPerson:
    """One of a file's people: the code, the folded name and the birth date by which a letter is looked up, the state."""

    code: str
    name_key: str
    birth: str
    state: str


@dataclass(frozen=True, slots=True)
class PrintedNotice:
    """One person's notice on its way from held to sent or come back; `place` counts the file's people from 1."""

    municipality: str
    control_number: str
    place: int
    resident_record_code: str
    received_at: datetime
    state: str = "waiting"
    marked_by: str | None = None
    marked_at: datetime | None = None
    why: str = ""

    @property
    def name(self) -> "NoticeName":
        """Name it."""
        return self.municipality, self.control_number, self.place

    @property
    def file(self) -> FileName:
        """Name the file in which it came."""
        return self.municipality, self.control_number


NoticeName = tuple[str, str, int]
"""One notice: the town, the number of its file, and the person's place in it."""


def keep_file(unit: Unit, row: FileRow) -> bool:
    """Keep a file; False where one of that town and number is kept already (primary key)."""
    values = (row.municipality, row.control_number, row.received_at, row.kept_until, row.body)
    return unit.execute(_KEEP, values).rowcount == 1


def keep_numbers(unit: Unit, name: FileName, sealed: Sequence[bytes]) -> None:
    """Keep the sealed numbers of a file's people in their order, inside `with unit.as_number_keeper()`."""
    unit.cursor.execute(_SEAL, (*name, list(range(1, len(sealed) + 1)), list(sealed)))


def numbers_of(unit: Unit, name: FileName) -> list[bytes]:
    """Read the sealed numbers of a file's people in their order, inside `with unit.as_number_keeper()` (primary key)."""
    unit.cursor.execute(_SEALED, name)
    return [bytes(sealed) for _, sealed in unit.cursor.fetchall()]


def forget_numbers(unit: Unit, names: Collection[FileName]) -> None:
    """Delete the sealed numbers of some files, inside `with unit.as_number_keeper()` (primary key)."""
    unit.cursor.execute(_FORGET_NUMBERS, _columns(names))


def _columns(names: Collection[FileName]) -> tuple[list[str], list[str]]:
    in_order = sorted(set(names))
    return [town for town, _ in in_order], [number for _, number in in_order]


def files(unit: Unit, names: Collection[FileName]) -> Mapping[FileName, FileRow]:
    """Read some files (primary key)."""
    rows = [FileRow(*row) for row in unit.execute(_FILES, _columns(names)).fetchall()]
    return {row.name: row for row in rows}


def lock_files(unit: Unit, names: Collection[FileName]) -> None:
    """Keep some files for oneself until the unit ends, in their order (primary key)."""
    unit.execute(_LOCK_FILES, _columns(names)).fetchall()


def files_over(unit: Unit, on: date, *, limit_rows: int) -> list[FileName]:
    """Name files whose last day is past, the oldest first (index file_kept_until)."""
    return [(str(row[0]), str(row[1])) for row in unit.execute(_OVER, (on, limit_rows)).fetchall()]


def keep_until(unit: Unit, names: Collection[FileName], until: date) -> None:
    """Note until when files are kept of which no notice waits any more; the files are locked before (primary keys)."""
    unit.execute(_KEEP_UNTIL, (until, *_columns(names)))


def forget_files(unit: Unit, names: Collection[FileName]) -> int:
    """Delete some files with their queue, and count them (primary key)."""
    return unit.execute(_FORGET, _columns(names)).rowcount


def queue(unit: Unit, name: FileName, people: Sequence[QueuedPerson], at: datetime) -> None:
    """Queue a notice for each of a file's people."""
    places = list(range(1, len(people) + 1))
    columns = ([getattr(one, part) for one in people] for part in ("code", "name_key", "birth", "state"))
    unit.execute(_QUEUE, (*name, at, places, *columns))


def release(unit: Unit, held: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Queue what was held until these codes' towns hold their records; gives numbers of files and codes (index notice_held)."""
    rows = unit.execute(_RELEASE, ([code for code, _ in held], [town for _, town in held])).fetchall()
    return [(str(number), str(code)) for number, code in rows]


def waiting_notices(
    unit: Unit, *, limit_rows: int, after: PrintedNotice | None = None
) -> list[PrintedNotice]:
    """List notices that are to be printed, oldest first, behind one of them (index notice_waiting)."""
    behind = ("-infinity", "", "", 0) if after is None else (after.received_at, *after.file, after.place)
    return [PrintedNotice(*row) for row in unit.execute(_WAITING, (*behind, limit_rows)).fetchall()]


def marked_notices(
    unit: Unit, state: str, *, limit_rows: int, after: PrintedNotice | None = None
) -> list[PrintedNotice]:
    """List notices of a state in which somebody brought them, newest first, behind one of them (index notice_marked)."""
    behind = ("infinity", "", "", 0) if after is None else (after.marked_at, *after.file, after.place)
    return [PrintedNotice(*row) for row in unit.execute(_MARKED, (state, *behind, limit_rows)).fetchall()]


def notices_of_file(unit: Unit, control_number: str, *, limit_rows: int) -> list[PrintedNotice]:
    """List the notices of the files of one number (index notice_file)."""
    return [PrintedNotice(*row) for row in unit.execute(_OF_FILE, (control_number, limit_rows)).fetchall()]


def notices_of_person(unit: Unit, birth: str, name_key: str, *, limit_rows: int) -> list[PrintedNotice]:
    """List the notices of whoever has this birth date and folded name, newest first (index notice_person)."""
    rows = unit.execute(_OF_PERSON, (birth, name_key, limit_rows)).fetchall()
    return [PrintedNotice(*row) for row in rows]


def how_many_wait(unit: Unit) -> int:
    """Count notices that are to be printed (index notice_waiting)."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0


def lock_notices(unit: Unit, names: Sequence[NoticeName]) -> list[PrintedNotice]:
    """Read some notices; nobody else marks them until the unit ends (primary key)."""
    return [PrintedNotice(*row) for row in unit.execute(_SOME, _named(names)).fetchall()]


def _named(names: Sequence[NoticeName]) -> tuple[list[str], list[str], list[int]]:
    return [one for one, _, _ in names], [one for _, one, _ in names], [one for _, _, one in names]


def mark_notices(
    unit: Unit, names: Sequence[NoticeName], state: str, marked: tuple[str, datetime], why: str = ""
) -> None:
    """Bring notices into a state: such as sent, come back, or held back for a reason (primary key)."""
    unit.execute(_MARK, (state, *marked, why, *_named(names)))


def wait_again(unit: Unit, names: Sequence[NoticeName]) -> None:
    """Let some notices wait to be printed again (primary key)."""
    unit.execute(_BACK, _named(names))
