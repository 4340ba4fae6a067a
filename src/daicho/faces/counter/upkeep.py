"""正確な記録の確保: the queue of cases, movers whom no town has reported, one case and what is done in it."""

from daicho.faces.counter.residents import Chosen, opened_to_act, resident_handle
from daicho.faces.counter.upkeep_acts import names_of, open_steps, read_act
from daicho.faces.terminal.desk import Choice, ResidentFile, UpkeepDesk, Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import era
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.terms import word
from daicho.nodes.registry.guarding import sees_protected
from daicho.nodes.registry.upkeep import CaseDone, CaseLine, CaseView, MissingMover, OfferedEntry
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.upkeep.case import (
    AnswerMeaning,
    CaseKind,
    CaseSource,
    CaseStep,
    Damage,
    SurveyFinding,
    TellingWay,
    UpkeepCase,
)
from daicho.rules.upkeep.standing import CaseState
from daicho.rules.upkeep.steps import OUTCOMES, SOURCES

ARTICLE = "住民基本台帳法第14条・第34条・同法施行令第12条"
_WHY = Why(dict(REGISTRY_PURPOSES)["investigation"], "法14条")
_COLOURS = {CaseState.RECEIVED: "orange", CaseState.TO_TELL: "orange", CaseState.CLOSED: "grey"}
# Whoever is waited for comes from the list of movers alone.
KINDS = tuple(kind for kind in CaseKind if kind is not CaseKind.MISSING_ARRIVAL)
_NEW_NAMES = {"people": "addressee", "source": "case_source"}
_ENTRY_STATES = {
    "entered": "審査待ち",
    "verified": "記録済み",
    "rejected": "差し戻し",
    "cancelled": "取下げ",
    "turned_back": "取消済み",
    "": "不明",
}


def queue(turn: Turn) -> Answer:
    """List the open cases, what waits longest first."""
    return _cases(turn, ended=False)


def ended(turn: Turn) -> Answer:
    """List the cases that ended, newest first."""
    return _cases(turn, ended=True)


def _cases(turn: Turn, *, ended: bool) -> Answer:
    found = _desk(turn).queue(turn.seat, ended=ended)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [case_row(turn, one) for one in found.cases]
    values = {"article": ARTICLE, "rows": rows, "more": found.more, "kinds": KINDS, "ended": ended}
    return Show("upkeep.html", values)


def case_row(turn: Turn, line: CaseLine) -> dict[str, object]:
    """Put a case beside its address in this session."""
    state = line.standing.state
    return {
        "line": line,
        "case": line.case,
        "standing": line.standing,
        "colour": "red" if line.standing.late_days else _COLOURS.get(state, "blue"),
        "handle": turn.seal("case", line.case.number),
    }


def arrivals(turn: Turn) -> Answer:
    """List movers whom no town has reported; those who left together stand in one line."""
    found = _desk(turn).missing(turn.seat)
    if isinstance(found, Refusal):
        return Refused(found)
    groups: dict[str, list[MissingMover]] = {}
    for one in found.movers:
        groups.setdefault(one.entry_id, []).append(one)
    rows = [
        {
            "movers": group,
            "first": group[0],
            "hidden": any(one.hidden for one in group),
            "handle": turn.seal("movers", *(str(one.record.addressee_number) for one in group)),
        }
        for group in groups.values()
    ]
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "rows": rows,
        "more": found.more,
        "after_days": found.after_days,
        "people": len(found.movers),
    }
    return Show("upkeep_arrivals.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def take_up(turn: Turn) -> Answer:
    """Open a case for movers who left together and whom no town has reported."""
    words = turn.unseal()
    if words is None or words[0] != "movers":
        return not_found()
    told = UpkeepCase(
        "", CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, turn.today,
        "転出予定日を過ぎても、転入通知が届いていない。", turn.today, people=tuple(map(int, words[1:])),
    )  # fmt: skip
    done = _desk(turn).open(turn.seat, told)
    if not isinstance(done, Refusal):
        return _opened(turn, done)
    if done.reason is Reason.PROTECTED:
        return Refused(done)
    turn.form.refuse(done, _NEW_NAMES)
    return arrivals(turn)


def new_case(turn: Turn) -> Answer:
    """Take a case of the kind in the path about somebody who may not be known, or about a place."""
    return _new(turn, None)


def new_case_of(turn: Turn) -> Answer:
    """Take a case of the kind in the path about the resident in the path."""
    found = opened_to_act(turn)
    return found if isinstance(found, Refused) else _new(turn, found)


def _new(turn: Turn, found: tuple[Chosen, ResidentFile] | None) -> Answer:
    kind = next((one for one in KINDS if one.value == turn.parts["kind"]), None)
    if kind is None:
        return not_found()
    form = turn.form
    if turn.posted:
        drafted = _read_case(turn, kind, found[1] if found else None)
        if drafted is not None:
            done = _desk(turn).open(turn.seat, drafted)
            if not isinstance(done, Refusal):
                return _opened(turn, done)
            form.refuse(done, _NEW_NAMES)
    values = {
        "article": ARTICLE,
        "form": form,
        "kind": kind,
        "sources": SOURCES[kind],
        "who": found[0] if found else None,
        "file": found[1] if found else None,
    }
    return Show("upkeep_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _read_case(turn: Turn, kind: CaseKind, file: ResidentFile | None) -> UpkeepCase | None:
    form = turn.form
    source = form.member("case_source", CaseSource, required=True)
    received_on = form.day("received_on") or turn.today
    content = form.text("content", required=True, limit=WORDS_CHARACTERS)
    from_body = form.text("from_body", limit=WORDS_CHARACTERS)
    from_municipality = form.municipality("from_municipality")
    address = form.text("address")
    if file is not None:
        chosen = [
            one.addressee_number for one in file.household if form.ticked(f"with-{one.addressee_number}")
        ]
        people = tuple(dict.fromkeys((file.record.addressee_number, *chosen)))
        name, birth = "", None
    else:
        number = form.whole_number("addressee")
        people = () if number is None else (number,)
        name, birth = form.text("name", limit=MAX_NAME_CHARACTERS), form.birth("birth")
    if source is None or not form.fine:
        return None
    return UpkeepCase(
        "", kind, source, received_on, content, received_on, people=people, name=name, birth_date=birth,
        address=address, from_body=from_body, from_municipality=from_municipality,
    )  # fmt: skip


def _opened(turn: Turn, done: CaseDone) -> Go:
    return Go(f"/upkeep/cases/{turn.seal('case', done.number)}", _flash(turn, done, "upkeep_opened"))


def _flash(turn: Turn, done: CaseDone, usual: str) -> str:
    """Say that an act was done; of what measures say all to whoever may know, to others only whom to tell."""
    if not done.alerts:
        return usual
    return "upkeep_alerted" if sees_protected(turn.operator) else "upkeep_officer"


def case(turn: Turn) -> Answer:
    """Show one case; take what was done in it."""
    words = turn.unseal()
    if words is None or words[0] != "case":
        return not_found()
    number, desk, form = words[1], _desk(turn), turn.form
    found = desk.case(turn.seat, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    if turn.posted:
        step = form.member("step", CaseStep, required=True)
        act = read_act(form, step, turn.today, found.case) if step is not None else None
        if step is not None and act is not None:
            done = desk.act(turn.seat, number, act)
            if not isinstance(done, Refusal):
                usual = "upkeep_closed" if step is CaseStep.CLOSED else "upkeep_noted"
                return Go(f"/upkeep/cases/{turn.parts['handle']}", _flash(turn, done, usual))
            if done.reason is Reason.PROTECTED:
                return Refused(done)
            form.refuse(done, names_of(step))
    return Show("upkeep_case.html", _shown(turn, found, form), 200 if form.fine else UNREADABLE_STATUS)


def _shown(turn: Turn, found: CaseView, form: Form) -> dict[str, object]:
    case = found.case
    return {
        "article": ARTICLE,
        "form": form,
        "view": found,
        "open_steps": () if found.line.hidden else open_steps(case),
        "people": [
            {"record": one, "handle": resident_handle(turn, one.addressee_number, _WHY)}
            for one in found.people
        ],
        "entries": [(one, _ENTRY_STATES[found.states.get(one.entry_id, "")]) for one in case.entries],
        "offered": tuple(Choice(one.entry_id, _entry_words(one)) for one in found.offered),
        "unanswered": [
            Choice(str(place), f"{one.asked_body}（{era(one.asked_on)}）")
            for place, one in enumerate(case.inquiries)
            if one.answered_on is None
        ],
        "outcomes": OUTCOMES[case.kind],
        "meanings": tuple(AnswerMeaning),
        "findings": tuple(SurveyFinding),
        "ways": tuple(TellingWay),
        "damages": tuple(Damage),
        "steps": [(one.at, word(CaseStep(one.step)), one.by) for one in found.steps],
        **case_row(turn, found.line),
    }


def _entry_words(one: OfferedEntry) -> str:
    return f"{word(one.kind)}　{era(one.change_date)}（{_ENTRY_STATES[one.state]}）"


def case_handles(turn: Turn, addressee_number: int) -> list[dict[str, object]]:
    """Put each open case of a resident beside its address in this session, for whoever may see it."""
    desk = turn.desks.upkeep
    if desk is None:
        return []
    return [case_row(turn, one) for one in desk.about(turn.seat, addressee_number)]


def _desk(turn: Turn) -> UpkeepDesk:
    desk = turn.desks.upkeep
    if desk is None:
        raise LookupError("this node keeps no cases")
    return desk
