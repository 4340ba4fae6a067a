"""The table of districts as whoever may not know small figures has it: rows that are merged, blocks that are not shown.  公表用

A person of an open protection measure is no part of any district here: where they live or move to, and with whom, changes
no figure of one. Those who stand in none are always among the rows that are merged, so that their number is not said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.figures.districts import CLASSES, GROUPS, District, class_of, people_in
from daicho.rules.figures.smallness import Cells, hidden_rows, merged_rows
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import RegisterCount

ARTICLE = juki("6")
MERGED = "merged"
_NOBODYS = "nowhere"
_MEMORY = timedelta(days=366)
_LONG_AGO = date.min  # not shown, and no reason to stay so
_AREAS = "AREAS"
_REST = "rest"


class FigureBlock(StrEnum):
    """Into what the people of a district are split, each block shown wholly or not at all.  公表する区分"""

    SEXES = "SEXES"  # 男女
    KINDS = "KINDS"  # 日本人・外国人
    AGES = "AGES"  # 年齢3区分
    YOUNG = "YOUNG"  # 15歳未満の5歳階級
    WORKING = "WORKING"  # 15〜64歳の5歳階級
    OLD = "OLD"  # 65歳以上の5歳階級


CLASS_BLOCKS = {FigureBlock.YOUNG: CLASSES[0], FigureBlock.WORKING: CLASSES[1], FigureBlock.OLD: CLASSES[2]}


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One block of one row: its numbers, or none where they are kept back.  公表する数

    Law: none, own definition.
    """

    block: FigureBlock
    cells: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One row: a district, those that are shown together, or the town; no people where it is part of those.  公表用の行

    Law: none, own definition.
    """

    name: str
    people: int | None
    households: int | None
    blocks: tuple[ShownBlock, ...]

    def cells_of(self, block: FigureBlock) -> tuple[int, ...] | None:
        """Give the numbers of one block, or none.

        Law: none, own definition.
        """
        return next((one.cells for one in self.blocks if one.block is block), None)


@dataclass(frozen=True, slots=True)
class KeptHidden:
    """A row that does not show a block, and the last table for which that was needed.  秘匿の経過

    Law: none, own definition.
    """

    block: str  # of districts that are merged, AREAS
    key: str
    needed_on: date


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """The table of one day: districts, those shown together if any, the town; and what the next one has to know.  公表用の表

    `unknown_sex` and `unknown_age` tell whether these blocks have a last column of that name.
    Law: none, own definition.
    """

    counted_on: date
    least: int
    rows: tuple[PublishedRow, ...]
    merged: PublishedRow | None
    merged_districts: int
    town: PublishedRow
    unknown_sex: bool
    unknown_age: bool
    keys: tuple[str, ...] = ()
    kept: tuple[KeptHidden, ...] = ()


def _key(district: District) -> str:
    return _NOBODYS if district.key is None else f"{district.key[0]}/{district.key[1]}"


class _Table:
    """What one table is made of: each district's blocks."""

    def __init__(self, districts: Mapping[District, RegisterCount]) -> None:
        cells = [cell for counted in districts.values() for cell in counted.people]
        self.unknown_sex = any(cell.sex is Sex.UNKNOWN for cell in cells)
        self.unknown_age = any(cell.age_group is None for cell in cells)
        self.sexes = (Sex.MALE, Sex.FEMALE, *((Sex.UNKNOWN,) if self.unknown_sex else ()))
        self.blocks = {_key(one): self._blocks(counted) for one, counted in districts.items()}
        self.sizes = {
            _key(one): (counted.total(), counted.households.total) for one, counted in districts.items()
        }

    def _blocks(self, counted: RegisterCount) -> dict[FigureBlock, Cells]:
        ages = [people_in(counted, of_class=one) for one in CLASSES]
        unknown = (counted.total() - sum(ages),) if self.unknown_age else ()
        found: dict[FigureBlock, Cells] = {
            FigureBlock.SEXES: tuple(people_in(counted, sex=one) for one in self.sexes),
            FigureBlock.KINDS: tuple(people_in(counted, kind=one) for one in ResidentKind),
            FigureBlock.AGES: (*ages, *unknown),
        }
        for block, lowest in CLASS_BLOCKS.items():
            found[block] = tuple(people_in(counted, group=one) for one in groups_of(lowest))
        return found

    def together(self, keys: Collection[str]) -> dict[FigureBlock, Cells]:
        """Add up the blocks of some districts."""
        return {
            block: tuple(map(sum, zip(*(self.blocks[one][block] for one in keys), strict=True)))
            for block in FigureBlock
        }

    def size(self, keys: Collection[str]) -> tuple[int, int]:
        """Add up the people and the households of some districts."""
        return sum(self.sizes[one][0] for one in keys), sum(self.sizes[one][1] for one in keys)


def groups_of(lowest: int) -> tuple[int, ...]:
    """Name the five-year groups of a class by their lowest ages.

    Law: none, the custom of population statistics.
    """
    return tuple(one for one in GROUPS if class_of(one) == lowest)


def without_small_figures(
    on: date,
    districts: Mapping[District, RegisterCount],
    least: int,
    before: PublishedTable | None = None,
    *,
    five_years: bool = False,
) -> PublishedTable:
    """Make the table that gives no small figure away, seen with the one that was given out `before` it.

    What was hidden then stays so until a year has passed in which nobody needed it, and what was shown then hides nothing.
    The five-year groups split the classes of ages, so a row that hides the classes hides them, too.
    Law: none, own definition.
    """
    table, memory = _Table(districts), _Memory(on, before)
    blocks = [*FigureBlock] if five_years else [one for one in FigureBlock if one not in CLASS_BLOCKS]
    merged = memory.merged(table.sizes, least)
    units = {key: cells for key, cells in table.blocks.items() if key not in merged}
    if merged:
        units[MERGED] = table.together(merged)
    hidden: dict[FigureBlock, frozenset[str]] = {}
    for block in blocks:
        if block not in CLASS_BLOCKS:
            rows = {key: one[block] for key, one in units.items()}
            hidden[block] = memory.hidden(block, rows, least, merged)
            continue
        # Those who hide the classes are one row here: of each of them only the sum is known, of all together each group.
        shut = hidden[FigureBlock.AGES]
        rows = {key: one[block] for key, one in units.items() if key not in shut}
        if shut:
            rows[_REST] = tuple(map(sum, zip(*(units[one][block] for one in shut), strict=True)))
        hidden[block] = (memory.hidden(block, rows, least, merged | shut) | shut) - {_REST}

    def row(name: str, key: str, size: tuple[int, int]) -> PublishedRow:
        cells = (ShownBlock(one, None if key in hidden[one] else units[key][one]) for one in blocks)
        return PublishedRow(name, *size, tuple(cells))

    shown = tuple(
        PublishedRow(one.name, None, None, ())
        if _key(one) in merged
        else row(one.name, _key(one), table.sizes[_key(one)])
        for one in districts
    )
    everybody = table.together(table.blocks)
    return PublishedTable(
        on,
        least,
        shown,
        row("", MERGED, table.size(merged)) if merged else None,
        len(merged),
        PublishedRow("", *table.size(table.blocks), tuple(ShownBlock(one, everybody[one]) for one in blocks)),
        table.unknown_sex,
        table.unknown_age,
        tuple(table.sizes),
        tuple(memory.kept),
    )


class _Memory:
    """What the table before hid and showed, and what this one hides."""

    def __init__(self, on: date, before: PublishedTable | None) -> None:
        self._on = on
        hidden = before.kept if before is not None else ()
        self._before = [one for one in hidden if on - one.needed_on < _MEMORY]
        self._hidden = {(one.block, one.key) for one in hidden}
        self._stood = {*before.keys, MERGED, _REST} if before is not None else set[str]()
        self.kept: list[KeptHidden] = []

    def merged(self, sizes: Mapping[str, tuple[int, int]], least: int) -> frozenset[str]:
        """Choose the districts that are shown as one row; whoever stands in none is always one of them."""
        always = frozenset((_NOBODYS,))
        needed = merged_rows(sizes, least, always)
        found = merged_rows(sizes, least, self._stay(_AREAS) | always, self._known(_AREAS))
        self._note(_AREAS, needed, found)
        return found

    def hidden(
        self, block: FigureBlock, rows: Mapping[str, Cells], least: int, beside: Collection[str]
    ) -> frozenset[str]:
        """Choose the rows that do not show a block; those `beside` are part of one of them, and show it neither."""
        needed = hidden_rows(rows, least)
        found = hidden_rows(rows, least, self._stay(block), self._known(block))
        self._note(block, needed, found)
        self.kept += [KeptHidden(block, one, _LONG_AGO) for one in sorted(beside)]
        return found

    def _stay(self, block: str) -> frozenset[str]:
        return frozenset(one.key for one in self._before if one.block == block)

    def _known(self, block: str) -> frozenset[str]:
        """Name the rows that the table before showed."""
        return frozenset(one for one in self._stood if (block, one) not in self._hidden)

    def _note(self, block: str, needed: Collection[str], found: Collection[str]) -> None:
        stood = {one.key: one.needed_on for one in self._before if one.block == block}
        self.kept += [
            KeptHidden(block, one, self._on if one in needed else stood.get(one, self._on))
            for one in sorted(found)
        ]


def is_reference_day(day: date) -> bool:
    """Tell whether a table of this day is given out: of the last day of a month, so that no two days stand side by side.

    Law: none, own definition after the custom of 月末現在.
    """
    return (day + timedelta(days=1)).day == 1


def newest_reference_day(today: date) -> date:
    """Give the last day of the month before: the newest of which a table can be given out.

    Law: none, own definition.
    """
    return today.replace(day=1) - timedelta(days=1)


def reference_days_between(newest: date | None, on: date) -> tuple[date, ...]:
    """Name the days after the newest table of which none can be made any more once one of a later day is.

    Law: none, own definition.
    """
    found = list[date]()
    while newest is not None and (before := newest_reference_day(on)) > newest:
        found.append(on := before)
    return tuple(reversed(found))


def check_publication(
    on: date, today: date, newest: date | None, *, measures_known: bool = True
) -> Refusal | None:
    """Refuse a table of a day that is not over or no month's last, or that lies before one that was given out.

    And any at all while nobody knows who is protected: it would say nothing of any district, and for ever.
    Law: none, own definition.
    """
    if on >= today:
        return Refusal(Reason.DAY_NOT_OVER, ARTICLE, "on")
    if not is_reference_day(on):
        return Refusal(Reason.NO_REFERENCE_DAY, ARTICLE, "on")
    if newest is not None and on <= newest:
        return Refusal(Reason.PUBLISHED_LATER, ARTICLE, "on")
    if not measures_known:
        return Refusal(Reason.MEASURES_NOT_KNOWN, ARTICLE, "on")
    return None
