"""From a notice and the records as they stand to one change, or a refusal: the table of all notices."""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.register.address_renaming import AddressRenaming, draft_address_renaming
from daicho.rules.register.arrival import ArrivingPerson, known_record
from daicho.rules.register.birth import BirthEntry, draft_birth
from daicho.rules.register.cancellation import Cancellation, draft_cancellation
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.correction import Correction, draft_correction
from daicho.rules.register.death import DeathEntry, draft_death
from daicho.rules.register.ex_officio import (
    ExOfficioEntry,
    ExOfficioStrike,
    Restoration,
    Rewriting,
    draft_ex_officio_entry,
    draft_ex_officio_strike,
    draft_restoration,
    draft_rewriting,
)
from daicho.rules.register.household_change import (
    HouseholdChangeNotice,
    HouseholderChange,
    HouseholdMove,
    draft_household_change,
    draft_householder_change,
)
from daicho.rules.register.move_in import (
    MoveInFromAbroad,
    MoveInNotice,
    draft_move_in,
    draft_move_in_from_abroad,
)
from daicho.rules.register.move_out import (
    MoveInReport,
    MoveOutDue,
    MoveOutNotice,
    ReportMeaning,
    draft_due,
    draft_move_in_report,
    draft_move_out,
    meaning_of_report,
)
from daicho.rules.register.move_within import MoveWithinNotice, draft_move_within
from daicho.rules.register.name_change import NameChangeEntry, draft_name_change
from daicho.rules.register.numbering import CodeChange, NumberNotice, draft_code_change, draft_number
from daicho.rules.register.reasons import Ground
from daicho.rules.register.reception import Reception, check_reception
from daicho.rules.register.record import ResidentRecord, lacking
from daicho.rules.register.residence_change import ResidenceChange, draft_residence_change

Notice = (
    MoveInNotice
    | MoveInFromAbroad
    | BirthEntry
    | ExOfficioEntry
    | MoveOutNotice
    | MoveOutDue
    | MoveInReport
    | DeathEntry
    | ExOfficioStrike
    | Restoration
    | Rewriting
    | AddressRenaming
    | MoveWithinNotice
    | NameChangeEntry
    | HouseholdChangeNotice
    | HouseholderChange
    | Correction
    | Cancellation
    | CodeChange
    | NumberNotice
    | ResidenceChange
)

_COMPLETING = (HouseholdChangeNotice, HouseholderChange, ResidenceChange)


@dataclass(frozen=True, slots=True)
class Concerns:
    """Whose records must be on the desk before a notice can be drafted.  関係者"""

    addressee_numbers: tuple[int, ...] = ()
    codes: tuple[ResidentRecordCode, ...] = ()
    household_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """How many new numbers a notice uses up.  付番数"""

    addressee_numbers: int = 0
    household_numbers: int = 0
    codes: int = 0


def _arriving(notice: Notice) -> tuple[ArrivingPerson, ...]:
    if isinstance(notice, MoveInNotice | MoveInFromAbroad | ExOfficioEntry):
        return notice.people
    if isinstance(notice, BirthEntry):
        return (notice.child,)
    return ()


def concerns(notice: Notice, cancelled: Entry | None = None) -> Concerns:
    """List whose records, and whose households', a notice touches.

    Law: 住民基本台帳法 第6条第1項
    """
    people = _arriving(notice)
    addressees = [p.addressee_number for p in people if p.addressee_number is not None]
    codes = [p.resident_record_code for p in people if p.resident_record_code is not None]
    households: list[int] = []
    if isinstance(
        notice,
        MoveOutNotice
        | MoveOutDue
        | ExOfficioStrike
        | Restoration
        | Rewriting
        | MoveWithinNotice
        | HouseholdChangeNotice,
    ):
        addressees.extend(notice.addressee_numbers)
    if isinstance(notice, DeathEntry | NameChangeEntry | Correction | CodeChange | ResidenceChange):
        addressees.append(notice.addressee_number)
    if isinstance(notice, AddressRenaming):
        addressees.extend(home.addressee_number for home in notice.homes)
    if isinstance(
        notice,
        MoveInNotice
        | MoveInFromAbroad
        | ExOfficioEntry
        | Restoration
        | MoveWithinNotice
        | HouseholdChangeNotice,
    ):
        if notice.household_number is not None:
            households.append(notice.household_number)
    elif isinstance(notice, BirthEntry | HouseholderChange):
        households.append(notice.household_number)
    if isinstance(notice, MoveInReport):
        codes.extend(notice.codes)
    if isinstance(notice, NumberNotice):
        codes.append(notice.resident_record_code)
    if cancelled is not None:
        addressees.extend(record.addressee_number for record in cancelled.after)
        households.extend(record.household_number for record in cancelled.before)
    return Concerns(tuple(sorted(set(addressees))), tuple(sorted(set(codes))), tuple(sorted(set(households))))


def needed(notice: Notice, current: tuple[ResidentRecord, ...]) -> Needed:
    """Count the addressee numbers, household numbers and codes that a notice uses up.

    Law: 住民基本台帳法 第30条の2, 第30条の3
    """
    addressees = codes = 0
    for person in _arriving(notice):
        known = known_record(person, current)
        addressees += known is None
        has_code = person.resident_record_code is not None
        codes += not has_code and (known is None or known.resident_record_code is None)
    household = False
    if isinstance(notice, MoveInNotice | MoveInFromAbroad | ExOfficioEntry | Restoration | MoveWithinNotice):
        household = notice.household_number is None
    elif isinstance(notice, HouseholdChangeNotice):
        household = notice.move is HouseholdMove.SPLIT
    elif isinstance(notice, CodeChange):
        codes = 1
    return Needed(addressees, int(household), codes)


def draft(
    notice: Notice,
    current: tuple[ResidentRecord, ...],
    on: date,
    desk: Desk,
    cancelled: Entry | None = None,
) -> Entry | Refusal:
    """Draft the change that a notice makes of the records as they stand; a held record stays as it is.

    A hold is lifted by a correction, and what undoes a change, brings a number or waits for a person to find out passes
    it; so does what completes a record that was made again of the network's items.

    Law: 住民基本台帳法 第8条, 第22条–第25条
    """
    entry = _draft(notice, current, on, desk, cancelled)
    if isinstance(entry, Refusal) or isinstance(notice, Correction | Cancellation | NumberNotice):
        return entry
    held = {
        record.addressee_number
        for record in entry.before
        if record.processing_hold and not (isinstance(notice, _COMPLETING) and lacking(record))
    }
    if held.intersection(entry.subjects) and not _is_asked(notice, current):
        return Refusal(Reason.PROCESSING_HELD, juki("8"), "processing_hold")
    return entry


def _is_asked(notice: Notice, current: tuple[ResidentRecord, ...]) -> bool:
    """Tell whether a notice is another town's report that only waits for somebody to find out."""
    if not isinstance(notice, MoveInReport):
        return False
    people = [record for record in current if record.resident_record_code in notice.codes]
    return meaning_of_report(notice, people) is ReportMeaning.ASK


def received(entry: Entry, reception: Reception | None) -> Entry | Refusal:
    """Write into a drafted change how its notice was received, or refuse to receive it.

    What is done ex officio or by report needs no reception; a notice that came too late to be one does.

    Law: 住民基本台帳法 第26条, 第27条
    """
    if reception is not None:
        return check_reception(reception, entry.kind) or replace(entry, reception=reception)
    if entry.ground is Ground.NOTICE or entry.late:
        return Refusal(Reason.RECEPTION_MISSING, juki("27"), "notifier")
    return entry


def _draft(
    notice: Notice,
    current: tuple[ResidentRecord, ...],
    on: date,
    desk: Desk,
    cancelled: Entry | None = None,
) -> Entry | Refusal:
    match notice:
        case MoveInNotice():
            return draft_move_in(notice, current, on, desk)
        case MoveInFromAbroad():
            return draft_move_in_from_abroad(notice, current, on, desk)
        case BirthEntry():
            return draft_birth(notice, current, on, desk)
        case ExOfficioEntry():
            return draft_ex_officio_entry(notice, current, on, desk)
        case MoveOutNotice():
            return draft_move_out(notice, current, on, desk)
        case MoveOutDue():
            return draft_due(notice, current, on)
        case MoveInReport():
            return draft_move_in_report(notice, current, on)
        case DeathEntry():
            return draft_death(notice, current, on)
        case ExOfficioStrike():
            return draft_ex_officio_strike(notice, current, on)
        case Restoration():
            return draft_restoration(notice, current, on, desk)
        case Rewriting():
            return draft_rewriting(notice, current, on)
        case AddressRenaming():
            return draft_address_renaming(notice, current, on, desk)
        case MoveWithinNotice():
            return draft_move_within(notice, current, on, desk)
        case NameChangeEntry():
            return draft_name_change(notice, current, on)
        case HouseholdChangeNotice():
            return draft_household_change(notice, current, on, desk)
        case HouseholderChange():
            return draft_householder_change(notice, current, on, desk)
        case Correction():
            return draft_correction(notice, current, on, desk)
        case CodeChange():
            return draft_code_change(notice, current, on, desk)
        case NumberNotice():
            return draft_number(notice, current, on)
        case ResidenceChange():
            return draft_residence_change(notice, current, on)
        case Cancellation():
            if cancelled is None:
                return Refusal(Reason.NOT_FOUND, juki("8"), "entry_id")
            return draft_cancellation(notice, cancelled, current, on)
