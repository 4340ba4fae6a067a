"""What the registry tells its own CS: of a verified change, and of an imported extract."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from daicho.rules.identity.projection import Stamp, cs_items, identity_record, project, project_cs_items
from daicho.rules.identity.record import IdentityUpdate
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.extract import ExtractRow
from daicho.rules.register.reasons import ChangeReason
from daicho.wire.codecs.identity import HallBulk

KIND = "register.entry"
BULK_RECORDS = 1_000
_IMPORTED = "IMPORT"


def hall_bulk(
    entry: Entry,
    *,
    entry_id: str,
    stamp: Stamp,
    numbers: Mapping[ResidentRecordCode, IndividualNumber],
) -> HallBulk | None:
    """Write the one letter that an entry makes, or nothing when the CS keeps no item that changed."""
    updates = project(entry, stamp=stamp, numbers=numbers)
    revisions = project_cs_items(entry, stamp=stamp)
    if not updates and not revisions:
        return None
    return HallBulk(updates=updates, entry_id=entry_id, revisions=revisions)


def import_bulks(rows: Sequence[ExtractRow], *, entry_id: str, stamp: Stamp) -> Iterator[HallBulk]:
    """Write the letters that imported lines make, a bounded number of living people each.

    They are told as entered ex officio: an import is no moving-in, and no other town is to hear of one.
    """
    living = (row for row in rows if row.record.living and row.record.resident_record_code is not None)
    while part := tuple(islice(living, BULK_RECORDS)):
        yield HallBulk(updates=tuple(_imported(row, stamp) for row in part), entry_id=entry_id)


def _imported(row: ExtractRow, stamp: Stamp) -> IdentityUpdate:
    record = row.record
    return IdentityUpdate(
        identity_record(
            record,
            reason=ChangeReason.ENTERED_OTHER,
            change_date=record.address_since,
            detail=_IMPORTED,
            old_code=record.old_resident_record_code,
        ),
        cs_items(record, notified_on=record.address_since_notified_on, stamp=stamp),
        row.individual_number,
    )
