"""Writing into the ledger: part of the same unit as the act itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from daicho.nodes.node import Node
from daicho.rules.ledger.events import Event
from daicho.rules.ledger.line import SALT_BYTES, LedgerLine
from daicho.rules.operators.authority import Operator
from daicho.store import ledger
from daicho.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Fact:
    """What a use case says about one person or one act; the node adds time, place and salt."""

    event: Event
    operator_login_id: str = ""
    operator_role_id: str = ""
    terminal: str = ""
    purpose: str = ""
    basis: str = ""
    subject: str = ""
    outcome: str = ""
    peer: str = ""
    detail: dict[str, str] = field(default_factory=dict)


def fact_by(
    operator: Operator,
    event: Event,
    *,
    terminal: str,
    outcome: str,
    subject: str = "",
    purpose: str = "",
    basis: str = "",
    peer: str = "",
    detail: dict[str, str] | None = None,
) -> Fact:
    """Say what an operator did at a terminal; without a subject it concerns nobody."""
    return Fact(
        event,
        operator.login_id,
        operator.role_id,
        terminal,
        purpose,
        basis,
        subject,
        outcome,
        peer,
        detail or {},
    )


def note_by(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    *,
    terminal: str,
    outcome: str,
    subject: str = "",
    purpose: str = "",
    basis: str = "",
    peer: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    """Add the one line that an operator's act leaves, in the caller's unit."""
    fact = fact_by(
        operator, event, terminal=terminal, outcome=outcome, subject=subject, purpose=purpose, basis=basis, peer=peer,
        detail=detail,
    )  # fmt: skip
    note_many(unit, node, [fact])


def note(
    unit: Unit,
    node: Node,
    *,
    event: Event,
    operator_login_id: str = "",
    operator_role_id: str = "",
    terminal: str = "",
    purpose: str = "",
    basis: str = "",
    subject: str = "",
    outcome: str = "",
    peer: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    """Add one line in the caller's unit, of something that no operator of this node did; else see `note_by`."""
    fact = Fact(
        event,
        operator_login_id,
        operator_role_id,
        terminal,
        purpose,
        basis,
        subject,
        outcome,
        peer,
        detail or {},
    )
    note_many(unit, node, [fact])


def note_many(unit: Unit, node: Node, facts: Sequence[Fact]) -> None:
    """Add several lines in one round trip; one person shown is one line."""
    ledger.append(unit, _lines(node, facts))


def note_shown(unit: Unit, node: Node, lines: Sequence[tuple[Fact, tuple[str, bytes] | None]]) -> None:
    """Add the lines of several answers in one round trip, each bound to answer and digest of what it shows."""
    ledger.append_shown(unit, _lines(node, [fact for fact, _ in lines]), [shown for _, shown in lines])


def _lines(node: Node, facts: Sequence[Fact]) -> list[LedgerLine]:
    now, day = node.clock.now(), node.clock.business_today()
    return [
        LedgerLine(
            fact.event, now, day, str(node.me.name), node.clock.token(SALT_BYTES), fact.operator_login_id,
            fact.operator_role_id, fact.terminal, fact.purpose, fact.basis, fact.subject, fact.outcome, fact.peer,
            fact.detail,
        )
        for fact in facts
    ]  # fmt: skip
