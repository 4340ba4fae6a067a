"""The register looked through for a table, and an approved table carried out household by household.  一括処理

Each step is one unit: what was looked at, or some households with their entries, lines, letters and places on the list. What
was cut off goes on where it stopped. Every entry goes the way of all entries: entered in the name of whoever brought the
table, verified in the name of whoever approved it, written as any other verified change is. The ledger says that the machine
did so, and for which table: whoever stood for it is in the lines of the table.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from daicho.nodes.node import Node
from daicho.nodes.registry.areas.tables import (
    Judgement,
    KnownTables,
    Members,
    Table,
    by_household,
    judge,
    town_keys,
)
from daicho.nodes.registry.areas.words import (
    MACHINE_TERMINAL,
    note_area_by_machine,
    stop_by_itself,
    words_hold,
)
from daicho.nodes.registry.bodies import read_entry, read_measure, read_record
from daicho.nodes.registry.counter import Verification, WrittenBy, home_of, write_verified
from daicho.nodes.registry.desk import Seen, Signed, keep_drafts
from daicho.nodes.registry.guarding import covered_among
from daicho.nodes.registry.measures.alerting import alert_of_change
from daicho.nodes.registry.records import MACHINE, Told, note_entries
from daicho.nodes.registry.stops import whose_changes_stop
from daicho.nodes.watch.loops import Job
from daicho.rules.areas.matching import (
    AreaItemState,
    CoveredHome,
    Judged,
    held_together,
    home_afterwards,
)
from daicho.rules.areas.plan import WATCHED_DAYS, AreaState, Asked, area_words, much_differs
from daicho.rules.identity.projection import CodeMissing
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator
from daicho.rules.register.address_renaming import AddressRenaming
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.drafting import draft
from daicho.rules.register.record import ResidentRecord
from daicho.store import areas, protection, register
from daicho.store.areas import AreaItemRow, AreaRow, Tally
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire.http import WireUnavailable
from daicho.wire.signer.client import SignerUnavailable

LOOKED_ROWS = 2_000
BATCH_HOUSEHOLDS = 50  # as long as one step lasts the counter waits for these households
_ONE_ROOF_HOUSEHOLDS = 1_000  # a building larger than this is done in parts
_READ_ENTRIES, _READ_ITEMS = 500, 200
_MANY_FAULTS = 5  # own: when so many households of a step fail and none succeeds, the fault is none of theirs
_EVERY_SECONDS = 30.0
_OPEN_HOURS = range(8, 18)  # own: while the counter is open, households are done a few at a time
_AWAY = (StoreUnavailable, WireUnavailable, SignerUnavailable)
_LISTED, _DONE, _GONE = AreaItemState.LISTED.value, AreaItemState.DONE.value, AreaItemState.GONE.value
_WAITS, _TOGETHER = AreaItemState.WAITS.value, AreaItemState.TOGETHER.value
_LOG = logging.getLogger("daicho.areas")


class AreaOvertaken(RuntimeError):
    """A record changed under its lock, a fault of ours: roll back, the households are taken again."""


class Step(StrEnum):
    """What one step of the work was.

    Law: none, own definition.
    """

    NOTHING = ""
    LOOKED = "looked"
    CARRIED = "carried"


def area_work(node: Node) -> Job:
    """Look through the register for what was brought, and carry out what was approved, from its day on."""
    known = KnownTables()
    return Job("areas", _EVERY_SECONDS, lambda: _goes_on(node, work_on(node, known)))


def _goes_on(node: Node, step: Step) -> bool:
    """Tell whether the next step follows at once; while the counter is open households rest between two."""
    return bool(step) and not (step is Step.CARRIED and node.clock.business_now().hour in _OPEN_HOURS)


def work_on(node: Node, known: KnownTables) -> Step:
    """Do one step of the oldest change that has anything to do; tells what it was.

    When a step fails its households are taken one by one, so that the fault of one stops no other.
    """
    today = node.clock.business_today()
    with node.store.reading() as unit:
        if not areas.work_waits(unit, today):
            return Step.NOTHING
    taken: list[AreaItemRow] = []
    number: list[str] = []
    try:
        with node.store.unit("areas.step", few_trips=True) as unit:
            row = areas.lock_next_work(unit, today)
            if row is None:
                return Step.NOTHING
            number.append(row.number)
            return _step(unit, node, row, known.of(unit, row), taken)
    except _AWAY:
        raise
    except Exception as fault:
        if not taken:
            raise
        _LOG.warning("a step of a change of names failed: %s", type(fault).__name__)
    _one_by_one(node, known, number[0], taken)
    return Step.CARRIED


def _step(unit: Unit, node: Node, row: AreaRow, table: Table, taken: list[AreaItemRow]) -> Step:
    if row.state == AreaState.DONE:
        if not _freed(unit, node, row):
            _look_on(unit, node, row, table)
    elif row.state == AreaState.APPROVED and row.begun_at is None:
        _begin(unit, node, row)
    elif row.looked_at is not None:
        _look_on(unit, node, row, table)
    else:
        return _carry_on(unit, node, row, table, taken)
    return Step.LOOKED


def _begin(unit: Unit, node: Node, row: AreaRow) -> None:
    """Begin on the day in force: who came since the dry run is found by another look at everybody."""
    if not words_hold(unit, row):
        stop_by_itself(unit, node, row, Asked.WORD_GONE)
        return
    list_again(unit, row.number)
    areas.note_begun(unit, row.number, node.clock.now())


def list_again(unit: Unit, number: str) -> None:
    """Put on the list again what waits for somebody: the register may say something else by now."""
    shifts: dict[str, Tally] = {}
    households = people = 0
    for state, much in areas.list_again(unit, number).items():
        shifts[state] = Tally(-much.households, -much.people)
        households, people = households + much.households, people + much.people
    if shifts:
        areas.shift_tallies(unit, number, shifts | {_LISTED: Tally(households, people)})


def _freed(unit: Unit, node: Node, row: AreaRow) -> bool:
    """Take up what waited for an entry and does not any more, and who waited for it under one roof."""
    free = _no_longer_waiting(unit, row.number)
    if not free:
        return False
    if row.state == AreaState.DONE:
        if areas.open_under_another(unit, row.number, row.digest):
            _settle(unit, row.number, free, [_with(one, AreaItemState.FOUND) for one in free])
            return True
        if not words_hold(unit, row):
            stop_by_itself(unit, node, row, Asked.WORD_GONE)
            return True
        areas.note_taken_up(unit, row.number)
        note_area_by_machine(unit, node, Event.AREA_TAKEN_UP, row, "taken_up")
    _settle(unit, row.number, free, [_with(one, AreaItemState.LISTED) for one in free])
    return True


def _no_longer_waiting(unit: Unit, number: str) -> list[AreaItemRow]:
    waiting = areas.waiting_items(unit, number)
    still = areas.households_that_wait(unit, [one.household_number for one in waiting]) if waiting else ()
    free = [one for one in waiting if one.household_number not in still]
    beside = areas.items_at(unit, number, {one.place for one in free}) if free else []
    return free + [one for one in beside if one.state == _TOGETHER]


def _look_on(unit: Unit, node: Node, row: AreaRow, table: Table) -> None:
    """Look at the next residents; who lives in the area comes on the list."""
    last, households = areas.look_on(unit, row.looked_at or 0, town_keys(unit, table), limit_rows=LOOKED_ROWS)
    people = {number: tuple(members.values()) for number, members in by_household(unit, households).items()}
    found = judge(unit, table, people)
    met = [one for number, members in people.items() if (one := found.item_of(number, members)) is not None]
    fresh = _keep(unit, row, met, {one.household_number: _is_back(people, found, one) for one in met})
    again = row.again or any(one.state == _LISTED for one in fresh)
    areas.note_looked(unit, row.number, last, again=again, homes=len(met))
    if last is not None:
        return
    if row.state == AreaState.CHECKING:
        areas.note_checked(unit, row.number, node.clock.now())
    elif row.state == AreaState.DONE:
        _queue_entered(unit, row, table)
        _drop_gone(unit, row, table)
        areas.note_watched(unit, row.number, node.clock.business_today())
    elif row.told_homes is not None:
        _compare(unit, node, row, row.told_homes, row.looked_homes + len(met))


def _is_back(people: dict[int, tuple[ResidentRecord, ...]], found: Judgement, one: AreaItemRow) -> bool:
    return any(member.addressee_number in found.back for member in people[one.household_number])


def _compare(unit: Unit, node: Node, row: AreaRow, told: int, found: int) -> None:
    """Ask for the word once more where on the day many more or fewer live there than two people were told."""
    if not much_differs(told, found):
        areas.note_compared(unit, row.number)
        return
    areas.ask_again(unit, row.number, Asked.HOUSEHOLDS_DIFFER.value, told_homes=found)
    areas.not_begun(unit, row.number)
    note_area_by_machine(unit, node, Event.AREA_DECIDED, row, "asked_again")


def _keep(unit: Unit, row: AreaRow, met: Sequence[AreaItemRow], back: dict[int, bool]) -> list[AreaItemRow]:
    """Keep who is met: anew, as they stand now, or once more when they were over; what waits for a clerk stays so."""
    known = {
        one.household_number: one
        for one in areas.items_among(unit, row.number, [item.household_number for item in met])
    }
    kept: list[AreaItemRow] = []
    for one in met:
        before = known.get(one.household_number)
        if before is not None and before.state == _DONE and back[one.household_number]:
            kept.append(_with(one, AreaItemState.BACK))
        elif before is None or before.state in (_DONE, _GONE, _LISTED, AreaItemState.UNNAMED):
            late = row.state == AreaState.DONE and one.state == _LISTED
            now = _with(one, AreaItemState.FOUND) if late else one
            if now != before:
                kept.append(now)
    _put(unit, row.number, known, kept)
    return kept


def _put(unit: Unit, number: str, known: dict[int, AreaItemRow], kept: Sequence[AreaItemRow]) -> None:
    before = [known[one.household_number] for one in kept if one.household_number in known]
    areas.keep_items(unit, number, kept)
    lines = Counter(one.line for one in kept if one.line is not None)
    lines.subtract(one.line for one in before if one.line is not None)
    areas.add_met(unit, number, {line: much for line, much in lines.items() if much})
    areas.shift_tallies(unit, number, _moved(before, kept))


def _queue_entered(unit: Unit, row: AreaRow, table: Table) -> None:
    """Let whoever is about to come under the old name wait on the list: their entries were made and not verified."""
    after: tuple[datetime | None, str] = (None, "")
    while True:
        entries = areas.entered_behind(unit, after, limit_rows=_READ_ENTRIES)
        people: dict[int, tuple[ResidentRecord, ...]] = {}
        for _, _, body in entries:
            for one in read_entry(body).after:
                if one.living:
                    people[one.household_number] = (*people.get(one.household_number, ()), one)
        if people:
            found = judge(unit, table, people)
            _let_wait(
                unit, row, [item for number, who in people.items() if (item := found.item_of(number, who))]
            )
        if len(entries) < _READ_ENTRIES:
            return
        after = entries[-1][:2]


def _let_wait(unit: Unit, row: AreaRow, met: Sequence[AreaItemRow]) -> None:
    known = {
        one.household_number: one
        for one in areas.items_among(unit, row.number, [item.household_number for item in met])
    }
    over = (None, _DONE, _GONE, AreaItemState.UNNAMED.value, AreaItemState.FOUND.value)
    states = {number: one.state for number, one in known.items()}
    _put(
        unit,
        row.number,
        known,
        [_with(one, AreaItemState.WAITS) for one in met if states.get(one.household_number) in over],
    )


def _drop_gone(unit: Unit, row: AreaRow, table: Table) -> None:
    """Take off the queue whoever lives at no old place any more: moved, or renamed by another table."""
    after = 0
    while True:
        items = areas.queue(unit, row.number, after=after, without=(), limit_rows=_READ_ITEMS)
        people = by_household(unit, [one.household_number for one in items])
        found = judge(unit, table, {number: tuple(members.values()) for number, members in people.items()})
        gone = [
            one
            for one in items
            if one.state != _WAITS and found.verdicts[one.household_number].state is AreaItemState.GONE
        ]
        _settle(unit, row.number, gone, [_with(one, AreaItemState.GONE) for one in gone])
        if len(items) < _READ_ITEMS:
            return
        after = items[-1].household_number


def _settle(unit: Unit, number: str, before: Sequence[AreaItemRow], after: Sequence[AreaItemRow]) -> None:
    areas.settle_items(unit, number, after)
    areas.shift_tallies(unit, number, _moved(before, after))


def _moved(before: Iterable[AreaItemRow], after: Iterable[AreaItemRow]) -> dict[str, Tally]:
    households, people = Counter[str](), Counter[str]()
    for one in after:
        households[one.state] += 1
        people[one.state] += one.people
    for one in before:
        households[one.state] -= 1
        people[one.state] -= one.people
    return {state: Tally(households[state], people[state]) for state in households}


def _with(item: AreaItemRow, state: AreaItemState, why: str = "", people: int = 0) -> AreaItemRow:
    return replace(item, state=state.value, why=why, people=people or item.people)


def _carry_on(unit: Unit, node: Node, row: AreaRow, table: Table, taken: list[AreaItemRow]) -> Step:
    """Do the next households; when none is left, look once more at everybody, or come to the end."""
    taken += areas.next_items(unit, row.number, few=BATCH_HOUSEHOLDS, most=_ONE_ROOF_HOUSEHOLDS)
    if taken:
        _settle(unit, row.number, taken, _carried(unit, node, row, table, taken))
        areas.note_looked(unit, row.number, None, again=True)
        return Step.CARRIED
    if row.again:
        areas.note_looked(unit, row.number, 0, again=False)
    elif not _freed(unit, node, row):
        _queue_entered(unit, row, table)
        today = node.clock.business_today()
        until = today + timedelta(days=WATCHED_DAYS)
        areas.note_done(unit, row.number, node.clock.now(), watched_until=until, today=today)
        note_area_by_machine(unit, node, Event.AREA_FINISHED, row, AreaState.DONE.value)
    return Step.LOOKED


def _one_by_one(node: Node, known: KnownTables, number: str, items: Sequence[AreaItemRow]) -> None:
    """Do some households each in a unit of its own; what cannot be written is left to a clerk."""
    faults = 0
    for one in items:
        try:
            with node.store.unit("areas.one", few_trips=True) as unit:
                row = areas.lock_area(unit, number)
                now = areas.items_among(unit, number, [one.household_number])
                if (
                    row is None
                    or row.state != AreaState.APPROVED
                    or [item.state for item in now] != [_LISTED]
                ):
                    continue
                _settle(unit, number, now, _carried(unit, node, row, known.of(unit, row), now))
                areas.note_looked(unit, number, None, again=True)
        except _AWAY:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever is wrong with this one, the others go on
            _LOG.warning("a household of a change of names is left: %s", type(fault).__name__)
            faults += 1
            _leave(node, number, one, _reason_of(fault))
    if faults == len(items) >= _MANY_FAULTS:
        with node.store.unit("areas.rest") as unit:
            row = areas.lock_area(unit, number)
            if row is not None and row.state == AreaState.APPROVED:
                stop_by_itself(unit, node, row, Asked.MANY_FAULTS)


def _leave(node: Node, number: str, item: AreaItemRow, why: Reason) -> None:
    with node.store.unit("areas.leave") as unit:
        row = areas.lock_area(unit, number)
        now = areas.items_among(unit, number, [item.household_number])
        if row is not None and [one.state for one in now] == [_LISTED]:
            _settle(unit, number, now, [_with(one, AreaItemState.REFUSED, why.value) for one in now])


def _reason_of(fault: Exception) -> Reason:
    if isinstance(fault, CodeMissing):
        return Reason.CODE_MISSING
    return Reason.CONFLICT if isinstance(fault, AreaOvertaken) else Reason.ITEM_MALFORMED


@dataclass(frozen=True, slots=True)
class _Drafted:
    """One household with the change that is made of it."""

    entry: Entry
    seen: Seen


def _carried(
    unit: Unit, node: Node, row: AreaRow, table: Table, items: Sequence[AreaItemRow]
) -> list[AreaItemRow]:
    """Rename what can be renamed of some households, in as many rounds as it takes, and tell what became of each.

    All rounds in one unit: between two of them people whom a measure covers would live under two roofs.
    """
    register.lock_concerned(unit, households=[one.household_number for one in items], codes=())
    settled: dict[int, AreaItemRow] = {}
    todo = list(items)
    while todo:
        done = _round(unit, node, row, table, todo, first=not settled)
        settled |= {one.household_number: one for one in done}
        todo = [one for one in done if one.state == _LISTED]
    return [settled[one.household_number] for one in items]


def _round(
    unit: Unit, node: Node, row: AreaRow, table: Table, items: Sequence[AreaItemRow], *, first: bool
) -> list[AreaItemRow]:
    people = by_household(unit, [one.household_number for one in items])
    found = judge(unit, table, {number: tuple(members.values()) for number, members in people.items()})
    verdicts = found.verdicts
    for number in areas.households_that_wait(unit, people):
        if verdicts[number].state is not AreaItemState.GONE:
            verdicts[number] = Judged(AreaItemState.WAITS)
    homes = {one.addressee_number: number for number, members in people.items() for one in members.values()}
    shut = whose_changes_stop(unit, homes, node.clock.business_today())
    for number in {homes[one] for one in shut}:
        if verdicts[number].state is not AreaItemState.GONE:
            verdicts[number] = Judged(AreaItemState.HELD)
    drafts: dict[int, _Drafted] = {}
    for number, members in people.items():
        if not verdicts[number].homes:
            continue
        made = _drafted(node, table, verdicts[number], members)
        if isinstance(made, Refusal):
            verdicts[number] = Judged(AreaItemState.REFUSED, why=made.reason)
        else:
            versions = {held.addressee_number: held.version for held in members}
            drafts[number] = _Drafted(made, Seen(tuple(members.values()), versions, (number,)))
    if first:
        _keep_together(unit, people, found)
    elif len(drafts) < len(items):
        raise AreaOvertaken  # a household is renamed as a whole or not at all
    standing = [one for number, one in drafts.items() if verdicts[number].homes]
    if standing:
        _let_stand(unit, node, row, standing)
    return [_settled(one, verdicts[one.household_number], len(people[one.household_number])) for one in items]


def _settled(item: AreaItemRow, verdict: Judged, people: int) -> AreaItemRow:
    return _with(item, verdict.state, verdict.why.value if verdict.why is not None else "", people)


def _keep_together(
    unit: Unit, people: Mapping[int, Mapping[register.Held, ResidentRecord]], found: Judgement
) -> None:
    """Let whom measures cover under one roof wait for one another: apart, the roof would not tell that they are covered."""
    if not protection.any_open(unit):
        return
    living = {one.addressee_number: one for members in people.values() for one in members.values()}
    bodies = protection.bodies_of(unit, {measure for _, measure in protection.measures_over(unit, living)})
    named = {measure: read_measure(body).people for measure, body in bodies.items()}
    if not named:
        return
    mates = protection.ever_with(unit, {one for whose in named.values() for one in whose}) - set(living)
    beside = (read_record(held.body) for held in register.residents(unit, mates))
    everybody = living | {one.addressee_number: one for one in beside if one.living}
    roof_of, verdicts = found.index.roof_of, found.verdicts
    homes: list[CoveredHome] = []
    for whose, measure in protection.measures_over(unit, everybody):
        if measure not in named:
            continue
        one = everybody[whose]
        goes = whose in living and bool(verdicts[one.household_number].homes)
        home = home_afterwards(one, found.index, found.known) if goes else one.current_address
        known_homes = {everybody[who].household_number for who in named[measure] if who in everybody}
        homes.append(
            CoveredHome(
                measure,
                one.household_number,
                roof_of(one.current_address),
                roof_of(home),
                one.household_number in known_homes,
            )
        )
    for number in held_together(homes):
        verdicts[number] = Judged(AreaItemState.TOGETHER)


def _drafted(node: Node, table: Table, judged: Judged, members: Members) -> Entry | Refusal:
    today = node.clock.business_today()
    notice = AddressRenaming(
        judged.homes, table.plan.in_force_on, today, area_words(table.plan), judged.effective_on
    )
    return draft(notice, tuple(members.values()), today, Desk(home_of(node)))


def _let_stand(unit: Unit, node: Node, row: AreaRow, drafted: Sequence[_Drafted]) -> None:
    """Enter and verify some changes for the two who stand for the table."""
    also = {"area": row.number}
    rows = keep_drafts(
        unit,
        [(node.clock.new_id(), one.entry, one.seen) for one in drafted],
        Signed(row.brought_by, row.brought_terminal, node.clock.now()),
    )
    told = [
        Told(kept, one.entry, MACHINE, MACHINE_TERMINAL, also)
        for kept, one in zip(rows, drafted, strict=True)
    ]
    note_entries(unit, node, Event.CHANGE_ENTERED, told)
    _alert(unit, node, told)
    approver = Operator(row.decided_by or "", row.decided_role or "", ())
    views, _ = write_verified(
        unit,
        node,
        {kept.id: kept for kept in rows},
        [Verification(approver, kept.id, row.decided_terminal or "") for kept in rows],
        WrittenBy(MACHINE, MACHINE_TERMINAL, also),
    )
    if any(isinstance(one, Refusal) for one in views):
        raise AreaOvertaken


def _alert(unit: Unit, node: Node, told: Collection[Told]) -> None:
    """Tell the officers of protected people whose address is written otherwise: other towns keep it as it was."""
    covered = covered_among(unit, {number for one in told for number in one.entry.subjects})
    for one in told:
        if not covered.isdisjoint(one.entry.subjects):
            alert_of_change(unit, node, one.operator, one.row.id, one.entry, one.terminal, one.also)
