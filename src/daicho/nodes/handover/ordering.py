"""Orders to move a whole register: asked for and approved at terminals, carried out once by a command beside the node.

At a command line nobody proves who they are: the two who answer for what it does proved it where they gave their word.
"""

from dataclasses import dataclass

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.rules.handover.order import (
    ARTICLE,
    HandoverOrder,
    HandoverOrderState,
    HandoverWay,
    check_order,
    check_order_at,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, Role, may, permissions_of
from daicho.rules.operators.deciding import Undecided, check_reasoned_decision
from daicho.rules.people.codes import MunicipalityCode
from daicho.store import handover_orders
from daicho.store import office as book
from daicho.store.handover_orders import OrderRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

SHOWN_ROWS = 50
_RIGHTS = {HandoverWay.IN: Permission.IMPORT_EXTRACT, HandoverWay.OUT: Permission.EXPORT_EXTRACT}
_GONE = Refusal(Reason.NOT_FOUND, ARTICLE, "order")
_NOT_APPROVED = Refusal(Reason.APPROVAL_MISSING, ARTICLE, "order")
_USED = Refusal(Reason.ORDER_USED, ARTICLE, "order")


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order and how it stands."""

    row: OrderRow
    order: HandoverOrder

    @property
    def state(self) -> HandoverOrderState:
        """Tell where it stands."""
        return HandoverOrderState(self.row.state)


@dataclass(frozen=True, slots=True)
class UsedOrder:
    """An order in the hands of a command, with the two who answer for it as the node's book has them now."""

    order: HandoverOrder
    operator: Operator
    approver: Operator


def whose(node: Node, town: MunicipalityCode | None) -> dict[str, str]:
    """Say in a ledger line whose residents a folder is about, and which kind of node writes it where that is no register."""
    source = "" if node.me.kind is NodeKind.REGISTRY else node.me.kind.value
    return {"town": str(town or node.me.municipality or ""), "source": source}


def _view(row: OrderRow) -> OrderView:
    return OrderView(row, decode(HandoverOrder, row.body.encode(), our_own=True))


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, order: HandoverOrder, detail: tuple[int, str], terminal: str
) -> None:  # fmt: skip
    number, outcome = detail
    note_by(
        unit, node, operator, event, terminal=terminal, purpose=order.purpose, outcome=outcome,
        detail={"number": str(number), "way": order.way.value, "manifest": order.manifest, **whose(node, order.town)},
    )  # fmt: skip


def ask_for_handover(node: Node, operator: Operator, order: HandoverOrder, *, terminal: str) -> int | Refusal:
    """Keep an order that waits for a second person; gives its number."""
    refusal = may(operator, _RIGHTS[order.way]) or check_order(order) or check_order_at(order, node.me)
    if refusal is not None:
        return refusal
    with node.store.unit("handover.ask") as unit:
        number = handover_orders.keep_order(unit, operator.login_id, node.clock.now(), encode(order).decode())
        _note(unit, node, operator, Event.HANDOVER_ORDERED, order, (number, "waiting"), terminal)
    return number


def handover_orders_of(node: Node, operator: Operator) -> tuple[OrderView, ...] | Refusal:
    """List orders, the newest first, to whoever may ask for one or approve it."""
    if Permission.APPROVE_BULK_OUTPUT not in permissions_of(operator):
        refusal = may(operator, Permission.IMPORT_EXTRACT)
        if refusal is not None:
            return refusal
    with node.store.reading() as unit:
        return tuple(map(_view, handover_orders.newest_orders(unit, limit_rows=SHOWN_ROWS)))


def decide_handover(
    node: Node, operator: Operator, number: int, why: str, *, accept: bool, terminal: str
) -> Refusal | None:
    """Let a second person approve an order, or decline it with a reason."""
    refusal = may(operator, Permission.APPROVE_BULK_OUTPUT)
    if refusal is not None:
        return refusal
    with node.store.unit("handover.decide") as unit:
        row = handover_orders.order(unit, number)
        if row is None:
            return _GONE
        waits = HandoverOrderState.WAITING.value
        undecided = Undecided(ARTICLE, "order", row.state, waits, (row.asked_by,))
        refusal = check_reasoned_decision(undecided, operator.login_id, accept=accept, why=why)
        if refusal is not None:
            return refusal
        state = HandoverOrderState.READY if accept else HandoverOrderState.DECLINED
        decided = (operator.login_id, node.clock.now(), why.strip())
        if not handover_orders.decide(unit, number, state.value, decided):
            return Refusal(Reason.NOT_PENDING, ARTICLE, "order")
        order = _view(row).order
        _note(unit, node, operator, Event.HANDOVER_DECIDED, order, (number, state.value), terminal)
    return None


def use_order(node: Node, number: int, way: HandoverWay) -> UsedOrder | Refusal:
    """Use an approved order up for a command that carries it out; both people must still hold their rights."""
    with node.store.unit("handover.use") as unit:
        found = _approved(unit, number, way)
        if isinstance(found, Refusal):
            return found
        if not handover_orders.use(unit, number, node.clock.now()):
            return _USED
        _note(unit, node, found.operator, Event.HANDOVER_ORDERED, found.order, (number, "used"), "")
    return found


def look_at_order(node: Node, number: int) -> UsedOrder | Refusal:
    """Read an approved order whose folder is only checked or compared, which does not use it up."""
    with node.store.reading() as unit:
        return _approved(unit, number, HandoverWay.IN)


def _approved(unit: Unit, number: int, way: HandoverWay) -> UsedOrder | Refusal:
    row = handover_orders.order(unit, number)
    if row is None or row.state not in (HandoverOrderState.READY, HandoverOrderState.USED):
        return _GONE if row is None else _NOT_APPROVED
    order = _view(row).order
    operator, approver = _operator(unit, row.asked_by), _operator(unit, row.decided_by or "")
    if order.way is not way or operator is None or approver is None:
        return _NOT_APPROVED
    refusal = may(operator, _RIGHTS[way]) or may(approver, Permission.APPROVE_BULK_OUTPUT)
    return refusal or UsedOrder(order, operator, approver)


def _operator(unit: Unit, login_id: str) -> Operator | None:
    row = book.operator(unit, login_id)
    if row is None or not row.active:
        return None
    return Operator(row.login_id, row.role_id, tuple(Role(role) for role in row.roles))
