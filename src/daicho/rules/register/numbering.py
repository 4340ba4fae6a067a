"""Recording an individual number or another resident code ex officio.  個人番号・住民票コードの記載"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import bango, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_notified
from daicho.rules.register.departure import living_people
from daicho.rules.register.household import changed_only
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ResidentRecord

_NUMBER = bango("7")
_CODE = juki("30-4")
_NUMBER_REASONS = frozenset(
    (
        ChangeReason.NUMBER_ENTERED,
        ChangeReason.NUMBER_CHANGED_ON_REQUEST,
        ChangeReason.NUMBER_CHANGED_EX_OFFICIO,
    )
)


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
            after = replace(record, update_sequence=record.update_sequence + 1)
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
    """Give a resident another unused code and keep the old one beside it.

    Law: 住民基本台帳法 第30条の4
    """
    refusal = check_notified(notice.changed_on, on, _CODE)
    if refusal is not None:
        return refusal
    people = living_people((notice.addressee_number,), current, _CODE)
    if isinstance(people, Refusal):
        return people
    if not desk.allotment.codes:
        return Refusal(Reason.CODE_MISSING, _CODE, "resident_record_code")
    old = people[0]
    new = replace(
        old,
        resident_record_code=desk.allotment.codes[0],
        old_resident_record_code=old.resident_record_code,
        record_code_used_from=notice.changed_on,
        update_sequence=old.update_sequence + 1,
    )
    before, after = changed_only(current, (new,))
    reason = ChangeReason.CODE_CHANGED_ON_REQUEST
    if not notice.on_request:
        reason = ChangeReason.CODE_CHANGED_EX_OFFICIO
    return Entry(
        kind=ChangeKind.CODE_CHANGE,
        reason=reason,
        change_date=notice.changed_on,
        notified_on=notice.changed_on,
        before=before,
        after=after,
        subjects=(old.addressee_number,),
        ground=Ground.NOTICE if notice.on_request else Ground.EX_OFFICIO,
    )
