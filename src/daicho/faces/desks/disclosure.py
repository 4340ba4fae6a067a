"""The disclosure to the person, bound to the registry."""

from daicho.faces.terminal.desk import Disclosed, Done, Seat, Sighting, Why
from daicho.nodes.node import Node
from daicho.nodes.registry import disclosure
from daicho.rules.law.refusal import Refusal


class PersonDesk:
    """Hands out one-time codes and opens pages."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def hand_out(self, who: Seat, addressee_number: int, why: Why) -> Done | Refusal:
        """Gather the answers and make a one-time code."""
        code = disclosure.hand_out(
            self._node,
            who.operator,
            addressee_number,
            purpose=why.purpose,
            basis=why.basis,
            terminal=who.terminal,
        )
        return code if isinstance(code, Refusal) else Done(code)

    def open(self, code: str) -> Disclosed | Refusal:
        """Open the page of whoever was given this code."""
        found = disclosure.open_page(self._node, code)
        if isinstance(found, Refusal):
            return found
        seen = tuple(
            Sighting(line.at, line.body, line.role_id, line.purpose, line.basis, line.outcome)
            for line in found.seen
        )
        return Disclosed(found.record, seen, 0, found.bundle, found.made_at)
