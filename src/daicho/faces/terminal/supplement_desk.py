"""What the pages about the address supplement need from the node behind them."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from daicho.nodes.registry.supplements.counting import SupplementCounts
from daicho.nodes.registry.supplements.differing import OwedLine, OwedLists
from daicho.nodes.registry.supplements.receiving import SupplementLine, SupplementList
from daicho.nodes.registry.supplements.seeing import NoticeName
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.supplements.mismatch import RegisterMismatch


class SupplementDesk(Protocol):
    """Notices of the address supplement, to other towns and from them, of one municipality."""

    def received(self, who: Operator, terminal: str, /, *, done: bool) -> SupplementList | Refusal:
        """List notices of towns, with ledger lines."""
        ...

    def received_one(self, who: Operator, name: NoticeName, terminal: str, /) -> SupplementLine | Refusal:
        """Open one of them, with a ledger line."""
        ...

    def record(self, who: Operator, names: Sequence[NoticeName], terminal: str, /) -> int | Refusal:
        """Note that notices are recorded in the supplements: all or none."""
        ...

    def tell_mismatch(
        self, who: Operator, name: NoticeName, mismatch: RegisterMismatch, terminal: str, /
    ) -> Refusal | None:
        """Tell the town of one what does not agree with the family register."""
        ...

    def owed(self, who: Operator, terminal: str, /, *, letter: str) -> OwedLists | Refusal:
        """List what the own town cannot tell by itself, and what did not agree, with ledger lines.

        Where a letter is named, what went in it instead.
        """
        ...

    def owed_one(self, who: Operator, notice_id: str, terminal: str, /) -> OwedLine | Refusal:
        """Open one of them, with a ledger line."""
        ...

    def send_to(
        self,
        who: Operator,
        notice_ids: Sequence[str],
        town: MunicipalityCode,
        terminal: str,
        /,
        *,
        letter: str = "",
    ) -> Refusal | None:
        """Tell a town that a clerk names, even what went in a letter that came back: all or none."""
        ...

    def note_paper(
        self, who: Operator, notice_ids: Sequence[str], terminal: str, /, *, letter: str = ""
    ) -> Refusal | None:
        """Note that some were told on paper, even what went in a letter that came back: all or none."""
        ...

    def reaches(self, town: MunicipalityCode, /) -> bool:
        """Tell whether a town can be told by letter."""
        ...

    def propose_closing(self, who: Operator, notice_id: str, why: str, terminal: str, /) -> Refusal | None:
        """Say why a mismatch needs no change of the register."""
        ...

    def confirm_closing(self, who: Operator, notice_id: str, terminal: str, /) -> Refusal | None:
        """Close it as a second person."""
        ...

    def decline_closing(self, who: Operator, notice_id: str, terminal: str, /) -> Refusal | None:
        """Take that back, as a second person or as who said so."""
        ...

    def counts(self, who: Operator, month: date, terminal: str, /) -> SupplementCounts | Refusal:
        """Count a month's notices by day."""
        ...
