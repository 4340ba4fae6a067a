"""The people who live together: who heads them, and what happens when somebody leaves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.record import HOUSEHOLDER, HouseholdRelation, ResidentRecord
from daicho.rules.register.relationship import Ask, Derived, check_relationship, derive_relationship

_ARTICLE = juki("7")
_ONE_LEFT = juki_order("25")


@dataclass(frozen=True, slots=True)
class Household:
    """The living members of one household, the householder first.  世帯"""

    number: int
    members: tuple[ResidentRecord, ...]

    @property
    def householder(self) -> ResidentRecord | None:
        """Name the member who heads the household.

        Law: 住民基本台帳法 第7条第4号
        """
        return next((member for member in self.members if member.is_householder), None)


def household_of(records: Iterable[ResidentRecord], number: int) -> Household:
    """Gather the living members of one household.

    Law: 住民基本台帳法 第6条第1項
    """
    members = [record for record in records if record.living and record.household_number == number]
    members.sort(key=lambda record: (not record.is_householder, record.addressee_number))
    return Household(number, tuple(members))


def check_household(household: Household, *, had_head: bool = True) -> Refusal | None:
    """Refuse a living household that has not exactly one householder, or whose members name another one.

    One that had none before (`had_head`) may go on without: whose it is, is not known yet.

    Law: 住民基本台帳法 第6条第1項, 第7条第4号
    """
    if not household.members:
        return None
    heads = [member for member in household.members if member.is_householder]
    if not heads and had_head:
        return Refusal(Reason.HOUSEHOLDER_MISSING, _ARTICLE, "relationship")
    if len(heads) > 1:
        return Refusal(Reason.HOUSEHOLDER_TWICE, _ARTICLE, "relationship")
    for member in household.members:
        refusal = check_relationship(member.relationship)
        if refusal is not None:
            return refusal
    return None


def head_household(
    members: Iterable[ResidentRecord], successor: int, relations: Iterable[HouseholdRelation]
) -> tuple[ResidentRecord, ...] | Refusal:
    """Rewrite relationship and householder's name of all members under a new householder.

    A relationship to another householder cannot be derived (子 may become 夫の子 or 弟): it must be told.

    Law: 住民基本台帳法 第7条第4号, 第25条
    """
    staying = tuple(members)
    head = next((member for member in staying if member.addressee_number == successor), None)
    if head is None:
        return Refusal(Reason.HOUSEHOLDER_MISSING, _ARTICLE, "successor")
    told = {relation.addressee_number: relation.relationship for relation in relations}
    told[successor] = HOUSEHOLDER
    name = head.name.kanji
    after = []
    for member in staying:
        relationship = told.get(member.addressee_number)
        if relationship is None:
            return Refusal(Reason.RELATIONSHIP_MISSING, _ARTICLE, "relations")
        if relationship == HOUSEHOLDER and member is not head:
            return Refusal(Reason.HOUSEHOLDER_TWICE, _ARTICLE, "relations")
        refusal = check_relationship(relationship)
        if refusal is not None:
            return refusal
        after.append(renewed(member, relationship=relationship, householder_name=name))
    return tuple(after)


def suggest_relations(
    members: Iterable[ResidentRecord], successor: int
) -> tuple[Derived | Ask, ...] | Refusal:
    """Propose each member's relationship under a new householder, or what to ask; `head_household` still wants it told.

    Law: 住民基本台帳法 第7条第4号, 第25条
    """
    people = tuple(members)
    old_head = next((member for member in people if member.is_householder), None)
    new_head = next((member for member in people if member.addressee_number == successor), None)
    if old_head is None or new_head is None:
        return Refusal(Reason.HOUSEHOLDER_MISSING, _ARTICLE, "successor")
    counted = Counter(member.relationship for member in people)
    shared = frozenset(word for word, count in counted.items() if count > 1)
    return tuple(derive_relationship(member, old_head, new_head, shared=shared) for member in people)


def renewed(record: ResidentRecord, *, relationship: str, householder_name: str) -> ResidentRecord:
    """Write relationship and householder into one record, and count the change if there is any.

    Law: 住民基本台帳法 第7条第4号
    """
    if record.relationship == relationship and record.householder_name == householder_name:
        return record
    return replace(
        record,
        relationship=relationship,
        householder_name=householder_name,
        update_sequence=record.update_sequence + 1,
    )


def leave_household(
    household: Household,
    leaving: frozenset[int],
    successor: int | None,
    relations: tuple[HouseholdRelation, ...],
) -> tuple[ResidentRecord, ...] | Refusal:
    """Rewrite those who stay when `leaving` go: one left becomes householder without any notice.

    With two or more left and the householder gone, the successor must be told. Gives every staying member,
    changed or not.

    Law: 住民基本台帳法 第25条; 住民基本台帳法施行令 第25条
    """
    staying = tuple(member for member in household.members if member.addressee_number not in leaving)
    if not staying or any(member.is_householder for member in staying):
        return staying
    if len(staying) == 1:
        return head_household(staying, staying[0].addressee_number, ())
    if successor is None:
        return Refusal(Reason.HOUSEHOLDER_MISSING, _ONE_LEFT, "successor")
    return head_household(staying, successor, relations)


def changed_only(
    before: Iterable[ResidentRecord], after: Iterable[ResidentRecord]
) -> tuple[tuple[ResidentRecord, ...], tuple[ResidentRecord, ...]]:
    """Keep of both sides only the people whose record differs, or is new.

    Law: none, comparison of values.
    """
    old = {record.addressee_number: record for record in before}
    changed = tuple(record for record in after if old.get(record.addressee_number) != record)
    numbers = {record.addressee_number for record in changed}
    return tuple(record for number, record in old.items() if number in numbers), changed
