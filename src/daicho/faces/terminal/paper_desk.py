"""What the pages of papers need from the node behind them, one protocol per task."""

from datetime import date
from typing import Protocol

from daicho.nodes.registry.papers.sheets import PaperSheets, SheetBook
from daicho.nodes.registry.papers.till import ClosedTill, TillOverview, TillSeen
from daicho.rules.certificates.sheets import SheetNote, SheetRange
from daicho.rules.certificates.till import FreeCause, TillClosing, TillCount
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class TillDesk(Protocol):
    """Cash-ups and numbered sheets of one municipality."""

    def overview(self, who: Operator, first: date, last: date, /) -> TillOverview | Refusal:
        """Add up what stands in no cash-up; list what waits and what was closed in some days."""
        ...

    def closing(self, who: Operator, number: str, /) -> ClosedTill | Refusal:
        """Show one cash-up."""
        ...

    def waive(
        self, who: Operator, terminal: str, number: str, cause: FreeCause, words: str, /
    ) -> Refusal | None:
        """Note that the fee of a paper was not taken."""
        ...

    def close(
        self, who: Operator, terminal: str, seen: TillSeen, count: TillCount, words: str, /
    ) -> TillClosing | Refusal:
        """Close a cash-up."""
        ...

    def decide(
        self, who: Operator, terminal: str, number: str, why: str, /, *, accept: bool
    ) -> Refusal | None:
        """Confirm what somebody else closed, or return it."""
        ...

    def book(self, who: Operator, /) -> SheetBook | Refusal:
        """Show what lies in the cabinet."""
        ...

    def sheets_of(self, who: Operator, paper: str, /) -> PaperSheets | Refusal:
        """Tell on which sheets a paper went out."""
        ...

    def receive(
        self, who: Operator, terminal: str, came: SheetRange, received_on: date, words: str, /
    ) -> str | Refusal:
        """Keep a delivery of sheets."""
        ...

    def note(self, who: Operator, terminal: str, told: SheetNote, /) -> Refusal | None:
        """Note on which sheets a paper went out, or that sheets were spoiled."""
        ...

    def destroy(self, who: Operator, terminal: str, /) -> int | Refusal:
        """Note that the spoiled sheets that others noted were cut up."""
        ...
