"""Moving in, within and out: what the law makes of each, and what it refuses."""

from datetime import date

import pytest

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.changes import Entry
from daicho.rules.register.move_in import MoveInFromAbroad, MoveInNotice
from daicho.rules.register.move_out import MoveInReport, MoveOutDue, MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ForeignItems, HouseholdRelation, ResidentKind

HOME = MunicipalityCode("13101")
ELSEWHERE = MunicipalityCode("01202")
HERE = Address(HOME, "架空町一丁目", "2番3号", "", "1000001", "")
THERE = Address(HOME, "想像町二丁目", "4番5号", "仮想荘101", "1000002", "")
DAY = date(2026, 11, 20)


def moving_in(*people, moved_on=date(2026, 11, 10), notified_on=DAY, address=HERE, **more):
    return MoveInNotice(people, address, moved_on, notified_on, "北海道函館市架空町1番", ELSEWHERE, **more)


def reason(answer):
    assert isinstance(answer, Refusal), answer
    return answer.reason


@pytest.mark.requirement("R-002")
def test_art22_a_family_moves_in_with_one_reason_and_one_householder(town, comer):
    entry = town.file(moving_in(comer(1), comer(2, "妻"), comer(3, "子")))
    assert isinstance(entry, Entry)
    assert (entry.kind, entry.reason) == (ChangeKind.MOVE_IN, ChangeReason.MOVE_IN)
    assert entry.change_date == date(2026, 11, 10)
    assert not entry.late
    assert [one.householder_name for one in entry.after] == ["来訪　1号"] * 3
    assert len({one.household_number for one in entry.after}) == 1
    assert all(one.resident_record_code for one in entry.after)
    assert entry.after[0].previous_municipality == ELSEWHERE


def test_art30_3_who_brings_a_code_keeps_it_and_the_count_of_updates(town, comer, make):
    known = make(9).resident_record_code
    entry = town.file(moving_in(comer(1, resident_record_code=known, update_sequence=17)))
    assert entry.after[0].resident_record_code == known
    assert entry.after[0].update_sequence == 18


@pytest.mark.requirement("R-029")
def test_who_moves_in_again_keeps_addressee_number_code_and_count(family, comer, make):
    code = make(3).resident_record_code
    family.file(MoveOutNotice((3,), date(2026, 11, 1), date(2026, 11, 1), "函館市架空町9番", ELSEWHERE))
    gone = family.records[3]
    assert not gone.living
    entry = family.file(moving_in(comer(3, resident_record_code=code), address=THERE))
    back = entry.after[0]
    assert entry.before == (gone,)
    assert back.living
    assert (back.addressee_number, back.resident_record_code) == (3, code)
    assert back.update_sequence == gone.update_sequence + 1


def test_moving_in_of_a_living_resident_is_refused(family, comer, make):
    answer = family.draft(moving_in(comer(1, resident_record_code=make(2).resident_record_code)))
    assert reason(answer) is Reason.ALREADY_RESIDENT


def test_moving_in_to_another_town_or_before_the_day_is_refused(town, comer):
    away = Address(ELSEWHERE, "架空町", "1番", "", "", "")
    assert reason(town.draft(moving_in(comer(1), address=away))) is Reason.OTHER_MUNICIPALITY
    early = moving_in(comer(1), moved_on=date(2026, 11, 21), notified_on=date(2026, 11, 21))
    assert reason(town.draft(early)) is Reason.DATE_IN_FUTURE
    swapped = moving_in(comer(1), moved_on=DAY, notified_on=date(2026, 11, 19))
    assert reason(town.draft(swapped)) is Reason.DATE_ORDER
    unborn = comer(1, birth_date=PartialDate(2026, 11, 12))
    assert reason(town.draft(moving_in(unborn))) is Reason.DATE_ORDER


def test_a_household_needs_exactly_one_householder(town, comer):
    assert reason(town.draft(moving_in(comer(1, "妻")))) is Reason.HOUSEHOLDER_MISSING
    assert reason(town.draft(moving_in(comer(1), comer(2)))) is Reason.HOUSEHOLDER_TWICE
    assert reason(town.draft(moving_in(comer(1), comer(2, "長男")))) is Reason.RELATIONSHIP_UNKNOWN


def test_joining_a_household_at_another_address_is_refused(family, comer):
    notice = moving_in(comer(1, "子の妻"), address=THERE, household_number=1)
    assert reason(family.draft(notice)) is Reason.ADDRESS_DIFFERS
    assert reason(family.draft(moving_in(comer(1, "母"), household_number=77))) is Reason.HOUSEHOLD_UNKNOWN
    entry = family.draft(moving_in(comer(1, "子の妻"), household_number=1))
    assert entry.after[0].householder_name == "試験　1号"
    assert reason(family.draft(moving_in(comer(1), household_number=1))) is Reason.HOUSEHOLDER_TWICE


def test_art52_a_late_notice_is_accepted_and_flagged(town, comer):
    entry = town.file(moving_in(comer(1), moved_on=date(2026, 11, 2)))
    assert entry.late
    assert (entry.lateness.due_on, entry.lateness.days_late) == (date(2026, 11, 16), 4)
    assert str(entry.lateness.fine_article) == "住民基本台帳法第52条"


def test_local_autonomy_act_art4_2_a_last_day_that_is_closed_shifts(town, comer):
    closed = (date(2026, 11, 16), date(2026, 11, 17))
    moved = date(2026, 11, 2)
    on_time = moving_in(comer(1), moved_on=moved, notified_on=date(2026, 11, 18))
    assert not town.draft(on_time, closed=closed).late
    assert town.draft(on_time).late


def test_from_abroad_foreign_items_are_needed_and_a_japanese_may_not_have_them(town, comer):
    notice = MoveInFromAbroad((comer(1, resident_kind=ResidentKind.FOREIGN),), HERE, DAY, DAY, "ブラジル")
    assert reason(town.draft(notice)) is Reason.FOREIGN_ITEMS_MISSING
    items = ForeignItems(DAY, "ブラジル", "中長期在留者")
    japanese = MoveInFromAbroad((comer(1, foreign=items),), HERE, DAY, DAY, "ブラジル")
    assert reason(town.draft(japanese)) is Reason.FOREIGN_ITEMS_FORBIDDEN
    person = comer(1, resident_kind=ResidentKind.FOREIGN, foreign=items)
    entry = town.file(MoveInFromAbroad((person,), HERE, date(2026, 11, 1), DAY, "ブラジル"))
    assert entry.reason is ChangeReason.MOVE_IN_FROM_ABROAD
    assert str(entry.lateness.article) == "住民基本台帳法第30条の46"


def test_art23_the_whole_household_moves_and_keeps_its_number(family):
    entry = family.file(MoveWithinNotice((1, 2, 3), THERE, date(2026, 11, 15), DAY))
    assert entry.reason is ChangeReason.MOVE_WITHIN
    assert {one.household_number for one in entry.after} == {1}
    assert {one.current_address for one in entry.after} == {THERE}
    assert {one.previous_address for one in entry.after} == {HERE.one_line()}
    old = {one.addressee_number: one for one in entry.before}
    for one in entry.after:
        before = old[one.addressee_number]
        assert (one.name, one.birth_date, one.sex) == (before.name, before.birth_date, before.sex)
        assert one.update_sequence == before.update_sequence + 1


def test_who_moves_within_alone_heads_a_new_household(family):
    entry = family.file(MoveWithinNotice((2,), THERE, DAY, DAY))
    (mover,) = entry.after
    assert mover.is_householder
    assert mover.household_number != 1
    assert mover.householder_name == mover.name.kanji


def test_a_householder_who_moves_within_alone_leaves_a_successor(family):
    assert reason(family.draft(MoveWithinNotice((1,), THERE, DAY, DAY))) is Reason.HOUSEHOLDER_MISSING
    notice = MoveWithinNotice((1,), THERE, DAY, DAY, successor=2, relations=(HouseholdRelation(3, "子"),))
    entry = family.file(notice)
    assert entry.subjects == (1,)
    assert family.records[2].is_householder
    assert family.records[3].householder_name == "試験　2号"
    assert entry.reason_for(3) is ChangeReason.NOT_REPORTED


def test_moving_within_to_the_same_address_is_refused(family):
    assert reason(family.draft(MoveWithinNotice((1, 2, 3), HERE, DAY, DAY))) is Reason.ADDRESS_UNCHANGED


def test_art24_a_notice_in_advance_makes_a_scheduled_mover_who_still_lives_here(family):
    notice = MoveOutNotice((2,), date(2026, 11, 30), DAY, "函館市架空町9番", ELSEWHERE)
    entry = family.file(notice)
    assert entry.kind is ChangeKind.MOVE_OUT_NOTICE
    assert entry.reason is ChangeReason.NOT_REPORTED
    assert family.records[2].living
    assert family.records[2].scheduled_move_out.scheduled_on == date(2026, 11, 30)
    assert reason(family.draft(notice)) is Reason.SCHEDULED_ALREADY


def test_the_scheduled_day_strikes_the_mover_and_not_before(family):
    family.file(MoveOutNotice((2,), date(2026, 11, 30), DAY, "函館市架空町9番", ELSEWHERE))
    assert reason(family.draft(MoveOutDue((2,)), date(2026, 11, 29))) is Reason.DATE_IN_FUTURE
    entry = family.file(MoveOutDue((2,)), date(2026, 12, 1))
    assert entry.reason is ChangeReason.MOVE_OUT
    assert entry.change_date == date(2026, 11, 30)
    assert not family.records[2].living
    assert reason(family.draft(MoveOutDue((3,)))) is Reason.NOT_SCHEDULED


def test_art9_the_moving_in_day_strikes_when_it_comes_before_the_scheduled_day(family, make):
    family.file(MoveOutNotice((2,), date(2026, 11, 30), DAY, "函館市架空町9番", ELSEWHERE))
    report = MoveInReport(
        (make(2).resident_record_code,), date(2026, 11, 25), date(2026, 11, 26), ELSEWHERE, "函館市架空町8番"
    )
    entry = family.file(report, date(2026, 11, 26))
    assert (entry.reason, entry.ground) == (ChangeReason.MOVE_OUT, Ground.REPORT)
    assert entry.change_date == date(2026, 11, 25)
    gone = family.records[2]
    assert gone.removal.removed_on == date(2026, 11, 25)
    assert gone.move_out_to_address == "函館市架空町8番"
    assert reason(family.draft(report, date(2026, 11, 26))) is Reason.ALREADY_REMOVED


def test_art9_a_report_strikes_a_resident_who_gave_no_notice(family, make):
    report = MoveInReport(
        tuple(make(n).resident_record_code for n in (1, 2, 3)), date(2026, 11, 18), DAY, ELSEWHERE, "函館市"
    )
    entry = family.file(report)
    assert entry.reason is ChangeReason.MOVE_OUT
    assert not any(one.living for one in family.records.values())


def test_a_report_that_takes_the_householder_waits_for_a_successor(family, make):
    code = make(1).resident_record_code
    report = MoveInReport((code,), date(2026, 11, 18), DAY, ELSEWHERE, "函館市架空町8番")
    assert reason(family.draft(report)) is Reason.HOUSEHOLDER_MISSING


def test_a_moving_out_told_more_than_14_days_after_is_struck_ex_officio(family):
    late = MoveOutNotice((2,), date(2026, 11, 5), DAY, "函館市架空町9番", ELSEWHERE)
    entry = family.draft(late)
    assert entry.ground is Ground.EX_OFFICIO
    assert entry.late
    on_time = MoveOutNotice((2,), date(2026, 11, 6), DAY, "函館市架空町9番", ELSEWHERE)
    assert family.draft(on_time).ground is Ground.NOTICE


def test_art24_2_the_card_route_is_closed_after_14_days(family):
    late = MoveOutNotice((2,), date(2026, 11, 5), DAY, "函館市", ELSEWHERE, by_card=True)
    assert reason(family.draft(late)) is Reason.TOO_LATE


def test_moving_abroad_has_its_own_reason(family):
    entry = family.draft(MoveOutNotice((2,), DAY, DAY, "ブラジル", abroad=True))
    assert entry.reason is ChangeReason.MOVE_OUT_ABROAD


def test_order_art25_one_member_left_becomes_householder_without_notice(family):
    entry = family.file(MoveOutNotice((1, 3), DAY, DAY, "函館市", ELSEWHERE))
    left = family.records[2]
    assert left.is_householder
    assert left.householder_name == left.name.kanji
    assert entry.subjects == (1, 3)
    assert entry.reason_for(2) is ChangeReason.NOT_REPORTED


def test_moving_out_to_this_very_town_is_refused(family):
    assert reason(family.draft(MoveOutNotice((2,), DAY, DAY, "架空町", HOME))) is Reason.OTHER_MUNICIPALITY


def test_who_is_struck_cannot_move_again(family):
    family.file(MoveOutNotice((2,), DAY, DAY, "函館市", ELSEWHERE))
    assert reason(family.draft(MoveWithinNotice((2,), THERE, DAY, DAY))) is Reason.ALREADY_REMOVED
    assert reason(family.draft(MoveWithinNotice((99,), THERE, DAY, DAY))) is Reason.NOT_FOUND
    assert reason(family.draft(MoveWithinNotice((), THERE, DAY, DAY))) is Reason.FIELD_MISSING


@pytest.mark.requirement("R-024")
def test_a_struck_record_keeps_everything_that_stood_in_it(family):
    before = family.records[2]
    family.file(MoveOutNotice((2,), DAY, DAY, "函館市", ELSEWHERE))
    gone = family.records[2]
    assert (gone.name, gone.current_address, gone.relationship, gone.resident_record_code) == (
        before.name,
        before.current_address,
        before.relationship,
        before.resident_record_code,
    )
