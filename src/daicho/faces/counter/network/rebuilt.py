"""再製した住民票の補完: who was rebuilt from what the network keeps, and waits for what it does not keep."""

from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.page import Answer, Refused, Show, Turn
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.registry.rebuilt.completing import COUNTED_ROWS
from daicho.rules.law.refusal import Refusal

ARTICLE = "住民基本台帳法施行令第17条・住民基本台帳法第14条"
_WHY = Why(dict(REGISTRY_PURPOSES)["correction"], "法14条")
_NUMBER_DIGITS = 15


def rebuilt(turn: Turn) -> Answer:
    """List them in the order of their numbers, with the way to each."""
    desk = turn.desks.handover
    if desk is None:
        raise LookupError("this node keeps no register")
    after = turn.query.get("after", "")
    begin = int(after) if after.isascii() and after.isdigit() and len(after) <= _NUMBER_DIGITS else 0
    found = desk.to_complete(turn.operator, begin, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "seen": found,
        "counted": COUNTED_ROWS,
        "rows": [
            {"record": one, "handle": resident_handle(turn, one.addressee_number, _WHY)}
            for one in found.records
        ],
        "next": found.records[-1].addressee_number if found.more else 0,
    }
    return Show("rebuilt.html", values)
