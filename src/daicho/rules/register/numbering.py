"""Recording an individual number or another resident code, and asking for another number.  個人番号・住民票コードの変更"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article, bango, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_notified
from daicho.rules.register.departure import living_people
from daicho.rules.register.household import changed_only
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.reception import Reception, check_reception
from daicho.rules.register.record import ResidentRecord

_NUMBER = bango("7")
_NUMBER_REQUEST = Article("番号法施行令", "3")
_CODE = juki("30-4")
_NUMBER_REASONS = frozenset(
    (
        ChangeReason.NUMBER_ENTERED,
        ChangeReason.NUMBER_CHANGED_ON_REQUEST,
        ChangeReason.NUMBER_CHANGED_EX_OFFICIO,
    )
)
_VOID = "失効 "
NUMBER_CHANGES = _NUMBER_REASONS - {ChangeReason.NUMBER_ENTERED}


class LeakGround(StrEnum):
    """Whereby an individual number is feared to have leaked and to be misused.  漏えいして不正に用いられるおそれの事由

    Law: 番号法 第7条第2項; the parting into these grounds is our own.
    """

    CARD_STOLEN = "CARD_STOLEN"  # 個人番号カード等の盗難
    CARD_LOST = "CARD_LOST"  # 個人番号カード等の紛失
    TOLD_TO_OTHERS = "TOLD_TO_OTHERS"  # 第三者への漏えい
    MISUSED = "MISUSED"  # 不正に用いられた
    OTHER = "OTHER"  # その他


@dataclass(frozen=True, slots=True)
class NumberNotice:
    """The nation's answer with an individual number arrived; the number itself is kept apart.  個人番号の通知

    Law: 番号法 第8条第2項; 番号令 第2条
    """

    resident_record_code: ResidentRecordCode
    reason: ChangeReason
    effective_on: date


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A resident gets another resident record code, on request or ex officio.  住民票コードの変更

    Law: 住民基本台帳法 第30条の4
    """

    addressee_number: int
    changed_on: date
    on_request: bool
    asked_on: date | None = None  # 請求の日; none: the day of the change
    words: str = ""


@dataclass(frozen=True, slots=True)
class NumberChange:
    """Another individual number is wanted for somebody; which one, the nation says later.  個人番号の変更の請求・職権

    Law: 番号法 第7条第2項; 番号法施行令 第3条
    """

    addressee_number: int
    ground: LeakGround
    words: str
    asked_on: date  # 請求の日, or on which the mayor decided to change it
    on_request: bool
    reception: Reception | None = None

    @property
    def reason(self) -> ChangeReason:
        """Tell under which reason the new number will be recorded.

        Law: 住民基本台帳法施行規則 第11条
        """
        if self.on_request:
            return ChangeReason.NUMBER_CHANGED_ON_REQUEST
        return ChangeReason.NUMBER_CHANGED_EX_OFFICIO


def check_number_change(
    asked: NumberChange, record: ResidentRecord | None, *, has_number: bool, on: date
) -> Refusal | None:
    """Refuse to ask for another number of somebody who does not live here or leaves, has none, or for no reason in writing.

    Law: 番号法 第7条第2項; 番号法施行令 第3条; 住民基本台帳法 第8条
    """
    if record is None:
        return Refusal(Reason.NOT_FOUND, _NUMBER, "addressee_number")
    if not record.living:
        return Refusal(Reason.ALREADY_REMOVED, _NUMBER, "addressee_number")
    if record.scheduled_move_out is not None:
        # Their new town may report them before the answer comes; it asks for them.
        return Refusal(Reason.SCHEDULED_ALREADY, _NUMBER, "addressee_number")
    if record.processing_hold:
        return Refusal(Reason.PROCESSING_HELD, juki("8"), "processing_hold")
    if not asked.words.strip():
        return Refusal(Reason.FIELD_MISSING, _NUMBER_REQUEST, "words")
    if asked.asked_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _NUMBER_REQUEST, "asked_on")
    if record.resident_record_code is None or not has_number:
        return Refusal(Reason.NUMBER_NOT_RECORDED, _NUMBER, "individual_number")
    if asked.reception is not None:
        return check_reception(asked.reception, ChangeKind.NUMBER_CHANGE)
    return Refusal(Reason.RECEPTION_MISSING, juki("27"), "notifier") if asked.on_request else None


def draft_number(notice: NumberNotice, current: tuple[ResidentRecord, ...], on: date) -> Entry | Refusal:
    """Count one change of the record to which the number belongs; the number is no item of this value.

    A struck record takes its number as well: whoever died or left between asking and answer has one.

    Law: 番号法 第7条, 第8条; 番号令 第2条
    """
    if notice.reason not in _NUMBER_REASONS:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _NUMBER, "reason")
    refusal = check_notified(notice.effective_on, on, _NUMBER)
    if refusal is not None:
        return refusal
    for record in current:
        if record.resident_record_code == notice.resident_record_code:
            changed = notice.reason in NUMBER_CHANGES
            after = replace(
                record,
                update_sequence=record.update_sequence + 1,
                card_info=_void_card(record, notice.effective_on) if changed else record.card_info,
            )
            return Entry(
                kind=ChangeKind.NUMBER_CHANGE,
                reason=notice.reason,
                change_date=notice.effective_on,
                notified_on=notice.effective_on,
                before=(record,),
                after=(after,),
                subjects=(record.addressee_number,),
                ground=Ground.NOTICE
                if notice.reason is ChangeReason.NUMBER_CHANGED_ON_REQUEST
                else Ground.EX_OFFICIO,
            )
    return Refusal(Reason.NOT_FOUND, _NUMBER, "resident_record_code")


def draft_code_change(
    notice: CodeChange, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Give a resident another unused code and keep the old one beside it; a card in hand is void from that day.

    A code is in use from no day before it was asked for, nor before the one in whose place it comes.

    Law: 住民基本台帳法 第30条の4
    """
    asked_on = notice.asked_on or notice.changed_on
    refusal = check_notified(asked_on, on, _CODE)
    if refusal is None and notice.changed_on > on:
        refusal = Refusal(Reason.DATE_IN_FUTURE, _CODE, "change_date")
    if refusal is None and notice.changed_on < asked_on:
        refusal = Refusal(Reason.DATE_ORDER, _CODE, "change_date")
    if refusal is not None:
        return refusal
    people = living_people((notice.addressee_number,), current, _CODE)
    if isinstance(people, Refusal):
        return people
    if not desk.allotment.codes:
        return Refusal(Reason.CODE_MISSING, _CODE, "resident_record_code")
    old = people[0]
    if old.record_code_used_from is not None and notice.changed_on < old.record_code_used_from:
        return Refusal(Reason.DATE_ORDER, _CODE, "change_date")
    new = replace(
        old,
        resident_record_code=desk.allotment.codes[0],
        old_resident_record_code=old.resident_record_code,
        record_code_used_from=notice.changed_on,
        update_sequence=old.update_sequence + 1,
        card_info=_void_card(old, notice.changed_on),
    )
    before, after = changed_only(current, (new,))
    reason = ChangeReason.CODE_CHANGED_ON_REQUEST
    if not notice.on_request:
        reason = ChangeReason.CODE_CHANGED_EX_OFFICIO
    return Entry(
        kind=ChangeKind.CODE_CHANGE,
        reason=reason,
        change_date=notice.changed_on,
        notified_on=asked_on,
        before=before,
        after=after,
        subjects=(old.addressee_number,),
        ground=Ground.NOTICE if notice.on_request else Ground.EX_OFFICIO,
        words=notice.words,
    )


def _void_card(record: ResidentRecord, day: date) -> tuple[str, ...]:
    """Write behind what is known of somebody's card that it has been void since a day; nothing where none is known."""
    return (*record.card_info, f"{_VOID}{day.isoformat()}") if record.card_info else ()


def card_void_since(record: ResidentRecord) -> date | None:
    """Tell since when a card that somebody had is void because their code or number changed.

    Law: 番号法 第17条第6項; 番号法施行令 第14条; that it is written among what is known of the card is our own.
    """
    if not record.card_info or not record.card_info[-1].startswith(_VOID):
        return None
    try:
        return date.fromisoformat(record.card_info[-1].removeprefix(_VOID))
    except ValueError:
        return None
