"""B9: every lawful search, by names and addresses as people write them, in one level."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from daicho.rules.identity.record import IdentityRecord
from daicho.rules.identity.search import ROWS_SHOWN, AddressTerm, BirthTerm, NameTerm, SearchTerms
from daicho.store import identity
from daicho.store.unit import Store
from daicho.world.benchmarks.filling import SEED, fill
from daicho.world.benchmarks.measuring import Bed, percentile

RESIDENTS = 5_000_000
SEARCHES = 2_000
# Forms that residents and clerks write for each other.
_WRITTEN_AS = {
    "高": "髙", "崎": "﨑", "斎": "齋", "辺": "邊", "沢": "澤", "広": "廣", "浜": "濱", "島": "嶋", "吉": "𠮷", "国": "國",
    "髙": "高", "﨑": "崎", "齋": "斉", "邉": "辺", "邊": "邉", "𠮷": "吉",
}  # fmt: skip
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def bench_search(residents: int = RESIDENTS) -> dict[str, Any]:
    """Search a nation of `residents` by every combination that R-070 allows, each term as somebody else writes it."""
    with Bed("national") as bed:
        sample = fill(bed.app_dsn, bed.admin_dsn, residents, SEARCHES)
        seconds: list[float] = []
        missed = 0
        draw = Random(SEED)
        for place, (record, terms) in enumerate(_questions(draw, sample)):
            begun = time.perf_counter()
            with bed.store.reading() as unit:
                found = identity.look_up(unit, terms)
            if place >= SEARCHES // 10:  # the first tenth warms the cache, as a morning does
                seconds.append(time.perf_counter() - begun)
            codes = {kept.record.resident_record_code for kept in found}
            missed += record.resident_record_code not in codes and len(found) <= ROWS_SHOWN
        by_code = [_by_code(bed.store, record) for record in draw.sample(sample, k=min(len(sample), 500))]
    result, ceiling = 1000 * percentile(seconds, 99), 1000 * percentile(by_code, 99)
    return {
        "name": "B9-search",
        "result": result,
        "unit": "ms p99",
        "ceiling": ceiling,
        "ratio": result / ceiling,
        "median_ms": round(1000 * percentile(seconds, 50), 3),
        "recall": 1 - missed / SEARCHES,
        "residents": residents,
    }


def _by_code(store: Store, record: IdentityRecord) -> float:
    """The ceiling: one person by the primary key."""
    begun = time.perf_counter()
    with store.reading() as unit:
        identity.look_up(unit, SearchTerms(code=record.resident_record_code))
    return time.perf_counter() - begun


def _questions(draw: Random, sample: list[IdentityRecord]) -> Iterator[tuple[IdentityRecord, SearchTerms]]:
    for place in range(SEARCHES):
        record = draw.choice(sample)
        yield record, _COMBINATIONS[place % len(_COMBINATIONS)].terms(record)


def _written(name: str) -> str:
    return "".join(_WRITTEN_AS.get(character, character) for character in name)


def _address_as_written(address: str) -> str:
    return (
        re.sub("(?<=[0-9])(?:丁目|番地|番)", "-", address)
        .replace("号", "")
        .split("　", maxsplit=1)[0]
        .translate(_FULL_WIDTH)
    )


def _kanji(record: IdentityRecord) -> NameTerm:
    return NameTerm(kanji=_written(record.name_kanji.partition("（")[0]), whole=True)


def _kana(record: IdentityRecord) -> NameTerm:
    return NameTerm(kana=record.name_furigana or "") if record.name_furigana else _kanji(record)


def _surname(record: IdentityRecord) -> NameTerm:
    return NameTerm(kanji=_written(record.name_kanji.split("　")[0]), whole=False)


def _at_home(record: IdentityRecord) -> AddressTerm:
    return AddressTerm(municipality=record.municipality_code, beginning=_address_as_written(record.address))


def _in_town(record: IdentityRecord) -> AddressTerm:
    return AddressTerm(municipality=record.municipality_code)


def _in_prefecture(record: IdentityRecord) -> AddressTerm:
    return AddressTerm(prefecture=str(record.municipality_code)[:2])


def _born(record: IdentityRecord) -> BirthTerm:
    return BirthTerm(day=record.birth_date)


def _born_in(record: IdentityRecord) -> BirthTerm:
    year = record.birth_date.year
    return _born(record) if year is None else BirthTerm(year=year)


@dataclass(frozen=True, slots=True)
class _Combination:
    """Which terms are given together, and how each is taken from a record."""

    name: Callable[[IdentityRecord], NameTerm]
    address: Callable[[IdentityRecord], AddressTerm] | None = None
    birth: Callable[[IdentityRecord], BirthTerm] | None = None
    sex: bool = False

    def terms(self, record: IdentityRecord) -> SearchTerms:
        return SearchTerms(
            name=self.name(record),
            address=self.address(record) if self.address else None,
            birth=self.birth(record) if self.birth else None,
            sex=record.sex if self.sex else None,
        )


_NAMES = (_kanji, _kana, _surname)
_COMBINATIONS = (
    *(_Combination(name, address) for name in _NAMES for address in (_at_home, _in_town, _in_prefecture)),
    *(_Combination(name, birth=birth) for name in _NAMES for birth in (_born, _born_in)),
    *(_Combination(name, _in_town, _born, sex=True) for name in _NAMES),
)
