"""Which 邉 is this? Glyphs of the national list by family, reading, strokes or code.  文字の検索"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.characters.data.variants import VARIANTS
from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.characters.own import MOST_STROKES, find_glyph
from daicho.rules.people.characters.tables import CharacterTables, Glyph, Sound, SoundTable, Target
from daicho.rules.people.kana import kanji_key, search_key

SHOWN_GLYPHS = 120
_ARTICLE = juki("14")


@dataclass(frozen=True, slots=True)
class GlyphTerms:
    """What a clerk knows of a character: all of it must fit.  文字の検索条件

    `like` is a character of the family, `code` whatever names one glyph; 0 strokes means any number, and `about`
    forgives one stroke more or less.
    Law: none, own definition.
    """

    like: str = ""
    reading: str = ""
    strokes: int = 0
    about: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class FoundGlyph:
    """A glyph with all that the tables say of it.  検索された文字

    Law: none, own definition.
    """

    glyph: Glyph
    sound: Sound
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class GlyphsFound:
    """The glyphs that fit, the nearest family first; `narrow` asks for narrower terms.  文字の検索結果

    Law: none, own definition.
    """

    rows: tuple[FoundGlyph, ...]
    narrow: bool


def check_glyph_terms(terms: GlyphTerms) -> Refusal | None:
    """Refuse a search that would give everything.

    Law: none, own definition.
    """
    if not (terms.like or terms.reading or terms.strokes or terms.code):
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "like")
    if not 0 <= terms.strokes <= MOST_STROKES:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "strokes")
    if len(split_characters(terms.like)) > 1:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "like")
    return None


def find_glyphs(
    terms: GlyphTerms, tables: CharacterTables, sounds: SoundTable, *, limit_rows: int = SHOWN_GLYPHS
) -> GlyphsFound | Refusal:
    """Find the glyphs that fit everything that was given.

    Law: none, own definition.
    """
    refusal = check_glyph_terms(terms)
    if refusal is not None:
        return refusal
    found: list[Glyph] = []
    for glyph in _candidates(terms, tables, sounds):
        if sound_fits(sounds.of(glyph.name), terms):
            if len(found) == limit_rows:
                return GlyphsFound(_with_all(found, tables, sounds), narrow=True)
            found.append(glyph)
    return GlyphsFound(_with_all(found, tables, sounds), narrow=False)


def _with_all(glyphs: list[Glyph], tables: CharacterTables, sounds: SoundTable) -> tuple[FoundGlyph, ...]:
    return tuple(FoundGlyph(one, sounds.of(one.name), tables.targets(one)) for one in glyphs)


def _candidates(terms: GlyphTerms, tables: CharacterTables, sounds: SoundTable) -> Iterator[Glyph]:
    if terms.code:
        named = find_glyph(terms.code, tables)
        family = family_of(terms.like) if terms.like else ""
        if named is not None and (not family or named.ucs in family):
            yield named
    elif terms.like:
        for character in family_of(terms.like):
            yield from tables.glyphs.based_on(character)
    else:
        for name, sound in sounds:
            if sound_fits(sound, terms):
                glyph = tables.glyphs.named(name)
                if glyph is not None:
                    yield glyph


def sound_fits(sound: Sound, terms: GlyphTerms) -> bool:
    """Tell whether strokes and readings of a character are those that were asked for.

    Law: none, own definition.
    """
    if terms.strokes and abs(sound.strokes - terms.strokes) > int(terms.about):
        return False
    wanted = search_key(terms.reading)
    return not wanted or any(search_key(one) == wanted for one in sound.readings)


def family_of(character: str) -> str:
    """List the characters that clerks take for a character, itself first and then the usual one.

    Law: none, own definition: the families of the search keys.
    """
    base = character[:1]
    usual = kanji_key(base)
    return "".join(dict.fromkeys((base, usual, *_families().get(usual, ""))))


@cache
def _families() -> dict[str, str]:
    return {group[0]: group for group in VARIANTS.replace("\n", "").split("|")}
