"""保存期間: from which day, for how long, and what is over on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.identity.retention import years_later
from daicho.rules.law.retention import (
    PAPERS,
    REMOVED_RECORDS,
    first_day_kept,
    first_removal_kept,
    last_day_kept,
    retention_over,
)
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(1900, 1, 1), date(2400, 12, 31))


@pytest.mark.requirement("R-476")
@pytest.mark.parametrize(
    ("struck_on", "last"),
    [
        (date(2026, 11, 20), date(2176, 11, 20)),  # the day of striking does not count (民法140条)
        (date(2019, 6, 20), date(2169, 6, 20)),
        (date(2014, 6, 20), date(2164, 6, 20)),  # still kept when the long term came into force
        (date(2014, 6, 19), date(2019, 6, 19)),  # over the day before
        (date(2000, 1, 1), date(2005, 1, 1)),
        (date(2018, 2, 28), date(2168, 2, 29)),  # counted from 1 March; 2168 has a 29 February
        (date(2024, 2, 29), date(2174, 2, 28)),
    ],
)
def test_a_removed_record_is_kept_by_the_order_that_found_it_kept(struck_on, last):
    assert last_day_kept(REMOVED_RECORDS, struck_on) == last
    assert not retention_over(REMOVED_RECORDS, struck_on, last)
    assert retention_over(REMOVED_RECORDS, struck_on, last + ONE_DAY)


def test_papers_are_kept_for_one_year_from_the_day_of_receipt():
    assert last_day_kept((PAPERS,), date(2026, 11, 20)) == date(2027, 11, 20)
    assert last_day_kept((PAPERS,), date(2024, 2, 29)) == date(2025, 2, 28)


def test_a_record_is_not_a_removed_one_before_its_striking_was_notified():
    died = Removal(ChangeReason.DEATH, date(2026, 3, 1), date(2026, 11, 20))
    announced = Removal(ChangeReason.MOVE_OUT, date(2026, 12, 1), date(2026, 11, 20))
    assert died.struck_on == date(2026, 11, 20)
    assert announced.struck_on == date(2026, 12, 1)


@given(DAYS, DAYS)
def test_whatever_was_struck_later_is_kept_no_shorter(one, other):
    early, late = sorted((one, other))
    assert last_day_kept(REMOVED_RECORDS, early) <= last_day_kept(REMOVED_RECORDS, late)


@given(DAYS)
def test_what_is_due_is_exactly_what_is_over(on):
    for last_day, first in (
        (lambda day: last_day_kept(REMOVED_RECORDS, day), first_removal_kept(on)),
        (
            lambda day: years_later(day, 150),
            first_day_kept(lambda day: years_later(day, 150), on),
        ),
    ):
        assert last_day(first) >= on
        assert last_day(first - ONE_DAY) < on


def test_nothing_that_was_struck_under_the_long_term_is_over_in_our_time():
    assert first_removal_kept(date(2026, 11, 20)) == date(2014, 6, 20)
    assert first_removal_kept(date(2019, 6, 19)) == date(2014, 6, 19)
    assert first_removal_kept(date(2176, 11, 21)) == date(2026, 11, 21)
