"""A certificate as what the templates draw: every text in its place, in the words and digits of paper."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from daicho.paper.certificate import Certificate
from daicho.paper.forms import FORMS
from daicho.paper.imprints import size_of
from daicho.paper.labels import IN_NARROW_LETTERS, LABELS, LEFT_OUT, NOTHING_RECORDED
from daicho.paper.layouts import Form, Layout
from daicho.paper.pictures import seal_columns, svg_of_code, svg_of_png
from daicho.rules.certificates.content import (
    CertificateContent,
    CertificateItem,
    CertificateKind,
    LetterFacts,
    PrintedItem,
    PrintedPerson,
)
from daicho.rules.people.dates import era_text

SPECIMEN_WORD, TRAINING_WORD = "見本", "研修用"
_WIDE_DIGITS = {ord("0") + n: ord("０") + n for n in range(10)}
_HYPHEN_OF_NUMBERS = re.compile("(?<=[0-9])-(?=[0-9])")
# The room of the first and of the second value on a line; what is longer takes a line for itself.
_HALF_LINE_CHARS = (21, 11)
# A person of more lines than this may run over the end of a page; everybody else is kept together.
_KEPT_TOGETHER_LINES = 16
_LINE_CHARS = 36
_BESIDE_THE_NAME = (CertificateItem.RELATIONSHIP, CertificateItem.SEX)

Show = Callable[[str], str]
Cell = dict[str, Any]


def wide_digits(text: str) -> str:
    """Write digits, and hyphens between them, in the width of kanji."""
    return _HYPHEN_OF_NUMBERS.sub("－", text).translate(_WIDE_DIGITS)


def arrange(certificate: Certificate, *, specimen: bool, mark: str, show: Show) -> dict[str, Any]:
    """Put a certificate's texts in their places; `show` gives a text as the fonts can show it."""
    content, form = certificate.content, FORMS[certificate.content.kind]
    lifted = _lifted(content, form)
    coded = form.layout is not Layout.CORRESPONDENCE  # a letter proves nothing and bears no code
    code, code_modules = svg_of_code(certificate.verification) if coded else ("", 0)
    width, height = size_of(certificate.imprint) if certificate.imprint else (0.0, 0.0)
    return {
        "title": form.title,
        "layout": form.layout.value,
        "opening": form.opening,
        "words": form.words,
        "notes": form.notes,
        "address": show(wide_digits(content.address)),
        "head": _head(content, form, lifted, show),
        "people": [
            _person(place, person, form, lifted, show) for place, person in enumerate(content.people, 1)
        ],
        "issued_on": wide_digits(era_text(certificate.issued_on)),
        "day": [certificate.issued_on.year, certificate.issued_on.month, certificate.issued_on.day],
        "issuer_title": show(certificate.issuer_title),
        "issuer_name": show(certificate.issuer_name),
        "seal": seal_columns(show(certificate.issuer_title)),
        "number": certificate.number,
        "code": code,
        "code_modules": code_modules,
        "letter": _letter(content.kind, content.letter, form, show) if content.letter is not None else None,
        "slip": _slip(certificate, show) if form.layout is Layout.NUMBER_NOTICE else None,
        "imprint": svg_of_png(certificate.imprint, width, height) if certificate.imprint else "",
        "imprint_size": [width, height],  # in millimetres: a seal is printed as large as it is
        "specimen": (TRAINING_WORD if certificate.training else SPECIMEN_WORD) if specimen else "",
        "keywords": [f"number={certificate.number}", *([mark] if specimen else [])],
    }


def _letter(kind: CertificateKind, facts: LetterFacts, form: Form, show: Show) -> dict[str, Any]:
    """Put what a letter says beside the fixed words of its kind."""
    place = facts.place

    def put(text: str) -> str:
        return show(wide_digits(text))

    rows = [*facts.rows, *([(form.due_label, facts.due)] if form.due_label and facts.due else [])]
    return {
        "place": None
        if place is None
        else {
            "lines": [put(one) for one in place.lines],
            "name": show(place.name),
            "care_of": show(place.care_of),
            "honorific": "御中" if place.body else "様",
        },
        "rows": [[label, put(text) or NOTHING_RECORDED] for label, text in rows],
        "words": "" if kind is CertificateKind.PUBLIC_NOTICE else put(facts.words),
        "columns": form.columns,
        "table": [[put(text) or NOTHING_RECORDED for text in row] for row in facts.table],
        "sealed": form.sealed,
        "to_the_mayor": form.to_the_mayor,
        "contact": put(facts.contact),
        "answer": form.answer,
        "to_be_returned": form.sealed,
        "questions": [{"words": one.words, "boxes": one.boxes, "lines": one.lines} for one in form.questions],
    }


def _slip(certificate: Certificate, show: Show) -> dict[str, Any]:
    """Put a number and what stands beside it on its notice, and what the form for a card says already.

    The text of the 2D code is the number of the application.
    """
    (person,) = certificate.content.people
    told = {one.item: one.text or "" for one in person.items}
    name, born = show(person.name), wide_digits(told.get(CertificateItem.BIRTH_DATE, ""))
    form = [["氏　名", name], ["フリガナ", show(person.name_reading)]]
    form += [
        ["".join(LABELS[item].pieces), _text(PrintedItem(item, text), show)]
        for item, text in told.items()
        if item is not CertificateItem.INDIVIDUAL_NUMBER
    ]
    return {
        "number": wide_digits(_in_fours(told.get(CertificateItem.INDIVIDUAL_NUMBER, ""))),
        "facts": [
            ["氏　名", name],
            ["生年月日", show(born)],
            ["通知書番号", certificate.number],
            ["発行年月日", wide_digits(era_text(certificate.issued_on))],
        ],
        "form": [[label, text or NOTHING_RECORDED] for label, text in form],
        "application": _in_fours(certificate.verification),
    }


def _in_fours(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _head(
    content: CertificateContent, form: Form, lifted: Sequence[PrintedItem], show: Show
) -> list[dict[str, str]]:
    """Say once what holds for the whole household."""
    lines = []
    if form.layout in (Layout.HOUSEHOLD, Layout.PERSONAL):
        name = LEFT_OUT if content.householder_name is None else show(content.householder_name)
        lines.append({"label": "世帯主", "text": name or NOTHING_RECORDED, "name": "yes"})
        lines.append({"label": "住　所", "text": show(wide_digits(content.address)), "name": ""})
    lines += [
        {"label": "".join(LABELS[one.item].pieces), "text": _text(one, show), "name": ""} for one in lifted
    ]
    return lines


def _lifted(content: CertificateContent, form: Form) -> list[PrintedItem]:
    """Find the items that go into the head: those of the form's that are the same for everybody."""
    first, *others = content.people
    return [one for one in first.items if one.item in form.head and all(one in each.items for each in others)]


def _person(
    place: int, person: PrintedPerson, form: Form, lifted: Sequence[PrintedItem], show: Show
) -> dict[str, Any]:
    items = [one for one in person.items if one not in lifted]
    subject = next((one for one in items if one.item is form.subject), None)
    items = [one for one in items if one is not subject]
    beside = (
        [one for wanted in _BESIDE_THE_NAME for one in items if one.item is wanted]
        if form.layout in (Layout.HOUSEHOLD, Layout.PERSONAL)
        else []
    )
    rows = _rows([_cell(one, show) for one in items if one not in beside])
    return {
        "place": wide_digits(str(place)),
        "name": show(person.name),
        "reading": show(person.name_reading.replace("*", "＊")),
        "struck": person.struck,
        "beside": [_cell(one, show) for one in beside],
        "rows": rows,
        "subject": None if subject is None else _cell(subject, show),
        "may_run_over": sum(map(_lines, rows)) > _KEPT_TOGETHER_LINES,
    }


def _cell(one: PrintedItem, show: Show) -> Cell:
    label, text = LABELS[one.item], _text(one, show)
    return {
        "label": label.pieces,
        "text": text,
        "wide": label.wide or len(text) > _HALF_LINE_CHARS[0] or "\n" in text,
        "left_out": one.text is None,
    }


def _text(one: PrintedItem, show: Show) -> str:
    if one.text is None:
        return LEFT_OUT
    if not one.text.strip():
        return NOTHING_RECORDED
    return show(one.text if one.item in IN_NARROW_LETTERS else wide_digits(one.text))


def _rows(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Put two short cells that follow each other on a line, and every long one on its own."""
    rows: list[list[Cell]] = []
    for cell in cells:
        waiting = rows[-1] if rows else []
        fits = len(waiting) == 1 and not waiting[0]["wide"] and not cell["wide"]
        if fits and len(cell["text"]) <= _HALF_LINE_CHARS[1]:
            waiting.append(cell)
        else:
            rows.append([cell])
    return rows


def _lines(row: Sequence[Cell]) -> int:
    """Count the lines that a row needs at most."""
    return max(sum(-(-len(line) // _LINE_CHARS) or 1 for line in cell["text"].split("\n")) for cell in row)
