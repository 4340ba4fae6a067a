"""The tables of characters as data: glyphs with their codes, what they shrink to, and sequences of another collection.

A table stays text, one line a glyph; a glyph is read when somebody asks for it, so that a node which loads the tables
stays lean.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_GLYPH_HEADER = "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji"
_READING_HEADER = "mj,strokes,readings"
_SHRINK_HEADER = "mj,targets"
_SEQUENCE_HEADER = "ucs,selector,mj"
_SEIJI_HEADER = "table,simplified,seiji,rank"
# Every glyph is made when it is asked for; that it can be made is seen by its shape.
_GLYPH_ROW = re.compile(
    "[0-9]{6},[0-9A-F]{0,5},(?:=|[0-9A-F]{0,5}),[0-9A-F]{0,2},[0-9A-F]?,(?:=|[0-9A-Za-z]*),[0-9]*,(?:=|[0-9A-Za-z]*),[0-9A-Za-z]*"
)
_TARGETS = re.compile("[A-Z][0-9][0-9A-F]{4,5}(?: [A-Z][0-9][0-9A-F]{4,5})*")
_FIRST_SELECTOR, _FIRST_STANDARD_SELECTOR = 0xE0100, 0xFE00
_UCS, _JUKI, _KOSEKI, _NYUKAN, _NYUKAN_GAIJI = 1, 5, 6, 7, 8


class MalformedTable(ValueError):
    """The text of a table of characters cannot be read; names the line.  文字の表の形式不正"""


def _character(digits: str) -> str:
    return chr(int(digits, 16)) if digits else ""


def _lines(text: str, header: str) -> Iterator[tuple[int, list[str]]]:
    """Give number and fields of each line; no field of these tables is quoted."""
    first, *rest = text.rstrip("\n").split("\n")
    if first != header:
        raise MalformedTable(f"line 1: the header is not {header}")
    width = header.count(",") + 1
    for number, line in enumerate(rest, start=2):
        fields = line.split(",")
        if len(fields) != width:
            raise MalformedTable(f"line {number}: wrong number of columns")
        yield number, fields


@dataclass(frozen=True, slots=True)
class Glyph:
    """One form of a character as the national list names it, with its codes; "" where it has none.  文字図形

    Law: none, MJ文字情報一覧表 Ver.006.02
    """

    name: str
    ucs: str
    plain: str
    sequence: str
    standardized: str
    juki: str
    koseki: str
    nyukan: str
    nyukan_gaiji: str

    @property
    def form(self) -> str:
        """Give how a registry writes it: the character alone, else with its selector, else nothing."""
        return self.plain or self.sequence

    @property
    def forms(self) -> tuple[str, ...]:
        """List everything that a registry may write for it."""
        return tuple(form for form in (self.plain, self.sequence, self.standardized) if form)


def _forms(line: str) -> tuple[str, str, str]:
    """Give a glyph's plain form, its sequence and its standardised one, "" where it has none."""
    _, ucs, plain, selector, standard, _ = line.split(",", 5)
    base = _character(ucs)
    return (
        base if plain == "=" else _character(plain),
        base + chr(_FIRST_SELECTOR + int(selector, 16)) if selector else "",
        base + chr(_FIRST_STANDARD_SELECTOR + int(standard, 16)) if standard else "",
    )


def _glyph(line: str) -> Glyph:
    name, ucs, _, _, _, juki, koseki, nyukan, gaiji = line.split(",")
    plain, sequence, standardized = _forms(line)
    return Glyph(
        name=f"MJ{name}",
        ucs=_character(ucs),
        plain=plain,
        sequence=sequence,
        standardized=standardized,
        juki=ucs if juki == "=" else juki,
        koseki=koseki,
        nyukan=ucs if nyukan == "=" else nyukan,
        nyukan_gaiji=gaiji,
    )


class GlyphTable:
    """Every glyph of the national list, by name, by written form and by code.  文字情報一覧表

    Law: none, MJ文字情報一覧表 Ver.006.02
    """

    def __init__(self, lines: tuple[str, ...]) -> None:
        """Take the lines of the table, in the order of names."""
        self._rows = lines

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Glyph]:
        return map(_glyph, self._rows)

    @classmethod
    def parse(cls, text: str) -> "GlyphTable":
        """Read the table from CSV text with a header; an unreadable line raises MalformedTable.

        Law: none, MJ文字情報一覧表 Ver.006.02
        """
        before, rows = "", []
        for number, fields in _lines(text, _GLYPH_HEADER):
            if not fields[0].isdecimal() or len(fields[0]) != 6 or fields[0] <= before:
                raise MalformedTable(f"line {number}: names of six digits, each above the one before")
            row = ",".join(fields)
            if _GLYPH_ROW.fullmatch(row) is None:
                raise MalformedTable(f"line {number}: a code point in hexadecimal digits is needed")
            before = fields[0]
            rows.append(row)
        return cls(tuple(rows))

    @cached_property
    def _by_form(self) -> dict[str, int]:
        return {form: place for place, row in enumerate(self._rows) for form in _forms(row) if form}

    @cached_property
    def _by_base(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for place, row in enumerate(self._rows):
            base = _character(row.split(",")[_UCS])
            if base:
                found[base] = (*found.get(base, ()), place)
        return found

    def _by(self, column: int) -> dict[str, int]:
        split = ((place, row.split(",")) for place, row in enumerate(self._rows))
        return {
            fields[_UCS] if fields[column] == "=" else fields[column]: place
            for place, fields in split
            if fields[column]
        }

    @cached_property
    def _by_juki(self) -> dict[str, int]:
        return self._by(_JUKI)

    @cached_property
    def _by_koseki(self) -> dict[str, int]:
        return self._by(_KOSEKI)

    @cached_property
    def _by_nyukan(self) -> dict[str, int]:
        return self._by(_NYUKAN_GAIJI) | self._by(_NYUKAN)

    def _at(self, place: int | None) -> Glyph | None:
        return None if place is None else _glyph(self._rows[place])

    def named(self, name: str) -> Glyph | None:
        """Find a glyph by its name, such as MJ022336.

        Law: none, look-up of data.
        """
        digits = name.removeprefix("MJ")
        place = bisect_left(self._rows, digits)
        return (
            self._at(place)
            if digits and self._rows[place : place + 1] and self._rows[place].startswith(f"{digits},")
            else None
        )

    def written(self, form: str) -> Glyph | None:
        """Find the glyph that a character, alone or with its selector, stands for.

        Law: none, look-up of data.
        """
        return self._at(self._by_form.get(form))

    def based_on(self, character: str) -> tuple[Glyph, ...]:
        """List the glyphs that the national list puts under one code point.

        Law: none, look-up of data.
        """
        return tuple(_glyph(self._rows[place]) for place in self._by_base.get(character, ()))

    def of_juki(self, code: str) -> Glyph | None:
        """Find a glyph by the network's unified code, four hexadecimal digits; no such code is a code point.

        Law: none, 住民基本台帳ネットワーク統一文字コード
        """
        return self._at(self._by_juki.get(code))

    def of_koseki(self, code: str) -> Glyph | None:
        """Find a glyph by its number among the characters of the family registers, six digits.

        Law: none, 戸籍統一文字番号
        """
        return self._at(self._by_koseki.get(code))

    def of_nyukan(self, code: str) -> Glyph | None:
        """Find a glyph by its code among the Ministry's standard forms, else among its characters of its own.

        Law: 在留カード等に係る漢字氏名の表記等に関する告示
        """
        return self._at(self._by_nyukan.get(code))


@dataclass(frozen=True, slots=True)
class Sound:
    """How many strokes a glyph has, and how it is read.  画数・読み

    Law: none, MJ文字情報一覧表 Ver.006.02
    """

    strokes: int
    readings: tuple[str, ...]


class SoundTable:
    """Strokes and readings of every glyph of the national list, by name.  画数・読みの表

    Law: none, MJ文字情報一覧表 Ver.006.02
    """

    def __init__(self, rows: Mapping[str, tuple[int, str]]) -> None:
        """Take strokes and readings, these in one text, of each name."""
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[str, Sound]]:
        return ((name, _sound(row)) for name, row in self._rows.items())

    @classmethod
    def parse(cls, text: str) -> "SoundTable":
        """Read the table from CSV text with a header; an unreadable line raises MalformedTable.

        Law: none, MJ文字情報一覧表 Ver.006.02
        """
        rows, before = {}, ""
        for number, (name, strokes, words) in _lines(text, _READING_HEADER):
            if not (strokes.isascii() and strokes.isdecimal()):
                raise MalformedTable(f"line {number}: a number of strokes is needed")
            before = before if words == "=" else words
            rows[f"MJ{name}"] = (int(strokes), before)
        return cls(rows)

    def of(self, name: str) -> Sound:
        """Tell strokes and readings of a glyph by its name; none of both where the list does not know it.

        Law: none, look-up of data.
        """
        return _sound(self._rows.get(name, (0, "")))


def _sound(row: tuple[int, str]) -> Sound:
    return Sound(row[0], tuple(row[1].split()))


@dataclass(frozen=True, slots=True)
class Target:
    """What a glyph may be replaced by: under which relation, at which place in its order.  縮退先

    Law: none, MJ縮退マップ Ver.1.2.0
    """

    relation: str
    rank: int
    character: str


@dataclass(frozen=True, slots=True)
class CharacterTables:
    """Everything that identification of characters looks up.  文字同定の表

    Law: none, MJ文字情報一覧表, MJ縮退マップ, 在留カード等に係る漢字氏名の表記等に関する告示 別表第四
    """

    glyphs: GlyphTable
    shrunk: Mapping[str, str]
    adobe_japan1: Mapping[str, str]
    seiji: Mapping[str, tuple[str, ...]]

    @classmethod
    def parse(cls, *, glyphs: str, shrink: str, adobe_japan1: str, seiji: str) -> "CharacterTables":
        """Read the tables from CSV texts with headers; an unreadable line raises MalformedTable.

        Law: none, reading of data.
        """
        return cls(GlyphTable.parse(glyphs), _shrunk(shrink), _sequences(adobe_japan1), _seiji(seiji))

    def targets(self, glyph: Glyph) -> tuple[Target, ...]:
        """List what a glyph may be replaced by, the strongest relation and the lowest rank first.

        Law: none, MJ縮退マップ Ver.1.2.0
        """
        return tuple(map(_target, self.shrunk.get(glyph.name, "").split()))


def _target(word: str) -> Target:
    return Target(word[0], int(word[1]), _character(word[2:]))


def _shrunk(text: str) -> dict[str, str]:
    found = {}
    for number, (name, words) in _lines(text, _SHRINK_HEADER):
        if _TARGETS.fullmatch(words) is None:
            raise MalformedTable(f"line {number}: relation, rank and code point are needed")
        found[f"MJ{name}"] = words
    return found


def _sequences(text: str) -> dict[str, str]:
    found = {}
    for number, (ucs, selector, name) in _lines(text, _SEQUENCE_HEADER):
        try:
            sequence = _character(ucs) + chr(_FIRST_SELECTOR + int(selector, 16))
        except ValueError as problem:
            raise MalformedTable(f"line {number}: code point and selector are needed") from problem
        found[sequence] = name and f"MJ{name}"
    return found


def _seiji(text: str) -> dict[str, tuple[str, ...]]:
    """Gather the standard forms of each character: 異体字 before 類字, each by its rank."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for number, (table, simplified, standard, rank) in _lines(text, _SEIJI_HEADER):
        if table not in ("i", "r") or not rank.isdecimal():
            raise MalformedTable(f"line {number}: table i or r, and a rank, are needed")
        try:
            found.setdefault(_character(simplified), []).append((table, int(rank), _character(standard)))
        except ValueError as problem:
            raise MalformedTable(f"line {number}: code points in hexadecimal digits are needed") from problem
    return {
        character: tuple(dict.fromkeys(form for _, _, form in sorted(forms)))
        for character, forms in found.items()
    }
