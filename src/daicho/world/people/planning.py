"""A pattern of a household made ready: days instead of ages, tables of names instead of years and sexes."""

from datetime import date
from functools import cache
from typing import NamedTuple

from daicho.world.people.households import MAN, Member, Pattern
from daicho.world.people.names import Name, given_names

TODAY = date(2026, 11, 20)
_EPOCH = date(1900, 1, 1)
_YOUNGEST_DAYS = 15  # so that a birth has been notified
_OF_AGE = 19  # who forms a household of their own moved at this age at the earliest
_NEARLY_A_YEAR_DAYS = 300
_A_GENERATION, _ELDERLY = 30, 60
FOREIGNERS_FROM = date(2012, 7, 9)  # they are in the register from then on


def day_number(day: date) -> int:
    """Count the days from the first that anybody here could be born on."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Give the day of a number."""
    return date.fromordinal(_EPOCH.toordinal() + number)


TODAY_NUMBER = day_number(TODAY)


@cache
def written_days() -> list[str]:
    """Write every day until today by its number."""
    return [day_of(number).isoformat() for number in range(TODAY_NUMBER + 1)]


Person = tuple[str, int, int, bool, bool, Member]
"""Of one member: sex and relationship as two columns, the first day of birth that gives the age, how many such days
there are, whether foreign, whether married to the householder, and the member."""


class Plan(NamedTuple):
    """A household that only lacks names, days and an address."""

    people: tuple[Person, ...]
    names: tuple[list[Name], ...]
    others: tuple[int, ...]  # who does not bear the householder's surname
    registers: tuple[int, ...]  # who heads each one's family register
    at_home: tuple[bool, ...]  # whether that is the householder's
    one_register: bool
    since: int  # no move lies before this day, and some lie in the months after it
    absent: list[Name]  # given names of fathers and late husbands who head a family register
    foreign: bool
    mixed: bool


def _birthday(age: int) -> int:
    """Give the last day of birth of those who are so old today."""
    return day_number(TODAY.replace(year=TODAY.year - age))


def _person(member: Member) -> Person:
    last = min(_birthday(member.age), TODAY_NUMBER - _YOUNGEST_DAYS)
    first = _birthday(member.age + 1) + 1
    days = 0 if member.twin else last - first + 1
    wed = member.relationship in ("妻", "夫")
    return (f"{member.sex},{member.relationship}", first, days, member.foreign, wed, member)


@cache
def plan_of(pattern: Pattern) -> Plan:
    """Make a pattern ready."""
    members = pattern.members
    head = members[0]
    adults = [member.age for member in members[:2] if member.age > _OF_AGE] or [_OF_AGE]
    since = 0 if pattern.native else min(_birthday(min(adults) - _OF_AGE), TODAY_NUMBER - _NEARLY_A_YEAR_DAYS)
    foreign = any(member.foreign for member in members)
    at_home = tuple(member.register == head.register and member.surname == head.surname for member in members)
    elders = TODAY.year - head.age - (0 if head.age > _ELDERLY else _A_GENERATION)
    return Plan(
        people=tuple(_person(member) for member in members),
        names=tuple(given_names(member.sex, TODAY.year - member.age) for member in members),
        others=tuple(place for place, member in enumerate(members) if member.surname),
        registers=tuple(member.register for member in members),
        at_home=at_home,
        one_register=all(at_home),
        since=since,
        absent=given_names(MAN, elders),
        foreign=foreign,
        mixed=foreign and not all(member.foreign for member in members),
    )
