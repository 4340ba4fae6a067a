"""Papers that go by post: to which address, sent when, and what becomes of one that comes back unopened.

No law says how this is written down; all of it is own definition but that numbers go to the person alone.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.request import CertificateRequester, Delivery
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal

POST = juki("12")


class PostState(StrEnum):
    """Where a paper that goes by post stands.  発送の状態"""

    WAITING = "WAITING"  # 発送待ち
    SENT = "SENT"  # 発送済み
    RETURNED = "RETURNED"  # 返戻
    CLOSED = "CLOSED"  # 処理済み


class PostStep(StrEnum):
    """What was done with a paper that goes by post.  発送の経過"""

    SENT = "SENT"  # 発送
    RETURNED = "RETURNED"  # 返戻
    HANDED_OVER = "HANDED_OVER"  # 窓口で交付
    DESTROYED = "DESTROYED"  # 廃棄


class ReturnCause(StrEnum):
    """Why a letter came back.  返戻の事由"""

    UNKNOWN_THERE = "UNKNOWN_THERE"  # あて所に尋ねあたりません
    NOT_COLLECTED = "NOT_COLLECTED"  # 保管期間経過
    NOT_ACCEPTED = "NOT_ACCEPTED"  # 受取拒絶
    OTHER = "OTHER"  # その他


class AddressSource(StrEnum):
    """Whence the address comes to which a paper goes.  送付先の別"""

    REGISTERED = "REGISTERED"  # 住民票の住所
    FORMER = "FORMER"  # 異動の前の住所
    STATED = "STATED"  # 請求者が示した住所
    STATED_BY_PERSON = "STATED_BY_PERSON"  # 本人が示した住所: of a record that was removed or made anew
    PLANNED = "PLANNED"  # 住民票の住所又は転出先


@dataclass(frozen=True, slots=True)
class PostAct:
    """What somebody does with a paper that goes by post; an address is said only where the requester stated one.  発送等"""

    step: PostStep
    on: date
    recipient: str = ""
    address: str = ""
    cause: ReturnCause | None = None
    words: str = ""


_AFTER = {
    PostStep.SENT: PostState.SENT,
    PostStep.RETURNED: PostState.RETURNED,
    PostStep.HANDED_OVER: PostState.CLOSED,
    PostStep.DESTROYED: PostState.CLOSED,
}
_OF_THE_PAST = frozenset((CertificateKind.REMOVED_COPY, CertificateKind.REWRITTEN_COPY))
STATED = frozenset((AddressSource.STATED, AddressSource.STATED_BY_PERSON))
_LYING_HERE = frozenset((PostState.WAITING, PostState.RETURNED))
_FROM = {
    PostStep.SENT: _LYING_HERE,
    PostStep.RETURNED: frozenset((PostState.SENT,)),
    PostStep.HANDED_OVER: _LYING_HERE,
    PostStep.DESTROYED: _LYING_HERE,
}


def state_after(step: PostStep) -> PostState:
    """Tell where a paper stands after a step.

    Law: none, own definition.
    """
    return _AFTER[step]


def open_steps(state: PostState, source: AddressSource, *, turned_back: bool = False) -> tuple[PostStep, ...]:
    """List what can be done with a paper, in the order in which it usually is.

    What tells of a change that was turned back goes to nobody any more.

    Law: none, own definition.
    """
    shut = {PostStep.SENT, PostStep.HANDED_OVER} if turned_back else set[PostStep]()
    if source is AddressSource.FORMER:
        shut.add(PostStep.HANDED_OVER)
    return tuple(step for step in PostStep if state in _FROM[step] and step not in shut)


def address_source(
    kind: CertificateKind, delivery: Delivery, requester: CertificateRequester
) -> AddressSource:
    """Tell to which address a paper goes.

    A paper with a number or the code that a voluntary agent asked for goes to the person's registered address, and so do
    letters and what a resident asked for. Whoever is no resident any more says where they are; who moves away is sent the
    certificate where they are or where they go.

    Law: 住民基本台帳法 第12条第7項, 第15条の4; 住民基本台帳法施行令 第23条; 住民基本台帳事務処理要領 第2の4
    """
    if kind is CertificateKind.ACCEPTANCE_NOTICE:
        return AddressSource.FORMER
    if kind is CertificateKind.MOVE_OUT:
        return AddressSource.PLANNED
    if kind in _OF_THE_PAST and requester is CertificateRequester.SELF:
        return AddressSource.STATED_BY_PERSON
    return AddressSource.STATED if delivery is Delivery.POSTED_TO_REQUESTER else AddressSource.REGISTERED


def check_post(
    state: PostState,
    act: PostAct,
    source: AddressSource,
    people: Container[str],
    days: tuple[date, date],
    *,
    planned: Container[str] = (),
    turned_back: bool = False,
) -> Refusal | None:
    """Refuse an act that does not fit where a paper stands, goes elsewhere than it must, or says too little.

    `people` are the names on the paper, `planned` where they go; `days` the day of issue and today.

    Law: 住民基本台帳法 第12条第7項; own definition.
    """
    if act.step not in open_steps(state, source, turned_back=turned_back):
        return Refusal(Reason.STEP_NOT_FITTING, POST, "step")
    if act.on > days[1]:
        return Refusal(Reason.DATE_IN_FUTURE, POST, "on")
    if act.on < days[0]:
        return Refusal(Reason.DATE_ORDER, POST, "on")
    if act.step is PostStep.SENT:
        return _check_sending(act, source, people, planned)
    if act.step is PostStep.RETURNED:
        return Refusal(Reason.FIELD_MISSING, POST, "cause") if act.cause is None else None
    return None if act.words.strip() else Refusal(Reason.FIELD_MISSING, POST, "words")


def _check_sending(
    act: PostAct, source: AddressSource, people: Container[str], planned: Container[str]
) -> Refusal | None:
    if not act.recipient.strip():
        return Refusal(Reason.FIELD_MISSING, POST, "recipient")
    if source is not AddressSource.STATED and act.recipient not in people:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, POST, "recipient")
    if source in STATED:
        return None if act.address.strip() else Refusal(Reason.FIELD_MISSING, POST, "address")
    chosen = source is AddressSource.PLANNED and act.address in planned
    return Refusal(Reason.FIELD_UNKNOWN_VALUE, POST, "address") if act.address and not chosen else None
