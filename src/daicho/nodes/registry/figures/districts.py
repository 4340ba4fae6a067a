"""Who lives in which part of the town on a day: the true figures for whoever may see protected people, no small ones else."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.registry.guarding import sees_protected
from daicho.nodes.registry.statistics import not_yet, note_statistics, until
from daicho.rules.figures.districts import (
    CLASSES,
    GROUPS,
    AgeDivision,
    District,
    HomesOf,
    PeopleOf,
    birth_bounds_of,
    by_district,
    class_of,
)
from daicho.rules.figures.published import PublishedTable, without_small_figures
from daicho.rules.figures.smallness import LEAST_PEOPLE
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import CountedBy, PopulationCell, RegisterCount, age_group
from daicho.store import protection, statistics
from daicho.store.unit import Unit

NOBODY_KEPT: frozenset[int] = frozenset()
Districts = Mapping[District, RegisterCount]


@dataclass(frozen=True, slots=True)
class DistrictsShown:
    """The districts of a day as one operator may have them: the true counts, or the table without small figures."""

    counted_on: date
    true: Districts | None = None
    published: PublishedTable | None = None


@dataclass(frozen=True, slots=True)
class DistrictsAsked:
    """Of which day, counted how, in which groups of ages, and below which number nothing is said."""

    on: date
    by: CountedBy
    ages: AgeDivision = AgeDivision.THREE
    least: int = LEAST_PEOPLE

    @property
    def five_years(self) -> bool:
        """Tell whether the five-year groups are asked for."""
        return self.ages is AgeDivision.FIVE_YEARS


def districts_on(
    node: Node, operator: Operator, asked: DistrictsAsked, *, terminal: str = ""
) -> DistrictsShown | Refusal:
    """Count who lived in each district on a day, with a line in the ledger that says which form was shown.

    Whoever may not see protected people has the form that is given out, in which no person of an open measure stands in a
    district, nor counts where a household stands: no figure of a district depends on where such a person is or with whom.
    """
    refusal = may(operator, Permission.SEE_STATISTICS) or not_yet(node, asked.on, "on")
    if refusal is not None:
        return refusal
    whole = sees_protected(operator)
    with node.store.reading() as unit:
        statistics.hold_still(unit)  # whom a measure names and where they are is read of one instant
        found = count_districts(unit, node, asked, whole=whole)
    detail = {
        "table": "districts", "on": asked.on.isoformat(), "by": asked.by.value,
        "form": "true" if whole else "published", "ages": asked.ages.value,
    }  # fmt: skip
    note_statistics(node, operator, terminal, detail)
    if whole:
        return DistrictsShown(asked.on, found)
    table = without_small_figures(asked.on, found, asked.least, five_years=asked.five_years)
    return DistrictsShown(asked.on, published=table)


def count_districts(unit: Unit, node: Node, asked: DistrictsAsked, *, whole: bool) -> Districts:
    """Count the districts of a day; where not the `whole` is asked for, no person of an open measure is in one.

    Whoever only lives with such a person is counted where they live: were they kept back as well, who moves in with whom
    would show there. While nobody knows who is protected, nobody is in one.
    """
    on = asked.on
    births = [one.isoformat() for one in birth_bounds_of(on, GROUPS if asked.five_years else CLASSES)]
    kept, all_kept = NOBODY_KEPT, False
    if not whole:
        all_kept = protection.awaits_measures(unit)
        kept = NOBODY_KEPT if all_kept else protection.people_of_measures(unit)
    people, homes = statistics.districts(unit, until(node, on, asked.by), births, kept, all_kept=all_kept)
    return by_district(on, _people(people, asked), _homes(homes))


def _people(rows: Collection[tuple[str, statistics.PeopleRow]], asked: DistrictsAsked) -> list[PeopleOf]:
    found: Counter[tuple[str, PopulationCell]] = Counter()
    for written, row in rows:
        group = age_group(PartialDate.parse(row.birth), asked.on)
        if not asked.five_years:
            group = class_of(group)
        found[written, PopulationCell(ResidentKind(row.resident_kind), Sex(row.sex), group)] += row.people
    return [PeopleOf(written, cell, people) for (written, cell), people in found.items()]


def _homes(rows: Collection[tuple[str, statistics.HomesRow]]) -> list[HomesOf]:
    return [
        HomesOf(
            written,
            frozenset((ResidentKind(home.one_kind), ResidentKind(home.other_kind))),
            home.households,
        )
        for written, home in rows
    ]
