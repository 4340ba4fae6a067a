"""The counter: enter a change, let a second person verify it, and look at residents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry
from daicho.nodes.registry.cards.shown import card_of_notice
from daicho.nodes.registry.desk import (
    CodeSource,
    Seen,
    Signed,
    changed_since,
    draft_at_desk,
    keep_draft,
    number_on_its_way,
    people_in,
    write_changes,
)
from daicho.nodes.registry.filings.closing import close_reports, open_report_again
from daicho.nodes.registry.guarding import KEPT_BACK, Veil, note_kept_back, veil_for
from daicho.nodes.registry.hall.outbox import tell_hall
from daicho.nodes.registry.measures.alerting import alert_of_change
from daicho.nodes.registry.moj_link.closing import close_moj_notices, open_notice_again
from daicho.nodes.registry.numbers import follow_codes
from daicho.nodes.registry.records import Told, note_entries, subject_of, tell_cs
from daicho.nodes.registry.seals.following import follow_changes
from daicho.nodes.registry.stops import keep_stopped, stop_of_change
from daicho.nodes.registry.telling_cs import keep_back_first
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import (
    Operator,
    Permission,
    may,
    may_enter_or_verify,
    may_verify,
    permissions_of,
)
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.measure import ProtectionAlert
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.changes import Entry
from daicho.rules.register.correction import Correction
from daicho.rules.register.drafting import Notice, received
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import ResidentRecord
from daicho.rules.register.residence_change import ResidenceChange, corrects_person
from daicho.store import protection, register
from daicho.store.unit import Unit

PENDING_SHOWN_ROWS = 200
_RECORD = juki("8")
_PERMIT = Article("本人確認情報管理方法", "3")
Also = Callable[[Unit, str, Entry], Refusal | None]
"""What is done in the unit of an entry, which is named and given as it was drafted."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """One change as the counter sees it; `stale` tells that it can only be withdrawn and entered anew."""

    entry_id: str
    state: str
    entered_by: str
    entered_at: datetime
    terminal: str
    verified_by: str | None
    verified_at: datetime | None
    outcome: str
    entry: Entry
    stale: bool = False
    alerts: tuple[ProtectionAlert, ...] = ()


class _OnlyLooking(Exception):
    """Rolls a preview back and carries what it showed."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


class _Refused(Exception):
    """Carries a refusal out of a unit, so that nothing of it is committed."""

    def __init__(self, refusal: Refusal, subjects: Sequence[str] = ()) -> None:
        super().__init__(refusal.reason.value)
        self.refusal, self.subjects = refusal, subjects


def view_of(row: register.EntryRow, *, stale: bool = False) -> EntryView:
    """Show a kept entry."""
    return _view(row, read_entry(row.body), stale=stale)


def _view(row: register.EntryRow, entry: Entry, *, stale: bool = False) -> EntryView:
    return EntryView(
        row.id,
        row.state,
        row.entered_by,
        row.entered_at,
        row.terminal,
        row.verified_by,
        row.verified_at,
        row.outcome,
        entry,
        stale,
    )


def home_of(node: Node) -> MunicipalityCode:
    """Name the municipality whose register this is.

    Raises: ValueError when the node is not a municipality's.
    """
    if node.me.municipality is None:
        raise ValueError("a registry belongs to a municipality")
    return node.me.municipality


def enter(
    node: Node,
    operator: Operator,
    notice: Notice,
    *,
    draw_codes: CodeSource,
    terminal: str = "",
    reception: Reception | None = None,
    also: Also | None = None,
    notified: bool = False,
    kept_report: bool = False,
) -> EntryView | Refusal:
    """Enter a change that waits for a second person; the register itself does not change yet.

    What `also` does stands or falls with the entry; when it refuses, nothing is entered. `notified` tells that it ties the
    change to a notice of the Ministry: birth date and sex are corrected without a permit on no other word. `kept_report`
    tells that it ties the entry to another town's report that is kept here.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is None and not notified and isinstance(notice, ResidenceChange) and corrects_person(notice):
        refusal = Refusal(Reason.PERMIT_MISSING, _PERMIT, "moj_notice")
    if refusal is not None:
        return refusal
    by = Signed(operator.login_id, terminal, node.clock.now())
    try:
        with node.store.unit("counter.enter", few_trips=True) as unit:
            entry, seen, veil = _drafted(
                unit, node, operator, notice, draw_codes, reception, kept_report=kept_report
            )
            row = keep_draft(unit, node.clock.new_id(), entry, seen, by)
            note_entries(unit, node, Event.CHANGE_ENTERED, [Told(row, entry, operator, terminal)])
            alerts = alert_of_change(unit, node, operator, row.id, entry, terminal)
            _together(also, unit, row.id, entry)
            return replace(_view(row, veil.over_draft(entry)), alerts=alerts)
    except _Refused as refused:
        return _answered(node, operator, refused, terminal)


def _together(also: Also | None, unit: Unit, entry_id: str, entry: Entry) -> None:
    refusal = also(unit, entry_id, entry) if also is not None else None
    if refusal is not None:
        raise _Refused(refusal, [""])


def preview(
    node: Node,
    operator: Operator,
    notice: Notice,
    *,
    draw_codes: CodeSource,
    terminal: str = "",
    reception: Reception | None = None,
) -> Entry | Refusal:
    """Draft a change as `enter` would and keep nothing; drawn numbers are given back.

    Whether a kept report stands behind it is asked when it is entered.
    """
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    try:
        with node.store.unit("counter.preview") as unit:
            entry, _, veil = _drafted(unit, node, operator, notice, draw_codes, reception, kept_report=True)
            _give_back(veil.over_draft(entry))
    except _OnlyLooking as seen:
        return seen.entry
    except _Refused as refused:
        return _answered(node, operator, refused, terminal)


def _answered(node: Node, operator: Operator, refused: _Refused, terminal: str) -> Refusal:
    """Give a refusal; that somebody reached for what is kept back leaves a line."""
    if refused.refusal is KEPT_BACK:
        note_kept_back(node, operator, refused.subjects, terminal)
    return refused.refusal


def _give_back(entry: Entry) -> NoReturn:
    raise _OnlyLooking(entry)


def _drafted(
    unit: Unit,
    node: Node,
    operator: Operator,
    notice: Notice,
    draw_codes: CodeSource,
    reception: Reception | None,
    *,
    kept_report: bool,
) -> tuple[Entry, Seen, Veil]:
    veils: list[Veil] = []
    cancelled = _before_drafting(unit, operator, notice)
    drafted = draft_at_desk(
        unit,
        notice,
        home=home_of(node),
        on=node.clock.business_today(),
        draw_codes=draw_codes,
        cancelled=cancelled,
        guard=lambda seen: veils.append(_within_reach(unit, node, operator, seen.records)),
    )
    if isinstance(drafted, Refusal):
        raise _Refused(drafted)
    draft, seen = drafted
    in_the_way = number_on_its_way(unit, draft)
    if in_the_way is None and seen.any_stopped:
        in_the_way = stop_of_change(unit, draft, node.clock.business_today(), kept_report=kept_report)
    entry = in_the_way or received(draft, reception)
    if not isinstance(entry, Refusal):
        entry = card_of_notice(unit, node, reception, seen.records, draft.subjects) or entry
    if isinstance(entry, Refusal):
        raise _Refused(entry)
    return entry, seen, veils[0]


def _within_reach(unit: Unit, node: Node, operator: Operator, records: Iterable[ResidentRecord]) -> Veil:
    """Refuse a change at records that a protection measure keeps from whoever enters it.

    Before the change is drafted: a refusal that an address is unchanged would tell whether a guess was right.
    """
    people = {one.addressee_number: one for one in records}
    veil = veil_for(unit, operator, people, node.clock.business_now())
    shut = {number for number, one in people.items() if veil.keeps_home_of(one)}
    if shut:
        raise _Refused(KEPT_BACK, [subject_of(people[number]) for number in sorted(shut)])
    return veil


def _before_drafting(unit: Unit, operator: Operator, notice: Notice) -> Entry | None:
    if isinstance(notice, Correction):
        _check_permit(unit, operator, notice)
    if not isinstance(notice, Cancellation):
        return None
    row = register.load_entry(unit, notice.entry_id)
    if row is None or row.state != "verified" or row.kind == ChangeKind.IMPORT.value:
        raise _Refused(Refusal(Reason.NOT_FOUND, _RECORD, "entry_id"))
    if register.cancelling_entry(unit, notice.entry_id) is not None:
        raise _Refused(Refusal(Reason.ALREADY_CANCELLED, _RECORD, "entry_id"))
    return read_entry(row.body)


def _check_permit(unit: Unit, operator: Operator, notice: Correction) -> None:
    permit = register.load_permit(unit, notice.permit_id)
    if permit is None or permit.addressee_number != notice.addressee_number:
        raise _Refused(Refusal(Reason.PERMIT_MISSING, _PERMIT, "permit_id"))
    if register.permit_used_by(unit, notice.permit_id) is not None:
        raise _Refused(Refusal(Reason.PERMIT_MISSING, _PERMIT, "permit_id", "USED"))
    if permit.permitted_by == operator.login_id:
        raise _Refused(Refusal(Reason.SAME_PERSON, _PERMIT, "permit_id"))


@dataclass(frozen=True, slots=True)
class Verification:
    """A second person's word for one waiting entry, given at a terminal."""

    operator: Operator
    entry_id: str
    terminal: str = ""


def verify_entry(node: Node, operator: Operator, entry_id: str, *, terminal: str = "") -> EntryView | Refusal:
    """Let an entry stand by the word of a second person: records, ledger line and letter in one unit."""
    return verify_entries(node, [Verification(operator, entry_id, terminal)])[0]


def verify_entries(node: Node, words: Sequence[Verification]) -> list[EntryView | Refusal]:
    """Let entries stand by the words of second persons, all in one unit; each comes to what it would alone."""
    refusals = [may(one.operator, Permission.VERIFY_CHANGE) for one in words]
    asked = {one.entry_id for one, refusal in zip(words, refusals, strict=True) if refusal is None}
    with node.store.unit("counter.verify", few_trips=True) as unit:
        held = register.lock_entries(unit, sorted(asked))
        veils = _veils(unit, node, words, held)
        chosen: dict[str, Verification] = {}
        for place, one in enumerate(words):
            row = held.get(one.entry_id)
            refusals[place] = (
                refusals[place]
                or _decidable(row)
                or _by_a_second(row, one.operator)
                or _beyond_reach(veils.get(one.operator), row)
            )
            if refusals[place] is None:
                chosen.setdefault(one.entry_id, one)
        views, anybody_protected = write_verified(unit, node, held, list(chosen.values()))
        written = dict(zip(chosen, views, strict=True))
        if anybody_protected:
            # A measure that began before the households were locked holds for what is shown of them, too.
            veils = _veils(unit, node, words, held)
    outcomes: list[EntryView | Refusal] = []
    decided: set[str] = set()
    for one, refusal in zip(words, refusals, strict=True):
        first = written.get(one.entry_id)
        if one.entry_id in decided and isinstance(first, EntryView):
            again = Refusal(Reason.NOT_PENDING, _RECORD, "entry_id", "VERIFIED")
            outcomes.append(may(one.operator, Permission.VERIFY_CHANGE) or again)
        elif refusal is KEPT_BACK:
            note_kept_back(node, one.operator, [f"entry:{one.entry_id}"], one.terminal)
            outcomes.append(refusal)
        elif refusal is not None or first is None:
            outcomes.append(refusal or Refusal(Reason.NOT_FOUND, _RECORD, "entry_id"))
        else:
            outcomes.append(_behind(veils.get(one.operator), first))
            decided.add(one.entry_id)
    return outcomes


def _veils(
    unit: Unit, node: Node, words: Sequence[Verification], held: Mapping[str, register.EntryRow]
) -> dict[Operator, Veil]:
    """Find for everybody who gives a word what those entries may not say to them; nothing while nobody is protected."""
    if not protection.any_open(unit):
        return {}
    at = node.clock.business_now()
    people: dict[Operator, set[int]] = {one.operator: set() for one in words}
    for one in words:
        if one.entry_id in held:
            people[one.operator] |= people_in(held[one.entry_id])
    return {operator: veil_for(unit, operator, numbers, at) for operator, numbers in people.items()}


def _beyond_reach(veil: Veil | None, row: register.EntryRow | None) -> Refusal | None:
    """Refuse a word for an entry that a protection measure keeps from whoever gives it."""
    if veil is None or row is None or veil.hidden.isdisjoint(people_in(row)):
        return None
    return KEPT_BACK


def _behind(veil: Veil | None, outcome: EntryView | Refusal) -> EntryView | Refusal:
    """Leave out of what became of a word what may not be said to whoever gave it."""
    if veil is None or isinstance(outcome, Refusal):
        return outcome
    return replace(outcome, entry=veil.over_entry(outcome.entry))


def _by_a_second(row: register.EntryRow | None, operator: Operator) -> Refusal | None:
    return may_verify(row.entered_by if row else "", operator.login_id)


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """Who does what others gave their words for beforehand: the ledger tells of this one, and `also` of whose words."""

    operator: Operator
    terminal: str
    also: Mapping[str, str]


def write_verified(
    unit: Unit,
    node: Node,
    held: Mapping[str, register.EntryRow],
    words: Sequence[Verification],
    by: WrittenBy | None = None,
) -> tuple[list[EntryView | Refusal], bool]:
    """Write what may be written of some entries, with the lines and the letters that belong to it.

    Gives what became of each, and whether anybody is protected in this town.
    """
    if not words:
        return [], False
    now = node.clock.now()
    rows = [
        replace(held[one.entry_id], state="verified", verified_by=one.operator.login_id, verified_at=now)
        for one in words
    ]
    entries = write_changes(
        unit,
        [
            (row, Signed(one.operator.login_id, one.terminal, now))
            for row, one in zip(rows, words, strict=True)
        ],
    )
    stand = [
        _told(row, entry, one, by)
        for row, entry, one in zip(rows, entries, words, strict=True)
        if not isinstance(entry, Refusal)
    ]
    note_entries(unit, node, Event.CHANGE_VERIFIED, stand)
    close_reports(unit, node, stand)
    close_moj_notices(unit, node, stand)
    follow_codes(unit, node.vault, [one.entry for one in stand])
    follow_changes(unit, node, stand)
    keep_stopped(unit, node, stand)
    tell_hall(unit, node, stand)
    anybody_protected = keep_back_first(unit, node, stand)
    tell_cs(unit, node, stand)
    views = [
        entry if isinstance(entry, Refusal) else _view(row, entry)
        for row, entry in zip(rows, entries, strict=True)
    ]
    return views, anybody_protected


def _told(row: register.EntryRow, entry: Entry, word: Verification, by: WrittenBy | None) -> Told:
    if by is None:
        return Told(row, entry, word.operator, word.terminal)
    return Told(row, entry, by.operator, by.terminal, by.also)


def _decidable(row: register.EntryRow | None) -> Refusal | None:
    if row is None:
        return Refusal(Reason.NOT_FOUND, _RECORD, "entry_id")
    if row.state != "entered":
        return Refusal(Reason.NOT_PENDING, _RECORD, "entry_id", row.state.upper())
    return None


def reject_entry(
    node: Node, operator: Operator, entry_id: str, *, why: str, terminal: str = ""
) -> EntryView | Refusal:
    """Send an entry back: it differs from the paper; the register has not changed and does not."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("counter.reject") as unit:
        row = register.lock_entries(unit, [entry_id]).get(entry_id)
        refusal = _decidable(row) or may_verify(row.entered_by if row else "", operator.login_id)
        if refusal is not None or row is None:
            return refusal or Refusal(Reason.NOT_FOUND, _RECORD, "entry_id")
        return _close(unit, node, operator, row, state="rejected", why=why, terminal=terminal)


def withdraw_entry(
    node: Node, operator: Operator, entry_id: str, *, why: str, terminal: str = ""
) -> EntryView | Refusal:
    """Take back an own entry that still waits; it stays readable."""
    refusal = may(operator, Permission.ENTER_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("counter.withdraw") as unit:
        row = register.lock_entries(unit, [entry_id]).get(entry_id)
        refusal = _decidable(row)
        if refusal is not None or row is None:
            return refusal or Refusal(Reason.NOT_FOUND, _RECORD, "entry_id")
        if row.entered_by != operator.login_id:
            return Refusal(Reason.NOT_PERMITTED, _PERMIT, "entered_by")
        return _close(unit, node, operator, row, state="cancelled", why=why, terminal=terminal)


def _close(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: register.EntryRow,
    *,
    state: str,
    why: str,
    terminal: str,
) -> EntryView:
    second = state == "rejected"
    register.decide_entry(
        unit,
        row.id,
        state=state,
        decided_by=operator.login_id if second else None,
        decided_at=node.clock.now() if second else None,
        outcome=why[:200],
    )
    entry = read_entry(row.body)
    open_report_again(unit, row.id)
    open_notice_again(unit, row.id, entry, sent_back=second)
    note_entries(
        unit,
        node,
        Event.CHANGE_REJECTED,
        [Told(row, entry, operator, terminal)],
        outcome="rejected" if second else "withdrawn",
    )
    decided = register.load_entry(unit, row.id)
    view = view_of(decided or row)
    veil = veil_for(unit, operator, people_in(row), node.clock.business_now())
    return replace(view, entry=veil.over_entry(view.entry))


def pending_entries(
    node: Node, operator: Operator, *, limit_rows: int = PENDING_SHOWN_ROWS
) -> tuple[EntryView, ...] | Refusal:
    """List what waits for a second person, oldest first, each with whether it went stale."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = register.waiting_entries(unit, limit=limit_rows)
        entries = [(row, read_entry(row.body)) for row in rows]
        people = {*(number for row in rows for number in row.seen)}
        people |= {one.addressee_number for _, entry in entries for one in entry.after}
        veil = veil_for(unit, operator, people, node.clock.business_now())
        return tuple(_view(row, veil.over_draft(entry), stale=_stale(unit, row)) for row, entry in entries)


def entry_view(node: Node, operator: Operator, entry_id: str, *, terminal: str = "") -> EntryView | Refusal:
    """Show one entry with its before and after to whoever enters, verifies, or looks after protection."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    rights = permissions_of(operator)
    if refusal is not None and rights.isdisjoint({Permission.ENTER_CHANGE, Permission.MANAGE_PROTECTION}):
        return refusal
    with node.store.reading() as unit:
        row = register.load_entry(unit, entry_id)
        if row is None:
            return Refusal(Reason.NOT_FOUND, _RECORD, "entry_id")
        view = view_of(row, stale=_stale(unit, row))
        veil = veil_for(unit, operator, people_in(row), node.clock.business_now())
    if veil.hidden:
        shut = [subject_of(one) for one in view.entry.after if one.addressee_number in veil.hidden]
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    read = veil.over_draft if row.state == "entered" else veil.over_entry
    return replace(view, entry=read(view.entry))


def _stale(unit: Unit, row: register.EntryRow) -> bool:
    return row.state == "entered" and changed_since(unit, row, read_entry(row.body))
