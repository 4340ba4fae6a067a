"""What a command may do to a whole register once: asked for by one person, approved by another.  移行の指示

Law: 本人確認情報管理方法 第3(2)ウ, (3): whole registers are written out by the prior approval of another person.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode

WORDS_CHARACTERS = 200
ARTICLE = Article("本人確認情報管理方法", "3")
GIVES_BACK = (NodeKind.CS, NodeKind.PREFECTURE)  # of what these keep a lost register is rebuilt
_SHA256 = re.compile("[0-9a-f]{64}")


class HandoverWay(StrEnum):
    """Whether a register is filled from a folder or written into one.  移行の方向

    Law: none, own definition.
    """

    IN = "IN"  # 取込み
    OUT = "OUT"  # 書き出し


class HandoverOrderState(StrEnum):
    """Where an order stands; carrying it out uses it up, however that ends.  移行の指示の状態

    Law: none, own definition.
    """

    WAITING = "WAITING"  # 承認待ち
    READY = "READY"  # 承認済み
    DECLINED = "DECLINED"  # 不承認
    USED = "USED"  # 使用済み


@dataclass(frozen=True, slots=True)
class HandoverOrder:
    """What is to be done and what for; one that takes a folder in names it by the SHA-256 of its manifest.  移行の指示

    `town` is whose residents a prefecture writes out. With `ledger_lost` the node that lost everything begins its ledger
    anew: its witness, which writes the folder, closes the one that it has seen.

    Law: 本人確認情報管理方法 第3(2)ウ
    """

    way: HandoverWay
    purpose: str
    manifest: str = ""
    tell_cs: bool = False
    town: MunicipalityCode | None = None
    ledger_lost: bool = False


def check_order_at(order: HandoverOrder, node: Member) -> Refusal | None:
    """Refuse an order to whoever keeps no register, but the one to write out what it keeps of a town's residents.

    A CS writes out those of its own town, a prefecture those of the town that is named, which lies within it.

    Law: 本人確認情報管理方法 第3(2)ウ; own definition.
    """
    if node.kind is NodeKind.REGISTRY and order.ledger_lost:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "ledger_lost")
    if node.kind is not NodeKind.REGISTRY and (
        order.way is not HandoverWay.OUT or node.kind not in GIVES_BACK
    ):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "way")
    if node.kind is not NodeKind.PREFECTURE:
        return None if order.town is None else Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "town")
    if order.town is None:
        return Refusal(Reason.FIELD_MISSING, ARTICLE, "town")
    within = order.town.startswith(node.prefecture)
    return None if within else Refusal(Reason.OTHER_MUNICIPALITY, ARTICLE, "town")


def check_order(order: HandoverOrder) -> Refusal | None:
    """Refuse an order without a purpose, or one that leaves open which folder is taken in.

    Law: 本人確認情報管理方法 第3(2)ウ
    """
    if not order.purpose.strip():
        return Refusal(Reason.PURPOSE_MISSING, ARTICLE, "purpose")
    if len(order.purpose) > WORDS_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, ARTICLE, "purpose")
    if order.way is HandoverWay.IN and _SHA256.fullmatch(order.manifest) is None:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "manifest")
    if order.way is HandoverWay.OUT and (order.manifest or order.tell_cs):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, ARTICLE, "way")
    return None
