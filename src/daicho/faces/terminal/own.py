"""自分の操作履歴・認証器の登録: what this operator did, day by day, and by what this operator is known."""

from datetime import timedelta

from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Refused, Show, Turn, not_found
from daicho.rules.law.refusal import Refusal

_SHOWN = timedelta(days=6)


def history(turn: Turn) -> Answer:
    """List the operator's own lines of some days, of the last week when none is named."""
    if turn.desks.history is None:
        return not_found()
    form = Form({name: turn.query.get(name, "") for name in ("first", "last")})
    first, last = form.day("first"), form.day("last")
    values: dict[str, object] = {"form": form, "rows": (), "more": False}
    if not form.fine:
        return Show("history.html", values, UNREADABLE_STATUS)
    last = last or turn.today
    first = first or last - _SHOWN
    found = turn.desks.history.own(turn.seat, first, last)
    if isinstance(found, Refusal):
        return Refused(found)
    values.update(rows=found[0], more=found[1], first=first, last=last)
    return Show("history.html", values)


def authenticator(turn: Turn) -> Answer:
    """Show the page whose script makes the credential, with user verification."""
    return Show("authenticator.html", {"login_id": turn.operator.login_id})
