"""Moving to another address of the same municipality.  転居"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days, check_written, lateness
from daicho.rules.register.departure import living_people, staying_after
from daicho.rules.register.household import changed_only, household_of
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import AddressReason, HouseholdRelation, ResidentRecord
from daicho.rules.register.regroup import regroup

_ARTICLE = juki("23")


@dataclass(frozen=True, slots=True)
class MoveWithinNotice:
    """Somebody moved to another address of this town, alone or with the household.  転居届

    Law: 住民基本台帳法 第23条
    """

    addressee_numbers: tuple[int, ...]
    address: Address
    moved_on: date
    notified_on: date
    household_number: int | None = None  # a standing household at the new address that is joined
    mover_relations: tuple[HouseholdRelation, ...] = ()
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()
    moved_written: str | None = None  # as the notice writes it, where `moved_on` says more than is certain


def draft_move_within(
    notice: MoveWithinNotice, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Write the new address; whoever leaves part of a household behind forms or joins another one.

    Law: 住民基本台帳法 第23条
    """
    refusal = check_days(notice.moved_on, notice.notified_on, on, _ARTICLE) or check_written(
        notice.moved_written, notice.moved_on, _ARTICLE, "moved_on"
    )
    if refusal is not None:
        return refusal
    if notice.address.municipality != desk.home:
        return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "municipality")
    movers = living_people(notice.addressee_numbers, current, _ARTICLE)
    if isinstance(movers, Refusal):
        return movers
    if any(record.scheduled_move_out is not None for record in movers):
        return Refusal(Reason.SCHEDULED_ALREADY, _ARTICLE, "addressee_numbers")
    if any(record.current_address == notice.address for record in movers):
        return Refusal(Reason.ADDRESS_UNCHANGED, _ARTICLE, "address")
    if any(notice.moved_on < record.address_since_earliest for record in movers):
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "moved_on")
    numbers = {record.household_number for record in movers}
    whole = len(numbers) == 1 and len(household_of(current, min(numbers)).members) == len(movers)
    grouped: tuple[ResidentRecord, ...] | Refusal = movers
    if not whole or notice.household_number is not None:
        grouped = regroup(movers, notice.household_number, notice.mover_relations, current, desk)
    if isinstance(grouped, Refusal):
        return grouped
    if notice.household_number is not None:
        head = household_of(current, notice.household_number).members[0]
        if head.current_address != notice.address:
            return Refusal(Reason.ADDRESS_DIFFERS, _ARTICLE, "address")
    staying = staying_after(movers, current, notice.successor, notice.relations)
    if isinstance(staying, Refusal):
        return staying
    moved = tuple(
        replace(
            after,
            current_address=notice.address,
            address_reason=AddressReason.MOVE_WITHIN,
            address_since=notice.moved_on,
            address_since_written=notice.moved_written,
            address_since_notified_on=notice.notified_on,
            previous_address=old.current_address.one_line(),
            previous_municipality=desk.home,
            update_sequence=old.update_sequence + 1,
        )
        for old, after in zip(movers, grouped, strict=True)
    )
    before, after = changed_only(current, (*moved, *staying))
    return Entry(
        kind=ChangeKind.MOVE_WITHIN,
        reason=ChangeReason.MOVE_WITHIN,
        change_date=notice.moved_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in movers),
        lateness=lateness(notice.moved_on, notice.notified_on, desk.closed, article=_ARTICLE),
    )
