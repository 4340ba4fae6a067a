"""The way of every notice: fill in, see before and after, enter; a second person verifies later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Go, Show, Turn
from daicho.faces.terminal.people_fields import CHOICES, read_reception
from daicho.faces.terminal.residents import registry
from daicho.faces.terminal.show import compare
from daicho.faces.wording.terms import word
from daicho.rules.law.refusal import Refusal
from daicho.rules.register.drafting import Notice

CHECK, ENTER, BACK = "check", "enter", "back"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one kind of notice brings: its template, how it is read, and where refusals belong."""

    template: str
    title: str
    article: str
    read: Callable[[Form], Notice | None]
    values: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # a rule's field to a form's field
    handed_in: bool = False  # whether somebody hands it in, so that the form asks who and by which papers


def take(turn: Turn, sheet: Sheet) -> Answer:
    """Carry one notice a step further: show it, check it, or enter it."""
    form, step = turn.form, turn.form.raw("step")
    if not turn.posted or step not in (CHECK, ENTER):
        return _sheet(sheet, form)
    notice = sheet.read(form)
    reception = read_reception(form) if sheet.handed_in else None
    if notice is None or not form.fine:
        return _sheet(sheet, form, UNREADABLE_STATUS)
    desk = registry(turn)
    if step == ENTER:
        done = desk.enter(turn.seat, notice, reception)
        if isinstance(done, Refusal):
            form.refuse(done, sheet.names)
            return _sheet(sheet, form, UNREADABLE_STATUS)
        return Go("/entered/" + turn.seal("entered", done.reference, sheet.title, *done.remarks))
    entry = desk.preview(turn.seat, notice, reception)
    if isinstance(entry, Refusal):
        form.refuse(entry, sheet.names)
        return _sheet(sheet, form, UNREADABLE_STATUS)
    return Show(
        "confirm.html",
        {
            "title": sheet.title,
            "article": sheet.article,
            "entry": entry,
            "kind": word(entry.kind),
            "people": compare(entry),
            "kept": {k: v for k, v in form.given.items() if k not in ("step", "form_key")},
        },
    )


def entered(turn: Turn) -> Answer:
    """Tell that an entry was kept, and what happens next."""
    words = turn.unseal()
    if words is None or len(words) < 3 or words[0] != "entered":
        return Go("/")
    return Show("entered.html", {"reference": words[1], "notice": words[2], "remarks": words[3:]})


def _sheet(sheet: Sheet, form: Form, status: int = 200) -> Show:
    values = {
        "title": sheet.title,
        "article": sheet.article,
        "form": form,
        "reception": CHOICES,
        **sheet.values,
    }
    return Show(sheet.template, values, status)
