"""The lines of a town's extract, one household after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from math import log
from random import Random

from daicho.rules.register.extract import HEADER
from daicho.world.people.foreigners import REGISTERED_FROM, Family
from daicho.world.people.homes import Homes
from daicho.world.people.households import STRANGER
from daicho.world.people.names import GIVEN_BITS, SURNAME_BITS, Name, surnames
from daicho.world.people.planning import (
    TODAY_NUMBER,
    Plan,
    day_number,
    day_of,
    plans,
    written_days,
)
from daicho.world.people.weighing import PATTERN_BITS

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
_END = ",,,JAPANESE" + "," * 12  # alias, roman name, kind, and what Japanese do not have
_NOTIFIED_COLUMN = HEADER.split(",").index("notified_on")
_FIRST_FOREIGNERS = day_number(REGISTERED_FROM)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Where one town's codes and numbers begin, each at a multiple of CODES_OF_A_TOWN; towns never meet."""

    first_code: int
    first_number: int


def ranges_of(town_place: int) -> Ranges:
    """Give each town of the plan ten million codes and numbers of its own."""
    return Ranges(
        2_000_000_000 + town_place * CODES_OF_A_TOWN, 30_000_000_000 + town_place * CODES_OF_A_TOWN
    )


def population(
    seed: int, municipality: str, count: int, ranges: Ranges, *, without_number: int = 0, struck: int = 0
) -> Iterator[str]:
    """Write an extract of `count` residents line by line; the last `without_number` have no number yet.

    The last `struck` lines are of people who have died or moved away. At most CODES_OF_A_TOWN lines.
    """
    draw = Random(f"{seed}-{municipality}")
    identifiers = _identifiers(ranges, count - without_number)
    lines = islice(_lines(draw, municipality, identifiers), count)
    yield HEADER
    yield from islice(lines, count - struck)
    for line in lines:
        yield _struck(line, draw)


def _identifiers(ranges: Ranges, numbered: int) -> Iterator[str]:
    """Write code and number of one person after the other; those after the first `numbered` have no number."""
    code, number = ranges.first_code // CODES_OF_A_TOWN, ranges.first_number // CODES_OF_A_TOWN
    code_digits, number_digits = _check_digits(code), _check_digits(number)
    high, low = [_weighed(n) for n in range(0, CODES_OF_A_TOWN, 1_000)], [_weighed(n) for n in range(1_000)]
    person = place = 0
    while True:
        person += 1
        place = (place + _STRIDE) % CODES_OF_A_TOWN
        weight = high[place // 1_000] + low[place % 1_000]
        if person <= numbered:
            yield f"{code}{place:07d}{code_digits[weight]},{number}{place:07d}{number_digits[weight]}"
        else:
            yield f"{code}{place:07d}{code_digits[weight]},"


def _weighed(digits: int, shift: int = 0) -> int:
    return sum(int(digit) * weight for digit, weight in zip(reversed(str(digits)), _WEIGHTS[shift:], strict=False))


def _check_digits(prefix: int) -> str:
    """Give the check digit behind a prefix and seven digits, by the weight of the seven."""
    before = _weighed(prefix, 7)
    return "".join(_CHECK_DIGITS[(before + weight) % 11] for weight in range(9 * sum(_WEIGHTS[:7]) + 1))


@cache
def _stays() -> list[int]:
    """Give how long households have lived in a town, in days: many for a short while, some for long."""
    places = 1 << _STAY_BITS
    return [4 + round(-log(1 - (place + 0.5) / places) * _MEAN_STAY_DAYS) for place in range(places)]


@dataclass(slots=True)
class _Arrival:
    """How a household came to its address: the day it came to the town, and the day it moved within it (0: never)."""

    since: int
    moved: int
    came: str  # reason, previous address, its municipality, address before the town: four columns
    moved_after_coming: str
    moved_after_birth: str


def _arrival(draw: Random, homes: Homes, municipality: str, plan: Plan) -> _Arrival:
    since = max(TODAY_NUMBER - _stays()[draw.getrandbits(_STAY_BITS)], plan.since)
    if plan.foreign:
        since = max(since, _FIRST_FOREIGNERS)
    chance = draw.random()
    if chance < (0.5 if plan.foreign else 0.955):
        code, address = homes.elsewhere()
        came = f"MOVE_IN,{address},{code},{address}"
    elif chance < 0.985:
        address = homes.abroad()
        came = f"MOVE_IN_FROM_ABROAD,{address},,{address}"
    else:
        address = ""
        came = "EX_OFFICIO,,," if chance < 0.995 else "UNKNOWN,,,"
    days = TODAY_NUMBER - since
    if days < 60 or draw.random() * _MOVED_WITHIN_ONE_IN > 1:
        return _Arrival(since, 0, came, "", "")
    within = f"MOVE_WITHIN,{homes.earlier_home()},{municipality},"
    return _Arrival(since, since + 30 + int(draw.random() * (days - 30)), came, within + address, within)


def _lines(draw: Random, municipality: str, identifiers: Iterator[str]) -> Iterator[str]:
    """Write households without end."""
    bits, random = draw.getrandbits, draw.random
    homes = Homes(municipality, draw)
    table, days = plans(), written_days()
    person = household = 0
    while True:
        household += 1
        plan = table[bits(PATTERN_BITS)]
        arrival = _arrival(draw, homes, municipality, plan)
        came, moved = arrival.since, arrival.moved
        late = _NOTICE_DAYS[bits(4)]
        home = homes.home()
        family = Family(draw, mixed=plan.mixed) if plan.foreign else None
        names = _names(draw, plan)
        registers = _registers(draw, homes, plan, names)
        head = names[0][0]
        born = 0
        for one, (name, reading), register in zip(plan.people, names, registers, strict=True):
            person += 1
            if one.birthdays:
                born = one.first_birthday + int(random() * one.birthdays)
            chance = bits(_CHANCE_BITS)
            since, story = (came, arrival.came) if born < came else (born, "BIRTH,,,")
            here = since
            if moved > since:
                here = moved
                story = arrival.moved_after_coming if born < came else arrival.moved_after_birth
            end = f"{register},,{_END}"
            confirmed = "1" if chance > _UNCONFIRMED else "0"
            birth = days[born]
            if chance > _PARTLY_KNOWN and born < _ADULT:
                birth = _partly(birth, bits(4))
            elif one.wed and _UNCONFIRMED < chance < _FORMER_SURNAME and not one.foreign:
                former = surnames()[bits(SURNAME_BITS)]
                end = f"{register},{former[0]},{former[1]}{_END}"
            if family is not None and one.foreign:
                written = family.write(one.member, day_of(since), day_of(born))
                name, reading, confirmed = written.kanji, written.reading, "0"
                end = f",,,,{written.alias},{written.roman},FOREIGN,{written.items},,,,,"
                head = name if one is plan.people[0] else head
            yield (
                f"{person},{next(identifiers)},{household},{name},{reading},{confirmed},{birth},{one.words},{head},{home},"
                f"{days[since]},{days[since + late]},{days[here]},{days[here + late]},{story},{end}"
            )


def _names(draw: Random, plan: Plan) -> list[Name]:
    """Draw the Japanese name of each member; nobody has the given name of another."""
    bits = draw.getrandbits
    surname, reading = surnames()[bits(SURNAME_BITS)]
    given = [table[bits(GIVEN_BITS)] for table in plan.names]
    while len(given) > 1 and len(set(given)) < len(given):
        given = [table[bits(GIVEN_BITS)] for table in plan.names]
    if not plan.two_surnames:
        return [(f"{surname}　{one}", f"{reading}　{kana}") for one, kana in given]
    other, other_reading = surnames()[bits(SURNAME_BITS)]
    return [
        (f"{other}　{one}", f"{other_reading}　{kana}") if person.surname else (f"{surname}　{one}", f"{reading}　{kana}")
        for person, (one, kana) in zip(plan.people, given, strict=True)
    ]


def _registers(draw: Random, homes: Homes, plan: Plan, names: list[Name]) -> list[str]:
    """Draw each member's family register: where it lies and who heads it, as two columns."""
    domicile = homes.registered_domicile()
    absent = plan.absent[draw.getrandbits(GIVEN_BITS)][0]
    if not plan.two_registers:
        place = plan.people[0].register
        head = names[place][0] if place != STRANGER else f"{_surname(names[0])}　{absent}"
        return [f"{domicile},{head}"] * len(names)
    other = homes.registered_domicile()
    return [
        f"{domicile if one.at_home else other},"
        f"{names[one.register][0] if one.register != STRANGER else _surname(name) + '　' + absent}"
        for one, name in zip(plan.people, names, strict=True)
    ]


def _surname(name: Name) -> str:
    return name[0].partition("　")[0]


def _partly(day: str, chance: int) -> str:
    """Leave the day, the month too, or everything of a birth date unknown."""
    if chance < 10:
        return f"{day[:7]}-00"
    return f"{day[:4]}-00-00" if chance < 14 else "0000-00-00"


def _struck(line: str, draw: Random) -> str:
    """Strike a record on a day since its holder lives at the address."""
    since = day_number(date.fromisoformat(line.split(",", _NOTIFIED_COLUMN + 1)[_NOTIFIED_COLUMN]))
    day = day_of(since + int(draw.random() * (TODAY_NUMBER - since + 1))).isoformat()
    reason = draw.choices(("DEATH", "MOVE_OUT", "MOVE_OUT_ABROAD", "STRUCK_OTHER"), (52, 42, 4, 2))[0]
    return f"{line[:-3]},{reason},{day},{day}"
