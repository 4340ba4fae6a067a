"""What is written about one resident: papers of a seal's application, a changed address certified.  印鑑・住居表示の文書"""

from dataclasses import dataclass
from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_record, read_request
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
from daicho.nodes.registry.correspondence.writing import About, WrittenLetter, write_letter, written
from daicho.nodes.registry.guarding import KEPT_BACK, kept_resident
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.request import CertificateRequester, Delivery, IdentityProof, IssueChannel
from daicho.rules.correspondence.households import renamed_certificate, renamings_of_home
from daicho.rules.correspondence.seals import seal_guarantee, seal_inquiry
from daicho.rules.law.article import juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord
from daicho.store import areas, correspondence, seals
from daicho.store.unit import Unit

_RENAMED = juki_order("12")
_GONE = Refusal(Reason.NOT_FOUND, _RENAMED, "addressee_number")
_NO_REQUEST = Refusal(Reason.NOT_PENDING, _RENAMED, "paper")


@dataclass(frozen=True, slots=True)
class Renaming:
    """How a resident's home was called before a change of names, and since when otherwise."""

    before: str
    after: str
    on: date


@dataclass(frozen=True, slots=True)
class PersonLetters:
    """What can be written about one resident: an inquiry while one is open, certificates of changed names, newest first."""

    inquiry_until: date | None
    letters: tuple[WrittenLetter, ...]
    renamings: tuple[Renaming, ...]


@dataclass(frozen=True, slots=True)
class RenamedAsker:
    """Who asks for the certificate of a changed name, how they proved who they are, of which change from the newest on."""

    requester: CertificateRequester
    name: str
    proof: IdentityProof
    place: int = 0
    authority_shown: bool = False
    card_expires_on: date | None = None


def person_letters(node: Node, operator: Operator, addressee_number: int) -> PersonLetters | Refusal:
    """Tell what can be written about a resident whom the operator has opened."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.unit("letters.look") as unit:
        held = kept_resident(unit, node, addressee_number)
        if held is None:
            return _GONE
        record = read_record(held.body)
        if guard_of(unit, node, operator, [record]).shut:
            return KEPT_BACK
        row = seals.open_request_of(unit, addressee_number)
        request = read_request(row.body) if row is not None else None
        letters = correspondence.letters_of_request(unit, row.id) if row is not None else []
        entries = _renamings(unit, record)
    until = request.answer_by if request is not None and request.awaits_answer else None
    return PersonLetters(
        until,
        tuple(written(one, post, hidden=False) for one, post in letters),
        tuple(one for entry in entries if (one := _renaming(record, entry)) is not None),
    )


def _renamings(unit: Unit, record: ResidentRecord) -> tuple[Entry, ...]:
    bodies = areas.renamings_of(unit, [record.addressee_number]).get(record.addressee_number, [])
    return renamings_of_home(record, [read_entry(body) for body in bodies])


def _renaming(record: ResidentRecord, entry: Entry) -> Renaming | None:
    for before, after in entry.pairs():
        if before is not None and after.addressee_number == record.addressee_number:
            return Renaming(
                before.current_address.one_line(), after.current_address.one_line(), entry.change_date
            )
    return None


def write_seal_inquiry(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Write the letter of inquiry of the application that waits for its answer; not twice while one lies here.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.unit("letters.inquire") as unit:
        held = kept_resident(unit, node, addressee_number)
        row = seals.open_request_of(unit, addressee_number)
        twice = row is not None and _lies_here(unit, row.id)
    if held is None:
        return _GONE
    record = read_record(held.body)
    content = seal_inquiry(read_request(row.body), record, issuer.place) if row is not None else _NO_REQUEST
    if isinstance(content, Refusal):
        return refused_paper(node, operator, why, record, content)

    def still_so(unit: Unit) -> bool:
        now = kept_resident(unit, node, addressee_number)
        return (
            now == held
            and seals.open_request_of(unit, addressee_number) == row
            and not (row is not None and _lies_here(unit, row.id))
        )

    if twice:
        return Refusal(Reason.ALREADY_ISSUED, _RENAMED, "paper")
    request_id = row.id if row is not None else None
    about = About(record.household_number, request_id=request_id, to=addressee_number)
    return write_letter(
        node, operator, why, content, [record], about, issuer=issuer, set_paper=set_paper, still_so=still_so
    )


def _lies_here(unit: Unit, request_id: str) -> bool:
    """Tell whether the letter of a request was written and is neither sent nor destroyed."""
    return any(one.state == "MADE" for one, _ in correspondence.letters_of_request(unit, request_id))


def write_guarantee(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Make the form of a guarantee for somebody who applies.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        held = kept_resident(unit, node, addressee_number)
    if held is None:
        return _GONE
    record = read_record(held.body)
    if not record.living:
        return refused_paper(node, operator, why, record, Refusal(Reason.NOT_LIVING, _RENAMED, "paper"))
    return write_letter(
        node, operator, why, seal_guarantee(record, issuer.place), [record], About(record.household_number), issuer=issuer,
        set_paper=set_paper, still_so=lambda unit: kept_resident(unit, node, addressee_number) == held,
    )  # fmt: skip


def certify_renaming(
    node: Node,
    operator: Operator,
    addressee_number: int,
    asker: RenamedAsker,
    why: Purpose,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Certify without a fee how somebody's home was called before; of whom a measure covers to themselves alone.

    Raises: PressFault when it could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        held = kept_resident(unit, node, addressee_number)
        if held is None:
            return _GONE
        record = read_record(held.body)
        guard = guard_of(unit, node, operator, [record])
        entries = _renamings(unit, record)
        holder = record if asker.requester is CertificateRequester.SELF else None
        card = card_as_proof(unit, node, asker.proof, asker.card_expires_on, holder, _RENAMED)
    if guard.shut or (guard.measures and asker.requester is not CertificateRequester.SELF):
        return refused_paper(node, operator, why, record, KEPT_BACK)
    refusal = _check_asker(asker) or card
    found = entries[asker.place] if 0 <= asker.place < len(entries) else None
    content = renamed_certificate(record, found, issuer.place) if found is not None else None
    if content is None:
        refusal = refusal or Refusal(Reason.NOT_FOUND, _RENAMED, "renaming")
    if refusal is not None or content is None:
        return refused_paper(node, operator, why, record, refusal or _GONE)
    if guard.keeps_back(content):
        return refused_paper(node, operator, why, record, KEPT_BACK)
    paper = ToPrint(
        content=content,
        requester=asker.requester,
        channel=IssueChannel.COUNTER,
        asker=asker.name or record.name.kanji,
        basis=str(_RENAMED),
        delivery=Delivery.HANDED_OVER,
        fee_yen=0,
        records=(record,),
        purpose=why.purpose,
    )
    return print_and_book(
        node, operator, why, paper, issuer=issuer, set_paper=set_paper,
        still_so=lambda unit: guard_of(unit, node, operator, [record]) == guard
        and kept_resident(unit, node, addressee_number) == held,
    )  # fmt: skip


def _check_asker(asker: RenamedAsker) -> Refusal | None:
    own = (CertificateRequester.SELF, CertificateRequester.SAME_HOUSEHOLD)
    if asker.requester not in (*own, CertificateRequester.AGENT):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _RENAMED, "requester")
    if asker.proof is IdentityProof.NONE:
        return Refusal(Reason.IDENTITY_NOT_PROVEN, _RENAMED, "proof")
    if asker.requester is not CertificateRequester.SELF and not asker.name.strip():
        return Refusal(Reason.FIELD_MISSING, _RENAMED, "asker")
    if asker.requester is CertificateRequester.AGENT and not asker.authority_shown:
        return Refusal(Reason.AUTHORITY_NOT_SHOWN, _RENAMED, "authority_shown")
    return None
