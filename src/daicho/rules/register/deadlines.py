"""Until when a notice must be filed, and what a late one means."""

from collections.abc import Container
from datetime import date

from daicho.rules.law.article import Article, juki
from daicho.rules.law.periods import last_day, period_of
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.written_dates import may_mean_that_day
from daicho.rules.register.changes import Lateness

_FINE = juki("52")


def due_day(event_on: date, closed: Container[date], *, article: Article) -> date | None:
    """Give the last day for a notice under an article; nothing where no article set a period at the time.

    Law: 住民基本台帳法 第22条–第25条, 第30条の46–第30条の48; 地方自治法 第4条の2第4項
    """
    period = period_of(article, event_on)
    return None if period is None else last_day(event_on, period.days, closed)


def lateness(
    event_on: date, notified_on: date, closed: Container[date], *, article: Article
) -> Lateness | None:
    """Tell by how much a notice is late; a late one is accepted and may be fined.

    Law: 住民基本台帳法 第22条–第25条, 第52条第2項
    """
    due_on = due_day(event_on, closed, article=article)
    if due_on is None or notified_on <= due_on:
        return None
    return Lateness(due_on, (notified_on - due_on).days, article, _FINE)


def check_notified(notified_on: date, on: date, article: Article) -> Refusal | None:
    """Refuse a notice dated after the day on which it is entered.

    Law: 住民基本台帳法 第27条
    """
    if notified_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, article, "notified_on")
    return None


def check_days(event_on: date, notified_on: date, on: date, article: Article) -> Refusal | None:
    """Refuse an event that has not happened, or a notice older than the event it tells of.

    Law: 住民基本台帳法 第22条, 第23条, 第25条, 第27条
    """
    if event_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, article, "change_date")
    if notified_on < event_on:
        return Refusal(Reason.DATE_ORDER, article, "notified_on")
    return check_notified(notified_on, on, article)


def check_written(written: str | None, day: date, article: Article, field: str) -> Refusal | None:
    """Refuse words beside a day that cannot mean it, or are not in the form in which they are kept.

    Law: 住民記録システム標準仕様書 1.1.8; own definition.
    """
    return None if may_mean_that_day(written, day) else Refusal(Reason.DATE_MALFORMED, article, field)


def earliest_day(day: PartialDate) -> date:
    """Give the first day that a partly unknown date may mean.

    Law: none, arrangement of one value.
    """
    return date.min if day.year is None else date(day.year, day.month or 1, day.day or 1)
