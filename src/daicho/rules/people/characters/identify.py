"""Which glyph does a written character stand for, and which characters must a person look at first?

Nothing here normalises: a compatibility ideograph is another character than its decomposition, and a selector is never
stripped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from daicho.rules.people.characters.tables import CharacterTables, Glyph

_CHARACTER = re.compile("[\\s\\S][\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_KANJI = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Unsettled(StrEnum):
    """Why a character waits for a person, or could not be written in another set.  文字未同定の理由"""

    OTHER_COLLECTION = "OTHER_COLLECTION"  # a sequence of Adobe-Japan1 that names no certain glyph
    UNKNOWN_SEQUENCE = "UNKNOWN_SEQUENCE"
    PRIVATE_USE = "PRIVATE_USE"
    NOT_LISTED = "NOT_LISTED"  # a kanji of which the national list knows nothing
    NO_CODE = "NO_CODE"  # the glyph has none in the set asked for
    NO_TARGET = "NO_TARGET"
    SEVERAL_TARGETS = "SEVERAL_TARGETS"
    OUTSIDE = "OUTSIDE"  # no kanji, and not in the set asked for
    NO_GLYPH = "NO_GLYPH"  # the fonts of the office cannot show it


@dataclass(frozen=True, slots=True)
class Queued:
    """A character that a person must identify; `candidates` are the glyphs under its code point.  同定待ちの文字

    Law: none, own definition.
    """

    character: str
    reason: Unsettled
    candidates: tuple[Glyph, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnCharacter:
    """What a town knows of a character of its own: the glyph once identified, and the picture.  外字

    `image` is a picture as the town's system draws it; "" and b"" where it is not known.
    Law: none, own definition after F3-61.
    """

    glyph_name: str = ""
    image: bytes = b""


OwnTable = Mapping[str, OwnCharacter]
NO_OWN: OwnTable = MappingProxyType({})


def split_characters(text: str) -> list[str]:
    """Cut a text into characters, each with the selectors after it.

    Law: none, Unicode.
    """
    return _CHARACTER.findall(text)


def character_count(text: str) -> int:
    """Count characters as the fields of length do: a selector belongs to the one before it.  項目長

    Law: none, own definition after F3-54.
    """
    return len(_CHARACTER.findall(text))


def is_private(character: str) -> bool:
    """Tell whether a character lies where everybody draws what they like.

    Law: none, Unicode.
    """
    return _PRIVATE_USE.match(character) is not None


def identify(character: str, tables: CharacterTables, own: OwnTable = NO_OWN) -> Glyph | Queued | None:
    """Tell which glyph a character, alone or with its selector, stands for; None for what is no kanji.

    A town's own table is asked only about what nobody else knows.
    Law: none, own definition of 文字同定.
    """
    glyph = tables.glyphs.written(character) or tables.glyphs.named(tables.adobe_japan1.get(character, ""))
    if glyph is not None:
        return glyph
    reason = _reason(character, tables)
    if reason is None:
        return None
    known = own.get(character)
    glyph = tables.glyphs.named(known.glyph_name) if known is not None else None
    return glyph if glyph is not None else Queued(character, reason, tables.glyphs.based_on(character[0]))


def _reason(character: str, tables: CharacterTables) -> Unsettled | None:
    if is_private(character):
        return Unsettled.PRIVATE_USE
    if character in tables.adobe_japan1:
        return Unsettled.OTHER_COLLECTION
    if len(character) > 1 or _SELECTOR.match(character):
        return Unsettled.UNKNOWN_SEQUENCE
    return Unsettled.NOT_LISTED if _KANJI.match(character) else None


def identify_text(
    text: str, tables: CharacterTables, own: OwnTable = NO_OWN
) -> tuple[tuple[int, Queued], ...]:
    """List the characters of a text that a person must identify, with their places counted from 1.

    Law: none, own definition of 文字同定.
    """
    found = ((place, identify(one, tables, own)) for place, one in enumerate(split_characters(text), start=1))
    return tuple((place, one) for place, one in found if isinstance(one, Queued))
