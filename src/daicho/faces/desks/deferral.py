"""Whether the line upward is down, and what was taken meanwhile, bound to a node."""

from daicho.nodes.node import Node
from daicho.nodes.registry import deferral
from daicho.nodes.registry.deferral import AffairLine, AffairsWaiting, AffairView
from daicho.nodes.watch.line import Line, LineDown, look_at_line
from daicho.rules.deferral.affair import AffairState, DeferredAffair
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class LineDesk:
    """The line of one node."""

    def __init__(self, node: Node, line: Line) -> None:
        """Serve one node."""
        self._node, self._line = node, line

    def down(self) -> LineDown | None:
        """Tell that nobody answers, since when, and what waits."""
        return look_at_line(self._node, self._line)


class DeferralDesk:
    """What one registry's counter has put off."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def put_off(self, who: Operator, affair: DeferredAffair, terminal: str) -> AffairLine | Refusal:
        """Keep an affair until the line is back."""
        return deferral.put_off(self._node, who, affair, terminal=terminal)

    def waiting(self, who: Operator) -> AffairsWaiting | Refusal:
        """List what waits."""
        return deferral.waiting(self._node, who)

    def opened(self, who: Operator, affair_id: str, terminal: str) -> AffairView | Refusal:
        """Open one."""
        return deferral.open_affair(self._node, who, affair_id, terminal=terminal)

    def finish(
        self, who: Operator, affair_id: str, terminal: str, state: AffairState, outcome: str
    ) -> Refusal | None:
        """Close one."""
        return deferral.finish(self._node, who, affair_id, state, outcome, terminal=terminal)
