"""A town's own characters on paper: by their picture, by their counterpart, or not at all; and how pictures are read."""

import struct
import zlib
from dataclasses import replace

import pytest
from tests.paper.reading import picture_of, text_of
from tests.paper.samples import FATHER, certificate, content

from daicho.paper.certificate import MalformedCertificate, OwnGlyph
from daicho.paper.glyphs import GlyphMissing, printed_characters
from daicho.paper.outlines import MAX_PICTURE_BYTES, PictureUnreadable, read_picture
from daicho.paper.typesetting import render
from daicho.rules.certificates.content import CertificateKind

OWN, OTHER = "\ue001", "\ue002"
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M1 1H9V9H1Z"/></svg>'
CROSS = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M4 0h2v10h-2zM0 4h10v2h-10z"/></svg>'


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 16, height: int = 16, rows: bytes | None = None, *extra: bytes, **head: int) -> bytes:
    header = struct.pack(
        ">IIBBBBB",
        width,
        height,
        head.get("depth", 1),
        head.get("colour", 0),
        0,
        0,
        head.get("interlaced", 0),
    )
    dots = (b"\0" + b"\xf0" * ((width + 7) // 8)) * height if rows is None else rows
    return b"".join((
        b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(dots)), chunk(b"IEND", b""),
    ))  # fmt: skip


def paper(name: str, *own: OwnGlyph):
    what = content(CertificateKind.PERSONAL_COPY, (replace(FATHER, name=name, items=()),), None)
    return replace(certificate(what), own=own)


def drawn(content_: bytes, character: str = OWN) -> OwnGlyph:
    return OwnGlyph(character, read_picture(content_).as_svg())


def test_an_own_character_without_picture_and_counterpart_stops_the_paper(fonts) -> None:
    with pytest.raises(GlyphMissing) as stopped:
        render(paper(f"渡{OWN}{OTHER}", drawn(SQUARE)), fonts)
    assert [one.character for one in stopped.value.missing] == [OTHER]


@pytest.mark.parametrize("picture", [SQUARE, png()])
def test_a_picture_is_printed_where_the_character_stands(fonts, picture: bytes) -> None:
    own = drawn(picture)
    made = render(paper(f"渡{OWN}　太郎", own), fonts)
    assert made == render(paper(f"渡{OWN}　太郎", own), fonts)
    assert picture_of(made) != picture_of(render(paper(f"渡{OWN}　太郎", drawn(CROSS)), fonts))
    text = text_of(made)
    assert "渡" in text
    assert "太郎" in text
    assert OWN not in text


def test_without_a_picture_the_counterpart_is_printed(fonts) -> None:
    made = render(paper(f"渡{OWN}　太郎", OwnGlyph(OWN, written="葛\U000e0103")), fonts)
    assert picture_of(made) == picture_of(render(paper("渡葛\U000e0103　太郎"), fonts))


def test_a_counterpart_that_the_fonts_lack_stops_the_paper(fonts) -> None:
    with pytest.raises(GlyphMissing):
        render(paper(f"渡{OWN}", OwnGlyph(OWN, written="葛\U000e0100")), fonts)


def test_a_sequence_of_an_own_character_is_another_character(fonts) -> None:
    """The picture of the character alone would be another person's."""
    sequence = f"{OWN}\U000e0100"
    both = paper(f"渡{sequence}{OWN}", drawn(SQUARE), drawn(CROSS, sequence))
    other = paper(f"渡{OWN}{sequence}", drawn(CROSS), drawn(SQUARE, sequence))
    assert picture_of(render(both, fonts)) == picture_of(render(other, fonts))
    with pytest.raises(GlyphMissing):
        render(paper(f"渡{sequence}", drawn(SQUARE)), fonts)


def test_a_paper_without_own_characters_is_the_same_as_before(fonts) -> None:
    assert picture_of(render(paper("渡邉　太郎", drawn(SQUARE)), fonts)) == picture_of(
        render(paper("渡邉　太郎"), fonts)
    )


def test_an_own_character_that_says_nothing_is_refused() -> None:
    with pytest.raises(MalformedCertificate):
        paper("渡", OwnGlyph(OWN))


def test_a_specimen_draws_it_too(fonts) -> None:
    what = replace(paper(f"渡{OWN}　太郎", drawn(SQUARE)), specimen=True)
    other = replace(what, own=(drawn(CROSS),))
    assert picture_of(render(what, fonts)) != picture_of(render(other, fonts))


def test_every_character_of_a_paper_is_known_beforehand() -> None:
    assert {"渡", OWN, "葛\U000e0102"} <= printed_characters(paper(f"渡{OWN}葛\U000e0102").content)


# pictures


def test_nothing_of_an_outline_is_passed_on_but_its_paths() -> None:
    full = (
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0,0 10 10" onload="x()" width="9">'
        b'<title>name</title><g fill-rule="evenodd"><path id="p" class="c" d=" M 1,1 h8 v-.5e1 z"/></g></svg>'
    )
    made = read_picture(full)
    assert made.kind == "svg"
    assert made.content == (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path fill-rule="evenodd" d="M 1 1 h 8 v -5 z"/></svg>'
    )
    assert read_picture(made.content) == made
    assert made.media_type == "image/svg+xml"


def test_nothing_of_a_png_is_passed_on_but_its_dots() -> None:
    made = read_picture(png(16, 16, None, chunk(b"tEXt", b"Comment\0who drew it"), chunk(b"pHYs", b"\0" * 9)))
    assert made == read_picture(png())
    assert b"tEXt" not in made.content
    assert read_picture(made.content) == made
    assert made.media_type == "image/png"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


@pytest.mark.parametrize(
    "content_",
    [
        b"",
        b"<svg/>",
        b"\xff\xfe",
        b"not a picture",
        b"x" * (MAX_PICTURE_BYTES + 1),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SQUARE,
        SVG.format("").encode(),
        SVG.format('<path d=""/>').encode(),
        SVG.format('<path d="L1 1"/>').encode(),
        SVG.format('<path d="M1"/>').encode(),
        SVG.format('<path d="M1 1 Z1"/>').encode(),
        SVG.format('<path d="M1 1e9"/>').encode(),
        SVG.format('<path d="M1 1 A1 1 0 2 0 1 1"/>').encode(),
        SVG.format('<path d="M1 1 url(x)"/>').encode(),
        SVG.format('<path fill="none" d="M1 1H2"/>').encode(),
        SVG.format('<path transform="scale(2)" d="M1 1H2"/>').encode(),
        SVG.format('<path style="fill:url(#a)" d="M1 1H2"/>').encode(),
        SVG.format('<script>x</script><path d="M1 1H2"/>').encode(),
        SVG.format('<image href="http://example.org/a.png"/>').encode(),
        SVG.format("<g>" * 20 + '<path d="M1 1H2"/>' + "</g>" * 20).encode(),
        SVG.format('<path d="M1 1H2"/>' * 65).encode(),
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><path d="M1 1H2"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M1 1H2"/></svg>',
        png(513, 513),
        png(16, 100),
        png(0, 0),
        png(interlaced=1),
        png(depth=16),
        png(colour=3),
        png(16, 16, b"\x09\0\0" * 16),
        png(16, 16, b"\0\0\0" * 15),
        png(16, 16, b"\0\0\0" * 17),
        png(16, 16, b"\0" * 10_000_000),
        png()[:-5],
        png()[:40] + b"x" + png()[41:],
        png(16, 16, None, chunk(b"ABCD", b"")),
        png() + b"after",
    ],
)  # fmt: skip
def test_what_is_no_picture_of_a_character_is_refused(content_: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        read_picture(content_)
