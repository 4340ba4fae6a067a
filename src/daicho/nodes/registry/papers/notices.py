"""Notices that are owed, and moving-out certificates: listed, printed, or dropped with a reason.  通知・転出証明書"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record
from daicho.nodes.registry.cards.shown import card_as_proof
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
from daicho.nodes.registry.stops import stop_of_paper
from daicho.rules.certificates.content import CertificateContent, CertificateItem, CertificateKind
from daicho.rules.certificates.owed import (
    Handing,
    basis_of_notice,
    check_handing,
    left_by_notice,
    needs_certificate,
    notice_delivery,
    taker_of,
)
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
from daicho.store import certificates, owed, posting, register, upkeep
from daicho.store.owed import OwedRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
WORDS_CHARACTERS = 200
HANDED_DAYS = 14  # own definition: for so long a notice that was handed over is offered for making it again
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
_EVENTS = {"listed": Event.NOTICE_LISTED, "dropped": Event.NOTICE_DROPPED, "again": Event.NOTICE_OWED_AGAIN}


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A notice in the list: to whom, since when, because of which change; `hidden` is for the protection officer.

    `paper` is the number of one that was printed and handed over.
    """

    notice_id: str
    kind: CertificateKind
    names: tuple[str, ...]
    change: ChangeKind
    owed_at: datetime
    hidden: bool
    paper: str = ""


@dataclass(frozen=True, slots=True)
class OwedNotices:
    """What is owed, oldest first, and what was handed over of late; `more` tells that not all that is owed is shown."""

    lines: tuple[OwedLine, ...]
    more: bool
    handed: tuple[OwedLine, ...] = ()


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
        since = node.clock.now() - timedelta(days=HANDED_DAYS)
        handed = owed.handed_over(unit, since, limit_rows=SHOWN_ROWS)
        found, people = _lines(unit, node, operator, [*rows[:SHOWN_ROWS], *filter(_made_here, handed)])
    _note_listed(node, operator, people, terminal)
    lines = tuple(one for one in found if not one.paper)
    return OwedNotices(lines, len(rows) > SHOWN_ROWS, tuple(one for one in found if one.paper))


def _made_here(row: OwedRow) -> bool:
    """Tell whether a notice that was handed over is made again here: a moving-out certificate is from its people's page."""
    return row.kind != _K.MOVE_OUT.value


def owed_line(node: Node, operator: Operator, notice_id: str, *, terminal: str = "") -> OwedLine | Refusal:
    """Show one notice that is owed; a ledger line for everybody named is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = owed.owed_notice(unit, notice_id)
        if row is None or not (row.state == "owed" or _handed_over(unit, row)):
            return _GONE
        lines, people = _lines(unit, node, operator, [row])
    _note_listed(node, operator, people, terminal)
    return lines[0] if lines else _GONE


def _handed_over(unit: Unit, row: OwedRow) -> bool:
    """Tell whether a notice was printed and handed over: the post knows nothing of its paper."""
    printed = row.paper is not None and _made_here(row)
    return printed and posting.posted_paper(unit, row.paper or "") is None


def _lines(
    unit: Unit, node: Node, operator: Operator, rows: Sequence[OwedRow]
) -> tuple[tuple[OwedLine, ...], list[ResidentRecord]]:
    people = kept_residents(unit, node, {number for row in rows for number in row.people})
    veil = veil_for(unit, operator, people, node.clock.business_now())
    entries = register.entry_bodies(unit, [one.entry_id for one in rows])
    lines = []
    for row in rows:
        if row.entry_id not in entries:
            continue  # what is over is there for nobody
        entry = read_entry(entries[row.entry_id])
        named = [people[number] for number in row.people if number in people]
        lines.append(
            OwedLine(
                row.id,
                _K(row.kind),
                tuple(one.name.kanji for one in named),
                entry.kind,
                row.owed_at,
                says_too_much(veil, _K(row.kind), entry, named),
                row.paper or "",
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
    return fact_by(
        operator,
        _EVENTS[outcome],
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
        if kind is _K.MOVE_OUT:
            refusal = _still_certified(unit, node, people)
            if by_hand:  # who comes for it is asked who they are, on the page of those who leave
                refusal = refusal or Refusal(Reason.CHANNEL_NOT_ALLOWED, _MOVE_OUT, "channel")
        subjects = _subjects(unit, node, people.values(), with_numbers=kind is _K.MOVE_OUT)
    content = refusal or _content_of(kind, row, entry, subjects, issuer.place)
    why = Purpose(_PURPOSES[kind], str(basis_of_notice(kind)), terminal)
    if shut:
        return refused_paper(node, operator, why, subjects[0].record, KEPT_BACK)

    def still_open(unit: Unit) -> bool:
        # Behind the lock of the household: nobody's record changed while the paper was set.
        if not owed.lock_open(unit, notice_id) or _records(unit, row.people) != people:
            return False
        return kind is not _K.MOVE_OUT or _still_certified(unit, node, people) is None

    def beside(unit: Unit, number: str) -> None:
        owed.note_printed(unit, notice_id, number, operator.login_id, node.clock.now())

    return _printed(
        node, operator, why, content, [one.record for one in subjects], by_hand=by_hand, issuer=issuer, set_paper=set_paper,
        still_open=still_open, beside=beside,
    )  # fmt: skip


def _still_certified(unit: Unit, node: Node, people: Mapping[int, ResidentRecord]) -> Refusal | None:
    """Refuse a moving-out certificate that is owed to people who are not certified any more, or have one."""
    leaving = _leaving(unit, node, next(iter(people)))
    if isinstance(leaving, Refusal):
        return leaving
    if not people.keys() <= {one.addressee_number for one in leaving}:
        return Refusal(Reason.CERTIFICATE_NOT_NEEDED, _MOVE_OUT, "people")
    return Refusal(Reason.ALREADY_ISSUED, _MOVE_OUT, "people") if _made_of(unit, leaving) else None


def _made_of(unit: Unit, leaving: Iterable[ResidentRecord]) -> tuple[str, ...]:
    """Name the moving-out certificates that were made since people announced that they leave, and not destroyed."""
    made = {
        row.number
        for one in leaving
        for row in certificates.certificates_of(unit, one.addressee_number, limit_rows=SHOWN_ROWS)
        if row.kind == _K.MOVE_OUT.value
        and one.scheduled_move_out is not None
        and row.issued_on >= one.scheduled_move_out.notified_on
    }
    return tuple(sorted(made - posting.destroyed_papers(unit, sorted(made)))) if made else ()


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
    asker: tuple[CertificateRequester, str] | None = None,
    told: str = "",
) -> IssuedPaper | Refusal:
    with node.store.reading() as unit:
        guard = guard_of(unit, node, operator, records)
        stop = stop_of_paper(unit, records, node.clock.business_today())
    if guard.shut:
        return refused_paper(node, operator, why, records[0], KEPT_BACK)
    if isinstance(content, Refusal):
        return refused_paper(node, operator, why, records[0], content)
    if any(one.processing_hold for one in records):
        stop = Refusal(Reason.PROCESSING_HELD, juki("8"), "processing_hold")
    if stop is not None:
        return refused_paper(node, operator, why, records[0], stop)
    delivery = notice_delivery(content.kind, by_hand=by_hand)
    if isinstance(delivery, Refusal):
        return delivery
    requester, name = asker or (CertificateRequester.SELF, content.people[0].name)
    paper = ToPrint(
        content=content,
        requester=requester,
        channel=IssueChannel.COUNTER if delivery is Delivery.HANDED_OVER else IssueChannel.POST,
        asker=name,
        basis=why.basis,
        delivery=delivery,
        fee_yen=0,
        records=tuple(records),
        purpose=told or why.purpose,
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


def make_again(
    node: Node, operator: Operator, notice_id: str, words: str, *, terminal: str = ""
) -> Refusal | None:
    """Let a notice whose paper was spoiled or lost before it was handed over be owed once more, and note why."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is None and not words.strip():
        refusal = Refusal(Reason.FIELD_MISSING, _NOTICE, "words")
    if refusal is not None:
        return refusal
    with node.store.unit("notices.again") as unit:
        row = owed.lock_printed(unit, notice_id)
        if row is None or not _handed_over(unit, row):
            return _GONE
        people = _records(unit, row.people)
        veil = veil_for(unit, operator, people, node.clock.business_now())
        shut = [subject_of(one) for one in people.values() if veil.touches(one)]
        if not shut:
            if not owed.owe_again(unit, row):
                return Refusal(Reason.NOT_PENDING, _NOTICE, "notice", row.state.upper())
            owed.note_words(unit, notice_id, words[:WORDS_CHARACTERS])
            note_many(
                unit, node, [_fact(operator, one, terminal, "again", notice_id) for one in people.values()]
            )
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
        others = _at_home(unit, record)
    else:
        struck = _struck_with(unit, addressee_number)
        if addressee_number not in struck:
            return Refusal(Reason.CERTIFICATE_NOT_NEEDED, _MOVE_OUT, "addressee_number")
        others = list(kept_residents(unit, node, struck).values())
    people = {
        one.addressee_number: one
        for one in (record, *others)
        if (one.household_number, one.scheduled_move_out, one.living)
        == (record.household_number, record.scheduled_move_out, record.living)
    }
    return tuple(people.values())


def _struck_with(unit: Unit, addressee_number: int) -> tuple[int, ...]:
    """Name whom the last change that struck somebody struck with them, while all may still be certified.

    Whom another town has reported, or who told it too late, is not among them.
    """
    verified = [row for row in register.entries_of(unit, addressee_number) if row.state == "verified"]
    cancelled = {row.cancels for row in verified}
    rows = [row for row in verified if row.kind == ChangeKind.MOVE_OUT.value and row.id not in cancelled]
    struck = read_entry(rows[-1].body) if rows else None
    if struck is None or not left_by_notice(struck):
        return ()
    arrived = upkeep.reported_arrivals(unit, struck.subjects)
    return tuple(number for number in struck.subjects if number not in arrived)


def is_certified(node: Node, addressee_number: int) -> bool:
    """Tell whether a moving-out certificate can be had of somebody; says nothing of anybody that a page does not show."""
    with node.store.reading() as unit:
        return not isinstance(_leaving(unit, node, addressee_number), Refusal)


def issue_move_out(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    handing: Handing,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Issue the moving-out certificate of all who leave together with a resident; what was owed of it is done.

    One that was made already is made again only where the clerk says why.

    Raises: PressFault when the paper could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("notices.look_leaving") as unit:
        people = _leaving(unit, node, addressee_number)
        if isinstance(people, Refusal):
            return people
        known = {one.addressee_number: one for one in (*_at_home(unit, people[0]), *people)}
        made = _made_of(unit, people)
        refusal = check_handing(handing, known)
        if refusal is None and handing.by_hand:
            holder = None if handing.agent.strip() else known.get(handing.taker or 0)
            refusal = card_as_proof(unit, node, handing.proof, handing.card_expires_on, holder, _MOVE_OUT)
        if refusal is None and made and not handing.again.strip():
            refusal = Refusal(Reason.ALREADY_ISSUED, _MOVE_OUT, "again", made[-1])
        subjects = _subjects(unit, node, people, with_numbers=True)
    content = refusal or move_out_certificate(subjects, issuer.place)
    requester = taker_of(handing, [one.addressee_number for one in people])
    taker = known.get(handing.taker or 0, people[0])

    def still_open(unit: Unit) -> bool:
        # Behind the lock of the household: nobody's plan changed while the paper was set, and nobody else made one.
        return _leaving(unit, node, addressee_number) == people and _made_of(unit, people) == made

    def beside(unit: Unit, number: str) -> None:
        entries = {row.id for row in register.entries_of(unit, addressee_number)}
        for row in owed.open_of_entries(unit, sorted(entries)):
            if row.kind == _K.MOVE_OUT.value and addressee_number in row.people:
                owed.note_printed(unit, row.id, number, operator.login_id, node.clock.now())

    return _printed(
        node, operator, why, content, [one.record for one in subjects], by_hand=handing.by_hand, issuer=issuer,
        set_paper=set_paper, still_open=still_open, beside=beside,
        asker=(requester, handing.agent.strip() or taker.name.kanji),
        told=f"再交付：{handing.again[:WORDS_CHARACTERS]}" if made else "",
    )  # fmt: skip


def _at_home(unit: Unit, record: ResidentRecord) -> list[ResidentRecord]:
    return [read_record(one.body) for one in register.household(unit, record.household_number)]
