"""May this file be kept and passed on?  Its items must say what its own texts say, and be of the town that sends it."""

from collections.abc import Sequence
from datetime import date, timedelta

from daicho.rules.destination.record import (
    ADDRESS_CHARACTERS,
    CONTROL_NUMBER_CHARACTERS,
    MAX_PERSONS,
    NAME_CHARACTERS,
    PATTERN_BYTES,
    DestinationInfo,
    DestinationPerson,
)
from daicho.rules.destination.settings import OfficePlace, check_place
from daicho.rules.law.article import security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import is_postal_code
from daicho.rules.people.characters.identify import character_count, split_characters
from daicho.rules.people.characters.substitute import SubstitutionResult
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import can_be_shown, gaiji_count

_ARTICLE = security_standard("6-7")
_CATEGORY_CHARACTERS = 40
# The text, its length, its 外字数 where the file has one, how long it may be.
_COUNTED = (
    ("destination_address", "destination_address_length", "destination_address_gaiji_count", ADDRESS_CHARACTERS),
    ("destination_name", "destination_name_length", "destination_name_gaiji_count", NAME_CHARACTERS),
    ("municipality_name", "municipality_name_length", "", NAME_CHARACTERS),
    ("municipality_address", "municipality_address_length", "municipality_address_gaiji_count", ADDRESS_CHARACTERS),
    ("issue_place_name", "issue_place_name_length", "issue_place_name_gaiji_count", NAME_CHARACTERS),
    ("issue_place_address", "issue_place_address_length", "issue_place_address_gaiji_count", ADDRESS_CHARACTERS),
    ("card_delivery_place_name", "card_delivery_place_name_length", "card_delivery_place_name_gaiji_count",
     NAME_CHARACTERS),
    ("card_delivery_place_address", "card_delivery_place_address_length",
     "card_delivery_place_address_gaiji_count", ADDRESS_CHARACTERS),
)  # fmt: skip
_COUNTED_OF_PERSONS = (
    ("name_kanji", "name_kanji_length", "name_gaiji_count", NAME_CHARACTERS),
    ("name_kana", "name_kana_length", "", NAME_CHARACTERS),
    ("address", "address_length", "address_gaiji_count", ADDRESS_CHARACTERS),
    ("substitute_name", "substitute_name_length", "", NAME_CHARACTERS),
    ("substitute_address", "substitute_address_length", "", ADDRESS_CHARACTERS),
)
_MAY_BE_EMPTY = frozenset({"name_kana"})


def is_control_number(text: str) -> bool:
    """Tell whether a text can be the number of a destination.  送付先管理番号

    Law: none, own definition.
    """
    return 0 < len(text) <= CONTROL_NUMBER_CHARACTERS and text.isascii() and text.isprintable()


def check_destination(info: DestinationInfo, town: MunicipalityCode, on: date) -> Refusal | None:
    """Refuse a file of another town or a day to come, whose counts differ from its texts, or with an item malformed.

    At midnight servers differ by a day.

    Law: 平成14年総務省告示第334号 第6-7; lengths and counts are own definition.
    """
    if info.municipality_code != town:
        return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "municipality_code")
    if not is_control_number(info.destination_control_number):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "destination_control_number")
    if info.destination_postal_code and not is_postal_code(info.destination_postal_code):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "destination_postal_code")
    if info.processed_on > on + timedelta(days=1):
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "processed_on")
    refusal = _check_words(info) or _check_counted(info, _COUNTED) or _check_places(info)
    if refusal is not None:
        return refusal
    if info.person_count != len(info.persons) or not 0 < info.person_count <= MAX_PERSONS:
        return Refusal(Reason.COUNT_DIFFERS, _ARTICLE, "person_count")
    if len({one.resident_record_code for one in info.persons}) != info.person_count:
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "resident_record_code")
    for person in info.persons:
        refusal = _check_person(person)
        if refusal is not None:
            return refusal
    return None


def _check_words(info: DestinationInfo) -> Refusal | None:
    for field, text in (("operator_role_id", info.operator_role_id), ("terminal_id", info.terminal_id)):
        if len(text) > CONTROL_NUMBER_CHARACTERS or (text and not text.isprintable()):
            return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, field)
    return None if info.operator_role_id else Refusal(Reason.FIELD_MISSING, _ARTICLE, "operator_role_id")


def _check_counted(
    whole: DestinationInfo | DestinationPerson, counted: Sequence[tuple[str, str, str, int]]
) -> Refusal | None:
    for field, length, gaiji, limit in counted:
        text: str = getattr(whole, field)
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
        if not text and field not in _MAY_BE_EMPTY:
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, field)
        if text and not can_be_shown(text, limit):
            return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, field)
        if getattr(whole, length) != character_count(text):
            return Refusal(Reason.COUNT_DIFFERS, _ARTICLE, length)
        if gaiji and getattr(whole, gaiji) != gaiji_count(text):
            return Refusal(Reason.COUNT_DIFFERS, _ARTICLE, gaiji)
    return None


def _check_places(info: DestinationInfo) -> Refusal | None:
    for prefix in ("municipality", "issue_place", "card_delivery_place"):
        parts = (getattr(info, f"{prefix}_{part}") for part in ("name", "postal_code", "address", "phone"))
        refusal = check_place(OfficePlace(*parts), prefix)
        if refusal is not None:
            return refusal
    return None


def _check_person(person: DestinationPerson) -> Refusal | None:
    refusal = _check_counted(person, _COUNTED_OF_PERSONS) or _check_characters(person)
    if refusal is not None:
        return refusal
    if person.individual_number is None:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "individual_number")
    if person.postal_code and not is_postal_code(person.postal_code):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "postal_code")
    if len(person.foreign_category) > _CATEGORY_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "foreign_category")
    if person.stay_expires_on is not None and not person.foreign_category:
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "stay_expires_on")
    if person.roman_name and not can_be_shown(person.roman_name, NAME_CHARACTERS):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "roman_name")
    if person.roman_name_update_flag is not bool(person.roman_name):
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "roman_name_update_flag")
    return None


def _check_characters(person: DestinationPerson) -> Refusal | None:
    """Refuse places that are not in their text, a result or a flag that they contradict, pictures of something else."""
    for field, text, places in (
        ("substitute_name_positions", person.name_kanji, person.substitute_name_positions),
        ("substitute_address_positions", person.address, person.substitute_address_positions),
    ):
        if list(places) != sorted(set(places)) or not all(
            1 <= one <= character_count(text) for one in places
        ):
            return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, field)
    replaced = bool(person.substitute_name_positions or person.substitute_address_positions)
    if replaced is (person.substitution_result is SubstitutionResult.NOT_NEEDED):
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "substitution_result")
    if person.gaiji_flag is not (person.name_gaiji_count + person.address_gaiji_count > 0):
        return Refusal(Reason.COUNT_DIFFERS, _ARTICLE, "gaiji_flag")
    texts = [split_characters(text) for text in (person.name_kanji, person.address)]
    for one in person.gaiji_pattern:
        if not any(
            1 <= one.position <= len(text) and text[one.position - 1] == one.character for text in texts
        ):
            return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "gaiji_pattern")
        if not 0 < len(one.image) <= PATTERN_BYTES:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "gaiji_pattern")
    return None
