"""A birth date as the family register writes it, from the notice into the record, the extract and the reason of a change."""

from dataclasses import replace

import pytest
from tests.rules.register.conftest import DAY, HERE, HOME, Town, arriving, record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.written_dates import parse_written
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import Correction
from daicho.rules.register.deadlines import earliest_day
from daicho.rules.register.ex_officio import ExOfficioEntry
from daicho.rules.register.extract import (
    HEADER,
    ExtractReader,
    ExtractRow,
    LineFault,
    format_line,
    parse_header,
)
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.reasons import ChangeReason

WORDS = (
    "昭和20年頃", "昭和20年3月頃", "昭和20年3月10日頃", "推定昭和20年3月10日", "推定昭和20年3月", "昭和20年春", "昭和20年3月上旬",
    "昭和20年3月中旬頃", "年月日不詳", "昭和20年月日不詳", "昭和20年3月日不詳", "昭和20年3月1日から3月10日頃までの間",
    "昭和20年3月推定1日から10日までの間", "昭和20年3月1日頃から10日頃までの間", "大正15年12月25日", "明治45年7月30日", "昭和45年2月29日",
)  # fmt: skip


def born(words):
    told = parse_written(words)
    return {"birth_date": told.folded, "birth_written": told.kept}


def moved_in(**items):
    notice = MoveInNotice(
        (arriving(1, **items),), HERE, DAY, DAY, "函館市架空町1番", MunicipalityCode("01202")
    )
    return Town().file(notice)


def corrected(old, **items):
    return Town().settle(old).file(Correction(1, DAY, "許可1", "戸籍と照合", **items))


@pytest.mark.parametrize("words", WORDS)
def test_whoever_comes_is_entered_as_the_family_register_writes_it(words):
    entry = moved_in(**born(words))
    assert isinstance(entry, Entry)
    new = entry.after[0]
    assert (new.birth_date, new.birth_written) == (parse_written(words).folded, parse_written(words).kept)


def test_a_foundling_is_entered_with_the_presumed_day():
    child = arriving(1, **born("推定令和8年11月10日"))
    entry = Town().file(ExOfficioEntry((child,), HERE, ChangeReason.ENTERED_OTHER, DAY, DAY, "棄児"))
    assert isinstance(entry, Entry)
    assert entry.after[0].birth_date == PartialDate(2026, 11, 10)
    assert entry.after[0].birth_written == "推定令和8年11月10日"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (PartialDate(1945, 3, None), "昭和20年3月頃"),
        (PartialDate(1945, 3, 10), "昭和20年3月10日"),
        (PartialDate(1945, None, None), "S20.3頃"),
        (PartialDate(1945, None, None), ""),
    ],
)
def test_words_of_another_day_or_that_nobody_needs_are_refused(day, written):
    for answer in (
        moved_in(birth_date=day, birth_written=written),
        corrected(record(1), birth_date=day, birth_written=written),
    ):
        assert isinstance(answer, Refusal)
        assert (answer.reason, answer.field) == (Reason.DATE_MALFORMED, "birth_written")


def test_words_go_with_their_day_and_stay_when_other_items_are_corrected():
    old = record(1, **born("昭和20年3月頃"))
    entry = corrected(old, remark="備考")
    assert isinstance(entry, Entry)
    assert entry.after[0].birth_written == "昭和20年3月頃"
    entry = corrected(old, birth_date=PartialDate(1945, 3, 10))
    assert isinstance(entry, Entry)
    assert (entry.after[0].birth_date, entry.after[0].birth_written) == (PartialDate(1945, 3, 10), None)


def test_other_words_for_the_same_day_are_a_change_of_which_nobody_above_hears():
    entry = corrected(record(1, birth_date=PartialDate(1926, 12, 25)), **born("大正15年12月25日"))
    assert isinstance(entry, Entry)
    assert entry.after[0].birth_written == "大正15年12月25日"
    assert entry.reason is ChangeReason.NOT_REPORTED
    entry = corrected(record(1, **born("昭和20年3月頃")), **born("昭和20年3月10日頃"))
    assert entry.reason is ChangeReason.AMENDED_EX_OFFICIO
    entry = corrected(record(1, **born("昭和20年3月頃")), **born("昭和20年3月頃"))
    assert entry.reason is Reason.NOTHING_CHANGES


@pytest.mark.parametrize("words", WORDS)
def test_an_extract_carries_the_words_out_and_in(words):
    line = format_line(record(1, **born(words)), None)
    row = ExtractReader(parse_header(HEADER), HOME, frozenset()).read(2, line.encode())
    assert isinstance(row, ExtractRow)
    assert row.record == record(1, **born(words))
    assert format_line(row.record, None) == line


@pytest.mark.parametrize("written", ["昭和20年3月頃", "S20.3頃", "1980年4月1日", "x", "昭和55年4月1日"])
def test_an_extract_whose_words_mean_another_day_names_the_column(written):
    line = format_line(replace(record(1), birth_written=written), None)
    fault = ExtractReader(parse_header(HEADER), HOME, frozenset()).read(2, line.encode())
    assert isinstance(fault, LineFault)
    assert (fault.field, fault.reason) == ("birth_written", Reason.DATE_MALFORMED)


def test_an_extract_of_before_without_the_column_is_read():
    header = HEADER.replace(",birth_written", "")
    line = format_line(record(1), None)
    place = HEADER.split(",").index("birth_written")
    fields = line.split(",")
    del fields[place]
    row = ExtractReader(parse_header(header), HOME, frozenset()).read(2, ",".join(fields).encode())
    assert isinstance(row, ExtractRow)
    assert row.record.birth_written is None


@pytest.mark.parametrize(
    "day", [PartialDate(None, 2, 29), PartialDate(None, 5, None), PartialDate(None, None, None)]
)
def test_a_birth_whose_year_is_unknown_may_come_before_every_other_day(day):
    assert earliest_day(day) < earliest_day(PartialDate(1868, 2, None))
    assert isinstance(moved_in(birth_date=day), Entry)
