"""What notices verified changes make owed, noted in the unit that lets the changes stand."""

from collections.abc import Sequence
from datetime import datetime

from daicho.rules.certificates.owed import notices_owed
from daicho.rules.register.changes import Entry
from daicho.store import owed
from daicho.store.owed import OwedRow
from daicho.store.unit import Unit

_MACHINE = "machine:register"
_TURNED_BACK = "異動取消"


def owe_notices(unit: Unit, stand: Sequence[tuple[str, Entry, datetime]]) -> None:
    """Note what changes make owed; what a change that is turned back had made owed is owed no more."""
    rows = [
        OwedRow(f"{entry_id}-{place}", one.kind.value, list(one.people), entry_id, at)
        for entry_id, entry, at in stand
        for place, one in enumerate(notices_owed(entry), 1)
    ]
    if rows:
        owed.keep_owed(unit, rows)
    turned_back = [(entry.cancels, at) for _, entry, at in stand if entry.cancels]
    if turned_back:
        still_open = owed.open_of_entries(unit, [entry_id for entry_id, _ in turned_back])
        owed.drop_notices(unit, [row.id for row in still_open], _MACHINE, turned_back[-1][1], _TURNED_BACK)
