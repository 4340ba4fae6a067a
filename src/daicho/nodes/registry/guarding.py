"""Whom a protection measure hides from an operator, and the line that tells of it.  支援措置対象者の秘匿"""

from collections.abc import Iterable
from datetime import datetime

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_measure
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, permissions_of
from daicho.rules.protection.measure import ProtectionMeasure, may_see_address
from daicho.store import protection
from daicho.store.unit import Unit

KEPT_BACK = Refusal(Reason.PROTECTED, PROTECTION_TERM.article, "addressee_number")


def measures_about(unit: Unit, addressee_numbers: Iterable[int]) -> tuple[ProtectionMeasure, ...]:
    """Read the open measures that cover some people, directly or by one household."""
    numbers = {number for _, number in protection.measures_over(unit, addressee_numbers)}
    return _read(unit, numbers)


def _read(unit: Unit, numbers: Iterable[str]) -> tuple[ProtectionMeasure, ...]:
    wanted = set(numbers)
    return tuple(map(read_measure, protection.bodies_of(unit, wanted).values())) if wanted else ()


def hidden_among(
    unit: Unit, operator: Operator, addressee_numbers: Iterable[int], at: datetime
) -> frozenset[int]:
    """Name those of some people whose address this operator may not learn at an instant of Japan's time."""
    if sees_protected(operator):
        return frozenset()
    return _hidden(unit, operator, protection.measures_over(unit, addressee_numbers), at)


def hidden_from(unit: Unit, operator: Operator, at: datetime) -> frozenset[int]:
    """Name everybody whose address this operator may not learn: whoever asks by address must not find them."""
    if sees_protected(operator):
        return frozenset()
    return _hidden(unit, operator, protection.measures_over_everybody(unit), at)


def sees_protected(operator: Operator) -> bool:
    """Tell whether an operator holds the right to see protected addresses."""
    return Permission.SEE_PROTECTED in permissions_of(operator)


def _hidden(unit: Unit, operator: Operator, covered: list[tuple[int, str]], at: datetime) -> frozenset[int]:
    blocking = {
        one.number
        for one in _read(unit, (number for _, number in covered))
        if not may_see_address(one, at, operator.login_id, holds_right=False)
    }
    return frozenset(whose for whose, number in covered if number in blocking)


def note_kept_back(node: Node, operator: Operator, subjects: Iterable[str], terminal: str) -> None:
    """Write that an operator reached for what a measure keeps back."""
    facts = [
        Fact(
            event=Event.PROTECTED_KEPT_BACK,
            operator_login_id=operator.login_id,
            operator_role_id=operator.role_id,
            terminal=terminal,
            subject=subject,
            outcome=Reason.PROTECTED.value,
        )
        for subject in subjects
    ]
    with node.store.unit("protection.kept_back") as unit:
        note_many(unit, node, facts)
