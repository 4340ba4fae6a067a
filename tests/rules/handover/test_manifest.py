"""The manifest and the table of characters: what they say comes back, what is wrong in them is named line by line."""

from dataclasses import replace
from datetime import date

import pytest

from daicho.rules.handover.layout import LAYOUT, HandoverFile
from daicho.rules.handover.manifest import FileSums, HandoverManifest, format_manifest, read_manifest
from daicho.rules.handover.mapping import CharacterTable, MappedCharacter, character_values
from daicho.rules.law.refusal import Reason
from daicho.rules.people.characters.own import (
    CharacterSource,
    CharacterState,
    Identification,
    TownCharacter,
)
from daicho.rules.people.codes import MunicipalityCode

SUMS = FileSums(3, 120, 6, "0" * 64)
MANIFEST = HandoverManifest(
    MunicipalityCode("13101"),
    date(2026, 11, 20),
    'よその,社 "甲"',
    dict.fromkeys(HandoverFile, SUMS),
    {"\ue001": 4},
)


def lines(text):
    return [f"{line}\n".encode() for line in text.splitlines()]


@pytest.mark.parametrize("one", [MANIFEST, replace(MANIFEST, invented=True, characters={})])
def test_a_manifest_comes_back(one) -> None:
    assert read_manifest(lines(format_manifest(one))) == one
    assert (
        read_manifest([b"\xef\xbb\xbf" + lines(format_manifest(one))[0], *lines(format_manifest(one))[1:]])
        == one
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (LAYOUT, "daicho-handover 9", "layout", Reason.LAYOUT_UNKNOWN),
        (
            "municipality_code,13101",
            "municipality_code,99999",
            "municipality_code",
            Reason.MUNICIPALITY_UNKNOWN,
        ),
        ("made_on,2026-11-20", "made_on,2026-11-31", "made_on", Reason.DATE_MALFORMED),
        ("invented,0", "invented,maybe", "invented", Reason.FIELD_UNKNOWN_VALUE),
        ("seals.csv,lines,3", "seals.csv,lines,-3", "seals.csv", Reason.NUMBER_MALFORMED),
        ("seals.csv,sha256," + "0" * 64, "seals.csv,sha256,zz", "seals.csv", Reason.NUMBER_MALFORMED),
        ("character U+E001,4", "character U+XYZ,4", "character U+XYZ", Reason.NUMBER_MALFORMED),
        ("seals.csv,total,6", "seals.csv,lines,4", "lines", Reason.LINE_DOUBLED),
    ],
)
def test_each_wrong_item_is_named(old, new, field, reason) -> None:
    text = format_manifest(MANIFEST)
    assert old in text
    found = read_manifest(lines(text.replace(old, new)))
    assert (field, reason) in {(fault.field, fault.reason) for fault in found}


@pytest.mark.parametrize("source", ["CS", "PREFECTURE"])
def test_a_manifest_says_that_its_folder_was_made_of_what_the_network_keeps(source) -> None:
    told = replace(MANIFEST, source=source)
    assert read_manifest(lines(format_manifest(told))) == told
    (fault,) = read_manifest(lines(format_manifest(replace(told, source="NATIONAL"))))
    assert (fault.field, fault.reason) == ("source", Reason.FIELD_UNKNOWN_VALUE)


def test_a_manifest_that_leaves_out_a_file_is_refused() -> None:
    text = "\n".join(
        line for line in format_manifest(MANIFEST).splitlines() if not line.startswith("permits.csv")
    )
    found = read_manifest(lines(text))
    assert [(fault.field, fault.reason) for fault in found] == [("permits.csv", Reason.FILE_MISSING)]


def test_an_empty_manifest_and_one_of_another_kind_are_refused() -> None:
    assert Reason.FILE_EMPTY in {fault.reason for fault in read_manifest([])}
    assert [fault.reason for fault in read_manifest([b"a,b,c\n"])] == [Reason.COLUMN_UNKNOWN]


def known(name):
    return "葛" if name == "MJ000001" else None


def values(**items):
    made = {
        "maker_character": "\ue123", "maker_code": "F0A1", "character": "\ue001", "source": CharacterSource.FORMER_RECORD,
        "source_note": "", "reading": "", "strokes": 0, "glyph_name": "", "picture": "", "identified_by": "a",
        "confirmed_by": "b",
    }  # fmt: skip
    return {**made, **items}


def taken(*rows):
    table = CharacterTable(known)
    faults = [fault for line, row in enumerate(rows, 2) for fault in table.take(line, row)]
    return table, [(fault.field, fault.reason) for fault in faults]


def test_the_other_makers_characters_become_ours_or_ordinary_ones() -> None:
    table, faults = taken(
        values(),
        values(maker_character="\ue124", character="葛\U000e0101"),
        values(
            maker_character="\ue125",
            character="\ue125",
            glyph_name="MJ000001",
            identified_by="a",
            confirmed_by="b",
        ),
    )
    assert faults == []
    assert table.translation == {0xE123: "\ue001", 0xE124: "葛\U000e0101"}
    assert table.known == {"\ue123", "\ue124", "\ue125"}
    assert [row.entry.state if row.entry else None for row in table.rows] == [
        CharacterState.UNIDENTIFIED,
        None,
        CharacterState.IDENTIFIED,
    ]
    assert table.rows[2].entry.identification.written == "葛"


def test_several_codes_of_a_maker_may_be_one_character_here_if_all_say_the_same() -> None:
    table, faults = taken(values(), values(maker_character="\ue126"))
    assert faults == []
    assert [row.entry is None for row in table.rows] == [False, True]
    assert table.translation == {0xE123: "\ue001", 0xE126: "\ue001"}
    _, faults = taken(values(), values(maker_character="\ue126", reading="ほか"))
    assert faults == [("character", Reason.LINE_DOUBLED)]


@pytest.mark.parametrize("character", ["\ue001", "鮆"])
def test_that_a_makers_character_is_another_one_here_is_two_peoples_word(character) -> None:
    """本人確認情報管理方法3(2)ア: who writes a name otherwise answers for it."""
    _, faults = taken(values(character=character, identified_by="", confirmed_by=""))
    assert faults == [("confirmed_by", Reason.FIELD_MISSING)]
    _, faults = taken(values(character=character, identified_by="a", confirmed_by="a"))
    assert faults == [("confirmed_by", Reason.SAME_PERSON)]


@pytest.mark.parametrize(
    ("items", "wrong"),
    [
        ({"maker_character": "甲"}, ("maker_character", Reason.FIELD_UNKNOWN_VALUE)),
        ({"maker_character": "\ue123\ue124"}, ("maker_character", Reason.FIELD_UNKNOWN_VALUE)),
        ({"character": '"'}, ("character", Reason.FIELD_UNKNOWN_VALUE)),
        ({"character": "甲乙"}, ("character", Reason.FIELD_UNKNOWN_VALUE)),
        (
            {"glyph_name": "MJ999999", "identified_by": "a", "confirmed_by": "b"},
            ("glyph_name", Reason.FIELD_UNKNOWN_VALUE),
        ),
        (
            {"glyph_name": "MJ000001", "identified_by": "a", "confirmed_by": ""},
            ("confirmed_by", Reason.FIELD_MISSING),
        ),
        (
            {"glyph_name": "MJ000001", "identified_by": "a", "confirmed_by": "a"},
            ("confirmed_by", Reason.SAME_PERSON),
        ),
        ({"maker_character": "\ue001"}, ("picture", Reason.FIELD_MISSING)),
        (
            {"picture": "a.png", "identified_by": "", "confirmed_by": ""},
            ("confirmed_by", Reason.FIELD_MISSING),
        ),
        (
            {"picture": "../a.png", "identified_by": "a", "confirmed_by": "b"},
            ("picture", Reason.FIELD_UNKNOWN_VALUE),
        ),
        ({"strokes": 85}, ("strokes", Reason.FIELD_UNKNOWN_VALUE)),
    ],
)
def test_a_line_of_the_table_that_cannot_hold_is_named(items, wrong) -> None:
    assert wrong in taken(values(**items))[1]


def test_a_makers_character_is_mapped_once() -> None:
    _, faults = taken(values(), values())
    assert faults == [("maker_character", Reason.LINE_DOUBLED)]


def test_a_line_of_the_table_comes_back() -> None:
    held = Identification("MJ000001", "葛", "a.svg", "a", "b")
    entry = TownCharacter("\ue001", CharacterSource.FAMILY_REGISTER, "戸籍 1", "カツ", 12, held)
    row = MappedCharacter("\ue123", "F0A1", "\ue001", entry, "a.svg")
    table, faults = taken(character_values(row, CharacterSource.OTHER))
    assert faults == []
    assert table.rows == [row]
