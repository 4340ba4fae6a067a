"""Pictures of characters as a town draws them: an outline as SVG or dots as PNG, read strictly, written anew.

Nothing of a file is passed on but what was understood: a path's commands, or the dots. So a picture holds no script, no
address, no text, and no trick of another reader.
"""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from xml.etree import ElementTree as ET

from daicho.paper.png import SIGNATURE, MalformedPng, Png, chunk, inflated, read_png, write_png

MAX_PICTURE_BYTES = 64 * 1024
MAX_SIDE_DOTS = 512
MAX_PATHS = 64
MAX_PATH_WORDS = 20_000
MAX_NESTING = 16
MAX_VIEW_CHARS = 200
_MOST_UNLIKE_SQUARE = 2.0
_MAX_COORDINATE = 100_000.0
_FILTERS = 5
_PALETTE = 3  # the colour type whose dots are places in a table of colours
_WITHOUT_CLEARNESS = (0, 2, 3)  # colour types whose dots do not say how clear they are
_MAX_COLOURS_BYTES, _MAX_CLEAR_BYTES = 768, 256
# A digit belongs to one part of this only: what could be read in two ways would take for ever on a long row of them.
_NUMBER = "[-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
_WORD = re.compile(f"[\\s,]*([MmLlHhVvCcSsQqTtAaZz]|{_NUMBER})")
_VIEW = re.compile(f"\\s*({_NUMBER})[\\s,]+({_NUMBER})[\\s,]+({_NUMBER})[\\s,]+({_NUMBER})\\s*")
_OPERANDS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_SVG = "{http://www.w3.org/2000/svg}"
_ARC_FLAGS = (3, 4)


class PictureUnreadable(ValueError):
    """Not a picture of this kind, or beyond a limit; the message says what, and repeats nothing."""


@dataclass(frozen=True, slots=True)
class CharacterPicture:
    """A picture as it was understood and written anew: its kind, "svg" or "png", and its bytes."""

    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        """Name it by its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def media_type(self) -> str:
        """Name its kind as a browser wants it."""
        return "image/svg+xml" if self.kind == "svg" else "image/png"

    def as_svg(self) -> str:
        """Give it as SVG; dots are wrapped."""
        if self.kind == "svg":
            return self.content.decode()
        head = read_png(self.content, most_dots=MAX_SIDE_DOTS).head
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 {head.width} {head.height}"><image width="{head.width}" height="{head.height}" '
            f'xlink:href="data:image/png;base64,{b64encode(self.content).decode()}"/></svg>'
        )


def picture_of_text(written: str) -> CharacterPicture:
    """Give a character that is written as a picture, for a screen whose fonts have it."""
    made = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><text x="50" y="86" text-anchor="middle" '
        f'font-size="98" font-family="IPAmjMincho,serif">{escape(written)}</text></svg>'
    )
    return CharacterPicture("svg", made.encode())


def read_picture(content: bytes) -> CharacterPicture:
    """Read what somebody drew, whichever of the two kinds it is. Raises: PictureUnreadable."""
    if not content or len(content) > MAX_PICTURE_BYTES:
        raise PictureUnreadable("empty or too long")
    if content.startswith(SIGNATURE):
        return CharacterPicture("png", _png(content))
    return CharacterPicture("svg", _svg(content))


def _png(content: bytes) -> bytes:
    try:
        png = read_png(content, most_dots=MAX_SIDE_DOTS)
        rows = inflated(png)
    except MalformedPng as problem:
        raise PictureUnreadable(str(problem)) from problem
    head, colours = png.head, png.bodies(b"PLTE")
    _check_side(head.width, head.height, MAX_SIDE_DOTS)
    if len(colours) > 1 or (head.colour == _PALETTE and not colours) or not all(map(_is_table, colours)):
        raise PictureUnreadable("the table of colours")
    if any(rows[start] >= _FILTERS for start in range(0, len(rows), head.line_bytes + 1)):
        raise PictureUnreadable("an unknown filter")
    return write_png(head, rows, *(chunk(b"PLTE", one) for one in colours), *_clear(png))


def _is_table(colours: bytes) -> bool:
    return len(colours) % 3 == 0 and len(colours) <= _MAX_COLOURS_BYTES


def _clear(png: Png) -> list[bytes]:
    """Give the part that says which colours are clear, where there can be one."""
    if png.head.colour not in _WITHOUT_CLEARNESS:
        return []
    return [chunk(b"tRNS", one) for one in png.bodies(b"tRNS")[:1] if len(one) <= _MAX_CLEAR_BYTES]


def _check_side(width: float, height: float, most: float) -> None:
    if not (0 < width <= most and 0 < height <= most):
        raise PictureUnreadable("width and height")
    if max(width, height) > _MOST_UNLIKE_SQUARE * min(width, height):
        raise PictureUnreadable("a character is nearly square")


def _svg(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise PictureUnreadable("neither PNG nor UTF-8") from problem
    # Without declarations and references there is nothing that XML could fetch or unfold.
    if "<!" in text or "&" in text or text.count("<?") > 1:
        raise PictureUnreadable("declarations, comments and references")
    try:
        root = ET.fromstring(text)  # noqa: S314 - nothing can be declared, and the length is limited
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise PictureUnreadable("not XML") from problem
    if root.tag != f"{_SVG}svg":
        raise PictureUnreadable("not SVG")
    view = _VIEW.fullmatch(root.get("viewBox", "")[:MAX_VIEW_CHARS])
    if view is None:
        raise PictureUnreadable("a viewBox is needed")
    left, top, width, height = map(float, view.groups())
    _check_side(width, height, _MAX_COORDINATE)
    if max(abs(left), abs(top)) > _MAX_COORDINATE:
        raise PictureUnreadable("the viewBox")
    paths = _paths(root)
    drawn = "".join(f'<path{rule} d="{words}"/>' for rule, words in paths)
    numbers = " ".join(_number(one) for one in (left, top, width, height))
    made = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{numbers}">{drawn}</svg>'.encode()
    if len(made) > MAX_PICTURE_BYTES:
        raise PictureUnreadable("too long")
    return made


def _paths(root: ET.Element) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    words_left = MAX_PATH_WORDS
    waiting = [(root, 0, False)]
    while waiting:
        element, depth, even = waiting.pop()
        if depth > MAX_NESTING or element.get("transform") or element.get("style"):
            raise PictureUnreadable("nested too deep, moved or styled")
        even = element.get("fill-rule", "evenodd" if even else "nonzero") == "evenodd"
        if element.tag == f"{_SVG}path":
            if element.get("fill") == "none" or len(element):
                raise PictureUnreadable("a path that is not filled")
            words = _words(element.get("d", ""), words_left)
            words_left -= len(words)
            found.append((' fill-rule="evenodd"' if even else "", " ".join(words)))
        elif element.tag in (f"{_SVG}svg", f"{_SVG}g"):
            if element is not root and element.tag == f"{_SVG}svg":
                raise PictureUnreadable("a picture within a picture")
            waiting += [(one, depth + 1, even) for one in reversed(element)]
        elif element.tag not in (f"{_SVG}title", f"{_SVG}desc", f"{_SVG}metadata"):
            raise PictureUnreadable("something other than paths")
    if not 0 < len(found) <= MAX_PATHS:
        raise PictureUnreadable("no paths, or too many")
    return found


def _words(data: str, most: int) -> list[str]:
    """Read the commands of a path: each with as many numbers as it needs, once or several times."""
    words: list[str] = []
    place = 0
    data = data.strip()
    while place < len(data):
        match = _WORD.match(data, place)
        if match is None or len(words) >= most:
            raise PictureUnreadable("a path")
        words.append(match[1])
        place = match.end()
    starts = [spot for spot, word in enumerate(words) if word.isalpha()]
    if not starts or starts[0] != 0 or words[0] not in "Mm":
        raise PictureUnreadable("a path begins with a place")
    made: list[str] = []
    for start, end in pairwise((*starts, len(words))):
        command, numbers = words[start], [float(one) for one in words[start + 1 : end]]
        needed = _OPERANDS[command.upper()]
        fits = not numbers if not needed else bool(numbers) and len(numbers) % needed == 0
        if not fits or any(not abs(one) <= _MAX_COORDINATE for one in numbers):
            raise PictureUnreadable("the numbers of a path")
        if command in "Aa" and any(
            numbers[spot] not in (0, 1) for spot in range(len(numbers)) if spot % needed in _ARC_FLAGS
        ):
            raise PictureUnreadable("the flags of an arc")
        made += [command, *map(_number, numbers)]
    return made


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
