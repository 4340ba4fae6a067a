"""To whom a letter about some people of one household is addressed, and where.  宛名

One letter goes to each household: one address never tells the other.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from daicho.rules.certificates.content import LetterPlace
from daicho.rules.people.age import ages_on
from daicho.rules.register.record import ResidentRecord

ADULT_YEARS = 18
CARE_OF_CHARACTERS = 40


def by_household(people: Iterable[ResidentRecord]) -> dict[int, tuple[ResidentRecord, ...]]:
    """Put people of one household together, the householder first, then the others by their number.

    Law: none, own definition.
    """
    found: dict[int, list[ResidentRecord]] = {}
    for one in sorted(people, key=lambda one: (not one.is_householder, one.addressee_number)):
        found.setdefault(one.household_number, []).append(one)
    return {number: tuple(members) for number, members in sorted(found.items())}


def written_to(
    people: Sequence[ResidentRecord], household: Iterable[ResidentRecord], on: date
) -> ResidentRecord:
    """Choose who is addressed for some people of one household: a householder among them, else the first adult.

    For children alone the householder is written to, who may give notice for them, else an adult of the household.

    Law: 住民基本台帳法 第26条; 民法 第4条; the choice is own definition.
    """
    first = next((one for one in people if one.is_householder and one.living), None)
    if first is not None:
        return first
    grown = [one for one in people if is_adult(one, on)]
    if grown:
        return grown[0]
    others = sorted(
        (one for one in household if one.living and is_adult(one, on)),
        key=lambda one: (not one.is_householder, one.addressee_number),
    )
    return others[0] if others else people[0]


def is_adult(record: ResidentRecord, on: date) -> bool:
    """Tell whether somebody is certainly of age on a day.

    Law: 民法 第4条; of a year that nobody knows it is taken as such (own definition).
    """
    ages = ages_on(record.birth_date, on)
    return ages is None or ages.youngest >= ADULT_YEARS


def registered_place(record: ResidentRecord, town: str, name: str = "") -> LetterPlace:
    """Write the window of an envelope with the registered address: postal code, place, building on a line of its own.

    `town` is the name of the municipality that stands before an address. Whoever left is written to where they went.

    Law: 住民基本台帳法 第7条第7号; the arrangement is own definition.
    """
    if not record.living and record.move_out_to_address:
        return stated_place(record.move_out_to_address, name or record.name.kanji)
    home = record.current_address
    code = f"〒{home.postal_code[:3]}-{home.postal_code[3:]}" if home.postal_code else ""
    lines = (code, f"{town}{home.town}{home.block}", home.building)
    return LetterPlace(tuple(one for one in lines if one), name or record.name.kanji)


def stated_place(address: str, name: str, care_of: str = "", *, body: bool = False) -> LetterPlace:
    """Write the window of an envelope with an address that a clerk stated, at somebody's home where one is named.

    Law: none, own definition.
    """
    lines = tuple(line for line in address.replace("　", "\n").split("\n") if line.strip())
    return LetterPlace(lines, name, care_of, body)


def names_of(people: Iterable[ResidentRecord]) -> str:
    """Write several names in one line.

    Law: none, own definition.
    """
    return "、".join(one.name.kanji for one in people)
