"""Days, known and unknown, western and Japanese: what is read, written and refused."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.people.dates import (
    ERAS,
    MalformedDate,
    OutsideEra,
    PartialDate,
    era_of,
    era_text,
    parse_date,
    western_text,
)

DAYS = st.dates(date(1868, 1, 25), date(2199, 12, 31))


def partial(text: str) -> PartialDate:
    return PartialDate.parse(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026/11/20", "2026-11-20"),
        ("2026.11.20", "2026-11-20"),
        ("2026年11月20日", "2026-11-20"),
        ("20261120", "2026-11-20"),
        ("２０２６１１２０", "2026-11-20"),
        (" 2026-11-20 ", "2026-11-20"),
        ("R8.11.20", "2026-11-20"),
        ("r8.11.20", "2026-11-20"),
        ("R8/11/20", "2026-11-20"),
        ("Ｒ８．１１．２０", "2026-11-20"),
        ("令和8年11月20日", "2026-11-20"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成元年1月8日", "1989-01-08"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", "1989-01-07"),
        ("昭和元年12月25日", "1926-12-25"),
        ("大正15年12月25日", "1926-12-25"),
        ("大正元年7月30日", "1912-07-30"),
        ("明治45年7月30日", "1912-07-30"),
        ("S45.5.31", "1970-05-31"),
        ("昭和45年5月不詳", "1970-05-00"),
        ("昭和45年不詳", "1970-00-00"),
        ("昭和45年", "1970-00-00"),
        ("昭和45年月日不詳", "1970-00-00"),
        ("昭和45年5月日不詳", "1970-05-00"),
        ("1970年5月日不詳", "1970-05-00"),
        ("年月日不詳", "0000-00-00"),
        ("大正元年7月", "1912-07-00"),
        ("昭和64年1月", "1989-01-00"),
        ("1970-05", "1970-05-00"),
        ("1970-05-00", "1970-05-00"),
        ("1970", "1970-00-00"),
        ("不詳", "0000-00-00"),
        ("2024-02-29", "2024-02-29"),
        ("昭和64年", "1989-00-00"),
    ],
)
def test_what_a_clerk_types(typed, meant):
    assert str(parse_date(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "昨日", "2026-13-01", "2026-00-01", "2026-02-30", "2025-02-29", "平成31年5月1日", "令和元年4月30日",
        "昭和64年1月8日", "明治45年7月31日", "大正15年12月26日", "昭和0年1月1日", "令和年1月1日", "2026-11-20-01",
        "1867-12-31", "99999-01-01", "2026-1a-01", "二〇二六年", "R8.11.20" + " " * 40 + "x", "0000-00-01",
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_refused(typed):
    with pytest.raises(MalformedDate):
        parse_date(typed)


@pytest.mark.parametrize(
    "typed", ["令和元年4月30日", "昭和64年1月8日", "昭和65年", "昭和64年2月", "昭和0年1月1日"]
)
def test_a_day_outside_the_era_in_which_it_is_written_is_told_apart(typed):
    with pytest.raises(OutsideEra):
        parse_date(typed)


def test_the_thirtieth_of_february_is_no_day_even_when_the_year_is_unknown():
    with pytest.raises(MalformedDate):
        PartialDate(None, 2, 30)
    assert PartialDate(None, 2, 29).whole is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 20), "令和8年11月20日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (partial("1970-05-00"), "昭和45年5月日不詳"),
        (partial("1970-00-00"), "昭和45年月日不詳"),
        (partial("0000-00-00"), "年月日不詳"),
        (partial("0000-05-31"), "年不詳5月31日"),
        (partial("0000-05-00"), "年不詳5月日不詳"),
        (partial("1970-05-31"), "昭和45年5月31日"),
    ],
)
def test_what_paper_and_screens_show(day, words):
    assert era_text(day) == words


@given(DAYS)
def test_every_day_written_in_its_era_is_read_as_that_day(day):
    assert parse_date(era_text(day)).whole == day
    assert PartialDate.parse(str(PartialDate.of(day))).whole == day
    assert parse_date(day.strftime("%Y%m%d")).whole == day


@given(DAYS)
def test_every_day_belongs_to_one_era_and_eras_leave_no_gap(day):
    assert era_of(day) in ERAS
    gaps = [(later.began - earlier.ended).days for earlier, later in pairwise(ERAS)]
    assert gaps == [0, 0, 1, 1]


def test_before_the_first_era_there_is_none():
    with pytest.raises(MalformedDate):
        era_of(date(1868, 1, 24))


@given(DAYS, DAYS)
def test_whole_days_are_ordered_as_days(one, two):
    assert (PartialDate.of(one).sort_key() < PartialDate.of(two).sort_key()) == (one < two)


@given(st.text(max_size=40))
def test_nothing_typed_makes_the_reader_fall_over(text):
    for reader in (parse_date, PartialDate.parse):
        try:
            reader(text)
        except MalformedDate:
            continue


IN_PART = st.builds(
    lambda day, known: PartialDate(*(day.timetuple()[:known]), *[None] * (3 - known)), DAYS, st.integers(0, 3)
)


@given(IN_PART)
def test_a_day_in_part_is_read_as_it_is_written(day):
    assert parse_date(era_text(day)) == day
    assert parse_date(western_text(day)) == day


@given(IN_PART, DAYS)
def test_a_day_in_part_is_found_by_a_search_for_every_day_that_holds_it(searched, kept):
    beginning = searched.search_key()
    assert str(searched).startswith(beginning)
    known = [part for part in (searched.year, searched.month, searched.day) if part is not None]
    meant = [kept.year, kept.month, kept.day][: len(known)] == known and searched.year is not None
    assert kept.isoformat().startswith(beginning) == meant


@given(IN_PART, DAYS)
def test_a_day_in_part_comes_after_a_whole_one_exactly_when_its_text_does(one, other):
    assert one.is_after(other) == (one.sort_key() > other.isoformat())
    assert PartialDate.parse(str(one)) == one
