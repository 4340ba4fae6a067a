"""Which words may stand as a relationship to the householder.  続柄"""

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.record import HOUSEHOLDER

_ARTICLE = juki("7")
_JOINED_BY = "の"
_LINKS_MAX = 4
# Children are all 子 since 1995-03-01: 長男, 長女, 養子 and the like are not written any more.
_LINKS = frozenset(("夫", "妻", "夫（未届）", "妻（未届）", "子", "父", "母", "兄", "弟", "姉", "妹"))
_WHOLE = frozenset((HOUSEHOLDER, "縁故者", "同居人"))


def check_relationship(relationship: str) -> Refusal | None:
    """Refuse a relationship that is not a chain of at most four known links, or a word that stands alone.

    Law: 住民基本台帳法 第7条第4号
    """
    if relationship in _WHOLE:
        return None
    if not relationship:
        return Refusal(Reason.RELATIONSHIP_MISSING, _ARTICLE, "relationship")
    links = relationship.split(_JOINED_BY)
    if len(links) > _LINKS_MAX or not _LINKS.issuperset(links):
        return Refusal(Reason.RELATIONSHIP_UNKNOWN, _ARTICLE, "relationship")
    return None
