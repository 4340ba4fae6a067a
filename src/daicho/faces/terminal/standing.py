"""稼働状況 and 接続の許可一覧: how this node stands and who may call whom, for its administrator; nothing about anybody."""

from daicho.faces.terminal.node_standing import Connections
from daicho.faces.terminal.page import Answer, Refused, Show, Turn, not_found
from daicho.rules.law.refusal import Refusal


def standing(turn: Turn) -> Answer:
    """Show what to look at, the parts, the queues and the ledger, as they are now."""
    if turn.desks.standing is None:
        return not_found()
    found = turn.desks.standing.standing(turn.seat)
    return Refused(found) if isinstance(found, Refusal) else Show("standing.html", {"seen": found})


def connections(turn: Turn) -> Answer:
    """Show who may call this node, whom it may call, and with what."""
    if turn.desks.standing is None:
        return not_found()
    found = turn.desks.standing.connections(turn.seat)
    return Refused(found) if isinstance(found, Refusal) else Show("connections.html", _shown(turn, found))


def _shown(turn: Turn, found: Connections) -> dict[str, object]:
    """Give the lists, and whether files go to and fro beside them by way of another terminal."""
    return {"seen": found, "ministry": turn.desks.ministry is not None}
