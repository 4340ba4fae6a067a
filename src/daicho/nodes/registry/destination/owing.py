"""Whose numbers are to be told, gathered from the feed of verified changes long after them.  通知すべき個人番号

No change knows of it: the feed has each verified one in the order of commits. Rows, lines and the place are one unit.
"""

from collections.abc import Mapping, Sequence

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry
from daicho.nodes.registry.guarding import kept_residents
from daicho.nodes.registry.hall.outbox import place_some
from daicho.nodes.registry.records import subject_of
from daicho.rules.destination.owed import owed_notice
from daicho.rules.destination.record import PrintKind
from daicho.rules.ledger.events import Event
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.record import ResidentRecord
from daicho.store import number_notices
from daicho.store.number_notices import NumberNoticeRow
from daicho.store.unit import Unit

ROUND_ROWS = 1_000


def gather_some(node: Node, *, limit_rows: int = ROUND_ROWS) -> bool:
    """Note what the next verified changes owe, and who is here after all; tell whether there may be more at once."""
    with node.store.reading() as unit:
        behind, back = number_notices.FEED.behind(unit), number_notices.somebody_is_back(unit)
    if back:
        _take_back(node)
    if not behind:
        return False
    place_some(node)
    with node.store.unit("number_notices.gather") as unit:
        before = number_notices.FEED.lock(unit)
        last, found = number_notices.number_changes(
            unit, before, ChangeKind.NUMBER_CHANGE.value, limit_rows=limit_rows
        )
        if last <= before:
            return False
        _keep(unit, node, [(entry_id, read_entry(body)) for entry_id, body in found])
        number_notices.FEED.move(unit, last)
    return last - before >= limit_rows


def _take_back(node: Node) -> None:
    """Let what lapsed wait again: a leaving was cancelled, or whoever left has come back."""
    with node.store.unit("number_notices.back") as unit:
        rows = number_notices.wait_again(unit, limit_rows=ROUND_ROWS)
        people = kept_residents(unit, node, {number for _, number, _ in rows})
        note_many(
            unit, node,
            [_fact(people, number, name, kind, "back") for name, number, kind in rows],
        )  # fmt: skip


def _fact(
    people: Mapping[int, ResidentRecord], addressee_number: int, name: str, kind: str, outcome: str
) -> Fact:
    subject = subject_of(people[addressee_number]) if addressee_number in people else ""
    detail = {"notice": name, "kind": kind}
    return Fact(Event.NUMBER_NOTICE_OWED, subject=subject, outcome=outcome, detail=detail)


def _keep(unit: Unit, node: Node, changes: Sequence[tuple[str, Entry]]) -> None:
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
        people = {record.addressee_number: record}
        if number_notices.keep(unit, row):
            facts.append(_fact(people, record.addressee_number, row.id, kind.value, "owed"))
        elif kind is PrintKind.CHANGED and (waits := number_notices.raise_kind(unit, row)):
            facts.append(_fact(people, record.addressee_number, waits, kind.value, "changed"))
    note_many(unit, node, facts)
