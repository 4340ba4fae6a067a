"""Bringing a whole extract in and giving it out: with rights, a second person, and a line in the ledger."""

from collections.abc import Callable, Iterable, Sequence

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.counter import home_of
from daicho.nodes.registry.extract import (
    ImportHands,
    ImportOrder,
    ImportReport,
    export_lines,
    import_lines,
    lines_of,
)
from daicho.nodes.registry.numbers import number_keeper, numbers_of
from daicho.nodes.registry.records import tell_cs_of_import
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.rules.register.extract import ExtractRow
from daicho.store import mailbox
from daicho.store.unit import Unit


def import_extract(
    node: Node,
    operator: Operator,
    approver: Operator,
    chunks: Iterable[bytes],
    *,
    known_municipalities: frozenset[str] = frozenset(),
    progress: Callable[[int], None] = lambda _lines: None,
) -> ImportReport | Refusal:
    """Import one file in one transaction: all its good lines or, at a fault of ours, none.

    The administrator brings it and the security officer answers for it. Bringing it again doubles nothing.
    Letters to the own CS are posted in the same transaction; `progress` hears how many lines were read.
    """
    refusal = (
        may(operator, Permission.IMPORT_EXTRACT)
        or may(approver, Permission.APPROVE_BULK_OUTPUT)
        or may_verify(operator.login_id, approver.login_id)
    )
    if refusal is not None:
        return refusal
    order = ImportOrder(
        home=home_of(node),
        entry_id=node.clock.new_id(),
        entered_by=operator.login_id,
        approved_by=approver.login_id,
        at=node.clock.now(),
        day=node.clock.business_today(),
        known_municipalities=known_municipalities,
    )

    def tell(unit: Unit, rows: Sequence[ExtractRow]) -> None:
        tell_cs_of_import(unit, node, rows, entry_id=order.entry_id, role_id=operator.role_id)

    hands = ImportHands(number_keeper(node.vault), tell, progress)
    with node.store.unit("transfer.import_part") as unit:
        report = import_lines(unit, order, lines_of(chunks), hands)
        note_by(
            unit,
            node,
            operator,
            Event.EXTRACT_IMPORTED,
            terminal="",
            outcome="accepted" if report.imported or report.already_there else "refused",
            detail={
                "entry": order.entry_id,
                "approved_by": approver.login_id,
                "imported": str(report.imported),
                "already_there": str(report.already_there),
                "refused": str(report.refused),
            },
        )
        mailbox.wake_others(unit)  # an import runs in a process of its own, the node's mailroom in another
    return report


def export_extract(
    node: Node, operator: Operator, approver: Operator, write: Callable[[bytes], object], *, purpose: str
) -> int | Refusal:
    """Give the whole register out as an extract; the ledger line is durable before the first byte.

    Bulk output needs the prior approval of another person (R-267).
    """
    refusal = (
        may(operator, Permission.EXPORT_EXTRACT)
        or may(approver, Permission.APPROVE_BULK_OUTPUT)
        or may_verify(operator.login_id, approver.login_id)
    )
    if refusal is not None:
        return refusal
    with node.store.unit("transfer.export") as unit:
        note_by(
            unit,
            node,
            operator,
            Event.EXTRACT_EXPORTED,
            terminal="",
            purpose=purpose,
            outcome="accepted",
            detail={"approved_by": approver.login_id},
        )
    lines = -1
    with node.store.unit("transfer.export_noted") as unit:
        for line in export_lines(
            unit,
            node.clock.business_today(),
            read_numbers=lambda unit, people: numbers_of(unit, node.vault, people),
        ):
            write(f"{line}\n".encode())
            lines += 1
    return lines
