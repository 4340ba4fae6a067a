"""The extract: what comes in comes back, and hostile lines are named and left out."""

import csv
import itertools
from datetime import UTC, date, datetime

import pytest

from daicho.nodes.registry.extract import fault_lines, lines_of
from daicho.nodes.registry.numbers import number_reader
from daicho.nodes.registry.residents import Purpose, resident_view
from daicho.nodes.registry.transfer import export_extract, import_extract
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import with_check_digit
from daicho.rules.register.extract import COLUMNS, HEADER, LINE_MAX_BYTES
from daicho.store import extract, register

WHY = Purpose("調査", "住民基本台帳法第34条")


def line(number, household=1, **items):
    values = {
        "addressee_number": number,
        "resident_record_code": with_check_digit(f"{number:010d}"),
        "individual_number": with_check_digit(f"{number:011d}"),
        "household_number": household,
        "name_kanji": f"架空　{number}号",
        "name_furigana": "カクウ　イチロウ",
        "furigana_confirmed": "1",
        "birth_date": "1970-05-00",
        "sex": "MALE",
        "relationship": "世帯主" if number == household else "子",
        "householder_name": f"架空　{household}号",
        "municipality_code": "13101",
        "town": "架空町一丁目",
        "block": "2番3号",
        "resident_since": "2010-04-01",
        "resident_since_notified_on": "2010-04-02",
        "address_since": "2012-05-01",
        "notified_on": "2012-05-06",
        "address_reason": "MOVE_IN",
        "previous_municipality_code": "01202",
        "resident_kind": "JAPANESE",
        "processing_hold": "0",
        "update_sequence": "1",
    }
    values.update(items)
    return ",".join(str(values.get(column.name, "")) for column in COLUMNS)


def file(*lines, header=HEADER):
    return ("\n".join((header, *lines)) + "\n").encode()


def bring(counter, content):
    report = import_extract(counter.node, counter.admin, counter.officer, [content])
    assert not isinstance(report, Refusal), report
    return report


def give(counter):
    out = bytearray()
    export_extract(counter.node, counter.admin, counter.officer, out.extend, purpose="引継ぎ")
    return bytes(out)


def faults(report):
    return [(fault.line, fault.field, fault.reason) for fault in report.faults]


def test_a_clean_file_comes_back_byte_for_byte_and_again_doubles_nothing(counter):
    content = file(
        line(1),
        line(2, 1, name_kanji="髙\U000e0100橋　花", name_furigana="", furigana_confirmed="0"),
        line(
            3,
            3,
            resident_kind="FOREIGN",
            nationality="ブラジル",
            foreign_category="中長期在留者",
            foreign_since="2012-05-01",
            residence_card_number="AB12345678CD",
            alias="通称　三郎",
            roman="SILVA JOAO",
        ),
        line(4, 1, removal_reason="DEATH", removed_on="2020-01-02", removal_notified_on="2020-01-05"),
        line(5, 5, individual_number="", building='"仮想荘, ""甲""101"'),
    )
    report = bring(counter, content)
    assert (report.imported, report.faults) == (5, [])
    assert give(counter) == content
    again = bring(counter, content)
    assert (again.imported, again.already_there, again.faults) == (0, 5, [])
    assert give(counter) == content
    removed = resident_view(counter.node, counter.clerk, 4, WHY)
    assert not removed.record.living


@pytest.mark.requirement("R-470")
def test_nobody_whose_years_are_over_comes_in_or_goes_out_with_a_file(counter):
    over = line(4, 1, removal_reason="DEATH", removed_on="2014-06-19", removal_notified_on="2014-06-19")
    kept = line(6, 1, removal_reason="DEATH", removed_on="2014-06-20", removal_notified_on="2014-06-20")
    report = bring(counter, file(line(1), over, kept))
    assert report.imported == 2
    assert faults(report) == [(3, "removed_on", Reason.RETENTION_OVER)]
    assert give(counter) == file(line(1), kept)
    counter.node.clock.instant = datetime(2164, 6, 21, 3, tzinfo=UTC)
    assert give(counter) == file(line(1))
    again = bring(counter, file(line(1), kept))
    assert (again.already_there, again.faults) == (2, []), "what lies there still is not brought back"


def test_a_byte_order_mark_and_windows_line_ends_are_read(counter):
    content = b"\xef\xbb\xbf" + file(line(1)).replace(b"\n", b"\r\n")
    assert bring(counter, content).imported == 1


HOSTILE = [
    ("resident_record_code", with_check_digit("0000000007")[:10] + "x", Reason.CHECK_DIGIT_WRONG),
    ("individual_number", "1" * 12, Reason.CHECK_DIGIT_WRONG),
    ("birth_date", "1970-02-30", Reason.DATE_MALFORMED),
    ("address_since", "2012-02-30", Reason.DATE_MALFORMED),
    ("notified_on", "20120506", Reason.DATE_MALFORMED),
    ("municipality_code", "99999", Reason.MUNICIPALITY_UNKNOWN),
    ("municipality_code", "131015", Reason.MUNICIPALITY_UNKNOWN),
    ("municipality_code", "13102", Reason.OTHER_MUNICIPALITY),
    ("name_kanji", "=HYPERLINK(1)", Reason.FIELD_FORMULA),
    ("building", "@SUM(A1)", Reason.FIELD_FORMULA),
    ("previous_address", "+81", Reason.FIELD_FORMULA),
    ("registered_domicile", '"-1+2"', Reason.FIELD_FORMULA),
    ("name_kanji", "架空\x07号", Reason.FIELD_CONTROL_CHARACTER),
    ("name_kanji", "", Reason.FIELD_MISSING),
    ("name_kanji", "長" * 101, Reason.FIELD_TOO_LONG),
    ("name_furigana", "<b>", Reason.FIELD_UNKNOWN_VALUE),
    ("sex", "X", Reason.FIELD_UNKNOWN_VALUE),
    ("relationship", "長男", Reason.RELATIONSHIP_UNKNOWN),
    ("resident_kind", "FOREIGN", Reason.FOREIGN_ITEMS_MISSING),
    ("nationality", "ブラジル", Reason.FOREIGN_ITEMS_FORBIDDEN),
    ("alias", "通称", Reason.ALIAS_ONLY_FOREIGN),
    ("removal_reason", "MOVE_IN", Reason.FIELD_UNKNOWN_VALUE),
    ("household_number", "0", Reason.NUMBER_MALFORMED),
    ("furigana_confirmed", "2", Reason.FIELD_UNKNOWN_VALUE),
]


def test_each_hostile_field_is_named_and_its_neighbours_are_kept(counter):
    bad = [
        line(100 + place, 100 + place, **{column: value}) for place, (column, value, _) in enumerate(HOSTILE)
    ]
    report = bring(counter, file(line(1), *bad, line(3, 3)))
    assert report.imported == 2
    assert [(fault.line, fault.reason) for fault in report.faults] == [
        (3 + place, rule) for place, (_, _, rule) in enumerate(HOSTILE)
    ]
    assert give(counter) == file(line(1), line(3, 3))


def test_a_broken_line_is_named_by_its_number(counter):
    lines = [line(1).encode(), b"\xff\xfe" + line(2).encode(), line(3, 3).encode()[:-1] + b',"', b"a,b"]
    long = b"x" * (LINE_MAX_BYTES * 3)
    content = b"\n".join([HEADER.encode(), *lines, long, line(9, 9).encode()])
    report = bring(counter, content)
    assert report.imported == 2
    assert faults(report) == [
        (3, "", Reason.LINE_NOT_UTF8),
        (4, "", Reason.LINE_MALFORMED),
        (5, "", Reason.FIELD_COUNT),
        (6, "", Reason.LINE_TOO_LONG),
    ]


def test_what_comes_twice_is_left_out_the_second_time(counter):
    number = with_check_digit(f"{1:011d}")
    report = bring(
        counter,
        file(
            line(1),
            line(1, 1, resident_record_code=""),
            line(2, 2, resident_record_code=with_check_digit(f"{1:010d}")),
            line(3, 3, individual_number=number),
            line(4, 1, relationship="世帯主"),
        ),
    )
    assert faults(report) == [
        (3, "addressee_number", Reason.ADDRESSEE_DUPLICATE),
        (4, "resident_record_code", Reason.CODE_DUPLICATE),
        (5, "individual_number", Reason.NUMBER_DUPLICATE),
        (6, "relationship", Reason.HOUSEHOLDER_TWICE),
    ]
    later = bring(
        counter,
        file(
            line(1, 1, resident_record_code=with_check_digit(f"{11:010d}")),
            line(12, 12, resident_record_code=with_check_digit(f"{1:010d}")),
            line(13, 13, individual_number=number),
            line(14, 1, relationship="世帯主"),
        ),
    )
    assert later.imported == 0
    assert {fault.reason for fault in later.faults} == {fault.reason for fault in report.faults}


def test_a_corrected_file_brings_only_what_was_missing(counter):
    assert bring(counter, file(line(1), line(2, birth_date="1970-13-01"))).imported == 1
    report = bring(counter, file(line(1), line(2)))
    assert (report.imported, report.already_there, report.faults) == (1, 1, [])


def test_a_household_without_its_householder_is_told_and_taken(counter):
    report = bring(counter, file(line(2, 1), line(3, 1)))
    assert report.imported == 2
    assert report.refused == 0
    assert list(fault_lines(report.faults)) == [
        "line,field,rule,imported",
        "2,relationship,HOUSEHOLDER_MISSING,yes",
    ]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", Reason.FILE_EMPTY),
        (b"a,b,c\n", Reason.COLUMN_UNKNOWN),
        (HEADER.replace(",sex", "").encode(), Reason.COLUMN_MISSING),
        (HEADER.replace(",sex", ",town").encode(), Reason.COLUMN_UNKNOWN),
        (b"\xff\xff\n", Reason.LINE_NOT_UTF8),
    ],
)
def test_a_file_with_a_bad_header_is_refused_whole(counter, content, rule):
    report = bring(counter, content)
    assert (report.imported, [fault.reason for fault in report.faults]) == (0, [rule])


def test_columns_may_stand_in_another_order_and_optional_ones_may_be_missing(counter):
    required = [column.name for column in COLUMNS if column.required]
    whole = dict(zip(HEADER.split(","), line(1).split(","), strict=True))
    shuffled = list(reversed(required))
    report = bring(counter, file(",".join(whole[name] for name in shuffled), header=",".join(shuffled)))
    assert (report.imported, report.faults) == (1, [])


def test_a_fault_of_ours_in_the_middle_loses_the_whole_file_and_nothing_else(counter, monkeypatch):
    bring(counter, file(line(1)))
    before = give(counter)
    monkeypatch.setattr("daicho.nodes.registry.extract.BATCH_ROWS", 2)
    real, calls = extract.copy_records, itertools.count()

    def fails_at_second(*args, **more):
        if next(calls) == 1:
            raise RuntimeError("power")
        real(*args, **more)

    monkeypatch.setattr("daicho.store.extract.copy_records", fails_at_second)
    with pytest.raises(RuntimeError):
        import_extract(
            counter.node, counter.admin, counter.officer, [file(*(line(n, n) for n in range(2, 9)))]
        )
    assert give(counter) == before


@pytest.mark.requirement("R-044")
def test_the_register_holds_no_individual_number(counter):
    number = with_check_digit(f"{1:011d}")
    bring(counter, file(line(1)))
    with counter.node.store.unit() as unit:
        unit.cursor.execute(
            "select string_agg(r::text, '') || (select string_agg(v::text, '') from register.resident_version v)"
            " || (select string_agg(e::text, '') from register.entry e) from register.resident r"
        )
        assert number not in unit.cursor.fetchone()[0]
        code = with_check_digit(f"{1:010d}")
        assert number_reader(counter.node.vault)(unit, [code]) == {code: number}


@pytest.mark.requirement("R-267")
def test_bulk_output_needs_the_approval_of_another_person(counter):
    alone = export_extract(counter.node, counter.admin, counter.admin, bytearray().extend, purpose="x")
    assert alone.reason is Reason.NOT_PERMITTED
    clerk = export_extract(counter.node, counter.clerk, counter.officer, bytearray().extend, purpose="x")
    assert clerk.reason is Reason.NOT_PERMITTED
    twice = type(counter.officer)("admin01", "s1", counter.officer.roles)
    same = import_extract(counter.node, counter.admin, twice, [file(line(1))])
    assert same.reason is Reason.SAME_PERSON
    give(counter)
    assert ("register:extract:exported", "admin01", "") in counter.lines()


def test_drawn_numbers_begin_above_the_imported_ones(counter):
    bring(counter, file(line(7_000, 7_000)))
    with counter.node.store.unit() as unit:
        assert register.draw_addressees(unit, 1) == (7_001,)
        assert register.draw_households(unit, 2) == (7_001, 7_002)


def test_lines_are_cut_wherever_the_stream_breaks():
    whole = b"one\ntwo\n" + b"y" * 50_000 + b"\nfour"
    for size in (1, 7, 4_096, 100_000):
        chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
        cut = list(lines_of(chunks))
        assert cut[:2] == [b"one", b"two"]
        assert len(cut[2]) == LINE_MAX_BYTES + 1
        assert cut[3:] == [b"four"]


def test_the_point_in_time_of_an_imported_record_is_the_day_of_its_address(counter):
    bring(counter, file(line(1)))
    shown = resident_view(counter.node, counter.clerk, 1, WHY)
    assert [one.legal_day for one in shown.versions] == [date(2012, 5, 1)]
    assert [one.entry.kind.value for one in shown.entries] == ["IMPORT"]


def test_imported_people_are_told_to_the_cs_in_bounded_letters_and_the_removed_are_not(counter, monkeypatch):
    monkeypatch.setattr("daicho.nodes.registry.to_cs.BULK_RECORDS", 2)
    gone = line(9, 9, removal_reason="DEATH", removed_on="2020-01-02")
    bring(counter, file(line(1), line(2, 2), line(3, 3), gone))
    sizes = [len(letter.content.updates) for letter in counter.letters]
    assert sizes == [2, 1]
    update = counter.letters[0].content.updates[0]
    assert update.individual_number == with_check_digit(f"{1:011d}")
    assert update.record.change_reason.value == "ENTERED_OTHER"
    counter.letters.clear()
    bring(counter, file(line(1), line(2, 2), line(3, 3), gone))
    assert counter.letters == []


FOREIGN = {
    "resident_kind": "FOREIGN", "nationality": "ブラジル", "foreign_category": "中長期在留者",
    "foreign_since": "2012-05-01", "residence_card_number": "AB12345678CD", "residence_status": "定住者",
    "residence_period": "5年", "residence_expires_on": "2028-05-01",
}  # fmt: skip
VALUES = {
    "addressee_number": "7", "resident_record_code": with_check_digit("7" * 10),
    "individual_number": with_check_digit("7" * 11), "household_number": "7", "name_kanji": "髙\U000e0100橋　𠮷次",
    "name_furigana": "タカハシ　ヨシツグ", "furigana_confirmed": "1", "birth_date": "1948-05-00",
    "birth_written": "昭和23年5月10日頃", "sex": "FEMALE", "relationship": "世帯主", "resident_since": "2010-04-01",
    "resident_since_notified_on": "2010-04-09", "address_reason": "MOVE_WITHIN", "householder_name": "架空　7号", "town": "架空町二丁目", "block": "3番4号",
    "building": "仮想荘101", "postal_code": "1000005", "aza_code": "0001002", "address_since": "2012-05-01",
    "notified_on": "2012-05-06", "registered_domicile": "架空県架空市１番", "family_register_head": "架空　筆太",
    "removal_reason": "MOVE_OUT", "removed_on": "2020-01-02", "removal_notified_on": "2020-01-05",
    "processing_hold": "1", "former_surname_kanji": "旧架空", "former_surname_furigana": "キュウカクウ",
    "roman": "KAKU ICHIRO", **FOREIGN,
}  # fmt: skip
ITEMS = (
    ("F1-1", "addressee_number"),
    ("F1-2", "resident_record_code"),
    ("F1-3", "individual_number"),
    ("F1-4", "household_number"),
    ("F1-5", "name_kanji name_furigana furigana_confirmed"),
    ("F1-6", "birth_date birth_written"),
    ("F1-7", "sex"),
    ("F1-8", "relationship"),
    ("F1-9", "resident_since resident_since_notified_on"),
    ("F1-10", "address_reason"),
    ("F1-11", "resident_kind nationality foreign_category foreign_since"),
    ("F1-12", "householder_name"),
    ("F1-13", "town block building postal_code aza_code"),
    ("F1-14", "address_since notified_on"),
    ("F1-16", "registered_domicile family_register_head"),
    ("F1-19", "removal_reason removed_on removal_notified_on"),
    ("F1-20", "resident_kind foreign_since nationality foreign_category"),
    (
        "F1-21",
        "resident_kind foreign_since nationality foreign_category residence_card_number residence_status",
    ),
    ("F1-27", "processing_hold"),
    ("F1-29", "former_surname_kanji former_surname_furigana roman"),
)


@pytest.mark.parametrize(
    "columns",
    [pytest.param(columns, id=name, marks=pytest.mark.requirement(name)) for name, columns in ITEMS],
)
def test_each_item_of_the_register_file_is_kept_and_given_back(counter, columns):
    items = {name: VALUES[name] for name in columns.split()}
    assert bring(counter, file(line(7, 7, **items))).imported == 1
    header, row = csv.reader(give(counter).decode().splitlines())
    given = dict(zip(header, row, strict=True))
    assert {name: given[name] for name in items} == items
