"""Text of the registry in the codes of the network and of the Ministry of Justice, and back.

The bytes that the real systems exchange are not public; the texts here are our own notation of their codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.rules.people.characters.identify import (
    NO_OWN,
    OwnTable,
    Queued,
    Unsettled,
    identify,
    split_characters,
)
from daicho.rules.people.characters.tables import CharacterTables

GETA = "〓"
_LAST_OF_PLANE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Unconverted:
    """A character that the other side cannot be told, and its place counted from 1.  変換不能文字

    Law: none, own definition.
    """

    position: int
    character: str
    reason: Unsettled


@dataclass(frozen=True, slots=True)
class Choice:
    """A place where the table names several forms; the first was taken, an officer may take another.  正字の候補

    Law: 在留カード等に係る漢字氏名の表記等に関する告示 別表第四
    """

    position: int
    character: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Converted:
    """A text in another set; 〓 stands where a character could not be converted.  文字変換結果

    Law: none, own definition.
    """

    text: str
    unconverted: tuple[Unconverted, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkText:
    """A text as unified codes of the network, four hexadecimal digits a character.  住基統一文字による文字列

    A code of a kanji is no code point; kana, letters and signs keep their code point (own definition).
    Law: none, own definition.
    """

    codes: tuple[str, ...]
    unconverted: tuple[Unconverted, ...] = ()

    def __str__(self) -> str:
        return " ".join(f"J+{code}" for code in self.codes)


def in_jis(text: str) -> bool:
    """Tell whether JIS X 0213 holds every character of a text.

    Law: none, JIS X 0213:2004
    """
    try:
        text.encode("euc_jis_2004")
    except UnicodeEncodeError:
        return False
    return True


def to_network(text: str, tables: CharacterTables, own: OwnTable = NO_OWN) -> NetworkText:
    """Write a text of the registry in the unified codes of the network.

    Law: none, own definition of 文字同定 between registry and network.
    """
    codes, unconverted = [], []
    for position, character in enumerate(split_characters(text), start=1):
        code = _network_code(character, tables, own)
        if isinstance(code, Unsettled):
            unconverted.append(Unconverted(position, character, code))
        codes.append(f"{ord(GETA):04X}" if isinstance(code, Unsettled) else code)
    return NetworkText(tuple(codes), tuple(unconverted))


def _network_code(character: str, tables: CharacterTables, own: OwnTable) -> str | Unsettled:
    glyph = identify(character, tables, own)
    if isinstance(glyph, Queued):
        return glyph.reason
    if glyph is not None:
        return glyph.juki or Unsettled.NO_CODE
    return f"{ord(character):04X}" if _is_plain_sign(character, tables) else Unsettled.OUTSIDE


def _is_plain_sign(character: str, tables: CharacterTables) -> bool:
    """Tell whether kana, a letter or a sign keeps its code point, which no kanji's code may be."""
    if len(character) != 1 or ord(character) > _LAST_OF_PLANE or not in_jis(character):
        return False
    return tables.glyphs.of_juki(f"{ord(character):04X}") is None


def from_network(codes: Sequence[str], tables: CharacterTables) -> Converted:
    """Write unified codes of the network as the registry writes them.

    Law: none, own definition of 文字同定 between network and registry.
    """
    written, unconverted = [], []
    for position, code in enumerate(codes, start=1):
        glyph = tables.glyphs.of_juki(code)
        sign = _sign(code)
        if glyph is not None and glyph.form:
            written.append(glyph.form)
        elif sign and identify(sign, tables) is None and _is_plain_sign(sign, tables):
            written.append(sign)
        else:
            written.append(GETA)
            unconverted.append(Unconverted(position, f"J+{code}", Unsettled.NOT_LISTED))
    return Converted("".join(written), tuple(unconverted))


def _sign(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def seiji_of(character: str, tables: CharacterTables) -> tuple[str, ...]:
    """List the standard forms of a simplified or traditional character, in the order of the table.  正字

    Law: 在留カード等に係る漢字氏名の表記等に関する告示 別表第四
    """
    return tables.seiji.get(character, ())


def to_ministry(text: str, tables: CharacterTables, own: OwnTable = NO_OWN) -> Converted:
    """Write a text of the registry in the standard forms that the Ministry of Justice writes.

    A character without one takes the first form of the table; where the table names several, all are listed.
    Law: 在留カード等に係る漢字氏名の表記等に関する告示 別表第四
    """
    written, unconverted, choices = [], [], []
    for position, character in enumerate(split_characters(text), start=1):
        form = _ministry_form(character, tables, own)
        if isinstance(form, Unsettled):
            unconverted.append(Unconverted(position, character, form))
            written.append(GETA)
            continue
        if len(form) > 1:
            choices.append(Choice(position, character, form))
        written.append(form[0])
    return Converted("".join(written), tuple(unconverted), tuple(choices))


def _ministry_form(character: str, tables: CharacterTables, own: OwnTable) -> tuple[str, ...] | Unsettled:
    glyph = identify(character, tables, own)
    if glyph is None:
        return (character,) if in_jis(character) else Unsettled.OUTSIDE
    if isinstance(glyph, Queued):
        return seiji_of(character, tables) or glyph.reason
    code = glyph.nyukan or glyph.nyukan_gaiji
    if code:
        return (chr(int(code, 16)),)
    return seiji_of(glyph.plain, tables) or Unsettled.NO_CODE


def from_ministry(text: str, tables: CharacterTables) -> Converted:
    """Write what the Ministry of Justice sent as the registry writes it.

    Law: 住民基本台帳法 第30条の50
    """
    written: list[str] = []
    unconverted: list[Unconverted] = []
    for position, character in enumerate(split_characters(text), start=1):
        told = tables.glyphs.of_nyukan(f"{ord(character):04X}") if len(character) == 1 else None
        glyph = identify(character, tables) if told is None else told
        if isinstance(glyph, Queued):
            unconverted.append(Unconverted(position, character, glyph.reason))
            written.append(GETA)
        else:
            written.append(character if glyph is None else glyph.form or character)
    return Converted("".join(written), tuple(unconverted))
