"""Cards as lines of a list, on their own page and beside the record."""

from daicho.faces.terminal.page import Turn
from daicho.faces.wording.cards import CARD_STATES, nth_card
from daicho.rules.cards_held.duties import CardDuty
from daicho.rules.cards_held.events import CardStep
from daicho.rules.cards_held.standing import CardStanding

NO_CARDS: dict[str, object] = {"cards": [], "due": []}


def card_line(one: CardStanding) -> dict[str, object]:
    """Write one card as a line of a list: its name, its state and colour, when it was issued."""
    issued = (kept.event.on for kept in one.held.kept if kept.event.step is CardStep.ISSUED)
    return {
        "card": one,
        "name": nth_card(one.held.kind, one.held.card),
        "state": CARD_STATES[one.state],
        "issued_on": next(issued, None),
    }


def due_lines(due: tuple[CardDuty, ...]) -> list[tuple[CardDuty, str]]:
    """Write what is due with the name of the card."""
    return [(one, nth_card(one.card.held.kind, one.card.held.card)) for one in due]


def cards_of_resident(turn: Turn, addressee_number: int) -> dict[str, object]:
    """Give the cards in hand, and what is due, of a resident whose record was opened just now."""
    desk = turn.desks.cards
    view = None if desk is None else desk.beside(turn.operator, addressee_number)
    if view is None:
        return NO_CARDS
    return {"cards": [card_line(one) for one in view.cards if one.in_hand], "due": due_lines(view.due)}
