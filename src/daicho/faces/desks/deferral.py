"""Whether the line upward is down, and what was taken meanwhile, bound to a node."""

from datetime import datetime, timedelta

from daicho.nodes.node import Node
from daicho.nodes.registry import deferral
from daicho.nodes.registry.deferral import AffairLine, AffairsWaiting, AffairView
from daicho.nodes.watch.line import Line, LineDown, look_at_line
from daicho.rules.deferral.affair import AffairState, DeferredAffair
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator

_HOLDS = timedelta(seconds=3)


class LineDesk:
    """The line of one node."""

    def __init__(self, node: Node, line: Line) -> None:
        """Serve one node."""
        self._node, self._line = node, line
        self._told: tuple[datetime, LineDown] | None = None

    def down(self) -> LineDown | None:
        """Tell that nobody answers, since when, and what waits; every page asks, so that an answer holds for a moment."""
        now = self._node.clock.now()
        if self._told is not None and now - self._told[0] < _HOLDS:
            return self._told[1]
        found = look_at_line(self._node, self._line)
        self._told = None if found is None else (now, found)
        return found


class DeferralDesk:
    """What one registry's counter has put off."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def put_off(
        self, who: Operator, affair: DeferredAffair, terminal: str, affair_id: str = ""
    ) -> AffairLine | Refusal:
        """Keep an affair until the line is back, or what one that waits says now."""
        return deferral.put_off(self._node, who, affair, terminal=terminal, affair_id=affair_id)

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
