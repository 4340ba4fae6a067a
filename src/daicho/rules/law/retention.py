"""How many years a record is kept, as the order in force on a day says, and whether they are over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.rules.law.article import Article, juki_order
from daicho.rules.law.periods import last_day_of_years

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long something is kept from the event that ends its use.  保存期間"""

    article: Article
    years: int
    in_force_from: date


_ORDER = date(1967, 11, 10)
_LONG = date(2019, 6, 20)
REMOVED_RECORD = Retention(juki_order("34"), 150, _LONG)  # 第1項: 除票, 改製原住民票
REMOVED_RECORDS = (Retention(juki_order("34"), 5, _ORDER), REMOVED_RECORD)
IDENTITY_RECORD = Retention(juki_order("34"), 150, _LONG)  # 第2項: 市町村長が保存する本人確認情報
IDENTITY_RECORD_ABOVE = Retention(juki_order("30-6"), 150, _LONG)  # 都道府県知事・機構が保存する本人確認情報
PAPERS = Retention(juki_order("34"), 1, _ORDER)  # 第4項: 届出書、通知書その他の書類


def last_day_kept(terms: Sequence[Retention], begun_on: date) -> date:
    """Tell the last day on which something is kept whose years run from the day after an event.

    A longer term takes what is still kept on the day on which it comes into force; what was over by then stays over.
    `terms` stand in the order of their coming into force, the first of them for everything before.

    Law: 住民基本台帳法施行令 第34条第1項, 第4項; 民法 第140条, 第143条
    """
    last = last_day_of_years(begun_on + _ONE_DAY, terms[0].years)
    for term in terms[1:]:
        if term.in_force_from <= last:
            last = last_day_of_years(begun_on + _ONE_DAY, term.years)
    return last


def retention_over(terms: Sequence[Retention], begun_on: date, on: date) -> bool:
    """Tell whether the years of something are over on a day: from then on it is provided to nobody.

    Law: 住民基本台帳法施行令 第34条
    """
    return on > last_day_kept(terms, begun_on)


def first_day_kept(last_day: Callable[[date], date], on: date) -> date:
    """Find the first event of which something is still kept on a day: whatever is older is over.

    `last_day` gives the last day of keeping for the day of an event, and never an earlier one for a later event.

    Law: none, arithmetic.
    """
    low, high = 1, on.toordinal()
    while low < high:
        middle = (low + high) // 2
        if last_day(date.fromordinal(middle)) < on:
            low = middle + 1
        else:
            high = middle
    return date.fromordinal(low)


def first_removal_kept(on: date) -> date:
    """Find the first day of striking of which removed records are still kept on a day.

    Law: 住民基本台帳法施行令 第34条第1項
    """
    return first_day_kept(lambda day: last_day_kept(REMOVED_RECORDS, day), on)
