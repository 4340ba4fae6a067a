"""Fills one level with synthetic people: bare rows by two processes, then the indexes over them."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from multiprocessing import get_context
from random import Random

import psycopg

from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.identity.projection import identity_record
from daicho.rules.identity.record import IdentityRecord, KeptRecord
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.extract import ExtractReader, ExtractRow, decode_line, parse_header
from daicho.rules.register.reasons import ChangeReason
from daicho.store import identity
from daicho.store.resting_indexes import build_resting_indexes, let_autovacuum_come, let_indexes_rest
from daicho.store.unit import Store
from daicho.world.people import population, ranges_of

SEED = 20_261_122
ON = date(2026, 11, 20)
LETTER_RECORDS = 1_000
_TOWNS = ("13101", "13201", "01202", "01203")
_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class _Town:
    """What one process is to load."""

    app_dsn: str
    code: str
    place: int
    residents: int
    sampled: int


def fill(app_dsn: str, admin_dsn: str, residents: int, sampled: int) -> list[IdentityRecord]:
    """Keep `residents` people of four towns, then build the indexes and the planner's counts; give a sample."""
    each = residents // len(_TOWNS)
    towns = [
        _Town(app_dsn, code, place, each, sampled // len(_TOWNS) + 1) for place, code in enumerate(_TOWNS)
    ]
    let_indexes_rest(admin_dsn)
    with ProcessPoolExecutor(_PROCESSES, get_context("spawn"), collect_rarely) as pool:
        sample = [record for some in pool.map(_fill_town, towns) for record in some]
    build_resting_indexes(admin_dsn)
    let_autovacuum_come(admin_dsn)
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("vacuum analyze")
    return sample


def _fill_town(town: _Town) -> list[IdentityRecord]:
    draw = Random(SEED + town.place)
    sample: list[IdentityRecord] = []
    store = Store(town.app_dsn, pool_connections=1)
    lines = (
        f"{line}\n".encode() for line in population(SEED, town.code, town.residents, ranges_of(town.place))
    )
    records = read_records(lines, town.code)
    left = town.residents
    while letter := list(islice(records, LETTER_RECORDS)):
        keep(store, letter)
        wanted = round(len(letter) * (town.sampled - len(sample)) / max(left, len(letter)))
        sample += draw.sample(letter, k=min(len(letter), wanted))
        left -= len(letter)
    store.close()
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
