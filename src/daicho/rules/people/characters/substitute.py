"""Replacement characters: a text as paper and cards with the characters of JIS X 0213 can show it.  代替文字"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from daicho.rules.people.characters.convert import GETA, Unconverted, in_jis
from daicho.rules.people.characters.identify import (
    NO_OWN,
    OwnTable,
    Queued,
    Unsettled,
    character_count,
    identify,
    is_private,
    split_characters,
)
from daicho.rules.people.characters.tables import CharacterTables, Glyph
from daicho.rules.people.names import gaiji_count

# Relations that may be printed, the strongest first; D and Y only help a search.
_PRINTED = "UTGZKNBM"


class SubstitutionResult(StrEnum):
    """What became of a text.  代替文字変換結果"""

    NOT_NEEDED = "0"
    REPLACED = "1"
    INCOMPLETE = "2"


@dataclass(frozen=True, slots=True)
class Undecided:
    """A character for which the map names no form, or several; the caller decides what is printed.  代替文字未確定

    Law: none, own definition after F3-53.
    """

    position: int
    character: str
    reason: Unsettled
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Substitution:
    """A text with replacement characters; positions count characters from 1, selectors not among them.  代替文字変換

    Law: none, own definition after F3-53 to F3-59.
    """

    result: SubstitutionResult
    text: str
    length: int
    positions: tuple[int, ...] = ()
    undecided: tuple[Undecided, ...] = ()


@dataclass(frozen=True, slots=True)
class GaijiPattern:
    """The picture of a character that no set holds.  外字パターン

    Law: none, own definition after F3-61.
    """

    position: int
    character: str
    image: bytes


@dataclass(frozen=True, slots=True)
class DestinationCharacters:
    """Items 53 to 61 of a destination record: one person's name and address for the card's maker.  送付先の代替文字

    Law: none, own definition after F3-53 to F3-61.
    """

    substitution_result: SubstitutionResult
    substitute_name_length: int
    substitute_name: str
    substitute_address_length: int
    substitute_address: str
    substitute_name_positions: tuple[int, ...]
    substitute_address_positions: tuple[int, ...]
    gaiji_flag: bool
    gaiji_pattern: tuple[GaijiPattern, ...]


def substitute(
    text: str, tables: CharacterTables, own: OwnTable = NO_OWN, *, filler: str = GETA
) -> Substitution:
    """Replace what JIS X 0213 lacks, by the strongest relation of the map and its lowest rank.

    `filler` stands where the map names no form or several of one rank. A sequence that draws the same glyph as the
    character alone is written alone and counts as no replacement; a private-use character
    counts always.
    Law: none, own definition after F3-53.
    """
    written: list[str] = []
    positions: list[int] = []
    undecided: list[Undecided] = []
    for position, character in enumerate(split_characters(text), start=1):
        form = _printed(character, tables, own)
        if isinstance(form, Undecided):
            undecided.append(Undecided(position, character, form.reason, form.candidates))
            form = filler
            positions.append(position)
        elif form != character and not _draws_alike(character, form, tables, own):
            positions.append(position)
        written.append(form)
    line = "".join(written)
    result = SubstitutionResult.INCOMPLETE if undecided else SubstitutionResult.REPLACED
    if not positions:
        result = SubstitutionResult.NOT_NEEDED
    return Substitution(result, line, character_count(line), tuple(positions), tuple(undecided))


def _draws_alike(character: str, form: str, tables: CharacterTables, own: OwnTable) -> bool:
    if is_private(character):
        return False  # nobody but the town can read it: whoever receives the text must be told the place
    glyph = identify(character, tables, own)
    return isinstance(glyph, Glyph) and form == glyph.plain


def _printed(character: str, tables: CharacterTables, own: OwnTable) -> str | Undecided:
    """Decide what is printed for one character; the place is filled in by the caller."""
    if len(character) == 1 and in_jis(character):
        return character
    glyph = identify(character, tables, own)
    if glyph is None:
        return Undecided(0, character, Unsettled.OUTSIDE)
    if isinstance(glyph, Queued):
        # Whatever an unknown sequence looks like, it is a form of its base.
        known_base = len(character) > 1 and not is_private(character) and in_jis(character[0])
        return character[0] if known_base else Undecided(0, character, glyph.reason)
    if glyph.plain and in_jis(glyph.plain):
        return glyph.plain
    return _shrunk(character, glyph, tables)


def _shrunk(character: str, glyph: Glyph, tables: CharacterTables) -> str | Undecided:
    printed = [one for one in tables.targets(glyph) if one.relation in _PRINTED]
    printed.sort(key=lambda one: (_PRINTED.index(one.relation), one.rank))
    for _, group in groupby(printed, key=lambda one: (one.relation, one.rank)):
        nearest = tuple(one.character for one in group)
        if len(nearest) == 1:
            return nearest[0]
        every = tuple(dict.fromkeys(one.character for one in printed))
        return Undecided(0, character, Unsettled.SEVERAL_TARGETS, every)
    # A sequence is a form of its base, whatever the map says of it.
    base = glyph.ucs if glyph.sequence and in_jis(glyph.ucs) else ""
    return base or Undecided(0, character, Unsettled.NO_TARGET)


def gaiji_flag(*texts: str) -> bool:
    """Tell whether any of these texts holds a character outside the plain repertoire.  外字フラグ

    Law: none, own definition after F2-34 and F3-60.
    """
    return any(gaiji_count(text) > 0 for text in texts)


def gaiji_patterns(text: str, own: OwnTable) -> tuple[tuple[GaijiPattern, ...], tuple[Unconverted, ...]]:
    """Gather the pictures of a text's private characters, and list those of which the town has none.

    Law: none, own definition after F3-61.
    """
    drawn, missing = [], []
    for position, character in enumerate(split_characters(text), start=1):
        if not is_private(character):
            continue
        known = own.get(character)
        if known is not None and known.image:
            drawn.append(GaijiPattern(position, character, known.image))
        else:
            missing.append(Unconverted(position, character, Unsettled.PRIVATE_USE))
    return tuple(drawn), tuple(missing)


def destination_characters(
    name: str, address: str, tables: CharacterTables, own: OwnTable = NO_OWN, *, filler: str = GETA
) -> DestinationCharacters:
    """Fill items 53 to 61 of a destination record from a name and an address.

    The pictures are those of the name, then those of the address.
    Law: none, own definition after F3-53 to F3-61.
    """
    names, addresses = (substitute(text, tables, own, filler=filler) for text in (name, address))
    return DestinationCharacters(
        substitution_result=max(names.result, addresses.result),
        substitute_name_length=names.length,
        substitute_name=names.text,
        substitute_address_length=addresses.length,
        substitute_address=addresses.text,
        substitute_name_positions=names.positions,
        substitute_address_positions=addresses.positions,
        gaiji_flag=gaiji_flag(name, address),
        gaiji_pattern=gaiji_patterns(name, own)[0] + gaiji_patterns(address, own)[0],
    )
