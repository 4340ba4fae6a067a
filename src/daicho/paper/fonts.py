"""Which fonts a paper is set in, and whether papers set in them may be issued."""

from dataclasses import dataclass
from pathlib import Path

CHARACTER_FONTS = Path("/usr/share/fonts/truetype/ipamj")
FALLBACK_FONTS = Path("/usr/share/fonts/opentype/noto")


class NoFont(RuntimeError):
    """Neither the font of the residents' characters nor the one for specimens is installed."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One font: the family's name by which it is asked for, and its file."""

    family: str
    file: Path


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of a paper, the first that has a character draws it; only some may stand on what is issued."""

    files: tuple[FontFile, ...]
    may_issue: bool


def find_fonts(
    characters: Path = CHARACTER_FONTS,
    additional: tuple[FontFile, ...] = (),
    fallback: Path = FALLBACK_FONTS,
) -> Fonts:
    """Find IPAmj Mincho, with additional fonts behind it; without it Noto Serif, in which only specimens are set.

    No other font has the shapes of 文字情報基盤 under the sequences that the register records. An additional
    font is that of the 行政事務標準文字, which one font cannot hold.
    Raises: NoFont.
    """
    if (characters / "ipamjm.ttf").is_file():
        return Fonts((FontFile("IPAmjMincho", characters / "ipamjm.ttf"), *additional), may_issue=True)
    if (fallback / "NotoSerifCJK-Regular.ttc").is_file():
        return Fonts((FontFile("Noto Serif CJK JP", fallback / "NotoSerifCJK-Regular.ttc"),), may_issue=False)
    raise NoFont("Debian's fonts-ipamj-mincho, or fonts-noto-cjk for specimens")
