"""How old is somebody on a day?"""

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.rules.people.dates import PartialDate

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AgeRange:
    """The youngest and the oldest that somebody of a partly unknown birth date may be.  年齢の幅"""

    youngest: int
    oldest: int


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The first and the last of the days that one may be of which a part is unknown.  日の幅"""

    first: date
    last: date


def attained_on(birth: date, years: int) -> date:
    """Give the day at whose end an age is reached: the day before the birthday; of 29 February always the 28th.

    Law: 年齢計算ニ関スル法律; 民法 第143条第2項
    """
    if (birth.month, birth.day) == (2, 29):
        return date(birth.year + years, 2, 28)
    return birth.replace(year=birth.year + years) - _ONE_DAY


def age_on(birth: date, day: date) -> int:
    """Tell the age with which a day begins.

    Law: 年齢計算ニ関スル法律. Units: years. Raises: ValueError before the birth.
    """
    if day < birth:
        raise ValueError("not born yet")
    years = day.year - birth.year
    return years if years == 0 or attained_on(birth, years) < day else years - 1


def last_birth_of(years: int, day: date) -> date:
    """Give the last birth date with which an age is reached when a day begins.

    Law: 年齢計算ニ関スル法律; 民法 第143条第2項
    """
    if (day.month, day.day) == (2, 29) and not isleap(day.year - years):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)


def possible_days(birth: PartialDate) -> DaySpan | None:
    """Give the first and the last day that a partly unknown birth date may be; nothing when the year is unknown.

    Law: none, own definition: an unknown part may be any that a calendar has.
    """
    if birth.year is None:
        return None
    first_month, last_month = (birth.month, birth.month) if birth.month else (1, 12)
    days = monthrange(birth.year, last_month)[1]
    return DaySpan(
        date(birth.year, first_month, birth.day or 1), date(birth.year, last_month, birth.day or days)
    )


def ages_on(birth: PartialDate, day: date) -> AgeRange | None:
    """Tell between which ages somebody is when a day begins; nothing when the year is unknown or still to come.

    Law: 年齢計算ニ関スル法律; what an unknown part may be is own definition.
    """
    days = possible_days(birth)
    if days is None or days.first > day:
        return None
    return AgeRange(age_on(min(days.last, day), day), age_on(days.first, day))


def attained_between(birth: PartialDate, years: int) -> DaySpan | None:
    """Give the first and the last day at whose end an age may be reached; nothing when the year of birth is unknown.

    Law: 年齢計算ニ関スル法律; 民法 第143条第2項; what an unknown part may be is own definition.
    """
    days = possible_days(birth)
    return None if days is None else DaySpan(attained_on(days.first, years), attained_on(days.last, years))
