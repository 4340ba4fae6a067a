"""証明用紙: no sheet comes twice, goes twice, or goes that never came."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.certificates.sheets import (
    MOST_AT_ONCE,
    MOST_OF_A_DELIVERY,
    SheetNote,
    SheetRange,
    SpoilCause,
    check_delivery,
    check_note,
    check_undoing,
    next_sheet,
    sheet_range,
)
from daicho.rules.law.refusal import Reason, Refusal

TODAY = date(2026, 11, 20)
BOX = SheetRange("A", 7, 1, 5_000)
BOUNDS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted)


@pytest.mark.parametrize(
    ("first", "last", "read"),
    [
        ("A0000001", "A0005000", BOX),
        (" a0000001", "a0005000 ", BOX),
        ("A-0000001", "A-0005000", BOX),
        ("0000012", "", SheetRange("", 7, 12, 12)),
        ("0009", "", SheetRange("", 4, 9, 9)),
    ],
)
def test_numbers_are_read_as_they_stand_on_the_paper(first, last, read):
    assert sheet_range(first, last) == read


@given(st.integers(0, 9_999_999), st.integers(0, 90))
def test_a_range_is_written_and_read_again(first, more):
    one = SheetRange("AB", 8, first, first + more)
    assert sheet_range(one.first_text, one.last_text) == one
    assert sheet_range(one.first_text, sheets=one.sheets) == one


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("", "", "first_sheet"),
        ("用紙１", "", "first_sheet"),
        ("A" * 7 + "1", "", "first_sheet"),
        ("A00000000001", "", "first_sheet"),
        ("A0000002", "A0000001", "last_sheet"),
        ("A0000002", "B0000003", "last_sheet"),
        ("A0000002", "A000003", "last_sheet"),
        ("A0000002", "x", "last_sheet"),
        ("A0000000", f"A{MOST_OF_A_DELIVERY:07d}", "last_sheet"),
    ],
)
def test_what_is_no_range_is_refused_beside_its_field(first, last, field):
    refusal = sheet_range(first, last)
    assert isinstance(refusal, Refusal)
    assert refusal.field == field


def test_a_range_does_not_outgrow_the_digits_of_its_numbers():
    assert isinstance(sheet_range("A99", sheets=2), Refusal)
    assert isinstance(sheet_range("A99", sheets=1), SheetRange)


@given(BOUNDS, BOUNDS)
def test_a_sheet_comes_once(one, other):
    known, came = SheetRange("A", 3, *one), SheetRange("A", 3, *other)
    common = set(range(one[0], one[1] + 1)) & set(range(other[0], other[1] + 1))
    refusal = check_delivery(came, [known], TODAY, TODAY)
    assert (refusal is not None) is bool(common)
    if refusal is not None:
        assert refusal.reason is Reason.SHEET_KNOWN


def test_other_series_and_lengths_are_other_sheets():
    assert check_delivery(SheetRange("B", 7, 1, 9), [BOX], TODAY, TODAY) is None
    assert check_delivery(SheetRange("A", 6, 1, 9), [BOX], TODAY, TODAY) is None


def test_nothing_comes_tomorrow():
    refusal = check_delivery(BOX, [], TODAY + timedelta(days=1), TODAY)
    assert (refusal.reason, refusal.field) == (Reason.DATE_IN_FUTURE, "received_on")


@pytest.mark.parametrize(
    ("note", "noted", "reason"),
    [
        (SheetNote(SheetRange("A", 7, 1, 2), "2026-00000001"), (), None),
        (SheetNote(SheetRange("A", 7, 5_000, 5_000), cause=SpoilCause.JAM), (), None),
        (SheetNote(SheetRange("A", 7, 5_000, 5_001), cause=SpoilCause.JAM), (), Reason.SHEET_UNKNOWN),
        (SheetNote(SheetRange("A", 7, 0, 1), cause=SpoilCause.JAM), (), Reason.SHEET_UNKNOWN),
        (SheetNote(SheetRange("B", 7, 1, 1), cause=SpoilCause.JAM), (), Reason.SHEET_UNKNOWN),
        (SheetNote(SheetRange("A", 6, 1, 1), cause=SpoilCause.JAM), (), Reason.SHEET_UNKNOWN),
        (SheetNote(SheetRange("A", 7, 1, 2), "2026-00000001"), (2,), Reason.SHEET_NOTED),
        (SheetNote(SheetRange("A", 7, 1, 2), "2026-00000001"), (3,), None),
        (SheetNote(SheetRange("A", 7, 1, 1)), (), Reason.FIELD_MISSING),
        (SheetNote(SheetRange("A", 7, 1, 1), "2026-00000001", SpoilCause.JAM), (), Reason.FIELD_MISSING),
        (SheetNote(SheetRange("A", 7, 1, MOST_AT_ONCE + 1), "x"), (), Reason.FIELD_TOO_LONG),
        (SheetNote(SheetRange("A", 7, 1, 1), cause=SpoilCause.MISSING), (), Reason.FIELD_MISSING),
        (SheetNote(SheetRange("A", 7, 1, 1), cause=SpoilCause.MISSING, words="納品時の欠番"), (), None),
    ],
)
def test_a_sheet_goes_once_and_only_if_it_came(note, noted, reason):
    refusal = check_note(note, BOX, noted)
    assert (refusal.reason if refusal else None) is reason


def test_sheets_of_which_no_delivery_is_known_are_not_noted():
    refusal = check_note(SheetNote(SheetRange("A", 7, 1, 1), "x"), None, ())
    assert refusal.reason is Reason.SHEET_UNKNOWN


def test_the_next_sheet_follows_the_last_noted_one_until_the_end():
    assert next_sheet(BOX, None) == 1
    assert next_sheet(BOX, 17) == 18
    assert next_sheet(BOX, 5_000) is None


def test_a_note_is_taken_back_where_there_is_one_and_with_a_reason():
    delivery, one = SheetRange("A", 7, 1, 100), SheetRange("A", 7, 5, 6)
    assert check_undoing(one, delivery, {5, 6, 9}, "入力誤り") is None
    assert check_undoing(one, delivery, {5, 6}, " ").field == "words"
    assert check_undoing(one, delivery, {5}, "x").reason is Reason.NOTHING_CHANGES
    assert check_undoing(one, None, {5, 6}, "x").reason is Reason.SHEET_UNKNOWN
    many = SheetRange("A", 7, 1, 101)
    assert check_undoing(many, SheetRange("A", 7, 1, 200), range(1, 200), "x").reason is Reason.FIELD_TOO_LONG
