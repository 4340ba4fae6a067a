"""Days, whole or in part, in the western and in the Japanese calendar."""

from dataclasses import dataclass
from datetime import date
from typing import Self

MAX_DATE_CHARACTERS = 32
UNKNOWN = "不詳"
_PLACES = tuple(f"-{number:02d}" for number in range(32))


class MalformedDate(ValueError):
    """Not a day that exists or can be written.  年月日の形式不正"""


class OutsideEra(MalformedDate):
    """A day on which the era in which it is written had not begun or was over.  元号の範囲外"""


@dataclass(frozen=True, slots=True)
class Era:
    """One Japanese era and the day it began.  元号

    Law: 元号を改める政令
    """

    kanji: str
    letter: str
    began: date
    ended: date


# The last day of an era and the first of the next are one day until 昭和; both ways of writing it are right.
ERAS = (
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", date(2019, 5, 1), date(9999, 12, 31)),
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day of which the day, the month or the year may be unknown.  年月日（不詳を含む）"""

    year: int | None
    month: int | None
    day: int | None

    def __post_init__(self) -> None:
        """Refuse days that do not exist. Raises: MalformedDate."""
        if self.month is not None and not 1 <= self.month <= 12:
            raise MalformedDate("month")
        if self.year is not None and not 1868 <= self.year <= 9999:
            raise MalformedDate("year")
        if self.day is not None:
            if self.month is None:
                raise MalformedDate("a day without a month")
            try:
                date(2000 if self.year is None else self.year, self.month, self.day)
            except ValueError:
                raise MalformedDate("no such day") from None

    @classmethod
    def of(cls, day: date) -> Self:
        """Take a whole day.

        Law: none, arrangement of one value.
        """
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 1970-05-31, 1970-05-00 or 0000-00-00, where zeros are unknown.

        Law: none, own notation. Raises: MalformedDate.
        """
        digits = text[:4] + text[5:7] + text[8:]
        if len(text) != 10 or text[4::3] != "--" or not (digits.isascii() and digits.isdigit()):
            raise MalformedDate("YYYY-MM-DD is needed, with zeros for what is unknown")
        return cls(int(text[:4]) or None, int(text[5:7]) or None, int(text[8:]) or None)

    @property
    def whole(self) -> date | None:
        """Give the calendar day when nothing is unknown.

        Law: none, arrangement of one value.
        """
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    def search_key(self) -> str:
        """Give the beginning that all have in common which this day may be: 1945-03- of March 1945; a whole day itself.

        Law: none, own definition.
        """
        if self.year is None or self.day is not None:
            return str(self)
        return f"{self.year}-" if self.month is None else f"{self.year}{_PLACES[self.month]}-"

    def sort_key(self) -> str:
        """Give the text by which days are ordered; unknown parts come first.

        Law: none, own definition.
        """
        return str(self)

    def is_after(self, day: date) -> bool:
        """Tell whether the order of days puts this one after a whole day; unknown parts come first.

        Law: none, own definition.
        """
        return (self.year or 0, self.month or 0, self.day or 0) > (day.year, day.month, day.day)

    def __str__(self) -> str:
        return f"{self.year or '0000'}{_PLACES[self.month or 0]}{_PLACES[self.day or 0]}"


def era_of(day: date) -> Era:
    """Find the era in which a day is written; on the day of change the newer one.

    Law: 元号を改める政令. Raises: MalformedDate before 明治.
    """
    for era in reversed(ERAS):
        if day >= era.began:
            return era
    raise MalformedDate("before 明治")


def fits_era(era: Era, year: int, month: int | None, day: int | None) -> bool:
    """Tell whether a day may be written in an era; what is unknown may be any day, and no calendar is asked.

    Law: 元号を改める政令
    """
    latest, earliest = (year, month or 12, day or 31), (year, month or 1, day or 1)
    began, ended = era.began, era.ended
    return latest >= (began.year, began.month, began.day) and earliest <= (ended.year, ended.month, ended.day)


def year_in_era(era: Era, year: int) -> str:
    """Write a western year in an era: 令和8年, 平成元年.

    Law: none, the custom of paper.
    """
    number = year - era.began.year + 1
    return f"{era.kanji}{'元' if number == 1 else number}年"


def era_text(day: date | PartialDate) -> str:
    """Write a day in the Japanese calendar: 令和8年11月20日, 平成元年1月8日, 昭和45年5月日不詳.

    Law: none, the custom of paper; 住民記録システム標準仕様書 1.1.8
    """
    if isinstance(day, date):
        return f"{year_in_era(era_of(day), day.year)}{day.month}月{day.day}日"
    whole = day.whole
    if whole is not None:
        return era_text(whole)
    if day.year is None:
        return western_text(day)
    return year_in_era(era_of(date(day.year, day.month or 12, 28)), day.year) + rest_of_day(
        day.month, day.day
    )


def rest_of_day(month: int | None, day: int | None) -> str:
    """Write what stands behind the year: 5月31日, 5月日不詳, 月日不詳.

    Law: 住民記録システム標準仕様書 1.1.8
    """
    if month is None:
        return f"月日{UNKNOWN}"
    return f"{month}月日{UNKNOWN}" if day is None else f"{month}月{day}日"


def plain_signs(text: str) -> str:
    """Turn full-width digits, letters and signs into plain ones, small letters into capitals.

    Law: none, own notation.
    """
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text.strip()).upper()


def parse_date(text: str) -> PartialDate:
    """Read what a clerk types: 2026-11-20, 2026/11/20, 20261120, R8.11.20, 令和8年11月20日, 昭和45年月日不詳.

    Law: none, own notation. Raises: MalformedDate.
    """
    plain = plain_signs(text).replace(f"日{UNKNOWN}", UNKNOWN).replace(f"年月{UNKNOWN}", f"年{UNKNOWN}")
    if not plain or len(plain) > MAX_DATE_CHARACTERS:
        raise MalformedDate("empty or too long")
    if plain in (UNKNOWN, f"年{UNKNOWN}"):
        return PartialDate(None, None, None)
    for era in ERAS:
        for head in (era.kanji, era.letter):
            if plain.startswith(head):
                return _within_era(era, plain[len(head) :])
    if plain.isascii() and plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = (
        plain.replace("/", "-")
        .replace(".", "-")
        .replace("年", "-")
        .replace("月", "-")
        .rstrip("日")
        .split("-")
    )
    return _from_parts(_numbers(parts))


def _within_era(era: Era, rest: str) -> PartialDate:
    marks = (
        rest.replace("元", "1")
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace(".", "-")
        .replace("/", "-")
    )
    numbers = _numbers(marks.split("-"))
    if not numbers or numbers[0] is None:
        raise MalformedDate("the year of the era is missing")
    year = era.began.year + numbers[0] - 1
    found = _from_parts([year, *numbers[1:]])
    if numbers[0] < 1 or not fits_era(era, year, found.month, found.day):
        raise OutsideEra("no such day in this era")
    return found


def _numbers(parts: list[str]) -> list[int | None]:
    numbers: list[int | None] = []
    for part in parts:
        if part in ("", UNKNOWN, "00", "0000"):
            numbers.append(None)
        elif part.isascii() and part.isdigit() and len(part) <= 4:
            numbers.append(int(part))
        else:
            raise MalformedDate("digits are needed")
    return numbers


def _from_parts(numbers: list[int | None]) -> PartialDate:
    while len(numbers) > 3 and numbers[-1] is None:
        numbers.pop()
    if not 1 <= len(numbers) <= 3:
        raise MalformedDate("year, month and day are needed")
    year, month, day = [*numbers, None, None][:3]
    return PartialDate(year, month, day)


def western_text(day: date | PartialDate) -> str:
    """Write a day in the western calendar, as for the birth of a foreign resident: 1990年1月2日, 1990年月日不詳.

    Law: none, the custom of paper for foreign residents.
    """
    year, month, number = day.year, day.month, day.day
    if year is not None:
        return f"{year}年{rest_of_day(month, number)}"
    return ("年" if month is None else f"年{UNKNOWN}") + rest_of_day(month, number)
