"""Who may have a seal certificate, and what it says.  印鑑登録証明書"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daicho.rules.certificates.content import (
    CertificateContent,
    CertificateItem,
    CertificateKind,
    PrintedItem,
    PrintedPerson,
)
from daicho.rules.certificates.request import (
    PHOTO_PROOFS,
    CertificateRequester,
    CertificateSubject,
    IdentityProof,
    IssueChannel,
)
from daicho.rules.certificates.text import address_text, item_text
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.protection.measure import (
    AskingPerson,
    GuardedRequest,
    ProtectionMeasure,
    Scrutiny,
    decide_on_request,
)
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import CERTIFICATION, SealOrdinance
from daicho.rules.seals.registration import SealRegistration, SealState, check_card

_I = CertificateItem
_BEARERS = (CertificateRequester.SELF, CertificateRequester.AGENT)


@dataclass(frozen=True, slots=True)
class SealCertificateRequest:
    """A request for a seal certificate: against the registration card, or the number card where a town takes it.  請求

    Whoever brings the card may have the certificate; no power of attorney is asked for.
    Law: 印鑑登録証明事務処理要領 (印鑑登録証明)
    """

    requester: CertificateRequester
    asker: AskingPerson
    card_number: str = ""
    by_number_card: bool = False
    proof: IdentityProof = IdentityProof.NONE
    channel: IssueChannel = IssueChannel.COUNTER
    show_sex: bool = False
    strictly_examined: bool = False
    card_expires_on: date | None = None  # 有効期限 of a number card by its face


def seal_certificate(
    request: SealCertificateRequest,
    registration: SealRegistration | None,
    record: ResidentRecord,
    measures: Iterable[ProtectionMeasure],
    ordinance: SealOrdinance,
    on: date,
    *,
    place: str,
) -> CertificateContent | Refusal:
    """Decide one request for a seal certificate and write what it says.

    Law: 印鑑登録証明事務処理要領 (印鑑登録証明); 住民基本台帳事務処理要領 第6の10 for protected persons.
    """
    if registration is None or registration.state is SealState.ENDED:
        return Refusal(Reason.SEAL_NOT_REGISTERED, CERTIFICATION, "registration")
    refusal = (
        _check_way(request)
        or _check_card(request, registration, ordinance)
        or _check_standing(registration, record)
        or _check_protection(request, record, tuple(measures), on)
    )
    if refusal is not None:
        return refusal
    if request.show_sex and not ordinance.sex_printed:
        return Refusal(Reason.ITEM_FORBIDDEN, CERTIFICATION, "items", _I.SEX.value)
    return _content(request, registration, record, place)


def _check_way(request: SealCertificateRequest) -> Refusal | None:
    if request.channel is not IssueChannel.COUNTER:
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, CERTIFICATION, "channel")
    if request.requester not in _BEARERS:
        return Refusal(Reason.NOT_ENTITLED, CERTIFICATION, "requester")
    if not request.asker.name.strip():
        return Refusal(Reason.FIELD_MISSING, CERTIFICATION, "asker")
    return None


def _check_card(
    request: SealCertificateRequest, registration: SealRegistration, ordinance: SealOrdinance
) -> Refusal | None:
    if not request.by_number_card:
        return check_card(registration, request.card_number)
    if not ordinance.number_card_accepted:
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, CERTIFICATION, "by_number_card")
    own = request.requester is CertificateRequester.SELF
    if not own or request.proof is not IdentityProof.CARD:
        return Refusal(Reason.IDENTITY_NOT_PROVEN, CERTIFICATION, "proof")
    return None


def _check_standing(registration: SealRegistration, record: ResidentRecord) -> Refusal | None:
    if registration.state is SealState.SUSPENDED:
        return Refusal(Reason.SEAL_SUSPENDED, CERTIFICATION, "registration")
    if not record.living:
        return Refusal(Reason.NOT_LIVING, CERTIFICATION, "addressee_number")
    if record.processing_hold:
        return Refusal(Reason.PROCESSING_HELD, CERTIFICATION, "addressee_number")
    return None


def _check_protection(
    request: SealCertificateRequest,
    record: ResidentRecord,
    measures: tuple[ProtectionMeasure, ...],
    on: date,
) -> Refusal | None:
    # By one member's address whoever asks learns where the others live: a measure of the household counts as well.
    own = request.requester is CertificateRequester.SELF
    for measure in measures:
        about = frozenset((record.addressee_number,)) | (frozenset() if own else measure.people)
        guarded = GuardedRequest((request.asker,), about, CERTIFICATION, request.proof in PHOTO_PROOFS)
        answer = decide_on_request(measure, guarded, on)
        if isinstance(answer, Refusal):
            return answer
        if answer is Scrutiny.STRICT and not request.strictly_examined:
            return Refusal(Reason.REQUEST_NOT_JUSTIFIED, CERTIFICATION, "purpose")
    return None


def _content(
    request: SealCertificateRequest, registration: SealRegistration, record: ResidentRecord, place: str
) -> CertificateContent:
    subject = CertificateSubject(record)
    items = [_I.BIRTH_DATE]
    if record.name.former_surname is not None:
        items.append(_I.FORMER_SURNAME)
    if record.foreign is not None and record.name.alias:
        items.append(_I.ALIAS)
    if request.show_sex:
        items.append(_I.SEX)
    items.append(_I.ADDRESS)
    return CertificateContent(
        kind=CertificateKind.SEAL,
        address=address_text(record, place),
        householder_name=None,
        people=(
            PrintedPerson(
                name=record.name.kanji,
                name_reading=registration.katakana,
                items=tuple(PrintedItem(item, item_text(item, subject, place)) for item in items),
            ),
        ),
    )
