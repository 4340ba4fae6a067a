"""Whose numbers are to be told, gathered from the feed of verified changes long after them.  通知すべき個人番号

No change knows of it: the feed has each verified one in the order of commits. Rows, lines and the place are one unit.
"""

from collections.abc import Sequence

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry
from daicho.nodes.registry.hall.outbox import place_some
from daicho.nodes.registry.records import subject_of
from daicho.rules.destination.owed import owed_notice
from daicho.rules.ledger.events import Event
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind
from daicho.store import hall_feed, number_notices
from daicho.store.hall_feed import FeedRow
from daicho.store.number_notices import NumberNoticeRow
from daicho.store.unit import Unit

ROUND_ROWS = 1_000
_KIND = f'"{ChangeKind.NUMBER_CHANGE.value}"'


def gather_some(node: Node, *, limit_rows: int = ROUND_ROWS) -> int:
    """Note what the next verified changes owe, and count the notices that are new."""
    with node.store.reading() as unit:
        if not number_notices.something_behind(unit):
            return 0
    place_some(node)
    with node.store.unit("number_notices.gather") as unit:
        rows = hall_feed.read(unit, number_notices.lock_cursor(unit), limit_rows=limit_rows)
        if not rows:
            return 0
        new = _keep(unit, node, _numbered(rows))
        number_notices.move_cursor(unit, rows[-1].position)
    return new


def _numbered(rows: Sequence[FeedRow]) -> list[tuple[str, Entry]]:
    """Read those changes that record a number; the others are not read at all."""
    return [
        (row.entry_id, read_entry(row.body))
        for row in rows
        if row.entry_id is not None and row.body is not None and _KIND in row.body
    ]


def _keep(unit: Unit, node: Node, changes: Sequence[tuple[str, Entry]]) -> int:
    codes = {str(one.resident_record_code) for _, entry in changes for one in entry.after}
    allotted = number_notices.allotted_here(unit, codes)
    asked = number_notices.asked_here(unit, [entry_id for entry_id, _ in changes])
    facts = []
    for entry_id, entry in changes:
        owed = owed_notice(
            entry,
            code_allotted_here=any(str(one.resident_record_code) in allotted for one in entry.after),
            asked_here=entry_id in asked,
        )
        if owed is None:
            continue
        record, kind = owed
        row = NumberNoticeRow(
            entry_id, record.addressee_number, entry_id, kind.value, "waiting", node.clock.now()
        )
        if number_notices.keep(unit, row):
            detail = {"notice": row.id, "kind": kind.value}
            facts.append(
                Fact(Event.NUMBER_NOTICE_OWED, subject=subject_of(record), outcome="owed", detail=detail)
            )
    note_many(unit, node, facts)
    return len(facts)
