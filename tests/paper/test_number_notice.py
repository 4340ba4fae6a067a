"""個人番号通知書と交付申請書 on paper: two sheets, the address alone in the window, the number once, every character or none."""

from dataclasses import replace

import pytest
from tests.paper import samples
from tests.paper.reading import pages_of, picture_of, text_of

from daicho.paper.glyphs import GlyphMissing
from daicho.paper.typesetting import is_specimen, render, says_number
from daicho.rules.certificates.content import LetterPlace, PrintedItem

UNKNOWN = "\U0002ebe1"
NUMBER = "１２３４５６７８９０１０"


@pytest.mark.requirement("R-191")
def test_the_notice_and_the_form_for_a_card_are_two_sheets_and_the_number_stands_on_the_first_alone(
    fonts,
) -> None:
    pdf = render(samples.number_notice(), fonts)
    assert pages_of(pdf) == 2
    notice, form = text_of(pdf, 1), text_of(pdf, 2)
    assert notice.count(NUMBER) == 1
    assert NUMBER not in form
    for words in (
        "個人番号通知書",
        "転送不要",
        "〒１００－０００５",
        "返還先",
        "通知書番号2026-00000123",
        "同封１／２",
    ):
        assert words in notice, words
    for words in (
        "交付申請書",
        "申請書ID12345678901234567890123",
        "顔写真",
        "交付場所",
        "女",
        "署名用電子証明書",
    ):
        assert words in form, words
    assert says_number(pdf, "2026-00000123")
    assert NUMBER.encode() not in pdf
    assert b"123456789010" not in pdf, "what a file says of itself names nobody"


def test_the_window_of_the_envelope_shows_the_address_and_nothing_else(fonts) -> None:
    drawn = picture_of(render(samples.number_notice(), fonts), dots_per_inch=100)
    dot = 25.4 / 100

    def ink(left, top, right, bottom) -> bool:
        rows = range(int(top / dot), int(bottom / dot))
        return any(
            min(drawn.dots[row * drawn.width + int(left / dot) : row * drawn.width + int(right / dot)]) < 128
            for row in rows
        )

    assert ink(18, 20, 110, 50)
    assert not ink(18, 56, 114, 68)
    assert not ink(111, 14, 124, 62)


def test_who_is_enclosed_has_no_address_on_the_sheet(fonts) -> None:
    text = text_of(render(samples.number_notice(None), fonts), 1)
    assert "丸の内中央住宅" not in text
    assert "様" not in text


@pytest.mark.parametrize("letters", [18, 60, 150, 310])
def test_the_longest_name_and_address_keep_to_their_two_sheets(fonts, letters) -> None:
    place = LetterPlace(("〒100-0005", "凪" * letters * 2), "葛" * letters)
    paper = samples.number_notice(place)
    (person,) = paper.content.people
    items = tuple(
        PrintedItem(one.item, "凪" * letters * 2) if one.item is samples.Item.ADDRESS else one
        for one in person.items
    )
    content = replace(paper.content, people=(replace(person, name="葛" * letters, items=items),))
    pdf = render(replace(paper, content=content), fonts)
    assert pages_of(pdf) == 2
    assert text_of(pdf, 1).count("凪") == letters * 2, "nothing of an address is cut"
    drawn = picture_of(pdf, dots_per_inch=100)
    dot = 25.4 / 100
    under = range(int(60 / dot), int(68 / dot))
    assert all(
        min(drawn.dots[row * drawn.width : row * drawn.width + int(114 / dot)]) >= 250 for row in under
    )


def test_a_character_that_no_font_has_stops_the_letter_wherever_it_stands(fonts) -> None:
    paper = samples.number_notice()
    (person,) = paper.content.people
    facts = paper.content.letter
    for changed in (
        replace(paper.content, people=(replace(person, name=UNKNOWN),)),
        replace(paper.content, people=(replace(person, name_reading=UNKNOWN),)),
        replace(paper.content, letter=replace(facts, place=replace(facts.place, name=UNKNOWN))),
        replace(paper.content, letter=replace(facts, rows=(("返還先", UNKNOWN), *facts.rows[1:]))),
    ):
        with pytest.raises(GlyphMissing):
            render(replace(paper, content=changed), fonts)


def test_without_the_residents_font_it_is_a_specimen_on_both_sheets(fallback) -> None:
    pdf = render(samples.number_notice(), fallback)
    assert is_specimen(pdf)
    assert ["見本" in text_of(pdf, page) for page in (1, 2)] == [True, True]
