"""法9条2項の通知: what a filing must say, what it may not, which change fits it, and whom it may mean."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.filings.answer import (
    BY_HAND,
    ReportAnswer,
    change_of,
    check_fit,
    comes_back,
    comes_near,
    is_named,
    may_be_meant,
    needs_a_second,
    says_whereabouts_of,
)
from daicho.rules.filings.report import (
    ID_CHARACTERS,
    NUMBER_CHARACTERS,
    PLACE_CHARACTERS,
    FilingKind,
    FilingReport,
    ReportedPerson,
    Route,
    cause_of,
    check_report,
    check_route,
)
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import MAX_NAME_CHARACTERS, PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.arrival import ArrivingPerson
from daicho.rules.register.changes import Allotment, Desk
from daicho.rules.register.drafting import draft
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground

DAY = date(2026, 11, 20)
HOME, AWAY = MunicipalityCode("13101"), MunicipalityCode("01202")
BORN = PartialDate(1990, 1, 2)
PERSON = ReportedPerson("試験　花子", BORN, "東京都千代田区架空町一丁目2番3号", "試験　一郎")
CHILD = PersonName("試験　葵", "シケン　アオイ")
WED = PersonName("改姓　花子", "カイセイ　ハナコ")
DEATH = FilingReport(FilingKind.DEATH, "第123号", DAY, DAY, PERSON)
BIRTH = replace(DEATH, kind=FilingKind.BIRTH, name=CHILD, sex=Sex.FEMALE)
MARRIAGE = replace(DEATH, kind=FilingKind.MARRIAGE, name=WED, registered_domicile="北海道函館市")
RESTORED = replace(DEATH, kind=FilingKind.SURNAME_RESTORED, name=WED)
MOVED = replace(DEATH, kind=FilingKind.FAMILY_REGISTER_MOVED, registered_domicile="北海道函館市")


def said(refusal):
    return (refusal.reason, refusal.field)


@pytest.mark.parametrize(
    "report",
    [
        DEATH, BIRTH, MARRIAGE, MOVED,
        replace(MARRIAGE, name=None), replace(MARRIAGE, registered_domicile="", family_register_head=""),
        replace(DEATH, kind=FilingKind.DISAPPEARANCE), replace(DEATH, kind=FilingKind.NATIONALITY_LOST),
        replace(BIRTH, registered_domicile="北海道函館市", family_register_head="試験　一郎"),
        replace(MARRIAGE, kind=FilingKind.FURIGANA), RESTORED, replace(MOVED, kind=FilingKind.FAMILY_REGISTER_SPLIT),
        replace(MARRIAGE, kind=FilingKind.FAMILY_REGISTER_ENTERED), replace(MARRIAGE, kind=FilingKind.ACKNOWLEDGED),
        replace(DEATH, remarks="字" * WORDS_CHARACTERS),
    ],
)  # fmt: skip
def test_a_report_that_says_what_its_kind_tells_goes_out(report):
    assert check_report(report, DAY) is None


@pytest.mark.parametrize(
    ("report", "reason", "field"),
    [
        (replace(DEATH, happened_on=DAY + timedelta(1)), Reason.DATE_IN_FUTURE, "change_date"),
        (replace(DEATH, accepted_on=DAY - timedelta(1)), Reason.DATE_ORDER, "notified_on"),
        (replace(DEATH, accepted_on=DAY + timedelta(1)), Reason.DATE_IN_FUTURE, "notified_on"),
        (replace(DEATH, filing_number=" "), Reason.FIELD_MISSING, "filing_number"),
        (replace(DEATH, filing_number="1" * (NUMBER_CHARACTERS + 1)), Reason.FIELD_TOO_LONG, "filing_number"),
        (replace(DEATH, person=replace(PERSON, name="　")), Reason.FIELD_MISSING, "person_name"),
        (replace(DEATH, person=replace(PERSON, address="")), Reason.FIELD_MISSING, "person_address"),
        (
            replace(DEATH, person=replace(PERSON, address="字" * (PLACE_CHARACTERS + 1))),
            Reason.FIELD_TOO_LONG,
            "person_address",
        ),
        (
            replace(DEATH, person=replace(PERSON, householder="字" * (MAX_NAME_CHARACTERS + 1))),
            Reason.FIELD_TOO_LONG,
            "householder",
        ),
        (replace(DEATH, remarks="字" * (WORDS_CHARACTERS + 1)), Reason.FIELD_TOO_LONG, "remarks"),
        (replace(DEATH, remarks="一\n二"), Reason.FIELD_CONTROL_CHARACTER, "remarks"),
        (
            replace(DEATH, person=replace(PERSON, address="\ufe00町")),
            Reason.FIELD_CONTROL_CHARACTER,
            "person_address",
        ),
        (replace(DEATH, name=WED), Reason.ITEM_FORBIDDEN, "name"),
        (replace(DEATH, registered_domicile="函館市"), Reason.ITEM_FORBIDDEN, "name"),
        (replace(DEATH, sex=Sex.MALE), Reason.ITEM_FORBIDDEN, "sex"),
        (replace(BIRTH, sex=None), Reason.FIELD_MISSING, "sex"),
        (replace(BIRTH, name=None), Reason.FIELD_MISSING, "name"),
        (replace(MARRIAGE, name=None, registered_domicile=""), Reason.FIELD_MISSING, "name"),
        (replace(MOVED, registered_domicile=""), Reason.FIELD_MISSING, "registered_domicile"),
        (replace(MARRIAGE, kind=FilingKind.NAME_CHANGED, name=None), Reason.FIELD_MISSING, "name"),
        (replace(MOVED, kind=FilingKind.SURNAME_RESTORED), Reason.FIELD_MISSING, "name"),
        (
            replace(RESTORED, kind=FilingKind.FAMILY_REGISTER_SPLIT),
            Reason.FIELD_MISSING,
            "registered_domicile",
        ),
        (
            replace(MARRIAGE, kind=FilingKind.ACKNOWLEDGED, name=None, registered_domicile=""),
            Reason.FIELD_MISSING,
            "name",
        ),
        (
            replace(MARRIAGE, kind=FilingKind.FURIGANA, name=PersonName("試験　花子")),
            Reason.FIELD_MISSING,
            "furigana",
        ),
    ],
)
def test_a_report_that_lacks_or_oversteps_is_refused_beside_its_field(report, reason, field):
    assert said(check_report(report, DAY)) == (reason, field)


@given(st.integers(10**10, 10**11 - 1))
def test_an_individual_number_travels_neither_in_the_remarks_nor_as_the_number_of_a_filing(stem):
    digits = next(
        one
        for one in (f"{stem}{check}" for check in range(10))
        if check_report(replace(DEATH, remarks=one), DAY) is not None
    )
    unused = Reason.INDIVIDUAL_NUMBER_NOT_USED
    assert said(check_report(replace(DEATH, remarks=f"番号 {digits}"), DAY)) == (unused, "remarks")
    assert said(check_report(replace(DEATH, filing_number=digits), DAY)) == (unused, "filing_number")


def test_the_own_town_is_told_nothing_for_it_records_its_residents_filings_itself():
    assert check_route(Route("a", HOME, AWAY), juki("9")) is None
    assert said(check_route(Route("a", HOME, HOME), juki("9"))) == (
        Reason.OTHER_MUNICIPALITY,
        "to_municipality",
    )


@pytest.mark.parametrize("name", ["", "a" * (ID_CHARACTERS + 1), "字", "a\n"])
def test_a_report_has_a_name_by_which_its_answer_finds_it(name):
    assert said(check_route(Route(name, HOME, AWAY), juki("9"))) == (Reason.ITEM_MALFORMED, "report_id")


@pytest.mark.parametrize("kind", FilingKind)
def test_a_report_is_closed_by_the_change_that_its_filing_leads_to_and_by_no_other(kind):
    fitting = change_of(kind)
    struck = fitting is ChangeKind.EX_OFFICIO_STRIKE
    for change in ChangeKind:
        for ground in Ground:
            good = change is fitting and ground is (Ground.EX_OFFICIO if struck else Ground.REPORT)
            refusal = check_fit(kind, change, ground)
            assert refusal is None if good else said(refusal) == (Reason.REPORT_NOT_FITTING, "report")
    assert (cause_of(kind) is not None) is (fitting is ChangeKind.NAME_CHANGE)


def test_the_sender_has_work_left_only_where_the_wrong_town_was_told():
    assert {one for one in ReportAnswer if comes_back(one)} == {ReportAnswer.NOT_HERE, ReportAnswer.MOVED_ON}
    assert set(BY_HAND) == set(ReportAnswer) - {ReportAnswer.RECORDED}


def test_a_report_that_ends_at_both_ends_without_a_change_takes_two_people():
    assert [one for one in ReportAnswer if needs_a_second(one)] == [ReportAnswer.NOTHING_TO_RECORD]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (FilingKind.FAMILY_REGISTER_ENTERED, NameCause.FAMILY_REGISTER_ENTERED),
        (FilingKind.FAMILY_REGISTER_SPLIT, NameCause.FAMILY_REGISTER_SPLIT),
        (FilingKind.SURNAME_RESTORED, NameCause.SURNAME_RESTORED),
        (FilingKind.ACKNOWLEDGED, NameCause.ACKNOWLEDGED),
    ],
)
def test_entering_leaving_and_restoring_a_surname_amend_the_record_for_a_cause_of_their_own(kind, cause):
    assert (cause_of(kind), change_of(kind)) == (cause, ChangeKind.NAME_CHANGE)


def resident(name="試験　花子", born=BORN, block="2番3号"):
    home = Address(HOME, "架空町一丁目", block, "", "1000001", "")
    comer = ArrivingPerson(PersonName(name, "シケン　ハナコ"), born, Sex.FEMALE, "世帯主")
    notice = MoveInNotice((comer,), home, DAY, DAY, "北海道函館市", AWAY)
    code = ResidentRecordCode(with_check_digit("0000000001"))
    entry = draft(notice, (), DAY, Desk(HOME, allotment=Allotment((1,), (1,), (code,))))
    return entry.after[0]


def same(record):
    return kanji_key(record.name.kanji) == kanji_key(PERSON.name)


@pytest.mark.parametrize(
    ("record", "meant"),
    [
        (resident(), True),
        (resident(name="試検　花子"), True),  # written otherwise, at the place
        (resident(block="9番9号"), True),  # moved within the town
        (resident(name="別人　花子", block="9番9号"), False),
        (resident(born=PartialDate(1990, 1, 3)), False),
    ],
)
def test_whom_a_report_may_mean_was_born_that_day_and_bears_the_name_or_lives_there(record, meant):
    assert may_be_meant(DEATH, record, same_name=same(record)) is meant


def test_whom_the_own_towns_report_names_does_not_rest_on_the_address_that_was_typed():
    for record, named in (
        (resident(block="9番9号"), True),
        (resident(name="試検　花子"), False),
        (resident(born=PartialDate(1990, 1, 3)), False),
    ):
        assert is_named(DEATH, record, same_name=same(record)) is named


def test_a_report_with_a_wrong_birth_date_still_says_where_somebody_of_that_name_lives():
    for record, said_of in (
        (resident(born=PartialDate(1991, 1, 3)), True),
        (resident(block="9番9号"), False),
        (resident(name="別人　花子"), False),
    ):
        assert says_whereabouts_of(DEATH, record, same_name=same(record)) is said_of


@pytest.mark.parametrize(
    ("told", "born", "near"),
    [
        (BORN, BORN, True),
        (BORN, PartialDate(1990, 1, 3), False),
        (BORN, PartialDate(1991, 1, 2), False),
        (BORN, PartialDate(1990, 1, None), True),  # the day of either is unknown
        (PartialDate(1990, None, None), BORN, True),
        (BORN, PartialDate(None, None, None), False),  # else a single record would keep every report back
        (PartialDate(None, 1, 2), PartialDate(None, 1, 2), False),
    ],
)
def test_a_report_comes_near_whoever_may_have_been_born_that_day_or_bears_the_name(told, born, near):
    report = replace(DEATH, person=replace(PERSON, birth_date=told))
    assert comes_near(report, born, same_name=False) is near
    assert comes_near(report, born, same_name=True)


@given(st.sampled_from(("二丁目3-4", "2丁目三番四号", "どこか", "架空町一丁目2番3号")), st.booleans())
def test_however_a_place_is_written_decides_nothing_about_who_may_read_a_report(place, named):
    report = replace(DEATH, person=replace(PERSON, address=place))
    assert comes_near(report, BORN, same_name=named)
    assert comes_near(report, PartialDate(1950, 5, 5), same_name=named) is named


def test_a_moved_family_register_is_nobodys_business_above_the_town():
    record = resident()
    moved = NameChangeEntry(
        1, record.name, NameCause.FAMILY_REGISTER_MOVED, DAY, DAY, registered_domicile="北海道函館市", by_report=True
    )  # fmt: skip
    entry = draft(moved, (record,), DAY, Desk(HOME))
    assert (entry.reason, entry.ground) == (ChangeReason.NOT_REPORTED, Ground.REPORT)
    assert entry.after[0].registered_domicile == "北海道函館市"
    wed = draft(replace(moved, name=WED, cause=NameCause.MARRIAGE), (record,), DAY, Desk(HOME))
    assert wed.reason is ChangeReason.AMENDED_EX_OFFICIO
