"""Cards, bound to the registry."""

from daicho.nodes.node import Node
from daicho.nodes.registry.cards import noting
from daicho.nodes.registry.cards.noting import CardsView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.cards_held.events import CardEvent
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class CardBook:
    """A municipality's notes of cards as their page uses them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def view(self, who: Operator, addressee_number: int, why: Purpose) -> CardsView | Refusal:
        """Show somebody's cards."""
        return noting.cards_view(self._node, who, addressee_number, why)

    def beside(self, who: Operator, addressee_number: int) -> CardsView | None:
        """Give the cards of whose record was opened just now."""
        return noting.cards_beside(self._node, who, addressee_number)

    def note(
        self, who: Operator, addressee_number: int, event: CardEvent, seen: int, why: Purpose
    ) -> Refusal | None:
        """Note what happened to a card."""
        return noting.note_card(self._node, who, addressee_number, event, seen, why)
