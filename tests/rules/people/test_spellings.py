"""Readings that somebody else spells otherwise, and how well names are found again."""

import csv
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.nodes.watch.characters import character_tables
from daicho.rules.identity.keys import address_key
from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.kana import search_key, voiceless_key
from daicho.rules.people.spellings import MOST_SPELLINGS, spelled_alike, voiceless_alike
from daicho.world.benchmarks.written import address_as_written, kana_accuracy, kanji_accuracy
from daicho.world.people import population, ranges_of

ALIKE = [
    ("おおの", "おうの"), ("おおの", "おーの"), ("おうの", "オーノ"), ("ヴァイオレット", "バイオレット"), ("ヴ", "ブ"),
    ("ばれりー", "ヴァレリー"), ("ヴュー", "ビュー"), ("かぢ", "かじ"), ("みづき", "みずき"), ("けいこ", "けーこ"), ("ローラ", "ろうら"),
    ("ゆうき", "ゆーき"), ("きょうこ", "キヨオコ"), ("おおこうち　じょういちろう", "おーこーちじょーいちろー"), ("ﾂﾂﾞｷ", "つずき"),
]  # fmt: skip


@pytest.mark.requirement("R-242")
@pytest.mark.parametrize(("one", "two"), [*ALIKE, *((two, one) for one, two in ALIKE)])
def test_whoever_spells_otherwise_asks_for_the_kept_key_too(one: str, two: str) -> None:
    assert search_key(two) in spelled_alike(one)
    assert voiceless_key(two) in voiceless_alike(one)


@pytest.mark.parametrize(
    ("one", "two"),
    [("おの", "おおの"), ("さとう", "さいとう"), ("ちば", "しば"), ("みき", "みつき"), ("えり", "えいり")],
)
def test_other_names_are_not_asked_for(one: str, two: str) -> None:
    assert search_key(two) not in spelled_alike(one)
    assert voiceless_key(two) not in voiceless_alike(one)


@pytest.mark.requirement("R-242", "F2-5")
@pytest.mark.parametrize(
    ("reading", "kept"),
    [
        ("やまだ", "ヤマタ"),
        ("ヴァン", "ウアン"),
        ("おおの", "オオノ"),
        ("おーの", "オノ"),
        ("みづき", "ミツキ"),
    ],
)
def test_the_kept_voiceless_reading_means_what_it_meant(reading: str, kept: str) -> None:
    assert voiceless_key(reading) == kept


@given(st.text("あいうえおかきこじぢずづばびぶゔぁゅーとろょ　", max_size=60))
def test_the_typed_spelling_comes_first_and_the_list_stays_short(kana: str) -> None:
    assert spelled_alike(kana)[0] == search_key(kana)
    assert voiceless_alike(kana)[0] == voiceless_key(kana)
    for found in (spelled_alike(kana), voiceless_alike(kana)):
        assert len(set(found)) == len(found) <= MOST_SPELLINGS


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    return list(csv.DictReader(population(20_261_120, "13101", 20_000, ranges_of(0))))


@pytest.fixture(scope="module")
def sequences(people: list[dict[str, str]]) -> dict[str, list[str]]:
    glyphs = character_tables().glyphs
    bases = {one[0] for person in people for one in split_characters(person["name_kanji"] + person["town"])}
    found = {base: [glyph.sequence for glyph in glyphs.based_on(base) if glyph.sequence] for base in bases}
    return {base: one for base, one in found.items() if one}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_names_in_other_forms_are_found_and_hardly_anybody_else(
    people: list[dict[str, str]], sequences: dict[str, list[str]], seed: int
) -> None:
    measured = kanji_accuracy(Random(seed), [person["name_kanji"] for person in people], sequences)
    assert measured.asked == 20_000
    assert measured.recall >= 0.999
    assert measured.precision >= 0.99


@pytest.mark.requirement("R-242")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_readings_in_other_spellings_are_found_and_hardly_anybody_else(
    people: list[dict[str, str]], seed: int
) -> None:
    readings = [person["name_furigana"] for person in people if person["name_furigana"]]
    measured = kana_accuracy(Random(seed), readings)
    assert measured.recall >= 0.999
    assert measured.precision >= 0.98


def test_addresses_in_other_forms_begin_like_the_kept_ones(
    people: list[dict[str, str]], sequences: dict[str, list[str]]
) -> None:
    draw = Random(1)
    missed = 0
    for person in people[:5_000]:
        address = person["town"] + person["block"] + (f"　{person['building']}" if person["building"] else "")
        written = address_as_written(draw, address, sequences)
        missed += not address_key(address).startswith(address_key(written))
    assert missed <= 5
