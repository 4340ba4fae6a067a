"""What the registry tells its own CS of a verified change."""

from collections.abc import Mapping

from daicho.rules.identity.projection import Stamp, project
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.changes import Entry
from daicho.wire.codecs.identity import HallBulk

KIND = "register.entry"


def hall_bulk(
    entry: Entry,
    *,
    entry_id: str,
    stamp: Stamp,
    numbers: Mapping[ResidentRecordCode, IndividualNumber],
) -> HallBulk | None:
    """Write the one letter that an entry makes, or nothing when no identification information changed."""
    updates = project(entry, stamp=stamp, numbers=numbers)
    return HallBulk(updates=updates, entry_id=entry_id) if updates else None
