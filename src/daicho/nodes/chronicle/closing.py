"""A witness closes the book of a node that has lost its ledger, so that the node may begin another one."""

from daicho.nodes.chronicle.notes import note_by
from daicho.nodes.node import Node
from daicho.rules.ledger.events import Event
from daicho.rules.ledger.tree import root_of_leaves
from daicho.rules.network.kinds import Member
from daicho.rules.operators.authority import Operator
from daicho.store import ledger


def close_origin(node: Node, operator: Operator, origin: Member, *, approved_by: str, purpose: str) -> bool:
    """Forget which tree was seen last of a node, after a line that keeps its size and root for ever.

    The next checkpoint of that node is signed as its first. False where this witness saw none of its.
    """
    with node.store.unit("ledger.close") as unit:
        size, root = ledger.seen_of(unit, str(origin.name)) or (0, b"")
        if not size:
            return False
        note_by(
            unit, node, operator, Event.LEDGER_CLOSED, terminal="", purpose=purpose, outcome="closed",
            peer=str(origin.name), detail={"approved_by": approved_by, "size": str(size), "root": root.hex()},
        )  # fmt: skip
        ledger.keep_seen(unit, str(origin.name), 0, root_of_leaves(()), node.clock.now())
    return True
