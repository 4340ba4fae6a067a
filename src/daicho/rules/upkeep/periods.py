"""Within how many days each step of a case should be done.

The law sets none of these days: it asks for action without delay (法9条2項) or regularly (法34条1項). All are own.
"""

from collections.abc import Container
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.periods import Period, last_day

_ACT = date(1967, 11, 10)


class UpkeepDeadline(StrEnum):
    """What a period is set for.  処理の期限の別"""

    REPORT = "REPORT"  # 通知等の処理
    ARRIVAL = "ARRIVAL"  # 転出予定日から転入通知を待つ期間
    MISSING_ARRIVAL = "MISSING_ARRIVAL"  # 未着の事案の最初の処理
    UNNOTIFIED = "UNNOTIFIED"  # 未届の事案の最初の処理
    SURVEY = "SURVEY"  # 実態調査
    REMAKING = "REMAKING"  # 再製
    ANSWER = "ANSWER"  # 照会の回答
    REMINDER = "REMINDER"  # 催告による届出
    PUBLIC_NOTICE = "PUBLIC_NOTICE"  # 公示


_PERIODS: dict[UpkeepDeadline, tuple[Period, ...]] = {
    UpkeepDeadline.REPORT: (Period(juki_order("12"), 7, _ACT),),
    # Fourteen days for the notice of moving in, and as much again for the other town's report.
    UpkeepDeadline.ARRIVAL: (Period(juki("14"), 30, _ACT),),
    UpkeepDeadline.MISSING_ARRIVAL: (Period(juki("14"), 14, _ACT),),
    UpkeepDeadline.UNNOTIFIED: (Period(juki("14"), 14, _ACT),),
    UpkeepDeadline.SURVEY: (Period(juki("34"), 60, _ACT),),
    UpkeepDeadline.REMAKING: (Period(juki("14"), 3, _ACT),),
    UpkeepDeadline.ANSWER: (Period(juki("14"), 14, _ACT),),
    UpkeepDeadline.REMINDER: (Period(juki("14"), 14, _ACT),),
    UpkeepDeadline.PUBLIC_NOTICE: (Period(juki_order("12"), 14, _ACT),),
}


def upkeep_period(deadline: UpkeepDeadline, on: date) -> Period:
    """Find the period that stood for a step on a day.

    Law: none, own definition; each period names the article that asks for the step.
    """
    found = [one for one in _PERIODS[deadline] if one.in_force_from <= on]
    return max(found or _PERIODS[deadline], key=lambda one: one.in_force_from)


def upkeep_due(deadline: UpkeepDeadline, begun_on: date, closed: Container[date]) -> date:
    """Give the last day of a step that begins on a day.

    Law: 民法 第140条, 第141条; 地方自治法 第4条の2第4項; the number of days is own definition.
    """
    return last_day(begun_on, upkeep_period(deadline, begun_on).days, closed)
