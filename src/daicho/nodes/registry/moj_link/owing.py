"""What verified changes make owed to the Ministry, noted in the unit that lets the changes stand.  市町村通知"""

from collections.abc import Sequence
from datetime import datetime

from daicho.rules.moj_link.municipal import municipal_notices_owed
from daicho.rules.register.changes import Entry
from daicho.store import moj_link
from daicho.store.moj_link import MunicipalRow
from daicho.store.unit import Unit


def owe_municipal_notices(unit: Unit, stand: Sequence[tuple[str, Entry, datetime]]) -> None:
    """Note of whom changes are to be told to the Ministry, in the unit that lets them stand."""
    rows = [
        MunicipalRow(f"{entry_id}-{one.addressee_number}", entry_id, one.addressee_number, one.act.value, at)
        for entry_id, entry, at in stand
        for one in municipal_notices_owed(entry)
    ]
    if rows:
        moj_link.owe(unit, rows)
