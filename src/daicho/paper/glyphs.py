"""Before printing: which characters of a paper the fonts cannot show as they are recorded.

IPAmj Mincho has the sequences of Moji_Joho only. A typesetter draws the plain character, without a word, where a
font lacks a sequence; that would be another person's character. So every character, with its variation selector,
is looked up before a line is set, and a paper that needs an unknown one waits until somebody has identified it.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from daicho.paper.fonts import FontFile, Fonts
from daicho.rules.certificates.content import CertificateContent
from daicho.rules.certificates.text import letter_texts
from daicho.rules.people.kana import is_selector

_SEQUENCES = 14  # the format of a font's table of variation sequences
_BLANK = frozenset(" 　\n")
GETA = "〓"  # what printers set for a type that is not in the case


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character, with its selector if it has one, that the fonts cannot show, and whose text needs it.

    `person` counts from 0; None stands for what is said of the whole household or of the issuer.
    """

    character: str
    person: int | None
    where: str  # "name", "name_reading", an item's code, "address", "householder_name", "issuer"

    @property
    def code_points(self) -> str:
        """Write the code points, as the one who identifies the character looks them up."""
        return code_points_of(self.character)


def code_points_of(character: str) -> str:
    """Write the code points of a character, such as U+845B U+E0102."""
    return " ".join(f"U+{ord(one):04X}" for one in character)


class GlyphMissing(ValueError):
    """A paper that cannot be issued before its characters are identified."""

    def __init__(self, missing: tuple[MissingGlyph, ...]) -> None:
        """Keep what is missing; the message counts it and repeats nobody's name."""
        super().__init__(f"{len(missing)} characters are not in the fonts")
        self.missing = missing


class Repertoire:
    """What a set of fonts can show."""

    def __init__(self, files: tuple[FontFile, ...]) -> None:
        """Read the fonts' own tables."""
        self._read = tuple(_tables(file) for file in files)

    def shows(self, character: str) -> bool:
        """Tell whether one of the fonts has this character; with a selector, exactly this sequence."""
        base, selector = ord(character[0]), character[1:]
        if not selector:
            return any(base in characters for characters, _ in self._read)
        sequence = (base, ord(selector))
        # The first font that has the plain character draws the sequence too, be it its own or not.
        for characters, sequences in self._read:
            if base in characters or sequence in sequences:
                return sequence in sequences
        return False

    def lacking(self, text: str) -> tuple[str, ...]:
        """Give the characters of a text that cannot be shown, each once, in their order."""
        return tuple(dict.fromkeys(one for one in characters_of(text) if not self.shows(one)))

    def stand_in(self, text: str) -> str:
        """Write a text for a specimen: the plain character for an unknown sequence, 〓 for an unknown one."""
        return "".join(
            one if one in _BLANK or self.shows(one) else one[0] if self.shows(one[0]) else GETA
            for one in _clusters(text)
        )


def characters_of(text: str) -> Iterator[str]:
    """Take a text apart into characters, a variation selector staying with what stands before it."""
    return (one for one in _clusters(text) if one not in _BLANK)


def missing_glyphs(
    content: CertificateContent, fonts: Fonts, *, issuer: str = "", own: Container[str] = ()
) -> tuple[MissingGlyph, ...]:
    """Tell which characters of a content, and of its issuer's title and name, cannot be shown, and where.

    The fonts lack them, and they are none of the town's `own` that are printed in another way.
    """
    known = repertoire(fonts)
    return tuple(
        MissingGlyph(character, person, where)
        for text, person, where in (*_texts(content), (issuer, None, "issuer"))
        for character in known.lacking(text)
        if character not in own
    )


def printed_characters(content: CertificateContent) -> frozenset[str]:
    """Gather every character of a content, each with its selector."""
    return frozenset(one for text, _, _ in _texts(content) for one in characters_of(text))


@lru_cache(maxsize=2)
def repertoire(fonts: Fonts) -> Repertoire:
    """Read a set of fonts once per process."""
    return Repertoire(fonts.files)


def _clusters(text: str) -> Iterator[str]:
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not is_selector(text[place]):
            yield text[start:place]
            start = place


def _texts(content: CertificateContent) -> Iterator[tuple[str, int | None, str]]:
    yield content.address, None, "address"
    yield content.householder_name or "", None, "householder_name"
    for place, person in enumerate(content.people):
        yield person.name, place, "name"
        yield person.name_reading, place, "name_reading"
        for one in person.items:
            yield one.text or "", place, one.item.value
    if content.letter is not None:
        for text in letter_texts(content.letter):
            yield text, None, "letter"


def _tables(font: FontFile) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """Read which characters and which sequences a font has."""
    from fontTools.ttLib import TTFont

    with TTFont(font.file, lazy=True, fontNumber=0) as opened:
        names = {str(name) for name in opened["name"].names if name.nameID in (1, 16)}
        if font.family not in {name.replace(" ", "") for name in names} | names:
            raise ValueError(f"{font.file.name} is not {font.family}")
        tables = opened["cmap"].tables
        characters = frozenset(opened.getBestCmap())
        sequences = frozenset(
            (base, selector)
            for table in tables
            if table.format == _SEQUENCES
            for selector, pairs in table.uvsDict.items()
            for base, _ in pairs
        )
    return characters, sequences
