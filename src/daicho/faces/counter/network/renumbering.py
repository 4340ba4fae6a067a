"""住民票コードの変更・個人番号の変更: another code from the stock, another number from the nation; neither is shown here."""

from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.people_fields import RECEPTION_CHOICES, read_reception
from daicho.faces.counter.residents import opened_to_act, resident_handle
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.network_desk import NumberDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.filings import NUMBER_CHANGE_STATES
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.renumbering.asking import NumberChangeView
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.programmes.item import says_individual_number
from daicho.rules.register.numbering import CodeChange, LeakGround, NumberChange
from daicho.rules.register.reasons import Ground

_CODE_ARTICLE = "住民基本台帳法第30条の4"
_NUMBER_ARTICLE = "番号法第7条第2項・同法施行令第3条"
_KIND, _NEW = "number-change", "number-change-new"
_GROUNDS = ((Ground.NOTICE.value, "請求"), (Ground.EX_OFFICIO.value, "職権"))
_CODE_NAMES = {
    "change_date": "used_from", "notified_on": "requested_on", "resident_record_code": "form", "addressee_number": "form",
}  # fmt: skip
_NUMBER_NAMES = {
    "words": "words",
    "asked_on": "asked_on",
    "individual_number": "form",
    "addressee_number": "form",
}
_WHY = Why(dict(REGISTRY_PURPOSES)["notice"], "法8条")


def code_change(turn: Turn) -> Answer:
    """Take a request, or a decision of the mayor, that a resident gets another resident record code."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> CodeChange | None:
        ground = _ground(form)
        asked_on = form.day("requested_on") or turn.today
        used_from = form.day("used_from") or turn.today
        words = _words(form, required=ground is Ground.EX_OFFICIO)
        if ground is None or not form.fine:
            return None
        return CodeChange(who.addressee_number, used_from, ground is Ground.NOTICE, asked_on, words)

    by_mayor = turn.form.raw("change_ground") == Ground.EX_OFFICIO.value
    values = {"who": who, "file": file, "grounds": _GROUNDS}
    return take(
        turn,
        Sheet(
            "code_change.html",
            "住民票コードの変更",
            _CODE_ARTICLE,
            read,
            values,
            _CODE_NAMES,
            handed_in=not by_mayor,
        ),
    )


def number_change(turn: Turn) -> Answer:
    """Take a request, or a decision of the mayor, that a resident gets another individual number."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    form, name = turn.form, turn.once(_NEW, _desk(turn).new_name)
    asked = _read_number_change(turn, who.addressee_number) if turn.posted else None
    if asked is not None and form.raw("step") == "enter":
        done = _desk(turn).enter_change(turn.operator, name, asked, turn.seat.terminal)
        if not isinstance(done, Refusal):
            return Go(f"/number-changes/{turn.seal(_KIND, done)}", "number_change_entered")
        form.refuse(done, _NUMBER_NAMES)
    shown = {
        "article": _NUMBER_ARTICLE,
        "title": "個人番号の変更",
        "form": form,
        "who": who,
        "file": file,
        "grounds": _GROUNDS,
        "leaks": tuple(LeakGround),
        "reception": RECEPTION_CHOICES,
        "once": turn.seal(_NEW, name),
        "ask_first": ask_first(turn, (file.record,)),
    }
    return Show("number_change.html", shown, 200 if form.fine else UNREADABLE_STATUS)


def _read_number_change(turn: Turn, addressee_number: int) -> NumberChange | None:
    form = turn.form
    ground, leak = _ground(form), form.member("leak", LeakGround, required=True)
    asked_on = form.day("requested_on") or turn.today
    words = _words(form, required=True)
    on_request = ground is Ground.NOTICE
    reception = read_reception(form) if on_request else None
    if ground is None or leak is None or not form.fine:
        return None
    return NumberChange(addressee_number, leak, words, asked_on, on_request, reception)


def _ground(form: Form) -> Ground | None:
    text = form.one_of("change_ground", tuple(key for key, _ in _GROUNDS), required=True)
    return Ground(text) if text else None


def _words(form: Form, name: str = "change_words", *, required: bool) -> str:
    """Read a reason; a number that was typed into it goes back onto no page."""
    words = form.text(name, required=required, limit=WORDS_CHARACTERS)
    if says_individual_number(words):
        form.refuse(Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, bango("7"), name))
        form.given = {**form.given, name: ""}
    return words


def number_changes(turn: Turn) -> Answer:
    """List the requests that are open."""
    return _list(turn, closed=False)


def closed_number_changes(turn: Turn) -> Answer:
    """List what became of those that are not (個人番号変更結果確認リスト)."""
    return _list(turn, closed=True)


def _list(turn: Turn, *, closed: bool) -> Answer:
    found = _desk(turn).changes(turn.operator, turn.seat.terminal, closed=closed)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [_row(turn, one) for one in found.views]
    values = {"article": _NUMBER_ARTICLE, "rows": rows, "more": found.more, "closed": closed}
    return Show("number_changes.html", values)


def _row(turn: Turn, view: NumberChangeView) -> dict[str, object]:
    words, colour = NUMBER_CHANGE_STATES[view.state]
    return {"view": view, "words": words, "colour": colour, "handle": turn.seal(_KIND, view.request_id)}


def one_number_change(turn: Turn) -> Answer:
    """Show one request; ask the nation or give it back as a second person, or take it back."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    form = turn.form
    if turn.posted:
        answer = _decided(turn, words[0])
        if answer is not None:
            return answer
    view = _desk(turn).change(turn.operator, words[0], turn.seat.terminal)
    if isinstance(view, Refusal):
        return Refused(view, 409)
    waits, mine = view.state == "entered", view.entered_by == turn.operator.login_id
    may_decide = waits and second_person(turn.operator, entered_by=view.entered_by) is None
    may_enter = Permission.ENTER_CHANGE in permissions_of(turn.operator)
    record = view.record
    values = {
        "article": _NUMBER_ARTICLE,
        "form": form,
        "may_decide": may_decide,
        "waits_for_another": waits and not may_decide,
        "may_drop": may_enter and ((waits and mine) or view.state == "asked"),
        "whose": resident_handle(turn, record.addressee_number, _WHY) if record is not None else "",
        "ask_first": ask_first(turn, (record,)) if may_decide and record is not None else [],
        **_row(turn, view),
    }
    return Show("number_change_one.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, request_id: str) -> Answer | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, _desk(turn), turn.seat.terminal
    step = form.one_of("step", ("ask", "return", "drop"), required=True)
    why = ""
    if step in ("return", "drop"):
        why = _words(form, "why" if step == "return" else "drop_why", required=True)
    if not form.fine:
        return None
    refusal = desk.decide_change(turn.operator, request_id, step, why, terminal)
    if refusal is None:
        return Go("/number-changes", f"number_change_{step}")
    form.refuse(refusal, {"why": "why", "request": "form"})
    return None


def _desk(turn: Turn) -> NumberDesk:
    desk = turn.desks.numbers
    if desk is None:
        raise LookupError("this node asks nobody about numbers")
    return desk
