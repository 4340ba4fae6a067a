"""Holds: what is needed for a suit, a disclosure or an audit stays, although it is over.  廃棄の保留"""

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.codes import MalformedCode, ResidentRecordCode
from daicho.rules.retention.disposal import ARTICLE, HoldReason, check_hold
from daicho.store import retention
from daicho.store.unit import Unit

_ADDRESSEE_DIGITS = 15
_NOBODY = Refusal(Reason.NOT_FOUND, ARTICLE, "whose")


def set_hold(
    node: Node, operator: Operator, whose: str, reason: HoldReason, why: str, *, terminal: str = ""
) -> int | Refusal:
    """Keep somebody's things, named by addressee number in a register and by code elsewhere; gives the hold's number.

    It holds from this moment, for a list that was approved before as well; a batch that is being destroyed is waited for.
    Refused where nothing stands under that number: a hold that holds nothing would be believed.
    """
    refusal = may(operator, Permission.MANAGE_RETENTION) or check_hold(reason, why)
    if refusal is not None:
        return refusal
    named = _as_kept(node, whose)
    if isinstance(named, Refusal):
        return named
    with node.store.unit("retention.hold") as unit:
        retention.wait_for_run(unit)
        subject = _subject(unit, node, named)
        if subject is None:
            return _NOBODY
        number = retention.keep_hold(unit, named, reason.value, why, operator.login_id, node.clock.now())
        _note(unit, node, operator, subject, reason.value, terminal, number)
    return number


def lift_hold(node: Node, operator: Operator, number: int, *, terminal: str = "") -> Refusal | None:
    """Let a hold go; what it held is over as before, and waits for the next list."""
    refusal = may(operator, Permission.MANAGE_RETENTION)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.lift") as unit:
        whose = retention.lift_hold(unit, number, operator.login_id, node.clock.now())
        if whose is None:
            return Refusal(Reason.NOT_FOUND, ARTICLE, "hold")
        _note(unit, node, operator, _subject(unit, node, whose) or "", "lifted", terminal, number)
    return None


def _as_kept(node: Node, whose: str) -> str | Refusal:
    """Write a number as what is kept names it: an addressee number without leading zeros, a code with all its digits."""
    refusal = Refusal(Reason.HOLD_NUMBER_MALFORMED, ARTICLE, "whose")
    if node.me.kind is NodeKind.REGISTRY:
        fine = whose.isascii() and whose.isdigit() and len(whose) <= _ADDRESSEE_DIGITS and int(whose) > 0
        return str(int(whose)) if fine else refusal
    try:
        return str(ResidentRecordCode(whose))
    except MalformedCode:
        return refusal


def _subject(unit: Unit, node: Node, whose: str) -> str | None:
    if node.me.kind is NodeKind.REGISTRY:
        return retention.subject_of_resident(unit, int(whose))
    return retention.subject_of_code(unit, whose)


def _note(
    unit: Unit, node: Node, operator: Operator, subject: str, outcome: str, terminal: str, number: int
) -> None:
    note_by(
        unit, node, operator, Event.HOLD_CHANGED, terminal=terminal, basis=str(ARTICLE), subject=subject,
        outcome=outcome, detail={"hold": str(number)},
    )  # fmt: skip
