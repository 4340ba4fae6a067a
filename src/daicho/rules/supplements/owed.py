"""Which notices a verified change gives rise to: read from the change alone, whenever somebody looks.  通知すべき事項"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import Removal, ResidentKind, ResidentRecord
from daicho.rules.supplements.notice import (
    CODE_ITEM_FROM,
    AddressSupplementNotice,
    SupplementStanding,
)


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice and whom of the own register it is about.  通知すべき附票記載事項"""

    addressee_number: int
    notice: AddressSupplementNotice


def owed_by(entry_id: str, entry: Entry, town: str, on: date) -> tuple[OwedNotice, ...]:
    """Give the notices that a verified change owes, each named by the change and the person's place in it.

    `town` is how the own municipality is written before an address, with its prefecture. The first load of a register owes
    nothing: what was told before it was told then.

    Law: 住民基本台帳法 第19条第1項
    """
    if entry.kind is ChangeKind.IMPORT:
        return ()
    return tuple(
        OwedNotice(after.addressee_number, _notice(f"{entry_id}.{place}", entry, after, standing, town, on))
        for place, (before, after) in enumerate(entry.pairs())
        if (standing := _standing(entry.kind, before, after)) is not None
    )


def _standing(
    kind: ChangeKind, before: ResidentRecord | None, after: ResidentRecord
) -> SupplementStanding | None:
    """Tell what became of somebody's supplement; nothing where nothing of it changes, or another town tells it.

    Where somebody goes to another town that town tells; deaths and lost nationality the family register knows itself.
    """
    if after.resident_kind is not ResidentKind.JAPANESE:
        return None
    stood = before is not None and before.living and before.resident_kind is ResidentKind.JAPANESE
    removal = after.removal
    if removal is None:
        unchanged = stood and before is not None and _items(before) == _items(after)
        return None if unchanged else SupplementStanding.RESIDENT
    if not stood:
        return None
    if removal.reason is ChangeReason.MOVE_OUT_ABROAD:
        return SupplementStanding.ABROAD
    withdrawn = kind is ChangeKind.CANCELLATION
    return SupplementStanding.STRUCK if withdrawn or removal.reason is ChangeReason.STRUCK_OTHER else None


def _items(record: ResidentRecord) -> tuple[object, ...]:
    """Give what a notice says of a record."""
    home = record.current_address
    return (
        record.name.kanji, record.name.furigana, record.birth_date, record.birth_written, record.sex,
        home.municipality, home.one_line(), record.address_since, record.registered_domicile,
        record.family_register_head, record.resident_record_code,
    )  # fmt: skip


def _notice(
    notice_id: str, entry: Entry, record: ResidentRecord, standing: SupplementStanding, town: str, on: date
) -> AddressSupplementNotice:
    address, since = _where(record, standing, town)
    return AddressSupplementNotice(
        notice_id=notice_id,
        kind=entry.kind,
        standing=standing,
        changed_on=entry.legal_day,
        name=record.name.kanji,
        furigana=record.name.furigana or "",
        birth_date=record.birth_date,
        birth_written=record.birth_written or "",
        sex=record.sex,
        address=address,
        address_since=since,
        registered_domicile=record.registered_domicile or "",
        family_register_head=record.family_register_head or "",
        resident_record_code=record.resident_record_code if on >= CODE_ITEM_FROM else None,
    )


def _where(record: ResidentRecord, standing: SupplementStanding, town: str) -> tuple[str, date]:
    removal: Removal | None = record.removal
    if standing is SupplementStanding.RESIDENT or removal is None:
        return f"{town}{record.current_address.one_line()}", record.address_since
    if standing is SupplementStanding.ABROAD:
        return record.move_out_to_address or "", removal.removed_on
    return "", removal.removed_on
