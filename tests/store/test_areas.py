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
        halt(store, "withdrawn")
    halt(store, "stopped")


def halt(store: Store, state: str, by: str = "a") -> None:
    with store.unit() as unit:
        areas.halt_area(unit, ROW.number, state, by=by, at=AT)


def test_what_is_stopped_rests_and_goes_on_by_two_words_that_are_given_anew(store: Store) -> None:
    checked(store)
    assert decide(store, "checked", "approved")
    halt(store, "stopped", by="c")
    with store.unit() as unit:
        assert areas.lock_next_work(unit, DAY) is None
        row = areas.area(unit, ROW.number)
        assert row is not None
        assert (row.decided_by, row.halted_by) == ("b", "c")
        areas.stand_for(unit, ROW.number, by="d", role="r", terminal="t", asked="resumed")
    with pytest.raises(psycopg.errors.CheckViolation):
        decide(store, "checked", "approved", by="d")
    assert decide(store, "checked", "approved", by="b")


def test_whoever_took_it_back_does_not_stand_where_the_second_person_stood(store: Store) -> None:
    checked(store)
    assert decide(store, "checked", "approved")
    halt(store, "withdrawn")
    with store.unit() as unit:
        row = areas.area(unit, ROW.number)
    assert row is not None
    assert (row.decided_by, row.halted_by) == ("b", "a")


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
        areas.note_done(unit, ROW.number, AT, watched_until=DAY, today=DAY)
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
        areas.keep_items(unit, ROW.number, [replace(items[0], people=9), items[1]])
        areas.keep_items(unit, ROW.number, items)
        assert areas.items_among(unit, ROW.number, [7, 8, 9]) == items
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
    halt(store, "withdrawn")
    with store.unit() as unit:
        assert areas.keep_area(unit, again, [])
        assert areas.open_under_another(unit, ROW.number, ROW.digest)
        assert not areas.open_under_another(unit, again.number, ROW.digest)


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


def ended(store: Store, *, watched_until: date, today: date = DAY) -> None:
    checked(store)
    assert decide(store, "checked", "approved")
    with store.unit() as unit:
        areas.note_begun(unit, ROW.number, AT)
        areas.note_looked(unit, ROW.number, None, again=False)
        areas.note_done(unit, ROW.number, AT, watched_until=watched_until, today=today)


def test_an_ended_change_is_looked_through_once_a_day_and_one_day_no_more(store: Store) -> None:
    ended(store, watched_until=date(2026, 11, 21))
    with store.unit() as unit:
        assert not areas.work_waits(unit, DAY)
        assert areas.work_waits(unit, date(2026, 11, 21))
        assert areas.lock_next_work(unit, date(2026, 11, 21)) is not None
        areas.note_watched(unit, ROW.number, date(2026, 11, 21))
        assert not areas.work_waits(unit, date(2026, 11, 21))
        assert not areas.work_waits(unit, date(2026, 12, 31))


def test_what_turned_back_is_not_on_the_list_again(store: Store) -> None:
    items = [AreaItemRow(7, "甲町1番", 2, 3, "back"), AreaItemRow(8, "甲町1番", 2, 1, "found")]
    with store.unit() as unit:
        areas.keep_items(unit, ROW.number, items)
        areas.shift_tallies(unit, ROW.number, {"back": Tally(1, 3), "found": Tally(1, 1)})
        assert areas.list_again(unit, ROW.number) == {"found": Tally(1, 1)}
        assert [one.state for one in areas.items_at(unit, ROW.number, ["甲町1番"])] == ["back", "listed"]


LINES = [
    AreaLineRow(2, "{}", old=("甲町", "1番"), new=("甲町", "5番")),
    AreaLineRow(3, "{}", old=("丙町", ""), new=("丁町", "")),
]


@pytest.mark.parametrize(
    ("old", "first"),
    [
        (("甲町", "5番"), True),
        (("甲町", ""), True),
        (("甲町", "6番"), False),
        (("丁町", "7番"), True),
        (("丁町", ""), True),
        (("乙町", ""), False),
    ],
)
def test_whoever_makes_room_goes_first(store: Store, old: tuple[str, str], first: bool) -> None:
    mine, theirs = (replace(ROW, number=f"2026-00000{place}", digest=f"{place}" * 64) for place in (2, 3))
    with store.unit() as unit:
        areas.keep_area(unit, mine, LINES)
        areas.keep_area(unit, theirs, [AreaLineRow(2, "{}", old=old, new=("戊町", "1番"))])
        assert areas.must_go_first(unit, mine.number) is first
        assert not areas.must_go_first(unit, theirs.number)
        areas.halt_area(unit, theirs.number, "withdrawn", by="a", at=AT)
        assert not areas.must_go_first(unit, mine.number)


def test_which_places_a_begun_table_names_as_new(store: Store) -> None:
    other = replace(ROW, number="2026-000002", digest="2" * 64)
    places = {("甲町", "5番"), ("丁町", "9番"), ("甲町", "6番")}
    with store.unit() as unit:
        areas.keep_area(unit, other, LINES)
        assert areas.named_new(unit, ROW.number, places, DAY) == {}
        unit.execute("UPDATE register.area_change SET begun_at = now() WHERE number = %s", (other.number,))
        assert areas.named_new(unit, ROW.number, places, DAY) == {("甲町", "5番"): DAY, ("丁町", "9番"): DAY}
        assert areas.named_new(unit, other.number, places, DAY) == {}
        assert areas.named_new(unit, ROW.number, places, date(2026, 11, 21)) == {}


def test_how_much_is_left_is_read_page_by_page(store: Store) -> None:
    items = [AreaItemRow(number, "甲町1番", 2, 1, "held") for number in range(1, 6)]
    with store.unit() as unit:
        areas.keep_items(unit, ROW.number, items)
        assert areas.left_over(unit, ("", 0), limit_rows=9) == []
        unit.execute("UPDATE register.area_change SET begun_at = now() WHERE number = %s", (ROW.number,))
        page = areas.left_over(unit, ("", 0), limit_rows=3)
        assert page == [(ROW.number, 1), (ROW.number, 2), (ROW.number, 3)]
        assert areas.left_over(unit, page[-1], limit_rows=3) == [(ROW.number, 4), (ROW.number, 5)]


def test_a_look_counts_the_households_that_it_met(store: Store) -> None:
    with store.unit() as unit:
        areas.note_looked(unit, ROW.number, 7, again=False, homes=3)
        areas.note_looked(unit, ROW.number, None, again=False, homes=2)
        areas.note_checked(unit, ROW.number, AT)
        row = areas.area(unit, ROW.number)
    assert row is not None
    assert (row.looked_homes, row.told_homes, row.looked_at) == (5, 5, None)
