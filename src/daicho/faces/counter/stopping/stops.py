"""処理の抑止: an officer stops certificates or changes for a resident or a household, and ends that."""

from collections.abc import Iterable

from daicho.faces.counter.residents import opened_to_act, resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.stop_desk import StopDesk
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.stops import STOP_STATES
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.stops import StopView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.register.processing import ENDED_BY_TWO, ProcessingStop, StopCause, StopKind
from daicho.rules.register.record import ResidentRecord

ARTICLE = "住民基本台帳法第8条・住民記録システム標準仕様書（抑止設定）"
_KIND, _NEW = "stop", "stop-new"
_SCOPES = (("PERSON", "この方"), ("HOUSEHOLD", "世帯の全員（後から入る方を含む）"))
_NAMES = {"words": "stop_words", "last_day": "stop_until", "addressee_number": "form", "stop": "form"}
_WHY = Why(dict(REGISTRY_PURPOSES)["notice"], "法8条")


def place(turn: Turn) -> Answer:
    """Place a stop from the record of the resident in the path."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    form, name = turn.form, turn.once(_NEW, _desk(turn).new_name)
    stop = _read(form, who.addressee_number) if turn.posted else None
    if stop is not None and form.raw("step") == "place":
        done = _desk(turn).place(turn.operator, name, stop, turn.seat.terminal)
        if not isinstance(done, Refusal):
            return Go(f"/residents/{who.handle}", "stop_placed")
        form.refuse(done, _NAMES)
    values = {
        "article": ARTICLE,
        "form": form,
        "who": who,
        "file": file,
        "kinds": tuple(StopKind),
        "causes": tuple(StopCause),
        "scopes": _SCOPES,
        "once": turn.seal(_NEW, name),
    }
    return Show("stop_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _read(form: Form, addressee_number: int) -> ProcessingStop | None:
    kind = form.member("stop_kind", StopKind, required=True)
    cause = form.member("stop_cause", StopCause, required=True)
    words = form.text("stop_words", required=True, limit=WORDS_CHARACTERS)
    scope = form.one_of("stop_scope", tuple(key for key, _ in _SCOPES), required=True)
    last_day = form.day("stop_until")
    if kind is None or cause is None or not form.fine:
        return None
    return ProcessingStop(kind, cause, words, addressee_number, scope == "HOUSEHOLD", last_day)


def stop_handles(turn: Turn, record: ResidentRecord) -> list[dict[str, object]]:
    """Give what is stopped for a resident whose file is open, each with its address."""
    desk = turn.desks.stops
    if desk is None:
        return []
    return [{"view": one, "handle": turn.seal(_KIND, one.row.id)} for one in desk.over([record])]


def ask_first(turn: Turn, records: Iterable[ResidentRecord]) -> list[StopView]:
    """Give the stops that only ask whoever acts for some people to ask first."""
    desk = turn.desks.stops
    found = desk.over(records) if desk is not None else ()
    return [one for one in found if one.stop.kind is StopKind.ASK_FIRST]


def stops(turn: Turn) -> Answer:
    """List the stops that have not ended."""
    return _list(turn, ended=False)


def ended_stops(turn: Turn) -> Answer:
    """List those that have."""
    return _list(turn, ended=True)


def _list(turn: Turn, *, ended: bool) -> Answer:
    found = _desk(turn).stops(turn.operator, turn.seat.terminal, ended=ended)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [_row(turn, one) for one in found.views]
    return Show("stops.html", {"article": ARTICLE, "rows": rows, "more": found.more, "ended": ended})


def _row(turn: Turn, view: StopView) -> dict[str, object]:
    words, colour = STOP_STATES["over" if view.over and view.row.state == "on" else view.row.state]
    return {"view": view, "words": words, "colour": colour, "handle": turn.seal(_KIND, view.row.id)}


def one_stop(turn: Turn) -> Answer:
    """Show one stop; end it, or decide as a second person on its end."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    form = turn.form
    if turn.posted:
        answer = _decided(turn, words[0])
        if answer is not None:
            return answer
    view = _desk(turn).stop(turn.operator, words[0], turn.seat.terminal)
    if isinstance(view, Refusal):
        return Refused(view, 409)
    rights, row, record = permissions_of(turn.operator), view.row, view.record
    proposed = row.state == "ending"
    may_decide = proposed and second_person(turn.operator, entered_by=row.proposed_by or "") is None
    values = {
        "article": ARTICLE,
        "form": form,
        "may_end": row.state == "on" and Permission.UPKEEP_REGISTER in rights,
        "by_two": view.stop.kind in ENDED_BY_TWO,
        "may_decide": may_decide,
        "may_take_back": proposed and not may_decide and row.proposed_by == turn.operator.login_id,
        "whose": resident_handle(turn, record.addressee_number, _WHY) if record is not None else "",
        **_row(turn, view),
    }
    return Show("stop.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, stop_id: str) -> Answer | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, why = turn.form, ""
    step = form.one_of("step", ("end", "confirm", "decline"), required=True)
    if step == "end":
        why = form.text("why", required=True, limit=WORDS_CHARACTERS)
    if not form.fine:
        return None
    refusal = _desk(turn).decide(turn.operator, stop_id, step, why, turn.seat.terminal)
    if refusal is None:
        return Go("/stops", f"stop_{step}")
    form.refuse(refusal, {"why": "why", "stop": "form"})
    return None


def _desk(turn: Turn) -> StopDesk:
    desk = turn.desks.stops
    if desk is None:
        raise LookupError("this node stops nothing")
    return desk
