"""Where a record holds a character, and the correction that writes another one in its place.  文字の同定による修正"""

from dataclasses import dataclass, replace
from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.names import PersonName
from daicho.rules.register.correction import Correction
from daicho.rules.register.record import ResidentRecord

_ARTICLE = juki("14")


@dataclass(frozen=True, slots=True)
class CharacterChange:
    """Which character of a record is to be written as which other one, by whose leave.  文字の置換え

    Law: 住民基本台帳法 第14条
    """

    character: str
    written: str
    corrected_on: date
    permit_id: str
    what: str


def character_texts(record: ResidentRecord) -> tuple[str, ...]:
    """List the texts of a record in which characters are identified: names, addresses, domicile and its head.

    A householder's name stands in that person's own record.
    Law: none, own definition of 文字同定.
    """
    former = record.name.former_surname
    texts = (
        record.name.kanji,
        former.kanji if former is not None else None,
        record.name.alias,
        record.current_address.one_line(),
        record.previous_address,
        record.registered_domicile,
        record.family_register_head,
    )
    return tuple(text for text in texts if text)


def holds_character(record: ResidentRecord, character: str) -> bool:
    """Tell whether a character stands in a record; with another selector it would be another one.

    Law: none, own definition.
    """
    return any(character in split_characters(text) for text in character_texts(record) if character in text)


def correction_of_character(record: ResidentRecord, change: CharacterChange) -> Correction | Refusal:
    """Make the minor correction that writes a character otherwise wherever a record holds it.

    Law: 住民基本台帳法 第14条; 住民基本台帳法施行規則 第11条 (軽微な修正)
    """
    if not change.written:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "written")
    if change.written == change.character or not holds_character(record, change.character):
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "character")

    def anew(text: str | None) -> str | None:
        return None if text is None else _written(text, change)

    return Correction(
        addressee_number=record.addressee_number,
        corrected_on=change.corrected_on,
        permit_id=change.permit_id,
        what=change.what,
        minor=True,
        name=_name(record.name, change),
        current_address=_address(record.current_address, change),
        previous_address=anew(record.previous_address),
        registered_domicile=anew(record.registered_domicile),
        family_register_head=anew(record.family_register_head),
    )


def _written(text: str, change: CharacterChange) -> str:
    return "".join(change.written if one == change.character else one for one in split_characters(text))


def _name(name: PersonName, change: CharacterChange) -> PersonName:
    former = name.former_surname
    return replace(
        name,
        kanji=_written(name.kanji, change),
        former_surname=former and replace(former, kanji=_written(former.kanji, change)),
        alias=name.alias and _written(name.alias, change),
    )


def _address(address: Address, change: CharacterChange) -> Address:
    town, block, building = (
        _written(text, change) for text in (address.town, address.block, address.building)
    )
    return replace(address, town=town, block=block, building=building)
