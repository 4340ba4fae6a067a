"""PNG: what is written is read again, and nothing is read that is damaged, too long, or not understood."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.paper.png import SIGNATURE, MalformedPng, PngHead, chunk, inflated, read_png, write_png

HEAD = PngHead(9, 3, 1, 0)
LINES = b"\x00\xff\x80" * 3
GOOD = write_png(HEAD, LINES)


@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from([(1, 0), (8, 0), (4, 3), (8, 2), (8, 4), (8, 6)])
)
def test_what_is_written_is_read_again(width: int, height: int, form: tuple[int, int]) -> None:
    head = PngHead(width, height, *form)
    plain = bytes(range(256)) * 70
    lines = plain[: (head.line_bytes + 1) * height]
    read = read_png(write_png(head, lines, chunk(b"tEXt", b"a\x00b")), most_dots=40)
    assert (read.head, inflated(read), read.bodies(b"tEXt")) == (head, lines, [b"a\x00b"])


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_bit_that_is_altered_anywhere_is_noticed(place: int, by: int) -> None:
    altered = bytes(one ^ by if at == place else one for at, one in enumerate(GOOD))
    with pytest.raises(MalformedPng):
        inflated(read_png(altered, most_dots=40))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (b"", "not a PNG"),
        (SIGNATURE, "too early"),
        (GOOD[:-1], "too early"),
        (GOOD + b"\x00", "follows"),
        (SIGNATURE + chunk(b"IEND", b""), "no head"),
        (SIGNATURE + chunk(b"tEXt", b"") + GOOD[len(SIGNATURE) :], "no head"),
        (write_png(HEAD, LINES, GOOD[len(SIGNATURE) : len(SIGNATURE) + 25]), "several"),
        (write_png(HEAD, LINES, chunk(b"JDAT", b"")), "understood"),
        (write_png(HEAD, LINES, chunk(b"tEXt", b"") * 500), "too many"),
        (write_png(PngHead(41, 3, 1, 0), LINES), "more dots"),
        (write_png(PngHead(0, 3, 1, 0), LINES), "none"),
        (write_png(PngHead(9, 3, 8, 5), LINES), "a form"),
        (write_png(HEAD, LINES[:-1]), "as many"),
        (write_png(HEAD, LINES + b"\x00"), "as many"),
        (write_png(HEAD, bytes(10_000_000)), "as many"),
    ],
)
def test_what_is_no_png_of_ours_is_refused(wrong: bytes, words: str) -> None:
    with pytest.raises(MalformedPng, match=words):
        inflated(read_png(wrong, most_dots=40))


def test_dots_that_end_without_their_sum_are_refused() -> None:
    cut = zlib.compress(LINES)[:-4]
    parts = (chunk(b"IHDR", GOOD[16:29]), chunk(b"IDAT", cut), chunk(b"IEND", b""))
    with pytest.raises(MalformedPng, match="as many"):
        inflated(read_png(SIGNATURE + b"".join(parts), most_dots=40))
