"""B9: every lawful search, by names and addresses as people write them, in one level."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from daicho.nodes.watch.characters import character_tables
from daicho.rules.identity.record import IdentityRecord
from daicho.rules.identity.search import ROWS_SHOWN, AddressTerm, BirthTerm, NameTerm, SearchTerms
from daicho.rules.people.characters.identify import split_characters
from daicho.store import identity
from daicho.store.unit import Store
from daicho.world.benchmarks.filling import SEED, fill
from daicho.world.benchmarks.measuring import Bed, percentile
from daicho.world.benchmarks.written import (
    address_as_written,
    name_as_written,
    reading_as_typed,
    same_characters,
    same_sound,
)

RESIDENTS = 5_000_000
SEARCHES = 2_000


def bench_search(residents: int = RESIDENTS) -> dict[str, Any]:
    """Search a nation of `residents` by every combination that R-070 allows, each term as somebody else writes it."""
    with Bed("national") as bed:
        sample = fill(bed.app_dsn, bed.admin_dsn, residents, SEARCHES)
        seconds: list[float] = []
        missed = rows = meant = 0
        draw = Random(SEED)
        for place, question in enumerate(_questions(draw, sample)):
            begun = time.perf_counter()
            with bed.store.reading() as unit:
                found = [kept.record for kept in identity.look_up(unit, question.terms)]
            if place >= SEARCHES // 10:  # the first tenth warms the cache, as a morning does
                seconds.append(time.perf_counter() - begun)
            codes = {record.resident_record_code for record in found}
            missed += question.record.resident_record_code not in codes and len(found) <= ROWS_SHOWN
            rows += len(found)
            meant += sum(map(question.means, found))
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
        "precision": meant / max(rows, 1),
        "residents": residents,
    }


def _by_code(store: Store, record: IdentityRecord) -> float:
    """The ceiling: one person by the primary key."""
    begun = time.perf_counter()
    with store.reading() as unit:
        identity.look_up(unit, SearchTerms(code=record.resident_record_code))
    return time.perf_counter() - begun


def _questions(draw: Random, sample: list[IdentityRecord]) -> Iterator["_Question"]:
    hand = _Hand(draw, _sequences(sample))
    for place in range(SEARCHES):
        record = draw.choice(sample)
        yield _COMBINATIONS[place % len(_COMBINATIONS)].question(hand, record)


def _sequences(sample: Iterable[IdentityRecord]) -> dict[str, list[str]]:
    """Gather the glyphs that fonts offer under each character of the sample's names and addresses."""
    glyphs = character_tables().glyphs
    characters = {one[0] for record in sample for one in split_characters(record.name_kanji + record.address)}
    found = {one: [glyph.sequence for glyph in glyphs.based_on(one) if glyph.sequence] for one in characters}
    return {one: sequences for one, sequences in found.items() if sequences}


@dataclass(frozen=True, slots=True)
class _Hand:
    """Somebody who writes otherwise than the record does."""

    draw: Random
    sequences: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked about whom, and whose record answers it."""

    record: IdentityRecord
    terms: SearchTerms
    means: Callable[[IdentityRecord], bool]


_Named = tuple[NameTerm, Callable[[IdentityRecord], bool]]


def _written_name(record: IdentityRecord) -> str:
    return record.name_kanji.partition("（")[0]


def _kanji(hand: _Hand, record: IdentityRecord) -> _Named:
    name = same_characters(_written_name(record))
    term = NameTerm(kanji=name_as_written(hand.draw, _written_name(record), hand.sequences), whole=True)
    return term, lambda other: same_characters(_written_name(other)) == name


def _kana(hand: _Hand, record: IdentityRecord) -> _Named:
    if not record.name_furigana:
        return _kanji(hand, record)
    sound = same_sound(record.name_furigana)
    term = NameTerm(kana=reading_as_typed(hand.draw, record.name_furigana))
    return term, lambda other: same_sound(other.name_furigana or "") == sound


def _surname(hand: _Hand, record: IdentityRecord) -> _Named:
    surname = record.name_kanji.split("　")[0]
    same = same_characters(surname)
    term = NameTerm(kanji=name_as_written(hand.draw, surname, hand.sequences), whole=False)
    return term, lambda other: same_characters(_written_name(other)).startswith(same)


def _at_home(hand: _Hand, record: IdentityRecord) -> AddressTerm:
    beginning = address_as_written(hand.draw, record.address, hand.sequences)
    return AddressTerm(municipality=record.municipality_code, beginning=beginning)


def _in_town(_: _Hand, record: IdentityRecord) -> AddressTerm:
    return AddressTerm(municipality=record.municipality_code)


def _in_prefecture(_: _Hand, record: IdentityRecord) -> AddressTerm:
    return AddressTerm(prefecture=str(record.municipality_code)[:2])


def _born(record: IdentityRecord) -> BirthTerm:
    return BirthTerm(day=record.birth_date)


def _born_in(record: IdentityRecord) -> BirthTerm:
    year = record.birth_date.year
    return _born(record) if year is None else BirthTerm(year=year)


@dataclass(frozen=True, slots=True)
class _Combination:
    """Which terms are given together, and how each is taken from a record."""

    name: Callable[[_Hand, IdentityRecord], _Named]
    address: Callable[[_Hand, IdentityRecord], AddressTerm] | None = None
    birth: Callable[[IdentityRecord], BirthTerm] | None = None
    sex: bool = False

    def question(self, hand: _Hand, record: IdentityRecord) -> _Question:
        name, means = self.name(hand, record)
        terms = SearchTerms(
            name=name,
            address=self.address(hand, record) if self.address else None,
            birth=self.birth(record) if self.birth else None,
            sex=record.sex if self.sex else None,
        )
        return _Question(record, terms, means)


_NAMES = (_kanji, _kana, _surname)
_COMBINATIONS = (
    *(_Combination(name, address) for name in _NAMES for address in (_at_home, _in_town, _in_prefecture)),
    *(_Combination(name, birth=birth) for name in _NAMES for birth in (_born, _born_in)),
    *(_Combination(name, _in_town, _born, sex=True) for name in _NAMES),
)
