"""Notices that are owed, and moving-out certificates: listed, printed, or dropped with a reason.  通知・転出証明書"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.certificates import (
    IssuedPaper,
    Issuer,
    SetPaper,
    ToPrint,
    guard_of,
    print_and_book,
    refused_paper,
)
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    Veil,
    kept_resident,
    kept_residents,
    note_kept_back,
    veil_for,
)
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.content import CertificateContent, CertificateItem, CertificateKind
from daicho.rules.certificates.owed import basis_of_notice, needs_certificate, notice_delivery
from daicho.rules.certificates.request import (
    CertificateRequester,
    CertificateSubject,
    Delivery,
    IssueChannel,
)
from daicho.rules.certificates.text import acceptance_notice, code_notice, in_order, move_out_certificate
from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.record import ResidentRecord
from daicho.store import owed, register
from daicho.store.owed import OwedRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
WORDS_CHARACTERS = 200
_NOTICE = juki("27")
_MOVE_OUT = juki_order("23")
_GONE = Refusal(Reason.NOT_FOUND, _NOTICE, "notice")
_PURPOSES = {
    CertificateKind.MOVE_OUT: "転出証明書の交付",
    CertificateKind.CODE_NOTICE: "住民票コードの通知",
    CertificateKind.CODE_CHANGE_NOTICE: "住民票コードの変更の通知",
    CertificateKind.ACCEPTANCE_NOTICE: "受理通知",
}
_K = CertificateKind


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A notice in the list: to whom, since when, because of which change; `hidden` is for the protection officer."""

    notice_id: str
    kind: CertificateKind
    names: tuple[str, ...]
    change: ChangeKind
    owed_at: datetime
    hidden: bool


@dataclass(frozen=True, slots=True)
class OwedNotices:
    """What is owed, oldest first; `more` tells that not all is shown."""

    lines: tuple[OwedLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves together with a resident, and stands on one certificate."""

    people: tuple[ResidentRecord, ...]


def owed_notices(node: Node, operator: Operator, *, terminal: str = "") -> OwedNotices | Refusal:
    """List the notices that are owed; a ledger line for everybody named is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = owed.open_notices(unit, limit_rows=SHOWN_ROWS + 1)
        lines, people = _lines(unit, node, operator, rows[:SHOWN_ROWS])
    _note_listed(node, operator, people, terminal)
    return OwedNotices(lines, more=len(rows) > SHOWN_ROWS)


def owed_line(node: Node, operator: Operator, notice_id: str, *, terminal: str = "") -> OwedLine | Refusal:
    """Show one notice that is owed; a ledger line for everybody named is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = owed.owed_notice(unit, notice_id)
        if row is None or row.state != "owed":
            return _GONE
        (line,), people = _lines(unit, node, operator, [row])
    _note_listed(node, operator, people, terminal)
    return line


def _lines(
    unit: Unit, node: Node, operator: Operator, rows: Sequence[OwedRow]
) -> tuple[tuple[OwedLine, ...], list[ResidentRecord]]:
    people = kept_residents(unit, node, {number for row in rows for number in row.people})
    veil = veil_for(unit, operator, people, node.clock.business_now())
    lines = []
    for row in rows:
        entry = _entry_of(unit, row)
        named = [people[number] for number in row.people if number in people]
        lines.append(
            OwedLine(
                row.id,
                _K(row.kind),
                tuple(one.name.kanji for one in named),
                entry.kind,
                row.owed_at,
                says_too_much(veil, _K(row.kind), entry, named),
            )
        )
    return tuple(lines), list(people.values())


def says_too_much(veil: Veil, kind: CertificateKind, entry: Entry, people: Iterable[ResidentRecord]) -> bool:
    """Tell whether a notice says more than somebody may read: of its people, or by the address before the change."""
    if any(map(veil.touches, people)):
        return True
    return kind is _K.ACCEPTANCE_NOTICE and veil.over_entry(entry) != entry


def _records(unit: Unit, numbers: Iterable[int]) -> dict[int, ResidentRecord]:
    held = register.residents(unit, numbers)
    return {one.addressee_number: read_record(one.body) for one in held}


def _entry_of(unit: Unit, row: OwedRow) -> Entry:
    """Read the change that made a notice owed.

    Raises: LookupError when the database lacks it, which a foreign key forbids.
    """
    entry_row = register.load_entry(unit, row.entry_id)
    if entry_row is None:
        raise LookupError("a notice stands on a change")
    return read_entry(entry_row.body)


def _note_listed(node: Node, operator: Operator, records: Iterable[ResidentRecord], terminal: str) -> None:
    facts = [_fact(operator, one, terminal, "listed", "") for one in records]
    if facts:
        with node.store.unit("notices.listed") as unit:
            note_many(unit, node, facts)


def _fact(operator: Operator, record: ResidentRecord, terminal: str, outcome: str, notice_id: str) -> Fact:
    return Fact(
        event=Event.NOTICE_LISTED if outcome == "listed" else Event.NOTICE_DROPPED,
        operator_login_id=operator.login_id,
        operator_role_id=operator.role_id,
        terminal=terminal,
        subject=subject_of(record),
        outcome=outcome,
        detail={"notice": notice_id} if notice_id else {},
    )


def print_notice(
    node: Node,
    operator: Operator,
    notice_id: str,
    *,
    by_hand: bool,
    issuer: Issuer,
    set_paper: SetPaper,
    terminal: str = "",
) -> IssuedPaper | Refusal:
    """Print one notice that is owed; a refusal about somebody leaves a ledger line, too.

    Raises: PressFault when the paper could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.unit("notices.look") as unit:
        row = owed.owed_notice(unit, notice_id)
        if row is None:
            return _GONE
        if row.state != "owed":
            return Refusal(Reason.NOT_PENDING, _NOTICE, "notice", row.state.upper())
        people = kept_residents(unit, node, row.people)
        if not people:
            return _GONE
        kind, entry = _K(row.kind), _entry_of(unit, row)
        veil = veil_for(unit, operator, people, node.clock.business_now())
        shut = says_too_much(veil, kind, entry, people.values())
        subjects = _subjects(unit, node, people.values(), with_numbers=kind is _K.MOVE_OUT)
    content = _content_of(kind, row, entry, subjects, issuer.place)
    why = Purpose(_PURPOSES[kind], str(basis_of_notice(kind)), terminal)
    if shut:
        return refused_paper(node, operator, why, subjects[0].record, KEPT_BACK)

    def beside(unit: Unit, number: str) -> None:
        owed.note_printed(unit, notice_id, number, operator.login_id, node.clock.now())

    return _printed(
        node, operator, why, content, [one.record for one in subjects], by_hand=by_hand, issuer=issuer, set_paper=set_paper,
        still_open=lambda unit: owed.lock_open(unit, notice_id), beside=beside,
    )  # fmt: skip


def _subjects(
    unit: Unit, node: Node, records: Iterable[ResidentRecord], *, with_numbers: bool
) -> tuple[CertificateSubject, ...]:
    found = list(records)
    numbers = numbers_of(unit, node.vault, found) if with_numbers else {}
    return in_order(
        CertificateSubject(one, numbers.get(one.resident_record_code) if one.resident_record_code else None)
        for one in found
    )


def _content_of(
    kind: CertificateKind,
    row: OwedRow,
    entry: Entry,
    subjects: Sequence[CertificateSubject],
    place: str,
) -> CertificateContent | Refusal:
    if kind is _K.MOVE_OUT:
        return move_out_certificate(subjects, place)
    if kind is not _K.ACCEPTANCE_NOTICE:
        return code_notice(subjects[0], place, changed=kind is _K.CODE_CHANGE_NOTICE)
    return letter_of_acceptance(entry, row.people[0], place)


def letter_of_acceptance(entry: Entry, addressee_number: int, place: str) -> CertificateContent | Refusal:
    """Write the notice of acceptance to one of the people of a change; refused where no address is known."""
    # Whoever moved in has an address of another town, which names it.
    named = "" if entry.kind is ChangeKind.MOVE_IN else place
    content = acceptance_notice(replace(entry, subjects=(addressee_number,)), named)
    if not isinstance(content, Refusal) and not content.address.strip():
        return Refusal(Reason.FIELD_MISSING, _NOTICE, "address")
    return content


def _printed(
    node: Node,
    operator: Operator,
    why: Purpose,
    content: CertificateContent | Refusal,
    records: list[ResidentRecord],
    *,
    by_hand: bool,
    issuer: Issuer,
    set_paper: SetPaper,
    still_open: Callable[[Unit], bool],
    beside: Callable[[Unit, str], None],
) -> IssuedPaper | Refusal:
    with node.store.reading() as unit:
        guard = guard_of(unit, node, operator, records)
    if guard.shut:
        return refused_paper(node, operator, why, records[0], KEPT_BACK)
    if isinstance(content, Refusal):
        return refused_paper(node, operator, why, records[0], content)
    if any(one.processing_hold for one in records):
        held = Refusal(Reason.PROCESSING_HELD, juki("8"), "processing_hold")
        return refused_paper(node, operator, why, records[0], held)
    delivery = notice_delivery(content.kind, by_hand=by_hand)
    if isinstance(delivery, Refusal):
        return delivery
    paper = ToPrint(
        content=content,
        requester=CertificateRequester.SELF,
        channel=IssueChannel.COUNTER if delivery is Delivery.HANDED_OVER else IssueChannel.POST,
        asker=content.people[0].name,
        basis=why.basis,
        delivery=delivery,
        fee_yen=0,
        records=tuple(records),
        purpose=why.purpose,
        items=_items_of(content),
    )
    return print_and_book(
        node, operator, why, paper, issuer=issuer, set_paper=set_paper,
        still_so=lambda unit: guard_of(unit, node, operator, records) == guard and still_open(unit),
        beside=beside,
    )  # fmt: skip


def _items_of(content: CertificateContent) -> tuple[str, ...]:
    """Name the items that the book of papers must know of: numbers and codes that went out."""
    shown = {one.item for person in content.people for one in person.items if one.text}
    told = shown & {CertificateItem.INDIVIDUAL_NUMBER, CertificateItem.RECORD_CODE}
    return tuple(sorted(one.value for one in told))


def drop_notice(
    node: Node, operator: Operator, notice_id: str, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Note that a notice is not printed, and why; whom a measure hides is for the officer alone."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is None and not words.strip():
        refusal = Refusal(Reason.FIELD_MISSING, _NOTICE, "words")
    if refusal is not None:
        return refusal
    with node.store.unit("notices.drop") as unit:
        row = owed.owed_notice(unit, notice_id)
        if row is None:
            return _GONE
        if not owed.lock_open(unit, notice_id):
            return Refusal(Reason.NOT_PENDING, _NOTICE, "notice", row.state.upper())
        people = _records(unit, row.people)
        veil = veil_for(unit, operator, people, node.clock.business_now())
        shut = [subject_of(one) for one in people.values() if veil.touches(one)]
        if not shut:
            told = words[:WORDS_CHARACTERS]
            owed.drop_notices(unit, [notice_id], operator.login_id, node.clock.now(), told)
            facts = [_fact(operator, one, terminal, "dropped", notice_id) for one in people.values()]
            note_many(unit, node, facts)
            return None
    note_kept_back(node, operator, shut, terminal)
    return KEPT_BACK


def leaving_with(
    node: Node, operator: Operator, addressee_number: int, *, terminal: str = ""
) -> Leaving | Refusal:
    """Name who leaves together with a resident, for the certificate that they move in with elsewhere."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        people = _leaving(unit, node, addressee_number)
        if isinstance(people, Refusal):
            return people
        veil = veil_for(unit, operator, [one.addressee_number for one in people], node.clock.business_now())
        shut = [subject_of(one) for one in people if veil.touches(one)]
    if shut:
        note_kept_back(node, operator, shut, terminal)
        return KEPT_BACK
    return Leaving(people)


def _leaving(unit: Unit, node: Node, addressee_number: int) -> tuple[ResidentRecord, ...] | Refusal:
    held = kept_resident(unit, node, addressee_number)
    if held is None:
        return Refusal(Reason.NOT_FOUND, _MOVE_OUT, "addressee_number")
    record = read_record(held.body)
    if not needs_certificate(record):
        return Refusal(Reason.CERTIFICATE_NOT_NEEDED, _MOVE_OUT, "addressee_number")
    if record.living:
        others = [read_record(one.body) for one in register.household(unit, record.household_number)]
    else:
        others = list(kept_residents(unit, node, _struck_with(unit, addressee_number)).values())
    people = {
        one.addressee_number: one
        for one in (record, *others)
        if (one.household_number, one.scheduled_move_out, one.living)
        == (record.household_number, record.scheduled_move_out, record.living)
    }
    return tuple(people.values())


def _struck_with(unit: Unit, addressee_number: int) -> tuple[int, ...]:
    """Name whom the last change that struck somebody as moved out struck with them."""
    rows = [
        row
        for row in register.entries_of(unit, addressee_number)
        if row.state == "verified" and row.kind == ChangeKind.MOVE_OUT.value
    ]
    return read_entry(rows[-1].body).subjects if rows else ()


def issue_move_out(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    *,
    by_hand: bool,
    issuer: Issuer,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Issue the moving-out certificate of all who leave together with a resident; what was owed of it is done.

    Raises: PressFault when the paper could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("notices.look_leaving") as unit:
        people = _leaving(unit, node, addressee_number)
        if isinstance(people, Refusal):
            return people
        subjects = _subjects(unit, node, people, with_numbers=True)
    content = move_out_certificate(subjects, issuer.place)

    def still_open(unit: Unit) -> bool:
        # Behind the lock of the household: nobody's plan changed while the paper was set.
        return _leaving(unit, node, addressee_number) == people

    def beside(unit: Unit, number: str) -> None:
        entries = {row.id for row in register.entries_of(unit, addressee_number)}
        for row in owed.open_of_entries(unit, sorted(entries)):
            if row.kind == _K.MOVE_OUT.value and addressee_number in row.people:
                owed.note_printed(unit, row.id, number, operator.login_id, node.clock.now())

    return _printed(
        node, operator, why, content, [one.record for one in subjects], by_hand=by_hand, issuer=issuer,
        set_paper=set_paper, still_open=still_open, beside=beside,
    )  # fmt: skip
