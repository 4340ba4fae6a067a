"""What an operator reads of changes of names: how far each is, whom no line meets, what waits for a clerk.

Whoever may not learn where protected people live reads figures, lines and lists as if their households were not there: a
table with one line would else be a question whether somebody lives at an address.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.node import Node
from daicho.nodes.registry.areas.planning import AREA_GONE
from daicho.nodes.registry.areas.reach import not_yet_here, shut_among, shut_everywhere
from daicho.nodes.registry.areas.words import note_area
from daicho.nodes.registry.bodies import read_area, read_area_line, read_record
from daicho.nodes.registry.guarding import veil_for
from daicho.nodes.registry.residents import Purpose, note_shown
from daicho.rules.areas.matching import DISMISSED_STATES, QUEUE_STATES, AreaItemState
from daicho.rules.areas.plan import AreaPlan, AreaState, Asked
from daicho.rules.areas.table import AreaLine, TableFault
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.record import ResidentRecord
from daicho.store import areas, register
from daicho.store.areas import AreaItemRow, AreaRow, Tally
from daicho.store.unit import Unit

AREAS_SHOWN_ROWS = 50
UNMET_SHOWN_ROWS = 50
SAMPLE_LINES = 10
QUEUE_SHOWN_ROWS = 50
FAULTY_SHOWN_ROWS = 5
COUNTED_ROWS = 200
_PURPOSE = "correction"
_BASIS = str(juki("8"))  # whoever reads who has seen a record must not read there that it lies in an area


@dataclass(frozen=True, slots=True)
class AreaSummary:
    """One change in a list."""

    number: str
    plan: AreaPlan
    state: AreaState
    brought_by: str
    brought_at: datetime
    begun: bool


@dataclass(frozen=True, slots=True)
class AreaOverview:
    """The changes that are open, those that are over, and the last tables with faults.

    `more_open` and `more` are from which numbers on the next page goes.
    """

    open: tuple[AreaSummary, ...]
    past: tuple[AreaSummary, ...]
    faulty: tuple[AreaSummary, ...]
    more_open: str
    more: str


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One line of the table with how many households it meets, as the operator may know."""

    line: AreaLine
    households: int


@dataclass(frozen=True, slots=True)
class AreaView:
    """One change as it stands and as the operator may read it."""

    summary: AreaSummary
    digest: str
    lines: int
    faults: tuple[TableFault, ...]
    checked_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    halted_by: str
    halted_at: datetime | None
    asked: Asked | None
    begun_at: datetime | None
    done_at: datetime | None
    tallies: Mapping[AreaItemState, Tally]
    sample: tuple[SampleLine, ...]
    unmet: tuple[AreaLine, ...]
    more_unmet: bool

    @property
    def left(self) -> int:
        """Count the households that a clerk has to see to."""
        return sum(self.tallies[state].households for state in QUEUE_STATES if state in self.tallies)


@dataclass(frozen=True, slots=True)
class QueuedHousehold:
    """One household that could not be renamed, and why; `head` is as the operator may read it."""

    household_number: int
    head: ResidentRecord
    people: int
    state: AreaItemState
    why: Reason | None

    @property
    def may_be_dismissed(self) -> bool:
        """Tell whether a clerk may say that nothing is to be done here."""
        return self.state in DISMISSED_STATES


@dataclass(frozen=True, slots=True)
class AreaQueue:
    """A page of what waits for a clerk; `after` leads to the next one."""

    summary: AreaSummary
    households: tuple[QueuedHousehold, ...]
    after: int | None


def area_overview(
    node: Node, operator: Operator, *, after: str = "", before: str = ""
) -> AreaOverview | Refusal:
    """List what is open, oldest first, and what is over, newest first; no list tells of anybody."""
    refusal = may(operator, Permission.SEE_AREAS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        opened = areas.open_areas(unit, after=after, limit_rows=AREAS_SHOWN_ROWS + 1)
        past = areas.past_areas(unit, before=before or areas.BEHIND_ALL, limit_rows=AREAS_SHOWN_ROWS + 1)
        faulty = areas.faulty_areas(unit, limit_rows=FAULTY_SHOWN_ROWS)
    return AreaOverview(
        tuple(map(_summary, opened[:AREAS_SHOWN_ROWS])),
        tuple(map(_summary, past[:AREAS_SHOWN_ROWS])),
        tuple(map(_summary, faulty)),
        opened[AREAS_SHOWN_ROWS - 1].number if len(opened) > AREAS_SHOWN_ROWS else "",
        past[AREAS_SHOWN_ROWS - 1].number if len(past) > AREAS_SHOWN_ROWS else "",
    )


def area_view(node: Node, operator: Operator, number: str, *, terminal: str = "") -> AreaView | Refusal:
    """Open one change, with a ledger line."""
    refusal = may(operator, Permission.SEE_AREAS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        areas.hold_still(unit)
        row = areas.area(unit, number)
        if row is None:
            return AREA_GONE
        shut = shut_everywhere(unit, node, operator)
        hidden = areas.items_among(unit, number, shut | _about_to_come(unit, number))
        lines = _without(areas.lines_of(unit, number), shut)
        met = {one.line: one.met for one in lines}
        met_by_hidden = Counter(one.line for one in hidden if one.line is not None)
        shown_met = {line: met[line] - met_by_hidden[line] for line in met}
        unmet = [one for one in lines if shown_met[one.line] == 0] if row.state != AreaState.CHECKING else []
        view = AreaView(
            summary=_summary(row),
            digest=row.digest,
            lines=len(lines),
            faults=_faults(row),
            checked_at=row.checked_at,
            decided_by=row.decided_by or "",
            decided_at=row.decided_at,
            halted_by=row.halted_by or "",
            halted_at=row.halted_at,
            asked=Asked(row.asked) if row.asked else None,
            begun_at=row.begun_at,
            done_at=row.done_at,
            tallies=_less(areas.tallies(unit, number), hidden),
            sample=tuple(SampleLine(read_area_line(one.body), shown_met[one.line]) for one in _spread(lines)),
            unmet=tuple(read_area_line(one.body) for one in unmet[:UNMET_SHOWN_ROWS]),
            more_unmet=len(unmet) > UNMET_SHOWN_ROWS,
        )
    with node.store.unit("areas.show") as unit:
        note_area(unit, node, operator, Event.AREA_SHOWN, row, "shown", terminal)
    return view


def area_table(
    node: Node, operator: Operator, number: str, *, terminal: str = ""
) -> tuple[AreaLine, ...] | Refusal:
    """Give the whole table of one change as it was read, with a ledger line.

    A line about one household says where it lives: without the right it is left out where that may not be known.
    """
    refusal = may(operator, Permission.SEE_AREAS)
    if refusal is not None:
        return refusal
    with node.store.unit("areas.table") as unit:
        row = areas.area(unit, number)
        if row is None:
            return AREA_GONE
        note_area(unit, node, operator, Event.AREA_SHOWN, row, "table", terminal)
        lines = _without(areas.lines_of(unit, number), shut_everywhere(unit, node, operator))
        return tuple(read_area_line(one.body) for one in lines)


def _about_to_come(unit: Unit, number: str) -> frozenset[int]:
    return not_yet_here(unit, {one.household_number for one in areas.waiting_items(unit, number)})


def _without(lines: Sequence[areas.AreaLineRow], shut: Collection[int]) -> list[areas.AreaLineRow]:
    """Leave out the lines about single households of which an operator may not know."""
    if not shut:
        return list(lines)
    return [one for one in lines if read_area_line(one.body).household_number not in shut]


def _less(tallies: Mapping[str, Tally], hidden: Iterable[AreaItemRow]) -> dict[AreaItemState, Tally]:
    shown = {AreaItemState(state): much for state, much in tallies.items()}
    for one in hidden:
        before = shown[AreaItemState(one.state)]
        shown[AreaItemState(one.state)] = Tally(before.households - 1, before.people - one.people)
    return shown


def _spread(lines: Sequence[areas.AreaLineRow]) -> Sequence[areas.AreaLineRow]:
    """Take some lines from the whole length of a table."""
    step = max(1, len(lines) // SAMPLE_LINES)
    return lines[::step][:SAMPLE_LINES]


def _summary(row: AreaRow) -> AreaSummary:
    return AreaSummary(
        row.number,
        read_area(row.body),
        AreaState(row.state),
        row.brought_by,
        row.brought_at,
        row.begun_at is not None,
    )


def _faults(row: AreaRow) -> tuple[TableFault, ...]:
    return tuple(TableFault(line, column, Reason(reason)) for line, column, reason in json.loads(row.faults))


def area_queue(
    node: Node, operator: Operator, number: str, *, after: int = 0, terminal: str = ""
) -> AreaQueue | Refusal:
    """List households that wait for a clerk, each person shown with a ledger line first."""
    refusal = may(operator, Permission.PLAN_AREAS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = areas.area(unit, number)
        if row is None:
            return AREA_GONE
        without = shut_everywhere(unit, node, operator) | _about_to_come(unit, number)
        items = areas.queue(unit, number, after=after, without=without, limit_rows=QUEUE_SHOWN_ROWS + 1)
        shown = items[:QUEUE_SHOWN_ROWS]
        heads = _heads(unit, [one.household_number for one in shown])
        people = {one.addressee_number: one for one in heads.values()}
        veil = veil_for(unit, operator, people, node.clock.business_now())
    told = {home: veil.over(head) for home, head in heads.items() if not veil.keeps_home_of(head)}
    note_shown(node, operator, list(told.values()), Purpose(_PURPOSE, _BASIS, terminal))
    households = tuple(
        QueuedHousehold(
            one.household_number,
            told[one.household_number],
            one.people,
            AreaItemState(one.state),
            Reason(one.why) if one.why else None,
        )
        for one in shown
        if one.household_number in told
    )
    more = len(items) > QUEUE_SHOWN_ROWS
    return AreaQueue(_summary(row), households, shown[-1].household_number if more else None)


def _heads(unit: Unit, households: Sequence[int]) -> dict[int, ResidentRecord]:
    """Read who heads each household, or whoever is left of one that has no head."""
    found: dict[int, ResidentRecord] = {}
    if not households:
        return found
    for held in register.load_people(unit, households=households):
        record = read_record(held.body)
        if record.living and (record.household_number not in found or record.is_householder):
            found[record.household_number] = record
    return found


def how_much_is_left(unit: Unit, node: Node, operator: Operator) -> int:
    """Count the households that wait for a clerk in changes that were begun, as far as the operator may know.

    Every page asks: only the people of these households are looked at, some at a time and no more than are counted.
    """
    found, after = 0, ("", 0)
    while True:
        left = areas.left_over(unit, after, limit_rows=COUNTED_ROWS)
        households = {household for _, household in left}
        shut = shut_among(unit, node, operator, households) | not_yet_here(unit, households)
        found += sum(household not in shut for _, household in left)
        if len(left) < COUNTED_ROWS or found >= COUNTED_ROWS:
            return min(found, COUNTED_ROWS)
        after = left[-1]
