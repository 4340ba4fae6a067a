"""Keys by which people are found, folded anew after the program has learnt to fold otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from daicho.store.unit import Unit

_REGISTER: LiteralString = """
SELECT addressee_number, kanji, address, roof, (SELECT v.body::text FROM register.resident_version v
    WHERE v.addressee_number = r.addressee_number AND v.version = r.version)
FROM register.resident r WHERE addressee_number > %s ORDER BY addressee_number LIMIT %s
"""
_SOME: LiteralString = """
SELECT r.addressee_number, r.kanji, r.address, r.roof, v.body::text FROM unnest(%s::bigint[]) AS n (whose)
CROSS JOIN LATERAL (SELECT one.addressee_number, one.version, one.kanji, one.address, one.roof
    FROM register.resident one
    WHERE one.addressee_number = n.whose OFFSET 0) AS r
CROSS JOIN LATERAL (SELECT two.body FROM register.resident_version two
    WHERE two.addressee_number = r.addressee_number AND two.version = r.version OFFSET 0) AS v
"""
_KEYS_OF: LiteralString = """
SELECT r.addressee_number, r.kanji, r.birth FROM unnest(%s::bigint[]) AS n (whose) CROSS JOIN LATERAL (
    SELECT one.addressee_number, one.kanji, one.birth FROM register.resident one
    WHERE one.addressee_number = n.whose OFFSET 0) AS r
"""
# What an other party's name was folded to before still finds the measure; whether it is one is told by the names.
_ADD_OTHER_PARTY: LiteralString = """
INSERT INTO register.protection_other_party (key, number)
SELECT key, number FROM unnest(%s::text[], %s::text[]) AS n (key, number) ON CONFLICT DO NOTHING
"""
_IDENTITY: LiteralString = """
SELECT resident_record_code, name_key, address_key, name_kanji, address
FROM identity.record WHERE resident_record_code > %s ORDER BY resident_record_code LIMIT %s
"""
# Whoever was written meanwhile has new keys already: only the keys that were read are replaced.
_REWRITE_REGISTER: LiteralString = """
UPDATE register.resident r SET kanji = n.name, address = n.place, roof = n.roof
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS n (whose, old_name, old_place, name, place, roof)
WHERE r.addressee_number = n.whose AND r.kanji = n.old_name AND r.address = n.old_place
"""
_REWRITE_IDENTITY: LiteralString = """
UPDATE identity.record r SET name_key = n.name, address_key = n.place
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS n (whose, old_name, old_place, name, place)
WHERE r.resident_record_code = n.whose AND r.name_key = n.old_name AND r.address_key = n.old_place
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """One person's keys of name and address, and what they are folded from where it stands in columns."""

    whose: str
    name_key: str
    address_key: str
    name: str = ""
    address: str = ""
    roof_key: str = ""  # of a resident only


@dataclass(frozen=True, slots=True)
class NewKeys:
    """One person's keys as they were read and as they are to be."""

    old: Keys
    name_key: str
    address_key: str
    roof_key: str = ""

    @property
    def changed(self) -> bool:
        """Tell whether they differ."""
        old = self.old
        return (self.name_key, self.address_key, self.roof_key) != (
            old.name_key,
            old.address_key,
            old.roof_key,
        )


def version(unit: Unit) -> int:
    """Tell of which version the keys of this database are."""
    row = unit.execute("SELECT version FROM folding.standing").fetchone()
    return int(row[0]) if row else 1


def set_version(unit: Unit, version_now: int) -> None:
    """Note that every key of this database is of a version."""
    unit.execute("UPDATE folding.standing SET version = %s", (version_now,))


def records_after(unit: Unit, code: str, limit_rows: int) -> list[Keys]:
    """Read the keys of identification information in the order of codes (primary key)."""
    return [Keys(*map(str, row)) for row in unit.execute(_IDENTITY, (code, limit_rows)).fetchall()]


def residents_after(unit: Unit, addressee_number: int, limit_rows: int) -> list[tuple[Keys, str]]:
    """Read the keys of residents and their records in the order of addressee numbers (primary key)."""
    rows = unit.execute(_REGISTER, (addressee_number, limit_rows)).fetchall()
    return [(Keys(str(whose), name, place, roof_key=roof), body) for whose, name, place, roof, body in rows]


def residents_named(unit: Unit, addressee_numbers: Sequence[int]) -> list[tuple[Keys, str]]:
    """Read the keys of some residents and their records (primary key)."""
    rows = unit.execute(_SOME, (list(addressee_numbers),)).fetchall()
    return [(Keys(str(whose), name, place, roof_key=roof), body) for whose, name, place, roof, body in rows]


def names_and_births(unit: Unit, addressee_numbers: Iterable[int]) -> list[tuple[int, str, str]]:
    """Read of some residents the keys of name and birth alone, each with whose they are (primary key)."""
    rows = unit.execute(_KEYS_OF, (sorted(addressee_numbers),)).fetchall()
    return [(int(whose), name, birth) for whose, name, birth in rows]


def rewrite_records(unit: Unit, keys: Sequence[NewKeys]) -> None:
    """Write keys of identification information anew."""
    if keys:
        unit.execute(_REWRITE_IDENTITY, _columns(keys))


def rewrite_residents(unit: Unit, keys: Sequence[NewKeys]) -> None:
    """Write keys of residents anew."""
    if keys:
        unit.execute(_REWRITE_REGISTER, (*_columns(keys), [one.roof_key for one in keys]))


def add_other_parties(unit: Unit, keys: Sequence[tuple[str, str]]) -> None:
    """Keep more folded names of whom measures protect from, each with the measure's number."""
    if keys:
        unit.execute(_ADD_OTHER_PARTY, ([key for key, _ in keys], [number for _, number in keys]))


def _columns(keys: Sequence[NewKeys]) -> tuple[list[str], ...]:
    return (
        [one.old.whose for one in keys],
        [one.old.name_key for one in keys],
        [one.old.address_key for one in keys],
        [one.name_key for one in keys],
        [one.address_key for one in keys],
    )
