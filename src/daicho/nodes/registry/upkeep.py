"""Keeping the register right at the counter: cases, and what is done in them.  正確な記録の確保

A case changes no record: what it comes to is entered and verified like every other change, and joined to it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.clock import JAPAN
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import case_body, read_case, read_entry, read_measure, read_record
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    Veil,
    hidden_among,
    kept_residents,
    note_kept_back,
    sees_protected,
    veil_for,
)
from daicho.nodes.registry.measures.names import as_compared, in_both_spellings
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
from daicho.rules.upkeep.acts import (
    CaseAct,
    CaseFacts,
    Identification,
    Joining,
    do_in_case,
    signed_by,
    step_of,
)
from daicho.rules.upkeep.case import CaseEnd, CaseKind, CaseStep, LinkedEntry, UpkeepCase, Withdrawal
from daicho.rules.upkeep.grounds import EntryFact, ungrounded
from daicho.rules.upkeep.standing import CaseStanding, case_without_places, standing_of, veiled_case
from daicho.rules.upkeep.steps import open_case, telling_of
from daicho.store import protection, register, upkeep
from daicho.store.protection import AlertRow
from daicho.store.register import EntryRow
from daicho.store.unit import Unit
from daicho.store.upkeep import CaseRow, CaseStepRow

CASES_SHOWN_ROWS = 200
ENTRIES_OFFERED_ROWS = 30
PEOPLE_OF_A_CASE = 50
_ARTICLE = juki("14")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "number")
_CHANGED_SINCE = Refusal(Reason.CHANGED_SINCE, _ARTICLE, "number")
_PURPOSE = "正確な記録の確保"
_NOT_OFFERED = frozenset((ChangeKind.IMPORT.value, ChangeKind.NUMBER_CHANGE.value))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list: without what a measure keeps back, with the names of whom it concerns.

    `hidden` tells that a measure keeps it from whoever asks, `partly` that it keeps certain words.
    """

    case: UpkeepCase
    standing: CaseStanding
    names: tuple[str, ...]
    hidden: bool = False
    partly: bool = False


@dataclass(frozen=True, slots=True)
class UpkeepQueue:
    """A page of cases in their order; `more` tells that others follow, `waiting` how many nobody has ended."""

    cases: tuple[CaseLine, ...]
    more: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class OfferedEntry:
    """A change of somebody in a case that can be joined to it."""

    entry_id: str
    kind: ChangeKind
    change_date: date
    state: str


@dataclass(frozen=True, slots=True)
class JoinedEntry:
    """A change that is joined to a case, and how it stands.

    `whose` is somebody in both; `to_tell` that it can be told of, `told` that it was.
    """

    entry: LinkedEntry
    state: str
    whose: int | None
    to_tell: bool
    told: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case in the version that was read, with whom it concerns and what was done."""

    line: CaseLine
    version: int
    people: tuple[ResidentRecord, ...]
    steps: tuple[CaseStepRow, ...]
    offered: tuple[OfferedEntry, ...]  # the newest
    not_offered: int  # how many more there are
    joined: tuple[JoinedEntry, ...]
    reported: dict[int, date]
    ungrounded: frozenset[int]  # struck, and found to live there since

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
    node: Node, operator: Operator, *, ended: bool = False, after: str = "", terminal: str = ""
) -> UpkeepQueue | Refusal:
    """List open cases, what waits longest first, or those that ended, newest first, from behind one of them on.

    A ledger line for everybody named is durable first.
    """
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = _page(unit, after, ended=ended)
        cases = [read_case(row.body) for row in rows[:CASES_SHOWN_ROWS]]
        people = kept_residents(unit, node, {number for one in cases for number in one.people})
        lines = _lines(unit, node, operator, cases, people)
        waiting = upkeep.how_many_cases(unit)
    note_upkeep(node, operator, people.values(), Event.UPKEEP_SHOWN, terminal, "listed")
    return UpkeepQueue(lines, len(rows) > CASES_SHOWN_ROWS, waiting)


def _page(unit: Unit, after: str, *, ended: bool) -> list[CaseRow]:
    if ended:
        return upkeep.ended_cases(unit, before=after, limit_rows=CASES_SHOWN_ROWS + 1)
    row = upkeep.upkeep_case(unit, after) if after else None
    behind = (read_case(row.body).received_on, after) if row is not None else (None, "")
    return upkeep.open_cases(unit, after=behind, limit_rows=CASES_SHOWN_ROWS + 1)


def cases_about(node: Node, operator: Operator, addressee_number: int) -> tuple[CaseLine, ...]:
    """List the cases of one resident for whoever keeps the register right; for others nothing."""
    return _cases_by(node, operator, lambda unit: upkeep.cases_of(unit, [addressee_number]))


def cases_of_entry(node: Node, operator: Operator, entry_id: str) -> tuple[CaseLine, ...]:
    """List the cases to which a change is joined for whoever keeps the register right; for others nothing."""
    return _cases_by(node, operator, lambda unit: upkeep.cases_of_entry(unit, entry_id))


def _cases_by(node: Node, operator: Operator, read: Callable[[Unit], list[CaseRow]]) -> tuple[CaseLine, ...]:
    if may(operator, Permission.UPKEEP_REGISTER) is not None:
        return ()
    with node.store.reading() as unit:
        return _lines(unit, node, operator, [read_case(row.body) for row in read(unit)], {})


def _lines(
    unit: Unit,
    node: Node,
    operator: Operator,
    cases: Sequence[UpkeepCase],
    people: dict[int, ResidentRecord],
) -> tuple[CaseLine, ...]:
    concerned = {number for one in cases for number in one.people}
    veil = veil_for(unit, operator, concerned, node.clock.business_now()) if concerned else Veil()
    return tuple(_line(node, operator, one, people, veil) for one in cases)


def _line(
    node: Node, operator: Operator, case: UpkeepCase, people: dict[int, ResidentRecord], veil: Veil
) -> CaseLine:
    hidden = not veil.hidden.isdisjoint(case.people)
    places = frozenset[str]().union(*(veil.places.get(number, ()) for number in case.people))
    shown = veiled_case(case) if hidden else case_without_places(case, places, operator.login_id)
    return CaseLine(
        shown,
        standing_of(case, node.clock.business_today()),
        tuple(people[number].name.kanji for number in case.people if number in people),
        hidden,
        partly=not hidden and shown != case,
    )


def _records(unit: Unit, numbers: Iterable[int]) -> dict[int, ResidentRecord]:
    held = register.residents(unit, numbers)
    return {one.addressee_number: read_record(one.body) for one in held}


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
        people = kept_residents(unit, node, case.people)
        veil = veil_for(unit, operator, people, node.clock.business_now())
        line = _line(node, operator, case, people, veil)
        linked = [(one, register.load_entry(unit, one.entry_id)) for one in line.case.entries]
        facts = [(one, fact_of(unit, node, row)) for one, row in linked if row is not None]
        offered = [] if line.hidden or case.end is not None else _offered(unit, node, case)
        view = CaseView(
            line,
            row.version,
            tuple(veil.over(people[number]) for number in case.people if number in people),
            tuple(upkeep.case_steps(unit, number)),
            tuple(offered[:ENTRIES_OFFERED_ROWS]),
            len(offered[ENTRIES_OFFERED_ROWS:]),
            tuple(_joined(line.case, one, fact) for one, fact in facts),
            {} if line.hidden else upkeep.reported_arrivals(unit, case.people),
            ungrounded(case, [fact for _, (fact, _) in facts]),
        )
    note_upkeep(node, operator, people.values(), Event.UPKEEP_SHOWN, terminal, "shown", number)
    return view


def _joined(case: UpkeepCase, entry: LinkedEntry, fact: tuple[EntryFact, str]) -> JoinedEntry:
    known, state = fact
    whose = next((one for one in case.people if one in known.concerns), None)
    to_tell = known.stands and known.ex_officio
    return JoinedEntry(entry, state, whose, to_tell, told=telling_of(case, entry.entry_id) is not None)


def _offered(unit: Unit, node: Node, case: UpkeepCase) -> list[OfferedEntry]:
    """List the entries of the people of a case that can be joined to it, the newest first."""
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
    newest = sorted(rows.values(), key=lambda row: row.entered_at, reverse=True)
    return [OfferedEntry(row.id, ChangeKind(row.kind), row.change_date, row.state) for row in newest]


def _business_day(node: Node, at: datetime) -> date:
    """Tell the counter's day of an instant; a demonstration's day is not that of the machine."""
    ahead = node.clock.business_now() - node.clock.now()
    return (at + ahead).astimezone(JAPAN).date()


def _state_of(unit: Unit, row: EntryRow) -> str:
    if row.state != "verified":
        return row.state
    undoing = register.cancelling_entry(unit, row.id)
    turned_back = register.load_entry(unit, undoing) if undoing is not None else None
    if turned_back is None:
        return "verified"
    return "turned_back" if turned_back.state == "verified" else "entered"


def fact_of(unit: Unit, node: Node, row: EntryRow) -> tuple[EntryFact, str]:
    """Tell what the register knows of an entry, and how it stands in a word."""
    entry, state = read_entry(row.body), _state_of(unit, row)
    fact = EntryFact(
        row.id,
        entry.kind,
        entry.ground,
        entry.subjects,
        frozenset((*row.seen, *(one.addressee_number for one in entry.after))),
        _business_day(node, row.entered_at),
        waits=state == "entered",
        stands=state == "verified",
    )
    return fact, state


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
            return opened_case(unit, node, operator, drafted, people, terminal)
    return _answered(node, operator, people, drafted.people, terminal)


def opened_case(
    unit: Unit,
    node: Node,
    operator: Operator,
    drafted: UpkeepCase,
    people: dict[int, ResidentRecord],
    terminal: str,
) -> CaseDone | Refusal:
    """Keep a case that the rules opened, with its number drawn, in a unit in which its people were asked for."""
    awaited = drafted.kind is CaseKind.MISSING_ARRIVAL
    # Whoever is waited for is taken up once: of two clerks the second one finds nobody to take up.
    if awaited and upkeep.lock_missing(unit, drafted.people) != set(drafted.people):
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "people")
    number = upkeep.draw_case_number(unit, node.clock.business_today().year)
    case = replace(drafted, number=number, opened_by=operator.login_id)
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
    people = kept_residents(unit, node, numbers)
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
        people = kept_residents(unit, node, numbers)
        hidden = hidden_among(unit, operator, people, node.clock.business_now())
    note_kept_back(node, operator, [subject_of(people[one]) for one in sorted(hidden)], terminal)
    return refusal


def act_by_letter(
    unit: Unit, node: Node, operator: Operator, number: str, act: CaseAct, terminal: str
) -> Refusal | None:
    """Do in a case what the sending of its letter means, in the unit in which the letter is noted as sent."""
    row = upkeep.upkeep_case(unit, number)
    if row is None:
        return _GONE
    case = read_case(row.body)
    facts = _facts(unit, node, case, act)
    if isinstance(facts, Refusal):
        return facts
    people = _reached(unit, node, operator, case.people)
    done = people if isinstance(people, Refusal) else _acted(unit, node, operator, row, act, facts, terminal)
    return done if isinstance(done, Refusal) else None


def act_in_case(
    node: Node, operator: Operator, number: str, act: CaseAct, *, version: int, terminal: str = ""
) -> CaseDone | Refusal:
    """Do one thing in a case, with a line for everybody whom it concerns; a measure may keep it from the operator.

    `version` is that of the case on which the operator decided: what was done meanwhile is looked at first.
    """
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
        if not isinstance(people, Refusal) and row.version != version:
            return _CHANGED_SINCE
        if not isinstance(people, Refusal):
            return _acted(unit, node, operator, row, act, facts, terminal)
    return _answered(node, operator, people, touched, terminal)


def _facts(unit: Unit, node: Node, case: UpkeepCase, act: CaseAct) -> CaseFacts | Refusal:
    wanted = [one.entry_id for one in case.entries]
    if isinstance(act, Joining):
        wanted = [*wanted, act.entry_id]
    rows = [row for one in wanted if (row := register.load_entry(unit, one)) is not None]
    if len(rows) != len(wanted):
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "entry_id")
    arrived = upkeep.reported_arrivals(unit, case.people) if isinstance(act, CaseEnd) else {}
    known = tuple(fact_of(unit, node, row)[0] for row in rows)
    return CaseFacts(node.clock.business_today(), known, frozenset(arrived))


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
    case = do_in_case(before, signed_by(act, operator.login_id), facts)
    if isinstance(case, Refusal):
        return case
    step = step_of(act).value
    done = CaseStepRow(step, operator.login_id, node.clock.now())
    entries = [one.entry_id for one in case.entries[len(before.entries) :]]
    kept = upkeep.take_case_step(
        unit, row, case_body(case), done, still_open=case.end is None, people=case.people, entries=entries
    )
    if not kept:
        return _CHANGED_SINCE
    if isinstance(act, Withdrawal):
        upkeep.release_arrivals(unit, case.number)
    people = _records(unit, case.people)
    _note(unit, node, operator, Event.UPKEEP_RECORDED, people.values(), terminal, step, case.number)
    come = case.people != before.people
    return CaseDone(case.number, _alert(unit, node, operator, case, people, terminal) if come else ())


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
        (compared,), asking = as_compared(unit, (measure,), named)
        move = WatchedMove(ChangeKind.CORRECTION, movers, asking)
        alerts = alerts_at_move(compared, move, node.clock.business_today())
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


def note_upkeep(
    node: Node,
    operator: Operator,
    people: Collection[ResidentRecord],
    event: Event,
    terminal: str,
    outcome: str,
    number: str = "",
) -> None:
    """Write a durable line for everybody in cases or lists of movers who was shown, or for a case about nobody."""
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
    return fact_by(
        operator,
        event,
        terminal=terminal,
        purpose=_PURPOSE,
        basis=str(_ARTICLE),
        subject=subject,
        outcome=outcome,
        detail=detail,
    )
