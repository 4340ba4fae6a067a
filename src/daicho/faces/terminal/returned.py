"""返戻: letters that their receiver refused, and those set aside."""

from daicho.faces.terminal.desk import QueueDesk
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.wording.refusals import explain
from daicho.rules.law.refusal import Refusal


def _queues(turn: Turn) -> QueueDesk:
    desk = turn.desks.queues
    if desk is None:
        raise LookupError("this node keeps no queues")
    return desk


def returned(turn: Turn) -> Answer:
    """List the letters that came back."""
    return _list(turn, on_hold=False)


def on_hold(turn: Turn) -> Answer:
    """List the letters that were set aside."""
    return _list(turn, on_hold=True)


def _list(turn: Turn, *, on_hold: bool) -> Answer:
    found = _queues(turn).returned(turn.seat, on_hold=on_hold)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [{"letter": one, "told": explain(one.refusal)} for one in found]
    return Show("returned_queue.html", {"rows": rows, "on_hold": on_hold})


def letter(turn: Turn) -> Answer:
    """Show one letter; close it with a note, or set it aside."""
    desk, form = _queues(turn), turn.form
    found = desk.returned_letter(turn.seat, turn.parts["letter_id"])
    if isinstance(found, Refusal):
        return Refused(found, 409)
    step = form.raw("step")
    if turn.posted and step in ("resolve", "hold"):
        note = form.text("note", required=True)
        if form.fine:
            act = desk.resolve if step == "resolve" else desk.hold
            done = act(turn.seat, found.letter_id, note)
            if not isinstance(done, Refusal):
                return Go("/on-hold" if found.on_hold else "/returned", f"letter_{step}")
            form.refuse(done)
    values = {"letter": found, "told": explain(found.refusal), "form": form}
    return Show("returned.html", values, 200 if form.fine else UNREADABLE_STATUS)
