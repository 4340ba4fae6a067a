"""What a verified change tells an office, and what it does not: nobody's whereabouts beyond duty and agreement."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.hall.test_offices import ALL, DAY, duty
from tests.rules.register.conftest import HERE, THERE, record

from daicho.rules.hall.feed import (
    Audience,
    FeedKind,
    feed_changes,
    person_for,
    protection_changes,
)
from daicho.rules.hall.offices import WHERE_ITEMS, HallItem, HallOffice, items_for
from daicho.rules.people.codes import IndividualNumber, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.protection.veil import WITHHELD, veiled
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import Removal, ResidentKind, ScheduledMoveOut

NUMBER = IndividualNumber(with_check_digit("12345678901"))


def audience(office=HallOffice.NHI, *, with_number=False, **items) -> Audience:
    found = duty(office)
    return Audience(found, items_for(found, DAY, ALL, with_number=with_number), DAY, **items)


def entry(kind, before, after, reason=ChangeReason.NOT_REPORTED, subjects=None) -> Entry:
    about = tuple(one.addressee_number for one in after) if subjects is None else subjects
    return Entry(kind, reason, DAY, DAY, tuple(before), tuple(after), about)


MOVED = (record(1), replace(record(1), current_address=THERE, address_since=DAY))


def test_a_newcomer_is_entered_with_the_items_of_the_duty_and_no_others() -> None:
    (told,) = feed_changes(entry(ChangeKind.MOVE_IN, (), (record(1),), ChangeReason.MOVE_IN), audience())
    assert (told.kind, told.reason, told.person.addressee_number) == (
        FeedKind.ENTERED,
        ChangeReason.MOVE_IN,
        1,
    )
    assert told.person.items.keys() == duty(HallOffice.NHI).items - {HallItem.INDIVIDUAL_NUMBER}
    assert told.person.items[HallItem.ADDRESS] == HERE.one_line()
    assert not told.person.protected


def test_a_change_of_what_an_office_is_not_told_tells_nothing() -> None:
    moved_domicile = (record(1), replace(record(1), registered_domicile="本籍地"))
    assert (
        feed_changes(entry(ChangeKind.NAME_CHANGE, moved_domicile[:1], moved_domicile[1:]), audience()) == ()
    )


def test_whoever_changes_only_in_the_household_is_told_without_a_reason() -> None:
    before = (record(1), record(2, relationship="子"))
    after = (
        replace(before[0], removal=Removal(ChangeReason.DEATH, DAY, DAY)),
        replace(before[1], relationship="世帯主"),
    )
    told = feed_changes(entry(ChangeKind.DEATH, before, after, ChangeReason.DEATH, (1,)), audience())
    assert [(one.kind, one.reason) for one in told] == [
        (FeedKind.STRUCK, ChangeReason.DEATH), (FeedKind.CHANGED, ChangeReason.NOT_REPORTED),
    ]  # fmt: skip


def test_a_cancelled_removal_restores() -> None:
    gone = replace(record(1), removal=Removal(ChangeReason.STRUCK_OTHER, DAY, DAY))
    (told,) = feed_changes(entry(ChangeKind.CANCELLATION, (gone,), (record(1),)), audience())
    assert told.kind is FeedKind.RESTORED


def test_who_becomes_japanese_comes_into_the_reach_of_the_electoral_roll() -> None:
    foreign = record(1, resident_kind=ResidentKind.FOREIGN)
    roll = audience(HallOffice.ELECTION)
    assert feed_changes(entry(ChangeKind.MOVE_IN, (), (foreign,)), roll) == ()
    (came,) = feed_changes(entry(ChangeKind.CORRECTION, (foreign,), (record(1),)), roll)
    (went,) = feed_changes(entry(ChangeKind.CORRECTION, (record(1),), (foreign,)), roll)
    assert (came.kind, went.kind) == (FeedKind.ENTERED, FeedKind.STRUCK)


@pytest.mark.requirement("R-037")
def test_a_number_reaches_only_whoever_has_the_item() -> None:
    came = entry(ChangeKind.NUMBER_CHANGE, (record(1),), (record(1),), ChangeReason.NUMBER_ENTERED)
    (told,) = feed_changes(came, audience(with_number=True, numbers={1: NUMBER}))
    assert told.person.items[HallItem.INDIVIDUAL_NUMBER] == str(NUMBER)
    assert feed_changes(came, audience(numbers={1: NUMBER})) == ()
    assert feed_changes(came, audience(HallOffice.ELECTION, with_number=True, numbers={1: NUMBER})) == ()


def test_of_a_covered_person_no_office_is_told_where() -> None:
    for office in HallOffice:
        told = person_for(record(1), audience(office, covered={1}))
        assert told is not None
        assert told.protected
        assert told.items.keys().isdisjoint(WHERE_ITEMS)
        assert HERE.town not in "".join(told.items.values())


def test_duty_and_agreement_together_let_the_address_pass_with_the_flag() -> None:
    told = person_for(record(1), audience(covered={1}, opened=True))
    assert told is not None
    assert told.protected
    assert told.items[HallItem.ADDRESS] == HERE.one_line()
    pension = person_for(record(1), audience(HallOffice.PENSION, covered={1}, opened=True))
    assert pension is not None
    assert HallItem.ADDRESS in pension.withheld


def test_that_a_covered_person_moved_within_the_town_is_not_told() -> None:
    move = entry(ChangeKind.MOVE_WITHIN, MOVED[:1], MOVED[1:], ChangeReason.MOVE_WITHIN)
    assert len(feed_changes(move, audience())) == 1
    assert feed_changes(move, audience(covered={1})) == ()
    assert len(feed_changes(move, audience(covered={1}, opened=True))) == 1


def test_what_a_veil_left_out_is_withheld_and_not_told_as_an_address() -> None:
    told = person_for(veiled(record(1, previous_address="前の住所")), audience())
    assert told is not None
    assert {HallItem.ADDRESS, HallItem.PREVIOUS_ADDRESS, HallItem.HOUSEHOLDER} <= told.withheld
    assert WITHHELD not in "".join(told.items.values())


def test_the_roll_is_told_when_somebody_notified_that_they_moved_in() -> None:
    came = record(1, resident_since=date(2026, 8, 1), resident_since_notified_on=date(2026, 11, 20))
    late = Entry(ChangeKind.MOVE_IN, ChangeReason.MOVE_IN, date(2026, 8, 1), DAY, (), (came,), (1,))
    (told,) = feed_changes(late, audience(HallOffice.ELECTION))
    assert told.person.items[HallItem.RESIDENT_SINCE_NOTIFIED_ON] == "2026-11-20"  # 公職選挙法第21条第1項
    assert (told.change_date, told.notified_on, told.legal_day) == (date(2026, 8, 1), DAY, date(2026, 8, 1))


def test_a_correction_says_to_which_day_it_reaches_back() -> None:
    right = replace(record(1), name=PersonName("別名　一"))
    back = replace(entry(ChangeKind.CORRECTION, (record(1),), (right,)), effective_on=date(2020, 4, 1))
    (told,) = feed_changes(back, audience())
    assert (told.change_date, told.notified_on, told.legal_day) == (DAY, DAY, date(2020, 4, 1))


def test_a_covered_mover_of_a_family_is_betrayed_by_no_household_number() -> None:
    stays, goes = record(1), record(2, relationship="子")
    gone = replace(goes, household_number=17, relationship="子の子", current_address=THERE, address_since=DAY)
    move = entry(ChangeKind.MOVE_WITHIN, (goes, stays), (gone, stays), ChangeReason.MOVE_WITHIN, (2,))
    for office in HallOffice:
        assert feed_changes(move, audience(office, covered={2})) == ()
        told = person_for(gone, audience(office, covered={2}))
        assert told is not None
        assert "17" not in told.items.values()
    assert len(feed_changes(move, audience())) == 1


def test_that_a_covered_person_plans_to_move_out_is_not_told() -> None:
    plan = ScheduledMoveOut(date(2026, 12, 1), DAY, "よその町", None, abroad=False, by_card=False)
    leaves = replace(record(1), scheduled_move_out=plan)
    notice = entry(ChangeKind.MOVE_OUT_NOTICE, (record(1),), (leaves,))
    assert feed_changes(notice, audience(covered={1})) == ()
    assert len(feed_changes(notice, audience())) == 1


@pytest.mark.parametrize(
    ("office", "years", "needed"),
    [
        (HallOffice.CARE, 39, False), (HallOffice.CARE, 40, True), (HallOffice.LATE_ELDERLY, 64, False),
        (HallOffice.LATE_ELDERLY, 65, True), (HallOffice.PENSION, 19, False), (HallOffice.PENSION, 20, True),
        (HallOffice.NHI, 0, True),
    ],
)  # fmt: skip
def test_no_number_is_told_of_whom_the_work_does_not_need_it_yet(
    office: HallOffice, years: int, needed: bool
) -> None:
    one = record(1, birth_date=PartialDate(DAY.year - years, 5, 1))
    numbered = audience(office, with_number=True, numbers={1: NUMBER})
    told = person_for(one, numbered)
    assert told is not None
    assert (told.items.get(HallItem.INDIVIDUAL_NUMBER) == str(NUMBER)) is needed
    assert HallItem.INDIVIDUAL_NUMBER not in told.withheld
    came = entry(ChangeKind.NUMBER_CHANGE, (one,), (one,), ChangeReason.NUMBER_ENTERED)
    assert len(feed_changes(came, numbered)) == needed


def test_where_the_address_is_withheld_the_postal_code_is() -> None:
    somewhere = replace(HERE, town=WITHHELD, block="", building="", postal_code="")
    told = person_for(record(1, current_address=somewhere), audience())
    assert told is not None
    assert {HallItem.ADDRESS, HallItem.POSTAL_CODE} <= told.withheld


def test_the_beginning_of_a_measure_is_told_with_the_flag() -> None:
    (told,) = protection_changes((record(1),), DAY, audience(covered={1}))
    assert (told.kind, told.person.protected) == (FeedKind.PROTECTION, True)
    (over,) = protection_changes((record(1),), DAY, audience())
    assert (over.kind, over.person.protected) == (FeedKind.PROTECTION, False)


@given(
    st.sampled_from(HallOffice),
    st.booleans(),
    st.sampled_from(["丸の内一丁目", "架空町二丁目"]),
    st.booleans(),
)
def test_no_text_that_tells_where_stands_in_what_is_told_of_the_covered(office, opened, town, struck) -> None:
    home = replace(HERE, town=town, block="77番7号")
    gone = Removal(ChangeReason.MOVE_OUT, date(2026, 11, 1), DAY) if struck else None
    one = record(
        1, current_address=home, removal=gone, move_out_to_address="秘密県秘密市", previous_address="旧県旧市"
    )
    told = person_for(one, audience(office, covered={1}, opened=opened))
    assert told is not None
    if not (opened and duty(office).needs_address):
        text = "".join(told.items.values())
        assert not any(part in text for part in (town, "77番7号", "秘密", "旧県"))


def test_an_own_character_is_told_as_it_is_written() -> None:
    told = person_for(record(1, name=PersonName("試験\ue001　一")), audience())
    assert told is not None
    assert told.items[HallItem.NAME] == "試験\ue001　一"
