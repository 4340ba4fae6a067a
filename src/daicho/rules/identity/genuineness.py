"""Is the individual number that somebody shows theirs?  個人番号の真正性の確認"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from daicho.rules.law.article import bango, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import ResidentRecordCode

PROVING = bango("16")
"""Whoever is told a number makes sure whose it is."""
UNMATCHED_OF_AN_OPERATOR, UNMATCHED_OF_A_TOWN = 20, 200
"""After how many numbers a day that were none of the person's nobody is asked any more; own figures."""


class NumberVerdict(StrEnum):
    """What the network says of a number and a resident record code together; nothing beyond.  個人番号の確認結果

    Law: 番号法 第16条; R-041. The four words are own definition.
    """

    MATCHES = "MATCHES"  # 一致
    DIFFERS = "DIFFERS"  # 不一致
    LAPSED = "LAPSED"  # 失効（変更前の番号）
    NO_ANSWER = "NO_ANSWER"  # 回答なし


class ConfirmingBasis(StrEnum):
    """Under which article the nation tells a town of a number.  個人番号の確認の根拠

    Whose record the own prefecture notified falls under the one, everybody else under the other.
    Law: 住民基本台帳法 第30条の10第1項第4号, 第30条の12第1項第4号; that no other basis is taken is own definition.
    """

    OWN_PREFECTURE = "法30条の10第1項第4号"
    OTHER_PREFECTURE = "法30条の12第1項第4号"


def check_basis(basis: str) -> Refusal | None:
    """Refuse to confirm a number under any other article.

    Law: 住民基本台帳法 第30条の10第1項第4号, 第30条の12第1項第4号
    """
    if basis in set(ConfirmingBasis):
        return None
    return Refusal(Reason.NO_LEGAL_BASIS, juki("30-10"), "basis")


def check_guesses(unmatched: int, most: int) -> Refusal | None:
    """Refuse another question to whoever has named too many numbers today that were none of the person's.

    Law: 番号法 第16条; the figures are own definition.
    """
    return Refusal(Reason.GUESSED_TOO_OFTEN, PROVING, "individual_number") if unmatched >= most else None


@dataclass(frozen=True, slots=True)
class NumberHolder:
    """Whose number it is or was, where the numbers are made.  個人番号の保有者"""

    code: ResidentRecordCode
    current: bool


def verdict_on(codes: Collection[ResidentRecordCode], holder: NumberHolder | None) -> NumberVerdict:
    """Tell what a number says together with a code: a number of nobody and one of somebody else are not told apart.

    `codes` are the code that was asked about and those that it replaced: a former number stays under the code of its time.
    Law: 番号法 第16条; own definition.
    """
    if holder is None or holder.code not in codes:
        return NumberVerdict.DIFFERS
    return NumberVerdict.MATCHES if holder.current else NumberVerdict.LAPSED
