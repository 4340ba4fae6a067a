"""Stops of certificates and changes, bound to the registry."""

from collections.abc import Iterable

from daicho.nodes.node import Node
from daicho.nodes.registry import stops
from daicho.nodes.registry.stops import Stops, StopView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.register.processing import ProcessingStop
from daicho.rules.register.record import ResidentRecord


class StopsDesk:
    """What one registry's officers stop."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def new_name(self) -> str:
        """Give the name of a stop that is about to be placed."""
        return self._node.clock.new_id()

    def place(self, who: Operator, name: str, stop: ProcessingStop, terminal: str) -> str | Refusal:
        """Stop something from this moment."""
        return stops.place_stop(self._node, who, name, stop, terminal=terminal)

    def decide(self, who: Operator, name: str, step: str, why: str, terminal: str) -> Refusal | None:
        """End a stop or propose it, and as a second person confirm or decline that."""
        if step == "end":
            return stops.end_stop(self._node, who, name, why, terminal=terminal)
        act = stops.confirm_end if step == "confirm" else stops.decline_end
        return act(self._node, who, name, terminal=terminal)

    def stops(self, who: Operator, terminal: str, *, ended: bool) -> Stops | Refusal:
        """List stops."""
        return stops.stop_list(self._node, who, ended=ended, terminal=terminal)

    def stop(self, who: Operator, name: str, terminal: str) -> StopView | Refusal:
        """Open one of them."""
        return stops.one_stop(self._node, who, name, terminal=terminal)

    def over(self, records: Iterable[ResidentRecord]) -> tuple[StopView, ...]:
        """Give what is stopped now for people whose records are open."""
        return stops.stops_over(self._node, *records)
