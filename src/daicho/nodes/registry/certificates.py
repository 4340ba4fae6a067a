"""Certificates at the counter: who may have what, the paper, its line in the book and in the ledger.

The order is: decide, draw the number, set the paper, write book and ledger; only then is the paper handed out.
"""

import hashlib
from base64 import b32encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.cards.shown import card_as_proof
from daicho.nodes.registry.characters import note_missing, own_glyphs, unusual_characters
from daicho.nodes.registry.guarding import KEPT_BACK, measures_about, told_by, veil_for
from daicho.nodes.registry.measures.names import as_compared
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.programmes import items_for_paper
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.stops import stop_of_paper
from daicho.paper.certificate import Certificate
from daicho.paper.workers import Sheet, Unprintable
from daicho.rules.certificates.content import CertificateContent, CertificateItem, CertificateKind
from daicho.rules.certificates.decision import issue_certificate
from daicho.rules.certificates.posting import STATED, address_source
from daicho.rules.certificates.request import (
    CertificateFees,
    CertificateRequest,
    CertificateRequester,
    CertificateSubject,
    Delivery,
    IssueChannel,
)
from daicho.rules.certificates.text import tells_place
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.programmes.item import with_programmes
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.record import ResidentRecord
from daicho.store import certificates, register
from daicho.store.certificates import CertificateRow
from daicho.store.unit import Unit

SHOWN_ROWS = 100
TRAINING_PREFIX = "KENSHU-"
_NO_PROOF = "研修用（証明書の効力なし）"  # in the place of what a book could confirm
MARK_BYTES = 15  # 120 bits, 24 characters: nobody guesses the code of a paper that was never handed out
_COPIES = juki("12")
# Whoever asks by the right of the person or the household; nobody else is shown the pension's number (own).
_OWN_RIGHT = (CertificateRequester.SELF, CertificateRequester.SAME_HOUSEHOLD, CertificateRequester.AGENT)
SetPaper = Callable[[Certificate], Sheet | Unprintable]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: the town's name as it stands before addresses, the mayor, the fees, whom letters name for questions."""

    place: str
    title: str
    name: str
    fees: CertificateFees
    contact: str = ""


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper that was issued, and what the clerk should know of it."""

    number: str
    pdf: bytes
    fee_yen: int
    delivery: Delivery
    withheld: frozenset[CertificateItem]


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A paper that was decided and is not printed yet; `records` are the people on it."""

    content: CertificateContent
    requester: CertificateRequester
    channel: IssueChannel
    asker: str
    basis: str
    delivery: Delivery
    fee_yen: int
    records: tuple[ResidentRecord, ...]
    purpose: str = ""
    items: tuple[str, ...] = ()
    withheld: frozenset[CertificateItem] = frozenset()
    imprint: bytes | None = None
    send_to: str = ""


@dataclass(frozen=True, slots=True)
class VerifiedPaper:
    """What the book says of a paper that somebody has in hand."""

    number: str
    kind: CertificateKind
    issued_on: date
    names: tuple[str, ...]


def issue(
    node: Node,
    operator: Operator,
    request: CertificateRequest,
    about: int,
    why: Purpose,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
    also_so: Callable[[Unit], bool] = lambda _unit: True,
    beside: Callable[[Unit, str], None] = lambda _unit, _number: None,
) -> IssuedPaper | Refusal:
    """Issue one certificate of the household of a resident; a refusal leaves a ledger line, too.

    What follows from elsewhere is asked once more (`also_so`) and written (`beside`) in the unit of the book.

    Raises: PressFault when the paper could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    subjects = _subjects(node, request, about)
    if not subjects:
        return Refusal(Reason.NOT_FOUND, _COPIES, "addressee_number")
    with node.store.reading() as unit:
        guard = guard_of(unit, node, operator, [one.record for one in subjects])
        measures, compared = _as_compared(unit, guard.measures, request)
    if guard.shut:
        return refused_paper(node, operator, why, subjects[0].record, KEPT_BACK)
    today = node.clock.business_today()
    issued = issue_certificate(compared, subjects, measures, today, place=issuer.place, telling=guard.telling)
    if isinstance(issued, Refusal):
        return refused_paper(node, operator, why, subjects[0].record, issued)
    if guard.keeps_back(issued.content):
        return refused_paper(node, operator, why, subjects[0].record, KEPT_BACK)
    on_paper = [one.record for one in subjects if one.record.addressee_number in issued.people]
    with node.store.reading() as unit:
        stop = stop_of_paper(unit, on_paper, today) or _card_shown(
            unit, node, request, subjects, issued.basis
        )
    if stop is not None:
        return refused_paper(node, operator, why, subjects[0].record, stop)
    fee_yen = issuer.fees.fee_yen(request)
    if isinstance(fee_yen, Refusal):
        return refused_paper(node, operator, why, subjects[0].record, fee_yen)
    paper = ToPrint(
        content=issued.content,
        requester=request.requester,
        channel=request.channel,
        asker=request.asker.name,
        basis=str(issued.basis),
        delivery=issued.delivery,
        fee_yen=fee_yen,
        records=tuple(on_paper),
        purpose=request.purpose,
        items=tuple(sorted(item.value for item in request.items)),
        withheld=issued.withheld,
        send_to=_send_to(request, issued.delivery),
    )
    return print_and_book(
        node, operator, why, paper, issuer=issuer, set_paper=set_paper,
        still_so=lambda unit: guard_of(unit, node, operator, [one.record for one in subjects]) == guard
        and stop_of_paper(unit, on_paper, today) is None and also_so(unit),
        beside=beside,
    )  # fmt: skip


def _card_shown(
    unit: Unit,
    node: Node,
    request: CertificateRequest,
    subjects: Sequence[CertificateSubject],
    basis: Article,
) -> Refusal | None:
    """Refuse a number card at the counter or in a letter that proves nothing; other ways read the card itself."""
    if request.channel not in (IssueChannel.COUNTER, IssueChannel.POST):
        return None
    known = {one.record.addressee_number: one.record for one in subjects}
    holder = known.get(request.asker.addressee_number or 0)
    return card_as_proof(unit, node, request.proof, request.card_expires_on, holder, basis)


def _send_to(request: CertificateRequest, delivery: Delivery) -> str:
    """Tell whither a requester wants a paper sent; whoever is written to at the registered address is not asked."""
    source = address_source(request.kind, delivery, request.requester)
    posted = request.channel is IssueChannel.POST
    return (request.send_to or request.asker.address) if posted and source in STATED else ""


def _as_compared(
    unit: Unit, measures: Sequence[ProtectionMeasure], request: CertificateRequest
) -> tuple[tuple[ProtectionMeasure, ...], CertificateRequest]:
    """Give measures and a request for comparing who asks: the book keeps the names as they were given."""
    asker, principal = request.asker, request.principal
    guarding, people = as_compared(unit, measures, (asker,) if principal is None else (asker, principal))
    return guarding, replace(request, asker=people[0], principal=None if principal is None else people[1])


def print_and_book(
    node: Node,
    operator: Operator,
    why: Purpose,
    paper: ToPrint,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
    still_so: Callable[[Unit], bool],
    beside: Callable[[Unit, str], None] = lambda _unit, _number: None,
) -> IssuedPaper | Refusal:
    """Draw the number of a paper that was decided, set it, and write book and ledger; `beside` writes in their unit.

    A measure that began while the paper was set holds for this paper: `still_so` asks once more, behind the lock at
    which one that begins now waits.

    Raises: PressFault when the paper could not be set for a reason that lies with us.
    """
    with node.store.unit("paper.number") as unit:
        number = certificates.draw_number(unit, node.clock.business_today().year)
    if node.training:
        number = f"{TRAINING_PREFIX}{number}"
    mark = b32encode(node.clock.token(MARK_BYTES)).decode()
    sheet = set_sheet(node, _paper(node, number, mark, paper, issuer), set_paper, paper.records)
    if isinstance(sheet, Unprintable):
        return Refusal(Reason.CHARACTER_MISSING, _COPIES, "name", sheet.missing[0].code_points)
    if sheet.specimen and not node.training:
        return Refusal(Reason.FONT_MISSING, _COPIES, "font")
    row = CertificateRow(
        number=number,
        kind=paper.content.kind.value,
        requester=paper.requester.value,
        channel=paper.channel.value,
        asker=paper.asker,
        basis=paper.basis,
        purpose=paper.purpose,
        items=list(paper.items),
        delivery=paper.delivery.value,
        fee_yen=paper.fee_yen,
        issued_on=node.clock.business_today(),
        issued_at=node.clock.now(),
        issued_by=operator.login_id,
        terminal=why.terminal,
        mark=_hash(mark),
        send_to=paper.send_to,
    )
    people = [(one.addressee_number, one.name.kanji) for one in paper.records]
    with node.store.unit("paper.issue") as unit:
        register.lock_concerned(unit, households={one.household_number for one in paper.records}, codes=())
        if not still_so(unit):
            return Refusal(Reason.CHANGED_SINCE, _COPIES, "addressee_number")
        certificates.keep_certificate(unit, row, people)
        beside(unit, number)
        event, detail = Event.CERTIFICATE_HANDED_OUT, {"number": number}
        facts = [_fact(event, operator, why, one, outcome="issued", detail=detail) for one in paper.records]
        note_many(unit, node, facts)
    return IssuedPaper(number, sheet.pdf, paper.fee_yen, paper.delivery, paper.withheld)


@dataclass(frozen=True, slots=True)
class Guard:
    """What protection says of a desk: whether it is shut, which measures hold, and which places a record may tell.

    `telling` names for each record of whom and where; `kept_back` are those that the operator may not read.
    """

    shut: bool
    measures: tuple[ProtectionMeasure, ...]
    telling: Mapping[int, Mapping[int, frozenset[str]]]
    kept_back: frozenset[str]

    def keeps_back(self, content: CertificateContent) -> bool:
        """Tell whether a paper would say what its operator may not read: what is not printed shuts no desk."""
        return tells_place(content, self.kept_back)


def guard_of(unit: Unit, node: Node, operator: Operator, records: Sequence[ResidentRecord]) -> Guard:
    """Ask what protection says of a desk on which these records lie."""
    people, at = [one.addressee_number for one in records], node.clock.business_now()
    veil = veil_for(unit, operator, people, at)
    telling = told_by(unit, people)
    concerned = {*people, *(number for told in telling.values() for number in told)}
    kept_back = frozenset[str]().union(*veil.places.values())
    return Guard(bool(veil.hidden), measures_about(unit, concerned), telling, kept_back)


def _subjects(node: Node, request: CertificateRequest, about: int) -> tuple[CertificateSubject, ...]:
    """Read the person, first, and everybody of the household, with their numbers where one is asked for."""
    with node.store.unit("paper.look") as unit:
        held = register.resident(unit, about)
        if held is None:
            return ()
        person = read_record(held.body)
        household = [read_record(one.body) for one in register.household(unit, person.household_number)]
        records = {one.addressee_number: one for one in (person, *household)}
        if CertificateItem.PROGRAMMES in request.items:
            items, own = items_for_paper(unit, records), request.requester in _OWN_RIGHT
            records = {
                number: with_programmes(one, items.get(number, ()), numbers=own)
                for number, one in records.items()
            }
        numbers = {}
        if CertificateItem.INDIVIDUAL_NUMBER in request.items:
            numbers = numbers_of(unit, node.vault, list(records.values()))
    return tuple(
        CertificateSubject(one, numbers.get(one.resident_record_code) if one.resident_record_code else None)
        for one in records.values()
    )


def _paper(node: Node, number: str, mark: str, paper: ToPrint, issuer: Issuer) -> Certificate:
    verification = f"DAICHO {number} {mark}"
    return Certificate(
        content=paper.content,
        issuer_title=issuer.title,
        issuer_name=issuer.name,
        issued_on=node.clock.business_today(),
        number=number,
        verification=_NO_PROOF if node.training else verification,
        imprint=paper.imprint,
        training=node.training,
    )


def set_sheet(
    node: Node, paper: Certificate, set_paper: SetPaper, records: Sequence[ResidentRecord]
) -> Sheet | Unprintable:
    """Set a paper with the town's own characters; each that nobody can show opens a case."""
    own = own_glyphs(node, unusual_characters(paper.content))
    sheet = set_paper(replace(paper, own=own))
    if isinstance(sheet, Unprintable):
        # What the national list knows and the font lacks may have been drawn, too.
        drawn = own_glyphs(node, {one.character for one in sheet.missing} - {one.character for one in own})
        if drawn:
            sheet = set_paper(replace(paper, own=(*own, *drawn)))
    if isinstance(sheet, Unprintable):
        note_missing(node, [one.character for one in sheet.missing], records)
    return sheet


def refused_paper(
    node: Node, operator: Operator, why: Purpose, record: ResidentRecord, refusal: Refusal
) -> Refusal:
    """Give a refusal; that a paper was asked for in vain leaves a line."""
    with node.store.unit("paper.refused") as unit:
        fact = _fact(Event.CERTIFICATE_REFUSED, operator, why, record, outcome=refusal.reason.value)
        note_many(unit, node, [fact])
    return refusal


def _fact(
    event: Event,
    operator: Operator,
    why: Purpose,
    record: ResidentRecord,
    *,
    outcome: str,
    detail: dict[str, str] | None = None,
) -> Fact:
    return fact_by(
        operator,
        event,
        terminal=why.terminal,
        purpose=why.purpose,
        basis=why.basis,
        subject=subject_of(record),
        outcome=outcome,
        detail=detail,
    )


def certificate_history(
    node: Node, operator: Operator, addressee_number: int
) -> tuple[CertificateRow, ...] | Refusal:
    """List what was issued of somebody, newest first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        return tuple(certificates.certificates_of(unit, addressee_number, limit_rows=SHOWN_ROWS))


def verify_paper(node: Node, text: str) -> VerifiedPaper | Refusal:
    """Tell whoever has a paper in hand what the book says of it; the text of its 2D code proves the having.

    The book of a training copy confirms nothing.
    """
    words = text.split()
    if node.training or len(words) != len(("DAICHO", "number", "mark")) or words[0] != "DAICHO":
        return Refusal(Reason.NOT_FOUND, _COPIES, "verification")
    with node.store.reading() as unit:
        found = certificates.certificate(unit, words[1])
    if found is None or found[0].mark != _hash(words[2]):
        return Refusal(Reason.NOT_FOUND, _COPIES, "verification")
    row, names = found
    return VerifiedPaper(row.number, CertificateKind(row.kind), row.issued_on, tuple(names))


def _hash(mark: str) -> bytes:
    return hashlib.sha256(b"daicho paper " + mark.encode()).digest()
