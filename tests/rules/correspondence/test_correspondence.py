"""To whom a letter goes, what its sending means, of which names a home is certified."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.correspondence.addressing import by_household, registered_place, written_to
from daicho.rules.correspondence.cases import (
    CasePaper,
    NoticeDuty,
    ToldChange,
    act_of_sending,
    case_paper,
    check_case_paper,
    papers_of_case,
    told_by_sending,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import AddressReason, Removal, ResidentKind, ResidentRecord
from daicho.rules.upkeep.case import CaseKind, CaseSource, Inquiry, Reminder, Telling, TellingWay, UpkeepCase
from daicho.rules.upkeep.regular import (
    Difference,
    HouseholdFinding,
    SurveyBasis,
    SurveyGround,
    SurveyResult,
    SurveyScope,
    SurveyState,
    check_end,
    check_finding,
    check_scope,
    grounds_met,
    lives_in,
)

K = CertificateKind
DAY = date(2026, 11, 20)
NAME = PersonName("来訪　太郎", "ライホウ　ジロウ", furigana_confirmed=True)
LATER = date(2026, 12, 4)
HERE = Address(MunicipalityCode("13101"), "架空町一丁目", "2番3号", "架空荘101", "1000001")
pytestmark = pytest.mark.requirement("R-005")


BORN = PartialDate(1970, 1, 2)


def person(number, relationship="世帯主", birth=BORN, home=1, **items) -> ResidentRecord:
    record = ResidentRecord(
        number, None, home, NAME, birth, Sex.MALE, relationship,
        "来訪　1号", ResidentKind.JAPANESE, DAY, DAY, AddressReason.MOVE_IN, HERE, DAY, DAY, 1,
    )  # fmt: skip
    return replace(record, **items)


HEAD, WIFE = person(1), person(2, "妻")
CHILD = person(3, "子", PartialDate(2015, 1, 2))
FAMILY = (HEAD, WIFE, CHILD)


def case(**items) -> UpkeepCase:
    given_items = {"people": (1, 2)} | items
    return UpkeepCase("1", CaseKind.UNNOTIFIED, CaseSource.RETURNED_MAIL, DAY, "返戻", DAY, **given_items)


@pytest.mark.parametrize(
    ("people", "to"), [((WIFE, HEAD), HEAD), ((WIFE, CHILD), WIFE), ((CHILD,), HEAD), ((WIFE,), WIFE)]
)
def test_a_letter_is_addressed_to_a_householder_among_them_else_to_an_adult(people, to) -> None:
    assert written_to(people, FAMILY, DAY) == to


def test_for_a_child_whose_householder_has_left_another_adult_is_written_to() -> None:
    assert written_to((CHILD,), (WIFE, CHILD), DAY) == WIFE


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 4)), unique_by=lambda one: one[0], max_size=12))
def test_everybody_stands_in_one_household_and_no_letter_holds_two(people) -> None:
    records = [person(number, "子", home=home) for number, home in people]
    found = by_household(records)
    assert sorted(one.addressee_number for living in found.values() for one in living) == sorted(
        n for n, _ in people
    )
    assert all({one.household_number for one in living} == {home} for home, living in found.items())


def test_the_window_shows_postal_code_place_and_building_line_by_line() -> None:
    place = registered_place(HEAD, "東京都千代田区")
    assert place.lines == ("〒100-0001", "東京都千代田区架空町一丁目2番3号", "架空荘101")


@pytest.mark.parametrize(
    ("items", "reason", "field"),
    [
        ({"duty": None}, Reason.FIELD_MISSING, "duty"),
        ({"due_on": DAY}, Reason.DATE_ORDER, "due_on"),
        ({"people": ()}, Reason.FIELD_MISSING, "people"),
        ({"people": (9,)}, Reason.FIELD_UNKNOWN_VALUE, "people"),
        ({"kind": K.PUBLIC_NOTICE}, Reason.STEP_NOT_FITTING, "paper"),
        ({"kind": K.ARRIVAL_INQUIRY}, Reason.STEP_NOT_FITTING, "paper"),
        ({"kind": K.HOUSEHOLD_COPY}, Reason.STEP_NOT_FITTING, "paper"),
    ],
)
def test_a_paper_that_does_not_fit_names_its_field(items, reason, field) -> None:
    wanted = replace(CasePaper(K.REMINDER, (1,), LATER, NoticeDuty.MOVE_IN), **items)
    refusal = check_case_paper(case(), wanted, DAY, to_tell=False)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (reason, field)


def test_nothing_is_written_to_nobody() -> None:
    assert papers_of_case(case(people=(), name="不明"), to_tell=True) == ()


def test_sending_is_the_step_of_the_case_that_the_paper_stands_for() -> None:
    reminder = CasePaper(K.REMINDER, (1,), LATER, NoticeDuty.MOVE_IN)
    assert act_of_sending(reminder, DAY, "来訪") == Reminder(DAY, LATER, "転入届の催告書　来訪")
    inquiry = act_of_sending(CasePaper(K.PERSON_INQUIRY, (1,), LATER), DAY, "来訪")
    assert isinstance(inquiry, Inquiry)
    telling = act_of_sending(CasePaper(K.PUBLIC_NOTICE, (1,), words="不明", entries=("e",)), DAY, "", LATER)
    assert telling == Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e",), LATER, "不明")


def scope(**items) -> SurveyScope:
    return replace(SurveyScope(SurveyBasis.REGULAR, "調査", "職員", LATER), **items)


@pytest.mark.parametrize(
    ("items", "field"),
    [({"title": " "}, "survey_title"), ({"surveyors": ""}, "surveyors"), ({"until": DAY}, "until"),
     ({"age_years": 5}, "age_years"), ({"quiet_years": 0}, "quiet_years")],
)  # fmt: skip
def test_a_scope_that_means_nothing_names_its_field(items, field) -> None:
    assert check_scope(scope(), DAY) is None
    refusal = check_scope(scope(**items), DAY)
    assert refusal is not None
    assert refusal.field == field


@pytest.mark.parametrize(
    ("area", "lives"),
    [("架空町一丁目", True), ("架空町一丁目２番", True), ("架空町一丁目2", True), ("架空町一丁目2番3号　架空荘", True),
     ("架空町二丁目", False), ("架空町一丁目2番3号 架空荘10", False)],
)  # fmt: skip
def test_an_area_is_the_beginning_of_an_address_and_never_half_a_number(area, lives) -> None:
    assert lives_in(HEAD, area) is lives


def test_grounds_are_any_of_those_asked_for() -> None:
    old = person(4, "母", PartialDate(1920, 1, 1))
    asked = scope(grounds=(SurveyGround.VERY_OLD, SurveyGround.RETURNED_MAIL))
    assert grounds_met(FAMILY, scope(), (), DAY) == ()
    assert grounds_met(FAMILY, asked, (), DAY) is None
    assert grounds_met((*FAMILY, old), asked, {1}, DAY) == (SurveyGround.RETURNED_MAIL, SurveyGround.VERY_OLD)
    quiet = scope(grounds=(SurveyGround.NO_NOTICE,), quiet_years=1)
    assert grounds_met(FAMILY, quiet, (), date(2027, 11, 19)) is None
    assert grounds_met(FAMILY, quiet, (), date(2027, 11, 20)) == (SurveyGround.NO_NOTICE,)


@pytest.mark.parametrize(
    ("items", "field"),
    [({"difference": None}, "difference"), ({"words": ""}, "finding_words"), ({"people": ()}, "people"),
     ({"people": (9,)}, "people"), ({"visited_on": LATER}, "visited_on"), ({"visited_on": date(2026, 11, 1)}, "visited_on")],
)  # fmt: skip
def test_a_finding_that_says_too_little_names_its_field(items, field) -> None:
    found = HouseholdFinding(SurveyResult.DIFFERS, DAY, "空き家", Difference.GONE, (1,))
    given_items = (SurveyState.OPEN, found, SurveyResult.NOT_VISITED, {1, 2, 3}, (DAY, DAY))
    assert check_finding(*given_items) is None
    refusal = check_finding(given_items[0], replace(found, **items), *given_items[2:])
    assert refusal is not None
    assert refusal.field == field


def test_what_is_left_at_the_end_needs_words() -> None:
    left = {SurveyResult.AS_REGISTERED: 3, SurveyResult.NOBODY_MET: 1}
    assert check_end(SurveyState.OPEN, {SurveyResult.AS_REGISTERED: 3}, "") is None
    refusal = check_end(SurveyState.OPEN, left, "")
    assert refusal is not None
    assert refusal.field == "end_words"
    assert check_end(SurveyState.OPEN, left, "翌年度に調査する") is None


def gone(record, reason=ChangeReason.MOVE_OUT, where="北海道函館市東雲町4番13号"):
    return replace(record, removal=Removal(reason, DAY, DAY), move_out_to_address=where)


def dead(record):
    return gone(record, ChangeReason.DEATH, None)


@pytest.mark.parametrize(
    ("people", "household", "to"),
    [
        ((dead(HEAD), WIFE), (WIFE, CHILD), WIFE),
        ((dead(HEAD),), (WIFE, CHILD), WIFE),
        ((dead(HEAD),), (), None),
        ((gone(HEAD), WIFE), (WIFE,), WIFE),
        ((gone(HEAD), CHILD), (WIFE, CHILD), gone(HEAD)),
        ((gone(CHILD),), (HEAD, WIFE), gone(CHILD)),
    ],
)
def test_nobody_writes_to_the_dead_and_who_left_is_not_written_to_at_the_household_that_they_left(
    people, household, to
) -> None:
    assert written_to(people, household, DAY) == to


def notice(people, entries=("e",)) -> CasePaper:
    return CasePaper(K.EX_OFFICIO_NOTICE, people, entries=entries)


def test_a_notice_tells_no_change_of_which_nobody_stands_on_it() -> None:
    told = (ToldChange("e", ChangeKind.EX_OFFICIO_STRIKE, DAY, (2,)),)
    written = case_paper(notice((1,)), (HEAD,), FAMILY, told, town="架空市", on=DAY)
    assert isinstance(written, Refusal)
    assert (written.reason, written.field) == (Reason.ENTRY_NOT_FITTING, "entries")
    assert not isinstance(case_paper(notice((2,)), (WIFE,), FAMILY, told, town="架空市", on=DAY), Refusal)


def test_a_change_of_two_households_is_told_once_both_letters_went() -> None:
    subjects = {"e": {1, 2}, "f": {1}}
    assert told_by_sending(notice((1,), ("e", "f")), (), subjects) == ("f",)
    assert told_by_sending(notice((2,)), (notice((1,)),), subjects) == ("e",)
    assert told_by_sending(notice((2,)), (notice((1,), ("f",)),), subjects) == ()
