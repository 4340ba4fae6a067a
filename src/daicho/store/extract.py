"""A whole register in and out: many new records at once, by COPY, and every record in its order."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from struct import Struct

from daicho.store import binary_copy
from daicho.store.register import NewVersion, ResidentRow
from daicho.store.unit import Unit

_RAISE_SEQUENCES = """
SELECT setval('register.addressee_seq',
              greatest(%s, (SELECT last_value FROM register.addressee_seq)), true),
       setval('register.household_seq',
              greatest(%s, (SELECT last_value FROM register.household_seq)), true)
"""
_KNOWN = """
SELECT addressee_number, coalesce(code, '') FROM register.resident
WHERE addressee_number = ANY(%s) OR code = ANY(%s)
"""
_HEADED = """
SELECT DISTINCT household_number FROM register.resident
WHERE living AND householder AND household_number = ANY(%s)
"""
_COPY_VERSION = """
COPY register.resident_version (addressee_number, version, change_date, recorded_at, household_number, living,
    entry_id, body, resident_kind, sex, birth, district) FROM STDIN (FORMAT binary)
"""
_VERSION_HEAD = binary_copy.head(12)
_VERSION_FIXED = Struct(">iq ii ii iq iq ib").pack
_COPY_RESIDENT = """
COPY register.resident (addressee_number, version, household_number, living, householder, entry_id, code,
    kana, kanji, birth, address, roof, due_on, closed_on) FROM STDIN (FORMAT binary)
"""
_RESIDENT_HEAD = binary_copy.head(14)
_RESIDENT_FIXED = Struct(">iq ii iq ib ib").pack
_EXPORT = "SELECT addressee_number, body::text FROM register.resident_record ORDER BY addressee_number"


def known_keys(unit: Unit, people: Sequence[int], codes: Sequence[str]) -> list[tuple[int, str]]:
    """Tell which addressee numbers and codes the register already holds (primary key, code)."""
    unit.cursor.execute(_KNOWN, (list(people), list(codes)))
    return [(row[0], row[1]) for row in unit.cursor.fetchall()]


def headed_households(unit: Unit, households: Sequence[int]) -> frozenset[int]:
    """Tell which of these households already have a living householder (index resident_household)."""
    unit.cursor.execute(_HEADED, (list(households),))
    return frozenset(row[0] for row in unit.cursor.fetchall())


def copy_records(
    unit: Unit,
    rows: Sequence[ResidentRow],
    *,
    entry_id: str,
    legal_days: Sequence[date],
    recorded_at: datetime,
) -> None:
    """Write many new records at once, by COPY: first their first version, then the record that stands."""
    entry = entry_id.encode()
    at = binary_copy.moment_number(recorded_at)
    versions = zip(rows, legal_days, strict=True)
    binary_copy.copy_rows(unit, _COPY_VERSION, (_version(row, day, at, entry) for row, day in versions))
    binary_copy.copy_rows(unit, _COPY_RESIDENT, (_resident(row, entry) for row in rows))


def copy_versions(unit: Unit, versions: Sequence[NewVersion]) -> None:
    """Write versions of records at once, by COPY, each by the entry that it names."""
    binary_copy.copy_rows(
        unit,
        _COPY_VERSION,
        (
            _version(
                one.row, one.legal_day, binary_copy.moment_number(one.recorded_at), one.entry_id.encode()
            )
            for one in versions
        ),
    )


def copy_standing(unit: Unit, rows: Sequence[tuple[ResidentRow, str]]) -> None:
    """Let records stand whose versions are written, each by the entry of its newest one."""
    binary_copy.copy_rows(unit, _COPY_RESIDENT, (_resident(row, entry.encode()) for row, entry in rows))


def _version(row: ResidentRow, day: date, at: int, entry: bytes) -> bytes:
    fixed = _VERSION_FIXED(
        8, row.addressee_number, 4, row.version, 4, binary_copy.day_number(day), 8, at, 8, row.household_number,
        1, row.living,
    )  # fmt: skip
    counted = (row.resident_kind.encode(), row.sex.encode(), row.birth.encode(), row.district.encode())
    return _VERSION_HEAD + fixed + binary_copy.fields((entry, row.body.encode(), *counted))


def _resident(row: ResidentRow, entry: bytes) -> bytes:
    fixed = _RESIDENT_FIXED(
        8, row.addressee_number, 4, row.version, 8, row.household_number, 1, row.living, 1, row.householder
    )
    code = None if row.code is None else row.code.encode()
    keys = (row.kana, row.kanji, row.birth, row.address, row.roof)
    texts = (entry, code, *(key.encode() for key in keys))
    days = binary_copy.day(row.due_on) + binary_copy.day(row.closed_on)
    return _RESIDENT_HEAD + fixed + binary_copy.fields(texts) + days


def raise_sequences(unit: Unit, *, addressee: int, household_number: int) -> None:
    """Let drawn numbers begin above those that an import brought."""
    unit.cursor.execute(_RAISE_SEQUENCES, (addressee, household_number))


def export_records(unit: Unit, *, batch_rows: int) -> Iterator[list[tuple[int, str]]]:
    """Read every record in the order of the addressee number, a batch at a time (server-side cursor)."""
    with unit.connection.cursor(name="register_export", binary=True) as cursor:
        cursor.itersize = batch_rows
        cursor.execute(_EXPORT)
        while batch := cursor.fetchmany(batch_rows):
            yield [(row[0], row[1]) for row in batch]
