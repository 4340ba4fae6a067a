"""What the commissioner of immigration tells a town of one foreign resident.  法務省通知

The Act names the items of which changes are notified; in which shape they come is not public, so that kinds, codes and
columns are own definition.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import ERAS, PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.residence_change import is_card_number

NOTICE_ID_CHARACTERS = 40
_ARTICLE = juki("30-50")
_ROMAN = re.compile("[A-Z](?:[A-Z' .,-]*[A-Z.])?")
_NOTICE_ID = re.compile(f"[A-Z0-9-]{{1,{NOTICE_ID_CHARACTERS}}}")


class MojChange(StrEnum):
    """What the Ministry knows to be changed, or wrong, about somebody.  法務省通知の種類

    Law: 住民基本台帳法 第30条の50; a death and the end of a stay come by the same way, own definition. The codes are our own.
    """

    NAME = "NAME"  # 氏名の変更
    BIRTH_DATE = "BIRTH_DATE"  # 生年月日の訂正
    SEX = "SEX"  # 性別の訂正
    NATIONALITY = "NATIONALITY"  # 国籍・地域の変更
    STATUS = "STATUS"  # 在留資格の変更・在留期間の更新
    CARD = "CARD"  # 在留カード等の交付
    CATEGORY = "CATEGORY"  # 法30条の45の区分の変更
    DEATH = "DEATH"  # 死亡
    LEFT_JAPAN = "LEFT_JAPAN"  # 出国
    STAY_ENDED = "STAY_ENDED"  # 在留期間の経過等による在留の終了


ENDINGS = frozenset((MojChange.DEATH, MojChange.LEFT_JAPAN, MojChange.STAY_ENDED))


class MojEnding(StrEnum):
    """How a notice of the Ministry ended in the own register.  法務省通知の処理結果

    Law: none, own definition: the Ministry is told by the municipal notice of what was recorded, and of nothing else.
    """

    RECORDED = "RECORDED"  # 記載した
    ALREADY_SO = "ALREADY_SO"  # 既に記載がある
    NOBODY_HERE = "NOBODY_HERE"  # 該当者なし
    MOVED_AWAY = "MOVED_AWAY"  # 他の市区町村へ転出済み
    OVERTAKEN = "OVERTAKEN"  # 後の通知・異動による
    TAKEN_BACK = "TAKEN_BACK"  # 法務省が取り消した
    RECORDED_BEFORE = "RECORDED_BEFORE"  # 別の入力で記載した


MOJ_ENDINGS_BY_HAND = tuple(one for one in MojEnding if one not in (MojEnding.RECORDED, MojEnding.ALREADY_SO))
"""Of what two persons hold that nothing is to be recorded."""


@dataclass(frozen=True, slots=True)
class MojPerson:
    """Whom the Ministry means, as its own record read before the change.  法務省通知に係る外国人住民

    The number is of a residence card or a special permanent resident's certificate; "" where somebody has neither.
    Law: 住民基本台帳法 第30条の50; own definition.
    """

    card_number: str
    roman: str
    kanji: str
    birth_date: PartialDate
    sex: Sex
    nationality: str


@dataclass(frozen=True, slots=True)
class MojItems:
    """How the items read after the change; "" and none where a notice does not speak of them.  法務省通知の変更後の事項

    A changed name is told whole: without `kanji` the card shows none. `ends_on` is the end of the stay; a change of status
    without one has no end.
    Law: 住民基本台帳法 第30条の45, 第30条の50
    """

    roman: str = ""
    kanji: str = ""
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    nationality: str = ""
    category: str = ""
    card_number: str = ""
    status: str = ""
    period: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class MojNotice:
    """One notice: which change, when it happened, when it was notified, of whom, and how the items read now.  法務省通知

    Law: 住民基本台帳法 第30条の50
    """

    notice_id: str
    change: MojChange
    happened_on: date
    notified_on: date
    person: MojPerson
    items: MojItems = field(default_factory=MojItems)


ITEM_NAMES = (
    "roman", "kanji", "birth_date", "sex", "nationality", "category", "card_number", "status", "period", "ends_on",
)  # fmt: skip
_NEEDED: dict[MojChange, tuple[str, ...]] = {
    MojChange.BIRTH_DATE: ("birth_date",),
    MojChange.SEX: ("sex",),
    MojChange.NATIONALITY: ("nationality",),
    MojChange.STATUS: ("status",),
    MojChange.CARD: ("card_number",),
    MojChange.CATEGORY: ("category",),
}
_ALLOWED: dict[MojChange, frozenset[str]] = {
    MojChange.NAME: frozenset(("roman", "kanji")),
    MojChange.BIRTH_DATE: frozenset(("birth_date", "card_number")),
    MojChange.SEX: frozenset(("sex", "card_number")),
    MojChange.NATIONALITY: frozenset(("nationality", "card_number")),
    MojChange.STATUS: frozenset(("status", "period", "ends_on", "card_number")),
    MojChange.CARD: frozenset(("card_number",)),
    MojChange.CATEGORY: frozenset(("category", "status", "period", "ends_on", "card_number")),
}


def check_moj_notice(notice: MojNotice) -> Refusal | None:
    """Refuse a notice without what its kind tells, with more than that, or of days in the wrong order or before the first era.

    Law: 住民基本台帳法 第30条の50; own definition.
    """
    if _NOTICE_ID.fullmatch(notice.notice_id) is None:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "notice_id")
    if notice.happened_on < ERAS[0].began:
        return Refusal(Reason.DATE_MALFORMED, _ARTICLE, "happened_on")
    if notice.notified_on < notice.happened_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "notified_on")
    return check_moj_person(notice.person) or _check_told(notice)


def check_moj_person(person: MojPerson) -> Refusal | None:
    """Refuse to name somebody without a name or nationality, or by letters or a number that no card bears.

    Law: 住民基本台帳法 第30条の50; own definition.
    """
    if person.roman and _ROMAN.fullmatch(person.roman) is None:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "roman")
    if person.card_number and not is_card_number(person.card_number):
        return Refusal(Reason.NUMBER_MALFORMED, _ARTICLE, "card_number")
    for name, told in (("roman", person.roman or person.kanji), ("nationality", person.nationality)):
        if not told:
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, name)
    return None


def _check_told(notice: MojNotice) -> Refusal | None:
    told, items = told_items(notice.items), notice.items
    if items.roman and _ROMAN.fullmatch(items.roman) is None:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "new_roman")
    if items.card_number and not is_card_number(items.card_number):
        return Refusal(Reason.NUMBER_MALFORMED, _ARTICLE, "new_card_number")
    for name in _NEEDED.get(notice.change, ()):
        if name not in told:
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, f"new_{name}")
    if notice.change is MojChange.NAME and not items.roman and not items.kanji:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "new_roman")
    for name in ITEM_NAMES:
        if name in told and name not in _ALLOWED.get(notice.change, frozenset()):
            return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, f"new_{name}")
    return None


def items_for(change: MojChange) -> tuple[tuple[str, bool], ...]:
    """Name the items that a kind of notice may tell, in their order, and whether it cannot be without.

    Law: 住民基本台帳法 第30条の50; own definition.
    """
    needed, allowed = _NEEDED.get(change, ()), _ALLOWED.get(change, frozenset())
    return tuple((name, name in needed) for name in ITEM_NAMES if name in allowed)


def told_items(items: MojItems) -> frozenset[str]:
    """Name the items of which a notice speaks.

    Law: none, arrangement of one value.
    """
    return frozenset(name for name in ITEM_NAMES if getattr(items, name))


def change_kind_of(change: MojChange) -> ChangeKind:
    """Name the change of the register to which a notice leads.

    Law: 住民基本台帳法施行令 第8条, 第12条第2項
    """
    if change is MojChange.NAME:
        return ChangeKind.NAME_CHANGE
    if change is MojChange.DEATH:
        return ChangeKind.DEATH
    return ChangeKind.EX_OFFICIO_STRIKE if change in ENDINGS else ChangeKind.RESIDENCE_STATUS_CHANGE
