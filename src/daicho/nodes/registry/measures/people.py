"""Whom a measure protects, as their records stand or wait, and the ledger's line for each of them."""

from collections.abc import Iterable, Mapping, Sequence

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.records import subject_of
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator
from daicho.rules.register.ending import record_over
from daicho.rules.register.record import ResidentRecord
from daicho.store import register
from daicho.store.unit import Unit

NOTHING: Mapping[str, str] = {}


def records_of(unit: Unit, numbers: Iterable[int]) -> tuple[ResidentRecord, ...]:
    """Read some people's records; of whoever waits to be entered, the one that waits."""
    wanted = set(numbers)
    known = {one.addressee_number: read_record(one.body) for one in register.residents(unit, wanted)}
    missing = wanted - known.keys()
    if missing:
        for entry_id in register.waiting_for(unit, missing):
            row = register.load_entry(unit, entry_id)
            after = read_entry(row.body).after if row is not None else ()
            known |= {one.addressee_number: one for one in after if one.addressee_number in missing}
    return tuple(known[number] for number in sorted(known))


def shown_of(unit: Unit, node: Node, numbers: Iterable[int]) -> tuple[ResidentRecord, ...]:
    """Read some people's records, those left out whose years are over."""
    on = node.clock.business_today()
    return tuple(one for one in records_of(unit, numbers) if not record_over(one, on))


def note_about(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    people: Sequence[ResidentRecord],
    terminal: str,
    outcome: str,
    number: str,
    also: Mapping[str, str] = NOTHING,
) -> None:
    """Write a line for each of some people about a measure, or of nobody where none is known."""
    detail = ({"measure": number} if number else {}) | dict(also)
    note_many(
        unit, node,
        [
            fact_by(operator, event, terminal=terminal, subject=who, outcome=outcome, detail=detail)
            for who in [subject_of(one) for one in people] or [""]
        ],
    )  # fmt: skip
