"""Moving out of the municipality: notified in advance, struck when the day comes.  転出"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.deadlines import check_notified, lateness
from daicho.rules.register.departure import Departure, depart, living_people, staying_after
from daicho.rules.register.household import changed_only
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import HouseholdRelation, ResidentRecord, ScheduledMoveOut

_MOVE_OUT = juki("24")
_BY_CARD = juki("24-2")
_REPORT = juki("9")
_STRIKE = juki_order("8")


@dataclass(frozen=True, slots=True)
class MoveOutNotice:
    """Somebody will move away, or has done so.  転出届

    Law: 住民基本台帳法 第24条
    """

    addressee_numbers: tuple[int, ...]
    scheduled_on: date
    notified_on: date
    destination: str
    destination_municipality: MunicipalityCode | None = None
    abroad: bool = False
    by_card: bool = False
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveOutDue:
    """The scheduled day of a moving-out has come.  転出予定日の到来

    Law: 住民基本台帳法施行令 第8条
    """

    addressee_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MoveInReport:
    """Another municipality reports that our resident moved in there.  転入通知

    Law: 住民基本台帳法 第9条第1項
    """

    codes: tuple[ResidentRecordCode, ...]
    moved_in_on: date
    reported_on: date
    new_municipality: MunicipalityCode
    new_address: str
    successor: int | None = None
    relations: tuple[HouseholdRelation, ...] = ()


class ReportMeaning(StrEnum):
    """What another town's report asks of us.  転入通知の取扱い"""

    NOTHING = "nothing"  # struck already, or about a stay before the present one
    STRIKE = "strike"  # the notice of the mover was verified, and this is the move that it announced
    ASK = "ask"  # a person must find out


def meaning_of_report(report: MoveInReport, people: Sequence[ResidentRecord]) -> ReportMeaning:
    """Decide what a report means for the people here whom it names; it may be late, and they may be back.

    Where the day since which somebody lives here is partly unknown, a report of the days between is a person's to judge.

    Law: 住民基本台帳法 第9条第1項; 住民基本台帳法施行令 第8条
    """
    if len(people) < len(report.codes):
        return ReportMeaning.ASK
    if all(not one.living or report.moved_in_on < one.resident_since_earliest for one in people):
        return ReportMeaning.NOTHING
    announced = all(
        one.living and one.scheduled_move_out is not None and report.moved_in_on > one.resident_since
        for one in people
    )
    return ReportMeaning.STRIKE if announced else ReportMeaning.ASK


def draft_move_out(
    notice: MoveOutNotice, current: tuple[ResidentRecord, ...], on: date, desk: Desk
) -> Entry | Refusal:
    """Mark people as scheduled movers, or strike them at once when the day has come.

    More than 14 days after the move the paper is no notice any more but information (申出): the record is
    struck ex officio, and the moving certificate by card is not to be had.

    Law: 住民基本台帳法 第24条, 第24条の2; 住民基本台帳法施行令 第8条
    """
    refusal = check_notified(notice.notified_on, on, _MOVE_OUT)
    if refusal is not None:
        return refusal
    leavers = living_people(notice.addressee_numbers, current, _MOVE_OUT)
    if isinstance(leavers, Refusal):
        return leavers
    if any(record.scheduled_move_out is not None for record in leavers):
        return Refusal(Reason.SCHEDULED_ALREADY, _MOVE_OUT, "addressee_numbers")
    if not notice.abroad and notice.destination_municipality == desk.home:
        return Refusal(Reason.OTHER_MUNICIPALITY, juki("23"), "destination_municipality")
    late = lateness(notice.scheduled_on, notice.notified_on, desk.closed, article=_MOVE_OUT)
    if late is not None and notice.by_card:
        return Refusal(Reason.TOO_LATE, _BY_CARD, "by_card")
    scheduled = ScheduledMoveOut(
        scheduled_on=notice.scheduled_on,
        notified_on=notice.notified_on,
        destination=notice.destination,
        destination_municipality=notice.destination_municipality,
        abroad=notice.abroad,
        by_card=notice.by_card,
        successor=notice.successor,
        relations=notice.relations,
    )
    if notice.scheduled_on > on:
        return _schedule(notice, scheduled, leavers, current)
    reason = ChangeReason.MOVE_OUT_ABROAD if notice.abroad else ChangeReason.MOVE_OUT
    sides = depart(
        Departure(
            leaving=notice.addressee_numbers,
            reason=reason,
            removed_on=notice.scheduled_on,
            notified_on=notice.notified_on,
            successor=notice.successor,
            relations=notice.relations,
            move_out_to_address=notice.destination,
            scheduled=scheduled,
        ),
        current,
    )
    if isinstance(sides, Refusal):
        return sides
    return Entry(
        kind=ChangeKind.MOVE_OUT,
        reason=reason,
        change_date=notice.scheduled_on,
        notified_on=notice.notified_on,
        before=sides[0],
        after=sides[1],
        subjects=tuple(record.addressee_number for record in leavers),
        ground=Ground.NOTICE if late is None else Ground.EX_OFFICIO,
        lateness=late,
    )


def _schedule(
    notice: MoveOutNotice,
    scheduled: ScheduledMoveOut,
    leavers: tuple[ResidentRecord, ...],
    current: tuple[ResidentRecord, ...],
) -> Entry | Refusal:
    # Who will head those who stay must be settled now: nobody stands at the counter when the day comes.
    staying = staying_after(leavers, current, notice.successor, notice.relations)
    if isinstance(staying, Refusal):
        return staying
    after = tuple(
        replace(
            record,
            scheduled_move_out=scheduled,
            move_out_to_address=notice.destination,
            update_sequence=record.update_sequence + 1,
        )
        for record in leavers
    )
    return Entry(
        kind=ChangeKind.MOVE_OUT_NOTICE,
        reason=ChangeReason.NOT_REPORTED,
        change_date=notice.notified_on,
        notified_on=notice.notified_on,
        before=leavers,
        after=after,
        subjects=tuple(record.addressee_number for record in leavers),
    )


def draft_due(due: MoveOutDue, current: tuple[ResidentRecord, ...], on: date) -> Entry | Refusal:
    """Strike scheduled movers whose day has come.

    Law: 住民基本台帳法施行令 第8条
    """
    leavers = living_people(due.addressee_numbers, current, _STRIKE)
    if isinstance(leavers, Refusal):
        return leavers
    plans = {record.scheduled_move_out for record in leavers}
    plan = next(iter(plans))
    if plan is None or len(plans) != 1:
        return Refusal(Reason.NOT_SCHEDULED, _STRIKE, "addressee_numbers")
    if plan.scheduled_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _STRIKE, "scheduled_on")
    return _carry_out(
        plan,
        leavers,
        current,
        removed_on=plan.scheduled_on,
        notified_on=plan.notified_on,
        ground=Ground.NOTICE,
    )


def draft_move_in_report(
    report: MoveInReport, current: tuple[ResidentRecord, ...], on: date
) -> Entry | Refusal:
    """Strike whom another town reports as moved in, on the scheduled or the moving-in day: the earlier one.

    Law: 住民基本台帳法 第9条第1項; 住民基本台帳法施行令 第8条, 第13条第3項
    """
    refusal = check_notified(report.reported_on, on, _REPORT)
    if refusal is not None:
        return refusal
    if report.moved_in_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _REPORT, "moved_in_on")
    by_code = {record.resident_record_code: record.addressee_number for record in current}
    if any(code not in by_code for code in report.codes):
        return Refusal(Reason.NOT_FOUND, _REPORT, "resident_record_code")
    leavers = living_people((by_code[code] for code in report.codes), current, _REPORT)
    if isinstance(leavers, Refusal):
        return leavers
    plan = leavers[0].scheduled_move_out
    if plan is None or any(record.scheduled_move_out != plan for record in leavers):
        plan = ScheduledMoveOut(
            scheduled_on=report.moved_in_on,
            notified_on=report.reported_on,
            destination=report.new_address,
            destination_municipality=report.new_municipality,
            abroad=False,
            by_card=False,
        )
    if report.successor is not None:
        plan = replace(plan, successor=report.successor, relations=report.relations)
    plan = replace(plan, destination=report.new_address, abroad=False)
    return _carry_out(
        plan,
        leavers,
        current,
        removed_on=min(plan.scheduled_on, report.moved_in_on),
        notified_on=report.reported_on,
        ground=Ground.REPORT,
    )


def _carry_out(
    plan: ScheduledMoveOut,
    leavers: tuple[ResidentRecord, ...],
    current: tuple[ResidentRecord, ...],
    *,
    removed_on: date,
    notified_on: date,
    ground: Ground,
) -> Entry | Refusal:
    reason = ChangeReason.MOVE_OUT_ABROAD if plan.abroad else ChangeReason.MOVE_OUT
    numbers = tuple(record.addressee_number for record in leavers)
    sides = depart(
        Departure(
            leaving=numbers,
            reason=reason,
            removed_on=removed_on,
            notified_on=notified_on,
            successor=plan.successor,
            relations=plan.relations,
            move_out_to_address=plan.destination,
        ),
        current,
    )
    if isinstance(sides, Refusal):
        return sides
    before, after = changed_only(sides[0], sides[1])
    return Entry(
        kind=ChangeKind.MOVE_OUT,
        reason=reason,
        change_date=removed_on,
        notified_on=notified_on,
        before=before,
        after=after,
        subjects=numbers,
        ground=ground,
    )
