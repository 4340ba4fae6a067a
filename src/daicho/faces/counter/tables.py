"""The tables of the register's statistics: rows of numbers under words, on the page and as a file."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from daicho.faces.counter.pyramid import group_words
from daicho.faces.wording.terms import word
from daicho.nodes.registry.statistics import Balance, Population
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import (
    GROUP_YEARS,
    OPEN_GROUP,
    ChangeCount,
    Movement,
    MovementCell,
    PopulationCell,
    RegisterCount,
)

BOM = "\ufeff"
NEGATIVE = "△"
KEPT_BACK = "X"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
KINDS: tuple[tuple[str, ResidentKind | None], ...] = (
    ("総数", None),
    ("日本人住民", ResidentKind.JAPANESE),
    ("外国人住民", ResidentKind.FOREIGN),
)
_COMING = (
    Movement.BIRTH, Movement.MOVE_IN, Movement.MOVE_IN_FROM_ABROAD, Movement.NATIONALITY_IN, Movement.OTHER_IN,
)  # fmt: skip
_GOING = (
    Movement.DEATH, Movement.MOVE_OUT, Movement.MOVE_OUT_ABROAD, Movement.NATIONALITY_OUT, Movement.OTHER_OUT,
)  # fmt: skip
_YOUNG, _OLD = 15, 65


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `weight` says whether it is a sum, and no number that it is kept back."""

    words: str
    cells: tuple[int | None, ...]
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Some columns under one word."""

    words: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers under headings; the last column of each heading is its sum."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]


def number(count: int | None) -> str:
    """Write a number as tables of an office do: 1,234 and △56; X stands for what is kept back."""
    if count is None:
        return KEPT_BACK
    return f"{NEGATIVE if count < 0 else ''}{abs(count):,}"


def share(part: int, whole: int) -> str:
    """Write a part of a hundred, with one place; nothing of nothing."""
    return f"{part / whole * 100:.1f}%" if whole else "―"


def sexes_of(found: Iterable[Sex]) -> tuple[Sex, ...]:
    """Name the sexes that have a column; the unknown one only where it occurs."""
    return (Sex.MALE, Sex.FEMALE, *((Sex.UNKNOWN,) if Sex.UNKNOWN in set(found) else ()))


def age_classes(counted: RegisterCount) -> tuple[int, int, int]:
    """Add up children, people of working age and the old, as population statistics part them."""
    classes = [0, 0, 0]
    for cell, people in counted.people.items():
        if cell.age_group is not None:
            classes[(cell.age_group >= _YOUNG) + (cell.age_group >= _OLD)] += people
    return classes[0], classes[1], classes[2]


def population_table(counted: RegisterCount) -> Table:
    """Write who lives here by age group, sex and kind, with the unknown age where it occurs and the sum."""
    groups = [*range(0, OPEN_GROUP + 1, GROUP_YEARS), None]

    def people(kind: ResidentKind, sex: Sex, group: int | None) -> int:
        return counted.people.get(PopulationCell(kind, sex, group), 0)

    return _by_age(groups, group_words, people, sexes_of(cell.sex for cell in counted.people))


def ages_table(found: Population) -> Table:
    """Write who lives here by each year of age, sex and kind."""
    ages = [*range(OPEN_GROUP + 1), None]

    def words(age: int | None) -> str:
        return group_words(age) if age is None or age == OPEN_GROUP else f"{age}歳"

    def people(kind: ResidentKind, sex: Sex, age: int | None) -> int:
        return found.ages.get((kind, sex, age), 0)

    return _by_age(ages, words, people, sexes_of(sex for _, sex, _ in found.ages))


def _by_age(
    ages: Sequence[int | None],
    words: Callable[[int | None], str],
    people: Callable[[ResidentKind, Sex, int | None], int],
    sexes: tuple[Sex, ...],
) -> Table:
    def cells(some: Sequence[int | None]) -> tuple[int, ...]:
        return _cells(lambda kind, sex: sum(people(kind, sex, age) for age in some), sexes)

    rows = [Row(words(age), cells([age])) for age in ages]
    kept = [row for row, age in zip(rows, ages, strict=True) if age is not None or any(row.cells)]
    return Table(_headings(sexes), (*kept, Row("計", cells(ages), "sum")))


def changes_table(changes: ChangeCount) -> Table:
    """Write who came and went, in the order of the annual report: entered, struck, the growth and its two parts."""
    sexes = sexes_of(cell.sex for cell in changes.moves)

    def row(words: str, weight: str, plus: Sequence[Movement], minus: Sequence[Movement] = ()) -> Row:
        def one(kind: ResidentKind, sex: Sex) -> int:
            return sum(
                sign * changes.moves.get(MovementCell(movement, kind, sex), 0)
                for sign, movements in ((1, plus), (-1, minus))
                for movement in movements
            )

        return Row(words, _cells(one, sexes), weight)

    rows = (
        *(row(word(one), "", (one,)) for one in _COMING),
        row("記載の計", "sum", _COMING),
        *(row(word(one), "", (one,)) for one in _GOING),
        row("消除の計", "sum", _GOING),
        row("増減", "total", _COMING, _GOING),
        row("うち自然増減", "part", _COMING[:1], _GOING[:1]),
        row("うち社会増減", "part", _COMING[1:], _GOING[1:]),
    )
    return Table(_headings(sexes), rows)


def balance_table(found: Balance) -> Table:
    """Write both ends of a period and what lies between, so that anybody can add it up."""
    sexes = sexes_of(
        sex for counted in (found.opening, found.closing) for sex in (cell.sex for cell in counted.people)
    )
    imported = Row("初期移行", _cells(lambda kind, sex: found.imported.get((kind, sex), 0), sexes))
    rows = (
        Row("期首の人口", _cells(found.opening.total, sexes)),
        Row("増減", _cells(found.changes.net, sexes)),
        *((imported,) if any(imported.cells) else ()),
        Row("期末の人口", _cells(found.closing.total, sexes), "sum"),
        Row("差", _cells(lambda kind, sex: found.differences.get((kind, sex), 0), sexes), "total"),
    )
    return Table(_headings(sexes), rows)


def _cells(count: Callable[[ResidentKind, Sex], int], sexes: tuple[Sex, ...]) -> tuple[int, ...]:
    cells: list[int] = []
    for _, only in KINDS:
        kinds = tuple(ResidentKind) if only is None else (only,)
        by_sex = [sum(count(kind, sex) for kind in kinds) for sex in sexes]
        cells += [*by_sex, sum(by_sex)]
    return tuple(cells)


def _headings(sexes: tuple[Sex, ...]) -> tuple[Heading, ...]:
    columns = (*(word(sex) for sex in sexes), "計")
    return tuple(Heading(words, columns) for words, _ in KINDS)


def csv_file(about: Sequence[tuple[str, str]], first: str, tables: Sequence[Table]) -> bytes:
    """Write what a table is about and the table as a file that a spreadsheet opens and never computes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in about:
        writer.writerow(map(_cell, line))
    for table in tables:
        columns = [f"{head.words} {column}" for head in table.headings for column in head.columns]
        writer.writerow([])
        writer.writerow(map(_cell, [first, *columns]))
        for row in table.rows:
            writer.writerow(map(_cell, [row.words, *map(_plain, row.cells)]))
    return (BOM + out.getvalue()).encode()


def _plain(count: int | None) -> str:
    if count is None:
        return KEPT_BACK
    return f"{NEGATIVE if count < 0 else ''}{abs(count)}"


def _cell(words: str) -> str:
    return "'" + words if words.startswith(_FORMULA) else words
