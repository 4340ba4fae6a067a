"""What the counter puts on its desk before it drafts, and how a verified change is written."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.clock import JAPAN
from daicho.nodes.registry.bodies import entry_body, read_entry, read_record, resident_row
from daicho.nodes.registry.meeting import look_at_characters, note_met
from daicho.nodes.registry.moj_link.owing import owe_municipal_notices
from daicho.nodes.registry.papers.owing import owe_notices
from daicho.nodes.registry.stops import stops_of_changes
from daicho.nodes.watch.gathering import runs_apart
from daicho.rules.law.article import bango, juki
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.characters.own import MeetingPlace
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.register.changes import Allotment, Desk, Entry
from daicho.rules.register.drafting import Notice, concerns, draft, needed
from daicho.rules.register.ending import record_over, without_what_is_over
from daicho.rules.register.ex_officio import ExOfficioEntry
from daicho.rules.register.move_in import MoveInFromAbroad, MoveInNotice
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.arrivals import awaited_after
from daicho.store import number_changes, register, upkeep
from daicho.store.unit import Unit

CodeSource = Callable[[Unit, int], tuple[ResidentRecordCode, ...]]
"""Draws unused resident record codes from the stock that the nation designated; fewer when it runs out."""

_RECORD = juki("8")
_NUMBER_ASKED = Refusal(Reason.NUMBER_ASKED, bango("7"), "addressee_number")
_COMING = (MoveInNotice, MoveInFromAbroad, ExOfficioEntry)


@dataclass(frozen=True, slots=True)
class Seen:
    """The records that a draft rests on, in which version, their households, and whether a stop is open over any."""

    records: tuple[ResidentRecord, ...]
    versions: dict[int, int]
    households: tuple[int, ...]
    any_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Who stands for one step, where, and when."""

    login_id: str
    terminal: str
    at: datetime


def look(unit: Unit, notice: Notice, cancelled: Entry | None) -> Seen:
    """Read everybody whom a notice concerns, with their households."""
    about = concerns(notice, cancelled)
    held = register.load_people(
        unit,
        people=about.addressee_numbers,
        codes=[str(code) for code in about.codes],
        households=about.household_numbers,
    )
    records = tuple(read_record(one.body) for one in held)
    households = {record.household_number for record in records} | set(about.household_numbers)
    versions = {one.addressee_number: one.version for one in held}
    return Seen(records, versions, tuple(sorted(households)), any(one.any_stopped for one in held))


def draft_at_desk(
    unit: Unit,
    notice: Notice,
    *,
    home: MunicipalityCode,
    on: date,
    draw_codes: CodeSource,
    cancelled: Entry | None = None,
    closed: Container[date] = CLOSED_DAYS,
    guard: Callable[[Seen], None] | None = None,
) -> tuple[Entry, Seen] | Refusal:
    """Draw the numbers that a notice needs and draft its change against the records as they stand.

    What `guard` raises about the records that were seen comes before any answer that rests on them.
    """
    seen = look(unit, notice, cancelled)
    if guard is not None:
        guard(seen)
    need = needed(notice, seen.records)
    allotment = Allotment(
        register.draw_addressees(unit, need.addressee_numbers),
        register.draw_households(unit, need.household_numbers),
        draw_codes(unit, need.codes) if need.codes else (),
    )
    over = frozenset(one.addressee_number for one in seen.records if record_over(one, on))
    entry = draft(notice, _kept(notice, seen.records, over), on, Desk(home, closed, allotment), cancelled)
    if isinstance(entry, Refusal):
        return entry
    before = tuple(one for one in entry.before if one.addressee_number not in over)
    return replace(entry, before=before), seen


def _kept(
    notice: Notice, records: tuple[ResidentRecord, ...], over: frozenset[int]
) -> tuple[ResidentRecord, ...]:
    """Leave out whose years are over: who comes back keeps the numbers, and nothing else of them is there for any notice."""
    if isinstance(notice, _COMING):
        return tuple(without_what_is_over(one) if one.addressee_number in over else one for one in records)
    return tuple(one for one in records if one.addressee_number not in over)


def keep_draft(unit: Unit, entry_id: str, entry: Entry, seen: Seen, by: Signed) -> register.EntryRow:
    """Keep a drafted change as entered, with the versions it rests on."""
    return keep_drafts(unit, [(entry_id, entry, seen)], by)[0]


def keep_drafts(unit: Unit, drafts: Sequence[tuple[str, Entry, Seen]], by: Signed) -> list[register.EntryRow]:
    """Keep drafted changes as entered, each with the versions it rests on."""
    rows = [_draft_row(entry_id, entry, seen, by) for entry_id, entry, seen in drafts]
    concerned = ([record.addressee_number for record in entry.after] for _, entry, _ in drafts)
    register.keep_entries(unit, list(zip(rows, concerned, strict=True)))
    return rows


def _draft_row(entry_id: str, entry: Entry, seen: Seen, by: Signed) -> register.EntryRow:
    return register.EntryRow(
        id=entry_id,
        kind=entry.kind.value,
        reason=entry.reason.value,
        change_date=entry.change_date,
        notified_on=entry.notified_on,
        entered_by=by.login_id,
        entered_at=by.at,
        terminal=by.terminal,
        seen=seen.versions,
        households=tuple(sorted({*seen.households, *(r.household_number for r in entry.after)})),
        cancels=entry.cancels or None,
        permit=entry.permission or None,
        body=entry_body(entry),
    )


def changed_since(unit: Unit, row: register.EntryRow, entry: Entry) -> bool:
    """Tell whether any record that a draft rests on, or the circle of its people, is another by now."""
    return _changed(row, entry, _standing_now(unit, [(row, entry)]))


def _standing_now(unit: Unit, drafts: Sequence[tuple[register.EntryRow, Entry]]) -> list[register.Standing]:
    return register.standing_of(
        unit,
        people=sorted({number for row, entry in drafts for number in _people(row, entry)}),
        codes=sorted({code for _, entry in drafts for code in _codes(entry)}),
        households=sorted({number for row, _ in drafts for number in row.households}),
    )


def _changed(row: register.EntryRow, entry: Entry, standing: Iterable[register.Standing]) -> bool:
    """Compare the versions that a draft rests on with those of its own circle, out of the circles of several."""
    people, codes = _people(row, entry), set(_codes(entry))
    named = [one for one in standing if one.addressee_number in people or one.code in codes]
    homes = {*row.households, *(one.household_number for one in named)}
    circle = [*named, *(one for one in standing if one.living and one.household_number in homes)]
    return {one.addressee_number: one.version for one in circle} != row.seen


def people_in(row: register.EntryRow) -> set[int]:
    """Name everybody whom a kept change rests on or brings."""
    return _people(row, read_entry(row.body))


def _people(row: register.EntryRow, entry: Entry) -> set[int]:
    return {*row.seen, *(record.addressee_number for record in entry.after)}


def _codes(entry: Entry) -> list[str]:
    return [str(one.resident_record_code) for one in entry.after if one.resident_record_code]


def write_change(unit: Unit, row: register.EntryRow, by: Signed) -> Entry | Refusal:
    """Let a waiting entry stand: decided, versions written, records replaced; a stale one is refused."""
    return write_changes(unit, [(row, by)])[0]


def write_changes(unit: Unit, decisions: Sequence[tuple[register.EntryRow, Signed]]) -> list[Entry | Refusal]:
    """Let waiting entries stand, each as it would alone; those that concern the same people in their order."""
    drafts = [(row, read_entry(row.body)) for row, _ in decisions]
    register.lock_concerned(
        unit,
        households={number for row, _ in drafts for number in row.households},
        codes={code for _, entry in drafts for code in _codes(entry)},
    )
    outcomes: list[Entry | Refusal] = []
    for run in runs_apart(list(zip(drafts, decisions, strict=True)), lambda one: _concerned(*one[0])):
        outcomes += _write_run(unit, [draft for draft, _ in run], [by for _, (_, by) in run])
    return outcomes


def _concerned(row: register.EntryRow, entry: Entry) -> set[tuple[str, int | str]]:
    """Name everything by which one change may touch another: the entry itself, people, codes, households."""
    return {
        ("entry", row.id),
        *(("person", number) for number in _people(row, entry)),
        *(("code", code) for code in _codes(entry)),
        *(("household", number) for number in row.households),
    }


def _write_run(
    unit: Unit, drafts: Sequence[tuple[register.EntryRow, Entry]], signed: Sequence[Signed]
) -> list[Entry | Refusal]:
    """Write changes that concern different people with one set of statements."""
    standing = _standing_now(unit, drafts)
    entries = [entry for _, entry in drafts]
    named = [(row.id, entry) for row, entry in drafts]
    any_stopped = any(one.any_stopped for one in standing)
    stops = stops_of_changes(unit, named, _day_of(signed)) if any_stopped else [None] * len(named)
    barred = [number_on_its_way(unit, entry) or stop for entry, stop in zip(entries, stops, strict=True)]
    fresh = [
        bar is None and not _changed(row, entry, standing)
        for (row, entry), bar in zip(drafts, barred, strict=True)
    ]
    decided = register.verify_entries(
        unit,
        [
            (row.id, by.login_id, by.at)
            for (row, _), by, still in zip(drafts, signed, fresh, strict=True)
            if still
        ],
    )
    stand = [record for row, entry in drafts if row.id in decided for record in entry.after]
    looked = look_at_characters(unit, stand)
    register.write_records(
        unit,
        [
            register.NewVersion(
                resident_row(record, row.seen.get(record.addressee_number, 0) + 1, looked.counterparts),
                entry_id=row.id,
                legal_day=entry.legal_day,
                recorded_at=by.at,
            )
            for (row, entry), by in zip(drafts, signed, strict=True)
            if row.id in decided
            for record in entry.after
        ],
    )
    _await_arrivals(unit, [(row.id, entry) for row, entry in drafts if row.id in decided])
    made = [
        (row.id, entry, by.at) for (row, entry), by in zip(drafts, signed, strict=True) if row.id in decided
    ]
    owe_notices(unit, made)
    owe_municipal_notices(unit, made)
    if signed:
        note_met(unit, looked, MeetingPlace.ENTRY, signed[0].at)
    return [
        entry if row.id in decided else bar or _not_written(still)
        for (row, entry), still, bar in zip(drafts, fresh, barred, strict=True)
    ]


def _day_of(signed: Sequence[Signed]) -> date:
    return max(by.at for by in signed).astimezone(JAPAN).date() if signed else date.max


def number_on_its_way(unit: Unit, entry: Entry) -> Refusal | None:
    """Refuse another code for whoever the nation was asked to give another number to: its answer names the code."""
    recoded = [
        after.addressee_number
        for before, after in entry.pairs()
        if before is not None and before.resident_record_code not in (None, after.resident_record_code)
    ]
    asked = number_changes.open_of(unit, recoded).values() if recoded else ()
    return _NUMBER_ASKED if any(one.state == "asked" for one in asked) else None


def _await_arrivals(unit: Unit, stand: Sequence[tuple[str, Entry]]) -> None:
    left = [
        upkeep.AwaitedRow(number, entry_id, entry.change_date)
        for entry_id, entry in stand
        for number in awaited_after(entry)
    ]
    if left:
        upkeep.await_arrivals(unit, left)


def _not_written(still: bool) -> Refusal:
    return Refusal(Reason.NOT_PENDING if still else Reason.CONFLICT, _RECORD, "entry_id")
