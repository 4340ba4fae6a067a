"""Programme items, bound to the registry."""

from daicho.nodes.node import Node
from daicho.nodes.registry import programmes
from daicho.nodes.registry.programmes import ProgrammesView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.programmes.item import ProgrammeChange


class ItemsDesk:
    """A municipality's programme items as their page uses them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def view(self, who: Operator, addressee_number: int, why: Purpose) -> ProgrammesView | Refusal:
        """Show somebody's items."""
        return programmes.programmes_view(self._node, who, addressee_number, why)

    def change(
        self, who: Operator, addressee_number: int, change: ProgrammeChange, seen: int, why: Purpose
    ) -> Refusal | None:
        """Note what an office tells, or what was found ex officio."""
        made = programmes.change_programme(self._node, who, addressee_number, change, seen, why)
        return made if isinstance(made, Refusal) else None
