"""Protection of victims: from the application to its end, and what it keeps from whom.  支援措置

Nothing here ends by the passing of time alone: after its term a measure goes on blocking until a person ends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from daicho.rules.law.article import Article
from daicho.rules.law.periods import PROTECTION_TERM, last_day_of_years, months_before
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.reasons import ChangeKind

_ARTICLE = PROTECTION_TERM.article
_SECOND_PERSON = Article("本人確認情報管理方法", "3")
_ONE_DAY = timedelta(days=1)
RELEASE_LONGEST = timedelta(hours=1)  # own definition


class ProtectionGround(StrEnum):
    """From what the applicant is protected.  支援措置の事由"""

    DOMESTIC_VIOLENCE = "DOMESTIC_VIOLENCE"  # 配偶者からの暴力
    STALKING = "STALKING"  # ストーカー行為等
    CHILD_ABUSE = "CHILD_ABUSE"  # 児童虐待
    SIMILAR = "SIMILAR"  # その他これらに準ずるもの


class ProtectionState(StrEnum):
    """Where a measure stands on a day.  支援措置の状態"""

    PROVISIONAL = "PROVISIONAL"  # 仮の支援措置
    IN_FORCE = "IN_FORCE"  # 支援措置の期間中
    RENEWABLE = "RENEWABLE"  # 延長の申出の受付期間中
    EXPIRED = "EXPIRED"  # 期間満了、終了の処理待ち
    ENDED = "ENDED"  # 終了


class ConsultedBody(StrEnum):
    """Whose opinion says that protection is needed.  相談機関等"""

    POLICE = "POLICE"  # 警察
    SUPPORT_CENTRE = "SUPPORT_CENTRE"  # 配偶者暴力相談支援センター
    CHILD_GUIDANCE_CENTRE = "CHILD_GUIDANCE_CENTRE"  # 児童相談所
    MUNICIPALITY = "MUNICIPALITY"  # 申出を受けた他の市町村
    OTHER = "OTHER"  # その他の機関


class AddressRole(StrEnum):
    """Why an address is protected.  保護する住所の別"""

    PRESENT = "PRESENT"  # 現住所
    PREVIOUS = "PREVIOUS"  # 前住所
    DOMICILE = "DOMICILE"  # 本籍


class EndCause(StrEnum):
    """Why a person ended a measure.  支援措置の終了の事由"""

    WITHDRAWN = "WITHDRAWN"  # 終了の申出
    TERM_OVER = "TERM_OVER"  # 期間満了
    NOT_CONFIRMED = "NOT_CONFIRMED"  # 支援の必要性が認められない
    FALSE_STATEMENT = "FALSE_STATEMENT"  # 不正な申出
    DIED = "DIED"  # 対象者の死亡


class ProtectionStep(StrEnum):
    """What was done with a measure.  支援措置の経過"""

    APPLIED = "APPLIED"  # 申出の受付
    OPINION_NOTED = "OPINION_NOTED"  # 意見の記録
    RENEWED = "RENEWED"  # 延長
    TOWNS_TOLD = "TOWNS_TOLD"  # 他の市町村への転送
    ADDRESS_ADDED = "ADDRESS_ADDED"  # 保護する住所の追加
    RECEIVED = "RECEIVED"  # 転送の受領
    TAKEN_UP = "TAKEN_UP"  # 転送された支援措置の記録
    RELEASED = "RELEASED"  # 一時解除
    ENDED = "ENDED"  # 終了


class Scrutiny(StrEnum):
    """How a request that is not refused must be looked at.  審査の程度"""

    ORDINARY = "ORDINARY"  # 通常の審査
    STRICT = "STRICT"  # 厳格な審査: by a second person, before anything is issued


class ProtectionAlert(StrEnum):
    """What a clerk must be told when somebody moves.  支援措置の警告"""

    PROTECTED_PERSON = "PROTECTED_PERSON"  # 対象者の異動
    SEPARATED = "SEPARATED"  # 対象者の一部だけの異動
    ADDRESSES_CHANGE = "ADDRESSES_CHANGE"  # 保護する住所の見直しと他の市町村への転送
    PREVIOUS_ADDRESS_PART = "PREVIOUS_ADDRESS_PART"  # 前住所地としての支援措置の継続
    OTHER_PARTY = "OTHER_PARTY"  # 相手方とみられる者の異動
    TERM_OVER = "TERM_OVER"  # 期間満了、終了の処理待ち
    CROSSING = "CROSSING"  # 転送された支援措置の相手方が、こちらの支援措置の対象者


_TO_ANOTHER_ADDRESS = frozenset(
    (
        ChangeKind.MOVE_IN, ChangeKind.MOVE_IN_FROM_ABROAD, ChangeKind.EX_OFFICIO_ENTRY, ChangeKind.MOVE_WITHIN,
        ChangeKind.MOVE_OUT_NOTICE, ChangeKind.MOVE_OUT, ChangeKind.EX_OFFICIO_STRIKE,
    )
)  # fmt: skip
_AWAY = frozenset((ChangeKind.MOVE_OUT_NOTICE, ChangeKind.MOVE_OUT, ChangeKind.EX_OFFICIO_STRIKE))
_UNDER_ANOTHER_ADDRESS = _TO_ANOTHER_ADDRESS | {ChangeKind.ADDRESS_RENAMED}
_APART = _TO_ANOTHER_ADDRESS | {ChangeKind.HOUSEHOLD_CHANGE}


@dataclass(frozen=True, slots=True)
class AskingPerson:
    """Somebody who asks for paper, or for whom it is asked; a number only when known as a resident.  請求者等"""

    name: str
    birth_date: PartialDate | None = None
    address: str = ""
    addressee_number: int | None = None


@dataclass(frozen=True, slots=True)
class OtherParty:
    """From whom the applicant is protected, as the application says; who it is in any register is not known.  相手方"""

    name: str
    furigana: str = ""
    birth_date: PartialDate | None = None
    address: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ProtectedAddress:
    """An address that the other party shall not learn, and the town that could tell it.  保護する住所"""

    role: AddressRole
    municipality: MunicipalityCode
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a body said about the need of protection.  相談機関等の意見"""

    body: ConsultedBody
    given_on: date
    confirms: bool


@dataclass(frozen=True, slots=True)
class ProtectionEnd:
    """That two people ended a measure: one asked for it, another one decided.  支援措置の終了"""

    ended_on: date
    asked_by: str
    ended_by: str
    cause: EndCause


@dataclass(frozen=True, slots=True)
class TemporaryRelease:
    """Two people open some people's block for the first of them until an instant; then it stands again.  一時解除"""

    asked_by: str
    approved_by: str
    begins_at: datetime
    ends_at: datetime
    why: str
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProtectionMeasure:
    """One application for protection and all that became of it.  支援措置

    `last_day` is unknown while the measure is provisional.
    Law: 住民基本台帳事務処理要領 第6の10
    """

    number: str
    ground: ProtectionGround
    applicant: int
    other_parties: tuple[OtherParty, ...]
    addresses: tuple[ProtectedAddress, ...]
    applied_on: date
    companions: tuple[int, ...] = ()  # 併せて支援を求める者
    received_from: MunicipalityCode | None = None
    opinions: tuple[Opinion, ...] = ()
    last_day: date | None = None
    forwarded_to: tuple[MunicipalityCode, ...] = ()
    releases: tuple[TemporaryRelease, ...] = ()
    end: ProtectionEnd | None = None

    @property
    def people(self) -> frozenset[int]:
        """Name all whom the measure protects."""
        return frozenset((self.applicant, *self.companions))


@dataclass(frozen=True, slots=True)
class GuardedRequest:
    """What protection must know of a request: who stands behind it, whom it concerns, under which article.  請求等"""

    askers: tuple[AskingPerson, ...]  # the one who came, and whoever is represented
    about: frozenset[int]
    article: Article
    photo_shown: bool = False


@dataclass(frozen=True, slots=True)
class WatchedMove:
    """A change of the register as protection sees it.  異動"""

    kind: ChangeKind
    movers: tuple[int, ...]
    named: tuple[AskingPerson, ...] = ()  # the same people and those who come, by name


def check_application(measure: ProtectionMeasure, on: date) -> Refusal | None:
    """Refuse an application without other party or address, dated ahead, or with the applicant named twice.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    if not measure.other_parties:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "other_parties")
    if not measure.addresses:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "addresses")
    if measure.applied_on > on:
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "applied_on")
    if measure.applicant in measure.companions:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "companions")
    return None


def confirm_need(
    measure: ProtectionMeasure, opinion: Opinion, *, counted_from: date | None = None
) -> ProtectionMeasure | Refusal:
    """Put a provisional measure into force; its year runs from the application, or from the day that the town counts.

    A negative opinion is noted and changes nothing: a person must end the measure.

    Law: 住民基本台帳事務処理要領 第6の10; 民法 第143条
    """
    if measure.end is not None:
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    if measure.last_day is not None:
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "opinion")
    first_day = counted_from or measure.applied_on
    if first_day < measure.applied_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "counted_from")
    told = replace(measure, opinions=(*measure.opinions, opinion))
    if not opinion.confirms:
        return told
    return replace(told, last_day=last_day_of_years(first_day, PROTECTION_TERM.years))


def renewal_opens_on(measure: ProtectionMeasure) -> date | None:
    """Tell from which day on a renewal can be applied for; nothing while the measure is provisional.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    if measure.last_day is None:
        return None
    return months_before(measure.last_day, PROTECTION_TERM.renewable_months)


def renew(measure: ProtectionMeasure, opinion: Opinion, applied_on: date) -> ProtectionMeasure | Refusal:
    """Let another year follow the present one; it needs an application in time and an opinion of its own.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    if measure.end is not None:
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    opens_on = renewal_opens_on(measure)
    if measure.last_day is None or opens_on is None or applied_on < opens_on:
        return Refusal(Reason.RENEWAL_OUT_OF_TIME, _ARTICLE, "applied_on", "early")
    if applied_on > measure.last_day:
        return Refusal(Reason.RENEWAL_OUT_OF_TIME, _ARTICLE, "applied_on", "late")
    if not opinion.confirms:
        return Refusal(Reason.NEED_NOT_CONFIRMED, _ARTICLE, "opinion")
    following = last_day_of_years(measure.last_day + _ONE_DAY, PROTECTION_TERM.years)
    return replace(measure, opinions=(*measure.opinions, opinion), last_day=following)


def end_measure(measure: ProtectionMeasure, end: ProtectionEnd) -> ProtectionMeasure | Refusal:
    """End a measure by the word of two people; for its term only when that is over.

    Law: 住民基本台帳事務処理要領 第6の10; 本人確認情報管理方法 第3 for the second person.
    """
    if measure.end is not None:
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    if end.ended_on < measure.applied_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "ended_on")
    if not end.ended_by:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "ended_by")
    if end.ended_by == end.asked_by:
        return Refusal(Reason.SAME_PERSON, _SECOND_PERSON, "ended_by")
    if end.cause is EndCause.TERM_OVER and state_on(measure, end.ended_on) is not ProtectionState.EXPIRED:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "ended_on")
    return replace(measure, end=end)


def state_on(measure: ProtectionMeasure, day: date) -> ProtectionState | None:
    """Tell where a measure stands on a day; nothing before its application.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    if day < measure.applied_on:
        return None
    if measure.end is not None and day >= measure.end.ended_on:
        return ProtectionState.ENDED
    opens_on = renewal_opens_on(measure)
    if measure.last_day is None or opens_on is None:
        return ProtectionState.PROVISIONAL
    if day > measure.last_day:
        return ProtectionState.EXPIRED
    return ProtectionState.RENEWABLE if day >= opens_on else ProtectionState.IN_FORCE


def blocks(measure: ProtectionMeasure, day: date) -> bool:
    """Tell whether a measure blocks on a day: from the application until a person ends it.

    Law: 住民基本台帳事務処理要領 第6の10; the block after the term is own definition.
    """
    return state_on(measure, day) not in (None, ProtectionState.ENDED)


def release(
    measure: ProtectionMeasure, opened: TemporaryRelease, longest: timedelta = RELEASE_LONGEST
) -> ProtectionMeasure | Refusal:
    """Open a block for a while; two people must want it, and for a reason.

    Law: 本人確認情報管理方法 第3; own definition.
    """
    if opened.asked_by == opened.approved_by:
        return Refusal(Reason.SAME_PERSON, _SECOND_PERSON, "approved_by")
    if not opened.why.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "why")
    if not timedelta(0) < opened.ends_at - opened.begins_at <= longest:
        return Refusal(Reason.RELEASE_TOO_LONG, _ARTICLE, "ends_at")
    if not blocks(measure, opened.begins_at.date()):
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    return replace(measure, releases=(*measure.releases, opened))


def is_other_party(measure: ProtectionMeasure, person: AskingPerson) -> bool:
    """Tell whether somebody bears the name of an other party and no birth date speaks against it.

    Law: none, own definition; spaces and forms of one character are folded for comparing.
    """
    key = kanji_key(person.name)
    return any(
        bool(key) and kanji_key(one.name) == key and _may_be_one_day(one.birth_date, person.birth_date)
        for one in measure.other_parties
    )


def _may_be_one_day(one: PartialDate | None, other: PartialDate | None) -> bool:
    if one is None or other is None:
        return True
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(left is None or right is None or left == right for left, right in pairs)


def decide_on_request(measure: ProtectionMeasure, request: GuardedRequest, day: date) -> Scrutiny | Refusal:
    """Refuse the other party and whoever acts for them; let others be examined strictly.

    The refusal is the one that any request without a good reason gets: it does not tell that a measure exists.

    Law: 住民基本台帳法 第12条第6項, 第12条の3, 第15条の4; 住民基本台帳事務処理要領 第6の10
    """
    if not blocks(measure, day) or not measure.people & request.about:
        return Scrutiny.ORDINARY
    if any(is_other_party(measure, person) for person in request.askers):
        return Refusal(Reason.REQUEST_NOT_JUSTIFIED, request.article, "purpose")
    alone = len(request.askers) == 1 and request.askers[0].addressee_number in measure.people
    return Scrutiny.ORDINARY if alone and request.photo_shown else Scrutiny.STRICT


def hidden_people(measures: Iterable[ProtectionMeasure], day: date) -> frozenset[int]:
    """Name all who are left out of lists for inspection, of kiosks and of wide-area issuance on a day.

    Law: 住民基本台帳法 第11条の2, 第12条の4; 住民基本台帳事務処理要領 第6の10
    """
    return frozenset(number for one in measures if blocks(one, day) for number in one.people)


def towns_to_tell(measure: ProtectionMeasure, home: MunicipalityCode) -> tuple[MunicipalityCode, ...]:
    """List the towns of the protected addresses that have not been told yet, in the order of the application.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    knowing = {home, measure.received_from, *measure.forwarded_to}
    return tuple(
        dict.fromkeys(one.municipality for one in measure.addresses if one.municipality not in knowing)
    )


def forwarded(measure: ProtectionMeasure, to: Iterable[MunicipalityCode]) -> ProtectionMeasure:
    """Note which towns have been told.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    return replace(measure, forwarded_to=tuple(dict.fromkeys((*measure.forwarded_to, *to))))


def to_be_told(measure: ProtectionMeasure, town: MunicipalityCode) -> ProtectionMeasure:
    """Note that a town does not know all that it is to know, whatever it was told before.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    return replace(measure, forwarded_to=tuple(one for one in measure.forwarded_to if one != town))


def alerts_at_move(measure: ProtectionMeasure, move: WatchedMove, day: date) -> tuple[ProtectionAlert, ...]:
    """Name what the clerk must be told before a change is entered.

    Law: 住民基本台帳事務処理要領 第6の10; which alerts there are is own definition.
    """
    state = state_on(measure, day)
    if state in (None, ProtectionState.ENDED):
        return ()
    alerts: list[ProtectionAlert] = []
    moved = measure.people & frozenset(move.movers)
    if moved:
        alerts.append(ProtectionAlert.PROTECTED_PERSON)
        if move.kind in _APART and moved != measure.people:
            alerts.append(ProtectionAlert.SEPARATED)
        if move.kind in _UNDER_ANOTHER_ADDRESS:
            alerts.append(ProtectionAlert.ADDRESSES_CHANGE)
        if move.kind in _AWAY:
            alerts.append(ProtectionAlert.PREVIOUS_ADDRESS_PART)
    if any(is_other_party(measure, person) for person in move.named):
        alerts.append(ProtectionAlert.OTHER_PARTY)
    if alerts and state is ProtectionState.EXPIRED:
        alerts.append(ProtectionAlert.TERM_OVER)
    return tuple(alerts)
