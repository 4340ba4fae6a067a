"""Names of people who do not exist: surnames as often as in Japan, given names as the year of birth has them.

The lists are our own. Beside them stand names put together from parts, so that a million people do not share a
few hundred names; what is written with an uncommon form of a character is in the lists.
"""

from collections.abc import Iterator
from functools import cache
from random import Random

from daicho.world.people.drawing import spread
from daicho.world.tables import rows_of

SURNAME_BITS = 16
GIVEN_BITS = 12
Name = tuple[str, str]  # as written, and its reading
_LISTED_SURNAMES = 0.6  # of all people; the others bear one of the many rare surnames
_LISTED_GIVEN = 0.58
_FIRST_DECADE, _LAST_DECADE = 191, 202
_UNCOMMON = frozenset("澤﨑嶋")  # a form that one family in eight writes


@cache
def _parts(use: str) -> list[tuple[int, int, list[Name], list[Name]]]:
    """Give what names are put together from: of which years, the beginnings and the ends."""
    found: dict[tuple[str, str], tuple[list[Name], list[Name]]] = {}
    for row in rows_of("name_parts.csv"):
        if row["use"] == use:
            beginnings, ends = found.setdefault((row["first"], row["last"]), ([], []))
            (beginnings if row["place"] == "begin" else ends).append((row["kanji"], row["reading"]))
    return [(int(first or 0), int(last or 0), *parts) for (first, last), parts in found.items()]


@cache
def surnames() -> list[Name]:
    """Give a table of 2 ** SURNAME_BITS surnames, each as often as its bearers are many."""
    listed = [((row["kanji"], row["reading"]), float(row["weight"])) for row in rows_of("surnames.csv")]
    known = {name for (name, _), _ in listed}
    rare = [
        ((begin + end, reading + ending), 0.14 if end in _UNCOMMON else 1.0)
        for _, _, beginnings, ends in _parts("SURNAME")
        for begin, reading in beginnings
        for end, ending in ends
        if begin != end and begin + end not in known
    ]
    Random("surnames").shuffle(rare)
    # The further down the list of a country's surnames, the fewer bear one.
    tail = [(name, weight / (rank + 150)) for rank, (name, weight) in enumerate(rare)]
    return _mixed(listed, tail, _LISTED_SURNAMES, SURNAME_BITS)


def given_names(sex: str, year: int) -> list[Name]:
    """Give a table of 2 ** GIVEN_BITS given names of those born in the decade of a year."""
    return _given_names(sex, min(max(year // 10, _FIRST_DECADE), _LAST_DECADE))


@cache
def _given_names(sex: str, decade: int) -> list[Name]:
    listed = [
        (name, float(weight * years))
        for whose, first, last, name, weight in _listed_given_names()
        if whose == sex and (years := _years_of(decade, first, last))
    ]
    # A listed name is borne in the years that the list tells, and in no others.
    known = {name[0] for whose, _, _, name, _ in _listed_given_names() if whose == sex}
    composed = [(name, years) for name, years in _composed(sex, decade) if name[0] not in known]
    return _mixed(listed, composed, _LISTED_GIVEN, GIVEN_BITS)


@cache
def _listed_given_names() -> list[tuple[str, int, int, Name, int]]:
    return [
        (row["sex"], int(row["first"]), int(row["last"]), (row["kanji"], row["reading"]), int(row["weight"]))
        for row in rows_of("given_names.csv")
    ]


def _composed(sex: str, decade: int) -> Iterator[tuple[Name, float]]:
    for first, last, beginnings, ends in _parts(sex):
        years = float(_years_of(decade, first, last))
        if years:
            for begin, reading in beginnings:
                for end, ending in ends:
                    if end not in begin:
                        yield (begin + end, reading + ending), years


def _years_of(decade: int, first: int, last: int) -> int:
    """Count the years of a decade within a span of years."""
    return max(0, min(decade * 10 + 9, last) - max(decade * 10, first) + 1)


def _mixed(
    listed: list[tuple[Name, float]], others: list[tuple[Name, float]], share: float, bits: int
) -> list[Name]:
    """Make one table of two lists; `share` is what the first has of it."""
    parts = ((listed, share), (others, 1 - share))
    names = [name for part, _ in parts for name, _ in part]
    weights = [
        weight * whole / total
        for part, whole in parts
        for total in (sum(weight for _, weight in part),)
        for _, weight in part
    ]
    return spread(names, weights, bits)
