"""Age as 年齢計算ニ関スル法律 counts it: one year more at the end of the day before the birthday."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daicho.rules.people.age import (
    AgeRange,
    DaySpan,
    age_on,
    ages_on,
    attained_between,
    attained_on,
    last_birth_of,
    possible_days,
)
from daicho.rules.people.dates import PartialDate

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(1900, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("birth", "years", "last_day_before"),
    [
        (date(2000, 4, 1), 6, date(2006, 3, 31)),  # hence the school year
        (date(2000, 4, 2), 6, date(2006, 4, 1)),
        (date(2000, 1, 1), 20, date(2019, 12, 31)),
        (date(2000, 2, 29), 1, date(2001, 2, 28)),
        (date(2000, 2, 29), 4, date(2004, 2, 28)),
        (date(2001, 3, 1), 3, date(2004, 2, 29)),
        (date(2001, 3, 1), 4, date(2005, 2, 28)),
    ],
)
def test_an_age_is_reached_at_the_end_of_the_day_before_the_birthday(birth, years, last_day_before):
    assert attained_on(birth, years) == last_day_before
    assert age_on(birth, last_day_before) == years - 1
    assert age_on(birth, last_day_before + ONE_DAY) == years


@given(birth=DAYS, years=st.integers(1, 130))
def test_the_day_after_an_age_is_reached_begins_with_it(birth, years):
    reached = attained_on(birth, years)
    assert age_on(birth, reached) == years - 1
    assert age_on(birth, reached + ONE_DAY) == years


@given(day=DAYS, years=st.integers(1, 130))
@example(day=date(2024, 2, 29), years=1)
@example(day=date(2024, 2, 29), years=4)
@example(day=date(2025, 2, 28), years=1)
@example(day=date(2025, 3, 1), years=1)
def test_whoever_was_born_a_day_later_is_not_yet_so_old(day, years):
    last = last_birth_of(years, day)
    assert age_on(last, day) >= years
    assert age_on(last + ONE_DAY, day) == years - 1


@given(birth=DAYS, later=st.integers(0, 45_000))
def test_nobody_gets_younger_and_nobody_ages_two_years_at_once(birth, later):
    day = birth + timedelta(days=later)
    assert age_on(birth, day + ONE_DAY) - age_on(birth, day) in (0, 1)
    assert age_on(birth, birth) == 0


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="born"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("birth", "ages"),
    [
        (PartialDate(1970, 5, 31), AgeRange(56, 56)),
        (PartialDate(1970, 5, None), AgeRange(56, 56)),
        (PartialDate(1970, 11, None), AgeRange(55, 56)),
        (PartialDate(1970, 12, None), AgeRange(55, 55)),
        (PartialDate(1970, None, None), AgeRange(55, 56)),
        (PartialDate(None, None, None), None),
        (PartialDate(None, 5, 31), None),
        (PartialDate(2026, None, None), AgeRange(0, 0)),
        (PartialDate(2026, 11, 21), None),
        (PartialDate(2027, None, None), None),
    ],
)
def test_a_partly_unknown_birth_date_leaves_a_range(birth, ages):
    assert ages_on(birth, date(2026, 11, 20)) == ages


@given(birth=DAYS, day=DAYS, known=st.integers(0, 2))
def test_the_true_age_is_always_in_the_range(birth, day, known):
    hidden = (
        PartialDate(birth.year, None, None),
        PartialDate(birth.year, birth.month, None),
        PartialDate.of(birth),
    )[known]
    ages = ages_on(hidden, day)
    if birth <= day:
        assert ages.youngest <= age_on(birth, day) <= ages.oldest <= ages.youngest + 1
    elif known == 2:
        assert ages is None


@pytest.mark.parametrize(
    ("birth", "years", "first", "last"),
    [
        (PartialDate(1970, 5, 31), 65, date(2035, 5, 30), date(2035, 5, 30)),
        (PartialDate(1972, 2, None), 18, date(1990, 1, 31), date(1990, 2, 28)),  # born on the 29th: the 28th
        (PartialDate(1971, 2, None), 1, date(1972, 1, 31), date(1972, 2, 27)),
        (PartialDate(1970, None, None), 20, date(1989, 12, 31), date(1990, 12, 30)),
    ],
)
def test_an_age_may_be_reached_between_the_first_and_the_last_day_that_the_birth_may_be(
    birth, years, first, last
):
    assert attained_between(birth, years) == DaySpan(first, last)


@pytest.mark.parametrize(
    "birth", [PartialDate(None, None, None), PartialDate(None, 2, 29), PartialDate(None, 5, None)]
)
def test_of_an_unknown_year_of_birth_nothing_is_reached(birth):
    assert possible_days(birth) is None
    assert attained_between(birth, 20) is None


@given(birth=DAYS, years=st.integers(1, 130), known=st.integers(1, 3))
def test_the_true_day_on_which_an_age_is_reached_lies_in_the_span(birth, years, known):
    hidden = PartialDate(*birth.timetuple()[:known], *[None] * (3 - known))
    days, reached = possible_days(hidden), attained_between(hidden, years)
    assert days.first <= birth <= days.last
    assert reached.first <= attained_on(birth, years) <= reached.last
    if known == 3:
        assert reached.first == reached.last == attained_on(birth, years)
