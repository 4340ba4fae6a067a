"""Calls of other nodes that were refused leave a line: the first at once, those that follow counted by the minute."""

import threading

from daicho.nodes.chronicle import note
from daicho.nodes.clock import ticks
from daicho.nodes.node import Node
from daicho.rules.ledger.events import Event

EVERY_SECONDS = 60.0
_Kind = tuple[str, str, str]  # peer, operation, code


class RefusedCalls:
    """Notes refusals of one node; a member that calls without end makes one line a minute for each kind of fault."""

    def __init__(self, node: Node) -> None:
        """Begin with nothing seen."""
        self._node = node
        self._lock = threading.Lock()
        self._since: dict[_Kind, tuple[float, int]] = {}

    def note(self, peer: str, operation: str, code: str) -> None:
        """Note a refusal, or count it for the next line. Raises: StoreUnavailable."""
        kind, now = (peer, operation, code), ticks()
        with self._lock:
            noted_at, waiting = self._since.get(kind, (-EVERY_SECONDS, 0))
            if now - noted_at < EVERY_SECONDS:
                self._since[kind] = (noted_at, waiting + 1)
                return
            self._since[kind] = (now, 0)
        with self._node.store.unit("call.refused") as unit:
            note(
                unit, self._node, event=Event.CALL_REFUSED, peer=peer, outcome="refused",
                detail={"operation": operation, "code": code, "calls": str(waiting + 1)},
            )  # fmt: skip
