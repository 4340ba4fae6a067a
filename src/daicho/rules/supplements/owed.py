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
    """A notice and whom of the own register it is about.  通知すべき附票記載事項

    `by_itself` is false where a clerk is to see first whether it is to be told at all.
    """

    addressee_number: int
    notice: AddressSupplementNotice
    by_itself: bool = True


def owed_by(entry_id: str, entry: Entry, town: str, on: date) -> tuple[OwedNotice, ...]:
    """Give the notices that a verified change owes, each named by the change and the person's place in it.

    `town` is how the own municipality is written before an address, with its prefecture. The first load of a register owes
    nothing: what was told before it was told then.

    Law: 住民基本台帳法 第19条第1項
    """
    if entry.kind is ChangeKind.IMPORT:
        return ()
    return tuple(
        OwedNotice(
            after.addressee_number,
            _notice(f"{entry_id}.{place}", entry, after, standing, town, on),
            by_itself=not _was_elsewhere(entry.kind, before, after),
        )
        for place, (before, after) in enumerate(entry.pairs())
        if (standing := _standing(entry.kind, before, after)) is not None
    )


def _standing(
    kind: ChangeKind, before: ResidentRecord | None, after: ResidentRecord
) -> SupplementStanding | None:
    """Tell what became of somebody's supplement; nothing where nothing of it changes, or another town tells it.

    Where somebody goes to another town that town tells; deaths and lost nationality the family register knows itself. Whose
    moving-in is withdrawn is struck, though they had gone to another town before.
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
    gone_again = kind is ChangeKind.CANCELLATION and removal.reason is ChangeReason.MOVE_OUT
    return SupplementStanding.STRUCK if gone_again or removal.reason is ChangeReason.STRUCK_OTHER else None


def _was_elsewhere(kind: ChangeKind, before: ResidentRecord | None, after: ResidentRecord) -> bool:
    """Tell whether a withdrawn restoration takes somebody back to the town to which they had gone: that town has told it.

    A restoration leaves the address and its day as they were; who moved in again has another day.
    """
    return (
        kind is ChangeKind.CANCELLATION
        and before is not None
        and after.removal is not None
        and after.removal.reason is ChangeReason.MOVE_OUT
        and (before.current_address, before.address_since) == (after.current_address, after.address_since)
    )


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
    address, since = _where(entry, record, standing, town)
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


def _where(entry: Entry, record: ResidentRecord, standing: SupplementStanding, town: str) -> tuple[str, date]:
    """Give the address and its day; the day of a withdrawal is its own, not that of a removal of before."""
    removal: Removal | None = record.removal
    if standing is SupplementStanding.RESIDENT or removal is None:
        return f"{town}{record.current_address.one_line()}", record.address_since
    if standing is SupplementStanding.ABROAD:
        return record.move_out_to_address or "", removal.removed_on
    return "", removal.removed_on if removal.reason is ChangeReason.STRUCK_OTHER else entry.change_date
