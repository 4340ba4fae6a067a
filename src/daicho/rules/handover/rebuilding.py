"""A resident record made again of what the network keeps of somebody, where the register itself is lost.  再製

The network knows neither households nor the registered domicile: what it does not know is left blank or says so, and
the record of whoever lives there is held until somebody has completed it.
Law: 住民基本台帳法施行令 第17条, as far as known; how is own definition.
"""

from datetime import date

from daicho.rules.identity.record import CsItems, KeptRecord
from daicho.rules.people.addresses import Address
from daicho.rules.people.dates import UNKNOWN
from daicho.rules.people.names import FormerSurname, PersonName, name_and_alias
from daicho.rules.protection.measure import ProtectionGround, ProtectionMeasure
from daicho.rules.register.reasons import REMOVAL_REASONS, ChangeReason
from daicho.rules.register.record import (
    HOUSEHOLDER,
    REBUILT,
    UNKNOWN_DAY,
    AddressReason,
    ForeignItems,
    Removal,
    ResidentKind,
    ResidentRecord,
)
from daicho.rules.register.relationship import check_relationship

NOT_RELATED = "同居人"


def rebuilt_record(kept: KeptRecord, items: CsItems | None, addressee_number: int) -> ResidentRecord:
    """Make a record of what a CS, or without `items` a prefecture, keeps of somebody; everybody lives alone in it.

    Whoever is a householder stays one; all others are in a household that has none. Only a CS knows relationships and
    the days since when somebody lives there: elsewhere the day of the last change stands in their place, and that the
    day is not known beside it. A moving-out that was notified is a remark: nobody is struck by what is not whole.
    Where there is no CS any more a new one is told of everybody anew, and the levels above by it: as one update more.

    Law: 住民基本台帳法施行令 第17条; own definition.
    """
    told = kept.record
    relationship = _relationship(items)
    name = _name(kept)
    told_on = items.notified_on if items is not None else told.change_date
    since = items.resident_since if items is not None else told.change_date
    here = items.address_since if items is not None else told.change_date
    unknown = None if items is not None else UNKNOWN_DAY
    return ResidentRecord(
        addressee_number=addressee_number,
        resident_record_code=told.resident_record_code,
        household_number=addressee_number,
        name=name,
        birth_date=told.birth_date,
        sex=told.sex,
        relationship=relationship,
        householder_name=name.kanji if relationship == HOUSEHOLDER else UNKNOWN,
        resident_kind=ResidentKind.FOREIGN if told.foreign_resident else ResidentKind.JAPANESE,
        resident_since=since,
        resident_since_notified_on=told_on,
        address_reason=AddressReason.UNKNOWN,
        current_address=_address(kept),
        address_since=here,
        address_since_notified_on=told_on,
        update_sequence=told.update_sequence + (0 if items is not None else 1),
        previous_address=items.previous_address if items is not None else None,
        previous_municipality=items.previous_municipality_code if items is not None else None,
        old_resident_record_code=told.old_resident_record_code,
        record_code_used_from=told.record_code_used_from,
        remarks=_remarks(kept),
        removal=None if told.living else Removal(_reason(told.change_reason), told.change_date, told_on),
        foreign=ForeignItems(since, UNKNOWN, UNKNOWN) if told.foreign_resident else None,
        processing_hold=told.living,
        resident_since_written=unknown,
        address_since_written=unknown,
    )


def _relationship(items: CsItems | None) -> str:
    """Give the relationship that the CS knows, or the one that says least."""
    known = items.relationship if items is not None else ""
    return known if check_relationship(known) is None else NOT_RELATED


def _name(kept: KeptRecord) -> PersonName:
    """Take the alias out of the brackets behind the name, where the network has it."""
    told = kept.record
    kanji, alias = name_and_alias(told.name_kanji) if told.foreign_resident else (told.name_kanji, "")
    former = told.former_surname_kanji if not told.foreign_resident else None
    return PersonName(
        kanji=kanji if alias else told.name_kanji,
        furigana=told.name_furigana,
        former_surname=FormerSurname(former, told.former_surname_furigana) if former else None,
        alias=alias or None,
    )


def _address(kept: KeptRecord) -> Address:
    """Take the building off an address of one line; which of the rest is the town and which the lot nobody knows."""
    told = kept.record
    place, _, building = told.address.partition("　")
    return Address(told.municipality_code, place, "", building, told.postal_code, told.aza_code)


def _remarks(kept: KeptRecord) -> tuple[str, ...]:
    plan = kept.record.scheduled_move_out_on
    if not kept.record.living or not kept.record.scheduled_flag:
        return (REBUILT,)
    return (REBUILT, f"転出予定　{plan.isoformat() if plan is not None else UNKNOWN_DAY}")


def _reason(reason: ChangeReason) -> ChangeReason:
    return reason if reason in REMOVAL_REASONS else ChangeReason.STRUCK_OTHER


def rebuilt_measure(number: str, addressee_number: int, on: date) -> ProtectionMeasure:
    """Keep an address back that the CS keeps back: a provisional measure, of which nobody knows from whom or why.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    return ProtectionMeasure(number, ProtectionGround.SIMILAR, addressee_number, (), (), on)
