"""Keeping the register right at the counter: cases, what is done in them, movers whom no town has reported.  正確な記録の確保

A case changes no record: what it comes to is entered and verified like every other change, and joined to it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.clock import JAPAN
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import case_body, read_case, read_entry, read_measure, read_record
from daicho.nodes.registry.guarding import KEPT_BACK, hidden_among, note_kept_back, sees_protected, veil_for
from daicho.nodes.registry.protection import in_both_spellings
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.kana import kanji_key
from daicho.rules.protection.measure import (
    AskingPerson,
    ProtectionAlert,
    ProtectionMeasure,
    WatchedMove,
    alerts_at_move,
)
from daicho.rules.protection.whereabouts import names_home_of
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.acts import CaseAct, CaseFacts, Identification, Joining, do_in_case, step_of
from daicho.rules.upkeep.case import CaseEnd, CaseKind, CaseStep, Remaking, UpkeepCase
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_period
from daicho.rules.upkeep.standing import CaseStanding, standing_of, veiled_case
from daicho.rules.upkeep.steps import EntryFact, open_case
from daicho.store import protection, register, upkeep
from daicho.store.protection import AlertRow
from daicho.store.unit import Unit
from daicho.store.upkeep import CaseRow, CaseStepRow

CASES_SHOWN_ROWS = 200
ENTRIES_OFFERED_ROWS = 30
PEOPLE_OF_A_CASE = 50
_ARTICLE = juki("14")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "number")
_PURPOSE = "正確な記録の確保"
_NOT_OFFERED = frozenset((ChangeKind.IMPORT.value, ChangeKind.NUMBER_CHANGE.value))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list: without what a measure keeps back, with the names of whom it concerns."""

    case: UpkeepCase
    standing: CaseStanding
    names: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class UpkeepQueue:
    """Cases in their order; `more` tells that not all are shown."""

    cases: tuple[CaseLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class MissingMover:
    """Somebody who left by an own announcement and whom no town has reported."""

    record: ResidentRecord
    entry_id: str  # whoever left by one announcement left together
    moved_out_on: date
    waited_days: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MissingMovers:
    """Whom no town has reported, who left first at the head, after how many days somebody stands here."""

    movers: tuple[MissingMover, ...]
    more: bool
    after_days: int


@dataclass(frozen=True, slots=True)
class OfferedEntry:
    """A change of somebody in a case that can be joined to it."""

    entry_id: str
    kind: ChangeKind
    change_date: date
    state: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with whom it concerns and what was done; `hidden` as of a resident's file."""

    line: CaseLine
    people: tuple[ResidentRecord, ...]
    steps: tuple[CaseStepRow, ...]
    offered: tuple[OfferedEntry, ...]
    states: dict[str, str]  # of the entries joined to it
    reported: dict[int, date]

    @property
    def case(self) -> UpkeepCase:
        """Give the case as it may be shown."""
        return self.line.case


@dataclass(frozen=True, slots=True)
class CaseDone:
    """A case after an act, and what measures tell whoever did it."""

    number: str
    alerts: tuple[ProtectionAlert, ...] = ()


def upkeep_queue(
    node: Node, operator: Operator, *, ended: bool = False, terminal: str = ""
) -> UpkeepQueue | Refusal:
    """List open cases, what waits longest first, or those that ended, newest first.

    A ledger line for everybody named is durable first.
    """
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        read = upkeep.ended_cases if ended else upkeep.open_cases
        rows = read(unit, limit_rows=CASES_SHOWN_ROWS + 1)
        cases = [read_case(row.body) for row in rows[:CASES_SHOWN_ROWS]]
        people = _records(unit, {number for one in cases for number in one.people})
        lines = _lines(unit, node, operator, cases, people)
    _note_shown(node, operator, people.values(), Event.UPKEEP_SHOWN, terminal, "listed", "")
    return UpkeepQueue(lines, more=len(rows) > CASES_SHOWN_ROWS)


def cases_about(node: Node, operator: Operator, addressee_number: int) -> tuple[CaseLine, ...]:
    """List the open cases of one resident for whoever keeps the register right; for others nothing."""
    if may(operator, Permission.UPKEEP_REGISTER) is not None:
        return ()
    with node.store.reading() as unit:
        cases = [read_case(row.body) for row in upkeep.cases_of(unit, [addressee_number])]
        return _lines(unit, node, operator, cases, {})


def _lines(
    unit: Unit,
    node: Node,
    operator: Operator,
    cases: Sequence[UpkeepCase],
    people: dict[int, ResidentRecord],
) -> tuple[CaseLine, ...]:
    concerned = {number for one in cases for number in one.people}
    hidden = hidden_among(unit, operator, concerned, node.clock.business_now()) if concerned else frozenset()
    today = node.clock.business_today()
    return tuple(
        CaseLine(
            veiled_case(one) if (shut := not hidden.isdisjoint(one.people)) else one,
            standing_of(one, today),
            tuple(people[number].name.kanji for number in one.people if number in people),
            shut,
        )
        for one in cases
    )


def _records(unit: Unit, numbers: Iterable[int]) -> dict[int, ResidentRecord]:
    held = register.residents(unit, numbers)
    return {one.addressee_number: read_record(one.body) for one in held}


def missing_movers(node: Node, operator: Operator, *, terminal: str = "") -> MissingMovers | Refusal:
    """List movers whom no town has reported in time and of whom no case is kept; each is a ledger line first."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    days = upkeep_period(UpkeepDeadline.ARRIVAL, today).days
    with node.store.reading() as unit:
        before = today - timedelta(days=days)
        rows = upkeep.missing_arrivals(unit, before=before, limit_rows=CASES_SHOWN_ROWS + 1)
        shown = rows[:CASES_SHOWN_ROWS]
        people = _records(unit, {row.addressee_number for row in shown})
        veil = veil_for(unit, operator, people, node.clock.business_now())
    _note_shown(node, operator, people.values(), Event.ARRIVALS_LISTED, terminal, "listed", "")
    movers = tuple(
        MissingMover(
            veil.over(people[row.addressee_number]),
            row.entry_id,
            row.moved_out_on,
            (today - row.moved_out_on).days,
            row.addressee_number in veil.hidden,
        )
        for row in shown
    )
    return MissingMovers(movers, more=len(rows) > CASES_SHOWN_ROWS, after_days=days)


def case_view(node: Node, operator: Operator, number: str, *, terminal: str = "") -> CaseView | Refusal:
    """Show one case; a ledger line for everybody whom it concerns is durable first."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = upkeep.upkeep_case(unit, number)
        if row is None:
            return _GONE
        case = read_case(row.body)
        people = _records(unit, case.people)
        (line,) = _lines(unit, node, operator, [case], people)
        veil = veil_for(unit, operator, people, node.clock.business_now())
        view = CaseView(
            line,
            tuple(veil.over(people[number]) for number in case.people if number in people),
            tuple(upkeep.case_steps(unit, number)),
            () if line.hidden or case.end is not None else _offered(unit, node, case),
            {one.entry_id: _state_of(unit, one.entry_id) for one in case.entries},
            {} if line.hidden else upkeep.reported_arrivals(unit, case.people),
        )
    _note_shown(node, operator, people.values(), Event.UPKEEP_SHOWN, terminal, "shown", number)
    return view


def _offered(unit: Unit, node: Node, case: UpkeepCase) -> tuple[OfferedEntry, ...]:
    joined = {one.entry_id for one in case.entries}
    rows = {
        row.id: row
        for person in case.people
        for row in register.entries_of(unit, person)
        if row.state in ("entered", "verified")
        and row.id not in joined
        and row.kind not in _NOT_OFFERED
        and _business_day(node, row.entered_at) >= case.received_on
    }
    newest = sorted(rows.values(), key=lambda row: row.entered_at, reverse=True)[:ENTRIES_OFFERED_ROWS]
    return tuple(OfferedEntry(row.id, ChangeKind(row.kind), row.change_date, row.state) for row in newest)


def _business_day(node: Node, at: datetime) -> date:
    """Tell the counter's day of an instant; a demonstration's day is not that of the machine."""
    ahead = node.clock.business_now() - node.clock.now()
    return (at + ahead).astimezone(JAPAN).date()


def _state_of(unit: Unit, entry_id: str) -> str:
    row = register.load_entry(unit, entry_id)
    if row is None or row.state != "verified":
        return row.state if row is not None else ""
    undoing = register.cancelling_entry(unit, entry_id)
    turned_back = register.load_entry(unit, undoing) if undoing is not None else None
    if turned_back is None:
        return "verified"
    return "turned_back" if turned_back.state == "verified" else "entered"


def _fact_of(unit: Unit, node: Node, entry_id: str) -> EntryFact | None:
    row = register.load_entry(unit, entry_id)
    if row is None:
        return None
    entry, state = read_entry(row.body), _state_of(unit, entry_id)
    return EntryFact(
        entry_id,
        entry.kind,
        entry.ground,
        entry.subjects,
        frozenset((*row.seen, *(one.addressee_number for one in entry.after))),
        _business_day(node, row.entered_at),
        waits=state == "entered",
        stands=state == "verified",
    )


def open_upkeep_case(
    node: Node, operator: Operator, case: UpkeepCase, *, terminal: str = ""
) -> CaseDone | Refusal:
    """Open a case; its number is drawn here. Whom a measure hides from whoever opens it is refused."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    drafted = refusal or open_case(case, today, CLOSED_DAYS)
    if isinstance(drafted, Refusal):
        return drafted
    with node.store.unit("upkeep.open") as unit:
        people = _reached(unit, node, operator, drafted.people)
        if not isinstance(people, Refusal):
            return _opened(unit, node, operator, drafted, people, terminal)
    return _answered(node, operator, people, drafted.people, terminal)


def _opened(
    unit: Unit,
    node: Node,
    operator: Operator,
    drafted: UpkeepCase,
    people: dict[int, ResidentRecord],
    terminal: str,
) -> CaseDone | Refusal:
    awaited = drafted.kind is CaseKind.MISSING_ARRIVAL
    # Whoever is waited for is taken up once: of two clerks the second one finds nobody to take up.
    if awaited and upkeep.lock_missing(unit, drafted.people) != set(drafted.people):
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "people")
    case = replace(drafted, number=upkeep.draw_case_number(unit, node.clock.business_today().year))
    step = CaseStep.OPENED.value
    done = CaseStepRow(step, operator.login_id, node.clock.now())
    row = CaseRow(case.number, 1, True, case_body(case))
    upkeep.keep_case(unit, row, done, kind=case.kind.value, received_on=case.received_on, people=case.people)
    if awaited:
        upkeep.take_up_arrivals(unit, case.number, case.people)
    _note(unit, node, operator, Event.UPKEEP_RECORDED, people.values(), terminal, step, case.number)
    return CaseDone(case.number, _alert(unit, node, operator, case, people, terminal))


def _reached(
    unit: Unit, node: Node, operator: Operator, numbers: Collection[int]
) -> dict[int, ResidentRecord] | Refusal:
    """Read the records of some people; refuse when one is unknown, or hidden from this operator."""
    if len(numbers) > PEOPLE_OF_A_CASE:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "people")
    people = _records(unit, numbers)
    if people.keys() != set(numbers):
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "people")
    if numbers and hidden_among(unit, operator, numbers, node.clock.business_now()):
        return KEPT_BACK
    return people


def _answered(
    node: Node, operator: Operator, refusal: Refusal, numbers: Iterable[int], terminal: str
) -> Refusal:
    """Give a refusal; that somebody reached for what is kept back leaves a line for each who is hidden."""
    if refusal is not KEPT_BACK:
        return refusal
    with node.store.reading() as unit:
        people = _records(unit, numbers)
        hidden = hidden_among(unit, operator, people, node.clock.business_now())
    note_kept_back(node, operator, [subject_of(people[one]) for one in sorted(hidden)], terminal)
    return refusal


def act_in_case(
    node: Node, operator: Operator, number: str, act: CaseAct, *, terminal: str = ""
) -> CaseDone | Refusal:
    """Do one thing in a case, with a line for everybody whom it concerns; a measure may keep it from the operator."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.unit("upkeep.step") as unit:
        row = upkeep.upkeep_case(unit, number)
        if row is None:
            return _GONE
        case = read_case(row.body)
        facts = _facts(unit, node, case, act)
        if isinstance(facts, Refusal):
            return facts
        touched = _touched(case, act, facts)
        people = _reached(unit, node, operator, touched)
        if not isinstance(people, Refusal):
            return _acted(unit, node, operator, row, act, facts, terminal)
    return _answered(node, operator, people, touched, terminal)


def _facts(unit: Unit, node: Node, case: UpkeepCase, act: CaseAct) -> CaseFacts | Refusal:
    wanted = [one.entry_id for one in case.entries]
    if isinstance(act, Joining):
        wanted = [*wanted, act.entry_id]
    found = [_fact_of(unit, node, one) for one in wanted]
    known = tuple(one for one in found if one is not None)
    if len(known) != len(wanted):
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "entry_id")
    reported = isinstance(act, CaseEnd) and bool(case.people)
    arrived = upkeep.reported_arrivals(unit, case.people) if reported else {}
    return CaseFacts(node.clock.business_today(), known, reported and arrived.keys() >= set(case.people))


def _touched(case: UpkeepCase, act: CaseAct, facts: CaseFacts) -> tuple[int, ...]:
    """Name everybody about whom an act says something: of the case, named by the act, of the entry that is joined."""
    named = act.people if isinstance(act, Identification) else ()
    joined = facts.entries[-1].subjects if isinstance(act, Joining) else ()
    return tuple(dict.fromkeys((*case.people, *named, *joined)))


def _acted(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: CaseRow,
    act: CaseAct,
    facts: CaseFacts,
    terminal: str,
) -> CaseDone | Refusal:
    before = read_case(row.body)
    case = do_in_case(before, _by(act, operator), facts)
    if isinstance(case, Refusal):
        return case
    step = step_of(act).value
    done = CaseStepRow(step, operator.login_id, node.clock.now())
    entries = [one.entry_id for one in case.entries[len(before.entries) :]]
    kept = upkeep.take_case_step(
        unit, row, case_body(case), done, still_open=case.end is None, people=case.people, entries=entries
    )
    if not kept:
        return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "number")
    people = _records(unit, case.people)
    _note(unit, node, operator, Event.UPKEEP_RECORDED, people.values(), terminal, step, case.number)
    come = case.people != before.people
    return CaseDone(case.number, _alert(unit, node, operator, case, people, terminal) if come else ())


def _by(act: CaseAct, operator: Operator) -> CaseAct:
    if isinstance(act, Remaking):
        return replace(act, remade_by=operator.login_id)
    return replace(act, ended_by=operator.login_id) if isinstance(act, CaseEnd) else act


def _alert(
    unit: Unit,
    node: Node,
    operator: Operator,
    case: UpkeepCase,
    people: dict[int, ResidentRecord],
    terminal: str,
) -> tuple[ProtectionAlert, ...]:
    """Keep for the officer what measures say about a case, and tell it; of a mere address only to whoever may know.

    That somebody protected lives at an address is what the measure hides: a clerk who opens a case about the
    address hears nothing, and nothing on the way tells.
    """
    named = [
        AskingPerson(name, one.birth_date, addressee_number=one.addressee_number)
        for one in people.values()
        for name in in_both_spellings(unit, [one.name.kanji])
    ]
    if case.name:
        named += [AskingPerson(name, case.birth_date) for name in in_both_spellings(unit, [case.name])]
    numbers = {number for _, number in protection.measures_over(unit, case.people)} if case.people else set()
    keys = {key for one in named if (key := kanji_key(one.name))}
    numbers |= set(protection.measures_against(unit, keys)) if keys else set()
    living_there = _living_at(unit, case.address, node.clock.now()) if case.address else {}
    bodies = protection.bodies_of(unit, numbers | living_there.keys())
    told: dict[ProtectionAlert, None] = {}
    for number, measure in ((number, read_measure(body)) for number, body in bodies.items()):
        movers = (*case.people, *living_there.get(number, ()))
        move = WatchedMove(ChangeKind.CORRECTION, movers, tuple(named))
        alerts = alerts_at_move(measure, move, node.clock.business_today())
        if not alerts:
            continue
        _keep_alert(unit, node, operator, case.number, measure, alerts, terminal)
        if number in numbers or sees_protected(operator):
            told |= dict.fromkeys(alerts)
    return tuple(told)


def _living_at(unit: Unit, address: str, at: datetime) -> dict[str, tuple[int, ...]]:
    """Tell of each open measure which people whom it covers live at an address as somebody wrote it."""
    covered = protection.hidden_everywhere(unit, "", at) if address else frozenset[int]()
    there = {number for number, record in _records(unit, covered).items() if names_home_of(address, record)}
    found: dict[str, tuple[int, ...]] = {}
    for whose, measure in protection.measures_over(unit, there) if there else []:
        found[measure] = (*found.get(measure, ()), whose)
    return found


def _keep_alert(
    unit: Unit,
    node: Node,
    operator: Operator,
    case_number: str,
    measure: ProtectionMeasure,
    alerts: Sequence[ProtectionAlert],
    terminal: str,
) -> None:
    words = [one.value for one in alerts]
    row = AlertRow(node.clock.new_id(), measure.number, f"case:{case_number}", words, node.clock.now())
    protection.keep_alerts(unit, [row])
    # Of the protected, never of whom the case concerns: whoever is the other party may ask what the ledger says.
    people = _records(unit, measure.people).values()
    facts = [
        _fact(
            operator, Event.PROTECTION_ALERTED, subject_of(one), terminal, "told", {"measure": measure.number}
        )
        for one in people
    ]
    note_many(unit, node, facts)


def _note_shown(
    node: Node,
    operator: Operator,
    people: Collection[ResidentRecord],
    event: Event,
    terminal: str,
    outcome: str,
    number: str,
) -> None:
    if not people and not number:
        return
    with node.store.unit("upkeep.note") as unit:
        _note(unit, node, operator, event, people, terminal, outcome, number)


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    people: Collection[ResidentRecord],
    terminal: str,
    outcome: str,
    number: str,
) -> None:
    subjects = [subject_of(one) for one in people] or [f"case:{number}"]
    detail = {"case": number} if number else {}
    note_many(unit, node, [_fact(operator, event, one, terminal, outcome, detail) for one in subjects])


def _fact(
    operator: Operator, event: Event, subject: str, terminal: str, outcome: str, detail: dict[str, str]
) -> Fact:
    return Fact(
        event=event,
        operator_login_id=operator.login_id,
        operator_role_id=operator.role_id,
        terminal=terminal,
        purpose=_PURPOSE,
        basis=str(_ARTICLE),
        subject=subject,
        outcome=outcome,
        detail=detail,
    )
