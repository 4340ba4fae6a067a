"""What the Ministry of Justice tells a town by files, and what the town owes the Ministry until it is in a file."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from daicho.store.unit import Unit

_FILE = "serial, made_on, notices, kept, digest, imported_by, imported_at"
_KEEP_FILE = f"""
INSERT INTO register.moj_file ({_FILE}) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_LOCK_FILES = "SELECT pg_advisory_xact_lock(7006, 1)"
_LOCK_MADE = "SELECT pg_advisory_xact_lock(7006, 2)"
_ONE_FILE = f"SELECT {_FILE} FROM register.moj_file WHERE serial = %s"
_FILES = f"SELECT {_FILE} FROM register.moj_file ORDER BY serial DESC LIMIT %s"
_SERIALS = "SELECT serial FROM register.moj_file ORDER BY serial DESC LIMIT %s"
_NOTICE = (
    "file, line, notice_id, change, happened_on, state, outcome, differing, whose, people, refused, entry_id, asked_by,"
    " asked_at, asked, proposed_by, proposed_at, why, ending, closed_by, closed_at, body::text"
)
_KNOWN = "SELECT notice_id, body::text FROM register.moj_notice WHERE notice_id = ANY(%s)"
_RESENT = "UPDATE register.moj_notice SET refused = 'RESENT' WHERE notice_id = ANY(%s) AND state <> 'closed'"
_KEEP = """
INSERT INTO register.moj_notice (file, line, notice_id, change, happened_on, body)
SELECT file, line, notice_id, change, happened_on, body::json
FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::date[], %s::text[])
    AS n (file, line, notice_id, change, happened_on, body)
"""
_ONE = f"SELECT {_NOTICE} FROM register.moj_notice WHERE file = %s AND line = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_OF_ENTRY = f"SELECT {_NOTICE} FROM register.moj_notice WHERE entry_id = %s"
_OF_ENTRIES = "SELECT entry_id, notice_id FROM register.moj_notice WHERE entry_id = ANY(%s)"
_NEXT_NEW = f"""
SELECT {_NOTICE} FROM register.moj_notice WHERE state = 'new' AND state <> 'closed' ORDER BY happened_on, file, line LIMIT 1
FOR UPDATE SKIP LOCKED
"""
_IN_STATE = f"""
SELECT {_NOTICE} FROM register.moj_notice WHERE state = %s AND state <> 'closed' ORDER BY happened_on, file, line LIMIT %s
"""
_TO_ENTER = f"""
SELECT {_NOTICE} FROM register.moj_notice WHERE state = 'matched' AND state <> 'closed' AND refused NOT IN ('SENT_BACK', 'RESENT')
ORDER BY (refused <> ''), happened_on, file, line LIMIT %s
"""
_CLOSED = f"""
SELECT {_NOTICE} FROM register.moj_notice WHERE state = 'closed' ORDER BY closed_at DESC, file DESC, line DESC LIMIT %s
"""
_COUNTS = "SELECT state, count(*) FROM register.moj_notice WHERE state <> 'closed' GROUP BY state"
_HOW_MANY = "SELECT count(*) FROM register.moj_notice WHERE state = ANY(%s) AND state <> 'closed'"
_LOOKED = """
UPDATE register.moj_notice SET state = %s, outcome = %s, differing = %s, whose = %s, people = %s,
    refused = CASE WHEN refused IN ('SENT_BACK', 'RESENT') THEN refused ELSE '' END
WHERE file = %s AND line = %s AND state IN ('new', 'matched', 'open')
"""
_LOOK_AGAIN = """
UPDATE register.moj_notice SET state = 'new' WHERE (file, line) IN (
    SELECT file, line FROM register.moj_notice
    WHERE state IN ('matched', 'open') AND state <> 'closed' AND (whose = ANY(%s::bigint[]) OR people && %s::bigint[])
    ORDER BY file, line FOR UPDATE)
"""
_WAITS_OF = """
SELECT EXISTS (SELECT FROM register.moj_notice
    WHERE state <> 'closed' AND outcome IS DISTINCT FROM 'ALREADY_SO' AND (file, line) <> (%s, %s)
        AND (whose = %s OR people @> ARRAY[%s]::bigint[]))
"""
_SAID_SO = "SELECT change, happened_on FROM register.moj_notice WHERE whose = %s AND ending = 'ALREADY_SO'"
_REFUSED = "UPDATE register.moj_notice SET refused = %s WHERE file = %s AND line = %s AND state = 'matched'"
_TAKE = """
UPDATE register.moj_notice SET state = 'entered', entry_id = %s, whose = %s, refused = ''
WHERE file = %s AND line = %s AND state IN ('matched', 'open') RETURNING line
"""
_RELEASE = """
UPDATE register.moj_notice SET state = 'new', entry_id = NULL,
    refused = CASE WHEN refused = 'RESENT' THEN refused ELSE %s END WHERE entry_id = %s AND state = 'entered'
"""
_RECORDED = f"""
UPDATE register.moj_notice n SET state = 'closed', ending = 'RECORDED', closed_by = e.by, closed_at = %s, people = '{{}}',
    whose = NULL, asked = '', body = NULL
FROM unnest(%s::text[], %s::text[]) AS e (entry, by) WHERE n.entry_id = e.entry AND n.state = 'entered'
RETURNING {", ".join(f"n.{one}" for one in _NOTICE.split(", "))}
"""
_ALREADY = """
UPDATE register.moj_notice SET state = 'closed', outcome = 'ALREADY_SO', ending = 'ALREADY_SO', whose = %s, closed_by = %s,
    closed_at = %s, people = '{}', asked = '', body = NULL
WHERE file = %s AND line = %s AND state IN ('new', 'matched', 'open')
"""
_ASK = """
UPDATE register.moj_notice SET asked_by = %s, asked_at = %s, asked = %s
WHERE file = %s AND line = %s AND state IN ('matched', 'open')
"""
_PROPOSE = """
UPDATE register.moj_notice SET state = 'proposed', ending = %s, why = %s, proposed_by = %s, proposed_at = %s
WHERE file = %s AND line = %s AND state IN ('matched', 'open')
"""
_CONFIRM = """
UPDATE register.moj_notice SET state = 'closed', closed_by = %s, closed_at = %s, asked = '', body = NULL
WHERE file = %s AND line = %s AND state = 'proposed'
"""
_FORGET_WHY = """
UPDATE register.moj_notice SET why = '', people = '{}', whose = NULL WHERE (file, line) IN (
    SELECT file, line FROM register.moj_notice WHERE state = 'closed' AND why <> '' AND closed_at < %s
    ORDER BY closed_at, file, line LIMIT %s)
"""
_DECLINE = """
UPDATE register.moj_notice SET state = 'new', ending = NULL, why = '', proposed_by = NULL, proposed_at = NULL
WHERE file = %s AND line = %s AND state = 'proposed'
"""
_BY_CARD = """
SELECT DISTINCT addressee_number FROM register.resident_version
WHERE resident_kind = 'FOREIGN' AND ((body -> 'foreign') ->> 'residence_card_number') = %s
ORDER BY addressee_number LIMIT %s
"""
_OWED = "id, entry_id, addressee_number, act, owed_at, state, file, written::text, written_by, confirmed_by"
_OWE = """
INSERT INTO register.municipal_notice (id, entry_id, addressee_number, act, owed_at)
SELECT id, entry, whose, act, at
FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[]) AS n (id, entry, whose, act, at)
"""
_OWED_FIRST = f"""
SELECT {_OWED} FROM register.municipal_notice n WHERE state = 'owed' AND NOT EXISTS (
    SELECT FROM register.municipal_notice s
    WHERE s.addressee_number = n.addressee_number AND s.state IN ('stuck', 'written') AND s.addressee_number <> ALL(%s::bigint[]))
ORDER BY owed_at, id LIMIT %s
"""
_STUCK = f"""
SELECT {_OWED} FROM register.municipal_notice WHERE state IN ('stuck', 'written') ORDER BY owed_at, id LIMIT %s
"""
_STUCK_PEOPLE = (
    "SELECT DISTINCT addressee_number FROM register.municipal_notice WHERE state IN ('stuck', 'written')"
)
_WRITTEN_BEFORE = """
SELECT DISTINCT ON (addressee_number) addressee_number, written::text FROM register.municipal_notice
WHERE addressee_number = ANY(%s) AND confirmed_by IS NOT NULL ORDER BY addressee_number, owed_at DESC, id DESC
"""
_ONE_OWED_LOCKED = f"SELECT {_OWED} FROM register.municipal_notice WHERE id = %s FOR UPDATE"
_IN_FILE = f"SELECT {_OWED} FROM register.municipal_notice WHERE file = %s ORDER BY id"
_ARE_STUCK = "UPDATE register.municipal_notice SET state = 'stuck' WHERE id = ANY(%s) AND state = 'owed'"
_WRITE = """
UPDATE register.municipal_notice SET state = 'written', written = %s::text::json, written_by = %s, confirmed_by = NULL
WHERE id = %s AND state = 'stuck'
"""
_CONFIRM_WRITTEN = """
UPDATE register.municipal_notice SET state = 'owed', confirmed_by = %s WHERE id = %s AND state = 'written'
"""
_DECLINE_WRITTEN = """
UPDATE register.municipal_notice SET state = 'stuck', written = '{}', written_by = NULL WHERE id = %s AND state = 'written'
"""
_TOLD = "UPDATE register.municipal_notice SET state = 'told', file = %s WHERE id = ANY(%s) AND state IN ('owed', 'stuck')"
_HOW_MANY_OWED = """
SELECT count(*) FROM (SELECT FROM register.municipal_notice WHERE state = 'owed' ORDER BY owed_at, id LIMIT %s) AS o
"""
_HOW_MANY_STUCK = "SELECT count(*) FROM register.municipal_notice WHERE state IN ('stuck', 'written')"
_HOW_MANY_WRITTEN = (
    "SELECT count(*) FROM register.municipal_notice WHERE state = 'written' AND state IN ('stuck', 'written')"
)
_MADE = "serial, made_on, notices, digest, made_by, made_at, handed_at"
_LAST_SERIAL = "SELECT serial FROM register.municipal_file ORDER BY serial DESC LIMIT 1"
_KEEP_MADE = """
INSERT INTO register.municipal_file (serial, made_on, notices, digest, made_by, made_at, body)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_MADE_FILES = f"SELECT {_MADE} FROM register.municipal_file ORDER BY serial DESC LIMIT %s"
_MADE_FILE = f"SELECT {_MADE}, body FROM register.municipal_file WHERE serial = %s"
_HANDED = "UPDATE register.municipal_file SET handed_at = %s WHERE serial = %s AND handed_at IS NULL"
_FORGET = """
UPDATE register.municipal_file SET body = NULL WHERE serial IN (
    SELECT serial FROM register.municipal_file WHERE body IS NOT NULL AND made_at < %s ORDER BY made_at, serial LIMIT %s)
"""
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class MojFileRow:
    """One file of the Ministry that was taken in."""

    serial: int
    made_on: date
    notices: int
    kept: int
    digest: str
    imported_by: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class MojNoticeRow:
    """One notice of the Ministry; no content once it is closed."""

    file: int
    line: int
    notice_id: str
    change: str
    happened_on: date
    state: str = "new"
    outcome: str | None = None
    differing: Sequence[str] = ()
    whose: int | None = None
    people: Sequence[int] = ()
    refused: str = ""
    entry_id: str | None = None
    asked_by: str | None = None
    asked_at: datetime | None = None
    asked: str = ""
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    why: str = ""
    ending: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    body: str | None = None

    @property
    def name(self) -> tuple[int, int]:
        """Name it: its file and its line."""
        return self.file, self.line


@dataclass(frozen=True, slots=True)
class MunicipalRow:
    """One notice that the town owes the Ministry, or has told; what it says is read from its change."""

    id: str
    entry_id: str
    addressee_number: int
    act: str
    owed_at: datetime
    state: str = "owed"
    file: int | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    written_by: str | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class MunicipalFileRow:
    """One file that the town made."""

    serial: int
    made_on: date
    notices: int
    digest: str
    made_by: str
    made_at: datetime
    handed_at: datetime | None = None


def lock_files(unit: Unit) -> None:
    """Let nobody else take in a file of the Ministry until the unit ends."""
    unit.execute(_LOCK_FILES)


def moj_file(unit: Unit, serial: int) -> MojFileRow | None:
    """Read one file of the Ministry (primary key)."""
    row = unit.execute(_ONE_FILE, (serial,)).fetchone()
    return None if row is None else MojFileRow(*row)


def moj_files(unit: Unit, *, limit_rows: int) -> list[MojFileRow]:
    """List the newest files of the Ministry (primary key)."""
    return [MojFileRow(*row) for row in unit.execute(_FILES, (limit_rows,)).fetchall()]


def moj_serials(unit: Unit, *, limit_rows: int) -> list[int]:
    """List the newest serials that came (primary key)."""
    return [int(row[0]) for row in unit.execute(_SERIALS, (limit_rows,)).fetchall()]


def known_notices(unit: Unit, notice_ids: Sequence[str]) -> dict[str, str | None]:
    """Give those of some notices that came before, each with its content while it waits (index moj_notice_id)."""
    rows = unit.execute(_KNOWN, (list(notice_ids),)).fetchall()
    return {str(row[0]): row[1] for row in rows}


def note_resent(unit: Unit, notice_ids: Sequence[str]) -> None:
    """Mark notices that wait of which others came under the same name (index moj_notice_id)."""
    unit.execute(_RESENT, (list(notice_ids),))


def keep_moj_file(unit: Unit, file: MojFileRow, notices: Sequence[MojNoticeRow]) -> None:
    """Keep a file with its notices."""
    unit.execute(
        _KEEP_FILE,
        (
            file.serial, file.made_on, file.notices, file.kept, file.digest, file.imported_by, file.imported_at,
        ),
    )  # fmt: skip
    columns = (
        [row.file for row in notices],
        [row.line for row in notices],
        [row.notice_id for row in notices],
        [row.change for row in notices],
        [row.happened_on for row in notices],
        [row.body for row in notices],
    )
    unit.execute(_KEEP, columns)


def moj_notice(unit: Unit, name: tuple[int, int], *, locked: bool = False) -> MojNoticeRow | None:
    """Read one notice by file and line; `locked`, nobody else changes it until the unit ends."""
    row = unit.execute(_LOCKED if locked else _ONE, name).fetchone()
    return None if row is None else MojNoticeRow(*row)


def notice_of_entry(unit: Unit, entry_id: str) -> MojNoticeRow | None:
    """Read the notice from which a change was entered (index moj_notice_entry)."""
    row = unit.execute(_OF_ENTRY, (entry_id,)).fetchone()
    return None if row is None else MojNoticeRow(*row)


def notices_of_entries(unit: Unit, entry_ids: Sequence[str]) -> dict[str, str]:
    """Name the notices from which changes were entered (index moj_notice_entry)."""
    rows = unit.execute(_OF_ENTRIES, (list(entry_ids),)).fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def lock_next_new(unit: Unit) -> MojNoticeRow | None:
    """Take the oldest notice that nobody has looked at yet (index moj_notice_waiting)."""
    row = unit.execute(_NEXT_NEW).fetchone()
    return None if row is None else MojNoticeRow(*row)


def notices_in(unit: Unit, state: str, *, limit_rows: int) -> list[MojNoticeRow]:
    """List the notices in one state, by the day of the change (index moj_notice_waiting)."""
    return [MojNoticeRow(*row) for row in unit.execute(_IN_STATE, (state, limit_rows)).fetchall()]


def notices_to_enter(unit: Unit, *, limit_rows: int) -> list[MojNoticeRow]:
    """List the matched notices by the day of the change, those behind that were refused (index moj_notice_waiting)."""
    return [MojNoticeRow(*row) for row in unit.execute(_TO_ENTER, (limit_rows,)).fetchall()]


def closed_notices(unit: Unit, *, limit_rows: int) -> list[MojNoticeRow]:
    """List closed notices, newest first (index moj_notice_closed)."""
    return [MojNoticeRow(*row) for row in unit.execute(_CLOSED, (limit_rows,)).fetchall()]


def notice_counts(unit: Unit) -> dict[str, int]:
    """Count what waits, by state (index moj_notice_waiting)."""
    return {str(state): int(count) for state, count in unit.execute(_COUNTS).fetchall()}


def how_many_wait(unit: Unit) -> int:
    """Count the notices with which a clerk has work (index moj_notice_waiting)."""
    return _counted(unit, ["matched", "open"])


def how_many_to_confirm(unit: Unit) -> int:
    """Count the notices that a second person is to close (index moj_notice_waiting)."""
    return _counted(unit, ["proposed"])


def _counted(unit: Unit, states: list[str]) -> int:
    row = unit.execute(_HOW_MANY, (states,)).fetchone()
    return int(row[0]) if row else 0


def note_looked(
    unit: Unit,
    name: tuple[int, int],
    state: str,
    outcome: str | None,
    differing: Sequence[str] = (),
    whose: int | None = None,
    people: Sequence[int] = (),
) -> bool:
    """Note what came of looking for whom a notice means; False when it is not to be looked at any more."""
    values = (state, outcome, list(differing), whose, list(people), *name)
    return unit.execute(_LOOKED, values).rowcount == 1


def look_again(unit: Unit, people: Sequence[int]) -> int:
    """Let the notices that mean, or may mean, some people be looked at once more (moj_notice_whose, moj_notice_people)."""
    return unit.execute(_LOOK_AGAIN, (list(people), list(people))).rowcount


def another_waits(unit: Unit, name: tuple[int, int], whose: int) -> bool:
    """Tell whether another notice waits that tells something new of somebody (moj_notice_whose, moj_notice_people)."""
    row = unit.execute(_WAITS_OF, (*name, whose, whose)).fetchone()
    return bool(row and row[0])


def said_so(unit: Unit, whose: int) -> list[tuple[str, date]]:
    """List the changes that somebody's record said already when they were notified (index moj_notice_whose)."""
    return [(str(row[0]), row[1]) for row in unit.execute(_SAID_SO, (whose,)).fetchall()]


def note_refused(unit: Unit, name: tuple[int, int], reason: str) -> None:
    """Note why a matched notice could not be entered as it is."""
    unit.execute(_REFUSED, (reason, *name))


def take_notice(unit: Unit, name: tuple[int, int], entry_id: str, whose: int) -> bool:
    """Tie a notice to the change that was entered from it; False when somebody else was first."""
    return unit.execute(_TAKE, (entry_id, whose, *name)).fetchone() is not None


def release_notice(unit: Unit, entry_id: str, refused: str = "") -> bool:
    """Let the notice be looked at again whose change was sent back or withdrawn (index moj_notice_entry)."""
    return unit.execute(_RELEASE, (refused, entry_id)).rowcount == 1


def close_recorded_notices(
    unit: Unit, entries: Sequence[tuple[str, str]], at: datetime
) -> list[MojNoticeRow]:
    """Close the notices of changes that stand, each with who verified it (index moj_notice_entry)."""
    values = (at, [entry for entry, _ in entries], [by for _, by in entries])
    return [MojNoticeRow(*row) for row in unit.execute(_RECORDED, values).fetchall()]


def close_already_so(unit: Unit, name: tuple[int, int], whose: int, by: tuple[str, datetime]) -> bool:
    """Close a notice that tells what the record of somebody says already."""
    return unit.execute(_ALREADY, (whose, *by, *name)).rowcount == 1


def note_asked(unit: Unit, name: tuple[int, int], by: tuple[str, datetime], words: str) -> bool:
    """Note that somebody inquired about a notice, and with which words."""
    return unit.execute(_ASK, (*by, words, *name)).rowcount == 1


def propose_ending(
    unit: Unit, name: tuple[int, int], ending: str, why: str, by: tuple[str, datetime]
) -> bool:
    """Hold that nothing is to be recorded; False when the notice waits for nobody's word any more."""
    return unit.execute(_PROPOSE, (ending, why, *by, *name)).rowcount == 1


def confirm_ending(unit: Unit, name: tuple[int, int], by: tuple[str, datetime]) -> bool:
    """Close a notice by the word of a second person; why, and of whom, stays until it is forgotten."""
    return unit.execute(_CONFIRM, (*by, *name)).rowcount == 1


def forget_whys(unit: Unit, before: datetime, *, limit_rows: int) -> int:
    """Forget why nothing was recorded of notices closed before an instant (index moj_notice_why)."""
    return unit.execute(_FORGET_WHY, (before, limit_rows)).rowcount


def decline_ending(unit: Unit, name: tuple[int, int]) -> bool:
    """Let a notice be looked at again of which nothing was to be recorded."""
    return unit.execute(_DECLINE, name).rowcount == 1


def people_by_card(unit: Unit, card_number: str, *, limit_rows: int) -> list[int]:
    """Find who bears the number of a card, or bore it (index resident_version_card)."""
    return [int(row[0]) for row in unit.execute(_BY_CARD, (card_number, limit_rows)).fetchall()]


def owe(unit: Unit, rows: Sequence[MunicipalRow]) -> None:
    """Keep what verified changes make owed to the Ministry."""
    columns = (
        [row.id for row in rows],
        [row.entry_id for row in rows],
        [row.addressee_number for row in rows],
        [row.act for row in rows],
        [row.owed_at for row in rows],
    )
    unit.execute(_OWE, columns)


def lock_making(unit: Unit) -> None:
    """Let nobody else make a file until the unit ends."""
    unit.execute(_LOCK_MADE)


def _municipal(row: tuple[Any, ...]) -> MunicipalRow:
    name, entry, whose, act, at, state, file, written, *by = row
    return MunicipalRow(name, entry, whose, act, at, state, file, json.loads(written), by[0], by[1])


def owed_first(unit: Unit, written: Collection[int], *, limit_rows: int) -> list[MunicipalRow]:
    """List what is owed, oldest first (index municipal_notice_owed).

    What waits behind something stuck is left out (index municipal_notice_whose), but of people of whom all is `written` now.
    """
    found = unit.execute(_OWED_FIRST, (sorted(written), limit_rows)).fetchall()
    return [_municipal(row) for row in found]


def stuck_notices(unit: Unit, *, limit_rows: int) -> list[MunicipalRow]:
    """List what is in no file because a character has no code, oldest first (index municipal_notice_stuck)."""
    return [_municipal(row) for row in unit.execute(_STUCK, (limit_rows,)).fetchall()]


def stuck_people(unit: Unit) -> frozenset[int]:
    """Name of whom something is stuck: what came later waits behind it (index municipal_notice_stuck)."""
    return frozenset(int(row[0]) for row in unit.execute(_STUCK_PEOPLE).fetchall())


def written_before(unit: Unit, people: Sequence[int]) -> dict[int, dict[str, str]]:
    """Give how items of some people were last written otherwise, by two persons' words (index municipal_notice_whose)."""
    rows = unit.execute(_WRITTEN_BEFORE, (list(people),)).fetchall()
    return {int(row[0]): dict(json.loads(row[1])) for row in rows}


def lock_municipal(unit: Unit, notice_id: str) -> MunicipalRow | None:
    """Read one of them and keep it for oneself until the unit ends (primary key)."""
    row = unit.execute(_ONE_OWED_LOCKED, (notice_id,)).fetchone()
    return None if row is None else _municipal(row)


def notices_of_file(unit: Unit, serial: int) -> list[MunicipalRow]:
    """List what is in one file (index municipal_notice_file)."""
    return [_municipal(row) for row in unit.execute(_IN_FILE, (serial,)).fetchall()]


def note_stuck(unit: Unit, notice_ids: Sequence[str]) -> None:
    """Note of which notices a character has no code."""
    unit.execute(_ARE_STUCK, (list(notice_ids),))


def write_otherwise(unit: Unit, notice_id: str, written: Mapping[str, str], by: str) -> bool:
    """Note how items are to be written instead; a second person confirms it."""
    return unit.execute(_WRITE, (json.dumps(dict(written), ensure_ascii=False), by, notice_id)).rowcount == 1


def confirm_written(unit: Unit, notice_id: str, by: str) -> bool:
    """Let items be written otherwise by the word of a second person; the notice is owed again."""
    return unit.execute(_CONFIRM_WRITTEN, (by, notice_id)).rowcount == 1


def decline_written(unit: Unit, notice_id: str) -> bool:
    """Forget how items were to be written otherwise; the notice is stuck as before."""
    return unit.execute(_DECLINE_WRITTEN, (notice_id,)).rowcount == 1


def note_told(unit: Unit, serial: int, notice_ids: Sequence[str]) -> int:
    """Note in which file notices are; tells how many were in none."""
    return unit.execute(_TOLD, (serial, list(notice_ids))).rowcount


def how_many_municipal_owed(unit: Unit) -> int:
    """Count what is owed, up to a thousand (index municipal_notice_owed)."""
    row = unit.execute(_HOW_MANY_OWED, (MOST_COUNTED,)).fetchone()
    return int(row[0]) if row else 0


def how_many_stuck(unit: Unit) -> int:
    """Count what a character keeps out of every file (index municipal_notice_stuck)."""
    row = unit.execute(_HOW_MANY_STUCK).fetchone()
    return int(row[0]) if row else 0


def how_many_to_tell(unit: Unit) -> int:
    """Count what is to be put into a file or written otherwise first."""
    return how_many_municipal_owed(unit) + how_many_stuck(unit) - how_many_written(unit)


def how_many_written(unit: Unit) -> int:
    """Count what is written otherwise and waits for a second person (index municipal_notice_stuck)."""
    row = unit.execute(_HOW_MANY_WRITTEN).fetchone()
    return int(row[0]) if row else 0


def last_made(unit: Unit) -> int:
    """Give the serial of the last file that the town made, or 0 (primary key)."""
    row = unit.execute(_LAST_SERIAL).fetchone()
    return int(row[0]) if row else 0


def keep_made(unit: Unit, row: MunicipalFileRow, content: bytes) -> None:
    """Keep a file that the town made."""
    values = (row.serial, row.made_on, row.notices, row.digest, row.made_by, row.made_at, content)
    unit.execute(_KEEP_MADE, values)


def made_files(unit: Unit, *, limit_rows: int) -> list[MunicipalFileRow]:
    """List the newest files that the town made (primary key)."""
    return [MunicipalFileRow(*row) for row in unit.execute(_MADE_FILES, (limit_rows,)).fetchall()]


def made_file(unit: Unit, serial: int) -> tuple[MunicipalFileRow, bytes | None] | None:
    """Read one of them with its content, none where a year is over (primary key)."""
    row = unit.execute(_MADE_FILE, (serial,)).fetchone()
    return None if row is None else (MunicipalFileRow(*row[:-1]), row[-1])


def note_handed(unit: Unit, serial: int, at: datetime) -> bool:
    """Note when a file was first fetched; False when it was before."""
    return unit.execute(_HANDED, (at, serial)).rowcount == 1


def forget_contents(unit: Unit, before: datetime, *, limit_rows: int) -> int:
    """Forget the content of files made before an instant (index municipal_file_body)."""
    return unit.execute(_FORGET, (before, limit_rows)).rowcount
