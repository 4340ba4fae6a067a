"""Seal registration: who may register which seal, and what becomes of a registration by two people's word.  印鑑登録"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.periods import last_day
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.age import ages_on
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentKind, ResidentRecord
from daicho.rules.seals.naming import MAX_INSCRIPTION_CHARACTERS, forms_of
from daicho.rules.seals.ordinance import (
    ABOLITION,
    APPLICATION,
    CARD,
    CONFIRMATION,
    FITNESS,
    NOTICE,
    QUALIFICATION,
    SUSPENSION,
    SealFault,
    SealMaterial,
    SealOrdinance,
)
from daicho.rules.seals.visit import (
    PROOFS_AT_ONCE,
    CounterVisit,
    SealApplicant,
    SealGuarantee,
    SealProof,
    check_visit,
)

_TENTHS_OF_A_METRE = 10_000


class ApplicationPath(StrEnum):
    """How an application is confirmed.  登録申請の確認の方法"""

    AT_ONCE = "AT_ONCE"  # 本人確認書類又は保証書による即日の確認
    BY_INQUIRY = "BY_INQUIRY"  # 照会書による確認


class SealRequestKind(StrEnum):
    """What is asked for.  申請・処理の別"""

    REGISTER = "REGISTER"  # 登録（改印を含む）
    ABOLISH = "ABOLISH"  # 廃止・抹消
    RESUME = "RESUME"  # 停止の解除
    EXCHANGE_CARD = "EXCHANGE_CARD"  # 登録証の引替交付


class SealEndCause(StrEnum):
    """Why a registration ended.  抹消の事由"""

    REQUESTED = "REQUESTED"  # 廃止の申請
    CHANGED = "CHANGED"  # 改印
    SEAL_LOST = "SEAL_LOST"  # 印鑑の亡失
    CARD_LOST = "CARD_LOST"  # 登録証の亡失
    GUARDIANSHIP = "GUARDIANSHIP"  # 後見開始の審判
    MOVED_OUT = "MOVED_OUT"  # 転出
    DIED = "DIED"  # 死亡
    STRUCK = "STRUCK"  # 職権消除
    NAME_CHANGED = "NAME_CHANGED"  # 氏名等の変更


class SuspensionCause(StrEnum):
    """Why certificates are stopped at once.  停止の事由"""

    CARD_LOST = "CARD_LOST"  # 登録証の亡失の届出
    SEAL_LOST = "SEAL_LOST"  # 印鑑の亡失の届出
    OTHER = "OTHER"  # その他


class SealState(StrEnum):
    """Where a registration stands.  登録の状態"""

    REGISTERED = "REGISTERED"  # 登録
    SUSPENDED = "SUSPENDED"  # 停止
    ENDED = "ENDED"  # 抹消


class SealStep(StrEnum):
    """What was done with a registration besides ending it.  登録の経過"""

    REGISTERED = "REGISTERED"  # 登録
    SUSPENDED = "SUSPENDED"  # 停止
    RESUMED = "RESUMED"  # 停止の解除
    CARD_EXCHANGED = "CARD_EXCHANGED"  # 登録証の引替え
    CARD_HANDED_OVER = "CARD_HANDED_OVER"  # 登録証の交付
    RENAMED = "RENAMED"  # 氏名の修正（印影は氏名を表す）
    TOLD = "TOLD"  # 職権による抹消の通知


ON_REQUEST = frozenset((SealEndCause.REQUESTED, SealEndCause.SEAL_LOST, SealEndCause.CARD_LOST))
# What a person enters for a second one to decide; the others follow from the resident record or from another seal.
ENTERED_BY_HAND = (*ON_REQUEST, SealEndCause.GUARDIANSHIP)
# Of these the person has not heard by asking or by leaving, and can be reached.
TOLD_AFTERWARDS = frozenset((SealEndCause.GUARDIANSHIP, SealEndCause.NAME_CHANGED))


@dataclass(frozen=True, slots=True)
class SealImpression:
    """The print of a seal: where its picture is kept, how large it is in tenths of a millimetre.  印影"""

    image_id: str
    width_tenths: int
    height_tenths: int


@dataclass(frozen=True, slots=True)
class SealApplication:
    """An application to register a seal; `replaces` names the registration that a change of seal ends.  登録の申請

    Law: 印鑑登録証明事務処理要領
    """

    addressee_number: int
    applied_on: date
    visit: CounterVisit
    impression: SealImpression
    inscription: str
    material: SealMaterial
    katakana: str = ""
    faults: tuple[SealFault, ...] = ()
    capacity_confirmed: bool = False  # 意思能力
    under_guardianship: bool = False
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class SealEnd:
    """That a registration ended, when and why; `told_on` is of the notice to the person, where one is due.  抹消"""

    ended_on: date
    cause: SealEndCause
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class SealRegistration:
    """A registered seal, its card and what became of them.  印鑑登録

    Law: 印鑑登録証明事務処理要領
    """

    number: str
    addressee_number: int
    card_number: str
    registered_on: date
    impression: SealImpression
    inscription: str
    name: str  # as registered; the certificate shows the record's
    katakana: str = ""
    suspended_on: date | None = None
    suspension: SuspensionCause | None = None
    end: SealEnd | None = None
    card_handed_on: date | None = None

    @property
    def card_waits(self) -> bool:
        """Tell whether a card is to be made and handed over."""
        return self.end is None and self.card_handed_on is None

    @property
    def to_tell(self) -> bool:
        """Tell whether the person is still to be told of an end ex officio."""
        return self.end is not None and self.end.cause in TOLD_AFTERWARDS and self.end.told_on is None

    @property
    def state(self) -> SealState:
        """Tell where the registration stands."""
        if self.end is not None:
            return SealState.ENDED
        return SealState.REGISTERED if self.suspended_on is None else SealState.SUSPENDED


@dataclass(frozen=True, slots=True)
class SealRequest:
    """What one person asks a second one to decide.  印鑑登録に係る申請

    `sent_on`, `answer_by`, `answered_on` and `bringer` are of the letter of inquiry, where one is needed; `card_number`
    is read from the card that was shown.
    """

    kind: SealRequestKind
    addressee_number: int
    asked_on: date
    visit: CounterVisit
    application: SealApplication | None = None
    cause: SealEndCause | None = None
    why: str = ""
    sent_on: date | None = None
    answer_by: date | None = None
    answered_on: date | None = None
    bringer: CounterVisit | None = None
    card_number: str = ""

    @property
    def awaits_answer(self) -> bool:
        """Tell whether the letter of inquiry is out."""
        return self.sent_on is not None and self.answered_on is None


def impression_of(image_id: str, across: int, down: int, dots_per_metre: int) -> SealImpression:
    """Measure a print: its dots across and down at a known number of dots a metre.

    Law: 印鑑登録証明事務処理要領 (大きさ); own definition of the measure.
    """
    tenths = [round(dots * _TENTHS_OF_A_METRE / dots_per_metre) for dots in (across, down)]
    return SealImpression(image_id, tenths[0], tenths[1])


def decide_on_application(
    application: SealApplication,
    record: ResidentRecord,
    standing: SealRegistration | None,
    ordinance: SealOrdinance,
    on: date,
    guarantor: SealRegistration | None = None,
) -> ApplicationPath | Refusal:
    """Refuse whoever or whatever cannot be registered; else say how the application is to be confirmed.

    `guarantor` is what stands under the number that a letter of guarantee names.

    Law: 印鑑登録証明事務処理要領 (登録資格, 登録印鑑の制限, 登録申請の確認)
    """
    refusal = (
        _check_person(application, record, ordinance, on)
        or check_visit(application.visit, guaranteed=True)
        or _check_guarantee(application, guarantor)
        or check_fitness(application, record, ordinance)
        or _check_standing(application, standing)
    )
    if refusal is not None:
        return refusal
    visit = application.visit
    at_once = not visit.alone and visit.proof in PROOFS_AT_ONCE
    return ApplicationPath.AT_ONCE if at_once else ApplicationPath.BY_INQUIRY


def _check_person(
    application: SealApplication, record: ResidentRecord, ordinance: SealOrdinance, on: date
) -> Refusal | None:
    if application.applied_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, APPLICATION, "applied_on")
    if not record.living:
        return Refusal(Reason.NOT_LIVING, QUALIFICATION, "addressee_number")
    if record.processing_hold:
        return Refusal(Reason.PROCESSING_HELD, QUALIFICATION, "addressee_number")
    # By the day of the application, whenever it is decided.
    ages = ages_on(record.birth_date, application.applied_on)
    if ages is not None and ages.oldest < ordinance.least_age:
        return Refusal(Reason.AGE_OUT_OF_RANGE, QUALIFICATION, "addressee_number")
    if not application.capacity_confirmed:
        return Refusal(Reason.CAPACITY_NOT_CONFIRMED, QUALIFICATION, "capacity_confirmed")
    return _check_guardianship(application, ordinance)


def _check_guardianship(application: SealApplication, ordinance: SealOrdinance) -> Refusal | None:
    """Let a ward apply in person with the guardian beside, where the ordinance lets wards at all: own, after the model."""
    accompanied = application.visit.applicant is SealApplicant.WITH_GUARDIAN
    if accompanied and not application.under_guardianship:
        return Refusal(Reason.FIELD_MISSING, QUALIFICATION, "under_guardianship")
    if application.under_guardianship and not ordinance.wards_register:
        return Refusal(Reason.CAPACITY_NOT_CONFIRMED, QUALIFICATION, "under_guardianship")
    if application.under_guardianship and not accompanied:
        return Refusal(Reason.CAPACITY_NOT_CONFIRMED, QUALIFICATION, "applicant")
    return None


def _check_guarantee(application: SealApplication, guarantor: SealRegistration | None) -> Refusal | None:
    """Refuse a guarantee of whoever has no seal registered here that stands, and one of oneself."""
    if application.visit.proof is not SealProof.GUARANTEE:
        return None
    told = application.visit.guarantee
    if told is None or not told.registration.strip():
        return Refusal(Reason.FIELD_MISSING, CONFIRMATION, "guarantor")
    if not told.print_compared:
        return Refusal(Reason.FIELD_MISSING, CONFIRMATION, "print_compared")
    fits = (
        guarantor is not None
        and names_registration(told, guarantor)
        and guarantor.state is SealState.REGISTERED
        and guarantor.addressee_number != application.addressee_number
    )
    return None if fits else Refusal(Reason.SEAL_GUARANTOR_UNFIT, CONFIRMATION, "guarantor")


def names_registration(guarantee: SealGuarantee, registration: SealRegistration) -> bool:
    """Tell whether a letter of guarantee names a registration: by its number and by whose it is.

    Law: 印鑑登録証明事務処理要領 (登録申請の確認); own, after the model ordinance.
    """
    same_name = kanji_key(registration.name) == kanji_key(guarantee.name)
    return registration.number == guarantee.registration and same_name


def check_fitness(
    application: SealApplication, record: ResidentRecord, ordinance: SealOrdinance
) -> Refusal | None:
    """Refuse a seal of a wrong size, material or inscription, or one that the clerk found unfit.

    Law: 印鑑登録証明事務処理要領 (登録印鑑の制限)
    """
    print_ = application.impression
    longer = max(print_.width_tenths, print_.height_tenths)
    if longer <= ordinance.smallest_tenths:
        return Refusal(Reason.SEAL_SIZE, FITNESS, "image", "SMALL")
    if longer > ordinance.largest_tenths:
        return Refusal(Reason.SEAL_SIZE, FITNESS, "image", "LARGE")
    if application.material in ordinance.forbidden:
        return Refusal(Reason.SEAL_MATERIAL_FORBIDDEN, FITNESS, "material")
    for fault in application.faults:
        return Refusal(Reason.SEAL_UNFIT, FITNESS, "faults", fault.value)
    if application.katakana and record.resident_kind is not ResidentKind.FOREIGN:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, FITNESS, "katakana")
    said = application.inscription.strip()
    if not said:
        return Refusal(Reason.FIELD_MISSING, FITNESS, "inscription")
    if len(said) > MAX_INSCRIPTION_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, FITNESS, "inscription")
    if not forms_of(said, record.name, application.katakana) & ordinance.forms:
        return Refusal(Reason.SEAL_NAME_DIFFERS, FITNESS, "inscription")
    return None


def _check_standing(application: SealApplication, standing: SealRegistration | None) -> Refusal | None:
    number = standing.number if standing is not None else ""
    if number and not application.replaces:
        return Refusal(Reason.SEAL_ALREADY_REGISTERED, QUALIFICATION, "replaces")
    if application.replaces != number:
        return Refusal(Reason.SEAL_NOT_REGISTERED, QUALIFICATION, "replaces")
    return None


def with_inquiry(
    request: SealRequest, sent_on: date, ordinance: SealOrdinance, closed: Container[date] = CLOSED_DAYS
) -> SealRequest:
    """Note that the letter of inquiry goes to the person's address, and until when the answer must be brought.

    Law: 印鑑登録証明事務処理要領 (照会); the number of days is the ordinance's; 民法 第140条, 第142条
    """
    return replace(request, sent_on=sent_on, answer_by=last_day(sent_on, ordinance.answer_days, closed))


def with_answer(
    request: SealRequest, answered_on: date, bringer: CounterVisit, on: date
) -> SealRequest | Refusal:
    """Note that the person's own answer was brought in time, and by whom.

    Law: 印鑑登録証明事務処理要領 (照会); the proof of whoever brings it is own, after the model ordinance.
    """
    if request.sent_on is None or request.answer_by is None or request.answered_on is not None:
        return Refusal(Reason.NOT_PENDING, CONFIRMATION, "request")
    if answered_on < request.sent_on:
        return Refusal(Reason.DATE_ORDER, CONFIRMATION, "answered_on")
    if answered_on > request.answer_by:
        return Refusal(Reason.ANSWER_TOO_LATE, CONFIRMATION, "answered_on")
    if answered_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, CONFIRMATION, "answered_on")
    refusal = check_visit(bringer)
    if refusal is not None:
        return refusal
    ward = request.application is not None and request.application.under_guardianship
    if ward and bringer.applicant is not SealApplicant.WITH_GUARDIAN:
        return Refusal(Reason.CAPACITY_NOT_CONFIRMED, CONFIRMATION, "applicant")
    return replace(request, answered_on=answered_on, bringer=bringer)


def check_request(
    request: SealRequest,
    record: ResidentRecord,
    standing: SealRegistration | None,
    ordinance: SealOrdinance,
    on: date,
    guarantor: SealRegistration | None = None,
) -> Refusal | None:
    """Refuse what could not be carried out; asked when something is entered, and again when it is decided.

    Law: 印鑑登録証明事務処理要領; 本人確認情報管理方法 第3 for the second person.
    """
    if request.kind is SealRequestKind.REGISTER:
        if request.application is None:
            return Refusal(Reason.FIELD_MISSING, APPLICATION, "application")
        path = decide_on_application(request.application, record, standing, ordinance, on, guarantor)
        return path if isinstance(path, Refusal) else None
    if standing is None or standing.end is not None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, ABOLITION, "registration")
    if request.kind is SealRequestKind.ABOLISH:
        return _check_abolition(request)
    if request.kind is SealRequestKind.RESUME:
        return _check_resumption(request, standing)
    return _check_exchange(request, standing)


def _check_resumption(request: SealRequest, standing: SealRegistration) -> Refusal | None:
    """Let the person ask; an agent, and whoever had lost the card, shows the card besides.

    What was stopped because it was lost is not set free by a power of attorney alone: own definition.
    """
    if standing.suspended_on is None:
        return Refusal(Reason.NOTHING_CHANGES, SUSPENSION, "registration")
    refusal = check_visit(request.visit)
    with_card = request.visit.alone or standing.suspension is SuspensionCause.CARD_LOST
    return refusal or (check_card(standing, request.card_number) if with_card else None)


def _check_exchange(request: SealRequest, standing: SealRegistration) -> Refusal | None:
    """Give another card for the present one alone: for a lost card a registration is made anew."""
    if standing.suspension is SuspensionCause.CARD_LOST:
        return Refusal(Reason.SEAL_SUSPENDED, CARD, "registration")
    return check_visit(request.visit) or check_card(standing, request.card_number)


def _check_abolition(request: SealRequest) -> Refusal | None:
    if request.cause not in ENTERED_BY_HAND:
        return Refusal(Reason.FIELD_MISSING, ABOLITION, "cause")
    if request.cause in ON_REQUEST:
        return check_visit(request.visit)
    return None if request.why.strip() else Refusal(Reason.FIELD_MISSING, ABOLITION, "why")


def registered(
    application: SealApplication, record: ResidentRecord, number: str, card_number: str, on: date
) -> SealRegistration:
    """Make the registration of an application that two people accepted.

    Law: 印鑑登録証明事務処理要領 (登録)
    """
    return SealRegistration(
        number=number,
        addressee_number=application.addressee_number,
        card_number=card_number,
        registered_on=on,
        impression=application.impression,
        inscription=application.inscription.strip(),
        name=record.name.kanji,
        katakana=application.katakana,
    )


def suspended(registration: SealRegistration, cause: SuspensionCause, on: date) -> SealRegistration | Refusal:
    """Stop certificates at once, by one person's word: what is lost may be in somebody's hands already.

    Law: 印鑑登録証明事務処理要領 (亡失); that one person is enough is own definition.
    """
    if registration.end is not None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, SUSPENSION, "registration")
    if registration.suspended_on is not None:
        return Refusal(Reason.NOTHING_CHANGES, SUSPENSION, "registration")
    return replace(registration, suspended_on=on, suspension=cause)


def resumed(registration: SealRegistration) -> SealRegistration:
    """Let certificates be issued again.

    Law: 印鑑登録証明事務処理要領; own definition.
    """
    return replace(registration, suspended_on=None, suspension=None)


def with_new_card(registration: SealRegistration, card_number: str) -> SealRegistration:
    """Give another card for one that was worn or spoiled; the former number fits no more.

    Law: 印鑑登録証明事務処理要領 (引替交付)
    """
    return replace(registration, card_number=card_number, card_handed_on=None)


def card_handed_over(registration: SealRegistration, on: date) -> SealRegistration | Refusal:
    """Note that the card was made and handed over: its number is shown to nobody any more.

    Law: 印鑑登録証明事務処理要領 (印鑑登録証の交付)
    """
    if registration.end is not None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, CARD, "registration")
    if not registration.card_waits:
        return Refusal(Reason.SEAL_CARD_HANDED_OVER, CARD, "registration")
    return replace(registration, card_handed_on=on)


def told_of_end(registration: SealRegistration, told_on: date, on: date) -> SealRegistration | Refusal:
    """Note that the person was told of an end ex officio.

    Law: 印鑑登録証明事務処理要領 (職権による抹消); own, after the model ordinance.
    """
    if registration.end is None or not registration.to_tell:
        return Refusal(Reason.NOTHING_CHANGES, NOTICE, "registration")
    if told_on < registration.end.ended_on:
        return Refusal(Reason.DATE_ORDER, NOTICE, "told_on")
    if told_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, NOTICE, "told_on")
    return replace(registration, end=replace(registration.end, told_on=told_on))


def ended(registration: SealRegistration, cause: SealEndCause, on: date) -> SealRegistration | Refusal:
    """End a registration; it is kept, and never stands again.

    Law: 印鑑登録証明事務処理要領 (抹消)
    """
    if registration.end is not None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, ABOLITION, "registration")
    on = max(on, registration.registered_on)
    return replace(registration, end=SealEnd(on, cause))


def after_change(
    registration: SealRegistration, record: ResidentRecord, on: date, ordinance: SealOrdinance
) -> SealRegistration:
    """Give what a verified change of the resident record makes of a registration: ended, renamed, or as it was.

    A moving-out ends it when it takes effect, not when it is announced. A name that the seal still says leaves the
    registration standing under the new name.

    Law: 印鑑登録証明事務処理要領 (職権による抹消)
    """
    if registration.end is not None:
        return registration
    if record.removal is not None:
        cause = _CAUSES.get(record.removal.reason, SealEndCause.STRUCK)
        day = max(record.removal.removed_on, registration.registered_on)
        return replace(registration, end=SealEnd(day, cause))
    if forms_of(registration.inscription, record.name, registration.katakana) & ordinance.forms:
        return replace(registration, name=record.name.kanji)
    day = max(on, registration.registered_on)
    return replace(registration, end=SealEnd(day, SealEndCause.NAME_CHANGED))


_CAUSES = {
    ChangeReason.MOVE_OUT: SealEndCause.MOVED_OUT,
    ChangeReason.MOVE_OUT_ABROAD: SealEndCause.MOVED_OUT,
    ChangeReason.DEATH: SealEndCause.DIED,
}


def check_card(registration: SealRegistration, card_number: str) -> Refusal | None:
    """Refuse a card that is not the registration's present one.

    Law: 印鑑登録証明事務処理要領 (印鑑登録証)
    """
    fits = bool(card_number) and card_number == registration.card_number
    return None if fits else Refusal(Reason.SEAL_CARD_DIFFERS, CARD, "card_number")
