"""The files of a handover folder and their columns, and how one line of a file is read and written.  移行データの配置

Law: none, an own layout; docs/protocols/migration.md describes it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from daicho.rules.handover.fields import (
    ARTICLE,
    CHARACTER,
    CODE,
    COUNT,
    DAY,
    DIGEST,
    FURIGANA,
    IDENTIFIER,
    INDIVIDUAL_NUMBER,
    INSTANT,
    JSON,
    MARK,
    MUNICIPALITY,
    NUMBER,
    NUMBERS,
    PARTIAL_DAY,
    POSTAL,
    RELATIONS,
    TEXTS,
    FieldKind,
    Unfit,
    member_of,
    members_of,
    shown_text_of,
    text_of,
)
from daicho.rules.law.refusal import Reason
from daicho.rules.people.characters.own import CharacterSource
from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import MAX_WRITTEN_CHARACTERS
from daicho.rules.programmes.item import Programme
from daicho.rules.register.extract import decode_line, split_line
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.reception import Authority, Channel, Document, Notifier
from daicho.rules.register.record import AddressReason, ResidentKind
from daicho.rules.retention.disposal import HoldReason

LAYOUT = "daicho-handover 1"
LINE_MAX_BYTES = 1_048_576
LINES_MAX = 50_000_000
MANIFEST = "manifest.csv"
PICTURES, IMPRINTS = "pictures", "imprints"  # folders of what files refer to
PICTURE_MAX_BYTES, IMPRINT_MAX_BYTES = 65_536, 200_000
_SHOWN_CHARACTERS = 80
_COLUMN_NAME = re.compile("[a-z_]{1,40}")


class HandoverFile(StrEnum):
    """One file of a handover folder, in the order in which they are read.  移行ファイル

    Law: none, an own layout.
    """

    CHARACTERS = "characters.csv"  # 文字の対応表と外字
    RESIDENTS = "residents.csv"  # 住民の一覧と個人番号
    VERSIONS = "versions.csv"  # 住民票の全履歴
    HOUSEHOLDS = "households.csv"  # 世帯
    ENTRIES = "entries.csv"  # 異動
    PERMITS = "permits.csv"  # 修正の許可
    PROGRAMMES = "programmes.csv"  # 個別記載事項の全履歴
    CARDS = "cards.csv"  # カードの全履歴
    SEALS = "seals.csv"  # 印鑑登録の全履歴
    PROTECTIONS = "protections.csv"  # 支援措置の全履歴
    HOLDS = "holds.csv"  # 廃棄の保留


@dataclass(frozen=True, slots=True)
class HandoverColumn:
    """One column of a file; an empty field stands for `empty`.  移行項目

    Law: none, an own layout.
    """

    name: str
    kind: FieldKind
    required: bool = False
    empty: Any = None


@dataclass(frozen=True, slots=True)
class HandoverFault:
    """What is wrong, in which line and field of which file; line 0 is the file itself.  移行データの誤り

    `detail` holds machine words, never anything of anybody.
    Law: none, an own layout.
    """

    file: str
    line: int
    field: str
    reason: Reason
    detail: str = ""


_C = HandoverColumn
_NAME, _PLACE, _WORDS = shown_text_of(150), shown_text_of(200), text_of(2_000)
_REMOVAL, _CHANGE = member_of(ChangeReason), member_of(ChangeKind)

RECORD_COLUMNS: tuple[HandoverColumn, ...] = (
    _C("resident_record_code", CODE),
    _C("household_number", COUNT, required=True),
    _C("name_kanji", _NAME, required=True),
    _C("name_furigana", FURIGANA),
    _C("furigana_confirmed", MARK, empty=False),
    _C("name_roman", _NAME),
    _C("former_surname_kanji", _NAME),
    _C("former_surname_furigana", _NAME),
    _C("alias", _NAME),
    _C("birth_date", PARTIAL_DAY, required=True),
    _C("birth_written", text_of(MAX_WRITTEN_CHARACTERS)),
    _C("sex", member_of(Sex), required=True),
    _C("relationship", text_of(30), required=True),
    _C("householder_name", text_of(150), required=True),
    _C("resident_kind", member_of(ResidentKind), required=True),
    _C("resident_since", DAY, required=True),
    _C("resident_since_written", text_of(MAX_WRITTEN_CHARACTERS)),
    _C("resident_since_notified_on", DAY, required=True),
    _C("address_reason", member_of(AddressReason), required=True),
    _C("municipality_code", MUNICIPALITY, required=True),
    _C("town", _PLACE, required=True),
    _C("block", _PLACE, empty=""),
    _C("building", _PLACE, empty=""),
    _C("postal_code", POSTAL, empty=""),
    _C("aza_code", text_of(12), empty=""),
    _C("address_since", DAY, required=True),
    _C("address_since_written", text_of(MAX_WRITTEN_CHARACTERS)),
    _C("address_since_notified_on", DAY, required=True),
    _C("update_sequence", COUNT, required=True),
    _C("previous_address", text_of(400)),
    _C("previous_municipality_code", MUNICIPALITY),
    _C("move_in_from_address", text_of(400)),
    _C("move_out_to_address", text_of(400)),
    _C("registered_domicile", text_of(400)),
    _C("family_register_head", text_of(150)),
    _C("old_resident_record_code", CODE),
    _C("record_code_used_from", DAY),
    _C("remarks", TEXTS, empty=()),
    _C("de_facto_householder", text_of(150)),
    _C("removal_reason", _REMOVAL),
    _C("removed_on", DAY),
    _C("removed_written", text_of(MAX_WRITTEN_CHARACTERS)),
    _C("removal_notified_on", DAY),
    _C("scheduled_on", DAY),
    _C("scheduled_notified_on", DAY),
    _C("scheduled_destination", text_of(400), empty=""),
    _C("scheduled_destination_code", MUNICIPALITY),
    _C("scheduled_abroad", MARK, empty=False),
    _C("scheduled_by_card", MARK, empty=False),
    _C("scheduled_successor", COUNT),
    _C("scheduled_relations", RELATIONS, empty=()),
    _C("nationality", text_of(50)),
    _C("foreign_category", text_of(50)),
    _C("foreign_since", DAY),
    _C("residence_card_number", text_of(20)),
    _C("residence_status", text_of(50)),
    _C("residence_period", text_of(30)),
    _C("residence_expires_on", DAY),
    _C("alias_history", TEXTS, empty=()),
    _C("programme_info", TEXTS, empty=()),
    _C("certificate_history", TEXTS, empty=()),
    _C("card_info", TEXTS, empty=()),
    _C("seal_registration", TEXTS, empty=()),
    _C("processing_hold", MARK, empty=False),
    _C("rewritten_on", DAY),
)
_STEP = (
    _C("version", COUNT, required=True),
    _C("step", text_of(40), required=True),
    _C("by", text_of(64), required=True),
    _C("at", INSTANT, required=True),
    _C("body", JSON, required=True),
)
COLUMNS: Mapping[str, tuple[HandoverColumn, ...]] = {
    HandoverFile.CHARACTERS: (
        _C("maker_character", CHARACTER, required=True),
        _C("maker_code", text_of(40), empty=""),
        _C("character", CHARACTER, required=True),
        _C("source", member_of(CharacterSource), required=True),
        _C("source_note", text_of(200), empty=""),
        _C("reading", text_of(60), empty=""),
        _C("strokes", NUMBER, empty=0),
        _C("glyph_name", text_of(20), empty=""),
        _C("picture", text_of(80), empty=""),
        _C("identified_by", text_of(64), empty=""),
        _C("confirmed_by", text_of(64), empty=""),
    ),
    HandoverFile.RESIDENTS: (
        _C("addressee_number", COUNT, required=True),
        _C("versions", COUNT, required=True),
        _C("individual_number", INDIVIDUAL_NUMBER),
        _C("number_effective_on", DAY),
        _C("digest", DIGEST, empty=""),
    ),
    HandoverFile.VERSIONS: (
        _C("addressee_number", COUNT, required=True),
        _C("version", COUNT, required=True),
        _C("entry_id", IDENTIFIER, empty=""),
        _C("legal_day", DAY, required=True),
        _C("recorded_at", INSTANT),
        *RECORD_COLUMNS,
    ),
    HandoverFile.HOUSEHOLDS: (
        _C("household_number", COUNT, required=True),
        _C("householder", COUNT, empty=0),
        _C("members", COUNT, required=True),
    ),
    HandoverFile.ENTRIES: (
        _C("entry_id", IDENTIFIER, required=True),
        _C("kind", _CHANGE, required=True),
        _C("reason", _REMOVAL, required=True),
        _C("change_date", DAY, required=True),
        _C("notified_on", DAY, required=True),
        _C("entered_by", text_of(64), required=True),
        _C("entered_at", INSTANT, required=True),
        _C("terminal", text_of(64), empty=""),
        _C("verified_by", text_of(64), required=True),
        _C("verified_at", INSTANT, required=True),
        _C("outcome", text_of(200), empty=""),
        _C("cancels", IDENTIFIER, empty=""),
        _C("permit", IDENTIFIER, empty=""),
        _C("subjects", NUMBERS, empty=()),
        _C("ground", member_of(Ground), required=True),
        _C("reason_detail", _WORDS, empty=""),
        _C("words", _WORDS, empty=""),
        _C("effective_on", DAY),
        _C("late_due_on", DAY),
        _C("late_days", COUNT),
        _C("late_article", ARTICLE),
        _C("late_fine_article", ARTICLE),
        _C("reception_notifier", member_of(Notifier)),
        _C("reception_documents", members_of(Document), empty=()),
        _C("reception_name", text_of(300), empty=""),
        _C("reception_questions", MARK, empty=False),
        _C("reception_authority", member_of(Authority)),
        _C("reception_channel", member_of(Channel)),
        _C("reception_card_expires_on", DAY),
    ),
    HandoverFile.PERMITS: (
        _C("permit_id", IDENTIFIER, required=True),
        _C("addressee_number", COUNT, required=True),
        _C("what", text_of(300), required=True),
        _C("permitted_by", text_of(64), required=True),
        _C("permitted_at", INSTANT, required=True),
    ),
    HandoverFile.PROGRAMMES: (
        _C("addressee_number", COUNT, required=True),
        _C("programme", member_of(Programme), required=True),
        _C("version", COUNT, required=True),
        _C("by", text_of(64), required=True),
        _C("at", INSTANT, required=True),
        _C("change", JSON, required=True),
        _C("body", JSON, empty=""),
    ),
    HandoverFile.CARDS: (
        _C("addressee_number", COUNT, required=True),
        _C("version", COUNT, required=True),
        _C("by", text_of(64), required=True),
        _C("at", INSTANT, required=True),
        _C("terminal", text_of(64), empty=""),
        _C("body", JSON, required=True),
    ),
    HandoverFile.SEALS: (
        _C("number", IDENTIFIER, required=True),
        _C("addressee_number", COUNT, required=True),
        *_STEP,
        _C("imprint", text_of(80), required=True),
    ),
    HandoverFile.PROTECTIONS: (_C("number", IDENTIFIER, required=True), *_STEP),
    HandoverFile.HOLDS: (
        _C("addressee_number", COUNT, required=True),
        _C("reason", member_of(HoldReason), required=True),
        _C("why", shown_text_of(300), required=True),
        _C("by", text_of(64), required=True),
        _C("at", INSTANT, required=True),
    ),
}


def header_of(columns: Sequence[HandoverColumn]) -> str:
    """Write the first line of a file.

    Law: none, an own layout.
    """
    return ",".join(column.name for column in columns)


def format_fields(columns: Sequence[HandoverColumn], values: Mapping[str, Any]) -> str:
    """Write one line without its end; what is not there is empty.

    Law: none, an own layout.
    """
    return ",".join(_written(column, values.get(column.name)) for column in columns)


def _written(column: HandoverColumn, value: Any) -> str:
    if value is None:
        return ""
    text = column.kind.write(value)
    if "," in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


@dataclass(slots=True)
class LineReader:
    """Reads the lines of one file: every fault of a line is named, not the first alone.  移行ファイルの読取り

    `mapped` writes the other maker's own characters as ours before a field is looked at; which of theirs the table has is
    `known`. `met` counts them as they stand in the file.
    Law: none, an own layout.
    """

    file: str
    columns: tuple[HandoverColumn, ...]
    mapped: Mapping[int, str]
    known: frozenset[str]
    met: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begun(
        cls, file: str, header: bytes, mapped: Mapping[int, str], known: frozenset[str]
    ) -> "LineReader | tuple[HandoverFault, ...]":
        """Read the first line: any order of columns, none unknown or doubled, every one there.

        Law: none, an own layout.
        """
        line = decode_line(header.removeprefix(b"\xef\xbb\xbf"), LINE_MAX_BYTES)
        if isinstance(line, Reason):
            return (HandoverFault(file, 1, "", line),)
        try:
            names = split_line(line)
        except ValueError:
            return (HandoverFault(file, 1, "", Reason.LINE_MALFORMED),)
        there = {column.name: column for column in COLUMNS[file]}
        faults = [
            HandoverFault(file, 1, _column_shown(name, place), Reason.COLUMN_UNKNOWN)
            for place, name in enumerate(names, 1)
            if name not in there or name in names[: place - 1]
        ]
        faults += [HandoverFault(file, 1, name, Reason.COLUMN_MISSING) for name in there if name not in names]
        return tuple(faults) or cls(file, tuple(there[name] for name in names), mapped, known)

    def read(self, number: int, raw: bytes) -> dict[str, Any] | tuple[HandoverFault, ...]:
        """Read one line into its values, or name everything that is wrong with it.

        Law: none, an own layout.
        """
        line = decode_line(raw, LINE_MAX_BYTES)
        if isinstance(line, Reason):
            return (HandoverFault(self.file, number, "", line),)
        strange = self._strange_in(line)
        try:
            written = split_line(line)
            fields = split_line(line.translate(self.mapped)) if self.mapped else written
        except ValueError:
            return (HandoverFault(self.file, number, "", Reason.LINE_MALFORMED),)
        if len(fields) != len(self.columns):
            return (HandoverFault(self.file, number, "", Reason.FIELD_COUNT),)
        values: dict[str, Any] = {}
        faults: list[HandoverFault] = []
        for column, text, before in zip(self.columns, fields, written, strict=True):
            found = _value(column, text)
            if isinstance(found, Unfit):
                faults.append(HandoverFault(self.file, number, column.name, found.reason))
            else:
                values[column.name] = found
            if strange and (unknown := private_in((before,)) & strange):
                points = " ".join(f"U+{ord(one):04X}" for one in sorted(unknown))
                faults.append(
                    HandoverFault(self.file, number, column.name, Reason.CHARACTER_UNMAPPED, points)
                )
        return tuple(faults) or values

    def _strange_in(self, line: str) -> frozenset[str]:
        """Count the own characters of a line as they stand in the file, and name those that the table does not have."""
        private = private_in((line,))
        if not private or self.file == HandoverFile.CHARACTERS:
            return frozenset()
        self.met.update(one for one in line if one in private)
        return private - self.known


def _column_shown(name: str, place: int) -> str:
    """Name a column that is none: a file without a header has somebody's items in its first line."""
    return name if _COLUMN_NAME.fullmatch(name) else f"#{place}"


def shown_name(name: str) -> str:
    """Give a stranger's name of a file so that it can stand in a report and on a terminal.

    Law: none, an own layout.
    """
    return "".join(one if one.isprintable() else "?" for one in name)[:_SHOWN_CHARACTERS]


def _value(column: HandoverColumn, text: str) -> Any:
    """Give what a field says, or why it says nothing."""
    if not text:
        return Unfit(Reason.FIELD_MISSING) if column.required else column.empty
    if len(text) > column.kind.max_chars:
        return Unfit(Reason.FIELD_TOO_LONG)
    try:
        return column.kind.read(text)
    except Unfit as wrong:
        return wrong
    except ValueError:
        return Unfit(Reason.FIELD_UNKNOWN_VALUE)
