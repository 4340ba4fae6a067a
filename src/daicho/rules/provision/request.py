"""A question about one person: on which row it rests, who asks, and for what."""

from dataclasses import dataclass

from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.provision.articles import RequesterKind
from daicho.rules.provision.fields import Field

# The bodies that most members of the network speak for, in the words of the legal bases.
MAYOR = "市町村長"
GOVERNOR = "都道府県知事"
NATION = "地方公共団体情報システム機構"


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, as the network proved it: never taken from the question itself.  求める者

    `bodies` are the bodies for which this member may speak, in the words of the legal bases.
    """

    kind: RequesterKind
    bodies: tuple[str, ...]
    municipality: MunicipalityCode | None = None
    prefecture: str | None = None


@dataclass(frozen=True, slots=True)
class ProvisionRequest:
    """A body asks for items of one person under one row.  本人確認情報の提供の求め

    Law: 住民基本台帳法 第30条の9〜第30条の15の2
    """

    table: str
    item: str
    body: str
    fields: tuple[Field, ...]
    purpose: str = ""

    @property
    def key(self) -> str:
        """Name the row on which the question rests.

        Law: none, own definition.
        """
        return f"{self.table}-{self.item}"
