"""The model ordinance of seals: own articles after the ministry's outline, each version from its day.  印鑑条例準則

Seal registration rests on each town's ordinance; the Ministry's 印鑑登録証明事務処理要領 says what it should hold. The
numbers of articles here are our own.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article

_ORDINANCE = "印鑑条例準則"


def ordinance_article(number: str) -> Article:
    """Name an article of the model ordinance.

    Law: 印鑑登録証明事務処理要領; the articles are own definition.
    """
    return Article(_ORDINANCE, number)


QUALIFICATION = ordinance_article("2")  # 登録資格
APPLICATION = ordinance_article("3")  # 登録申請
CONFIRMATION = ordinance_article("4")  # 登録申請の確認
FITNESS = ordinance_article("5")  # 登録できない印鑑
CARD = ordinance_article("7")  # 印鑑登録証、その引替交付
ABOLITION = ordinance_article("9")  # 廃止の申請
NOTICE = ordinance_article("10")  # 職権による抹消の通知
SUSPENSION = ordinance_article("11")  # 停止
CERTIFICATION = ordinance_article("12")  # 証明書の交付


class SealMaterial(StrEnum):
    """Of what a seal is made.  印鑑の材質"""

    WOOD = "WOOD"  # 木
    HORN = "HORN"  # 角・牙
    STONE = "STONE"  # 石
    METAL = "METAL"  # 金属
    HARD_RESIN = "HARD_RESIN"  # 硬い樹脂
    RUBBER = "RUBBER"  # ゴム
    SOFT = "SOFT"  # その他変形しやすいもの


class SealFault(StrEnum):
    """What the clerk finds wrong with a seal.  登録できない事由"""

    UNCLEAR = "UNCLEAR"  # 印影が鮮明でない
    FRAME_BROKEN = "FRAME_BROKEN"  # 外枠の欠け
    OTHER_MATTER = "OTHER_MATTER"  # 職業・資格その他氏名以外の事項を表す
    OTHERS = "OTHERS"  # 既に他の者が登録している


class NameForm(StrEnum):
    """In which form a seal says its holder's name.  印影が表す氏名等の別"""

    WHOLE = "WHOLE"  # 氏名
    SINGLE = "SINGLE"  # 氏又は名
    PARTS = "PARTS"  # 氏名の一部を組み合わせたもの
    FORMER_SURNAME = "FORMER_SURNAME"  # 旧氏、又は旧氏と名の組合せ
    ALIAS = "ALIAS"  # 通称、又はその一部
    KATAKANA = "KATAKANA"  # 片仮名表記、又はその一部（外国人住民）


@dataclass(frozen=True, slots=True)
class SealOrdinance:
    """What a town's ordinance says of seals; lengths in tenths of a millimetre.  印鑑条例の定め

    A seal that goes into a square of `smallest_tenths` is too small, one that does not go into one of
    `largest_tenths` is too large. Where `wards_register`, whoever is under guardianship may apply with the guardian
    beside; before, nobody under guardianship had a seal registered.
    """

    in_force_from: date
    forms: frozenset[NameForm]
    least_age: int = 15
    smallest_tenths: int = 80
    largest_tenths: int = 250
    answer_days: int = 30  # for the answer to the letter of inquiry (照会書)
    forbidden: frozenset[SealMaterial] = frozenset((SealMaterial.RUBBER, SealMaterial.SOFT))
    sex_printed: bool = False
    number_card_accepted: bool = False
    wards_register: bool = False  # 成年被後見人による登録


# The days and what begins with them are own, after the model ordinance.
MODEL = (
    # 外国人登録の廃止により通称が住民票の記載となった日
    SealOrdinance(date(2012, 7, 9), frozenset(NameForm) - {NameForm.FORMER_SURNAME}),
    # 旧氏の記載が始まった日
    SealOrdinance(date(2019, 11, 5), frozenset(NameForm)),
    # 成年被後見人等の権利の制限に係る措置の適正化に合わせ、登録資格を意思能力の有無によるものとした日
    SealOrdinance(date(2019, 12, 14), frozenset(NameForm), wards_register=True),
)


def ordinance_on(day: date, versions: tuple[SealOrdinance, ...] = MODEL) -> SealOrdinance:
    """Find the version in force on a day; before the first one, the first.

    Law: 印鑑登録証明事務処理要領; own definition.
    """
    in_force = [one for one in versions if one.in_force_from <= day] or [versions[0]]
    return max(in_force, key=lambda one: one.in_force_from)
