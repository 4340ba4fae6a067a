"""The end of keeping, bound to a node that keeps records."""

from daicho.nodes.node import Node
from daicho.nodes.retention import boxes, holds, listing, overview, runs
from daicho.nodes.retention.boxes import BoxesView, BoxView
from daicho.nodes.retention.listing import ListPage
from daicho.nodes.retention.overview import RetentionOverview
from daicho.nodes.retention.runs import RunView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.retention.box import PaperBox, PaperDisposal
from daicho.rules.retention.disposal import HoldReason


class KeepersDesk:
    """One node's lists, holds and boxes as their pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one node."""
        self._node = node

    def overview(self, who: Operator, terminal: str) -> RetentionOverview | Refusal:
        """Count what is over, and list runs and holds."""
        return overview.retention_overview(self._node, who, terminal=terminal)

    def propose(self, who: Operator, terminal: str) -> RunView | Refusal:
        """Draw up a list."""
        return runs.propose_run(self._node, who, terminal=terminal)

    def run(self, who: Operator, terminal: str, number: str) -> RunView | Refusal:
        """Open one run."""
        return runs.run_view(self._node, who, number, terminal=terminal)

    def listed(self, who: Operator, terminal: str, number: str, after: int) -> ListPage | Refusal:
        """Show the things of a list behind a place."""
        return listing.list_page(self._node, who, number, after=after, terminal=terminal)

    def withdraw(self, who: Operator, terminal: str, number: str) -> RunView | Refusal:
        """Take back an own list."""
        return runs.withdraw_run(self._node, who, number, terminal=terminal)

    def end(self, who: Operator, terminal: str, number: str) -> RunView | Refusal:
        """Stop an approved run and leave the rest."""
        return runs.end_run(self._node, who, number, terminal=terminal)

    def decide(
        self, who: Operator, terminal: str, number: str, digest: str, *, accept: bool
    ) -> RunView | Refusal:
        """Take a second person's word."""
        return runs.decide_run(self._node, who, number, digest, accept=accept, terminal=terminal)

    def carry_out(self, who: Operator, terminal: str, number: str) -> RunView | Refusal:
        """Destroy the next things of an approved list."""
        return runs.carry_out(self._node, who, number, terminal=terminal)

    def set_hold(
        self, who: Operator, terminal: str, whose: str, reason: HoldReason, why: str
    ) -> int | Refusal:
        """Keep somebody's things."""
        return holds.set_hold(self._node, who, whose, reason, why, terminal=terminal)

    def lift_hold(self, who: Operator, terminal: str, number: int) -> Refusal | None:
        """Let a hold go."""
        return holds.lift_hold(self._node, who, number, terminal=terminal)

    def boxes(self, who: Operator, terminal: str, *, destroyed: bool) -> BoxesView | Refusal:
        """List boxes."""
        return boxes.boxes_view(self._node, who, destroyed=destroyed, terminal=terminal)

    def box(self, who: Operator, terminal: str, number: str) -> BoxView | Refusal:
        """Open one box."""
        return boxes.box_view(self._node, who, number, terminal=terminal)

    def put_into_box(self, who: Operator, terminal: str, box: PaperBox) -> PaperBox | Refusal:
        """Enter a box."""
        return boxes.put_into_box(self._node, who, box, terminal=terminal)

    def hold_box(
        self, who: Operator, terminal: str, number: str, reason: HoldReason | None, why: str
    ) -> PaperBox | Refusal:
        """Hold a box, or let it go."""
        return boxes.hold_a_box(self._node, who, number, reason, why, terminal=terminal)

    def propose_box(self, who: Operator, terminal: str, number: str) -> PaperBox | Refusal:
        """Ask a second person to destroy a box."""
        return boxes.propose_a_box(self._node, who, number, terminal=terminal)

    def decline_box(self, who: Operator, terminal: str, number: str) -> PaperBox | Refusal:
        """Leave a box where it is."""
        return boxes.decline_a_box(self._node, who, number, terminal=terminal)

    def destroy_box(
        self, who: Operator, terminal: str, number: str, done: PaperDisposal
    ) -> PaperBox | Refusal:
        """Note that a box was destroyed."""
        return boxes.destroy_a_box(self._node, who, number, done, terminal=terminal)
