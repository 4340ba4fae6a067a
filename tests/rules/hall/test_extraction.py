"""EUC: who is meant, when a second person must agree first, and what a file may hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import HERE, record

from daicho.nodes.watch.characters import character_tables
from daicho.rules.hall.extraction import (
    APPROVED_ITEMS,
    EXTRACTED_ITEMS,
    READY_FOR,
    ExtractionConditions,
    ExtractionOrder,
    birth_years,
    check_order,
    extracted,
    grew,
    lapsed,
    needs_approval,
    selects,
    tells_place,
)
from daicho.rules.hall.offices import WHERE_ITEMS, HallItem
from daicho.rules.hall.plain import in_jis_x_0208, plain_text
from daicho.rules.law.refusal import Reason
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal, ResidentKind

DAY = date(2026, 11, 20)
NAMES = frozenset({HallItem.NAME, HallItem.ADDRESS})


def order(
    items=NAMES, purpose="敬老行事の案内", basis="住民基本台帳法第1条", **conditions
) -> ExtractionOrder:
    return ExtractionOrder(ExtractionConditions(**({"as_of": DAY} | conditions)), items, purpose, basis)


@pytest.mark.requirement("R-279")
@pytest.mark.parametrize(
    ("made", "reason", "field"),
    [
        (order(purpose=" "), Reason.PURPOSE_MISSING, "purpose"),
        (order(basis=""), Reason.PURPOSE_MISSING, "basis"),
        (order(purpose="長" * 201), Reason.FIELD_TOO_LONG, "purpose"),
        (order(items=frozenset()), Reason.FIELD_MISSING, "items"),
        (order(items=frozenset({HallItem.INDIVIDUAL_NUMBER})), Reason.INDIVIDUAL_NUMBER_NOT_USED, "items"),
        (order(as_of=date(2026, 11, 21)), Reason.DATE_IN_FUTURE, "as_of"),
        (order(town="長" * 61), Reason.FIELD_TOO_LONG, "town"),
        (order(youngest=80, oldest=70), Reason.AGE_OUT_OF_RANGE, "oldest"),
        (order(youngest=-1), Reason.AGE_OUT_OF_RANGE, "oldest"),
        (order(resident_from=DAY, resident_until=date(2026, 1, 1)), Reason.DATE_ORDER, "resident_until"),
    ],
)
def test_an_order_says_beforehand_what_it_is_for_and_whom_it_means(made, reason, field) -> None:
    refusal = check_order(made, DAY)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (reason, field)


def test_a_plain_order_is_taken() -> None:
    assert check_order(order(youngest=75, oldest=75), DAY) is None


def test_no_extraction_holds_an_individual_number() -> None:
    assert HallItem.INDIVIDUAL_NUMBER not in EXTRACTED_ITEMS


@pytest.mark.requirement("R-267")
def test_a_hundred_and_one_people_or_one_closer_item_need_a_second_person() -> None:
    assert not needs_approval(NAMES, 100)
    assert needs_approval(NAMES, 101)
    for item in APPROVED_ITEMS:
        assert needs_approval({item}, 1)
    assert needs_approval(NAMES, 1, covered=True)


@pytest.mark.requirement("R-267")
def test_an_order_cut_into_slices_needs_a_second_person_all_the_same() -> None:
    assert not needs_approval(NAMES, 50, lately=50)
    assert needs_approval(NAMES, 50, lately=51)


def test_an_order_is_not_ready_for_ever() -> None:
    since = datetime(2026, 11, 20, tzinfo=UTC)
    assert not lapsed(since, since + READY_FOR)
    assert lapsed(since, since + READY_FOR + timedelta(seconds=1))


def test_an_extraction_that_grew_is_another_one() -> None:
    assert not grew(100, 120)
    assert grew(100, 121)
    assert not grew(0, 10)


def test_ages_are_those_with_which_the_day_begins() -> None:
    conditions = ExtractionConditions(DAY, youngest=75, oldest=75)
    for birth, meant in (
        ("1951-11-20", True),
        ("1951-11-21", False),
        ("1950-11-21", True),
        ("1950-11-20", False),
    ):
        assert selects(conditions, record(1, birth_date=PartialDate.parse(birth))) is meant


def test_whoever_may_have_the_age_is_meant_and_nobody_without_a_year() -> None:
    conditions = ExtractionConditions(DAY, youngest=75)
    assert selects(conditions, record(1, birth_date=PartialDate(1951, None, None)))
    assert not selects(conditions, record(1, birth_date=PartialDate(None, None, None)))
    assert selects(ExtractionConditions(DAY), record(1, birth_date=PartialDate(None, None, None)))


def test_everything_that_is_given_must_fit() -> None:
    one = record(1, sex=Sex.FEMALE)
    assert selects(ExtractionConditions(DAY, sex=Sex.FEMALE, householders_only=True), one)
    assert not selects(ExtractionConditions(DAY, sex=Sex.MALE), one)
    assert not selects(ExtractionConditions(DAY, resident_kind=ResidentKind.FOREIGN), one)
    assert not selects(ExtractionConditions(DAY, householders_only=True), record(2, relationship="子"))
    assert not selects(ExtractionConditions(DAY, resident_from=date(2011, 1, 1)), one)
    assert not selects(ExtractionConditions(DAY, resident_until=date(2010, 3, 31)), one)


def test_nobody_is_extracted_who_has_gone() -> None:
    gone = record(1, removal=Removal(ChangeReason.MOVE_OUT, DAY, DAY))
    assert not selects(ExtractionConditions(DAY), gone)


@given(st.integers(0, 120), st.integers(0, 30), st.dates(date(1900, 1, 1), DAY))
def test_the_years_of_birth_lose_nobody(youngest: int, more: int, birth: date) -> None:
    conditions = ExtractionConditions(DAY, youngest=youngest, oldest=youngest + more)
    years = birth_years(conditions)
    assert years is not None
    if selects(conditions, record(1, birth_date=PartialDate.of(birth))):
        assert years[0] <= birth.year <= years[1]


def test_only_a_town_tells_where_whoever_is_found_lives() -> None:
    assert tells_place(ExtractionConditions(DAY, town="丸の内"))
    assert not tells_place(ExtractionConditions(DAY, town=" "))


def test_a_file_never_says_where_a_covered_person_lives() -> None:
    row = extracted(record(1, registered_domicile="本籍地"), frozenset(EXTRACTED_ITEMS), covered=True)
    assert row.protected
    assert row.items.keys().isdisjoint(WHERE_ITEMS)
    open_row = extracted(record(1), NAMES, covered=False)
    assert open_row.items[HallItem.ADDRESS] == HERE.one_line()


@pytest.mark.parametrize(
    ("text", "shown", "replaced"),
    [
        ("渡辺　花子", "渡辺　花子", 0),
        ("東京－１～２", "東京－１～２", 0),
        ("髙橋", "高橋", 1),
        ("渡邉\U000e0102", "渡邉", 1),
        ("\ue001", "〓", 1),
        ("𠮷田", "吉田", 1),
    ],
)
def test_what_jis_x_0208_lacks_is_replaced_and_counted(text: str, shown: str, replaced: int) -> None:
    made = plain_text(text, character_tables())
    assert (made.text, made.replaced) == (shown, replaced)


@given(st.text(st.characters(min_codepoint=0x20, blacklist_categories=("Cs",)), max_size=20))
def test_nothing_is_left_that_jis_x_0208_lacks(text: str) -> None:
    made = plain_text(text, character_tables())
    assert all(map(in_jis_x_0208, made.text))
