"""Is the individual number that somebody shows theirs?  個人番号の真正性の確認"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from daicho.rules.law.article import bango
from daicho.rules.people.codes import ResidentRecordCode

PROVING = bango("16")
"""Whoever is told a number makes sure whose it is."""


class NumberVerdict(StrEnum):
    """What the network says of a number and a resident record code together; nothing beyond.  個人番号の確認結果

    Law: 番号法 第16条; R-041. The four words are own definition.
    """

    MATCHES = "MATCHES"  # 一致
    DIFFERS = "DIFFERS"  # 不一致
    LAPSED = "LAPSED"  # 失効（変更前の番号）
    NO_ANSWER = "NO_ANSWER"  # 回答なし


@dataclass(frozen=True, slots=True)
class NumberHolder:
    """Whose number it is or was, where the numbers are made.  個人番号の保有者"""

    code: ResidentRecordCode
    current: bool


def verdict_on(codes: Collection[ResidentRecordCode], holder: NumberHolder | None) -> NumberVerdict:
    """Tell what a number says together with a code: a number of nobody and one of somebody else are not told apart.

    `codes` are the code that was asked about and, where it replaced another one, that one, too: the number stays.
    Law: 番号法 第16条; own definition.
    """
    if holder is None or holder.code not in codes:
        return NumberVerdict.DIFFERS
    return NumberVerdict.MATCHES if holder.current else NumberVerdict.LAPSED
