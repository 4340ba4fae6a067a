"""The tables of changes of names: two people, no way back once it began, every household once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from daicho.store import areas
from daicho.store.areas import AreaItemRow, AreaLineRow, AreaRow, Tally
from daicho.store.unit import Store

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAY = date(2026, 11, 20)
ROW = AreaRow("2026-000001", "checking", DAY, "d" * 64, "{}", "[]", "a", "k", "t", AT, looked_at=0)


@pytest.fixture
def store(database: Callable[[str], Store]) -> Store:
    made = database("registry")
    with made.unit() as unit:
        areas.keep_area(unit, ROW, [AreaLineRow(2, '{"one": 1}'), AreaLineRow(3, "{}")])
    return made


def decide(store: Store, before: str, after: str, by: str = "b") -> bool:
    with store.unit() as unit:
        return areas.decide_area(unit, ROW.number, before, after, by=by, role="r", terminal="t", at=AT)


def checked(store: Store) -> None:
    with store.unit() as unit:
        areas.note_checked(unit, ROW.number, AT)


def test_whoever_brought_it_does_not_decide(store: Store) -> None:
    checked(store)
    with pytest.raises(psycopg.errors.CheckViolation):
        decide(store, "checked", "approved", by="a")
    assert decide(store, "checked", "approved")
    assert not decide(store, "checked", "declined")


def test_whoever_brought_it_may_take_it_back_before_it_begins_and_nobody_after(store: Store) -> None:
    checked(store)
    assert decide(store, "checked", "approved")
    with store.unit() as unit:
        areas.note_begun(unit, ROW.number, AT)
    with pytest.raises(psycopg.errors.CheckViolation):
        decide(store, "approved", "withdrawn", by="a")


@pytest.mark.parametrize("after", ["approved", "done"])
def test_nothing_is_approved_before_everybody_was_looked_at(store: Store, after: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        decide(store, "checking", after)


def test_a_word_that_was_given_is_not_given_by_somebody_else(store: Store) -> None:
    checked(store)
    assert decide(store, "checked", "approved")
    with pytest.raises(psycopg.errors.CheckViolation):
        decide(store, "approved", "approved", by="c")
    with store.unit() as unit:
        areas.note_begun(unit, ROW.number, AT)
        areas.note_done(unit, ROW.number, AT)
    with pytest.raises(psycopg.errors.CheckViolation):
        decide(store, "done", "approved", by="c")
    with store.unit() as unit:
        areas.note_taken_up(unit, ROW.number)
        row = areas.area(unit, ROW.number)
    assert row is not None
    assert (row.state, row.decided_by) == ("approved", "b")


def test_a_household_is_on_a_list_once_and_counted_once(store: Store) -> None:
    items = [
        AreaItemRow(7, "甲町1番", 2, 3, "listed"),
        AreaItemRow(8, "甲町1番", None, 1, "unnamed"),
    ]
    with store.unit() as unit:
        assert areas.keep_items(unit, ROW.number, items) == items
        assert areas.keep_items(unit, ROW.number, [replace(items[0], people=9)]) == []
        areas.add_met(unit, ROW.number, {2: 1})
        areas.shift_tallies(unit, ROW.number, {"listed": Tally(1, 3), "unnamed": Tally(1, 1)})
        areas.shift_tallies(unit, ROW.number, {"listed": Tally(-1, -3), "done": Tally(1, 3)})
        assert areas.tallies(unit, ROW.number) == {
            "listed": Tally(), "unnamed": Tally(1, 1), "done": Tally(1, 3),
        }  # fmt: skip
        assert [(one.line, one.met) for one in areas.lines_of(unit, ROW.number)] == [(2, 1), (3, 0)]
        assert [one.household_number for one in areas.next_items(unit, ROW.number, few=9, most=9)] == [7]
        assert areas.list_again(unit, ROW.number) == {"unnamed": Tally(1, 1)}
        assert [one.household_number for one in areas.next_items(unit, ROW.number, few=9, most=9)] == [7, 8]


def test_the_same_table_is_not_open_twice(store: Store) -> None:
    again = replace(ROW, number="2026-000002")
    with store.unit() as unit:
        assert not areas.keep_area(unit, again, [])
    assert decide(store, "checking", "withdrawn", by="a")
    with store.unit() as unit:
        assert areas.keep_area(unit, again, [])


def test_those_of_one_roof_are_done_together(store: Store) -> None:
    items = [AreaItemRow(number, f"甲町{number // 3}番", 2, 1, "listed") for number in range(1, 9)]
    with store.unit() as unit:
        areas.keep_items(unit, ROW.number, items)
        found = areas.next_items(unit, ROW.number, few=1, most=100)
        assert [one.household_number for one in found] == [1, 2]
        found = areas.next_items(unit, ROW.number, few=3, most=100)
        assert [one.household_number for one in found] == [1, 2, 3, 4, 5]
        assert len(areas.next_items(unit, ROW.number, few=3, most=4)) == 4


def test_two_workers_never_work_on_one_change(store: Store) -> None:
    with store.unit() as first:
        taken = areas.lock_next_work(first, DAY)
        assert taken is not None
        assert taken.number == ROW.number
        with store.unit() as second:
            assert areas.lock_next_work(second, DAY) is None


def test_what_waits_for_its_day_or_a_word_is_not_worked_on(store: Store) -> None:
    checked(store)
    with store.unit() as unit:
        assert areas.lock_next_work(unit, DAY) is None
        assert areas.how_many_wait(unit) == 1
    assert decide(store, "checked", "approved")
    with store.unit() as unit:
        assert areas.lock_next_work(unit, date(2026, 11, 19)) is None
        assert areas.lock_next_work(unit, DAY) is not None
