"""Patterns of households made ready: days instead of ages, tables of names instead of years and sexes."""

from datetime import date
from functools import cache
from typing import NamedTuple

from daicho.world.people.households import STRANGER, Member, Pattern
from daicho.world.people.names import Name, given_names
from daicho.world.people.weighing import weighed_patterns

TODAY = date(2026, 11, 20)
_EPOCH = date(1900, 1, 1)
_LATEST_NOTICE_DAYS = 14
_OF_AGE = 19  # who forms a household of their own moved at this age at the earliest
_SETTLED_DAYS = 20
_A_GENERATION = 30


def day_number(day: date) -> int:
    """Count the days from the first that anybody here could be born on."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Give the day of a number."""
    return date.fromordinal(_EPOCH.toordinal() + number)


TODAY_NUMBER = day_number(TODAY)


@cache
def written_days() -> list[str]:
    """Write every day by its number; a notice that would come after today comes today."""
    return [day_of(min(number, TODAY_NUMBER)).isoformat() for number in range(TODAY_NUMBER + _LATEST_NOTICE_DAYS + 1)]


class Person(NamedTuple):
    """One member of a planned household."""

    words: str  # sex and relationship as two columns
    first_birthday: int  # the first day of birth that gives the age, and how many such days there are
    birthdays: int
    surname: int
    register: int
    at_home: bool  # in the same family register as the householder
    wed: bool
    foreign: bool
    member: Member


class Plan(NamedTuple):
    """A household that only lacks names, days and an address."""

    people: tuple[Person, ...]
    names: tuple[list[Name], ...]
    two_surnames: bool
    two_registers: bool
    since: int  # no move lies before this day
    absent: list[Name]  # given names of fathers and late husbands who head a family register
    foreign: bool
    mixed: bool


@cache
def plans() -> list[Plan]:
    """Give the table of weighed patterns with everything made ready."""
    made: dict[int, Plan] = {}
    table = []
    for pattern in weighed_patterns():
        plan = made.get(id(pattern))
        if plan is None:
            plan = made[id(pattern)] = _plan(pattern)
        table.append(plan)
    return table


def _birthday(age: int) -> int:
    """Give the last day of birth of those who are so old today."""
    return day_number(TODAY.replace(year=TODAY.year - age))


def _person(member: Member, head: Member) -> Person:
    last = _birthday(member.age)
    first = _birthday(member.age + 1) + 1
    return Person(
        words=f"{member.sex},{member.relationship}",
        first_birthday=first,
        birthdays=0 if member.twin else last - first + 1,
        surname=member.surname,
        register=member.register,
        at_home=member.register == head.register and member.surname == head.surname,
        wed=member.relationship in ("妻", "夫"),
        foreign=member.foreign,
        member=member,
    )


def _plan(pattern: Pattern) -> Plan:
    members = pattern.members
    head = members[0]
    people = tuple(_person(member, head) for member in members)
    adults = [member.age for member in members[:2] if member.age > _OF_AGE] or [_OF_AGE]
    since = 0 if pattern.native else min(_birthday(min(adults) - _OF_AGE), TODAY_NUMBER - _SETTLED_DAYS)
    born = TODAY.year - head.age
    foreign = any(member.foreign for member in members)
    return Plan(
        people=people,
        names=tuple(given_names(member.sex, TODAY.year - member.age) for member in members),
        two_surnames=any(member.surname for member in members),
        two_registers=not all(person.at_home for person in people),
        since=since,
        absent=given_names("MALE", born if head.age > 2 * _A_GENERATION else born - _A_GENERATION),
        foreign=foreign,
        mixed=foreign and not all(member.foreign for member in members),
    )
