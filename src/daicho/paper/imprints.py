"""The print of a seal: a scanned PNG read under limits, cut to its ink, and written anew in a form of our own.

Only plain pictures are read: at most 128 KB and 1,000 dots a side, not interlaced, with the number of dots a metre
(pHYs). What is kept holds grey dots and that number and nothing else of what was handed in.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from daicho.paper.pictures import png_chunk

MAX_BYTES = 128 * 1024
MAX_KEPT_BYTES = 200_000
MAX_SIDE = 1_000
MAX_PLAIN_BYTES = 1_200_000
# 150 to 1,270 dots an inch: below, a seal is no more than a shadow.
LEAST_PER_METRE, MOST_PER_METRE = 5_900, 50_000
_MAX_CHUNKS = 400
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_METRE = 1
_INK_BELOW = 160  # of 255: darker dots are ink
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8), 4: (8,), 6: (8,)}
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


@dataclass(frozen=True, slots=True)
class _Head:
    width: int
    height: int
    depth: int
    colour: int

    @property
    def bits(self) -> int:
        """Tell how many bits a dot takes."""
        return self.depth * _CHANNELS[self.colour]

    @property
    def line_bytes(self) -> int:
        """Tell how many bytes a line takes, without the byte of its filter."""
        return (self.width * self.bits + 7) // 8


def read_imprint(content: bytes) -> Imprint:
    """Read a scanned seal, cut it to its ink and write it anew. Raises: MalformedImprint."""
    if len(content) > MAX_BYTES or not content.startswith(_SIGNATURE):
        raise MalformedImprint("not a PNG of the size allowed")
    chunks = list(_chunks(content))
    head = _head(chunks)
    per_metre = _per_metre(chunks)
    palette = next((held for kind, held in chunks if kind == b"PLTE"), b"")
    lines = _grey(head, _unpack(head, b"".join(held for kind, held in chunks if kind == b"IDAT")), palette)
    top, bottom, left, right = _ink(lines)
    from_, to = max(0, left - _MARGIN), min(head.width, right + 1 + _MARGIN)
    cut = [line[from_:to] for line in lines[max(0, top - _MARGIN) : bottom + 1 + _MARGIN]]
    return Imprint(_written(cut, per_metre), right - left + 1, bottom - top + 1, per_metre)


def size_of(png: bytes) -> tuple[float, float]:
    """Give the width and height of a kept print in millimetres. Raises: MalformedImprint."""
    if len(png) > MAX_KEPT_BYTES or not png.startswith(_SIGNATURE):
        raise MalformedImprint("not a PNG of the size allowed")
    chunks = list(_chunks(png))
    head, per_metre = _head(chunks), _per_metre(chunks)
    return head.width * 1000 / per_metre, head.height * 1000 / per_metre


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if at + 12 > len(content):
            raise MalformedImprint("the file ends too early")
        (length,) = struct.unpack_from(">I", content, at)
        kind, held = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(content):
            raise MalformedImprint("the file ends too early")
        if struct.unpack_from(">I", content, at - 4)[0] != zlib.crc32(kind + held):
            raise MalformedImprint("a part is damaged")
        if kind == b"IEND":
            if at != len(content):
                raise MalformedImprint("something follows the picture")
            return
        yield kind, held
    raise MalformedImprint("too many parts")


def _head(chunks: list[tuple[bytes, bytes]]) -> _Head:
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise MalformedImprint("no head")
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise MalformedImprint("more dots than are read")
    if depth not in _DEPTHS.get(colour, ()) or (packing, filtering, interlaced) != (0, 0, 0):
        raise MalformedImprint("a form that is not read")
    return _Head(width, height, depth, colour)


def _per_metre(chunks: list[tuple[bytes, bytes]]) -> int:
    held = next((held for kind, held in chunks if kind == b"pHYs"), b"")
    if len(held) != 9:
        raise MalformedImprint("it does not say how fine it is")
    across, down, unit = struct.unpack(">IIB", held)
    if unit != _METRE or across != down or not LEAST_PER_METRE <= across <= MOST_PER_METRE:
        raise MalformedImprint("it does not say how fine it is")
    return int(across)


def _unpack(head: _Head, packed: bytes) -> bytes:
    """Unpack exactly the bytes that the head tells of, whatever the packed ones would come to."""
    wanted = (head.line_bytes + 1) * head.height
    if wanted > MAX_PLAIN_BYTES:
        raise MalformedImprint("more dots than are read")
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, wanted + 1)
    except zlib.error as error:
        raise MalformedImprint("its dots are damaged") from error
    if len(plain) != wanted:
        raise MalformedImprint("its dots are not as many as it says")
    return plain


def _lines(head: _Head, plain: bytes) -> Iterator[bytes]:
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


def _grey(head: _Head, plain: bytes, palette: bytes) -> list[bytes]:
    """Give each line as one grey byte a dot; what is transparent lies on white paper."""
    lines = list(_lines(head, plain))
    if head.colour in (0, 3):
        if head.colour == 3 and (not palette or len(palette) % 3):
            raise MalformedImprint("no palette")
        table = _table(head, palette)
        return [_spread(line, head).translate(table) for line in lines]
    return [_mixed(line, _CHANNELS[head.colour]) for line in lines]


def _table(head: _Head, palette: bytes) -> bytes:
    if head.colour == 0:
        most = (1 << head.depth) - 1
        return bytes(min(255, value * 255 // most) for value in range(256))
    greys = [_luma(*palette[at : at + 3]) for at in range(0, len(palette), 3)]
    return bytes(greys[value] if value < len(greys) else 255 for value in range(256))


def _spread(line: bytes, head: _Head) -> bytes:
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
    width, height = len(lines[0]), len(lines)
    packed = zlib.compress(b"".join(b"\x00" + line.translate(shades) for line in lines), 9)
    made = b"".join((
        _SIGNATURE,
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        png_chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, _METRE)),
        png_chunk(b"IDAT", packed),
        png_chunk(b"IEND", b""),
    ))  # fmt: skip
    if len(made) > MAX_KEPT_BYTES:
        raise MalformedImprint("it has more noise than a seal")
    return made
