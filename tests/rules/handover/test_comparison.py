"""Both sides counted and compared; who differs is found by asking for ever smaller ranges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import record

from daicho.rules.handover.comparison import (
    RecordDigests,
    RegisterTally,
    TallyCategory,
    compare_tallies,
    find_differing,
    record_digest,
)
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal

C = TallyCategory


def tally(*records):
    made = RegisterTally()
    for one in records:
        made.version(one)
        made.standing(one)
    return made


def test_people_are_counted_by_kind_sex_year_town_and_household() -> None:
    dead = record(3, removal=Removal(ChangeReason.DEATH, date(2020, 1, 2), date(2020, 1, 3)))
    unknown = record(
        4, 4, birth_date=PartialDate(None, None, None), sex=Sex.UNKNOWN, name=PersonName("\ue001\ue001")
    )
    counts = tally(record(1), record(2), dead, unknown).counts
    assert counts[C.RECORDS, "living"] == 3
    assert counts[C.RECORDS, "removed"] == 1
    assert counts[C.KIND, "JAPANESE"] == 3
    assert counts[C.SEX, "UNKNOWN"] == 1
    assert counts[C.BIRTH_YEAR, "1980"] == 2
    assert counts[C.BIRTH_YEAR, "0000"] == 1
    assert counts[C.DISTRICT, "架空町一丁目"] == 3
    assert counts[C.HOUSEHOLDS, ""] == 2
    assert counts[C.VERSIONS, ""] == 4
    assert counts[C.CHARACTERS, "U+E001"] == 1


def test_a_lost_person_shows_in_every_count_it_stands_in() -> None:
    differences = compare_tallies(tally(record(1)), tally(record(1), record(2, 2)))
    assert {(one.category, one.key, one.here, one.there) for one in differences} == {
        (C.RECORDS, "living", 1, 2), (C.KIND, "JAPANESE", 1, 2), (C.SEX, "FEMALE", 1, 2), (C.BIRTH_YEAR, "1980", 1, 2),
        (C.DISTRICT, "架空町一丁目", 1, 2), (C.HOUSEHOLDS, "", 1, 2), (C.VERSIONS, "", 1, 2), (C.CODES, "present", 1, 2),
    }  # fmt: skip
    assert compare_tallies(tally(record(1)), tally(record(1))) == ()


def test_contents_are_the_same_in_whatever_order_and_differ_by_one_sign() -> None:
    """What only counts would pass over: another body at the same number of lines."""

    def side(*texts, picture="1", day="2015-10-05"):
        made = RegisterTally()
        for text in texts:
            made.content("seals.csv", text)
        made.picture("imprints/a.png", picture)
        made.number(1, day)
        return made

    first = side("a,1", "b,2")
    assert compare_tallies(first, side("b,2", "a,1")) == ()
    for other, where in (
        (side("a,1", "b,3"), "seals.csv"),
        (side("a,1", "b,2", picture="2"), "imprints"),
        (side("a,1", "b,2", day="2015-10-06"), "residents.csv"),
    ):
        assert [(one.category, one.key) for one in compare_tallies(first, other)] == [(C.CONTENT, where)]


@given(
    st.dictionaries(st.integers(1, 5_000), st.integers(0, 3), max_size=60),
    st.dictionaries(st.integers(1, 5_000), st.integers(0, 3), max_size=10),
)
def test_exactly_those_who_differ_are_found(people, changes) -> None:
    here = {number: record_digest([str(text)]) for number, text in people.items()}
    there = {**here, **{number: record_digest([str(text)]) for number, text in changes.items()}}
    left, right = RecordDigests(sorted(here.items())), RecordDigests(sorted(there.items()))
    last = max(left.last, right.last)
    found = find_differing(left.of_range, right.of_range, last, limit_people=100)
    assert list(found) == sorted(number for number in there if here.get(number) != there[number])


def test_few_ranges_are_asked_for_one_person_among_many() -> None:
    asked = []
    here = RecordDigests((number, record_digest([str(number)])) for number in range(1, 100_001))
    there = RecordDigests(
        (number, record_digest([str(number if number != 70_001 else 0)])) for number in range(1, 100_001)
    )

    def ask(first, last):
        asked.append((first, last))
        return there.of_range(first, last)

    assert find_differing(here.of_range, ask, here.last, limit_people=5) == (70_001,)
    assert len(asked) < 40


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_people_are_named_than_asked_for(limit) -> None:
    here = RecordDigests((number, record_digest(["a"])) for number in range(1, 10))
    there = RecordDigests((number, record_digest(["b"])) for number in range(1, 10))
    assert find_differing(here.of_range, there.of_range, 9, limit_people=limit) == tuple(range(1, limit + 1))


def test_two_empty_towns_are_equal() -> None:
    nobody = RecordDigests(())
    assert nobody.last == 0
    assert find_differing(nobody.of_range, nobody.of_range, 0, limit_people=5) == ()


def test_an_order_of_lines_belongs_to_a_digest() -> None:
    assert record_digest(["a", "b"]) != record_digest(["b", "a"]) != record_digest(["a\nb"][:0])
