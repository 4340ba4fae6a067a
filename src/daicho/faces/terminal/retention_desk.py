"""What the pages of the end of keeping need from the node behind them."""

from typing import Protocol

from daicho.nodes.retention.boxes import BoxesView, BoxView
from daicho.nodes.retention.listing import ListPage
from daicho.nodes.retention.overview import RetentionOverview
from daicho.nodes.retention.runs import RunView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.retention.box import PaperBox, PaperDisposal
from daicho.rules.retention.disposal import HoldReason


class RetentionDesk(Protocol):
    """What is over at one node, and what two people decide about it."""

    def overview(self, who: Operator, terminal: str, /) -> RetentionOverview | Refusal:
        """Count what is over, and list runs and holds, with a ledger line."""
        ...

    def propose(self, who: Operator, terminal: str, /) -> RunView | Refusal:
        """Draw up a list."""
        ...

    def run(self, who: Operator, terminal: str, number: str, /) -> RunView | Refusal:
        """Open one run, with a ledger line."""
        ...

    def listed(self, who: Operator, terminal: str, number: str, after: int, /) -> ListPage | Refusal:
        """Show the things of a list behind a place, with a ledger line."""
        ...

    def withdraw(self, who: Operator, terminal: str, number: str, /) -> RunView | Refusal:
        """Take back an own list that waits."""
        ...

    def end(self, who: Operator, terminal: str, number: str, /) -> RunView | Refusal:
        """Stop an approved run and leave the rest."""
        ...

    def decide(
        self, who: Operator, terminal: str, number: str, digest: str, /, *, accept: bool
    ) -> RunView | Refusal:
        """Take a second person's word for the list that they saw."""
        ...

    def carry_out(self, who: Operator, terminal: str, number: str, /) -> RunView | Refusal:
        """Destroy the next things of an approved list."""
        ...

    def set_hold(
        self, who: Operator, terminal: str, whose: str, reason: HoldReason, why: str, /
    ) -> int | Refusal:
        """Keep somebody's things, although they are over."""
        ...

    def lift_hold(self, who: Operator, terminal: str, number: int, /) -> Refusal | None:
        """Let a hold go."""
        ...

    def boxes(self, who: Operator, terminal: str, /, *, destroyed: bool) -> BoxesView | Refusal:
        """List boxes, with a ledger line."""
        ...

    def box(self, who: Operator, terminal: str, number: str, /) -> BoxView | Refusal:
        """Open one box, with a ledger line."""
        ...

    def put_into_box(self, who: Operator, terminal: str, box: PaperBox, /) -> PaperBox | Refusal:
        """Enter a box."""
        ...

    def hold_box(
        self, who: Operator, terminal: str, number: str, reason: HoldReason | None, why: str, /
    ) -> PaperBox | Refusal:
        """Hold a box, or with no reason let it go."""
        ...

    def propose_box(self, who: Operator, terminal: str, number: str, /) -> PaperBox | Refusal:
        """Ask a second person to destroy a box."""
        ...

    def decline_box(self, who: Operator, terminal: str, number: str, /) -> PaperBox | Refusal:
        """Leave a box where it is."""
        ...

    def destroy_box(
        self, who: Operator, terminal: str, number: str, done: PaperDisposal, /
    ) -> PaperBox | Refusal:
        """Note that a box was destroyed."""
        ...
