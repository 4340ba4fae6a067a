"""Until when may a level keep, and provide, what it was told of a person?"""

from datetime import date

from daicho.rules.identity.record import IdentityRecord


def years_later(day: date, years: int) -> date:
    """Give the same calendar day some years later; 29 February becomes 28 February.

    Law: none, arithmetic.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def kept_until(record: IdentityRecord, received_on: date, years: int) -> date | None:
    """Tell the last day of keeping: a removal's years run from its report, a living resident's do not run.

    Law: 住民基本台帳法施行令 第34条第2項, 第30条の6
    """
    return None if record.living else years_later(received_on, years)
