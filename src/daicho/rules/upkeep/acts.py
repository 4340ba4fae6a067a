"""Everything that can be done in a case, as values, and the one place where they are carried out."""

from collections.abc import Collection, Container
from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Refusal
from daicho.rules.upkeep.case import (
    Answer,
    CaseEnd,
    CaseStep,
    Inquiry,
    Remaking,
    Reminder,
    Reopening,
    SurveyPlan,
    Telling,
    UpkeepCase,
    Visit,
    Withdrawal,
)
from daicho.rules.upkeep.grounds import EntryFact
from daicho.rules.upkeep.steps import (
    ask,
    end_case,
    identify,
    link_entry,
    note_answer,
    note_visit,
    plan_survey,
    remake,
    remind,
    reopen,
    tell,
    withdraw,
)


@dataclass(frozen=True, slots=True)
class Identification:
    """Whom a case turned out to concern.  対象者の特定"""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joining:
    """The change that was entered because of a case, and how its fact was confirmed.  異動との結び付け"""

    entry_id: str
    confirmed_by: str = ""
    linked_by: str = ""


CaseAct = (
    Identification | Inquiry | Answer | Reminder | SurveyPlan | Visit | Joining | Telling | Remaking | CaseEnd
    | Withdrawal | Reopening
)  # fmt: skip
_STEPS: dict[type, CaseStep] = {
    Identification: CaseStep.IDENTIFIED,
    Inquiry: CaseStep.ASKED,
    Answer: CaseStep.ANSWERED,
    Reminder: CaseStep.REMINDED,
    SurveyPlan: CaseStep.PLANNED,
    Visit: CaseStep.VISITED,
    Joining: CaseStep.LINKED,
    Telling: CaseStep.TOLD,
    Remaking: CaseStep.REMADE,
    CaseEnd: CaseStep.CLOSED,
    Withdrawal: CaseStep.WITHDRAWN,
    Reopening: CaseStep.REOPENED,
}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known beside a case: the day, the entries joined or to be joined, who was reported.  事案の前提"""

    on: date
    entries: tuple[EntryFact, ...] = ()
    reported: Collection[int] = ()
    closed: Container[date] = CLOSED_DAYS


def step_of(act: CaseAct) -> CaseStep:
    """Name the step that an act is.

    Law: none, own definition.
    """
    return _STEPS[type(act)]


def signed_by(act: CaseAct, login_id: str) -> CaseAct:
    """Name who does an act, in the part of the case that it writes.

    Law: none, own definition.
    """
    match act:
        case Inquiry():
            return replace(act, asked_by=login_id)
        case Answer():
            return replace(act, answered_by=login_id)
        case Reminder():
            return replace(act, sent_by=login_id)
        case Visit():
            return replace(act, noted_by=login_id)
        case Joining():
            return replace(act, linked_by=login_id)
        case Telling():
            return replace(act, told_by=login_id)
        case Remaking():
            return replace(act, remade_by=login_id)
        case CaseEnd():
            return replace(act, ended_by=login_id)
        case Withdrawal():
            return replace(act, withdrawn_by=login_id)
        case Reopening():
            return replace(act, reopened_by=login_id)
        case _:
            return act


def do_in_case(case: UpkeepCase, act: CaseAct, facts: CaseFacts) -> UpkeepCase | Refusal:
    """Carry out one act; of a joining the entry stands last among the facts.

    Law: 住民基本台帳法 第14条, 第34条; 住民基本台帳法施行令 第12条; each in the step's own function.
    """
    match act:
        case Identification():
            return identify(case, act.people)
        case SurveyPlan():
            return plan_survey(case, act)
        case Joining():
            return link_entry(case, facts.entries[-1], act.confirmed_by, act.linked_by)
        case Telling():
            return tell(case, act, facts.entries, facts.on, facts.closed)
        case CaseEnd():
            return end_case(case, act, facts.entries, facts.on, reported=facts.reported)
        case Withdrawal():
            return withdraw(case, act, facts.entries, facts.on)
        case Reopening():
            return reopen(case, act, facts.on, facts.closed)
        case _:
            return _note_done(case, act, facts.on)


def _note_done(
    case: UpkeepCase, act: Inquiry | Answer | Reminder | Visit | Remaking, on: date
) -> UpkeepCase | Refusal:
    match act:
        case Inquiry():
            return ask(case, act, on)
        case Answer():
            return note_answer(case, act, on)
        case Reminder():
            return remind(case, act, on)
        case Visit():
            return note_visit(case, act, on)
        case Remaking():
            return remake(case, act, on)
