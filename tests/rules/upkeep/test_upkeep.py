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
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.move_out import MoveInReport
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import AddressReason, Removal, ResidentKind, ResidentRecord
from daicho.rules.upkeep.acts import (
    Answer,
    CaseFacts,
    Identification,
    Joining,
    do_in_case,
    step_of,
)
from daicho.rules.upkeep.arrivals import arrived_by, awaited_after
from daicho.rules.upkeep.case import (
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
    SurveyFinding,
    SurveyPlan,
    Telling,
    TellingWay,
    UpkeepCase,
    Visit,
    article_of,
)
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_due, upkeep_period
from daicho.rules.upkeep.standing import CaseState, standing_of, veiled_case
from daicho.rules.upkeep.steps import (
    OUTCOMES,
    SOURCES,
    STEPS,
    EntryFact,
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
    survey_found,
    tell,
)

DAY = date(2026, 11, 20)
LATER = DAY + timedelta(days=60)
HAKODATE = MunicipalityCode("01202")
INQUIRY = Inquiry("函館市", HAKODATE, DAY, date(2026, 12, 4), "転入の有無")
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def fresh(kind: CaseKind, source: CaseSource | None = None, **items: object) -> UpkeepCase:
    given_items = {"people": (1,)} | items
    return UpkeepCase("2026-000001", kind, source or SOURCES[kind][0], DAY, "架空の連絡", DAY, **given_items)


def opened(kind: CaseKind, source: CaseSource | None = None, **items: object) -> UpkeepCase:
    case = open_case(fresh(kind, source, **items), DAY, CLOSED_DAYS)
    assert isinstance(case, UpkeepCase), case
    return case


def strike(**items: object) -> EntryFact:
    told = {"entry_id": "e1", "kind": ChangeKind.EX_OFFICIO_STRIKE, "ground": Ground.EX_OFFICIO, "subjects": (1,),
            "concerns": frozenset((1,)), "entered_on": DAY, "waits": False, "stands": True}  # fmt: skip
    return EntryFact(**(told | items))


def visit(finding: SurveyFinding, days: int = 0) -> Visit:
    return Visit(DAY + timedelta(days=days), "調査　員", finding, "表札と郵便受けがない")


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
        assert isinstance(answer, UpkeepCase) == (source in SOURCES[kind]), (kind, source)


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
    case = opened(kind, SOURCES[kind][0], from_municipality=HAKODATE)
    standing = standing_of(case, DAY + timedelta(days=days))
    assert standing.state is CaseState.RECEIVED
    assert standing.waited_days == days
    assert standing.late_days == max(0, days - (case.due_on - DAY).days)


def attempts(case: UpkeepCase) -> dict[CaseStep, UpkeepCase | Refusal]:
    return {
        CaseStep.IDENTIFIED: identify(case, (7,)),
        CaseStep.ASKED: ask(case, INQUIRY, DAY),
        CaseStep.ANSWERED: note_answer(case, 0, DAY, AnswerMeaning.OTHER, "", DAY),
        CaseStep.REMINDED: remind(case, Reminder(DAY, DAY + timedelta(days=14), ""), DAY),
        CaseStep.PLANNED: plan_survey(case, SurveyPlan("調査　員", DAY)),
        CaseStep.VISITED: note_visit(case, visit(SurveyFinding.NOBODY_MET), DAY),
        CaseStep.LINKED: link_entry(case, strike(kind=ChangeKind.CORRECTION), "書類"),
        CaseStep.TOLD: tell(case, Telling(TellingWay.NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS),
        CaseStep.REMADE: remake(case, Remaking(Damage.LOST, "故障", "CSの写し", DAY, "x"), DAY),
    }


def test_a_kind_knows_its_steps_and_no_other() -> None:
    for kind in CaseKind:
        for step, answer in attempts(opened(kind, from_municipality=HAKODATE)).items():
            foreign = isinstance(answer, Refusal) and answer.reason is Reason.STEP_NOT_FITTING
            # Nobody is to be told before the mayor did anything.
            assert foreign == (step not in STEPS[kind] or step is CaseStep.TOLD), (kind, step, answer)


@given(st.sampled_from(CaseKind), st.sampled_from(list(CaseOutcome)))
def test_nothing_happens_in_a_case_that_has_ended(kind, outcome) -> None:
    case = replace(opened(kind, from_municipality=HAKODATE), end=end(CaseOutcome.NO_CHANGE))
    for answer in (*attempts(case).values(), end_case(case, end(outcome), (), LATER)):
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
    early = note_answer(case, 0, DAY - timedelta(days=1), AnswerMeaning.ARRIVED, "", DAY)
    assert refused(early) == (Reason.DATE_ORDER, "answered_on")
    ahead = note_answer(case, 0, LATER, AnswerMeaning.ARRIVED, "", DAY)
    assert refused(ahead) == (Reason.DATE_IN_FUTURE, "answered_on")
    assert refused(note_answer(case, 1, DAY, AnswerMeaning.ARRIVED, "", DAY)) == (Reason.NOT_FOUND, "inquiry")
    told = took(note_answer(case, 0, LATER, AnswerMeaning.ARRIVED, "11月2日に転入", LATER))
    assert standing_of(told, LATER).state is CaseState.RECEIVED
    again = note_answer(told, 0, LATER, AnswerMeaning.NOT_ARRIVED, "", LATER)
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
        case = took(note_answer(took(ask(case, INQUIRY, DAY)), 0, DAY, meaning, "", DAY))
    answer = end_case(case, end(CaseOutcome.ARRIVED), (), LATER)
    assert refused(answer) == (Reason.FACT_NOT_CONFIRMED, "outcome")
    assert took(end_case(case, end(CaseOutcome.ARRIVED), (), LATER, reported=True)).end is not None


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
    assert survey_found(case) == (expected[-1] if expected else None)


@pytest.mark.requirement("R-005")
@pytest.mark.parametrize(
    "findings",
    [(), (SurveyFinding.NOBODY_MET,) * 3, (SurveyFinding.DOES_NOT_LIVE_THERE, SurveyFinding.LIVES_THERE)],
)
def test_nobody_is_struck_by_a_survey_that_did_not_find_them_gone(findings) -> None:
    answer = link_entry(surveyed(*findings), strike(), "実態調査")
    assert refused(answer) == (Reason.FACT_NOT_CONFIRMED, "entry_id")


def struck() -> UpkeepCase:
    return took(link_entry(surveyed(SurveyFinding.DOES_NOT_LIVE_THERE), strike(), "実態調査"))


@pytest.mark.requirement("R-005")
def test_whoever_was_struck_must_be_told_before_the_case_ends() -> None:
    case = struck()
    assert owes_telling(case)
    assert standing_of(case, DAY).state is CaseState.TO_TELL
    untold = end_case(case, end(CaseOutcome.ENTERED), (strike(),), LATER)
    assert refused(untold) == (Reason.PERSON_NOT_TOLD, "outcome")
    told = took(tell(case, Telling(TellingWay.NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS))
    ended = took(end_case(told, end(CaseOutcome.ENTERED), (strike(),), LATER))
    assert ended.end is not None
    assert ended.end.outcome is CaseOutcome.ENTERED


def test_nobody_is_told_of_what_waits_for_a_second_person() -> None:
    waiting = strike(waits=True, stands=False)
    answer = tell(struck(), Telling(TellingWay.NOTICE, DAY), (waiting,), DAY, CLOSED_DAYS)
    assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "step")


def test_a_public_notice_says_why_and_must_have_run_out() -> None:
    case = struck()
    silent = tell(case, Telling(TellingWay.PUBLIC_NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS)
    assert refused(silent) == (Reason.FIELD_MISSING, "telling_words")
    public = Telling(TellingWay.PUBLIC_NOTICE, DAY, words="住所及び居所が明らかでない")
    told = took(tell(case, public, (strike(),), DAY, CLOSED_DAYS))
    assert told.telling is not None
    assert told.telling.ends_on == date(2026, 12, 4)
    assert standing_of(told, DAY).state is CaseState.MADE_PUBLIC
    early = end_case(told, end(CaseOutcome.ENTERED, date(2026, 12, 3)), (strike(),), LATER)
    assert isinstance(early, Refusal)
    assert (early.reason, early.detail) == (Reason.PERSON_NOT_TOLD, "RUNNING")
    on_last_day = end_case(told, end(CaseOutcome.ENTERED, date(2026, 12, 4)), (strike(),), LATER)
    assert isinstance(on_last_day, Refusal), "a period is over with the end of its last day (民法141条)"
    after = end(CaseOutcome.ENTERED, date(2026, 12, 5))
    assert took(end_case(told, after, (strike(),), LATER)).end == after


def test_what_did_not_reach_anybody_is_made_public_afterwards() -> None:
    told = took(tell(struck(), Telling(TellingWay.NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS))
    public = Telling(TellingWay.PUBLIC_NOTICE, DAY, words="通知が返戻された")
    assert took(tell(told, public, (strike(),), DAY, CLOSED_DAYS)).telling != told.telling


def test_the_days_of_telling_follow_each_other() -> None:
    case = struck()
    backwards = Telling(TellingWay.PUBLIC_NOTICE, DAY, DAY - timedelta(days=1), "居所不明")
    assert refused(tell(case, backwards, (strike(),), DAY, CLOSED_DAYS)) == (Reason.DATE_ORDER, "ends_on")
    reached_tomorrow = Telling(TellingWay.NOTICE, DAY, DAY + timedelta(days=1))
    assert refused(tell(case, reached_tomorrow, (strike(),), DAY, CLOSED_DAYS)) == (
        Reason.DATE_IN_FUTURE,
        "ends_on",
    )
    ahead = Telling(TellingWay.NOTICE, DAY + timedelta(days=1))
    assert refused(tell(case, ahead, (strike(),), DAY, CLOSED_DAYS)) == (Reason.DATE_IN_FUTURE, "begun_on")


@pytest.mark.parametrize("source", [CaseSource.FAMILY_REGISTER, CaseSource.OTHER_TOWN])
def test_a_change_by_a_family_register_filing_owes_no_word_to_the_person(source) -> None:
    fact = strike(kind=ChangeKind.DEATH, ground=Ground.REPORT)
    case = opened(CaseKind.REPORT, source, from_municipality=HAKODATE)
    case = took(link_entry(case, fact, "通知書"))
    assert not owes_telling(case)
    assert standing_of(case, DAY).state is CaseState.ENTERED
    answer = tell(case, Telling(TellingWay.NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS)
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
    case = took(tell(struck(), Telling(TellingWay.NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS))
    for outcome in OUTCOMES[CaseKind.SURVEY]:
        answer = end_case(case, end(outcome), (waiting,), LATER)
        assert refused(answer) == (Reason.ENTRY_NOT_FITTING, "outcome")


def test_what_stands_is_not_called_no_change() -> None:
    told = took(tell(struck(), Telling(TellingWay.NOTICE, DAY), (strike(),), DAY, CLOSED_DAYS))
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
    for kind, outcome in product(CaseKind, CaseOutcome):
        if outcome not in OUTCOMES[kind]:
            foreign = end_case(opened(kind, from_municipality=HAKODATE), end(outcome), (), LATER)
            assert refused(foreign) == (Reason.FIELD_UNKNOWN_VALUE, "outcome")


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
    telling = Telling(TellingWay.NOTICE, DAY)
    asked = took(do_in_case(case, INQUIRY, facts))
    for before, act, step in (
        (case, Identification((7,)), CaseStep.IDENTIFIED),
        (case, INQUIRY, CaseStep.ASKED),
        (asked, Answer(0, DAY, AnswerMeaning.OTHER), CaseStep.ANSWERED),
        (case, reminder, CaseStep.REMINDED),
        (case, SurveyPlan("調査　員", LATER), CaseStep.PLANNED),
        (case, visit(SurveyFinding.NOBODY_MET), CaseStep.VISITED),
        (case, Joining("e1", "実態調査"), CaseStep.LINKED),
        (struck(), telling, CaseStep.TOLD),
        (opened(CaseKind.REMAKING), remaking, CaseStep.REMADE),
        (opened(CaseKind.SURVEY), end(CaseOutcome.NO_CHANGE), CaseStep.CLOSED),
    ):
        assert step_of(act) is step
        known = facts if step in (CaseStep.LINKED, CaseStep.TOLD) else CaseFacts(LATER)
        assert took(do_in_case(before, act, known)) != before


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
        telling=Telling(TellingWay.PUBLIC_NOTICE, DAY, LATER, secret),
        remaking=Remaking(Damage.LOST, secret, secret, DAY, "x"),
        end=CaseEnd(LATER, "x", CaseOutcome.ENTERED, secret),
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
