"""移行: an order to take a whole register in or to write it out, and a second person's word for it."""

from daicho.faces.counter.network.rebuilt import said_measures
from daicho.faces.terminal.affairs import HandoverDesk
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.rules.handover.order import WORDS_CHARACTERS, HandoverOrder, HandoverOrderState, HandoverWay
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind

ARTICLE = "本人確認情報管理方法第3"
_COLOURS = {
    HandoverOrderState.WAITING: "orange",
    HandoverOrderState.READY: "green",
    HandoverOrderState.DECLINED: "red",
    HandoverOrderState.USED: "grey",
}
_SHA256_CHARACTERS = 64


def _desk(turn: Turn) -> HandoverDesk:
    desk = turn.desks.handover
    if desk is None:
        raise LookupError("this node hands nothing over")
    return desk


def handover_orders(turn: Turn) -> Answer:
    """Show the form and the orders; take one."""
    form = turn.form
    if turn.posted:
        order = _read(form, turn.info.kind)
        if order is not None:
            done = _desk(turn).ask(turn.operator, order, turn.seat.terminal)
            if not isinstance(done, Refusal):
                return Go("/handover-orders", "handover_asked")
            form.refuse(done, {"town": "order-municipality"})
    registry = turn.info.kind is NodeKind.REGISTRY
    values: dict[str, object] = {
        "ways": tuple(HandoverWay) if registry else (HandoverWay.OUT,),
        "registry": registry,
        "asks_town": turn.info.kind is NodeKind.PREFECTURE,
    }
    return _shown(turn, "handover_orders.html", values)


def _read(form: Form, kind: NodeKind) -> HandoverOrder | None:
    way = form.member("way", HandoverWay, required=True)
    purpose = form.text("purpose", required=True, limit=WORDS_CHARACTERS)
    manifest = form.text("manifest", limit=_SHA256_CHARACTERS).lower()
    town = form.municipality("order-municipality", required=True) if kind is NodeKind.PREFECTURE else None
    if way is None or not form.fine:
        return None
    lost = kind is not NodeKind.REGISTRY and form.ticked("ledger_lost")
    return HandoverOrder(way, purpose, manifest, form.ticked("tell_cs"), town, lost)


def handover_approvals(turn: Turn) -> Answer:
    """List the orders that wait for a second person; take a word for one."""
    form, rebuilt = turn.form, turn.desks.rebuilt
    said = said_measures(turn, rebuilt, "/handover-approvals", security=True) if rebuilt is not None else None
    if said is not None:
        return said
    if turn.posted and form.raw("step") in ("accept", "decline"):
        accept = form.raw("step") == "accept"
        number = form.whole_number("number", required=True)
        why = form.text("why", limit=WORDS_CHARACTERS)
        if number is not None and form.fine:
            refusal = _desk(turn).decide(turn.operator, number, why, turn.seat.terminal, accept=accept)
            if refusal is None:
                return Go("/handover-approvals", "handover_approved" if accept else "handover_declined")
            form.refuse(refusal, {"order": "form"})
    opening = rebuilt.opening() if rebuilt is not None else None
    values: dict[str, object] = {
        "opening": opening,
        "asks": opening is not None and opening.lacks(security=True),
    }
    return _shown(turn, "handover_approvals.html", values)


def _shown(turn: Turn, template: str, more: dict[str, object]) -> Answer:
    found = _desk(turn).orders(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [
        {"row": one.row, "order": one.order, "state": one.state, "colour": _COLOURS[one.state],
         "own": one.row.asked_by == turn.operator.login_id}
        for one in found
    ]  # fmt: skip
    values = {"article": ARTICLE, "form": turn.form, "rows": rows, **more}
    return Show(template, values, 200 if turn.form.fine else UNREADABLE_STATUS)
