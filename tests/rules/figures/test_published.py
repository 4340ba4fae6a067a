"""The table that is given out adds up, says nothing small, and remembers what the one before it hid."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.rules.figures.districts import CLASSES, GROUPS, District, class_of, district_of, whole_town
from daicho.rules.figures.published import (
    CLASS_BLOCKS,
    FigureBlock,
    check_publication,
    newest_reference_day,
    reference_days_between,
    without_small_figures,
)
from daicho.rules.figures.smallness import is_small
from daicho.rules.law.refusal import Reason
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import HouseholdCount, PopulationCell, RegisterCount

LEAST = 5
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)
JAPANESE, FOREIGN = ResidentKind.JAPANESE, ResidentKind.FOREIGN
NAMES = ("架空町一丁目", "架空町二丁目", "架空町三丁目", "想像町", "仮想町", "")


def counted(*, japanese=0, foreign=0, homes=10, women=None, ages=None):
    """A district of men of working age but for what is told."""
    people = {
        PopulationCell(JAPANESE, Sex.MALE, 15): japanese,
        PopulationCell(FOREIGN, Sex.MALE, 15): foreign,
    }
    if women is not None:
        people[PopulationCell(JAPANESE, Sex.FEMALE, 15)] = women
    for group, number in (ages or {}).items():
        people[PopulationCell(JAPANESE, Sex.MALE, group)] = number
    return RegisterCount(OCTOBER, people, HouseholdCount(homes, 0, 0))


def town(**districts):
    return {district_of(name): one for name, one in districts.items()}


CELLS = st.dictionaries(
    st.builds(
        PopulationCell, st.sampled_from(ResidentKind), st.sampled_from(Sex), st.sampled_from([None, *GROUPS])
    ),
    st.one_of(st.integers(1, 6), st.integers(5, 300)),
    min_size=1,
    max_size=14,
)


@st.composite
def towns(draw):
    found = {}
    for name in draw(st.sets(st.sampled_from(NAMES), min_size=1)):
        people = draw(CELLS)
        homes = draw(st.integers(1, sum(people.values())))
        found[district_of(name)] = RegisterCount(OCTOBER, people, HouseholdCount(homes, 0, 0))
    return found


def true_blocks(count):
    """What a district's people are, written down without the code under test."""

    def people(wanted):
        return sum(number for cell, number in count.people.items() if wanted(cell))

    classes = [
        people(lambda cell, one=one: cell.age_group is not None and class_of(cell.age_group) == one)
        for one in CLASSES
    ]
    return {
        FigureBlock.SEXES: [people(lambda cell, one=one: cell.sex is one) for one in Sex],
        FigureBlock.KINDS: [people(lambda cell, one=one: cell.kind is one) for one in ResidentKind],
        FigureBlock.AGES: [*classes, people(lambda cell: cell.age_group is None)],
        **{
            block: [people(lambda cell, one=one: cell.age_group == one) for one in GROUPS if class_of(one) == lowest]
            for block, lowest in CLASS_BLOCKS.items()
        },
    }  # fmt: skip


@settings(max_examples=150)
@given(towns(), st.booleans())
def test_what_is_shown_is_true_large_or_nothing_and_adds_up(districts, five_years):
    table = without_small_figures(OCTOBER, districts, LEAST, five_years=five_years)
    assert [one.name for one in table.rows] == [one.name for one in districts]
    whole = whole_town(OCTOBER, districts)
    assert (table.town.people, table.town.households) == (whole.total(), whole.households.total)
    shown = [one for one in table.rows if one.people is not None]
    units = [*shown, *([table.merged] if table.merged else [])]
    assert sum(one.people for one in units) == whole.total()
    assert sum(one.households for one in units) == whole.households.total
    assert len(table.rows) - len(shown) == table.merged_districts
    for one in shown:
        assert one.people >= LEAST
        assert one.households >= LEAST
        (count,) = [count for district, count in districts.items() if district.name == one.name]
        for block in one.blocks:
            if block.cells is not None:
                assert not any(is_small(number, LEAST) for number in block.cells)
                wide = [number for number in true_blocks(count)[block.block] if number]
                assert [number for number in block.cells if number] == wide
    alone = [one for one in units if len(units) > 1]
    for block in (FigureBlock.SEXES, FigureBlock.KINDS, FigureBlock.AGES):
        hidden = [one for one in alone if one.cells_of(block) is None]
        assert len(hidden) != 1, "one alone is the town less the others"


@settings(max_examples=150)
@given(towns())
def test_no_small_figure_of_a_shown_district_follows(districts):
    """For each there is another town with the same table: two people of two rows that hide the block change places."""
    table = without_small_figures(OCTOBER, districts, LEAST, five_years=True)
    counts = {one.name: true_blocks(count) for one, count in districts.items()}
    merged = [one.name for one in table.rows if one.people is None]
    units = {one.name: counts[one.name] for one in table.rows if one.people is not None}
    rows = {one.name: one for one in table.rows if one.people is not None}
    if merged:
        units["together"] = {
            block: [sum(column) for column in zip(*(counts[one][block] for one in merged), strict=True)]
            for block in FigureBlock
        }
        rows["together"] = table.merged
    for block in FigureBlock:
        hidden = [one for one in units if rows[one].cells_of(block) is None]
        if len(hidden) == len(units):
            continue  # all of it is kept back
        for one in hidden:
            if block in CLASS_BLOCKS and rows[one].cells_of(FigureBlock.AGES) is None:
                continue  # not even the class is known
            cells = units[one][block]
            for place, number in enumerate(cells):
                if is_small(number, LEAST):
                    assert any(
                        (other_place != place and cells[other_place] and units[other][block][place])
                        or (other_place != place and units[other][block][other_place])
                        for other in hidden
                        if other != one
                        for other_place in range(len(cells))
                    ), (block, one, place)


def test_a_protected_person_who_stands_in_no_district_changes_nothing_wherever_they_go():
    cell = PopulationCell(JAPANESE, Sex.FEMALE, 15)
    here = {district_of("架空町一丁目"): counted(japanese=80, women=30)}
    nowhere = {District(None): RegisterCount(OCTOBER, {cell: 1}, HouseholdCount(1, 0, 0))}
    table = without_small_figures(OCTOBER, here | nowhere, LEAST)
    assert table.town.people == 111
    assert table.merged_districts == 2, "one person alone is no row"


def test_how_many_stand_in_no_district_is_never_said():
    """A measure that begins between two tables would be a pair: one less in a district, one more here."""
    cell = PopulationCell(JAPANESE, Sex.FEMALE, 15)
    here = town(**{f"架空町{place}丁目": counted(japanese=100 + place, homes=40) for place in range(1, 9)})
    for many in (7, 8, 400):
        nowhere = {District(None): RegisterCount(OCTOBER, {cell: many}, HouseholdCount(many, 0, 0))}
        table = without_small_figures(OCTOBER, here | nowhere, LEAST)
        assert [one.people for one in table.rows if not one.name] == [None]
        assert table.merged_districts == 2, "with the smallest, so that both hide"
    october = without_small_figures(OCTOBER, here, LEAST)
    nowhere = {District(None): RegisterCount(NOVEMBER, {cell: 30}, HouseholdCount(30, 0, 0))}
    table = without_small_figures(NOVEMBER, here | nowhere, LEAST, october)
    assert table.merged_districts == 1 + LEAST, "behind one that was told a month ago nothing hides"


def test_a_row_hides_until_nobody_needed_it_for_a_year():
    def of(foreign):
        return town(
            架空町一丁目=counted(japanese=100, foreign=foreign), 架空町二丁目=counted(japanese=110, foreign=9),
            想像町=counted(japanese=500, foreign=60),
        )  # fmt: skip

    def kinds(table):
        return [one.cells_of(FigureBlock.KINDS) is not None for one in table.rows]

    first = without_small_figures(OCTOBER, of(2), LEAST)
    assert kinds(first) == [False, False, True]
    second = without_small_figures(NOVEMBER, of(8), LEAST, first)
    assert kinds(without_small_figures(NOVEMBER, of(8), LEAST)) == [True, True, True]
    assert kinds(second) == [False, False, True], "what November shows would tell of October"
    later = without_small_figures(date(2027, 9, 30), of(8), LEAST, second)
    assert kinds(later) == [False, False, True]
    assert kinds(without_small_figures(date(2027, 11, 30), of(8), LEAST, later)) == [True, True, True]


def test_a_new_district_of_one_household_does_not_hide_behind_one_that_was_told_a_month_ago():
    large = {f"架空町{place}丁目": counted(japanese=100 + place, homes=40) for place in range(1, 9)}
    first = without_small_figures(OCTOBER, town(**large), LEAST)
    assert first.merged is None
    second = without_small_figures(NOVEMBER, town(**large, 新町=counted(japanese=2, homes=1)), LEAST, first)
    assert second.merged_districts == 1 + LEAST


def test_no_table_is_made_while_nobody_knows_who_is_protected():
    refusal = check_publication(OCTOBER, NOVEMBER, None, measures_known=False)
    assert refusal.reason is Reason.MEASURES_NOT_KNOWN


@pytest.mark.parametrize(
    ("newest", "on", "between"),
    [
        (None, NOVEMBER, ()),
        (OCTOBER, NOVEMBER, ()),
        (date(2026, 9, 30), NOVEMBER, (OCTOBER,)),
        (NOVEMBER, date(2027, 2, 28), (date(2026, 12, 31), date(2027, 1, 31))),
    ],
)
def test_the_days_that_a_table_shuts_are_those_since_the_newest(newest, on, between):
    assert reference_days_between(newest, on) == between


@pytest.mark.parametrize(
    ("on", "today", "newest", "reason"),
    [
        (OCTOBER, date(2026, 11, 20), None, None),
        (OCTOBER, date(2026, 11, 1), date(2026, 9, 30), None),
        (NOVEMBER, NOVEMBER, None, Reason.DAY_NOT_OVER),
        (NOVEMBER, date(2026, 11, 20), None, Reason.DAY_NOT_OVER),
        (date(2026, 11, 19), date(2026, 11, 20), None, Reason.NO_REFERENCE_DAY),
        (date(2026, 9, 30), date(2026, 11, 20), OCTOBER, Reason.PUBLISHED_LATER),
    ],
)
def test_a_table_is_given_out_for_months_that_are_over_and_in_their_order(on, today, newest, reason):
    refusal = check_publication(on, today, newest)
    assert (refusal and refusal.reason) == reason


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_newest_table_that_can_be_made_can_be_made(today):
    assert check_publication(newest_reference_day(today), today, None) is None
