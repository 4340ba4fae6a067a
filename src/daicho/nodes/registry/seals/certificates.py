"""Seal certificates at the counter: decided, printed with the seal as large as it is, in both books.  印鑑登録証明書"""

from dataclasses import replace

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, read_registration
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
from daicho.nodes.registry.guarding import KEPT_BACK, kept_resident
from daicho.nodes.registry.measures.names import as_compared
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.stops import as_stopped, stop_of_paper
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import CertificateRequester, Delivery
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.processing import StopKind
from daicho.rules.seals.certificate import SealCertificateRequest, seal_certificate
from daicho.rules.seals.ordinance import CERTIFICATION, SealOrdinance
from daicho.store import seals
from daicho.store.unit import Unit


def issue_seal_certificate(
    node: Node,
    operator: Operator,
    request: SealCertificateRequest,
    about: int,
    why: Purpose,
    *,
    issuer: Issuer,
    ordinance: SealOrdinance,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Issue one certificate of somebody's seal against the card; a refusal leaves a ledger line, too.

    Raises: PressFault when the paper could not be set for a reason that lies with us.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_purpose(why.purpose, why.basis)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    with node.store.unit("seals.paper") as unit:
        held = kept_resident(unit, node, about)
        if held is None:
            return Refusal(Reason.NOT_FOUND, CERTIFICATION, "addressee_number")
        record = as_stopped(unit, StopKind.PAPERS, read_record(held.body), today)
        guard = guard_of(unit, node, operator, [record])
        measures, asking = as_compared(unit, guard.measures, (request.asker,))
        rows = seals.standing_of(unit, [about])
        registration = read_registration(rows[0].body) if rows else None
        imprint = seals.image(unit, rows[0].image_id) if rows else None
        holder = record if request.requester is CertificateRequester.SELF else None
        card = card_as_proof(unit, node, request.proof, request.card_expires_on, holder, CERTIFICATION)
    if guard.shut:
        return refused_paper(node, operator, why, record, KEPT_BACK)
    compared = replace(request, asker=asking[0])
    content = seal_certificate(compared, registration, record, measures, ordinance, today, place=issuer.place)
    if isinstance(content, Refusal):
        return refused_paper(node, operator, why, record, content)
    if card is not None:
        return refused_paper(node, operator, why, record, card)
    if guard.keeps_back(content):
        return refused_paper(node, operator, why, record, KEPT_BACK)
    fee_yen = issuer.fees.amount_yen(CertificateKind.SEAL, request.channel)
    if isinstance(fee_yen, Refusal):
        return refused_paper(node, operator, why, record, fee_yen)
    paper = ToPrint(
        content=content,
        requester=request.requester,
        channel=request.channel,
        asker=request.asker.name,
        basis=str(CERTIFICATION),
        delivery=Delivery.HANDED_OVER,
        fee_yen=fee_yen,
        records=(record,),
        items=(CertificateItem.SEX.value,) if request.show_sex else (),
        imprint=imprint,
    )
    registered = rows[0].number

    def still_so(unit: Unit) -> bool:
        # A seal that was stopped or ended while the paper was set is certified by nobody.
        seals.hold_people(unit, [about])
        still = guard_of(unit, node, operator, [record]) == guard and seals.standing_of(unit, [about]) == rows
        return still and stop_of_paper(unit, [record], today) is None

    return print_and_book(
        node, operator, why, paper, issuer=issuer, set_paper=set_paper,
        still_so=still_so,
        beside=lambda unit, number: seals.keep_seal_paper(unit, number, registered),
    )  # fmt: skip
