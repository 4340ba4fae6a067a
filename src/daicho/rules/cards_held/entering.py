"""May this be noted of somebody's card?"""

from collections.abc import Container, Sequence
from datetime import date

from daicho.rules.cards_held.events import (
    OUT_OF_HAND,
    CardEvent,
    CardStep,
    HeldCard,
    KeptCardEvent,
    cards_of,
    next_card,
    renews,
)
from daicho.rules.cards_held.kinds import (
    CARD_RULES,
    CONTINUED_ABROAD_FROM,
    CONTINUING,
    LAPSING,
    NUMBER_CARDS,
    CardHolder,
    CardKind,
    extension_ends_on,
    issued_on_day,
    latest_expiry,
    term_article,
)
from daicho.rules.cards_held.standing import (
    CardFacts,
    CardState,
    arrived_late,
    last_day_to_continue,
    standing_on,
)
from daicho.rules.law.article import Article, bango
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.age import possible_days
from daicho.rules.people.names import can_be_shown
from daicho.rules.programmes.item import says_individual_number

_S = CardStep
_OF_A_NUMBER_CARD = frozenset(_S) - {_S.CAME_BACK}
# Nobody writes on the cards of before, and none of them is used on: they are stopped, given back and destroyed.
STEPS: dict[CardKind, frozenset[CardStep]] = {
    CardKind.NUMBER_CARD: _OF_A_NUMBER_CARD,
    CardKind.SPECIFIED_RESIDENCE_CARD: _OF_A_NUMBER_CARD,
    CardKind.RESIDENT_CARD: _OF_A_NUMBER_CARD - {_S.AMENDED, _S.CONTINUED, _S.EXTENDED},
    CardKind.NOTIFICATION_CARD: frozenset(
        (_S.ISSUED, _S.AMENDED, _S.RETURNED, _S.CAME_BACK, _S.DISPOSED, _S.WITHDRAWN)
    ),
}
# Steps at which the card lies on the desk, so that its face is read, where it is not known yet.
_FACE_READ = frozenset((_S.ISSUED, _S.CONTINUED, _S.EXTENDED, _S.AMENDED, _S.RESUMED))
_WANTS_USABLE = frozenset((_S.AMENDED, _S.CONTINUED, _S.EXTENDED))
_OF_THE_LIVING = frozenset((_S.ISSUED, _S.AMENDED, _S.EXTENDED, _S.RESUMED))
_WANTS_CAUSE = frozenset((_S.SUSPENDED, _S.VOIDED, _S.RETURNED))
_END = frozenset((CardState.RETURNED, CardState.DISPOSED))


def check_event(
    event: CardEvent,
    kept: Sequence[KeptCardEvent],
    facts: CardFacts,
    on: date,
    closed: Container[date] = CLOSED_DAYS,
) -> Refusal | None:
    """Refuse what cannot have happened to a card, or not yet, or not any more.

    Law: 番号法 第7条, 第17条, 第18条の5; 番号法施行令 第13条–第17条
    """
    article = CARD_RULES[event.kind].article
    refusal = _check_words(event, article)
    if refusal is not None:
        return refusal
    if event.on > on:
        return Refusal(Reason.DATE_IN_FUTURE, article, "on")
    if event.step is _S.WITHDRAWN:
        return _check_withdrawal(event, kept, article)
    rewritten = event.step is _S.AMENDED and event.kind is CardKind.NOTIFICATION_CARD
    ended = rewritten and not issued_on_day(event.kind, event.on)
    if event.step not in STEPS[event.kind] or ended:
        return Refusal(Reason.STEP_NOT_FITTING, article, "step")
    cards = cards_of(kept)
    held = next((one for one in cards if (one.kind, one.card) == (event.kind, event.card)), None)
    return (
        _check_days(event, held, facts, article)
        or _check_whose(event, held, kept, facts, article)
        or _check_state(event, held, cards, facts, closed)
        or _check_continued(event, held, facts, closed)
        or _check_expiry(event, held, cards, facts)
    )


def _check_words(event: CardEvent, article: Article) -> Refusal | None:
    if len(event.words) > WORDS_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, article, "words")
    if event.words and not can_be_shown(event.words, WORDS_CHARACTERS):
        return Refusal(Reason.FIELD_CONTROL_CHARACTER, article, "words")
    if says_individual_number(event.words):
        return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, bango("9"), "words")
    if event.step is _S.WITHDRAWN and not event.words.strip():
        return Refusal(Reason.FIELD_MISSING, article, "words")
    if event.step in _WANTS_CAUSE and event.cause is None:
        return Refusal(Reason.FIELD_MISSING, article, "cause")
    return None


def _check_withdrawal(event: CardEvent, kept: Sequence[KeptCardEvent], article: Article) -> Refusal | None:
    """Let the last note of a card be withdrawn; what rests on it is withdrawn before."""
    last = next((one for one in cards_of(kept) if (one.kind, one.card) == (event.kind, event.card)), None)
    if last is None or last.kept[-1].version != event.withdraws:
        return Refusal(Reason.NOT_FOUND, article, "withdraws")
    return None


def _check_days(
    event: CardEvent, held: HeldCard | None, facts: CardFacts, article: Article
) -> Refusal | None:
    born = possible_days(facts.record.birth_date)
    before_birth = born is not None and event.on < born.first
    if event.on < CARD_RULES[event.kind].issued_from or before_birth:
        return Refusal(Reason.DATE_ORDER, article, "on")
    if held is not None and event.on < held.last.on:
        return Refusal(Reason.DATE_ORDER, article, "on")
    if event.applied_on is not None and event.applied_on > event.on:
        return Refusal(Reason.DATE_ORDER, article, "applied_on")
    return None


def _check_whose(
    event: CardEvent,
    held: HeldCard | None,
    kept: Sequence[KeptCardEvent],
    facts: CardFacts,
    article: Article,
) -> Refusal | None:
    """Refuse a card that nobody has, that is issued no more, or of whom none is issued."""
    new = event.card == next_card(event.kind, kept)
    if held is None and (not new or event.step is _S.DISPOSED):
        return Refusal(Reason.NOT_FOUND, article, "card")
    if event.step is _S.ISSUED:
        if not new:
            return Refusal(Reason.NOTHING_CHANGES, article, "card")
        if not issued_on_day(event.kind, event.on):
            return Refusal(Reason.CARD_KIND_NOT_ISSUED, article, "on")
    if CARD_RULES[event.kind].foreign_only and facts.record.foreign is None:
        return Refusal(Reason.NOT_ENTITLED, article, "kind")
    removal = facts.record.removal
    struck = removal is not None and event.on >= removal.removed_on
    if struck and event.step in _OF_THE_LIVING:
        return Refusal(Reason.ALREADY_REMOVED, article, "on")
    return None


def _check_state(
    event: CardEvent,
    held: HeldCard | None,
    cards: tuple[HeldCard, ...],
    facts: CardFacts,
    closed: Container[date],
) -> Refusal | None:
    """Compare what shall happen to a card with what it was on that day."""
    article = CARD_RULES[event.kind].article
    if held is None:
        return None
    state = standing_on(held, cards, facts, event.on, closed).state
    step = event.step
    if step is _S.DISPOSED:
        return None if state is CardState.RETURNED else Refusal(Reason.STEP_NOT_FITTING, article, "step")
    if state in _END:
        return Refusal(Reason.CARD_RETURNED, article, "card")
    if step in (_S.RETURNED, _S.CAME_BACK):
        return None
    if state is CardState.LAPSED:
        return _check_lapsed(event, held)
    if state is CardState.SUSPENDED and step in _WANTS_USABLE:
        return Refusal(Reason.CARD_SUSPENDED, article, "card")
    stopped = state is CardState.SUSPENDED
    if (step is _S.SUSPENDED and stopped) or (step is _S.RESUMED and not stopped):
        return Refusal(Reason.NOTHING_CHANGES, article, "step")
    return None


def _check_lapsed(event: CardEvent, held: HeldCard) -> Refusal | None:
    """Let nothing happen to a void card but that it is given back, or that nobody can give it back."""
    if event.step is not _S.VOIDED or event.cause not in OUT_OF_HAND:
        return Refusal(Reason.CARD_VOID, LAPSING, "card")
    gone = held.missing_on(event.on)
    return Refusal(Reason.NOTHING_CHANGES, LAPSING, "step") if gone else None


def _check_continued(
    event: CardEvent, held: HeldCard | None, facts: CardFacts, closed: Container[date]
) -> Refusal | None:
    """Let a card be used on by whoever moved in, within the days of the law, or by whoever leaves the country."""
    if event.step is not _S.CONTINUED:
        return None
    record = facts.record
    if event.abroad:
        plan = record.scheduled_move_out
        leaves = plan is not None and plan.abroad and record.foreign is None
        if event.on < CONTINUED_ABROAD_FROM or not leaves or event.kind not in NUMBER_CARDS:
            return Refusal(Reason.STEP_NOT_FITTING, bango("17"), "abroad")
        return None
    stay = facts.stay
    if not (stay.came or _back_with_card(facts)) or not record.living:
        return Refusal(Reason.STEP_NOT_FITTING, bango("17"), "step")
    if event.on < stay.since:
        return Refusal(Reason.DATE_ORDER, CONTINUING.article, "on")
    if arrived_late(stay, closed) or event.on > last_day_to_continue(stay, closed):
        return Refusal(Reason.TOO_LATE, CONTINUING.article, "on")
    done = held is not None and any(
        one.event.step is _S.CONTINUED and one.event.on >= stay.since for one in held.kept
    )
    return Refusal(Reason.NOTHING_CHANGES, CONTINUING.article, "step") if done else None


def _back_with_card(facts: CardFacts) -> bool:
    """Tell whether somebody may have come back from abroad with a card that was used on there; void ones are told before."""
    stay = facts.stay
    return stay.returned and facts.record.foreign is None and stay.since >= CONTINUED_ABROAD_FROM


def _check_expiry(
    event: CardEvent, held: HeldCard | None, cards: tuple[HeldCard, ...], facts: CardFacts
) -> Refusal | None:
    """Compare what the face says of how long a card stands with what the law lets it."""
    rule = CARD_RULES[event.kind]
    foreign = facts.record.foreign is not None
    article = term_article(event.kind, foreign=foreign)
    if not rule.expires:
        told = event.expires_on is not None
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, article, "expires_on") if told else None
    if event.expires_on is None:
        known = held is not None and held.expires_on(event.on) is not None
        wanted = event.step in _FACE_READ and not (known and event.step is not _S.EXTENDED)
        return Refusal(Reason.FIELD_MISSING, article, "expires_on") if wanted else None
    if event.expires_on < event.on and event.step in _FACE_READ:
        return Refusal(Reason.CARD_EXPIRED, article, "expires_on")
    last = _last_that_may_be(event, held, cards, facts)
    if last is not None and event.expires_on > last:
        return Refusal(Reason.CARD_TERM_EXCEEDED, article, "expires_on")
    return None


def _last_that_may_be(
    event: CardEvent, held: HeldCard | None, cards: tuple[HeldCard, ...], facts: CardFacts
) -> date | None:
    """Give the last day that a face may say: of a card of which the issue is not known, as if it were of that day."""
    issued = event
    if held is not None:
        issued = held.issue or event
    holder = facts.holder
    # While a longer stay is asked for, the face says so at whatever desk it is read; a new one is written for the stay.
    if event.step is not _S.ISSUED and holder.stay_ends_on is not None:
        holder = CardHolder(holder.birth_date, extension_ends_on(holder.stay_ends_on))
    # Whether another town's card took the place of an expiring one is known to that town.
    renewed = issued.step is not _S.ISSUED or renews(issued, cards)
    if event.kind is CardKind.RESIDENT_CARD and issued.step is not _S.ISSUED:
        until = CARD_RULES[event.kind].issued_until
        return latest_expiry(event.kind, min(event.on, until or event.on), holder)
    return latest_expiry(event.kind, issued.on, holder, applied_on=issued.applied_on, renewed=renewed)
