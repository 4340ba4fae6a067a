"""Looking at residents: searching, one record with its household and history, a record as of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.counter import EntryView, view_of
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    Veil,
    hidden_among,
    hidden_from,
    kept_resident,
    kept_versions,
    measures_about,
    note_kept_back,
    still_there,
    veil_for,
)
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import first_removal_kept
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.people.kana import kanji_key, search_key
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.changes import Entry
from daicho.rules.register.lookup import ResidentTerms, check_resident_terms
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.record import ResidentRecord
from daicho.store import numbers, register
from daicho.store.unit import Unit

SHOWN_ROWS = 50
_RECORD = juki("7")


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody looks, said beforehand: the affair, the article, and the terminal."""

    purpose: str
    basis: str
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of residents, those of protected ones without addresses; `narrow`: there were more than may be shown."""

    records: tuple[ResidentRecord, ...]
    narrow: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it stood: by which entry, from which legal day, written when."""

    version: int
    entry_id: str
    legal_day: date
    recorded_at: datetime
    record: ResidentRecord


@dataclass(frozen=True, slots=True)
class ResidentView:
    """One resident with the living household, every version and every entry, waiting ones included.

    `hidden` tells that a protection measure keeps addresses from whoever asks, `partly` that it keeps certain places;
    `measures` are for whoever may see.
    """

    record: ResidentRecord
    household: tuple[ResidentRecord, ...]
    versions: tuple[Version, ...]
    entries: tuple[EntryView, ...]
    hidden: bool = False
    measures: tuple[ProtectionMeasure, ...] = ()
    partly: bool = False


def _may_look(operator: Operator, why: Purpose) -> Refusal | None:
    return may(operator, Permission.SEARCH_RESIDENTS) or check_purpose(why.purpose, why.basis)


def note_shown(
    node: Node,
    operator: Operator,
    records: Sequence[ResidentRecord],
    why: Purpose,
) -> None:
    """Write a durable ledger line for each person shown, or for nobody."""
    told = [(subject_of(one), "shown") for one in records]
    facts = [
        fact_by(
            operator,
            Event.RESIDENT_SHOWN,
            terminal=why.terminal,
            purpose=why.purpose,
            basis=why.basis,
            subject=subject,
            outcome=outcome,
        )
        for subject, outcome in told or [("", "nobody")]
    ]
    with node.store.unit("register.note_shown") as unit:
        note_many(unit, node, facts)


def search_residents(node: Node, operator: Operator, terms: ResidentTerms, why: Purpose) -> Found | Refusal:
    """Find residents; one ledger line per person shown is durable before anything is given back."""
    refusal = _may_look(operator, why) or check_resident_terms(terms)
    if refusal is None and terms.individual_number is not None:
        refusal = may(operator, Permission.SEARCH_BY_NUMBER)
    if refusal is not None:
        return refusal
    code = _code_of(node, terms.individual_number) if terms.individual_number is not None else terms.code
    held: list[register.Held] = []
    veil = Veil()
    if terms.individual_number is None or code is not None:
        with node.store.reading() as unit:
            held, veil = _find(unit, replace(terms, code=code), node, operator)
    records = tuple(read_record(one.body) for one in held[:SHOWN_ROWS])
    note_shown(node, operator, records, why)
    return Found(tuple(map(veil.over, records)), narrow=len(held) > SHOWN_ROWS)


def _code_of(node: Node, number: IndividualNumber) -> ResidentRecordCode | None:
    with node.store.unit("register.code_of") as unit, unit.as_number_keeper():
        code = numbers.code_of_lookup(unit, node.vault.lookup(number))
    return None if code is None else ResidentRecordCode(code)


def _find(
    unit: Unit, terms: ResidentTerms, node: Node, operator: Operator
) -> tuple[list[register.Held], Veil]:
    """Find records, and what they may not say; by an address nobody is found whose address may not be said."""
    at = node.clock.business_now()
    if terms.addressee_number is not None or terms.code is not None:
        found = (
            register.resident(unit, terms.addressee_number)
            if terms.addressee_number is not None
            else register.resident_by_code(unit, str(terms.code))
        )
        one = still_there(found, node.clock.business_today())
        held = [] if one is None else [one]
        return held, veil_for(unit, operator, [one.addressee_number for one in held], at)
    where_terms = bool(terms.address) or terms.household_number is not None
    written = counterparts_in(unit, (terms.kanji, terms.address))
    keys = register.SearchKeys(
        kana=search_key(terms.kana),
        kanji=kanji_key(with_counterparts(terms.kanji, written)),
        birth=terms.birth_date.search_key() if terms.birth_date is not None else "",
        address=kanji_key(with_counterparts(terms.address, written)),
        household_number=terms.household_number,
        include_removed=terms.include_removed,
        without=hidden_from(unit, operator, at) if where_terms else frozenset(),
        closed_from=first_removal_kept(node.clock.business_today()),
    )
    while True:
        held = register.search(unit, keys, limit=SHOWN_ROWS + 1)
        veil = veil_for(unit, operator, [one.addressee_number for one in held], at)
        kept_back = {
            one.addressee_number for one in held if where_terms and veil.keeps_home_of(read_record(one.body))
        }
        if not kept_back:
            return held, veil
        # Others stand in their places, so that the page is as full as it would be without them.
        keys = replace(keys, without=keys.without | kept_back)


def resident_view(
    node: Node, operator: Operator, addressee_number: int, why: Purpose
) -> ResidentView | Refusal:
    """Show one resident with household, versions and entries; the ledger line is durable first."""
    refusal = _may_look(operator, why)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        held = kept_resident(unit, node, addressee_number)
        if held is None:
            return Refusal(Reason.NOT_FOUND, _RECORD, "addressee_number")
        record = read_record(held.body)
        household = tuple(read_record(one.body) for one in register.household(unit, record.household_number))
        kept = _kept(unit, node, addressee_number)
        written = map(kept.of_entry, map(view_of, register.entries_of(unit, addressee_number)))
        entries = _without_over(unit, node, (one for one in written if one is not None))
        at = node.clock.business_now()
        veil = veil_for(unit, operator, _numbers_in(record, household, entries), at)
        hidden = addressee_number in veil.hidden
        left_out = _left_out(entries, veil)
        view = ResidentView(
            veil.over(record),
            tuple(map(veil.over, household)),
            tuple(one for one in kept.as_read(veil) if one.entry_id not in left_out),
            tuple(
                replace(one, entry=veil.over_entry(one.entry))
                for one in entries
                if one.entry_id not in left_out
            ),
            hidden=hidden,
            measures=() if hidden else measures_about(unit, [addressee_number]),
            partly=not hidden and addressee_number in veil.places,
        )
    shown = {record.addressee_number: record}
    if record.living:
        shown |= {member.addressee_number: member for member in household}
    note_shown(node, operator, list(shown.values()), why)
    return view


def _left_out(entries: Sequence[EntryView], veil: Veil) -> frozenset[str]:
    """Name the changes that an operator may not know of, and what turned them back."""
    telling = {one.entry_id for one in entries if _tells_the_area(one.entry, veil)}
    return frozenset(telling | {one.entry_id for one in entries if one.entry.cancels in telling})


def _tells_the_area(entry: Entry, veil: Veil) -> bool:
    """Tell whether that and when a place was renamed says where somebody lives whose home is kept back.

    The public notice names the place of every change of names.
    """
    return entry.kind is ChangeKind.ADDRESS_RENAMED and any(
        veil.keeps_home_of(one) for one in (*entry.before, *entry.after)
    )


def _numbers_in(
    record: ResidentRecord, household: Iterable[ResidentRecord], entries: Iterable[EntryView]
) -> set[int]:
    changed = (one for view in entries for one in (*view.entry.before, *view.entry.after))
    return {one.addressee_number for one in (record, *household, *changed)}


def _without_over(unit: Unit, node: Node, views: Iterable[EntryView]) -> tuple[EntryView, ...]:
    """Leave out of entries whoever else was in them and is over by now."""
    shown = tuple(views)
    day = first_removal_kept(node.clock.business_today())
    over: frozenset[int] = frozenset()
    for stood in (True, False):  # of a change that does not stand people may not be in the register yet
        entries = [view.entry for view in shown if (view.state == "verified") is stood]
        people = {one.addressee_number for entry in entries for one in (*entry.before, *entry.after)}
        over |= register.closed_before(unit, people, day, stood=stood)
    if not over:
        return shown
    return tuple(replace(view, entry=_entry_without(view.entry, over)) for view in shown)


def _entry_without(entry: Entry, people: frozenset[int]) -> Entry:
    before, after = (
        tuple(one for one in side if one.addressee_number not in people)
        for side in (entry.before, entry.after)
    )
    return replace(entry, before=before, after=after)


def resident_entry(
    node: Node, operator: Operator, addressee_number: int, entry_id: str, why: Purpose
) -> EntryView | Refusal:
    """Show one entry of a resident before and after; a line for each person shown is durable first."""
    refusal = _may_look(operator, why)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = register.load_entry(unit, entry_id)
        view = None if row is None else view_of(row)
        if kept_resident(unit, node, addressee_number) is None:
            view = None
        view = None if view is None else _kept(unit, node, addressee_number).of_entry(view)
        if view is None or all(one.addressee_number != addressee_number for one in view.entry.after):
            return Refusal(Reason.NOT_FOUND, _RECORD, "entry_id")
        (view,) = _without_over(unit, node, [view])
        numbers = {one.addressee_number for one in (*view.entry.before, *view.entry.after)}
        veil = veil_for(unit, operator, numbers, node.clock.business_now())
        turned_back = register.load_entry(unit, view.entry.cancels) if view.entry.cancels else None
    past = () if turned_back is None else (read_entry(turned_back.body),)
    if any(_tells_the_area(one, veil) for one in (view.entry, *past)):
        return Refusal(Reason.NOT_FOUND, _RECORD, "entry_id")
    note_shown(node, operator, view.entry.after, why)
    return replace(view, entry=veil.over_entry(view.entry))


@dataclass(frozen=True, slots=True)
class _Kept:
    """What of a resident's versions may still be shown, and which entries wrote those that may not."""

    addressee_number: int
    versions: tuple[tuple[register.VersionRow, ResidentRecord], ...]
    over: frozenset[str]

    def as_read(self, veil: Veil) -> tuple[Version, ...]:
        return tuple(_version(row, veil.over(record)) for row, record in self.versions)

    def of_entry(self, view: EntryView) -> EntryView | None:
        """Give an entry unless it is of the time that is over; what stood before the first that is kept is over, too."""
        if not self.over or not self.versions:
            return view
        first, _ = self.versions[0]
        if view.entry_id == first.entry_id:
            before = tuple(one for one in view.entry.before if one.addressee_number != self.addressee_number)
            return replace(view, entry=replace(view.entry, before=before))
        return None if view.entry_id in self.over or view.entered_at < first.recorded_at else view


def _kept(unit: Unit, node: Node, addressee_number: int) -> _Kept:
    rows = [(row, read_record(row.body)) for row in register.versions(unit, addressee_number)]
    kept = kept_versions(rows, node.clock.business_today())
    over = {row.entry_id for row, _ in rows} - {row.entry_id for row, _ in kept}
    return _Kept(addressee_number, tuple(kept), frozenset(over))


def _version(row: register.VersionRow, record: ResidentRecord) -> Version:
    return Version(row.version, row.entry_id, row.change_date, row.recorded_at, record)


def resident_as_of(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    *,
    legal_day: date,
    recorded_at: datetime,
) -> Version | Refusal:
    """Show a record in force on a legal day as the register knew it at an instant."""
    refusal = _may_look(operator, why)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        held = kept_resident(unit, node, addressee_number)
        row = None
        if held is not None:
            row = register.version_as_of(unit, addressee_number, legal_day=legal_day, recorded_at=recorded_at)
        veil = veil_for(unit, operator, [addressee_number], node.clock.business_now())
        if row is not None:
            kept = _kept(unit, node, addressee_number).versions
            row = row if row.version in {one.version for one, _ in kept} else None
    if row is None:
        return Refusal(Reason.NOT_FOUND, _RECORD, "addressee_number")
    version = _version(row, veil.over(read_record(row.body)))
    note_shown(node, operator, [version.record], why)
    return version


def may_reach(node: Node, operator: Operator, addressee_number: int, terminal: str) -> Refusal | None:
    """Refuse an act at a record that a protection measure keeps from an operator; the attempt leaves a line."""
    with node.store.reading() as unit:
        if not hidden_among(unit, operator, [addressee_number], node.clock.business_now()):
            return None
        held = register.resident(unit, addressee_number)
    subject = subject_of(read_record(held.body)) if held is not None else ""
    note_kept_back(node, operator, [subject], terminal)
    return KEPT_BACK
