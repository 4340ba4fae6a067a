"""Everything that can be done in a case, as values, and the one place where they are carried out."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Refusal
from daicho.rules.upkeep.case import (
    AnswerMeaning,
    CaseEnd,
    CaseStep,
    Inquiry,
    Remaking,
    Reminder,
    SurveyPlan,
    Telling,
    UpkeepCase,
    Visit,
)
from daicho.rules.upkeep.steps import (
    EntryFact,
    ask,
    end_case,
    identify,
    link_entry,
    note_answer,
    note_visit,
    plan_survey,
    remake,
    remind,
    tell,
)


@dataclass(frozen=True, slots=True)
class Identification:
    """Whom a case turned out to concern.  対象者の特定"""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to the inquiry at a place, counted from nought.  照会の回答"""

    place: int
    answered_on: date
    meaning: AnswerMeaning
    words: str = ""


@dataclass(frozen=True, slots=True)
class Joining:
    """The change that was entered because of a case, and how its fact was confirmed.  異動との結び付け"""

    entry_id: str
    confirmed_by: str = ""


CaseAct = (
    Identification | Inquiry | Answer | Reminder | SurveyPlan | Visit | Joining | Telling | Remaking | CaseEnd
)
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
}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known beside a case: the day, the entries joined or to be joined, whether all were reported.  事案の前提"""

    on: date
    entries: tuple[EntryFact, ...] = ()
    reported: bool = False
    closed: Container[date] = CLOSED_DAYS


def step_of(act: CaseAct) -> CaseStep:
    """Name the step that an act is.

    Law: none, own definition.
    """
    return _STEPS[type(act)]


def do_in_case(case: UpkeepCase, act: CaseAct, facts: CaseFacts) -> UpkeepCase | Refusal:
    """Carry out one act; of a joining the entry stands last among the facts.

    Law: 住民基本台帳法 第14条, 第34条; 住民基本台帳法施行令 第12条; each in the step's own function.
    """
    match act:
        case Identification():
            return identify(case, act.people)
        case Answer():
            return note_answer(case, act.place, act.answered_on, act.meaning, act.words, facts.on)
        case SurveyPlan():
            return plan_survey(case, act)
        case Joining():
            return link_entry(case, facts.entries[-1], act.confirmed_by)
        case Telling():
            return tell(case, act, facts.entries, facts.on, facts.closed)
        case CaseEnd():
            return end_case(case, act, facts.entries, facts.on, reported=facts.reported)
        case _:
            return _note_done(case, act, facts.on)


def _note_done(
    case: UpkeepCase, act: Inquiry | Reminder | Visit | Remaking, on: date
) -> UpkeepCase | Refusal:
    if isinstance(act, Inquiry):
        return ask(case, act, on)
    if isinstance(act, Reminder):
        return remind(case, act, on)
    return note_visit(case, act, on) if isinstance(act, Visit) else remake(case, act, on)
