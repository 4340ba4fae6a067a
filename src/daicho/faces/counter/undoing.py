"""異動の前後と取消: an entry as it was made, and the second entry that turns it back."""

from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.residents import Chosen, chosen, registry
from daicho.faces.counter.upkeep import cases_of_entry
from daicho.faces.terminal.desk import PastEntry
from daicho.faces.terminal.forms import WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import compare
from daicho.faces.wording.terms import word
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.register.cancellation import Cancellation

VERIFIED = "verified"
_NAMES = {"notified_on": "cancelled_on"}


def past_entry(turn: Turn) -> Answer:
    """Show one entry in the life of a resident, before and after."""
    found = _found(turn)
    if isinstance(found, Refused):
        return found
    who, past = found
    stands = past.state == VERIFIED
    values = {
        **_values(who, past),
        "may_cancel": stands and Permission.ENTER_CHANGE in permissions_of(turn.operator),
        "cases": cases_of_entry(turn, past.entry_id),
        "may_guide": stands and turn.desks.hall is not None,
    }
    return Show("past_entry.html", values)


def cancellation(turn: Turn) -> Answer:
    """Take the cancellation of an entry that turned out to be wrong, or was withdrawn."""
    found = _found(turn)
    if isinstance(found, Refused):
        return found
    who, past = found

    def read(form: Form) -> Cancellation | None:
        why = form.text("reason", required=True, limit=WORDS_CHARACTERS)
        day = form.day("cancelled_on") or turn.today
        return Cancellation(past.entry_id, day, why) if form.fine else None

    sheet = Sheet(
        "cancellation.html", "異動取消", "住民基本台帳法第8条・第14条", read, _values(who, past), _NAMES
    )
    return take(turn, sheet)


def _found(turn: Turn) -> tuple[Chosen, PastEntry] | Refused:
    who = chosen(turn)
    if who is None:
        return not_found()
    past = registry(turn).entry(turn.seat, who.addressee_number, turn.parts["entry_id"], who.why)
    return Refused(past, 404) if isinstance(past, Refusal) else (who, past)


def _values(who: Chosen, past: PastEntry) -> dict[str, object]:
    return {
        "who": who,
        "past": past,
        "entry": past.entry,
        "kind": word(past.entry.kind),
        "people": compare(past.entry),
    }
