"""The national holidays from 1989 on, as the act and its amendments name them.

Law: 国民の祝日に関する法律. The equinoxes are announced each February for the following year; the formula
gives the announced days from 1989 to today, and the expected ones until 2099.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

FIRST_YEAR, LAST_YEAR = 1989, 2099  # 地方自治法4条の2, on closed days, is in force since 1989
_ONE_DAY = timedelta(days=1)
_SUBSTITUTE_MOVES_ON_FROM = date(2007, 1, 1)
_MONDAY, _SUNDAY = 0, 6


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday in the years in which the act names it so: on a day, or on a Monday of a month.  国民の祝日

    Law: 国民の祝日に関する法律 第2条
    """

    name: str
    month: int
    day: int = 0
    monday: int = 0  # the second Monday: 2
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    not_in: tuple[int, ...] = ()

    def on(self, year: int) -> date | None:
        """Give the day in a year, or nothing.

        Law: 国民の祝日に関する法律 第2条
        """
        if not self.first_year <= year <= self.last_year or year in self.not_in:
            return None
        if self.day:
            return date(year, self.month, self.day)
        first = date(year, self.month, 1)
        return first + timedelta(days=(_MONDAY - first.weekday()) % 7 + 7 * (self.monday - 1))


_GAMES = (2020, 2021)  # 令和三年東京オリンピック競技大会・東京パラリンピック競技大会特別措置法 第29条
HOLIDAYS = (
    Holiday("元日", 1, 1),
    Holiday("成人の日", 1, 15, last_year=1999),
    Holiday("成人の日", 1, monday=2, first_year=2000),
    Holiday("建国記念の日", 2, 11),
    Holiday("天皇誕生日", 12, 23, last_year=2018),
    Holiday("天皇誕生日", 2, 23, first_year=2020),
    Holiday("みどりの日", 4, 29, last_year=2006),
    Holiday("昭和の日", 4, 29, first_year=2007),
    Holiday("憲法記念日", 5, 3),
    Holiday("みどりの日", 5, 4, first_year=2007),
    Holiday("こどもの日", 5, 5),
    Holiday("海の日", 7, 20, first_year=1996, last_year=2002),
    Holiday("海の日", 7, monday=3, first_year=2003, not_in=_GAMES),
    Holiday("海の日", 7, 23, first_year=2020, last_year=2020),
    Holiday("海の日", 7, 22, first_year=2021, last_year=2021),
    Holiday("山の日", 8, 11, first_year=2016, not_in=_GAMES),
    Holiday("山の日", 8, 10, first_year=2020, last_year=2020),
    Holiday("山の日", 8, 8, first_year=2021, last_year=2021),
    Holiday("敬老の日", 9, 15, last_year=2002),
    Holiday("敬老の日", 9, monday=3, first_year=2003),
    Holiday("体育の日", 10, 10, last_year=1999),
    Holiday("体育の日", 10, monday=2, first_year=2000, last_year=2019),
    Holiday("スポーツの日", 7, 24, first_year=2020, last_year=2020),
    Holiday("スポーツの日", 7, 23, first_year=2021, last_year=2021),
    Holiday("スポーツの日", 10, monday=2, first_year=2022),
    Holiday("文化の日", 11, 3),
    Holiday("勤労感謝の日", 11, 23),
    Holiday("昭和天皇の大喪の礼", 2, 24, last_year=1989),
    Holiday("即位礼正殿の儀", 11, 12, first_year=1990, last_year=1990),
    Holiday("皇太子徳仁親王の結婚の儀", 6, 9, first_year=1993, last_year=1993),
    Holiday("天皇の即位の日", 5, 1, first_year=2019, last_year=2019),
    Holiday("即位礼正殿の儀", 10, 22, first_year=2019, last_year=2019),
)


def _equinox(year: int, month: int, *, base: float) -> date:
    # The usual approximation of the days that the national observatory announces (暦要項).
    return date(year, month, int(base + 0.242194 * (year - 1980)) - (year - 1980) // 4)


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Name every holiday of a year with its name, substitutes (振替休日) and days between two holidays included.

    Law: 国民の祝日に関する法律 第2条, 第3条
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    named = {day: one.name for one in HOLIDAYS if (day := one.on(year)) is not None}
    named[_equinox(year, 3, base=20.8431)] = "春分の日"
    named[_equinox(year, 9, base=23.2488)] = "秋分の日"
    found = dict(named)
    for day in sorted(named):
        between = day + _ONE_DAY
        if _is_between(between, named):
            found[between] = "国民の休日"
    for day in sorted(named):
        substitute = _substitute(day, named)
        if substitute is not None:
            found[substitute] = "振替休日"
    return dict(sorted(found.items()))


def _is_between(day: date, named: dict[date, str]) -> bool:
    if day in named or day + _ONE_DAY not in named:
        return False
    return day >= _SUBSTITUTE_MOVES_ON_FROM or day.weekday() not in (_SUNDAY, _MONDAY)


def _substitute(day: date, named: dict[date, str]) -> date | None:
    if day.weekday() != _SUNDAY:
        return None
    following = day + _ONE_DAY
    while following in named and day >= _SUBSTITUTE_MOVES_ON_FROM:
        following += _ONE_DAY
    return None if following in named else following
