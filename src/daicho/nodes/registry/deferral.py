"""Affairs that need others who do not answer: taken at the counter, listed, opened and finished when the line is back."""

from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import affair_body, read_affair, read_record
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import may_reach
from daicho.rules.deferral.affair import (
    AffairKind,
    AffairState,
    DeferredAffair,
    check_affair,
    close_affair,
)
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import deferral, register
from daicho.store.deferral import WaitingRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
_ARTICLE = Article("行政手続法", "37")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "affair")


@dataclass(frozen=True, slots=True)
class AffairLine:
    """One line of the list of what waits; nothing of anybody stands in it."""

    affair_id: str
    kind: AffairKind
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class AffairsWaiting:
    """What waits, oldest first; `more` tells that there is more."""

    lines: tuple[AffairLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class AffairView:
    """One affair; `name` is the resident's, where it is a resident's."""

    affair_id: str
    affair: DeferredAffair
    state: AffairState
    taken_by: str
    taken_at: datetime
    name: str = ""


def put_off(node: Node, operator: Operator, affair: DeferredAffair, *, terminal: str) -> AffairLine | Refusal:
    """Keep an affair until the line is back."""
    refusal = may(operator, Permission.ENTER_CHANGE) or check_affair(affair)
    if refusal is None and affair.addressee_number is not None:
        refusal = may_reach(node, operator, affair.addressee_number, terminal)
    if refusal is not None:
        return refusal
    row = WaitingRow(node.clock.new_id(), affair.kind.value, operator.login_id, node.clock.now())
    with node.store.unit("deferral.put_off") as unit:
        held = None if affair.addressee_number is None else register.resident(unit, affair.addressee_number)
        if affair.addressee_number is not None and held is None:
            return _GONE
        deferral.keep_affair(unit, row, affair.addressee_number, affair_body(affair))
        _note(unit, node, operator, Event.AFFAIR_TAKEN, (row.id, affair), terminal, "waiting")
    return AffairLine(row.id, affair.kind, row.taken_by, row.taken_at)


def waiting(node: Node, operator: Operator) -> AffairsWaiting | Refusal:
    """List what waits: numbers, kinds and times, of nobody in particular."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("deferral.list") as unit:
        rows = deferral.waiting_affairs(unit, limit_rows=SHOWN_ROWS + 1)
    lines = tuple(AffairLine(row.id, AffairKind(row.kind), row.taken_by, row.taken_at) for row in rows)
    return AffairsWaiting(lines[:SHOWN_ROWS], len(lines) > SHOWN_ROWS)


def open_affair(node: Node, operator: Operator, affair_id: str, *, terminal: str) -> AffairView | Refusal:
    """Open one affair; the ledger line is durable before anything is given back."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("deferral.look") as unit:
        row = deferral.affair(unit, affair_id)
    if row is None:
        return _GONE
    affair = read_affair(row.body)
    if affair.addressee_number is not None:
        refusal = may_reach(node, operator, affair.addressee_number, terminal)
        if refusal is not None:
            return refusal
    with node.store.unit("deferral.open") as unit:
        name = _name(unit, affair)
        _note(unit, node, operator, Event.AFFAIR_SHOWN, (affair_id, affair), terminal, "shown")
    return AffairView(affair_id, affair, AffairState(row.state), row.taken_by, row.taken_at, name)


def finish(
    node: Node, operator: Operator, affair_id: str, state: AffairState, outcome: str, *, terminal: str
) -> Refusal | None:
    """Close an affair with what became of it."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("deferral.reach") as unit:
        row = deferral.affair(unit, affair_id)
    if row is None:
        return _GONE
    affair = read_affair(row.body)
    if affair.addressee_number is not None:
        refusal = may_reach(node, operator, affair.addressee_number, terminal)
        if refusal is not None:
            return refusal
    closed = close_affair(affair, state, outcome)
    if isinstance(closed, Refusal):
        return closed
    with node.store.unit("deferral.close") as unit:
        at = operator.login_id, node.clock.now()
        if not deferral.close(unit, affair_id, affair_body(closed), state.value, at):
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "affair")
        _note(unit, node, operator, Event.AFFAIR_CLOSED, (affair_id, affair), terminal, state.value)
    return None


def _name(unit: Unit, affair: DeferredAffair) -> str:
    if affair.addressee_number is None:
        return ""
    held = register.resident(unit, affair.addressee_number)
    return "" if held is None else read_record(held.body).name.kanji


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, one: tuple[str, DeferredAffair], terminal: str,
    outcome: str,
) -> None:  # fmt: skip
    affair_id, affair = one
    held = None if affair.addressee_number is None else register.resident(unit, affair.addressee_number)
    note(
        unit, node, event=event, operator_login_id=operator.login_id, operator_role_id=operator.role_id,
        terminal=terminal, purpose=affair.purpose, basis=affair.basis,
        subject="" if held is None else subject_of(read_record(held.body)), outcome=outcome,
        detail={"affair": affair_id, "kind": affair.kind.value},
    )  # fmt: skip
