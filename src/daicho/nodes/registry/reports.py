"""What comes from outside or by the calendar: moving-in reports and whom none names, individual numbers, due days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.counter import EntryView, home_of, view_of
from daicho.nodes.registry.desk import Seen, Signed, draft_at_desk, keep_draft, look, write_change
from daicho.nodes.registry.guarding import veil_for
from daicho.nodes.registry.hall.outbox import tell_hall
from daicho.nodes.registry.measures.alerting import alert_of_change
from daicho.nodes.registry.records import MACHINE, Told, note_entries, subject_of, tell_cs
from daicho.nodes.registry.seals.following import follow_changes
from daicho.nodes.registry.stops import keep_stopped
from daicho.nodes.registry.telling_cs import keep_back_first
from daicho.nodes.registry.upkeep import note_upkeep
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.drafting import Notice
from daicho.rules.register.move_out import MoveInReport, MoveOutDue, ReportMeaning, meaning_of_report
from daicho.rules.register.numbering import NumberNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.arrivals import arrived_by
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_period
from daicho.store import numbers, processing, register, upkeep
from daicho.store.unit import Unit
from daicho.store.upkeep import AwaitedRow

DUE_ROWS = 500
MOVERS_SHOWN_ROWS = 200
_CALENDAR = "machine:calendar"
_NUMBER = bango("8")


class NumberNotRecorded(RuntimeError):
    """The number was kept but the record refused it, a fault of ours: roll back, the letter comes again."""


class ReportOvertaken(RuntimeError):
    """Somebody in a report came into another household while it was read: roll back, the letter comes again."""


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """What became of a report: done, waiting for a person, or nothing left to do."""

    state: str  # "applied", "waiting", "already"
    entry: EntryView | None = None


def receive_move_in_report(
    unit: Unit, node: Node, report: MoveInReport, *, peer: str
) -> ReportOutcome | Refusal:
    """Act on another town's report (転入通知) in the unit that keeps its letter.

    A scheduled mover was entered and verified by two people already, so the machine strikes the record.
    Somebody who gave no notice waits in the queue for a person to verify. A late report about a stay that ended
    before somebody came back strikes nobody.
    """
    seen = _locked(unit, report)
    by_code = {record.resident_record_code: record for record in seen.records}
    people = [by_code[code] for code in report.codes if code in by_code]
    meaning = meaning_of_report(report, people)
    _note_arrivals(unit, node, report, people, peer)
    if meaning is ReportMeaning.NOTHING:
        return ReportOutcome("already")
    entry = _keep(unit, node, report, entered_by=f"machine:{peer}")
    if isinstance(entry, Refusal):
        return entry
    alert_of_change(unit, node, MACHINE, entry.id, read_entry(entry.body), "")
    if meaning is ReportMeaning.STRIKE:
        applied = _apply(unit, node, entry)
        return applied if isinstance(applied, Refusal) else ReportOutcome("applied", applied)
    return ReportOutcome("waiting", view_of(entry))


def _locked(unit: Unit, report: MoveInReport) -> Seen:
    """Read whom a report names, behind the locks that every change of them takes before any row."""
    before = look(unit, report, None)
    register.lock_concerned(unit, households=before.households, codes=map(str, report.codes))
    seen = look(unit, report, None)
    if not set(seen.households) <= set(before.households):
        raise ReportOvertaken
    return seen


def _note_arrivals(
    unit: Unit, node: Node, report: MoveInReport, people: Sequence[ResidentRecord], peer: str
) -> None:
    """Note of whom the town need not wait any more: they were struck when the announced day came."""
    arrived = arrived_by(report, people)
    if not arrived:
        return
    waited_for = upkeep.note_arrivals(unit, arrived, report.moved_in_on, node.clock.now())
    facts = [
        Fact(event=Event.MOVE_IN_REPORTED, subject=subject_of(one), outcome="received", peer=peer)
        for one in people
        if one.addressee_number in waited_for
    ]
    note_many(unit, node, facts)


def has_other_number(unit: Unit, node: Node, code: ResidentRecordCode, number: IndividualNumber) -> bool:
    """Tell whether another number than this one is kept of a code."""
    with unit.as_number_keeper():
        held = numbers.lookups_of(unit, [str(code)])
    return bool(held) and node.vault.lookup(number) not in held.values()


def receive_number(
    unit: Unit,
    node: Node,
    code: ResidentRecordCode,
    number: IndividualNumber,
    *,
    peer: str,
    reason: ChangeReason = ChangeReason.NUMBER_ENTERED,
) -> ReportOutcome | Refusal:
    """Record an individual number that the nation made; it takes effect on this very receipt (番号令2条).

    The same number again does nothing.
    """
    on = node.clock.business_today()
    sealed = numbers.SealedNumber(str(code), node.vault.seal(number, code), node.vault.lookup(number), on)
    if register.resident_by_code(unit, str(code)) is None:
        return Refusal(Reason.NOT_FOUND, _NUMBER, "resident_record_code")
    with unit.as_number_keeper():
        held = numbers.lookups_of(unit, [str(code)]).get(str(code))
        if held == sealed.lookup:
            return ReportOutcome("already")
        if reason is not ChangeReason.NUMBER_ENTERED:
            kept = numbers.change_number(unit, sealed)
        else:
            kept = held is None and numbers.keep_number(unit, sealed)
    if not kept:
        return Refusal(Reason.NUMBER_DUPLICATE, _NUMBER, "individual_number")
    entry = _keep(unit, node, NumberNotice(code, reason, on), entered_by=f"machine:{peer}")
    applied = entry if isinstance(entry, Refusal) else _apply(unit, node, entry)
    if isinstance(applied, Refusal):
        raise NumberNotRecorded(applied.reason.value)
    return ReportOutcome("applied", applied)


def _no_codes(_unit: Unit, _count: int) -> tuple[ResidentRecordCode, ...]:
    return ()


def _keep(unit: Unit, node: Node, notice: Notice, *, entered_by: str) -> register.EntryRow | Refusal:
    drafted = draft_at_desk(
        unit,
        notice,
        home=home_of(node),
        on=node.clock.business_today(),
        draw_codes=_no_codes,
    )
    if isinstance(drafted, Refusal):
        return drafted
    by = Signed(entered_by, "", node.clock.now())
    row = keep_draft(unit, node.clock.new_id(), *drafted, by)
    machine = Operator(entered_by, MACHINE.role_id, ())
    note_entries(unit, node, Event.CHANGE_ENTERED, [Told(row, drafted[0], machine)])
    return row


def _apply(unit: Unit, node: Node, row: register.EntryRow) -> EntryView | Refusal:
    # Two machines stand for the two hands: the one that brought the fact and the one that checked it.
    entry = write_change(unit, row, Signed(MACHINE.login_id, "", node.clock.now()))
    if isinstance(entry, Refusal):
        return entry
    told = [Told(row, entry, MACHINE)]
    note_entries(unit, node, Event.CHANGE_VERIFIED, told)
    follow_changes(unit, node, told)
    keep_stopped(unit, node, told)
    tell_hall(unit, node, told)
    keep_back_first(unit, node, told)
    tell_cs(unit, node, told)
    return view_of(register.load_entry(unit, row.id) or row)


def strike_due_movers(node: Node) -> tuple[int, int]:
    """Strike the scheduled movers whose day has come, a unit per household; count the struck and the left.

    Whose changes an officer stopped stays until that ends.
    """
    on = node.clock.business_today()
    with node.store.reading() as unit:
        due = processing.due_movers(unit, on=on, limit=DUE_ROWS)
        left = processing.due_and_stopped(unit, on=on)
    households: dict[int, list[int]] = {}
    for addressee, household in due:
        households.setdefault(household, []).append(addressee)
    struck = 0
    for people in households.values():
        with node.store.unit("register.strike_due") as unit:
            for group in _by_plan(unit, people):
                entry = _keep(unit, node, MoveOutDue(group), entered_by=_CALENDAR)
                applied = entry if isinstance(entry, Refusal) else _apply(unit, node, entry)
                if isinstance(applied, Refusal):
                    left += len(group)
                else:
                    struck += len(group)
    return struck, left


def _by_plan(unit: Unit, people: list[int]) -> list[tuple[int, ...]]:
    seen = look(unit, MoveOutDue(tuple(people)), None)
    groups: dict[object, list[int]] = {}
    for record in seen.records:
        if record.addressee_number in people and record.scheduled_move_out is not None:
            groups.setdefault(record.scheduled_move_out, []).append(record.addressee_number)
    return [tuple(numbers) for numbers in groups.values()]


@dataclass(frozen=True, slots=True)
class MissingMover:
    """Somebody who left by an own announcement and whom no town has reported."""

    record: ResidentRecord
    entry_id: str  # whoever left by one announcement left together
    moved_out_on: date
    waited_days: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MissingMovers:
    """A page of whom no town has reported, who left first at the head, after how many days somebody stands here."""

    movers: tuple[MissingMover, ...]
    more: bool
    after_days: int


def missing_movers(
    node: Node, operator: Operator, *, after: str = "", terminal: str = ""
) -> MissingMovers | Refusal:
    """List movers whom no town has reported in time and of whom no case is kept; each is a ledger line first.

    From behind an entry on; whoever left by one entry stands on one page.
    """
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    days = upkeep_period(UpkeepDeadline.ARRIVAL, today).days
    with node.store.reading() as unit:
        before = today - timedelta(days=days)
        left_on = upkeep.left_by(unit, after) if after else None
        behind = (left_on, after) if left_on is not None else (None, "")
        rows = upkeep.missing_arrivals(unit, before=before, after=behind, limit_rows=MOVERS_SHOWN_ROWS + 1)
        shown = _whole_groups(rows)
        people = _records_of(unit, shown)
        veil = veil_for(unit, operator, people, node.clock.business_now())
    note_upkeep(node, operator, people.values(), Event.ARRIVALS_LISTED, terminal, "listed")
    movers = tuple(
        MissingMover(
            veil.over(people[row.addressee_number]),
            row.entry_id,
            row.moved_out_on,
            (today - row.moved_out_on).days,
            row.addressee_number in veil.hidden,
        )
        for row in shown
    )
    return MissingMovers(movers, more=len(rows) > len(shown), after_days=days)


def _records_of(unit: Unit, rows: Sequence[AwaitedRow]) -> dict[int, ResidentRecord]:
    held = register.residents(unit, {row.addressee_number for row in rows})
    return {one.addressee_number: read_record(one.body) for one in held}


def _whole_groups(rows: list[AwaitedRow]) -> list[AwaitedRow]:
    """Leave whoever did not find room on a page for the next one, with everybody who left with them."""
    if len(rows) <= MOVERS_SHOWN_ROWS:
        return rows
    whole = [one for one in rows if one.entry_id != rows[-1].entry_id]
    return whole or rows
