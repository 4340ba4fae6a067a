"""The register looked through for a table, and an approved table carried out household by household.  一括処理

Each step is one unit: what was looked at, or some households with their entries, lines, letters and places on the list. What
was cut off goes on where it stopped. Every entry goes the way of all entries: entered in the name of whoever brought the
table, verified in the name of whoever approved it, written as any other verified change is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_area, read_area_line, read_record
from daicho.nodes.registry.counter import Verification, home_of, write_verified
from daicho.nodes.registry.desk import Seen, Signed, keep_drafts
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.protection import alert_of_change
from daicho.nodes.registry.records import Told, note_entries
from daicho.nodes.watch.loops import Job
from daicho.rules.areas.matching import AreaIndex, AreaItemState, Judged, judge_household
from daicho.rules.areas.plan import AreaPlan, AreaState, area_words
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.address_renaming import AddressRenaming
from daicho.rules.register.changes import Desk, Entry
from daicho.rules.register.drafting import draft
from daicho.rules.register.record import ResidentRecord
from daicho.store import areas, protection, register
from daicho.store.areas import AreaItemRow, AreaRow, Tally
from daicho.store.unit import Unit

LOOKED_ROWS = 2_000
BATCH_HOUSEHOLDS = 200
_ONE_ROOF_HOUSEHOLDS = 1_000  # a building larger than this is done in parts
_EVERY_SECONDS = 30.0
_STUCK = (AreaItemState.WAITS, AreaItemState.HELD)


class AreaOvertaken(RuntimeError):
    """A record changed under its lock, a fault of ours: roll back, the households are taken again."""


@dataclass(frozen=True, slots=True)
class Table:
    """One change with its table, as the work needs it."""

    plan: AreaPlan
    index: AreaIndex


@dataclass(slots=True)
class KnownTables:
    """The table that is worked on: it never changes, and thousands of lines are not read for each batch."""

    tables: dict[str, Table] = field(default_factory=dict)

    def of(self, unit: Unit, row: AreaRow) -> Table:
        """Give the table of a change."""
        if row.number not in self.tables:
            lines = [read_area_line(one.body) for one in areas.lines_of(unit, row.number)]
            self.tables = {row.number: Table(read_area(row.body), AreaIndex(lines))}
        return self.tables[row.number]


def area_work(node: Node) -> Job:
    """Look through the register for what was brought, and carry out what was approved, from its day on."""
    known = KnownTables()
    return Job("areas", _EVERY_SECONDS, lambda: work_on(node, known))


def work_on(node: Node, known: KnownTables) -> bool:
    """Do one step of the oldest change that has anything to do; tells whether there was one."""
    today = node.clock.business_today()
    with node.store.reading() as unit:
        if not areas.work_waits(unit, today):
            return False
    with node.store.unit("areas.step", few_trips=True) as unit:
        row = areas.lock_next_work(unit, today)
        if row is None:
            return False
        table = known.of(unit, row)
        if row.state == AreaState.APPROVED and row.begun_at is None:
            _begin(unit, node, row)
        elif row.looked_at is not None:
            _look_on(unit, node, row, table)
        else:
            _carry_on(unit, node, row, table)
    return True


def _begin(unit: Unit, node: Node, row: AreaRow) -> None:
    """Begin on the day in force: who came since the dry run is found by another look at everybody."""
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
        areas.shift_tallies(unit, number, shifts | {AreaItemState.LISTED.value: Tally(households, people)})


def _look_on(unit: Unit, node: Node, row: AreaRow, table: Table) -> None:
    """Look at the next residents; who lives in the area comes on the list."""
    last, households = areas.look_on(
        unit, row.looked_at or 0, _town_keys(unit, table.index), limit_rows=LOOKED_ROWS
    )
    items = [
        item
        for number, members in _by_household(unit, households).items()
        if (item := _listed(number, list(members.values()), table)) is not None
    ]
    new = areas.keep_items(unit, row.number, items)
    areas.add_met(unit, row.number, Counter(one.line for one in new if one.line is not None))
    areas.shift_tallies(unit, row.number, _gathered((one.state, one.people) for one in new))
    if last is None and row.state == AreaState.CHECKING:
        areas.note_checked(unit, row.number, node.clock.now())
    else:
        areas.note_looked(unit, row.number, last, again=row.again or bool(new))


def _town_keys(unit: Unit, index: AreaIndex) -> list[str]:
    """Give the beginnings of addresses in the old towns, own characters in both spellings."""
    counterparts = counterparts_in(unit, index.towns)
    both = {*index.towns, *(kanji_key(with_counterparts(one, counterparts)) for one in index.towns)}
    return sorted(both)


def _by_household(unit: Unit, households: Sequence[int]) -> dict[int, dict[register.Held, ResidentRecord]]:
    """Read the living members of some households."""
    found: dict[int, dict[register.Held, ResidentRecord]] = {number: {} for number in households}
    if households:
        for held in register.load_people(unit, households=list(households)):
            record = read_record(held.body)
            if record.living and record.household_number in found:
                found[record.household_number][held] = record
    return found


def _listed(number: int, members: Sequence[ResidentRecord], table: Table) -> AreaItemRow | None:
    """Put one household on the list as it stands now; nothing where the table does not concern it."""
    judged = _judged(members, table)
    if judged.state is AreaItemState.GONE:
        return None
    unnamed = judged.state is AreaItemState.UNNAMED and not judged.homes
    state = AreaItemState.UNNAMED if unnamed else AreaItemState.LISTED
    there = next(one for one in members if table.index.covers(one.current_address))
    lines = (table.index.line_for(one.current_address, number) for one in members)
    line = next((one.line for one in lines if one is not None), None)
    home = there.current_address
    return AreaItemRow(
        number, kanji_key(f"{home.town}{home.block}"), None if unnamed else line, len(members), state.value
    )


def _judged(members: Sequence[ResidentRecord], table: Table) -> Judged:
    return judge_household(members, table.index, table.plan.in_force_on, table.plan.domicile_prefix)


def _gathered(each: Iterable[tuple[str, int]], sign: int = 1) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for state, people in each:
        before = found.get(state, Tally())
        found[state] = Tally(before.households + sign, before.people + sign * people)
    return found


def _carry_on(unit: Unit, node: Node, row: AreaRow, table: Table) -> None:
    """Do the next households; when none is left, look once more at everybody, or come to the end."""
    items = areas.next_items(unit, row.number, few=BATCH_HOUSEHOLDS, most=_ONE_ROOF_HOUSEHOLDS)
    if items:
        settled = _carried(unit, node, row, table, items)
        areas.settle_items(unit, row.number, settled)
        areas.shift_tallies(unit, row.number, _moved(items, settled))
        areas.note_looked(unit, row.number, None, again=True)
    elif row.again:
        areas.note_looked(unit, row.number, 0, again=False)
    else:
        areas.note_done(unit, row.number, node.clock.now())
        note_area(unit, node, _approver(row), Event.AREA_FINISHED, row, "done", "")


def _moved(before: Iterable[AreaItemRow], after: Iterable[AreaItemRow]) -> dict[str, Tally]:
    shifts: dict[str, Tally] = defaultdict(Tally)
    both = (
        _gathered((one.state, one.people) for one in after),
        _gathered(((one.state, one.people) for one in before), sign=-1),
    )
    for side in both:
        for state, much in side.items():
            so_far = shifts[state]
            shifts[state] = Tally(so_far.households + much.households, so_far.people + much.people)
    return dict(shifts)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """One household with the change that is made of it."""

    entry: Entry
    seen: Seen


def _carried(
    unit: Unit, node: Node, row: AreaRow, table: Table, items: Sequence[AreaItemRow]
) -> list[AreaItemRow]:
    """Rename what can be renamed of some households, and tell what became of each."""
    households = [one.household_number for one in items]
    register.lock_concerned(unit, households=households, codes=())
    people = _by_household(unit, households)
    judged = _judged_all(unit, table, people)
    _keep_together(unit, items, people, judged)
    drafted: list[_Drafted] = []
    settled: list[AreaItemRow] = []
    for item in items:
        members, verdict = people[item.household_number], judged[item.household_number]
        made = _drafted(node, table, verdict, members) if verdict.homes else None
        if isinstance(made, Refusal):
            settled.append(_with(item, AreaItemState.REFUSED, made.reason.value))
            continue
        settled.append(_with(item, verdict.state))
        if made is not None:
            versions = {held.addressee_number: held.version for held in members}
            drafted.append(_Drafted(made, Seen(tuple(members.values()), versions, (item.household_number,))))
    if drafted:
        _let_stand(unit, node, row, drafted)
    return settled


def _judged_all(
    unit: Unit, table: Table, people: Mapping[int, Mapping[register.Held, ResidentRecord]]
) -> dict[int, Judged]:
    """Judge some households; one that an unverified entry concerns waits for it."""
    judged = {number: _judged(list(members.values()), table) for number, members in people.items()}
    for number in areas.households_that_wait(unit, people):
        if judged[number].state is not AreaItemState.GONE:
            judged[number] = Judged(AreaItemState.WAITS)
    return judged


def _keep_together(
    unit: Unit,
    items: Sequence[AreaItemRow],
    people: Mapping[int, Mapping[register.Held, ResidentRecord]],
    judged: dict[int, Judged],
) -> None:
    """Let whom measures cover under one roof wait for one another: apart, the roof would not tell that they are covered."""
    if not protection.any_open(unit):
        return
    living = {one.addressee_number: number for number, members in people.items() for one in members.values()}
    covered = {living[whose] for whose, _ in protection.measures_over(unit, living)}
    places = {
        one.place
        for one in items
        if one.household_number in covered and judged[one.household_number].state in _STUCK
    }
    for one in items:
        if one.household_number in covered and one.place in places and judged[one.household_number].homes:
            judged[one.household_number] = Judged(AreaItemState.TOGETHER)


def _with(item: AreaItemRow, state: AreaItemState, why: str = "") -> AreaItemRow:
    return AreaItemRow(item.household_number, item.place, item.line, item.people, state.value, why)


def _drafted(
    node: Node, table: Table, judged: Judged, members: Mapping[register.Held, ResidentRecord]
) -> Entry | Refusal:
    today = node.clock.business_today()
    notice = AddressRenaming(
        judged.homes, table.plan.in_force_on, today, area_words(table.plan), judged.effective_on
    )
    return draft(notice, tuple(members.values()), today, Desk(home_of(node)))


def _let_stand(unit: Unit, node: Node, row: AreaRow, drafted: Sequence[_Drafted]) -> None:
    """Enter and verify some changes by the two who stand for the table."""
    now = node.clock.now()
    bringer = Operator(row.brought_by, row.brought_role, ())
    rows = keep_drafts(
        unit,
        [(node.clock.new_id(), one.entry, one.seen) for one in drafted],
        Signed(row.brought_by, row.brought_terminal, now),
    )
    told = [
        Told(kept, one.entry, bringer, row.brought_terminal) for kept, one in zip(rows, drafted, strict=True)
    ]
    note_entries(unit, node, Event.CHANGE_ENTERED, told)
    _alert(unit, node, told)
    approver, terminal = _approver(row), row.decided_terminal or ""
    views, _ = write_verified(
        unit,
        node,
        {kept.id: kept for kept in rows},
        [Verification(approver, kept.id, terminal) for kept in rows],
    )
    if any(isinstance(one, Refusal) for one in views):
        raise AreaOvertaken


def _approver(row: AreaRow) -> Operator:
    return Operator(row.decided_by or "", row.decided_role or "", ())


def _alert(unit: Unit, node: Node, told: Sequence[Told]) -> None:
    """Tell the officers of protected people whose address is written otherwise: other towns keep it as it was."""
    if not protection.any_open(unit):
        return
    people = {number for one in told for number in one.entry.subjects}
    covered = {whose for whose, _ in protection.measures_over(unit, people)}
    for one in told:
        if not covered.isdisjoint(one.entry.subjects):
            alert_of_change(unit, node, one.operator, one.row.id, one.entry, one.terminal)


def note_area(
    unit: Unit, node: Node, operator: Operator, event: Event, row: AreaRow, outcome: str, terminal: str
) -> None:
    """Write a ledger line about a change of names: its number and the digest of its table, and nobody."""
    fact = fact_by(
        operator, event, terminal=terminal, outcome=outcome, subject=f"area:{row.number}",
        basis=str(read_area(row.body).basis), detail={"area": row.number, "digest": row.digest},
    )  # fmt: skip
    note_many(unit, node, [fact])
