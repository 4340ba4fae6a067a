"""Programme items at the counter: shown, changed as the offices tell, handed to paper.  個別記載事項

No individual number is read here: whoever works with these items uses none, and gets none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import KEPT_BACK, hidden_among, kept_resident, note_kept_back, veil_for
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.programmes.ending import programmes_to_confirm, proposed_endings
from daicho.rules.programmes.item import Programme, ProgrammeChange, ProgrammeItem, change_item
from daicho.rules.register.record import ResidentRecord
from daicho.store import programmes
from daicho.store.programmes import ItemRow, ProgrammeStepRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode, encode

SHOWN_STEPS = 100
_GONE = Refusal(Reason.NOT_FOUND, juki("7"), "addressee_number")
STALE = Refusal(Reason.CHANGED_SINCE, juki("7"), "seen")


@dataclass(frozen=True, slots=True)
class NotedChange:
    """One change of an item as it was noted."""

    change: ProgrammeChange
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProgrammesView:
    """Somebody's items, what ends by rule and waits for a person, what the office is asked, and what was told.

    `seen` counts everything that was ever told of the items: whoever acts says what they saw. `more` tells that the
    history goes on beyond what is shown.
    """

    record: ResidentRecord
    items: tuple[ProgrammeItem, ...]
    proposed: tuple[ProgrammeChange, ...]
    to_confirm: tuple[Programme, ...]
    history: tuple[NotedChange, ...]
    more: bool
    seen: int


def programmes_view(
    node: Node, operator: Operator, addressee_number: int, why: Purpose
) -> ProgrammesView | Refusal:
    """Show somebody's items; the ledger line is durable first."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("programmes.show") as unit:
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, ResidentRecord):
            held = programmes.items_of_person(unit, addressee_number)
            rows = programmes.steps_of_person(unit, addressee_number, limit_rows=SHOWN_STEPS + 1)
            # What is proposed rests on what is shown: a destination that is kept back is not told by a proposal either.
            shown = veil_for(unit, operator, [addressee_number], node.clock.business_now()).over(found)
            _note(unit, node, operator, Event.PROGRAMMES_SHOWN, found, why, "shown")
    if not isinstance(found, ResidentRecord):
        return _kept_back(node, operator, found, why)
    items = _read_items(held)
    return ProgrammesView(
        record=shown,
        items=items,
        proposed=proposed_endings(shown, items),
        to_confirm=programmes_to_confirm(shown, items),
        history=tuple(NotedChange(_read_change(row.change), row.by, row.at) for row in rows[:SHOWN_STEPS]),
        more=len(rows) > SHOWN_STEPS,
        seen=_told_so_far(held),
    )


def _reach(unit: Unit, node: Node, operator: Operator, number: int) -> ResidentRecord | str | None:
    """Give a record, or its subject where a measure keeps it from this operator, or nothing."""
    held = kept_resident(unit, node, number)
    if held is None:
        return None
    record = read_record(held.body)
    hidden = hidden_among(unit, operator, [number], node.clock.business_now())
    return subject_of(record) if hidden else record


def _kept_back(node: Node, operator: Operator, subject: str | None, why: Purpose) -> Refusal:
    if subject is None:
        return _GONE
    note_kept_back(node, operator, [subject], why.terminal)
    return KEPT_BACK


def _told_so_far(rows: Iterable[ItemRow]) -> int:
    """Count what was told of all items: each step raises one version by one."""
    return sum(row.version for row in rows)


def _read_items(rows: Iterable[ItemRow]) -> tuple[ProgrammeItem, ...]:
    return tuple(_read_item(row.body) for row in rows if row.body is not None)


def _read_item(body: str) -> ProgrammeItem:
    return decode(ProgrammeItem, body.encode(), our_own=True)


def _read_change(body: str) -> ProgrammeChange:
    return decode(ProgrammeChange, body.encode(), our_own=True)


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    record: ResidentRecord,
    why: Purpose,
    outcome: str,
    detail: dict[str, str] | None = None,
) -> None:
    note_by(
        unit,
        node,
        operator,
        event,
        terminal=why.terminal,
        purpose=why.purpose,
        basis=why.basis,
        subject=subject_of(record),
        outcome=outcome,
        detail=detail,
    )


def change_programme(
    node: Node, operator: Operator, addressee_number: int, change: ProgrammeChange, seen: int, why: Purpose
) -> ProgrammeItem | Refusal | None:
    """Note what an office tells, or what the clerk finds ex officio; gives the item, or nothing once it is revoked.

    Refused when anything was told of the items since they were `seen`. The register itself does not change and nobody
    above the town is told.
    """
    refusal = may(operator, Permission.ENTER_CHANGE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("programmes.change") as unit:
        rows = programmes.items_to_change(unit, addressee_number)
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, ResidentRecord):
            if _told_so_far(rows) != seen:
                return STALE
            made = change_item(change, _read_items(rows), found, node.clock.business_today())
            if not isinstance(made, Refusal):
                if not _keep(unit, node, operator, found, rows, change, made):
                    return STALE
                detail = {"programme": change.programme.value, "source": change.source.value}
                event = Event.PROGRAMME_CHANGED
                _note(unit, node, operator, event, found, why, change.step.value, detail)
            return made
    return _kept_back(node, operator, found, why)


def _keep(
    unit: Unit,
    node: Node,
    operator: Operator,
    record: ResidentRecord,
    rows: Iterable[ItemRow],
    change: ProgrammeChange,
    made: ProgrammeItem | None,
) -> bool:
    version = next((row.version for row in rows if row.programme == change.programme.value), 0) + 1
    body = None if made is None else encode(made).decode()
    step = ProgrammeStepRow(operator.login_id, node.clock.now(), encode(change).decode())
    row = ItemRow(change.programme.value, version, body)
    return programmes.keep_step(unit, record.addressee_number, row, step)


def items_for_paper(unit: Unit, people: Iterable[int]) -> Mapping[int, tuple[ProgrammeItem, ...]]:
    """Read the items of some people, for a certificate that was asked to show them."""
    found: dict[int, tuple[ProgrammeItem, ...]] = {}
    for number, body in programmes.bodies_of_people(unit, sorted(people)):
        found[number] = (*found.get(number, ()), _read_item(body))
    return found
