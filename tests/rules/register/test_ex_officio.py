"""Births, deaths, names, households, corrections, cancellations, codes and numbers."""

from dataclasses import replace
from datetime import date

import pytest

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.changes import Desk
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.drafting import concerns, draft, needed
from daicho.rules.register.ex_officio import ExOfficioEntry, ExOfficioStrike
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholderChange, HouseholdMove
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.numbering import CodeChange, NumberNotice
from daicho.rules.register.reasons import ChangeReason, Ground
from daicho.rules.register.record import ForeignItems, HouseholdRelation, ResidentKind

HOME = MunicipalityCode("13101")
HERE = Address(HOME, "架空町一丁目", "2番3号", "", "1000001", "")
THERE = Address(HOME, "想像町二丁目", "4番5号", "仮想荘101", "1000002", "")
DAY = date(2026, 11, 20)


def reason(answer):
    assert isinstance(answer, Refusal), answer
    return answer.reason


@pytest.mark.requirement("R-003")
def test_a_birth_is_entered_ex_officio_with_a_new_code_and_no_deadline(family, comer):
    child = comer(8, "子", birth_date=PartialDate(2026, 10, 1))
    entry = family.file(BirthEntry(child, 1, date(2026, 10, 1), DAY))
    (born,) = entry.after
    assert (entry.reason, entry.ground, entry.late) == (ChangeReason.BIRTH, Ground.EX_OFFICIO, False)
    assert born.resident_record_code is not None
    assert born.record_code_used_from == DAY
    assert born.current_address == HERE
    assert born.householder_name == "試験　1号"


def test_a_birth_into_no_household_or_on_another_day_is_refused(family, comer):
    child = comer(8, "子", birth_date=PartialDate(2026, 10, 1))
    assert reason(family.draft(BirthEntry(child, 9, date(2026, 10, 1), DAY))) is Reason.HOUSEHOLD_UNKNOWN
    assert reason(family.draft(BirthEntry(child, 1, date(2026, 10, 2), DAY))) is Reason.DATE_ORDER
    head = replace(child, relationship="世帯主")
    assert reason(family.draft(BirthEntry(head, 1, date(2026, 10, 1), DAY))) is Reason.HOUSEHOLDER_TWICE


def test_numbers_that_were_not_drawn_are_refused_not_invented(family, comer):
    child = comer(8, "子", birth_date=PartialDate(2026, 10, 1))
    birth = BirthEntry(child, 1, date(2026, 10, 1), DAY)
    empty = Desk(HOME)
    assert reason(draft(birth, family.current(), DAY, empty)) is Reason.NUMBER_NOT_DRAWN
    assert reason(draft(CodeChange(1, DAY, True), family.current(), DAY, empty)) is Reason.CODE_MISSING


@pytest.mark.requirement("R-003")
def test_a_death_strikes_and_the_next_householder_must_be_told(family):
    assert reason(family.draft(DeathEntry(1, DAY, DAY))) is Reason.HOUSEHOLDER_MISSING
    told = DeathEntry(1, DAY, DAY, successor=2, relations=(HouseholdRelation(3, "子"),))
    entry = family.file(told)
    assert entry.reason is ChangeReason.DEATH
    assert family.records[1].removal.reason is ChangeReason.DEATH
    assert family.records[2].is_householder
    assert reason(family.draft(DeathEntry(1, DAY, DAY))) is Reason.ALREADY_REMOVED


def test_order_art25_the_last_member_becomes_householder_when_the_other_dies(town, make):
    town.settle(make(1), make(2, relationship="夫"))
    entry = town.file(DeathEntry(1, DAY, DAY))
    assert town.records[2].is_householder
    assert entry.reason_for(2) is ChangeReason.NOT_REPORTED


def test_a_death_in_the_future_or_before_birth_is_refused(family):
    assert reason(family.draft(DeathEntry(3, date(2026, 11, 21), DAY))) is Reason.DATE_IN_FUTURE
    assert reason(family.draft(DeathEntry(3, date(2015, 5, 4), DAY))) is Reason.DATE_ORDER


def test_a_disappearance_is_an_ex_officio_strike_and_not_a_death(family):
    strike = ExOfficioStrike((2,), ChangeReason.STRUCK_OTHER, DAY, DAY, "失踪宣告")
    assert family.file(strike).reason is ChangeReason.STRUCK_OTHER
    wrong = ExOfficioStrike((3,), ChangeReason.DEATH, DAY, DAY, "")
    assert reason(family.draft(wrong)) is Reason.FIELD_UNKNOWN_VALUE


def test_naturalisation_enters_ex_officio(town, comer):
    notice = ExOfficioEntry((comer(1),), HERE, ChangeReason.ENTERED_NATURALISED, DAY, DAY, "帰化")
    entry = town.file(notice)
    assert (entry.reason, entry.ground) == (ChangeReason.ENTERED_NATURALISED, Ground.EX_OFFICIO)
    wrong = replace(notice, reason=ChangeReason.MOVE_IN)
    assert reason(town.draft(wrong)) is Reason.FIELD_UNKNOWN_VALUE


def test_a_householders_new_name_reaches_the_whole_household(family):
    name = PersonName("改姓　1号", "カイセイ　イチ", True)
    entry = family.file(NameChangeEntry(1, name, NameCause.MARRIAGE, DAY, DAY))
    assert (entry.reason, entry.ground) == (ChangeReason.AMENDED_EX_OFFICIO, Ground.EX_OFFICIO)
    assert not entry.late
    assert {one.householder_name for one in family.records.values()} == {"改姓　1号"}
    assert entry.subjects == (1,)
    assert entry.reason_for(2) is ChangeReason.NOT_REPORTED
    assert (
        reason(family.draft(NameChangeEntry(1, name, NameCause.MARRIAGE, DAY, DAY))) is Reason.NOTHING_CHANGES
    )


def test_an_alias_is_for_foreigners_and_its_history_is_kept(town, make):
    plain = make(1)
    items = ForeignItems(DAY, "ブラジル", "中長期在留者")
    town.settle(plain, make(2, household=2, resident_kind=ResidentKind.FOREIGN, foreign=items))
    aliased = replace(plain.name, alias="通称　太郎")
    notice = NameChangeEntry(1, aliased, NameCause.ALIAS, DAY, DAY)
    assert reason(town.draft(notice)) is Reason.ALIAS_ONLY_FOREIGN
    entry = town.file(
        replace(notice, addressee_number=2, name=replace(town.records[2].name, alias="通称　太郎"))
    )
    assert entry.ground is Ground.NOTICE
    assert entry.after[0].foreign.alias_history == ("2026-11-20 ENTERED 通称　太郎",)
    former = replace(town.records[2].name, former_surname=FormerSurname("旧姓", "キュウセイ"))
    notice = NameChangeEntry(2, former, NameCause.FORMER_SURNAME, DAY, DAY)
    assert reason(town.draft(notice)) is Reason.FORMER_SURNAME_ONLY_JAPANESE


def test_art25_a_split_makes_a_second_household_at_one_address(family):
    notice = HouseholdChangeNotice(HouseholdMove.SPLIT, (3,), date(2026, 11, 1), DAY)
    entry = family.file(notice)
    assert (entry.reason, entry.late) == (ChangeReason.NOT_REPORTED, True)
    assert family.records[3].is_householder
    assert family.records[3].household_number != 1
    assert family.records[3].current_address == HERE


def test_art25_a_merge_needs_the_whole_household_and_one_address(family, make):
    family.settle(make(4, household=2), make(5, household=2, relationship="妻"))
    part = HouseholdChangeNotice(
        HouseholdMove.MERGE, (5,), DAY, DAY, 1, mover_relations=(HouseholdRelation(5, "父の妻"),)
    )
    assert reason(family.draft(part)) is Reason.FIELD_UNKNOWN_VALUE
    whole = replace(
        part,
        addressee_numbers=(4, 5),
        mover_relations=(HouseholdRelation(4, "父"), HouseholdRelation(5, "父の妻")),
    )
    family.file(whole)
    assert {one.household_number for one in family.records.values()} == {1}
    family.settle(make(6, household=3, current_address=THERE))
    away = HouseholdChangeNotice(
        HouseholdMove.MERGE, (6,), DAY, DAY, 1, mover_relations=(HouseholdRelation(6, "母"),)
    )
    assert reason(family.draft(away)) is Reason.ADDRESS_DIFFERS


def test_a_split_of_everybody_and_a_join_without_a_goal_change_nothing(family):
    everybody = HouseholdChangeNotice(HouseholdMove.SPLIT, (1, 2, 3), DAY, DAY)
    assert reason(family.draft(everybody)) is Reason.NOTHING_CHANGES
    nowhere = HouseholdChangeNotice(HouseholdMove.JOIN, (3,), DAY, DAY)
    assert reason(family.draft(nowhere)) is Reason.FIELD_MISSING
    itself = HouseholdChangeNotice(
        HouseholdMove.JOIN, (3,), DAY, DAY, 1, mover_relations=(HouseholdRelation(3, "子"),)
    )
    assert reason(family.draft(itself)) is Reason.NOTHING_CHANGES


def test_a_new_householder_must_tell_how_everybody_is_related(family):
    bare = HouseholderChange(1, 2, (), DAY, DAY)
    assert reason(family.draft(bare)) is Reason.RELATIONSHIP_MISSING
    told = replace(bare, relations=(HouseholdRelation(1, "妻"), HouseholdRelation(3, "子")))
    entry = family.file(told)
    assert family.records[2].is_householder
    assert {one.householder_name for one in family.records.values()} == {"試験　2号"}
    assert entry.reason is ChangeReason.NOT_REPORTED
    assert reason(family.draft(replace(bare, successor=9))) is Reason.HOUSEHOLDER_MISSING


@pytest.mark.requirement("R-277")
def test_a_correction_needs_the_security_officers_permission_and_keeps_before_and_after(family):
    wrong = Correction(3, DAY, "", "生年月日の誤記", birth_date=PartialDate(2015, 5, 6))
    assert reason(family.draft(wrong)) is Reason.PERMIT_MISSING
    entry = family.file(replace(wrong, permit_id="permit-1", wrong_since=date(2020, 1, 1)))
    assert entry.permission == "permit-1"
    assert entry.before[0].birth_date == PartialDate(2015, 5, 5)
    assert entry.after[0].birth_date == PartialDate(2015, 5, 6)
    assert entry.reason is ChangeReason.AMENDED_EX_OFFICIO
    assert entry.legal_day == date(2020, 1, 1)


def test_a_correction_of_a_lot_number_is_minor_and_of_the_domicile_is_not_told(family):
    lot = Correction(3, DAY, "p", "地番の変更", minor=True, current_address=replace(HERE, block="2番4号"))
    assert family.draft(lot).reason is ChangeReason.MINOR_CORRECTION
    domicile = Correction(3, DAY, "p", "本籍の誤記", registered_domicile="架空県架空市1番地")
    assert family.draft(domicile).reason is ChangeReason.NOT_REPORTED
    nothing = Correction(3, DAY, "p", "なし")
    assert reason(family.draft(nothing)) is Reason.NOTHING_CHANGES
    headless = Correction(1, DAY, "p", "続柄の誤記", relationship="妻")
    assert reason(family.draft(headless)) is Reason.HOUSEHOLDER_MISSING


def test_a_cancelled_moving_in_strikes_the_new_record_and_erases_nothing(town, comer):
    town.file(MoveInNotice((comer(1),), HERE, date(2026, 11, 10), DAY, "函館市", None))
    entry = town.file(Cancellation("e1", DAY, "届出の錯誤"))
    assert entry.reason is ChangeReason.STRUCK_OTHER
    assert entry.cancels == "e1"
    assert not next(iter(town.records.values())).living
    assert entry.legal_day == date(2026, 11, 10)


def test_a_cancelled_death_restores_the_person_and_the_householder(town, make):
    town.settle(make(1), make(2, relationship="夫"))
    town.file(DeathEntry(1, DAY, DAY))
    entry = town.file(Cancellation("e1", DAY, "人違い"))
    assert entry.reason is ChangeReason.ENTERED_OTHER
    assert town.records[1].living
    assert town.records[1].is_householder
    assert town.records[2].relationship == "夫"
    assert town.records[1].update_sequence == 3


def test_a_cancelled_scheduled_moving_out_is_not_told_upward(family):
    family.file(MoveOutNotice((2,), date(2026, 11, 30), DAY, "函館市", None))
    entry = family.file(Cancellation("e1", DAY, "転出取消"))
    assert entry.reason is ChangeReason.NOT_REPORTED
    assert family.records[2].scheduled_move_out is None


def test_only_the_last_change_of_a_record_can_be_cancelled(family):
    family.file(MoveOutNotice((2,), date(2026, 11, 30), DAY, "函館市", None))
    family.file(NameChangeEntry(2, PersonName("改姓　2号"), NameCause.NAME_CHANGED, DAY, DAY))
    assert reason(family.draft(Cancellation("e1", DAY, "転出取消"))) is Reason.CHANGED_SINCE
    assert reason(family.draft(Cancellation("e9", DAY, ""))) is Reason.NOT_FOUND


@pytest.mark.requirement("R-010")
def test_art30_4_a_new_code_keeps_the_old_one_beside_it(family, make):
    entry = family.file(CodeChange(1, DAY, True))
    (after,) = entry.after
    assert entry.reason is ChangeReason.CODE_CHANGED_ON_REQUEST
    assert after.old_resident_record_code == make(1).resident_record_code
    assert after.resident_record_code != make(1).resident_record_code
    assert after.record_code_used_from == DAY
    assert family.draft(CodeChange(2, DAY, False)).reason is ChangeReason.CODE_CHANGED_EX_OFFICIO
    undone = family.file(Cancellation("e1", DAY, ""))
    assert undone.reason is ChangeReason.CODE_CHANGED_EX_OFFICIO


def test_a_number_arrives_as_one_more_update_and_is_no_part_of_the_record(family, make):
    code = make(2).resident_record_code
    entry = family.file(NumberNotice(code, ChangeReason.NUMBER_ENTERED, DAY))
    assert entry.after[0].update_sequence == 2
    assert entry.reason is ChangeReason.NUMBER_ENTERED
    unknown = NumberNotice(make(77).resident_record_code, ChangeReason.NUMBER_ENTERED, DAY)
    assert reason(family.draft(unknown)) is Reason.NOT_FOUND
    wrong = NumberNotice(code, ChangeReason.BIRTH, DAY)
    assert reason(family.draft(wrong)) is Reason.FIELD_UNKNOWN_VALUE


def test_concerns_name_everybody_whose_record_must_be_read(family, comer, make):
    code = make(3).resident_record_code
    notice = MoveInNotice(
        (comer(1, resident_record_code=code),), HERE, DAY, DAY, "函館市", None, household_number=1
    )
    assert concerns(notice).codes == (code,)
    assert concerns(notice).household_numbers == (1,)
    assert needed(notice, family.current()).codes == 0
    assert needed(notice, ()).addressee_numbers == 1
    assert needed(notice, ()).codes == 0
    assert concerns(DeathEntry(1, DAY, DAY)).addressee_numbers == (1,)
    death = family.file(DeathEntry(2, DAY, DAY))
    assert concerns(Cancellation("e1", DAY, ""), death).addressee_numbers == (2,)


def test_a_held_record_moves_nowhere_until_a_correction_lifts_the_hold(family):
    family.file(Correction(2, DAY, "p1", "処理停止", processing_hold=True))
    away = MoveOutNotice((2,), DAY, DAY, "函館市", None)
    assert reason(family.draft(away)) is Reason.PROCESSING_HELD
    assert reason(family.draft(DeathEntry(2, DAY, DAY))) is Reason.PROCESSING_HELD
    assert family.draft(MoveOutNotice((3,), DAY, DAY, "函館市", None)).subjects == (3,)
    family.file(Correction(2, DAY, "p2", "処理停止の解除", processing_hold=False))
    assert family.draft(away).reason is ChangeReason.MOVE_OUT
