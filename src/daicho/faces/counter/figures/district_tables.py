"""The tables of districts: the true figures, or those without small ones, and bars of the largest districts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from daicho.faces.counter.pyramid import group_words, tick_step
from daicho.faces.counter.tables import KINDS, Heading, Row, Table, sexes_of
from daicho.faces.wording.terms import word
from daicho.nodes.registry.figures.districts import Districts
from daicho.rules.figures.districts import CLASSES, GROUPS, District, people_in, whole_town
from daicho.rules.figures.published import CLASS_BLOCKS, FigureBlock, PublishedRow, PublishedTable, groups_of
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import RegisterCount

NOWHERE, NOWHERE_GIVEN_OUT = "町丁不詳", "町丁不詳等"
UNKNOWN, SUM = "不詳", "計"
CLASS_WORDS = ("15歳未満", "15〜64歳", "65歳以上")
_HOMES = ("日本人のみ", "外国人のみ", "複数国籍", SUM)
_MOST_BARS = 30
_WIDTH, _NAMES, _TOP, _ROW, _BAR, _AXIS, _RIGHT = 660, 190, 12, 24, 16, 30, 24
_NAME_CHARACTERS = 13


def _name(district: District) -> str:
    return NOWHERE if district.key is None else district.name


def _counts(districts: Districts) -> list[tuple[str, RegisterCount, str]]:
    """List the districts and, under them, the whole town."""
    rows = [(_name(one), counted, "") for one, counted in districts.items()]
    if not districts:
        return rows
    on = next(iter(districts.values())).counted_on
    return [*rows, (SUM, whole_town(on, districts), "sum")]


def true_table(districts: Districts) -> Table:
    """Write households and, for all, Japanese and foreign residents, three classes of ages and the sexes."""
    sexes = sexes_of(cell.sex for counted in districts.values() for cell in counted.people)
    unknown = any(cell.age_group is None for counted in districts.values() for cell in counted.people)
    columns = (
        *CLASS_WORDS, *((f"年齢{UNKNOWN}",) if unknown else ()),
        *(word(one) if one is not Sex.UNKNOWN else f"性別{UNKNOWN}" for one in sexes), SUM,
    )  # fmt: skip

    def cells(counted: RegisterCount) -> Iterator[int]:
        homes = counted.households
        yield from (homes.japanese, homes.foreign, homes.mixed, homes.total)
        for _, kind in KINDS:
            whole = people_in(counted, kind=kind)
            ages = [people_in(counted, kind=kind, of_class=one) for one in CLASSES]
            yield from ages
            if unknown:
                yield whole - sum(ages)
            yield from (people_in(counted, kind=kind, sex=one) for one in sexes)
            yield whole

    rows = tuple(Row(name, tuple(cells(counted)), weight) for name, counted, weight in _counts(districts))
    return Table((Heading("世帯数", _HOMES), *(Heading(words, columns) for words, _ in KINDS)), rows)


def true_ages_table(
    districts: Districts, words: str, kind: ResidentKind | None = None, sex: Sex | None = None
) -> Table:
    """Write the five-year groups of all residents, or of one kind or sex."""

    def cells(counted: RegisterCount) -> Iterator[int]:
        groups = [people_in(counted, kind=kind, sex=sex, group=one) for one in GROUPS]
        whole = people_in(counted, kind=kind, sex=sex)
        yield from (*groups, whole - sum(groups), whole)

    rows = tuple(Row(name, tuple(cells(counted)), weight) for name, counted, weight in _counts(districts))
    return Table((Heading(words, (*map(group_words, (*GROUPS, None)), SUM)),), rows)


def published_table(table: PublishedTable) -> Table:
    """Write the table without small figures: households, people, and each block that a row shows."""
    sexes = (Sex.MALE, Sex.FEMALE, *((Sex.UNKNOWN,) if table.unknown_sex else ()))
    headings = (
        Heading("世帯", ("世帯数",)),
        Heading("人口", (SUM,)),
        Heading("男女", tuple(map(word, sexes))),
        Heading("住民区分", tuple(words for words, kind in KINDS if kind is not None)),
        Heading("年齢3区分", (*CLASS_WORDS, *((UNKNOWN,) if table.unknown_age else ()))),
    )
    blocks = (FigureBlock.SEXES, FigureBlock.KINDS, FigureBlock.AGES)
    widths = dict(zip(blocks, (len(one.columns) for one in headings[2:]), strict=True))

    def cells(row: PublishedRow) -> tuple[int | None, ...]:
        return (row.households, row.people, *_blocks(row, widths))

    return Table(headings, _rows(table, cells))


def published_ages_table(table: PublishedTable) -> Table:
    """Write its five-year groups, each class of ages under a heading of its own."""
    groups = {block: groups_of(lowest) for block, lowest in CLASS_BLOCKS.items()}
    headings = (
        Heading("人口", (SUM,)),
        *(
            Heading(words, tuple(map(group_words, groups[block])))
            for words, block in zip(CLASS_WORDS, CLASS_BLOCKS, strict=True)
        ),
    )
    widths = {block: len(some) for block, some in groups.items()}
    return Table(headings, _rows(table, lambda row: (row.people, *_blocks(row, widths))))


def has_ages(table: PublishedTable) -> bool:
    """Tell whether a table was made with its five-year groups."""
    return table.town.cells_of(FigureBlock.OLD) is not None


def _blocks(row: PublishedRow, widths: dict[FigureBlock, int]) -> Iterator[int | None]:
    for block, width in widths.items():
        yield from row.cells_of(block) or (None,) * width


def _rows(table: PublishedTable, cells: Callable[[PublishedRow], tuple[int | None, ...]]) -> tuple[Row, ...]:
    rows = [Row(one.name or NOWHERE_GIVEN_OUT, cells(one)) for one in table.rows]
    if table.merged is not None:
        rows.append(Row(f"合算（{table.merged_districts}町丁）", cells(table.merged), "total"))
    return (*rows, Row(SUM, cells(table.town), "sum")) if rows else ()


@dataclass(frozen=True, slots=True)
class DistrictBar:
    """One bar with its name before it and its number behind it, in the drawing's own units."""

    y: int
    width: float
    foreign: float
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DistrictBars:
    """The drawing: bars, lines with their numbers, and how many districts there would be."""

    height: int
    bottom: int
    left: int
    bars: tuple[DistrictBar, ...]
    ticks: tuple[tuple[float, str], ...]
    districts: int


@dataclass(frozen=True, slots=True)
class Length:
    """How long a bar is: all people of a district and, where that is said, the foreign residents among them."""

    name: str
    people: int
    foreign: int = 0


def true_lengths(districts: Districts) -> list[Length]:
    """Give each district's people and the foreign residents among them."""
    return [
        Length(_name(one), counted.total(), counted.total(ResidentKind.FOREIGN))
        for one, counted in districts.items()
    ]


def published_lengths(table: PublishedTable) -> list[Length]:
    """Give the people of each district that is shown; of foreign residents a drawing without small figures says nothing."""
    return [Length(one.name or NOWHERE_GIVEN_OUT, one.people) for one in table.rows if one.people is not None]


def district_bars(lengths: Sequence[Length]) -> DistrictBars:
    """Draw the largest districts under each other, foreign residents at the outer ends."""
    largest = sorted(lengths, key=lambda one: -one.people)[:_MOST_BARS]
    most = max((one.people for one in largest), default=0)
    step = tick_step(most)
    end = step * -(-max(most, 1) // step)
    scale = (_WIDTH - _NAMES - _RIGHT - 48) / end
    bars = tuple(
        DistrictBar(
            _TOP + place * _ROW,
            round((one.people - one.foreign) * scale, 2),
            round(one.foreign * scale, 2),
            one.name if len(one.name) <= _NAME_CHARACTERS else f"{one.name[: _NAME_CHARACTERS - 1]}…",
            f"{one.people:,}",
        )
        for place, one in enumerate(largest)
    )
    bottom = _TOP + len(bars) * _ROW
    ticks = tuple((round(_NAMES + count * scale, 2), f"{count:,}") for count in range(0, end + 1, step))
    return DistrictBars(bottom + _AXIS, bottom, _NAMES, bars, ticks, len(lengths))
