"""The table of characters of a handover folder: what the other maker's own characters are here.  文字の対応表

Law: 住民基本台帳法 第14条; 本人確認情報管理方法 第3
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from daicho.rules.handover.layout import HandoverFault, HandoverFile
from daicho.rules.law.refusal import Reason
from daicho.rules.people.characters.identify import is_private, split_characters
from daicho.rules.people.characters.own import (
    MOST_STROKES,
    CharacterSource,
    Identification,
    TownCharacter,
)
from daicho.rules.people.kana import is_selector

_FILE = HandoverFile.CHARACTERS
_PICTURE = re.compile("[0-9A-Za-z_-]{1,70}\\.(?:svg|png)")
WrittenForm = Callable[[str], str | None]
"""Tells how a glyph of the national list is written, or that there is none of that name."""


@dataclass(frozen=True, slots=True)
class MappedCharacter:
    """One line of the table: the other maker's character, what it is here, and what is known of it.  対応する文字

    `entry` is there for a character of the town's own; others are only written otherwise. `picture` names its file;
    how a picture is called in the register is known when it is read.
    Law: none, an own layout.
    """

    maker_character: str
    maker_code: str
    character: str
    entry: TownCharacter | None = None
    picture: str = ""


@dataclass(slots=True)
class CharacterTable:
    """The table while it is read.  文字の対応表

    Law: none, an own layout.
    """

    written: WrittenForm
    rows: list[MappedCharacter] = field(default_factory=list)
    _makers: set[str] = field(default_factory=set)
    _own: dict[str, TownCharacter] = field(default_factory=dict)

    def take(self, line: int, values: Mapping[str, Any]) -> Iterable[HandoverFault]:
        """Take a line, or name everything that is wrong with it.

        Law: 本人確認情報管理方法 第3(2)ア: what holds of a character is two people's word, and so is that one is another.
        """
        maker, character = values["maker_character"], values["character"]
        wrong = [*_check_characters(maker, character), *self._check_identified(values)]
        if maker in self._makers:
            wrong.append(("maker_character", Reason.LINE_DOUBLED))
        entry = None
        if not wrong and (is_private(character) or values["glyph_name"] or values["picture"]):
            entry, held = self._entry(values), self._own.get(character)
            # Several of a maker's codes may be one character here, if everybody says the same of it; it is kept once.
            if held is not None and held != entry:
                wrong.append(("character", Reason.LINE_DOUBLED))
            self._own.setdefault(character, entry)
            entry = None if held is not None else entry
        if wrong:
            return [HandoverFault(_FILE, line, name, reason) for name, reason in wrong]
        self._makers.add(maker)
        self.rows.append(MappedCharacter(maker, values["maker_code"], character, entry, values["picture"]))
        return []

    @property
    def translation(self) -> dict[int, str]:
        """Give what each of the other maker's characters becomes, where it becomes another one.

        Law: none, an own layout.
        """
        return {
            ord(one.maker_character): one.character
            for one in self.rows
            if one.maker_character != one.character
        }

    @property
    def known(self) -> frozenset[str]:
        """Name the other maker's characters that the table has; one that is missing is nothing of ours by chance.

        Law: none, an own layout.
        """
        return frozenset(self._makers)

    def _check_identified(self, values: Mapping[str, Any]) -> list[tuple[str, Reason]]:
        by, second = values["identified_by"], values["confirmed_by"]
        wrong: list[tuple[str, Reason]] = []
        if bool(by) != bool(second):
            wrong.append(("confirmed_by" if by else "identified_by", Reason.FIELD_MISSING))
        elif by and by == second:
            wrong.append(("confirmed_by", Reason.SAME_PERSON))
        if values["glyph_name"] and self.written(values["glyph_name"]) is None:
            wrong.append(("glyph_name", Reason.FIELD_UNKNOWN_VALUE))
        other = values["maker_character"] != values["character"]
        if other and not second:
            wrong.append(("confirmed_by", Reason.FIELD_MISSING))
        if second and not other and not values["glyph_name"] and not values["picture"]:
            wrong.append(("picture", Reason.FIELD_MISSING))
        if not second and (values["glyph_name"] or values["picture"]):
            wrong.append(("confirmed_by", Reason.FIELD_MISSING))
        if values["picture"] and _PICTURE.fullmatch(values["picture"]) is None:
            wrong.append(("picture", Reason.FIELD_UNKNOWN_VALUE))
        if values["strokes"] > MOST_STROKES:
            wrong.append(("strokes", Reason.FIELD_UNKNOWN_VALUE))
        return wrong

    def _entry(self, values: Mapping[str, Any]) -> TownCharacter:
        identified = None
        if values["glyph_name"] or values["picture"]:
            identified = Identification(
                values["glyph_name"],
                self.written(values["glyph_name"]) or "",
                values["picture"],
                values["identified_by"],
                values["confirmed_by"],
            )
        return TownCharacter(
            values["character"],
            values["source"],
            values["source_note"],
            values["reading"],
            values["strokes"],
            identified,
        )


def _check_characters(maker: str, character: str) -> list[tuple[str, Reason]]:
    wrong: list[tuple[str, Reason]] = []
    # Only what everybody draws as they like may be something else here.
    if maker != character and (len(maker) != 1 or not is_private(maker)):
        wrong.append(("maker_character", Reason.FIELD_UNKNOWN_VALUE))
    bare = character.isascii() or character.isspace() or is_selector(character[0])
    if len(split_characters(character)) != 1 or bare:
        wrong.append(("character", Reason.FIELD_UNKNOWN_VALUE))
    return wrong


def character_values(row: MappedCharacter, source: CharacterSource) -> dict[str, Any]:
    """Lay a line of the table out in fields; `source` is where a character was seen of which nothing is known.

    Law: none, an own layout.
    """
    entry = row.entry
    identified = entry.identification if entry is not None else None
    return {
        "maker_character": row.maker_character,
        "maker_code": row.maker_code,
        "character": row.character,
        "source": entry.source if entry is not None else source,
        "source_note": entry.source_note if entry is not None else "",
        "reading": entry.reading if entry is not None else "",
        "strokes": entry.strokes if entry is not None else 0,
        "glyph_name": identified.glyph_name if identified else "",
        "picture": row.picture,
        "identified_by": identified.by if identified else "",
        "confirmed_by": identified.confirmed_by if identified else "",
    }
