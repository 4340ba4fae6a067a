"""What is due on a card: what its holder does, until when, and under which article."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.cards_held.events import HeldCard, renews
from daicho.rules.cards_held.kinds import (
    AMENDING,
    CARD_RULES,
    CONTINUING,
    LEAVING,
    NUMBER_CARDS,
    RETURNING,
    CardHolder,
    CardKind,
    birthday_on,
    latest_expiry,
    renewable_from,
    term_article,
)
from daicho.rules.cards_held.standing import (
    CardFacts,
    CardStanding,
    CardState,
    LapseCause,
    changed_face,
    last_day_to_continue,
)
from daicho.rules.law.article import Article
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.periods import last_day
from daicho.rules.register.reasons import ChangeReason

_KEPT_BY_HOLDER = frozenset((LapseCause.FACE_DIFFERS,))


class CardDutyKind(StrEnum):
    """What is to be done with a card.  カードに係る手続き

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条
    """

    CONTINUE = "CONTINUE"  # 継続利用
    AMEND = "AMEND"  # 券面記載事項の変更
    RETURN = "RETURN"  # 返納
    MOVE_IN = "MOVE_IN"  # 転出先での転入届と継続利用
    RENEW = "RENEW"  # 更新の申請
    EXTEND = "EXTEND"  # 在留期間の更新に伴う有効期間の変更


@dataclass(frozen=True, slots=True)
class CardDuty:
    """One thing that is due on a card; without a day, as soon as may be.  カードに係る手続きの期限

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条
    """

    card: CardStanding
    kind: CardDutyKind
    due_on: date | None
    article: Article


def duties_of(
    standings: Iterable[CardStanding],
    facts: CardFacts,
    day: date,
    closed: Container[date] = CLOSED_DAYS,
) -> tuple[CardDuty, ...]:
    """List what is due on somebody's cards on a day.

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条; 個人番号カード等に関する命令 第29条
    """
    found: list[CardDuty] = []
    known = tuple(standings)
    cards = tuple(one.held for one in known)
    for one in known:
        if one.state is CardState.CONTINUING:
            due_on = last_day_to_continue(facts.stay, closed)
            found.append(CardDuty(one, CardDutyKind.CONTINUE, due_on, CONTINUING.article))
        elif one.state is CardState.LAPSED:
            found += _to_return(one, facts, day)
        elif one.state is CardState.GONE:
            found += _to_move_in(one, facts, closed)
        elif one.state in (CardState.VALID, CardState.SUSPENDED):
            found += _to_amend(one, facts, day, closed)
        if one.usable:
            found += _to_renew(one, cards, facts, day)
    return tuple(found)


def _to_return(one: CardStanding, facts: CardFacts, day: date) -> list[CardDuty]:
    """Ask for a void card back; a notification card whose face differs stays with its holder, and nobody has a lost one."""
    removal = facts.record.removal
    dead = removal is not None and removal.reason is ChangeReason.DEATH
    kept = one.lapse is not None and one.lapse.cause in _KEPT_BY_HOLDER
    if kept or one.held.missing_on(day) or (dead and one.held.kind is CardKind.NOTIFICATION_CARD):
        return []
    article = RETURNING if one.held.kind in NUMBER_CARDS else CARD_RULES[one.held.kind].article
    return [CardDuty(one, CardDutyKind.RETURN, None, article)]


def _to_move_in(one: CardStanding, facts: CardFacts, closed: Container[date]) -> list[CardDuty]:
    """Tell until when whoever left gives notice elsewhere, so that the card is not void."""
    removal, plan = facts.record.removal, facts.record.scheduled_move_out
    elsewhere = removal is not None and removal.reason is ChangeReason.MOVE_OUT
    if one.held.kind not in NUMBER_CARDS or plan is None or not elsewhere:
        return []
    due_on = last_day(plan.scheduled_on, LEAVING.days, closed)
    return [CardDuty(one, CardDutyKind.MOVE_IN, due_on, LEAVING.article)]


def _to_amend(one: CardStanding, facts: CardFacts, day: date, closed: Container[date]) -> list[CardDuty]:
    if one.held.kind is CardKind.NOTIFICATION_CARD:
        return []
    since = changed_face(one.held, facts, day)
    if since is None:
        return []
    due_on = last_day(since, AMENDING.days, closed)
    return [CardDuty(one, CardDutyKind.AMEND, due_on, AMENDING.article)]


def _to_renew(one: CardStanding, cards: tuple[HeldCard, ...], facts: CardFacts, day: date) -> list[CardDuty]:
    """Tell that a card expires soon, or that a longer stay lets it stand longer; the former kinds are issued no more."""
    expires_on = one.expires_on
    if one.held.kind not in NUMBER_CARDS or expires_on is None:
        return []
    article = term_article(one.held.kind, foreign=facts.record.foreign is not None)
    if _may_stand_longer(one.held, expires_on, cards, facts.holder):
        return [CardDuty(one, CardDutyKind.EXTEND, expires_on, article)]
    if day < renewable_from(expires_on):
        return []
    return [CardDuty(one, CardDutyKind.RENEW, expires_on, article)]


def _may_stand_longer(
    held: HeldCard, expires_on: date, cards: tuple[HeldCard, ...], holder: CardHolder
) -> bool:
    """Tell whether it was the stay that let a card stand no longer, and the stay is longer now: no birthday is put off.

    Of a card whose issue is not known, one that ends on a birthday of its holder ends by that.
    """
    if holder.stay_ends_on is None or holder.stay_ends_on <= expires_on:
        return False
    issued = held.issue
    if issued is None:
        return not birthday_on(holder.birth_date, expires_on)
    last = latest_expiry(
        held.kind, issued.on, holder, applied_on=issued.applied_on, renewed=renews(issued, cards)
    )
    return last is not None and last > expires_on
