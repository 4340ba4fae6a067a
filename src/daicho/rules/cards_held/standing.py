"""What a card is on a day: what was noted of it, and what the law makes of its holder's record."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from daicho.rules.cards_held.events import CardStep, HeldCard, KeptCardEvent
from daicho.rules.cards_held.kinds import (
    ARRIVING,
    CARD_RULES,
    CONTINUED_ABROAD_FROM,
    CONTINUING,
    FURIGANA_WRITTEN_FROM,
    LAPSING,
    NUMBER_CARDS,
    CardHolder,
    CardKind,
)
from daicho.rules.law.article import Article, bango
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.periods import last_day
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import AddressReason, Removal, ResidentRecord

_ONE_DAY = timedelta(days=1)
_BEGINS_HERE = frozenset((CardStep.ISSUED, CardStep.CONTINUED))
_WRITING = _BEGINS_HERE | {CardStep.AMENDED}
_GOES_ALONG = frozenset(
    (ChangeReason.MOVE_OUT, ChangeReason.STRUCK_NATURALISED, ChangeReason.STRUCK_NATIONALITY_LOST)
)


class CardState(StrEnum):
    """What a card is.  カードの状態

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条; the division is own definition.
    """

    VALID = "VALID"  # 有効
    CONTINUING = "CONTINUING"  # 転入後の継続利用の手続き前
    SUSPENDED = "SUSPENDED"  # 一時停止中
    LAPSED = "LAPSED"  # 失効
    GONE = "GONE"  # 持ち主が別の住民票に移った
    RETURNED = "RETURNED"  # 返納・回収済み
    DISPOSED = "DISPOSED"  # 廃棄済み


class LapseCause(StrEnum):
    """Why a card is void.  失効の事由

    Law: 番号法 第17条; 番号法施行令 第14条; 番号法整備法 第20条
    """

    EXPIRED = "EXPIRED"  # 有効期間の満了
    DEATH = "DEATH"  # 死亡
    ABROAD = "ABROAD"  # 国外転出
    LATE_ARRIVAL = "LATE_ARRIVAL"  # 転入届の遅れ
    NOT_CONTINUED = "NOT_CONTINUED"  # 継続利用の手続きがない
    CODE_CHANGED = "CODE_CHANGED"  # 住民票コードの変更
    NUMBER_CHANGED = "NUMBER_CHANGED"  # 個人番号の変更
    STRUCK = "STRUCK"  # 住民票の職権消除
    REPLACED = "REPLACED"  # 新たなカードの交付
    ABOLISHED = "ABOLISHED"  # 廃止
    FACE_DIFFERS = "FACE_DIFFERS"  # 通知カードの記載の不一致


@dataclass(frozen=True, slots=True)
class CardFace:
    """What stands on the face of a card of what a record says.  券面記載事項

    `furigana` is empty where it is not confirmed, and on a card that was written before faces carried it.

    Law: 番号法 第2条第7項; 番号法施行令 第1条
    """

    kanji: str
    alias: str
    former_surname: str
    address: str
    birth_date: PartialDate
    sex: Sex
    furigana: str = ""

    def differs(self, now: "CardFace") -> bool:
        """Tell whether it says something else than one of now; of furigana that it does not carry it says nothing.

        Law: 番号法 第17条第4項; what is said of furigana is own definition.
        """
        return self != (now if self.furigana else replace(now, furigana=""))


@dataclass(frozen=True, slots=True)
class FaceVersion:
    """What a face would have said from a legal day on, as the register knew it from an instant on.  券面記載事項の経過

    `recorded_on` is the day of that instant in Japan.

    Law: 住民基本台帳法 第14条
    """

    since: date
    recorded_on: date
    recorded_at: datetime
    face: CardFace

    def before(self, written: KeptCardEvent) -> bool:
        """Tell whether it was recorded when a card was written.

        Law: none, own definition.
        """
        return self.recorded_on <= written.event.on and self.recorded_at <= written.noted_at


def face_of(record: ResidentRecord) -> CardFace:
    """Take from a record what a card's face says.

    Law: 番号法 第2条第7項; 番号法施行令 第1条
    """
    name = record.name
    former = name.former_surname
    # Of foreign residents it is no item (住民基本台帳法30条の45).
    confirmed = name.furigana_confirmed and record.foreign is None
    return CardFace(
        name.kanji,
        name.alias or "",
        former.kanji if former is not None else "",
        record.current_address.one_line(),
        record.birth_date,
        record.sex,
        (name.furigana or "") if confirmed else "",
    )


@dataclass(frozen=True, slots=True)
class CardStay:
    """One time for which somebody was a resident: since when and told when, whence they came, how it ended.  住民であった期間

    `came` tells that they moved in from another town of the country, `returned` that they came from abroad.

    Law: 番号法施行令 第14条
    """

    since: date
    notified_on: date
    came: bool = False
    returned: bool = False
    removal: Removal | None = None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What of somebody's record counts for cards.  カードに係る住民票の記載

    `stays` are the times for which they were a resident, that of the record itself the last; `faces` what a face would
    have said, in the order in which it was recorded; `numbers_changed` the days from which another individual number
    counts.

    Law: 番号法施行令 第14条
    """

    record: ResidentRecord
    stays: tuple[CardStay, ...]
    faces: tuple[FaceVersion, ...] = ()
    numbers_changed: tuple[date, ...] = ()

    @property
    def stay(self) -> CardStay:
        """Give the stay of which the record itself tells."""
        return self.stays[-1]

    @property
    def holder(self) -> CardHolder:
        """Give what the term of a card rests on."""
        foreign = self.record.foreign
        return CardHolder(self.record.birth_date, None if foreign is None else foreign.residence_expires_on)

    @property
    def face(self) -> CardFace:
        """Give what a face says that is written now."""
        return self.faces[-1].face if self.faces else face_of(self.record)

    def face_by(self, known: Callable[[FaceVersion], bool]) -> CardFace:
        """Tell what a face says of what was known when it was written; before all of it, the first that is.

        Law: none, own definition.
        """
        told = [one.face for one in self.faces if known(one)]
        if told:
            return told[-1]
        return self.faces[0].face if self.faces else face_of(self.record)


def facts_of(
    versions: Iterable[tuple[date, date, datetime, ResidentRecord]],
    record: ResidentRecord,
    numbers_changed: Iterable[date] = (),
) -> CardFacts:
    """Gather what counts for cards from how a record stood, oldest first: from which legal day on, recorded when.

    Of the recording both the day in Japan and the instant are given.

    Law: 番号法施行令 第14条
    """
    stood = tuple(versions)
    faces: list[FaceVersion] = []
    for since, recorded_on, recorded_at, one in stood:
        face = face_of(one)
        if not faces or faces[-1].face != face:
            faces.append(FaceVersion(since, recorded_on, recorded_at, face))
    stays = _stays((*(known for *_, known in stood), record))
    return CardFacts(record, stays, tuple(faces), tuple(sorted(numbers_changed)))


def _stays(told: tuple[ResidentRecord, ...]) -> tuple[CardStay, ...]:
    """Part how a record stood into stays: whoever comes back has the same record, on which the former end does not stand.

    An end that was undone, or of which another first day was told later, ended nothing.
    """
    record = told[-1]
    last = {one.resident_since: one for one in told}
    former = [
        one
        for since, one in last.items()
        if since != record.resident_since
        and one.removal is not None
        and one.removal.removed_on <= record.resident_since
    ]
    return tuple(_stay(one, told) for one in (*sorted(former, key=lambda one: one.resident_since), record))


def _stay(record: ResidentRecord, told: tuple[ResidentRecord, ...]) -> CardStay:
    ways = {one.address_reason for one in told if one.resident_since == record.resident_since}
    return CardStay(
        record.resident_since,
        record.resident_since_notified_on,
        AddressReason.MOVE_IN in ways,
        AddressReason.MOVE_IN_FROM_ABROAD in ways,
        record.removal,
    )


@dataclass(frozen=True, slots=True)
class CardLapse:
    """Why a card is void, from which day on, and under which article.  失効

    Law: 番号法 第17条第6項; 番号法施行令 第14条
    """

    cause: LapseCause
    on: date
    article: Article


@dataclass(frozen=True, slots=True)
class CardStanding:
    """A card as it stands on a day.  カードの現況

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条
    """

    held: HeldCard
    state: CardState
    expires_on: date | None
    lapse: CardLapse | None = None

    @property
    def usable(self) -> bool:
        """Tell whether it still proves who its holder is: a card that waits to be continued does."""
        return self.state in (CardState.VALID, CardState.CONTINUING)

    @property
    def in_hand(self) -> bool:
        """Tell whether it was neither given back nor destroyed."""
        return self.state not in (CardState.RETURNED, CardState.DISPOSED)


def standings_on(
    cards: Iterable[HeldCard], facts: CardFacts, day: date, closed: Container[date] = CLOSED_DAYS
) -> tuple[CardStanding, ...]:
    """Tell what each of somebody's cards is on a day, those left out of which nothing had happened yet.

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条
    """
    held = tuple(cards)
    return tuple(standing_on(one, held, facts, day, closed) for one in held if one.began_on <= day)


def standing_on(
    held: HeldCard,
    cards: Iterable[HeldCard],
    facts: CardFacts,
    day: date,
    closed: Container[date] = CLOSED_DAYS,
) -> CardStanding:
    """Tell what one card is on a day among all cards of its holder.

    Law: 番号法 第17条; 番号法施行令 第14条, 第15条
    """
    expires_on = held.expires_on(day)
    done = {one.step for one in held.until(day)}
    lapses = [one for one in _lapses(held, tuple(cards), facts, day, closed) if one.on <= day]
    lapse = min(lapses, key=lambda one: one.on, default=None)
    if CardStep.DISPOSED in done:
        state = CardState.DISPOSED
    elif done & {CardStep.RETURNED, CardStep.CAME_BACK}:
        state = CardState.RETURNED
    elif lapse is not None:
        state = CardState.LAPSED
    elif _gone(facts, day):
        state = CardState.GONE
    elif _suspended(held, day):
        state = CardState.SUSPENDED
    elif _waits_to_continue(held, facts.stay):
        state = CardState.CONTINUING
    else:
        state = CardState.VALID
    return CardStanding(held, state, expires_on, lapse)


def _gone(facts: CardFacts, day: date) -> bool:
    """Tell whether its holder was no resident on a day, having left and not come back."""
    removal = facts.record.removal
    if removal is not None and removal.removed_on <= day:
        return True
    return any(
        one.removal is not None and one.removal.removed_on <= day < after.since
        for one, after in pairwise(facts.stays)
    )


def _suspended(held: HeldCard, day: date) -> bool:
    """Tell whether the last word about using a card was that it is stopped."""
    words = [one.step for one in held.until(day) if one.step in (CardStep.SUSPENDED, CardStep.RESUMED)]
    return bool(words) and words[-1] is CardStep.SUSPENDED


def _waits_to_continue(held: HeldCard, stay: CardStay) -> bool:
    """Tell whether a card was brought along from where its holder lived before, and was not handed in in that stay."""
    if held.kind not in NUMBER_CARDS or not (stay.came or stay.returned):
        return False
    until = date.max if stay.removal is None else stay.removal.removed_on
    here = any(
        one.event.step in _BEGINS_HERE and not one.event.abroad and stay.since <= one.event.on <= until
        for one in held.kept
    )
    return held.began_on < stay.since and not here


def _lapses(
    held: HeldCard, cards: tuple[HeldCard, ...], facts: CardFacts, day: date, closed: Container[date]
) -> list[CardLapse]:
    """List everything that made a card void up to a day, or will."""
    found = [_expiry(held, day), _abolished(held, day), _replaced(held, cards)]
    found += [_of_code(held, facts), _of_number(held, facts), _outdated(held, facts)]
    for stay in facts.stays:
        found += [_of_stay(held, stay), _not_continued(held, stay, closed)]
    return [one for one in found if one is not None]


def _expiry(held: HeldCard, day: date) -> CardLapse | None:
    expires_on = held.expires_on(day)
    if expires_on is None:
        return None
    return CardLapse(LapseCause.EXPIRED, expires_on + _ONE_DAY, bango("17"))


def _abolished(held: HeldCard, day: date) -> CardLapse | None:
    on = next((one.on for one in held.until(day) if one.step is CardStep.VOIDED), None)
    return None if on is None else CardLapse(LapseCause.ABOLISHED, on, LAPSING)


def _replaced(held: HeldCard, cards: tuple[HeldCard, ...]) -> CardLapse | None:
    """Find when another card took a card's place: a later one of its kind, or a number card that of a former kind."""
    later = [
        one.began_on
        for one in cards
        if any(kept.event.step in _BEGINS_HERE for kept in one.kept) and _takes_the_place(one, held)
    ]
    return CardLapse(LapseCause.REPLACED, min(later), LAPSING) if later else None


def _takes_the_place(new: HeldCard, old: HeldCard) -> bool:
    if new.kind is old.kind:
        return new.card > old.card
    if new.kind not in NUMBER_CARDS:
        return False
    return old.kind not in NUMBER_CARDS or new.began_on > old.began_on


def _of_stay(held: HeldCard, stay: CardStay) -> CardLapse | None:
    """Find what the end of a stay makes of a card; whoever only lives elsewhere takes it along."""
    removal = stay.removal
    if removal is None or removal.reason in _GOES_ALONG or held.began_on > removal.removed_on:
        return None
    if removal.reason is ChangeReason.DEATH:
        return CardLapse(LapseCause.DEATH, removal.removed_on, LAPSING)
    if removal.reason is ChangeReason.MOVE_OUT_ABROAD:
        used_on = removal.removed_on >= CONTINUED_ABROAD_FROM and _asked_to_use_on(held, stay, removal)
        return None if used_on else CardLapse(LapseCause.ABROAD, removal.removed_on, LAPSING)
    return CardLapse(LapseCause.STRUCK, removal.removed_on, LAPSING)


def _asked_to_use_on(held: HeldCard, stay: CardStay, removal: Removal) -> bool:
    """Tell whether its holder asked, before they left this time, to use a card on abroad."""
    return any(one.event.abroad and stay.since <= one.event.on <= removal.removed_on for one in held.kept)


def _of_code(held: HeldCard, facts: CardFacts) -> CardLapse | None:
    day = facts.record.record_code_used_from
    changed = day is not None and facts.record.old_resident_record_code is not None
    if held.kind is CardKind.NOTIFICATION_CARD or day is None or not changed or held.began_on >= day:
        return None
    return CardLapse(LapseCause.CODE_CHANGED, day, LAPSING)


def _of_number(held: HeldCard, facts: CardFacts) -> CardLapse | None:
    if held.kind is CardKind.RESIDENT_CARD:
        return None
    day = min((one for one in facts.numbers_changed if one > held.began_on), default=None)
    return None if day is None else CardLapse(LapseCause.NUMBER_CHANGED, day, LAPSING)


def _not_continued(held: HeldCard, stay: CardStay, closed: Container[date]) -> CardLapse | None:
    """Find when a card that was brought along became void: the notice was late, or nobody handed the card in.

    Whoever moves on before the days are over hands it in here no more.
    """
    if not _waits_to_continue(held, stay):
        return None
    if arrived_late(stay, closed):
        in_time = last_day(stay.since, ARRIVING.days, closed)
        return CardLapse(LapseCause.LATE_ARRIVAL, in_time + _ONE_DAY, LAPSING)
    on = last_day_to_continue(stay, closed) + _ONE_DAY
    if stay.removal is not None and stay.removal.reason is ChangeReason.MOVE_OUT:
        on = min(on, stay.removal.removed_on)
    return CardLapse(LapseCause.NOT_CONTINUED, on, LAPSING)


def last_day_to_continue(stay: CardStay, closed: Container[date] = CLOSED_DAYS) -> date:
    """Give the last day on which a card that was brought along may be handed in to be used on.

    Law: 番号法施行令 第14条; of whoever comes from abroad the same days are counted, own definition.
    """
    return last_day(stay.notified_on, CONTINUING.days, closed)


def arrived_late(stay: CardStay, closed: Container[date] = CLOSED_DAYS) -> bool:
    """Tell whether notice of moving in from another town came too late for a card that was brought along.

    Law: 番号法施行令 第14条; 住民基本台帳法 第24条の2. The thirty days from the planned day of leaving are not asked for.
    """
    return stay.came and stay.notified_on > last_day(stay.since, ARRIVING.days, closed)


def _outdated(held: HeldCard, facts: CardFacts) -> CardLapse | None:
    """Find when a notification card came to say something else than the record: since its end it is amended no more."""
    if held.kind is not CardKind.NOTIFICATION_CARD:
        return None
    until = CARD_RULES[held.kind].issued_until
    if until is None:
        return None
    said = replace(facts.face_by(lambda one: one.recorded_on <= until), furigana="")
    changed = [one.since for one in facts.faces if one.recorded_on > until and said.differs(one.face)]
    if not changed or not said.differs(facts.face):
        return None
    return CardLapse(LapseCause.FACE_DIFFERS, min(changed), CARD_RULES[held.kind].article)


def changed_face(held: HeldCard, facts: CardFacts, day: date) -> date | None:
    """Tell since when the record says something else than a card that was last written on an earlier day.

    Law: 番号法 第17条第4項
    """
    there = [one for one in held.kept if one.event.on <= day]
    written = ([one for one in there if one.event.step in _WRITING] or [held.kept[0]])[-1]
    said = facts.face_by(lambda one: one.before(written))
    if written.event.on < FURIGANA_WRITTEN_FROM:
        said = replace(said, furigana="")
    if not said.differs(facts.face):
        return None
    others = [one.since for one in facts.faces if said.differs(one.face) and not one.before(written)]
    return min(others, default=None)
