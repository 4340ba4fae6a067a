"""The cash-up at the counter: what the book says, what was counted, closed by one person, confirmed by a second.  日計"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.request import CertificateRequester, IssueChannel
from daicho.rules.certificates.sheets import on_security_paper
from daicho.rules.certificates.till import (
    FEES,
    ChargedPaper,
    FreeCause,
    SheetSummary,
    TillAccount,
    TillClosing,
    TillCount,
    Waiver,
    check_closing,
    check_waiver,
    till_account,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.rules.operators.deciding import Undecided, check_reasoned_decision
from daicho.store import sheets, till
from daicho.store.till import ClosingRow, OpenPaper, OpenReading, WaiverRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

SHOWN_ROWS = 200
WORDS_CHARACTERS = 200
_GONE = Refusal(Reason.NOT_FOUND, FEES, "number")


@dataclass(frozen=True, slots=True)
class ClosedTill:
    """A cash-up with what became of it."""

    closing: TillClosing
    state: str
    closed_by: str
    closed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class TillOverview:
    """What stands in no cash-up yet, what waits for a second person, and what was closed in some days."""

    account: TillAccount
    earlier_days: tuple[date, ...]  # of which papers stand in no cash-up
    waivers: tuple[Waiver, ...]
    sheets: SheetSummary
    waiting: tuple[ClosedTill, ...]
    past: tuple[ClosedTill, ...]


@dataclass(frozen=True, slots=True)
class TillSeen:
    """What somebody had before them when they counted."""

    papers: int
    fees_yen: int


def till_overview(node: Node, operator: Operator, first: date, last: date) -> TillOverview | Refusal:
    """Add up what stands in no cash-up, and list what waits and what was closed from one day to another."""
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    with node.store.reading() as unit:
        papers = till.open_papers(unit, today)
        return TillOverview(
            _account(papers, till.open_readings(unit, today)),
            tuple(sorted({one.issued_on for one in papers} - {today})),
            _waivers(unit, papers),
            _summary(unit, papers),
            tuple(map(_closed, till.waiting_closings(unit, limit_rows=SHOWN_ROWS))),
            tuple(map(_closed, till.closings_between(unit, first, last, limit_rows=SHOWN_ROWS))),
        )


def _account(papers: Sequence[OpenPaper], readings: Sequence[OpenReading]) -> TillAccount:
    return till_account(map(_charged, papers), (one.fee_yen for one in readings))


def _charged(row: OpenPaper) -> ChargedPaper:
    return ChargedPaper(
        row.number,
        CertificateKind(row.kind),
        IssueChannel(row.channel),
        CertificateRequester(row.requester),
        row.fee_yen,
        FreeCause(row.waived) if row.waived is not None else None,
    )


def _waivers(unit: Unit, papers: Sequence[OpenPaper]) -> tuple[Waiver, ...]:
    numbers = [one.number for one in papers if one.waived is not None]
    rows = till.waivers_of(unit, numbers) if numbers else []
    return tuple(Waiver(row.number, FreeCause(row.cause), row.words, row.by) for row in rows)


def _summary(unit: Unit, papers: Sequence[OpenPaper]) -> SheetSummary:
    used, spoiled = sheets.sheets_since_closing(unit)
    # A town that has no numbered sheets is not asked for them.
    numbered = [
        one.number
        for one in papers
        if on_security_paper(CertificateKind(one.kind), IssueChannel(one.channel))
    ]
    asked = bool(numbered) and sheets.any_delivery(unit)
    unnoted = sheets.without_sheets(unit, numbered) if asked else []
    shown = tuple(unnoted[:SHOWN_ROWS])
    return SheetSummary(used, spoiled, sheets.sheets_left(unit), shown, len(unnoted))


def _closed(row: ClosingRow) -> ClosedTill:
    closing = decode(TillClosing, row.body.encode(), our_own=True)
    return ClosedTill(
        closing, row.state, row.closed_by, row.closed_at, row.decided_by, row.decided_at, row.why
    )


def closed_till(node: Node, operator: Operator, number: str) -> ClosedTill | Refusal:
    """Show one cash-up as it was closed."""
    refusal = may(operator, Permission.KEEP_TILL)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = till.closing(unit, number)
    return _GONE if row is None else _closed(row)


def waive_fee(
    node: Node, operator: Operator, number: str, cause: FreeCause, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Note that the fee of a paper was not taken; only while it stands in no cash-up."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.unit("till.waive") as unit:
        till.hold_till(unit)
        found = till.charged_paper(unit, number)
        if found is None:
            return Refusal(Reason.NOT_FOUND, FEES, "paper")
        row, still_open = found
        if not still_open:
            return Refusal(Reason.NOT_PENDING, FEES, "paper", "CLOSED")
        refusal = check_waiver(_charged(row), cause, words)
        if refusal is None:
            told = WaiverRow(
                number, cause.value, words[:WORDS_CHARACTERS], operator.login_id, node.clock.now()
            )
            till.keep_waiver(unit, told)
            _note(unit, node, operator, Event.FEE_WAIVED, terminal, cause.value, {"number": number})
    return refusal


def undo_waiver(
    node: Node, operator: Operator, number: str, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Take back what somebody else noted of a fee; only while the paper stands in no cash-up."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is None and not words.strip():
        refusal = Refusal(Reason.FIELD_MISSING, FEES, "undo_why")
    if refusal is not None:
        return refusal
    with node.store.unit("till.undo_waiver") as unit:
        till.hold_till(unit)
        found, waivers = till.charged_paper(unit, number), till.waivers_of(unit, [number])
        if found is None or not waivers:
            return Refusal(Reason.NOT_FOUND, FEES, "paper")
        if not found[1]:
            return Refusal(Reason.NOT_PENDING, FEES, "paper", "CLOSED")
        refusal = may_verify(waivers[0].by, operator.login_id)
        if refusal is None:
            till.undo_waiver(unit, number, operator.login_id, node.clock.now(), words[:WORDS_CHARACTERS])
            _note(unit, node, operator, Event.FEE_WAIVED, terminal, "undone", {"number": number})
    return refusal


def close_till(
    node: Node, operator: Operator, seen: TillSeen, count: TillCount, words: str, *, terminal: str = ""
) -> TillClosing | Refusal:
    """Close a cash-up over everything that stands in none; refused when that is no longer what was counted against."""
    refusal = may(operator, Permission.KEEP_TILL) or may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    with node.store.unit("till.close") as unit:
        till.hold_till(unit)
        sheets.hold_sheets(unit)
        papers = till.open_papers(unit, today)
        readings = till.open_readings(unit, today)
        account = _account(papers, readings)
        refusal = (
            _as_seen(account, seen)
            or _something_to_close(unit, account, today)
            or check_closing(account, count, words)
        )
        if refusal is not None:
            return refusal
        number = till.draw_closing_number(unit, today.year)
        told = words[:WORDS_CHARACTERS]
        closing = TillClosing(
            number, today, account, count, told, _waivers(unit, papers), _summary(unit, papers)
        )
        body = encode(closing).decode()
        row = ClosingRow(number, today, "closed", operator.login_id, node.clock.now(), None, None, "", body)
        till.keep_closing(unit, row, [one.number for one in papers], readings)
        sheets.take_up_sheets(unit, number)
        _note(unit, node, operator, Event.TILL_CLOSED, terminal, "closed", {"closing": number})
    return closing


def _as_seen(account: TillAccount, seen: TillSeen) -> Refusal | None:
    if (account.papers, account.fees_yen) == (seen.papers, seen.fees_yen):
        return None
    return Refusal(Reason.CHANGED_SINCE, FEES, "papers")


def _something_to_close(unit: Unit, account: TillAccount, today: date) -> Refusal | None:
    """Let a day without any paper be closed once, so that every day can be shown to have been looked at."""
    if account.papers or account.inspections:
        return None
    closed = till.closings_between(unit, today, today, limit_rows=SHOWN_ROWS)
    if any(row.state != "returned" for row in closed):
        return Refusal(Reason.NOTHING_CHANGES, FEES, "papers")
    return None


def decide_on_till(
    node: Node, operator: Operator, number: str, *, accept: bool, why: str = "", terminal: str = ""
) -> Refusal | None:
    """Confirm a cash-up that somebody else closed, or return it: what stood in it then stands in none."""
    refusal = may(operator, Permission.KEEP_TILL) or may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("till.decide") as unit:
        till.hold_till(unit)
        sheets.hold_sheets(unit)
        row = till.lock_closing(unit, number)
        if row is None:
            return _GONE
        undecided = Undecided(FEES, "number", row.state, "closed", (row.closed_by,))
        refusal = check_reasoned_decision(undecided, operator.login_id, accept=accept, why=why)
        if refusal is not None:
            return refusal
        state = "confirmed" if accept else "returned"
        till.decide_closing(unit, row, state, operator.login_id, node.clock.now(), why.strip())
        if not accept:
            sheets.set_sheets_back(unit, number)
        _note(unit, node, operator, Event.TILL_DECIDED, terminal, state, {"closing": number})
    return None


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    terminal: str,
    outcome: str,
    detail: dict[str, str],
) -> None:
    note_by(unit, node, operator, event, terminal=terminal, outcome=outcome, detail=detail)
