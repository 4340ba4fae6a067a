"""Reports of other towns: kept once, looked at, answered; a change entered from one closes it.  通知の受領"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.nodes.chronicle import Fact, fact_by, note_by, note_many
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import filing_body, read_filing_report, read_record
from daicho.nodes.registry.counter import EntryView, enter, home_of
from daicho.nodes.registry.desk import CodeSource
from daicho.nodes.registry.filings.closing import answer_town, tie_to_entry
from daicho.nodes.registry.filings.waiting import late_before
from daicho.nodes.registry.filings.whom import (
    BASIS,
    PURPOSE,
    hidden_near,
    kept_from,
    subjects_of,
    whom_it_may_mean,
)
from daicho.nodes.registry.guarding import KEPT_BACK, kept_resident, note_kept_back, veil_for
from daicho.nodes.registry.records import subject_of
from daicho.rules.filings.answer import BY_HAND, ReportAnswer, comes_back, needs_a_second
from daicho.rules.filings.report import FilingKind, FilingReport, check_report, check_route
from daicho.rules.law.article import juki, security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, may_verify
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.drafting import Notice
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import ResidentRecord
from daicho.store import filings
from daicho.store.filings import FilingIn
from daicho.store.unit import Unit
from daicho.wire.codecs.filings import read_answer, read_filing

SHOWN_ROWS = 200
ABOUT_ROWS = 10  # of one resident
_ARTICLE = juki("9")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "report")
_SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "report")
_NOT_OURS = Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "to_municipality")
# Who is shut out by whom a report may mean is written down here, with their names; the counter knows none of them.
_SHUT = Refusal(KEPT_BACK.reason, KEPT_BACK.article, "report")
_ONLY_CS = Refusal(Reason.NOT_PERMITTED, security_standard("6-7"), "sender")


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """One report of another town in a list; `name` is empty where it is closed, or not for whoever asks.

    `proposed_by` holds it to be recorded already; `late` tells that it waits for longer than it should.
    """

    sender: MunicipalityCode
    report_id: str
    kind: FilingKind
    filing_number: str
    state: str
    received_at: datetime
    answer: ReportAnswer | None
    closed_at: datetime | None
    entry_id: str
    proposed_by: str = ""
    name: str = ""
    hidden: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedList:
    """A page of reports; `more` tells that there are others."""

    lines: tuple[ReceivedLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """One report of another town with whom it may mean; no content once it is closed."""

    line: ReceivedLine
    report: FilingReport | None
    people: tuple[ResidentRecord, ...]


def take_report(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Keep another town's report in the unit that keeps its letter; the same one again changes nothing.

    A town that came back from a copy sends again what was answered, and has lost the answer: it is told once more.
    """
    if sender.kind is not NodeKind.CS:
        return refused(_ONLY_CS)
    letter = read_filing(content)
    route, report = letter.route, letter.report
    # At midnight the other town's day may have begun a moment before this one's.
    refusal = check_route(route, _ARTICLE) or check_report(
        report, node.clock.business_today() + timedelta(days=1)
    )
    if refusal is None and route.receiver != home_of(node):
        refusal = _NOT_OURS
    if refusal is not None:
        return refused(refusal)
    people = whom_it_may_mean(unit, node, report)
    row = FilingIn(
        str(route.sender), route.report_id, report.kind.value, report.filing_number, "open",
        node.clock.now(), people=sorted(people), body=filing_body(report),
    )  # fmt: skip
    if not filings.keep_in(unit, row):
        kept = filings.filing_in(unit, row.sender, row.id)
        if kept is not None and kept.answer:
            answer_town(unit, node, kept, ReportAnswer(kept.answer))
        return SUPERSEDED
    detail = {"report": row.id, "kind": row.kind, "from": row.sender}
    _note_machine(unit, node, _subjects(people), str(sender.name), "received", detail)
    return ACCEPTED


def take_answer(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Note what the town that was told made of a report; nobody else's word counts, and the first one stays."""
    if sender.kind is not NodeKind.CS:
        return refused(_ONLY_CS)
    told = read_answer(content)
    if told.route.sender != home_of(node):
        return refused(_NOT_OURS)
    report_id, receiver, answer = told.route.report_id, str(told.route.receiver), told.answer
    row = filings.filing_out(unit, report_id, locked=True)
    back = comes_back(answer)
    if row is None or not filings.answer_out(
        unit, report_id, receiver, answer.value, node.clock.now(), back=back
    ):
        return SUPERSEDED
    detail = {"report": report_id, "kind": row.kind, "to": receiver}
    _note_machine(unit, node, subjects_of(unit, row.people), str(sender.name), answer.value, detail)
    return ACCEPTED


def _note_machine(
    unit: Unit, node: Node, subjects: Collection[str], peer: str, outcome: str, detail: dict[str, str]
) -> None:
    facts = [
        Fact(Event.FILING_RECEIVED, subject=one, outcome=outcome, peer=peer, detail=detail)
        for one in subjects
    ]
    note_many(unit, node, facts)


def received_reports(
    node: Node, operator: Operator, *, closed: bool = False, terminal: str = ""
) -> ReceivedList | Refusal:
    """List reports that nobody has answered, oldest first, or answered ones, newest first."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = filings.filings_in(unit, closed=closed, limit_rows=SHOWN_ROWS + 1)
        reports = [_report(row) for row in rows]
        hidden = kept_from(unit, node, operator, {number for row in rows for number in row.people})
        near = hidden_near(unit, node, operator, reports)
    late = late_before(node)
    with node.store.unit("filings.received_listed") as unit:
        note_by(unit, node, operator, Event.FILING_SHOWN, terminal=terminal, outcome="listed")
    lines = tuple(
        _line(row, report, late, hidden=bool(shut) or not hidden.isdisjoint(row.people))
        for row, report, shut in zip(rows[:SHOWN_ROWS], reports, near, strict=False)
    )
    return ReceivedList(lines, len(rows) > SHOWN_ROWS)


def open_reports_about(node: Node, operator: Operator, addressee_number: int) -> tuple[ReceivedLine, ...]:
    """List what other towns told that may mean a resident and is not recorded, as far as the operator may know of it.

    Whoever may not look at reports learns of none, nor does anybody of one that may mean a person whom a measure hides
    from them, this resident or another.
    """
    if may_enter_or_verify(operator) is not None:
        return ()
    with node.store.reading() as unit:
        rows = filings.open_filings_about(unit, addressee_number, limit_rows=ABOUT_ROWS)
        if not rows:
            return ()
        reports = [_report(row) for row in rows]
        hidden = kept_from(unit, node, operator, {number for row in rows for number in row.people})
        near = hidden_near(unit, node, operator, reports)
    late = late_before(node)
    return tuple(
        _line(row, report, late, hidden=False)
        for row, report, shut in zip(rows, reports, near, strict=True)
        if not shut and hidden.isdisjoint(row.people)
    )


def _report(row: FilingIn) -> FilingReport | None:
    return read_filing_report(row.body) if row.body is not None else None


def _line(row: FilingIn, report: FilingReport | None, late: datetime, *, hidden: bool) -> ReceivedLine:
    return ReceivedLine(
        MunicipalityCode(row.sender), row.id, FilingKind(row.kind), row.filing_number, row.state,
        row.received_at, ReportAnswer(row.answer) if row.answer else None, row.closed_at, row.entry_id or "",
        row.proposed_by or "", report.person.name if report is not None and not hidden else "", hidden,
        late=row.state != "closed" and row.received_at < late,
    )  # fmt: skip


def received_report(
    node: Node,
    operator: Operator,
    sender: str,
    report_id: str,
    *,
    beside: int | None = None,
    terminal: str = "",
) -> ReceivedView | Refusal:
    """Show one report with whom it may mean and whom somebody chose `beside`; a line for each is durable first.

    Where it may mean somebody whom a measure hides from whoever asks, it is for the officer alone.
    """
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("filings.received_shown") as unit:
        row = filings.filing_in(unit, sender, report_id)
        if row is None:
            return _GONE
        report, people = _report(row), _meant_now(unit, node, row)
        if beside is not None:
            held = kept_resident(unit, node, beside)
            if held is None:
                return Refusal(Reason.NOT_FOUND, juki("7"), "addressee_number")
            people[beside] = read_record(held.body)
        shut = _shut(unit, node, operator, row, people)
        if shut is None:
            _note(unit, node, operator, Event.FILING_SHOWN, row, people, terminal, "shown")
            veil = veil_for(unit, operator, people, node.clock.business_now())
    if shut is not None:
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    line = _line(row, report, late_before(node), hidden=False)
    return ReceivedView(line, report, tuple(map(veil.over, people.values())))


def _shut(
    unit: Unit, node: Node, operator: Operator, row: FilingIn, people: Mapping[int, ResidentRecord]
) -> list[str] | None:
    """Name whom an operator reached for in a report that is not for them, as far as it may mean them; None where it is.

    Who was merely born on the same day is not named: nobody reached for them.
    """
    hidden = kept_from(unit, node, operator, people)
    if not hidden and not hidden_near(unit, node, operator, [_report(row)])[0]:
        return None
    return [subject_of(people[one]) for one in sorted(hidden)] or [""]


def _meant_now(unit: Unit, node: Node, row: FilingIn) -> dict[int, ResidentRecord]:
    """Look again whom a report may mean: people come, leave and change their names while it waits."""
    if row.body is None:
        return {}
    people = whom_it_may_mean(unit, node, read_filing_report(row.body))
    filings.note_people(unit, row.sender, row.id, sorted(people))
    return people


def enter_from_report(
    node: Node,
    operator: Operator,
    notice: Notice,
    name: tuple[str, str],
    *,
    draw_codes: CodeSource,
    terminal: str = "",
    reception: Reception | None = None,
) -> EntryView | Refusal:
    """Enter a change from another town's report, named by its town and its name there; both stand or fall together.

    The report must be for whoever enters, as when it is opened: it may have been opened before somebody was protected.
    """
    shut: list[str] = []

    def tie(unit: Unit, entry_id: str, entry: Entry) -> Refusal | None:
        row = filings.filing_in(unit, *name, locked=True)
        if row is None:
            return _GONE
        shut.extend(_shut(unit, node, operator, row, _meant_now(unit, node, row)) or ())
        return _SHUT if shut else tie_to_entry(unit, row, entry_id, entry)

    done = enter(
        node, operator, notice, draw_codes=draw_codes, terminal=terminal, reception=reception, also=tie,
        kept_report=True,
    )  # fmt: skip
    if shut:
        note_kept_back(node, operator, shut, terminal)
    return done


def report_of_entry(node: Node, operator: Operator, entry_id: str) -> tuple[str, str] | None:
    """Name the report from which a waiting change was entered, for whoever compares them."""
    if may_enter_or_verify(operator) is not None:
        return None
    with node.store.reading() as unit:
        row = filings.filing_of_entry(unit, entry_id)
    return None if row is None else (row.sender, row.id)


def answer_report(
    node: Node, operator: Operator, sender: str, report_id: str, answer: ReportAnswer, *, terminal: str = ""
) -> Refusal | None:
    """Close a report of whom nothing is to be recorded here, and tell its town so, in one unit.

    That it is recorded already is proposed, and told by a second person.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is None and answer not in BY_HAND:
        refusal = Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "answer")
    if refusal is not None:
        return refusal
    by = operator.login_id, node.clock.now()

    def decide(unit: Unit, row: FilingIn) -> Refusal | str:
        if needs_a_second(answer):
            return "proposed" if filings.propose_in(unit, row.sender, row.id, by) else _SETTLED
        if not filings.answer_in(unit, row.sender, row.id, answer.value, by):
            return _SETTLED
        answer_town(unit, node, row, answer)
        return answer.value

    return _decided(node, operator, (sender, report_id), decide, terminal)


def confirm_answer(
    node: Node, operator: Operator, sender: str, report_id: str, *, terminal: str = ""
) -> Refusal | None:
    """Close a report by the word of a second person that nothing is to be recorded, and tell its town so, in one unit."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    answer, by = ReportAnswer.NOTHING_TO_RECORD, (operator.login_id, node.clock.now())

    def decide(unit: Unit, row: FilingIn) -> Refusal | str:
        refusal = may_verify(row.proposed_by or "", operator.login_id)
        if refusal is not None:
            return refusal
        if not filings.confirm_in(unit, row.sender, row.id, answer.value, by):
            return _SETTLED
        answer_town(unit, node, row, answer)
        return answer.value

    return _decided(node, operator, (sender, report_id), decide, terminal)


def decline_answer(
    node: Node, operator: Operator, sender: str, report_id: str, *, terminal: str = ""
) -> Refusal | None:
    """Open a report again that was held to be recorded: by a second person, or by whoever held it so."""

    def decide(unit: Unit, row: FilingIn) -> Refusal | str:
        own = row.proposed_by == operator.login_id
        refusal = may(operator, Permission.ENTER_CHANGE if own else Permission.VERIFY_CHANGE)
        if refusal is not None:
            return refusal
        return "declined" if filings.decline_in(unit, row.sender, row.id) else _SETTLED

    refusal = may_enter_or_verify(operator)
    return refusal or _decided(node, operator, (sender, report_id), decide, terminal)


def _decided(
    node: Node,
    operator: Operator,
    name: tuple[str, str],
    decide: Callable[[Unit, FilingIn], Refusal | str],
    terminal: str,
) -> Refusal | None:
    """Let somebody decide about a report that is for them, with a line for each whom it may mean, in one unit."""
    with node.store.unit("filings.answer") as unit:
        row = filings.filing_in(unit, *name, locked=True)
        if row is None:
            return _GONE
        people = _meant_now(unit, node, row)
        shut = _shut(unit, node, operator, row, people)
        if shut is None:
            done = decide(unit, row)
            if isinstance(done, Refusal):
                return done
            _note(unit, node, operator, Event.FILING_ANSWERED, row, people, terminal, done)
    if shut is not None:
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    return None


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    row: FilingIn,
    people: Mapping[int, ResidentRecord],
    terminal: str,
    outcome: str,
) -> None:
    note_many(
        unit, node,
        [
            fact_by(
                operator, event, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome, subject=one,
                detail={"report": row.id, "kind": row.kind, "from": row.sender},
            )
            for one in _subjects(people)
        ],
    )  # fmt: skip


def _subjects(people: Mapping[int, ResidentRecord]) -> list[str]:
    return [subject_of(one) for one in people.values()] or [""]
