"""What can be done in a case, and what each step asks for.  事案の処理"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.reasons import ChangeKind, Ground
from daicho.rules.upkeep.case import (
    AnswerMeaning,
    CaseEnd,
    CaseKind,
    CaseOutcome,
    CaseSource,
    CaseStep,
    Inquiry,
    LinkedEntry,
    Remaking,
    Reminder,
    SurveyFinding,
    SurveyPlan,
    Telling,
    TellingWay,
    UpkeepCase,
    Visit,
)
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_due

_KEEPING = juki("14")
_SURVEY = juki("34")
_EX_OFFICIO = juki_order("12")
_REMAKING = juki_order("17")
_SECOND_PERSON = Article("本人確認情報管理方法", "3")

SOURCES: dict[CaseKind, tuple[CaseSource, ...]] = {
    CaseKind.REPORT: (
        CaseSource.FAMILY_REGISTER, CaseSource.OTHER_TOWN, CaseSource.COMMITTEE, CaseSource.STATEMENT,
        CaseSource.OTHER_OFFICE,
    ),
    CaseKind.MISSING_ARRIVAL: (CaseSource.NO_ARRIVAL_REPORT,),
    CaseKind.UNNOTIFIED: (
        CaseSource.OTHER_OFFICE, CaseSource.RETURNED_MAIL, CaseSource.COMMITTEE, CaseSource.OUTSIDER,
        CaseSource.REGULAR_SURVEY, CaseSource.SURVEY,
    ),
    CaseKind.SURVEY: (
        CaseSource.SURVEY, CaseSource.REGULAR_SURVEY, CaseSource.OTHER_OFFICE, CaseSource.RETURNED_MAIL,
        CaseSource.COMMITTEE, CaseSource.STATEMENT, CaseSource.OUTSIDER, CaseSource.NO_ARRIVAL_REPORT,
    ),
    CaseKind.REMAKING: (CaseSource.LOSS_FOUND,),
}  # fmt: skip
_ANYBODYS = frozenset(
    (CaseStep.IDENTIFIED, CaseStep.ASKED, CaseStep.ANSWERED, CaseStep.LINKED, CaseStep.TOLD)
)
STEPS: dict[CaseKind, frozenset[CaseStep]] = {
    CaseKind.REPORT: _ANYBODYS,
    CaseKind.MISSING_ARRIVAL: _ANYBODYS | {CaseStep.REMINDED},
    CaseKind.UNNOTIFIED: _ANYBODYS | {CaseStep.REMINDED},
    CaseKind.SURVEY: _ANYBODYS | {CaseStep.REMINDED, CaseStep.PLANNED, CaseStep.VISITED},
    CaseKind.REMAKING: frozenset((CaseStep.LINKED, CaseStep.REMADE)),
}
OUTCOMES: dict[CaseKind, tuple[CaseOutcome, ...]] = {
    CaseKind.REPORT: (CaseOutcome.ENTERED, CaseOutcome.NOTIFIED, CaseOutcome.NO_CHANGE),
    CaseKind.MISSING_ARRIVAL: (
        CaseOutcome.ARRIVED, CaseOutcome.NOTIFIED, CaseOutcome.ENTERED, CaseOutcome.NO_CHANGE,
    ),
    CaseKind.UNNOTIFIED: (CaseOutcome.NOTIFIED, CaseOutcome.ENTERED, CaseOutcome.NO_CHANGE),
    CaseKind.SURVEY: (CaseOutcome.NO_CHANGE, CaseOutcome.ENTERED, CaseOutcome.NOTIFIED),
    CaseKind.REMAKING: (CaseOutcome.REMADE, CaseOutcome.NO_CHANGE),
}  # fmt: skip
_BEGINNINGS = {
    CaseKind.REPORT: UpkeepDeadline.REPORT,
    CaseKind.MISSING_ARRIVAL: UpkeepDeadline.MISSING_ARRIVAL,
    CaseKind.UNNOTIFIED: UpkeepDeadline.UNNOTIFIED,
    CaseKind.SURVEY: UpkeepDeadline.SURVEY,
    CaseKind.REMAKING: UpkeepDeadline.REMAKING,
}
# What 令12条2項 names needs no word to the person: the filing was theirs.
_BY_FILING = frozenset((CaseSource.FAMILY_REGISTER, CaseSource.OTHER_TOWN))


@dataclass(frozen=True, slots=True)
class EntryFact:
    """What the register knows of an entry that a case is joined to.  異動の事実

    `concerns` are all whose records it rests on; `waits` for a second person; `stands`, verified and not turned back.
    """

    entry_id: str
    kind: ChangeKind
    ground: Ground
    subjects: tuple[int, ...]
    concerns: frozenset[int]
    entered_on: date
    waits: bool
    stands: bool

    @property
    def ex_officio(self) -> bool:
        """Tell whether the mayor acted without a notice; a report of a moving-in stands for the mover's own."""
        return _acted(self.kind, self.ground)


def _acted(kind: ChangeKind, ground: Ground) -> bool:
    return ground is Ground.EX_OFFICIO or (ground is Ground.REPORT and kind is not ChangeKind.MOVE_OUT)


def open_case(case: UpkeepCase, on: date, closed: Container[date]) -> UpkeepCase | Refusal:
    """Open a case: from a source that its kind may have, about somebody or some place, and give it its first deadline.

    Law: 住民基本台帳法 第9条第2項, 第13条, 第14条, 第34条; the deadline is own definition.
    """
    if case.source not in SOURCES[case.kind]:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _KEEPING, "source")
    if case.received_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, case.article, "received_on")
    if not case.content.strip():
        return Refusal(Reason.FIELD_MISSING, case.article, "content")
    known = case.people or case.kind not in (CaseKind.MISSING_ARRIVAL, CaseKind.REMAKING)
    if not known or not (case.people or case.name.strip() or case.address.strip()):
        return Refusal(Reason.FIELD_MISSING, case.article, "people")
    if case.source is CaseSource.OTHER_TOWN and case.from_municipality is None:
        return Refusal(Reason.FIELD_MISSING, case.article, "from_municipality")
    return replace(case, due_on=upkeep_due(_BEGINNINGS[case.kind], case.received_on, closed))


def _check(case: UpkeepCase, step: CaseStep, article: Article = _KEEPING) -> Refusal | None:
    if case.end is not None:
        return Refusal(Reason.CASE_CLOSED, _KEEPING, "number")
    if step not in STEPS[case.kind]:
        return Refusal(Reason.STEP_NOT_FITTING, article, "step", step.value)
    return None


def _check_day(case: UpkeepCase, day: date, on: date, article: Article, name: str) -> Refusal | None:
    if day > on:
        return Refusal(Reason.DATE_IN_FUTURE, article, name)
    if day < case.received_on:
        return Refusal(Reason.DATE_ORDER, article, name)
    return None


def identify(case: UpkeepCase, people: tuple[int, ...]) -> UpkeepCase | Refusal:
    """Name the residents whom a case concerns; whoever is named already stays.

    Law: 住民基本台帳法 第14条第1項
    """
    refusal = _check(case, CaseStep.IDENTIFIED)
    if refusal is not None:
        return refusal
    named = tuple(dict.fromkeys((*case.people, *people)))
    if named == case.people:
        return Refusal(Reason.NOTHING_CHANGES, _KEEPING, "people")
    return replace(case, people=named)


def ask(case: UpkeepCase, inquiry: Inquiry, on: date) -> UpkeepCase | Refusal:
    """Note that another authority was asked.

    Law: 住民基本台帳法 第14条第1項 (その他必要な措置)
    """
    refusal = _check(case, CaseStep.ASKED) or _check_day(case, inquiry.asked_on, on, _KEEPING, "asked_on")
    if refusal is not None:
        return refusal
    if not inquiry.asked_body.strip():
        return Refusal(Reason.FIELD_MISSING, _KEEPING, "asked_body")
    if not inquiry.question.strip():
        return Refusal(Reason.FIELD_MISSING, _KEEPING, "question")
    if inquiry.due_on <= inquiry.asked_on:
        return Refusal(Reason.DATE_ORDER, _KEEPING, "answer_due_on")
    return replace(case, inquiries=(*case.inquiries, inquiry))


def note_answer(
    case: UpkeepCase, place: int, answered_on: date, meaning: AnswerMeaning, answer: str, on: date
) -> UpkeepCase | Refusal:
    """Note what came back to the inquiry at a place, counted from nought; each is answered once.

    Law: 住民基本台帳法 第14条第1項
    """
    refusal = _check(case, CaseStep.ANSWERED)
    if refusal is not None:
        return refusal
    if not 0 <= place < len(case.inquiries):
        return Refusal(Reason.NOT_FOUND, _KEEPING, "inquiry")
    inquiry = case.inquiries[place]
    if inquiry.answered_on is not None:
        return Refusal(Reason.NOTHING_CHANGES, _KEEPING, "inquiry")
    if answered_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _KEEPING, "answered_on")
    if answered_on < inquiry.asked_on:
        return Refusal(Reason.DATE_ORDER, _KEEPING, "answered_on")
    told = replace(inquiry, answered_on=answered_on, meaning=meaning, answer=answer)
    return replace(case, inquiries=(*case.inquiries[:place], told, *case.inquiries[place + 1 :]))


def remind(case: UpkeepCase, reminder: Reminder, on: date) -> UpkeepCase | Refusal:
    """Note that whoever owes a notice was asked to give it until a day.

    Law: 住民基本台帳法 第14条第1項
    """
    refusal = _check(case, CaseStep.REMINDED) or _check_day(case, reminder.sent_on, on, _KEEPING, "sent_on")
    if refusal is not None:
        return refusal
    if reminder.due_on <= reminder.sent_on:
        return Refusal(Reason.DATE_ORDER, _KEEPING, "notice_due_on")
    return replace(case, reminders=(*case.reminders, reminder))


def plan_survey(case: UpkeepCase, plan: SurveyPlan) -> UpkeepCase | Refusal:
    """Say who goes there and when; a later plan takes the place of an earlier one.

    Law: 住民基本台帳法 第34条第2項, 第3項
    """
    refusal = _check(case, CaseStep.PLANNED, _SURVEY)
    if refusal is not None:
        return refusal
    if not plan.surveyors.strip():
        return Refusal(Reason.FIELD_MISSING, _SURVEY, "surveyors")
    if plan.planned_on < case.received_on:
        return Refusal(Reason.DATE_ORDER, _SURVEY, "planned_on")
    return replace(case, plan=plan)


def note_visit(case: UpkeepCase, visit: Visit, on: date) -> UpkeepCase | Refusal:
    """Note one visit and what was found.

    Law: 住民基本台帳法 第34条第3項
    """
    refusal = _check(case, CaseStep.VISITED, _SURVEY) or _check_day(
        case, visit.visited_on, on, _SURVEY, "visited_on"
    )
    if refusal is not None:
        return refusal
    if not visit.surveyors.strip():
        return Refusal(Reason.FIELD_MISSING, _SURVEY, "surveyors")
    if visit.finding is not SurveyFinding.NOBODY_MET and not visit.words.strip():
        return Refusal(Reason.FIELD_MISSING, _SURVEY, "finding_words")
    return replace(case, visits=(*case.visits, visit))


def survey_found(case: UpkeepCase) -> SurveyFinding | None:
    """Tell what the newest visit that found anything says; nothing while nobody was met.

    Visits of one day count in the order in which they were written down.

    Law: 住民基本台帳法 第34条; own definition.
    """
    found = [one for one in case.visits if one.finding is not SurveyFinding.NOBODY_MET]
    return max(reversed(found), key=lambda one: one.visited_on).finding if found else None


def link_entry(case: UpkeepCase, fact: EntryFact, confirmed_by: str) -> UpkeepCase | Refusal:
    """Join the change that was entered because of the case; of an ex officio one, how its fact was confirmed.

    To strike somebody as not living there rests, in a survey, on a visit that found so.

    Law: 住民基本台帳法施行令 第12条
    """
    refusal = _check(case, CaseStep.LINKED, _EX_OFFICIO)
    if refusal is not None:
        return refusal
    if any(one.entry_id == fact.entry_id for one in case.entries):
        return Refusal(Reason.NOTHING_CHANGES, _EX_OFFICIO, "entry_id")
    if not (fact.waits or fact.stands) or fact.entered_on < case.received_on:
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "entry_id")
    if case.people and not fact.concerns & set(case.people):
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "entry_id")
    if fact.ex_officio and not confirmed_by.strip():
        return Refusal(Reason.FACT_NOT_CONFIRMED, _EX_OFFICIO, "confirmed_by")
    strikes = fact.kind is ChangeKind.EX_OFFICIO_STRIKE and case.kind is CaseKind.SURVEY
    if strikes and survey_found(case) is not SurveyFinding.DOES_NOT_LIVE_THERE:
        return Refusal(Reason.FACT_NOT_CONFIRMED, _EX_OFFICIO, "entry_id", "SURVEY")
    linked = LinkedEntry(fact.entry_id, fact.kind, fact.ground, confirmed_by)
    # Whoever was not known is known by the entry.
    people = case.people or tuple(dict.fromkeys(fact.subjects))
    return replace(case, people=people, entries=(*case.entries, linked))


def owes_telling(case: UpkeepCase) -> bool:
    """Tell whether the person must be told of what the mayor did: after an ex officio change but those of 令12条2項.

    Law: 住民基本台帳法施行令 第12条第4項, as far as known: its text is not among the sources.
    """
    acted = any(_acted(one.kind, one.ground) for one in case.entries)
    return acted and case.source not in _BY_FILING and case.kind is not CaseKind.REMAKING


def tell(
    case: UpkeepCase, telling: Telling, facts: tuple[EntryFact, ...], on: date, closed: Container[date]
) -> UpkeepCase | Refusal:
    """Note that the person was told, or that it was made public because that could not be, and why.

    Only what stands can be told of: not a change that waits for its second person. A public notice without a last
    day gets one; what is told once can be made public when it did not reach anybody.

    Law: 住民基本台帳法施行令 第12条第4項; the days of a public notice are own definition.
    """
    refusal = _check(case, CaseStep.TOLD, _EX_OFFICIO) or _check_day(
        case, telling.begun_on, on, _EX_OFFICIO, "begun_on"
    )
    if refusal is not None:
        return refusal
    if not owes_telling(case):
        return Refusal(Reason.STEP_NOT_FITTING, _EX_OFFICIO, "step", CaseStep.TOLD.value)
    if not any(one.stands and one.ex_officio for one in facts):
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "step", "WAITING")
    ends_on = telling.ends_on
    if telling.way is TellingWay.PUBLIC_NOTICE:
        if not telling.words.strip():
            return Refusal(Reason.FIELD_MISSING, _EX_OFFICIO, "telling_words")
        ends_on = ends_on or upkeep_due(UpkeepDeadline.PUBLIC_NOTICE, telling.begun_on, closed)
    elif ends_on is not None and ends_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _EX_OFFICIO, "ends_on")
    if ends_on is not None and ends_on < telling.begun_on:
        return Refusal(Reason.DATE_ORDER, _EX_OFFICIO, "ends_on")
    return replace(case, telling=replace(telling, ends_on=ends_on))


def remake(case: UpkeepCase, remaking: Remaking, on: date) -> UpkeepCase | Refusal:
    """Note that a lost or damaged record was put back, from what, and by whom; somebody else ends the case.

    Law: 住民基本台帳法施行令 第17条, as far as known; 本人確認情報管理方法 第3
    """
    refusal = _check(case, CaseStep.REMADE, _REMAKING) or _check_day(
        case, remaking.remade_on, on, _REMAKING, "remade_on"
    )
    if refusal is not None:
        return refusal
    if not remaking.cause.strip():
        return Refusal(Reason.FIELD_MISSING, _REMAKING, "cause")
    if not remaking.restored_from.strip():
        return Refusal(Reason.FIELD_MISSING, _REMAKING, "restored_from")
    return replace(case, remaking=remaking)


def end_case(
    case: UpkeepCase, end: CaseEnd, facts: tuple[EntryFact, ...], on: date, *, reported: bool = False
) -> UpkeepCase | Refusal:
    """End a case: by what was entered and stands, by what an answer says, by a remaking, or without any change.

    `reported` tells that everybody in the case was reported as moved in after all.

    Nothing ends while a change waits for its second person or while somebody is still to be told.

    Law: 住民基本台帳法 第14条第1項; 住民基本台帳法施行令 第12条
    """
    if case.end is not None:
        return Refusal(Reason.CASE_CLOSED, _KEEPING, "number")
    refusal = _check_day(case, end.ended_on, on, _KEEPING, "ended_on")
    if refusal is not None:
        return refusal
    if end.outcome not in OUTCOMES[case.kind]:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _KEEPING, "outcome")
    if not end.why.strip():
        return Refusal(Reason.FIELD_MISSING, _KEEPING, "why")
    if any(one.waits for one in facts):
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "outcome", "WAITING")
    refusal = _check_outcome(case, end, tuple(one for one in facts if one.stands), reported=reported)
    return replace(case, end=end) if refusal is None else refusal


def _check_outcome(
    case: UpkeepCase, end: CaseEnd, standing: tuple[EntryFact, ...], *, reported: bool
) -> Refusal | None:
    acted = any(one.ex_officio for one in standing)
    if end.outcome is CaseOutcome.REMADE:
        return _check_remade(case, end)
    if end.outcome is CaseOutcome.ENTERED:
        return _check_told(case, end) if acted else Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "outcome")
    if case.remaking is not None:
        return Refusal(Reason.ENTRY_NOT_FITTING, _REMAKING, "outcome", "REMADE")
    if acted and case.kind is not CaseKind.REMAKING:
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "outcome", "EX_OFFICIO")
    if end.outcome is CaseOutcome.NOTIFIED:
        return None if standing else Refusal(Reason.ENTRY_NOT_FITTING, _KEEPING, "outcome")
    if end.outcome is CaseOutcome.ARRIVED:
        told = reported or any(one.meaning is AnswerMeaning.ARRIVED for one in case.inquiries)
        return None if told else Refusal(Reason.FACT_NOT_CONFIRMED, _KEEPING, "outcome")
    return Refusal(Reason.ENTRY_NOT_FITTING, _KEEPING, "outcome", "NOTICE") if standing else None


def _check_told(case: UpkeepCase, end: CaseEnd) -> Refusal | None:
    if not owes_telling(case):
        return None
    if case.telling is None:
        return Refusal(Reason.PERSON_NOT_TOLD, _EX_OFFICIO, "outcome")
    public = case.telling.way is TellingWay.PUBLIC_NOTICE
    if public and case.telling.ends_on is not None and end.ended_on <= case.telling.ends_on:
        return Refusal(Reason.PERSON_NOT_TOLD, _EX_OFFICIO, "outcome", "RUNNING")
    return None


def _check_remade(case: UpkeepCase, end: CaseEnd) -> Refusal | None:
    if case.remaking is None:
        return Refusal(Reason.FIELD_MISSING, _REMAKING, "remaking")
    if case.remaking.remade_by == end.ended_by:
        return Refusal(Reason.SAME_PERSON, _SECOND_PERSON, "ended_by")
    return None
