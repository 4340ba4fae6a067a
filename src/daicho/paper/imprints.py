"""The print of a seal: a scanned PNG read under limits, cut to its ink, and written anew in a form of our own.

Only plain pictures are read: at most 128 KB and 1,000 dots a side, not interlaced, with the number of dots a metre
(pHYs). What is kept holds grey dots and that number and nothing else of what was handed in.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from daicho.paper.png import SAMPLES, MalformedPng, Png, PngHead, chunk, inflated, read_png, write_png

MAX_BYTES = 128 * 1024
MAX_KEPT_BYTES = 200_000
MAX_SIDE_DOTS = 1_000
# 150 to 1,270 dots an inch: below, a seal is no more than a shadow.
LEAST_PER_METRE, MOST_PER_METRE = 5_900, 50_000
_METRE = 1
_FINE = struct.Struct(">IIB")  # pHYs: dots a unit across and down, and the unit
_INK_BELOW = 160  # of 255: darker dots are ink
# A scan has specks of dust: a line is ink when so many of its dots are.
_SPECK_DOTS = 1
_MARGIN = 4


class MalformedImprint(ValueError):
    """Not a picture that is read here; the message names what is wrong, never the content."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """A print as it is kept: a grey PNG, the dots of its ink across and down, and how many there are to a metre."""

    png: bytes
    across: int
    down: int
    per_metre: int


def read_imprint(content: bytes) -> Imprint:
    """Read a scanned seal, cut it to its ink and write it anew. Raises: MalformedImprint."""
    try:
        png = _read(content, MAX_BYTES)
        plain = inflated(png)
    except MalformedPng as problem:
        raise MalformedImprint(str(problem)) from problem
    per_metre = _per_metre(png)
    lines = _grey(png, plain)
    top, bottom, left, right = _ink(lines)
    from_, to = max(0, left - _MARGIN), min(png.head.width, right + 1 + _MARGIN)
    cut = [line[from_:to] for line in lines[max(0, top - _MARGIN) : bottom + 1 + _MARGIN]]
    return Imprint(_written(cut, per_metre), right - left + 1, bottom - top + 1, per_metre)


def size_of(png: bytes) -> tuple[float, float]:
    """Give the width and height of a kept print in millimetres. Raises: MalformedImprint."""
    try:
        kept = _read(png, MAX_KEPT_BYTES)
    except MalformedPng as problem:
        raise MalformedImprint(str(problem)) from problem
    per_metre = _per_metre(kept)
    return kept.head.width * 1000 / per_metre, kept.head.height * 1000 / per_metre


def _read(content: bytes, most_bytes: int) -> Png:
    if len(content) > most_bytes:
        raise MalformedPng("longer than is read")
    return read_png(content, most_dots=MAX_SIDE_DOTS)


def _per_metre(png: Png) -> int:
    told = png.bodies(b"pHYs")
    if not told or len(told[0]) != _FINE.size:
        raise MalformedImprint("it does not say how fine it is")
    across, down, unit = _FINE.unpack(told[0])
    if unit != _METRE or across != down or not LEAST_PER_METRE <= across <= MOST_PER_METRE:
        raise MalformedImprint("it does not say how fine it is")
    return int(across)


def _lines(head: PngHead, plain: bytes) -> Iterator[bytes]:
    """Take the filters off (PNG, part 9)."""
    step, size = max(1, head.bits // 8), head.line_bytes
    before = bytearray(size)
    for start in range(0, len(plain), size + 1):
        kind, line = plain[start], bytearray(plain[start + 1 : start + 1 + size])
        if kind == 1:
            for at in range(step, size):
                line[at] = (line[at] + line[at - step]) & 255
        elif kind == 2:
            for at in range(size):
                line[at] = (line[at] + before[at]) & 255
        elif kind == 3:
            for at in range(size):
                left = line[at - step] if at >= step else 0
                line[at] = (line[at] + (left + before[at]) // 2) & 255
        elif kind == 4:
            _undo_nearest(line, before, step)
        elif kind != 0:
            raise MalformedImprint("a filter that nobody knows")
        before = line
        yield bytes(line)


def _undo_nearest(line: bytearray, before: bytearray, step: int) -> None:
    """Take the fourth filter off: each byte was told from its neighbour that is nearest to left + above - corner."""
    for at in range(min(step, len(line))):
        line[at] = (line[at] + before[at]) & 255
    for at in range(step, len(line)):
        left, above, corner = line[at - step], before[at], before[at - step]
        by_left, by_above = above - corner, left - corner
        by_corner = abs(by_left + by_above)
        by_left, by_above = abs(by_left), abs(by_above)
        nearest = above if by_above <= by_corner else corner
        if by_left <= by_above and by_left <= by_corner:
            nearest = left
        line[at] = (line[at] + nearest) & 255


def _grey(png: Png, plain: bytes) -> list[bytes]:
    """Give each line as one grey byte a dot; what is transparent lies on white paper."""
    head = png.head
    lines = list(_lines(head, plain))
    if head.colour in (0, 3):
        table = _table(head, b"".join(png.bodies(b"PLTE")[:1]))
        return [_spread(line, head).translate(table) for line in lines]
    return [_mixed(line, SAMPLES[head.colour]) for line in lines]


def _table(head: PngHead, palette: bytes) -> bytes:
    if head.colour == 0:
        most = (1 << head.depth) - 1
        return bytes(min(255, value * 255 // most) for value in range(256))
    if not palette or len(palette) % 3:
        raise MalformedImprint("no palette")
    greys = [_luma(*palette[at : at + 3]) for at in range(0, len(palette), 3)]
    return bytes(greys[value] if value < len(greys) else 255 for value in range(256))


def _spread(line: bytes, head: PngHead) -> bytes:
    """Give one byte a dot where several dots share a byte."""
    if head.depth == 8:
        return line
    each, most = 8 // head.depth, (1 << head.depth) - 1
    shifts = [8 - head.depth * (place + 1) for place in range(each)]
    return bytes(byte >> shift & most for byte in line for shift in shifts)[: head.width]


def _mixed(line: bytes, channels: int) -> bytes:
    parts = [line[place::channels] for place in range(channels)]
    colours = parts[:3] if channels > 2 else parts[:1] * 3
    greys = bytes(map(_luma, *colours))
    if channels in (2, 4):
        return bytes(
            (grey * seen + 255 * (255 - seen)) // 255 for grey, seen in zip(greys, parts[-1], strict=True)
        )
    return greys


def _luma(red: int, green: int, blue: int) -> int:
    # A seal is stamped in vermilion: what is far from white in any colour is ink.
    return min(red, green, blue)


def _ink(lines: list[bytes]) -> tuple[int, int, int, int]:
    """Find the first and last line and column that hold ink. Raises: MalformedImprint."""
    marks = bytes(1 if value < _INK_BELOW else 0 for value in range(256))
    inked = [line.translate(marks) for line in lines]
    rows = [place for place, line in enumerate(inked) if line.count(1) > _SPECK_DOTS]
    columns = [place for place in range(len(lines[0])) if _count(inked, place) > _SPECK_DOTS]
    if not rows or not columns:
        raise MalformedImprint("nothing is printed on it")
    return rows[0], rows[-1], columns[0], columns[-1]


def _count(inked: list[bytes], column: int) -> int:
    return sum(line[column] for line in inked)


def _written(lines: list[bytes], per_metre: int) -> bytes:
    """Write grey lines as a PNG that says how fine it is. Raises: MalformedImprint."""
    # Sixteen shades are enough for a seal, and the scanner's noise takes the room of the rest.
    shades = bytes(min(255, value // 16 * 17) for value in range(256))
    head = PngHead(len(lines[0]), len(lines), 8, 0)
    plain = b"".join(b"\x00" + line.translate(shades) for line in lines)
    made = write_png(head, plain, chunk(b"pHYs", _FINE.pack(per_metre, per_metre, _METRE)))
    if len(made) > MAX_KEPT_BYTES:
        raise MalformedImprint("it has more noise than a seal")
    return made
