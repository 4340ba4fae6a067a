"""Within how many days something must be done, or for how many it is kept, and how those days are counted."""

from calendar import monthrange
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.rules.law.article import Article, juki

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A period that an article sets, from the day on which it came into force.  届出期間・保存期間"""

    article: Article
    days: int
    in_force_from: date


_ACT = date(1967, 11, 10)
_FOREIGN_RESIDENTS = date(2012, 7, 9)
NOTICE_PERIODS = (
    Period(juki("22"), 14, _ACT),
    Period(juki("23"), 14, _ACT),
    # Due beforehand (あらかじめ); after these days the paper is no notice any more, only information.
    Period(juki("24"), 14, _ACT),
    Period(juki("25"), 14, _ACT),
    Period(juki("30-46"), 14, _FOREIGN_RESIDENTS),
    Period(juki("30-47"), 14, _FOREIGN_RESIDENTS),
    Period(juki("30-48"), 14, _FOREIGN_RESIDENTS),
)


@dataclass(frozen=True, slots=True)
class Term:
    """How long something stands from its first day, and how long before its end it can be renewed.  有効期間"""

    article: Article
    years: int
    renewable_months: int
    in_force_from: date


_HANDLING = Article("住民基本台帳事務処理要領", "第6の10")
PROTECTION_TERM = Term(_HANDLING, years=1, renewable_months=1, in_force_from=date(2004, 7, 1))


def period_of(article: Article, on: date) -> Period | None:
    """Find the period that an article set on a day, or nothing.

    Law: 住民基本台帳法 第22条–第25条, 第30条の46–第30条の48
    """
    found = [one for one in NOTICE_PERIODS if one.article == article and one.in_force_from <= on]
    return max(found, key=lambda one: one.in_force_from, default=None)


def last_day(event_on: date, days: int, closed: Container[date]) -> date:
    """Count a period from the day after the event; an end on a closed day moves to the next open one.

    Law: 民法 第140条, 第141条, 第142条; 地方自治法 第4条の2第4項
    """
    day = event_on + timedelta(days=days)
    while day in closed:
        day += _ONE_DAY
    return day


def last_day_of_years(first_day: date, years: int) -> date:
    """Count years of which the first day is one: they end the day before the same calendar day.

    Where that year has no such day, they end with the last day of its month.

    Law: 民法 第143条
    """
    try:
        return first_day.replace(year=first_day.year + years) - _ONE_DAY
    except ValueError:
        return date(first_day.year + years, 2, 28)


def months_before(day: date, months: int) -> date:
    """Give the same day some months earlier, or the last day of that month when it is shorter.

    Law: 民法 第143条第2項, counted back.
    """
    month = day.year * 12 + day.month - 1 - months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
