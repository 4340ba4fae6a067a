"""Fills one level with synthetic people, as its letters would, in transactions of a thousand."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

from daicho.rules.identity.projection import identity_record
from daicho.rules.identity.record import IdentityRecord, KeptRecord
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.extract import ExtractReader, ExtractRow, decode_line, parse_header
from daicho.rules.register.reasons import ChangeReason
from daicho.store import identity
from daicho.store.unit import Store
from daicho.world.people import population, ranges_of

SEED = 20_261_122
ON = date(2026, 11, 20)
LETTER_RECORDS = 1_000
_TOWNS = ("13101", "13201", "01202", "01203")


def fill(store: Store, residents: int, sampled: int) -> list[IdentityRecord]:
    """Keep `residents` people of four towns; give a sample of them."""
    draw = Random(SEED)
    sample: list[IdentityRecord] = []
    for place, town in enumerate(_TOWNS):
        lines = (
            f"{line}\n".encode()
            for line in population(SEED, town, residents // len(_TOWNS), ranges_of(place))
        )
        records = read_records(lines, town)
        while letter := list(islice(records, LETTER_RECORDS)):
            keep(store, letter)
            sample += draw.sample(letter, k=min(len(letter), 1 + sampled * len(letter) // residents))
    return sample


def read_records(lines: Iterator[bytes], town: str) -> Iterator[IdentityRecord]:
    """Read an extract and derive the identification information of everybody in it."""
    columns = parse_header(str(decode_line(next(lines))))
    if not isinstance(columns, tuple):
        raise TypeError(columns.reason)
    reader = ExtractReader(columns, MunicipalityCode(town), frozenset())
    for number, line in enumerate(lines, 2):
        row = reader.read(number, line)
        if isinstance(row, ExtractRow):
            since = row.record.address_since
            yield identity_record(row.record, reason=ChangeReason.ENTERED_OTHER, change_date=since)


def keep(store: Store, records: list[IdentityRecord]) -> int:
    """Keep new records durably; tell how many."""
    with store.unit() as unit:
        return len(identity.save(unit, [identity.Replacement(KeptRecord(record, ON)) for record in records]))
