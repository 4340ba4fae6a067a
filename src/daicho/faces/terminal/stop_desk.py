"""What the pages about stops of certificates and changes need from the node behind them."""

from collections.abc import Iterable
from typing import Protocol

from daicho.nodes.registry.stops import Stops, StopView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.register.processing import ProcessingStop
from daicho.rules.register.record import ResidentRecord


class StopDesk(Protocol):
    """処理の抑止 of one municipality."""

    def new_name(self) -> str:
        """Give the name of a stop that is about to be placed."""
        ...

    def place(self, who: Operator, name: str, stop: ProcessingStop, terminal: str, /) -> str | Refusal:
        """Stop something from this moment."""
        ...

    def decide(self, who: Operator, name: str, step: str, why: str, terminal: str, /) -> Refusal | None:
        """End a stop or propose it ("end"), and as a second person confirm or decline that."""
        ...

    def stops(self, who: Operator, terminal: str, /, *, ended: bool) -> Stops | Refusal:
        """List stops, with a ledger line."""
        ...

    def stop(self, who: Operator, name: str, terminal: str, /) -> StopView | Refusal:
        """Open one of them, with a ledger line."""
        ...

    def over(self, records: Iterable[ResidentRecord], /) -> tuple[StopView, ...]:
        """Give what is stopped now for people whose records are open."""
        ...
