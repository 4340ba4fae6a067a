"""個別記載事項: what the record says of insurance, pension, allowance and the voters' list, and what offices tell."""

from datetime import date

from daicho.faces.counter.resident import PARTS
from daicho.faces.counter.residents import Chosen, affairs_of, opened, purpose_of
from daicho.faces.terminal.affairs import ProgrammesDesk
from daicho.faces.terminal.desk import ResidentFile
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.wording.fields import Mistake
from daicho.nodes.registry.programmes import STALE, ProgrammesView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, may, permissions_of
from daicho.rules.programmes.ending import ending_article
from daicho.rules.programmes.item import (
    RULES,
    Programme,
    ProgrammeChange,
    ProgrammeKind,
    ProgrammeSource,
    ProgrammeStep,
)

ARTICLE = "住民基本台帳法第7条第9号〜第11号の2"
_NUMBER_CHARACTERS = 20
_NAMES = {
    "on": "changed_on",
    "kind": "insured_as",
    "number": "pension_number",
    "lost_on": "ended_on",
    "step": "change",
    "seen": "form",
}


def programmes(turn: Turn) -> Answer:
    """Show the items of the resident in the path; take what an office tells, or an ending that was proposed."""
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    why = purpose_of(turn, who)
    view = _desk(turn).view(turn.operator, who.addressee_number, why)
    if isinstance(view, Refusal):
        return Refused(view)
    if turn.posted:
        refusal = _changed(turn, who, view)
        if refusal is None and turn.form.fine:
            return Go(f"/residents/{who.handle}/programmes", "programme_noted")
        if refusal is not None:
            turn.form.refuse(refusal, _NAMES)
            # What stands now is shown, so that whoever sends the form again has seen it.
            view = _desk(turn).view(turn.operator, who.addressee_number, why)
    return Refused(view) if isinstance(view, Refusal) else _show(turn, who, file, view)


def _changed(turn: Turn, who: Chosen, view: ProgrammesView) -> Refusal | None:
    """Note what the form says; a page that was overtaken is refused before anything of it is read."""
    form = turn.form
    refusal = may(turn.operator, Permission.ENTER_CHANGE)
    if refusal is not None or form.raw("seen") != str(view.seen):
        return refusal or STALE
    change = _proposed(form, view) if form.raw("step") == "end" else _read(form)
    if change is None or not form.fine:
        return None
    return _desk(turn).change(turn.operator, who.addressee_number, change, view.seen, purpose_of(turn, who))


def _show(turn: Turn, who: Chosen, file: ResidentFile, view: ProgrammesView) -> Show:
    by_month = {one.programme for one in RULES.values() if one.by_month}
    values = {
        "article": ARTICLE,
        "who": who,
        "file": file,
        "record": view.record,
        "part": "programmes",
        "parts": PARTS,
        "affairs": affairs_of(turn, file),
        "form": turn.form,
        "items": sorted(view.items, key=lambda one: tuple(Programme).index(one.programme)),
        "by_month": by_month,
        "proposed": [(one, ending_article(one.programme), one.on <= turn.today) for one in view.proposed],
        "to_confirm": [(one, ending_article(one)) for one in view.to_confirm],
        "history": view.history,
        "more": view.more,
        "seen": view.seen,
        "programmes": tuple(Programme),
        "steps": tuple(ProgrammeStep),
        "sources": tuple(ProgrammeSource),
        "kinds": tuple(ProgrammeKind),
        "may_change": Permission.ENTER_CHANGE in permissions_of(turn.operator),
    }
    return Show("programmes.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _proposed(form: Form, view: ProgrammesView) -> ProgrammeChange | None:
    programme = form.member("programme", Programme, required=True)
    found = next((one for one in view.proposed if one.programme is programme), None)
    if found is None and form.fine:
        form.mistake("programme", Mistake.NOT_IN_LIST)
    return found


def _read(form: Form) -> ProgrammeChange | None:
    programme = form.member("programme", Programme, required=True)
    step = form.member("change", ProgrammeStep, required=True)
    source = form.member("told_by", ProgrammeSource, required=True)
    on = _day(form, "changed_on", programme, required=True)
    lost_on = _day(form, "ended_on", programme)
    reference = form.text("reference", limit=WORDS_CHARACTERS)
    why = form.text("why", limit=WORDS_CHARACTERS)
    kind = form.member("insured_as", ProgrammeKind)
    number = form.text("pension_number", limit=_NUMBER_CHARACTERS).replace("-", "").replace(" ", "")
    if programme is None or step is None or source is None or on is None:
        return None
    still_held = form.ticked("still_held")
    return ProgrammeChange(programme, step, on, source, reference, why, kind, number, lost_on, still_held)


def _day(form: Form, name: str, programme: Programme | None, *, required: bool = False) -> date | None:
    """Read a day; of a programme that keeps months a year and a month are enough."""
    told = form.partial_day(name, required=required)
    if told is None or told.whole is not None:
        return None if told is None else told.whole
    by_month = programme is not None and RULES[programme].by_month
    if by_month and told.year is not None and told.month is not None:
        return date(told.year, told.month, 1)
    form.mistake(name, Mistake.DAY_INCOMPLETE)
    return None


def _desk(turn: Turn) -> ProgrammesDesk:
    desk = turn.desks.programmes
    if desk is None:
        raise LookupError("this node keeps no programme items")
    return desk
