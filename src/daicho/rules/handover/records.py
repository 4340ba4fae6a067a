"""A resident record as the fields of a line, and back; what its items say of each other is asked here.

Law: 住民基本台帳法 第7条, 第30条の45
"""

from collections.abc import Mapping
from typing import Any

from daicho.rules.handover.layout import RECORD_COLUMNS, format_fields
from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.written_dates import may_mean_that_day, says_that_day
from daicho.rules.register.reasons import REMOVAL_REASONS
from daicho.rules.register.record import (
    ForeignItems,
    Removal,
    ResidentKind,
    ResidentRecord,
    ScheduledMoveOut,
)

Wrong = tuple[str, Reason]
_SAME = (
    "resident_record_code", "household_number", "birth_date", "sex", "relationship", "householder_name",
    "resident_kind", "resident_since", "resident_since_notified_on", "address_reason", "address_since",
    "address_since_notified_on", "update_sequence", "previous_address", "move_in_from_address",
    "move_out_to_address", "registered_domicile", "family_register_head", "old_resident_record_code",
    "birth_written", "resident_since_written", "address_since_written",
    "record_code_used_from", "remarks", "de_facto_householder", "programme_info",
    "certificate_history", "card_info", "seal_registration", "processing_hold", "rewritten_on",
)  # fmt: skip
_OF_REMOVAL = ("removed_on", "removal_notified_on")
_WRITTEN_BESIDE = (
    ("resident_since", "resident_since_written"), ("address_since", "address_since_written"),
    ("removed_on", "removed_written"),
)  # fmt: skip
_OF_SCHEDULE = (
    "scheduled_notified_on", "scheduled_destination", "scheduled_destination_code", "scheduled_abroad",
    "scheduled_by_card", "scheduled_successor", "scheduled_relations",
)  # fmt: skip
_OF_FOREIGNERS = (
    "nationality", "foreign_category", "foreign_since", "residence_card_number", "residence_status",
    "residence_period", "residence_expires_on", "alias_history",
)  # fmt: skip
_NEEDED_OF_FOREIGNERS = ("nationality", "foreign_category", "foreign_since")


def record_values(record: ResidentRecord) -> dict[str, Any]:
    """Lay a record out in fields.

    Law: none, an own layout.
    """
    name, home = record.name, record.current_address
    former, removal, plan, foreign = (
        name.former_surname,
        record.removal,
        record.scheduled_move_out,
        record.foreign,
    )
    values: dict[str, Any] = {item: getattr(record, item) for item in _SAME}
    values |= {
        "name_kanji": name.kanji,
        "name_furigana": name.furigana,
        "furigana_confirmed": name.furigana_confirmed,
        "name_roman": name.roman,
        "alias": name.alias,
        "municipality_code": home.municipality,
        "town": home.town,
        "block": home.block,
        "building": home.building,
        "postal_code": home.postal_code,
        "aza_code": home.aza_code,
        "previous_municipality_code": record.previous_municipality,
    }
    if former is not None:
        values |= {"former_surname_kanji": former.kanji, "former_surname_furigana": former.furigana}
    if removal is not None:
        values |= {
            "removal_reason": removal.reason,
            "removed_on": removal.removed_on,
            "removal_notified_on": removal.notified_on,
            "removed_written": removal.removed_written,
        }
    if plan is not None:
        values |= {
            "scheduled_on": plan.scheduled_on,
            "scheduled_notified_on": plan.notified_on,
            "scheduled_destination": plan.destination,
            "scheduled_destination_code": plan.destination_municipality,
            "scheduled_abroad": plan.abroad,
            "scheduled_by_card": plan.by_card,
            "scheduled_successor": plan.successor,
            "scheduled_relations": plan.relations,
        }
    if foreign is not None:
        values |= {
            "nationality": foreign.nationality,
            "foreign_category": foreign.category,
            "foreign_since": foreign.since,
            "residence_card_number": foreign.residence_card_number,
            "residence_status": foreign.residence_status,
            "residence_period": foreign.residence_period,
            "residence_expires_on": foreign.residence_expires_on,
            "alias_history": foreign.alias_history,
        }
    return values


def format_record(record: ResidentRecord) -> str:
    """Write a record as the fields of a line, always the same for the same record.

    Law: none, an own layout.
    """
    return format_fields(RECORD_COLUMNS, record_values(record))


def read_record_values(addressee_number: int, values: Mapping[str, Any]) -> ResidentRecord | list[Wrong]:
    """Make a record of its fields, or name every item that does not go with the others.

    Law: 住民基本台帳法 第7条, 第30条の45
    """
    wrong = [*_check_name(values), *_check_removal(values), *_check_schedule(values), *_check_foreign(values)]
    if not says_that_day(values["birth_written"], values["birth_date"]):
        wrong.append(("birth_written", Reason.DATE_MALFORMED))
    wrong += [
        (written, Reason.DATE_MALFORMED)
        for day, written in _WRITTEN_BESIDE
        if values[day] is not None and not may_mean_that_day(values[written], values[day])
    ]
    if wrong:
        return wrong
    try:
        return _record(addressee_number, values)
    except ValueError:  # what no item refused alone
        return [("", Reason.FIELD_UNKNOWN_VALUE)]


def _record(addressee_number: int, values: Mapping[str, Any]) -> ResidentRecord:
    former = values["former_surname_kanji"]
    return ResidentRecord(
        addressee_number=addressee_number,
        name=PersonName(
            values["name_kanji"],
            values["name_furigana"],
            values["furigana_confirmed"],
            values["name_roman"],
            FormerSurname(former, values["former_surname_furigana"]) if former else None,
            values["alias"],
        ),
        current_address=Address(
            values["municipality_code"],
            values["town"],
            values["block"],
            values["building"],
            values["postal_code"],
            values["aza_code"],
        ),
        previous_municipality=values["previous_municipality_code"],
        removal=_removal(values),
        scheduled_move_out=_schedule(values),
        foreign=_foreign(values),
        **{item: values[item] for item in _SAME},
    )


def _check_name(values: Mapping[str, Any]) -> list[Wrong]:
    wrong: list[Wrong] = []
    if values["former_surname_furigana"] and not values["former_surname_kanji"]:
        wrong.append(("former_surname_kanji", Reason.FIELD_MISSING))
    return wrong


def _check_removal(values: Mapping[str, Any]) -> list[Wrong]:
    reason = values["removal_reason"]
    if reason is None:
        told = (*_OF_REMOVAL, "removed_written")
        return [("removal_reason", Reason.FIELD_MISSING) for item in told if values[item] is not None][:1]
    wrong = [(item, Reason.FIELD_MISSING) for item in _OF_REMOVAL if values[item] is None]
    if reason not in REMOVAL_REASONS:
        wrong.append(("removal_reason", Reason.FIELD_UNKNOWN_VALUE))
    return wrong


def _check_schedule(values: Mapping[str, Any]) -> list[Wrong]:
    if values["scheduled_on"] is None:
        return [("scheduled_on", Reason.FIELD_MISSING) for item in _OF_SCHEDULE if values[item]][:1]
    if values["scheduled_notified_on"] is None:
        return [("scheduled_notified_on", Reason.FIELD_MISSING)]
    return []


def _check_foreign(values: Mapping[str, Any]) -> list[Wrong]:
    if values["resident_kind"] is ResidentKind.JAPANESE:
        wrong = [(item, Reason.FOREIGN_ITEMS_FORBIDDEN) for item in _OF_FOREIGNERS if values[item]]
        if values["alias"]:
            wrong.append(("alias", Reason.ALIAS_ONLY_FOREIGN))
        return wrong
    wrong = [(item, Reason.FOREIGN_ITEMS_MISSING) for item in _NEEDED_OF_FOREIGNERS if not values[item]]
    if values["former_surname_kanji"]:
        wrong.append(("former_surname_kanji", Reason.FORMER_SURNAME_ONLY_JAPANESE))
    return wrong


def _removal(values: Mapping[str, Any]) -> Removal | None:
    reason = values["removal_reason"]
    if reason is None:
        return None
    return Removal(reason, values["removed_on"], values["removal_notified_on"], values["removed_written"])


def _schedule(values: Mapping[str, Any]) -> ScheduledMoveOut | None:
    if values["scheduled_on"] is None:
        return None
    return ScheduledMoveOut(
        values["scheduled_on"],
        values["scheduled_notified_on"],
        values["scheduled_destination"],
        values["scheduled_destination_code"],
        values["scheduled_abroad"],
        values["scheduled_by_card"],
        values["scheduled_successor"],
        values["scheduled_relations"],
    )


def _foreign(values: Mapping[str, Any]) -> ForeignItems | None:
    if values["resident_kind"] is ResidentKind.JAPANESE:
        return None
    return ForeignItems(
        values["foreign_since"],
        values["nationality"],
        values["foreign_category"],
        values["residence_card_number"],
        values["residence_status"],
        values["residence_period"],
        values["residence_expires_on"],
        values["alias_history"],
    )
