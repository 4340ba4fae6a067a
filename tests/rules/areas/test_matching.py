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
    judge_household,
    renamed_address,
    renamed_domicile,
)
from daicho.rules.areas.table import AreaLine
from daicho.rules.law.refusal import Refusal
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
