"""Does a card that was shown prove who somebody is, by its face and by what the register knows of it?"""

from collections.abc import Sequence
from datetime import date

from daicho.rules.cards_held.kinds import NUMBER_CARDS, CardKind
from daicho.rules.cards_held.standing import CardStanding, CardState
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal

_REFUSED = {
    CardState.SUSPENDED: Reason.CARD_SUSPENDED,
    CardState.LAPSED: Reason.CARD_VOID,
    CardState.RETURNED: Reason.CARD_RETURNED,
    CardState.DISPOSED: Reason.CARD_RETURNED,
}


def check_number_card(
    expires_on: date | None,
    holders: Sequence[Sequence[CardStanding]],
    on: date,
    article: Article,
    field: str,
) -> Refusal | None:
    """Refuse a number card that expired by its face, or that the register knows to be stopped, void or given back.

    `holders` are the cards of each person whose card it may be. A card is known by the day until which its face says that
    it stands: one of which the register knows nothing is taken by its face alone, and so is one that fits a good card of
    any of them. A card of which the register does not know that day is the one that was shown only where a single person
    may have come, and it was not given back.

    Law: 住民基本台帳法 第12条, 第27条第2項; 番号法 第16条, 第17条第6項; that a card is told from others by that day is own.
    """
    if expires_on is None:
        return Refusal(Reason.FIELD_MISSING, article, field)
    if expires_on < on:
        return Refusal(Reason.CARD_EXPIRED, article, field)
    alone = len(holders) == 1
    meant = [
        one
        for cards in holders
        for one in cards
        if one.held.kind in NUMBER_CARDS
        and (one.expires_on == expires_on or (alone and one.expires_on is None and one.in_hand))
    ]
    return _worst(meant, article, field)


def check_notification_card(
    holders: Sequence[Sequence[CardStanding]], article: Article, field: str
) -> Refusal | None:
    """Refuse a notification card that the register knows to be given back, void, or to say something else by now.

    Law: 住民基本台帳法 第27条第2項; 番号法 第7条 (as it stood until 2020)
    """
    if len(holders) != 1:
        return None
    meant = [one for one in holders[0] if one.held.kind is CardKind.NOTIFICATION_CARD]
    return _worst(meant, article, field)


def _worst(meant: Sequence[CardStanding], article: Article, field: str) -> Refusal | None:
    """Refuse where every card that may be meant is no proof any more; of several the last one says why."""
    if not meant or any(one.state not in _REFUSED for one in meant):
        return None
    return Refusal(_REFUSED[meant[-1].state], article, field)
