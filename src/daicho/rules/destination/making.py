"""The file made from the records of a household, each time that it is needed, and what is computed in it.  送付先情報の作成"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.rules.destination.record import (
    MAX_PERSONS,
    DestinationInfo,
    DestinationPerson,
    PrintKind,
)
from daicho.rules.destination.settings import TownPlaces
from daicho.rules.destination.stated import StatedDestination
from daicho.rules.identity.projection import name_upward
from daicho.rules.people.characters.identify import NO_OWN, OwnTable, character_count
from daicho.rules.people.characters.substitute import destination_characters
from daicho.rules.people.characters.tables import CharacterTables
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.people.names import gaiji_count
from daicho.rules.register.record import ResidentRecord


@dataclass(frozen=True, slots=True)
class DestinationStamp:
    """Under which number, on which day, by whom and at which terminal a file is made.  送付先管理番号・操作情報

    Law: none, items 1 and 34 to 37 of the destination file.
    """

    control_number: str
    processed_on: date
    operator_role_id: str
    terminal_id: str
    print_kind: PrintKind


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a letter goes and to whom.  送付先

    Law: none, items 2 to 8 of the destination file.
    """

    postal_code: str
    address: str
    name: str


def addressed_to(
    record: ResidentRecord, stated: StatedDestination | None, town: str, on: date, *, guarded: bool = False
) -> Addressed:
    """Tell where the notice of somebody goes: where they stated, or to their householder at their address.

    Whoever is `guarded` is written to themselves: the householder may be whom they are guarded from. `town` is how the
    municipality is written before an address, with its prefecture.

    Law: 番号法 第7条第1項; to the householder, since one letter holds a household's notices: own definition.
    """
    if stated is not None and stated.holds(on):
        return Addressed(stated.postal_code, stated.address, stated.name or name_upward(record.name))
    home = record.current_address
    own = name_upward(record.name)
    to = own if guarded else record.householder_name or own
    return Addressed(home.postal_code, f"{town}{home.one_line()}", to)


def make_destination(
    where: Addressed,
    people: Sequence[tuple[ResidentRecord, IndividualNumber]],
    places: TownPlaces,
    stamp: DestinationStamp,
    tables: CharacterTables,
    own: OwnTable = NO_OWN,
    *,
    town: str,
) -> DestinationInfo:
    """Make the file of one destination from its people's records and numbers and the town's settings.

    At least one and at most `MAX_PERSONS` people, each with a code.

    Law: 番号法 第7条第1項; lengths count characters, a selector with the one before it: own definition.
    """
    if not 0 < len(people) <= MAX_PERSONS:
        raise ValueError("a destination has from one person to as many as its count can say")
    office, issue, delivery = places.town, places.issue_place, places.card_delivery_place
    return DestinationInfo(
        destination_control_number=stamp.control_number,
        destination_postal_code=where.postal_code,
        destination_address_length=character_count(where.address),
        destination_address=where.address,
        destination_address_gaiji_count=gaiji_count(where.address),
        destination_name_length=character_count(where.name),
        destination_name=where.name,
        destination_name_gaiji_count=gaiji_count(where.name),
        municipality_code=places.municipality,
        municipality_name_length=character_count(office.name),
        municipality_name=office.name,
        municipality_postal_code=office.postal_code,
        municipality_address_length=character_count(office.address),
        municipality_address=office.address,
        municipality_address_gaiji_count=gaiji_count(office.address),
        municipality_phone=office.phone,
        issue_place_name_length=character_count(issue.name),
        issue_place_name=issue.name,
        issue_place_name_gaiji_count=gaiji_count(issue.name),
        issue_place_postal_code=issue.postal_code,
        issue_place_address_length=character_count(issue.address),
        issue_place_address=issue.address,
        issue_place_address_gaiji_count=gaiji_count(issue.address),
        issue_place_phone=issue.phone,
        card_delivery_place_name_length=character_count(delivery.name),
        card_delivery_place_name=delivery.name,
        card_delivery_place_name_gaiji_count=gaiji_count(delivery.name),
        card_delivery_place_postal_code=delivery.postal_code,
        card_delivery_place_address_length=character_count(delivery.address),
        card_delivery_place_address=delivery.address,
        card_delivery_place_address_gaiji_count=gaiji_count(delivery.address),
        card_delivery_place_phone=delivery.phone,
        person_count=len(people),
        processed_on=stamp.processed_on,
        operator_role_id=stamp.operator_role_id,
        terminal_id=stamp.terminal_id,
        print_kind=stamp.print_kind,
        persons=tuple(_person(record, number, town, tables, own) for record, number in people),
    )


def _person(
    record: ResidentRecord, number: IndividualNumber, town: str, tables: CharacterTables, own: OwnTable
) -> DestinationPerson:
    if record.resident_record_code is None:
        raise ValueError("nobody has an individual number without a resident record code")
    name, kana, home = name_upward(record.name), record.name.furigana or "", record.current_address
    address = f"{town}{home.one_line()}"
    written = destination_characters(name, address, tables, own)
    foreign, roman = record.foreign, record.name.roman or ""
    return DestinationPerson(
        resident_record_code=record.resident_record_code,
        name_kanji_length=character_count(name),
        name_kanji=name,
        name_gaiji_count=gaiji_count(name),
        name_kana_length=character_count(kana),
        name_kana=kana,
        postal_code=home.postal_code,
        address_length=character_count(address),
        address=address,
        address_gaiji_count=gaiji_count(address),
        birth_date=record.birth_date,
        sex=record.sex,
        individual_number=number,
        foreign_category=foreign.category if foreign is not None else "",
        stay_expires_on=foreign.residence_expires_on if foreign is not None else None,
        substitution_result=written.substitution_result,
        substitute_name_length=written.substitute_name_length,
        substitute_name=written.substitute_name,
        substitute_address_length=written.substitute_address_length,
        substitute_address=written.substitute_address,
        substitute_name_positions=written.substitute_name_positions,
        substitute_address_positions=written.substitute_address_positions,
        gaiji_flag=written.gaiji_flag,
        gaiji_pattern=written.gaiji_pattern,
        roman_name=roman,
        roman_name_update_flag=bool(roman),
    )
