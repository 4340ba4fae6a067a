"""不詳日 of other days than the birth: the day that counts, the words beside it, and what may still follow (1.1.8)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HERE, THERE, Town, arriving, record

from daicho.rules.certificates.content import CertificateItem
from daicho.rules.certificates.text import CertificateSubject, item_text
from daicho.rules.handover.layout import RECORD_COLUMNS
from daicho.rules.handover.records import format_record, read_record_values, record_values
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.written_dates import may_mean_that_day, parse_written, text_of_counted
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.ex_officio import ExOfficioEntry
from daicho.rules.register.extract import COLUMNS, format_line
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal

FORMS = (
    "令和8年頃", "令和8年3月頃", "令和8年3月10日頃", "推定令和8年3月10日", "推定令和8年3月", "令和8年春", "令和8年3月上旬",
    "令和8年3月中旬頃", "年月日不詳", "令和8年月日不詳", "令和8年3月日不詳", "令和8年3月10日から4月5日頃までの間",
    "令和8年3月推定10日から20日までの間", "令和8年3月10日頃から20日頃までの間", "令和8年2月30日",
)  # fmt: skip


def day_of(words, known_on=DAY):
    told = parse_written(words)
    return told.counted(known_on), told.beside_day


@pytest.mark.parametrize("words", FORMS)
def test_every_form_has_a_day_that_counts_and_is_shown_as_it_is_written(words):
    day, written = day_of(words)
    assert parse_written(words).first_day <= day <= DAY
    assert written is not None
    assert may_mean_that_day(written, day)
    assert text_of_counted(day, written) == parse_written(words).japanese()


def test_a_whole_day_is_that_day_and_has_no_words_beside_it():
    assert day_of("R8.3.10") == (date(2026, 3, 10), None)
    assert day_of("R8.12.31") == (date(2026, 12, 31), None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("令和8年3月日不詳", date(2026, 3, 31)),
        ("令和8年3月10日頃から20日頃までの間", date(2026, 3, 31)),
        ("令和8年11月日不詳", DAY),
        ("令和7年頃", DAY),
        ("年月日不詳", DAY),
        ("令和9年日不詳", None),
    ],
)
def test_the_last_day_that_it_may_be_counts_but_none_after_it_was_told(words, day):
    if day is None:
        words = "令和9年月日不詳"
        assert day_of(words)[0] == date(2027, 1, 1)
    else:
        assert day_of(words)[0] == day


@given(st.dates(date(1900, 1, 1), date(2026, 11, 20)), st.sampled_from(FORMS))
def test_the_day_that_counts_is_one_that_the_words_may_mean(known_on, words):
    told = parse_written(words)
    day = told.counted(known_on)
    assert told.first_day <= day <= told.last_day
    assert day <= known_on or day == told.first_day


def test_a_death_of_an_unknown_day_is_struck_from_the_last_day_that_it_may_be():
    day, written = day_of("令和8年11月10日頃から20日頃までの間")
    entry = Town().settle(record(1)).draft(DeathEntry(1, day, DAY, died_written=written))
    (after,) = entry.after
    assert after.removal == Removal(ChangeReason.DEATH, DAY, DAY, "令和8年11月10日頃から20日頃までの間")
    shown = item_text(CertificateItem.REMOVAL, CertificateSubject(after, None), "架空市")
    assert shown == "令和8年11月10日頃から20日頃までの間　死亡"


def test_words_that_cannot_mean_the_day_are_refused():
    wrong = DeathEntry(1, date(2026, 11, 10), DAY, died_written="令和8年3月日不詳")
    refusal = Town().settle(record(1)).draft(wrong)
    assert (refusal.reason, refusal.field) == (Reason.DATE_MALFORMED, "died_on")
    for written in ("R8.3.10", "令和8年3月10日", "何時か"):
        assert not may_mean_that_day(written, date(2026, 3, 10))


def test_whoever_moved_on_an_unknown_day_is_late_only_when_it_is_certain():
    day, written = day_of("令和8年11月日不詳")
    notice = MoveInNotice((arriving(1),), HERE, day, DAY, "函館市", None, moved_written=written)
    entry = Town().draft(notice)
    assert entry.lateness is None
    (after,) = entry.after
    assert (after.resident_since_written, after.address_since_written) == (written, written)
    day, written = day_of("令和8年9月日不詳")
    late = Town().draft(MoveInNotice((arriving(1),), HERE, day, DAY, "函館市", None, moved_written=written))
    assert late.lateness.due_on >= date(2026, 10, 14)


def test_what_may_have_come_after_an_unknown_day_is_not_out_of_order():
    day, written = day_of("令和8年月日不詳")
    lives = record(1, address_since=day, address_since_written=written)
    moved = MoveWithinNotice((1,), THERE, date(2026, 5, 1), DAY)
    entry = Town().settle(lives).draft(moved)
    (after,) = entry.after
    assert (after.address_since, after.address_since_written) == (date(2026, 5, 1), None)
    before = MoveWithinNotice((1,), THERE, date(2025, 12, 31), DAY)
    refusal = Town().settle(lives).draft(before)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.DATE_ORDER


def test_a_day_is_corrected_into_words_and_back():
    town = Town().settle(record(1))
    day, written = day_of("平成22年春", date(2010, 4, 2))
    known = Correction(1, DAY, "p1", "不詳", resident_since=day, resident_since_written=written)
    (after,) = town.file(known).after
    assert (after.resident_since, after.resident_since_written) == (date(2010, 4, 2), "平成22年春")
    again = Correction(1, DAY, "p2", "判明", resident_since=date(2010, 4, 1))
    (after,) = town.file(again).after
    assert after.resident_since_written is None
    wrong = Correction(1, DAY, "p3", "不詳", address_since=DAY, address_since_written="平成22年春")
    assert town.draft(wrong).field == "address_since"


def test_an_entry_ex_officio_may_know_no_day():
    day, written = day_of("年月日不詳")
    notice = ExOfficioEntry(
        (arriving(1),), HERE, ChangeReason.ENTERED_OTHER, day, DAY, "実態調査", entered_written=written
    )
    (after,) = Town().draft(notice).after
    assert after.resident_since_earliest == date.min
    shown = item_text(CertificateItem.RESIDENT_SINCE, CertificateSubject(after, None), "架空市")
    assert shown == "年月日不詳"


def test_days_in_words_go_into_the_extract_and_the_folder_of_a_hand_over_and_come_back():
    gone = Removal(ChangeReason.DEATH, DAY, DAY, "令和8年11月頃")
    kept = record(
        1, removal=gone, address_since=date(2010, 4, 30), address_since_written="平成22年4月日不詳",
        resident_since_written="平成22年4月1日頃",
    )  # fmt: skip
    kept = replace(kept, resident_since=date(2010, 4, 30))
    told = dict(zip((column.name for column in COLUMNS), format_line(kept, None).split(","), strict=True))
    assert told["resident_since_written"] == "平成22年4月1日頃"
    assert told["address_since_written"] == "平成22年4月日不詳"
    assert told["removed_written"] == "令和8年11月頃"
    values = record_values(kept)
    assert "令和8年11月頃" in format_record(kept)
    whole = {column.name: values.get(column.name, column.empty) for column in RECORD_COLUMNS}
    assert read_record_values(1, whole) == kept
    wrong = whole | {"removed_written": "令和7年頃"}
    assert read_record_values(1, whole | {"removed_written": "令和7年3月日不詳"}) == [
        ("removed_written", Reason.DATE_MALFORMED)
    ]
    assert not isinstance(read_record_values(1, wrong), list)


def test_a_day_in_words_that_counts_as_the_same_day_is_shown_where_the_other_is_known():
    moved = record(1, resident_since=DAY, address_since=DAY, address_since_written="令和8年11月頃")
    shown = item_text(CertificateItem.ADDRESS_SINCE, CertificateSubject(moved, None), "架空市")
    assert shown == "令和8年11月頃"
    same = replace(moved, resident_since_written="令和8年11月頃")
    assert item_text(CertificateItem.ADDRESS_SINCE, CertificateSubject(same, None), "架空市") == ""
