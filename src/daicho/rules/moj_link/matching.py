"""Whom a notice of the Ministry means in the register, and what stands against recording it as it is.  法務省通知の照合"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.moj_link.drafting import name_after, residence_after
from daicho.rules.moj_link.notice import ENDINGS, MojChange, MojNotice
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import PersonName
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ForeignItems, ResidentKind, ResidentRecord
from daicho.rules.register.residence_change import ResidenceChange

_GONE_BY_MOVING = ChangeReason.MOVE_OUT


class MojOutcome(StrEnum):
    """What became of looking for whom a notice means.  法務省通知の照合結果

    Law: none, own definition.
    """

    MATCHED = "MATCHED"  # 一致
    NOBODY = "NOBODY"  # 該当者なし
    SEVERAL = "SEVERAL"  # 複数該当
    DIFFERS = "DIFFERS"  # 項目の相違
    MOVED_AWAY = "MOVED_AWAY"  # 他の市区町村へ転出済み
    REMOVED = "REMOVED"  # 消除済み
    ALREADY_SO = "ALREADY_SO"  # 記載済み
    OUTDATED = "OUTDATED"  # 後の異動がある
    CHARACTERS = "CHARACTERS"  # 変換できない文字がある


class MojItem(StrEnum):
    """By what a notice and a record are compared.  法務省通知の照合項目

    Law: none, own definition.
    """

    CARD_NUMBER = "CARD_NUMBER"  # 在留カード等の番号
    FORMER_CARD_NUMBER = "FORMER_CARD_NUMBER"  # 以前の在留カード等の番号
    NAME = "NAME"  # 氏名
    BIRTH_DATE = "BIRTH_DATE"  # 生年月日
    SEX = "SEX"  # 性別
    NATIONALITY = "NATIONALITY"  # 国籍・地域
    KIND = "KIND"  # 外国人住民でない


_BY_NAME = frozenset((MojItem.CARD_NUMBER, MojItem.FORMER_CARD_NUMBER))
"""What may differ of somebody who was found by name, birth date, sex and nationality."""


@dataclass(frozen=True, slots=True)
class MojCandidate:
    """Somebody whom a notice may mean, and whether it was the number that found them.  法務省通知の対象者の候補

    `last_changed_on` is the latest day of a change of the notice's own kind.
    """

    record: ResidentRecord
    by_number: bool
    last_changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class MojMatch:
    """What came of it: whom it means where that is clear, whom it may mean, and which items differ.  法務省通知の照合

    Law: none, own definition.
    """

    outcome: MojOutcome
    addressee_number: int | None = None
    candidates: tuple[int, ...] = ()
    differing: tuple[MojItem, ...] = ()


def match_notice(notice: MojNotice, candidates: Sequence[MojCandidate], *, readable: bool = True) -> MojMatch:
    """Find whom a notice means among those who were found by its number or by name and birth date.

    A number decides before a name. Whoever is named by neither stays out; anything that does not agree waits for a person,
    as does a notice of whose characters one cannot be written (`readable`).
    Law: 住民基本台帳法 第30条の50; how to compare is own definition.
    """
    numbers = tuple(one.record.addressee_number for one in candidates)
    by_number = [one for one in candidates if one.by_number]
    by_name = [
        one for one in candidates if not one.by_number and _BY_NAME.issuperset(_differing(notice, one.record))
    ]
    found = by_number or by_name
    if not found:
        return MojMatch(MojOutcome.NOBODY, candidates=numbers)
    if len(found) > 1:
        return MojMatch(MojOutcome.SEVERAL, candidates=numbers)
    one = found[0]
    whose = one.record.addressee_number
    outcome, differing = _judged(notice, one, readable=readable)
    return MojMatch(outcome, whose, numbers, differing)


def _judged(
    notice: MojNotice, one: MojCandidate, *, readable: bool
) -> tuple[MojOutcome, tuple[MojItem, ...]]:
    record = one.record
    if record.resident_kind is not ResidentKind.FOREIGN or record.foreign is None:
        return MojOutcome.DIFFERS, (MojItem.KIND,)
    differing = _differing(notice, record)
    # What the notice itself changes may stand there already.
    if set(differing) <= _told_anew(notice) and _is_so(notice, record):
        return MojOutcome.ALREADY_SO, ()
    if record.removal is not None:
        moved = record.removal.reason is _GONE_BY_MOVING
        return MojOutcome.MOVED_AWAY if moved else MojOutcome.REMOVED, ()
    if _outdated(notice, one):
        return MojOutcome.OUTDATED, ()
    if not readable:
        return MojOutcome.CHARACTERS, differing
    # Of several changes on one day each names the number that was borne before any of them.
    if differing == (MojItem.FORMER_CARD_NUMBER,) and one.by_number and not notice.items.card_number:
        differing = ()
    return (MojOutcome.DIFFERS if differing else MojOutcome.MATCHED), differing


def _told_anew(notice: MojNotice) -> set[MojItem]:
    told = {
        MojChange.NAME: {MojItem.NAME},
        MojChange.BIRTH_DATE: {MojItem.BIRTH_DATE},
        MojChange.SEX: {MojItem.SEX},
        MojChange.NATIONALITY: {MojItem.NATIONALITY},
    }.get(notice.change, set())
    if notice.items.card_number:
        told = told | {MojItem.CARD_NUMBER, MojItem.FORMER_CARD_NUMBER}
    return told


def _outdated(notice: MojNotice, one: MojCandidate) -> bool:
    """Tell whether something later stands there: a change of the kind, or a stay here that began after the day."""
    if notice.happened_on < one.record.resident_since:
        return True
    return one.last_changed_on is not None and notice.happened_on < one.last_changed_on


def _is_so(notice: MojNotice, record: ResidentRecord) -> bool:
    """Tell whether a record says already what a notice tells, so that nothing is to be recorded."""
    if notice.change in ENDINGS:
        if record.removal is None or record.removal.reason is _GONE_BY_MOVING:
            return False
        return notice.change is not MojChange.DEATH or record.removal.reason is ChangeReason.DEATH
    if record.removal is not None:
        return False
    if notice.change is MojChange.NAME:
        new = name_after(record.name, notice.items)
        return (new.kanji, new.roman) == (record.name.kanji, record.name.roman)
    change = residence_after(notice, record.addressee_number)
    return record.foreign is not None and _says(record, record.foreign, change)


def _says(record: ResidentRecord, held: ForeignItems, change: ResidenceChange) -> bool:
    pairs = (
        (change.nationality or None, held.nationality),
        (change.category or None, held.category),
        (change.card_number, held.residence_card_number),
        (change.status, held.residence_status),
        (change.period, held.residence_period or ""),
        (change.birth_date, record.birth_date),
        (change.sex, record.sex),
    )
    if any(told is not None and told != kept for told, kept in pairs):
        return False
    if change.endless:
        return held.residence_expires_on is None
    return change.ends_on is None or change.ends_on == held.residence_expires_on


def _differing(notice: MojNotice, record: ResidentRecord) -> tuple[MojItem, ...]:
    """Name the items by which a notice and a record do not agree, in a fixed order."""
    person, held = notice.person, record.foreign
    number = held.residence_card_number if held is not None else None
    differing = []
    if person.card_number and person.card_number != number:
        known = number is not None
        differing.append(MojItem.FORMER_CARD_NUMBER if known else MojItem.CARD_NUMBER)
    if not same_name(person.roman, person.kanji, record.name):
        differing.append(MojItem.NAME)
    if person.birth_date != record.birth_date:
        differing.append(MojItem.BIRTH_DATE)
    if person.sex is not record.sex:
        differing.append(MojItem.SEX)
    if held is None or kanji_key(person.nationality) != kanji_key(held.nationality):
        differing.append(MojItem.NATIONALITY)
    return tuple(differing)


def same_name(roman: str, kanji: str, name: PersonName) -> bool:
    """Tell whether a name is one that a record bears, in Roman letters or in kanji, whatever their width and form.

    Law: none, own definition.
    """
    told = {kanji_key(one) for one in (roman, kanji) if one}
    return not told.isdisjoint(kanji_key(one) for one in (name.kanji, name.roman) if one)


def may_be_meant(notice: MojNotice, record: ResidentRecord) -> bool:
    """Tell whether a notice may mean a foreign resident who was not found by the number: by name, and birth date or nationality.

    Law: none, own definition.
    """
    if record.resident_kind is not ResidentKind.FOREIGN:
        return False
    person = notice.person
    named = same_name(person.roman, person.kanji, record.name) or (
        bool(notice.items.roman or notice.items.kanji)
        and same_name(notice.items.roman, notice.items.kanji, record.name)
    )
    return named and (
        person.birth_date == record.birth_date
        or (record.foreign is not None and record.foreign.nationality == person.nationality)
    )


def latest_change(changes: Iterable[tuple[ChangeKind, date]], kind: ChangeKind) -> date | None:
    """Give the latest day of the changes of one kind.

    Law: none, arrangement of values.
    """
    return max((day for one, day in changes if one is kind), default=None)
