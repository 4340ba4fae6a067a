"""A whole register into an empty database and out of one, in the order of its keys: for moving between makers' systems."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from daicho.rules.people.dates import UNKNOWN
from daicho.rules.register.record import UNKNOWN_DAY
from daicho.store.characters import OwnColumns
from daicho.store.register import EntryRow, PermitRow
from daicho.store.seals import RegistrationRow
from daicho.store.unit import Unit

_FETCHED_ROWS = 2_000
# Whoever verifies a change writes a record and waits until this transaction has ended.
_LOCK = "LOCK TABLE register.resident IN SHARE ROW EXCLUSIVE MODE"
_OCCUPIED = """
SELECT EXISTS (SELECT FROM register.entry) OR EXISTS (SELECT FROM register.resident_version)
    OR EXISTS (SELECT FROM register.correction_permit) OR EXISTS (SELECT FROM register.own_character)
    OR EXISTS (SELECT FROM register.seal_registration) OR EXISTS (SELECT FROM register.protection)
    OR EXISTS (SELECT FROM register.programme_item) OR EXISTS (SELECT FROM register.card_event)
"""
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_VERSIONS = """
SELECT addressee_number, version, entry_id, change_date, recorded_at, body::text FROM register.resident_version
ORDER BY addressee_number, version
"""
# Whoever was struck too long ago is there for nobody, unless somebody's hand holds what is kept of them.
_KEPT = """(r.closed_on IS NULL OR r.closed_on >= %(kept_from)s OR EXISTS (SELECT FROM retention.hold h
    WHERE h.whose = r.addressee_number::text AND h.lifted_by IS NULL))"""
_RESIDENTS = f"""
SELECT r.addressee_number, r.version, r.code FROM register.resident r WHERE {_KEPT} ORDER BY r.addressee_number
"""
_RECORDS = """
SELECT v.body::text FROM register.resident r
JOIN register.resident_version v ON v.addressee_number = r.addressee_number AND v.version = r.version
ORDER BY r.addressee_number
"""
_GONE_ENTRIES = f"""
SELECT e.id FROM register.entry e WHERE e.state = 'verified' AND (e.disposed
    OR (EXISTS (SELECT FROM register.entry_person p WHERE p.entry_id = e.id)
        AND NOT EXISTS (SELECT FROM register.entry_person p JOIN register.resident r ON r.addressee_number = p.addressee_number
                        WHERE p.entry_id = e.id AND {_KEPT})))
"""
_MEASURED = "SELECT number, array_agg(addressee_number) FROM register.protection_person GROUP BY number"
_HOLDS = """
SELECT h.whose::bigint, h.reason, h.why, h.set_by, h.set_at FROM retention.hold h
WHERE h.lifted_by IS NULL ORDER BY h.whose::bigint, h.number
"""
_NUMBERS = """
SELECT resident_record_code, sealed, effective_on FROM numbers.individual_number
WHERE resident_record_code = ANY(%s::text[]) AND state = 'current'
"""  # index: number_current
_HOUSEHOLDS = """
SELECT household_number, coalesce(max(addressee_number) FILTER (WHERE householder), 0), count(*)
FROM register.resident WHERE living GROUP BY household_number ORDER BY household_number
"""
_ENTRIES = """
SELECT id, entered_by, entered_at, terminal, verified_by, verified_at, outcome, coalesce(loaded_by = id, false), body::text
FROM register.entry WHERE state = 'verified' AND NOT disposed ORDER BY id
"""
_PERMITS = """
SELECT id, addressee_number, what, permitted_by, permitted_at FROM register.correction_permit ORDER BY id
"""
_PROGRAMMES = """
SELECT addressee_number, programme, version, by, at, change::text, coalesce(body::text, '')
FROM register.programme_step ORDER BY addressee_number, programme COLLATE "C", version
"""
_CARDS = """
SELECT addressee_number, version, by, at, terminal, body::text FROM register.card_event ORDER BY addressee_number, version
"""
_SEALS = """
SELECT s.number, r.addressee_number, s.version, s.step, s.by, s.at, s.body::text, r.image_id
FROM register.seal_step s JOIN register.seal_registration r ON r.number = s.number ORDER BY s.number, s.version
"""
_IMAGES = """
SELECT i.id, i.image FROM register.seal_image i
WHERE EXISTS (SELECT FROM register.seal_registration r WHERE r.image_id = i.id) ORDER BY i.id
"""
_PROTECTIONS = """
SELECT number, version, step, by, at, body::text FROM register.protection_step ORDER BY number, version
"""
_CHARACTERS = "SELECT body::text FROM register.own_character ORDER BY character"
_PICTURES = (
    "SELECT digest, kind, content FROM register.character_picture WHERE digest = ANY(%s) ORDER BY digest"
)
_LEFT_BEHIND = """
SELECT (SELECT count(*) FROM register.entry WHERE state = 'entered'),
       (SELECT count(*) FROM register.seal_request WHERE state IN ('inquiry', 'waiting')),
       (SELECT count(*) FROM register.protection_proposal WHERE state = 'waiting'),
       (SELECT count(*) FROM register.own_character WHERE waiting),
       (SELECT count(*) FROM register.upkeep_case WHERE open),
       (SELECT count(*) FROM register.deferred_affair WHERE state = 'waiting'),
       (SELECT count(*) FROM register.owed_notice WHERE state = 'owed'),
       (SELECT count(*) FROM register.awaited_arrival WHERE reported_at IS NULL AND case_number IS NULL),
       (SELECT count(*) FROM register.protection_release WHERE ends_at > %(now)s),
       (SELECT count(*) FROM register.inspection WHERE state = 'asked'),
       (SELECT count(*) FROM retention.run WHERE state IN ('proposed', 'approved')),
       (SELECT count(*) FROM retention.box WHERE standing),
       (SELECT count(*) FROM register.moj_notice WHERE state <> 'closed'),
       (SELECT count(*) FROM register.municipal_notice WHERE state IN ('owed', 'stuck')),
       (SELECT count(*) FROM register.processing_hold WHERE state <> 'ended'),
       (SELECT count(*) FROM register.number_change WHERE closed_at IS NULL)
"""
_COPY_ENTRY = """
COPY register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, terminal, verified_by,
    verified_at, state, outcome, seen, households, cancels, permit, body, loaded_by) FROM STDIN
"""
_COPY_ENTRY_PERSON = "COPY register.entry_person (entry_id, addressee_number) FROM STDIN"
_COPY_PERMIT = (
    "COPY register.correction_permit (id, addressee_number, what, permitted_by, permitted_at) FROM STDIN"
)
_COPY_ITEM = "COPY register.programme_item (addressee_number, programme, version, body) FROM STDIN"
_COPY_ITEM_STEP = (
    "COPY register.programme_step (addressee_number, programme, version, by, at, change, body) FROM STDIN"
)
_COPY_CARD = "COPY register.card_event (addressee_number, version, by, at, terminal, body) FROM STDIN"
_COPY_SEAL = """
COPY register.seal_registration (number, addressee_number, card_number, version, open, card_waits, to_tell, image_id, body)
    FROM STDIN
"""
_COPY_SEAL_STEP = "COPY register.seal_step (number, version, step, by, at, body) FROM STDIN"
_COPY_MEASURE = "COPY register.protection (number, version, open, last_day, body) FROM STDIN"
_COPY_MEASURE_STEP = "COPY register.protection_step (number, version, step, by, at, body) FROM STDIN"
_COPY_MEASURE_PERSON = "COPY register.protection_person (addressee_number, number) FROM STDIN"
_COPY_MEASURE_PARTY = "COPY register.protection_other_party (key, number) FROM STDIN"
_KEEP_PICTURE = """
INSERT INTO register.character_picture (digest, kind, content, brought_by, brought_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_KEEP_CHARACTER = """
INSERT INTO register.own_character (character, version, strokes, family, waiting, glyph_name, written, picture,
    identified_by, confirmed_by, body) VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_KEEP_CHARACTER_STEP = """
INSERT INTO register.own_character_step (character, version, step, by, at, body) VALUES (%s, 1, %s, %s, %s, %s)
"""
_REBUILT = "INSERT INTO register.rebuilt (entry_id, source) VALUES (%s, %s)"
# Whoever came by such a load and is held, or of whom something is still said not to be known, or lives in a household without
# a householder. Read in the order of the primary key, so that a page is found at once while many are left; when few are,
# the whole list of residents passes. Within a text of the body a quotation mark has a backslash before it.
_REBUILT_STANDING = f"""
FROM register.resident r
JOIN register.resident_version v ON v.addressee_number = r.addressee_number AND v.version = r.version
JOIN register.resident_version f ON f.addressee_number = r.addressee_number AND f.version = 1
WHERE r.living AND r.addressee_number > %s AND f.entry_id IN (SELECT entry_id FROM register.rebuilt)
    AND (v.body::text ~ '"processing_hold": ?true|since_written": ?"{UNKNOWN_DAY}"'
        OR v.body::text ~ '"(householder_name|nationality|category)": ?"{UNKNOWN}"'
        OR NOT EXISTS (SELECT FROM register.resident h
            WHERE h.household_number = r.household_number AND h.living AND h.householder))
ORDER BY r.addressee_number LIMIT %s
"""  # indexes: the primary keys, resident_household
_TO_COMPLETE = f"SELECT v.body::text {_REBUILT_STANDING}"
_LEFT_TO_COMPLETE = f"SELECT count(*) FROM (SELECT 1 {_REBUILT_STANDING}) AS standing"
_RAISE = "SELECT setval(%s::regclass, %s, true)"

_OPENING = "SELECT security_by, protection_by FROM register.rebuilt WHERE source = 'PREFECTURE'"
_SAY_SECURITY = """
UPDATE register.rebuilt SET security_by = %s, security_at = %s WHERE source = 'PREFECTURE' AND security_by IS NULL
"""
_SAY_PROTECTION = """
UPDATE register.rebuilt SET protection_by = %s, protection_at = %s WHERE source = 'PREFECTURE' AND protection_by IS NULL
"""


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Who has said that the protection measures of a register that knew none are entered again; "" until then."""

    security_by: str
    protection_by: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the life of a thing, with the whole of it after the step."""

    number: str
    version: int
    step: str
    by: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class ItemStepLine:
    """One step of a programme item; no body once it was revoked."""

    addressee_number: int
    programme: str
    version: int
    by: str
    at: datetime
    change: str
    body: str | None


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A protection measure as it stands, whom it protects, and the folded names of whom from."""

    number: str
    version: int
    open: bool
    last_day: date | None
    body: str
    people: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """How much waits for somebody and is not carried along."""

    entries: int
    seal_requests: int
    proposals: int
    characters: int
    cases: int
    affairs: int
    owed_notices: int
    awaited: int
    releases: int
    inspections: int
    disposals: int
    boxes: int
    moj_notices: int
    municipal_notices: int
    stops: int
    number_changes: int

    @property
    def nothing(self) -> bool:
        """Tell whether nothing waits."""
        return not any(astuple(self))


def begin_to_fill(unit: Unit) -> bool:
    """Keep a register for oneself and let references be judged at the end; tell whether nothing is in it."""
    unit.execute(_LOCK)
    unit.execute("SET CONSTRAINTS ALL DEFERRED")
    row = unit.execute(_OCCUPIED).fetchone()
    return row is not None and not row[0]


def begin_to_read(unit: Unit) -> None:
    """Let everything that the unit reads be of one instant; it is its first statement."""
    unit.execute(_SNAPSHOT)


def left_behind(unit: Unit, now: datetime) -> LeftBehind:
    """Count what waits for somebody, or is going on."""
    row = unit.execute(_LEFT_BEHIND, {"now": now}).fetchone()
    assert row is not None  # noqa: S101 - the query always gives one row
    return LeftBehind(*map(int, row))


def _rows(
    unit: Unit, name: str, query: LiteralString, more: Mapping[str, Any] | None = None
) -> Iterator[tuple[Any, ...]]:
    with unit.connection.cursor(name=name, binary=True) as cursor:
        cursor.itersize = _FETCHED_ROWS
        cursor.execute(query, more)
        yield from cursor


def versions(unit: Unit) -> Iterator[tuple[int, int, str, date, datetime, str]]:
    """Read every version of every record, person by person (primary key, a cursor of the server)."""
    for row in _rows(unit, "handover_versions", _VERSIONS):
        yield int(row[0]), int(row[1]), str(row[2]), row[3], row[4], str(row[5])


def records(unit: Unit) -> Iterator[str]:
    """Read every record as it stands, in the order of its number (a cursor of the server)."""
    for row in _rows(unit, "handover_records", _RECORDS):
        yield str(row[0])


def residents(unit: Unit, kept_from: date) -> Iterator[list[tuple[int, int, str | None]]]:
    """Read number, version and code of everybody who is not over, some at a time (primary key)."""
    with unit.connection.cursor(name="handover_residents", binary=True) as cursor:
        cursor.execute(_RESIDENTS, {"kept_from": kept_from})
        while batch := cursor.fetchmany(_FETCHED_ROWS):
            yield [(int(row[0]), int(row[1]), row[2]) for row in batch]


def note_rebuilt(unit: Unit, entry_id: str, source: str) -> None:
    """Remember that a load was made of what a node of the network keeps."""
    unit.execute(_REBUILT, (entry_id, source))


def to_complete(unit: Unit, after: int, limit_rows: int) -> list[str]:
    """Read whoever lives, came by a load from the network and is not whole, behind an addressee number."""
    return [str(row[0]) for row in unit.execute(_TO_COMPLETE, (after, limit_rows)).fetchall()]


def left_to_complete(unit: Unit, most: int) -> int:
    """Count them, as far as a number of rows."""
    row = unit.execute(_LEFT_TO_COMPLETE, (0, most)).fetchone()
    return int(row[0]) if row else 0


def opening(unit: Unit, *, locked: bool = False) -> OpeningRow | None:
    """Read how far a load that knew no measures is opened, and keep it for oneself; None where there was no such load."""
    row = unit.execute(f"{_OPENING} FOR UPDATE" if locked else _OPENING).fetchone()
    return None if row is None else OpeningRow(row[0] or "", row[1] or "")


def say_measures_entered(unit: Unit, by: str, at: datetime, *, security: bool) -> bool:
    """Note the word of the security officer, or else of the protection officer; False where it was given already."""
    statement = _SAY_SECURITY if security else _SAY_PROTECTION
    return unit.execute(statement, (by, at)).rowcount == 1


def sealed_numbers(unit: Unit, codes: Sequence[str]) -> dict[str, tuple[bytes, date]]:
    """Read the sealed current numbers of some codes with the day from which each is theirs; in the numbers' role."""
    rows = unit.execute(_NUMBERS, (list(codes),)).fetchall()
    return {str(code): (bytes(sealed), day) for code, sealed, day in rows}


def households(unit: Unit) -> Iterator[tuple[int, int, int]]:
    """Count the members of each living household and name its householder, 0 without one."""
    for number, head, members in _rows(unit, "handover_households", _HOUSEHOLDS):
        yield int(number), int(head), int(members)


def gone_entries(unit: Unit, kept_from: date) -> frozenset[str]:
    """Name the verified changes of which nobody is left: destroyed, or over for everybody in them."""
    return frozenset(
        str(row[0]) for row in _rows(unit, "handover_gone", _GONE_ENTRIES, {"kept_from": kept_from})
    )


def entries(unit: Unit) -> Iterator[tuple[str, str, datetime, str, str, datetime, str, bool, str]]:
    """Read every verified change: its number, by whom, when and where entered, by whom and when verified, its bytes.

    Before the bytes stands whether a load made it of what named no change.
    """
    for row in _rows(unit, "handover_entries", _ENTRIES):
        yield row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8]


def permits(unit: Unit) -> Iterator[PermitRow]:
    """Read every permission to correct."""
    for row in _rows(unit, "handover_permits", _PERMITS):
        yield PermitRow(*row)


def programme_steps(unit: Unit) -> Iterator[ItemStepLine]:
    """Read every step of every programme item."""
    for row in _rows(unit, "handover_programmes", _PROGRAMMES):
        yield ItemStepLine(*row)


def seal_steps(unit: Unit) -> Iterator[tuple[StepLine, int, str]]:
    """Read every step of every seal registration, with whose it is and the name of its print."""
    for number, whose, version, step, by, at, body, image_id in _rows(unit, "handover_seals", _SEALS):
        yield StepLine(number, version, step, by, at, body), int(whose), str(image_id)


def seal_images(unit: Unit) -> Iterator[tuple[str, bytes]]:
    """Read the prints of all registrations."""
    for image_id, image in _rows(unit, "handover_images", _IMAGES):
        yield str(image_id), bytes(image)


def measure_steps(unit: Unit) -> Iterator[StepLine]:
    """Read every step of every protection measure."""
    for row in _rows(unit, "handover_protections", _PROTECTIONS):
        yield StepLine(*row)


def people_measured(unit: Unit) -> dict[str, list[int]]:
    """Name whom each measure is kept for."""
    return {str(number): list(people) for number, people in unit.execute(_MEASURED).fetchall()}


def holds(unit: Unit) -> Iterator[tuple[int, str, str, str, datetime]]:
    """Read what a hand keeps from being destroyed: whose, why, by whom, when."""
    yield from unit.execute(_HOLDS).fetchall()


def own_characters(unit: Unit) -> list[str]:
    """Read the town's own characters as they stand."""
    return [str(row[0]) for row in unit.execute(_CHARACTERS).fetchall()]


def pictures(unit: Unit, digests: Sequence[str]) -> list[tuple[str, str, bytes]]:
    """Read some pictures of characters: digest, kind, content (primary key)."""
    rows = unit.execute(_PICTURES, (list(digests),)).fetchall()
    return [(str(digest), str(kind), bytes(content)) for digest, kind, content in rows]


def _copy(unit: Unit, statement: LiteralString, rows: Iterable[Sequence[Any]]) -> None:
    with unit.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def keep_entries(
    unit: Unit, rows: Sequence[EntryRow], people: Sequence[tuple[str, int]], loaded_by: str
) -> None:
    """Keep many verified changes and whom each concerns; `loaded_by` names the load, which alone has a ledger line."""
    _copy(
        unit,
        _COPY_ENTRY,
        (
            (
                one.id, one.kind, one.reason, one.change_date, one.notified_on, one.entered_by, one.entered_at,
                one.terminal, one.verified_by, one.verified_at, one.state, one.outcome,
                json.dumps({str(number): version for number, version in sorted(one.seen.items())}),
                list(one.households), one.cancels, one.permit, one.body, loaded_by,
            )
            for one in rows
        ),
    )  # fmt: skip
    _copy(unit, _COPY_ENTRY_PERSON, people)


def keep_permits(unit: Unit, rows: Iterable[PermitRow]) -> None:
    """Keep many permissions."""
    _copy(unit, _COPY_PERMIT, map(astuple, rows))


def keep_programmes(unit: Unit, lives: Sequence[Sequence[ItemStepLine]]) -> None:
    """Keep programme items, each with all its steps; what the last one says stands."""
    last = [steps[-1] for steps in lives]
    _copy(unit, _COPY_ITEM, ((one.addressee_number, one.programme, one.version, one.body) for one in last))
    _copy(unit, _COPY_ITEM_STEP, (astuple(step) for steps in lives for step in steps))


def card_notes(unit: Unit) -> Iterator[tuple[Any, ...]]:
    """Read every note of everybody's cards: whose, the how-manieth, by whom, when, where, what."""
    yield from _rows(unit, "handover_cards", _CARDS)


def keep_cards(unit: Unit, rows: Iterable[Sequence[Any]]) -> None:
    """Keep many notes of cards."""
    _copy(unit, _COPY_CARD, rows)


def keep_seal_images(unit: Unit, images: Iterable[tuple[str, bytes]]) -> None:
    """Keep prints of seals."""
    unit.cursor.executemany("INSERT INTO register.seal_image (id, image) VALUES (%s, %s)", list(images))


def keep_seals(unit: Unit, rows: Sequence[RegistrationRow], steps: Sequence[StepLine]) -> None:
    """Keep seal registrations as they stand, and all their steps."""
    _copy(unit, _COPY_SEAL, map(astuple, rows))
    _copy(unit, _COPY_SEAL_STEP, map(astuple, steps))


def keep_measures(unit: Unit, rows: Sequence[MeasureLine], steps: Sequence[StepLine]) -> None:
    """Keep protection measures as they stand with whom they concern, and all their steps."""
    _copy(unit, _COPY_MEASURE, ((one.number, one.version, one.open, one.last_day, one.body) for one in rows))
    _copy(unit, _COPY_MEASURE_STEP, map(astuple, steps))
    _copy(unit, _COPY_MEASURE_PERSON, ((whose, one.number) for one in rows for whose in one.people))
    _copy(unit, _COPY_MEASURE_PARTY, ((key, one.number) for one in rows for key in one.keys))


def keep_picture(unit: Unit, picture: tuple[str, str, bytes], by: str, at: datetime) -> None:
    """Keep the picture of a character: digest, kind, content."""
    unit.execute(_KEEP_PICTURE, (*picture, by, at))


def keep_character(unit: Unit, character: str, columns: OwnColumns, step: tuple[str, str, datetime]) -> None:
    """Keep a character of the town's own with its first step: which, by whom, when."""
    unit.execute(_KEEP_CHARACTER, (character, *astuple(columns)))
    unit.execute(_KEEP_CHARACTER_STEP, (character, *step, columns.body))


def raise_sequences(unit: Unit, highest: Iterable[tuple[str, int]]) -> None:
    """Let drawn numbers begin above those that a folder brought."""
    for sequence, number in highest:
        if number:
            unit.execute(_RAISE, (sequence, number))
