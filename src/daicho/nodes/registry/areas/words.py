"""The words of the two who stand for a table: whether they still hold, and the ledger lines about a change of names."""

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_area
from daicho.nodes.registry.records import MACHINE
from daicho.rules.areas.plan import AreaState, Asked
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, Role, permissions_of
from daicho.store import areas, office
from daicho.store.areas import AreaRow
from daicho.store.unit import Unit

MACHINE_TERMINAL = "machine"


def words_hold(unit: Unit, row: AreaRow) -> bool:
    """Tell whether both who stand for a table are still in office and hold the right for it."""
    return _holds(unit, row.brought_by, Permission.PLAN_AREAS) and _holds(
        unit, row.decided_by or "", Permission.APPROVE_AREAS
    )


def _holds(unit: Unit, login_id: str, permission: Permission) -> bool:
    known = office.operator(unit, login_id)
    if known is None or not known.active:
        return False
    roles = tuple(Role(name) for name in known.roles if name in set(Role))
    return permission in permissions_of(Operator(known.login_id, known.role_id, roles))


def stop_by_itself(unit: Unit, node: Node, row: AreaRow, asked: Asked) -> None:
    """Let a change rest until two people stand for it again."""
    areas.halt_area(
        unit, row.number, AreaState.STOPPED.value, by=MACHINE.login_id, at=node.clock.now(), asked=asked.value
    )
    note_area_by_machine(unit, node, Event.AREA_DECIDED, row, AreaState.STOPPED.value)


def note_area_by_machine(unit: Unit, node: Node, event: Event, row: AreaRow, outcome: str) -> None:
    """Write a ledger line about what became of a change of names without anybody's act."""
    note_area(unit, node, MACHINE, event, row, outcome, MACHINE_TERMINAL)


def note_area(
    unit: Unit, node: Node, operator: Operator, event: Event, row: AreaRow, outcome: str, terminal: str
) -> None:
    """Write a ledger line about a change of names: its number and the digest of its table, and nobody."""
    note_by(
        unit, node, operator, event, terminal=terminal, outcome=outcome, subject=f"area:{row.number}",
        basis=str(read_area(row.body).basis), detail={"area": row.number, "digest": row.digest},
    )  # fmt: skip
