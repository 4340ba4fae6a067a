"""Numbers that another one has replaced since a town told them: their notice is told to nobody.  個人番号の変更後の通知書"""

from collections.abc import Sequence

from daicho.nodes.node import Node
from daicho.rules.destination.paper import notice_number
from daicho.store import destination, notice_bundles, numbers
from daicho.store.destination import NoticeName, PrintedNotice
from daicho.store.unit import Unit


def is_former(unit: Unit, node: Node, number: str) -> bool:
    """Tell whether another number has taken the place of this one, of which a notice of its own comes.

    Inside `with unit.as_number_keeper()` (primary key).
    """
    found = numbers.holder_of_lookup(unit, node.vault.lookup(number))
    return found is not None and not found[1]


def former_among(unit: Unit, node: Node, rows: Sequence[PrintedNotice]) -> list[PrintedNotice]:
    """Give those of some notices whose number is another one by now; numbers are opened in memory alone and shown to nobody."""
    found = []
    with unit.as_number_keeper():
        sealed = {file: destination.numbers_of(unit, file) for file in sorted({one.file for one in rows})}
        for one in rows:
            number = node.vault.open(sealed[one.file][one.place - 1], one.resident_record_code)
            if is_former(unit, node, number):
                found.append(one)
    return found


def names_on_paper(unit: Unit, names: Sequence[NoticeName]) -> str:
    """Name notices by the numbers that stand on them, to be found among the printed ones."""
    prints = notice_bundles.lock_prints(unit, names)
    rows = {number: notice_bundles.bundle(unit, number) for number in {one.bundle for one in prints}}
    years = {number: row.year for number, row in rows.items() if row is not None}
    return " ".join(sorted(notice_number(years[one.bundle], one.bundle, one.sheet) for one in prints))
