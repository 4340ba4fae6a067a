"""A town's own characters: described, drawn, identified by one person and confirmed by another.  外字の同定

What has an effect, counterpart and picture, is what two people stand for; until then it is a proposal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.characters.identify import (
    Queued,
    Unsettled,
    identify,
    is_private,
    split_characters,
)
from daicho.rules.people.characters.tables import CharacterTables, Glyph
from daicho.rules.people.kana import is_selector

MOST_STROKES = 84
READING_CHARACTERS = 60
MOST_SELECTORS = 2
_ARTICLE = juki("14")
_READING = re.compile("[ぁ-ゖァ-ヺー・、 　]*")
_CODE_POINTS = re.compile("(?:U\\+)?([0-9A-F]{4,6})(?:[ -](?:U\\+)?([0-9A-F]{4,6}))?", re.IGNORECASE)
_LIST_NAME = re.compile("MJ[0-9]{6}", re.IGNORECASE)
_NETWORK_CODE = re.compile("J\\+[0-9A-F]{4}", re.IGNORECASE)
_REGISTER_NUMBER = re.compile("[0-9]{6}")
_LAST_POINT = 0x10FFFF


class CharacterSource(StrEnum):
    """On which paper a character was seen.  外字の出典

    Law: none, own definition.
    """

    FAMILY_REGISTER = "FAMILY_REGISTER"  # 戸籍
    RESIDENCE_CARD = "RESIDENCE_CARD"  # 在留カード等
    MOVE_OUT_CERTIFICATE = "MOVE_OUT_CERTIFICATE"  # 転出証明書
    FORMER_RECORD = "FORMER_RECORD"  # 移行前の住民記録
    OTHER = "OTHER"


class CharacterState(StrEnum):
    """How far the identification of a character has come.  外字の同定状態

    Law: none, own definition.
    """

    UNIDENTIFIED = "UNIDENTIFIED"
    PROPOSED = "PROPOSED"
    IDENTIFIED = "IDENTIFIED"
    WITHOUT_COUNTERPART = "WITHOUT_COUNTERPART"


class CharacterStep(StrEnum):
    """What was done with a character of the town.  外字の処理

    Law: none, own definition.
    """

    DESCRIBED = "DESCRIBED"
    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class IdentificationProposal:
    """What one person holds a character for; "" names no glyph, and no picture.  同定の案

    Law: none, own definition after 本人確認情報管理方法 第3.
    """

    glyph_name: str
    picture: str
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Identification:
    """What two people stand for: the glyph of the national list, or that there is none, and the picture.  文字同定

    `written` is how the glyph is written, from which search keys are made.
    Law: none, own definition after 本人確認情報管理方法 第3.
    """

    glyph_name: str
    written: str
    picture: str
    by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class TownCharacter:
    """One character of a town's own with everything known of it; 0 strokes were not counted.  外字台帳の文字

    Law: none, own definition after 住民基本台帳法 第14条.
    """

    character: str
    source: CharacterSource
    source_note: str = ""
    reading: str = ""
    strokes: int = 0
    identification: Identification | None = None
    proposal: IdentificationProposal | None = None

    @property
    def state(self) -> CharacterState:
        """Tell how far the identification has come."""
        if self.proposal is not None:
            return CharacterState.PROPOSED
        if self.identification is None:
            return CharacterState.UNIDENTIFIED
        named = self.identification.glyph_name
        return CharacterState.IDENTIFIED if named else CharacterState.WITHOUT_COUNTERPART


def code_points(character: str) -> str:
    """Write a character's code points as they stand in an address of a page, such as e001 or 845b-e0102.

    Law: none, notation.
    """
    return "-".join(f"{ord(one):04x}" for one in character)


def read_character(text: str) -> str:
    """Read one character, itself or by its code points; "" when it is not exactly one.

    Law: none, notation.
    """
    match = _CODE_POINTS.fullmatch(text.strip())
    if match is not None:
        points = [int(one, 16) for one in match.groups() if one]
        if any(0xD800 <= one <= 0xDFFF or one > _LAST_POINT or one < ord(" ") for one in points):
            return ""
        text = "".join(map(chr, points))
    found = split_characters(text.strip())
    if len(found) != 1 or len(found[0]) > 1 + MOST_SELECTORS:
        return ""
    return "" if found[0][0].isspace() or is_selector(found[0][0]) else found[0]


def find_glyph(text: str, tables: CharacterTables) -> Glyph | None:
    """Find a glyph of the national list by whatever a clerk has before them.

    That is its name, the network's unified code as J+XXXX, the number of the family registers, code points, or the
    character itself.
    Law: none, look-up of data.
    """
    text = text.strip()
    if _LIST_NAME.fullmatch(text):
        return tables.glyphs.named(text.upper())
    if _NETWORK_CODE.fullmatch(text):
        return tables.glyphs.of_juki(text.upper().removeprefix("J+"))
    if _REGISTER_NUMBER.fullmatch(text):
        return tables.glyphs.of_koseki(text)
    found = identify(read_character(text) or "-", tables)
    return found if isinstance(found, Glyph) else None


def check_description(entry: TownCharacter, tables: CharacterTables, *, waits: bool) -> Refusal | None:
    """Refuse what cannot stand in the list of own characters; `waits` tells that a case of it is open.

    Whoever is in the national list needs no entry, unless the office's font lacks it, which is a case.
    Law: none, own definition.
    """
    if read_character(entry.character) != entry.character or not entry.character:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "character")
    known = not is_private(entry.character) and not isinstance(identify(entry.character, tables), Queued)
    if known and not waits:
        return Refusal(Reason.CHARACTER_KNOWN, _ARTICLE, "character")
    if not 0 <= entry.strokes <= MOST_STROKES:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "strokes")
    if not _READING.fullmatch(entry.reading):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "reading")
    if len(entry.reading) > READING_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "reading")
    return _check_note(entry.source_note, "source_note")


def _check_note(text: str, field: str) -> Refusal | None:
    return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field) if len(text) > WORDS_CHARACTERS else None


def propose(
    entry: TownCharacter, proposal: IdentificationProposal, tables: CharacterTables
) -> TownCharacter | Refusal:
    """Let one person say what a character is; a newer proposal takes the place of one that waits.

    Without a counterpart a picture is needed: nothing else could be printed.
    Law: none, own definition after 本人確認情報管理方法 第3.
    """
    if proposal.glyph_name and tables.glyphs.named(proposal.glyph_name) is None:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "glyph")
    if not proposal.glyph_name and not proposal.picture:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "picture")
    held = entry.identification
    if held is not None and (held.glyph_name, held.picture) == (proposal.glyph_name, proposal.picture):
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "glyph")
    return _check_note(proposal.why, "why") or replace(entry, proposal=proposal)


def confirm(entry: TownCharacter, confirmed_by: str, tables: CharacterTables) -> TownCharacter | Refusal:
    """Let a second person stand for a proposal; from then on it has its effect.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    asked = entry.proposal
    if asked is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "proposal")
    if asked.by == confirmed_by:
        return Refusal(Reason.SAME_PERSON, _ARTICLE, "confirmed_by")
    glyph = tables.glyphs.named(asked.glyph_name)
    written = glyph.form if glyph is not None else ""
    made = Identification(asked.glyph_name, written, asked.picture, asked.by, confirmed_by)
    return replace(entry, identification=made, proposal=None)


def decline(entry: TownCharacter, declined_by: str) -> TownCharacter | Refusal:
    """Let a second person send a proposal back; what held before goes on.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    if entry.proposal is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "proposal")
    if entry.proposal.by == declined_by:
        return Refusal(Reason.SAME_PERSON, _ARTICLE, "confirmed_by")
    return replace(entry, proposal=None)


def withdraw(entry: TownCharacter, withdrawn_by: str) -> TownCharacter | Refusal:
    """Let whoever made a proposal take it back; what held before goes on.

    Law: none, own definition.
    """
    if entry.proposal is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "proposal")
    if entry.proposal.by != withdrawn_by:
        return Refusal(Reason.NOT_PERMITTED, _ARTICLE, "withdrawn_by")
    return replace(entry, proposal=None)


class MeetingPlace(StrEnum):
    """Where a character was met that nobody has identified.  文字の出現箇所

    Law: none, own definition.
    """

    ENTRY = "ENTRY"  # 異動
    IMPORT = "IMPORT"  # 移行
    PAPER = "PAPER"  # 証明書の印刷前の検査
    SURVEY = "SURVEY"  # 以前からの記録


class CaseOutcome(StrEnum):
    """How a character that waited was settled.  同定待ちの結果

    Law: none, own definition.
    """

    IDENTIFIED = "IDENTIFIED"
    DRAWN = "DRAWN"  # there is no counterpart, and a picture
    REPLACED = "REPLACED"  # no living record holds it any more


def settles(identification: Identification, reason: Unsettled) -> CaseOutcome | None:
    """Tell how an identification settles the case of a character, or that it does not.

    A character that no font shows is settled by a picture alone, or by another character that is shown.
    Law: none, own definition.
    """
    if reason is Unsettled.NO_GLYPH and not identification.picture:
        return None
    return CaseOutcome.IDENTIFIED if identification.glyph_name else CaseOutcome.DRAWN


def with_counterparts(text: str, written: Mapping[str, str]) -> str:
    """Write a town's own characters as their counterparts are written, to make search keys of; never to be stored.

    Law: none, own definition.
    """
    return text.translate({ord(own): form for own, form in written.items() if len(own) == 1 and form})
