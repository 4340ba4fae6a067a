"""Periods, closed days and holidays against the calendar as it was announced."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.law.article import juki
from daicho.rules.law.closed_days import CLOSED_DAYS, ClosedDays
from daicho.rules.law.holidays import FIRST_YEAR, HOLIDAYS, LAST_YEAR, holidays_of
from daicho.rules.law.periods import NOTICE_PERIODS, last_day, period_of
from daicho.rules.register.deadlines import due_day, lateness

DAYS = st.dates(date(1989, 1, 1), date(2099, 12, 31))


def days(year: int) -> list[str]:
    return [f"{day.month}/{day.day}" for day in holidays_of(year)]


@pytest.mark.parametrize(
    ("year", "announced"),
    [
        (2019, "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23"),
        (2020, "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23"),
        (2021, "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23"),
        (2024, "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23"),
        (2025, "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24"),
        (2026, "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23"),
        (1989, "1/1 1/2 1/15 1/16 2/11 2/24 3/21 4/29 5/3 5/4 5/5 9/15 9/23 10/10 11/3 11/23 12/23"),
    ],
)  # fmt: skip
def test_the_holidays_of_a_year_are_those_that_were_announced(year, announced):
    assert days(year) == announced.split()


def test_somebody_elses_calendar_has_the_same_holidays_in_every_year():
    """国民の祝日に関する法律 第2条, 第3条, and the acts for single days: which days they are, not what they are called."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    theirs = country_holidays("JP", years=years)
    assert {day for year in years for day in holidays_of(year)} == set(theirs)


def test_a_day_between_two_holidays_is_one_and_is_called_so():
    assert holidays_of(2026)[date(2026, 9, 22)] == "国民の休日"
    assert holidays_of(2026)[date(2026, 5, 6)] == "振替休日"
    assert holidays_of(2015)[date(2015, 9, 22)] == "国民の休日"


def test_outside_the_table_there_are_no_holidays_rather_than_wrong_ones():
    assert holidays_of(FIRST_YEAR - 1) == {}
    assert holidays_of(LAST_YEAR + 1) == {}
    assert {one.on(1950) for one in HOLIDAYS} == {None}


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 11, 20), False),
        (date(2026, 11, 21), True),  # Saturday
        (date(2026, 11, 22), True),
        (date(2026, 11, 23), True),  # 勤労感謝の日
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2027, 1, 3), True),
        (date(2027, 1, 4), False),
    ],
)
def test_closed_days_of_a_town(day, closed):
    assert (day in CLOSED_DAYS) is closed


def test_an_ordinance_may_close_more_days():
    assert date(2026, 11, 20) in ClosedDays(frozenset({date(2026, 11, 20)}))
    assert "2026-11-20" not in CLOSED_DAYS


@pytest.mark.parametrize(
    ("event", "due"),
    [
        (date(2026, 11, 2), date(2026, 11, 16)),
        (date(2026, 11, 6), date(2026, 11, 20)),
        (date(2026, 11, 7), date(2026, 11, 24)),  # the 21st is a Saturday, the 23rd a holiday
        (date(2026, 12, 15), date(2027, 1, 4)),  # over New Year
        (date(2019, 4, 13), date(2019, 5, 7)),  # ten days of May 2019
    ],
)
def test_fourteen_days_are_counted_from_the_day_after_and_end_on_an_open_day(event, due):
    assert due_day(event, CLOSED_DAYS, article=juki("22")) == due
    assert lateness(event, due, CLOSED_DAYS, article=juki("22")) is None
    late = lateness(event, due + timedelta(days=1), CLOSED_DAYS, article=juki("22"))
    assert late is not None
    assert (late.due_on, late.days_late) == (due, 1)


@given(DAYS, st.integers(0, 60))
def test_a_period_never_ends_early_nor_on_a_closed_day(event, count):
    found = last_day(event, count, CLOSED_DAYS)
    assert found >= event + timedelta(days=count)
    assert found not in CLOSED_DAYS
    between = (found - event).days - count
    assert all(event + timedelta(days=count + place) in CLOSED_DAYS for place in range(between))


def test_a_period_holds_from_its_day_in_force():
    assert period_of(juki("30-46"), date(2012, 7, 8)) is None
    assert period_of(juki("30-46"), date(2012, 7, 9)) is not None
    assert due_day(date(2012, 7, 8), CLOSED_DAYS, article=juki("30-46")) is None
    assert period_of(juki("1"), date(2026, 11, 20)) is None
    assert {period.days for period in NOTICE_PERIODS} == {14}
