"""Bundles in which the nation's notices of individual numbers go to the press, their letters, each time of being printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.store.destination import FileName, NoticeName, PrintedNotice
from daicho.store.unit import Unit

_BUNDLE = """number, name, state, ordered_by, role, terminal, ordered_at, year, letters, notices, done, left_out, hindrance,
    made_at, fetched_by, fetched_at, closed_by, closed_at, tries"""
_NOTICE = """n.municipality, n.control_number, n.place, n.resident_record_code, n.received_at, n.state, n.marked_by,
    n.marked_at, n.why"""
_SOME_FILES = "(municipality, control_number) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
_WAIT_IN_FILES = f"""
SELECT {_NOTICE} FROM destination.notice n WHERE {_SOME_FILES} AND state = 'waiting'
ORDER BY municipality, control_number, place FOR UPDATE
"""  # primary key
_KNOWN = "SELECT number FROM destination.bundle WHERE name = %s"  # index: bundle_name_key
_KEEP = """
INSERT INTO destination.bundle (name, ordered_by, role, terminal, ordered_at, year, letters, notices)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (name) DO NOTHING RETURNING number
"""
_KEEP_LETTERS = """
INSERT INTO destination.letter (bundle, place, municipality, control_number)
SELECT %s, n.ordinal, n.municipality, n.control_number
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS n (municipality, control_number, ordinal)
"""
_KEEP_PRINTS = """
INSERT INTO destination.print (bundle, letter, municipality, control_number, place, sheet, application_id)
SELECT %s, n.letter, n.municipality, n.control_number, n.place, n.ordinal, n.application
FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::text[])
    WITH ORDINALITY AS n (letter, municipality, control_number, place, application, ordinal)
"""
_NEXT = f"""
SELECT {_BUNDLE} FROM destination.bundle WHERE state = 'making' AND NOT (not_before > %s AND not_before <= %s)
ORDER BY number LIMIT 1
"""  # index: bundle_making
_LETTER = "SELECT bundle, place, municipality, control_number, state, hindrance"
_ONE_LETTER = f"{_LETTER} FROM destination.letter WHERE bundle = %s AND place >= %s ORDER BY place LIMIT 1"
_LETTERS = f"{_LETTER} FROM destination.letter WHERE bundle = %s ORDER BY place"  # primary key
_PRINT = """p.bundle, p.letter, p.municipality, p.control_number, p.place, p.sheet, p.application_id, p.over, p.asked_by,
    p.asked_at, p.why, p.granted_by"""
_PRINTS_OF_LETTER = (
    f"SELECT {_PRINT} FROM destination.print p WHERE bundle = %s AND letter = %s ORDER BY place"
)
_PRINTS = f"""
SELECT {_PRINT}, {_NOTICE} FROM destination.print p JOIN destination.notice n USING (municipality, control_number, place)
WHERE p.bundle = %s ORDER BY p.sheet
"""  # primary keys
_LOCK = f"SELECT {_BUNDLE} FROM destination.bundle WHERE number = %s FOR UPDATE"  # primary key
_ONE = f"SELECT {_BUNDLE} FROM destination.bundle WHERE number = %s"  # primary key
_BEFORE = (
    f"SELECT {_BUNDLE} FROM destination.bundle WHERE number < %s ORDER BY number DESC LIMIT %s"  # primary key
)
_SET = "UPDATE destination.letter SET state = 'set', sealed = %s WHERE bundle = %s AND place = %s"
_LEAVE = "UPDATE destination.letter SET state = 'left', hindrance = %s WHERE bundle = %s AND place = %s"
_ADVANCE = """
UPDATE destination.bundle SET done = %(done)s, left_out = left_out + %(left)s, hindrance = '', not_before = '-infinity',
    tries = 0,
    state = CASE WHEN %(done)s < letters THEN state WHEN left_out + %(left)s < letters THEN 'made' ELSE 'dropped' END,
    made_at = CASE WHEN %(done)s = letters AND left_out + %(left)s < letters THEN %(at)s ELSE made_at END,
    closed_by = CASE WHEN %(done)s = letters AND left_out + %(left)s = letters THEN %(by)s ELSE closed_by END,
    closed_at = CASE WHEN %(done)s = letters AND left_out + %(left)s = letters THEN %(at)s ELSE closed_at END
WHERE number = %(bundle)s
"""  # primary key
_HINDER = """
UPDATE destination.bundle SET hindrance = %s, not_before = %s, tries = tries + %s WHERE number = %s AND state = 'making'
"""  # primary key
_TAKE_OUT = """
UPDATE destination.letter SET state = 'left', hindrance = %s, sealed = NULL
WHERE bundle = %s AND place = ANY(%s) AND state = 'set'
"""  # primary key
_MORE_LEFT = "UPDATE destination.bundle SET left_out = left_out + %s WHERE number = %s"  # primary key
_FETCHED = "UPDATE destination.bundle SET fetched_by = %s, fetched_at = %s WHERE number = %s"
_SEALED = "SELECT sealed FROM destination.letter WHERE bundle = %s AND sealed IS NOT NULL ORDER BY place"
_CLOSE = "UPDATE destination.bundle SET state = %s, closed_by = %s, closed_at = %s WHERE number = %s"
_UNSEAL = "UPDATE destination.letter SET sealed = NULL WHERE bundle = %s AND sealed IS NOT NULL"
_OVERDUE = """
SELECT number FROM (
    (SELECT number FROM destination.bundle WHERE state = 'made' AND made_at < %(before)s
        ORDER BY made_at LIMIT %(limit)s)
    UNION ALL
    (SELECT number FROM destination.bundle WHERE state = 'making' AND ordered_at < %(before)s
        ORDER BY ordered_at LIMIT %(limit)s)
) b LIMIT %(limit)s
"""  # indexes: bundle_made, bundle_ordered
_END_ALL = "UPDATE destination.print SET over = true WHERE bundle = %s AND NOT over"  # primary key
_SOME_PRINTS = """(municipality, control_number, place) IN (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::int[])) AND NOT over"""
_END = f"UPDATE destination.print SET over = true WHERE {_SOME_PRINTS}"  # index: print_in_force
_IN_FORCE = f"""
SELECT {_PRINT} FROM destination.print p WHERE {_SOME_PRINTS} ORDER BY municipality, control_number, place FOR UPDATE
"""  # index: print_in_force
_IN_SAME_LETTERS = """
SELECT DISTINCT w.municipality, w.control_number, w.place
FROM unnest(%s::text[], %s::text[], %s::int[]) AS n (municipality, control_number, place)
JOIN destination.print p ON p.municipality = n.municipality AND p.control_number = n.control_number AND p.place = n.place
    AND NOT p.over
JOIN destination.print w ON w.bundle = p.bundle AND w.letter = p.letter AND NOT w.over
ORDER BY 1, 2, 3
"""  # indexes: print_in_force, primary key
_WHY_LEFT_OUT = """
SELECT DISTINCT ON (p.municipality, p.control_number, p.place)
    p.municipality, p.control_number, p.place, p.bundle, l.hindrance
FROM unnest(%s::text[], %s::text[], %s::int[]) AS n (municipality, control_number, place)
JOIN destination.print p ON p.municipality = n.municipality AND p.control_number = n.control_number AND p.place = n.place
JOIN destination.letter l ON l.bundle = p.bundle AND l.place = p.letter
ORDER BY 1, 2, 3, p.bundle DESC
"""  # indexes: print_notice, primary key
_ASK = f"UPDATE destination.print SET asked_by = %s, asked_at = %s, why = %s WHERE {_SOME_PRINTS}"
_ASKED = f"""
SELECT {_PRINT}, {_NOTICE} FROM destination.print p JOIN destination.notice n USING (municipality, control_number, place)
WHERE p.asked_by IS NOT NULL AND NOT p.over ORDER BY p.asked_at, p.bundle, p.letter, p.place LIMIT %s
"""  # indexes: print_asked, primary key
_HOW_MANY_ASKED = """
SELECT count(*) FROM destination.print WHERE asked_by IS NOT NULL AND NOT over AND asked_by <> %s
"""  # index: print_asked
_HOW_MANY_TO_SEND = "SELECT count(*) FROM destination.notice WHERE state = 'printed'"  # index: notice_marked
_HOW_MANY_READY = "SELECT count(*) FROM destination.bundle WHERE state = 'made'"  # index: bundle_made
_GRANT = f"UPDATE destination.print SET over = true, granted_by = %s, granted_at = %s WHERE {_SOME_PRINTS}"
_DECLINE = f"UPDATE destination.print SET asked_by = NULL, asked_at = NULL, why = '' WHERE {_SOME_PRINTS}"
_MARK_BUNDLE = """
UPDATE destination.notice n SET state = %s, marked_by = %s, marked_at = %s FROM destination.print p
WHERE p.bundle = %s AND NOT p.over AND n.municipality = p.municipality AND n.control_number = p.control_number
    AND n.place = p.place AND n.state = %s RETURNING n.resident_record_code, n.control_number
"""  # primary keys
_REFUSE = """
INSERT INTO destination.refused (municipality, control_number, refused_at, reason, field) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (municipality, control_number) DO UPDATE
SET refused_at = excluded.refused_at, reason = excluded.reason, field = excluded.field
"""
_REFUSED = """
SELECT municipality, control_number, refused_at, reason, field FROM destination.refused
ORDER BY refused_at DESC, municipality DESC, control_number DESC LIMIT %s
"""  # index: refused_at
_NOT_REFUSED = (
    "DELETE FROM destination.refused WHERE municipality = %s AND control_number = %s"  # primary key
)
_FORGET_REFUSED = "DELETE FROM destination.refused WHERE refused_at < %s"  # index: refused_at


@dataclass(frozen=True, slots=True)
class BundleRow:
    """One bundle: who ordered it, how far its making has come, who fetched and who closed it."""

    number: int
    name: str
    state: str
    ordered_by: str
    role: str
    terminal: str
    ordered_at: datetime
    year: int
    letters: int
    notices: int
    done: int = 0
    left_out: int = 0
    hindrance: str = ""
    made_at: datetime | None = None
    fetched_by: str | None = None
    fetched_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter of a bundle: from which file it is printed, whether it is set or why it was left out."""

    bundle: int
    place: int
    municipality: str
    control_number: str
    state: str
    hindrance: str

    @property
    def file(self) -> FileName:
        """Name the file."""
        return self.municipality, self.control_number


@dataclass(frozen=True, slots=True)
class PrintRow:
    """One time that a notice is put on paper: in which letter, under which number of application, whether it still counts."""

    bundle: int
    letter: int
    municipality: str
    control_number: str
    place: int
    sheet: int
    application_id: str
    over: bool = False
    asked_by: str | None = None
    asked_at: datetime | None = None
    why: str = ""
    granted_by: str | None = None

    @property
    def notice(self) -> NoticeName:
        """Name the notice."""
        return self.municipality, self.control_number, self.place


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A town's file that the nation refused: its number and why."""

    municipality: str
    control_number: str
    refused_at: datetime
    reason: str
    field: str


_PRINT_COLUMNS = 12


def _with_notice(row: Sequence[object]) -> tuple[PrintRow, PrintedNotice]:
    return PrintRow(*row[:_PRINT_COLUMNS]), PrintedNotice(*row[_PRINT_COLUMNS:])  # type: ignore[arg-type]  # as selected


def _named(names: Sequence[NoticeName]) -> tuple[list[str], list[str], list[int]]:
    return [one for one, _, _ in names], [one for _, one, _ in names], [one for _, _, one in names]


def lock_waiting_in(unit: Unit, files: Sequence[FileName]) -> list[PrintedNotice]:
    """Read what waits of some files, which are locked before; nobody else takes it until the unit ends (primary key)."""
    columns = [town for town, _ in files], [number for _, number in files]
    return [PrintedNotice(*row) for row in unit.execute(_WAIT_IN_FILES, columns).fetchall()]


def known_bundle(unit: Unit, name: str) -> int | None:
    """Tell the number of the bundle that was ordered under a name (index bundle_name_key)."""
    row = unit.execute(_KNOWN, (name,)).fetchone()
    return None if row is None else int(row[0])


def keep_bundle(
    unit: Unit, row: BundleRow, letters: Sequence[FileName], prints: Sequence[tuple[int, NoticeName, str]]
) -> int | None:
    """Keep a bundle, its letters, and for each notice its letter and its application; its number, none where it is known."""
    values = (
        row.name, row.ordered_by, row.role, row.terminal, row.ordered_at, row.year, row.letters, row.notices,
    )  # fmt: skip
    kept = unit.execute(_KEEP, values).fetchone()
    if kept is None:
        return None
    number = int(kept[0])
    unit.execute(_KEEP_LETTERS, (number, [town for town, _ in letters], [one for _, one in letters]))
    names = _named([name for _, name, _ in prints])
    unit.execute(
        _KEEP_PRINTS, (number, [place for place, _, _ in prints], *names, [one for _, _, one in prints])
    )
    return number


def next_bundle(unit: Unit, now: datetime, most: datetime) -> BundleRow | None:
    """Give the oldest bundle that is being made and does not rest; none rests beyond `most` (index bundle_making)."""
    row = unit.execute(_NEXT, (now, most)).fetchone()
    return None if row is None else BundleRow(*row)


def letter_from(unit: Unit, bundle: int, place: int) -> LetterRow | None:
    """Give the letter at a place of a bundle, or the next one that still is there (primary key)."""
    row = unit.execute(_ONE_LETTER, (bundle, place)).fetchone()
    return None if row is None else LetterRow(*row)


def letters(unit: Unit, bundle: int) -> list[LetterRow]:
    """List the letters of a bundle (primary key)."""
    return [LetterRow(*row) for row in unit.execute(_LETTERS, (bundle,)).fetchall()]


def prints_of_letter(unit: Unit, bundle: int, letter: int) -> list[PrintRow]:
    """List what is printed in one letter (primary key)."""
    return [PrintRow(*row) for row in unit.execute(_PRINTS_OF_LETTER, (bundle, letter)).fetchall()]


def prints(unit: Unit, bundle: int) -> list[tuple[PrintRow, PrintedNotice]]:
    """List what is printed in a bundle, with where each notice is now (primary keys)."""
    return [_with_notice(row) for row in unit.execute(_PRINTS, (bundle,)).fetchall()]


def lock_bundle(unit: Unit, number: int) -> BundleRow | None:
    """Read a bundle; nobody else changes it until the unit ends (primary key)."""
    row = unit.execute(_LOCK, (number,)).fetchone()
    return None if row is None else BundleRow(*row)


def bundle(unit: Unit, number: int) -> BundleRow | None:
    """Read a bundle (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else BundleRow(*row)


def bundles_before(unit: Unit, number: int, *, limit_rows: int) -> list[BundleRow]:
    """List bundles, newest first, of lower numbers than one (primary key)."""
    return [BundleRow(*row) for row in unit.execute(_BEFORE, (number, limit_rows)).fetchall()]


def set_letter(unit: Unit, letter: LetterRow, sealed: bytes) -> None:
    """Keep a letter as it was closed for the press (primary key)."""
    unit.execute(_SET, (sealed, letter.bundle, letter.place))


def leave_letter(unit: Unit, letter: LetterRow, hindrance: str) -> None:
    """Note why a letter was left out (primary key)."""
    unit.execute(_LEAVE, (hindrance, letter.bundle, letter.place))


def advance(unit: Unit, bundle: int, done: int, at: datetime, by: str, *, left: int) -> None:
    """Note up to which letter a bundle is made, and how many more were left out (primary key).

    With the last one it is made; where all were left out there is nothing to print, and `by` closes it.
    """
    unit.execute(_ADVANCE, {"done": done, "left": left, "at": at, "by": by, "bundle": bundle})


def hinder(unit: Unit, bundle: int, hindrance: str, not_before: datetime, *, tried: bool) -> None:
    """Note why the next letter could not be set, until when that rests, and whether it counts as tried (primary key)."""
    unit.execute(_HINDER, (hindrance, not_before, int(tried), bundle))


def take_letters_out(unit: Unit, bundle: int, places: Sequence[int], hindrance: str) -> None:
    """Delete letters of a bundle that were set, and note why they go to nobody (primary key)."""
    taken = unit.execute(_TAKE_OUT, (hindrance, bundle, list(places))).rowcount
    unit.execute(_MORE_LEFT, (taken, bundle))


def note_fetched(unit: Unit, bundle: int, fetched: tuple[str, datetime]) -> None:
    """Note who fetched a bundle (primary key)."""
    unit.execute(_FETCHED, (*fetched, bundle))


def sealed_letters(unit: Unit, bundle: int) -> list[bytes]:
    """Give the letters of a bundle as they were closed for the press, in their order (primary key)."""
    return [bytes(row[0]) for row in unit.execute(_SEALED, (bundle,)).fetchall()]


def close_bundle(unit: Unit, bundle: int, state: str, closed: tuple[str, datetime]) -> None:
    """Note that a bundle is printed or dropped, and delete what waited there for the press (primary key)."""
    unit.execute(_CLOSE, (state, *closed, bundle))
    unit.execute(_UNSEAL, (bundle,))


def overdue(unit: Unit, before: datetime, *, limit_rows: int) -> list[int]:
    """Name bundles, not closed, that were made, or ordered and never made, before an instant (bundle_made, bundle_ordered)."""
    rows = unit.execute(_OVERDUE, {"before": before, "limit": limit_rows}).fetchall()
    return [int(row[0]) for row in rows]


def mark_bundle(
    unit: Unit, bundle: int, states: tuple[str, str], marked: tuple[str, datetime]
) -> list[tuple[str, str]]:
    """Bring the notices of a bundle that are in one state into another; gives codes and numbers of files (primary keys)."""
    before, after = states
    rows = unit.execute(_MARK_BUNDLE, (after, *marked, bundle, before)).fetchall()
    return [(str(code), str(number)) for code, number in rows]


def end_prints(unit: Unit, bundle: int) -> None:
    """Note that nothing of a bundle counts as printed (primary key)."""
    unit.execute(_END_ALL, (bundle,))


def end_some(unit: Unit, names: Sequence[NoticeName]) -> None:
    """Note that some notices do not count as printed (index print_in_force)."""
    unit.execute(_END, _named(names))


def lock_prints(unit: Unit, names: Sequence[NoticeName]) -> list[PrintRow]:
    """Read how some notices were printed last; nobody else changes it until the unit ends (index print_in_force)."""
    return [PrintRow(*row) for row in unit.execute(_IN_FORCE, _named(names)).fetchall()]


def in_same_letters(unit: Unit, names: Sequence[NoticeName]) -> list[NoticeName]:
    """Name whatever counts as printed in the same envelopes as some notices, those with it (print_in_force, primary key)."""
    rows = unit.execute(_IN_SAME_LETTERS, _named(names)).fetchall()
    return [(str(town), str(number), int(place)) for town, number, place in rows]


def why_left_out(unit: Unit, names: Sequence[NoticeName]) -> dict[NoticeName, tuple[int, str]]:
    """Tell of some notices in which bundle they were last, and why their letter was left out (print_notice, primary key)."""
    rows = unit.execute(_WHY_LEFT_OUT, _named(names)).fetchall()
    return {
        (str(town), str(number), int(place)): (int(last), str(why)) for town, number, place, last, why in rows
    }


def ask_again(unit: Unit, names: Sequence[NoticeName], asked: tuple[str, datetime, str]) -> None:
    """Note who wants some notices printed anew, and why (index print_in_force)."""
    unit.execute(_ASK, (*asked, *_named(names)))


def asked(unit: Unit, *, limit_rows: int) -> list[tuple[PrintRow, PrintedNotice]]:
    """List what is to be printed anew once a second person lets it (indexes print_asked, primary key)."""
    return [_with_notice(row) for row in unit.execute(_ASKED, (limit_rows,)).fetchall()]


def how_many_asked(unit: Unit, who: str) -> int:
    """Count what others want printed anew (index print_asked)."""
    row = unit.execute(_HOW_MANY_ASKED, (who,)).fetchone()
    return int(row[0]) if row else 0


def how_many_to_send(unit: Unit) -> int:
    """Count notices that are printed and not sent (index notice_marked)."""
    row = unit.execute(_HOW_MANY_TO_SEND).fetchone()
    return int(row[0]) if row else 0


def how_many_ready(unit: Unit) -> int:
    """Count bundles that wait to be printed (index bundle_made)."""
    row = unit.execute(_HOW_MANY_READY).fetchone()
    return int(row[0]) if row else 0


def grant_again(unit: Unit, names: Sequence[NoticeName], granted: tuple[str, datetime]) -> None:
    """Note who lets some notices be printed anew (index print_in_force)."""
    unit.execute(_GRANT, (*granted, *_named(names)))


def decline_again(unit: Unit, names: Sequence[NoticeName]) -> None:
    """Note that some notices stay as they were printed (index print_in_force)."""
    unit.execute(_DECLINE, _named(names))


def keep_refused(unit: Unit, row: RefusedRow) -> None:
    """Keep that a file was refused; the newest reason counts."""
    unit.execute(_REFUSE, (row.municipality, row.control_number, row.refused_at, row.reason, row.field))


def not_refused(unit: Unit, name: FileName) -> None:
    """Forget that a file was refused, once it is accepted (primary key)."""
    unit.execute(_NOT_REFUSED, name)


def refused_files(unit: Unit, *, limit_rows: int) -> list[RefusedRow]:
    """List files that were refused, newest first (index refused_at)."""
    return [RefusedRow(*row) for row in unit.execute(_REFUSED, (limit_rows,)).fetchall()]


def forget_refused(unit: Unit, before: datetime) -> int:
    """Forget what was refused before an instant, and count it (index refused_at)."""
    return unit.execute(_FORGET_REFUSED, (before,)).rowcount
