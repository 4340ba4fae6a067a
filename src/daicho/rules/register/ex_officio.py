"""Entering, striking, restoring and rewriting a record on the mayor's own authority.  職権による記載・消除・回復・改製"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.register.arrival import Arrival, ArrivingPerson, arrive
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days, check_notified, check_written
from daicho.rules.register.departure import Departure, depart, living_people
from daicho.rules.register.household import changed_only, household_of
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import AddressReason, HouseholdRelation, ResidentRecord
from daicho.rules.register.regroup import regroup

_ENTER = juki("8")
_STRIKE = juki_order("8")
_REWRITE = juki_order("16")
ENTRIES = frozenset(
    (ChangeReason.ENTERED_NATURALISED, ChangeReason.ENTERED_NATIONALITY_LOST, ChangeReason.ENTERED_OTHER)
)
STRIKES = frozenset(
    (ChangeReason.STRUCK_NATURALISED, ChangeReason.STRUCK_NATIONALITY_LOST, ChangeReason.STRUCK_OTHER)
)
# Whoever moved out is brought back by undoing the moving-out, or by moving in again.
RESTORABLE = STRIKES | {ChangeReason.DEATH}


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
    entered_written: str | None = None  # as it is known, where `entered_from` says more than is certain


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


@dataclass(frozen=True, slots=True)
class Restoration:
    """People were struck and ought not to have been: the record lives on as it stood.  職権回復

    Law: 住民基本台帳法 第8条, 第14条第1項
    """

    addressee_numbers: tuple[int, ...]
    decided_on: date
    detail: str
    household_number: int | None = None  # a living household at the address; none for one of their own
    relations: tuple[HouseholdRelation, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A record is made anew with what still holds; what it was before is kept like a removed record.  改製

    Law: 住民基本台帳法施行令 第16条
    """

    addressee_numbers: tuple[int, ...]
    decided_on: date
    detail: str


def draft_ex_officio_entry(
    notice: ExOfficioEntry, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Enter records without a notice, for one of the three reasons of the rule.

    Law: 住民基本台帳法 第8条; 住民基本台帳法施行規則 第11条
    """
    if notice.reason not in ENTRIES:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ENTER, "reason")
    refusal = check_days(notice.entered_from, notice.decided_on, on, _ENTER) or check_written(
        notice.entered_written, notice.entered_from, _ENTER, "entered_from"
    )
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
            arrived_written=notice.entered_written,
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


def draft_restoration(
    notice: Restoration, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Let struck records live again from the day on which they were struck, with all their items.

    Household, relationship and householder are told anew: the household may have changed meanwhile.

    Law: 住民基本台帳法 第8条, 第14条第1項; 住民基本台帳法施行規則 第11条
    """
    refusal = check_notified(notice.decided_on, on, _ENTER)
    if refusal is not None:
        return refusal
    struck = _struck_people(notice, current)
    if isinstance(struck, Refusal):
        return struck
    living = tuple(replace(record, removal=None) for record, _ in struck)
    if len({record.current_address for record in living}) > 1:
        return Refusal(Reason.ADDRESS_DIFFERS, _ENTER, "addressee_numbers")
    if notice.household_number is not None:
        members = household_of(current, notice.household_number).members
        if members and members[0].current_address != living[0].current_address:
            return Refusal(Reason.ADDRESS_DIFFERS, _ENTER, "household_number")
        # A household of the same number as before is entered like any other one.
        living = tuple(replace(record, household_number=0) for record in living)
    grouped = regroup(living, notice.household_number, notice.relations, current, desk)
    if isinstance(grouped, Refusal):
        return grouped
    before, after = changed_only(current, grouped)
    return Entry(
        kind=ChangeKind.RESTORATION,
        reason=ChangeReason.ENTERED_OTHER,
        change_date=notice.decided_on,
        notified_on=notice.decided_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        ground=Ground.EX_OFFICIO,
        effective_on=min(day for _, day in struck),
        words=notice.detail,
    )


def _struck_people(
    notice: Restoration, current: tuple[ResidentRecord, ...]
) -> tuple[tuple[ResidentRecord, date], ...] | Refusal:
    known = {record.addressee_number: record for record in current}
    struck = []
    for number in dict.fromkeys(notice.addressee_numbers):
        record = known.get(number)
        if record is None:
            return Refusal(Reason.NOT_FOUND, _ENTER, "addressee_number")
        if record.removal is None:
            return Refusal(Reason.ALREADY_RESIDENT, _ENTER, "addressee_number")
        if record.removal.reason not in RESTORABLE:
            return Refusal(Reason.NOT_RESTORABLE, _ENTER, "addressee_number")
        struck.append((record, record.removal.removed_on))
    return tuple(struck) or Refusal(Reason.FIELD_MISSING, _ENTER, "addressee_numbers")


def draft_rewriting(notice: Rewriting, current: tuple[ResidentRecord, ...], on: date) -> Entry | Refusal:
    """Make records anew: remarks that are history stay behind, every item that holds is carried over.

    Law: 住民基本台帳法施行令 第16条
    """
    refusal = check_notified(notice.decided_on, on, _REWRITE)
    if refusal is not None:
        return refusal
    people = living_people(notice.addressee_numbers, current, _REWRITE)
    if isinstance(people, Refusal):
        return people
    after = tuple(
        replace(
            record,
            remarks=(),
            rewritten_on=notice.decided_on,
            update_sequence=record.update_sequence + 1,
        )
        for record in people
    )
    return Entry(
        kind=ChangeKind.REWRITING,
        reason=ChangeReason.NOT_REPORTED,
        change_date=notice.decided_on,
        notified_on=notice.decided_on,
        before=people,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        ground=Ground.EX_OFFICIO,
        words=notice.detail,
    )
