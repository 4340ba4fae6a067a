"""A town's own characters with their steps and pictures, and the characters that wait for somebody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from daicho.store.unit import Unit

_COLUMNS = "strokes, family, waiting, glyph_name, written, picture, identified_by, confirmed_by, body"
_KEEP = f"INSERT INTO register.own_character (character, version, {_COLUMNS}) VALUES (%s, 1{', %s' * 9}) ON CONFLICT DO NOTHING"
_REPLACE = f"""
UPDATE register.own_character SET version = version + 1, ({_COLUMNS}) = ROW (%s{", %s" * 8})
WHERE character = %s AND version = %s
"""
_STEP = """
INSERT INTO register.own_character_step (character, version, step, by, at, body) VALUES (%s, %s, %s, %s, %s, %s)
"""
_ONE = "SELECT character, version, body::text FROM register.own_character WHERE character = %s"
_SOME = "SELECT character, version, body::text FROM register.own_character WHERE character = ANY(%s)"
_STEPS = """
SELECT step, by, at, body::text FROM register.own_character_step WHERE character = %s ORDER BY version DESC LIMIT %s
"""
_ALL = "SELECT character, version, body::text FROM register.own_character ORDER BY character LIMIT %s"
_BY_FAMILY = """
SELECT character, version, body::text FROM register.own_character WHERE family = %s ORDER BY character LIMIT %s
"""
_BY_STROKES = """
SELECT character, version, body::text FROM register.own_character
WHERE strokes BETWEEN %s AND %s ORDER BY strokes, character LIMIT %s
"""
_WRITTEN = "SELECT character, written FROM register.own_character WHERE character = ANY(%s) AND written <> ''"
# Whoever writes a record waits for whoever confirms what its characters are, and the other way round: also for what
# nobody has confirmed yet.
_SETTLED = """
SELECT character, glyph_name, written FROM register.own_character WHERE character = ANY(%s) ORDER BY character FOR SHARE
"""
_KEEP_PICTURE = """
INSERT INTO register.character_picture (digest, kind, content, brought_by, brought_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_PICTURE = "SELECT kind, content FROM register.character_picture WHERE digest = %s"
_SHOWN = """
SELECT o.character, o.written, p.kind, p.content FROM register.own_character o
LEFT JOIN LATERAL (SELECT c.kind, c.content FROM register.character_picture c WHERE c.digest = o.picture OFFSET 0) p ON true
WHERE o.character = ANY(%s) AND o.glyph_name IS NOT NULL ORDER BY o.character
"""
_IDENTIFIED = """
SELECT o.character, o.glyph_name, p.content FROM register.own_character o
LEFT JOIN LATERAL (SELECT c.content FROM register.character_picture c WHERE c.digest = o.picture OFFSET 0) p ON true
WHERE o.character = ANY(%s) AND o.glyph_name IS NOT NULL
"""
# A case that was closed because nothing held the character any more is open again when something does.
_MEET = """
INSERT INTO register.character_case AS held (character, reason, first_met_at, last_met_at)
SELECT character, reason, %(at)s, %(at)s FROM unnest(%(characters)s::text[], %(reasons)s::text[]) AS n (character, reason)
ORDER BY character
ON CONFLICT (character) DO UPDATE SET last_met_at = greatest(held.last_met_at, excluded.last_met_at),
    reason = CASE WHEN %(again)s OR held.outcome = %(replaced)s THEN excluded.reason ELSE held.reason END,
    open = held.open OR %(again)s OR held.outcome = %(replaced)s,
    outcome = CASE WHEN %(again)s OR held.outcome = %(replaced)s THEN NULL ELSE held.outcome END,
    closed_by = CASE WHEN %(again)s OR held.outcome = %(replaced)s THEN NULL ELSE held.closed_by END,
    closed_at = CASE WHEN %(again)s OR held.outcome = %(replaced)s THEN NULL ELSE held.closed_at END
"""
_COUNT = """
INSERT INTO register.character_meeting AS held (character, place, times)
SELECT character, %s, times FROM unnest(%s::text[], %s::bigint[]) AS n (character, times) ORDER BY character
ON CONFLICT (character, place) DO UPDATE SET times = held.times + excluded.times
"""
_USE = """
INSERT INTO register.character_use (character, addressee_number)
SELECT character, whose FROM unnest(%s::text[], %s::bigint[]) AS n (character, whose) ORDER BY character, whose
ON CONFLICT DO NOTHING
"""
_USERS = """
SELECT addressee_number FROM register.character_use WHERE character = %s AND addressee_number > %s
ORDER BY addressee_number LIMIT %s
"""
_USERS_OF_EACH = """
SELECT n.character, u.addressee_number FROM unnest(%s::text[], %s::bigint[]) AS n (character, behind) CROSS JOIN LATERAL (
    SELECT c.addressee_number FROM register.character_use c
    WHERE c.character = n.character AND c.addressee_number > n.behind ORDER BY c.addressee_number LIMIT %s) AS u
"""
_CASE = """
SELECT character, reason, open, first_met_at, last_met_at, outcome, closed_by, closed_at
FROM register.character_case WHERE character = %s
"""
_LOCK_CASE = "SELECT character FROM register.character_case WHERE character = %s AND open FOR UPDATE"
_OPEN_CASES = """
SELECT character, reason, open, first_met_at, last_met_at, outcome, closed_by, closed_at FROM register.character_case
WHERE open AND (first_met_at, character) > (coalesce(%s, '-infinity'::timestamptz), %s)
ORDER BY first_met_at, character LIMIT %s
"""
_MEETINGS = "SELECT character, place, times FROM register.character_meeting WHERE character = ANY(%s) ORDER BY character, place"
_CLOSE = """
UPDATE register.character_case SET open = false, outcome = %s, closed_by = %s, closed_at = %s WHERE character = %s AND open
"""
_WORK = """
SELECT (SELECT count(*) FROM register.character_case WHERE open)
     + (SELECT count(*) FROM register.own_character o WHERE waiting AND NOT EXISTS (
            SELECT FROM register.character_case c WHERE c.character = o.character AND c.open))
"""
_WAITING = "SELECT character, version, body::text FROM register.own_character WHERE waiting ORDER BY character LIMIT %s"


_SURVEYED = "SELECT last, done FROM register.character_survey"
_SURVEY = "UPDATE register.character_survey SET last = %s, done = %s"


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One character of the town as it stands."""

    character: str
    version: int
    body: str


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """What is asked for by columns, beside the whole entry as text."""

    strokes: int
    family: str
    waiting: bool
    glyph_name: str | None
    written: str
    picture: str | None
    identified_by: str | None
    confirmed_by: str | None
    body: str


@dataclass(frozen=True, slots=True)
class OwnStepRow:
    """One step in the life of a character, with the entry after it."""

    step: str
    by: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """How a character is shown that two people stand for: as its counterpart is written, or by its picture."""

    character: str
    written: str
    picture_kind: str | None
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A character that waits, or waited, for somebody."""

    character: str
    reason: str
    open: bool
    first_met_at: datetime
    last_met_at: datetime
    outcome: str | None
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Met:
    """A character that was met: why it waits, how many times, in whose records."""

    character: str
    reason: str
    times: int
    whose: tuple[int, ...] = ()


def keep_own(unit: Unit, character: str, columns: OwnColumns, step: OwnStepRow) -> bool:
    """Keep a new character; False when it is there already."""
    if unit.execute(_KEEP, (character, *astuple(columns))).rowcount != 1:
        return False
    unit.execute(_STEP, (character, 1, step.step, step.by, step.at, step.body))
    return True


def take_own_step(unit: Unit, row: OwnRow, columns: OwnColumns, step: OwnStepRow) -> bool:
    """Replace a character's entry by what a step made of it; False when somebody else was quicker."""
    if unit.execute(_REPLACE, (*astuple(columns), row.character, row.version)).rowcount != 1:
        return False
    unit.execute(_STEP, (row.character, row.version + 1, step.step, step.by, step.at, step.body))
    return True


def own_character(unit: Unit, character: str) -> OwnRow | None:
    """Read one character of the town (primary key)."""
    row = unit.execute(_ONE, (character,)).fetchone()
    return None if row is None else OwnRow(*row)


def own_of(unit: Unit, wanted: Iterable[str]) -> list[OwnRow]:
    """Read some characters of the town (primary key)."""
    return [OwnRow(*row) for row in unit.execute(_SOME, (sorted(wanted),)).fetchall()]


def own_steps(unit: Unit, character: str, *, limit_rows: int) -> list[OwnStepRow]:
    """List the steps of a character, newest first (primary key)."""
    return [OwnStepRow(*row) for row in unit.execute(_STEPS, (character, limit_rows)).fetchall()]


def own_characters(unit: Unit, *, limit_rows: int) -> list[OwnRow]:
    """List the town's characters in the order of their code points."""
    return [OwnRow(*row) for row in unit.execute(_ALL, (limit_rows,)).fetchall()]


def own_of_family(unit: Unit, family: str, *, limit_rows: int) -> list[OwnRow]:
    """List the town's characters whose counterpart has this usual form (index own_character_family)."""
    return [OwnRow(*row) for row in unit.execute(_BY_FAMILY, (family, limit_rows)).fetchall()]


def own_of_strokes(unit: Unit, fewest: int, most: int, *, limit_rows: int) -> list[OwnRow]:
    """List the town's characters by their number of strokes (index own_character_strokes)."""
    return [OwnRow(*row) for row in unit.execute(_BY_STROKES, (fewest, most, limit_rows)).fetchall()]


def own_waiting(unit: Unit, *, limit_rows: int) -> list[OwnRow]:
    """List the town's characters for which somebody asks a second person (index own_character_waiting)."""
    return [OwnRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def written_counterparts(unit: Unit, characters: Iterable[str]) -> Mapping[str, str]:
    """Tell how the counterparts of some characters are written, where two people stand for one."""
    wanted = sorted(characters)
    return dict(unit.execute(_WRITTEN, (wanted,)).fetchall()) if wanted else {}


def settled_characters(unit: Unit, characters: Iterable[str]) -> Mapping[str, str]:
    """Tell for which of some characters two people stand, and how the counterpart is written, "" without one.

    Nobody changes that until the unit ends.
    """
    wanted = sorted(characters)
    rows = unit.execute(_SETTLED, (wanted,)).fetchall() if wanted else []
    return {str(row[0]): str(row[2]) for row in rows if row[1] is not None}


def keep_picture(unit: Unit, digest: str, kind: str, content: bytes, by: str, at: datetime) -> None:
    """Keep a picture under its digest; one that is there already stays."""
    unit.execute(_KEEP_PICTURE, (digest, kind, content, by, at))


def picture(unit: Unit, digest: str) -> tuple[str, bytes] | None:
    """Read a picture: its kind and its bytes."""
    row = unit.execute(_PICTURE, (digest,)).fetchone()
    return None if row is None else (str(row[0]), bytes(row[1]))


def shown_characters(unit: Unit, characters: Iterable[str]) -> list[ShownRow]:
    """Tell of some characters how they are shown, where two people stand for it."""
    wanted = sorted(characters)
    return [ShownRow(*row) for row in unit.execute(_SHOWN, (wanted,)).fetchall()] if wanted else []


def identified_characters(unit: Unit, characters: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    """Give the glyph ("" without one) and the picture (b"" without one) of characters for which two people stand."""
    wanted = sorted(characters)
    rows = unit.execute(_IDENTIFIED, (wanted,)).fetchall() if wanted else []
    return {str(one): (str(glyph), bytes(picture or b"")) for one, glyph, picture in rows}


def meet(
    unit: Unit, met: Sequence[Met], place: str, at: datetime, *, replaced: str, again: bool = False
) -> None:
    """Count characters that were met, one case each; a closed case stays closed unless it ended as `replaced`.

    With `again` every case is open once more: what had settled it does not help here.
    """
    if not met:
        return
    characters = [one.character for one in met]
    reasons = [one.reason for one in met]
    unit.execute(
        _MEET, {"at": at, "characters": characters, "reasons": reasons, "replaced": replaced, "again": again}
    )
    unit.execute(_COUNT, (place, characters, [one.times for one in met]))
    note_uses(unit, [(one.character, whose) for one in met for whose in one.whose])


def note_uses(unit: Unit, pairs: Sequence[tuple[str, int]]) -> None:
    """Remember in whose record a character stands; one that is remembered already stays."""
    if pairs:
        unit.execute(_USE, ([one for one, _ in pairs], [whose for _, whose in pairs]))


def users_of(unit: Unit, character: str, *, after: int, limit_rows: int) -> list[int]:
    """List in whose record a character was ever written, by addressee numbers (primary key)."""
    return [int(row[0]) for row in unit.execute(_USERS, (character, after, limit_rows)).fetchall()]


def users_of_each(unit: Unit, behind: Mapping[str, int], *, limit_rows: int) -> list[tuple[str, int]]:
    """Pair each of some characters with the first in whose record it was ever written behind a number (primary key)."""
    wanted = sorted(behind)
    rows = unit.execute(_USERS_OF_EACH, (wanted, [behind[one] for one in wanted], limit_rows)).fetchall()
    return [(str(row[0]), int(row[1])) for row in rows]


def case_of(unit: Unit, character: str) -> CaseRow | None:
    """Read the case of one character (primary key)."""
    row = unit.execute(_CASE, (character,)).fetchone()
    return None if row is None else CaseRow(*row)


def lock_case(unit: Unit, character: str) -> bool:
    """Keep the open case of a character for oneself until the unit ends; False when none is open."""
    return unit.execute(_LOCK_CASE, (character,)).fetchone() is not None


def open_cases(
    unit: Unit, *, after: tuple[datetime | None, str] = (None, ""), limit_rows: int
) -> list[CaseRow]:
    """List the characters that wait from behind one on, those met first at the top (index character_case_open)."""
    return [CaseRow(*row) for row in unit.execute(_OPEN_CASES, (*after, limit_rows)).fetchall()]


def meetings_of(unit: Unit, characters: Iterable[str]) -> list[tuple[str, str, int]]:
    """Tell where some characters were met and how many times."""
    rows = unit.execute(_MEETINGS, (sorted(characters),)).fetchall()
    return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]


def close_case(unit: Unit, character: str, outcome: str, by: str, at: datetime) -> bool:
    """Close the case of a character; False when none is open."""
    return unit.execute(_CLOSE, (outcome, by, at, character)).rowcount == 1


def how_much_waits(unit: Unit) -> int:
    """Count the characters that wait for somebody."""
    row = unit.execute(_WORK).fetchone()
    return int(row[0]) if row else 0


def surveyed(unit: Unit) -> tuple[int, bool]:
    """Tell up to which addressee number older records were looked at, and whether all were."""
    row = unit.execute(_SURVEYED).fetchone()
    return (int(row[0]), bool(row[1])) if row else (0, True)


def note_surveyed(unit: Unit, last: int, *, done: bool) -> None:
    """Note up to which addressee number older records were looked at."""
    unit.execute(_SURVEY, (last, done))
