"""What the pages of somebody's cards need from the node behind them."""

from typing import Protocol

from daicho.nodes.registry.cards.noting import CardsView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.cards_held.events import CardEvent
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class CardsDesk(Protocol):
    """What the register keeps about the cards of one municipality's residents."""

    def view(self, who: Operator, addressee_number: int, why: Purpose, /) -> CardsView | Refusal:
        """Show somebody's cards, with a ledger line."""
        ...

    def beside(self, who: Operator, addressee_number: int, /) -> CardsView | None:
        """Give the cards of whose record was opened just now; nothing where none is known or a measure hides them."""
        ...

    def note(
        self, who: Operator, addressee_number: int, event: CardEvent, seen: int, why: Purpose, /
    ) -> Refusal | None:
        """Note what happened to a card; refused when anything was noted since `seen`."""
        ...
