"""What happens to a card, as the register notes it; no number of a card or of a person stands in it.  カードに係る記録"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from daicho.rules.cards_held.kinds import NUMBER_CARDS, CardKind, renewable_from


class CardStep(StrEnum):
    """What happened to a card.  カードの異動の別

    Law: 番号法 第17条; 番号法施行令 第13条–第17条
    """

    ISSUED = "ISSUED"  # 交付
    AMENDED = "AMENDED"  # 券面記載事項の変更
    CONTINUED = "CONTINUED"  # 継続利用
    EXTENDED = "EXTENDED"  # 有効期間の変更
    SUSPENDED = "SUSPENDED"  # 紛失等による一時停止
    RESUMED = "RESUMED"  # 一時停止の解除
    VOIDED = "VOIDED"  # 廃止
    RETURNED = "RETURNED"  # 返納・回収
    CAME_BACK = "CAME_BACK"  # 返戻
    DISPOSED = "DISPOSED"  # 廃棄
    WITHDRAWN = "WITHDRAWN"  # 記録の取消し


class CardCause(StrEnum):
    """Why a card was stopped, abolished or given back.  カードの異動の事由

    Law: none, own definition after 番号法 第17条 and 番号法施行令 第14条–第16条.
    """

    LOST = "LOST"  # 紛失・焼失
    STOLEN = "STOLEN"  # 盗難
    DAMAGED = "DAMAGED"  # 損傷・機能の喪失
    REQUEST = "REQUEST"  # 本人の申出
    DUTY = "DUTY"  # 失効・有効期間満了による返納
    MISTAKE = "MISTAKE"  # 錯誤・過失による交付
    OTHER = "OTHER"  # その他


_OF_USE = frozenset((CardStep.SUSPENDED, CardStep.RESUMED, CardStep.VOIDED))
OUT_OF_HAND = frozenset((CardCause.LOST, CardCause.STOLEN))


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One thing that happened to the `card`-th card of a kind on a day.  カードの異動

    `expires_on` is what the face says from then on. `abroad` tells that a card is used on by whoever leaves the country.
    What is withdrawn is named by the version of its note.

    Law: 番号法 第17条; 番号法施行令 第13条–第17条
    """

    kind: CardKind
    step: CardStep
    card: int
    on: date
    expires_on: date | None = None
    applied_on: date | None = None
    cause: CardCause | None = None
    words: str = ""
    abroad: bool = False
    withdraws: int = 0


@dataclass(frozen=True, slots=True)
class KeptCardEvent:
    """An event as the register keeps it, the how-manieth note of its person, and when it was noted.  カードの異動（記録済み）"""

    version: int
    event: CardEvent
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class HeldCard:
    """One card with what happened to it and still counts, in the order of the days.  カード"""

    kind: CardKind
    card: int
    kept: tuple[KeptCardEvent, ...]

    @property
    def began_on(self) -> date:
        """Give the first day on which the register knew of it."""
        return self.kept[0].event.on

    @property
    def last(self) -> CardEvent:
        """Give what happened to it last."""
        return self.kept[-1].event

    @property
    def issue(self) -> CardEvent | None:
        """Give its issue, where that is known."""
        return next((one.event for one in self.kept if one.event.step is CardStep.ISSUED), None)

    def missing_on(self, day: date) -> bool:
        """Tell whether, by the last word about it, nobody has it: it was lost or stolen, and not found again.

        Law: none, own definition.
        """
        words = [one for one in self.until(day) if one.step in _OF_USE]
        return bool(words) and words[-1].step is not CardStep.RESUMED and words[-1].cause in OUT_OF_HAND

    def until(self, day: date) -> tuple[CardEvent, ...]:
        """List what happened to it up to a day.

        Law: none, arrangement of one value.
        """
        return tuple(one.event for one in self.kept if one.event.on <= day)

    def expires_on(self, day: date) -> date | None:
        """Tell what the face says on a day of how long the card stands; of a day before it, what it said at first.

        Law: 番号法施行令 第1条
        """
        told = [one.expires_on for one in self.until(day) or (self.kept[0].event,) if one.expires_on]
        return told[-1] if told else None


def cards_of(kept: Iterable[KeptCardEvent]) -> tuple[HeldCard, ...]:
    """Put what is noted of somebody together by card; notes that were withdrawn, and their withdrawals, are left out.

    Law: none, arrangement of values.
    """
    told = tuple(kept)
    gone = {one.event.withdraws for one in told if one.event.step is CardStep.WITHDRAWN}
    lives: dict[tuple[CardKind, int], list[KeptCardEvent]] = {}
    for one in sorted(told, key=lambda one: (one.event.on, one.version)):
        if one.version not in gone and one.event.step is not CardStep.WITHDRAWN:
            lives.setdefault((one.event.kind, one.event.card), []).append(one)
    order = list(CardKind)
    return tuple(
        HeldCard(kind, card, tuple(lives[kind, card]))
        for kind, card in sorted(lives, key=lambda key: (order.index(key[0]), key[1]))
    )


def next_card(kind: CardKind, kept: Iterable[KeptCardEvent]) -> int:
    """Tell the how-manieth of its kind somebody's next card is; one whose notes were all withdrawn was none.

    Law: none, own definition.
    """
    return max((one.card for one in cards_of(kept) if one.kind is kind), default=0) + 1


def renews(issued: CardEvent, cards: Iterable[HeldCard]) -> bool:
    """Tell whether a card took the place of one that was about to expire.

    Law: 個人番号カード等に関する命令 第26条, 第29条
    """
    ends = [
        ended
        for one in cards
        if one.kind in NUMBER_CARDS and (one.kind, one.card) != (issued.kind, issued.card)
        if one.began_on <= issued.on and (ended := one.expires_on(issued.on)) is not None
    ]
    return any(renewable_from(ended) <= (issued.applied_on or issued.on) <= ended for ended in ends)
