"""The glyph check: nobody gets another person's character, and nothing is drawn in silence."""

from dataclasses import replace

import pytest
from tests.paper.reading import picture_of, text_of
from tests.paper.samples import FATHER, MOTHER, Item, certificate, content, person

from daicho.paper.fonts import FontFile, NoFont, find_fonts
from daicho.paper.glyphs import GlyphMissing, MissingGlyph, missing_glyphs, repertoire
from daicho.paper.typesetting import Typesetter, is_specimen, render
from daicho.rules.certificates.content import CertificateKind

PLAIN, SEQUENCE, OTHER = "葛", "葛\U000e0102", "葛\U000e0103"
ADOBE_JAPAN = "葛\U000e0100"  # what a keyboard gives; the font has it not


def _named(name: str):
    return certificate(content(CertificateKind.PERSONAL_COPY, (replace(FATHER, name=name, items=()),), None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SEQUENCE, OTHER),
        ("辻\U000e0102", "辻\U000e0103"),
        ("神", "\ufa19"),
        ("崎", "﨑"),
        ("高", "髙"),
        ("吉", "𠮷"),
        ("邉", "邊"),
    ],
)
def test_two_forms_of_a_character_are_drawn_differently(fonts, one, other) -> None:
    first, again, second = (picture_of(render(_named(name), fonts)) for name in (one, one, other))
    assert first == again
    assert first != second


def test_a_sequence_at_the_end_of_a_line_and_before_kana_keeps_its_form(fonts) -> None:
    """An old fault of typesetters: the selector is lost where a run of text ends."""
    text = text_of(render(_named(f"西{OTHER}"), fonts))
    assert f"西{OTHER}" in text
    assert picture_of(render(_named(f"西{OTHER}"), fonts)) != picture_of(
        render(_named(f"西{SEQUENCE}"), fonts)
    )


def test_a_sequence_that_the_font_lacks_stops_the_paper(fonts) -> None:
    paper = _named(f"{ADOBE_JAPAN}西　太郎")
    with pytest.raises(GlyphMissing) as stopped:
        render(paper, fonts)
    assert stopped.value.missing == (MissingGlyph(ADOBE_JAPAN, 0, "name"),)
    assert stopped.value.missing[0].code_points == "U+845B U+E0100"
    assert "西" not in str(stopped.value)


def test_everything_missing_is_told_with_its_place(fonts) -> None:
    odd = person("한　太郎", "ハン", (Item.PREVIOUS_ADDRESS, "\ue000町한"), (Item.ALIAS, None))
    what = content(people=(FATHER, odd), householder=f"{ADOBE_JAPAN}西")
    assert missing_glyphs(what, fonts, issuer="辻\U000e0100") == (
        MissingGlyph(ADOBE_JAPAN, None, "householder_name"),
        MissingGlyph("한", 1, "name"),
        MissingGlyph("\ue000", 1, "PREVIOUS_ADDRESS"),
        MissingGlyph("한", 1, "PREVIOUS_ADDRESS"),
        MissingGlyph("辻\U000e0100", None, "issuer"),
    )
    assert missing_glyphs(content(), fonts) == ()


def test_an_issuer_whose_own_name_cannot_be_drawn_issues_nothing(fonts) -> None:
    with pytest.raises(GlyphMissing):
        render(replace(certificate(), issuer_name=f"{ADOBE_JAPAN}西"), fonts)


def test_without_the_residents_font_every_paper_is_a_specimen(fallback) -> None:
    assert not fallback.may_issue
    pdf = render(certificate(), fallback)
    assert is_specimen(pdf)
    assert "見本この用紙は証明書として使うことができません" in text_of(pdf)


def test_a_specimen_shows_a_stand_in_for_what_it_cannot_draw(fonts) -> None:
    """A specimen is for looking at: the plain character, or a type that says that there is none."""
    paper = replace(_named(f"{ADOBE_JAPAN}西　한"), specimen=True)
    text = text_of(render(paper, fonts))
    assert "葛西" in text
    assert "〓" in text


def test_what_is_issued_is_no_specimen(fonts) -> None:
    assert not is_specimen(render(certificate(), fonts))
    assert is_specimen(render(replace(certificate(), specimen=True), fonts))


def test_a_name_that_speaks_of_the_mark_makes_no_specimen_and_hides_none(fonts) -> None:
    assert not is_specimen(render(_named("daicho-specimen"), fonts))


def test_the_fonts_own_tables_are_what_the_check_reads(fonts, fallback) -> None:
    ipamj, noto = repertoire(fonts), repertoire(fallback)
    assert all(ipamj.shows(one) for one in ("髙", "﨑", "𠮟", "𠮷", "祁", "\ufa19", SEQUENCE, OTHER))
    assert not ipamj.shows(ADOBE_JAPAN)
    assert noto.shows(ADOBE_JAPAN)
    assert not noto.shows(SEQUENCE)
    assert ipamj.lacking("あ　い\nう") == ()


def test_a_second_font_adds_characters_and_takes_no_sequence_over(fonts, fallback) -> None:
    """The first font that has the plain character draws the sequence too, rightly or not."""
    both = repertoire(replace(fonts, files=(*fonts.files, *fallback.files)))
    assert both.shows("한")
    assert not both.shows(ADOBE_JAPAN)


def test_another_font_under_the_name_of_the_residents_is_not_taken(tmp_path, fallback) -> None:
    (tmp_path / "ipamjm.ttf").write_bytes(fallback.files[0].file.read_bytes())
    with pytest.raises((NoFont, ValueError)):
        Typesetter(find_fonts(characters=tmp_path))


def test_without_any_font_nothing_starts(tmp_path) -> None:
    with pytest.raises(NoFont):
        find_fonts(characters=tmp_path, fallback=tmp_path)
    assert find_fonts(additional=(FontFile("MJ+", tmp_path / "x.ttf"),)).files[1].family == "MJ+"


def test_two_people_with_forms_of_one_name_keep_them_on_one_paper(fonts) -> None:
    people = (replace(FATHER, name=SEQUENCE), replace(MOTHER, name=OTHER))
    text = text_of(render(certificate(content(people=people, householder=None)), fonts))
    assert text.count(OTHER) == 1


def test_a_paper_of_a_training_copy_says_so_on_every_page_and_is_no_certificate(fonts) -> None:
    pdf = render(replace(_named("架空　花子"), training=True), fonts)
    assert is_specimen(pdf)
    assert "研修用この用紙は証明書として使うことができません" in text_of(pdf)
    assert "見本この用紙" not in text_of(pdf)
