"""The lines of the extract: cutting, reading and writing them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import MunicipalityCode, with_check_digit
from daicho.rules.register.extract import (
    COLUMNS,
    HEADER,
    LINE_MAX_BYTES,
    ExtractReader,
    ExtractRow,
    LineFault,
    decode_line,
    format_line,
    parse_header,
    split_line,
)

HOME = MunicipalityCode("13101")
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x3FF, exclude_characters="\x7f"), max_size=8)


def quoted(value):
    return '"' + value.replace('"', '""') + '"'


@given(st.lists(TEXT, min_size=1, max_size=6))
def test_quoted_fields_come_apart_as_they_were_put_together(fields):
    assert split_line(",".join(quoted(field) for field in fields)) == fields


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,b", ["a", "b"]),
        ("", [""]),
        (",", ["", ""]),
        ('"a,b",c', ["a,b", "c"]),
        ('a,""', ["a", ""]),
        ('"a""b"', ['a"b']),
        ('"",', ["", ""]),
    ],
)
def test_fields(line, fields):
    assert split_line(line) == fields


@pytest.mark.parametrize("line", ['"a', 'a"b,c', '"a"b,c', '"a""'])
def test_a_quote_out_of_place_is_malformed(line):
    with pytest.raises(ValueError, match="LINE_MALFORMED"):
        split_line(line)


def test_a_line_has_a_limit_an_encoding_and_no_control_characters():
    assert decode_line(b"x" * LINE_MAX_BYTES) == "x" * LINE_MAX_BYTES
    assert decode_line(b"x" * (LINE_MAX_BYTES + 1)) is Reason.LINE_TOO_LONG
    assert decode_line("表".encode("cp932")) is Reason.LINE_NOT_UTF8
    assert decode_line(b"a\x00b") is Reason.FIELD_CONTROL_CHARACTER
    assert decode_line("a\u2028b".encode()) is Reason.FIELD_CONTROL_CHARACTER
    assert decode_line(b"a,b\r\n") == "a,b"


def _line(**items):
    values = {
        "addressee_number": "1",
        "household_number": "1",
        "name_kanji": "架空　太郎",
        "furigana_confirmed": "0",
        "birth_date": "0000-00-00",
        "sex": "UNKNOWN",
        "relationship": "世帯主",
        "householder_name": "架空　太郎",
        "municipality_code": "13101",
        "town": "架空町",
        "resident_since": "2010-04-01",
        "resident_since_notified_on": "2010-04-01",
        "address_since": "2010-04-01",
        "notified_on": "2010-04-01",
        "address_reason": "UNKNOWN",
        "resident_kind": "JAPANESE",
        "processing_hold": "0",
        "update_sequence": "3",
    } | items
    return ",".join(values.get(column.name, "") for column in COLUMNS)


def _read(line, known=frozenset()):
    reader = ExtractReader(parse_header(HEADER), HOME, known)
    return reader.read(2, line.encode())


def test_a_read_line_is_written_the_same():
    code = with_check_digit("1234567890")
    line = _line(resident_record_code=code, birth_date="1970-05-00", former_surname_kanji="旧姓")
    row = _read(line)
    assert isinstance(row, ExtractRow)
    assert format_line(row.record, None) == line
    assert row.record.name.former_surname.kanji == "旧姓"


def test_an_unknown_municipality_is_named_when_the_towns_are_known():
    known = frozenset(("13101", "01202"))
    assert isinstance(_read(_line(previous_municipality_code="01202"), known), ExtractRow)
    fault = _read(_line(previous_municipality_code="13102"), known)
    assert fault == LineFault(2, "previous_municipality_code", Reason.MUNICIPALITY_UNKNOWN)


def test_a_person_without_a_code_and_without_a_number_is_taken():
    row = _read(_line())
    assert (row.record.resident_record_code, row.individual_number) == (None, None)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reader(raw):
    reader = ExtractReader(parse_header(HEADER), HOME, frozenset())
    assert isinstance(reader.read(2, raw), LineFault)
