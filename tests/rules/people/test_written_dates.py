"""Days as a family register writes them: the fourteen forms of 標準仕様書 1.1.8, both eras of a day, days of no calendar."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daicho.rules.people.dates import ERAS, MalformedDate, OutsideEra, PartialDate, era_text
from daicho.rules.people.written_dates import (
    MAX_WRITTEN_CHARACTERS,
    DateForm,
    WrittenDate,
    parse_written,
    says_that_day,
    text_of_day,
)

F = DateForm
TAISHO, SHOWA = ERAS[1], ERAS[2]
# what is written, its form, what is certain of it, and how a foreign resident's paper has it
FORMS = [
    ("昭和20年頃", F.ABOUT_YEAR, "0000-00-00", "1945年頃"),
    ("昭和20年3月頃", F.ABOUT_MONTH, "1945-00-00", "1945年3月頃"),
    ("昭和20年3月10日頃", F.ABOUT_DAY, "1945-03-00", "1945年3月10日頃"),
    ("推定昭和20年3月10日", F.PRESUMED_DAY, "1945-03-10", "推定1945年3月10日"),
    ("推定昭和20年3月", F.PRESUMED_MONTH, "1945-03-00", "推定1945年3月"),
    ("昭和20年春", F.SEASON, "1945-00-00", "1945年春"),
    ("昭和20年3月上旬", F.THIRD_OF_MONTH, "1945-03-00", "1945年3月上旬"),
    ("昭和20年3月中旬頃", F.ABOUT_THIRD_OF_MONTH, "1945-03-00", "1945年3月中旬頃"),
    ("年月日不詳", F.UNKNOWN, "0000-00-00", "年月日不詳"),
    ("昭和20年月日不詳", F.MONTH_UNKNOWN, "1945-00-00", "1945年月日不詳"),
    ("昭和20年3月日不詳", F.DAY_UNKNOWN, "1945-03-00", "1945年3月日不詳"),
    (
        "昭和20年3月1日から3月10日頃までの間",
        F.UNTIL_ABOUT,
        "1945-03-00",
        "1945年3月1日から3月10日頃までの間",
    ),
    (
        "昭和20年3月推定1日から10日までの間",
        F.PRESUMED_BETWEEN,
        "1945-03-00",
        "1945年3月推定1日から10日までの間",
    ),
    ("昭和20年3月1日頃から10日頃までの間", F.ABOUT_BETWEEN, "1945-03-00", "1945年3月1日頃から10日頃までの間"),
]


@pytest.mark.parametrize(("words", "form", "folded", "western"), FORMS)
def test_each_of_the_fourteen_forms_is_kept_word_for_word_and_folded_into_what_is_certain(
    words, form, folded, western
):
    told = parse_written(words)
    assert told.form is form
    assert str(told.folded) == folded
    assert (told.japanese(), told.western()) == (words, western)
    assert text_of_day(told.folded, told.kept, western=False) == words
    assert text_of_day(told.folded, told.kept, western=True) == western


def test_there_are_fourteen_forms_beside_the_day_and_the_day_without_a_year():
    assert {form for _, form, _, _ in FORMS} | {F.DAY, F.YEAR_UNKNOWN} == set(DateForm)
    assert len(FORMS) == 14


@pytest.mark.parametrize("words", [words for words, form, _, _ in FORMS if form not in
                                   (F.UNKNOWN, F.MONTH_UNKNOWN, F.DAY_UNKNOWN)])  # fmt: skip
def test_words_stand_beside_a_day_only_where_the_day_does_not_say_the_same(words):
    assert parse_written(words).kept == words
    assert parse_written("昭和20年月日不詳").kept is None
    assert parse_written("昭和20年3月日不詳").kept is None
    assert parse_written("不詳").kept is None
    assert parse_written("昭和20年3月10日").kept is None


@pytest.mark.parametrize(
    ("typed", "words", "folded"),
    [
        ("明治45年7月30日", "明治45年7月30日", "1912-07-30"),
        ("大正15年12月25日", "大正15年12月25日", "1926-12-25"),
        ("T15.12.25", "大正15年12月25日", "1926-12-25"),
        ("昭和64年月日不詳", "昭和64年月日不詳", "1989-00-00"),
        ("平成31年", "平成31年月日不詳", "2019-00-00"),
        ("昭和年月日不詳", "昭和年月日不詳", "0000-00-00"),
    ],
)
def test_the_other_era_of_a_day_and_an_era_without_a_year_are_kept(typed, words, folded):
    told = parse_written(typed)
    assert told.kept == words
    assert str(told.folded) == folded
    assert text_of_day(told.folded, told.kept, western=False) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("昭和64年1月7日", "昭和64年1月7日"),
        ("大正元年7月30日", "大正元年7月30日"),
        ("昭和元年12月25日", "昭和元年12月25日"),
    ],
)
def test_the_usual_era_of_a_day_needs_no_words(typed, words):
    told = parse_written(typed)
    assert told.kept is None
    assert text_of_day(told.folded, None, western=False) == words


@pytest.mark.parametrize(
    ("typed", "words", "folded"),
    [
        ("昭和45年2月29日", "昭和45年2月29日", "1970-02-00"),
        ("1970-02-29", "1970年2月29日", "1970-02-00"),
        ("明治5年2月30日", "明治5年2月30日", "1872-02-00"),
        ("S45.4.31", "昭和45年4月31日", "1970-04-00"),
        ("推定昭和45年2月29日", "推定昭和45年2月29日", "1970-02-00"),
    ],
)
def test_a_day_that_no_calendar_has_is_kept_and_its_month_is_certain(typed, words, folded):
    told = parse_written(typed)
    assert not told.in_calendar
    assert (told.kept, str(told.folded)) == (words, folded)
    assert told.japanese().endswith("日")
    assert parse_written("昭和47年2月29日").in_calendar


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("S64.1.7", "昭和64年1月7日"),
        ("s64/1/7", "昭和64年1月7日"),
        ("S640107", "昭和64年1月7日"),
        ("昭和64.1.7", "昭和64年1月7日"),
        ("昭和６４年１月７日", "昭和64年1月7日"),
        ("昭和 64年 1月 7日", "昭和64年1月7日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("19890107", "昭和64年1月7日"),
        ("平成元年1月8日", "平成元年1月8日"),
        ("不詳", "年月日不詳"),
        ("0000-00-00", "年月日不詳"),
        ("昭和20年 月日不詳", "昭和20年月日不詳"),
        ("昭和20年不詳", "昭和20年月日不詳"),
        ("昭和20年", "昭和20年月日不詳"),
        ("1945-00-00", "昭和20年月日不詳"),
        ("昭和20年3月不詳", "昭和20年3月日不詳"),
        ("S20.3", "昭和20年3月日不詳"),
        ("1945-03-00", "昭和20年3月日不詳"),
        ("S20.3頃", "昭和20年3月頃"),
        ("昭和20年3月ごろ", "昭和20年3月頃"),
        ("S20頃", "昭和20年頃"),
        ("1945年3月頃", "昭和20年3月頃"),
        ("推定S20.3.10", "推定昭和20年3月10日"),
        ("S20春", "昭和20年春"),
        ("S20.3.1～3.10頃", "昭和20年3月1日から3月10日頃までの間"),
        ("S20.3.1〜10頃", "昭和20年3月1日から3月10日頃までの間"),
        ("S20.3.28から4.2頃まで", "昭和20年3月28日から4月2日頃までの間"),
        ("S20.3推定1～10", "昭和20年3月推定1日から10日までの間"),
        ("S20.3.1頃～10頃", "昭和20年3月1日頃から10日頃までの間"),
        ("年不詳3月10日", "年不詳3月10日"),
        ("0000-03-10", "年不詳3月10日"),
        ("年不詳3月日不詳", "年不詳3月日不詳"),
    ],
)
def test_what_a_clerk_types_in_one_field(typed, words):
    assert parse_written(typed).japanese() == words


def test_a_span_over_two_months_has_only_its_year_for_certain():
    assert str(parse_written("昭和20年3月28日から4月2日頃までの間").folded) == "1945-00-00"


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "昨日", "頃", "推定", "春", "から", "元年", "元年1月1日", "1867年頃", "10000年頃", "20年頃", "昭和20年13月頃",
        "昭和20年0月1日", "昭和20年3月32日", "昭和20年3月32日頃", "0000-00-01", "0", "0年頃", "推定不詳", "推定昭和20年", "推定昭和20年3月10日頃",
        "昭和20年3月春", "昭和20年上旬", "昭和20年3月1日上旬", "昭和20年3月10日不詳", "昭和20年日不詳",
        "昭和20年3月10日から3月1日頃までの間", "昭和20年3月10日から3月10日頃までの間", "昭和20年3月から10日頃までの間",
        "昭和20年3月1日から3月10日までの間", "昭和20年12月28日から1月5日頃までの間", "昭和20年3月1日推定1日から10日までの間",
        "昭和20年3月推定10日から1日までの間", "昭和20年3月頃から4月頃までの間", "年不詳2月30日", "1868-01-24", "昭和二十年",
        "昭和20年3月10日" + "頃" * 40, "٢٠٢٦-11-20",
    ],
)  # fmt: skip
def test_what_no_form_has_is_refused(typed):
    with pytest.raises(MalformedDate):
        parse_written(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "昭和65年頃",
        "昭和64年1月8日",
        "昭和64年1月8日頃",
        "大正15年12月26日",
        "明治45年8月頃",
        "平成31年5月上旬",
        "S0.1.1",
    ],
)
def test_words_outside_their_era_are_refused_as_such(typed):
    with pytest.raises(OutsideEra):
        parse_written(typed)


@pytest.mark.parametrize(
    "parts",
    [
        {"form": F.DAY, "year": 1945, "month": 3},
        {"form": F.ABOUT_YEAR, "year": 1945, "month": 3},
        {"form": F.UNKNOWN, "year": 1945},
        {"form": F.SEASON, "year": 1945},
        {"form": F.SEASON, "year": 1945, "word": "上旬"},
        {"form": F.DAY_UNKNOWN, "year": 1945, "month": 3, "word": "春"},
        {"form": F.ABOUT_BETWEEN, "year": 1945, "month": 3, "day": 1},
        {"form": F.ABOUT_BETWEEN, "year": 1945, "month": 3, "day": 1, "until_month": 3, "until_day": 9},
        {"form": F.UNTIL_ABOUT, "year": 1945, "month": 3, "day": 1, "until_day": 9},
        {"form": F.DAY, "year": 1945, "month": 3, "day": 1, "until_day": 9},
        {"form": F.YEAR_UNKNOWN, "year": 1945, "month": 3},
        {"form": F.YEAR_UNKNOWN},
        {"form": F.YEAR_UNKNOWN, "month": 3, "era": SHOWA},
        {"form": F.MONTH_UNKNOWN, "year": 1945, "era": TAISHO},
    ],
)
def test_no_value_says_what_no_form_has(parts):
    with pytest.raises(MalformedDate):
        WrittenDate(**parts)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("昭和20年3月頃", PartialDate(1945, 3, None)),
        ("S20.3頃", PartialDate(1945, None, None)),
        ("昭和20年3月10日", PartialDate(1945, 3, 10)),
        ("昭和20年3月日不詳", PartialDate(1945, 3, None)),
        ("", PartialDate(1945, 3, None)),
        ("大正15年12月25日", PartialDate(1926, 12, 24)),
        ("x", PartialDate(None, None, None)),
    ],
)
def test_words_that_do_not_belong_to_a_day_are_told(written, day):
    assert not says_that_day(written, day)
    assert says_that_day(None, day)
    assert says_that_day("大正15年12月25日", PartialDate(1926, 12, 25))


@st.composite
def written_dates(draw) -> WrittenDate:
    """Draw a day in any form, in an era or western."""
    form = draw(st.sampled_from(DateForm))
    year, month = draw(st.integers(1868, 2090)), draw(st.integers(1, 12))
    day, last = draw(st.integers(1, 31)), draw(st.integers(1, 31))
    era = draw(st.sampled_from([None, *ERAS]))
    thirds = st.sampled_from(("上旬", "中旬", "下旬"))
    if form is F.YEAR_UNKNOWN:
        assume(day <= monthrange(2000, month)[1])
        return WrittenDate(form, None, month, draw(st.sampled_from((day, None))))
    parts = {
        F.UNKNOWN: (None, None, None), F.ABOUT_YEAR: (year, None, None), F.SEASON: (year, None, None),
        F.MONTH_UNKNOWN: (year, None, None), F.ABOUT_MONTH: (year, month, None), F.DAY_UNKNOWN: (year, month, None),
        F.PRESUMED_MONTH: (year, month, None), F.THIRD_OF_MONTH: (year, month, None),
        F.ABOUT_THIRD_OF_MONTH: (year, month, None),
    }.get(form, (year, month, day))  # fmt: skip
    word, until = "", (None, None)
    if form is F.SEASON:
        word = draw(st.sampled_from("春夏秋冬"))
    elif form in (F.THIRD_OF_MONTH, F.ABOUT_THIRD_OF_MONTH):
        word = draw(thirds)
    elif form is F.UNTIL_ABOUT:
        until = (draw(st.integers(month, 12)), last)
        assume(until > (month, day))
    elif form in (F.PRESUMED_BETWEEN, F.ABOUT_BETWEEN):
        until = (None, last)
        assume(last > day)
    try:
        return WrittenDate(form, *parts, era, word, *until)
    except OutsideEra:
        assume(condition=False)
        raise


@given(written_dates())
def test_every_day_in_every_form_is_read_as_it_is_written(told):
    """Word for word in its own era; a western year comes back in an era, and an era never gets lost."""
    assert parse_written(told.western()) in (told, WrittenDate(told.form, told.year, told.month, told.day, None, told.word,
                                                               told.until_month, told.until_day))  # fmt: skip
    again = parse_written(told.japanese())
    assert again.japanese() == told.japanese()
    if told.era is not None:
        assert again == told
    assert len(told.japanese()) <= MAX_WRITTEN_CHARACTERS


@given(written_dates())
def test_what_is_kept_gives_the_day_back_and_nothing_is_kept_twice(told):
    assert says_that_day(told.kept, told.folded)
    assert text_of_day(told.folded, told.kept, western=False) == told.japanese()
    assert text_of_day(told.folded, told.kept, western=True) == told.western()
    if told.kept is not None:
        assert parse_written(told.kept) == told
        assert told.kept != era_text(told.folded)


@given(written_dates())
def test_what_is_folded_is_never_more_than_was_written(told):
    folded = told.folded
    assert PartialDate.parse(str(folded)) == folded
    for certain, written in ((folded.year, told.year), (folded.month, told.month), (folded.day, told.day)):
        assert certain is None or certain == written
    if told.form not in (F.DAY, F.PRESUMED_DAY, F.YEAR_UNKNOWN):
        assert folded.day is None


@given(st.dates(date(1868, 1, 25), date(2199, 12, 31)))
def test_a_whole_day_stays_plain_however_it_is_typed(day):
    for typed in (
        day.isoformat(),
        day.strftime("%Y%m%d"),
        era_text(day),
        f"{day.year}年{day.month}月{day.day}日",
    ):
        told = parse_written(typed)
        assert (told.form, told.folded, told.kept) == (F.DAY, PartialDate.of(day), None)


@given(st.text(max_size=45) | st.text("昭和平成推定頃年月日不詳から上旬春~0123456789元S.-", max_size=45))
def test_nothing_typed_makes_the_reader_fall_over(text):
    try:
        told = parse_written(text)
    except MalformedDate:
        return
    assert says_that_day(told.kept, told.folded)
