"""The lines of a town's extract, one household after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from math import log
from random import Random
from typing import NamedTuple

from daicho.rules.people.dates import era_of
from daicho.rules.people.written_dates import DateForm, WrittenDate
from daicho.rules.register.extract import HEADER
from daicho.world.people.foreigners import Family
from daicho.world.people.homes import Homes
from daicho.world.people.households import STRANGER
from daicho.world.people.names import GIVEN_BITS, SURNAME_BITS, Name, surnames
from daicho.world.people.planning import (
    FOREIGNERS_FROM,
    TODAY_NUMBER,
    Plan,
    day_number,
    day_of,
    plan_of,
    written_days,
)
from daicho.world.people.weighing import PATTERN_BITS, weighed_patterns

CODES_OF_A_TOWN = 10_000_000
_STRIDE = 7_368_787  # shares no factor with the codes of a town: neighbours are scattered and never meet
_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)  # of digits, from the right
_CHECK_DIGITS = "00987654321"  # by the remainder of eleven
_STAY_BITS = 12
_MEAN_STAY_DAYS = 13 * 365
_NOTICE_DAYS = (0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 14)
_CHANCE_BITS = 24
_WHOLE_CHANCE = 1 << _CHANCE_BITS
_UNCONFIRMED = _WHOLE_CHANCE // 12  # readings that nobody has confirmed
_PARTLY_KNOWN = _WHOLE_CHANCE - _WHOLE_CHANCE // 2_000  # birth dates with something unknown, of adults
_FORMER_SURNAME = _UNCONFIRMED + _WHOLE_CHANCE // 60  # of those who are married
_ADULT = TODAY_NUMBER - 20 * 365
_MOVED_WITHIN_ONE_IN = 4
_SETTLED_DAYS = 60  # nobody came or moved later than so long ago
_FROM_ABROAD, _EX_OFFICIO = 0.985, 0.995
_F = DateForm
# In which forms birth dates are written of which something is unknown, by sixteen equal chances.
_PARTLY_WRITTEN = (
    *[_F.DAY_UNKNOWN] * 6, _F.ABOUT_DAY, _F.PRESUMED_MONTH, _F.THIRD_OF_MONTH,
    *[_F.MONTH_UNKNOWN] * 3, _F.ABOUT_MONTH, _F.SEASON, _F.ABOUT_YEAR, _F.UNKNOWN,
)  # fmt: skip
_PARTS_WRITTEN = {
    _F.UNKNOWN: 0, _F.ABOUT_YEAR: 1, _F.MONTH_UNKNOWN: 1, _F.SEASON: 1, _F.ABOUT_MONTH: 2, _F.DAY_UNKNOWN: 2,
    _F.PRESUMED_MONTH: 2, _F.THIRD_OF_MONTH: 2, _F.ABOUT_DAY: 3,
}  # fmt: skip
_END = ",,,JAPANESE" + "," * 12  # alias, roman name, kind, and what Japanese do not have
_FIRST_FOREIGNERS = day_number(FOREIGNERS_FROM)
# Columns of days in words come last, and these residents have none.
_HEADER = HEADER.partition(",resident_since_written")[0]
_NOTIFIED_COLUMN = _HEADER.split(",").index("notified_on")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Where one town's codes and numbers begin, each at a multiple of CODES_OF_A_TOWN; towns never meet."""

    first_code: int
    first_number: int


def ranges_of(town_place: int) -> Ranges:
    """Give each town of the plan ten million codes and numbers of its own."""
    return Ranges(2_000_000_000 + town_place * CODES_OF_A_TOWN, 30_000_000_000 + town_place * CODES_OF_A_TOWN)


def population(
    seed: int, municipality: str, count: int, ranges: Ranges, *, without_number: int = 0, struck: int = 0
) -> Iterator[str]:
    """Write an extract of `count` residents line by line; the last `without_number` have no number yet.

    The last `struck` lines are of people who have died or moved away. At most CODES_OF_A_TOWN lines.
    """
    draw = Random(f"{seed}-{municipality}")
    identifiers = _identifiers(ranges, count - without_number)
    lines = islice(_Town(municipality, draw, identifiers).lines(), count)
    yield _HEADER
    yield from islice(lines, count - struck)
    for line in lines:
        yield _struck(line, draw)


def _identifiers(ranges: Ranges, numbered: int) -> Iterator[str]:
    """Write addressee number, code and number of one person after the other; after the first `numbered` no number."""
    code, number = ranges.first_code // CODES_OF_A_TOWN, ranges.first_number // CODES_OF_A_TOWN
    code_digits, number_digits = _check_digits(code), _check_digits(number)
    high, low = _weights_of_seven()
    person = place = 0
    while True:
        person += 1
        place = (place + _STRIDE) % CODES_OF_A_TOWN
        weight = high[place // 1_000] + low[place % 1_000]
        digits = f"{place:07d}"
        if person <= numbered:
            yield f"{person},{code}{digits}{code_digits[weight]},{number}{digits}{number_digits[weight]}"
        else:
            yield f"{person},{code}{digits}{code_digits[weight]},"


@cache
def _weights_of_seven() -> tuple[list[int], list[int]]:
    """Weigh the first four and the last three of seven digits, by their value."""
    return [_weighed(n) for n in range(0, CODES_OF_A_TOWN, 1_000)], [_weighed(n) for n in range(1_000)]


def _weighed(digits: int, shift: int = 0) -> int:
    return sum(
        int(digit) * weight for digit, weight in zip(reversed(str(digits)), _WEIGHTS[shift:], strict=False)
    )


def _check_digits(prefix: int) -> str:
    """Give the check digit behind a prefix and seven digits, by the weight of the seven."""
    before = _weighed(prefix, 7)
    return "".join(_CHECK_DIGITS[(before + weight) % 11] for weight in range(9 * sum(_WEIGHTS[:7]) + 1))


@cache
def _stays() -> list[int]:
    """Give how long households have lived in a town, in days: many for a short while, some for long."""
    places = 1 << _STAY_BITS
    return [
        _SETTLED_DAYS + round(-log(1 - (place + 0.5) / places) * _MEAN_STAY_DAYS) for place in range(places)
    ]


class _Stay(NamedTuple):
    """Since when a household lives in the town and at its home, as days and as columns of the extract."""

    came: int
    moved: int  # within the town; 0: never
    late: int  # days until a notice
    home: str
    within: str  # how those came to the address who were born in the town and moved within it
    arrived: str  # home, days and story of those who came to the town


class _Town:
    """One municipality's households, drawn one after the other."""

    def __init__(self, municipality: str, draw: Random, identifiers: Iterator[str]) -> None:
        self._municipality = municipality
        self._draw = draw
        self._identifiers = identifiers
        self._homes = Homes(municipality, draw)
        self._surnames = surnames()
        self._stays = _stays()
        self._days = written_days()

    def lines(self) -> Iterator[str]:
        """Write households without end."""
        bits, random, days = self._draw.getrandbits, self._draw.random, self._days
        table = weighed_patterns()
        household = 0
        while True:
            household += 1
            plan = plan_of(table[bits(PATTERN_BITS)])
            stay = self._stay(plan)
            came, arrived = stay.came, stay.arrived
            names = self._names(plan)
            ends = self._ends(plan, names)
            family = Family(self._draw, mixed=plan.mixed) if plan.foreign else None
            head = names[0][0]
            born = 0
            # The identifiers have no end, and none is lost: the people come first and are asked first.
            for (words, first_birthday, birthdays, foreign, wed, member), (name, reading), end, first in zip(
                plan.people, names, ends, self._identifiers, strict=False
            ):
                if birthdays:
                    born = first_birthday + int(random() * birthdays)
                where = arrived if born < came else self._from_birth(stay, born)
                chance = bits(_CHANCE_BITS)
                birth, told = days[born], ""
                if chance > _PARTLY_KNOWN and born < _ADULT:
                    birth, told = _partly(day_of(born), bits(4))
                if foreign and family is not None:
                    written = family.write(member, day_of(max(came, born)), day_of(born))
                    if member is plan.people[0][-1]:
                        head = written.kanji
                    words_of_name, rest = f"{written.kanji},{written.reading},0", written.end
                else:
                    words_of_name, rest = f"{name},{reading},{'1' if chance > _UNCONFIRMED else '0'}", end
                    if wed and _UNCONFIRMED < chance < _FORMER_SURNAME:
                        rest = self._with_former_surname(end)
                yield f"{first},{household},{words_of_name},{birth},{told},{words},{head},{where},{rest}"

    def _stay(self, plan: Plan) -> _Stay:
        draw, days, homes = self._draw, self._days, self._homes
        came = max(TODAY_NUMBER - self._stays[draw.getrandbits(_STAY_BITS)], plan.since + draw.getrandbits(8))
        if plan.foreign:
            came = max(came, _FIRST_FOREIGNERS)
        late = _NOTICE_DAYS[draw.getrandbits(4)]
        home = homes.home()
        address, story = self._origin(0.5 if plan.foreign else 0.955)
        room = TODAY_NUMBER - _SETTLED_DAYS - came
        if room <= 0 or draw.random() * _MOVED_WITHIN_ONE_IN > 1:
            day, notice = days[came], days[came + late]
            return _Stay(came, 0, late, home, "", f"{home},{day},{notice},{day},{notice},{story}")
        moved = came + 1 + int(draw.random() * room)
        story = f"MOVE_WITHIN,{homes.earlier_home()},{self._municipality},"
        arrived = (
            f"{home},{days[came]},{days[came + late]},{days[moved]},{days[moved + late]},{story}{address}"
        )
        return _Stay(came, moved, late, home, story, arrived)

    def _origin(self, from_japan: float) -> tuple[str, str]:
        """Draw whence a household came: the address, and the four columns that tell of it."""
        chance = self._draw.random()
        if chance < from_japan:
            code, address = self._homes.elsewhere()
            return address, f"MOVE_IN,{address},{code},{address}"
        if chance < _FROM_ABROAD:
            address = self._homes.abroad()
            return address, f"MOVE_IN_FROM_ABROAD,{address},,{address}"
        return "", "EX_OFFICIO,,," if chance < _EX_OFFICIO else "UNKNOWN,,,"

    def _from_birth(self, stay: _Stay, born: int) -> str:
        """Write the stay of somebody who was born into the household."""
        days, late = self._days, stay.late
        since = f"{stay.home},{days[born]},{days[born + late]}"
        if stay.moved > born:
            return f"{since},{days[stay.moved]},{days[stay.moved + late]},{stay.within}"
        return f"{since},{days[born]},{days[born + late]},BIRTH,,,"

    def _names(self, plan: Plan) -> list[Name]:
        """Draw the Japanese name of each member; nobody has the given name of another."""
        bits = self._draw.getrandbits
        surname, reading = self._surnames[bits(SURNAME_BITS)]
        given = [table[bits(GIVEN_BITS)] for table in plan.names]
        while len(given) > 1 and len({one for one, _ in given}) < len(given):
            given = [table[bits(GIVEN_BITS)] for table in plan.names]
        names = [(f"{surname}　{one}", f"{reading}　{kana}") for one, kana in given]
        if plan.others:
            surname, reading = self._surnames[bits(SURNAME_BITS)]
            for place in plan.others:
                names[place] = (f"{surname}　{given[place][0]}", f"{reading}　{given[place][1]}")
        return names

    def _ends(self, plan: Plan, names: list[Name]) -> list[str]:
        """Draw each member's family register, where it lies and who heads it, and write what follows."""
        absent = plan.absent[self._draw.getrandbits(GIVEN_BITS)][0]
        here = self._homes.registered_domicile()
        if plan.one_register:
            head = names[0][0] if plan.registers[0] != STRANGER else f"{_surname(names[0])}　{absent}"
            return [f"{here},{head},,{_END}"] * len(names)
        there = self._homes.registered_domicile()
        return [
            f"{here if at_home else there},{names[place][0] if place != STRANGER else _surname(name) + '　' + absent},,{_END}"
            for place, at_home, name in zip(plan.registers, plan.at_home, names, strict=True)
        ]

    def _with_former_surname(self, end: str) -> str:
        kanji, reading = self._surnames[self._draw.getrandbits(SURNAME_BITS)]
        return f"{end.removesuffix(',,' + _END)},{kanji},{reading}{_END}"


def _surname(name: Name) -> str:
    return name[0].partition("　")[0]


def _partly(day: date, chance: int) -> tuple[str, str]:
    """Leave the day, the month too, or everything of a birth date unknown, and give the words that a register has."""
    form = _PARTLY_WRITTEN[chance]
    given = (day.year, day.month, day.day)[: _PARTS_WRITTEN[form]]
    year, month, number = (*given, None, None, None)[:3]
    word = {DateForm.SEASON: "春", DateForm.THIRD_OF_MONTH: "上旬"}.get(form, "")
    told = WrittenDate(form, year, month, number, era_of(day) if given else None, word)
    return str(told.folded), told.kept or ""


def _struck(line: str, draw: Random) -> str:
    """Strike a record on a day since its holder lives at the address."""
    since = day_number(date.fromisoformat(line.split(",", _NOTIFIED_COLUMN + 1)[_NOTIFIED_COLUMN]))
    day = day_of(since + int(draw.random() * (TODAY_NUMBER - since + 1))).isoformat()
    reason = draw.choices(("DEATH", "MOVE_OUT", "MOVE_OUT_ABROAD", "STRUCK_OTHER"), (52, 42, 4, 2))[0]
    return f"{line[:-3]},{reason},{day},{day}"
