"""住民検索: the register, searched for a stated purpose under a stated basis."""

from daicho.faces.counter.residents import registry, resident_handle
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Show, Turn
from daicho.faces.terminal.terms import SEARCH_NAMES, read_resident_terms, read_why
from daicho.rules.law.refusal import Refusal


def search(turn: Turn) -> Answer:
    """Show the form, and the rows found when it was sent."""
    desk, form = registry(turn), turn.form
    choices = desk.why_choices()
    values: dict[str, object] = {"form": form, "choices": choices, "rows": None, "narrow": False}
    if not turn.posted or form.raw("step") == "clear":
        form.given = {} if turn.posted else form.given
        return Show("search.html", values)
    why = read_why(form, choices)
    terms = read_resident_terms(form)
    if why is None or not form.fine:
        return Show("search.html", values, UNREADABLE_STATUS)
    found = desk.search(turn.seat, terms, why)
    if isinstance(found, Refusal):
        form.refuse(found, SEARCH_NAMES)
        return Show("search.html", values, UNREADABLE_STATUS)
    values["rows"] = [
        {"record": record, "handle": resident_handle(turn, record.addressee_number, why)}
        for record in found.rows
    ]
    values["narrow"] = found.narrow
    return Show("search.html", values)
