"""正確な記録の確保: the queue of cases, movers whom no town has reported, one case and what is done in it."""

from dataclasses import dataclass

from daicho.faces.counter.correspondence.cases import letter_rows
from daicho.faces.counter.residents import Chosen, opened_to_act, resident_handle
from daicho.faces.counter.upkeep_acts import names_of, open_steps, read_act
from daicho.faces.terminal.desk import Choice, ResidentFile, UpkeepDesk, Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import era
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.terms import word
from daicho.faces.wording.upkeep import case_changed
from daicho.nodes.registry.guarding import sees_protected
from daicho.nodes.registry.reports import MissingMover
from daicho.nodes.registry.upkeep import CaseDone, CaseLine, CaseView, JoinedEntry, OfferedEntry
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
_DONE = {
    CaseStep.CLOSED: "upkeep_closed",
    CaseStep.WITHDRAWN: "upkeep_withdrawn",
    CaseStep.REOPENED: "upkeep_reopened",
}
_ENTRY_STATES = {
    "entered": "審査待ち",
    "verified": "記録済み",
    "rejected": "差し戻し",
    "cancelled": "取下げ",
    "turned_back": "取消済み",
    "": "不明",
}


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick: what it stands for, its words, and whether it usually is ticked."""

    key: str
    words: str
    usual: bool


def queue(turn: Turn) -> Answer:
    """List the open cases, what waits longest first."""
    return _cases(turn, ended=False)


def ended(turn: Turn) -> Answer:
    """List the cases that ended, newest first."""
    return _cases(turn, ended=True)


def _cases(turn: Turn, *, ended: bool) -> Answer:
    after = turn.query.get("after", "")
    found = _desk(turn).queue(turn.seat, after, ended=ended)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "rows": [case_row(turn, one) for one in found.cases],
        "open_cases": found.waiting,
        "first_page": not after,
        "next": found.cases[-1].case.number if found.more else "",
        "kinds": KINDS,
        "ended": ended,
        "may_rebuild": turn.desks.rebuilt is not None,
    }
    return Show("upkeep.html", values)


def case_row(turn: Turn, line: CaseLine) -> dict[str, object]:
    """Put a case beside its address in this session."""
    state = line.standing.state
    return {
        "line": line,
        "case": line.case,
        "standing": line.standing,
        "has_ended": line.case.end is not None,
        "colour": "red" if line.standing.late_days else _COLOURS.get(state, "blue"),
        "handle": turn.seal("case", line.case.number),
    }


def arrivals(turn: Turn) -> Answer:
    """List movers whom no town has reported; those who left together stand in one line."""
    after = turn.query.get("after", "")
    found = _desk(turn).missing(turn.seat, after)
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
        "first_page": not after,
        "next": found.movers[-1].entry_id if found.more else "",
        "after_days": found.after_days,
        "people": len(found.movers),
    }
    return Show("upkeep_arrivals.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def take_up(turn: Turn) -> Answer:
    """Open a case for movers who left together and whom no town has reported."""
    words = turn.unseal("movers")
    if words is None:
        return not_found()
    told = UpkeepCase(
        "", CaseKind.MISSING_ARRIVAL, CaseSource.NO_ARRIVAL_REPORT, turn.today,
        "転出予定日を過ぎても、転入通知が届いていない。", turn.today, people=tuple(map(int, words)),
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
    words = turn.unseal("case")
    if words is None:
        return not_found()
    number, form = words[0], turn.form
    answer = _acted(turn, number) if turn.posted else None
    if answer is not None:
        return answer
    # What stands now, also after a refusal: somebody else may have been here.
    found = _desk(turn).case(turn.seat, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show("upkeep_case.html", _shown(turn, found), 200 if form.fine else UNREADABLE_STATUS)


def _acted(turn: Turn, number: str) -> Answer | None:
    """Take what was done in a case; None when it is to be shown again with what is wrong."""
    form = turn.form
    step = form.member("step", CaseStep, required=True)
    version = form.whole_number("version") or 0
    act = read_act(form, step, turn.today) if step is not None else None
    if step is None or act is None:
        return None
    done = _desk(turn).act(turn.seat, number, act, version)
    if not isinstance(done, Refusal):
        path = f"/upkeep/cases/{turn.parts['handle']}"
        return Go(path, _flash(turn, done, _DONE.get(step, "upkeep_noted")))
    if done.reason is Reason.PROTECTED:
        return Refused(done)
    if done.reason is Reason.CHANGED_SINCE:
        form.put(case_changed(done), "form")
    else:
        form.refuse(done, names_of(step))
    return None


def _shown(turn: Turn, found: CaseView) -> dict[str, object]:
    case, form = found.case, turn.form
    to_tell = [one for one in found.joined if one.to_tell]
    return {
        "article": ARTICLE,
        "form": form,
        "view": found,
        "open_steps": () if found.line.hidden else open_steps(case, to_tell=bool(to_tell)),
        "people": [
            {"record": one, "handle": resident_handle(turn, one.addressee_number, _WHY)}
            for one in found.people
        ],
        "named": {one.addressee_number: one.name.kanji for one in found.people},
        "entries": [_joined(turn, one) for one in found.joined],
        "arrived_boxes": _boxes(found, usual=False),
        "seen_boxes": _boxes(found, usual=True),
        "told_boxes": [
            Box(one.entry.entry_id, f"{word(one.entry.kind)}（受付番号 {one.entry.entry_id}）", not one.told)
            for one in to_tell
        ],
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
        **letter_rows(turn, case.number),
    }


def _boxes(found: CaseView, *, usual: bool) -> list[Box]:
    return [Box(str(one.addressee_number), one.name.kanji, usual) for one in found.people]


def _joined(turn: Turn, one: JoinedEntry) -> dict[str, object]:
    """Put a joined change beside its address: as an entry in the life of somebody in the case."""
    handle = resident_handle(turn, one.whose, _WHY) if one.whose is not None else ""
    return {"entry": one.entry, "state": _ENTRY_STATES[one.state], "handle": handle}


def _entry_words(one: OfferedEntry) -> str:
    return f"{word(one.kind)}　{era(one.change_date)}（{_ENTRY_STATES[one.state]}）"


def case_handles(turn: Turn, addressee_number: int) -> list[dict[str, object]]:
    """Put each case of a resident beside its address in this session, for whoever may see it."""
    desk = turn.desks.upkeep
    if desk is None:
        return []
    return [case_row(turn, one) for one in desk.about(turn.seat, addressee_number)]


def cases_of_entry(turn: Turn, entry_id: str) -> list[dict[str, object]]:
    """Put each case to which a change is joined beside its address in this session, for whoever may see it."""
    desk = turn.desks.upkeep
    if desk is None:
        return []
    return [case_row(turn, one) for one in desk.of_entry(turn.seat, entry_id)]


def _desk(turn: Turn) -> UpkeepDesk:
    desk = turn.desks.upkeep
    if desk is None:
        raise LookupError("this node keeps no cases")
    return desk
