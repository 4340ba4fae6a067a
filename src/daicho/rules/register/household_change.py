"""Joining, splitting and merging households, and a change of the householder.  世帯変更"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_days, lateness
from daicho.rules.register.departure import living_people, staying_after
from daicho.rules.register.household import changed_only, head_household, household_of
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import HouseholdRelation, ResidentRecord
from daicho.rules.register.regroup import regroup

_ARTICLE = juki("25")
_EX_OFFICIO = juki_order("25")


class HouseholdMove(StrEnum):
    """What becomes of the households at one address.  世帯変更の別"""

    JOIN = "JOIN"  # 世帯構成変更: some members enter another household
    SPLIT = "SPLIT"  # 世帯分離
    MERGE = "MERGE"  # 世帯合併: a whole household enters another


@dataclass(frozen=True, slots=True)
class HouseholdChangeNotice:
    """People at one address now keep house otherwise than before.  世帯変更届

    Law: 住民基本台帳法 第25条
    """

    move: HouseholdMove
    addressee_numbers: tuple[int, ...]
    changed_on: date
    notified_on: date
    household_number: int | None = None  # the household that is entered; none for a split
    mover_relations: tuple[HouseholdRelation, ...] = ()
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholderChange:
    """Another member heads the household.  世帯主変更

    Law: 住民基本台帳法 第25条; 住民基本台帳法施行令 第25条
    """

    household_number: int
    successor: int
    relations: tuple[HouseholdRelation, ...]
    changed_on: date
    notified_on: date
    ex_officio: bool = False


def draft_household_change(
    notice: HouseholdChangeNotice, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Move people between households of one address.

    Law: 住民基本台帳法 第25条
    """
    refusal = check_days(notice.changed_on, notice.notified_on, on, _ARTICLE)
    if refusal is not None:
        return refusal
    movers = living_people(notice.addressee_numbers, current, _ARTICLE)
    if isinstance(movers, Refusal):
        return movers
    refusal = _check_move(notice, movers, current)
    if refusal is not None:
        return refusal
    grouped = regroup(movers, notice.household_number, notice.mover_relations, current, desk)
    if isinstance(grouped, Refusal):
        return grouped
    staying = staying_after(movers, current, notice.successor, notice.relations)
    if isinstance(staying, Refusal):
        return staying
    before, after = changed_only(current, (*grouped, *staying))
    return Entry(
        kind=ChangeKind.HOUSEHOLD_CHANGE,
        reason=ChangeReason.NOT_REPORTED,
        change_date=notice.changed_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in movers),
        lateness=lateness(notice.changed_on, notice.notified_on, desk.closed, article=_ARTICLE),
        reason_detail=notice.move.value,
    )


def _check_move(
    notice: HouseholdChangeNotice,
    movers: tuple[ResidentRecord, ...],
    current: tuple[ResidentRecord, ...],
) -> Refusal | None:
    numbers = {record.household_number for record in movers}
    whole = all(member in movers for number in numbers for member in household_of(current, number).members)
    if notice.move is HouseholdMove.SPLIT:
        if notice.household_number is not None:
            return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "household_number")
        if whole or len(numbers) != 1:
            return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "addressee_numbers")
        return None
    if notice.household_number is None:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "household_number")
    if notice.move is HouseholdMove.MERGE and not whole:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "move")
    target = household_of(current, notice.household_number).members
    if not target:
        return Refusal(Reason.HOUSEHOLD_UNKNOWN, juki("6"), "household_number")
    if any(record.current_address != target[0].current_address for record in movers):
        return Refusal(Reason.ADDRESS_DIFFERS, _ARTICLE, "household_number")
    return None


def draft_householder_change(
    notice: HouseholderChange, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Let another member head the household; ex officio no deadline runs.

    Law: 住民基本台帳法 第25条; 住民基本台帳法施行令 第25条
    """
    article = _EX_OFFICIO if notice.ex_officio else _ARTICLE
    refusal = check_days(notice.changed_on, notice.notified_on, on, article)
    if refusal is not None:
        return refusal
    household = household_of(current, notice.household_number)
    if not household.members:
        return Refusal(Reason.HOUSEHOLD_UNKNOWN, juki("6"), "household_number")
    rewritten = head_household(household.members, notice.successor, notice.relations)
    if isinstance(rewritten, Refusal):
        return rewritten
    before, after = changed_only(current, rewritten)
    if not after:
        return Refusal(Reason.NOTHING_CHANGES, article, "successor")
    return Entry(
        kind=ChangeKind.HOUSEHOLDER_CHANGE,
        reason=ChangeReason.NOT_REPORTED,
        change_date=notice.changed_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=tuple(record.addressee_number for record in after),
        ground=Ground.EX_OFFICIO if notice.ex_officio else Ground.NOTICE,
        lateness=None
        if notice.ex_officio
        else lateness(notice.changed_on, notice.notified_on, desk.closed, article=_ARTICLE),
    )
