"""What an answer about one person may be made of."""

from enum import StrEnum


class Field(StrEnum):
    """One part of an answer that a legal basis opens or keeps shut.  提供する項目

    Law: 住民基本台帳法 第30条の6
    """

    NAME = "name"  # 氏名（ふりがな・旧氏を含む）
    BIRTH_DATE = "birth_date"  # 出生の年月日
    SEX = "sex"  # 男女の別
    ADDRESS = "address"  # 住所
    CHANGE = "change"  # 異動情報
    INDIVIDUAL_NUMBER = "individual_number"  # 個人番号
    RESIDENT_RECORD_CODE = "resident_record_code"  # 住民票コード


FOUR_ITEMS: tuple[Field, ...] = (Field.NAME, Field.BIRTH_DATE, Field.SEX, Field.ADDRESS)
PLAIN: tuple[Field, ...] = (*FOUR_ITEMS, Field.CHANGE)
EVERYTHING: tuple[Field, ...] = tuple(Field)
