"""What is written down beside every change: the ledger's lines and the letter to the own CS."""

from collections.abc import Sequence

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry import to_cs
from daicho.nodes.registry.numbers import numbers_of
from daicho.rules.identity.projection import Stamp
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator
from daicho.rules.register.changes import Entry
from daicho.rules.register.extract import ExtractRow
from daicho.rules.register.record import ResidentRecord
from daicho.store import register
from daicho.store.unit import Unit

MACHINE = Operator("machine:register", "machine", ())


def note_entry(
    unit: Unit,
    node: Node,
    event: Event,
    operator: Operator,
    row: register.EntryRow,
    *,
    entry: Entry,
    terminal: str,
    outcome: str = "accepted",
) -> None:
    """Write one ledger line per person whom a change concerns, in the same unit as the change."""
    note_many(
        unit,
        node,
        [
            Fact(
                event=event,
                operator_login_id=operator.login_id,
                operator_role_id=operator.role_id,
                terminal=terminal,
                subject=subject_of(record),
                outcome=outcome,
                detail={
                    "entry": row.id,
                    "kind": entry.kind.value,
                    "reason": entry.reason_for(record.addressee_number).value,
                    "change_date": entry.change_date.isoformat(),
                },
            )
            for record in entry.after
        ],
    )


def subject_of(record: ResidentRecord) -> str:
    """Name a person in the ledger: by the resident record code, or lacking one by the addressee number."""
    return str(record.resident_record_code or f"addressee:{record.addressee_number}")


def tell_cs(unit: Unit, node: Node, row: register.EntryRow, entry: Entry, *, role_id: str) -> None:
    """Post one letter to the own CS with what the entry changes in the identification information."""
    letter = to_cs.hall_bulk(
        entry,
        entry_id=row.id,
        stamp=Stamp(row.id, role_id, row.terminal or "machine", node.clock.now()),
        numbers=numbers_of(unit, node.vault, entry.after),
    )
    if letter is not None:
        own_cs = partner(node.wire.directory(), node.me, NodeKind.CS)
        post_letters(unit, node, [Outgoing(own_cs, to_cs.KIND, letter, matter=row.id)])


def tell_cs_of_import(
    unit: Unit, node: Node, rows: Sequence[ExtractRow], *, entry_id: str, role_id: str
) -> None:
    """Post the imported lines to the own CS, in the unit that imports them."""
    own_cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    stamp = Stamp(entry_id, role_id, "import", node.clock.now())
    bulks = to_cs.import_bulks(rows, entry_id=entry_id, stamp=stamp)
    post_letters(unit, node, [Outgoing(own_cs, to_cs.KIND, bulk, matter=entry_id) for bulk in bulks])
