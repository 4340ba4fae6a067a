"""The destination file: one destination, and the people of a household whose notices go there.  送付先情報

The 63 items are public by their names alone. What they hold where a name leaves that open (lengths, print kind, flags) is
own definition, named as such.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.people.characters.substitute import GaijiPattern, SubstitutionResult
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex

CONTROL_NUMBER_CHARACTERS = 64
MAX_PERSONS = 99
NAME_CHARACTERS = 310  # a name with its alias in brackets
ADDRESS_CHARACTERS = 620  # the parts of an address at their longest, and the names of its town and prefecture
PLACE_NAME_CHARACTERS = 80
PHONE_CHARACTERS = 20
PATTERN_BYTES = 64 * 1024


class PrintKind(StrEnum):
    """Why a notice is printed.  印刷区分

    Law: none, the codes are our own.
    """

    FIRST = "1"  # 新規: the first number
    CHANGED = "2"  # 番号変更: another number
    AGAIN = "3"  # 再送付: by order, such as of a letter that came back


@dataclass(frozen=True, slots=True)
class DestinationPerson:
    """One person's part of a destination file, items 38 to 63.  送付先情報（対象者）

    Law: 番号法 第7条第1項; the items are those of the destination file.
    """

    resident_record_code: ResidentRecordCode
    name_kanji_length: int
    name_kanji: str
    name_gaiji_count: int
    name_kana_length: int
    name_kana: str
    postal_code: str
    address_length: int
    address: str
    address_gaiji_count: int
    birth_date: PartialDate
    sex: Sex
    individual_number: IndividualNumber | None  # none only where a server keeps it sealed beside the file
    foreign_category: str
    stay_expires_on: date | None
    substitution_result: SubstitutionResult
    substitute_name_length: int
    substitute_name: str
    substitute_address_length: int
    substitute_address: str
    substitute_name_positions: tuple[int, ...]
    substitute_address_positions: tuple[int, ...]
    gaiji_flag: bool
    gaiji_pattern: tuple[GaijiPattern, ...]
    roman_name: str
    roman_name_update_flag: bool


@dataclass(frozen=True, slots=True)
class DestinationInfo:
    """One destination, items 1 to 37, and whose notices go there.  送付先情報

    Law: 番号法 第7条第1項; the items are those of the destination file.
    """

    destination_control_number: str
    destination_postal_code: str
    destination_address_length: int
    destination_address: str
    destination_address_gaiji_count: int
    destination_name_length: int
    destination_name: str
    destination_name_gaiji_count: int
    municipality_code: MunicipalityCode
    municipality_name_length: int
    municipality_name: str
    municipality_postal_code: str
    municipality_address_length: int
    municipality_address: str
    municipality_address_gaiji_count: int
    municipality_phone: str
    issue_place_name_length: int
    issue_place_name: str
    issue_place_name_gaiji_count: int
    issue_place_postal_code: str
    issue_place_address_length: int
    issue_place_address: str
    issue_place_address_gaiji_count: int
    issue_place_phone: str
    card_delivery_place_name_length: int
    card_delivery_place_name: str
    card_delivery_place_name_gaiji_count: int
    card_delivery_place_postal_code: str
    card_delivery_place_address_length: int
    card_delivery_place_address: str
    card_delivery_place_address_gaiji_count: int
    card_delivery_place_phone: str
    person_count: int
    processed_on: date
    operator_role_id: str
    terminal_id: str
    print_kind: PrintKind
    persons: tuple[DestinationPerson, ...]
