"""The print of a seal: read under limits, cut to its ink, and on paper exactly as large as it is."""

import re
import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.paper import samples
from tests.paper.reading import picture_of, text_of

from daicho.paper.certificate import MalformedCertificate
from daicho.paper.imprints import MAX_BYTES, MalformedImprint, read_imprint, size_of
from daicho.paper.png import SIGNATURE, chunk
from daicho.paper.typesetting import render
from daicho.rules.certificates.content import CertificateKind

PER_METRE = 11_811  # 300 dots an inch


def png(lines, *, colour=0, depth=8, per_metre=PER_METRE, filters=None, width=None, more=b"", interlaced=0):
    """Write a picture by hand: lines of packed bytes, each behind the number of its filter."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    wide = width or len(lines[0]) * 8 // (depth * channels)
    packed = b"".join(bytes((filters[n] if filters else 0,)) + line for n, line in enumerate(lines))
    fine = chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)) if per_metre else b""
    head = struct.pack(">IIBBBBB", wide, len(lines), depth, colour, 0, 0, interlaced)
    return b"".join((
        SIGNATURE, chunk(b"IHDR", head), fine, more, chunk(b"IDAT", zlib.compress(packed)),
        chunk(b"IEND", b""),
    ))  # fmt: skip


def square(side=200, ink=120, dot=b"\x00", paper=b"\xff"):
    """A square of ink in the middle of paper."""
    edge = (side - ink) // 2
    blank = paper * side
    inked = paper * edge + dot * ink + paper * (side - ink - edge)
    return [inked if edge <= line < edge + ink else blank for line in range(side)]


@pytest.mark.parametrize(
    "picture",
    [
        png(square()),
        png(square(dot=b"\xc8\x32\x1f", paper=b"\xff\xff\xff"), colour=2),
        png(square(dot=b"\xc8\x32\x1f\xff", paper=b"\x00\x00\x00\x00"), colour=6),
        png(square(dot=b"\x00\xff", paper=b"\x00\x00"), colour=4),
        png(square(dot=b"\x01", paper=b"\x00"), colour=3, more=chunk(b"PLTE", b"\xff\xff\xff\xc8\x32\x1f")),
        png([int("".join("0" if dot == 0 else "1" for dot in line), 2).to_bytes(25, "big") for line in square()],
            depth=1),
    ],
    ids=["grey", "vermilion", "transparent", "grey with alpha", "palette", "one bit"],
)  # fmt: skip
def test_a_seal_is_measured_by_its_ink_in_whatever_plain_form_it_was_scanned(picture):
    seal = read_imprint(picture)
    assert (seal.across, seal.down, seal.per_metre) == (120, 120, PER_METRE)
    assert size_of(seal.png) == pytest.approx((128 / 11.811, 128 / 11.811))
    assert read_imprint(seal.png).across == 120


def _filtered(kind, line, before, step=1):
    made = bytearray()
    for at, value in enumerate(line):
        left = line[at - step] if at >= step else 0
        corner = before[at - step] if at >= step else 0
        guess = left + before[at] - corner
        paeth = min((left, before[at], corner), key=lambda one: abs(guess - one))
        made.append((value - (0, left, before[at], (left + before[at]) // 2, paeth)[kind]) & 255)
    return bytes(made)


@given(st.lists(st.integers(0, 4), min_size=60, max_size=60), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_every_filter_comes_off_again(kinds, chance):
    lines = [bytes(chance.choice((0, 0, 255, 90)) for _ in range(60)) for _ in range(60)]
    before, filtered = bytes(60), []
    for kind, line in zip(kinds, lines, strict=True):
        filtered.append(_filtered(kind, line, before))
        before = line
    assert read_imprint(png(filtered, filters=kinds)) == read_imprint(png(lines))


def test_dust_does_not_make_a_seal_larger():
    lines = square()
    lines[3] = lines[3][:5] + b"\x00" + lines[3][6:]
    assert read_imprint(png(lines)).across == 120


def test_nothing_of_what_was_handed_in_is_kept_but_grey_dots():
    secret = chunk(b"tEXt", b"Author\x00somebody")
    assert b"somebody" not in read_imprint(png(square(), more=secret)).png


GOOD = png(square())


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"<svg/>", GOOD[:-1], GOOD + b"x", GOOD[:60] + b"\x00\x00" + GOOD[62:],
        GOOD + b"\x00" * MAX_BYTES,
        png(square(), per_metre=0), png(square(), per_metre=2_000), png(square(), per_metre=60_000),
        png([b"\xff" * 50] * 50),
        png([b"\x00" * 1001] * 9),
        png(square(), width=300), png(square(), width=100),
        png(square(), interlaced=1),
        png(square(dot=b"\x00\x00", paper=b"\xff\xff"), depth=16),
        png(square(dot=b"\x01", paper=b"\x00"), colour=3),
        png(square(), filters=[9] * 200),
        png([b"\xff" * 4000] * 900, colour=6),
        png(square(), more=chunk(b"tIME", b"") * 500),
        png(square(), more=chunk(b"QUAD", b"")),
        png(square(), more=chunk(b"IHDR", struct.pack(">IIBBBBB", 200, 200, 8, 0, 0, 0, 0))),
    ],
)  # fmt: skip
def test_what_is_no_plain_picture_of_a_seal_is_refused(wrong):
    with pytest.raises(MalformedImprint):
        read_imprint(wrong)


def test_a_small_file_does_not_unpack_into_a_large_one():
    head = struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0)
    bomb = b"".join((
        SIGNATURE, chunk(b"IHDR", head), chunk(b"pHYs", struct.pack(">IIB", PER_METRE, PER_METRE, 1)),
        chunk(b"IDAT", zlib.compress(bytes(50_000_000), 9)), chunk(b"IEND", b""),
    ))  # fmt: skip
    assert len(bomb) < MAX_BYTES
    with pytest.raises(MalformedImprint, match="as many"):
        read_imprint(bomb)


@given(st.binary(max_size=400), st.integers(0, 300))
@settings(max_examples=150)
def test_whatever_the_bytes_a_reader_gives_a_seal_or_its_own_refusal(junk, at):
    for content in (junk, GOOD[:at] + junk + GOOD[at:], GOOD[:at] + junk + GOOD[at + len(junk) :]):
        try:
            assert read_imprint(content).across > 0
        except MalformedImprint:
            continue


@pytest.mark.parametrize("millimetres", [9, 15, 24])
def test_a_seal_stands_on_the_certificate_exactly_as_large_as_it_is(fonts, millimetres):
    ink = round(millimetres * PER_METRE / 1000)
    seal = read_imprint(png(square(ink + 40, ink)))
    what = samples.of_kind(CertificateKind.SEAL)
    pdf = render(replace(what, imprint=seal.png), fonts)
    page = picture_of(pdf, 300)
    rows = (page.dots[line * page.width : (line + 1) * page.width] for line in range(page.height))
    runs = [max(map(len, re.findall(b"\x00+", row)), default=0) for row in rows]
    inked = [run for run in runs if run > ink * 0.9]
    assert len(inked) / 300 * 25.4 == pytest.approx(millimetres, abs=0.3)
    assert max(inked[5:-5]) / 300 * 25.4 == pytest.approx(millimetres, abs=0.3)
    assert "印鑑登録証明書" in text_of(pdf)


def test_a_certificate_with_a_print_larger_than_any_seal_is_not_made():
    large = read_imprint(png(square(600, 500)))
    what = samples.of_kind(CertificateKind.SEAL)
    with pytest.raises(MalformedCertificate, match="larger"):
        replace(what, imprint=large.png)
