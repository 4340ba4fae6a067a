"""Which words may stand as a relationship to the householder, and what becomes of them under another one.  続柄"""

from dataclasses import dataclass
from itertools import product

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import HOUSEHOLDER, ResidentRecord

_ARTICLE = juki("7")
_JOINED_BY = "の"
_LINKS_MAX = 4
# Children are all 子 since 1995-03-01: 長男, 長女, 養子 and the like are not written any more.
_LINKS = frozenset(("夫", "妻", "夫（未届）", "妻（未届）", "子", "父", "母", "兄", "弟", "姉", "妹"))
_DISTANT, _LODGER = "縁故者", "同居人"
_WHOLE = frozenset((HOUSEHOLDER, _DISTANT, _LODGER))
_SPOUSE = {"夫": "妻", "妻": "夫", "夫（未届）": "妻（未届）", "妻（未届）": "夫（未届）"}
_PARENTS = ("父", "母")
_PARENT = {Sex.MALE: ("父",), Sex.FEMALE: ("母",), Sex.UNKNOWN: _PARENTS}
_ELDER = {Sex.MALE: ("兄",), Sex.FEMALE: ("姉",), Sex.UNKNOWN: ("兄", "姉")}
_YOUNGER = {Sex.MALE: ("弟",), Sex.FEMALE: ("妹",), Sex.UNKNOWN: ("弟", "妹")}
_SIBLINGS = frozenset(("兄", "弟", "姉", "妹"))
_SEX = {
    **dict.fromkeys(("夫", "夫（未届）", "父", "兄", "弟"), Sex.MALE),
    **dict.fromkeys(("妻", "妻（未届）", "母", "姉", "妹"), Sex.FEMALE),
}
# Of these nobody has two at once.
_ONLY_ONE = frozenset((*_SPOUSE, *_PARENTS))
_MARRIED_TO = {Sex.MALE: ("夫",), Sex.FEMALE: ("妻",), Sex.UNKNOWN: ("夫", "妻")}


@dataclass(frozen=True, slots=True)
class Derived:
    """The relationship to the new householder follows from what is recorded.  続柄の導出"""

    addressee_number: int
    relationship: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The relationship does not follow from what is recorded; what it may be, the likely first.  続柄の確認"""

    addressee_number: int
    candidates: tuple[str, ...]


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


def derive_relationship(
    member: ResidentRecord, old_head: ResidentRecord, new_head: ResidentRecord, *, shared: frozenset[str]
) -> Derived | Ask:
    """Derive a member's relationship under a new householder, or say what must be asked.

    `shared` holds the relationships that two or more members have. Whether two people have a child in common, or one
    adopted the other, is not recorded: whatever rests on it is asked.

    Law: 住民基本台帳法 第7条第4号
    """
    number = member.addressee_number
    if number == new_head.addressee_number:
        return Derived(number, HOUSEHOLDER)
    if old_head.addressee_number == new_head.addressee_number:
        return Derived(number, member.relationship)
    if number == old_head.addressee_number:
        return _settled(number, inverse_of(new_head.relationship, old_head.sex), certain=True)
    theirs, own = _links_of(new_head.relationship), _links_of(member.relationship)
    if not theirs or not own:
        words = (word for word in (member.relationship, new_head.relationship) if word in (_DISTANT, _LODGER))
        return Ask(number, tuple(dict.fromkeys(words)))
    shorter = _along_one_line(own, theirs, member.sex)
    between = own if len(own) < len(theirs) else theirs
    if shorter and _ONLY_ONE.issuperset(between) and _JOINED_BY.join(between) not in shared:
        return _settled(number, shorter, certain=True)
    if theirs == own == ("子",):
        return _of_one_parent(member, new_head)
    chains = tuple(
        f"{chain}{_JOINED_BY}{member.relationship}"
        for chain in inverse_of(new_head.relationship, old_head.sex)
    )
    nearer = _nearer(theirs, own, member, new_head) if len(theirs) == 1 else ()
    in_law = theirs[0] in _SPOUSE and own[0] != "子"
    return _settled(
        number, (*shorter, *chains, *nearer) if in_law else (*shorter, *nearer, *chains), certain=False
    )


def inverse_of(relationship: str, sex_of_head: Sex) -> tuple[str, ...]:
    """Say what the householder is to somebody: 夫 to a 妻, 父 or 母 to a 子; several where a sex is not known.

    Law: 住民基本台帳法 第7条第4号
    """
    links = _links_of(relationship)
    if not links:
        return (relationship,)
    sexes = (sex_of_head, *(_SEX.get(link, Sex.UNKNOWN) for link in links))
    back = [_back(link, sex) for link, sex in zip(links, sexes, strict=False)]
    return tuple(_JOINED_BY.join(words) for words in product(*reversed(back)))


def _links_of(relationship: str) -> tuple[str, ...]:
    return () if relationship in _WHOLE else tuple(relationship.split(_JOINED_BY))


def _back(link: str, sex: Sex) -> tuple[str, ...]:
    """Turn one link round; `sex` is that of the person at its beginning."""
    if link in _SPOUSE:
        return (_SPOUSE[link],)
    if link == "子":
        return _PARENT[sex]
    if link in _PARENTS:
        return ("子",)
    return _YOUNGER[sex] if link in ("兄", "姉") else _ELDER[sex]


def _along_one_line(own: tuple[str, ...], theirs: tuple[str, ...], sex: Sex) -> tuple[str, ...]:
    """Shorten where one of the two may stand between the old householder and the other: 妻 and 妻の子."""
    if own[: len(theirs)] == theirs and len(own) > len(theirs):
        return (_JOINED_BY.join(own[len(theirs) :]),)
    if theirs[: len(own)] == own and len(theirs) > len(own):
        return inverse_of(_JOINED_BY.join(theirs[len(own) :]), sex)
    return ()


def _settled(number: int, words: tuple[str, ...], *, certain: bool) -> Derived | Ask:
    """Write what is too long for a chain as 縁故者, and derive what is certain and single."""
    written = tuple(
        dict.fromkeys(word if word.count(_JOINED_BY) < _LINKS_MAX else _DISTANT for word in words)
    )
    if certain and len(written) == 1:
        return Derived(number, written[0])
    return Ask(number, written)


def _of_one_parent(member: ResidentRecord, new_head: ResidentRecord) -> Derived | Ask:
    """Tell which of two children of the old householder is the elder; of two sexes they may also be married (婿養子)."""
    words = _sibling_words(member, new_head)
    if member.sex is new_head.sex and member.sex is not Sex.UNKNOWN:
        return _settled(member.addressee_number, words, certain=True)
    return _settled(member.addressee_number, (*words, *_MARRIED_TO[member.sex]), certain=False)


def _sibling_words(member: ResidentRecord, new_head: ResidentRecord) -> tuple[str, ...]:
    order = _compared(member.birth_date, new_head.birth_date)
    if order == 0:
        return (*_ELDER[member.sex], *_YOUNGER[member.sex])
    return _ELDER[member.sex] if order < 0 else _YOUNGER[member.sex]


def _compared(one: PartialDate, other: PartialDate) -> int:
    """Say which birth was earlier (below 0: the first); 0 where it cannot be said, as of twins."""
    for left, right in ((one.year, other.year), (one.month, other.month), (one.day, other.day)):
        if left is None or right is None:
            return 0
        if left != right:
            return left - right
    return 0


def _nearer(
    theirs: tuple[str, ...], own: tuple[str, ...], member: ResidentRecord, new_head: ResidentRecord
) -> tuple[str, ...]:
    """List the words nearer than the chain over the old householder that may be true as well."""
    link, first, rest = theirs[0], own[0], own[1:]
    if link in _SPOUSE:
        # A child of both, or somebody whose family adopted the new householder (婿養子).
        return () if first in _SPOUSE else (member.relationship,)
    if link == "子":
        return _nearer_to_child(first, rest)
    if link in _PARENTS:
        return _nearer_to_parent(link, first, rest)
    if first in _PARENTS:
        return (member.relationship,)
    return _sibling_words(member, new_head) if own[0] in _SIBLINGS and not rest else ()


def _nearer_to_child(first: str, rest: tuple[str, ...]) -> tuple[str, ...]:
    if first in _SPOUSE and not rest:
        return ("母" if _SEX[first] is Sex.FEMALE else "父",)
    if first == "子" and rest:
        return tuple(_JOINED_BY.join((sibling, *rest)) for sibling in ("兄", "弟", "姉", "妹"))
    return ()


def _nearer_to_parent(link: str, first: str, rest: tuple[str, ...]) -> tuple[str, ...]:
    spouse = "妻" if link == "父" else "夫"
    if rest:
        return ()
    if first in _SIBLINGS:
        return ("子", f"{spouse}の子")
    if first in _PARENTS:
        return (spouse, f"{spouse}（未届）")
    return ()
