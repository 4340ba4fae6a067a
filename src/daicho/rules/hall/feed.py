"""What a verified change tells an office: of each person the items of its duty after the change, and no others.

Nobody's number, code or ledger is here; a number is handed in where the office may have it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from daicho.rules.hall.offices import WHERE_ITEMS, HallItem, OfficeDuty
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentRecord

_NO_NUMBERS: Mapping[int, IndividualNumber] = MappingProxyType({})


class FeedKind(StrEnum):
    """What a change means for whoever reads the feed.  連携の区分

    Law: none, own definition.
    """

    ENTERED = "ENTERED"  # 記載
    CHANGED = "CHANGED"  # 修正
    STRUCK = "STRUCK"  # 消除
    RESTORED = "RESTORED"  # 回復
    PROTECTION = "PROTECTION"  # 支援措置の開始・終了


@dataclass(frozen=True, slots=True)
class HallPerson:
    """One person as an office is told: an item that is not recorded is empty, one that is kept back is `withheld`.  連携情報

    `protected` is the flag of a protection measure: whoever reads it keeps the person's whereabouts to themselves.
    Law: 住民基本台帳法 第1条; 住民基本台帳事務処理要領 第6の10
    """

    addressee_number: int
    living: bool
    items: Mapping[HallItem, str]
    withheld: frozenset[HallItem] = frozenset()
    protected: bool = False


@dataclass(frozen=True, slots=True)
class FeedChange:
    """What one change means for one person, and the person after it.  連携する異動

    `notified_on` is the day of the notice, `legal_day` the day from which the record after the change is right, to which
    a correction reaches back.
    Law: 住民基本台帳法 第14条; 公職選挙法 第21条第1項
    """

    kind: FeedKind
    reason: ChangeReason
    change_date: date
    notified_on: date
    legal_day: date
    person: HallPerson


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told, on which day: a duty with its items then, who is covered by a measure, whose home it may know.  連携先

    `opened` says that the agreement lets the addresses of covered people pass.
    Law: 住民基本台帳法 第1条; 住民基本台帳事務処理要領 第6の10
    """

    duty: OfficeDuty
    items: frozenset[HallItem]
    on: date
    covered: Container[int] = frozenset()
    opened: bool = False
    numbers: Mapping[int, IndividualNumber] = field(default_factory=dict)


def person_for(record: ResidentRecord, audience: Audience) -> HallPerson | None:
    """Give of a record what an office may be told, or nothing when it has nothing to do with the person.

    Where a covered person lives is left out unless duty and agreement both need it. A text that was left out before
    stays so.

    Law: 住民基本台帳法 第1条; 住民基本台帳事務処理要領 第6の10, own definition
    """
    if not audience.duty.reaches(record):
        return None
    covered = record.addressee_number in audience.covered
    kept_back = covered and not (audience.opened and audience.duty.needs_address)
    items = audience.items
    if not audience.duty.needs_number_of(record, audience.on):
        items -= {HallItem.INDIVIDUAL_NUMBER}
    person = person_with(record, items, kept_back=kept_back, numbers=audience.numbers)
    return replace(person, protected=covered)


def person_with(
    record: ResidentRecord,
    items: frozenset[HallItem],
    *,
    kept_back: bool,
    numbers: Mapping[int, IndividualNumber] = _NO_NUMBERS,
) -> HallPerson:
    """Give some items of a record; where somebody lives is left out where it is kept back, the postal code with the rest.

    Law: 住民基本台帳事務処理要領 第6の10, own definition
    """
    number = numbers.get(record.addressee_number)
    written = _written(record) | {HallItem.INDIVIDUAL_NUMBER: "" if number is None else str(number)}
    withheld = items & WHERE_ITEMS if kept_back else frozenset[HallItem]()
    withheld |= {one for one in items if WITHHELD in written[one]}
    if HallItem.ADDRESS in withheld:
        withheld |= items & {HallItem.POSTAL_CODE}
    told = {one: written[one] for one in sorted(items - withheld)}
    return HallPerson(record.addressee_number, record.living, told, withheld)


def feed_changes(entry: Entry, audience: Audience) -> tuple[FeedChange, ...]:
    """Tell what a change means for an office; nothing of whom nothing changes in what it may be told.

    Of a covered person a change of what is left out is no change: that somebody moved tells too much already.

    Law: 住民基本台帳法 第1条; 住民基本台帳事務処理要領 第6の10, own definition
    """
    told = []
    number_came = entry.kind is ChangeKind.NUMBER_CHANGE and HallItem.INDIVIDUAL_NUMBER in audience.items
    for before, after in entry.pairs():
        old = None if before is None else person_for(before, audience)
        new = person_for(after, audience)
        came = number_came and new is not None and bool(new.items.get(HallItem.INDIVIDUAL_NUMBER))
        kind = _kind(old, new, number_came=came)
        person = new or old
        if kind is not None and person is not None:
            reason = entry.reason_for(after.addressee_number)
            told.append(
                FeedChange(kind, reason, entry.change_date, entry.notified_on, entry.legal_day, person)
            )
    return tuple(told)


def _kind(old: HallPerson | None, new: HallPerson | None, *, number_came: bool) -> FeedKind | None:
    """Name what became of a person in the eyes of an office; who is out of its reach has gone for it."""
    stood, stands = old is not None and old.living, new is not None and new.living
    if stood and not stands:
        return FeedKind.STRUCK
    if stands and not stood:
        return FeedKind.ENTERED if old is None else FeedKind.RESTORED
    if old == new and not number_came:
        return None
    return FeedKind.CHANGED if new is not None else None


def protection_changes(
    records: tuple[ResidentRecord, ...], on: date, audience: Audience
) -> tuple[FeedChange, ...]:
    """Tell an office of people whose measure began or ended: the flag as it is now, and what may be told with it.

    Law: 住民基本台帳事務処理要領 第6の10, own definition
    """
    people = (person_for(one, audience) for one in records)
    return tuple(
        FeedChange(FeedKind.PROTECTION, ChangeReason.NOT_REPORTED, on, on, on, one)
        for one in people
        if one is not None
    )


def _written(record: ResidentRecord) -> dict[HallItem, str]:
    """Write each item as text: days as 2026-11-20, coded values by their code, "" for what is not recorded."""
    name, home, foreign = record.name, record.current_address, record.foreign
    plan, removal, former = record.scheduled_move_out, record.removal, record.name.former_surname
    return {
        HallItem.NAME: name.kanji,
        HallItem.FURIGANA: name.furigana or "",
        HallItem.FORMER_SURNAME: former.kanji if former else "",
        HallItem.ALIAS: name.alias or "",
        HallItem.BIRTH_DATE: str(record.birth_date),
        HallItem.SEX: record.sex.value,
        HallItem.ADDRESS: home.one_line(),
        HallItem.POSTAL_CODE: home.postal_code,
        HallItem.ADDRESS_SINCE: record.address_since.isoformat(),
        HallItem.HOUSEHOLD_NUMBER: str(record.household_number),
        HallItem.RELATIONSHIP: record.relationship,
        HallItem.HOUSEHOLDER: record.householder_name,
        HallItem.RESIDENT_KIND: record.resident_kind.value,
        HallItem.RESIDENT_SINCE: record.resident_since.isoformat(),
        HallItem.RESIDENT_SINCE_NOTIFIED_ON: record.resident_since_notified_on.isoformat(),
        HallItem.PREVIOUS_ADDRESS: record.previous_address or "",
        HallItem.MOVE_OUT_PLANNED_ON: plan.scheduled_on.isoformat() if plan else "",
        HallItem.REMOVED_ON: removal.removed_on.isoformat() if removal else "",
        HallItem.REMOVAL_REASON: removal.reason.value if removal else "",
        HallItem.MOVED_TO: record.move_out_to_address or (plan.destination if plan else ""),
        HallItem.NATIONALITY: foreign.nationality if foreign else "",
        HallItem.RESIDENCE_STATUS: (foreign.residence_status or "") if foreign else "",
        HallItem.RESIDENCE_EXPIRES_ON: _iso(foreign.residence_expires_on) if foreign else "",
        HallItem.REGISTERED_DOMICILE: record.registered_domicile or "",
    }


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
