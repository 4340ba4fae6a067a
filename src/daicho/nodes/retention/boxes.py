"""The book of boxes in which a town's papers lie until two people destroy them.  届書等の保存箱"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.retention.box import (
    BoxStep,
    PaperBox,
    PaperDisposal,
    box_due,
    check_box,
    decline_box,
    dispose_of_box,
    hold_box,
    propose_box,
)
from daicho.rules.retention.disposal import ARTICLE, HoldReason
from daicho.store import retention
from daicho.store.retention import BoxRow, BoxStepRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

SHOWN_BOXES = 200
_GONE = Refusal(Reason.NOT_FOUND, ARTICLE, "box")


@dataclass(frozen=True, slots=True)
class BoxLine:
    """A box and whether its years are over and nothing holds it."""

    box: PaperBox
    due: bool


@dataclass(frozen=True, slots=True)
class BoxesView:
    """The boxes that stand there, or those that were destroyed; there may be `more`."""

    boxes: tuple[BoxLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box with its steps."""

    line: BoxLine
    steps: tuple[BoxStepRow, ...]


def boxes_view(
    node: Node, operator: Operator, *, destroyed: bool = False, terminal: str = ""
) -> BoxesView | Refusal:
    """List boxes: what is over longest first, or what was destroyed last."""
    refusal = may(operator, Permission.SEE_RETENTION)
    if refusal is not None:
        return refusal
    listed = retention.destroyed_boxes if destroyed else retention.standing_boxes
    with node.store.unit("retention.boxes") as unit:
        rows = listed(unit, limit_rows=SHOWN_BOXES + 1)
        _note(unit, node, operator, Event.RETENTION_LISTED, "", "shown", terminal)
    on = node.clock.business_today()
    return BoxesView(tuple(_line(_read(row), on) for row in rows[:SHOWN_BOXES]), len(rows) > SHOWN_BOXES)


def box_view(node: Node, operator: Operator, number: str, *, terminal: str = "") -> BoxView | Refusal:
    """Open one box."""
    refusal = may(operator, Permission.SEE_RETENTION)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.box") as unit:
        row = retention.box(unit, number)
        if row is None:
            return _GONE
        steps = tuple(retention.box_steps(unit, number))
        _note(unit, node, operator, Event.RETENTION_LISTED, number, "shown", terminal)
    return BoxView(_line(_read(row), node.clock.business_today()), steps)


def put_into_box(node: Node, operator: Operator, box: PaperBox, *, terminal: str = "") -> PaperBox | Refusal:
    """Enter a box that was closed; its number is drawn here."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.MANAGE_RETENTION) or check_box(box, today)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.box_new") as unit:
        kept = replace(box, number=retention.draw_box_number(unit, today.year))
        step = BoxStepRow(BoxStep.BOXED.value, operator.login_id, node.clock.now())
        retention.keep_box(unit, BoxRow(kept.number, 1, _body(kept)), step, kept_until=kept.kept_until)
        _note(unit, node, operator, Event.BOX_RECORDED, kept.number, BoxStep.BOXED.value, terminal)
    return kept


def hold_a_box(
    node: Node, operator: Operator, number: str, reason: HoldReason | None, why: str, *, terminal: str = ""
) -> PaperBox | Refusal:
    """Let something hold a box, or with no reason let it go."""
    step = BoxStep.FREED if reason is None else BoxStep.HELD
    return _step(
        node, operator, Permission.MANAGE_RETENTION, number, step, terminal,
        lambda box, _on: hold_box(box, reason, why),
    )  # fmt: skip


def propose_a_box(node: Node, operator: Operator, number: str, *, terminal: str = "") -> PaperBox | Refusal:
    """Ask a second person to destroy a box whose years are over."""
    return _step(
        node, operator, Permission.MANAGE_RETENTION, number, BoxStep.PROPOSED, terminal,
        lambda box, on: propose_box(box, operator.login_id, on),
    )  # fmt: skip


def decline_a_box(node: Node, operator: Operator, number: str, *, terminal: str = "") -> PaperBox | Refusal:
    """Leave a box where it is."""
    return _step(
        node, operator, Permission.APPROVE_DISPOSAL, number, BoxStep.DECLINED, terminal,
        lambda box, _on: decline_box(box, operator.login_id),
    )  # fmt: skip


def destroy_a_box(
    node: Node, operator: Operator, number: str, done: PaperDisposal, *, terminal: str = ""
) -> PaperBox | Refusal:
    """Note that a second person saw a box destroyed and counted what was in it."""
    return _step(
        node, operator, Permission.APPROVE_DISPOSAL, number, BoxStep.DISPOSED, terminal,
        lambda box, on: dispose_of_box(box, done, operator.login_id, on),
    )  # fmt: skip


def _step(
    node: Node,
    operator: Operator,
    permission: Permission,
    number: str,
    step: BoxStep,
    terminal: str,
    change: Callable[[PaperBox, date], PaperBox | Refusal],
) -> PaperBox | Refusal:
    refusal = may(operator, permission)
    if refusal is not None:
        return refusal
    with node.store.unit("retention.box_step") as unit:
        row = retention.box(unit, number)
        if row is None:
            return _GONE
        changed = change(_read(row), node.clock.business_today())
        if isinstance(changed, Refusal):
            return changed
        done = BoxStepRow(step.value, operator.login_id, node.clock.now())
        if not retention.take_box_step(
            unit, row, _body(changed), done, kept_until=changed.kept_until, standing=changed.disposal is None
        ):
            return Refusal(Reason.CHANGED_SINCE, ARTICLE, "box")
        _note(unit, node, operator, Event.BOX_RECORDED, number, step.value, terminal)
    return changed


def _body(box: PaperBox) -> str:
    return encode(box).decode()


def _read(row: BoxRow) -> PaperBox:
    return decode(PaperBox, row.body.encode(), our_own=True)


def _line(box: PaperBox, on: date) -> BoxLine:
    return BoxLine(box, box_due(box, on))


def _note(
    unit: Unit, node: Node, operator: Operator, event: Event, number: str, outcome: str, terminal: str
) -> None:
    subject = f"box:{number}" if number else ""
    note_by(
        unit, node, operator, event, terminal=terminal, basis=str(ARTICLE), subject=subject, outcome=outcome
    )
