"""What is written down beside every change: the ledger's lines and the letter to the own CS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.nodes.registry import to_cs
from daicho.nodes.registry.numbers import numbers_of
from daicho.rules.identity.projection import Stamp
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.extract import ExtractRow
from daicho.rules.register.record import ResidentRecord
from daicho.store import register
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import HallBulk

MACHINE = Operator("machine:register", "machine", ())


@dataclass(frozen=True, slots=True)
class Told:
    """A change of which somebody is told: as it is kept, what it says, and whose act at which terminal it is.

    `also` is what else its ledger lines say.
    """

    row: register.EntryRow
    entry: Entry
    operator: Operator
    terminal: str = ""
    also: Mapping[str, str] = field(default_factory=dict)


def note_entries(
    unit: Unit, node: Node, event: Event, told: Sequence[Told], *, outcome: str = "accepted"
) -> None:
    """Write one ledger line per person whom each change concerns, in the same unit as the changes."""
    note_many(
        unit,
        node,
        [
            fact_by(
                one.operator,
                event,
                terminal=one.terminal,
                subject=subject_of(record),
                outcome=outcome,
                detail={
                    "entry": one.row.id,
                    "kind": one.entry.kind.value,
                    "reason": one.entry.reason_for(record.addressee_number).value,
                    "change_date": one.entry.change_date.isoformat(),
                    **one.also,
                },
            )
            for one in told
            for record in one.entry.after
        ],
    )


def subject_of(record: ResidentRecord) -> str:
    """Name a person in the ledger: by the resident record code, or lacking one by the addressee number."""
    return str(record.resident_record_code or f"addressee:{record.addressee_number}")


def tell_cs(unit: Unit, node: Node, told: Sequence[Told]) -> None:
    """Post a letter for each change to the own CS, with what it changes in the identification information."""
    numbers = numbers_of(unit, node.vault, [record for one in told for record in one.entry.after])
    own_cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    post_letters(
        unit,
        node,
        [
            Outgoing(own_cs, to_cs.KIND, letter, matter=one.row.id)
            for one in told
            if (letter := _letter_of(one, node.clock.now(), numbers)) is not None
        ],
    )


def _letter_of(
    one: Told, at: datetime, numbers: Mapping[ResidentRecordCode, IndividualNumber]
) -> HallBulk | None:
    stamp = Stamp(one.row.id, one.operator.role_id, one.row.terminal or "machine", at)
    return to_cs.hall_bulk(one.entry, entry_id=one.row.id, stamp=stamp, numbers=numbers)


def tell_cs_of_import(
    unit: Unit, node: Node, rows: Sequence[ExtractRow], *, entry_id: str, role_id: str
) -> None:
    """Post the imported lines to the own CS, in the unit that imports them."""
    own_cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    stamp = Stamp(entry_id, role_id, "import", node.clock.now())
    bulks = to_cs.import_bulks(rows, entry_id=entry_id, stamp=stamp)
    post_letters(unit, node, [Outgoing(own_cs, to_cs.KIND, bulk, matter=entry_id) for bulk in bulks])
