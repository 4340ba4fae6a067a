"""What does not agree with the family register in the town of the domicile, and when that is settled.  戸籍照合通知"""

from dataclasses import dataclass
from enum import StrEnum

from daicho.rules.law.article import bango, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.people.sex import Sex
from daicho.rules.programmes.item import says_individual_number
from daicho.rules.supplements.notice import (
    BIRTH_CHARACTERS,
    DOMICILE_CHARACTERS,
    AddressSupplementNotice,
    check_texts,
)

_ARTICLE = juki("19")


class MismatchItem(StrEnum):
    """Which item of a notice does not agree with the family register.  戸籍と合わない事項

    Law: 住民基本台帳法 第19条第2項; the codes are our own.
    """

    NAME = "NAME"  # 氏名
    BIRTH_DATE = "BIRTH_DATE"  # 出生の年月日
    SEX = "SEX"  # 男女の別
    DOMICILE = "DOMICILE"  # 戸籍の表示（本籍・筆頭者）
    NO_REGISTER = "NO_REGISTER"  # 該当する戸籍がない


@dataclass(frozen=True, slots=True)
class RegisterMismatch:
    """What does not agree, and how the family register has it.  戸籍照合通知

    Of what agrees nothing is said. That no such register is here stands alone.
    Law: 住民基本台帳法 第19条第2項; the shape is own definition.
    """

    items: tuple[MismatchItem, ...]
    name: str = ""
    birth_date: PartialDate | None = None
    birth_written: str = ""
    sex: Sex | None = None
    registered_domicile: str = ""
    family_register_head: str = ""
    remarks: str = ""


def check_mismatch(mismatch: RegisterMismatch) -> Refusal | None:
    """Refuse one that names nothing, or a value without its item or an item without its value, or a number.

    Law: 住民基本台帳法 第19条第2項; own definition.
    """
    named = frozenset(mismatch.items)
    if not named:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "items")
    if len(named) != len(mismatch.items) or (MismatchItem.NO_REGISTER in named and len(named) > 1):
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "items")
    told = (
        (MismatchItem.NAME, "name", bool(mismatch.name)),
        (MismatchItem.BIRTH_DATE, "birth_date", mismatch.birth_date is not None),
        (MismatchItem.SEX, "sex", mismatch.sex is not None),
        (MismatchItem.DOMICILE, "registered_domicile", _says_domicile(mismatch)),
    )
    for item, field, says in told:
        if says is not (item in named):
            return Refusal(Reason.ITEM_FORBIDDEN if says else Reason.FIELD_MISSING, _ARTICLE, field)
    if mismatch.birth_written and MismatchItem.BIRTH_DATE not in named:
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "birth_date")
    refusal = check_texts(
        (
            ("name", mismatch.name, MAX_NAME_CHARACTERS),
            ("birth_date", mismatch.birth_written, BIRTH_CHARACTERS),
            ("registered_domicile", mismatch.registered_domicile, DOMICILE_CHARACTERS),
            ("family_register_head", mismatch.family_register_head, MAX_NAME_CHARACTERS),
            ("remarks", mismatch.remarks, WORDS_CHARACTERS),
        )
    )
    if refusal is None and says_individual_number(mismatch.remarks):
        return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, bango("9"), "remarks")
    return refusal


def _says_domicile(mismatch: RegisterMismatch) -> bool:
    return bool(mismatch.registered_domicile or mismatch.family_register_head)


def is_settled(
    mismatch: RegisterMismatch, told: AddressSupplementNotice, now: AddressSupplementNotice
) -> bool:
    """Tell whether a later notice says of everything that did not agree what the family register says.

    Where there was no such register, another domicile or another head is named now.

    Law: 住民基本台帳法 第19条第2項; own definition.
    """
    if MismatchItem.NO_REGISTER in mismatch.items:
        return _domicile(now) != _domicile(told)
    wanted = (
        (mismatch.name, now.name),
        (mismatch.birth_date, now.birth_date),
        (mismatch.birth_written, now.birth_written),
        (mismatch.sex, now.sex),
        (mismatch.registered_domicile, now.registered_domicile),
        (mismatch.family_register_head, now.family_register_head),
    )
    return all(says == reads for says, reads in wanted if says)


def _domicile(notice: AddressSupplementNotice) -> tuple[str, str]:
    return notice.registered_domicile, notice.family_register_head
