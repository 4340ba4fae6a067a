"""The tables and the drawing of the statistics hold what was counted, and a file computes nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.faces.counter.pyramid import MIDDLE, WIDTH, pyramid, tick_step
from daicho.faces.counter.tables import (
    Heading,
    Row,
    Table,
    age_classes,
    balance_table,
    changes_table,
    csv_file,
    number,
    population_table,
    share,
)
from daicho.nodes.registry.statistics import Balance
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import (
    ChangeCount,
    CountedSpan,
    HouseholdCount,
    Movement,
    MovementCell,
    PopulationCell,
    RegisterCount,
)

DAY = date(2026, 11, 20)
JAPANESE, FOREIGN = ResidentKind.JAPANESE, ResidentKind.FOREIGN
GROUPS = st.one_of(st.none(), st.integers(0, 20).map(lambda place: place * 5))
PEOPLE = st.dictionaries(
    st.builds(PopulationCell, st.sampled_from(ResidentKind), st.sampled_from(Sex), GROUPS),
    st.integers(1, 90_000),
)
MOVES = st.dictionaries(
    st.builds(MovementCell, st.sampled_from(Movement), st.sampled_from(ResidentKind), st.sampled_from(Sex)),
    st.integers(1, 900),
)
NO_HOMES = HouseholdCount(0, 0, 0)


def _sums(table, row):
    """The last column under each heading."""
    ends, place = [], 0
    for heading in table.headings:
        place += len(heading.columns)
        ends.append(row.cells[place - 1])
    return ends


@given(PEOPLE)
def test_every_person_stands_once_in_the_table_and_in_the_sum(people):
    counted = RegisterCount(DAY, people, NO_HOMES)
    table = population_table(counted)
    *groups, total = table.rows
    assert _sums(table, total) == [counted.total(), counted.total(JAPANESE), counted.total(FOREIGN)]
    assert [sum(column) for column in zip(*(row.cells for row in groups), strict=True)] == list(total.cells)
    unknown = any(cell.age_group is None for cell in people)
    assert (groups[-1].words == "不詳") is unknown
    assert ("不詳" in table.headings[0].columns) is any(cell.sex is Sex.UNKNOWN for cell in people)
    assert sum(age_classes(counted)) == sum(n for cell, n in people.items() if cell.age_group is not None)


@given(PEOPLE)
def test_bars_are_as_long_as_their_people_and_stay_inside(people):
    counted = RegisterCount(DAY, people, NO_HOMES)
    drawn = pyramid(counted)
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in drawn.bars)
    assert not any(drawn.left < bar.x + bar.width / 2 < drawn.right for bar in drawn.bars)
    assert drawn.right - drawn.left == MIDDLE
    scale = (drawn.left - drawn.ticks[-2].x) / int(drawn.ticks[-1].words.replace(",", ""))
    shown = sum(n for cell, n in people.items() if cell.sex is not Sex.UNKNOWN and cell.age_group is not None)
    assert sum(bar.width for bar in drawn.bars) == pytest.approx(shown * scale, abs=0.5)


@given(MOVES)
def test_entered_less_struck_is_natural_and_social_growth(moves):
    changes = ChangeCount(CountedSpan.of_day(DAY), moves)
    table = changes_table(changes)
    rows = {row.words: row for row in table.rows if row.weight}
    for place, kind in enumerate((None, JAPANESE, FOREIGN)):
        sums = {words: _sums(table, row)[place] for words, row in rows.items()}
        assert sums["うち自然増減"] == changes.natural(kind)
        assert sums["うち社会増減"] == changes.social(kind)
        assert sums["増減"] == changes.natural(kind) + changes.social(kind)
        assert sums["増減"] == sums["記載の計"] - sums["消除の計"]


def test_both_ends_of_a_period_stand_under_one_another():
    one = PopulationCell(JAPANESE, Sex.FEMALE, 30)
    opening, closing = RegisterCount(DAY, {one: 5}, NO_HOMES), RegisterCount(DAY, {one: 9}, NO_HOMES)
    changes = ChangeCount(CountedSpan.of_day(DAY), {MovementCell(Movement.BIRTH, JAPANESE, Sex.FEMALE): 1})
    brought, wrong = {(JAPANESE, Sex.FEMALE): 2}, {(JAPANESE, Sex.FEMALE): 1}
    table = balance_table(Balance(opening, changes, brought, closing, wrong))
    assert [(row.words, row.cells[2]) for row in table.rows] == [
        ("期首の人口", 5), ("増減", 1), ("初期移行", 2), ("期末の人口", 9), ("差", 1),
    ]  # fmt: skip
    assert len(balance_table(Balance(opening, changes, {}, closing, wrong)).rows) == 4


def test_no_cell_of_a_file_is_a_formula():
    table = Table((Heading("総数", ("計",)),), (Row("=1+1", (-7,)), Row("@x", (7,))))
    content = csv_file([("+a", "-b")], "\tc", [table]).decode()
    assert content == "\ufeff'+a,'-b\r\n\r\n'\tc,総数 計\r\n'=1+1,△7\r\n'@x,7\r\n"


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (5, 1), (6, 2), (2_161, 500), (2_600, 1_000), (90_001, 20_000)]
)
def test_lines_stand_at_round_numbers_and_are_few(most, step):
    assert tick_step(most) == step


def test_numbers_are_written_as_an_office_writes_them():
    assert [number(one) for one in (0, 1_234, -56)] == ["0", "1,234", "△56"]
    assert [share(1, 3), share(0, 0)] == ["33.3%", "―"]
