"""What the notice of an individual number and the form by which a card is asked for say.  個人番号通知書・交付申請書

The items of the notice are those by which it is known: number, name, birth date, its own number, its day. How it is laid out,
the form, the number of the application and how a letter is put together are own definitions.
"""

from collections.abc import Mapping
from datetime import date

from daicho.rules.certificates.content import (
    CertificateContent,
    CertificateItem,
    CertificateKind,
    LetterFacts,
    LetterPlace,
    PrintedItem,
    PrintedPerson,
)
from daicho.rules.destination.record import DestinationInfo, DestinationPerson
from daicho.rules.people.characters.convert import GETA
from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.dates import MalformedDate, PartialDate, era_text, western_text
from daicho.rules.people.sex import Sex

APPLICATION_DIGITS = 23
_SPECIMEN_NUMBER, _SPECIMEN_POSTAL = "123456789010", "0000000"
_SPECIMEN_BIRTH = date(1990, 1, 2)
_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""}


def application_id(chance: bytes) -> str:
    """Make the number of an application for a card from at least 12 unguessable bytes; it tells nothing of anybody.  申請書ID

    Twenty-two digits and a check digit (ISO/IEC 7812-1, as on other cards).

    Law: none, own definition.
    """
    payload = f"{int.from_bytes(chance) % 10 ** (APPLICATION_DIGITS - 1):0{APPLICATION_DIGITS - 1}d}"
    return payload + _check_digit(payload)


def _check_digit(payload: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(payload)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def notice_number(year: int, bundle: int, place: int) -> str:
    """Write the number of a notice: the year, the bundle in which it is printed, its place there from 1.  通知書番号

    Law: 番号法 第7条第1項; the form of the number is own definition.
    """
    return f"{year}-{bundle:06d}-{place:04d}"


def notice_paper(
    info: DestinationInfo, place: int, *, first: bool, enclosed: tuple[int, int]
) -> CertificateContent:
    """Say what stands on the notice and the form of the person at a place (from 1) of a file, the number with it.

    The `first` of a letter bears the address; `enclosed` tells which one of how many it is. The letter comes back to the
    municipality, as the post of the Agency does.

    Law: 番号法 第7条第1項; own definition in what a letter says besides.
    """
    person = info.persons[place - 1]
    if person.individual_number is None:
        raise ValueError("a notice tells a number")
    return CertificateContent(
        kind=CertificateKind.NUMBER_NOTICE,
        address="",
        householder_name=None,
        people=(PrintedPerson(person.name_kanji, person.name_kana, tuple(_items(person))),),
        letter=LetterFacts(
            place=_place(info) if first else None,
            rows=(
                (
                    "返還先",
                    _office(info.municipality_postal_code, info.municipality_address, info.municipality_name),
                ),
                (
                    "交付場所",
                    _office(info.issue_place_postal_code, info.issue_place_address, info.issue_place_name),
                ),
            ),
            words="{}／{}".format(*enclosed),
            contact=f"{info.municipality_name}　{info.municipality_phone}",
        ),
    )


def _items(person: DestinationPerson) -> list[PrintedItem]:
    items = [
        PrintedItem(CertificateItem.INDIVIDUAL_NUMBER, str(person.individual_number)),
        PrintedItem(
            CertificateItem.BIRTH_DATE, _day(person.birth_date, western=bool(person.foreign_category))
        ),
        PrintedItem(CertificateItem.SEX, _SEXES[person.sex]),
        PrintedItem(CertificateItem.ADDRESS, f"{postal_text(person.postal_code)}{person.address}"),
    ]
    if person.stay_expires_on is not None:
        until = PrintedItem(CertificateItem.RESIDENCE_EXPIRES_ON, western_text(person.stay_expires_on))
        items.append(until)
    if person.roman_name:
        items.append(PrintedItem(CertificateItem.ROMAN_NAME, person.roman_name))
    return items


def postal_text(postal_code: str) -> str:
    """Write a postal code before an address; nothing where it is not known.

    Law: none, 郵便番号.
    """
    return f"〒{postal_code[:3]}-{postal_code[3:]}　" if postal_code else ""


def _office(postal_code: str, address: str, name: str) -> str:
    return f"{postal_text(postal_code)}{address}　{name}"


def _place(info: DestinationInfo) -> LetterPlace:
    lines = [one for one in info.destination_address.split("　") if one]
    postal = postal_text(info.destination_postal_code).rstrip("　")
    return LetterPlace((postal, *lines) if postal else tuple(lines), info.destination_name)


def _day(day: PartialDate, *, western: bool) -> str:
    try:
        return western_text(day) if western else era_text(day)
    except MalformedDate:
        return western_text(day)


def specimen_content() -> CertificateContent:
    """Say what stands on a specimen: nobody, under a number that passes no check.  見本

    Law: none, own definition.
    """
    office = f"{postal_text(_SPECIMEN_POSTAL)}見本県見本市見本一丁目１番１号　見本市"
    items = (
        PrintedItem(CertificateItem.INDIVIDUAL_NUMBER, _SPECIMEN_NUMBER),
        PrintedItem(CertificateItem.BIRTH_DATE, era_text(_SPECIMEN_BIRTH)),
        PrintedItem(CertificateItem.SEX, _SEXES[Sex.FEMALE]),
        PrintedItem(
            CertificateItem.ADDRESS, f"{postal_text(_SPECIMEN_POSTAL)}見本県見本市見本二丁目２番２号"
        ),
    )
    where = LetterPlace(
        (postal_text(_SPECIMEN_POSTAL).rstrip("　"), "見本県見本市見本二丁目２番２号"), "見本　花子"
    )
    facts = LetterFacts(
        where, (("返還先", office), ("交付場所", office)), words="1／1", contact="見本市　00-0000-0000"
    )
    people = (PrintedPerson("見本　花子", "ミホン　ハナコ", items),)
    return CertificateContent(CertificateKind.NUMBER_NOTICE, "", None, people, facts)


def written_instead(info: DestinationInfo) -> Mapping[str, str]:
    """Tell what is written for characters of a file where no font has them: what its own items give as replacement.  代替文字

    Law: none, own definition after F3-53 to F3-59.
    """
    found: dict[str, str] = {}
    for person in info.persons:
        for text, written, positions in (
            (person.name_kanji, person.substitute_name, person.substitute_name_positions),
            (person.address, person.substitute_address, person.substitute_address_positions),
        ):
            whole, instead = split_characters(text), split_characters(written)
            if len(whole) != len(instead):
                continue
            pairs = [(whole[one - 1], instead[one - 1]) for one in positions if 0 < one <= len(whole)]
            found |= {one: other for one, other in pairs if other != GETA}
    return found
