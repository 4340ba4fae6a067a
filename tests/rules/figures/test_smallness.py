"""What is kept back stays so: whoever has the whole table finds another town that gives it, in which the figure differs."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.rules.figures.smallness import bounds_of, hidden_rows, is_small, merged_rows

LEAST = 5
FIELD = st.one_of(st.just(0), st.integers(1, 6), st.integers(5, 900))
ROWS = st.integers(2, 4).flatmap(
    lambda width: st.dictionaries(
        st.sampled_from("abcdefgh"), st.tuples(*[FIELD] * width).filter(lambda cells: sum(cells) >= LEAST),
        min_size=1,
    )
)  # fmt: skip


def _others(rows, hidden, one, place):
    """Move two people about between two hidden rows: every sum stays, the field does not."""
    found = set()
    for other, column in product(hidden, range(len(rows[one]))):
        if other == one or column == place:
            continue
        if rows[one][column] and rows[other][place]:
            found.add(1)
        if rows[one][place] and rows[other][column]:
            found.add(-1)
    return found


@settings(max_examples=300)
@given(ROWS)
def test_no_small_figure_follows_from_what_is_shown(rows):
    hidden = hidden_rows(rows, LEAST)
    shown = rows.keys() - hidden
    assert not any(is_small(count, LEAST) for one in shown for count in rows[one])
    if not hidden or not shown:
        return  # nothing is small, or nothing at all is shown
    columns = [sum(rows[one][place] for one in hidden) for place in range(len(rows[next(iter(rows))]))]
    for one in hidden:
        for place, count in enumerate(rows[one]):
            if is_small(count, LEAST):
                bounds = bounds_of(sum(rows[one]), columns[place], sum(columns))
                town = sum(cells[place] for cells in rows.values())
                assert (bounds.least, bounds.most >= min(LEAST, town)) == (0, True)
                assert town >= LEAST or len(hidden) >= LEAST
                assert _others(rows, hidden, one, place)


@given(ROWS)
def test_nothing_is_hidden_in_vain(rows):
    if not any(is_small(count, LEAST) for cells in rows.values() for count in cells):
        assert hidden_rows(rows, LEAST) == frozenset()


def test_one_person_of_unknown_age_does_not_empty_the_table():
    rows = {f"{place:02d}": (100 + place, 200, 0) for place in range(40)} | {"x": (300, 900, 1)}
    hidden = hidden_rows(rows, LEAST)
    assert hidden == {"x", "00", "01", "02", "03"}


SMALL_TABLE = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=3
)


@settings(max_examples=40)
@given(SMALL_TABLE)
def test_the_bounds_are_those_of_every_table_with_these_sums(table):
    """By trying all of them."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    fields = [[row for row in product(range(whole + 1), repeat=3) if sum(row) == whole] for whole in rows]
    possible = [
        one for one in product(*fields) if [sum(column) for column in zip(*one, strict=True)] == columns
    ]
    for place, column in product(range(len(rows)), range(3)):
        values = {one[place][column] for one in possible}
        bounds = bounds_of(rows[place], columns[column], sum(rows))
        assert values == set(range(bounds.least, bounds.most + 1))


@given(ROWS, st.sets(st.sampled_from("abcdefgh")))
def test_what_was_hidden_stays_hidden(rows, kept):
    assert hidden_rows(rows, LEAST, kept) >= kept & rows.keys()


@given(ROWS, st.sets(st.sampled_from("abcdefgh")))
def test_where_only_known_rows_hide_another_several_of_them_do(rows, known):
    hidden = hidden_rows(rows, LEAST, (), known)
    unknown = hidden - known
    alone = [
        one
        for one in unknown
        for place, count in enumerate(rows[one])
        if is_small(count, LEAST) and not _others(rows, unknown, one, place)
    ]
    assert not alone or len(hidden & known) >= LEAST or hidden == rows.keys()


SIZES = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(st.one_of(st.integers(1, 8), st.integers(5, 900)), st.integers(1, 400)).map(
        lambda size: (max(size), min(size))
    ),
    min_size=1,
)


@given(SIZES)
def test_a_small_district_is_one_of_several(sizes):
    merged = merged_rows(sizes, LEAST)
    assert all(min(sizes[one]) >= LEAST for one in sizes.keys() - merged)
    if not merged or merged == sizes.keys():
        return
    assert len(merged) > 1
    for place in (0, 1):
        assert sum(sizes[one][place] for one in merged) - (len(merged) - 1) >= LEAST, "any may have that many"


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        ({"a": (900, 400), "b": (30, 12), "c": (2, 1)}, {"b", "c"}),
        ({"a": (900, 400), "b": (30, 12), "c": (20, 4), "d": (9, 8)}, {"c", "d"}),
        ({"a": (900, 400), "b": (30, 12)}, set()),
        ({"a": (2, 1)}, {"a"}),
    ],
)
def test_the_smallest_others_hide_a_small_district(sizes, merged):
    assert merged_rows(sizes, LEAST) == merged


def test_a_new_household_hides_behind_more_than_one_district_whose_size_was_told():
    sizes = {"new": (2, 1), **{f"d{place}": (100 + place, 40) for place in range(9)}}
    known = sizes.keys() - {"new"}
    assert merged_rows(sizes, LEAST) == {"new", "d0"}
    assert len(merged_rows(sizes, LEAST, (), known) & known) == LEAST
