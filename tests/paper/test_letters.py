"""Letters, public notices and sheets to be filled in: what stands on them, where, and what does not."""

from dataclasses import replace

import pytest
from tests.paper import samples
from tests.paper.reading import pages_of, picture_of, text_of

from daicho.paper.certificate import MalformedCertificate
from daicho.paper.glyphs import GlyphMissing
from daicho.paper.typesetting import render
from daicho.rules.certificates.content import CORRESPONDENCE, CertificateKind, LetterFacts

K = CertificateKind
UNKNOWN = "\U0002ebe1"
BUNDLED = (K.PERSON_INQUIRY, K.REMINDER, K.SEAL_INQUIRY)


@pytest.mark.requirement("R-005")
def test_a_reminder_names_the_duty_its_last_day_and_the_fine(fonts) -> None:
    text = text_of(render(samples.of_kind(K.REMINDER), fonts))
    assert "転居届（住民基本台帳法第２３条）" in text
    assert "届出の期限令和８年１２月４日" in text
    assert "第５２条第２項" in text
    assert "過料" in text


@pytest.mark.requirement("R-005")
def test_a_public_notice_says_why_until_when_and_nothing_of_a_place_that_is_left_out(fonts) -> None:
    text = text_of(render(samples.of_kind(K.PUBLIC_NOTICE), fonts))
    assert "施行令第１２条第４項" in text
    assert "令和８年１２月４日まで" in text
    assert text.count("（省略）") == 1
    assert "様" not in text  # it is addressed to nobody


@pytest.mark.parametrize("kind", [K.PERSON_INQUIRY, K.ARRIVAL_INQUIRY, K.SEAL_INQUIRY])
def test_what_asks_has_a_sheet_of_its_own_for_the_answer_with_the_number_of_the_letter(fonts, kind) -> None:
    pdf = render(samples.of_kind(kind), fonts)
    assert pages_of(pdf) == 2
    assert "回答書" in text_of(pdf, 2)
    assert "整理番号第2026-00000123号" in text_of(pdf, 2)


def test_a_survey_sheet_and_a_guarantee_fit_on_one_page(fonts) -> None:
    for kind in (K.SURVEY_SHEET, K.SEAL_GUARANTEE):
        assert pages_of(render(samples.of_kind(kind), fonts)) == 1, kind


def test_the_power_to_ask_and_the_card_of_whoever_asks_stand_on_the_survey_sheet(fonts) -> None:
    text = text_of(render(samples.of_kind(K.SURVEY_SHEET), fonts))
    assert "第３４条第３項" in text
    assert "調査員証" in text


def test_only_a_certificate_lies_on_security_paper_and_bears_a_code(fonts) -> None:
    """The lightest dot of a page tells its ground; a code that proves nothing would be taken for a proof."""
    for kind in (*CORRESPONDENCE, K.RENAMED_CERTIFICATE):
        pdf = render(samples.of_kind(kind), fonts)
        plain = kind in CORRESPONDENCE
        drawn = picture_of(pdf)
        tinted = sum(dot < 255 for dot in drawn.dots) / len(drawn.dots)
        assert (tinted < 0.3) == plain, (kind, tinted)
        assert ("確認用コード" in text_of(pdf)) != plain, kind


def test_the_window_of_the_envelope_shows_the_address_and_nothing_else(fonts) -> None:
    """Folded in three, what stands from 14 to 62 mm below the edge and left of 114 mm is seen from outside."""
    drawn = picture_of(render(samples.of_kind(K.REMINDER), fonts), dots_per_inch=100)
    dot = 25.4 / 100

    def ink(left, top, right, bottom) -> bool:
        rows = range(int(top / dot), int(bottom / dot))
        return any(
            min(drawn.dots[row * drawn.width + int(left / dot) : row * drawn.width + int(right / dot)]) < 128
            for row in rows
        )

    assert ink(18, 20, 110, 50)
    assert not ink(18, 56, 100, 64)
    assert not ink(114, 34, 192, 60)


def test_a_character_of_an_addressee_that_no_font_has_stops_the_letter(fonts) -> None:
    """A letter to somebody under another character is a letter to somebody else."""
    paper = samples.of_kind(K.REMINDER)
    facts = paper.content.letter
    assert facts is not None
    for changed in (
        replace(facts, place=replace(facts.place, name=UNKNOWN)),
        replace(facts, rows=(("対象の方", UNKNOWN),)),
        replace(facts, words=UNKNOWN),
        replace(facts, table=((UNKNOWN,),)),
        replace(facts, contact=UNKNOWN),
    ):
        with pytest.raises(GlyphMissing):
            render(replace(paper, content=replace(paper.content, letter=changed)), fonts)


def test_whom_to_ask_stands_on_a_letter_that_knows_it(fonts) -> None:
    paper = samples.of_kind(K.REMINDER)
    facts = replace(paper.content.letter, contact="戸籍住民課　03-0000-0000")
    text = text_of(render(replace(paper, content=replace(paper.content, letter=facts)), fonts))
    assert "問い合わせ先戸籍住民課" in text


@pytest.mark.parametrize(("kind", "facts"), [(K.REMINDER, None), (K.HOUSEHOLD_COPY, LetterFacts())])
def test_a_letter_without_its_facts_and_a_copy_with_some_are_malformed(kind, facts) -> None:
    paper = samples.of_kind(kind)
    with pytest.raises(MalformedCertificate):
        replace(paper, content=replace(paper.content, letter=facts))


def test_a_bundle_counts_the_pages_of_each_letter_for_itself(fonts, press) -> None:
    letters = [replace(samples.of_kind(kind), number=f"2026-0000020{n}") for n, kind in enumerate(BUNDLED)]
    sheet = press.set_bundle(letters)
    assert pages_of(sheet.pdf) == 5
    pages = [text_of(sheet.pdf, page) for page in range(1, 6)]
    assert [page[-3:] for page in pages] == ["1/2", "2/2", "1/1", "1/2", "2/2"]
    assert [
        one.number in page for one, page in zip(letters, (pages[0], pages[2], pages[3]), strict=True)
    ] == [True] * 3


def test_one_letter_of_a_bundle_that_no_font_can_set_stops_the_bundle(press) -> None:
    good, bad = samples.of_kind(K.RENAMED_NOTICE), samples.of_kind(K.REMINDER)
    wrong = replace(bad, content=replace(bad.content, letter=replace(bad.content.letter, words=UNKNOWN)))
    assert press.set_bundle([good, wrong]).missing
