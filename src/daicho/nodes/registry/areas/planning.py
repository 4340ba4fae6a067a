"""A change of names brought with its table, and what people say about it: approved, declined, taken back, taken up again."""

import json
from dataclasses import dataclass

from daicho.nodes.node import Node
from daicho.nodes.registry.areas.carrying import list_again, note_area
from daicho.nodes.registry.bodies import area_body, area_line_body
from daicho.rules.areas.plan import (
    AREA_ARTICLE,
    AreaPlan,
    AreaState,
    check_area_approval,
    check_area_plan,
    check_area_withdrawal,
    digest_of_area,
)
from daicho.rules.areas.table import read_table
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import areas
from daicho.store.areas import AreaLineRow, AreaRow

AREA_GONE = Refusal(Reason.NOT_FOUND, AREA_ARTICLE, "area")


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a table: under which number it is kept, and how many faults it has."""

    number: str
    faults: int


def bring_area(
    node: Node, operator: Operator, plan: AreaPlan, content: bytes, *, terminal: str = ""
) -> Brought | Refusal:
    """Keep a table; one with faults so that they can be read, any other to be looked through and approved.

    A table that waits already, or is being carried out, is not taken twice.
    """
    today, now = node.clock.business_today(), node.clock.now()
    refusal = may(operator, Permission.PLAN_AREAS) or check_area_plan(plan, today)
    if refusal is not None:
        return refusal
    lines, faults = read_table(content)
    state = AreaState.FAULTY if faults else AreaState.CHECKING
    told = [[one.line, one.column, one.reason.value] for one in faults]
    with node.store.unit("areas.bring") as unit:
        row = AreaRow(
            areas.draw_area_number(unit, today.year), state.value, plan.in_force_on, digest_of_area(plan, lines),
            area_body(plan), json.dumps(told, ensure_ascii=False), operator.login_id, operator.role_id, terminal, now,
            looked_at=None if faults else 0,
        )  # fmt: skip
        kept = [AreaLineRow(one.line, area_line_body(one)) for one in lines]
        if not areas.keep_area(unit, row, kept):
            return Refusal(Reason.AREA_KNOWN, AREA_ARTICLE, "table")
        note_area(unit, node, operator, Event.AREA_BROUGHT, row, state.value, terminal)
    return Brought(row.number, len(faults))


def decide_area(
    node: Node, operator: Operator, number: str, digest: str, *, accept: bool, terminal: str = ""
) -> AreaState | Refusal:
    """Take a second person's word for the table that they saw; it is carried out from its day on."""
    refusal = may(operator, Permission.APPROVE_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.decide") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        refusal = check_area_approval(
            AreaState(row.state), row.brought_by, operator.login_id, seen=digest, kept=row.digest
        )
        if refusal is not None:
            return refusal
        state = AreaState.APPROVED if accept else AreaState.DECLINED
        areas.decide_area(
            unit, number, row.state, state.value, by=operator.login_id, role=operator.role_id, terminal=terminal,
            at=node.clock.now(),
        )  # fmt: skip
        note_area(unit, node, operator, Event.AREA_DECIDED, row, state.value, terminal)
    return state


def withdraw_area(node: Node, operator: Operator, number: str, *, terminal: str = "") -> Refusal | None:
    """Take a change back before it begins; whoever brings tables may."""
    refusal = may(operator, Permission.PLAN_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.withdraw") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        refusal = check_area_withdrawal(AreaState(row.state), begun=row.begun_at is not None)
        if refusal is not None:
            return refusal
        areas.decide_area(
            unit, number, row.state, AreaState.WITHDRAWN.value, by=operator.login_id, role=operator.role_id,
            terminal=terminal, at=node.clock.now(),
        )  # fmt: skip
        note_area(unit, node, operator, Event.AREA_DECIDED, row, AreaState.WITHDRAWN.value, terminal)
    return None


def take_up_again(node: Node, operator: Operator, number: str, *, terminal: str = "") -> Refusal | None:
    """Let what waits for a clerk be done once more, by the word that was given: what stood in the way may be gone."""
    refusal = may(operator, Permission.PLAN_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.again") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        if row.begun_at is None:
            return Refusal(Reason.NOT_PENDING, AREA_ARTICLE, "area", row.state.upper())
        list_again(unit, number)
        if row.state == AreaState.DONE:
            areas.note_taken_up(unit, number)
        note_area(unit, node, operator, Event.AREA_TAKEN_UP, row, "taken_up", terminal)
    return None
