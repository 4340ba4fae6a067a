"""A child is born: an entry ex officio, from the family register's filing.  出生"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.arrival import Arrival, ArrivingPerson, arrive
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days
from daicho.rules.register.household import changed_only, household_of
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import AddressReason, ResidentRecord

_ARTICLE = juki_order("12")


@dataclass(frozen=True, slots=True)
class BirthEntry:
    """A birth that the family register accepted, or another town reported under 法9条2項.  出生による記載

    Law: 住民基本台帳法施行令 第12条第2項
    """

    child: ArrivingPerson
    household_number: int
    born_on: date
    notified_on: date
    by_report: bool = False


def draft_birth(
    notice: BirthEntry, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Enter a child into the household of its parents; the code is new and no deadline of 法22–25 runs.

    Law: 住民基本台帳法 第8条; 住民基本台帳法施行令 第12条第2項
    """
    refusal = check_days(notice.born_on, notice.notified_on, on, _ARTICLE)
    if refusal is not None:
        return refusal
    if notice.child.birth_date.whole != notice.born_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "birth_date")
    members = household_of(current, notice.household_number).members
    if not members:
        return Refusal(Reason.HOUSEHOLD_UNKNOWN, juki("6"), "household_number")
    after = arrive(
        Arrival(
            people=(notice.child,),
            address=members[0].current_address,
            household_number=notice.household_number,
            arrived_on=notice.born_on,
            notified_on=notice.notified_on,
            address_reason=AddressReason.BIRTH,
        ),
        current,
        desk,
    )
    if isinstance(after, Refusal):
        return after
    before, after = changed_only(current, after)
    return Entry(
        kind=ChangeKind.BIRTH,
        reason=ChangeReason.BIRTH,
        change_date=notice.born_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        ground=Ground.REPORT if notice.by_report else Ground.EX_OFFICIO,
    )
