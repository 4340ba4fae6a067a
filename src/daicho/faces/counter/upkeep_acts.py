"""What is typed at a case, read as one act; where the refusal of each act belongs on the page."""

from collections.abc import Callable
from datetime import date

from daicho.faces.terminal.forms import WORDS_CHARACTERS, Form
from daicho.faces.wording.fields import Mistake
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.upkeep.acts import CaseAct, Identification, Joining
from daicho.rules.upkeep.case import (
    Answer,
    AnswerMeaning,
    CaseEnd,
    CaseOutcome,
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
# What is ticked stands under a mark and what it is about: of whom a visit or an answer speaks, what is told of.
SEEN, ARRIVED, TOLD = "seen", "arrived", "told"
_BY_STEP = {
    CaseStep.PLANNED: {"surveyors": "planned_by"},
    CaseStep.VISITED: {"surveyors": "visited_by", "people": SEEN},
    CaseStep.TOLD: {"entries": TOLD},
    CaseStep.WITHDRAWN: {"why": "withdraw_why", "withdrawn_on": "withdraw_why"},
    CaseStep.REOPENED: {"why": "reopen_why", "reopened_on": "reopen_why"},
}


def names_of(step: CaseStep) -> dict[str, str]:
    """Tell beside which field of the page a refusal of a step stands."""
    return NAMES | _BY_STEP.get(step, {})


def open_steps(case: UpkeepCase, *, to_tell: bool) -> tuple[CaseStep, ...]:
    """List what can be done in a case now, in the order in which the page offers it.

    `to_tell` says that a change stands of which somebody can be told.
    """
    if case.end is not None:
        return () if case.end.outcome is CaseOutcome.WITHDRAWN else (CaseStep.REOPENED,)
    offered = {*STEPS[case.kind], CaseStep.CLOSED}
    if all(one.answered_on is not None for one in case.inquiries):
        offered -= {CaseStep.ANSWERED}
    if not (to_tell and owes_telling(case)):
        offered -= {CaseStep.TOLD}
    if not case.entries and case.remaking is None:
        offered |= {CaseStep.WITHDRAWN}
    return tuple(step for step in CaseStep if step in offered)


def read_act(form: Form, step: CaseStep, today: date) -> CaseAct | None:
    """Read the act of a step; None when a field is wrong or the step has no form."""
    reader = _READERS.get(step)
    act = reader(form, today) if reader is not None else None
    return act if form.fine else None


def _ticked(form: Form, mark: str) -> tuple[str, ...]:
    """Read what is ticked under a mark, in the order of the page."""
    begin = f"{mark}-"
    return tuple(
        name.removeprefix(begin) for name in form.given if name.startswith(begin) and form.ticked(name)
    )


def _people(form: Form, mark: str) -> tuple[int, ...]:
    return tuple(int(one) for one in _ticked(form, mark) if one.isascii() and one.isdigit())


def _identified(form: Form, _today: date) -> CaseAct | None:
    number = form.whole_number("addressee", required=True)
    return None if number is None else Identification((number,))


def _asked(form: Form, today: date) -> CaseAct | None:
    body = form.text("asked_body", required=True, limit=WORDS_CHARACTERS)
    municipality = form.municipality("asked_municipality")
    asked_on = form.day("asked_on") or today
    due_on = form.day("answer_due_on") or upkeep_due(UpkeepDeadline.ANSWER, asked_on, CLOSED_DAYS)
    question = form.text("question", required=True, limit=WORDS_CHARACTERS)
    return Inquiry(body, municipality, asked_on, due_on, question)


def _answered(form: Form, today: date) -> CaseAct | None:
    place = form.whole_number("inquiry", required=True)
    answered_on = form.day("answered_on") or today
    meaning = form.member("meaning", AnswerMeaning, required=True)
    words = form.text("answer", limit=WORDS_CHARACTERS)
    if place is None or meaning is None:
        return None
    return Answer(place, answered_on, meaning, words, _people(form, ARRIVED))


def _reminded(form: Form, today: date) -> CaseAct | None:
    sent_on = form.day("sent_on") or today
    due_on = form.day("notice_due_on") or upkeep_due(UpkeepDeadline.REMINDER, sent_on, CLOSED_DAYS)
    return Reminder(sent_on, due_on, form.text("reminder_words", limit=WORDS_CHARACTERS))


def _planned(form: Form, _today: date) -> CaseAct | None:
    surveyors = form.text("planned_by", required=True, limit=MAX_NAME_CHARACTERS)
    planned_on = form.day("planned_on", required=True)
    return None if planned_on is None else SurveyPlan(surveyors, planned_on)


def _visited(form: Form, today: date) -> CaseAct | None:
    visited_on = form.day("visited_on") or today
    surveyors = form.text("visited_by", required=True, limit=MAX_NAME_CHARACTERS)
    finding = form.member("finding", SurveyFinding, required=True)
    words = form.text("finding_words", limit=WORDS_CHARACTERS)
    return None if finding is None else Visit(visited_on, surveyors, finding, words, _people(form, SEEN))


def _joined(form: Form, _today: date) -> CaseAct | None:
    chosen = form.text("entry")
    entry_id = form.text("entry_id") or chosen
    if not entry_id:
        form.mistake("entry_id", Mistake.MISSING)
    return Joining(entry_id, form.text("confirmed_by", limit=WORDS_CHARACTERS))


def _told(form: Form, today: date) -> CaseAct | None:
    way = form.member("way", TellingWay, required=True)
    begun_on = form.day("begun_on") or today
    ends_on = form.day("ends_on")
    words = form.text("telling_words", limit=WORDS_CHARACTERS)
    return None if way is None else Telling(way, begun_on, _ticked(form, TOLD), ends_on, words)


def _remade(form: Form, today: date) -> CaseAct | None:
    damage = form.member("damage", Damage, required=True)
    cause = form.text("damage_cause", required=True, limit=WORDS_CHARACTERS)
    source = form.text("restored_from", required=True, limit=WORDS_CHARACTERS)
    remade_on = form.day("remade_on") or today
    return None if damage is None else Remaking(damage, cause, source, remade_on, "")


def _ended(form: Form, today: date) -> CaseAct | None:
    outcome = form.member("outcome", CaseOutcome, required=True)
    why = form.text("end_why", required=True, limit=WORDS_CHARACTERS)
    return None if outcome is None else CaseEnd(today, "", outcome, why)


def _withdrawn(form: Form, today: date) -> CaseAct | None:
    return Withdrawal(today, form.text("withdraw_why", required=True, limit=WORDS_CHARACTERS))


def _reopened(form: Form, today: date) -> CaseAct | None:
    return Reopening(today, form.text("reopen_why", required=True, limit=WORDS_CHARACTERS))


_READERS: dict[CaseStep, Callable[[Form, date], CaseAct | None]] = {
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
    CaseStep.WITHDRAWN: _withdrawn,
    CaseStep.REOPENED: _reopened,
}
