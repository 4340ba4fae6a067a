"""Numbered security paper: what came, what was used up, what was spoiled, what is left.

No law asks for this book. It is kept as the handling rules ask for forms: by quantity, with each sheet that was
spoiled and its destruction, so that what is written agrees with what lies in the cabinet.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.certificates.content import CORRESPONDENCE, CertificateKind
from daicho.rules.certificates.request import IssueChannel
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal

BOOK_OF_FORMS = Article("本人確認情報管理方法", "第6")
MOST_OF_A_DELIVERY = 100_000
MOST_AT_ONCE = 100
_SHEET = re.compile(r"([A-Z]{0,6})-?([0-9]{1,10})")
_ON_PLAIN_PAPER = CORRESPONDENCE | {
    CertificateKind.CODE_NOTICE, CertificateKind.CODE_CHANGE_NOTICE, CertificateKind.ACCEPTANCE_NOTICE,
    CertificateKind.NUMBER_NOTICE,
}  # fmt: skip
_PRINTED_HERE = frozenset((IssueChannel.COUNTER, IssueChannel.POST))


class SpoilCause(StrEnum):
    """Why a sheet can be used for nothing any more.  書損の事由"""

    MISPRINT = "MISPRINT"  # 印刷の誤り
    JAM = "JAM"  # 紙詰まり
    STAINED = "STAINED"  # 汚れ・破れ
    WRONG_CONTENT = "WRONG_CONTENT"  # 交付前に内容の誤りが分かった
    TEST = "TEST"  # 試し刷り
    MISSING = "MISSING"  # 欠番・亡失: there is no sheet to destroy


@dataclass(frozen=True, slots=True)
class SheetRange:
    """Sheets whose numbers follow each other, both ends included.  用紙の番号の範囲"""

    series: str
    digits: int
    first: int
    last: int

    @property
    def sheets(self) -> int:
        """Count the sheets.

        Law: none, arrangement of one value.
        """
        return self.last - self.first + 1

    def text(self, place: int) -> str:
        """Write the number of one sheet as it stands on the paper, but without a hyphen between letters and figures.

        Law: none, arrangement of one value.
        """
        return f"{self.series}{place:0{self.digits}d}"

    @property
    def first_text(self) -> str:
        """Write the first number."""
        return self.text(self.first)

    @property
    def last_text(self) -> str:
        """Write the last number."""
        return self.text(self.last)


@dataclass(frozen=True, slots=True)
class SheetNote:
    """What is to be noted of some sheets: the paper on which they went out, or why they are spoiled.  用紙の使用・書損"""

    taken: SheetRange
    paper: str = ""
    cause: SpoilCause | None = None
    words: str = ""


def on_security_paper(kind: CertificateKind, channel: IssueChannel) -> bool:
    """Tell whether a paper goes out on numbered sheets of this town; letters to a resident do not.

    Law: none, own definition.
    """
    return channel in _PRINTED_HERE and kind not in _ON_PLAIN_PAPER


def sheet_range(first: str, last: str = "", *, sheets: int = 1) -> SheetRange | Refusal:
    """Read the sheets from one number to another one, or so many from one on.

    Law: 本人確認情報管理方法 第6(2)イ; the form of the numbers is own definition.
    """
    begin = _SHEET.fullmatch(first.strip().upper())
    if begin is None:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, BOOK_OF_FORMS, "first_sheet")
    series, figures = begin.groups()
    if not last.strip():
        end = int(figures) + sheets - 1
    else:
        found = _SHEET.fullmatch(last.strip().upper())
        if found is None or found[1] != series or len(found[2]) != len(figures):
            return Refusal(Reason.FIELD_UNKNOWN_VALUE, BOOK_OF_FORMS, "last_sheet")
        end = int(found[2])
    if end < int(figures) or len(str(end)) > len(figures):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, BOOK_OF_FORMS, "last_sheet")
    if end - int(figures) + 1 > MOST_OF_A_DELIVERY:
        return Refusal(Reason.FIELD_TOO_LONG, BOOK_OF_FORMS, "last_sheet")
    return SheetRange(series, len(figures), int(figures), end)


def check_delivery(
    delivery: SheetRange, known: Iterable[SheetRange], received_on: date, today: date
) -> Refusal | None:
    """Refuse a delivery dated ahead, or with numbers that came before.

    Law: 本人確認情報管理方法 第6(2)イ
    """
    if received_on > today:
        return Refusal(Reason.DATE_IN_FUTURE, BOOK_OF_FORMS, "received_on")
    if any(_meet(delivery, one) for one in known):
        return Refusal(Reason.SHEET_KNOWN, BOOK_OF_FORMS, "first_sheet")
    return None


def _meet(one: SheetRange, other: SheetRange) -> bool:
    same = (one.series, one.digits) == (other.series, other.digits)
    return same and one.first <= other.last and other.first <= one.last


def check_note(note: SheetNote, delivery: SheetRange | None, noted: Collection[int]) -> Refusal | None:
    """Refuse to note sheets that never came or are noted already, too many at once, or as both used and spoiled.

    `noted` are the places of the delivery of which something is noted.

    Law: 本人確認情報管理方法 第6(2)ア, ウ
    """
    taken = note.taken
    if bool(note.paper) == (note.cause is not None):
        return Refusal(Reason.FIELD_MISSING, BOOK_OF_FORMS, "cause" if not note.paper else "paper")
    if taken.sheets > MOST_AT_ONCE:
        return Refusal(Reason.FIELD_TOO_LONG, BOOK_OF_FORMS, "last_sheet")
    if delivery is None or not _within(taken, delivery):
        return Refusal(Reason.SHEET_UNKNOWN, BOOK_OF_FORMS, "first_sheet")
    if any(place in noted for place in range(taken.first, taken.last + 1)):
        return Refusal(Reason.SHEET_NOTED, BOOK_OF_FORMS, "first_sheet")
    if note.cause is SpoilCause.MISSING and not note.words.strip():
        return Refusal(Reason.FIELD_MISSING, BOOK_OF_FORMS, "words")
    return None


def check_undoing(
    taken: SheetRange, delivery: SheetRange | None, noted: Collection[int], words: str
) -> Refusal | None:
    """Refuse to take back a note that nobody made, of a sheet that never came or is cut up, too many at once, or unsaid why.

    `noted` are the places of the delivery of which something is noted and whose sheet is still there.

    Law: 本人確認情報管理方法 第6(2)ア; own definition.
    """
    if not words.strip():
        return Refusal(Reason.FIELD_MISSING, BOOK_OF_FORMS, "words")
    if taken.sheets > MOST_AT_ONCE:
        return Refusal(Reason.FIELD_TOO_LONG, BOOK_OF_FORMS, "last_sheet")
    if delivery is None or not _within(taken, delivery):
        return Refusal(Reason.SHEET_UNKNOWN, BOOK_OF_FORMS, "first_sheet")
    if any(place not in noted for place in range(taken.first, taken.last + 1)):
        return Refusal(Reason.NOTHING_CHANGES, BOOK_OF_FORMS, "first_sheet")
    return None


def _within(taken: SheetRange, delivery: SheetRange) -> bool:
    same = (taken.series, taken.digits) == (delivery.series, delivery.digits)
    return same and delivery.first <= taken.first and taken.last <= delivery.last


def next_sheet(delivery: SheetRange, last_noted: int | None) -> int | None:
    """Propose the sheet after the last one of which anything is noted; nothing at the end of a delivery.

    Law: none, own definition.
    """
    place = delivery.first if last_noted is None else last_noted + 1
    return place if place <= delivery.last else None
