"""What is typed at a case, read as one act; where the refusal of each act belongs on the page."""

from collections.abc import Callable
from datetime import date

from daicho.faces.terminal.forms import WORDS_CHARACTERS, Form
from daicho.faces.wording.fields import Mistake
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.upkeep.acts import Answer, CaseAct, Identification, Joining
from daicho.rules.upkeep.case import (
    AnswerMeaning,
    CaseEnd,
    CaseOutcome,
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
)
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_due
from daicho.rules.upkeep.steps import STEPS, owes_telling

NAMES = {
    "number": "form",
    "step": "form",
    "people": "addressee",
    "cause": "damage_cause",
    "why": "end_why",
    "ended_on": "outcome",
    "ended_by": "outcome",
    "remaking": "outcome",
}
_BY_STEP = {CaseStep.PLANNED: {"surveyors": "planned_by"}, CaseStep.VISITED: {"surveyors": "visited_by"}}


def names_of(step: CaseStep) -> dict[str, str]:
    """Tell beside which field of the page a refusal of a step stands."""
    return NAMES | _BY_STEP.get(step, {})


def open_steps(case: UpkeepCase) -> tuple[CaseStep, ...]:
    """List what can be done in a case now, in the order in which the page offers it."""
    if case.end is not None:
        return ()
    asked = any(one.answered_on is None for one in case.inquiries)
    offered = (
        {
            *STEPS[case.kind],
            CaseStep.CLOSED,
        }
        - ({CaseStep.ANSWERED} if not asked else set())
        - ({CaseStep.TOLD} if not owes_telling(case) else set())
    )
    return tuple(step for step in CaseStep if step in offered)


def read_act(form: Form, step: CaseStep, today: date, case: UpkeepCase) -> CaseAct | None:
    """Read the act of a step; None when a field is wrong or the step has no form."""
    reader = _READERS.get(step)
    act = reader(form, today, case) if reader is not None else None
    return act if form.fine else None


def _identified(form: Form, _today: date, _case: UpkeepCase) -> CaseAct | None:
    number = form.whole_number("addressee", required=True)
    return None if number is None else Identification((number,))


def _asked(form: Form, today: date, _case: UpkeepCase) -> CaseAct | None:
    body = form.text("asked_body", required=True, limit=WORDS_CHARACTERS)
    municipality = form.municipality("asked_municipality")
    asked_on = form.day("asked_on") or today
    due_on = form.day("answer_due_on") or upkeep_due(UpkeepDeadline.ANSWER, asked_on, CLOSED_DAYS)
    question = form.text("question", required=True, limit=WORDS_CHARACTERS)
    return Inquiry(body, municipality, asked_on, due_on, question)


def _answered(form: Form, today: date, case: UpkeepCase) -> CaseAct | None:
    places = tuple(str(place) for place, one in enumerate(case.inquiries) if one.answered_on is None)
    place = form.one_of("inquiry", places, required=True)
    answered_on = form.day("answered_on") or today
    meaning = form.member("meaning", AnswerMeaning, required=True)
    words = form.text("answer", limit=WORDS_CHARACTERS)
    return Answer(int(place), answered_on, meaning, words) if place and meaning is not None else None


def _reminded(form: Form, today: date, _case: UpkeepCase) -> CaseAct | None:
    sent_on = form.day("sent_on") or today
    due_on = form.day("notice_due_on") or upkeep_due(UpkeepDeadline.REMINDER, sent_on, CLOSED_DAYS)
    return Reminder(sent_on, due_on, form.text("reminder_words", limit=WORDS_CHARACTERS))


def _planned(form: Form, _today: date, _case: UpkeepCase) -> CaseAct | None:
    surveyors = form.text("planned_by", required=True, limit=MAX_NAME_CHARACTERS)
    planned_on = form.day("planned_on", required=True)
    return None if planned_on is None else SurveyPlan(surveyors, planned_on)


def _visited(form: Form, today: date, _case: UpkeepCase) -> CaseAct | None:
    visited_on = form.day("visited_on") or today
    surveyors = form.text("visited_by", required=True, limit=MAX_NAME_CHARACTERS)
    finding = form.member("finding", SurveyFinding, required=True)
    words = form.text("finding_words", limit=WORDS_CHARACTERS)
    return None if finding is None else Visit(visited_on, surveyors, finding, words)


def _joined(form: Form, _today: date, _case: UpkeepCase) -> CaseAct | None:
    chosen = form.text("entry")
    entry_id = form.text("entry_id") or chosen
    if not entry_id:
        form.mistake("entry_id", Mistake.MISSING)
    return Joining(entry_id, form.text("confirmed_by", limit=WORDS_CHARACTERS))


def _told(form: Form, today: date, _case: UpkeepCase) -> CaseAct | None:
    way = form.member("way", TellingWay, required=True)
    begun_on = form.day("begun_on") or today
    ends_on = form.day("ends_on")
    words = form.text("telling_words", limit=WORDS_CHARACTERS)
    return None if way is None else Telling(way, begun_on, ends_on, words)


def _remade(form: Form, today: date, _case: UpkeepCase) -> CaseAct | None:
    damage = form.member("damage", Damage, required=True)
    cause = form.text("damage_cause", required=True, limit=WORDS_CHARACTERS)
    source = form.text("restored_from", required=True, limit=WORDS_CHARACTERS)
    remade_on = form.day("remade_on") or today
    return None if damage is None else Remaking(damage, cause, source, remade_on, "")


def _ended(form: Form, today: date, _case: UpkeepCase) -> CaseAct | None:
    outcome = form.member("outcome", CaseOutcome, required=True)
    why = form.text("end_why", required=True, limit=WORDS_CHARACTERS)
    return None if outcome is None else CaseEnd(today, "", outcome, why)


_READERS: dict[CaseStep, Callable[[Form, date, UpkeepCase], CaseAct | None]] = {
    CaseStep.IDENTIFIED: _identified,
    CaseStep.ASKED: _asked,
    CaseStep.ANSWERED: _answered,
    CaseStep.REMINDED: _reminded,
    CaseStep.PLANNED: _planned,
    CaseStep.VISITED: _visited,
    CaseStep.LINKED: _joined,
    CaseStep.TOLD: _told,
    CaseStep.REMADE: _remade,
    CaseStep.CLOSED: _ended,
}
