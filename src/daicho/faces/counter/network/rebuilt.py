"""再製した住民票の補完: who was rebuilt from what the network keeps, and waits for what it does not keep."""

from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.network_desk import RebuiltDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.registry.rebuilt.completing import COUNTED_ROWS
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, may

_MEASURES_STEP = "measures"
ARTICLE = "住民基本台帳法施行令第17条・住民基本台帳法第14条"
_WHY = Why(dict(REGISTRY_PURPOSES)["correction"], "法14条")
_AFTER = "rebuilt-after"  # one word: behind which addressee number the page begins


def rebuilt(turn: Turn) -> Answer:
    """List them in the order of their numbers, with the way to each; take the protection officer's word for the measures."""
    desk = turn.desks.rebuilt
    if desk is None:
        raise LookupError("this node keeps no register")
    said = said_measures(turn, desk, "/rebuilt", security=False)
    if said is not None:
        return said
    after = turn.unsealed(turn.query.get("after", ""), _AFTER)
    found = desk.to_complete(turn.operator, int(after[0]) if after else 0, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    opening = desk.opening()
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "opening": opening,
        "asks": opening is not None
        and opening.lacks(security=False)
        and may(turn.operator, Permission.MANAGE_PROTECTION) is None,
        "seen": found,
        "counted": COUNTED_ROWS,
        "rows": [
            {"record": one, "handle": resident_handle(turn, one.addressee_number, _WHY)}
            for one in found.records
        ],
        "next": turn.seal(_AFTER, str(found.records[-1].addressee_number)) if found.more else "",
    }
    return Show("rebuilt.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def said_measures(turn: Turn, desk: RebuiltDesk, path: str, *, security: bool) -> Answer | None:
    """Take somebody's word for the measures, if that is what was posted; nothing while the page is to be shown."""
    if not turn.posted or turn.form.raw("step") != _MEASURES_STEP:
        return None
    refusal = desk.say_measures_entered(turn.operator, turn.seat.terminal, security=security)
    if refusal is None:
        return Go(path, "measures_entered")
    turn.form.refuse(refusal)
    return None
