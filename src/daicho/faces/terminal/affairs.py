"""What the pages of a resident's further affairs need from the node behind them, one protocol per task."""

from typing import Protocol

from daicho.nodes.registry.programmes import ProgrammesView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.programmes.item import ProgrammeChange


class ProgrammesDesk(Protocol):
    """Programme items of one municipality's residents."""

    def view(self, who: Operator, addressee_number: int, why: Purpose, /) -> ProgrammesView | Refusal:
        """Show somebody's items, with a ledger line."""
        ...

    def change(
        self, who: Operator, addressee_number: int, change: ProgrammeChange, why: Purpose, /
    ) -> Refusal | None:
        """Note what an office tells, or what was found ex officio."""
        ...
