"""Identification information as one level keeps it: saving under a guard, and the lawful searches.

Searches are ranges on columns of the "C" collation, never LIKE; each carries a limit one above what is
shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import itemgetter
from struct import Struct
from typing import Any, TypeVar

from daicho.rules.identity.agreement import COMPARED, hash_of_written, row_hash, written
from daicho.rules.identity.keys import address_key, name_key, prefix_end
from daicho.rules.identity.projection import CsRevision
from daicho.rules.identity.record import CsItems, IdentityRecord, KeptRecord, RecordState
from daicho.rules.identity.search import ROWS_SHOWN, NameTerm, SearchTerms, asked_keys, check_terms
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.store import binary_copy
from daicho.store.unit import Unit

_BATCH_ROWS = 2_000
_COPY_FROM_ROWS = 50  # from here on COPY costs less than half of an INSERT, its extra round trips included
_Row = TypeVar("_Row")
# column, its type; in the order of IdentityRecord, then the level's own columns, then the folded forms
_COLUMNS = (
    ("resident_record_code", "text"),
    ("name_kanji", "text"),
    ("name_gaiji_count", "smallint"),
    ("name_furigana", "text"),
    ("name_normalized_kana", "text"),
    ("former_surname_kanji", "text"),
    ("former_surname_furigana", "text"),
    ("birth_date", "text"),
    ("sex", "text"),
    ("municipality_code", "text"),
    ("aza_code", "text"),
    ("postal_code", "text"),
    ("address", "text"),
    ("address_gaiji_count", "smallint"),
    ("change_reason", "text"),
    ("change_date", "date"),
    ("change_reason_detail", "text"),
    ("old_resident_record_code", "text"),
    ("record_code_used_from", "date"),
    ("update_sequence", "integer"),
    ("scheduled_flag", "boolean"),
    ("foreign_resident", "boolean"),
    ("record_state", "text"),
    ("scheduled_move_out_on", "date"),
    ("received_on", "date"),
    ("kept_until", "date"),
    ("row_hash", "bytea"),
    ("name_key", "text"),
    ("address_key", "text"),
)
_NAMES = tuple(name for name, _ in _COLUMNS)
_READ = ", ".join(_NAMES[:26])
_WRITE = ", ".join(_NAMES)
_ARRAYS = ", ".join(f"%s::{kind}[]" for _, kind in _COLUMNS)
_INSERT = f"""
INSERT INTO identity.record ({_WRITE}) SELECT * FROM unnest({_ARRAYS})
ON CONFLICT DO NOTHING RETURNING resident_record_code
"""
# The row that was read under a lock is the row that is replaced: nothing newer can be lost in between.
_REPLACE = f"""
UPDATE identity.record AS kept SET {", ".join(f"{name} = given.{name}" for name in _NAMES[1:])}
FROM unnest({_ARRAYS}, %s::integer[]) AS given ({_WRITE}, expected)
WHERE kept.resident_record_code = given.resident_record_code AND kept.update_sequence = given.expected
RETURNING kept.resident_record_code
"""  # index: primary key
_LOCK = f"""
SELECT {_READ} FROM identity.record WHERE resident_record_code = ANY(%s::text[])
ORDER BY resident_record_code FOR UPDATE
"""  # index: primary key; the order keeps two batches from waiting for each other
_UNDER = f"SELECT {_READ} FROM identity.record WHERE resident_record_code = ANY(%s::text[])"
_REPLACED_CODES = """
WITH RECURSIVE known (code) AS (
    SELECT %s::text COLLATE "C"
    UNION
    SELECT former.code FROM known k CROSS JOIN LATERAL (
        SELECT r.old_resident_record_code FROM identity.record r
        WHERE r.resident_record_code = k.code AND r.old_resident_record_code IS NOT NULL
        UNION ALL
        SELECT h.body ->> 'old_resident_record_code' COLLATE "C" FROM identity.history h
        WHERE h.resident_record_code = k.code AND h.body ->> 'old_resident_record_code' IS NOT NULL
    ) AS former (code))
SELECT code FROM known
"""  # indexes: primary key, history_code
_RENAME = "UPDATE identity.record SET resident_record_code = %s WHERE resident_record_code = %s"
_ITEM_COLUMNS = (
    ("resident_record_code", "text"),
    ("resident_since", "date"),
    ("address_since", "date"),
    ("notified_on", "date"),
    ("previous_municipality_code", "text"),
    ("previous_address", "text"),
    ("previous_address_gaiji_count", "smallint"),
    ("relationship", "text"),
    ("request_control_number", "text"),
    ("operator_role_id", "text"),
    ("terminal_id", "text"),
    ("abnormal_update_sequence", "integer"),
    ("update_forbidden_flag", "boolean"),
    ("lock_flag", "boolean"),
    ("gaiji_flag", "boolean"),
    ("timestamp", "timestamptz"),
)
_ITEM_NAMES = ", ".join(name for name, _ in _ITEM_COLUMNS)
_SAVE_ITEMS = f"""
INSERT INTO identity.cs_items ({_ITEM_NAMES})
SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for _, kind in _ITEM_COLUMNS)})
ON CONFLICT (resident_record_code) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name, _ in _ITEM_COLUMNS[1:])}
"""
_ITEMS = f"SELECT {_ITEM_NAMES} FROM identity.cs_items WHERE resident_record_code = ANY(%s::text[])"
# What a whole town passes through is written in binary: texts first, then what is always there, then what may lack.
_TEXTS = tuple(name for name, kind in _COLUMNS[:24] if kind == "text")
_OWN_TEXTS = ("name_key", "address_key")
_FIXED = (
    "name_gaiji_count", "address_gaiji_count", "update_sequence", "scheduled_flag", "foreign_resident",
    "change_date", "received_on", "row_hash",
)  # fmt: skip
_MAY_LACK = ("record_code_used_from", "scheduled_move_out_on", "kept_until")
_COPY = f"""
COPY identity.record ({", ".join((*_TEXTS, *_OWN_TEXTS, *_FIXED, *_MAY_LACK))}) FROM STDIN (FORMAT binary)
"""
_COPY_HEAD = binary_copy.head(len(_COLUMNS))
_COPY_TEXTS = itemgetter(*(COMPARED.index(name) for name in _TEXTS))
_COPY_FIXED = Struct(">ih ih ii ib ib ii ii i32s").pack
_COPY_ITEMS = """
COPY identity.cs_items (resident_record_code, previous_municipality_code, previous_address, relationship,
    request_control_number, operator_role_id, terminal_id, resident_since, address_since, notified_on,
    previous_address_gaiji_count, abnormal_update_sequence, update_forbidden_flag, lock_flag, gaiji_flag, timestamp)
FROM STDIN (FORMAT binary)
"""
_COPY_ITEMS_HEAD = binary_copy.head(len(_ITEM_COLUMNS))
_COPY_ITEMS_FIXED = Struct(">ii ii ii ih ii ib ib ib iq").pack
_SCHEDULE = """
UPDATE identity.record SET scheduled_flag = %s, scheduled_move_out_on = %s WHERE resident_record_code = %s
"""
_HASHES = """
SELECT resident_record_code, row_hash FROM identity.record
WHERE resident_record_code > %s ORDER BY resident_record_code LIMIT %s
"""  # index: primary key
_LIVING_HASHES = """
SELECT resident_record_code, row_hash FROM identity.record
WHERE resident_record_code > %s AND record_state = 'living' ORDER BY resident_record_code LIMIT %s
"""  # index: primary key
_COUNTS = "SELECT record_state, count(*) FROM identity.record GROUP BY record_state"
_OF_TOWN = f"""
SELECT {_READ} FROM identity.record WHERE municipality_code = %s ORDER BY resident_record_code
"""  # a whole town, once, by the primary key
_VERSIONS = "SELECT count(*) FROM identity.history WHERE resident_record_code = %s"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A record to be kept in the place of the one that was read under the lock, if there was one."""

    kept: KeptRecord
    replaces: KeptRecord | None = None


def _columns(kept: KeptRecord) -> tuple[Any, ...]:
    record = kept.record
    return (
        str(record.resident_record_code),
        record.name_kanji,
        record.name_gaiji_count,
        record.name_furigana,
        record.name_normalized_kana,
        record.former_surname_kanji,
        record.former_surname_furigana,
        str(record.birth_date),
        record.sex.value,
        str(record.municipality_code),
        record.aza_code,
        record.postal_code,
        record.address,
        record.address_gaiji_count,
        record.change_reason.value,
        record.change_date,
        record.change_reason_detail,
        _text(record.old_resident_record_code),
        record.record_code_used_from,
        record.update_sequence,
        record.scheduled_flag,
        record.foreign_resident,
        record.record_state.value,
        record.scheduled_move_out_on,
        kept.received_on,
        kept.kept_until,
        row_hash(record),
        name_key(record.name_kanji),
        address_key(record.address),
    )


def _row(kept: KeptRecord) -> bytes:
    """Write a record as a row of `_COPY`."""
    record = kept.record
    items = written(record)
    keys = (name_key(record.name_kanji).encode(), address_key(record.address).encode())
    day = binary_copy.day
    return b"".join(
        (
            _COPY_HEAD,
            binary_copy.fields((*_COPY_TEXTS(items), *keys)),
            _COPY_FIXED(
                2, record.name_gaiji_count, 2, record.address_gaiji_count, 4, record.update_sequence,
                1, record.scheduled_flag, 1, record.foreign_resident, 4, binary_copy.day_number(record.change_date),
                4, binary_copy.day_number(kept.received_on), 32, hash_of_written(items),
            ),
            day(record.record_code_used_from), day(record.scheduled_move_out_on), day(kept.kept_until),
        )
    )  # fmt: skip


def _text(code: str | None) -> str | None:
    return None if code is None else str(code)


def _arrays(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _kept(row: tuple[Any, ...]) -> KeptRecord:
    old = row[17]
    record = IdentityRecord(
        resident_record_code=ResidentRecordCode(row[0]),
        name_kanji=row[1],
        name_gaiji_count=row[2],
        name_furigana=row[3],
        name_normalized_kana=row[4],
        former_surname_kanji=row[5],
        former_surname_furigana=row[6],
        birth_date=PartialDate.parse(row[7]),
        sex=Sex(row[8]),
        municipality_code=MunicipalityCode(row[9]),
        aza_code=row[10],
        postal_code=row[11],
        address=row[12],
        address_gaiji_count=row[13],
        change_reason=ChangeReason(row[14]),
        change_date=row[15],
        change_reason_detail=row[16],
        old_resident_record_code=None if old is None else ResidentRecordCode(old),
        record_code_used_from=row[18],
        update_sequence=row[19],
        scheduled_flag=row[20],
        foreign_resident=row[21],
        record_state=RecordState(row[22]),
        scheduled_move_out_on=row[23],
    )
    return KeptRecord(record, row[24], row[25])


def lock_current(unit: Unit, records: Iterable[IdentityRecord]) -> dict[str, KeptRecord]:
    """Read and lock what is kept of the people in `records`, by their code in `records`.

    Somebody whose code changed is found by the old one. Served by the primary key; at most a letter's rows.
    """
    wanted = list(records)
    codes = {str(record.resident_record_code) for record in wanted}
    old = {str(record.old_resident_record_code) for record in wanted if record.old_resident_record_code}
    unit.cursor.execute(_LOCK, (sorted(codes | old),))
    rows = {row[0]: _kept(row) for row in unit.cursor.fetchall()}
    found: dict[str, KeptRecord] = {}
    for record in wanted:
        code = str(record.resident_record_code)
        kept = rows.get(code) or rows.get(_text(record.old_resident_record_code) or "")
        if kept is not None:
            found[code] = kept
    return found


def kept_under(unit: Unit, codes: Iterable[str]) -> list[KeptRecord]:
    """Read what is kept under some codes, in no order (primary key)."""
    unit.cursor.execute(_UNDER, (sorted(codes),))
    return [_kept(row) for row in unit.cursor.fetchall()]


def kept_of_town(unit: Unit, municipality: MunicipalityCode, batch_rows: int) -> Iterator[list[KeptRecord]]:
    """Read everybody of whom a municipality was the last to tell, in the order of their codes, some at a time."""
    with unit.connection.cursor(name="identity_of_town", binary=True) as cursor:
        cursor.execute(_OF_TOWN, (str(municipality),))
        while batch := cursor.fetchmany(batch_rows):
            yield [_kept(row) for row in batch]


def save(unit: Unit, replacements: Sequence[Replacement]) -> set[str]:
    """Keep accepted records in the place of those locked before; gives the codes that were kept.

    A code that is missing from the answer was written by somebody else in between: decide about it again.
    """
    new = [one.kept for one in replacements if one.replaces is None]
    newer: list[tuple[Any, ...]] = []
    for one in replacements:
        if one.replaces is None:
            continue
        code, old = one.kept.record.resident_record_code, one.replaces.record.resident_record_code
        if code != old:
            unit.cursor.execute(_RENAME, (str(code), str(old)))
        newer.append((*_columns(one.kept), one.replaces.record.update_sequence))
    done: set[str] = set()
    if len(new) >= _COPY_FROM_ROWS:
        # A code that somebody else wrote in between ends the transaction; the caller comes again.
        binary_copy.copy_rows(unit, _COPY, map(_row, new))
        done.update(str(kept.record.resident_record_code) for kept in new)
        new = []
    fresh = [_columns(kept) for kept in new]
    for statement, rows in ((_INSERT, fresh), (_REPLACE, newer)):
        if rows:
            unit.cursor.execute(statement, _arrays(rows))
            done.update(row[0] for row in unit.cursor.fetchall())
    return done


def save_items(unit: Unit, items: Iterable[tuple[str, CsItems]]) -> None:
    """Keep the CS's own items of many people, given by resident record code."""
    for batch in _batches(_item_columns(code, item) for code, item in items):
        unit.cursor.execute(_SAVE_ITEMS, _arrays(batch))


def save_first_items(unit: Unit, items: Sequence[tuple[str, CsItems]]) -> None:
    """Keep the CS's own items of people of whom none are kept."""
    if len(items) < _COPY_FROM_ROWS:
        save_items(unit, items)
    else:
        binary_copy.copy_rows(unit, _COPY_ITEMS, (_item_row(code, item) for code, item in items))


def _item_row(code: str, item: CsItems) -> bytes:
    """Write a person's items as a row of `_COPY_ITEMS`."""
    texts = (
        code, item.previous_municipality_code, item.previous_address, item.relationship,
        item.request_control_number, item.operator_role_id, item.terminal_id,
    )  # fmt: skip
    day = binary_copy.day_number
    return b"".join(
        (
            _COPY_ITEMS_HEAD,
            binary_copy.fields([None if text is None else text.encode() for text in texts]),
            _COPY_ITEMS_FIXED(
                4, day(item.resident_since), 4, day(item.address_since), 4, day(item.notified_on),
                2, item.previous_address_gaiji_count, 4, item.abnormal_update_sequence,
                1, item.update_forbidden_flag, 1, item.lock_flag, 1, item.gaiji_flag,
                8, binary_copy.moment_number(item.timestamp),
            ),
        )
    )  # fmt: skip


def _item_columns(code: str, item: CsItems) -> tuple[Any, ...]:
    return (
        str(code),
        item.resident_since,
        item.address_since,
        item.notified_on,
        _text(item.previous_municipality_code),
        item.previous_address,
        item.previous_address_gaiji_count,
        item.relationship,
        item.request_control_number,
        item.operator_role_id,
        item.terminal_id,
        item.abnormal_update_sequence,
        item.update_forbidden_flag,
        item.lock_flag,
        item.gaiji_flag,
        item.timestamp,
    )


def revise(unit: Unit, revisions: Sequence[CsRevision]) -> None:
    """Keep changes of the CS's own items of which nothing goes upward."""
    save_items(unit, ((str(one.resident_record_code), one.cs_items) for one in revisions))
    for one in revisions:
        place = (one.scheduled_flag, one.scheduled_move_out_on, str(one.resident_record_code))
        unit.cursor.execute(_SCHEDULE, place)


def items_of(unit: Unit, codes: Sequence[str]) -> dict[str, CsItems]:
    """Read the CS's own items of the people named; served by the primary key."""
    unit.cursor.execute(_ITEMS, ([str(code) for code in codes],))
    found: dict[str, CsItems] = {}
    for code, since, address_since, notified_on, municipality, *rest in unit.cursor.fetchall():
        previous = None if municipality is None else MunicipalityCode(municipality)
        found[code] = CsItems(since, address_since, notified_on, previous, *rest)
    return found


def _range(column: str, beginning: str) -> tuple[str, list[Any]]:
    end = prefix_end(beginning)
    if not end:
        return f"{column} >= %s", [beginning]
    return f"{column} >= %s AND {column} < %s", [beginning, end]


# A bitmap would gather every match before the first row is seen; the limit asks for a screenful. Leafing through
# the table looks cheap when many fit, but who fits lives together, perhaps at its end.
_SEARCH_SETTINGS = (
    "SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)"
)
_Part = tuple[str, list[Any]]


def _names(name: NameTerm) -> Iterator[_Part]:
    """Give every way in which a name may be kept, the one that was typed first."""
    column = "name_key" if name.kanji else "name_normalized_kana"
    for key in asked_keys(name):
        yield (f"{column} = %s", [key]) if name.whole else _range(column, key)


def _parts(terms: SearchTerms, name: _Part | None) -> list[_Part]:
    parts: list[_Part] = []
    if terms.code is not None:
        parts.append(("resident_record_code = %s", [str(terms.code)]))
    if name is not None:
        parts.append(name)
    if terms.birth is not None and terms.birth.day is not None:
        parts.append(("birth_date = %s", [str(terms.birth.day)]))
    if terms.birth is not None and terms.birth.year is not None:
        parts.append(("birth_year = %s", [terms.birth.year]))
    if terms.address is not None:
        if terms.address.municipality is not None:
            parts.append(("municipality_code = %s", [str(terms.address.municipality)]))
        if terms.address.prefecture:
            parts.append(("prefecture = %s", [terms.address.prefecture]))
        if terms.address.beginning:
            parts.append(_range("address_key", address_key(terms.address.beginning)))
    if terms.sex is not None:
        parts.append(("sex = %s", [terms.sex.value]))
    if terms.living_only:
        parts.append(("record_state = 'living'", []))
    return parts


def _joined(parts: Sequence[_Part]) -> tuple[str, list[Any]]:
    text = " AND ".join(condition for condition, _ in parts)
    return text, [value for _, values in parts for value in values]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Terms to search by, on which day; `number_code` is whose number they name, as the vault answered."""

    terms: SearchTerms
    number_code: str | None = None
    on: date | None = None  # what is over on this day is not there

    def ways(self) -> Iterator[list[_Part]]:
        """Give the conditions for every spelling of the name; none when nobody has the number."""
        if check_terms(self.terms) is not None:
            raise ValueError("these terms may not be searched by")
        if self.terms.number is not None and self.number_code is None:
            return
        holder: list[_Part] = []
        if self.terms.number is not None:
            holder = [("resident_record_code = %s", [self.number_code])]
        kept: list[_Part] = []
        if self.on is not None and not self.terms.living_only:
            kept = [("(kept_until < %s) IS NOT TRUE", [self.on])]
        for name in (None,) if self.terms.name is None else _names(self.terms.name):
            yield [*holder, *_parts(self.terms, name), *kept]


def look_up(
    unit: Unit,
    terms: SearchTerms,
    *,
    number_code: str | None = None,
    limit: int = ROWS_SHOWN,
    on: date | None = None,
) -> list[KeptRecord]:
    """Find who fits all terms: at most one row more than `limit`, which tells that there are more.

    With a day, whoever's years of keeping are over then is not found. Terms that the law does not allow are our own
    fault here: the use case refuses them before.
    """
    return look_up_together(unit, [Wanted(terms, number_code, on)], limit=limit)[0]


def look_up_together(
    unit: Unit, wanted: Sequence[Wanted], *, limit: int = ROWS_SHOWN
) -> list[list[KeptRecord]]:
    """Answer several searches as `look_up` does; those that name whole values alike go in one statement."""
    found: list[dict[str, KeptRecord]] = [{} for _ in wanted]  # the beginnings of two spellings may overlap
    unit.connection.execute(_SEARCH_SETTINGS)
    for statement in statements(wanted, limit):
        # A range is planned for its own values; whole values are planned once.
        unit.cursor.execute(statement.text, statement.values, prepare=None if statement.whole else False)
        for place, *row in unit.cursor.fetchall():
            if len(found[place]) <= limit:
                found[place].setdefault(row[0], _kept(tuple(row)))
    return [list(rows.values()) for rows in found]


@dataclass(frozen=True, slots=True)
class Statement:
    """A query for one or more searches of one form; its first column is the place of the search."""

    text: str
    values: list[Any]
    whole: bool


def statements(wanted: Sequence[Wanted], limit: int) -> list[Statement]:
    """Write the fewest statements that answer all searches."""
    made: list[Statement] = []
    alike: dict[str, list[tuple[int, list[Any]]]] = {}
    for place, one in enumerate(wanted):
        for parts in one.ways():
            condition, values = _joined(parts)
            if ">=" in condition:
                query = f"SELECT {place}, {_READ} FROM identity.record WHERE {condition} LIMIT %s"
                made.append(Statement(query, [*values, limit + 1], whole=False))
            else:
                alike.setdefault(condition, []).append((place, values))
    return made + [_together(condition, group, limit) for condition, group in alike.items()]


_KIND_OF = {int: "int", date: "date"}


def _together(condition: str, group: Sequence[tuple[int, list[Any]]], limit: int) -> Statement:
    columns = [list(column) for column in zip(*(values for _, values in group), strict=True)]
    names = [f"v{place}" for place in range(len(columns))]
    for name in names:
        condition = condition.replace("%s", f"given.{name}", 1)
    kinds = [_KIND_OF.get(type(column[0]), "text") for column in columns]
    arrays = ", ".join(f"%s::{kind}[]" for kind in ("int", *kinds))
    query = (
        f"SELECT given.place, found.* FROM unnest({arrays}) AS given ({', '.join(('place', *names))})"
        f" CROSS JOIN LATERAL (SELECT {_READ} FROM identity.record WHERE {condition} LIMIT %s) AS found"
    )
    return Statement(query, [[place for place, _ in group], *columns, limit + 1], whole=True)


def hashes(unit: Unit, after: str, limit: int) -> dict[str, bytes]:
    """Give codes with their row hashes in the order of codes, beginning after one, for comparing copies."""
    unit.cursor.execute(_HASHES, (after, limit))
    return {code: bytes(value) for code, value in unit.cursor.fetchall()}


def holder(unit: Unit, code: str) -> MunicipalityCode | None:
    """Tell which municipality holds a person's record now."""
    row = unit.execute(
        "SELECT municipality_code FROM identity.record WHERE resident_record_code = %s", (code,)
    ).fetchone()
    return MunicipalityCode(row[0]) if row else None


def holders(unit: Unit, code: str) -> frozenset[MunicipalityCode]:
    """List which municipalities hold a person's record or held it."""
    rows = unit.execute(
        "SELECT municipality_code FROM identity.record WHERE resident_record_code = %s"
        " UNION SELECT body->>'municipality_code' FROM identity.history WHERE resident_record_code = %s",
        (code, code),
    ).fetchall()
    return frozenset(MunicipalityCode(row[0]) for row in rows)


def codes_replaced_by(unit: Unit, code: str) -> frozenset[str]:
    """Name a code and those that it replaced, one after the other (primary key, index history_code)."""
    rows = unit.execute(_REPLACED_CODES, (str(code),)).fetchall()
    return frozenset(str(row[0]) for row in rows)


def how_many(unit: Unit) -> dict[RecordState, int]:
    """Count the records by their state."""
    unit.cursor.execute(_COUNTS)
    counts = {RecordState(state): int(count) for state, count in unit.cursor.fetchall()}
    return {state: counts.get(state, 0) for state in RecordState}


def versions_replaced(unit: Unit, code: str) -> int:
    """Count the versions of a record that newer ones replaced."""
    unit.cursor.execute(_VERSIONS, (code,))
    row = unit.cursor.fetchone()
    return int(row[0]) if row else 0


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH_ROWS)):
        yield batch


def living_hashes(unit: Unit, after: str, limit: int) -> dict[str, bytes]:
    """Give codes and row hashes of living people in the order of codes, beginning after one."""
    unit.cursor.execute(_LIVING_HASHES, (after, limit))
    return {code: bytes(value) for code, value in unit.cursor.fetchall()}
