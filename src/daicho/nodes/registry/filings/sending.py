"""Reports to other towns: entered by one person, sent by a second, followed until the town answers.  通知の送付"""

from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import Fact, fact_by, note_by, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import filing_body, read_filing_report
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.filings.waiting import late_before
from daicho.nodes.registry.filings.whom import (
    BASIS,
    PURPOSE,
    hidden_near,
    kept_from,
    subjects_of,
    whom_it_names,
)
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingKind, FilingReport, Route, check_report, check_route
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, may_verify
from daicho.rules.people.codes import MunicipalityCode
from daicho.store import filings
from daicho.store.filings import FilingOut
from daicho.store.unit import Unit
from daicho.wire.codecs.filings import REPORT, FilingLetter

SHOWN_ROWS = 200
_ARTICLE = juki("9")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "report")
_SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "report")


@dataclass(frozen=True, slots=True)
class SentLine:
    """One report of the own town in a list; `name` is empty where it is closed, or not for whoever asks.

    `late` tells that its town has not answered for longer than it should take.
    """

    report_id: str
    receiver: MunicipalityCode
    kind: FilingKind
    filing_number: str
    state: str
    entered_by: str
    entered_at: datetime
    answer: ReportAnswer | None
    closed_at: datetime | None
    name: str = ""
    hidden: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class SentList:
    """A page of reports; `more` tells that there are others."""

    lines: tuple[SentLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class SentView:
    """One report of the own town with its content, while there is any."""

    line: SentLine
    report: FilingReport | None
    decided_by: str
    why: str


def enter_report(
    node: Node,
    operator: Operator,
    report_id: str,
    receiver: MunicipalityCode,
    report: FilingReport,
    *,
    replaces: str = "",
    terminal: str = "",
) -> str | Refusal:
    """Keep a report that waits for a second person, in the place of one that came back; twice is once.

    The same form with something else in it is refused: it was kept as it was first, and a second person may have seen it.
    """
    route = Route(report_id, home_of(node), receiver)
    refusal = (
        may(operator, Permission.ENTER_CHANGE)
        or check_route(route, _ARTICLE)
        or check_report(report, node.clock.business_today())
        or _known_town(node, receiver)
    )
    if refusal is not None:
        return refusal
    now, shut = node.clock.now(), list[str]()
    with node.store.unit("filings.enter") as unit:
        former = filings.filing_out(unit, replaces, locked=True) if replaces else None
        people = sorted(whom_it_names(unit, node, report))
        row = FilingOut(
            report_id, str(receiver), report.kind.value, report.filing_number, "drafted", operator.login_id,
            now, people=people, body=filing_body(report),
        )  # fmt: skip
        kept = filings.filing_out(unit, report_id)
        if kept is not None:
            return report_id if _is_same(kept, row) else _SETTLED
        if replaces and (former is None or former.state not in ("returned", "back")):
            return _SETTLED
        shut = _shut(unit, node, operator, former) if former is not None else []
        if not shut:
            if not filings.keep_out(unit, row):
                kept = filings.filing_out(unit, report_id)
                return report_id if kept is not None and _is_same(kept, row) else _SETTLED
            if former is not None:
                filings.close_out(unit, replaces, now)
                _note(unit, node, operator, Event.FILING_ANSWERED, former, terminal, "closed")
            _note(unit, node, operator, Event.FILING_ENTERED, row, terminal, "entered")
    return _kept_back(node, operator, shut, terminal) if shut else report_id


def _is_same(kept: FilingOut, row: FilingOut) -> bool:
    """Tell whether what is kept says what a form says that was sent again, to whom and by whom."""
    return (kept.receiver, kept.entered_by, kept.body) == (row.receiver, row.entered_by, row.body)


def _known_town(node: Node, receiver: MunicipalityCode) -> Refusal | None:
    if node.wire.directory().cs_of(receiver) is not None:
        return None
    return Refusal(Reason.MUNICIPALITY_UNKNOWN, _ARTICLE, "to_municipality")


def sent_reports(
    node: Node, operator: Operator, *, closed: bool = False, terminal: str = ""
) -> SentList | Refusal:
    """List reports that wait, oldest first and those behind that wait for an answer, or closed ones, newest first."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = filings.filings_out(unit, closed=closed, limit_rows=SHOWN_ROWS + 1)
        reports = [_report(row) for row in rows]
        hidden = kept_from(unit, node, operator, {number for row in rows for number in row.people})
        near = hidden_near(unit, node, operator, reports)
    late = late_before(node)
    with node.store.unit("filings.sent_listed") as unit:
        note_by(unit, node, operator, Event.FILING_SHOWN, terminal=terminal, outcome="listed")
    lines = tuple(
        _line(row, report, late, hidden=bool(shut) or not hidden.isdisjoint(row.people))
        for row, report, shut in zip(rows[:SHOWN_ROWS], reports, near, strict=False)
    )
    return SentList(lines, len(rows) > SHOWN_ROWS)


def _report(row: FilingOut) -> FilingReport | None:
    return read_filing_report(row.body) if row.body is not None else None


def _line(row: FilingOut, report: FilingReport | None, late: datetime, *, hidden: bool) -> SentLine:
    return SentLine(
        row.id, MunicipalityCode(row.receiver), FilingKind(row.kind), row.filing_number, row.state,
        row.entered_by, row.entered_at, ReportAnswer(row.answer) if row.answer else None, row.closed_at,
        report.person.name if report is not None and not hidden else "", hidden,
        late=row.state == "sent" and row.decided_at is not None and row.decided_at < late,
    )  # fmt: skip


def sent_report(node: Node, operator: Operator, report_id: str, *, terminal: str = "") -> SentView | Refusal:
    """Show one report of the own town; the line is durable first. Whom a measure hides is for the officer alone."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("filings.sent_shown") as unit:
        row = filings.filing_out(unit, report_id)
        if row is None:
            return _GONE
        shut = _shut(unit, node, operator, row)
        if not shut:
            _note(unit, node, operator, Event.FILING_SHOWN, row, terminal, "shown")
    if shut:
        return _kept_back(node, operator, shut, terminal)
    report = _report(row)
    return SentView(
        _line(row, report, late_before(node), hidden=False), report, row.decided_by or "", row.why
    )


def _shut(unit: Unit, node: Node, operator: Operator, row: FilingOut) -> list[str]:
    """Name whom an operator reached for in a report that is not for them; nobody in particular is one empty name."""
    hidden = kept_from(unit, node, operator, row.people)
    if not hidden and not hidden_near(unit, node, operator, [_report(row)])[0]:
        return []
    return subjects_of(unit, hidden)


def _kept_back(node: Node, operator: Operator, subjects: list[str], terminal: str) -> Refusal:
    note_kept_back(node, operator, subjects, terminal)
    return KEPT_BACK


def send_report(node: Node, operator: Operator, report_id: str, *, terminal: str = "") -> Refusal | None:
    """Send a draft by the word of a second person: state, ledger line and letter in one unit."""
    return _decide(node, operator, report_id, "sent", "", terminal)


def return_report(
    node: Node, operator: Operator, report_id: str, why: str, *, terminal: str = ""
) -> Refusal | None:
    """Give a draft back to whoever entered it, with the reason."""
    if not why.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")
    return _decide(node, operator, report_id, "returned", why[:WORDS_CHARACTERS], terminal)


def _decide(
    node: Node, operator: Operator, report_id: str, state: str, why: str, terminal: str
) -> Refusal | None:
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("filings.decide") as unit:
        row = filings.filing_out(unit, report_id, locked=True)
        if row is None or row.body is None:
            return _GONE if row is None else _SETTLED
        shut = _shut(unit, node, operator, row)
        receiver = MunicipalityCode(row.receiver)
        refusal = may_verify(row.entered_by, operator.login_id)
        if state == "sent":
            refusal = refusal or _known_town(node, receiver)
        if refusal is None and not shut:
            if not filings.decide_out(unit, report_id, state, (operator.login_id, node.clock.now()), why):
                return _SETTLED
            _note(unit, node, operator, Event.FILING_DECIDED, row, terminal, state)
            if state == "sent":
                letter = FilingLetter(Route(row.id, home_of(node), receiver), read_filing_report(row.body))
                cs = partner(node.wire.directory(), node.me, NodeKind.CS)
                post_letters(unit, node, [Outgoing(cs, REPORT, letter, matter=row.id)])
    return _kept_back(node, operator, shut, terminal) if shut else refusal


def close_report(node: Node, operator: Operator, report_id: str, *, terminal: str = "") -> Refusal | None:
    """Close a report with which nothing is left to do here, whatever the other town still answers.

    A draft is its maker's alone, as every entry that waits; its content is forgotten with it.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("filings.close") as unit:
        row = filings.filing_out(unit, report_id, locked=True)
        if row is None:
            return _GONE
        shut = _shut(unit, node, operator, row)
        if row.state == "drafted" and row.entered_by != operator.login_id:
            refusal = Refusal(Reason.NOT_PERMITTED, _ARTICLE, "entered_by")
        if refusal is None and not shut:
            if not filings.close_out(unit, report_id, node.clock.now()):
                return _SETTLED
            _note(unit, node, operator, Event.FILING_ANSWERED, row, terminal, "closed")
    return _kept_back(node, operator, shut, terminal) if shut else refusal


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, row: FilingOut, terminal: str, outcome: str
) -> None:
    """Write a line for each of the own register who may be meant, or one of nobody."""
    facts: list[Fact] = [
        fact_by(
            operator, event, terminal=terminal, purpose=PURPOSE, basis=BASIS, outcome=outcome, subject=subject,
            detail={"report": row.id, "kind": row.kind, "to": row.receiver},
        )
        for subject in subjects_of(unit, row.people)
    ]  # fmt: skip
    note_many(unit, node, facts)
