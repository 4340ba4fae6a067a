"""The pictures of a paper: the code is readable, the ground betrays a copy, the seal is a demonstration's."""

import zlib
from dataclasses import replace
from importlib.resources import files

import pytest
import zxingcpp
from tests.paper.reading import Picture, picture_of, text_of
from tests.paper.samples import certificate

from daicho.paper.pictures import ground_tile, seal_columns
from daicho.paper.typesetting import render


def _codes_on(picture: Picture) -> list[str]:
    dots = memoryview(picture.dots).cast("B", shape=[picture.height, picture.width])
    return [one.text for one in zxingcpp.read_barcodes(dots)]


@pytest.mark.parametrize("text", ["x", "https://cs.m131016.example/verify?n=1", "町" * 120, "A" * 500])
def test_the_code_is_read_from_the_printed_page(fonts, text) -> None:
    page = picture_of(render(replace(certificate(), verification=text), fonts), 300)
    assert _codes_on(page) == [text]


def test_the_ground_on_the_pages_is_the_one_that_is_described() -> None:
    assert (files("daicho.paper") / "templates" / "ground.png").read_bytes() == ground_tile()


def _rows_of(png: bytes) -> list[str]:
    """The dots of a picture of one bit."""
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    packed = zlib.decompress(png[start + 4 : start + 4 + length])
    wide = 1056 // 8 + 1
    return [
        f"{int.from_bytes(packed[at + 1 : at + wide], 'big'):01056b}" for at in range(0, len(packed), wide)
    ]


def test_a_copier_of_half_the_fineness_keeps_the_letters_and_loses_the_field() -> None:
    """What the pattern rests on: the same tint to the eye, other dots to a machine."""
    rows = _rows_of(ground_tile())
    survived = set()
    for line in range(0, 1056, 12):
        for column in range(0, 1056, 12):
            cell = [row[column : column + 12] for row in rows[line : line + 12]]
            assert sum(row.count("1") for row in cell) == 9
            seen = sum(
                (cell[y][x : x + 2] + cell[y + 1][x : x + 2]).count("1") >= 2
                for y in range(0, 12, 2)
                for x in range(0, 12, 2)
            )
            if seen:
                survived.add((line // 12, column // 12))
    mask = (files("daicho.paper") / "templates" / "ground.txt").read_text("ascii")
    assert len(survived) == 2 * mask.count("#")


@pytest.mark.parametrize(
    ("title", "across", "down"),
    [("東京都千代田区長", 3, 3), ("札幌市長", 2, 3), ("北海道勇払郡むかわ町長", 3, 4), ("見本県知事", 2, 3)],
)
def test_a_seal_is_filled_with_the_office_and_reads_from_the_right(title, across, down) -> None:
    columns = seal_columns(title)
    assert "".join(map("".join, columns)).startswith(title)
    assert len(columns) == across
    assert {len(column) for column in columns} == {down}


@pytest.mark.parametrize("length", range(1, 41))
def test_every_title_finds_a_seal(length) -> None:
    columns = seal_columns("市" * length)
    assert sum(map(len, columns)) > length
    assert all(len(columns[0]) >= len(column) for column in columns)


def test_a_demonstration_does_not_seal_as_a_real_office(fonts) -> None:
    assert "見本印" in text_of(render(certificate(), fonts))
