"""To whom a letter about some people of one household is addressed, and where.  宛名

One letter goes to each household: one address never tells the other.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from daicho.rules.certificates.content import LetterPlace
from daicho.rules.people.age import ages_on
from daicho.rules.register.reasons import ChangeReason
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
) -> ResidentRecord | None:
    """Choose who is addressed for some people of one household: a householder among them, else the first adult who lives here.

    Then an adult who has left. For children who live here the householder is written to, who may give notice for them, else
    an adult of the household; a child who has left is written to where it went, and never at the household that it left.
    Nobody writes to the dead: for them alone the household is written to, and nobody where none of it is left.

    Law: 住民基本台帳法 第26条; 民法 第4条; the choice is own definition.
    """
    reached = [one for one in people if not has_died(one)]
    grown = [one for one in reached if is_adult(one, on)]
    first = _heads([one for one in grown if one.living]) or grown
    if first:
        return first[0]
    if any(one.living for one in reached) or not reached:
        mates = _heads(one for one in household if one.living and is_adult(one, on))
        if mates:
            return mates[0]
    return next(iter(_heads(one for one in reached if one.living) or reached), None)


def _heads(people: Iterable[ResidentRecord]) -> list[ResidentRecord]:
    """Put a householder first, the others by their number."""
    return sorted(people, key=lambda one: (not one.is_householder, one.addressee_number))


def has_died(record: ResidentRecord) -> bool:
    """Tell whether somebody's record was struck because they died.

    Law: 住民基本台帳法施行令 第8条
    """
    return record.removal is not None and record.removal.reason is ChangeReason.DEATH


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
