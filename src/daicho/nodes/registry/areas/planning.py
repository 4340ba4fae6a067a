"""A change of names brought with its table, and what people say about it: approved, declined, stopped, taken up again."""

import json
from dataclasses import dataclass

from daicho.nodes.node import Node
from daicho.nodes.registry.areas.carrying import list_again
from daicho.nodes.registry.areas.reach import not_yet_here, shut_among
from daicho.nodes.registry.areas.words import note_area, words_hold
from daicho.nodes.registry.bodies import area_body, area_line_body, read_area_line
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back
from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import (
    AREA_ARTICLE,
    AreaPlan,
    AreaState,
    Asked,
    check_area_approval,
    check_area_plan,
    check_area_resumption,
    check_area_stop,
    check_area_taken_up,
    check_area_withdrawal,
    check_dismissal,
    digest_of_area,
)
from daicho.rules.areas.table import read_table
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, permissions_of
from daicho.store import areas
from daicho.store.areas import AreaLineRow, AreaRow, Tally
from daicho.store.unit import Unit

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
        kept = [
            AreaLineRow(one.line, area_line_body(one), old=one.key[:2], new=one.new_place) for one in lines
        ]
        if not areas.keep_area(unit, row, kept):
            return Refusal(Reason.AREA_KNOWN, AREA_ARTICLE, "table")
        note_area(unit, node, operator, Event.AREA_BROUGHT, row, state.value, terminal)
    return Brought(row.number, len(faults))


def decide_area(
    node: Node, operator: Operator, number: str, digest: str, *, accept: bool, terminal: str = ""
) -> AreaState | Refusal:
    """Take a second person's word for the table that they saw; it is carried out from its day on.

    Whoever may not learn where a household lives that the table names gives no word for it. What was begun rests when
    the word for going on is refused.
    """
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
        if refusal is None and accept:
            refusal = _in_the_way(unit, node, operator, number)
        if refusal is None:
            state = _decided(unit, node, operator, row, accept=accept, terminal=terminal)
            note_area(unit, node, operator, Event.AREA_DECIDED, row, state.value, terminal)
            return state
    if refusal is KEPT_BACK:
        note_kept_back(node, operator, [f"area:{number}"], terminal)
    return refusal


def _in_the_way(unit: Unit, node: Node, operator: Operator, number: str) -> Refusal | None:
    """Tell why a table may not be approved now, or not by this operator."""
    if areas.must_go_first(unit, number):
        return Refusal(Reason.AREA_OVERLAPS, AREA_ARTICLE, "table")
    lines = (read_area_line(one.body) for one in areas.lines_of(unit, number))
    named = {one.household_number for one in lines if one.household_number is not None}
    return KEPT_BACK if named and shut_among(unit, node, operator, named) else None


def _decided(
    unit: Unit, node: Node, operator: Operator, row: AreaRow, *, accept: bool, terminal: str
) -> AreaState:
    now = node.clock.now()
    if not accept and row.begun_at is not None:
        areas.halt_area(
            unit, row.number, AreaState.STOPPED.value, by=operator.login_id, at=now, asked=row.asked
        )
        return AreaState.STOPPED
    state = AreaState.APPROVED if accept else AreaState.DECLINED
    areas.decide_area(
        unit, row.number, row.state, state.value, by=operator.login_id, role=operator.role_id, terminal=terminal,
        at=now,
    )  # fmt: skip
    if row.begun_at is not None:
        list_again(unit, row.number)
        areas.note_looked(unit, row.number, 0, again=False)
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
        if refusal is None:
            _halt(unit, node, operator, row, AreaState.WITHDRAWN, terminal)
        return refusal


def stop_area(node: Node, operator: Operator, number: str, *, terminal: str = "") -> Refusal | None:
    """Let a change rest that was approved; either of the two who stand for tables may, whoever it is."""
    if permissions_of(operator).isdisjoint({Permission.PLAN_AREAS, Permission.APPROVE_AREAS}):
        return may(operator, Permission.PLAN_AREAS)
    with node.store.unit("areas.stop") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        refusal = check_area_stop(AreaState(row.state))
        if refusal is None:
            _halt(unit, node, operator, row, AreaState.STOPPED, terminal)
        return refusal


def _halt(unit: Unit, node: Node, operator: Operator, row: AreaRow, state: AreaState, terminal: str) -> None:
    areas.halt_area(unit, row.number, state.value, by=operator.login_id, at=node.clock.now())
    note_area(unit, node, operator, Event.AREA_DECIDED, row, state.value, terminal)


def resume_area(node: Node, operator: Operator, number: str, *, terminal: str = "") -> Refusal | None:
    """Stand for a table that was stopped, in the place of whoever brought it; it goes on by a second person's word."""
    refusal = may(operator, Permission.PLAN_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.resume") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        refusal = check_area_resumption(AreaState(row.state))
        if refusal is None:
            _stand_for(unit, operator, row, Asked(row.asked or Asked.RESUMED), terminal)
            note_area(unit, node, operator, Event.AREA_TAKEN_UP, row, "resumed", terminal)
        return refusal


def _stand_for(unit: Unit, operator: Operator, row: AreaRow, asked: Asked, terminal: str) -> None:
    areas.stand_for(
        unit, row.number, by=operator.login_id, role=operator.role_id, terminal=terminal, asked=asked.value
    )


def take_up_again(node: Node, operator: Operator, number: str, *, terminal: str = "") -> AreaState | Refusal:
    """Let what waits for a clerk be done once more, by the word that was given: what stood in the way may be gone.

    Where one of the two who gave it holds the right no more, two give it anew.
    """
    refusal = may(operator, Permission.PLAN_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.again") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        refusal = check_area_taken_up(AreaState(row.state), begun=row.begun_at is not None)
        if refusal is not None:
            return refusal
        done = row.state == AreaState.DONE
        if done and areas.open_under_another(unit, number, row.digest):
            return Refusal(Reason.AREA_KNOWN, AREA_ARTICLE, "table")
        if not words_hold(unit, row):
            _stand_for(unit, operator, row, Asked.WORD_GONE, terminal)
            note_area(unit, node, operator, Event.AREA_TAKEN_UP, row, "asked_again", terminal)
            return AreaState.CHECKED
        list_again(unit, number)
        if done:
            areas.note_taken_up(unit, number)
        note_area(unit, node, operator, Event.AREA_TAKEN_UP, row, "taken_up", terminal)
    return AreaState.APPROVED


def dismiss_household(
    node: Node, operator: Operator, number: str, household: int, why: str, *, terminal: str = ""
) -> Refusal | None:
    """Take a household off the queue whose address stays as it is, with the reason; one that may not be known is not there."""
    refusal = may(operator, Permission.PLAN_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.dismiss") as unit:
        row = areas.lock_area(unit, number)
        if row is None:
            return AREA_GONE
        shut = shut_among(unit, node, operator, {household}) | not_yet_here(unit, {household})
        found = areas.items_among(unit, number, {household} - shut)
        if not found:
            return Refusal(Reason.NOT_FOUND, AREA_ARTICLE, "household")
        before = found[0]
        refusal = check_dismissal(AreaItemState(before.state), why)
        if refusal is None:
            areas.dismiss_item(unit, number, household, operator.login_id, node.clock.now(), why.strip())
            areas.shift_tallies(
                unit,
                number,
                {
                    before.state: Tally(-1, -before.people),
                    AreaItemState.DISMISSED.value: Tally(1, before.people),
                },
            )
            note_area(unit, node, operator, Event.AREA_DISMISSED, row, "dismissed", terminal)
    return refusal
