"""Striking records of people who go: the part that moving out, death and ex officio striking share."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.deadlines import earliest_day
from daicho.rules.register.household import changed_only, household_of, leave_household
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import HouseholdRelation, Removal, ResidentRecord, ScheduledMoveOut

_STRIKE = juki("8")


@dataclass(frozen=True, slots=True)
class Departure:
    """Who goes, when and why, and who heads those who stay.  消除の内容"""

    leaving: tuple[int, ...]
    reason: ChangeReason
    removed_on: date
    notified_on: date
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()
    move_out_to_address: str | None = None
    scheduled: ScheduledMoveOut | None = None
    removed_written: str | None = None


def living_people(
    numbers: Iterable[int], current: tuple[ResidentRecord, ...], article: Article
) -> tuple[ResidentRecord, ...] | Refusal:
    """Find the living records of the people named, all of them or none.

    Law: 住民基本台帳法 第8条
    """
    wanted = tuple(dict.fromkeys(numbers))
    known = {record.addressee_number: record for record in current}
    if not wanted:
        return Refusal(Reason.FIELD_MISSING, article, "addressee_numbers")
    for number in wanted:
        if number not in known:
            return Refusal(Reason.NOT_FOUND, article, "addressee_number")
        if not known[number].living:
            return Refusal(Reason.ALREADY_REMOVED, article, "addressee_number")
    return tuple(known[number] for number in wanted)


def staying_after(
    leavers: tuple[ResidentRecord, ...],
    current: tuple[ResidentRecord, ...],
    successor: int | None,
    relations: tuple[HouseholdRelation, ...],
) -> tuple[ResidentRecord, ...] | Refusal:
    """Rewrite every household that loses somebody.

    Law: 住民基本台帳法 第25条; 住民基本台帳法施行令 第25条
    """
    leaving = frozenset(record.addressee_number for record in leavers)
    staying: list[ResidentRecord] = []
    for number in sorted({record.household_number for record in leavers}):
        household = household_of(current, number)
        ids = {member.addressee_number for member in household.members}
        heir = successor if successor in ids else None
        rewritten = leave_household(household, leaving, heir, relations)
        if isinstance(rewritten, Refusal):
            return rewritten
        staying.extend(rewritten)
    return tuple(staying)


def depart(
    departure: Departure, current: tuple[ResidentRecord, ...]
) -> tuple[tuple[ResidentRecord, ...], tuple[ResidentRecord, ...]] | Refusal:
    """Strike the records of all who go and rewrite those who stay; gives what differs, before and after.

    A struck record keeps everything that stood in it.

    Law: 住民基本台帳法 第8条; 住民基本台帳法施行令 第8条, 第25条
    """
    leavers = living_people(departure.leaving, current, _STRIKE)
    if isinstance(leavers, Refusal):
        return leavers
    staying = staying_after(leavers, current, departure.successor, departure.relations)
    if isinstance(staying, Refusal):
        return staying
    removal = Removal(
        departure.reason, departure.removed_on, departure.notified_on, departure.removed_written
    )
    struck = tuple(
        replace(
            record,
            removal=removal,
            move_out_to_address=departure.move_out_to_address or record.move_out_to_address,
            scheduled_move_out=departure.scheduled or record.scheduled_move_out,
            update_sequence=record.update_sequence + 1,
        )
        for record in leavers
    )
    for record in leavers:
        if departure.removed_on < earliest_day(record.birth_date):
            return Refusal(Reason.DATE_ORDER, _STRIKE, "removed_on")
    return changed_only(current, (*struck, *staying))
