"""印鑑登録の審査: a second person compares what was entered with the paper and the print."""

from daicho.faces.counter.seal import ARTICLE, desk_of, print_handle
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.refusals import explain
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.residents import Purpose
from daicho.rules.law.refusal import Refusal

_PURPOSE = "印鑑登録の審査"


def queue(turn: Turn) -> Answer:
    """List what waits for a second person."""
    found = desk_of(turn).waiting(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [
        {"waiting": one, "own": second_person(turn.operator, entered_by=one.open.asked_by) is not None}
        for one in found
    ]
    return Show("seal_queue.html", {"article": ARTICLE, "rows": rows})


def decision(turn: Turn) -> Answer:
    """Show one request; carry it out, or decline it with the reason."""
    desk, form, request_id = desk_of(turn), turn.form, turn.parts["request_id"]
    found = desk.opened(turn.operator, request_id, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    asked, view = found
    refusal = second_person(turn.operator, entered_by=asked.asked_by)
    if turn.posted and refusal is None:
        former = "" if view.standing is None else view.standing.card_number
        answer = _decided(turn, request_id, former)
        if isinstance(answer, Go):
            return answer
        refusal = answer
    made = asked.request.application
    why = Purpose(_PURPOSE, ARTICLE, turn.seat.terminal)
    values = {
        "article": ARTICLE,
        "form": form,
        "asked": asked,
        "request": asked.request,
        "application": made,
        "view": view,
        "record": view.record,
        "picture": ""
        if made is None
        else print_handle(turn, view.record.addressee_number, made.impression.image_id, why),
        "refusal": explain(refusal) if refusal is not None else None,
    }
    wrong = refusal is not None or not form.fine
    return Show("seal_decision.html", values, UNREADABLE_STATUS if turn.posted and wrong else 200)


def _decided(turn: Turn, request_id: str, former: str) -> Go | Refusal | None:
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
    if made is not None and made.card_number not in ("", former):
        # Told once, to be put on the card: whoever knows it without the card could have certificates.
        return Go("/seal-card/" + turn.seal("seal-card", made.number, made.card_number), "seal_accepted")
    return Go("/seals", "seal_accepted" if accept else "seal_declined")


def card(turn: Turn) -> Answer:
    """Tell the number of a card that was decided a moment ago in this session."""
    words = turn.unseal()
    if words is None or len(words) != len(("seal-card", "number", "card")) or words[0] != "seal-card":
        return not_found()
    return Show("seal_card.html", {"article": ARTICLE, "number": words[1], "card_number": words[2]})
