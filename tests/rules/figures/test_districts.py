"""One district has one row however its name is written, and the rows add up to the town."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.figures.districts import (
    CLASSES,
    GROUPS,
    NO_DISTRICT,
    District,
    HomesOf,
    PeopleOf,
    birth_bounds_of,
    by_district,
    class_of,
    district_of,
    district_written,
    people_in,
    whole_town,
)
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import PopulationCell, age_group

DAY = date(2026, 11, 20)
JAPANESE, FOREIGN = ResidentKind.JAPANESE, ResidentKind.FOREIGN


@pytest.mark.parametrize(
    ("town", "block", "written"),
    [
        ("架空町一丁目", "2番3号", "架空町一丁目"),
        ("架空町", "1丁目2番3号", "架空町1丁目"),
        ("架空町", "１２丁目３番", "架空町１２丁目"),
        ("架空町", "2番3号", "架空町"),
        ("架空町", "番外地", "架空町"),
        ("大字架空字想像", "123番地4", "大字架空字想像"),
        ("六番町", "5番地", "六番町"),
        ("北1条西", "2丁目3", "北1条西2丁目"),
        # as a register that was rebuilt from the network has it
        ("架空町一丁目2番3号", "", "架空町一丁目"),
        ("架空町12丁目3番", "", "架空町12丁目"),
        ("架空町２番３号", "", "架空町"),
        ("六番町", "", "六番町"),
        ("123", "", ""),
    ],
)
def test_the_district_is_what_stands_before_the_lot(town, block, written):
    assert district_written(town, block) == written


@pytest.mark.parametrize(
    ("ways", "name"),
    [
        (("架空町一丁目", "架空町1丁目", "架空町１丁目", "架空町 1丁目", "架空町　一丁目"), "架空町一丁目"),
        (("架空町十二丁目", "架空町12丁目", "架空町一二丁目"), "架空町十二丁目"),
        (("架空町二十丁目", "架空町20丁目", "架空町二〇丁目"), "架空町二十丁目"),
        (("架空町十丁目", "架空町10丁目", "架空町一〇丁目"), "架空町十丁目"),
        (("架空町百一丁目", "架空町101丁目"), "架空町101丁目"),
        (("架空町",), "架空町"),
        (("北1条西2丁目", "北1条西二丁目"), "北1条西二丁目"),
    ],
)
def test_one_district_written_in_several_ways_is_one(ways, name):
    assert {district_of(one) for one in ways} == {district_of(name)}
    assert district_of(ways[-1]).name == name


@pytest.mark.parametrize(
    "written", ["架空町十十丁目", "百百丁目", "十百丁目", "架空町二三十丁目", "十二百丁目", "百十十丁目"]
)
def test_what_is_no_number_is_a_name_and_breaks_nothing(written):
    """One mistyped address would else take the whole town's table away."""
    assert district_of(written) == District((kanji_key(written), 0), written)


@given(st.text("〇一二九十百1２丁目町"), st.sampled_from(["", "丁目"]))
def test_whatever_an_address_says_it_is_some_district(written, behind):
    found = district_of(written + behind)
    assert (found == NO_DISTRICT) is not bool(written + behind)


def test_two_districts_are_two():
    names = ("架空町一丁目", "架空町二丁目", "架空町十一丁目", "架空町", "架空町東", "東架空町一丁目")
    assert len({district_of(one).key for one in names}) == len(names)


@pytest.mark.parametrize("written", ["", "　", "不詳", "住所不定", "住所 不明", "居所不明"])
def test_where_nobody_knows_is_no_district(written):
    assert district_of(written) == NO_DISTRICT


@given(st.dates(date(1900, 1, 1), DAY), st.sampled_from([CLASSES, GROUPS]))
def test_the_bounds_of_births_part_the_groups(birth, groups):
    """As the database counts: whoever lies between the same bounds is of one group."""
    bounds = birth_bounds_of(DAY, groups)
    assert list(bounds) == sorted(bounds)
    place = sum(birth >= one for one in bounds)
    lowest = sorted(groups, reverse=True)[place]
    found = age_group(PartialDate.of(birth), DAY)
    assert (found if groups is GROUPS else class_of(found)) == lowest


CELLS = st.builds(
    PopulationCell, st.sampled_from(ResidentKind), st.sampled_from(Sex), st.sampled_from([None, *CLASSES])
)
WRITTEN = st.sampled_from(
    ("架空町一丁目", "架空町1丁目", "架空町2丁目", "架空町", "想像町", "", "不詳", "渡邉町", "渡辺町")
)
PEOPLE = st.lists(st.builds(PeopleOf, WRITTEN, CELLS, st.integers(1, 500)), max_size=20)


@given(PEOPLE)
def test_everybody_stands_in_one_district_and_the_town_is_their_sum(people):
    homes = [HomesOf(one.written, frozenset((one.cell.kind,)), 1) for one in people]
    found = by_district(DAY, people, homes)
    town = whole_town(DAY, found)
    assert town.total() == sum(one.people for one in people)
    assert town.households.total == len(people)
    assert town.households.mixed == 0
    for kind in ResidentKind:
        for sex in Sex:
            counted = sum(people_in(one, kind=kind, sex=sex) for one in found.values())
            assert counted == town.total(kind, sex)
    names = [one.name for one in found]
    assert len(set(names)) == len(names)
    keys = [one.key for one in found]
    assert keys[: len(keys) - (None in keys)] == sorted(key for key in keys if key is not None)


def test_a_district_bears_the_name_that_most_give_it_and_mixed_households_count_so():
    cell = PopulationCell(JAPANESE, Sex.FEMALE, 15)
    people = [PeopleOf("渡邉町", cell, 2), PeopleOf("渡辺町", cell, 3), PeopleOf("", cell, 1)]
    homes = [HomesOf("渡邉町", frozenset(ResidentKind), 2), HomesOf("渡辺町", frozenset((FOREIGN,)), 1)]
    (one, counted), (unknown, _) = by_district(DAY, people, homes).items()
    assert (one.name, counted.total(), counted.households.mixed, counted.households.foreign) == (
        "渡辺町", 5, 2, 1,
    )  # fmt: skip
    assert unknown == NO_DISTRICT
