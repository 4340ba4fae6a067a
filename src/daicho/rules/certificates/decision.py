"""Who may get what on paper?  証明書の交付

The order of the checks is: what is asked for, whose, by whom, by which way, what protection says, which items.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import (
    PHOTO_PROOFS,
    CertificateRequest,
    CertificateRequester,
    CertificateSubject,
    Delivery,
    IdentityProof,
    IssueChannel,
    IssuedCertificate,
    Judgement,
)
from daicho.rules.certificates.text import content_of, in_order, items_of_record, told_on_paper
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import REMOVED_RECORD, REMOVED_RECORDS, retention_over
from daicho.rules.protection.measure import (
    GuardedRequest,
    ProtectionMeasure,
    Scrutiny,
    decide_on_request,
    hidden_people,
)
from daicho.rules.register.reasons import ChangeReason

_OWN, _PUBLIC, _OTHERS, _WIDE, _REMOVED = juki("12"), juki("12-2"), juki("12-3"), juki("12-4"), juki("15-4")
_HOLD = juki("8")
_I, _K, _R, _C = CertificateItem, CertificateKind, CertificateRequester, IssueChannel
_OF_THE_DEAD = frozenset((_K.REMOVED_COPY, _K.REWRITTEN_COPY))
_ISSUED = frozenset((_K.HOUSEHOLD_COPY, _K.PERSONAL_COPY, _K.RECORDED_ITEMS)) | _OF_THE_DEAD
_KINDS_OF = {
    _C.COUNTER: _ISSUED,
    _C.POST: _ISSUED,
    _C.KIOSK: _ISSUED - _OF_THE_DEAD,
    _C.WIDE_AREA: frozenset((_K.HOUSEHOLD_COPY, _K.PERSONAL_COPY)),
}
_AS_OF_RIGHT = frozenset((_R.SELF, _R.SAME_HOUSEHOLD))
_ON_GROUNDS = frozenset((_R.THIRD_PARTY, _R.PROFESSIONAL))
_NUMBERS = frozenset((_I.INDIVIDUAL_NUMBER, _I.RECORD_CODE))
# 基礎証明事項 (法12条の3第1項, 第30条の51): 法7条1号–3号, 6号–8号; former surname and alias stand with the name.
BASE_ITEMS = frozenset(
    (
        _I.BIRTH_DATE, _I.SEX, _I.ADDRESS, _I.RESIDENT_SINCE, _I.ADDRESS_SINCE, _I.NOTIFIED_ON, _I.PREVIOUS_ADDRESS,
        _I.FORMER_SURNAME, _I.ALIAS, _I.ROMAN_NAME, _I.FOREIGN_SINCE,
    )
)  # fmt: skip
_FOUR_ITEMS = frozenset((_I.BIRTH_DATE, _I.SEX, _I.ADDRESS))
_OF_REMOVAL = frozenset((_I.REMOVAL, _I.MOVE_OUT_TO, _I.MOVE_OUT_ON))
# 法12条の4: 法7条5号, 9号–12号, 14号 never leave by way of another town.
_NOT_WIDE_AREA = frozenset(
    (
        _I.REGISTERED_DOMICILE, _I.FAMILY_REGISTER_HEAD, _I.PROGRAMMES, _I.REMARKS, _I.ALIAS_HISTORY, _I.REMOVAL,
        _I.MOVE_OUT_TO, _I.MOVE_OUT_ON,
    )
)  # fmt: skip
_NOT_AT_KIOSK = frozenset((_I.RECORD_CODE,))


def issue_certificate(
    request: CertificateRequest,
    subjects: Iterable[CertificateSubject],
    measures: Iterable[ProtectionMeasure],
    on: date,
    *,
    place: str = "",
    telling: Mapping[int, Mapping[int, frozenset[str]]] = MappingProxyType({}),
) -> IssuedCertificate | Refusal:
    """Decide one request for a copy or a certificate; `place` is the town's name as printed before addresses.

    `telling` names, for people who once lived with somebody protected, whose places their records may tell.

    Law: 住民基本台帳法 第12条, 第12条の2, 第12条の3, 第12条の4, 第15条の4
    """
    desk, guarding = tuple(subjects), tuple(measures)
    basis = basis_of(request)
    refusal = _check_way(request, basis)
    if refusal is not None:
        return refusal
    wanted = _wanted(request, desk, basis)
    if isinstance(wanted, Refusal):
        return wanted
    refusal = (
        _check_proof(request, basis)
        or _check_right(request, wanted, desk, basis)
        or _check_grounds(request, basis)
        or _check_stops(request, wanted, desk, guarding, on)
        or _check_protection(request, wanted, desk, guarding, on, telling)
        or _check_items(request, wanted, basis)
        or _check_retention(wanted, on)
    )
    if refusal is not None:
        return refusal
    shown = _shown(request)
    had = frozenset[CertificateItem]().union(*(items_of_record(one) for one in wanted))
    return IssuedCertificate(
        content=content_of(request.kind, wanted, shown, place),
        people=tuple(one.record.addressee_number for one in wanted),
        basis=basis,
        delivery=_delivery(request),
        withheld=request.items & had - shown,
    )


def basis_of(request: CertificateRequest) -> Article:
    """Name the article under which a request comes.

    Law: 住民基本台帳法 第12条–第12条の4, 第15条の4
    """
    if request.kind in _OF_THE_DEAD:
        return _REMOVED
    if request.channel is _C.WIDE_AREA:
        return _WIDE
    if request.requester is _R.PUBLIC:
        return _PUBLIC
    return _OTHERS if request.requester in _ON_GROUNDS else _OWN


def _check_way(request: CertificateRequest, basis: Article) -> Refusal | None:
    if request.kind not in _ISSUED:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, basis, "kind")
    apart = request.channel in (_C.KIOSK, _C.WIDE_AREA)
    if request.kind not in _KINDS_OF[request.channel] or (apart and request.requester not in _AS_OF_RIGHT):
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, basis, "channel")
    return None


def _wanted(
    request: CertificateRequest, desk: tuple[CertificateSubject, ...], basis: Article
) -> tuple[CertificateSubject, ...] | Refusal:
    numbers = request.people or _meant(request, desk)
    if not numbers:
        return Refusal(Reason.FIELD_MISSING, basis, "people")
    by_number = {one.record.addressee_number: one for one in desk}
    if any(number not in by_number for number in numbers):
        return Refusal(Reason.NOT_FOUND, basis, "people")
    found = in_order(by_number[number] for number in dict.fromkeys(numbers))
    if request.kind is _K.REWRITTEN_COPY:
        if any(one.rewritten_on is None for one in found):
            return Refusal(Reason.NOT_FOUND, basis, "people")
    elif request.kind is _K.REMOVED_COPY:
        if any(one.record.living for one in found):
            return Refusal(Reason.NOT_FOUND, basis, "people")
    elif any(not one.record.living for one in found):
        return Refusal(Reason.NOT_LIVING, basis, "people")
    if request.kind is _K.HOUSEHOLD_COPY and len({one.record.household_number for one in found}) > 1:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, basis, "people")
    return found


def _meant(request: CertificateRequest, desk: tuple[CertificateSubject, ...]) -> tuple[int, ...]:
    """Name whom a request means that names nobody: all who live in the household, or the person alone."""
    number = _entitled_number(request)
    own = next((one.record for one in desk if one.record.addressee_number == number), None)
    if own is None:
        return ()
    if request.kind is not _K.HOUSEHOLD_COPY:
        return (own.addressee_number,)
    return tuple(
        one.record.addressee_number
        for one in desk
        if one.record.living and one.record.household_number == own.household_number
    )


def _entitled_number(request: CertificateRequest) -> int | None:
    """Name the resident whose own right a request uses."""
    if request.requester in _AS_OF_RIGHT:
        return request.asker.addressee_number
    if request.requester is _R.AGENT and request.principal is not None:
        return request.principal.addressee_number
    return None


def _check_proof(request: CertificateRequest, basis: Article) -> Refusal | None:
    enough = {
        _C.KIOSK: frozenset((IdentityProof.CARD,)),
        _C.WIDE_AREA: PHOTO_PROOFS,
    }.get(request.channel, PHOTO_PROOFS | {IdentityProof.DOCUMENTS})
    return None if request.proof in enough else Refusal(Reason.IDENTITY_NOT_PROVEN, basis, "proof")


def _check_right(
    request: CertificateRequest,
    wanted: tuple[CertificateSubject, ...],
    desk: tuple[CertificateSubject, ...],
    basis: Article,
) -> Refusal | None:
    if request.requester not in _AS_OF_RIGHT | {_R.AGENT}:
        return None
    refused = Refusal(Reason.NOT_ENTITLED, basis, "requester")
    if request.requester is _R.AGENT:
        if not request.authority_shown:
            return Refusal(Reason.AUTHORITY_NOT_SHOWN, basis, "authority_shown")
        if request.principal is None:
            return Refusal(Reason.FIELD_MISSING, basis, "principal")
    number = _entitled_number(request)
    if request.kind in _OF_THE_DEAD:
        # 法15条の4第1項: the person alone; and nobody asks for oneself, or is represented, after death.
        other = any(one.record.addressee_number != number or _dead(one) for one in wanted)
        return refused if other else None
    own = next((one.record for one in desk if one.record.addressee_number == number), None)
    if own is None or not own.living:
        return refused
    apart = any(one.record.household_number != own.household_number for one in wanted)
    return refused if apart else None


def _dead(subject: CertificateSubject) -> bool:
    removal = subject.record.removal
    return removal is not None and removal.reason is ChangeReason.DEATH


def _check_grounds(request: CertificateRequest, basis: Article) -> Refusal | None:
    if request.requester in _ON_GROUNDS | {_R.PUBLIC} and not request.purpose.strip():
        return Refusal(Reason.FIELD_MISSING, basis, "purpose")
    if request.requester is _R.PROFESSIONAL and request.principal is None and not request.in_proceedings:
        return Refusal(Reason.FIELD_MISSING, basis, "principal")
    unfounded = request.requester in _ON_GROUNDS and request.judgement is not Judgement.JUSTIFIED
    if unfounded or request.judgement is Judgement.UNJUST:
        return Refusal(Reason.REQUEST_NOT_JUSTIFIED, basis, "purpose")
    return None


def _check_stops(
    request: CertificateRequest,
    wanted: tuple[CertificateSubject, ...],
    desk: tuple[CertificateSubject, ...],
    measures: tuple[ProtectionMeasure, ...],
    on: date,
) -> Refusal | None:
    numbers = {one.record.addressee_number for one in wanted}
    households = {one.record.household_number for one in wanted}
    held = any(one.record.processing_hold for one in wanted)
    if request.channel not in (_C.KIOSK, _C.WIDE_AREA):
        return Refusal(Reason.PROCESSING_HELD, _HOLD, "processing_hold") if held else None
    leaving = any(
        one.record.scheduled_move_out is not None
        for one in desk
        if one.record.living and one.record.household_number in households
    )
    # One answer for all three, so that none of them can be told from the others.
    if held or leaving or numbers & hidden_people(measures, on):
        return Refusal(Reason.ISSUE_STOPPED, basis_of(request), "channel")
    return None


def _check_protection(
    request: CertificateRequest,
    wanted: tuple[CertificateSubject, ...],
    desk: tuple[CertificateSubject, ...],
    measures: tuple[ProtectionMeasure, ...],
    on: date,
    telling: Mapping[int, Mapping[int, frozenset[str]]],
) -> Refusal | None:
    about = {one.record.addressee_number for one in wanted}
    read = _shown(request)
    if _entitled_number(request) is not None:
        # Of their own past people know where it was; what a clerk remarked on others they may not know.
        read &= {_I.REMARKS}
    else:
        # Whoever asks from outside learns by one member's address where the others live.
        households = {one.record.household_number for one in wanted}
        about |= {one.record.addressee_number for one in desk if one.record.household_number in households}
    for one in wanted:
        about |= told_on_paper(one, read, telling.get(one.record.addressee_number, {}))
    askers = (request.asker,) if request.principal is None else (request.asker, request.principal)
    guarded = GuardedRequest(askers, frozenset(about), basis_of(request), request.proof in PHOTO_PROOFS)
    for measure in measures:
        answer = decide_on_request(measure, guarded, on)
        if isinstance(answer, Refusal):
            return answer
        if answer is Scrutiny.STRICT and not request.strictly_examined:
            return Refusal(Reason.REQUEST_NOT_JUSTIFIED, guarded.article, "purpose")
    return None


def _check_items(
    request: CertificateRequest, wanted: tuple[CertificateSubject, ...], basis: Article
) -> Refusal | None:
    forbidden: frozenset[CertificateItem] = frozenset()
    if request.requester in _ON_GROUNDS | {_R.PUBLIC} or any(_dead(one) for one in wanted):
        forbidden |= _NUMBERS
    if request.channel is _C.WIDE_AREA:
        forbidden |= _NOT_WIDE_AREA
    if request.channel is _C.KIOSK:
        forbidden |= _NOT_AT_KIOSK
    for item in CertificateItem:
        if item in request.items & forbidden:
            return Refusal(Reason.ITEM_FORBIDDEN, basis, "items", item.value)
    return None


def _check_retention(wanted: tuple[CertificateSubject, ...], on: date) -> Refusal | None:
    for one in wanted:
        begun_on = one.rewritten_on or (one.record.removal.struck_on if one.record.removal else None)
        if begun_on is not None and retention_over(REMOVED_RECORDS, begun_on, on):
            return Refusal(Reason.RETENTION_OVER, REMOVED_RECORD.article, "people")
    return None


def _shown(request: CertificateRequest) -> frozenset[CertificateItem]:
    """List the items that may stand on this paper: its base, and what was asked for and may be had."""
    asked = request.items
    if request.kind is _K.RECORDED_ITEMS:
        base = _FOUR_ITEMS
        asked = asked & (BASE_ITEMS | request.justified_items) if request.requester in _ON_GROUNDS else asked
        return base | asked
    base = BASE_ITEMS | _OF_REMOVAL if request.kind in _OF_THE_DEAD else BASE_ITEMS
    if request.requester in _ON_GROUNDS:
        asked &= request.justified_items
    return base | asked


def _delivery(request: CertificateRequest) -> Delivery:
    """Choose how the paper goes out; a number never goes through the hands of a voluntary agent."""
    if request.channel is _C.KIOSK:
        return Delivery.PRINTED_AT_KIOSK
    if request.channel is _C.WIDE_AREA:
        return Delivery.SENT_TO_ISSUING_TOWN
    agent = request.requester is _R.AGENT and not request.legal_representative
    if agent and request.items & _NUMBERS:
        return Delivery.POSTED_TO_PERSON
    if request.channel is _C.COUNTER:
        return Delivery.HANDED_OVER
    own = request.requester in _AS_OF_RIGHT
    return Delivery.POSTED_TO_PERSON if own else Delivery.POSTED_TO_REQUESTER
