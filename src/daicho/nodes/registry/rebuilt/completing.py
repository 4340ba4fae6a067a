"""Whoever stands in the register as it was rebuilt from the network, and waits for somebody to complete the record."""

from dataclasses import dataclass

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import veil_for
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.record import ResidentRecord
from daicho.store import handover

SHOWN_ROWS = 50
COUNTED_ROWS = 1_000  # beyond, nobody counts how many are left
_PURPOSE, _BASIS = "再製した住民票の補完", "法14条"


@dataclass(frozen=True, slots=True)
class ToComplete:
    """A page of records as the operator may see them, in the order of their numbers, and how many are left."""

    records: tuple[ResidentRecord, ...]
    more: bool
    left: int


def records_to_complete(node: Node, operator: Operator, after: int, *, terminal: str) -> ToComplete | Refusal:
    """List who was rebuilt and is not whole, behind an addressee number; a line for everybody shown is durable first.

    A record leaves the list by the correction that ends its hold, which is refused while anything in it is not known.
    """
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.unit("rebuilt.listed") as unit:
        found = [read_record(body) for body in handover.to_complete(unit, after, SHOWN_ROWS + 1)]
        shown, left = found[:SHOWN_ROWS], handover.left_to_complete(unit, COUNTED_ROWS)
        veil = veil_for(unit, operator, [one.addressee_number for one in shown], node.clock.business_now())
        note_many(
            unit,
            node,
            [
                fact_by(
                    operator, Event.RESIDENT_SHOWN, terminal=terminal, purpose=_PURPOSE, basis=_BASIS,
                    subject=subject_of(one), outcome="listed",
                )
                for one in shown
            ],
        )  # fmt: skip
    return ToComplete(tuple(map(veil.over, shown)), len(found) > SHOWN_ROWS, left)
