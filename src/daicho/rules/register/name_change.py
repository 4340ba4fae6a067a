"""A change of name: ex officio from the family register, or on request for former surname and alias."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.names import PersonName
from daicho.rules.register.arrival import check_kind
from daicho.rules.register.changes import Entry
from daicho.rules.register.deadlines import check_days
from daicho.rules.register.departure import living_people
from daicho.rules.register.household import changed_only, household_of, renewed
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ResidentRecord

_ARTICLE = juki_order("12")


class NameCause(StrEnum):
    """Why a name changes.  氏名の修正の事由"""

    MARRIAGE = "MARRIAGE"  # 婚姻
    DIVORCE = "DIVORCE"  # 離婚
    ADOPTION = "ADOPTION"  # 養子縁組
    ADOPTION_ENDED = "ADOPTION_ENDED"  # 養子離縁
    FAMILY_REGISTER_MOVED = "FAMILY_REGISTER_MOVED"  # 転籍
    FAMILY_REGISTER_ENTERED = "FAMILY_REGISTER_ENTERED"  # 入籍
    FAMILY_REGISTER_SPLIT = "FAMILY_REGISTER_SPLIT"  # 分籍
    SURNAME_RESTORED = "SURNAME_RESTORED"  # 復氏
    ACKNOWLEDGED = "ACKNOWLEDGED"  # 認知
    NAME_CHANGED = "NAME_CHANGED"  # 氏名の変更
    FAMILY_REGISTER_CORRECTED = "FAMILY_REGISTER_CORRECTED"  # 戸籍訂正
    FURIGANA = "FURIGANA"  # 振り仮名の記載
    FORMER_SURNAME = "FORMER_SURNAME"  # 旧氏の記載・変更・削除
    ALIAS = "ALIAS"  # 通称の記載・削除
    FOREIGN_REPORT = "FOREIGN_REPORT"  # 出入国在留管理庁長官の通知


_ON_REQUEST = frozenset((NameCause.FORMER_SURNAME, NameCause.ALIAS))


@dataclass(frozen=True, slots=True)
class NameChangeEntry:
    """The name as it shall read from a day on.  氏名の修正

    Law: 住民基本台帳法施行令 第12条第2項
    """

    addressee_number: int
    name: PersonName
    cause: NameCause
    changed_on: date
    notified_on: date
    registered_domicile: str | None = None
    family_register_head: str | None = None
    by_report: bool = False


def draft_name_change(
    notice: NameChangeEntry, current: tuple[ResidentRecord, ...], on: date
) -> Entry | Refusal:
    """Write the new name, and for a householder also into the records of the household.

    No deadline of 法22–25 runs: the change is ex officio.

    Law: 住民基本台帳法施行令 第12条第2項; 住民基本台帳法施行規則 第11条
    """
    refusal = check_days(notice.changed_on, notice.notified_on, on, _ARTICLE)
    if refusal is not None:
        return refusal
    people = living_people((notice.addressee_number,), current, _ARTICLE)
    if isinstance(people, Refusal):
        return people
    person = people[0]
    refusal = check_kind(notice.name, person.resident_kind, person.foreign)
    if refusal is not None:
        return refusal
    named = replace(
        person,
        name=notice.name,
        registered_domicile=notice.registered_domicile or person.registered_domicile,
        family_register_head=notice.family_register_head or person.family_register_head,
        householder_name=notice.name.kanji if person.is_householder else person.householder_name,
    )
    if named == person:
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "name")
    named = replace(
        with_alias_history(person, named, notice.changed_on), update_sequence=person.update_sequence + 1
    )
    before, after = changed_only(current, (named, *renamed_household(named, current)))
    ground = Ground.EX_OFFICIO
    if notice.cause in _ON_REQUEST:
        ground = Ground.NOTICE
    elif notice.by_report:
        ground = Ground.REPORT
    return Entry(
        kind=ChangeKind.NAME_CHANGE,
        # The registered domicile is nobody's business above the municipality (転籍).
        reason=ChangeReason.NOT_REPORTED if named.name == person.name else ChangeReason.AMENDED_EX_OFFICIO,
        change_date=notice.changed_on,
        notified_on=notice.notified_on,
        before=before,
        after=after,
        subjects=(person.addressee_number,),
        ground=ground,
        reason_detail=notice.cause.value,
    )


def renamed_household(
    named: ResidentRecord, current: tuple[ResidentRecord, ...]
) -> tuple[ResidentRecord, ...]:
    """Carry a householder's new name into the records of the other members.

    Law: 住民基本台帳法 第7条第4号
    """
    if not named.is_householder or not named.living:
        return ()
    return tuple(
        renewed(member, relationship=member.relationship, householder_name=named.name.kanji)
        for member in household_of(current, named.household_number).members
        if member.addressee_number != named.addressee_number
    )


def with_alias_history(old: ResidentRecord, new: ResidentRecord, day: date) -> ResidentRecord:
    """Keep each entry and deletion of an alias with its day.

    Law: 住民基本台帳法施行令 (通称の記載及び削除に関する事項)
    """
    if new.foreign is None or old.name.alias == new.name.alias:
        return new
    lines = list(new.foreign.alias_history)
    if old.name.alias is not None:
        lines.append(f"{day.isoformat()} DELETED {old.name.alias}")
    if new.name.alias is not None:
        lines.append(f"{day.isoformat()} ENTERED {new.name.alias}")
    return replace(new, foreign=replace(new.foreign, alias_history=tuple(lines)))
