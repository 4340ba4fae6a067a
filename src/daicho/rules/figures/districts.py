"""Which part of the town an address lies in, and who lives in each of them.  町丁別の人口"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.people.age import last_birth_of
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import (
    GROUP_YEARS,
    OPEN_GROUP,
    HouseholdCount,
    PopulationCell,
    RegisterCount,
)

CLASSES = (0, 15, 65)  # 年少・生産年齢・老年: each by its lowest age
GROUPS = (*range(0, OPEN_GROUP + 1, GROUP_YEARS),)
_UNITS = "〇一二三四五六七八九"
_FIGURES = f"0-9０-９{_UNITS}十百"
_HEAD = re.compile(f"[ 　]*[{_FIGURES}]+丁目")
_IN_ONE_LINE = re.compile(f".*?[{_FIGURES}]+丁目")
_BEFORE_FIGURES = re.compile("[^0-9０-９]+")
_COUNTED = re.compile(f"(.*?)[ 　]*([{_FIGURES}]+)丁目$")
_DIGITS = re.compile(f"[0-9０-９{_UNITS}]+")
_SPACES = str.maketrans("", "", " 　")
_PLAIN = str.maketrans("０１２３４５６７８９" + _UNITS, "0123456789" * 2)
_NOWHERE = frozenset(
    map(
        kanji_key,
        ("不詳", "不明", "不定", "未定", "住所不詳", "住所不明", "住所不定", "住所未定", "居所不明"),
    )
)


class AgeDivision(StrEnum):
    """Into which groups of ages people are divided.  年齢の区分"""

    THREE = "THREE"  # 3区分
    FIVE_YEARS = "FIVE_YEARS"  # 5歳階級


@dataclass(frozen=True, slots=True)
class District:
    """One part of the town; without a key it is where nobody knows which part it is.  町丁

    Law: none, own definition.
    """

    key: tuple[str, int] | None
    name: str = ""


NO_DISTRICT = District(None)


def district_written(town: str, block: str) -> str:
    """Take from an address as it is written what says in which district it lies: the town, and a 丁目 before the lot.

    An address of one line, as a register that was rebuilt from the network has it, is cut behind its 丁目 or before its
    first figure. The database fills its column for records of before by the same rule.
    Law: none, own definition.
    """
    if block:
        head = _HEAD.match(block)
        return town + (head[0] if head else "")
    found = _IN_ONE_LINE.match(town) or _BEFORE_FIGURES.match(town)
    return found[0] if found else ""


def _number(figures: str) -> int | None:
    """Read 12, １２, 十二 and 一二 as one number; what is none, as 十十, is part of the name."""
    total, rest = 0, figures
    for sign, worth in (("百", 100), ("十", 10)):
        if sign in rest:
            before, _, rest = rest.partition(sign)
            many = _plain(before) if before else 1
            if many is None or len(before) > 1:
                return None
            total += many * worth
    if not rest:
        return total
    units = _plain(rest)
    return None if units is None or (rest != figures and len(rest) > 1) else total + units


def _plain(digits: str) -> int | None:
    """Read digits alone, each of whatever kind."""
    return int(digits.translate(_PLAIN)) if _DIGITS.fullmatch(digits) else None


def _in_kanji(number: int) -> str:
    tens, units = divmod(number, 10)
    if number > 99:
        return str(number)
    written = ("" if tens < 2 else _UNITS[tens]) + ("十" if tens else "")
    return written + (_UNITS[units] if units or not tens else "")


def district_of(written: str) -> District:
    """Name the district of what an address says of it: one key for every way of writing it.

    一丁目, 1丁目 and １丁目 are one district, written in kanji; so are two forms of one character.
    Law: none, own definition.
    """
    plain = written.translate(_SPACES)
    if not plain or kanji_key(plain) in _NOWHERE:
        return NO_DISTRICT
    found = _COUNTED.match(plain)
    number = _number(found[2]) if found else None
    if found is None or number is None:
        return District((kanji_key(plain), 0), plain)
    return District((kanji_key(found[1]), number), f"{found[1]}{_in_kanji(number)}丁目")


def class_of(group: int | None) -> int | None:
    """Name the class of a five-year group by its lowest age.

    Law: none, the custom of population statistics.
    """
    return None if group is None else max(one for one in CLASSES if one <= group)


def birth_bounds_of(on: date, groups: Iterable[int]) -> tuple[date, ...]:
    """Give the birth dates at which the group on a day changes, ascending, down to those not yet born.

    Law: 年齢計算ニ関スル法律
    """
    return tuple(last_birth_of(lowest, on) + timedelta(days=1) for lowest in sorted(groups, reverse=True))


@dataclass(frozen=True, slots=True)
class PeopleOf:
    """So many people whose address says one district.  町丁の人数

    Law: none, own definition.
    """

    written: str
    cell: PopulationCell
    people: int


@dataclass(frozen=True, slots=True)
class HomesOf:
    """So many households whose address says one district, by whom they hold.  町丁の世帯数

    Law: none, own definition.
    """

    written: str
    kinds: frozenset[ResidentKind]
    households: int


def by_district(
    on: date, people: Iterable[PeopleOf], homes: Iterable[HomesOf]
) -> dict[District, RegisterCount]:
    """Gather the counts of each district, in the order of their names, the unknown one last.

    A district bears the name that most of its people's addresses give it.
    Law: none, own definition.
    """
    names: dict[tuple[str, int] | None, Counter[str]] = defaultdict(Counter)
    cells: dict[tuple[str, int] | None, Counter[PopulationCell]] = defaultdict(Counter)
    kinds: dict[tuple[str, int] | None, Counter[frozenset[ResidentKind]]] = defaultdict(Counter)
    for one in people:
        found = district_of(one.written)
        names[found.key][found.name] += one.people
        cells[found.key][one.cell] += one.people
    for home in homes:
        kinds[district_of(home.written).key][home.kinds] += home.households
    known = sorted(key for key in names if key is not None)
    return {
        District(key, min(names[key], key=lambda name: (-names[key][name], name))): RegisterCount(
            on, dict(cells[key]), _households(kinds[key])
        )
        for key in (*known, *([None] if None in names else []))
    }


def _households(kinds: Mapping[frozenset[ResidentKind], int]) -> HouseholdCount:
    return HouseholdCount(
        japanese=kinds.get(frozenset((ResidentKind.JAPANESE,)), 0),
        foreign=kinds.get(frozenset((ResidentKind.FOREIGN,)), 0),
        mixed=kinds.get(frozenset(ResidentKind), 0),
    )


def whole_town(on: date, districts: Mapping[District, RegisterCount]) -> RegisterCount:
    """Add up all districts.

    Law: none, addition.
    """
    cells: Counter[PopulationCell] = Counter()
    for counted in districts.values():
        cells.update(counted.people)
    homes = [counted.households for counted in districts.values()]
    return RegisterCount(
        on,
        dict(cells),
        HouseholdCount(
            sum(one.japanese for one in homes),
            sum(one.foreign for one in homes),
            sum(one.mixed for one in homes),
        ),
    )


def people_in(
    counted: RegisterCount,
    *,
    kind: ResidentKind | None = None,
    sex: Sex | None = None,
    group: int | None = None,
    of_class: int | None = None,
) -> int:
    """Add up the fields of a count that are of one kind, sex, age group or class of ages; what is left out is all.

    Law: none, addition.
    """
    return sum(
        people
        for cell, people in counted.people.items()
        if kind in (None, cell.kind)
        and sex in (None, cell.sex)
        and group in (None, cell.age_group)
        and of_class in (None, class_of(cell.age_group))
    )
