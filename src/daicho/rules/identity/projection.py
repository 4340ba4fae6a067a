"""What of a change in the register the CS, and then the levels above, must hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daicho.rules.identity.keys import kana_key
from daicho.rules.identity.record import CsItems, IdentityRecord, IdentityUpdate, RecordState
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.people.names import PersonName, gaiji_count
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentKind, ResidentRecord

_NO_NUMBERS: Mapping[ResidentRecordCode, IndividualNumber] = {}


class CodeMissing(ValueError):
    """A record without a resident record code cannot be told to anybody.  住民票コードの欠落"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who entered the change at which terminal, when, and under which number of request.  依頼・操作情報

    Law: none, items F2-26 to F2-28 and F2-36 of the identification information file.
    """

    request_control_number: str
    operator_role_id: str
    terminal_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CsRevision:
    """Items of the CS that change with nothing to tell upward, such as a relationship.  CS保有項目の更新

    Law: 住民基本台帳法 第12条の4
    """

    resident_record_code: ResidentRecordCode
    cs_items: CsItems
    scheduled_flag: bool
    scheduled_move_out_on: date | None


def name_upward(name: PersonName) -> str:
    """Write the name as it goes upward: an alias stands behind the name in full-width brackets.

    Law: 住民基本台帳法施行令 第30条の16; the brackets are our own.
    """
    return f"{name.kanji}（{name.alias}）" if name.alias else name.kanji


def _code(record: ResidentRecord) -> ResidentRecordCode:
    if record.resident_record_code is None:
        raise CodeMissing("the record has no resident record code")
    return record.resident_record_code


def _old_code(old: ResidentRecord | None, new: ResidentRecord) -> ResidentRecordCode | None:
    if old is not None and old.resident_record_code != new.resident_record_code:
        return old.resident_record_code
    return new.old_resident_record_code


def _scheduled_on(record: ResidentRecord) -> date | None:
    return record.scheduled_move_out.scheduled_on if record.scheduled_move_out else None


def identity_record(
    record: ResidentRecord,
    *,
    reason: ChangeReason,
    change_date: date,
    detail: str = "",
    old_code: ResidentRecordCode | None = None,
) -> IdentityRecord:
    """Derive a resident's identification information from the resident record.

    Law: 住民基本台帳法 第30条の6; 住民基本台帳法施行令 第30条の5
    """
    name = name_upward(record.name)
    former = record.name.former_surname
    address = record.current_address.one_line()
    return IdentityRecord(
        resident_record_code=_code(record),
        name_kanji=name,
        name_gaiji_count=gaiji_count(name),
        name_furigana=record.name.furigana,
        name_normalized_kana=kana_key(record.name.furigana or ""),
        former_surname_kanji=former.kanji if former else None,
        former_surname_furigana=former.furigana if former else None,
        birth_date=record.birth_date,
        sex=record.sex,
        municipality_code=record.current_address.municipality,
        aza_code=record.current_address.aza_code,
        postal_code=record.current_address.postal_code,
        address=address,
        address_gaiji_count=gaiji_count(address),
        change_reason=reason,
        change_date=change_date,
        change_reason_detail=detail,
        old_resident_record_code=old_code,
        record_code_used_from=record.record_code_used_from,
        update_sequence=record.update_sequence,
        scheduled_flag=record.living and record.scheduled_move_out is not None,
        foreign_resident=record.resident_kind is ResidentKind.FOREIGN,
        record_state=RecordState.LIVING if record.living else RecordState.REMOVED,
        scheduled_move_out_on=_scheduled_on(record),
    )


def cs_items(record: ResidentRecord, *, notified_on: date, stamp: Stamp) -> CsItems:
    """Derive the items that stay in the CS from the resident record.

    Law: 住民基本台帳法 第12条の4; 住民基本台帳法施行令 第15条の3
    """
    previous = record.previous_address
    shown = name_upward(record.name) + record.current_address.one_line() + (previous or "")
    return CsItems(
        resident_since=record.resident_since,
        address_since=record.address_since,
        notified_on=notified_on,
        previous_municipality_code=record.previous_municipality,
        previous_address=previous,
        previous_address_gaiji_count=gaiji_count(previous or ""),
        relationship=record.relationship,
        request_control_number=stamp.request_control_number,
        operator_role_id=stamp.operator_role_id,
        terminal_id=stamp.terminal_id,
        abnormal_update_sequence=0,
        update_forbidden_flag=record.processing_hold,
        lock_flag=False,
        gaiji_flag=gaiji_count(shown) > 0,
        timestamp=stamp.at,
    )


def project(
    entry: Entry,
    *,
    stamp: Stamp,
    numbers: Mapping[ResidentRecordCode, IndividualNumber] = _NO_NUMBERS,
) -> tuple[IdentityUpdate, ...]:
    """Tell what the CS must hear of an entry: one update per person of whom its reason speaks, or nothing.

    Householder, relationship and registered domicile are nobody's business above the municipality.

    Law: 住民基本台帳法 第30条の6; 住民基本台帳法施行規則 第11条
    """
    updates: list[IdentityUpdate] = []
    for old, new in entry.pairs():
        reason = entry.reason_for(new.addressee_number)
        if reason is ChangeReason.NOT_REPORTED:
            continue
        record = identity_record(
            new,
            reason=reason,
            change_date=entry.change_date,
            detail=entry.reason_detail,
            old_code=_old_code(old, new),
        )
        items = cs_items(new, notified_on=entry.notified_on, stamp=stamp)
        updates.append(IdentityUpdate(record, items, numbers.get(record.resident_record_code)))
    return tuple(updates)


def project_cs_items(entry: Entry, *, stamp: Stamp) -> tuple[CsRevision, ...]:
    """Tell which of the CS's own items an entry changes for people of whom nothing goes upward.

    Law: 住民基本台帳法 第12条の4
    """
    revisions: list[CsRevision] = []
    for old, new in entry.pairs():
        if entry.reason_for(new.addressee_number) is not ChangeReason.NOT_REPORTED or old is None:
            continue
        before = cs_items(old, notified_on=entry.notified_on, stamp=stamp)
        after = cs_items(new, notified_on=entry.notified_on, stamp=stamp)
        if before != after or _scheduled_on(old) != _scheduled_on(new):
            scheduled = new.living and new.scheduled_move_out is not None
            revisions.append(CsRevision(_code(new), after, scheduled, _scheduled_on(new)))
    return tuple(revisions)
