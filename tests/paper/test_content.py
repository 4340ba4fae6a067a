"""What stands on each paper, and what does not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.paper import samples
from tests.paper.reading import lines_of, lowest_point_of, pages_of, text_of
from tests.paper.samples import FATHER, FOREIGNER, MOTHER, Item, certificate, content

from daicho.paper.arrangement import wide_digits
from daicho.paper.certificate import Certificate, MalformedCertificate
from daicho.paper.fonts import find_fonts
from daicho.paper.forms import FORMS
from daicho.paper.labels import IN_NARROW_LETTERS, LABELS
from daicho.paper.layouts import Layout
from daicho.paper.typesetting import render, says_number
from daicho.rules.certificates.content import CertificateItem, CertificateKind, PrintedItem

SECRET = "987654321012"
ITEM_BY_ITEM = (Layout.HOUSEHOLD, Layout.PERSONAL, Layout.LETTER)


@pytest.mark.parametrize("kind", CertificateKind)
def test_every_kind_says_what_it_certifies_who_issues_it_and_when(fonts, kind) -> None:
    paper = samples.of_kind(kind)
    text = text_of(render(paper, fonts))
    assert FORMS[kind].title in text
    assert FORMS[kind].words in text
    assert "令和８年１１月２０日" in text
    assert "東京都千代田区長" in text
    assert "第2026-00000123号" in text
    assert all("".join(one.name.split()) in text for one in paper.content.people)


@pytest.mark.parametrize("kind", CertificateKind)
def test_every_item_of_every_kind_stands_on_the_paper(fonts, kind) -> None:
    paper = samples.of_kind(kind)
    text = text_of(render(paper, fonts))
    for one in paper.content.people:
        for item in one.items:
            if item.text and item.item is not Item.RESIDENCE_CARD_NUMBER:
                assert "".join(wide_digits(item.text).split()) in text, item.item


@pytest.mark.parametrize("item", [Item.INDIVIDUAL_NUMBER, Item.RECORD_CODE, Item.REGISTERED_DOMICILE])
def test_what_is_left_out_is_said_to_be_left_out_and_stands_nowhere_in_the_file(fonts, item) -> None:
    """Whoever opens the file with other tools than a reader finds nothing either: it was never handed over."""
    shown = replace(FATHER, items=(PrintedItem(item, SECRET), *FATHER.items[:3]))
    hidden = replace(FATHER, items=(PrintedItem(item, None), *FATHER.items[:3]))
    with_it = text_of(render(certificate(content(people=(shown,))), fonts))
    without = render(certificate(content(people=(hidden,))), fonts)
    assert wide_digits(SECRET) in with_it
    assert text_of(without).count("省略") == 1
    for form in (SECRET, wide_digits(SECRET)):
        assert form not in text_of(without)
        assert form.encode() not in without


def test_a_householder_left_out_is_not_named_in_the_head(fonts) -> None:
    text = text_of(render(certificate(content(people=(MOTHER,), householder=None)), fonts))
    assert "太郎" not in text
    assert "世帯主省略" in text


def test_nothing_recorded_leaves_no_cell_in_which_something_could_be_written(fonts) -> None:
    one = replace(FATHER, items=(PrintedItem(Item.PREVIOUS_ADDRESS, ""),))
    assert "前住所―" in text_of(render(certificate(content(people=(one,))), fonts))


def test_nobody_is_named_in_what_a_file_says_of_itself(fonts) -> None:
    """Title and keywords are shown by every folder and index; a name there would be a disclosure."""
    pdf = render(certificate(), fonts)
    assert "太郎".encode() not in pdf
    assert "太郎".encode("utf-16-be") not in pdf


def test_a_household_of_twelve_fills_pages_that_belong_together(fonts) -> None:
    paper = certificate(content(people=samples.big_household(12)))
    pdf = render(paper, fonts)
    count = pages_of(pdf)
    pages = [text_of(pdf, page) for page in range(1, count + 1)]
    assert count == 3
    for person in paper.content.people:
        assert "".join(pages).count("".join(person.name.split())) == 1
    for place, page in enumerate(pages, 1):
        assert f"{place}/{count}" in page
        assert "2026-00000123" in page
        assert "住民票の写し" in page
        assert "丸の内中央住宅" in page
        assert ("次頁に続く" in page) == (place < count)
        assert ("相違ないことを証明する" in page) == (place == count)


def test_certifying_words_that_find_no_room_stand_under_the_same_head(fonts) -> None:
    pdf = render(certificate(content(people=samples.big_household(10))), fonts)
    last = text_of(pdf, pages_of(pdf))
    assert pages_of(pdf) == 3
    assert "世帯主葛" in last
    assert "相違ないことを証明する" in last


@pytest.mark.parametrize("kind", [CertificateKind.HOUSEHOLD_COPY, CertificateKind.PERSONAL_COPY])
def test_a_history_of_many_lines_runs_over_the_page_and_loses_none(fonts, kind) -> None:
    lines = [f"第{n}回の異動" for n in range(1, 121)]
    one = replace(FATHER, items=(*FATHER.items, PrintedItem(Item.REMARKS, "\n".join(lines))))
    pdf = render(certificate(content(kind, (MOTHER, one))), fonts)
    text = text_of(pdf)
    assert pages_of(pdf) > 2
    assert all(wide_digits(line) in text for line in lines)
    assert lowest_point_of(pdf) < 0.96


@pytest.mark.parametrize("kind", [CertificateKind.HOUSEHOLD_COPY, CertificateKind.PERSONAL_COPY])
@pytest.mark.parametrize("text", ["", "あ" * 40, "あ" * 150])
def test_somebody_with_every_item_there_is_fits_on_pages(fonts, kind, text) -> None:
    full = replace(FATHER, items=tuple(PrintedItem(item, text) for item in CertificateItem))
    pdf = render(certificate(content(kind, (full, MOTHER))), fonts)
    assert "以下余白" in text_of(pdf)
    assert "花子" in text_of(pdf)
    assert text_of(pdf).count("あ" if text else "―") == len(CertificateItem) * max(len(text), 1)
    assert lowest_point_of(pdf) < 0.96


def test_a_page_for_each_person_of_a_personal_form(fonts) -> None:
    pdf = render(certificate(content(CertificateKind.PERSONAL_COPY, (FATHER, MOTHER))), fonts)
    assert pages_of(pdf) == 2
    assert "花子" not in text_of(pdf, 1)
    assert "太郎" in text_of(pdf, 1)


def test_who_is_struck_is_marked(fonts) -> None:
    paper = certificate(content(people=(FATHER, replace(MOTHER, struck=True))))
    assert text_of(render(paper, fonts)).count("消除") == 1


def test_where_a_family_goes_is_said_once_and_apart_where_they_part(fonts) -> None:
    together = samples.of_kind(CertificateKind.MOVE_OUT)
    assert text_of(render(together, fonts)).count("静岡県三島市") == 1
    first, second = together.content.people
    elsewhere = tuple(
        PrintedItem(one.item, "北海道札幌市") if one.item is Item.MOVE_OUT_TO else one for one in second.items
    )
    parted = replace(
        together, content=replace(together.content, people=(first, replace(second, items=elsewhere)))
    )
    text = text_of(render(parted, fonts))
    assert text.count("静岡県三島市") == 1
    assert text.count("北海道札幌市") == 1
    assert (
        text.index("北海道札幌市") > text.index("（２）") > text.index("静岡県三島市") > text.index("（１）")
    )


def test_numbers_of_other_cards_keep_their_letters(fonts) -> None:
    text = text_of(render(certificate(content(people=(FOREIGNER,))), fonts))
    assert "AB00000000CD" in text
    assert "SAMPLEEXAMPLEMARIA" in text


def test_markup_in_a_name_is_a_name(fonts) -> None:
    """A name is data: no template reads it as a command."""
    odd = '#panic("x")*_`$@<a>　\\u{41}'
    paper = certificate(content(people=(replace(FATHER, name=odd),)))
    assert "".join(odd.split()) in text_of(render(paper, fonts))


def test_the_same_certificate_is_the_same_file(fonts) -> None:
    first = render(certificate(), fonts)
    other = render(certificate(number="2026-00000124"), fonts)
    assert render(certificate(), fonts) == first
    assert other != first
    assert says_number(first, "2026-00000123")
    assert not says_number(first, "2026-0000012")
    assert not says_number(other, "2026-00000123")


def test_a_paper_claims_pdf_a_2u(fonts) -> None:
    pdf = render(certificate(), fonts)
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in pdf


def test_every_item_has_a_label_that_fits_its_cell() -> None:
    """A piece of a label stays on one line: seven letters at the smallest size that is still read."""
    assert set(LABELS) == set(CertificateItem)
    assert max(len(piece) for label in LABELS.values() for piece in label.pieces) <= 7
    assert max(len(label.pieces) for label in LABELS.values()) <= 2
    assert set(FORMS) == set(CertificateKind)


@pytest.mark.parametrize("kind", [CertificateKind.HOUSEHOLD_COPY, CertificateKind.PERSONAL_COPY])
def test_no_label_is_broken_inside_a_word(fonts, kind) -> None:
    full = replace(FATHER, items=tuple(PrintedItem(item, "1") for item in CertificateItem))
    lines = lines_of(render(certificate(content(kind, (full,))), fonts))
    seen = "\n".join("".join(line.split()) for line in lines)
    for label in LABELS.values():
        assert all("".join(piece.split()) in seen for piece in label.pieces), label


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from(CertificateItem), st.none() | st.text("あ葛9－\n 　", max_size=60)),
        max_size=12,
    ),
    st.sampled_from([one for one in CertificateKind if FORMS[one].layout in ITEM_BY_ITEM]),
)
def test_whatever_a_record_holds_is_set_and_nothing_else_is(items, kind) -> None:
    one = replace(FATHER, items=tuple(PrintedItem(item, text) for item, text in items))
    text = text_of(render(certificate(content(kind, (one,))), find_fonts()))
    for item, value in items:
        shown = (value or "") if item in IN_NARROW_LETTERS else wide_digits(value or "")
        assert "".join(shown.split()) in text
    assert text.count("省略") == sum(value is None for _, value in items)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""}, {"number": "第１号"}, {"number": "1" * 41}, {"issuer_name": "　"}, {"issuer_title": ""},
        {"verification": ""}, {"verification": "x" * 501}, {"imprint": samples.imprint()},
        {"content": content(people=())}, {"content": content(people=(FATHER,) * 201)},
        {"content": content(CertificateKind.CODE_NOTICE, (FATHER, MOTHER))},
        {"content": content(CertificateKind.SEAL, (FATHER,))},
        {"content": content(people=(replace(FATHER, items=(PrintedItem(Item.REMARKS, "あ" * 4001),)),))},
    ],
)  # fmt: skip
def test_what_cannot_be_a_paper_is_refused_before_it_is_set(wrong) -> None:
    with pytest.raises(MalformedCertificate) as refused:
        replace(certificate(), **wrong)
    assert "太郎" not in str(refused.value)


def test_an_imprint_that_is_no_picture_is_refused() -> None:
    seal = samples.of_kind(CertificateKind.SEAL)
    with pytest.raises(MalformedCertificate):
        replace(seal, imprint=b"<svg/>")
    assert isinstance(seal, Certificate)
