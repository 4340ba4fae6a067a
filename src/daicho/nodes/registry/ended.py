"""Removed records whose years are over: until they are destroyed they are there for nobody.  保存期間の経過"""

from collections.abc import Iterable
from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.rules.law.retention import REMOVED_RECORDS, retention_over
from daicho.rules.register.record import ResidentRecord
from daicho.store import register
from daicho.store.register import Held
from daicho.store.unit import Unit


def is_over(record: ResidentRecord, on: date) -> bool:
    """Tell whether a record was removed so long ago that nobody may be shown it."""
    return record.removal is not None and retention_over(REMOVED_RECORDS, record.removal.struck_on, on)


def still_there(held: Held | None, on: date) -> Held | None:
    """Give a record that was read, unless its years are over."""
    return None if held is None or is_over(read_record(held.body), on) else held


def kept_resident(unit: Unit, node: Node, addressee_number: int) -> Held | None:
    """Read one record as it stands, unless its years are over."""
    return still_there(register.resident(unit, addressee_number), node.clock.business_today())


def kept_versions(
    rows: Iterable[tuple[register.VersionRow, ResidentRecord]], on: date
) -> list[tuple[register.VersionRow, ResidentRecord]]:
    """Leave out how a record stood before it was made anew, once the years of the former one are over (改製原住民票)."""
    kept: list[tuple[register.VersionRow, ResidentRecord]] = []
    rewritten_on: date | None = None
    for row, record in rows:
        if record.rewritten_on != rewritten_on and record.rewritten_on is not None:
            rewritten_on = record.rewritten_on
            if retention_over(REMOVED_RECORDS, rewritten_on, on):
                kept.clear()
        kept.append((row, record))
    return kept
