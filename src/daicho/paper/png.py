"""PNG as it is read and written here: cut into parts whose sums are right, its dots as many as its head tells."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 400
MAX_PLAIN_BYTES = 1_200_000
# Samples of a dot by colour type: grey, colours, a table of colours, and the first two with transparency.
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8), 4: (8,), 6: (8,)}
_HEAD = struct.Struct(">IIBBBBB")
_WORD = struct.Struct(">I")
_AROUND_BYTES = 12  # of a part: its length, its kind, its sum
_UNDERSTOOD = frozenset({b"IHDR", b"PLTE", b"IDAT"})
_MAY_BE_PASSED_OVER = 0x20  # this bit of the first letter says so


class MalformedPng(ValueError):
    """Not a PNG that is read here; the message names what is wrong, never the content."""


@dataclass(frozen=True, slots=True)
class PngHead:
    """How many dots there are across and down, and how each is written; lines are not interlaced."""

    width: int
    height: int
    depth: int
    colour: int

    @property
    def bits(self) -> int:
        """Tell how many bits a dot takes."""
        return self.depth * SAMPLES[self.colour]

    @property
    def line_bytes(self) -> int:
        """Tell how many bytes a line takes, without the byte of its filter."""
        return (self.width * self.bits + 7) // 8


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG cut into its parts: the head, and what stands between it and the end, each with its kind."""

    head: PngHead
    parts: tuple[tuple[bytes, bytes], ...]

    def bodies(self, kind: bytes) -> list[bytes]:
        """Give what all parts of a kind hold."""
        return [body for one, body in self.parts if one == kind]


def read_png(content: bytes, *, most_dots: int) -> Png:
    """Cut a PNG of at most so many dots a side into its parts. Raises: MalformedPng."""
    if not content.startswith(SIGNATURE):
        raise MalformedPng("not a PNG")
    (kind, body), *parts = [*_chunks(content)] or [(b"", b"")]
    if kind != b"IHDR" or len(body) != _HEAD.size or any(one == b"IHDR" for one, _ in parts):
        raise MalformedPng("no head, or several")
    width, height, depth, colour, packing, filtering, interlaced = _HEAD.unpack(body)
    if not (0 < width <= most_dots and 0 < height <= most_dots):
        raise MalformedPng("more dots than are read, or none")
    if depth not in _DEPTHS.get(colour, ()) or (packing, filtering, interlaced) != (0, 0, 0):
        raise MalformedPng("a form that is not read")
    return Png(PngHead(width, height, depth, colour), tuple(parts))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the parts before the end, which is the last; one that must be understood and is not stops it all."""
    at = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if at + _AROUND_BYTES > len(content):
            raise MalformedPng("the file ends too early")
        (length,) = _WORD.unpack_from(content, at)
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += _AROUND_BYTES + length
        if at > len(content):
            raise MalformedPng("the file ends too early")
        if _WORD.unpack_from(content, at - 4)[0] != zlib.crc32(kind + body):
            raise MalformedPng("a part is damaged")
        if kind == b"IEND":
            if at != len(content):
                raise MalformedPng("something follows the picture")
            return
        if kind not in _UNDERSTOOD and not kind[0] & _MAY_BE_PASSED_OVER:
            raise MalformedPng("a part that must be understood")
        yield kind, body
    raise MalformedPng("too many parts")


def inflated(png: Png) -> bytes:
    """Unpack exactly the bytes that the head tells of, whatever the packed ones would come to. Raises: MalformedPng."""
    wanted = (png.head.line_bytes + 1) * png.head.height
    if wanted > MAX_PLAIN_BYTES:
        raise MalformedPng("more dots than are read")
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(b"".join(png.bodies(b"IDAT")), wanted + 1)
    except zlib.error as problem:
        raise MalformedPng("its dots are damaged") from problem
    if len(plain) != wanted or not unpacker.eof or unpacker.unconsumed_tail:
        raise MalformedPng("its dots are not as many as it says")
    return plain


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write one part of a PNG: its length, its kind, what it holds, its sum."""
    return _WORD.pack(len(body)) + kind + body + _WORD.pack(zlib.crc32(kind + body))


def write_png(head: PngHead, plain: bytes, *between: bytes) -> bytes:
    """Write a PNG of lines, each behind the byte of its filter; `between` are whole parts that stand before them."""
    shape = _HEAD.pack(head.width, head.height, head.depth, head.colour, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(plain, 9))
    return b"".join((SIGNATURE, chunk(b"IHDR", shape), *between, packed, chunk(b"IEND", b"")))
