"""A text for a system that knows JIS X 0208 alone: what it lacks is replaced, and counted.  文字の縮退"""

from dataclasses import dataclass

from daicho.rules.people.characters.identify import NO_OWN, OwnTable, split_characters
from daicho.rules.people.characters.substitute import substitute
from daicho.rules.people.characters.tables import CharacterTables

GETA = "〓"
# One cell of the standard that systems map to two code points: none of both is replaced.
_OTHER_POINTS = frozenset("～∥－￠￡￢―‖−¢£¬〜—")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text in the characters of JIS X 0208, and how many of its characters are not those of the record.  縮退後の文字列

    Law: none, own definition
    """

    text: str
    replaced: int = 0


def in_jis_x_0208(character: str) -> bool:
    """Tell whether JIS X 0208 or ASCII holds a character.

    Law: none, JIS X 0208:1997
    """
    if character in _OTHER_POINTS:
        return True
    try:
        character.encode("iso2022_jp")
    except UnicodeEncodeError:
        return False
    return True


def plain_text(text: str, tables: CharacterTables, own: OwnTable = NO_OWN) -> PlainText:
    """Replace what JIS X 0208 lacks by the nearest form that it has, else by 〓; each counts, a dropped selector, too.

    Law: none, own definition after F3-53
    """
    written, replaced = [], 0
    for character in split_characters(text):
        form = _form(character, tables, own)
        replaced += form != character
        written.append(form)
    return PlainText("".join(written), replaced)


def _form(character: str, tables: CharacterTables, own: OwnTable) -> str:
    if in_jis_x_0208(character):
        return character
    for form in (substitute(character, tables, own).text, character[0]):
        if form and all(map(in_jis_x_0208, form)):
            return form
    return GETA
