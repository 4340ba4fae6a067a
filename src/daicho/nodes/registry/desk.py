"""What the counter puts on its desk before it drafts, and how a verified change is written."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.registry.bodies import entry_body, read_entry, read_record, resident_row
from daicho.rules.law.article import juki
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.register.changes import Allotment, Desk, Entry
from daicho.rules.register.drafting import Notice, concerns, draft, needed
from daicho.rules.register.record import ResidentRecord
from daicho.store import register
from daicho.store.unit import Unit

CodeSource = Callable[[Unit, int], tuple[ResidentRecordCode, ...]]
"""Draws unused resident record codes from the stock that the nation designated; fewer when it runs out."""

_RECORD = juki("8")


@dataclass(frozen=True, slots=True)
class Seen:
    """The records that a draft rests on, in which version, and their households."""

    records: tuple[ResidentRecord, ...]
    versions: dict[int, int]
    households: tuple[int, ...]


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
    return Seen(records, {one.addressee_number: one.version for one in held}, tuple(sorted(households)))


def draft_at_desk(
    unit: Unit,
    notice: Notice,
    *,
    home: MunicipalityCode,
    on: date,
    draw_codes: CodeSource,
    cancelled: Entry | None = None,
    closed: Container[date] = CLOSED_DAYS,
) -> tuple[Entry, Seen] | Refusal:
    """Draw the numbers that a notice needs and draft its change against the records as they stand."""
    seen = look(unit, notice, cancelled)
    need = needed(notice, seen.records)
    allotment = Allotment(
        register.draw_addressees(unit, need.addressee_numbers),
        register.draw_households(unit, need.household_numbers),
        draw_codes(unit, need.codes) if need.codes else (),
    )
    entry = draft(notice, seen.records, on, Desk(home, closed, allotment), cancelled)
    return entry if isinstance(entry, Refusal) else (entry, seen)


def keep_draft(unit: Unit, entry_id: str, entry: Entry, seen: Seen, by: Signed) -> register.EntryRow:
    """Keep a drafted change as entered, with the versions it rests on."""
    row = register.EntryRow(
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
    register.keep_entry(unit, row, (record.addressee_number for record in entry.after))
    return row


def changed_since(unit: Unit, row: register.EntryRow, entry: Entry) -> bool:
    """Tell whether any record that a draft rests on, or the circle of its people, is another by now."""
    held = register.load_people(
        unit,
        people=[*row.seen, *(record.addressee_number for record in entry.after)],
        codes=_codes(entry),
        households=row.households,
    )
    return {one.addressee_number: one.version for one in held} != row.seen


def _codes(entry: Entry) -> list[str]:
    return [str(one.resident_record_code) for one in entry.after if one.resident_record_code]


def write_change(unit: Unit, row: register.EntryRow, by: Signed) -> Entry | Refusal:
    """Let a waiting entry stand: decided, versions written, records replaced; a stale one is refused."""
    entry = read_entry(row.body)
    register.lock_concerned(unit, households=row.households, codes=_codes(entry))
    if changed_since(unit, row, entry):
        return Refusal(Reason.CONFLICT, _RECORD, "entry_id")
    if not register.decide_entry(
        unit, row.id, state="verified", decided_by=by.login_id, decided_at=by.at, outcome=""
    ):
        return Refusal(Reason.NOT_PENDING, _RECORD, "entry_id")
    for record in entry.after:
        version = row.seen.get(record.addressee_number, 0) + 1
        register.write_record(
            unit,
            resident_row(record, version),
            entry_id=row.id,
            legal_day=entry.legal_day,
            recorded_at=by.at,
        )
    return entry
