"""Sex as the register holds it."""

from enum import StrEnum


class Sex(StrEnum):
    """Male, female, or not recorded.  性別

    Law: 住民基本台帳法 第7条第3号
    """

    MALE = "MALE"
    FEMALE = "FEMALE"
    UNKNOWN = "UNKNOWN"
