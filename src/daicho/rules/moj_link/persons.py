"""Whom a town's notice names, as the Ministry would name them, and how they read after a notice of its own.  外国人住民の表記"""

import string
import unicodedata

from daicho.rules.moj_link.municipal import MunicipalAct, MunicipalNotice
from daicho.rules.moj_link.notice import MojItems, MojPerson, check_moj_person

_LETTERS = frozenset(string.ascii_uppercase + " '.,-")


def person_told_by(told: MunicipalNotice) -> MojPerson | None:
    """Read whom a town names; the record has Roman letters of full width where the card shows no kanji.

    Law: 住民基本台帳事務処理要領 第1の4(1); own definition.
    """
    plain = unicodedata.normalize("NFKC", told.name).upper()
    in_letters = _LETTERS.issuperset(plain)
    roman = (told.roman or (plain if in_letters else "")).upper()
    kanji = "" if in_letters else told.name
    if not (roman or kanji) or not told.nationality:
        return None
    return MojPerson(told.card_number, roman, kanji, told.birth_date, told.sex, told.nationality)


def person_to_tell_of(told: MunicipalNotice) -> MojPerson | None:
    """Read of whom a notice may be made that answers a town's: who is struck is nobody's any more.

    Law: 住民基本台帳法 第30条の50; own definition.
    """
    person = None if told.act is MunicipalAct.STRUCK else person_told_by(told)
    return person if person is not None and check_moj_person(person) is None else None


def person_after(person: MojPerson, items: MojItems) -> MojPerson:
    """Give somebody as the own record reads after a notice.

    Law: none, arrangement of one value.
    """
    named = bool(items.roman or items.kanji)
    return MojPerson(
        items.card_number or person.card_number,
        items.roman if named else person.roman,
        items.kanji if named else person.kanji,
        items.birth_date or person.birth_date,
        items.sex or person.sex,
        items.nationality or person.nationality,
    )
