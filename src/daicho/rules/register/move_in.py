"""Moving into the municipality, from elsewhere in the country or from abroad.  転入"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.arrival import Arrival, ArrivingPerson, arrive
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days, check_written, lateness
from daicho.rules.register.household import changed_only
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import AddressReason, ResidentKind, ResidentRecord

_MOVE_IN = juki("22")
_FOREIGN_FROM_ABROAD = juki("30-46")


@dataclass(frozen=True, slots=True)
class MoveInNotice:
    """Somebody moved here from another municipality.  転入届

    Law: 住民基本台帳法 第22条
    """

    people: tuple[ArrivingPerson, ...]
    address: Address
    moved_on: date
    notified_on: date
    previous_address: str
    previous_municipality: MunicipalityCode | None
    household_number: int | None = None  # a standing household that is joined
    move_in_from_address: str | None = None
    by_card: bool = False  # 特例転入 (法24条の2)
    moved_written: str | None = None  # as the notice writes it, where `moved_on` says more than is certain


@dataclass(frozen=True, slots=True)
class MoveInFromAbroad:
    """Somebody came from abroad to live here.  国外からの転入届

    Law: 住民基本台帳法 第22条, 第30条の46, 第30条の47
    """

    people: tuple[ArrivingPerson, ...]
    address: Address
    moved_on: date
    notified_on: date
    country: str
    household_number: int | None = None


def draft_move_in(
    notice: MoveInNotice, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Enter the records of a group that moved here from elsewhere.

    Law: 住民基本台帳法 第8条, 第22条
    """
    refusal = check_days(notice.moved_on, notice.notified_on, on, _MOVE_IN) or check_written(
        notice.moved_written, notice.moved_on, _MOVE_IN, "moved_on"
    )
    if refusal is not None:
        return refusal
    after = arrive(
        Arrival(
            people=notice.people,
            address=notice.address,
            household_number=notice.household_number,
            arrived_on=notice.moved_on,
            notified_on=notice.notified_on,
            address_reason=AddressReason.MOVE_IN,
            previous_address=notice.previous_address,
            previous_municipality=notice.previous_municipality,
            move_in_from_address=notice.move_in_from_address,
            arrived_written=notice.moved_written,
        ),
        current,
        desk,
    )
    if isinstance(after, Refusal):
        return after
    before, after = changed_only(current, after)
    return Entry(
        kind=ChangeKind.MOVE_IN,
        reason=ChangeReason.MOVE_IN,
        change_date=notice.moved_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        lateness=lateness(notice.moved_on, notice.notified_on, desk.closed, article=_MOVE_IN),
        reason_detail="BY_CARD" if notice.by_card else "",
    )


def draft_move_in_from_abroad(
    notice: MoveInFromAbroad, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Enter the records of a group that came from abroad; the country stands as the previous address.

    Law: 住民基本台帳法 第8条, 第22条, 第30条の46
    """
    foreign = all(person.resident_kind is ResidentKind.FOREIGN for person in notice.people)
    article = _FOREIGN_FROM_ABROAD if foreign else _MOVE_IN
    refusal = check_days(notice.moved_on, notice.notified_on, on, article)
    if refusal is not None:
        return refusal
    after = arrive(
        Arrival(
            people=notice.people,
            address=notice.address,
            household_number=notice.household_number,
            arrived_on=notice.moved_on,
            notified_on=notice.notified_on,
            address_reason=AddressReason.MOVE_IN_FROM_ABROAD,
            previous_address=notice.country,
        ),
        current,
        desk,
    )
    if isinstance(after, Refusal):
        return after
    before, after = changed_only(current, after)
    return Entry(
        kind=ChangeKind.MOVE_IN_FROM_ABROAD,
        reason=ChangeReason.MOVE_IN_FROM_ABROAD,
        change_date=notice.moved_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        lateness=lateness(notice.moved_on, notice.notified_on, desk.closed, article=article),
    )
