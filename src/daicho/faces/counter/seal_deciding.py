"""印鑑登録の処理待ち: what waits for whom, what a second person compares and decides, cards that are made."""

from daicho.faces.counter.residents import resident_handle
from daicho.faces.counter.seal import ARTICLE, card_handle, desk_of, print_handle
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.faces.wording.refusals import explain
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.seals.deciding import SealToSee, WaitingSeal
from daicho.nodes.registry.seals.requests import OpenRequest, SealView
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.seals.registration import SealRegistration

_PURPOSE = "印鑑登録の審査"
_WHY = Why(dict(REGISTRY_PURPOSES)["seal"], "印鑑条例")


def queue(turn: Turn) -> Answer:
    """List what waits for a second person, letters of inquiry that are out, cards to make, ends to tell of."""
    found = desk_of(turn).work(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "decides": Permission.VERIFY_CHANGE in permissions_of(turn.operator),
        "rows": [_row(turn, one) for one in found.waiting],
        "inquiries": [_inquiry(turn, one) for one in found.inquiries],
        "cards": [_card(turn, one) for one in found.cards],
        "to_tell": [
            {
                "one": one,
                "end": one.registration.end,
                "handle": _resident(turn, one.registration.addressee_number),
            }
            for one in found.to_tell
        ],
        "more": found.more,
    }
    return Show("seal_queue.html", values)


def _row(turn: Turn, one: WaitingSeal) -> dict[str, object]:
    login_id = turn.operator.login_id
    return {"waiting": one, "own": one.open.asked_by == login_id, "brought": one.open.answered_by == login_id}


def _inquiry(turn: Turn, one: WaitingSeal) -> dict[str, object]:
    answer_by = one.open.request.answer_by
    return {
        "waiting": one,
        "late": answer_by is not None and turn.today > answer_by,
        "handle": _resident(turn, one.open.request.addressee_number),
    }


def _card(turn: Turn, one: SealToSee) -> dict[str, object]:
    number = one.registration.addressee_number
    return {"one": one, "handle": _resident(turn, number), "card": card_handle(turn, number)}


def _resident(turn: Turn, addressee_number: int) -> str:
    return resident_handle(turn, addressee_number, _WHY)


def decision(turn: Turn) -> Answer:
    """Show one request; carry it out, or decline it with the reason."""
    desk, form, request_id = desk_of(turn), turn.form, turn.parts["request_id"]
    found = desk.opened(turn.operator, request_id, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    asked, view = found
    refusal = second_person(turn.operator, entered_by=asked.asked_by) or second_person(
        turn.operator, entered_by=asked.answered_by or ""
    )
    if turn.posted and refusal is None:
        answer = _decided(turn, request_id, view.standing)
        if isinstance(answer, Go):
            return answer
        refusal = answer
    wrong = refusal is not None or not form.fine
    values = {
        **_compared(turn, asked, view),
        "article": ARTICLE,
        "form": form,
        "refusal": explain(refusal) if refusal is not None else None,
        "ask_first": ask_first(turn, (view.record,)),
    }
    return Show("seal_decision.html", values, UNREADABLE_STATUS if turn.posted and wrong else 200)


def _compared(turn: Turn, asked: OpenRequest, view: SealView) -> dict[str, object]:
    """Gather what is compared: what was entered, the seal that stands, and that of who vouches."""
    made, whose = asked.request.application, view.record.addressee_number
    return {
        "asked": asked,
        "request": asked.request,
        "application": made,
        "view": view,
        "record": view.record,
        "resident": _resident(turn, whose),
        "picture": "" if made is None else _print(turn, whose, made.impression.image_id),
        "former": _print_of(turn, view.standing),
        "vouching": _print_of(turn, view.guarantor),
    }


def _print_of(turn: Turn, registration: SealRegistration | None) -> str:
    if registration is None:
        return ""
    return _print(turn, registration.addressee_number, registration.impression.image_id)


def _print(turn: Turn, addressee_number: int, image_id: str) -> str:
    why = Purpose(_PURPOSE, ARTICLE, turn.seat.terminal)
    return print_handle(turn, addressee_number, image_id, why)


def _decided(turn: Turn, request_id: str, standing: SealRegistration | None) -> Go | Refusal | None:
    form, step = turn.form, turn.form.raw("step")
    if step not in ("accept", "decline"):
        return None
    accept = step == "accept"
    reason = form.text("why", required=not accept, limit=WORDS_CHARACTERS)
    if not form.fine:
        return None
    made = desk_of(turn).decide(turn.operator, request_id, turn.seat.terminal, reason, accept=accept)
    if isinstance(made, Refusal):
        return made
    former = "" if standing is None else standing.card_number
    if made is not None and made.card_waits and made.card_number != former:
        return Go("/seal-card/" + card_handle(turn, made.addressee_number), "seal_accepted")
    return Go("/seals", "seal_accepted" if accept else "seal_declined")


def card(turn: Turn) -> Answer:
    """Tell the number of a card until it was handed over, and take that it was.

    Whoever knows the number without the card could have certificates: each time that it is told leaves a line.
    """
    words = turn.unseal("seal-card")
    if words is None:
        return not_found()
    desk, number, terminal = desk_of(turn), int(words[0]), turn.seat.terminal
    if turn.posted:
        seen = turn.form.whole_number("seen", required=True)
        if seen is not None:
            refusal = desk.handed_over(turn.operator, number, seen, terminal)
            if refusal is None:
                return Go("/seals", "seal_card_handed")
            turn.form.refuse(refusal, {"registration": "form"})
    found = desk.card(turn.operator, number, terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    values = {"article": ARTICLE, "card": found, "form": turn.form, "resident": _resident(turn, number)}
    return Show("seal_card.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)
