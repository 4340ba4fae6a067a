"""Affairs that need others who do not answer: taken at the counter, listed, opened and finished when the line is back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import affair_body, read_affair, read_record
from daicho.nodes.registry.cards.shown import card_as_proof
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    hidden_among,
    kept_record,
    kept_resident,
    note_kept_back,
    sees_protected,
)
from daicho.nodes.registry.records import subject_of
from daicho.rules.deferral.affair import (
    AffairKind,
    AffairState,
    DeferredAffair,
    check_affair,
    close_affair,
)
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.changes import Entry
from daicho.store import deferral, register
from daicho.store.deferral import AffairRow, WaitingRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
_SAME_WITHIN = timedelta(seconds=30)  # two clicks, not two visitors
_ARTICLE = Article("行政手続法", "37")
_DISCLOSURE = juki("30-32")
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


def put_off(
    node: Node, operator: Operator, affair: DeferredAffair, *, terminal: str, affair_id: str = ""
) -> AffairLine | Refusal:
    """Keep an affair until the line is back, or what one that waits already says now; who sends it twice has it once."""
    affair = replace(affair, guarded=affair.addressee_number is None and sees_protected(operator))
    refusal = (
        may(operator, Permission.ENTER_CHANGE)
        or check_affair(affair)
        or _may_reach(node, operator, affair, terminal)
    )
    if refusal is not None:
        return refusal
    if affair_id:
        return _renewed(node, operator, affair_id, affair, terminal)
    now, body = node.clock.now(), affair_body(affair)
    with node.store.unit("deferral.put_off") as unit:
        refusal = _check_person(unit, node, affair)
        if refusal is not None:
            return refusal
        row = deferral.just_taken(unit, body, operator.login_id, now - _SAME_WITHIN)
        if row is None:
            row = WaitingRow(node.clock.new_id(), affair.kind.value, operator.login_id, now)
            deferral.keep_affair(unit, row, affair.addressee_number, body)
            _note(unit, node, operator, Event.AFFAIR_TAKEN, (row.id, affair), terminal, "waiting")
    return AffairLine(row.id, affair.kind, row.taken_by, row.taken_at)


def _check_person(unit: Unit, node: Node, affair: DeferredAffair) -> Refusal | None:
    """Refuse an affair of whom the register does not keep, or who showed a card that proves nothing any more."""
    if affair.addressee_number is None:
        return None
    record = kept_record(unit, node, affair.addressee_number)
    if record is None:
        return _GONE
    return card_as_proof(unit, node, affair.proof, affair.card_expires_on, record, _DISCLOSURE)


def _renewed(
    node: Node, operator: Operator, affair_id: str, affair: DeferredAffair, terminal: str
) -> AffairLine | Refusal:
    found = _reached(node, operator, affair_id, terminal)
    if isinstance(found, Refusal):
        return found
    row, held = found
    affair = replace(affair, guarded=affair.guarded or held.guarded)
    with node.store.unit("deferral.renew") as unit:
        if not deferral.renew(unit, affair_id, affair_body(affair)):
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "affair")
        _note(unit, node, operator, Event.AFFAIR_TAKEN, (affair_id, affair), terminal, "waiting")
    return AffairLine(affair_id, affair.kind, row.taken_by, row.taken_at)


def _concerned(unit: Unit, affair: DeferredAffair) -> list[int]:
    """Name the people of whose address an affair may tell: its own, and the household that its form names."""
    people = [] if affair.addressee_number is None else [affair.addressee_number]
    if affair.household is not None:
        people += [one.addressee_number for one in register.household(unit, affair.household)]
    return people


def _kept_back(unit: Unit, node: Node, operator: Operator, affair: DeferredAffair) -> frozenset[int] | None:
    """Name whom protection hides from an operator in an affair; nothing where it keeps nothing back."""
    if affair.guarded and not sees_protected(operator):
        return frozenset()
    hidden = hidden_among(unit, operator, _concerned(unit, affair), node.clock.business_now())
    return hidden or None


def _may_reach(node: Node, operator: Operator, affair: DeferredAffair, terminal: str) -> Refusal | None:
    """Refuse an affair that would tell what protection hides; the attempt leaves a line for everybody in it."""
    with node.store.reading() as unit:
        hidden = _kept_back(unit, node, operator, affair)
        held = register.residents(unit, hidden) if hidden else []
    if hidden is None:
        return None
    note_kept_back(node, operator, [subject_of(read_record(one.body)) for one in held] or [""], terminal)
    return KEPT_BACK


def _reached(
    node: Node, operator: Operator, affair_id: str, terminal: str
) -> tuple[AffairRow, DeferredAffair] | Refusal:
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("deferral.look") as unit:
        row = deferral.affair(unit, affair_id)
    if row is None:
        return _GONE
    affair = read_affair(row.body)
    return _may_reach(node, operator, affair, terminal) or (row, affair)


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
    found = _reached(node, operator, affair_id, terminal)
    if isinstance(found, Refusal):
        return found
    row, affair = found
    with node.store.unit("deferral.open") as unit:
        name = _name(unit, node, affair)
        _note(unit, node, operator, Event.AFFAIR_SHOWN, (affair_id, affair), terminal, "shown")
    return AffairView(affair_id, affair, AffairState(row.state), row.taken_by, row.taken_at, name)


def finish(
    node: Node, operator: Operator, affair_id: str, state: AffairState, outcome: str, *, terminal: str
) -> Refusal | None:
    """Close an affair with what became of it."""
    found = _reached(node, operator, affair_id, terminal)
    if isinstance(found, Refusal):
        return found
    with node.store.unit("deferral.close") as unit:
        return _close(unit, node, operator, (affair_id, found[1]), (state, outcome), terminal)


def closing(
    node: Node, operator: Operator, affair_id: str, outcome: str, *, terminal: str
) -> Callable[[Unit, str, Entry], Refusal | None]:
    """Give what closes an affair in the unit of the entry that it became, so that it becomes one entry alone."""

    def close(unit: Unit, _entry_id: str, _entry: Entry) -> Refusal | None:
        row = deferral.affair(unit, affair_id)
        if row is None:
            return _GONE
        affair = read_affair(row.body)
        if _kept_back(unit, node, operator, affair) is not None:
            return KEPT_BACK
        done = AffairState.FINISHED, outcome
        return _close(unit, node, operator, (affair_id, affair), done, terminal)

    return close


def _close(
    unit: Unit, node: Node, operator: Operator, one: tuple[str, DeferredAffair], done: tuple[AffairState, str],
    terminal: str,
) -> Refusal | None:  # fmt: skip
    (affair_id, affair), (state, outcome) = one, done
    closed = close_affair(affair, state, outcome)
    if isinstance(closed, Refusal):
        return closed
    at = operator.login_id, node.clock.now()
    if not deferral.close(unit, affair_id, affair_body(closed), state.value, at):
        return Refusal(Reason.NOT_PENDING, _ARTICLE, "affair")
    _note(unit, node, operator, Event.AFFAIR_CLOSED, one, terminal, state.value)
    return None


def _name(unit: Unit, node: Node, affair: DeferredAffair) -> str:
    if affair.addressee_number is None:
        return ""
    held = kept_resident(unit, node, affair.addressee_number)
    return "" if held is None else read_record(held.body).name.kanji


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, one: tuple[str, DeferredAffair], terminal: str,
    outcome: str,
) -> None:  # fmt: skip
    affair_id, affair = one
    number = affair.addressee_number
    held = None if number is None else kept_resident(unit, node, number)
    note_by(
        unit, node, operator, event, terminal=terminal, purpose=affair.purpose, basis=affair.basis,
        subject="" if held is None else subject_of(read_record(held.body)), outcome=outcome,
        detail={"affair": affair_id, "kind": affair.kind.value},
    )  # fmt: skip
