"""Changes of names of places, bound to a registry."""

from daicho.nodes.node import Node
from daicho.nodes.registry.areas import planning, showing
from daicho.nodes.registry.areas.planning import Brought
from daicho.nodes.registry.areas.showing import AreaOverview, AreaQueue, AreaView
from daicho.rules.areas.plan import AreaPlan, AreaState
from daicho.rules.areas.table import AreaLine
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class NamesDesk:
    """One registry's changes of names as their pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def overview(self, who: Operator, after: str, before: str) -> AreaOverview | Refusal:
        """List what is open from behind a number on, and what is over before one."""
        return showing.area_overview(self._node, who, after=after, before=before)

    def bring(self, who: Operator, terminal: str, plan: AreaPlan, table: bytes) -> Brought | Refusal:
        """Keep a table."""
        return planning.bring_area(self._node, who, plan, table, terminal=terminal)

    def view(self, who: Operator, terminal: str, number: str) -> AreaView | Refusal:
        """Open one change."""
        return showing.area_view(self._node, who, number, terminal=terminal)

    def table(self, who: Operator, terminal: str, number: str) -> tuple[AreaLine, ...] | Refusal:
        """Give the whole table of one change."""
        return showing.area_table(self._node, who, number, terminal=terminal)

    def queue(self, who: Operator, terminal: str, number: str, after: int) -> AreaQueue | Refusal:
        """List what waits for a clerk."""
        return showing.area_queue(self._node, who, number, after=after, terminal=terminal)

    def decide(
        self, who: Operator, terminal: str, number: str, digest: str, *, accept: bool
    ) -> AreaState | Refusal:
        """Take a second person's word."""
        return planning.decide_area(self._node, who, number, digest, accept=accept, terminal=terminal)

    def withdraw(self, who: Operator, terminal: str, number: str) -> Refusal | None:
        """Take a change back."""
        return planning.withdraw_area(self._node, who, number, terminal=terminal)

    def again(self, who: Operator, terminal: str, number: str) -> AreaState | Refusal:
        """Take up again what was left."""
        return planning.take_up_again(self._node, who, number, terminal=terminal)

    def stop(self, who: Operator, terminal: str, number: str) -> Refusal | None:
        """Let what was approved rest."""
        return planning.stop_area(self._node, who, number, terminal=terminal)

    def resume(self, who: Operator, terminal: str, number: str) -> Refusal | None:
        """Stand for what was stopped, until a second person gives the word."""
        return planning.resume_area(self._node, who, number, terminal=terminal)

    def dismiss(self, who: Operator, terminal: str, number: str, household: int, why: str) -> Refusal | None:
        """Take a household off the queue whose address stays as it is."""
        return planning.dismiss_household(self._node, who, number, household, why, terminal=terminal)
