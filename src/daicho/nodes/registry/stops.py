"""処理の抑止: what an officer stops for somebody, who ends it, and what the counter's acts ask before they do anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_stop, stop_body
from daicho.nodes.registry.guarding import hidden_among, kept_back, kept_record, kept_residents, shut_to
from daicho.nodes.registry.records import Told, subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.rules.register.changes import Entry
from daicho.rules.register.processing import (
    ENDED_BY_TWO,
    ProcessingStop,
    StopKind,
    check_stop,
    stop_reaches,
    stopped,
)
from daicho.rules.register.reasons import Ground
from daicho.rules.register.record import ResidentRecord
from daicho.store import filings, processing, register
from daicho.store.processing import StopRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
_ARTICLE = juki("8")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "stop")
_DECIDED = Refusal(Reason.NOT_PENDING, _ARTICLE, "stop")


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop as the counter sees it; `over` tells that its last day is past, so that it stops nothing."""

    row: StopRow
    stop: ProcessingStop
    record: ResidentRecord | None
    hidden: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Stops:
    """A page of stops; `more` tells that there are others."""

    views: tuple[StopView, ...]
    more: bool


def place_stop(
    node: Node, operator: Operator, stop_id: str, stop: ProcessingStop, *, terminal: str = ""
) -> str | Refusal:
    """Stop something from this moment; the same form sent twice is one stop."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.UPKEEP_REGISTER) or check_stop(stop, today)
    if refusal is not None:
        return refusal
    with node.store.unit("stops.place") as unit:
        record = _held_still(unit, node, stop.addressee_number)
        if isinstance(record, Refusal):
            return record
        shut = shut_to(unit, node, operator, stop.addressee_number)
        row = StopRow(
            stop_id, stop.addressee_number, record.household_number if stop.whole_household else None, stop.kind.value,
            stop.last_day, "on", operator.login_id, node.clock.now(), stop_body(stop),
        )  # fmt: skip
        if not shut and not processing.keep(unit, row):
            kept = processing.one(unit, stop_id)
            same = kept is not None and (kept.placed_by, kept.body) == (row.placed_by, row.body)
            return stop_id if same else _DECIDED
        if not shut:
            _note(unit, node, operator, Event.STOP_PLACED, row, record, terminal, "placed")
    return kept_back(node, operator, record, terminal) if shut else stop_id


def end_stop(node: Node, operator: Operator, stop_id: str, why: str, *, terminal: str = "") -> Refusal | None:
    """End a stop; what stops something waits for a second person."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is None and not why.strip():
        refusal = Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")
    if refusal is not None:
        return refusal
    words, now = why[:WORDS_CHARACTERS], node.clock.now()

    def act(unit: Unit, row: StopRow) -> str:
        if row.kind in ENDED_BY_TWO:
            return "proposed" if processing.propose_end(unit, row.id, operator.login_id, now, words) else ""
        return "ended" if processing.end(unit, row.id, operator.login_id, now, why=words) else ""

    return _decide(node, operator, stop_id, act, terminal)


def confirm_end(node: Node, operator: Operator, stop_id: str, *, terminal: str = "") -> Refusal | None:
    """End a stop by a second person's word."""

    def act(unit: Unit, row: StopRow) -> str:
        ended = processing.end(unit, row.id, operator.login_id, node.clock.now(), proposed=True)
        return "ended" if ended else ""

    return may(operator, Permission.VERIFY_CHANGE) or _decide(
        node, operator, stop_id, act, terminal, second=True
    )


def decline_end(node: Node, operator: Operator, stop_id: str, *, terminal: str = "") -> Refusal | None:
    """Let a stop stand that somebody wanted ended: a second person, or who wanted it."""
    if may(operator, Permission.VERIFY_CHANGE) and may(operator, Permission.UPKEEP_REGISTER):
        return may(operator, Permission.VERIFY_CHANGE)

    def act(unit: Unit, row: StopRow) -> str:
        return "declined" if processing.decline_end(unit, row.id) else ""

    return _decide(node, operator, stop_id, act, terminal)


def _decide(
    node: Node,
    operator: Operator,
    stop_id: str,
    act: Callable[[Unit, StopRow], str],
    terminal: str,
    *,
    second: bool = False,
) -> Refusal | None:
    with node.store.unit("stops.decide") as unit:
        row = processing.one(unit, stop_id, locked=True)
        if row is None:
            return _GONE
        if second and row.state == "ending":
            refusal = may_verify(row.proposed_by or "", operator.login_id)
            if refusal is not None:
                return refusal
        record = kept_record(unit, node, row.addressee_number)
        shut = shut_to(unit, node, operator, row.addressee_number)
        if not shut:
            outcome = act(unit, row)
            if not outcome:
                return _DECIDED
            _note(unit, node, operator, Event.STOP_ENDED, row, record, terminal, outcome)
    return kept_back(node, operator, record, terminal) if shut else None


def stop_list(node: Node, operator: Operator, *, ended: bool = False, terminal: str = "") -> Stops | Refusal:
    """List stops: of whom a measure hides, only that there is one."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = processing.listed(unit, ended=ended, limit_rows=SHOWN_ROWS + 1)
        records = kept_residents(unit, node, {row.addressee_number for row in rows})
        hidden = hidden_among(
            unit, operator, {row.addressee_number for row in rows}, node.clock.business_now()
        )
    with node.store.unit("stops.listed") as unit:
        note_by(unit, node, operator, Event.STOP_SHOWN, terminal=terminal, outcome="listed")
    views = tuple(_view(node, row, records, hidden) for row in rows[:SHOWN_ROWS])
    return Stops(views, len(rows) > SHOWN_ROWS)


def one_stop(node: Node, operator: Operator, stop_id: str, *, terminal: str = "") -> StopView | Refusal:
    """Show one stop; the line is durable first."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    with node.store.unit("stops.shown") as unit:
        row = processing.one(unit, stop_id)
        if row is None:
            return _GONE
        record = kept_record(unit, node, row.addressee_number)
        shut = shut_to(unit, node, operator, row.addressee_number)
        if not shut:
            _note(unit, node, operator, Event.STOP_SHOWN, row, record, terminal, "shown")
    if shut:
        return kept_back(node, operator, record, terminal)
    return _view(node, row, {} if record is None else {row.addressee_number: record}, frozenset())


def stops_over(node: Node, *records: ResidentRecord) -> tuple[StopView, ...]:
    """Give what is stopped now for residents whose records are open before somebody."""
    people, homes = {one.addressee_number for one in records}, {one.household_number for one in records}
    with node.store.reading() as unit:
        rows = processing.over(unit, people, homes)
    views = (_view(node, row, {}, frozenset()) for row in rows)
    return tuple(one for one in views if not one.over)


def stop_of_change(unit: Unit, entry: Entry, on: date, *, kept_report: bool) -> Refusal | None:
    """Refuse a change that an officer stopped for anybody whom it concerns, or for a household that it touches."""
    return _stops_of(unit, [stop_reaches(entry, kept_report=kept_report)], on)[0]


def stops_of_changes(unit: Unit, drafts: Sequence[tuple[str, Entry]], on: date) -> list[Refusal | None]:
    """Refuse those of some changes, given with the names of their entries, that an officer stopped."""
    reached = [
        stop_reaches(
            entry,
            kept_report=entry.ground is Ground.REPORT and filings.filing_of_entry(unit, name) is not None,
        )
        for name, entry in drafts
    ]
    return _stops_of(unit, reached, on)


def _stops_of(
    unit: Unit, reached: Sequence[tuple[frozenset[int], frozenset[int]]], on: date
) -> list[Refusal | None]:
    people = frozenset[int]().union(*(some for some, _ in reached))
    homes = frozenset[int]().union(*(some for _, some in reached))
    rows = processing.over(unit, people, homes) if people else []
    stopping = [row for row in rows if _stops(row, StopKind.CHANGES, on)]
    return [
        next(
            (
                stopped(read_stop(row.body).cause)
                for row in stopping
                if row.addressee_number in some or row.household_number in those
            ),
            None,
        )
        for some, those in reached
    ]


def keep_stopped(unit: Unit, node: Node, told: Sequence[Told]) -> None:
    """Let the stops of a household go along with whoever comes out of it, each as a stop of that person.

    The household that they leave stays stopped as it was.
    """
    moved = {
        after.addressee_number: (before.household_number, after, one)
        for one in told
        for before, after in one.entry.pairs()
        if before is not None and before.household_number != after.household_number
    }
    if not moved:
        return
    today, now = node.clock.business_today(), node.clock.now()
    for row in processing.over(unit, (), {home for home, _, _ in moved.values()}):
        if _over(row, today):
            continue
        leavers = ((after, one) for home, after, one in moved.values() if home == row.household_number)
        for place, (record, one) in enumerate(leavers):
            stop = replace(
                read_stop(row.body), addressee_number=record.addressee_number, whole_household=False
            )
            kept = StopRow(
                f"{row.id}.{one.row.id}.{place}", record.addressee_number, None, row.kind, row.last_day, "on",
                row.placed_by, now, stop_body(stop),
            )  # fmt: skip
            processing.keep(unit, kept)
            _note(unit, node, one.operator, Event.STOP_PLACED, kept, record, one.terminal, "followed")


def stop_of_paper(unit: Unit, records: Iterable[ResidentRecord], on: date) -> Refusal | None:
    """Refuse a certificate that an officer stopped for anybody who stands on it."""
    return stop_of(unit, StopKind.PAPERS, records, on)


def stop_of(unit: Unit, kind: StopKind, records: Iterable[ResidentRecord], on: date) -> Refusal | None:
    """Refuse what is stopped for any of some people, with its cause."""
    found = list(records)
    people, homes = {one.addressee_number for one in found}, {one.household_number for one in found}
    return _first(unit, kind, people, homes, on)


def as_stopped(unit: Unit, kind: StopKind, record: ResidentRecord, on: date) -> ResidentRecord:
    """Give a record as it is decided on: held where an officer stopped this for its person."""
    held = record.processing_hold or stop_of(unit, kind, [record], on) is not None
    return replace(record, processing_hold=True) if held else record


def whose_changes_stop(unit: Unit, homes: Mapping[int, int], on: date) -> set[int]:
    """Name whose changes are stopped, of people given with their households."""
    rows = [row for row in processing.over(unit, homes, homes.values()) if _stops(row, StopKind.CHANGES, on)]
    people = {row.addressee_number for row in rows}
    households = {row.household_number for row in rows if row.household_number is not None}
    return {number for number, home in homes.items() if number in people or home in households}


def _first(
    unit: Unit, kind: StopKind, people: Iterable[int], households: Iterable[int], on: date
) -> Refusal | None:
    for row in processing.over(unit, people, households):
        if _stops(row, kind, on):
            return stopped(read_stop(row.body).cause)
    return None


def _stops(row: StopRow, kind: StopKind, on: date) -> bool:
    return row.kind == kind and not _over(row, on)


def _over(row: StopRow, on: date) -> bool:
    return row.last_day is not None and row.last_day < on


def _view(
    node: Node, row: StopRow, records: Mapping[int, ResidentRecord], hidden: frozenset[int]
) -> StopView:
    shut = row.addressee_number in hidden
    record = None if shut else records.get(row.addressee_number)
    return StopView(row, read_stop(row.body), record, shut, _over(row, node.clock.business_today()))


def _held_still(unit: Unit, node: Node, addressee_number: int) -> ResidentRecord | Refusal:
    """Read somebody's record. Whoever writes or prints at their household now is done before, or sees the stop."""
    before = kept_record(unit, node, addressee_number)
    if before is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "addressee_number")
    register.lock_concerned(unit, households=[before.household_number], codes=[])
    record = kept_record(unit, node, addressee_number)
    same = record is not None and record.household_number == before.household_number
    return record if record is not None and same else Refusal(Reason.CHANGED_SINCE, _ARTICLE, "stop")


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    row: StopRow,
    record: ResidentRecord | None,
    terminal: str,
    outcome: str,
) -> None:
    subject = subject_of(record) if record is not None else f"addressee:{row.addressee_number}"
    note_by(
        unit, node, operator, event, terminal=terminal, basis=str(_ARTICLE), subject=subject, outcome=outcome,
        detail={"stop": row.id, "kind": row.kind, "cause": read_stop(row.body).cause.value},
    )  # fmt: skip
