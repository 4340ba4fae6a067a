"""What is made public of inspections, once a year.  閲覧の状況の公表"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daicho.rules.inspection.application import (
    InspectionApplication,
    InspectionKind,
    InspectionScope,
    is_published,
)

_APRIL = 4


@dataclass(frozen=True, slots=True)
class Inspection:
    """That the list of an application was read on a day.  閲覧"""

    application: InspectionApplication
    inspected_on: date


@dataclass(frozen=True, slots=True)
class PublishedInspection:
    """One inspection as it is made public.  公表する閲覧の状況

    Law: 住民基本台帳法 第11条第3項, 第11条の2第12項; 住民基本台帳の一部の写しの閲覧並びに住民票の写し等及び除票の写し等の
    交付に関する省令 第3条
    """

    kind: InspectionKind
    body: str
    representative: str
    summary: str
    inspected_on: date
    scope: InspectionScope


def fiscal_year_of(day: date) -> int:
    """Name the fiscal year in which a day lies: it begins in April.

    Law: 地方自治法 第208条第1項
    """
    return day.year if day.month >= _APRIL else day.year - 1


def days_of_fiscal_year(year: int) -> tuple[date, date]:
    """Give the first and the last day of a fiscal year.

    Law: 地方自治法 第208条第1項
    """
    return date(year, _APRIL, 1), date(year + 1, _APRIL - 1, 31)


def published(inspections: Iterable[Inspection]) -> tuple[PublishedInspection, ...]:
    """List what is made public of some inspections, public bodies first, each in the order of days.

    Law: 住民基本台帳法 第11条第3項, 第11条の2第12項
    """
    rows = [
        PublishedInspection(
            one.application.kind,
            one.application.body,
            one.application.representative,
            one.application.summary,
            one.inspected_on,
            one.application.scope,
        )
        for one in inspections
        if is_published(one.application)
    ]
    rows.sort(key=lambda one: (one.kind is not InspectionKind.PUBLIC, one.inspected_on, one.body))
    return tuple(rows)
