"""The days on which a municipality's offices are closed."""

from dataclasses import dataclass
from datetime import date

from daicho.rules.law.holidays import holidays_of

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Saturdays, Sundays, national holidays, 29 December to 3 January, and days of an ordinance.  地方公共団体の休日

    Law: 地方自治法 第4条の2第1項–第3項
    """

    by_ordinance: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        """Tell whether the offices are closed on a day."""
        if not isinstance(day, date):
            return False
        at_new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return (
            day.weekday() >= _SATURDAY
            or at_new_year
            or day in holidays_of(day.year)
            or day in self.by_ordinance
        )


CLOSED_DAYS = ClosedDays()
