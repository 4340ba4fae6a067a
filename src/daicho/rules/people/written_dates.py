"""Days as a family register writes them: about, presumed, in spring, between two days, unknown, or in no calendar.

A record keeps such a day twice: folded into what is certain of it, by which it is found, counted and told to others,
and as it is written, where the folded day does not say the same.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.people.dates import (
    ERAS,
    UNKNOWN,
    Era,
    MalformedDate,
    OutsideEra,
    PartialDate,
    era_of,
    era_text,
    fits_era,
    plain_signs,
    rest_of_day,
    western_text,
    year_in_era,
)

MAX_WRITTEN_CHARACTERS = 40
ABOUT, PRESUMED = "頃", "推定"
_FIRST_YEAR, _LAST_YEAR = ERAS[0].began.year, 9999


class DateForm(StrEnum):
    """In which form a day is written; all but the first and the last are the fourteen of the standard.  不詳日の形

    Law: 住民記録システム標準仕様書 1.1.8
    """

    DAY = "DAY"  # 年月日, one that no calendar has included
    ABOUT_YEAR = "ABOUT_YEAR"  # 年頃
    ABOUT_MONTH = "ABOUT_MONTH"  # 年月頃
    ABOUT_DAY = "ABOUT_DAY"  # 年月日頃
    PRESUMED_DAY = "PRESUMED_DAY"  # 推定年月日
    PRESUMED_MONTH = "PRESUMED_MONTH"  # 推定年月
    SEASON = "SEASON"  # 年春
    THIRD_OF_MONTH = "THIRD_OF_MONTH"  # 年月上旬
    ABOUT_THIRD_OF_MONTH = "ABOUT_THIRD_OF_MONTH"  # 年月中旬頃
    UNKNOWN = "UNKNOWN"  # 年月日不詳
    MONTH_UNKNOWN = "MONTH_UNKNOWN"  # 年月日不詳 behind a year
    DAY_UNKNOWN = "DAY_UNKNOWN"  # 年月日不詳 behind a year and a month
    UNTIL_ABOUT = "UNTIL_ABOUT"  # 年月日から月日頃までの間
    PRESUMED_BETWEEN = "PRESUMED_BETWEEN"  # 年月推定日から日までの間
    ABOUT_BETWEEN = "ABOUT_BETWEEN"  # 年月日頃から日頃までの間
    YEAR_UNKNOWN = "YEAR_UNKNOWN"  # 年不詳月日, own


_F = DateForm
_SEASONS = ("春", "夏", "秋", "冬")
_THIRDS = ("上旬", "中旬", "下旬")
_WORDS = {_F.SEASON: _SEASONS, _F.THIRD_OF_MONTH: _THIRDS, _F.ABOUT_THIRD_OF_MONTH: _THIRDS}
# How many of year, month and day are written; the rest is not.
_PARTS = {
    _F.DAY: 3, _F.ABOUT_YEAR: 1, _F.ABOUT_MONTH: 2, _F.ABOUT_DAY: 3, _F.PRESUMED_DAY: 3, _F.PRESUMED_MONTH: 2,
    _F.SEASON: 1, _F.THIRD_OF_MONTH: 2, _F.ABOUT_THIRD_OF_MONTH: 2, _F.UNKNOWN: 0, _F.MONTH_UNKNOWN: 1,
    _F.DAY_UNKNOWN: 2, _F.UNTIL_ABOUT: 3, _F.PRESUMED_BETWEEN: 3, _F.ABOUT_BETWEEN: 3,
}  # fmt: skip
_SPANS = frozenset((_F.UNTIL_ABOUT, _F.PRESUMED_BETWEEN, _F.ABOUT_BETWEEN))
# What is only about is unknown; the folded day says no more than is certain.
_NOTHING_CERTAIN = frozenset((_F.UNKNOWN, _F.ABOUT_YEAR))
_YEAR_CERTAIN = frozenset((_F.MONTH_UNKNOWN, _F.ABOUT_MONTH, _F.SEASON))
_DAY_CERTAIN = frozenset((_F.DAY, _F.PRESUMED_DAY))
_BEHIND_THE_YEAR = {
    _F.DAY: "{month}月{day}日",
    _F.ABOUT_YEAR: "頃",
    _F.ABOUT_MONTH: "{month}月頃",
    _F.ABOUT_DAY: "{month}月{day}日頃",
    _F.PRESUMED_DAY: "{month}月{day}日",
    _F.PRESUMED_MONTH: "{month}月",
    _F.SEASON: "{word}",
    _F.THIRD_OF_MONTH: "{month}月{word}",
    _F.ABOUT_THIRD_OF_MONTH: "{month}月{word}頃",
    _F.UNTIL_ABOUT: "{month}月{day}日から{until_month}月{until_day}日頃までの間",
    _F.PRESUMED_BETWEEN: "{month}月推定{day}日から{until_day}日までの間",
    _F.ABOUT_BETWEEN: "{month}月{day}日頃から{until_day}日頃までの間",
}


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day as it is written, whether or not it is certain or any calendar has it.  暦上日以外の年月日・不詳日

    The year is western in whatever era it is written; without an era it was written western. `word` is the season or the
    third of a month, `until_month` and `until_day` are the end of a span.

    Law: 住民記録システム標準仕様書 1.1.8
    """

    form: DateForm
    year: int | None = None
    month: int | None = None
    day: int | None = None
    era: Era | None = None
    word: str = ""
    until_month: int | None = None
    until_day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no family register could say. Raises: MalformedDate, OutsideEra."""
        if self.form is DateForm.YEAR_UNKNOWN:
            PartialDate(self.year, self.month, self.day)
            if self.year is not None or self.month is None or self.era is not None:
                raise MalformedDate("a month without a year is needed")
        else:
            given = [part is not None for part in (self.year, self.month, self.day)]
            if given != [place < _PARTS[self.form] for place in range(3)]:
                raise MalformedDate("other parts are needed in this form")
        if self.word not in _WORDS.get(self.form, ("",)):
            raise MalformedDate("no such season or third of a month")
        if self.year is not None and not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise MalformedDate("year")
        _check_number(self.month, 12)
        _check_number(self.day, 31)
        self._check_span()
        era = ERAS[0] if self.era is None and self.year == _FIRST_YEAR else self.era
        if era is not None and self.year is not None and not fits_era(era, self.year, self.month, self.day):
            raise OutsideEra("no such day in this era")

    def _check_span(self) -> None:
        if (self.until_day is not None) != (self.form in _SPANS):
            raise MalformedDate("a span has a last day")
        if (self.until_month is not None) != (self.form is DateForm.UNTIL_ABOUT):
            raise MalformedDate("only one form has a second month")
        _check_number(self.until_month, 12)
        _check_number(self.until_day, 31)
        if self.until_day is not None:
            first = (self.month or 0, self.day or 0)
            if (self.until_month or self.month or 0, self.until_day) <= first:
                raise MalformedDate("a span ends after it begins")

    @property
    def in_calendar(self) -> bool:
        """Tell whether a calendar has every day that is named.  暦上日"""
        return _exists(self.year, self.month, self.day) and _exists(
            self.year, self.until_month or self.month, self.until_day
        )

    @property
    def folded(self) -> PartialDate:
        """Give what is certain of the day: what is only about is unknown, and so is a day that no calendar has.

        A presumed day stands for the day until it is corrected. Own definition.
        """
        if self.form in _NOTHING_CERTAIN:
            return PartialDate(None, None, None)
        if self.form in _YEAR_CERTAIN or self.until_month not in (None, self.month):
            return PartialDate(self.year, None, None)
        if self.form is DateForm.YEAR_UNKNOWN or (self.form in _DAY_CERTAIN and self.in_calendar):
            return PartialDate(self.year, self.month, self.day)
        return PartialDate(self.year, self.month, None)

    @property
    def first_day(self) -> date:
        """Give the first day that this may mean, as far as anything of it is certain.

        Law: none, own definition.
        """
        day = self.folded
        return date.min if day.year is None else date(day.year, day.month or 1, day.day or 1)

    @property
    def last_day(self) -> date:
        """Give the last day that this may mean, as far as anything of it is certain.

        Law: none, own definition.
        """
        day = self.folded
        if day.year is None:
            return date.max
        month = day.month or 12
        return date(day.year, month, day.day or monthrange(day.year, month)[1])

    def counted(self, known_on: date) -> date:
        """Give the day by which periods, orders and counts go: the last that this may mean and that was over when it was
        told; where none was, the first.

        The last: a period runs from it (nobody is late, and nothing is destroyed, before it is certain).

        Law: none, own definition.
        """
        return min(self.last_day, max(self.first_day, known_on))

    @property
    def beside_day(self) -> str | None:
        """Give the words that must stand beside the day that counts, or nothing where that day says the same."""
        return self.japanese() if self.kept is None and self.folded.whole is None else self.kept

    @property
    def kept(self) -> str | None:
        """Give the words that must stand beside the folded day, or nothing where it says the same."""
        return None if self.japanese() == era_text(self.folded) else self._text(self.era)

    def japanese(self) -> str:
        """Write the day in its era, or in the era of its year when none was written.

        Law: none, the custom of paper; 住民記録システム標準仕様書 1.1.8
        """
        if self.era is not None or self.year is None:
            return self._text(self.era)
        day = self.day if self.day is not None and _exists(self.year, self.month, self.day) else 28
        return self._text(era_of(date(self.year, self.month or 12, day)))

    def western(self) -> str:
        """Write the day in the western calendar, as for a foreign resident.

        Law: none, the custom of paper for foreign residents; 住民記録システム標準仕様書 1.1.9
        """
        return self._text(None)

    def _text(self, era: Era | None) -> str:
        if self.year is None:
            head = era.kanji if era is not None else ""
            return head + western_text(PartialDate(None, self.month, self.day))
        head = f"{self.year}年" if era is None else year_in_era(era, self.year)
        presumed = PRESUMED if self.form in (DateForm.PRESUMED_DAY, DateForm.PRESUMED_MONTH) else ""
        behind = _BEHIND_THE_YEAR.get(self.form)
        if behind is None:
            return head + rest_of_day(self.month, self.day)
        return f"{presumed}{head}" + behind.format(
            month=self.month,
            day=self.day,
            word=self.word,
            until_month=self.until_month,
            until_day=self.until_day,
        )


def _check_number(number: int | None, most: int) -> None:
    if number is not None and not 1 <= number <= most:
        raise MalformedDate("no such month or day")


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    if day is None or month is None or year is None:
        return True
    return day <= monthrange(year, month)[1]


_NUMBER = "[0-9]{1,2}"
_ERA = "|".join(name for era in ERAS for name in (era.kanji, era.letter))
_BY_NAME = {name: era for era in ERAS for name in (era.kanji, era.letter)}
_ALL_UNKNOWN = re.compile(rf"(?P<era>{_ERA})?(?:年(?:月日)?)?{UNKNOWN}")
_NO_YEAR = re.compile(rf"年{UNKNOWN}(?P<month>{_NUMBER})月(?:(?P<day>{_NUMBER})日|日?{UNKNOWN})")
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SIX_DIGITS = re.compile("([MTSHR][0-9]{2})([0-9]{2})([0-9]{2})")
_HEAD = re.compile(
    rf"(?P<presumed>{PRESUMED})?(?P<era>{_ERA})?(?P<year>元|[0-9]{{1,4}})"
    rf"(?:(?:年|[-./])(?P<month>{_NUMBER})(?:(?:月|[-./])(?P<day>{_NUMBER})日?|月?)|年?)"
)
_THIRD = re.compile(f"(?P<word>{'|'.join(_THIRDS)})(?P<about>{ABOUT})?")
_FROM, _TO = "(?:から|~)", "(?:まで(?:の間)?)?"
_UNTIL_ABOUT = re.compile(rf"{_FROM}(?:(?P<month>{_NUMBER})[-./月])?(?P<day>{_NUMBER})日?{ABOUT}{_TO}")
_PRESUMED_BETWEEN = re.compile(rf"{PRESUMED}(?P<first>{_NUMBER})日?{_FROM}(?P<day>{_NUMBER})日?{_TO}")
_ABOUT_BETWEEN = re.compile(rf"{ABOUT}{_FROM}(?P<day>{_NUMBER})日?{ABOUT}{_TO}")
_OTHER_SIGNS = str.maketrans({" ": None, "　": None, "〜": "~", "−": "-"})


def parse_written(text: str) -> WrittenDate:
    """Read what a clerk types or a register says, in any of the forms: S64.1.7, 昭和20年3月頃, 1945-03-00, 不詳.

    Law: 住民記録システム標準仕様書 1.1.8; the short ways of writing are own. Raises: MalformedDate, OutsideEra.
    """
    plain = plain_signs(text).translate(_OTHER_SIGNS).replace("ごろ", ABOUT)
    if not plain or len(plain) > MAX_WRITTEN_CHARACTERS:
        raise MalformedDate("empty or too long")
    if (unknown := _ALL_UNKNOWN.fullmatch(plain)) is not None:
        return WrittenDate(DateForm.UNKNOWN, era=_BY_NAME.get(unknown["era"] or ""))
    if (no_year := _NO_YEAR.fullmatch(plain)) is not None:
        return WrittenDate(DateForm.YEAR_UNKNOWN, None, int(no_year["month"]), _number(no_year["day"]))
    for digits in (_EIGHT_DIGITS, _SIX_DIGITS):
        if (compact := digits.fullmatch(plain)) is not None:
            plain = "-".join(compact.groups())
    head = _HEAD.match(plain)
    if head is None:
        raise MalformedDate("no year is read")
    return _with_tail(head, plain[head.end() :])


def _with_tail(head: re.Match[str], tail: str) -> WrittenDate:
    era = _BY_NAME.get(head["era"] or "")
    year, month, day = _year(head, era), _number(head["month"]), _number(head["day"])
    if head["presumed"] is not None:
        form = DateForm.PRESUMED_MONTH if day is None else DateForm.PRESUMED_DAY
        if tail:
            raise MalformedDate("nothing stands behind a presumed day")
        return WrittenDate(form, year, month, day, era)
    if year is None:
        if tail or (month is None) > (day is None):
            raise MalformedDate("a day without a year is whole or unknown")
        form = DateForm.UNKNOWN if month is None else DateForm.YEAR_UNKNOWN
        return WrittenDate(form, None, month, day)
    if tail == ABOUT:
        forms = (DateForm.ABOUT_YEAR, DateForm.ABOUT_MONTH, DateForm.ABOUT_DAY)
        return WrittenDate(forms[_how_many(month, day)], year, month, day, era)
    if tail in _UNKNOWN_BEHIND[_how_many(month, day)]:
        forms = (DateForm.MONTH_UNKNOWN, DateForm.DAY_UNKNOWN, DateForm.DAY)
        return WrittenDate(forms[_how_many(month, day)], year, month, day, era)
    return _with_words(tail, year, month, day, era)


# What may stand behind a year, a month and a day that says no more than that the rest is unknown.
_UNKNOWN_BEHIND = (("", UNKNOWN, f"月日{UNKNOWN}"), ("", UNKNOWN, f"日{UNKNOWN}"), ("",))


def _with_words(tail: str, year: int, month: int | None, day: int | None, era: Era | None) -> WrittenDate:
    """Read a season, a third of a month or a span behind what was read before it."""
    if tail in _SEASONS:
        return WrittenDate(DateForm.SEASON, year, month, day, era, tail)
    if (third := _THIRD.fullmatch(tail)) is not None:
        form = DateForm.THIRD_OF_MONTH if third["about"] is None else DateForm.ABOUT_THIRD_OF_MONTH
        return WrittenDate(form, year, month, day, era, third["word"])
    if (until := _UNTIL_ABOUT.fullmatch(tail)) is not None:
        last = (_number(until["month"]) or month, _number(until["day"]))
        return WrittenDate(DateForm.UNTIL_ABOUT, year, month, day, era, "", *last)
    if day is None and (presumed := _PRESUMED_BETWEEN.fullmatch(tail)) is not None:
        first, last_day = _number(presumed["first"]), _number(presumed["day"])
        return WrittenDate(DateForm.PRESUMED_BETWEEN, year, month, first, era, "", None, last_day)
    if (about := _ABOUT_BETWEEN.fullmatch(tail)) is not None:
        return WrittenDate(DateForm.ABOUT_BETWEEN, year, month, day, era, "", None, _number(about["day"]))
    raise MalformedDate("no form has this")


def _how_many(month: int | None, day: int | None) -> int:
    if month is None and day is not None:
        raise MalformedDate("a day without a month")
    return (month is not None) + (day is not None)


def _number(text: str | None) -> int | None:
    return int(text or 0) or None


def _year(head: re.Match[str], era: Era | None) -> int | None:
    text = head["year"]
    if era is None:
        if text == "元":
            raise MalformedDate("a first year without an era")
        return None if text == "0000" else int(text)
    number = 1 if text == "元" else int(text)
    if number < 1:
        raise OutsideEra("an era begins with its first year")
    return era.began.year + number - 1


def says_that_day(written: str | None, day: PartialDate) -> bool:
    """Tell whether words kept beside a folded day are in the form in which we keep them, and mean that day.

    Law: none, own definition.
    """
    told = _told(written)
    return written is None or (told is not None and told.kept == written and told.folded == day)


def may_mean_that_day(written: str | None, day: date) -> bool:
    """Tell whether words kept beside a day that counts are in the form in which we keep them, and may mean it.

    Law: none, own definition.
    """
    told = _told(written)
    return written is None or (
        told is not None and told.beside_day == written and told.first_day <= day <= told.last_day
    )


def _told(written: str | None) -> WrittenDate | None:
    try:
        return None if written is None else parse_written(written)
    except MalformedDate:
        return None


def earliest_of(day: date, written: str | None) -> date:
    """Give the first day that a day may mean, by the words that are kept beside it.

    Law: none, own definition.
    """
    return day if written is None else parse_written(written).first_day


def text_of_counted(day: date, written: str | None) -> str:
    """Write a day as paper shows it: in the words that are kept beside it, or without any as it is.

    Law: 住民記録システム標準仕様書 1.1.8
    """
    return text_of_day(PartialDate.of(day), written, western=False)


def text_of_day(day: PartialDate, written: str | None, *, western: bool) -> str:
    """Write a day as paper shows it: in the words that are kept beside it, or without any as it is.

    Law: 住民記録システム標準仕様書 1.1.8, 1.1.9
    """
    if written is None:
        return western_text(day) if western else era_text(day)
    told = parse_written(written)
    return told.western() if western else told.japanese()
