"""One change of names as it is brought, and what is asked before two people let it stand.  住居表示・町名地番の変更"""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.areas.matching import DISMISSED_STATES, AreaItemState
from daicho.rules.areas.table import AreaLine
from daicho.rules.law.article import Article, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS

AREA_ARTICLE = juki_order("12")
_DUAL_CONTROL = Article("本人確認情報管理方法", "3")


class AreaKind(StrEnum):
    """By what the name of a place changes.  変更の種類

    Law: 住居表示に関する法律 第3条, 第4条; 地方自治法 第7条, 第252条の20, 第260条; 土地区画整理法 第103条
    """

    RESIDENCE_INDICATION = "RESIDENCE_INDICATION"  # 住居表示の実施
    INDICATION_CHANGED = "INDICATION_CHANGED"  # 住居表示の変更
    TOWN_RENAMED = "TOWN_RENAMED"  # 町・字の区域又は名称の変更
    LAND_READJUSTED = "LAND_READJUSTED"  # 土地区画整理事業による町名地番の変更
    MUNICIPALITY_CHANGED = "MUNICIPALITY_CHANGED"  # 合併・区の設置に伴う町名の変更


class AreaState(StrEnum):
    """Where a change of names stands.  処理の状態

    Law: none, own definition.
    """

    FAULTY = "faulty"  # the table has faults; nothing follows from it
    CHECKING = "checking"
    CHECKED = "checked"  # waits for a second person
    APPROVED = "approved"  # carried out from its day on
    STOPPED = "stopped"  # rests until two people stand for it again
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Asked(StrEnum):
    """Why a word that was given is asked for once more.  再度の承認を求める理由

    Law: none, own definition.
    """

    HOUSEHOLDS_DIFFER = "households_differ"  # on the day many more or fewer live there than were told
    WORD_GONE = "word_gone"  # one of the two who stood for it holds the right no more
    RESUMED = "resumed"  # it had been stopped
    MANY_FAULTS = "many_faults"  # no household of a whole step could be written


OPEN_STATES = (AreaState.CHECKING, AreaState.CHECKED, AreaState.APPROVED, AreaState.STOPPED)
WATCHED_DAYS = 180
"""How long after its end a change is looked through each night: own, half a year of late notices and cancellations."""
_DIFFERS_HOUSEHOLDS, _DIFFERS_PART = 10, 10
_ARTICLES = {
    AreaKind.RESIDENCE_INDICATION: Article("住居表示に関する法律", "3"),
    AreaKind.INDICATION_CHANGED: Article("住居表示に関する法律", "4"),
    AreaKind.TOWN_RENAMED: Article("地方自治法", "260"),
    AreaKind.LAND_READJUSTED: Article("土地区画整理法", "103"),
    AreaKind.MUNICIPALITY_CHANGED: Article("地方自治法", "7"),
}


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """What is brought with a table: by what names change, from which day, by which public notice.  変更の概要

    `domicile_prefix` is how registered domiciles of the town begin (prefecture and municipality); empty leaves them.
    Law: 住民基本台帳法施行令 第12条
    """

    kind: AreaKind
    title: str
    in_force_on: date
    notice_number: str
    notice_on: date
    domicile_prefix: str = ""

    @property
    def basis(self) -> Article:
        """Name the article under which the names change.

        Law: 住居表示に関する法律 第3条, 第4条; 地方自治法 第7条, 第260条; 土地区画整理法 第103条
        """
        return _ARTICLES[self.kind]


def check_area_plan(plan: AreaPlan, today: date) -> Refusal | None:
    """Refuse a plan without a title or a public notice, or one whose days do not follow one another.

    Law: 住居表示に関する法律 第3条第3項; 地方自治法 第260条第2項
    """
    for field, text in (("title", plan.title), ("notice_number", plan.notice_number)):
        if not text.strip():
            return Refusal(Reason.FIELD_MISSING, plan.basis, field)
        if len(text) > WORDS_CHARACTERS:
            return Refusal(Reason.FIELD_TOO_LONG, plan.basis, field)
    if plan.notice_on > today:
        return Refusal(Reason.DATE_IN_FUTURE, plan.basis, "notice_on")
    if plan.notice_on > plan.in_force_on:
        return Refusal(Reason.DATE_ORDER, plan.basis, "in_force_on")
    if plan.domicile_prefix and plan.kind is not AreaKind.TOWN_RENAMED:
        return Refusal(Reason.ITEM_FORBIDDEN, plan.basis, "domicile_prefix")
    return None


def area_words(plan: AreaPlan) -> str:
    """Say on what an entry rests; it stays in this town.

    Law: none, own definition.
    """
    return f"{plan.title}（{plan.notice_on.isoformat()} {plan.notice_number}）"


def digest_of_area(plan: AreaPlan, lines: Iterable[AreaLine]) -> str:
    """Digest what two people stand for: the plan and every line of its table.

    Law: none, own definition: SHA-256 over the parts, each closed by a control character that none can hold.
    """
    found = hashlib.sha256()
    for parts in (astuple(plan), *(astuple(line) for line in lines)):
        found.update("\x1f".join(map(str, parts)).encode() + b"\x1e")
    return found.hexdigest()


def check_area_approval(
    state: AreaState, brought_by: str, approver: str, *, seen: str, kept: str
) -> Refusal | None:
    """Refuse a word for what does not wait, of whoever brought it, or for another table than lies there.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    if state is not AreaState.CHECKED:
        return _not_pending(state)
    if brought_by == approver:
        return Refusal(Reason.SAME_PERSON, _DUAL_CONTROL, "area")
    return None if seen == kept else Refusal(Reason.LIST_DIFFERS, AREA_ARTICLE, "digest")


def much_differs(told_households: int, found_households: int) -> bool:
    """Tell whether so many more or fewer households are met than two people were told that they are asked once more.

    Law: none, own definition: more than ten households and more than a tenth of them.
    """
    bound = max(_DIFFERS_HOUSEHOLDS, told_households // _DIFFERS_PART)
    return abs(found_households - told_households) > bound


def check_area_stop(state: AreaState) -> Refusal | None:
    """Refuse to stop what nobody has approved, or what is over.

    Law: none, own definition.
    """
    return None if state is AreaState.APPROVED else _not_pending(state)


def check_area_resumption(state: AreaState) -> Refusal | None:
    """Refuse to go on with what was not stopped.

    Law: none, own definition.
    """
    return None if state is AreaState.STOPPED else _not_pending(state)


def check_area_taken_up(state: AreaState, *, begun: bool) -> Refusal | None:
    """Refuse to take up again what was never begun, or what rests or waits for a word.

    Law: none, own definition.
    """
    return None if begun and state in (AreaState.APPROVED, AreaState.DONE) else _not_pending(state)


def check_dismissal(state: AreaItemState, why: str) -> Refusal | None:
    """Refuse to leave a household as it stands that the table itself still ends, and to do so without a reason.

    Law: none, own definition.
    """
    if state not in DISMISSED_STATES:
        return Refusal(Reason.NOT_PENDING, AREA_ARTICLE, "household", state.value.upper())
    if not why.strip():
        return Refusal(Reason.FIELD_MISSING, AREA_ARTICLE, "why")
    return Refusal(Reason.FIELD_TOO_LONG, AREA_ARTICLE, "why") if len(why) > WORDS_CHARACTERS else None


def _not_pending(state: AreaState) -> Refusal:
    return Refusal(Reason.NOT_PENDING, AREA_ARTICLE, "area", state.value.upper())


def check_area_withdrawal(state: AreaState, *, begun: bool) -> Refusal | None:
    """Refuse to take a change back once it is being carried out, or is over.

    Law: none, own definition.
    """
    return _not_pending(state) if state not in OPEN_STATES or begun else None
