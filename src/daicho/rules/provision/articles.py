"""Which article lets whom give what to whom: the frame that every legal basis hangs in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from daicho.rules.law.article import Article, juki
from daicho.rules.provision.fields import PLAIN, Field


class Provider(StrEnum):
    """Who holds the copy that is asked.  提供する者"""

    NATIONAL = "NATIONAL"
    PREFECTURE = "PREFECTURE"
    CS = "CS"


class RequesterKind(StrEnum):
    """Who stands behind the question.  求める者"""

    AGENCY = "AGENCY"  # 国の機関又は法人
    PREFECTURE = "PREFECTURE"  # 都道府県の執行機関
    MUNICIPALITY = "MUNICIPALITY"  # 市町村の執行機関
    NATIONAL = "NATIONAL"  # 機構の自己利用


class Reach(StrEnum):
    """Which prefecture's people, or which prefecture's bodies, an article means.  範囲"""

    ANYWHERE = "ANYWHERE"
    SAME_PREFECTURE = "SAME_PREFECTURE"
    OTHER_PREFECTURE = "OTHER_PREFECTURE"


@dataclass(frozen=True, slots=True)
class ProvidingArticle:
    """One article's frame: who gives to whom, of whose people, and what at most.  提供の根拠条文

    `people` compares the person's prefecture with the requester's; `bodies` compares the requester's
    prefecture with the provider's. A prefecture or a municipality provides of its own people only. A number
    opens only under a row that may use it.
    """

    article: Article
    paragraph: str
    providers: tuple[Provider, ...]
    requester: RequesterKind
    people: Reach = Reach.ANYWHERE
    bodies: Reach = Reach.ANYWHERE
    plain: tuple[Field, ...] = PLAIN
    code: bool = False
    number: bool = False
    through_governor: bool = False

    def may_hold(self, *, number_row: bool) -> tuple[Field, ...]:
        """List the items an answer under this article may hold; `number_row` tells of the row.

        Law: 住民基本台帳法 第30条の9〜第30条の15
        """
        number = (Field.INDIVIDUAL_NUMBER,) if self.number and number_row else ()
        code = (Field.RESIDENT_RECORD_CODE,) if self.code else ()
        return self.plain + number + code


_NATION = (Provider.NATIONAL,)
_PREFECTURE = (Provider.PREFECTURE,)
_AGENCY = RequesterKind.AGENCY
_TOWN = RequesterKind.MUNICIPALITY
_GOVERNOR = RequesterKind.PREFECTURE
_OWN = RequesterKind.NATIONAL
_SAME = Reach.SAME_PREFECTURE
_OTHER = Reach.OTHER_PREFECTURE


def _frame(
    key: str,
    providers: tuple[Provider, ...],
    requester: RequesterKind,
    *,
    people: Reach = Reach.ANYWHERE,
    bodies: Reach = Reach.ANYWHERE,
    plain: tuple[Field, ...] = PLAIN,
    code: bool = False,
    number: bool = False,
    through_governor: bool = False,
) -> tuple[str, ProvidingArticle]:
    main, _, rest = key.partition("(")
    paragraph = f"({rest}" if rest else ""
    frame = ProvidingArticle(
        juki(main), paragraph, providers, requester, people, bodies, plain, code, number, through_governor
    )
    return key, frame


ARTICLES: Mapping[str, ProvidingArticle] = MappingProxyType(
    dict(
        (
            _frame("30-9", _NATION, _AGENCY, number=True),
            _frame("30-9-2", _NATION, _AGENCY, plain=(), code=True),
            _frame("30-10(1)(1)", _NATION, _TOWN, people=_SAME, number=True),
            _frame("30-10(1)(2)", _NATION, _TOWN, people=_SAME, number=True),
            _frame("30-10(1)(3)", _NATION, _TOWN, people=_SAME, number=True),
            _frame("30-10(1)(4)", _NATION, _TOWN, people=_SAME, number=True, code=True),
            _frame("30-11(1)(1)", _NATION, _GOVERNOR, people=_OTHER, number=True),
            _frame("30-11(1)(2)", _NATION, _GOVERNOR, people=_OTHER, number=True),
            _frame("30-11(1)(3)", _NATION, _GOVERNOR, people=_OTHER, number=True, code=True),
            _frame("30-12(1)(1)", _NATION, _TOWN, people=_OTHER, number=True, through_governor=True),
            _frame("30-12(1)(2)", _NATION, _TOWN, people=_OTHER, number=True),
            _frame("30-12(1)(3)", _NATION, _TOWN, people=_OTHER, number=True),
            _frame(
                "30-12(1)(4)", _NATION, _TOWN, people=_OTHER, number=True, code=True, through_governor=True
            ),
            _frame("30-13(1)", _PREFECTURE, _TOWN, bodies=_SAME),
            _frame("30-13(2)", _PREFECTURE, _GOVERNOR, bodies=_OTHER),
            _frame("30-13(3)", _PREFECTURE, _TOWN, bodies=_OTHER, through_governor=True),
            _frame("30-14", (Provider.CS,), _TOWN),
            _frame("30-15(1)(1)", _PREFECTURE, _GOVERNOR, bodies=_SAME, number=True),
            _frame("30-15(1)(2)", _PREFECTURE, _GOVERNOR, bodies=_SAME, number=True),
            _frame("30-15(1)(3)", _PREFECTURE, _GOVERNOR, bodies=_SAME, number=True),
            _frame("30-15(1)(4)", _PREFECTURE, _GOVERNOR, bodies=_SAME, number=True),
            _frame("30-15(2)(1)", _PREFECTURE, _GOVERNOR, bodies=_SAME, number=True),
            _frame("30-15(2)(2)", _PREFECTURE, _GOVERNOR, bodies=_SAME, number=True),
            _frame("30-15(3)", _NATION, _OWN, number=True, code=True),
            _frame("30-15(4)", _NATION, _OWN, code=True),
            _frame("30-15(5)", _NATION, _OWN, number=True, code=True),
            _frame("30-15-2(1)", _NATION, _AGENCY),
            _frame("30-15-2(3)", _PREFECTURE, _GOVERNOR, bodies=_SAME),
            _frame("37(2)", (Provider.NATIONAL, Provider.PREFECTURE), _AGENCY),
        )
    )
)
