"""Entering and striking a record on the mayor's own authority.  職権記載・職権消除"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.register.arrival import Arrival, ArrivingPerson, arrive
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days
from daicho.rules.register.departure import Departure, depart
from daicho.rules.register.household import changed_only
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import AddressReason, HouseholdRelation, ResidentRecord

_ENTER = juki("8")
_STRIKE = juki_order("8")
ENTRIES = frozenset(
    (ChangeReason.ENTERED_NATURALISED, ChangeReason.ENTERED_NATIONALITY_LOST, ChangeReason.ENTERED_OTHER)
)
STRIKES = frozenset(
    (ChangeReason.STRUCK_NATURALISED, ChangeReason.STRUCK_NATIONALITY_LOST, ChangeReason.STRUCK_OTHER)
)


@dataclass(frozen=True, slots=True)
class ExOfficioEntry:
    """Somebody lives here and nobody gave notice, or nationality changed.  職権記載

    Law: 住民基本台帳法 第8条, 第14条第1項
    """

    people: tuple[ArrivingPerson, ...]
    address: Address
    reason: ChangeReason
    entered_from: date
    decided_on: date
    detail: str
    household_number: int | None = None
    previous_address: str | None = None


@dataclass(frozen=True, slots=True)
class ExOfficioStrike:
    """Somebody does not live here any more, lost or gained nationality, or stands twice.  職権消除

    Law: 住民基本台帳法 第8条, 第14条第1項; 住民基本台帳法施行令 第8条
    """

    addressee_numbers: tuple[int, ...]
    reason: ChangeReason
    struck_from: date
    decided_on: date
    detail: str
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()


def draft_ex_officio_entry(
    notice: ExOfficioEntry, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Enter records without a notice, for one of the three reasons of the rule.

    Law: 住民基本台帳法 第8条; 住民基本台帳法施行規則 第11条
    """
    if notice.reason not in ENTRIES:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ENTER, "reason")
    refusal = check_days(notice.entered_from, notice.decided_on, on, _ENTER)
    if refusal is not None:
        return refusal
    after = arrive(
        Arrival(
            people=notice.people,
            address=notice.address,
            household_number=notice.household_number,
            arrived_on=notice.entered_from,
            notified_on=notice.decided_on,
            address_reason=AddressReason.EX_OFFICIO,
            previous_address=notice.previous_address,
        ),
        current,
        desk,
    )
    if isinstance(after, Refusal):
        return after
    before, after = changed_only(current, after)
    return Entry(
        kind=ChangeKind.EX_OFFICIO_ENTRY,
        reason=notice.reason,
        change_date=notice.entered_from,
        notified_on=notice.decided_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        ground=Ground.EX_OFFICIO,
        words=notice.detail,
    )


def draft_ex_officio_strike(
    notice: ExOfficioStrike, current: tuple[ResidentRecord, ...], on: date
) -> Entry | Refusal:
    """Strike records without a notice; an adjudication of disappearance comes here, not under death.

    Law: 住民基本台帳法 第8条; 住民基本台帳法施行令 第8条; 住民基本台帳法施行規則 第11条
    """
    if notice.reason not in STRIKES:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _STRIKE, "reason")
    refusal = check_days(notice.struck_from, notice.decided_on, on, _STRIKE)
    if refusal is not None:
        return refusal
    sides = depart(
        Departure(
            leaving=notice.addressee_numbers,
            reason=notice.reason,
            removed_on=notice.struck_from,
            notified_on=notice.decided_on,
            successor=notice.successor,
            relations=notice.relations,
        ),
        current,
    )
    if isinstance(sides, Refusal):
        return sides
    return Entry(
        kind=ChangeKind.EX_OFFICIO_STRIKE,
        reason=notice.reason,
        change_date=notice.struck_from,
        notified_on=notice.decided_on,
        before=sides[0],
        after=sides[1],
        subjects=tuple(dict.fromkeys(notice.addressee_numbers)),
        ground=Ground.EX_OFFICIO,
        words=notice.detail,
    )
