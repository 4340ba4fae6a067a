"""What is written down beside every change: the ledger's lines and the letter to the own CS."""

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.mailroom.letters import Outgoing, post
from daicho.nodes.node import Node
from daicho.nodes.registry import to_cs
from daicho.nodes.registry.numbers import number_reader
from daicho.rules.identity.projection import Stamp
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.changes import Entry
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
    codes = [str(one.resident_record_code) for one in entry.after if one.resident_record_code]
    numbers = {
        ResidentRecordCode(code): IndividualNumber(number)
        for code, number in number_reader(node.vault)(unit, codes).items()
    }
    letter = to_cs.hall_bulk(
        entry,
        entry_id=row.id,
        stamp=Stamp(row.id, role_id, row.terminal, node.clock.now()),
        numbers=numbers,
    )
    if letter is not None:
        post(unit, node, [Outgoing(own_cs(node), to_cs.KIND, letter)])


def own_cs(node: Node) -> Member:
    """Name the communication server of this municipality.

    Raises: LookupError when the directory lists none.
    """
    found = node.wire.directory().cs_of(str(node.me.municipality))
    if found is None:
        raise LookupError("the directory lists no communication server of this municipality")
    return found
