"""What can be done in a case, and what each step asks for.  事案の処理"""

from collections.abc import Collection, Container
from dataclasses import replace
from datetime import date

from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.upkeep.case import (
    Answer,
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
    Reopening,
    SurveyFinding,
    SurveyPlan,
    Telling,
    TellingWay,
    UpkeepCase,
    Visit,
    Withdrawal,
)
from daicho.rules.upkeep.grounds import EntryFact, acted, ungrounded
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


def note_answer(case: UpkeepCase, answer: Answer, on: date) -> UpkeepCase | Refusal:
    """Note what came back to an inquiry; each is answered once, and that people arrived is told of each by number.

    Law: 住民基本台帳法 第14条第1項
    """
    refusal = _check(case, CaseStep.ANSWERED)
    if refusal is not None:
        return refusal
    if not 0 <= answer.place < len(case.inquiries):
        return Refusal(Reason.NOT_FOUND, _KEEPING, "inquiry")
    inquiry = case.inquiries[answer.place]
    if inquiry.answered_on is not None:
        return Refusal(Reason.NOTHING_CHANGES, _KEEPING, "inquiry")
    if answer.answered_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _KEEPING, "answered_on")
    if answer.answered_on < inquiry.asked_on:
        return Refusal(Reason.DATE_ORDER, _KEEPING, "answered_on")
    arrived = answer.arrived if answer.meaning is AnswerMeaning.ARRIVED else ()
    if case.people and answer.meaning is AnswerMeaning.ARRIVED and not arrived:
        return Refusal(Reason.FIELD_MISSING, _KEEPING, "arrived")
    if not set(arrived) <= set(case.people):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _KEEPING, "arrived")
    told = replace(
        inquiry,
        answered_on=answer.answered_on,
        meaning=answer.meaning,
        answer=answer.words,
        arrived=arrived,
        answered_by=answer.answered_by,
    )
    before, after = case.inquiries[: answer.place], case.inquiries[answer.place + 1 :]
    return replace(case, inquiries=(*before, told, *after))


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
    """Note one visit, what was found, and of whom of the case; of nobody while nobody is known.

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
    if case.people and not visit.people:
        return Refusal(Reason.FIELD_MISSING, _SURVEY, "people")
    if not set(visit.people) <= set(case.people):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _SURVEY, "people")
    return replace(case, visits=(*case.visits, visit))


def link_entry(
    case: UpkeepCase, fact: EntryFact, confirmed_by: str, linked_by: str = ""
) -> UpkeepCase | Refusal:
    """Join the change that was entered because of the case; of an ex officio one, how its fact was confirmed.

    A strike strikes nobody whom the case does not name; in a survey it rests, for each, on a visit that found so.

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
    if fact.kind is ChangeKind.EX_OFFICIO_STRIKE:
        refusal = _check_strike(case, fact)
        if refusal is not None:
            return refusal
    linked = LinkedEntry(fact.entry_id, fact.kind, fact.ground, confirmed_by, linked_by)
    # Whoever was not known is known by the entry.
    people = case.people or tuple(dict.fromkeys(fact.subjects))
    return replace(case, people=people, entries=(*case.entries, linked))


def _check_strike(case: UpkeepCase, fact: EntryFact) -> Refusal | None:
    if case.people and not set(fact.subjects) <= set(case.people):
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "entry_id", "PEOPLE")
    if ungrounded(case, (fact,)):
        return Refusal(Reason.FACT_NOT_CONFIRMED, _EX_OFFICIO, "entry_id", "SURVEY")
    return None


def owes_telling(case: UpkeepCase) -> bool:
    """Tell whether the person must be told of what the mayor did: after an ex officio change but those of 令12条2項.

    Law: 住民基本台帳法施行令 第12条第4項, as far as known: its text is not among the sources.
    """
    by_mayor = any(acted(one.kind, one.ground) for one in case.entries)
    return by_mayor and case.source not in _BY_FILING and case.kind is not CaseKind.REMAKING


def telling_of(case: UpkeepCase, entry_id: str) -> Telling | None:
    """Find the newest telling of one change; what did not reach anybody may have been made public after it.

    Law: 住民基本台帳法施行令 第12条第4項
    """
    return next((one for one in reversed(case.tellings) if entry_id in one.entries), None)


def tell(
    case: UpkeepCase, telling: Telling, facts: tuple[EntryFact, ...], on: date, closed: Container[date]
) -> UpkeepCase | Refusal:
    """Note that the person was told of certain changes, or that it was made public because that could not be, and why.

    Only what stands can be told of, and not before it was entered. A public notice without a last day gets one; what
    is told once can be made public when it did not reach anybody.

    Law: 住民基本台帳法施行令 第12条第4項; the days of a public notice are own definition.
    """
    refusal = _check(case, CaseStep.TOLD, _EX_OFFICIO) or _check_day(
        case, telling.begun_on, on, _EX_OFFICIO, "begun_on"
    )
    if refusal is not None:
        return refusal
    if not owes_telling(case):
        return Refusal(Reason.STEP_NOT_FITTING, _EX_OFFICIO, "step", CaseStep.TOLD.value)
    refusal = _check_told_of(telling, facts)
    if refusal is not None:
        return refusal
    ends_on = telling.ends_on
    if telling.way is TellingWay.PUBLIC_NOTICE:
        if not telling.words.strip():
            return Refusal(Reason.FIELD_MISSING, _EX_OFFICIO, "telling_words")
        ends_on = ends_on or upkeep_due(UpkeepDeadline.PUBLIC_NOTICE, telling.begun_on, closed)
    elif ends_on is not None and ends_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _EX_OFFICIO, "ends_on")
    if ends_on is not None and ends_on < telling.begun_on:
        return Refusal(Reason.DATE_ORDER, _EX_OFFICIO, "ends_on")
    return replace(case, tellings=(*case.tellings, replace(telling, ends_on=ends_on)))


def _check_told_of(telling: Telling, facts: tuple[EntryFact, ...]) -> Refusal | None:
    """Refuse to tell of nothing, of what does not stand or is no act of the mayor, or before it was entered."""
    if not telling.entries:
        return Refusal(Reason.FIELD_MISSING, _EX_OFFICIO, "entries")
    standing = {one.entry_id: one for one in facts if one.stands and one.ex_officio}
    if not standing.keys() >= set(telling.entries):
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "entries", "WAITING")
    if any(telling.begun_on < standing[one].entered_on for one in telling.entries):
        return Refusal(Reason.DATE_ORDER, _EX_OFFICIO, "begun_on")
    return None


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
    case: UpkeepCase,
    end: CaseEnd,
    facts: tuple[EntryFact, ...],
    on: date,
    *,
    reported: Collection[int] = (),
) -> UpkeepCase | Refusal:
    """End a case: by what was entered and stands, by what an answer says, by a remaking, or without any change.

    `reported` are those in the case whom another town reported as moved in after all.

    Nothing ends while a change waits for its second person, while somebody is still to be told, or by a strike of
    somebody who was found to live there after it.

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
    refusal = _check_outcome(case, end, tuple(one for one in facts if one.stands), reported)
    return replace(case, end=end) if refusal is None else refusal


def _check_outcome(
    case: UpkeepCase, end: CaseEnd, standing: tuple[EntryFact, ...], reported: Collection[int]
) -> Refusal | None:
    by_mayor = any(one.ex_officio for one in standing)
    if end.outcome is CaseOutcome.REMADE:
        return _check_remade(case, end)
    if end.outcome is CaseOutcome.ENTERED:
        return _check_entered(case, end, standing)
    if case.remaking is not None:
        return Refusal(Reason.ENTRY_NOT_FITTING, _REMAKING, "outcome", "REMADE")
    if by_mayor and case.kind is not CaseKind.REMAKING:
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "outcome", "EX_OFFICIO")
    if end.outcome is CaseOutcome.NOTIFIED:
        return None if standing else Refusal(Reason.ENTRY_NOT_FITTING, _KEEPING, "outcome")
    if end.outcome is CaseOutcome.ARRIVED:
        return _check_arrived(case, reported)
    return Refusal(Reason.ENTRY_NOT_FITTING, _KEEPING, "outcome", "NOTICE") if standing else None


def _check_entered(case: UpkeepCase, end: CaseEnd, standing: tuple[EntryFact, ...]) -> Refusal | None:
    by_mayor = [one for one in standing if one.ex_officio]
    if not by_mayor:
        return Refusal(Reason.ENTRY_NOT_FITTING, _EX_OFFICIO, "outcome")
    if ungrounded(case, standing):
        return Refusal(Reason.FACT_NOT_CONFIRMED, _EX_OFFICIO, "outcome", "SURVEY")
    if not owes_telling(case):
        return None
    for one in by_mayor:
        telling = telling_of(case, one.entry_id)
        if telling is None:
            return Refusal(Reason.PERSON_NOT_TOLD, _EX_OFFICIO, "outcome")
        public = telling.way is TellingWay.PUBLIC_NOTICE
        if public and telling.ends_on is not None and end.ended_on <= telling.ends_on:
            return Refusal(Reason.PERSON_NOT_TOLD, _EX_OFFICIO, "outcome", "RUNNING")
    return None


def _check_arrived(case: UpkeepCase, reported: Collection[int]) -> Refusal | None:
    """Ask of each in the case whether an answer or a report says that they arrived."""
    arrived = {whose for one in case.inquiries for whose in one.arrived} | set(reported)
    if case.people and set(case.people) <= arrived:
        return None
    return Refusal(Reason.FACT_NOT_CONFIRMED, _KEEPING, "outcome")


def _check_remade(case: UpkeepCase, end: CaseEnd) -> Refusal | None:
    if case.remaking is None:
        return Refusal(Reason.FIELD_MISSING, _REMAKING, "remaking")
    if case.remaking.remade_by == end.ended_by:
        return Refusal(Reason.SAME_PERSON, _SECOND_PERSON, "ended_by")
    return None


def withdraw(
    case: UpkeepCase, withdrawal: Withdrawal, facts: tuple[EntryFact, ...], on: date
) -> UpkeepCase | Refusal:
    """Take back a case that was opened by mistake, and say why; not once a change or a remaking came of it.

    Law: none, own definition.
    """
    if case.end is not None:
        return Refusal(Reason.CASE_CLOSED, _KEEPING, "number")
    refusal = _check_day(case, withdrawal.withdrawn_on, on, _KEEPING, "withdrawn_on")
    if refusal is not None:
        return refusal
    if not withdrawal.why.strip():
        return Refusal(Reason.FIELD_MISSING, _KEEPING, "why")
    if case.remaking is not None or any(one.waits or one.stands for one in facts):
        return Refusal(Reason.ENTRY_NOT_FITTING, _KEEPING, "step", CaseStep.WITHDRAWN.value)
    end = CaseEnd(withdrawal.withdrawn_on, withdrawal.withdrawn_by, CaseOutcome.WITHDRAWN, withdrawal.why)
    return replace(case, end=end)


def reopen(case: UpkeepCase, reopening: Reopening, on: date, closed: Container[date]) -> UpkeepCase | Refusal:
    """Go on with a case that had ended wrongly; its first deadline begins anew. What was withdrawn stays so.

    Law: 住民基本台帳法 第14条第1項; own definition.
    """
    if case.end is None:
        return Refusal(Reason.STEP_NOT_FITTING, _KEEPING, "step", CaseStep.REOPENED.value)
    if case.end.outcome is CaseOutcome.WITHDRAWN:
        return Refusal(Reason.CASE_CLOSED, _KEEPING, "number")
    if reopening.reopened_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _KEEPING, "reopened_on")
    if reopening.reopened_on < case.end.ended_on:
        return Refusal(Reason.DATE_ORDER, _KEEPING, "reopened_on")
    if not reopening.why.strip():
        return Refusal(Reason.FIELD_MISSING, _KEEPING, "why")
    return replace(
        case,
        end=None,
        due_on=upkeep_due(_BEGINNINGS[case.kind], reopening.reopened_on, closed),
        reopenings=(*case.reopenings, replace(reopening, ended=case.end)),
    )
