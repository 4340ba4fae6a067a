"""The kinds of node, their names, and who may call whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from daicho.rules.people.codes import MunicipalityCode

DOMAIN = "daicho.internal"
MAX_NAME_CHARACTERS = 80


class NodeKind(StrEnum):
    """What a node is in the network.  ノードの種類"""

    REGISTRY = "REGISTRY"  # 既存住基
    CS = "CS"  # コミュニケーションサーバ
    PREFECTURE = "PREFECTURE"  # 都道府県サーバ
    NATIONAL = "NATIONAL"  # 全国サーバ
    AGENCY = "AGENCY"  # 国の機関等
    AUDITOR = "AUDITOR"  # 監査人


class Relation(StrEnum):
    """How the caller stands to the callee.  接続関係"""

    OWN_REGISTRY_TO_CS = "OWN_REGISTRY_TO_CS"
    OWN_CS_TO_REGISTRY = "OWN_CS_TO_REGISTRY"
    CS_TO_OWN_PREFECTURE = "CS_TO_OWN_PREFECTURE"
    PREFECTURE_TO_OWN_CS = "PREFECTURE_TO_OWN_CS"
    PREFECTURE_TO_NATIONAL = "PREFECTURE_TO_NATIONAL"
    NATIONAL_TO_PREFECTURE = "NATIONAL_TO_PREFECTURE"
    CS_TO_NATIONAL = "CS_TO_NATIONAL"
    NATIONAL_TO_CS = "NATIONAL_TO_CS"
    CS_TO_CS = "CS_TO_CS"
    AGENCY_TO_NATIONAL = "AGENCY_TO_NATIONAL"
    AUDITOR_TO_ANY = "AUDITOR_TO_ANY"


class MalformedNodeName(ValueError):
    """Not a name of a node of this network.  ノード名の形式不正"""


class NodeName(str):
    """A node's name, which is also the DNS name in its certificate.  ノード名"""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the form. Raises: MalformedNodeName."""
        labels = text.split(".")
        good = len(text) <= MAX_NAME_CHARACTERS and text.endswith("." + DOMAIN) and len(labels) >= 4
        if not good or not all(_is_label(label) for label in labels):
            raise MalformedNodeName("not a node name")
        return super().__new__(cls, text)


def _is_label(label: str) -> bool:
    return bool(label) and label.isascii() and label.replace("-", "a").isalnum() and label == label.lower()


@dataclass(frozen=True, slots=True)
class MessageKey:
    """A node's public key for letters, and when it may be used; `jwk` values are base64url.  電文署名鍵"""

    kid: str
    x: str
    y: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the network as the signed directory lists it.  構成員"""

    name: NodeName
    kind: NodeKind
    title: str
    endpoint: str  # host:port
    message_keys: tuple[MessageKey, ...]
    checkpoint_key: str  # Ed25519, base64
    box_key: str  # X25519, base64
    municipality: MunicipalityCode | None = None
    prefecture: str = ""
    cosigner: str = ""  # who cosigns this node's checkpoints


_START_TIERS = {
    NodeKind.NATIONAL: 0,
    NodeKind.PREFECTURE: 1,
    NodeKind.CS: 2,
    NodeKind.REGISTRY: 3,
    NodeKind.AGENCY: 4,
    NodeKind.AUDITOR: 4,
}


def start_tier(kind: NodeKind) -> int:
    """Tell in which tier nodes of a kind are started, side by side, from 0 on; stopping is the reverse.

    Law: none, 004 4-1 (R-420).
    """
    return _START_TIERS[kind]


def relation(caller: Member, callee: Member) -> Relation | None:
    """Tell how two members stand to each other; None when they may not speak.

    Law: 平成14年総務省告示第334号, connections are limited to what the work needs.
    """
    if caller.name == callee.name:
        return None
    if caller.kind is NodeKind.AUDITOR:
        return Relation.AUDITOR_TO_ANY
    same_town = caller.municipality is not None and caller.municipality == callee.municipality
    same_prefecture = caller.prefecture != "" and caller.prefecture == callee.prefecture
    found: dict[tuple[NodeKind, NodeKind], tuple[Relation, bool]] = {
        (NodeKind.REGISTRY, NodeKind.CS): (Relation.OWN_REGISTRY_TO_CS, same_town),
        (NodeKind.CS, NodeKind.REGISTRY): (Relation.OWN_CS_TO_REGISTRY, same_town),
        (NodeKind.CS, NodeKind.PREFECTURE): (Relation.CS_TO_OWN_PREFECTURE, same_prefecture),
        (NodeKind.PREFECTURE, NodeKind.CS): (Relation.PREFECTURE_TO_OWN_CS, same_prefecture),
        (NodeKind.PREFECTURE, NodeKind.NATIONAL): (Relation.PREFECTURE_TO_NATIONAL, True),
        (NodeKind.NATIONAL, NodeKind.PREFECTURE): (Relation.NATIONAL_TO_PREFECTURE, True),
        (NodeKind.CS, NodeKind.NATIONAL): (Relation.CS_TO_NATIONAL, True),
        (NodeKind.NATIONAL, NodeKind.CS): (Relation.NATIONAL_TO_CS, True),
        (NodeKind.CS, NodeKind.CS): (Relation.CS_TO_CS, True),
        (NodeKind.AGENCY, NodeKind.NATIONAL): (Relation.AGENCY_TO_NATIONAL, True),
    }
    kind, holds = found.get((caller.kind, callee.kind), (Relation.AUDITOR_TO_ANY, False))
    return kind if holds else None


def may_call(caller: Member, callee: Member, allowed: frozenset[Relation]) -> bool:
    """Tell whether the caller stands to the callee in one of the allowed relations.

    Law: 平成14年総務省告示第334号
    """
    found = relation(caller, callee)
    return found is not None and found in allowed
