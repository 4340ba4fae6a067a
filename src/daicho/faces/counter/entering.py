"""The way of every notice: fill in, see before and after, enter; a second person verifies later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from daicho.faces.counter.deferral import draft_of, put_off_form
from daicho.faces.counter.ministry.drafts import enter_from_moj, fill_from_notice
from daicho.faces.counter.network.drafts import enter_from, fill_from_report, report_of
from daicho.faces.counter.people_fields import RECEPTION_CHOICES, read_reception
from daicho.faces.counter.residents import registry
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.desk import Done
from daicho.faces.terminal.forms import FORM_KEY, UNREADABLE_STATUS, Form, Wrong
from daicho.faces.terminal.page import Answer, Go, Show, Turn
from daicho.faces.terminal.show import compare
from daicho.faces.wording.remarks import RELATIONS_PROPOSED, relations_proposed
from daicho.faces.wording.terms import word
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.drafting import Notice
from daicho.rules.register.household import suggest_relations
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import ResidentRecord
from daicho.rules.register.relationship import Derived

CHECK, ENTER, BACK, LATER = "check", "enter", "back", "later"


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
    household: tuple[ResidentRecord, ...] = ()  # who may get another householder, and so other relationships


def take(turn: Turn, sheet: Sheet) -> Answer:
    """Carry one notice a step further: show it, check it, enter it, or keep it until a code can be drawn for it."""
    fill_from_report(turn)
    fill_from_notice(turn)
    form, step = turn.form, turn.form.raw("step")
    if not turn.posted or step not in (CHECK, ENTER, LATER):
        return _sheet(sheet, form)
    notice = sheet.read(form)
    reception = read_reception(form) if sheet.handed_in else None
    if notice is None or not form.fine:
        return _sheet(sheet, form, UNREADABLE_STATUS)
    desk = registry(turn)
    if step == ENTER:
        by_report = enter_from(turn, notice, reception) or enter_from_moj(turn, notice, reception)
        done = by_report or _enter(turn, sheet, notice, reception)
        if isinstance(done, Refusal):
            form.refuse(done, sheet.names)
            return _sheet(sheet, form, UNREADABLE_STATUS, may_put_off=_lacks_code(turn, done))
        return Go("/entered/" + turn.seal("entered", done.reference, sheet.title, *done.remarks))
    entry = desk.preview(turn.seat, notice, reception)
    if isinstance(entry, Refusal):
        if step == LATER and _lacks_code(turn, entry):
            return put_off_form(turn, sheet.article)
        if entry.reason is Reason.RELATIONSHIP_MISSING:
            _propose_relations(form, sheet.household)
        form.refuse(entry, sheet.names)
        return _sheet(sheet, form, UNREADABLE_STATUS, may_put_off=_lacks_code(turn, entry))
    return Show(
        "confirm.html",
        {
            "title": sheet.title,
            "article": sheet.article,
            "entry": entry,
            "kind": word(entry.kind),
            "people": compare(entry),
            "ask_first": ask_first(turn, (*entry.before, *entry.after)),
            "kept": {k: v for k, v in form.given.items() if k not in ("step", FORM_KEY)},
        },
    )


def _enter(turn: Turn, sheet: Sheet, notice: Notice, reception: Reception | None) -> Done | Refusal:
    draft = draft_of(turn)
    if draft is None:
        return registry(turn).enter(turn.seat, notice, reception)
    return registry(turn).enter_from(turn.seat, notice, reception, (draft, f"{sheet.title}の入力"))


def _lacks_code(turn: Turn, refusal: Refusal) -> bool:
    """Tell whether nothing but a code is missing, which comes from others; a report waits in its own list."""
    if report_of(turn) is not None:
        return False
    return refusal.reason is Reason.CODE_MISSING and turn.desks.deferral is not None


def _propose_relations(form: Form, household: tuple[ResidentRecord, ...]) -> None:
    """Fill in what follows from the register under the new householder, and say what must be asked."""
    chosen = form.raw("successor")
    if not (household and chosen.isascii() and chosen.isdigit()):
        return
    found = suggest_relations(household, int(chosen))
    if isinstance(found, Refusal):
        return
    names = {one.addressee_number: one.name.kanji for one in household}
    given, asked = dict(form.given), []
    for one in found:
        field_name = f"relation-{one.addressee_number}"
        unasked = given.get(field_name) != "" or given.get(f"who-{one.addressee_number}") == "yes"
        if unasked:  # told already, on its way out, or not on this form: whoever died
            continue
        if isinstance(one, Derived):
            given[field_name] = one.relationship
        else:
            asked.append((names[one.addressee_number], one.candidates))
    form.given = given
    form.errors["successor"] = Wrong(
        "successor",
        RELATIONS_PROPOSED,
        relations_proposed(asked),
        str(juki("7")),
    )


def entered(turn: Turn) -> Answer:
    """Tell that an entry was kept, and what happens next."""
    words = turn.unseal("entered")
    if words is None:
        return Go("/")
    return Show("entered.html", {"reference": words[0], "notice": words[1], "remarks": words[2:]})


def _sheet(sheet: Sheet, form: Form, status: int = 200, *, may_put_off: bool = False) -> Show:
    values = {
        "may_put_off": may_put_off,
        "title": sheet.title,
        "article": sheet.article,
        "form": form,
        "reception": RECEPTION_CHOICES,
        **sheet.values,
    }
    return Show(sheet.template, values, status)
