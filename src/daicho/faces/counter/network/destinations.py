"""個人番号通知書の送付先: what was told to the Agency, what waits, where somebody stated theirs to go; once more by order."""

from daicho.faces.counter.people_fields import RECEPTION_CHOICES, read_postal_code, read_reception
from daicho.faces.counter.residents import opened_to_act, resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.network_desk import DestinationDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.wording.destinations import NOTICE_STATES, hindrance_words
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.registry.destination.seeing import NoticeLine, StatedLine
from daicho.rules.destination.record import ADDRESS_CHARACTERS
from daicho.rules.destination.stated import StatedDestination, StatedGround
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.names import MAX_NAME_CHARACTERS

_ARTICLE = "番号法第7条第1項"
_ORDER, _STATE, _PICK = "number-notice-order", "destination-stated", "destination-unverified"
_WHY = Why(dict(REGISTRY_PURPOSES)["notice"], "番号法7条")
_STATED_NAMES = {
    "postal_code": "postal", "address": "to-address", "name": "to-name", "words": "to-words", "until": "until",
    "ground": "to-ground", "addressee_number": "form", "documents": "documents", "notifier": "notifier",
    "notifier_name": "notifier_name", "authority": "authority", "channel": "channel", "confirm": "form",
}  # fmt: skip
_ORDER_NAMES = {"words": "why", "individual_number": "form", "addressee_number": "form"}


def number_notices(turn: Turn) -> Answer:
    """List what waits, what is stated otherwise and what was told; as a second person, verify what others stated."""
    form = turn.form
    if turn.posted:
        names = [name for (name,) in turn.picked(_PICK)]
        if not names:
            form.mistake("picked", Mistake.NOBODY_CHOSEN)
        else:
            refusal = _desk(turn).verify(turn.operator, names, turn.seat.terminal)
            if refusal is None:
                return Go("/number-notices", "destination_verified")
            form.refuse(refusal, {"verified_by": "picked"})
    found = _desk(turn).all(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": _ARTICLE,
        "waits": [_row(turn, one) for one in found.waiting],
        "told": [_row(turn, one) for one in found.closed],
        "stated": [_stated_row(turn, one) for one in found.stated],
        "more": found.more,
        "form": form,
        "to_verify": any(one.may_verify for one in found.stated),
    }
    return Show("number_notices.html", values, 200 if form.fine else UNREADABLE_STATUS)


def number_notice(turn: Turn) -> Answer:
    """Show one resident's notices; send one more, state another destination, or end it."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    form, desk, terminal = turn.form, _desk(turn), turn.seat.terminal
    if turn.posted:
        told = _acted(turn, who.addressee_number)
        if told:
            return Go(f"/residents/{who.handle}/number-notice", told)
    view = desk.of(turn.operator, who.addressee_number, terminal)
    if isinstance(view, Refusal):
        return Refused(view, 409)
    values = {
        "article": _ARTICLE,
        "title": "番号通知書の送付先の申出",
        "form": form,
        "who": who,
        "file": file,
        "rows": [_row(turn, one) for one in view.notices],
        "one_waits": any(one.state == "waiting" for one in view.notices),
        "stated": view.stated,
        "to_confirm": view.to_confirm,
        "reception": RECEPTION_CHOICES,
        "grounds": _grounds(turn),
        "order_once": turn.seal(_ORDER, turn.once(_ORDER, desk.new_name)),
        "state_once": turn.seal(_STATE, turn.once(_STATE, desk.new_name)),
    }
    return Show("number_notice.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _grounds(turn: Turn) -> tuple[StatedGround, ...]:
    """Offer what this operator may record: whoever flees is an officer's affair."""
    if Permission.SEE_PROTECTED in permissions_of(turn.operator):
        return tuple(StatedGround)
    return tuple(one for one in StatedGround if one is not StatedGround.VIOLENCE)


def _acted(turn: Turn, addressee_number: int) -> str:
    """Carry out what was pressed and name it; nothing when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, _desk(turn), turn.seat.terminal
    step = form.one_of("step", ("order", "state", "end", "confirm"), required=True)
    refusal: Refusal | None = None
    names = _STATED_NAMES
    if step == "order":
        words = form.text("why", required=True, limit=WORDS_CHARACTERS)
        if form.fine:
            name = turn.once(_ORDER, desk.new_name)
            refusal, names = desk.order(turn.operator, name, addressee_number, words, terminal), _ORDER_NAMES
    elif step == "state":
        stated = _read(turn)
        if stated is not None:
            name = turn.once(_STATE, desk.new_name)
            refusal = desk.state(turn.operator, name, addressee_number, stated, terminal)
    elif step == "confirm":
        refusal = desk.confirm(turn.operator, addressee_number, terminal)
    elif step == "end":
        refusal, names = desk.end(turn.operator, addressee_number, terminal), {"address": "form"}
    if refusal is not None:
        form.refuse(refusal, names)
    return f"number_notice_{step}" if form.fine else ""


def _read(turn: Turn) -> StatedDestination | None:
    form = turn.form
    postal = read_postal_code(form, required=True)
    address = form.text("to-address", required=True, limit=ADDRESS_CHARACTERS)
    name = form.text("to-name", limit=MAX_NAME_CHARACTERS)
    ground = form.member("to-ground", StatedGround, required=True)
    words = form.text("to-words", limit=WORDS_CHARACTERS)
    until = form.day("until")
    reception = read_reception(form)
    if ground is None or not form.fine:
        return None
    return StatedDestination(postal, address, ground, words, name, until, reception)


def _row(turn: Turn, line: NoticeLine) -> dict[str, object]:
    words, colour = NOTICE_STATES[line.state]
    return {
        "line": line,
        "words": words,
        "colour": colour,
        "hindrance": hindrance_words(line.hindrance),
        "handle": _handle(turn, line),
    }


def _stated_row(turn: Turn, line: StatedLine) -> dict[str, object]:
    pick = turn.seal(_PICK, line.stated_id) if line.may_verify else ""
    return {"line": line, "handle": _handle(turn, line), "pick": pick}


def _handle(turn: Turn, line: NoticeLine | StatedLine) -> str:
    if line.record is None or Permission.ENTER_CHANGE not in permissions_of(turn.operator):
        return ""
    return resident_handle(turn, line.addressee_number, _WHY)


def _desk(turn: Turn) -> DestinationDesk:
    desk = turn.desks.destinations
    if desk is None:
        raise LookupError("this node tells nobody where notices go")
    return desk
