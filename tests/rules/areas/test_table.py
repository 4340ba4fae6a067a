"""The table of old and new places: what is wrong is told line by line, and nothing ambiguous is taken."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.areas.table import (
    FAULTS_MOST,
    LINES_MOST,
    TABLE_HEADER,
    AreaLine,
    TableFault,
    lot_key,
    read_table,
)
from daicho.rules.law.refusal import Reason

SHORT = "旧町名,旧番地,新町名,新番地"


def table(*lines: str, header: str = SHORT) -> bytes:
    return ("\r\n".join((header, *lines)) + "\r\n").encode()


def faults(content: bytes) -> list[tuple[int, str, Reason]]:
    lines, found = read_table(content)
    assert not (lines and found), "a table with a fault gives no line"
    return [(one.line, one.column, one.reason) for one in found]


def test_a_line_about_a_lot_and_one_about_a_town() -> None:
    lines, found = read_table(table("甲町,12番地,甲町一丁目,3番4号", "乙町,,丙町,"))
    assert not found
    assert lines == (
        AreaLine(2, "甲町", "甲町一丁目", "12番地", new_block="3番4号"),
        AreaLine(3, "乙町", "丙町"),
    )
    assert [one.whole_town for one in lines] == [False, True]


def test_every_column_is_read_in_any_order_and_with_a_byte_order_mark() -> None:
    titles = TABLE_HEADER.split(",")[::-1]
    told = {
        "旧町名": "甲町", "旧番地": "１２番地", "旧方書": "架空荘", "世帯番号": "7", "新町名": "甲町一丁目", "新番地": "3番4号",
        "新方書": "架空荘101", "郵便番号": "100-0001", "町字コード": "0001001",
    }  # fmt: skip
    lines, found = read_table(
        b"\xef\xbb\xbf" + table(",".join(told[one] for one in titles), header=",".join(titles))
    )
    assert not found
    assert lines == (
        AreaLine(
            2, "甲町", "甲町一丁目", "１２番地", "架空荘", 7, "3番4号", "架空荘101", "1000001", "0001001"
        ),
    )
    assert lines[0].key == ("甲町", "12番地", "架空荘", 7)


def test_all_faults_of_a_table_are_told_at_once_in_their_order() -> None:
    content = table(
        "甲町,1番地,甲町一丁目,",
        ",2番地,甲町一丁目,3番4号",
        "甲町,3番地",
        "甲町,4番地,甲町一丁目,=1",
        "甲町,5番地,甲町,5番地",
        "甲町,,乙町,3番",
        f"{'甲' * 101},1,乙町,2",
        '"甲町,1,乙町,2',
    )
    assert faults(content) == [
        (2, "新番地", Reason.FIELD_MISSING),
        (3, "旧町名", Reason.FIELD_MISSING),
        (4, "", Reason.FIELD_COUNT),
        (5, "新番地", Reason.FIELD_FORMULA),
        (6, "新町名", Reason.NOTHING_CHANGES),
        (7, "新番地", Reason.FIELD_UNKNOWN_VALUE),
        (8, "旧町名", Reason.FIELD_TOO_LONG),
        (9, "", Reason.LINE_MALFORMED),
    ]


@pytest.mark.parametrize(
    ("second", "doubled"),
    [
        ("甲町,１２番地,甲町二丁目,5番6号", True),
        ("甲町,12番地2,甲町二丁目,5番6号", False),
        ("甲町東,12番地,甲町二丁目,5番6号", False),
    ],
)
def test_two_lines_about_one_place_are_refused_however_it_is_written(second: str, doubled: bool) -> None:
    found = faults(table("甲町,12番地,甲町一丁目,3番4号", second))
    assert found == ([(3, "旧町名", Reason.LINE_DOUBLED)] if doubled else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-23", "12-3"), ("1−203", "12－03"), ("1・23", "12・3"), ("1、23", "12、3"), ("1 23", "12 3"), ("1ー23", "12ー3"),
        ("A-1", "A1"), ("二・三十", "二三・十"),
    ],
)  # fmt: skip
def test_lots_that_differ_by_where_a_hyphen_stands_are_two(one: str, other: str) -> None:
    assert lot_key(one) != lot_key(other)
    assert not faults(table(f"甲町,{one},甲町一丁目,1番", f"甲町,{other},甲町一丁目,2番"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-23", "１－２３"), ("1-23", "1−23"), ("1-23", "1ー23"), ("1 - 23", "1-23"), ("12 番地", "12番地"), ("コーポ　A", "コーポA"),
        ("1・23", "1．23"),
    ],
)  # fmt: skip
def test_a_lot_is_one_however_its_hyphen_is_written(one: str, other: str) -> None:
    assert lot_key(one) == lot_key(other)


@pytest.mark.parametrize(
    ("lines", "chained"),
    [
        (("甲町,,乙町,", "乙町,12番地,丙町,1番"), [2]),
        (("甲町,,甲野町,", "甲町,12番地,丙町,1番"), []),
        (("甲町,,乙町,", "乙町,,丙町,"), [2]),
        (("甲町,1番地,甲町,2番地", "甲町,2番地,甲町,3番地"), [2]),
        (("甲町,1番地,甲町,9番9号", "甲町,,乙町,"), [2]),
        (("甲町,1番地,乙町,1番1号", "甲町,2番地,乙町,1番2号"), []),
        (("澤町,,沢町,",), []),
    ],
)
def test_a_place_that_would_be_renamed_twice_is_refused(lines: tuple[str, ...], chained: list[int]) -> None:
    assert [line for line, _, reason in faults(table(*lines)) if reason is Reason.LINE_CHAINED] == chained


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", TableFault(0, "", Reason.FILE_EMPTY)),
        (table(), TableFault(1, "", Reason.FILE_EMPTY)),
        (table("甲町", header="旧町名"), TableFault(1, "新町名", Reason.COLUMN_MISSING)),
        (table("甲町,乙町,丙", header="旧町名,新町名,氏名"), TableFault(1, "", Reason.COLUMN_UNKNOWN)),
        (
            table("甲町,乙町,丙", header="旧町名,新町名,新町名"),
            TableFault(1, "新町名", Reason.COLUMN_UNKNOWN),
        ),
        (table("甲町,乙町,丙", header="旧町名,新町名,=1+1"), TableFault(1, "", Reason.COLUMN_UNKNOWN)),
        (table("甲町,,乙町,").decode().encode("cp932"), TableFault(1, "", Reason.LINE_NOT_UTF8)),
        (b"x" * (2 * 1024 * 1024 + 1), TableFault(0, "", Reason.FILE_TOO_LARGE)),
        (
            table(*(f"甲町,{number},乙町,{number}" for number in range(LINES_MOST + 1))),
            TableFault(LINES_MOST + 2, "", Reason.TOO_MANY_LINES),
        ),
    ],
)
def test_a_file_that_is_no_table_says_why(content: bytes, fault: TableFault) -> None:
    assert read_table(content) == ((), (fault,))


def test_no_more_faults_are_told_than_anybody_reads() -> None:
    assert len(faults(table(*["甲町"] * (FAULTS_MOST + 5)))) == FAULTS_MOST


WORD = st.text(st.sampled_from("甲乙丙丁町字一二東西澤"), min_size=1, max_size=6)
LOT = st.text(st.sampled_from("0123456789番地号-"), min_size=1, max_size=6).filter(lambda one: one[0] != "-")


@given(rows=st.lists(st.tuples(WORD, LOT, WORD, LOT), min_size=1, max_size=12))
def test_what_is_written_is_read_or_refused_and_never_changed(rows: list[tuple[str, ...]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([SHORT.split(","), *rows])
    lines, found = read_table(file.getvalue().encode())
    if found:
        assert {one.reason for one in found} <= {
            Reason.LINE_DOUBLED, Reason.LINE_CHAINED, Reason.NOTHING_CHANGES,
        }  # fmt: skip
        places = [(town, block) for town, block, _, _ in rows]
        doubled = {one.line - 2 for one in found if one.reason is Reason.LINE_DOUBLED}
        assert doubled <= {place for place, one in enumerate(places) if one in places[:place]}, (
            "no two lots are one"
        )
    else:
        assert [(one.old_town, one.old_block, one.new_town, one.new_block) for one in lines] == rows
        assert len({one.key for one in lines}) == len(rows)


@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    lines, found = read_table(content)
    assert bool(lines) != bool(found)
