"""Lines of records and changes: whatever the register holds comes back, and items that do not go together are all named."""

import csv
import io
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import code, record

from daicho.rules.handover.entries import EntryLine, format_entry, read_entry_values, whole_entry
from daicho.rules.handover.layout import (
    COLUMNS,
    LINE_MAX_BYTES,
    HandoverFile,
    LineReader,
    format_fields,
    header_of,
)
from daicho.rules.handover.records import format_record, read_record_values, record_values
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.register.changes import Entry, Lateness
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.reception import Authority, Channel, Document, Notifier, Reception
from daicho.rules.register.record import (
    ForeignItems,
    HouseholdRelation,
    Removal,
    ResidentKind,
    ResidentRecord,
    ScheduledMoveOut,
)

AT = datetime(2026, 11, 20, 1, 2, 3, 4, tzinfo=UTC)
_TEXTS = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co"), exclude_characters="\ufeff\ufffe\uffff"), min_size=1),
    max_size=3,
).map(tuple)  # fmt: skip


def reader_of(file, known=frozenset(), mapped=None):
    begun = LineReader.begun(file, header_of(COLUMNS[file]).encode(), mapped or {}, known)
    assert isinstance(begun, LineReader)
    return begun


def version_values(one, **items):
    head = {
        "addressee_number": one.addressee_number,
        "version": 1,
        "entry_id": "e1",
        "legal_day": date(2026, 1, 2),
        "recorded_at": AT,
    }
    return {**head, **record_values(one), **items}  # fmt: skip


def line_of(one, **items):
    return format_fields(COLUMNS[HandoverFile.VERSIONS], version_values(one, **items))


def read(line, **more):
    return reader_of(HandoverFile.VERSIONS, **more).read(2, line.encode())


def foreigner(**items):
    made = ForeignItems(
        date(2012, 7, 9), "ブラジル", "中長期在留者", "AB12345678CD", "永住者", "無期限", None, ("旧通称",)
    )
    return record(3, resident_kind=ResidentKind.FOREIGN, foreign=made, **items)


KEPT = [
    record(1),
    record(2, removal=Removal(ChangeReason.DEATH, date(2020, 1, 2), date(2020, 1, 5)), remarks=("甲", "乙|丙")),
    foreigner(name=PersonName("ＳＩＬＶＡ", None, False, "SILVA JOAO", None, "通称　三郎")),
    record(
        4,
        name=PersonName("試験　四", "シケン　ヨン", True, None, FormerSurname("旧氏", "キュウシ")),
        scheduled_move_out=ScheduledMoveOut(
            date(2026, 12, 1), date(2026, 11, 20), "北海道函館市", MunicipalityCode("01202"), abroad=False, by_card=True,
            successor=9, relations=(HouseholdRelation(9, "世帯主"),),
        ),
        old_resident_record_code=code(40), record_code_used_from=date(2020, 5, 1), rewritten_on=date(2021, 1, 1),
        processing_hold=True, de_facto_householder="事実　上", move_out_to_address="どこか",
    ),
    record(
        7, address_since_written="平成22年4月1日頃", resident_since_written="平成22年4月日不詳",
        removal=Removal(ChangeReason.DEATH, date(2020, 1, 2), date(2020, 1, 5), "令和2年1月日不詳"),
    ),
    record(6, birth_date=PartialDate(1945, None, None), birth_written="昭和20年3月頃"),
    record(5, resident_record_code=None, relationship="妻（未届）の子", householder_name='引用"符,号'),
]  # fmt: skip


@pytest.mark.parametrize("one", KEPT, ids=lambda one: str(one.addressee_number))
def test_a_record_comes_back_item_by_item(one) -> None:
    values = read(line_of(one))
    assert read_record_values(one.addressee_number, values) == one
    assert line_of(read_record_values(one.addressee_number, values)) == line_of(one)


def test_nothing_that_a_record_or_a_change_holds_is_without_a_column() -> None:
    """住民基本台帳法7条: what stands in the register goes along, also what is added to it later."""
    columns = {
        column.name for file in (HandoverFile.VERSIONS, HandoverFile.ENTRIES) for column in COLUMNS[file]
    }
    other_names = {
        "category": "foreign_category", "since": "foreign_since", "municipality": "municipality_code",
        "kanji": "name_kanji", "furigana": "name_furigana", "roman": "name_roman",
        "former_surname": "former_surname_kanji", "permission": "permit", "removal": "removal_reason",
        "scheduled_move_out": "scheduled_on", "foreign": "nationality", "lateness": "late_due_on",
        "reception": "reception_notifier", "previous_municipality": "previous_municipality_code",
    }  # fmt: skip
    in_parts = {"name", "current_address"}
    versions = {"before", "after"}  # whole records, which are lines of their own
    for kind in (ResidentRecord, PersonName, Address, ForeignItems, Entry):
        names = {one.name for one in fields(kind)} - in_parts - versions
        assert {other_names.get(name, name) for name in names} <= columns, kind


@pytest.mark.parametrize(
    ("items", "wrong"),
    [
        ({"birth_written": "昭和30年頃"}, [("birth_written", Reason.DATE_MALFORMED)]),
        ({"birth_written": "いつか"}, [("birth_written", Reason.DATE_MALFORMED)]),
    ],
)
def test_a_written_birth_date_means_the_day_beside_it(items, wrong) -> None:
    assert read_record_values(1, read(line_of(record(1), **items))) == wrong


@pytest.mark.parametrize("name", ["block", "building"])
def test_a_part_of_an_address_that_shows_nothing_is_a_fault_and_no_crash(name) -> None:
    faults = read(line_of(record(1), **{name: "　"}))
    assert [(fault.field, fault.reason) for fault in faults] == [(name, Reason.FIELD_UNKNOWN_VALUE)]


def test_a_header_of_somebodys_items_is_told_by_places_alone() -> None:
    """A file whose header is lost begins with a person."""
    found = LineReader.begun(HandoverFile.PERMITS, "p1,渡邉　花子,what".encode(), {}, frozenset())
    assert [fault.field for fault in found if fault.reason is Reason.COLUMN_UNKNOWN] == ["#1", "#2"]


@given(_TEXTS, _TEXTS, st.integers(1, 10**9))
def test_remarks_and_counts_of_any_kind_come_back(remarks, history, sequence) -> None:
    one = record(7, remarks=remarks, certificate_history=history, update_sequence=sequence)
    assert read_record_values(7, read(line_of(one))) == one


@pytest.mark.parametrize("one", KEPT, ids=lambda one: str(one.addressee_number))
def test_a_line_is_ordinary_csv(one) -> None:
    cells = next(csv.reader(io.StringIO(line_of(one))))
    assert len(cells) == len(COLUMNS[HandoverFile.VERSIONS])
    assert format_record(one) in line_of(one)


def test_every_fault_of_a_line_is_named_not_the_first_alone() -> None:
    cells = next(csv.reader(io.StringIO(line_of(record(1)))))
    names = [column.name for column in COLUMNS[HandoverFile.VERSIONS]]
    for name, text in (
        ("sex", "X"),
        ("birth_date", "1970-13-01"),
        ("town", ""),
        ("postal_code", "12"),
        ("version", "0"),
    ):
        cells[names.index(name)] = text
    faults = read(",".join(cells))
    assert {(fault.field, fault.reason) for fault in faults} == {
        ("sex", Reason.FIELD_UNKNOWN_VALUE),
        ("birth_date", Reason.DATE_MALFORMED),
        ("town", Reason.FIELD_MISSING),
        ("postal_code", Reason.FIELD_UNKNOWN_VALUE),
        ("version", Reason.NUMBER_MALFORMED),
    }
    assert {fault.line for fault in faults} == {2}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xff", Reason.LINE_NOT_UTF8),
        (b"a,\x07,b", Reason.FIELD_CONTROL_CHARACTER),
        (b'a,"b', Reason.LINE_MALFORMED),
        (b"a,b", Reason.FIELD_COUNT),
        (b"x" * (LINE_MAX_BYTES + 1), Reason.LINE_TOO_LONG),
    ],
)
def test_a_line_that_cannot_be_cut_is_one_fault(raw, reason) -> None:
    faults = reader_of(HandoverFile.VERSIONS).read(9, raw)
    assert [(fault.line, fault.reason) for fault in faults] == [(9, reason)]


def test_a_header_with_strange_and_lost_columns_names_all_of_them() -> None:
    found = LineReader.begun(HandoverFile.PERMITS, b"permit_id,what,what,colour", {}, frozenset())
    assert {(fault.field, fault.reason) for fault in found} == {
        ("what", Reason.COLUMN_UNKNOWN),
        ("colour", Reason.COLUMN_UNKNOWN),
        ("addressee_number", Reason.COLUMN_MISSING),
        ("permitted_by", Reason.COLUMN_MISSING),
        ("permitted_at", Reason.COLUMN_MISSING),
    }


def test_own_characters_of_the_other_maker_are_read_as_ours() -> None:
    line = line_of(record(1, name=PersonName("\ue123田　太郎")))
    values = read(line, mapped={0xE123: "\ue001"}, known=frozenset("\ue123"))
    assert values["name_kanji"] == "\ue001田　太郎"


def test_an_own_character_that_nobody_mapped_is_named_with_its_field() -> None:
    faults = read(line_of(record(1, name=PersonName("\ue123田　太郎"))))
    assert [(fault.field, fault.reason, fault.detail) for fault in faults] == [
        ("name_kanji", Reason.CHARACTER_UNMAPPED, "U+E123")
    ]


@pytest.mark.parametrize(
    ("one", "items", "wrong"),
    [
        (record(1), {"nationality": "ブラジル"}, {("nationality", Reason.FOREIGN_ITEMS_FORBIDDEN)}),
        (record(1), {"alias": "通称"}, {("alias", Reason.ALIAS_ONLY_FOREIGN)}),
        (
            foreigner(),
            {"nationality": "", "former_surname_kanji": "旧"},
            {
                ("nationality", Reason.FOREIGN_ITEMS_MISSING),
                ("former_surname_kanji", Reason.FORMER_SURNAME_ONLY_JAPANESE),
            },
        ),
        (record(1), {"removed_on": date(2020, 1, 1)}, {("removal_reason", Reason.FIELD_MISSING)}),
        (
            KEPT[1],
            {"removed_on": None, "removal_reason": ChangeReason.MOVE_IN},
            {("removed_on", Reason.FIELD_MISSING), ("removal_reason", Reason.FIELD_UNKNOWN_VALUE)},
        ),
        (record(1), {"scheduled_destination": "函館"}, {("scheduled_on", Reason.FIELD_MISSING)}),
        (KEPT[3], {"scheduled_notified_on": None}, {("scheduled_notified_on", Reason.FIELD_MISSING)}),
        (record(1), {"former_surname_furigana": "ヨミ"}, {("former_surname_kanji", Reason.FIELD_MISSING)}),
    ],
)
def test_items_that_do_not_go_together_are_all_named(one, items, wrong) -> None:
    values = read(line_of(one, **items))
    assert set(read_record_values(one.addressee_number, values)) == wrong


LINES = [
    EntryLine("e1", ChangeKind.MOVE_IN, ChangeReason.MOVE_IN, date(2026, 1, 2), date(2026, 1, 3), "a", AT, "b", AT, Ground.NOTICE),
    EntryLine(
        "e2", ChangeKind.CORRECTION, ChangeReason.MINOR_CORRECTION, date(2026, 1, 2), date(2026, 1, 3), "窓口", AT, "審査", AT,
        Ground.EX_OFFICIO, (3, 4), "t1", "ok", "e1", "p1", "詳細", '言葉,"引用"', date(2025, 1, 1),
        Lateness(date(2026, 1, 16), 3, juki("22"), juki("52")),
        Reception(Notifier.AGENT, (Document.PASSPORT, Document.OTHER_OFFICIAL), "代理　人", True, Authority.POWER_OF_ATTORNEY, Channel.POST),
    ),
]  # fmt: skip


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.entry_id)
def test_a_change_comes_back_item_by_item(line) -> None:
    values = reader_of(HandoverFile.ENTRIES).read(2, format_entry(line).encode())
    assert read_entry_values(values) == line


def test_a_change_is_whole_again_with_its_records() -> None:
    before, after = record(3), replace(record(3), update_sequence=2)
    entry = whole_entry(LINES[1], [before], [after])
    assert entry.pairs() == ((before, after),)
    assert (entry.cancels, entry.permission, entry.late, entry.legal_day) == (
        "e1",
        "p1",
        True,
        date(2025, 1, 1),
    )


@pytest.mark.parametrize(
    ("items", "wrong"),
    [
        ({"verified_by": "窓口"}, {("verified_by", Reason.SAME_PERSON)}),
        ({"cancels": "e2"}, {("cancels", Reason.FIELD_UNKNOWN_VALUE)}),
        (
            {"late_days": None, "late_article": None},
            {("late_days", Reason.FIELD_MISSING), ("late_article", Reason.FIELD_MISSING)},
        ),
        ({"reception_notifier": None}, {("reception_notifier", Reason.FIELD_MISSING)}),
    ],
)
def test_a_change_of_one_person_alone_or_half_told_is_refused(items, wrong) -> None:
    values = reader_of(HandoverFile.ENTRIES).read(2, format_entry(LINES[1]).encode())
    assert set(read_entry_values({**values, **items})) == wrong


def test_a_character_that_nobody_mapped_is_not_ours_by_the_same_code_point() -> None:
    line = line_of(record(1, name=PersonName("\ue001\ue009　太郎"), householder_name="\ue009"))
    faults = read(line, mapped={0xE009: "\ue001"}, known=frozenset("\ue009"))
    assert [(fault.field, fault.detail) for fault in faults] == [("name_kanji", "U+E001")]


def test_every_file_and_every_column_is_described_to_other_makers() -> None:
    text = Path("docs/protocols/migration.md").read_text(encoding="utf-8")
    for file, columns in COLUMNS.items():
        assert f"`{file}`" in text
        assert [column.name for column in columns if f"`{column.name}`" not in text] == [], file
