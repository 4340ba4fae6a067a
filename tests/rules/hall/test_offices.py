"""Which office may have what: only what its act needs, the number only where act and ordinance both let it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import record

from daicho.rules.hall.access import (
    LONGEST_VALIDITY,
    HallClient,
    HallScope,
    check_client,
    check_scope,
    needs_scope,
    scopes_of_token,
)
from daicho.rules.hall.offices import (
    OFFICE_DUTIES,
    HallItem,
    HallOffice,
    NumberOrdinance,
    OfficeDuty,
    duty_of,
    items_for,
    may_have_number,
    number_basis,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.record import ResidentKind

DAY = date(2026, 11, 20)
ALL = NumberOrdinance(frozenset(HallOffice))
NONE = NumberOrdinance()


def duty(office: HallOffice, on: date = DAY) -> OfficeDuty:
    found = duty_of(office, on)
    assert isinstance(found, OfficeDuty)
    return found


def client(office: HallOffice = HallOffice.NHI, *scopes: HallScope, **items) -> HallClient:
    return HallClient(
        "c1",
        office,
        "国保システム",
        DAY,
        **({"valid_until": date(2027, 3, 31)} | items),
        scopes=frozenset(scopes),
    )


def test_every_office_has_a_duty_today_and_no_two_on_one_day() -> None:
    for office in HallOffice:
        assert [one.office for one in OFFICE_DUTIES if one.office is office and one.in_force(DAY)] == [office]


def test_an_office_has_nothing_before_its_act_is_in_force() -> None:
    refusal = duty_of(HallOffice.LATE_ELDERLY, date(2008, 3, 31))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.BASIS_NOT_IN_FORCE
    assert duty(HallOffice.LATE_ELDERLY, date(2008, 4, 1)).office is HallOffice.LATE_ELDERLY


def test_no_office_is_told_the_domicile_or_what_no_act_names() -> None:
    told = frozenset[HallItem]().union(*(one.items for one in OFFICE_DUTIES))
    assert HallItem.REGISTERED_DOMICILE not in told
    assert HallItem.NATIONALITY not in told


@pytest.mark.requirement("R-037")
@pytest.mark.parametrize("office", [HallOffice.ELECTION, HallOffice.SCHOOL])
def test_work_that_uses_no_number_is_told_none_whatever_it_asks(office: HallOffice) -> None:
    assert number_basis(office, DAY, ALL) is None
    assert HallItem.INDIVIDUAL_NUMBER not in items_for(duty(office), DAY, ALL, with_number=True)
    refusal = check_scope(client(office), HallScope.NUMBERS, DAY, ALL)
    assert refusal is not None
    assert refusal.reason is Reason.INDIVIDUAL_NUMBER_NOT_USED


@pytest.mark.requirement("R-031", "R-037")
def test_without_an_ordinance_no_office_is_told_a_number() -> None:
    for one in OFFICE_DUTIES:
        assert HallItem.INDIVIDUAL_NUMBER not in items_for(one, DAY, NONE, with_number=True)
        assert may_have_number(one.office, DAY, NONE) is not None


@pytest.mark.requirement("R-037")
def test_the_number_is_told_only_when_it_is_asked_for() -> None:
    nhi = duty(HallOffice.NHI)
    assert HallItem.INDIVIDUAL_NUMBER not in items_for(nhi, DAY, ALL)
    assert HallItem.INDIVIDUAL_NUMBER in items_for(nhi, DAY, ALL, with_number=True)


@pytest.mark.requirement("R-031")
def test_the_basis_of_a_number_is_that_of_the_day() -> None:
    assert number_basis(HallOffice.NHI, date(2015, 12, 31), ALL) is None
    before = number_basis(HallOffice.NHI, date(2024, 5, 26), ALL)
    since = number_basis(HallOffice.NHI, date(2024, 5, 27), ALL)
    assert "別表第一（国民健康保険法）" in str(before)
    assert "別表（国民健康保険法）" in str(since)


def test_an_own_affair_of_the_ordinance_opens_the_number_to_no_office_without_the_item() -> None:
    ordinance = NumberOrdinance(frozenset(HallOffice), frozenset({HallOffice.SCHOOL}))
    assert str(number_basis(HallOffice.SCHOOL, DAY, ordinance)) == "番号法第9条第2項"
    assert HallItem.INDIVIDUAL_NUMBER not in items_for(
        duty(HallOffice.SCHOOL), DAY, ordinance, with_number=True
    )


def test_the_electoral_roll_has_nothing_to_do_with_a_foreign_resident() -> None:
    assert duty(HallOffice.ELECTION).reaches(record(1))
    assert not duty(HallOffice.ELECTION).reaches(record(1, resident_kind=ResidentKind.FOREIGN))
    assert duty(HallOffice.NHI).reaches(record(1, resident_kind=ResidentKind.FOREIGN))


@given(st.sampled_from(HallOffice), st.dates(date(1960, 1, 1), date(2050, 1, 1)), st.booleans())
def test_what_an_office_is_told_never_exceeds_its_duty(office: HallOffice, on: date, asked: bool) -> None:
    found = duty_of(office, on)
    if isinstance(found, OfficeDuty):
        told = items_for(found, on, ALL, with_number=asked)
        assert told <= found.items
        assert HallItem.INDIVIDUAL_NUMBER not in told or asked


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ({"title": " "}, Reason.FIELD_MISSING),
        ({"title": "長" * 61}, Reason.FIELD_TOO_LONG),
        ({"valid_until": DAY}, Reason.DATE_ORDER),
        ({"valid_until": DAY + LONGEST_VALIDITY.__class__(days=3 * 366 + 1)}, Reason.TOO_LATE),
        ({"opened_on": date(2007, 1, 1), "valid_until": date(2008, 1, 1)}, Reason.BASIS_NOT_IN_FORCE),
    ],
)
def test_a_client_needs_a_name_a_basis_and_an_end(items, reason) -> None:
    made = {"title": "後期システム", "opened_on": DAY, "valid_until": date(2027, 3, 31)} | items
    refusal = check_client(HallClient("c1", HallOffice.LATE_ELDERLY, **made))
    assert refusal is not None
    assert refusal.reason is reason


def test_a_client_with_name_basis_and_end_may_be_opened() -> None:
    assert check_client(client()) is None


def test_protected_addresses_are_granted_only_to_a_duty_that_goes_there() -> None:
    assert check_scope(client(HallOffice.NHI), HallScope.PROTECTED_ADDRESSES, DAY, NONE) is None
    refusal = check_scope(client(HallOffice.PENSION), HallScope.PROTECTED_ADDRESSES, DAY, NONE)
    assert refusal is not None
    assert refusal.reason is Reason.ITEM_FORBIDDEN


def test_a_scope_is_not_granted_twice_nor_to_a_closed_client() -> None:
    twice = check_scope(client(HallOffice.NHI, HallScope.CHANGES), HallScope.CHANGES, DAY, NONE)
    shut = check_scope(client(closed=True), HallScope.CHANGES, DAY, NONE)
    over = check_scope(client(), HallScope.CHANGES, date(2027, 4, 1), NONE)
    assert twice is not None
    assert twice.reason is Reason.NOTHING_CHANGES
    assert [one.reason for one in (shut, over) if one is not None] == [Reason.CLIENT_CLOSED] * 2


def test_a_token_is_for_what_was_asked_and_for_nothing_that_was_not_granted() -> None:
    held = client(HallOffice.NHI, HallScope.CHANGES, HallScope.RESIDENTS)
    assert scopes_of_token(held, (), DAY, NONE) == {HallScope.CHANGES, HallScope.RESIDENTS}
    assert scopes_of_token(held, (HallScope.CHANGES.value,), DAY, NONE) == {HallScope.CHANGES}
    for asked in ((HallScope.NUMBERS.value,), ("juki:everything:write",)):
        refused = scopes_of_token(held, asked, DAY, NONE)
        assert isinstance(refused, Refusal)
        assert refused.reason is Reason.SCOPE_NOT_GRANTED


def test_a_client_without_scopes_is_given_no_token() -> None:
    refused = scopes_of_token(client(), (), DAY, NONE)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.SCOPE_NOT_GRANTED


@pytest.mark.requirement("R-037")
def test_a_scope_for_numbers_falls_away_with_the_ordinance() -> None:
    held = client(HallOffice.NHI, HallScope.CHANGES, HallScope.NUMBERS)
    assert scopes_of_token(held, (), DAY, ALL) == {HallScope.CHANGES, HallScope.NUMBERS}
    assert scopes_of_token(held, (), DAY, NONE) == {HallScope.CHANGES}


def test_a_call_needs_its_scope() -> None:
    assert needs_scope({HallScope.CHANGES}, HallScope.CHANGES) is None
    refusal = needs_scope({HallScope.CHANGES}, HallScope.RESIDENTS)
    assert refusal is not None
    assert refusal.reason is Reason.SCOPE_NOT_GRANTED
