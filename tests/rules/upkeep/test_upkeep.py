"""正確な記録の確保: what a case may come from, which steps it knows, and when it may end."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.protection.veil import WITHHELD, names_place
from daicho.rules.register.changes import Entry
from daicho.rules.register.move_out import MoveInReport
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import AddressReason, Removal, ResidentKind, ResidentRecord
from daicho.rules.upkeep.acts import (
    CaseFacts,
    Identification,
    Joining,
    do_in_case,
    signed_by,
    step_of,
)
from daicho.rules.upkeep.arrivals import arrived_by, awaited_after
from daicho.rules.upkeep.case import (
    Answer,
    AnswerMeaning,
    CaseEnd,
    CaseKind,
    CaseOutcome,
    CaseSource,
    CaseStep,
    Damage,
    Inquiry,
    Remaking,
    Reminder,
    Reopening,
    SurveyFinding,
    SurveyPlan,
    Telling,
    TellingWay,
    UpkeepCase,
    Visit,
    Withdrawal,
    article_of,
)
from daicho.rules.upkeep.grounds import EntryFact, survey_found
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_due, upkeep_period
from daicho.rules.upkeep.standing import CaseState, case_without_places, standing_of, veiled_case
from daicho.rules.upkeep.steps import (
    ask,
    end_case,
    identify,
    link_entry,
    note_answer,
    note_visit,
    open_case,
    owes_telling,
    plan_survey,
    remake,
    remind,
    reopen,
    tell,
    withdraw,
)

DAY = date(2026, 11, 20)
LATER = DAY + timedelta(days=60)
HAKODATE = MunicipalityCode("01202")
INQUIRY = Inquiry("函館市", HAKODATE, DAY, date(2026, 12, 4), "転入の有無")
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
NOTICE = Telling(TellingWay.NOTICE, DAY, ("e1",))
ANYBODYS = {CaseStep.IDENTIFIED, CaseStep.ASKED, CaseStep.ANSWERED, CaseStep.LINKED, CaseStep.TOLD}
# Written from what each article asks for, not from the code: whence a kind of case comes, what is done in it, how it ends.
COMES_FROM = {
    CaseKind.REPORT: (
        CaseSource.FAMILY_REGISTER, CaseSource.OTHER_TOWN, CaseSource.COMMITTEE, CaseSource.STATEMENT,
        CaseSource.OTHER_OFFICE,
    ),
    CaseKind.MISSING_ARRIVAL: (CaseSource.NO_ARRIVAL_REPORT,),
    CaseKind.UNNOTIFIED: (
        CaseSource.OTHER_OFFICE, CaseSource.COMMITTEE, CaseSource.RETURNED_MAIL, CaseSource.OUTSIDER,
        CaseSource.REGULAR_SURVEY, CaseSource.SURVEY,
    ),
    CaseKind.SURVEY: (
        CaseSource.SURVEY, CaseSource.REGULAR_SURVEY, CaseSource.COMMITTEE, CaseSource.STATEMENT,
        CaseSource.OTHER_OFFICE, CaseSource.RETURNED_MAIL, CaseSource.OUTSIDER, CaseSource.NO_ARRIVAL_REPORT,
    ),
    CaseKind.REMAKING: (CaseSource.LOSS_FOUND,),
}  # fmt: skip
KNOWS = {
    CaseKind.REPORT: ANYBODYS,
    CaseKind.MISSING_ARRIVAL: ANYBODYS | {CaseStep.REMINDED},
    CaseKind.UNNOTIFIED: ANYBODYS | {CaseStep.REMINDED},
    CaseKind.SURVEY: ANYBODYS | {CaseStep.REMINDED, CaseStep.PLANNED, CaseStep.VISITED},
    CaseKind.REMAKING: {CaseStep.LINKED, CaseStep.REMADE},
}
ENDS_AS = {
    (CaseKind.REPORT, CaseOutcome.ENTERED): True,
    (CaseKind.REPORT, CaseOutcome.NOTIFIED): True,
    (CaseKind.REPORT, CaseOutcome.ARRIVED): False,
    (CaseKind.REPORT, CaseOutcome.REMADE): False,
    (CaseKind.REPORT, CaseOutcome.NO_CHANGE): True,
    (CaseKind.REPORT, CaseOutcome.WITHDRAWN): False,
    (CaseKind.MISSING_ARRIVAL, CaseOutcome.ENTERED): True,
    (CaseKind.MISSING_ARRIVAL, CaseOutcome.NOTIFIED): True,
    (CaseKind.MISSING_ARRIVAL, CaseOutcome.ARRIVED): True,
    (CaseKind.MISSING_ARRIVAL, CaseOutcome.REMADE): False,
    (CaseKind.MISSING_ARRIVAL, CaseOutcome.NO_CHANGE): True,
    (CaseKind.MISSING_ARRIVAL, CaseOutcome.WITHDRAWN): False,
    (CaseKind.UNNOTIFIED, CaseOutcome.ENTERED): True,
    (CaseKind.UNNOTIFIED, CaseOutcome.NOTIFIED): True,
    (CaseKind.UNNOTIFIED, CaseOutcome.ARRIVED): False,
    (CaseKind.UNNOTIFIED, CaseOutcome.REMADE): False,
    (CaseKind.UNNOTIFIED, CaseOutcome.NO_CHANGE): True,
    (CaseKind.UNNOTIFIED, CaseOutcome.WITHDRAWN): False,
    (CaseKind.SURVEY, CaseOutcome.ENTERED): True,
    (CaseKind.SURVEY, CaseOutcome.NOTIFIED): True,
    (CaseKind.SURVEY, CaseOutcome.ARRIVED): False,
    (CaseKind.SURVEY, CaseOutcome.REMADE): False,
    (CaseKind.SURVEY, CaseOutcome.NO_CHANGE): True,
    (CaseKind.SURVEY, CaseOutcome.WITHDRAWN): False,
    (CaseKind.REMAKING, CaseOutcome.ENTERED): False,
    (CaseKind.REMAKING, CaseOutcome.NOTIFIED): False,
    (CaseKind.REMAKING, CaseOutcome.ARRIVED): False,
    (CaseKind.REMAKING, CaseOutcome.REMADE): True,
    (CaseKind.REMAKING, CaseOutcome.NO_CHANGE): True,
    (CaseKind.REMAKING, CaseOutcome.WITHDRAWN): False,
}


def fresh(kind: CaseKind, source: CaseSource | None = None, **items: object) -> UpkeepCase:
    given_items = {"people": (1,)} | items
    return UpkeepCase(
        "2026-000001", kind, source or COMES_FROM[kind][0], DAY, "架空の連絡", DAY, **given_items
    )


def opened(kind: CaseKind, source: CaseSource | None = None, **items: object) -> UpkeepCase:
    case = open_case(fresh(kind, source, **items), DAY, CLOSED_DAYS)
    assert isinstance(case, UpkeepCase), case
    return case


def strike(**items: object) -> EntryFact:
    told = {"entry_id": "e1", "kind": ChangeKind.EX_OFFICIO_STRIKE, "ground": Ground.EX_OFFICIO, "subjects": (1,),
            "concerns": frozenset((1,)), "entered_on": DAY, "waits": False, "stands": True}  # fmt: skip
    return EntryFact(**(told | items))


def visit(finding: SurveyFinding, days: int = 0, people: tuple[int, ...] = (1,)) -> Visit:
    return Visit(DAY + timedelta(days=days), "調査　員", finding, "表札と郵便受けがない", people)


def answered(
    meaning: AnswerMeaning, on: date = DAY, arrived: tuple[int, ...] = (1,), place: int = 0
) -> Answer:
    return Answer(place, on, meaning, "11月2日に転入", arrived)


def took(answer: UpkeepCase | Refusal) -> UpkeepCase:
    assert isinstance(answer, UpkeepCase), answer
    return answer


def refused(answer: UpkeepCase | Refusal) -> tuple[Reason, str]:
    assert isinstance(answer, Refusal), answer
    return answer.reason, answer.field


def surveyed(*findings: SurveyFinding) -> UpkeepCase:
    case = took(plan_survey(opened(CaseKind.SURVEY), SurveyPlan("調査　員", DAY)))
    for days, finding in enumerate(findings):
        case = took(note_visit(case, visit(finding, days), LATER))
    return case


def end(outcome: CaseOutcome, on: date = LATER, by: str = "second") -> CaseEnd:
    return CaseEnd(on, by, outcome, "確認した")


@pytest.mark.parametrize(
    ("source", "article"),
    [
        (CaseSource.OTHER_TOWN, juki("9")),
        (CaseSource.COMMITTEE, juki("13")),
        (CaseSource.STATEMENT, juki("14")),
        (CaseSource.RETURNED_MAIL, juki("14")),
        (CaseSource.SURVEY, juki("34")),
        (CaseSource.FAMILY_REGISTER, juki_order("12")),
    ],
)
def test_each_source_rests_on_its_article(source, article) -> None:
    assert article_of(source) == article


def test_a_case_opens_from_the_sources_of_its_kind_and_no_other() -> None:
    for kind, source in product(CaseKind, CaseSource):
        answer = open_case(fresh(kind, source, from_municipality=HAKODATE), DAY, CLOSED_DAYS)
        assert isinstance(answer, UpkeepCase) == (source in COMES_FROM[kind]), (kind, source)


def test_a_report_of_another_town_names_the_town() -> None:
    answer = open_case(fresh(CaseKind.REPORT, CaseSource.OTHER_TOWN), DAY, CLOSED_DAYS)
    assert refused(answer) == (Reason.FIELD_MISSING, "from_municipality")


def test_a_case_about_nobody_and_no_place_is_none() -> None:
    for kind in CaseKind:
        answer = open_case(fresh(kind, people=(), from_municipality=HAKODATE), DAY, CLOSED_DAYS)
        assert refused(answer) == (Reason.FIELD_MISSING, "people")
    somebody = fresh(CaseKind.UNNOTIFIED, people=(), name="架空　未届")
    assert isinstance(open_case(somebody, DAY, CLOSED_DAYS), UpkeepCase)
    place = fresh(CaseKind.SURVEY, people=(), address="架空町一丁目2番3号")
    assert isinstance(open_case(place, DAY, CLOSED_DAYS), UpkeepCase)
    for kind in (CaseKind.MISSING_ARRIVAL, CaseKind.REMAKING):
        unknown = fresh(kind, people=(), name="架空　未届")
        assert refused(open_case(unknown, DAY, CLOSED_DAYS)) == (Reason.FIELD_MISSING, "people")


def test_a_case_says_what_arrived_and_is_not_of_tomorrow() -> None:
    empty = replace(fresh(CaseKind.SURVEY), content=" ")
    assert refused(open_case(empty, DAY, CLOSED_DAYS)) == (Reason.FIELD_MISSING, "content")
    ahead = replace(fresh(CaseKind.SURVEY), received_on=DAY + timedelta(days=1))
    assert refused(open_case(ahead, DAY, CLOSED_DAYS)) == (Reason.DATE_IN_FUTURE, "received_on")


@given(DAYS, st.sampled_from(UpkeepDeadline))
def test_a_deadline_lies_its_days_ahead_and_on_an_open_day(begun_on, deadline) -> None:
    due_on = upkeep_due(deadline, begun_on, CLOSED_DAYS)
    days = upkeep_period(deadline, begun_on).days
    assert due_on not in CLOSED_DAYS
    assert days <= (due_on - begun_on).days <= days + 10
    assert begun_on + timedelta(days=days) in CLOSED_DAYS or (due_on - begun_on).days == days


@given(st.sampled_from(CaseKind), st.integers(0, 400))
def test_a_case_waits_since_the_day_it_arrived_and_is_late_after_its_last_day(kind, days) -> None:
    case = opened(kind, from_municipality=HAKODATE)
    standing = standing_of(case, DAY + timedelta(days=days))
    assert standing.state is CaseState.RECEIVED
    assert standing.waited_days == days
    assert standing.late_days == max(0, days - (case.due_on - DAY).days)


def attempts(case: UpkeepCase) -> dict[CaseStep, UpkeepCase | Refusal]:
    return {
        CaseStep.IDENTIFIED: identify(case, (7,)),
        CaseStep.ASKED: ask(case, INQUIRY, DAY),
        CaseStep.ANSWERED: note_answer(case, answered(AnswerMeaning.OTHER), DAY),
        CaseStep.REMINDED: remind(case, Reminder(DAY, DAY + timedelta(days=14), ""), DAY),
        CaseStep.PLANNED: plan_survey(case, SurveyPlan("調査　員", DAY)),
        CaseStep.VISITED: note_visit(case, visit(SurveyFinding.NOBODY_MET), DAY),
        CaseStep.LINKED: link_entry(case, strike(kind=ChangeKind.CORRECTION), "書類"),
        CaseStep.TOLD: tell(case, NOTICE, (strike(),), DAY, CLOSED_DAYS),
        CaseStep.REMADE: remake(case, Remaking(Damage.LOST, "故障", "CSの写し", DAY, "x"), DAY),
    }


def test_a_kind_knows_its_steps_and_no_other() -> None:
    for kind in CaseKind:
        for step, answer in attempts(opened(kind, from_municipality=HAKODATE)).items():
            foreign = isinstance(answer, Refusal) and answer.reason is Reason.STEP_NOT_FITTING
            # Nobody is to be told before the mayor did anything.
            assert foreign == (step not in KNOWS[kind] or step is CaseStep.TOLD), (kind, step, answer)


@given(st.sampled_from(CaseKind), st.sampled_from(list(CaseOutcome)))
def test_nothing_happens_in_a_case_that_has_ended(kind, outcome) -> None:
    case = replace(opened(kind, from_municipality=HAKODATE), end=end(CaseOutcome.NO_CHANGE))
    again = withdraw(case, Withdrawal(LATER, "誤り"), (), LATER)
    for answer in (*attempts(case).values(), end_case(case, end(outcome), (), LATER), again):
        assert refused(answer) == (Reason.CASE_CLOSED, "number")
    assert standing_of(case, LATER).state is CaseState.CLOSED


def test_an_unknown_person_is_named_once() -> None:
    case = opened(CaseKind.UNNOTIFIED, people=(), name="架空　未届")
    assert took(identify(case, (5, 5))).people == (5,)
    assert refused(identify(replace(case, people=(5,)), (5,))) == (Reason.NOTHING_CHANGES, "people")


def test_an_inquiry_waits_for_its_answer_and_is_answered_once() -> None:
    case = took(ask(opened(CaseKind.MISSING_ARRIVAL), INQUIRY, DAY))
    assert standing_of(case, DAY).state is CaseState.ASKED
    assert standing_of(case, date(2026, 12, 7)).late_days == 3
    early = note_answer(case, answered(AnswerMeaning.ARRIVED, DAY - timedelta(days=1)), DAY)
    assert refused(early) == (Reason.DATE_ORDER, "answered_on")
    ahead = note_answer(case, answered(AnswerMeaning.ARRIVED, LATER), DAY)
    assert refused(ahead) == (Reason.DATE_IN_FUTURE, "answered_on")
    for place in (1, -1):
        nowhere = note_answer(case, answered(AnswerMeaning.ARRIVED, place=place), DAY)
        assert refused(nowhere) == (Reason.NOT_FOUND, "inquiry")
    told = took(note_answer(case, answered(AnswerMeaning.ARRIVED, LATER), LATER))
    assert standing_of(told, LATER).state is CaseState.RECEIVED
    again = note_answer(told, answered(AnswerMeaning.NOT_ARRIVED, LATER), LATER)
    assert refused(again) == (Reason.NOTHING_CHANGES, "inquiry")
    assert took(end_case(told, end(CaseOutcome.ARRIVED), (), LATER)).end is not None


def test_an_inquiry_asks_somebody_something_until_a_day() -> None:
    case = opened(CaseKind.MISSING_ARRIVAL)
    assert refused(ask(case, replace(INQUIRY, asked_body=""), DAY)) == (Reason.FIELD_MISSING, "asked_body")
    assert refused(ask(case, replace(INQUIRY, question=""), DAY)) == (Reason.FIELD_MISSING, "question")
    assert refused(ask(case, replace(INQUIRY, due_on=DAY), DAY)) == (Reason.DATE_ORDER, "answer_due_on")
    before = replace(INQUIRY, asked_on=DAY - timedelta(days=1))
    assert refused(ask(case, before, DAY)) == (Reason.DATE_ORDER, "asked_on")
    assert refused(ask(case, replace(INQUIRY, asked_on=LATER), DAY)) == (Reason.DATE_IN_FUTURE, "asked_on")


@pytest.mark.parametrize("meaning", [None, AnswerMeaning.NOT_ARRIVED, AnswerMeaning.OTHER])
def test_nobody_counts_as_arrived_unless_the_other_town_says_so(meaning) -> None:
    case = opened(CaseKind.MISSING_ARRIVAL)
    if meaning is not None:
        case = took(note_answer(took(ask(case, INQUIRY, DAY)), answered(meaning), DAY))
    answer = end_case(case, end(CaseOutcome.ARRIVED), (), LATER)
    assert refused(answer) == (Reason.FACT_NOT_CONFIRMED, "outcome")
    assert took(end_case(case, end(CaseOutcome.ARRIVED), (), LATER, reported=(1,))).end is not None


@pytest.mark.requirement("R-005")
def test_an_answer_names_who_arrived_and_of_the_others_nothing_is_known() -> None:
    case = took(ask(opened(CaseKind.MISSING_ARRIVAL, people=(1, 2)), INQUIRY, DAY))
    nobody = note_answer(case, answered(AnswerMeaning.ARRIVED, arrived=()), DAY)
    assert refused(nobody) == (Reason.FIELD_MISSING, "arrived")
    stranger = note_answer(case, answered(AnswerMeaning.ARRIVED, arrived=(1, 3)), DAY)
    assert refused(stranger) == (Reason.FIELD_UNKNOWN_VALUE, "arrived")
    one = took(note_answer(case, answered(AnswerMeaning.ARRIVED, arrived=(1,)), DAY))
    half = end_case(one, end(CaseOutcome.ARRIVED), (), LATER)
    assert refused(half) == (Reason.FACT_NOT_CONFIRMED, "outcome"), "the second one may be anywhere"
    assert took(end_case(one, end(CaseOutcome.ARRIVED), (), LATER, reported=(2,))).end is not None
    asked = took(ask(one, INQUIRY, DAY))
    both = took(note_answer(asked, answered(AnswerMeaning.ARRIVED, arrived=(2,), place=1), DAY))
    assert took(end_case(both, end(CaseOutcome.ARRIVED), (), LATER)).end is not None


def test_an_answer_that_nobody_arrived_names_nobody() -> None:
    case = took(ask(opened(CaseKind.MISSING_ARRIVAL), INQUIRY, DAY))
    told = took(note_answer(case, answered(AnswerMeaning.NOT_ARRIVED), DAY))
    assert told.inquiries[0].arrived == ()
    place = took(ask(opened(CaseKind.UNNOTIFIED, people=(), address="架空町一丁目"), INQUIRY, DAY))
    assert took(note_answer(place, answered(AnswerMeaning.ARRIVED, arrived=()), DAY)).inquiries[0].answered_on


@pytest.mark.requirement("R-005")
def test_a_reminder_has_a_last_day_after_which_the_case_is_late() -> None:
    case = opened(CaseKind.UNNOTIFIED)
    same_day = Reminder(DAY, DAY, "")
    assert refused(remind(case, same_day, DAY)) == (Reason.DATE_ORDER, "notice_due_on")
    case = took(remind(case, Reminder(DAY, date(2026, 12, 4), "転入届を届け出てください"), DAY))
    assert standing_of(case, date(2026, 12, 4)).late_days == 0
    standing = standing_of(case, date(2026, 12, 5))
    assert (standing.state, standing.late_days) == (CaseState.REMINDED, 1)


def test_a_visit_says_who_went_and_what_was_found() -> None:
    case = opened(CaseKind.SURVEY)
    nobody = replace(visit(SurveyFinding.LIVES_THERE), surveyors=" ")
    assert refused(note_visit(case, nobody, DAY)) == (Reason.FIELD_MISSING, "surveyors")
    wordless = replace(visit(SurveyFinding.DOES_NOT_LIVE_THERE), words="")
    assert refused(note_visit(case, wordless, DAY)) == (Reason.FIELD_MISSING, "finding_words")
    ahead = visit(SurveyFinding.NOBODY_MET, 1)
    assert refused(note_visit(case, ahead, DAY)) == (Reason.DATE_IN_FUTURE, "visited_on")
    assert refused(plan_survey(case, SurveyPlan("", DAY))) == (Reason.FIELD_MISSING, "surveyors")
    early = SurveyPlan("調査　員", DAY - timedelta(days=1))
    assert refused(plan_survey(case, early)) == (Reason.DATE_ORDER, "planned_on")


@given(st.lists(st.tuples(st.sampled_from(SurveyFinding), st.integers(0, 5)), max_size=6))
def test_the_newest_visit_that_found_anything_counts(told) -> None:
    case = replace(opened(CaseKind.SURVEY), visits=tuple(visit(*one) for one in told))
    found = [one for one in told if one[0] is not SurveyFinding.NOBODY_MET]
    newest = max((days for _, days in found), default=None)
    expected = [finding for finding, days in found if days == newest]
    assert survey_found(case, 1) == (expected[-1] if expected else None)
    assert survey_found(case, 2) is None, "of somebody else nothing was found"


def test_a_visit_names_of_whom_it_speaks() -> None:
    case = opened(CaseKind.SURVEY, people=(1, 2))
    nobody = visit(SurveyFinding.LIVES_THERE, people=())
    assert refused(note_visit(case, nobody, DAY)) == (Reason.FIELD_MISSING, "people")
    stranger = visit(SurveyFinding.LIVES_THERE, people=(1, 3))
    assert refused(note_visit(case, stranger, DAY)) == (Reason.FIELD_UNKNOWN_VALUE, "people")
    place = opened(CaseKind.SURVEY, people=(), address="架空町一丁目2番3号")
    assert took(note_visit(place, nobody, DAY)).visits == (nobody,)


@pytest.mark.requirement("R-005")
@pytest.mark.parametrize(
    "findings",
    [(), (SurveyFinding.NOBODY_MET,) * 3, (SurveyFinding.DOES_NOT_LIVE_THERE, SurveyFinding.LIVES_THERE)],
)
def test_nobody_is_struck_by_a_survey_that_did_not_find_them_gone(findings) -> None:
    answer = link_entry(surveyed(*findings), strike(), "実態調査")
    assert refused(answer) == (Reason.FACT_NOT_CONFIRMED, "entry_id")


@pytest.mark.requirement("R-005")
def test_nobody_is_struck_because_somebody_else_was_found_gone() -> None:
    case = took(plan_survey(opened(CaseKind.SURVEY, people=(1, 2)), SurveyPlan("調査　員", DAY)))
    case = took(note_visit(case, visit(SurveyFinding.DOES_NOT_LIVE_THERE, people=(1,)), DAY))
    both = strike(subjects=(1, 2), concerns=frozenset((1, 2)))
    assert refused(link_entry(case, both, "実態調査")) == (Reason.FACT_NOT_CONFIRMED, "entry_id")
    assert took(link_entry(case, strike(), "実態調査")).entries
    seen = took(note_visit(case, visit(SurveyFinding.DOES_NOT_LIVE_THERE, people=(2,)), DAY))
    assert took(link_entry(seen, both, "実態調査")).entries


def test_nobody_is_struck_because_a_place_was_found_empty_before_they_were_known() -> None:
    case = opened(CaseKind.SURVEY, people=(), address="架空町一丁目2番3号")
    case = took(note_visit(case, visit(SurveyFinding.DOES_NOT_LIVE_THERE, people=()), DAY))
    for one in (case, took(identify(case, (1,)))):
        assert refused(link_entry(one, strike(), "実態調査")) == (Reason.FACT_NOT_CONFIRMED, "entry_id")


@pytest.mark.requirement("R-005")
@pytest.mark.parametrize("kind", [CaseKind.REPORT, CaseKind.UNNOTIFIED, CaseKind.SURVEY])
def test_a_strike_strikes_nobody_whom_the_case_does_not_name(kind) -> None:
    wider = strike(subjects=(1, 2), concerns=frozenset((1, 2)))
    assert refused(link_entry(opened(kind), wider, "聞き取り")) == (Reason.ENTRY_NOT_FITTING, "entry_id")


@pytest.mark.requirement("R-005")
def test_whoever_is_found_to_live_there_after_the_strike_takes_its_ground_away() -> None:
    case = took(tell(struck(), NOTICE, (strike(),), DAY, CLOSED_DAYS))
    back = took(note_visit(case, visit(SurveyFinding.LIVES_THERE, 1), LATER))
    answer = end_case(back, end(CaseOutcome.ENTERED), (strike(),), LATER)
    assert refused(answer) == (Reason.FACT_NOT_CONFIRMED, "outcome")
    turned_back = strike(stands=False)
    assert took(end_case(back, end(CaseOutcome.NO_CHANGE), (turned_back,), LATER)).end is not None
    restored = strike(entry_id="e2", kind=ChangeKind.RESTORATION)
    joined = took(link_entry(back, restored, "本人に面会した"))
    told = took(tell(joined, replace(NOTICE, entries=("e2",)), (strike(), restored), DAY, CLOSED_DAYS))
    assert took(end_case(told, end(CaseOutcome.ENTERED), (strike(), restored), LATER)).end is not None
    anew = strike(entry_id="e3")
    assert refused(link_entry(told, anew, "実態調査")) == (Reason.FACT_NOT_CONFIRMED, "entry_id")


def struck() -> UpkeepCase:
    return took(link_entry(surveyed(SurveyFinding.DOES_NOT_LIVE_THERE), strike(), "実態調査"))


@pytest.mark.requirement("R-005")
def test_whoever_was_struck_must_be_told_before_the_case_ends() -> None:
    case = struck()
    assert owes_telling(case)
    assert standing_of(case, DAY).state is CaseState.TO_TELL
    untold = end_case(case, end(CaseOutcome.ENTERED), (strike(),), LATER)
    assert refused(untold) == (Reason.PERSON_NOT_TOLD, "outcome")
    told = took(tell(case, NOTICE, (strike(),), DAY, CLOSED_DAYS))
    ended = took(end_case(told, end(CaseOutcome.ENTERED), (strike(),), LATER))
    assert ended.end is not None
    assert ended.end.outcome is CaseOutcome.ENTERED


def test_nobody_is_told_of_what_waits_for_a_second_person() -> None:
    waiting = strike(waits=True, stands=False)
    answer = tell(struck(), NOTICE, (waiting,), DAY, CLOSED_DAYS)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "entries")


def test_a_public_notice_says_why_and_must_have_run_out() -> None:
    case = struck()
    silent = tell(case, Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e1",)), (strike(),), DAY, CLOSED_DAYS)
    assert refused(silent) == (Reason.FIELD_MISSING, "telling_words")
    public = Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e1",), words="住所及び居所が明らかでない")
    told = took(tell(case, public, (strike(),), DAY, CLOSED_DAYS))
    assert [one.ends_on for one in told.tellings] == [date(2026, 12, 4)]
    assert standing_of(told, DAY).state is CaseState.MADE_PUBLIC
    early = end_case(told, end(CaseOutcome.ENTERED, date(2026, 12, 3)), (strike(),), LATER)
    assert isinstance(early, Refusal)
    assert (early.reason, early.detail) == (Reason.PERSON_NOT_TOLD, "RUNNING")
    on_last_day = end_case(told, end(CaseOutcome.ENTERED, date(2026, 12, 4)), (strike(),), LATER)
    assert isinstance(on_last_day, Refusal), "a period is over with the end of its last day (民法141条)"
    after = end(CaseOutcome.ENTERED, date(2026, 12, 5))
    assert took(end_case(told, after, (strike(),), LATER)).end == after


def test_what_did_not_reach_anybody_is_made_public_afterwards() -> None:
    told = took(tell(struck(), NOTICE, (strike(),), DAY, CLOSED_DAYS))
    public = Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e1",), words="通知が返戻された")
    made = took(tell(told, public, (strike(),), DAY, CLOSED_DAYS))
    assert [one.way for one in made.tellings] == [TellingWay.NOTICE, TellingWay.PUBLIC_NOTICE]
    assert standing_of(made, DAY).state is CaseState.MADE_PUBLIC
    early = end_case(made, end(CaseOutcome.ENTERED, DAY), (strike(),), LATER)
    assert refused(early) == (Reason.PERSON_NOT_TOLD, "outcome"), "the notice reached nobody"


@pytest.mark.requirement("R-005")
def test_who_was_told_of_one_change_is_not_told_of_the_next() -> None:
    first, second = strike(), strike(entry_id="e2", kind=ChangeKind.CORRECTION)
    case = took(tell(struck(), NOTICE, (first,), DAY, CLOSED_DAYS))
    case = took(link_entry(case, second, "本人から聞き取った"))
    assert standing_of(case, DAY).state is CaseState.TO_TELL
    untold = end_case(case, end(CaseOutcome.ENTERED), (first, second), LATER)
    assert refused(untold) == (Reason.PERSON_NOT_TOLD, "outcome")
    told = took(tell(case, replace(NOTICE, entries=("e2",)), (first, second), DAY, CLOSED_DAYS))
    assert standing_of(told, DAY).state is CaseState.ENTERED
    assert took(end_case(told, end(CaseOutcome.ENTERED), (first, second), LATER)).end is not None


@pytest.mark.requirement("R-005")
def test_a_public_notice_of_what_was_turned_back_says_nothing_of_what_was_entered_instead() -> None:
    public = Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e1",), words="居所不明")
    case = took(tell(struck(), public, (strike(),), DAY, CLOSED_DAYS))
    turned_back, anew = strike(stands=False), strike(entry_id="e2", entered_on=DAY + timedelta(days=3))
    case = took(link_entry(case, anew, "実態調査"))
    facts = (turned_back, anew)
    assert refused(end_case(case, end(CaseOutcome.ENTERED), facts, LATER)) == (
        Reason.PERSON_NOT_TOLD,
        "outcome",
    )
    gone = tell(case, replace(NOTICE, entries=("e1", "e2")), facts, LATER, CLOSED_DAYS)
    assert refused(gone) == (Reason.ENTRY_NOT_FITTING, "entries")


def test_a_telling_names_its_changes_and_begins_when_they_were_entered() -> None:
    nothing = tell(struck(), replace(NOTICE, entries=()), (strike(),), DAY, CLOSED_DAYS)
    assert refused(nothing) == (Reason.FIELD_MISSING, "entries")
    other = tell(struck(), replace(NOTICE, entries=("e1", "e9")), (strike(),), DAY, CLOSED_DAYS)
    assert refused(other) == (Reason.ENTRY_NOT_FITTING, "entries")
    by_notice = strike(entry_id="e2", kind=ChangeKind.MOVE_IN, ground=Ground.NOTICE)
    theirs = tell(struck(), replace(NOTICE, entries=("e2",)), (strike(), by_notice), DAY, CLOSED_DAYS)
    assert refused(theirs) == (Reason.ENTRY_NOT_FITTING, "entries"), "whoever gave notice knows"
    late = strike(entered_on=DAY + timedelta(days=1))
    assert refused(tell(struck(), NOTICE, (late,), LATER, CLOSED_DAYS)) == (Reason.DATE_ORDER, "begun_on")


def test_the_days_of_telling_follow_each_other() -> None:
    case = struck()
    backwards = Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e1",), DAY - timedelta(days=1), "居所不明")
    assert refused(tell(case, backwards, (strike(),), DAY, CLOSED_DAYS)) == (Reason.DATE_ORDER, "ends_on")
    reached_tomorrow = replace(NOTICE, ends_on=DAY + timedelta(days=1))
    assert refused(tell(case, reached_tomorrow, (strike(),), DAY, CLOSED_DAYS)) == (
        Reason.DATE_IN_FUTURE,
        "ends_on",
    )
    ahead = replace(NOTICE, begun_on=DAY + timedelta(days=1))
    assert refused(tell(case, ahead, (strike(),), DAY, CLOSED_DAYS)) == (Reason.DATE_IN_FUTURE, "begun_on")


@pytest.mark.parametrize("source", [CaseSource.FAMILY_REGISTER, CaseSource.OTHER_TOWN])
def test_a_change_by_a_family_register_filing_owes_no_word_to_the_person(source) -> None:
    fact = strike(kind=ChangeKind.DEATH, ground=Ground.REPORT)
    case = opened(CaseKind.REPORT, source, from_municipality=HAKODATE)
    case = took(link_entry(case, fact, "通知書"))
    assert not owes_telling(case)
    assert standing_of(case, DAY).state is CaseState.ENTERED
    answer = tell(case, NOTICE, (strike(),), DAY, CLOSED_DAYS)
    assert refused(answer) == (Reason.STEP_NOT_FITTING, "step")
    assert took(end_case(case, end(CaseOutcome.ENTERED), (fact,), LATER)).end is not None


def test_an_entry_belongs_to_the_case_or_is_refused() -> None:
    case = opened(CaseKind.UNNOTIFIED)
    entry = strike(kind=ChangeKind.EX_OFFICIO_ENTRY)
    for other in (
        replace(entry, concerns=frozenset((2,))),
        replace(entry, entered_on=DAY - timedelta(days=1)),
        replace(entry, stands=False),
    ):
        assert refused(link_entry(case, other, "聞き取り")) == (Reason.ENTRY_NOT_FITTING, "entry_id")
    assert refused(link_entry(case, entry, " ")) == (Reason.FACT_NOT_CONFIRMED, "confirmed_by")
    by_notice = replace(entry, kind=ChangeKind.MOVE_IN, ground=Ground.NOTICE)
    assert took(link_entry(case, by_notice, "")).entries
    linked = took(link_entry(case, entry, "聞き取り"))
    assert refused(link_entry(linked, entry, "聞き取り")) == (Reason.NOTHING_CHANGES, "entry_id")


def test_whoever_was_unknown_is_known_by_the_entry() -> None:
    case = opened(CaseKind.UNNOTIFIED, people=(), name="架空　未届")
    entry = strike(kind=ChangeKind.EX_OFFICIO_ENTRY, subjects=(8, 9))
    assert took(link_entry(case, entry, "聞き取り")).people == (8, 9)


def test_a_report_of_moving_in_stands_for_the_movers_own_notice() -> None:
    case = opened(CaseKind.MISSING_ARRIVAL)
    report = strike(kind=ChangeKind.MOVE_OUT, ground=Ground.REPORT)
    linked = took(link_entry(case, report, ""))
    assert not owes_telling(linked)
    answer = end_case(linked, end(CaseOutcome.ENTERED), (report,), LATER)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")
    assert took(end_case(linked, end(CaseOutcome.NOTIFIED), (report,), LATER)).end is not None


@pytest.mark.requirement("R-005")
def test_no_case_ends_while_its_change_waits_for_a_second_person() -> None:
    waiting = strike(waits=True, stands=False)
    case = took(tell(struck(), NOTICE, (strike(),), DAY, CLOSED_DAYS))
    for outcome in (CaseOutcome.ENTERED, CaseOutcome.NOTIFIED, CaseOutcome.NO_CHANGE):
        answer = end_case(case, end(outcome), (waiting,), LATER)
        assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")


def test_what_stands_is_not_called_no_change() -> None:
    told = took(tell(struck(), NOTICE, (strike(),), DAY, CLOSED_DAYS))
    for outcome in (CaseOutcome.NO_CHANGE, CaseOutcome.NOTIFIED):
        answer = end_case(told, end(outcome), (strike(),), LATER)
        assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")
    by_notice = strike(kind=ChangeKind.MOVE_IN, ground=Ground.NOTICE)
    unnotified = took(link_entry(opened(CaseKind.UNNOTIFIED), by_notice, ""))
    answer = end_case(unnotified, end(CaseOutcome.NO_CHANGE), (by_notice,), LATER)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")


def test_what_was_turned_back_ends_nothing_but_leaves_the_case_free_to_end() -> None:
    turned_back = strike(stands=False)
    answer = end_case(struck(), end(CaseOutcome.ENTERED), (turned_back,), LATER)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")
    assert took(end_case(struck(), end(CaseOutcome.NO_CHANGE), (turned_back,), LATER)).end is not None


def test_a_case_ends_with_a_reason_and_an_outcome_of_its_kind() -> None:
    case = opened(CaseKind.SURVEY)
    silent = replace(end(CaseOutcome.NO_CHANGE), why="")
    assert refused(end_case(case, silent, (), LATER)) == (Reason.FIELD_MISSING, "why")
    answer = end_case(case, end(CaseOutcome.NOTIFIED), (), LATER)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")
    ahead = end(CaseOutcome.NO_CHANGE, LATER)
    assert refused(end_case(case, ahead, (), DAY)) == (Reason.DATE_IN_FUTURE, "ended_on")
    assert set(ENDS_AS) == set(product(CaseKind, CaseOutcome))
    for (kind, outcome), its_own in ENDS_AS.items():
        answer = end_case(opened(kind, from_municipality=HAKODATE), end(outcome), (), LATER)
        foreign = isinstance(answer, Refusal) and answer.reason is Reason.FIELD_UNKNOWN_VALUE
        assert foreign != its_own, (kind, outcome, answer)


MISTAKEN = Withdrawal(LATER, "別の方と取り違えた", "first")


@pytest.mark.parametrize("kind", CaseKind)
def test_what_was_opened_by_mistake_is_withdrawn_with_the_reason(kind) -> None:
    case = opened(kind, from_municipality=HAKODATE)
    assert refused(withdraw(case, replace(MISTAKEN, why=" "), (), LATER)) == (Reason.FIELD_MISSING, "why")
    assert refused(withdraw(case, MISTAKEN, (), DAY)) == (Reason.DATE_IN_FUTURE, "withdrawn_on")
    before = replace(MISTAKEN, withdrawn_on=DAY - timedelta(days=1))
    assert refused(withdraw(case, before, (), DAY)) == (Reason.DATE_ORDER, "withdrawn_on")
    withdrawn = took(withdraw(case, MISTAKEN, (), LATER))
    assert withdrawn.end == CaseEnd(LATER, "first", CaseOutcome.WITHDRAWN, "別の方と取り違えた")
    assert standing_of(withdrawn, LATER).state is CaseState.CLOSED
    back = reopen(withdrawn, Reopening(LATER, "誤り"), LATER, CLOSED_DAYS)
    assert refused(back) == (Reason.CASE_CLOSED, "number"), "a new case is opened instead"


def test_a_case_from_which_anything_came_is_no_mistake() -> None:
    for fact in (strike(), strike(waits=True, stands=False)):
        assert refused(withdraw(struck(), MISTAKEN, (fact,), LATER)) == (Reason.ENTRY_NOT_FITTING, "step")
    assert took(withdraw(struck(), MISTAKEN, (strike(stands=False),), LATER)).end is not None
    made = took(remake(opened(CaseKind.REMAKING), Remaking(Damage.LOST, "故障", "CSの写し", DAY, "x"), DAY))
    assert refused(withdraw(made, MISTAKEN, (), LATER)) == (Reason.ENTRY_NOT_FITTING, "step")


@pytest.mark.requirement("R-005")
def test_a_case_that_ended_wrongly_goes_on_with_what_was_done_in_it() -> None:
    asked = took(ask(opened(CaseKind.MISSING_ARRIVAL), INQUIRY, DAY))
    answer = answered(AnswerMeaning.NOT_ARRIVED)
    ended = took(end_case(took(note_answer(asked, answer, DAY)), end(CaseOutcome.NO_CHANGE), (), LATER))
    reopening = Reopening(LATER, "転入していないことが分かった", "third")
    case = took(reopen(ended, reopening, LATER, CLOSED_DAYS))
    assert case.end is None
    assert case.reopenings == (replace(reopening, ended=ended.end),)
    assert case.inquiries == ended.inquiries
    standing = standing_of(case, LATER)
    assert (standing.state, standing.late_days) == (CaseState.RECEIVED, 0)
    assert standing.due_on == upkeep_due(UpkeepDeadline.MISSING_ARRIVAL, LATER, CLOSED_DAYS)
    assert took(ask(case, replace(INQUIRY, asked_on=LATER, due_on=LATER + timedelta(days=9)), LATER))


def test_only_what_ended_is_reopened_and_says_why() -> None:
    case = opened(CaseKind.SURVEY)
    open_still = reopen(case, Reopening(LATER, "誤り"), LATER, CLOSED_DAYS)
    assert refused(open_still) == (Reason.STEP_NOT_FITTING, "step")
    ended = took(end_case(case, end(CaseOutcome.NO_CHANGE), (), LATER))
    for wrong, expected in (
        (Reopening(LATER, ""), (Reason.FIELD_MISSING, "why")),
        (Reopening(LATER + timedelta(days=1), "誤り"), (Reason.DATE_IN_FUTURE, "reopened_on")),
        (Reopening(LATER - timedelta(days=1), "誤り"), (Reason.DATE_ORDER, "reopened_on")),
    ):
        assert refused(reopen(ended, wrong, LATER, CLOSED_DAYS)) == expected


def test_a_remaking_that_is_reopened_needs_its_second_person_again() -> None:
    made = took(
        remake(opened(CaseKind.REMAKING), Remaking(Damage.LOST, "故障", "CSの写し", DAY, "first"), DAY)
    )
    ended = took(end_case(made, end(CaseOutcome.REMADE), (), LATER))
    case = took(reopen(ended, Reopening(LATER, "一致しない"), LATER, CLOSED_DAYS))
    alone = end_case(case, end(CaseOutcome.REMADE, by="first"), (), LATER)
    assert refused(alone) == (Reason.SAME_PERSON, "ended_by")


def test_a_remaking_is_confirmed_by_somebody_else() -> None:
    case = opened(CaseKind.REMAKING)
    unmade = end_case(case, end(CaseOutcome.REMADE), (), LATER)
    assert refused(unmade) == (Reason.FIELD_MISSING, "remaking")
    remaking = Remaking(Damage.DAMAGED, "媒体の故障", "前日の控え", DAY, "first")
    for name in ("cause", "restored_from"):
        assert refused(remake(case, replace(remaking, **{name: ""}), DAY)) == (Reason.FIELD_MISSING, name)
    made = took(remake(case, remaking, DAY))
    assert standing_of(made, DAY).state is CaseState.REMADE
    alone = end_case(made, end(CaseOutcome.REMADE, by="first"), (), LATER)
    assert refused(alone) == (Reason.SAME_PERSON, "ended_by")
    assert took(end_case(made, end(CaseOutcome.REMADE), (), LATER)).end is not None


MOVER = ResidentRecord(
    7, ResidentRecordCode(with_check_digit("0000000007")), 3, PersonName("架空　転出", "カクウ"), PartialDate(1990, 1, 2),
    Sex.FEMALE, "世帯主", "架空　転出", ResidentKind.JAPANESE, date(2020, 4, 1), date(2020, 4, 1), AddressReason.MOVE_IN,
    Address(MunicipalityCode("13101"), "架空町", "1番"), date(2020, 4, 1), date(2020, 4, 1), 1,
    removal=Removal(ChangeReason.MOVE_OUT, DAY, DAY),
)  # fmt: skip
ANOTHER_CODE = ResidentRecordCode(with_check_digit("0000000008"))


@pytest.mark.parametrize("ground", Ground)
@pytest.mark.parametrize("reason", [ChangeReason.MOVE_OUT, ChangeReason.MOVE_OUT_ABROAD])
@pytest.mark.parametrize(
    "kind", [ChangeKind.MOVE_OUT, ChangeKind.MOVE_OUT_NOTICE, ChangeKind.EX_OFFICIO_STRIKE]
)
def test_a_report_is_awaited_of_who_was_struck_for_a_town_in_japan_and_not_by_a_report(
    kind, reason, ground
) -> None:
    entry = Entry(kind, reason, DAY, DAY, (), (MOVER,), (7,), ground)
    awaited = kind is ChangeKind.MOVE_OUT and reason is ChangeReason.MOVE_OUT and ground is not Ground.REPORT
    assert awaited_after(entry) == ((7,) if awaited else ())


@given(DAYS)
def test_a_report_counts_only_about_the_stay_that_ended(moved_in_on) -> None:
    report = MoveInReport((MOVER.resident_record_code,), moved_in_on, LATER, HAKODATE, "函館市")
    arrived = (7,) if moved_in_on > MOVER.resident_since else ()
    assert arrived_by(report, [MOVER]) == arrived
    assert arrived_by(report, [replace(MOVER, removal=None)]) == ()
    assert arrived_by(replace(report, codes=(ANOTHER_CODE,)), [MOVER]) == ()


def test_each_act_is_the_step_that_it_is_called() -> None:
    case, facts = surveyed(SurveyFinding.DOES_NOT_LIVE_THERE), CaseFacts(LATER, (strike(),))
    reminder = Reminder(DAY, LATER, "")
    remaking = Remaking(Damage.LOST, "故障", "控え", DAY, "x")
    asked = took(do_in_case(case, INQUIRY, facts))
    ended = took(end_case(opened(CaseKind.SURVEY), end(CaseOutcome.NO_CHANGE), (), LATER))
    for before, act, step in (
        (case, Identification((7,)), CaseStep.IDENTIFIED),
        (case, INQUIRY, CaseStep.ASKED),
        (asked, Answer(0, DAY, AnswerMeaning.OTHER), CaseStep.ANSWERED),
        (case, reminder, CaseStep.REMINDED),
        (case, SurveyPlan("調査　員", LATER), CaseStep.PLANNED),
        (case, visit(SurveyFinding.NOBODY_MET), CaseStep.VISITED),
        (case, Joining("e1", "実態調査"), CaseStep.LINKED),
        (struck(), NOTICE, CaseStep.TOLD),
        (opened(CaseKind.REMAKING), remaking, CaseStep.REMADE),
        (opened(CaseKind.SURVEY), end(CaseOutcome.NO_CHANGE), CaseStep.CLOSED),
        (opened(CaseKind.SURVEY), Withdrawal(LATER, "誤り"), CaseStep.WITHDRAWN),
        (ended, Reopening(LATER, "誤り"), CaseStep.REOPENED),
    ):
        assert step_of(act) is step
        known = facts if step in (CaseStep.LINKED, CaseStep.TOLD) else CaseFacts(LATER)
        after = took(do_in_case(before, signed_by(act, "whoever"), known))
        assert after != before
        named = step not in (CaseStep.IDENTIFIED, CaseStep.PLANNED)
        assert ("whoever" in _texts(after)) == named, "a part of a case names who wrote it"


def _texts(value: object) -> set[str]:
    if is_dataclass(value):
        return set().union(*(_texts(getattr(value, one.name)) for one in fields(value)))
    if isinstance(value, tuple):
        return set().union(*map(_texts, value))
    return {str(value)} if type(value) in (str, MunicipalityCode) else set()


def test_what_is_veiled_holds_no_word_that_somebody_wrote() -> None:
    secret = "架空町一丁目2番3号"
    case = replace(
        struck(), name="来訪　2号", content=secret, address=secret, from_body=secret, from_municipality=HAKODATE,
        inquiries=(replace(INQUIRY, asked_body=secret, question=secret, answer=secret),),
        reminders=(Reminder(DAY, LATER, secret),),
        visits=(Visit(DAY, "調査　員", SurveyFinding.DOES_NOT_LIVE_THERE, secret),),
        tellings=(Telling(TellingWay.PUBLIC_NOTICE, DAY, ("e1",), LATER, secret),),
        remaking=Remaking(Damage.LOST, secret, secret, DAY, "x"),
        end=CaseEnd(LATER, "x", CaseOutcome.ENTERED, secret),
        reopenings=(Reopening(LATER, secret, "x", CaseEnd(LATER, "x", CaseOutcome.NO_CHANGE, secret)),),
    )  # fmt: skip
    case = replace(case, entries=tuple(replace(one, confirmed_by=secret) for one in case.entries))
    left = _texts(veiled_case(case))
    assert secret not in left
    assert HAKODATE not in left
    assert "函館市" not in left
    assert veiled_case(case).people == case.people


def test_an_empty_case_is_veiled_without_inventing_anything() -> None:
    veiled = veiled_case(opened(CaseKind.UNNOTIFIED))
    assert (veiled.address, veiled.from_body, veiled.inquiries, veiled.end) == ("", "", (), None)


def test_whoever_remade_a_record_does_not_end_the_case_alone_by_another_outcome() -> None:
    case = took(remake(opened(CaseKind.REMAKING), Remaking(Damage.LOST, "故障", "CSの写し", DAY, "x"), DAY))
    answer = end_case(case, end(CaseOutcome.NO_CHANGE, LATER), (), LATER)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")


PLACE = kanji_key("架空町一丁目2番3号")
WHERE = "いまは 架空町 一丁目２番３号 に住む"


def spoken(by: str) -> UpkeepCase:
    """A case in every part of which somebody wrote where a protected person lives."""
    return replace(
        struck(), content=WHERE, address="架空町一丁目2番3号", from_body="架空市役所", from_municipality=HAKODATE, opened_by=by,
        inquiries=(replace(INQUIRY, question=WHERE, asked_by=by), replace(INQUIRY, answer=WHERE, answered_by=by)),
        reminders=(Reminder(DAY, LATER, WHERE, by),),
        visits=(replace(visit(SurveyFinding.DOES_NOT_LIVE_THERE), words=WHERE, noted_by=by),),
        entries=(replace(struck().entries[0], confirmed_by=WHERE, linked_by=by),),
        tellings=(replace(NOTICE, words=WHERE, told_by=by),),
        remaking=Remaking(Damage.LOST, WHERE, "控え", DAY, by),
        end=CaseEnd(LATER, by, CaseOutcome.ENTERED, WHERE),
        reopenings=(Reopening(LATER, WHERE, by, CaseEnd(LATER, by, CaseOutcome.NO_CHANGE, WHERE)),),
    )  # fmt: skip


def test_no_part_of_a_case_names_the_place_of_whoever_once_lived_with_its_people() -> None:
    left = _texts(case_without_places(spoken("officer"), {PLACE}, "clerk"))
    assert not [text for text in left if names_place(text, {PLACE})]
    assert HAKODATE not in left, "whom was asked tells of what was answered"
    assert "函館市" not in left


def test_parts_that_name_no_such_place_stay_as_they_are() -> None:
    case = replace(
        struck(), content="郵便物が返戻された", inquiries=(INQUIRY, replace(INQUIRY, answer=WHERE))
    )
    less = case_without_places(case, {PLACE}, "clerk")
    assert less.content == "郵便物が返戻された"
    assert less.inquiries[0] == INQUIRY
    assert less.inquiries[1].answer == WITHHELD
    assert case_without_places(case, (), "clerk") == case


def test_nobody_learns_by_what_is_left_out_whether_an_own_guess_was_right() -> None:
    assert case_without_places(spoken("clerk"), {PLACE}, "clerk") == spoken("clerk")
    guess = replace(opened(CaseKind.SURVEY), content=WHERE, opened_by="clerk")
    assert case_without_places(guess, {PLACE}, "clerk") == guess
    assert case_without_places(guess, {PLACE}, "another").content == WITHHELD


@given(st.integers(0, 450))
def test_a_place_is_found_in_a_text_of_any_length(before) -> None:
    text = "あ" * before + "架空町一丁目2番3号" + "い" * 300
    assert names_place(text, {PLACE})
    assert not names_place(text.replace("3号", "4号"), {PLACE})
    assert not names_place("架空町", {PLACE}), "a part of a place is none"
