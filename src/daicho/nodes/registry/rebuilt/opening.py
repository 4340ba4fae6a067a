"""A register that came from where nobody knows who is protected: two people say that the measures are entered again."""

from dataclasses import dataclass

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.telling_cs import tell_cs_whom_to_keep_back
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.store import handover, protection
from daicho.store.handover import OpeningRow

_NOTHING_WAITS = Refusal(Reason.NOT_PENDING, PROTECTION_TERM.article, "measures")


@dataclass(frozen=True, slots=True)
class Opening:
    """How far a register is opened of which nobody knew the measures."""

    security_said: bool
    protection_said: bool

    def lacks(self, *, security: bool) -> bool:
        """Tell whether the word of the security officer, or else of the protection officer, is still wanted."""
        return not (self.security_said if security else self.protection_said)


def opening_of(node: Node) -> Opening | None:
    """Tell what is still to be said; None where everybody whom the measures do not hide may be seen."""
    with node.store.reading() as unit:
        row = handover.opening(unit)
    if row is None or (row.security_by and row.protection_by):
        return None
    return Opening(bool(row.security_by), bool(row.protection_by))


def say_measures_entered(
    node: Node, operator: Operator, *, security: bool, terminal: str = ""
) -> Refusal | None:
    """Take the word of the security officer, or else of the protection officer, that every measure is entered again.

    With the second word, another person's, addresses are shown but those that a measure hides, and the own CS is told of
    these.
    """
    refusal = may(operator, Permission.APPROVE_BULK_OUTPUT if security else Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("rebuilt.opened") as unit:
        row = handover.opening(unit, locked=True)
        if row is None:
            return _NOTHING_WAITS
        refusal = may_verify(_other(row, security=security), operator.login_id)
        if refusal is not None:
            return refusal
        if not handover.say_measures_entered(unit, operator.login_id, node.clock.now(), security=security):
            return _NOTHING_WAITS
        opened = not protection.awaits_measures(unit)
        note_by(
            unit, node, operator, Event.REBUILT_OPENED, terminal=terminal,
            outcome="opened" if opened else "accepted",
            detail={"as": "security" if security else "protection"},
        )  # fmt: skip
        if opened:
            tell_cs_whom_to_keep_back(unit, node)
    return None


def _other(row: OpeningRow, *, security: bool) -> str:
    return row.protection_by if security else row.security_by
