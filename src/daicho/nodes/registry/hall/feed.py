"""What a caller reads: the feed behind a place, one resident, a day as a file; a ledger line for each person first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.guarding import Veil, kept_resident, veil_for
from daicho.nodes.registry.hall.calling import HallCaller
from daicho.nodes.registry.hall.files import CODES, HallFile, write_file
from daicho.nodes.registry.hall.outbox import PLACED_ROWS, place_some
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
from daicho.rules.register.ending import record_over
from daicho.rules.register.record import ResidentRecord
from daicho.store import hall_clients, hall_feed, register
from daicho.store.hall_feed import FeedRow
from daicho.store.unit import Unit

PAGE_ROWS = 200
FILE_PEOPLE = 2_000
_NOTED_ROWS = 1_000
_GATHER_SECONDS = 0.1
_NOT_OVER = Refusal(Reason.NOT_YET_KNOWN, STANDARD, "day")
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


@dataclass(frozen=True, slots=True)
class DayFile:
    """The feed of one business day: its first and last place and how many it has, 0 when it has none."""

    file: HallFile
    first: int
    last: int
    places: int


@dataclass(frozen=True, slots=True)
class BasePage:
    """Some of all residents, behind which number to go on while there is more, and the feed's end before they were read."""

    people: tuple[HallPerson, ...]
    next_after: int
    more: bool
    end: int


@dataclass(frozen=True, slots=True)
class BaseFile:
    """Some of all residents as a file; the page itself has none of them."""

    file: HallFile
    page: BasePage


def read_feed(
    node: Node, caller: HallCaller, after: int, *, limit_rows: int = PAGE_ROWS
) -> FeedPage | Refusal:
    """Read what an office is told behind a place; that it asks for what is behind says that it has the rest."""
    refusal = needs_scope(caller.scopes, HallScope.CHANGES)
    if refusal is not None:
        return refusal
    place_some(node)
    with node.store.unit("hall.feed") as unit:
        end = hall_feed.end(unit)
        if not 0 <= after <= end:
            return Refusal(Reason.CURSOR_AHEAD, STANDARD, "after")
        rows = hall_feed.read(unit, after, limit_rows=limit_rows)
        changes = tuple(_told(unit, node, caller, rows))
        hall_clients.note_read(unit, caller.client.client_id, after, node.clock.now())
        _note(unit, node, _facts(caller, changes, "feed"))
    return FeedPage(changes, rows[-1].position if rows else after, end)


def await_feed(node: Node, after: int, seconds: float) -> None:
    """Wait until there may be something behind a place, at most so long; more may come in the same moment.

    While somebody else gives places to what has none, that is waited for, too.
    """
    bell = node.store.feed_bell
    heard = bell.rings
    with node.store.reading() as unit:
        if hall_feed.end(unit) > after:
            return
        unplaced = hall_feed.unplaced(unit) > 0
    if unplaced or bell.wait(heard, seconds) > heard:
        bell.let_gather(min(seconds, _GATHER_SECONDS))


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
        if record is None or person is None:
            fact = _fact(caller, "", "nobody", "resident")
        else:
            fact = _given(caller, subject_of(record), person, "resident")
        note_many(unit, node, [fact])
    return _GONE if person is None else person


def day_file(node: Node, caller: HallCaller, day: date, *, plain: bool) -> DayFile | Refusal:
    """Write what an office is told of one business day that is over; `plain` replaces what JIS X 0208 lacks.

    Read some places at a time, so that nobody waits for it; every line is durable before it is given.
    """
    refusal = needs_scope(caller.scopes, HallScope.FILES)
    if refusal is not None:
        return refusal
    if day >= node.clock.business_today():
        return _NOT_OVER
    while place_some(node, waiting=True) == PLACED_ROWS:
        continue
    changes: list[PlacedChange] = []
    positions: list[int] = []
    while True:
        with node.store.unit("hall.file") as unit:
            rows = hall_feed.read_day(unit, day, positions[-1] if positions else 0, limit_rows=PAGE_ROWS)
            changes += _told(unit, node, caller, rows)
        if not rows:
            break
        positions += [row.position for row in rows]
    made = write_file(
        ["position", "kind", "reason", "change_date", "notified_on", "legal_day"],
        [(_columns(one), one.change.person) for one in changes],
        [one for one in HallItem if one in caller.items],
        CODES,
        plain=plain,
    )
    facts = _facts(caller, changes, "file", made.digest.hex())
    for first in range(0, len(facts), _NOTED_ROWS):
        with node.store.unit("hall.file_noted") as unit:
            note_many(unit, node, facts[first : first + _NOTED_ROWS])
    ends = (positions[0], positions[-1]) if positions else (0, 0)
    return DayFile(made, *ends, len(positions))


def base_page(
    node: Node, caller: HallCaller, after: int, *, limit_rows: int = PAGE_ROWS
) -> BasePage | Refusal:
    """Give some of all residents as an office may be told now, in the order of their addressee numbers."""
    refusal = needs_scope(caller.scopes, HallScope.BASE)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.base") as unit:
        page, subjects = _base(unit, node, caller, after, limit_rows)
        _note(unit, node, [_given(caller, *one, "base") for one in zip(subjects, page.people, strict=True)])
    return page


def base_file(node: Node, caller: HallCaller, after: int, *, plain: bool) -> BaseFile | Refusal:
    """Give more of all residents as a file; `plain` replaces what JIS X 0208 lacks."""
    refusal = needs_scope(caller.scopes, HallScope.BASE)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.base_file") as unit:
        page, subjects = _base(unit, node, caller, after, FILE_PEOPLE)
        items = [one for one in HallItem if one in caller.items]
        made = write_file((), [((), one) for one in page.people], items, CODES, plain=plain)
        digest = made.digest.hex()
        told = zip(subjects, page.people, strict=True)
        _note(unit, node, [_given(caller, *one, "base-file", digest) for one in told])
    return BaseFile(made, replace(page, people=()))


def _base(
    unit: Unit, node: Node, caller: HallCaller, after: int, limit_rows: int
) -> tuple[BasePage, list[str]]:
    """Read some of all residents and by what the ledger names them; first the feed's end, which none of them is behind."""
    end = hall_feed.end(unit)
    held = hall_feed.residents_behind(unit, after, limit_rows=limit_rows)
    records = [read_record(body) for _, body in held]
    records = [one for one in records if not record_over(one, node.clock.business_today())]
    audience, veil = _audience(unit, node, caller, records)
    people, subjects = [], []
    for record in records:
        person = person_for(record if audience.opened else _as_told(veil, record), audience)
        if person is not None:
            people.append(person)
            subjects.append(subject_of(record))
    page = BasePage(tuple(people), held[-1][0] if held else after, len(held) == limit_rows, end)
    return page, subjects


def _columns(one: PlacedChange) -> list[str]:
    change = one.change
    days = (change.change_date, change.notified_on, change.legal_day)
    return [str(one.position), change.kind.value, change.reason.value, *(day.isoformat() for day in days)]


def _told(unit: Unit, node: Node, caller: HallCaller, rows: Sequence[FeedRow]) -> list[PlacedChange]:
    """Tell what some places of the feed mean for an office, as it may be told at this moment."""
    entries = {row.position: read_entry(row.body) for row in rows if row.body is not None}
    named = {number for row in rows for number in row.people}
    lone = {one.addressee_number: one for one in _records(unit, named)} if named else {}
    after = [one for entry in entries.values() for one in entry.after]
    over = _over(unit, node, {*named, *(one.addressee_number for one in after)})
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
            if one.person.addressee_number not in over
        ]
    return told


def _over(unit: Unit, node: Node, people: set[int]) -> frozenset[int]:
    """Name those of some people whose record was destroyed, or was removed so long ago that nobody may be told of it."""
    removed = people - hall_feed.living_among(unit, sorted(people))
    today = node.clock.business_today()
    kept = (
        {one.addressee_number for one in _records(unit, removed) if not record_over(one, today)}
        if removed
        else set()
    )
    return frozenset(removed - kept)


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
    today, numbers = node.clock.business_today(), dict[int, IndividualNumber]()
    needed = [one for one in records if caller.duty.needs_number_of(one, today)]
    if HallItem.INDIVIDUAL_NUMBER in caller.items and needed:
        held = numbers_of(unit, node.vault, needed)
        numbers = {
            one.addressee_number: held[one.resident_record_code]
            for one in needed
            if one.resident_record_code is not None and one.resident_record_code in held
        }
    opened = HallScope.PROTECTED_ADDRESSES in caller.scopes
    return Audience(caller.duty, caller.items, today, veil.hidden, opened, numbers), veil


def _note(unit: Unit, node: Node, facts: Sequence[Fact]) -> None:
    if facts:
        note_many(unit, node, facts)


def _facts(caller: HallCaller, changes: Sequence[PlacedChange], call: str, digest: str = "") -> list[Fact]:
    """Give one line for each person of whom something is told; of a file of nobody a line, too.

    Of whom nothing but a measure is told, the line is one of protection: whoever is covered with a household may be
    the other party, and is told no such line.
    """
    told: dict[str, HallPerson] = {}
    flagged: dict[str, HallPerson] = {}
    for one in changes:
        kept = flagged if one.change.kind is FeedKind.PROTECTION else told
        person = one.change.person
        if one.subject not in kept or _has_number(person):
            kept[one.subject] = person
    facts = [_given(caller, subject, person, call, digest) for subject, person in told.items()]
    facts += [
        replace(_given(caller, subject, person, call, digest), event=Event.PROTECTION_TOLD)
        for subject, person in flagged.items()
        if subject not in told
    ]
    return facts or ([_fact(caller, "", "nobody", call, digest)] if digest else [])


def _has_number(person: HallPerson) -> bool:
    return bool(person.items.get(HallItem.INDIVIDUAL_NUMBER))


def _given(caller: HallCaller, subject: str, person: HallPerson, call: str, digest: str = "") -> Fact:
    return _fact(caller, subject, "given", call, digest, numbered=_has_number(person))


def _fact(
    caller: HallCaller, subject: str, outcome: str, call: str, digest: str = "", *, numbered: bool = False
) -> Fact:
    duty = caller.duty
    detail = {"body": duty.title, "client": caller.client.client_id, "call": call}
    if numbered:
        detail["individual_number"] = "given"
    if digest:
        detail["sha256"] = digest
    return fact_by(
        caller.operator,
        Event.HALL_GIVEN,
        terminal="",
        purpose=duty.affair,
        basis=str(duty.article),
        subject=subject,
        outcome=outcome,
        detail=detail,
    )
