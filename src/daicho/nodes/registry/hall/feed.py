"""What a caller reads: the feed behind a place, one resident, a day as a file; a ledger line for each person first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.guarding import Veil, kept_resident, veil_for
from daicho.nodes.registry.hall.calling import HallCaller
from daicho.nodes.registry.hall.files import CODES, HallFile, write_file
from daicho.nodes.registry.hall.outbox import PLACED_ROWS
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.records import subject_of
from daicho.rules.hall.access import STANDARD, HallScope, needs_scope
from daicho.rules.hall.feed import (
    Audience,
    FeedChange,
    FeedKind,
    HallPerson,
    feed_changes,
    person_for,
    protection_changes,
)
from daicho.rules.hall.offices import HallItem
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import IndividualNumber
from daicho.rules.protection.veil import entry_without_places
from daicho.rules.register.record import ResidentRecord
from daicho.store import hall_clients, hall_feed, register
from daicho.store.hall_feed import FeedRow
from daicho.store.unit import Unit

PAGE_ROWS = 200
_GATHER_SECONDS = 0.1
_GONE = Refusal(Reason.NOT_FOUND, STANDARD, "addressee_number")


@dataclass(frozen=True, slots=True)
class PlacedChange:
    """One change of one person with its place in the feed; `subject` names the person in the ledger."""

    position: int
    day: date
    verified_at: datetime | None
    change: FeedChange
    subject: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some of the feed: behind which place to go on, and the last place that there is."""

    changes: tuple[PlacedChange, ...]
    next_after: int
    end: int


def read_feed(
    node: Node, caller: HallCaller, after: int, *, limit_rows: int = PAGE_ROWS
) -> FeedPage | Refusal:
    """Read what an office is told behind a place; that it asks for what is behind says that it has the rest."""
    refusal = needs_scope(caller.scopes, HallScope.CHANGES)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.feed") as unit:
        hall_feed.place(unit, limit_rows=PLACED_ROWS)
        end = hall_feed.end(unit)
        if not 0 <= after <= end:
            return Refusal(Reason.CURSOR_AHEAD, STANDARD, "after")
        rows = hall_feed.read(unit, after, limit_rows=limit_rows)
        changes = tuple(_told(unit, node, caller, rows))
        hall_clients.note_read(unit, caller.client.client_id, after, node.clock.now())
        _note(unit, node, caller, changes, "feed")
    return FeedPage(changes, rows[-1].position if rows else after, end)


def await_feed(node: Node, after: int, seconds: float) -> None:
    """Wait until there may be something behind a place, at most so long; more may come in the same moment."""
    heard = node.store.line_bell.rings
    with node.store.reading() as unit:
        if hall_feed.waits(unit, after):
            return
    if node.store.line_bell.wait(heard, seconds) > heard:
        node.store.line_bell.let_gather(_GATHER_SECONDS)


def resident_for(node: Node, caller: HallCaller, addressee_number: int) -> HallPerson | Refusal:
    """Give one resident as an office may be told now; that it asked in vain leaves a line, too."""
    refusal = needs_scope(caller.scopes, HallScope.RESIDENTS)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.resident") as unit:
        held = kept_resident(unit, node, addressee_number)
        record = read_record(held.body) if held is not None else None
        person = None
        if record is not None:
            audience, veil = _audience(unit, node, caller, [record])
            person = person_for(record if audience.opened else _as_told(veil, record), audience)
        outcome = "nobody" if person is None else "given"
        subject = subject_of(record) if record is not None and person is not None else ""
        note_many(unit, node, [_fact(caller, subject, outcome, "resident")])
    return _GONE if person is None else person


def day_file(node: Node, caller: HallCaller, day: date, *, plain: bool) -> HallFile | Refusal:
    """Write what an office is told of one business day as a file; `plain` replaces what JIS X 0208 lacks."""
    refusal = needs_scope(caller.scopes, HallScope.FILES)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.file") as unit:
        while hall_feed.place(unit, limit_rows=PLACED_ROWS) == PLACED_ROWS:
            continue
        changes: list[PlacedChange] = []
        after = 0
        while rows := hall_feed.read_day(unit, day, after, limit_rows=PAGE_ROWS):
            changes += _told(unit, node, caller, rows)
            after = rows[-1].position
        items = [one for one in HallItem if one in caller.items]
        made = write_file(
            ["position", "kind", "reason", "change_date"],
            [(_columns(one), one.change.person) for one in changes],
            items,
            CODES,
            plain=plain,
        )
        _note(unit, node, caller, changes, "file", digest=made.digest.hex())
    return made


def _columns(one: PlacedChange) -> list[str]:
    change = one.change
    return [str(one.position), change.kind.value, change.reason.value, change.change_date.isoformat()]


def _told(unit: Unit, node: Node, caller: HallCaller, rows: Sequence[FeedRow]) -> list[PlacedChange]:
    """Tell what some places of the feed mean for an office, as it may be told at this moment."""
    entries = {row.position: read_entry(row.body) for row in rows if row.body is not None}
    named = {number for row in rows for number in row.people}
    lone = {one.addressee_number: one for one in _records(unit, named)} if named else {}
    after = [one for entry in entries.values() for one in entry.after]
    audience, veil = _audience(unit, node, caller, [*after, *lone.values()])
    told: list[PlacedChange] = []
    for row in rows:
        entry = entries.get(row.position)
        if entry is not None:
            about = {one.addressee_number: one for one in entry.after}
            shown = entry if audience.opened else entry_without_places(entry, veil.places)
            changes = feed_changes(shown, audience)
        else:
            about = {number: lone[number] for number in row.people if number in lone}
            people = about.values() if audience.opened else (_as_told(veil, one) for one in about.values())
            changes = protection_changes(tuple(people), row.day, audience)
        told += [
            PlacedChange(
                row.position, row.day, row.verified_at, one, subject_of(about[one.person.addressee_number])
            )
            for one in changes
        ]
    return told


def _records(unit: Unit, numbers: Iterable[int]) -> list[ResidentRecord]:
    return [read_record(one.body) for one in register.residents(unit, numbers)]


def _as_told(veil: Veil, record: ResidentRecord) -> ResidentRecord:
    """Leave out what names the home of somebody whom a measure protects; of the covered the rules leave out more."""
    return record if record.addressee_number in veil.hidden else veil.over(record)


def _audience(
    unit: Unit, node: Node, caller: HallCaller, records: Sequence[ResidentRecord]
) -> tuple[Audience, Veil]:
    """Find what may be told of some people now: who is covered, whose numbers go along."""
    people = {one.addressee_number for one in records}
    veil = veil_for(unit, caller.operator, people, node.clock.business_now())
    numbers: dict[int, IndividualNumber] = {}
    if HallItem.INDIVIDUAL_NUMBER in caller.items and records:
        held = numbers_of(unit, node.vault, records)
        numbers = {
            one.addressee_number: held[one.resident_record_code]
            for one in records
            if one.resident_record_code is not None and one.resident_record_code in held
        }
    opened = HallScope.PROTECTED_ADDRESSES in caller.scopes
    return Audience(caller.duty, caller.items, veil.hidden, opened, numbers), veil


def _note(
    unit: Unit, node: Node, caller: HallCaller, changes: Sequence[PlacedChange], call: str, digest: str = ""
) -> None:
    """Write one line for each person of whom something is told, in the unit in which it was read.

    Of whom nothing but a measure is told, the line is one of protection: whoever is covered with a household may be
    the other party, and is told no such line.
    """
    told = [one for one in changes if one.change.kind is not FeedKind.PROTECTION]
    subjects = dict.fromkeys(one.subject for one in told)
    flagged = dict.fromkeys(one.subject for one in changes if one.subject not in subjects)
    facts = [_fact(caller, subject, "given", call, digest) for subject in subjects]
    facts += [
        replace(_fact(caller, subject, "given", call, digest), event=Event.PROTECTION_TOLD)
        for subject in flagged
    ]
    if digest and not facts:
        facts = [_fact(caller, "", "nobody", call, digest)]
    if facts:
        note_many(unit, node, facts)


def _fact(caller: HallCaller, subject: str, outcome: str, call: str, digest: str = "") -> Fact:
    duty = caller.duty
    detail = {"body": duty.title, "client": caller.client.client_id, "call": call}
    if HallItem.INDIVIDUAL_NUMBER in caller.items and subject:
        detail["individual_number"] = "given"
    if digest:
        detail["sha256"] = digest
    return Fact(
        event=Event.HALL_GIVEN,
        operator_login_id=caller.operator.login_id,
        operator_role_id=caller.operator.role_id,
        purpose=duty.affair,
        basis=str(duty.article),
        subject=subject,
        outcome=outcome,
        detail=detail,
    )
