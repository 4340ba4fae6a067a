"""The registry's desk: the counter's use cases as the pages ask for them."""

from datetime import UTC, date, datetime, time, timedelta

from daicho.faces.desks.sightings import sightings_of
from daicho.faces.terminal.desk import (
    Choice,
    Done,
    HistoryLine,
    OpenPermit,
    PastEntry,
    PendingEntry,
    PointInTime,
    ResidentFile,
    ResidentsFound,
    Seat,
    Why,
    WhyChoices,
)
from daicho.faces.wording.purposes import REGISTRY_BASES, REGISTRY_PURPOSES
from daicho.faces.wording.remarks import remarks_of_alerts, remarks_on, remarks_on_cards
from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry import corrections, counter, deferral, residents
from daicho.nodes.registry.cards.holding import card_holders_in
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.verifying import VerifyingTogether
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.drafting import Notice
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import ResidentRecord
from daicho.store import office as book


class CounterDesk:
    """A municipality's register as its counter uses it."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node
        self._verifying = VerifyingTogether(node)

    def why_choices(self) -> WhyChoices:
        """List the purposes and bases that the counter may name."""
        return WhyChoices(
            tuple(Choice(key, words) for key, words in REGISTRY_PURPOSES),
            tuple(Choice(key, words) for key, words in REGISTRY_BASES),
        )

    def search(self, who: Seat, terms: ResidentTerms, why: Why) -> ResidentsFound | Refusal:
        """Search the register."""
        found = residents.search_residents(self._node, who.operator, terms, _purpose(who, why))
        return found if isinstance(found, Refusal) else ResidentsFound(found.records, found.narrow)

    def resident(self, who: Seat, addressee_number: int, why: Why) -> ResidentFile | Refusal:
        """Open one resident's file."""
        view = residents.resident_view(self._node, who.operator, addressee_number, _purpose(who, why))
        if isinstance(view, Refusal):
            return view
        by_id = {one.entry_id: one for one in view.entries}
        undone = {one.entry.cancels for one in view.entries if one.state == "verified"}
        history = [
            HistoryLine(
                version.entry_id, by_id[version.entry_id].entry.kind, version.legal_day,
                by_id[version.entry_id].entry.notified_on, by_id[version.entry_id].entered_by,
                by_id[version.entry_id].verified_by or "", version.record, version.recorded_at,
                version.entry_id in undone,
            )
            for version in view.versions
            if version.entry_id in by_id
        ]  # fmt: skip
        waiting = tuple(one.entry_id for one in view.entries if one.state == "entered")
        seen, hidden = sightings_of(self._node, view.record)
        return ResidentFile(
            view.record, view.household, tuple(history), seen, hidden, waiting, view.hidden, view.measures, view.partly
        )  # fmt: skip

    def entry(self, who: Seat, addressee_number: int, entry_id: str, why: Why) -> PastEntry | Refusal:
        """Open one entry in the life of a resident."""
        view = residents.resident_entry(
            self._node, who.operator, addressee_number, entry_id, _purpose(who, why)
        )
        if isinstance(view, Refusal):
            return view
        return PastEntry(
            view.entry_id, view.entry, view.state, view.entered_by, view.entered_at, view.verified_by or ""
        )

    def permit_correction(self, who: Seat, addressee_number: int, what: str) -> Done | Refusal:
        """Permit the correction of one record once."""
        permit = corrections.permit_correction(
            self._node, who.operator, addressee_number, what, terminal=who.terminal
        )
        return permit if isinstance(permit, Refusal) else Done(permit.permit_id)

    def open_permits(self, who: Seat, addressee_number: int) -> tuple[OpenPermit, ...] | Refusal:
        """List the permissions for one record that no entry has used."""
        found = corrections.open_permits(self._node, who.operator, addressee_number)
        if isinstance(found, Refusal):
            return found
        return tuple(OpenPermit(one.permit_id, one.what, one.permitted_by, one.permitted_at) for one in found)

    def as_of(
        self, who: Seat, addressee_number: int, point: PointInTime, why: Why
    ) -> ResidentRecord | Refusal:
        """Read one record as it stood at the end of a day, as known at the end of another one or now."""
        known_on = point.known_on
        at = self._node.clock.now() if known_on is None else day_bounds(known_on, known_on)[1]
        version = residents.resident_as_of(
            self._node, who.operator, addressee_number, _purpose(who, why), legal_day=point.on, recorded_at=at
        )
        return version if isinstance(version, Refusal) else version.record

    def reveal_code(self, who: Seat, addressee_number: int, why: Why) -> ResidentRecordCode | Refusal:
        """Give the whole 住民票コード, with a ledger line of its own."""
        refusal = residents.may_reach(self._node, who.operator, addressee_number, who.terminal)
        if refusal is not None:
            return refusal
        at = self._node.clock.now()
        found = residents.resident_as_of(
            self._node, who.operator, addressee_number, _purpose(who, why), legal_day=date.max - timedelta(days=1),
            recorded_at=at,
        )  # fmt: skip
        if isinstance(found, Refusal):
            return found
        code = found.record.resident_record_code
        if code is None:
            return Refusal(Reason.CODE_MISSING, juki("7"), "resident_record_code")
        with self._node.store.unit("counter.reveal_code") as unit:
            note_by(
                unit, self._node, who.operator, Event.RESIDENT_CODE_SHOWN, terminal=who.terminal, purpose=why.purpose,
                basis=why.basis, subject=str(code), outcome="shown",
            )  # fmt: skip
        return code

    def preview(self, who: Seat, notice: Notice, reception: Reception | None) -> Entry | Refusal:
        """Draft the change without keeping it; drawn numbers are given back."""
        return counter.preview(
            self._node,
            who.operator,
            notice,
            draw_codes=draw_codes,
            terminal=who.terminal,
            reception=reception,
        )

    def enter(self, who: Seat, notice: Notice, reception: Reception | None) -> Done | Refusal:
        """Keep the change, to be verified by a second person."""
        return self._entered(who, notice, reception, None)

    def enter_from(
        self, who: Seat, notice: Notice, reception: Reception | None, affair: tuple[str, str]
    ) -> Done | Refusal:
        """Keep a change that was put off, and end its affair in the same unit."""
        affair_id, outcome = affair
        also = deferral.closing(self._node, who.operator, affair_id, outcome, terminal=who.terminal)
        return self._entered(who, notice, reception, also)

    def _entered(
        self,
        who: Seat,
        notice: Notice,
        reception: Reception | None,
        also: counter.Also | None,
    ) -> Done | Refusal:
        entered = counter.enter(
            self._node,
            who.operator,
            notice,
            draw_codes=draw_codes,
            terminal=who.terminal,
            reception=reception,
            also=also,
        )
        if isinstance(entered, Refusal):
            return entered
        holders = card_holders_in(self._node, entered.entry)
        alerts, cards = (
            remarks_of_alerts(entered.alerts, who.operator),
            remarks_on_cards(entered.entry, holders),
        )
        return Done(entered.entry_id, (*alerts, *remarks_on(entered.entry), *cards))

    def pending(self, who: Seat) -> tuple[PendingEntry, ...] | Refusal:
        """List what waits for a second person."""
        found = counter.pending_entries(self._node, who.operator)
        return found if isinstance(found, Refusal) else tuple(self._pending(one) for one in found)

    def pending_entry(self, who: Seat, entry_id: str) -> PendingEntry | Refusal:
        """Open one waiting entry."""
        found = counter.entry_view(self._node, who.operator, entry_id, terminal=who.terminal)
        if isinstance(found, Refusal):
            return found
        if found.state != "entered":
            return Refusal(Reason.NOT_PENDING, juki("8"), "entry_id", found.state.upper())
        return self._pending(found)

    def verify(self, who: Seat, entry_id: str) -> Done | Refusal:
        """Carry out a waiting entry."""
        done = self._verifying.verify(counter.Verification(who.operator, entry_id, who.terminal))
        return done if isinstance(done, Refusal) else Done(done.entry_id, remarks_on(done.entry))

    def reject(self, who: Seat, entry_id: str, why: str) -> Done | Refusal:
        """Send a waiting entry back."""
        done = counter.reject_entry(self._node, who.operator, entry_id, why=why, terminal=who.terminal)
        return done if isinstance(done, Refusal) else Done(done.entry_id)

    def _pending(self, view: counter.EntryView) -> PendingEntry:
        with self._node.store.reading() as unit:
            row = book.operator(unit, view.entered_by)
        name = row.display_name if row else view.entered_by
        return PendingEntry(view.entry_id, view.entry, view.entered_by, name, view.entered_at)


def _purpose(who: Seat, why: Why) -> residents.Purpose:
    return residents.Purpose(why.purpose, why.basis, who.terminal)


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Give the instants between which the days of Japan from `first` to `last` lie."""
    begin = datetime.combine(first, time(), UTC) - timedelta(hours=9)
    return begin, datetime.combine(last, time(), UTC) + timedelta(hours=15)
