"""May this update replace what a level keeps of the person: yes, no, already done, or overtaken?"""

from dataclasses import dataclass, fields

from daicho.rules.identity.agreement import canonical
from daicho.rules.identity.form import check_cs_items, check_form
from daicho.rules.identity.record import IdentityRecord, IdentityUpdate, UpwardReport
from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.reasons import ENTRY_REASONS, REMOVAL_REASONS, ChangeReason

_REPORT = juki("30-6")
_MOVE_IN = juki("22")
_MOVE_WITHIN = juki("23")
_STRIKE = juki("8")
_ORDER = juki_order("30-5")

_NUMBER_REASONS = frozenset(
    {
        ChangeReason.NUMBER_ENTERED,
        ChangeReason.NUMBER_CHANGED_ON_REQUEST,
        ChangeReason.NUMBER_CHANGED_EX_OFFICIO,
    }
)
# What a moving within the municipality may bring with it; every other item must stay as it was.
_MAY_DIFFER_ON_MOVE_WITHIN = frozenset(
    {
        "aza_code",
        "postal_code",
        "address",
        "address_gaiji_count",
        "change_reason",
        "change_date",
        "change_reason_detail",
        "update_sequence",
        "old_resident_record_code",
        "record_code_used_from",
        "scheduled_flag",
        "scheduled_move_out_on",
    }
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The update passed every check of its level; only this can be told onward.  受理

    Law: 住民基本台帳法 第30条の6
    """

    record: IdentityRecord
    changes_holder: bool


@dataclass(frozen=True, slots=True)
class Superseded:
    """A newer update of the person, or a new holder, is already here: nothing to do.  後続の更新による不要

    Law: none, own definition of settlement.
    """

    by_sequence: int
    by_municipality: MunicipalityCode


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same update is already kept: nothing to do.  重複

    Law: none, own definition of settlement.
    """

    sequence: int


Acceptance = Accepted | Superseded | Repeat | Refusal


def onward(accepted: Accepted, update: IdentityUpdate) -> UpwardReport:
    """Make the report to the next level from a checked update; anything unchecked is our own fault.

    Law: 住民基本台帳法 第30条の6, 第30条の7
    """
    if not isinstance(accepted, Accepted) or (
        accepted.record is not update.record and accepted.record != update.record
    ):
        raise TypeError("only an accepted update may be reported onward")
    return UpwardReport(accepted.record, update.individual_number)


def _is_entry(record: IdentityRecord) -> bool:
    return record.change_reason in ENTRY_REASONS


def _same(current: IdentityRecord, record: IdentityRecord) -> bool:
    return canonical(current) == canonical(record)


def _other_than_address(current: IdentityRecord, record: IdentityRecord) -> str:
    for field in fields(IdentityRecord):
        name = field.name
        if name not in _MAY_DIFFER_ON_MOVE_WITHIN and getattr(current, name) != getattr(record, name):
            return name
    return ""


def _transition(current: IdentityRecord | None, record: IdentityRecord) -> Refusal | None:
    reason = record.change_reason
    living = current is not None and current.living
    if reason in ENTRY_REASONS:
        return Refusal(Reason.ALREADY_LIVING, _MOVE_IN, "change_reason") if living else None
    if current is None:
        return Refusal(Reason.NOT_FOUND, _REPORT, "resident_record_code")
    if reason in REMOVAL_REASONS:
        return None if living else Refusal(Reason.ALREADY_REMOVED, _STRIKE, "change_reason")
    if record.living != current.living:
        return Refusal(Reason.STATE_CHANGE_UNEXPLAINED, _STRIKE, "record_state")
    if not living and reason not in _NUMBER_REASONS:
        return Refusal(Reason.NOT_LIVING, _REPORT, "change_reason")
    return None


def _move_within(current: IdentityRecord, record: IdentityRecord, *, number_changed: bool) -> Refusal | None:
    other = "individual_number" if number_changed else _other_than_address(current, record)
    if other:
        return Refusal(Reason.MORE_THAN_ADDRESS, _MOVE_WITHIN, other)
    if current.address == record.address:
        return Refusal(Reason.ADDRESS_UNCHANGED, _MOVE_WITHIN, "address")
    return None


def accept_at_cs(
    current: IdentityRecord | None,
    update: IdentityUpdate,
    *,
    home: MunicipalityCode,
    number_changed: bool = False,
) -> Acceptance:
    """Check an update of the registry in the CS: form, order of updates, and whether it makes sense.

    `number_changed` tells whether the update brings another individual number than the one kept.

    Law: 住民基本台帳法 第30条の6
    """
    record = update.record
    refusal = check_form(record) or check_cs_items(update.cs_items)
    if refusal is not None:
        return refusal
    if record.municipality_code != home:
        return Refusal(Reason.OTHER_MUNICIPALITY, _REPORT, "municipality_code")
    if current is not None and record.update_sequence <= current.update_sequence:
        if record.update_sequence < current.update_sequence:
            return Superseded(current.update_sequence, current.municipality_code)
        if _same(current, record) and not number_changed:
            return Repeat(current.update_sequence)
        return Refusal(Reason.SEQUENCE_CONFLICT, _ORDER, "update_sequence")
    refusal = _transition(current, record)
    if refusal is not None:
        return refusal
    if current is not None and record.change_reason is ChangeReason.MOVE_WITHIN:
        refusal = _move_within(current, record, number_changed=number_changed)
        if refusal is not None:
            return refusal
    return Accepted(record, changes_holder=current is None)


def accept_above(
    current: IdentityRecord | None, record: IdentityRecord, sender: MunicipalityCode
) -> Acceptance:
    """Check a report at the prefecture or the nation: form, holder, and order of updates.

    The order belongs to the person, not to the town. Moving in makes the sender the holder, also when it
    arrives before the moving-out; from then on the former town can neither remove nor amend.

    Law: 住民基本台帳法 第30条の6, 第30条の7
    """
    refusal = check_form(record)
    if refusal is not None:
        return refusal
    if record.municipality_code != sender:
        return Refusal(Reason.OTHER_MUNICIPALITY, _REPORT, "municipality_code")
    if current is None:
        return Accepted(record, changes_holder=True)
    if current.municipality_code == sender:
        return _by_holder(current, record)
    return _by_newcomer(current, record)


def _by_holder(current: IdentityRecord, record: IdentityRecord) -> Acceptance:
    if record.update_sequence > current.update_sequence:
        return Accepted(record, changes_holder=False)
    if _same(current, record):
        return Repeat(current.update_sequence)
    if record.update_sequence == current.update_sequence:
        return Refusal(Reason.SEQUENCE_CONFLICT, _ORDER, "update_sequence")
    return Superseded(current.update_sequence, current.municipality_code)


def _by_newcomer(current: IdentityRecord, record: IdentityRecord) -> Acceptance:
    overtaken = Superseded(current.update_sequence, current.municipality_code)
    if record.change_reason in REMOVAL_REASONS:
        return overtaken
    ahead = record.update_sequence > current.update_sequence
    if not _is_entry(record):
        return Refusal(Reason.NOT_THE_HOLDER, _REPORT, "municipality_code") if ahead else overtaken
    # Both towns count on from the moving-out data, so the former town may have used the same numbers for
    # what it still did; then the day of the change decides whose word is the newer one.
    level = record.update_sequence == current.update_sequence
    after = record.change_date > current.change_date
    left = not current.living and record.change_date >= current.change_date
    if ahead or after or left or (level and not _is_entry(current)):
        return Accepted(record, changes_holder=True)
    if level and record.change_date == current.change_date:
        return Refusal(Reason.SEQUENCE_CONFLICT, _ORDER, "update_sequence")
    return overtaken
