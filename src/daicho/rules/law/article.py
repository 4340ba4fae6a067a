"""Which article a decision rests on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one act; `number` is written like "22" or "30-9" (第30条の9), other parts as they read.  条"""

    act: str
    number: str

    def __str__(self) -> str:
        if self.number.startswith("第"):
            return self.act + self.number
        main, *branches = self.number.split("-")
        return f"{self.act}第{main}条" + "".join(f"の{branch}" for branch in branches)


def juki(number: str) -> Article:
    """Name an article of the Basic Resident Register Act.

    Law: 住民基本台帳法
    """
    return Article("住民基本台帳法", number)


def juki_order(number: str) -> Article:
    """Name an article of the Order for Enforcement of the Basic Resident Register Act.

    Law: 住民基本台帳法施行令
    """
    return Article("住民基本台帳法施行令", number)


def bango(number: str) -> Article:
    """Name an article of the Number Act.

    Law: 行政手続における特定の個人を識別するための番号の利用等に関する法律
    """
    return Article("番号法", number)


def security_standard(number: str) -> Article:
    """Name a section of the technical standard for Juki Net (総務省告示第334号).

    Law: 電気通信回線を通じた送信又は磁気ディスクの送付の方法等に関する技術的基準
    """
    return Article("平成14年総務省告示第334号", number)
