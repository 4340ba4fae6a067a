"""What is over at a node, what waits for a second person, what is held, and what was destroyed."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.rules.identity.retention import years_later
from daicho.rules.law.refusal import Refusal
from daicho.rules.law.retention import (
    IDENTITY_RECORD,
    IDENTITY_RECORD_ABOVE,
    REMOVED_RECORDS,
    first_day_kept,
    first_removal_kept,
    last_day_kept,
)
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.retention.disposal import RUN_ITEMS, DisposalKind, HoldReason, RunState
from daicho.store import retention
from daicho.store.retention import RunRow
from daicho.store.unit import Unit

KEEPING = frozenset({NodeKind.REGISTRY, NodeKind.CS, NodeKind.PREFECTURE, NodeKind.NATIONAL})
SHOWN_RUNS = 50
SHOWN_HOLDS = 200


@dataclass(frozen=True, slots=True)
class DueCount:
    """How much of one kind is over, `more` than a run takes; `oldest` is the last day on which its first was kept."""

    kind: DisposalKind
    over: int
    more: bool
    oldest: date | None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list."""

    number: str
    state: RunState
    as_of: date
    proposed_by: str
    proposed_at: datetime
    decided_by: str


@dataclass(frozen=True, slots=True)
class OpenHold:
    """What somebody wants to be kept, although it is over."""

    number: int
    whose: str
    reason: HoldReason
    why: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class RetentionOverview:
    """How a node stands at the end of keeping; there may be `more_holds` than are listed."""

    due: tuple[DueCount, ...]
    open_run: RunLine | None
    past: tuple[RunLine, ...]
    holds: tuple[OpenHold, ...]
    more_holds: bool = False


def kinds_of(node: Node) -> tuple[DisposalKind, ...]:
    """Name what a node of this kind keeps."""
    if node.me.kind is NodeKind.REGISTRY:
        return (DisposalKind.REMOVED_RECORD,)
    return (DisposalKind.IDENTITY_VERSION, DisposalKind.IDENTITY_RECORD)


def years_of_identity(node: Node) -> int:
    """Tell how many years a level keeps what it was told."""
    return (IDENTITY_RECORD if node.me.kind is NodeKind.CS else IDENTITY_RECORD_ABOVE).years


def first_kept(node: Node, kind: DisposalKind, on: date) -> date:
    """Tell the first day, as the store keeps it of this kind, that is not over on a day."""
    if kind is DisposalKind.REMOVED_RECORD:
        return first_removal_kept(on)
    if kind is DisposalKind.IDENTITY_RECORD:
        return on  # the level wrote down the last day itself
    years = years_of_identity(node)
    return first_day_kept(lambda day: years_later(day, years), on)


def last_kept(node: Node, kind: DisposalKind, day: date) -> date:
    """Tell the last day of keeping of what the store keeps with a day."""
    if kind is DisposalKind.REMOVED_RECORD:
        return last_day_kept(REMOVED_RECORDS, day)
    return day if kind is DisposalKind.IDENTITY_RECORD else years_later(day, years_of_identity(node))


def retention_overview(node: Node, operator: Operator, *, terminal: str = "") -> RetentionOverview | Refusal:
    """Count what is over, and list runs and holds; nobody is named but by holds."""
    refusal = may(operator, Permission.SEE_RETENTION)
    if refusal is not None:
        return refusal
    on = node.clock.business_today()
    with node.store.unit("retention.overview") as unit:
        due = tuple(_due(unit, node, kind, on) for kind in kinds_of(node))
        waiting = retention.open_run(unit)
        past = tuple(run_line(row) for row in retention.past_runs(unit, limit_rows=SHOWN_RUNS))
        holds = tuple(
            OpenHold(one.number, one.whose, HoldReason(one.reason), one.why, one.set_by, one.set_at)
            for one in retention.open_holds(unit, limit_rows=SHOWN_HOLDS + 1)
        )
        note_by(unit, node, operator, Event.RETENTION_LISTED, terminal=terminal, outcome="shown")
    return RetentionOverview(
        due, run_line(waiting) if waiting else None, past, holds[:SHOWN_HOLDS], len(holds) > SHOWN_HOLDS
    )


def run_line(row: RunRow) -> RunLine:
    """Put a run into a list."""
    return RunLine(
        row.number, RunState(row.state), row.as_of, row.proposed_by, row.proposed_at, row.decided_by or ""
    )


def _due(unit: Unit, node: Node, kind: DisposalKind, on: date) -> DueCount:
    before = first_kept(node, kind, on)
    over, oldest = retention.how_many_over(unit, kind, before=before, limit_rows=RUN_ITEMS[kind] + 1)
    last = last_kept(node, kind, oldest) if oldest is not None else None
    return DueCount(kind, min(over, RUN_ITEMS[kind]), over > RUN_ITEMS[kind], last)
