"""The pictures of a paper: its 2D code, the issuer's seal, and the ground that a copier gives away."""

import io
import math
from base64 import b64encode
from importlib.resources import files

from daicho.paper.png import PngHead, chunk, write_png

_QUIET_MODULES = 4
# The ground: dots of 1/600 inch. A cell is 12 dots wide; the letters have one block of 3 x 3 in it, the field nine
# single dots, so that both are equally dark.
_CELL_DOTS = 12
_TILE_CELLS = 88
_WORD_CELLS = (28, 60)
_FIRST_WORD, _SECOND_WORD = (8, 14), (52, 58)
_GROUND_COLOUR = bytes((0x52, 0x80, 0x72))
_PAPER_COLOUR = bytes((0xFF, 0xFF, 0xFF))
# What may stand behind an office's title in its seal, the first that fills the square.
_ENDINGS = ("印", "之印", "公印", "之公印")


def svg_of_code(text: str) -> tuple[str, int]:
    """Draw a 2D code (QR, correction level M) with its quiet zone; give it and its width in modules."""
    import segno

    # Any of the eight masks may be read; comparing them would take three times as long as all the rest.
    code = segno.make_qr(text, error="m", boost_error=False, mask=3)
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", xmldecl=False, border=_QUIET_MODULES, light="#ffffff")
    return drawn.getvalue().decode(), int(code.symbol_size(border=_QUIET_MODULES)[0])


def svg_of_png(picture: bytes, width: float, height: float) -> str:
    """Wrap a picture of some width and height so that it travels as text into a template."""
    size = f'width="{width:.3f}" height="{height:.3f}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' viewBox="0 0 {width:.3f} {height:.3f}">'
        f'<image {size} xlink:href="data:image/png;base64,{b64encode(picture).decode()}"/></svg>'
    )


def seal_columns(title: str) -> list[list[str]]:
    """Set an office's title and 印 as the columns of a square seal, from the right (own: a demonstration's seal)."""
    for ending in _ENDINGS:
        letters = title + ending
        for count in (math.isqrt(len(letters)), math.isqrt(len(letters)) + 1):
            lines, left = divmod(len(letters), count)
            if not left and 0 <= lines - count <= 2:
                return [list(letters[start : start + lines]) for start in range(0, len(letters), lines)]
    letters = title + _ENDINGS[0]
    lines = math.isqrt(len(letters) - 1) + 1
    return [list(letters[start : start + lines]) for start in range(0, len(letters), lines)]


def ground_tile() -> bytes:
    """Draw one tile of the copy-evident ground as a PNG of one bit, 600 dots an inch.

    The letters 複写 are made of few coarse dots, the field of many fine ones, and both cover a sixteenth of the
    paper: to the eye one even tint. A copier that loses the fine dots leaves the letters standing. It hinders a
    careless copy of the paper; it proves nothing. A good scanner keeps both kinds of dots, a printer below 600
    dots an inch may blur them from the first, and the PDF itself can be copied at will: what proves a paper is its
    signature, and the 2D code against the ledger. (Own: pattern and word are ours. Not tried on real copiers.)

    The templates read it as a file, `templates/ground.png`; a test compares the two.
    """
    mask = (files("daicho.paper") / "templates" / "ground.txt").read_text("ascii").splitlines()
    side = _TILE_CELLS * _CELL_DOTS
    rows = [bytearray(side) for _ in range(side)]
    for line in range(_TILE_CELLS):
        for column in range(_TILE_CELLS):
            for down, across in _dots(inside=_is_letter(mask, line, column)):
                rows[line * _CELL_DOTS + down][column * _CELL_DOTS + across] = 1
    plain = b"".join(b"\x00" + int("".join(map(str, row)), 2).to_bytes(side // 8, "big") for row in rows)
    return write_png(PngHead(side, side, 1, 3), plain, chunk(b"PLTE", _PAPER_COLOUR + _GROUND_COLOUR))


def _is_letter(mask: list[str], line: int, column: int) -> bool:
    for top, left in (_FIRST_WORD, _SECOND_WORD):
        down, across = (line - top) % _TILE_CELLS, (column - left) % _TILE_CELLS
        if down < _WORD_CELLS[0] and across < _WORD_CELLS[1]:
            return mask[down][across : across + 1] == "#"
    return False


def _dots(*, inside: bool) -> list[tuple[int, int]]:
    places = (5, 6, 7) if inside else (2, 6, 10)
    return [(down, across) for down in places for across in places]
