"""カード等: which cards somebody holds, what is due on them, and what happened to them."""

from daicho.faces.counter.cards.lines import card_line, due_lines
from daicho.faces.counter.resident import PARTS
from daicho.faces.counter.residents import Chosen, affairs_of, opened, purpose_of
from daicho.faces.terminal.cards_desk import CardsDesk
from daicho.faces.terminal.desk import ResidentFile
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.wording.cards import nth_card
from daicho.nodes.registry.cards.noting import STALE, CardsView
from daicho.rules.cards_held.events import CardCause, CardEvent, CardStep
from daicho.rules.cards_held.kinds import CARD_RULES, CardKind
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, may, permissions_of

ARTICLE = "番号法第17条・同法施行令第13条〜第17条"
_NAMES = {
    "kind": "which_card",
    "card": "which_card",
    "step": "card_step",
    "on": "card_on",
    "expires_on": "card_until",
    "applied_on": "card_applied_on",
    "cause": "card_cause",
    "words": "why",
    "abroad": "card_step",
    "withdraws": "card_step",
    "seen": "form",
}


def cards(turn: Turn) -> Answer:
    """Show the cards of the resident in the path; take what happened to one."""
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    why = purpose_of(turn, who)
    view = _desk(turn).view(turn.operator, who.addressee_number, why)
    if isinstance(view, Refusal):
        return Refused(view)
    if turn.posted:
        refusal = _noted(turn, who, view)
        if refusal is None and turn.form.fine:
            return Go(f"/residents/{who.handle}/cards", "card_noted")
        if refusal is not None:
            turn.form.refuse(refusal, _NAMES)
            # What stands now is shown, so that whoever sends the form again has seen it.
            view = _desk(turn).view(turn.operator, who.addressee_number, why)
    return Refused(view) if isinstance(view, Refusal) else _show(turn, who, file, view)


def _noted(turn: Turn, who: Chosen, view: CardsView) -> Refusal | None:
    """Note what the form says; a page that was overtaken is refused before anything of it is read."""
    form = turn.form
    refusal = may(turn.operator, Permission.ENTER_CHANGE)
    if refusal is not None or form.raw("seen") != str(view.seen):
        return refusal or STALE
    event = _read(form, view)
    if event is None or not form.fine:
        return None
    return _desk(turn).note(turn.operator, who.addressee_number, event, view.seen, purpose_of(turn, who))


def _read(form: Form, view: CardsView) -> CardEvent | None:
    choices = _choices(view)
    key = form.one_of("which_card", tuple(choices), required=True)
    step = form.member("card_step", CardStep, required=True)
    on = form.day("card_on", required=True)
    expires_on, applied_on = form.day("card_until"), form.day("card_applied_on")
    cause = form.member("card_cause", CardCause)
    words = form.text("why", limit=WORDS_CHARACTERS)
    if not key or step is None or on is None:
        return None
    kind, _, place = key.partition("-")
    card, withdraws = int(place), 0
    if step is CardStep.WITHDRAWN:
        withdraws = _last_of(view, CardKind(kind), card)
    return CardEvent(
        CardKind(kind), step, card, on, expires_on, applied_on, cause, words, form.ticked("card_abroad"), withdraws
    )  # fmt: skip


def _last_of(view: CardsView, kind: CardKind, card: int) -> int:
    """Name the last note of a card that stands; the history begins with the newest."""
    return next(
        (
            one.version
            for one in view.history
            if (one.event.kind, one.event.card) == (kind, card)
            and not one.withdrawn
            and one.event.step is not CardStep.WITHDRAWN
        ),
        0,
    )


def _choices(view: CardsView) -> dict[str, str]:
    """Name the cards that something can happen to: those that are known, and the next one of each kind."""
    known = {(one.held.kind, one.held.card): one for one in view.cards}
    words = {f"{kind.value}-{card}": nth_card(kind, card) for kind, card in known}
    return words | {
        f"{kind.value}-{card}": nth_card(kind, card, new=True)
        for kind, card in view.next_cards.items()
        if not CARD_RULES[kind].foreign_only or view.record.foreign is not None
    }


def _show(turn: Turn, who: Chosen, file: ResidentFile, view: CardsView) -> Show:
    values = {
        "article": ARTICLE,
        "who": who,
        "file": file,
        "record": view.record,
        "part": "cards",
        "parts": PARTS,
        "affairs": affairs_of(turn, file),
        "form": turn.form,
        "view": view,
        "cards": [card_line(one) for one in view.cards],
        "due": due_lines(view.due),
        "history": [(one, nth_card(one.event.kind, one.event.card)) for one in view.history],
        "choices": list(_choices(view).items()),
        "steps": tuple(CardStep),
        "causes": tuple(CardCause),
        "may_note": Permission.ENTER_CHANGE in permissions_of(turn.operator),
        "today": turn.today,
    }
    return Show("cards_held.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _desk(turn: Turn) -> CardsDesk:
    desk = turn.desks.cards
    if desk is None:
        raise LookupError("this node keeps nothing about cards")
    return desk
