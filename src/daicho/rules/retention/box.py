"""Boxes of papers: what lies in which, until when it is kept, and how it is shredded before a second person.  届書等の保存箱"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import PAPERS, Retention, last_day_kept
from daicho.rules.retention.disposal import HELD_BY_HAND, HoldReason

_FORMS = Article("本人確認情報管理方法", "6")
YEARS_LONGEST = 150


class PaperKind(StrEnum):
    """What lies in a box.  書類の種類"""

    NOTICES = "NOTICES"  # 届出書、通知書その他の書類 (令34条4項)
    REQUESTS = "REQUESTS"  # 交付請求書
    INSPECTIONS = "INSPECTIONS"  # 閲覧申出書
    PROTECTION = "PROTECTION"  # 支援措置申出書
    SEALS = "SEALS"  # 印鑑登録の書類
    FORMS = "FORMS"  # 帳票 (本人確認情報管理方法 別表1)


class BoxStep(StrEnum):
    """What was done with a box.  保存箱の処理"""

    BOXED = "BOXED"
    HELD = "HELD"
    FREED = "FREED"
    PROPOSED = "PROPOSED"
    DECLINED = "DECLINED"
    DISPOSED = "DISPOSED"


class DisposalWay(StrEnum):
    """How papers are made unreadable.  廃棄の方法"""

    SHREDDED = "SHREDDED"  # 裁断
    BURNT = "BURNT"  # 焼却
    DISSOLVED = "DISSOLVED"  # 溶解


@dataclass(frozen=True, slots=True)
class PaperDisposal:
    """That a box was destroyed: when, how, how many sheets were counted at it.  書類の廃棄

    Law: 本人確認情報管理方法 第6(2)ウ
    """

    disposed_on: date
    way: DisposalWay
    sheets: int


@dataclass(frozen=True, slots=True)
class PaperBox:
    """One box as its book has it; `years` are the town's where it keeps longer than the order says.  保存箱

    Law: 住民基本台帳法施行令 第34条第4項; 本人確認情報管理方法 第6(2)イ
    """

    number: str
    kind: PaperKind
    content: str
    first_on: date
    last_on: date
    sheets: int
    place: str
    years: int = PAPERS.years
    hold: HoldReason | None = None
    hold_why: str = ""
    proposed_by: str = ""
    proposed_on: date | None = None
    disposal: PaperDisposal | None = None

    @property
    def kept_until(self) -> date:
        """Tell the last day of keeping, counted from the last paper in it.

        Law: 住民基本台帳法施行令 第34条第4項
        """
        term = Retention(PAPERS.article, max(self.years, PAPERS.years), PAPERS.in_force_from)
        return last_day_kept((term,), self.last_on)


def check_box(box: PaperBox, on: date) -> Refusal | None:
    """Refuse a box that says not what it holds, or papers of days that have not come.

    Law: 本人確認情報管理方法 第6(2)イ
    """
    for field, text in (("content", box.content), ("place", box.place)):
        if not text.strip():
            return Refusal(Reason.FIELD_MISSING, _FORMS, field)
    if box.sheets < 1:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _FORMS, "sheets")
    if not PAPERS.years <= box.years <= YEARS_LONGEST:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, PAPERS.article, "years")
    if box.last_on < box.first_on:
        return Refusal(Reason.DATE_ORDER, PAPERS.article, "last_on")
    if box.last_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, PAPERS.article, "last_on")
    return None


def box_due(box: PaperBox, on: date) -> bool:
    """Tell whether a box is to be destroyed: its years are over, nothing holds it, and it still stands there.

    Law: 住民基本台帳法施行令 第34条第4項; 本人確認情報管理方法 第6(2)ウ
    """
    return box.disposal is None and box.hold is None and on > box.kept_until


def hold_box(box: PaperBox, reason: HoldReason | None, why: str) -> PaperBox | Refusal:
    """Let something hold a box, or with no reason let it go again; what was asked for is asked for no longer.

    Law: none, own: what is needed for a right or a duty is not destroyed.
    """
    refusal = _standing(box)
    if refusal is not None:
        return refusal
    if reason is not None and reason not in HELD_BY_HAND:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _FORMS, "hold_reason")
    if not why.strip():
        return Refusal(Reason.FIELD_MISSING, _FORMS, "why")
    if box.hold is reason:
        return Refusal(Reason.NOTHING_CHANGES, _FORMS, "hold_reason")
    return replace(
        box, hold=reason, hold_why=why if reason is not None else "", proposed_by="", proposed_on=None
    )


def propose_box(box: PaperBox, by: str, on: date) -> PaperBox | Refusal:
    """Ask a second person to destroy a box whose years are over.

    Law: 本人確認情報管理方法 第6(2)ウ(ｱ)
    """
    refusal = _standing(box) or _free(box, on)
    if refusal is not None:
        return refusal
    if box.proposed_by:
        return Refusal(Reason.NOTHING_CHANGES, _FORMS, "box")
    return replace(box, proposed_by=by, proposed_on=on)


def decline_box(box: PaperBox, by: str) -> PaperBox | Refusal:
    """Leave a box where it is.

    Law: 本人確認情報管理方法 第6(2)ウ(ｱ)
    """
    refusal = _standing(box) or _by_a_second(box, by)
    return refusal if refusal is not None else replace(box, proposed_by="", proposed_on=None)


def dispose_of_box(box: PaperBox, done: PaperDisposal, by: str, on: date) -> PaperBox | Refusal:
    """Note that a second person saw a box destroyed and counted what was in it.

    Law: 本人確認情報管理方法 第6(2)ウ
    """
    refusal = _standing(box) or _by_a_second(box, by) or _free(box, done.disposed_on)
    if refusal is not None:
        return refusal
    if done.disposed_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _FORMS, "disposed_on")
    if box.proposed_on is not None and done.disposed_on < box.proposed_on:
        return Refusal(Reason.DATE_ORDER, _FORMS, "disposed_on")
    if done.sheets != box.sheets:
        return Refusal(Reason.QUANTITY_DIFFERS, _FORMS, "sheets_counted")
    return replace(box, disposal=done)


def _standing(box: PaperBox) -> Refusal | None:
    return None if box.disposal is None else Refusal(Reason.NOT_PENDING, _FORMS, "box", "DISPOSED")


def _free(box: PaperBox, on: date) -> Refusal | None:
    if box.hold is not None:
        return Refusal(Reason.DISPOSAL_HELD, _FORMS, "box", box.hold.value)
    return None if on > box.kept_until else Refusal(Reason.STILL_KEPT, PAPERS.article, "box")


def _by_a_second(box: PaperBox, by: str) -> Refusal | None:
    if not box.proposed_by:
        return Refusal(Reason.NOT_PENDING, _FORMS, "box", "NOT_PROPOSED")
    return Refusal(Reason.SAME_PERSON, _FORMS, "box") if box.proposed_by == by else None
