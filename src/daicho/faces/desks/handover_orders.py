"""Orders to move a whole register, bound to a node."""

from daicho.nodes.handover import ordering
from daicho.nodes.handover.ordering import OrderView
from daicho.nodes.node import Node
from daicho.nodes.registry.rebuilt import opening
from daicho.nodes.registry.rebuilt.completing import ToComplete, records_to_complete
from daicho.rules.handover.order import HandoverOrder
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class HandoverDesk:
    """What one node was told to hand over or to take in."""

    def __init__(self, node: Node) -> None:
        """Serve one registry, or a CS or a prefecture that gives back what it keeps."""
        self._node = node

    def ask(self, who: Operator, order: HandoverOrder, terminal: str) -> int | Refusal:
        """Keep an order."""
        return ordering.ask_for_handover(self._node, who, order, terminal=terminal)

    def orders(self, who: Operator) -> tuple[OrderView, ...] | Refusal:
        """List orders."""
        return ordering.handover_orders_of(self._node, who)

    def decide(self, who: Operator, number: int, why: str, terminal: str, *, accept: bool) -> Refusal | None:
        """Approve or decline one."""
        return ordering.decide_handover(self._node, who, number, why, accept=accept, terminal=terminal)


class RebuiltDesk:
    """What one registry was given back and has still to make whole."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def to_complete(self, who: Operator, after: int, terminal: str) -> ToComplete | Refusal:
        """List who was rebuilt and waits to be completed."""
        return records_to_complete(self._node, who, after, terminal=terminal)

    def opening(self) -> opening.Opening | None:
        """Tell what is still to be said."""
        return opening.opening_of(self._node)

    def say_measures_entered(self, who: Operator, terminal: str, *, security: bool) -> Refusal | None:
        """Take somebody's word."""
        return opening.say_measures_entered(self._node, who, security=security, terminal=terminal)
