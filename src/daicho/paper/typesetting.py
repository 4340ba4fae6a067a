"""A certificate as PDF/A: one compiler per process, which keeps its fonts open."""

import json
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from daicho.paper.arrangement import arrange
from daicho.paper.certificate import Certificate, OwnGlyph
from daicho.paper.fonts import Fonts, NoFont
from daicho.paper.glyphs import GlyphMissing, code_points_of, missing_glyphs, repertoire
from daicho.rules.people.characters.identify import split_characters

_FIRST_MARK = 0x10F000  # at the end of what nobody assigns, where no font of ours has a shape
# Stands in the metadata of every specimen, where whoever seals or issues looks for it.
SPECIMEN_MARK = b"daicho-specimen"


class Typesetter:
    """Sets certificates one after the other; several threads may ask, and nothing is kept between two papers.

    Everything passes through memory: there is no file whose name two papers could share.
    """

    def __init__(self, fonts: Fonts) -> None:
        """Open fonts and templates. Raises: NoFont."""
        import typst

        self._fonts = fonts
        self._repertoire = repertoire(fonts)
        self._lock = threading.Lock()
        opened = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=sorted({one.file.parent for one in fonts.files}),
        )
        lacking = [one.family for one in fonts.files if one.family not in opened.families()]
        if lacking:
            raise NoFont(", ".join(lacking))
        templates = Path(str(files("daicho.paper") / "templates"))
        self._compiler = typst.Compiler(
            templates / "paper.typ", root=templates, font_paths=opened, ignore_system_fonts=True
        )

    def set(self, certificate: Certificate, others: Sequence[Certificate] = ()) -> bytes:
        """Set one certificate, or a bundle of them behind each other, as PDF/A-2u. Raises: GlyphMissing."""
        papers = (certificate, *others)
        specimen = any(one.for_show for one in papers) or not self._fonts.may_issue
        own = {glyph.character: glyph for one in papers for glyph in one.own}
        if not specimen:
            shown = {one.character for one in own.values() if one.picture or self._shows_all(one.written)}
            for one in papers:
                issuer = one.issuer_title + one.issuer_name
                missing = missing_glyphs(one.content, self._fonts, issuer=issuer, own=shown)
                if missing:
                    raise GlyphMissing(missing)
        arranged, *beside = (
            arrange(
                one,
                specimen=specimen,
                mark=SPECIMEN_MARK.decode(),
                show=lambda text: self._shown(text, own, specimen=specimen),
            )
            for one in papers
        )
        inputs = {
            "paper": json.dumps(arranged, ensure_ascii=False),
            "others": json.dumps(beside, ensure_ascii=False),
            "fonts": json.dumps([one.family for one in self._fonts.files]),
        }
        if own:
            inputs["own"] = json.dumps([
                {"mark": mark, "picture": own[one].picture, "alt": f"外字 {code_points_of(one)}"}
                for one, mark in _marks(own).items()
            ])  # fmt: skip
        with self._lock:
            made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="a-2u")
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one run of bytes")
        return made

    def _shows_all(self, text: str) -> bool:
        return bool(text) and not self._repertoire.lacking(text)

    def _shown(self, text: str, own: Mapping[str, OwnGlyph], *, specimen: bool) -> str:
        """Give a text as it is set: the town's own characters as their mark, or as their counterpart is written."""
        if not own:
            return self._repertoire.stand_in(text) if specimen else text
        marks, made = _marks(own), []
        for one in split_characters(text):
            if one in marks:
                made.append(marks[one])
            else:
                written = own[one].written if one in own else one
                made.append(self._repertoire.stand_in(written) if specimen else written)
        return "".join(made)


def _marks(own: Mapping[str, OwnGlyph]) -> dict[str, str]:
    """Give each character that is drawn a mark of its own, which the template draws.

    A template finds a character also within a sequence, where its picture would be another person's character.
    """
    drawn = sorted(one.character for one in own.values() if one.picture)
    return {character: chr(_FIRST_MARK + place) for place, character in enumerate(drawn)}


def render(certificate: Certificate, fonts: Fonts) -> bytes:
    """Set a certificate as PDF/A-2u, the same bytes for the same value.

    Where the fonts may not issue, 見本 is written over every page as if the certificate had asked for it; over a paper
    of a training copy 研修用.
    Raises: GlyphMissing when a paper that is no specimen needs a character that the fonts do not have; NoFont.
    """
    return typesetter(fonts).set(certificate)


def is_specimen(pdf: bytes) -> bool:
    """Tell whether a paper of ours is a specimen, by the mark that its own metadata carry."""
    return SPECIMEN_MARK in pdf


def says_number(pdf: bytes, number: str) -> bool:
    """Tell whether a paper of ours carries this number in its own metadata."""
    return f"number={number}<".encode() in pdf or f"number={number}, ".encode() in pdf


@lru_cache(maxsize=2)
def typesetter(fonts: Fonts) -> Typesetter:
    """Keep one compiler per process: opening the font takes ten times as long as a page."""
    return Typesetter(fonts)
