"""What a town tells the commissioner of immigration of a foreign resident's record, after each verified change.  市町村通知

That entry, deletion and amendment are told at once is law; by which columns is own definition, the real layout is not public.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.people.characters.convert import Unconverted, from_ministry, to_ministry
from daicho.rules.people.characters.identify import NO_OWN, OwnTable
from daicho.rules.people.characters.tables import CharacterTables
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentKind, ResidentRecord

CONVERTED = ("name", "alias", "address", "former_address", "destination")
"""The items of a municipal notice that are written in the Ministry's characters."""


class MunicipalAct(StrEnum):
    """What became of the record.  市町村通知の種類

    Law: 出入国管理及び難民認定法 第61条の8の2. The codes are our own.
    """

    ENTERED = "ENTERED"  # 記載
    STRUCK = "STRUCK"  # 消除
    AMENDED = "AMENDED"  # 記載の修正


@dataclass(frozen=True, slots=True)
class MunicipalNotice:
    """One change of one foreign resident's record, as the town tells it.  市町村通知

    `name` is in kanji where the record has them. `former_address` is where somebody moved from within the town or came from,
    `destination` where they went; "" where nobody knows. `about` is the Ministry's own notice that was recorded.
    Law: 出入国管理及び難民認定法 第61条の8の2; the items are own definition.
    """

    notice_id: str
    act: MunicipalAct
    kind: ChangeKind
    reason: ChangeReason
    changed_on: date
    notified_on: date
    card_number: str
    roman: str
    name: str
    alias: str
    birth_date: PartialDate
    sex: Sex
    nationality: str
    category: str
    address: str
    former_address: str = ""
    destination: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class OwedMunicipalNotice:
    """That a change of one record is to be told.  送付すべき市町村通知

    What is told is read from the change when the file is made.
    Law: 出入国管理及び難民認定法 第61条の8の2
    """

    addressee_number: int
    act: MunicipalAct


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Characters of one item that the Ministry's sets lack.  市町村通知の変換不能文字

    Law: none, own definition.
    """

    item: str
    characters: tuple[Unconverted, ...]


def municipal_notices_owed(entry: Entry) -> tuple[OwedMunicipalNotice, ...]:
    """List of whom a verified change is to be told: whose record was entered, struck, or amended in what the Ministry keeps.

    A change that is turned back is told as well: what was told before has gone out. A planned moving-out is told when it
    strikes. An amendment of household, relationship or programmes alone is no business of the Ministry (own).
    Law: 出入国管理及び難民認定法 第61条の8の2
    """
    owed = []
    for old, new in entry.pairs():
        act = _act(old, new)
        if act is not None:
            owed.append(OwedMunicipalNotice(new.addressee_number, act))
    return tuple(owed)


def _act(old: ResidentRecord | None, new: ResidentRecord) -> MunicipalAct | None:
    stood = old is not None and old.living and old.resident_kind is ResidentKind.FOREIGN
    stands = new.living and new.resident_kind is ResidentKind.FOREIGN
    if stands and not stood:
        return MunicipalAct.ENTERED
    if stood and not stands:
        return MunicipalAct.STRUCK
    if stood and stands and old is not None and _told(old) != _told(new):
        return MunicipalAct.AMENDED
    return None


def _told(record: ResidentRecord) -> tuple[object, ...]:
    name, held = record.name, record.foreign
    items = None
    if held is not None:
        items = (
            held.nationality, held.category, held.residence_card_number, held.residence_status,
            held.residence_period, held.residence_expires_on,
        )  # fmt: skip
    return (
        name.kanji, name.roman, name.alias, record.birth_date, record.sex, record.current_address.municipality,
        record.current_address.one_line(), items,
    )  # fmt: skip


def municipal_notice(
    entry: Entry, addressee_number: int, act: MunicipalAct, notice_id: str, about: str = ""
) -> MunicipalNotice | None:
    """Write what a change says of one person, as the record reads after it; none where the change says nothing of them.

    Law: 出入国管理及び難民認定法 第61条の8の2
    """
    pair = next(((old, new) for old, new in entry.pairs() if new.addressee_number == addressee_number), None)
    if pair is None:
        return None
    old, new = pair
    # Whoever was naturalised is told of as the foreign resident who is none any more.
    record = old if act is MunicipalAct.STRUCK and old is not None else new
    held = record.foreign
    former = ""
    if act is MunicipalAct.ENTERED:
        former = new.previous_address or ""
    elif act is MunicipalAct.AMENDED and old is not None and old.current_address != new.current_address:
        former = old.current_address.one_line()
    return MunicipalNotice(
        notice_id=notice_id,
        act=act,
        kind=entry.kind,
        reason=entry.reason_for(addressee_number),
        changed_on=entry.change_date,
        notified_on=entry.notified_on,
        card_number=(held.residence_card_number or "") if held is not None else "",
        roman=record.name.roman or "",
        name=record.name.kanji,
        alias=record.name.alias or "",
        birth_date=record.birth_date,
        sex=record.sex,
        nationality=held.nationality if held is not None else "",
        category=held.category if held is not None else "",
        address=record.current_address.one_line(),
        former_address=former,
        destination=_destination(new) if act is MunicipalAct.STRUCK else "",
        about=about,
    )


def _destination(record: ResidentRecord) -> str:
    plan = record.scheduled_move_out
    return record.move_out_to_address or (plan.destination if plan is not None else "")


def in_ministry_characters(
    notice: MunicipalNotice,
    tables: CharacterTables,
    own: OwnTable = NO_OWN,
    written: Sequence[tuple[str, str]] = (),
) -> tuple[MunicipalNotice, tuple[Unwritten, ...]]:
    """Write a notice in the Ministry's standard and own characters, with those of which it has none.

    `written` are items that a person wrote otherwise because they could not be converted, as they shall read.
    Law: 在留カード等に係る漢字氏名の表記等に関する告示; own definition
    """
    given = dict(written)
    unwritten = []
    items: dict[str, str] = {}
    for item in CONVERTED:
        told = to_ministry(given.get(item, getattr(notice, item)), tables, own)
        items[item] = told.text
        if told.unconverted:
            unwritten.append(Unwritten(item, told.unconverted))
    changed = replace(
        notice,
        name=items["name"],
        alias=items["alias"],
        address=items["address"],
        former_address=items["former_address"],
        destination=items["destination"],
    )
    return changed, tuple(unwritten)


def in_registry_characters(text: str, tables: CharacterTables) -> tuple[str, bool]:
    """Write a name of the Ministry as the registry writes it, and tell whether every character could be.

    Law: 住民基本台帳法 第30条の50; own definition
    """
    told = from_ministry(text, tables)
    return told.text, not told.unconverted
