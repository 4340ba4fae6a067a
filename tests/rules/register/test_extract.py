"""The lines of the extract: cutting, reading and writing them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import (
    IndividualNumber,
    MunicipalityCode,
    ResidentRecordCode,
    with_check_digit,
)
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.sex import Sex
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
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import AddressReason, ForeignItems, Removal, ResidentKind, ResidentRecord

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


_WHOLE = {
    "addressee_number": "123456789012345", "resident_record_code": with_check_digit("1234567890"),
    "individual_number": with_check_digit("12345678901"), "household_number": "77", "name_kanji": "架空　太郎",
    "name_furigana": "カクウ　タロウ", "furigana_confirmed": "1", "birth_date": "1970-05-31", "sex": "MALE",
    "relationship": "世帯主", "householder_name": "架空　太郎", "municipality_code": "131016", "aza_code": "0012003",
    "postal_code": "1000001", "town": "架空町", "block": "1番2号", "building": "架空荘3",
    "resident_since": "2010-04-01", "resident_since_notified_on": "2010-04-02", "address_since": "2011-05-03",
    "notified_on": "2011-05-04", "address_reason": "MOVE_WITHIN", "previous_address": "仮想県1番",
    "previous_municipality_code": "012025", "move_in_from_address": "仮想県2番", "registered_domicile": "仮想県3番",
    "family_register_head": "架空　零郎", "former_surname_kanji": "旧架空", "former_surname_furigana": "キュウカクウ",
    "resident_kind": "JAPANESE", "processing_hold": "1", "update_sequence": "12", "removal_reason": "MOVE_OUT",
    "removed_on": "2020-01-02", "removal_notified_on": "2020-01-03",
}  # fmt: skip
_FOREIGNER = {
    "resident_kind": "FOREIGN", "name_kanji": "ＳＩＬＶＡ", "roman": "SILVA ANA", "alias": "通称　花子", "nationality": "ブラジル",
    "foreign_category": "中長期在留者", "foreign_since": "2012-06-05", "residence_card_number": "AB12CD",
    "residence_status": "永住者", "residence_period": "無期限", "residence_expires_on": "2030-07-06",
    "former_surname_kanji": "", "former_surname_furigana": "",
}  # fmt: skip


def test_every_column_arrives_where_it_belongs():
    row = _read(_line(**_WHOLE))
    assert row == ExtractRow(
        2,
        ResidentRecord(
            addressee_number=123_456_789_012_345,
            resident_record_code=ResidentRecordCode(_WHOLE["resident_record_code"]),
            household_number=77,
            name=PersonName(
                "架空　太郎", "カクウ　タロウ", furigana_confirmed=True,
                former_surname=FormerSurname("旧架空", "キュウカクウ"),
            ),
            birth_date=PartialDate(1970, 5, 31),
            sex=Sex.MALE,
            relationship="世帯主",
            householder_name="架空　太郎",
            resident_kind=ResidentKind.JAPANESE,
            resident_since=date(2010, 4, 1),
            resident_since_notified_on=date(2010, 4, 2),
            address_reason=AddressReason.MOVE_WITHIN,
            current_address=Address(HOME, "架空町", "1番2号", "架空荘3", "1000001", "0012003"),
            address_since=date(2011, 5, 3),
            address_since_notified_on=date(2011, 5, 4),
            update_sequence=12,
            previous_address="仮想県1番",
            previous_municipality=MunicipalityCode("01202"),
            move_in_from_address="仮想県2番",
            registered_domicile="仮想県3番",
            family_register_head="架空　零郎",
            removal=Removal(ChangeReason.MOVE_OUT, date(2020, 1, 2), date(2020, 1, 3)),
            processing_hold=True,
        ),
        IndividualNumber(_WHOLE["individual_number"]),
    )  # fmt: skip


def test_every_column_of_a_foreign_resident_arrives_where_it_belongs():
    record = _read(_line(**_WHOLE | _FOREIGNER)).record
    assert record.name == PersonName(
        "ＳＩＬＶＡ", "カクウ　タロウ", furigana_confirmed=True, roman="SILVA ANA", alias="通称　花子"
    )
    assert record.foreign == ForeignItems(
        date(2012, 6, 5), "ブラジル", "中長期在留者", "AB12CD", "永住者", "無期限", date(2030, 7, 6)
    )


@pytest.mark.parametrize("items", [_WHOLE, _WHOLE | _FOREIGNER, {}])
def test_a_line_is_written_as_it_was_read(items):
    written = _line(
        **items | ({"municipality_code": "13101", "previous_municipality_code": "01202"} if items else {})
    )
    row = _read(written)
    assert format_line(row.record, row.individual_number) == written


def test_a_comma_and_a_quote_come_through():
    line = _line(building='"架空, ""荘"""')
    row = _read(line)
    assert row.record.current_address.building == '架空, "荘"'
    assert format_line(row.record, None) == line


def test_what_is_not_told_is_what_is_usual():
    items = dict.fromkeys(
        ("furigana_confirmed", "resident_since_notified_on", "address_reason", "resident_kind", "processing_hold",
         "update_sequence"), "",
    )  # fmt: skip
    record = _read(_line(**items)).record
    assert (record.resident_since_notified_on, record.update_sequence) == (date(2010, 4, 1), 1)
    assert (record.address_reason, record.resident_kind) == (AddressReason.UNKNOWN, ResidentKind.JAPANESE)
    assert (record.name.furigana_confirmed, record.processing_hold) == (False, False)
    assert (record.removal, record.foreign, record.name.former_surname, record.name.alias) == (
        None,
        None,
        None,
        None,
    )


_FOREIGN_ALONE = _FOREIGNER | {"alias": ""}


@pytest.mark.parametrize(
    ("items", "field", "reason"),
    [
        ({"birth_date": "1970-5-1"}, "birth_date", Reason.DATE_MALFORMED),
        ({"resident_since": "2010-02-30"}, "resident_since", Reason.DATE_MALFORMED),
        ({"resident_since": "20100230"}, "resident_since", Reason.DATE_MALFORMED),
        ({"resident_since": "20100401"}, "resident_since", Reason.DATE_MALFORMED),
        ({"notified_on": ""}, "notified_on", Reason.FIELD_MISSING),
        ({"town": ""}, "town", Reason.FIELD_MISSING),
        ({"addressee_number": "0"}, "addressee_number", Reason.NUMBER_MALFORMED),
        ({"addressee_number": "1２"}, "addressee_number", Reason.NUMBER_MALFORMED),
        ({"addressee_number": "-1"}, "addressee_number", Reason.NUMBER_MALFORMED),
        ({"addressee_number": "1x"}, "addressee_number", Reason.NUMBER_MALFORMED),
        ({"addressee_number": "1234567890123456"}, "addressee_number", Reason.FIELD_TOO_LONG),
        ({"household_number": "00"}, "household_number", Reason.NUMBER_MALFORMED),
        ({"update_sequence": "x"}, "update_sequence", Reason.NUMBER_MALFORMED),
        ({"furigana_confirmed": "2"}, "furigana_confirmed", Reason.FIELD_UNKNOWN_VALUE),
        ({"processing_hold": "x"}, "processing_hold", Reason.FIELD_UNKNOWN_VALUE),
        ({"sex": "OTHER"}, "sex", Reason.FIELD_UNKNOWN_VALUE),
        ({"resident_kind": "X"}, "resident_kind", Reason.FIELD_UNKNOWN_VALUE),
        ({"address_reason": "X"}, "address_reason", Reason.FIELD_UNKNOWN_VALUE),
        ({"relationship": "友人の友人"}, "relationship", Reason.RELATIONSHIP_UNKNOWN),
        ({"name_kanji": "　"}, "name_kanji", Reason.FIELD_UNKNOWN_VALUE),
        ({"resident_record_code": "12345678901"}, "resident_record_code", Reason.CHECK_DIGIT_WRONG),
        ({"individual_number": "123456789012"}, "individual_number", Reason.CHECK_DIGIT_WRONG),
        ({"municipality_code": "131017"}, "municipality_code", Reason.MUNICIPALITY_UNKNOWN),
        ({"municipality_code": "01202"}, "municipality_code", Reason.OTHER_MUNICIPALITY),
        ({"previous_municipality_code": "999999"}, "previous_municipality_code", Reason.MUNICIPALITY_UNKNOWN),
        ({"postal_code": "12"}, "town", Reason.FIELD_UNKNOWN_VALUE),
        ({"removal_reason": "DEATH"}, "removed_on", Reason.FIELD_MISSING),
        ({"removed_on": "2020-01-01"}, "removal_reason", Reason.FIELD_UNKNOWN_VALUE),
        ({"removal_reason": "X", "removed_on": "2020-01-01"}, "removal_reason", Reason.FIELD_UNKNOWN_VALUE),
        ({"removal_reason": "MOVE_IN", "removed_on": "2020-01-01"}, "removal_reason", Reason.FIELD_UNKNOWN_VALUE),
        ({"removal_reason": "DEATH", "removed_on": "2020-01-32"}, "removed_on", Reason.DATE_MALFORMED),
        ({"removal_reason": "DEATH", "removed_on": "2020-01-31", "removal_notified_on": "x"}, "removal_notified_on", Reason.DATE_MALFORMED),
        ({"nationality": "ブラジル"}, "nationality", Reason.FOREIGN_ITEMS_FORBIDDEN),
        ({"foreign_category": "中長期在留者"}, "foreign_category", Reason.FOREIGN_ITEMS_FORBIDDEN),
        ({"foreign_since": "2012-06-05"}, "foreign_since", Reason.FOREIGN_ITEMS_FORBIDDEN),
        ({"residence_card_number": "AB12CD"}, "residence_card_number", Reason.FOREIGN_ITEMS_FORBIDDEN),
        ({"alias": "通称　花子"}, "alias", Reason.ALIAS_ONLY_FOREIGN),
        (_FOREIGN_ALONE | {"nationality": ""}, "nationality", Reason.FOREIGN_ITEMS_MISSING),
        (_FOREIGN_ALONE | {"foreign_category": ""}, "foreign_category", Reason.FOREIGN_ITEMS_MISSING),
        (_FOREIGN_ALONE | {"foreign_since": ""}, "foreign_since", Reason.FIELD_MISSING),
        (_FOREIGN_ALONE | {"residence_expires_on": "x"}, "residence_expires_on", Reason.DATE_MALFORMED),
        (_FOREIGN_ALONE | {"former_surname_kanji": "旧姓"}, "former_surname_kanji", Reason.FORMER_SURNAME_ONLY_JAPANESE),
        ({"block": "=1+1"}, "block", Reason.FIELD_FORMULA),
        ({"building": "@x"}, "building", Reason.FIELD_FORMULA),
        ({"town": "-1"}, "town", Reason.FIELD_FORMULA),
        ({"block": "1" * 61}, "block", Reason.FIELD_TOO_LONG),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_column(items, field, reason):
    assert _read(_line(**items)) == LineFault(2, field, reason)


@pytest.mark.parametrize("items", [{"block": "1" * 60}, {"block": "1-2=3"}, {"addressee_number": "9" * 15}])
def test_what_is_just_allowed_is_taken(items):
    assert isinstance(_read(_line(**items)), ExtractRow)


@pytest.mark.parametrize("line", [_line() + ",", _line().removesuffix(","), "", '"' + _line()])
def test_a_line_that_is_cut_or_torn_has_no_column_to_blame(line):
    reason = Reason.LINE_MALFORMED if line.startswith('"') else Reason.FIELD_COUNT
    assert _read(line) == LineFault(2, "", reason)


def test_bytes_that_are_no_text_have_no_column_to_blame():
    reader = ExtractReader(parse_header(HEADER), HOME, frozenset())
    assert reader.read(5, b"\xff") == LineFault(5, "", Reason.LINE_NOT_UTF8)


@pytest.mark.parametrize(
    ("second", "field", "reason"),
    [
        ({"addressee_number": "1"}, "addressee_number", Reason.ADDRESSEE_DUPLICATE),
        (
            {"resident_record_code": _WHOLE["resident_record_code"]},
            "resident_record_code",
            Reason.CODE_DUPLICATE,
        ),
        ({"individual_number": _WHOLE["individual_number"]}, "individual_number", Reason.NUMBER_DUPLICATE),
        ({"household_number": "1"}, "relationship", Reason.HOUSEHOLDER_TWICE),
    ],
)
def test_what_must_not_come_twice(second, field, reason):
    reader = ExtractReader(parse_header(HEADER), HOME, frozenset())
    once = {name: _WHOLE[name] for name in ("resident_record_code", "individual_number")}
    assert isinstance(reader.read(2, _line(**once).encode()), ExtractRow)
    line = _line(**{"addressee_number": "2", "household_number": "2"} | second)
    assert reader.read(3, line.encode()) == LineFault(3, field, reason)


def test_people_without_codes_and_numbers_and_a_removed_householder_do_not_collide():
    reader = ExtractReader(parse_header(HEADER), HOME, frozenset())
    gone = {"removal_reason": "DEATH", "removed_on": "2020-01-01"}
    lines = [_line(), _line(addressee_number="2", household_number="2"), _line(addressee_number="3", **gone)]
    assert all(isinstance(reader.read(n, line.encode()), ExtractRow) for n, line in enumerate(lines, 2))
    assert reader.headless() == []


def test_a_household_without_its_householder_is_named_once_and_stands():
    reader = ExtractReader(parse_header(HEADER), HOME, frozenset())
    people = [("1", "1", "世帯主"), ("2", "7", "妻"), ("3", "7", "子"), ("4", "1", "子")]
    for line, (person, household, relation) in enumerate(people, 2):
        read = reader.read(
            line, _line(addressee_number=person, household_number=household, relationship=relation).encode()
        )
        assert isinstance(read, ExtractRow)
    assert reader.headless() == [LineFault(3, "relationship", Reason.HOUSEHOLDER_MISSING, imported=True)]


@pytest.mark.parametrize(
    ("header", "field", "reason"),
    [
        ('"a', "", Reason.LINE_MALFORMED),
        (f"{HEADER},{'x' * 50}", "x" * 40, Reason.COLUMN_UNKNOWN),
        (f"{HEADER},sex", "sex", Reason.COLUMN_UNKNOWN),
        (HEADER.replace("birth_date,", ""), "birth_date", Reason.COLUMN_MISSING),
    ],
)
def test_a_header_that_cannot_be_used_is_named_with_its_column(header, field, reason):
    assert parse_header(header) == LineFault(1, field, reason)


def test_columns_come_in_any_order_and_those_that_are_not_needed_may_be_away():
    names = [column.name for column in reversed(COLUMNS) if column.required]
    assert [column.name for column in parse_header(",".join(names))] == names


def test_a_quoted_fault_blames_no_column():
    for line in ('"a', '"a"b,c', 'a"b"'):
        with pytest.raises(ValueError, match="LINE_MALFORMED") as torn:
            split_line(line)
        assert torn.value.column == ""


def test_an_empty_field_before_quoted_ones_stays_empty():
    assert split_line(',"b",c') == ["", "b", "c"]
    assert split_line('a,b,"c"') == ["a", "b", "c"]
    assert split_line('x,,"c",d') == ["x", "", "c", "d"]
