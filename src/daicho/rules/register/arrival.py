"""Writing a new record for somebody who comes: the part that moving in, birth and ex officio entry share."""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import says_that_day
from daicho.rules.register.changes import Desk
from daicho.rules.register.deadlines import earliest_day
from daicho.rules.register.household import check_household, household_of
from daicho.rules.register.record import (
    HOUSEHOLDER,
    AddressReason,
    ForeignItems,
    ResidentKind,
    ResidentRecord,
)

_ITEMS = juki("7")
_FOREIGN = juki("30-45")
_CODE = juki("30-3")


@dataclass(frozen=True, slots=True)
class ArrivingPerson:
    """One person who comes into the register; known numbers are given, unknown ones are drawn.  記載される者

    `update_sequence` is the person's last one elsewhere (moving-out data, or the nation's answer).
    """

    name: PersonName
    birth_date: PartialDate
    sex: Sex
    relationship: str
    resident_kind: ResidentKind = ResidentKind.JAPANESE
    addressee_number: int | None = None
    resident_record_code: ResidentRecordCode | None = None
    update_sequence: int = 0
    registered_domicile: str | None = None
    family_register_head: str | None = None
    foreign: ForeignItems | None = None
    birth_written: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """How, when and whence a group of people comes.  記載の内容"""

    people: tuple[ArrivingPerson, ...]
    address: Address
    household_number: int | None
    arrived_on: date
    notified_on: date
    address_reason: AddressReason
    previous_address: str | None = None
    previous_municipality: MunicipalityCode | None = None
    move_in_from_address: str | None = None
    arrived_written: str | None = None  # as it is written, where `arrived_on` says more than is certain


def known_record(person: ArrivingPerson, current: tuple[ResidentRecord, ...]) -> ResidentRecord | None:
    """Find the record that this town already keeps of somebody who comes back.

    Law: 住民基本台帳法 第30条の3
    """
    for record in current:
        if person.addressee_number is not None and record.addressee_number == person.addressee_number:
            return record
        code = person.resident_record_code
        if code is not None and record.resident_record_code == code:
            return record
    return None


def check_person(person: ArrivingPerson) -> Refusal | None:
    """Refuse items that do not belong to a Japanese or to a foreign resident.

    Law: 住民基本台帳法 第30条の45; 住民基本台帳法施行令 (旧氏, 通称)
    """
    return check_kind(person.name, person.resident_kind, person.foreign)


def check_kind(name: PersonName, kind: ResidentKind, foreign: ForeignItems | None) -> Refusal | None:
    """Refuse an alias for a Japanese, a former surname for a foreigner, and missing or stray foreign items.

    Law: 住民基本台帳法 第30条の45; 住民基本台帳法施行令 (旧氏, 通称)
    """
    if kind is ResidentKind.FOREIGN:
        if foreign is None:
            return Refusal(Reason.FOREIGN_ITEMS_MISSING, _FOREIGN, "foreign")
        if name.former_surname is not None:
            return Refusal(Reason.FORMER_SURNAME_ONLY_JAPANESE, _ITEMS, "former_surname")
        return None
    if foreign is not None:
        return Refusal(Reason.FOREIGN_ITEMS_FORBIDDEN, _FOREIGN, "foreign")
    if name.alias is not None:
        return Refusal(Reason.ALIAS_ONLY_FOREIGN, _ITEMS, "alias")
    return None


def _check_arrival(arrival: Arrival, current: tuple[ResidentRecord, ...], desk: Desk) -> Refusal | None:
    if not arrival.people:
        return Refusal(Reason.FIELD_MISSING, _ITEMS, "people")
    if arrival.address.municipality != desk.home:
        return Refusal(Reason.OTHER_MUNICIPALITY, juki("22"), "municipality")
    seen: set[str] = set()
    for person in arrival.people:
        refusal = check_person(person)
        if refusal is not None:
            return refusal
        known = known_record(person, current)
        if known is not None and known.living:
            return Refusal(Reason.ALREADY_RESIDENT, juki("22"), "resident_record_code")
        code = person.resident_record_code or (known.resident_record_code if known else None)
        if code is not None and code in seen:
            return Refusal(Reason.CODE_IN_USE, _CODE, "resident_record_code")
        seen.add(code or "")
        seen.discard("")
        if not says_that_day(person.birth_written, person.birth_date):
            return Refusal(Reason.DATE_MALFORMED, _ITEMS, "birth_written")
        if earliest_day(person.birth_date) > arrival.arrived_on:
            return Refusal(Reason.DATE_ORDER, _ITEMS, "birth_date")
    return None


def _householder_name(arrival: Arrival, members: tuple[ResidentRecord, ...]) -> str:
    for member in members:
        if member.is_householder:
            return member.name.kanji
    for person in arrival.people:
        if person.relationship == HOUSEHOLDER:
            return person.name.kanji
    return ""


def arrive(
    arrival: Arrival, current: tuple[ResidentRecord, ...], desk: Desk
) -> tuple[ResidentRecord, ...] | Refusal:
    """Write the records of all who come, in their own new household or in one that stands.

    Somebody who comes back keeps the addressee number, the code and the count of updates.

    Law: 住民基本台帳法 第7条, 第8条, 第30条の2, 第30条の3
    """
    refusal = _check_arrival(arrival, current, desk)
    if refusal is not None:
        return refusal
    members: tuple[ResidentRecord, ...] = ()
    if arrival.household_number is not None:
        members = household_of(current, arrival.household_number).members
        if not members:
            return Refusal(Reason.HOUSEHOLD_UNKNOWN, juki("6"), "household_number")
        if members[0].current_address != arrival.address:
            return Refusal(Reason.ADDRESS_DIFFERS, juki("6"), "current_address")
        number = arrival.household_number
    else:
        if not desk.allotment.household_numbers:
            return Refusal(Reason.NUMBER_NOT_DRAWN, _ITEMS, "household_number")
        number = desk.allotment.household_numbers[0]
    name = _householder_name(arrival, members)
    addressees = list(desk.allotment.addressee_numbers)
    codes = list(desk.allotment.codes)
    after: list[ResidentRecord] = []
    for person in arrival.people:
        known = known_record(person, current)
        if known is None and not addressees:
            return Refusal(Reason.NUMBER_NOT_DRAWN, _ITEMS, "addressee_number")
        addressee = known.addressee_number if known else addressees.pop(0)
        code = person.resident_record_code or (known.resident_record_code if known else None)
        if code is None and not codes:
            return Refusal(Reason.CODE_MISSING, _CODE, "resident_record_code")
        used_from = known.record_code_used_from if known and known.resident_record_code == code else None
        if code is None:
            code, used_from = codes.pop(0), arrival.notified_on
        sequence = max(person.update_sequence, known.update_sequence if known else 0) + 1
        after.append(
            _new_record(
                person,
                arrival,
                known,
                addressee=addressee,
                code=code,
                household_number=number,
                householder_name=name,
                sequence=sequence,
                used_from=used_from,
            )
        )
    household = household_of((*members, *after), number)
    return check_household(household) or tuple(after)


def _new_record(
    person: ArrivingPerson,
    arrival: Arrival,
    known: ResidentRecord | None,
    *,
    addressee: int,
    code: ResidentRecordCode,
    household_number: int,
    householder_name: str,
    sequence: int,
    used_from: date | None,
) -> ResidentRecord:
    return ResidentRecord(
        addressee_number=addressee,
        resident_record_code=code,
        household_number=household_number,
        name=person.name,
        birth_date=person.birth_date,
        birth_written=person.birth_written,
        sex=person.sex,
        relationship=person.relationship,
        householder_name=householder_name,
        resident_kind=person.resident_kind,
        resident_since=arrival.arrived_on,
        resident_since_written=arrival.arrived_written,
        resident_since_notified_on=arrival.notified_on,
        address_reason=arrival.address_reason,
        current_address=arrival.address,
        address_since=arrival.arrived_on,
        address_since_written=arrival.arrived_written,
        address_since_notified_on=arrival.notified_on,
        update_sequence=sequence,
        previous_address=arrival.previous_address,
        previous_municipality=arrival.previous_municipality,
        move_in_from_address=arrival.move_in_from_address or arrival.previous_address,
        registered_domicile=person.registered_domicile,
        family_register_head=person.family_register_head,
        old_resident_record_code=known.old_resident_record_code if known else None,
        record_code_used_from=used_from,
        remarks=known.remarks if known else (),
        foreign=person.foreign,
        programme_info=(),
        certificate_history=known.certificate_history if known else (),
        card_info=known.card_info if known else (),
        processing_hold=known.processing_hold if known else False,
    )
