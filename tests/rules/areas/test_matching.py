"""Whom a table meets, and what becomes of a household: everybody once, nobody twice, nobody beside."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import HERE, HOME, record

from daicho.rules.areas.matching import (
    AreaIndex,
    AreaItemState,
    Beforehand,
    CoveredHome,
    held_together,
    home_afterwards,
    judge_household,
    named_by_another,
    renamed_address,
    renamed_domicile,
    was_turned_back,
)
from daicho.rules.areas.table import AreaLine
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.register.address_renaming import AddressRenaming, draft_address_renaming
from daicho.rules.register.changes import Desk

DAY = date(2026, 11, 20)
OLD = Address(HOME, "甲町", "12番地", "架空荘101", "1000001", "0001001")
LOT = AreaLine(2, "甲町", "甲町一丁目", "12番地", new_block="3番4号")
BUILDING = AreaLine(3, "甲町", "甲町一丁目", "12番地", "架空荘101", new_block="3番5号")
HOUSE = AreaLine(4, "甲町", "甲町一丁目", "12番地", household_number=7, new_block="3番6号")
TOWN = AreaLine(5, "乙町", "丙町")


def test_the_closest_line_names_the_place() -> None:
    index = AreaIndex([LOT, BUILDING, HOUSE, TOWN])
    assert index.line_for(OLD, 7) == HOUSE
    assert index.line_for(OLD, 1) == BUILDING
    assert index.line_for(replace(OLD, building=""), 1) == LOT
    assert index.line_for(replace(OLD, block="１２番地", building=""), 1) == LOT
    assert index.line_for(replace(OLD, block="12番地2"), 1) is None
    assert index.line_for(replace(OLD, town="乙町"), 1) == TOWN
    assert index.line_for(replace(OLD, town="乙町東"), 1) is None


def test_the_building_stays_and_the_towns_code_goes_with_its_name() -> None:
    assert renamed_address(OLD, LOT) == Address(HOME, "甲町一丁目", "3番4号", "架空荘101", "1000001", "")
    full = replace(LOT, new_building="架空荘 101号", postal_code="1000009", aza_code="0001002")
    assert renamed_address(OLD, full) == Address(
        HOME, "甲町一丁目", "3番4号", "架空荘 101号", "1000009", "0001002"
    )
    assert renamed_address(replace(OLD, town="乙町"), TOWN) == replace(OLD, town="丙町", aza_code="")
    same = replace(LOT, new_town="甲町")
    assert renamed_address(OLD, same).aza_code == OLD.aza_code


@pytest.mark.parametrize(
    ("domicile", "line", "written"),
    [
        ("架空県架空市乙町12番地", TOWN, "架空県架空市丙町12番地"),
        ("架空県架空市乙町　12番地", TOWN, "架空県架空市丙町　12番地"),
        ("架空県架空市乙町東12番地", TOWN, None),
        ("架空県架空市乙町一丁目2番", TOWN, None),
        ("架空県架空市乙町2丁目3番", TOWN, None),
        ("架空県架空市乙町２丁目3番", TOWN, None),
        ("他県他市乙町12番地", TOWN, None),
        ("架空県架空市甲町12番地", LOT, None),
        (None, TOWN, None),
    ],
)
def test_a_domicile_is_renamed_only_where_it_is_surely_in_that_town(
    domicile: str | None, line: AreaLine, written: str | None
) -> None:
    assert renamed_domicile(domicile, "架空県架空市", line) == written
    assert renamed_domicile(domicile, "", line) is None


def living(number: int, home: Address = OLD, **items):
    return record(number, current_address=home, **items)


def state(*members, index: AreaIndex | None = None):
    return judge_household(members, index or AreaIndex([LOT]), DAY)


def test_a_household_that_a_line_names_is_renamed_as_a_whole() -> None:
    judged = state(living(1), living(2, relationship="子"))
    assert judged.state is AreaItemState.DONE
    assert [one.addressee_number for one in judged.homes] == [1, 2]
    assert judged.effective_on == DAY


def test_an_address_of_the_area_that_no_line_names_waits_for_a_clerk() -> None:
    assert state(living(1, replace(OLD, block="99番地"))).state is AreaItemState.UNNAMED


def test_whoever_left_or_was_renamed_already_is_over() -> None:
    assert state(living(1, HERE)).state is AreaItemState.GONE
    assert state(living(1, renamed_address(OLD, LOT))).state is AreaItemState.GONE
    removed = record(1, removal=None, current_address=HERE)
    assert state(removed).state is AreaItemState.GONE
    assert state().state is AreaItemState.GONE


def test_a_lot_is_not_another_whose_hyphen_stands_elsewhere() -> None:
    index = AreaIndex([AreaLine(2, "甲町", "甲町一丁目", "12-3", new_block="3番4号")])
    assert index.line_for(replace(OLD, block="1-23"), 1) is None
    assert index.line_for(replace(OLD, block="１２－３"), 1) is not None
    rooms = AreaIndex([AreaLine(2, "甲町", "甲町一丁目", "12番地", "1-203", new_block="3番4号")])
    assert rooms.line_for(replace(OLD, building="12-03"), 1) is None


@pytest.mark.parametrize(
    ("town", "block", "covered"),
    [
        ("甲町", "一丁目2番", True),
        ("甲町一丁目", "2番", True),
        ("甲町", "二丁目2番", False),
        ("甲", "町一丁目2番", True),
    ],
)
def test_whoever_parts_town_and_block_otherwise_is_told_of(town: str, block: str, covered: bool) -> None:
    index = AreaIndex([AreaLine(2, "甲町一丁目", "改称町", "9番", new_block="1号")])
    home = replace(OLD, town=town, block=block)
    assert index.covers(home) is covered
    assert state(living(1, home), index=index).state is (
        AreaItemState.UNNAMED if covered else AreaItemState.GONE
    )


def test_a_new_place_in_the_old_town_is_no_old_place_that_was_forgotten() -> None:
    index = AreaIndex([AreaLine(2, "甲町", "甲町", "12番地", new_block="5番6号")])
    assert state(living(1, replace(OLD, block="5番6号")), index=index).state is AreaItemState.GONE


def test_an_own_character_is_found_in_both_spellings() -> None:
    own = "\ue000"
    counterparts = {own: "澤"}
    for lines, home in ((own, "澤"), ("澤", own), (own, own)):
        index = AreaIndex([AreaLine(2, f"{lines}町", "改称町")], counterparts)
        assert index.line_for(replace(OLD, town=f"{home}町"), 1) is not None
        assert index.roof_of(replace(OLD, town=f"{home}町")) == index.roof_of(replace(OLD, town="澤町"))
    assert AreaIndex([AreaLine(2, f"{own}町", "改称町")]).line_for(replace(OLD, town="澤町"), 1) is None


def test_a_record_without_a_code_is_named_before_anything_is_approved() -> None:
    judged = state(living(1), living(2, relationship="子", resident_record_code=None))
    assert (judged.state, judged.homes, judged.why) == (AreaItemState.REFUSED, (), Reason.CODE_MISSING)


FIFTH, NINTH = (
    AreaLine(2, "甲町", "甲町", f"{old}番地", new_block=f"{new}番地") for old, new in ((1, 5), (5, 9))
)


def renamed_by(line: AreaLine, *members, on: date = DAY):
    homes = judge_household(members, AreaIndex([line]), DAY).homes
    notice = AddressRenaming(homes, DAY, on, "告示", effective_on=None if on == DAY else on)
    entry = draft_address_renaming(notice, members, on, Desk(HOME))
    assert not isinstance(entry, Refusal), entry
    return entry


def test_two_tables_of_one_day_rename_nobody_twice_whichever_comes_first() -> None:
    entry = renamed_by(FIFTH, living(1, replace(OLD, block="1番地", building="")))
    (now,) = entry.after
    assert now.current_address.block == "5番地"
    assert named_by_another(now, [entry], DAY)
    known = Beforehand(named={1})
    assert judge_household((now,), AreaIndex([NINTH]), DAY, known=known).state is AreaItemState.GONE
    assert home_afterwards(now, AreaIndex([NINTH]), known) == now.current_address
    later = date(2027, 11, 20)
    assert not named_by_another(now, [entry], later), "a table of a later day means the name of that day"
    moved = replace(now, address_since=date(2026, 12, 24))
    assert not named_by_another(moved, [entry], DAY), "who came back is no longer where the name was given"


def test_who_came_to_a_place_that_another_table_names_as_new_is_left_to_a_clerk() -> None:
    comer = living(1, replace(OLD, block="5番地"), address_since=date(2026, 11, 25))
    judged = judge_household((comer,), AreaIndex([NINTH]), DAY, known=Beforehand(came={1}))
    assert (judged.state, judged.homes) == (AreaItemState.DOUBTFUL, ())


def test_who_was_turned_back_stands_where_they_were_renamed_away_from() -> None:
    old = living(1, replace(OLD, block="5番地"))
    entry = renamed_by(NINTH, old)
    assert was_turned_back(old, [entry], DAY)
    assert not was_turned_back(entry.after[0], [entry], DAY)
    assert not was_turned_back(replace(old, address_since=date(2026, 11, 25)), [entry], DAY)


def covered(
    household: int, roof: str, afterwards: str, *, named: bool = False, measure: str = "m"
) -> CoveredHome:
    return CoveredHome(measure, household, roof, afterwards, named)


@pytest.mark.parametrize(
    ("homes", "waiting"),
    [
        ([covered(1, "a", "b"), covered(2, "a", "b")], set()),
        ([covered(1, "a", "b"), covered(2, "a", "a")], {1}),
        ([covered(1, "a", "b"), covered(2, "a", "c")], {1, 2}),
        ([covered(1, "a", "b", named=True), covered(2, "a", "c", named=True)], set()),
        ([covered(1, "a", "b", named=True), covered(2, "a", "c")], {1, 2}),
        ([covered(1, "a", "b"), covered(2, "a", "c", measure="n")], set()),
        ([covered(1, "a", "b"), covered(1, "x", "y"), covered(2, "x", "x")], {1}),
        ([covered(1, "a", "b"), covered(2, "a", "b"), covered(2, "x", "y"), covered(3, "x", "x")], {1, 2}),
    ],
)
def test_whom_a_measure_finds_by_the_roof_goes_together_or_not_at_all(homes, waiting) -> None:
    assert held_together(homes) == waiting


def test_a_held_record_waits() -> None:
    assert state(living(1), living(2, relationship="子", processing_hold=True)).state is AreaItemState.HELD


def test_whoever_came_after_the_day_in_force_lives_under_the_new_name_since_then() -> None:
    later = date(2026, 11, 25)
    family = (living(1), living(2, relationship="子", address_since=later))
    first = state(*family)
    assert (first.state, [one.addressee_number for one in first.homes]) == (AreaItemState.LISTED, [1])
    renamed = replace(family[0], current_address=first.homes[0].address)
    second = state(renamed, family[1])
    assert (second.state, [one.addressee_number for one in second.homes]) == (AreaItemState.DONE, [2])
    assert second.effective_on == later


def test_a_town_that_only_writes_a_character_otherwise_is_renamed_once() -> None:
    line = AreaLine(2, "澤町", "沢町")
    index = AreaIndex([line])
    old = living(1, replace(OLD, town="澤町"))
    (home,) = state(old, index=index).homes
    assert home.address.town == "沢町"
    assert state(replace(old, current_address=home.address), index=index).state is AreaItemState.GONE


BLOCKS = [f"{number}番地" for number in range(1, 6)]
_LINES = st.lists(st.sampled_from(BLOCKS), unique=True, max_size=5).map(
    lambda blocks: [
        AreaLine(place, "甲町", "甲町一丁目", block, new_block=f"{place}番1号")
        for place, block in enumerate(blocks, 2)
    ]
)
_HOMES = st.lists(
    st.tuples(
        st.sampled_from([replace(OLD, block=block) for block in BLOCKS] + [HERE]),
        st.dates(date(2020, 1, 1), date(2026, 12, 31)),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(lines=_LINES, homes=_HOMES)
def test_rounds_end_and_leave_nobody_at_a_place_that_a_line_names(
    lines: list[AreaLine], homes: list[tuple[Address, date, bool]]
) -> None:
    index = AreaIndex(lines)
    members = {
        number: living(number, home, relationship="世帯主" if number == 1 else "子", address_since=since)
        for number, (home, since, _) in enumerate(homes, 1)
    }
    rounds = 0
    while True:
        judged = judge_household(tuple(members.values()), index, DAY)
        if judged.homes:
            notice = AddressRenaming(
                judged.homes, DAY, date(2027, 1, 1), "告示", effective_on=judged.effective_on
            )
            entry = draft_address_renaming(notice, tuple(members.values()), date(2027, 1, 1), Desk(HOME))
            assert not isinstance(entry, Refusal)
            assert entry.legal_day == judged.effective_on
            members |= {one.addressee_number: one for one in entry.after}
        if judged.state is not AreaItemState.LISTED:
            break
        rounds += 1
        assert rounds <= len(homes)
    for one in members.values():
        assert one.update_sequence <= 2, "nobody is renamed twice"
        assert index.line_for(one.current_address, 1) is None
    unnamed = any(index.covers(one.current_address) for one in members.values())
    assert (judged.state is AreaItemState.UNNAMED) == unnamed
