"""Requests for papers that come by post: received, asked about, answered or refused, and never forgotten.  郵送請求

The Act lets a request come by post and says nothing of how it is kept; states, steps and days are own definition.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.decision import basis_of
from daicho.rules.certificates.request import CertificateRequest, CertificateRequester, IssueChannel
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.kana import kanji_key
from daicho.rules.protection.measure import AskingPerson

ASKER_CHARACTERS = 100
ADDRESS_CHARACTERS = 300
WORDS_CHARACTERS = 500
MOST_ENCLOSED_YEN = 1_000_000
_ARTICLE = juki("12")


class MailedState(StrEnum):
    """Where a request that came by post stands.  郵送請求の状態"""

    OPEN = "OPEN"  # 審査待ち
    ASKED = "ASKED"  # 補正待ち
    REFUSED = "REFUSED"  # 不交付、返送待ち
    ISSUED = "ISSUED"  # 交付
    CLOSED = "CLOSED"  # 返送済み


class MailedStepKind(StrEnum):
    """What was done with such a request.  郵送請求の経過"""

    RECEIVED = "RECEIVED"  # 受付
    FAULTS_ASKED = "FAULTS_ASKED"  # 補正依頼
    ANSWERED = "ANSWERED"  # 補正の到着
    PERSON_FOUND = "PERSON_FOUND"  # 対象者の特定
    ISSUED = "ISSUED"  # 交付
    REFUSED = "REFUSED"  # 不交付の決定
    SENT_BACK = "SENT_BACK"  # 返送
    CHANGE_SENT = "CHANGE_SENT"  # つり銭の返還


class MailedFault(StrEnum):
    """What is wrong or missing, so that it is asked for in one letter.  不備"""

    FEE = "FEE"  # 手数料（定額小為替）の不足
    IDENTITY = "IDENTITY"  # 本人確認書類の写し
    ENVELOPE = "ENVELOPE"  # 返信用封筒・切手
    AUTHORITY = "AUTHORITY"  # 代理権限を示す書類
    GROUNDS = "GROUNDS"  # 請求の理由・疎明資料
    PERSON = "PERSON"  # 対象者を特定できない
    OTHER = "OTHER"  # その他


@dataclass(frozen=True, slots=True)
class MailedStep:
    """One step, by whom and when; what is enclosed came with an answer, `fee_yen` was taken for `paper`.  郵送請求の経過"""

    kind: MailedStepKind
    on: date
    by: str
    at: datetime
    words: str = ""
    faults: tuple[MailedFault, ...] = ()
    enclosed_yen: int = 0
    paper: str = ""
    fee_yen: int = 0
    identity_copy: bool = False
    envelope: bool = False


@dataclass(frozen=True, slots=True)
class MailedRequest:
    """A request that came by post, with what lay in the envelope; `about` is the resident once known.  郵送請求

    Law: 住民基本台帳法 第12条–第12条の3, 第15条の4
    """

    number: str
    received_on: date
    kind: CertificateKind
    requester: CertificateRequester
    asker: str
    asker_address: str
    person_asked: str  # 請求書に記載された対象者
    about: int | None = None
    enclosed_yen: int = 0
    identity_copy: bool = False
    envelope: bool = False
    purpose: str = ""
    steps: tuple[MailedStep, ...] = ()

    @property
    def enclosed(self) -> int:
        """Tell how many yen came in all, with the request and with what was sent after it."""
        return self.enclosed_yen + sum(one.enclosed_yen for one in self.steps)

    @property
    def has_identity_copy(self) -> bool:
        """Tell whether a copy of a proof of identity came, with the request or after it."""
        return self.identity_copy or any(one.identity_copy for one in self.steps)

    @property
    def has_envelope(self) -> bool:
        """Tell whether an envelope with stamps came, with the request or after it."""
        return self.envelope or any(one.envelope for one in self.steps)

    @property
    def state(self) -> MailedState:
        """Tell where it stands after its last step."""
        moved = [_AFTER[one.kind] for one in self.steps if one.kind in _AFTER]
        return moved[-1] if moved else MailedState.OPEN

    @property
    def moved_on(self) -> date:
        """Tell since when it stands there."""
        days = [one.on for one in self.steps if one.kind in _AFTER]
        return days[-1] if days else self.received_on


_AFTER = {
    MailedStepKind.RECEIVED: MailedState.OPEN,
    MailedStepKind.FAULTS_ASKED: MailedState.ASKED,
    MailedStepKind.ANSWERED: MailedState.OPEN,
    MailedStepKind.ISSUED: MailedState.ISSUED,
    MailedStepKind.REFUSED: MailedState.REFUSED,
    MailedStepKind.SENT_BACK: MailedState.CLOSED,
}
_HERE = frozenset((MailedState.OPEN, MailedState.ASKED))
_FROM = {
    MailedStepKind.FAULTS_ASKED: frozenset((MailedState.OPEN,)),
    MailedStepKind.ANSWERED: frozenset((MailedState.ASKED,)),
    MailedStepKind.PERSON_FOUND: _HERE,
    MailedStepKind.ISSUED: frozenset((MailedState.OPEN,)),
    # Whoever does not answer is refused at last, too, and sent back what they sent.
    MailedStepKind.REFUSED: _HERE,
    MailedStepKind.SENT_BACK: frozenset((MailedState.REFUSED,)),
    MailedStepKind.CHANGE_SENT: frozenset((MailedState.ISSUED,)),
}
WAITING = frozenset((MailedState.OPEN, MailedState.ASKED, MailedState.REFUSED))
# Since when it is reminded of: the office's own work after a week, others' answers after a month.
_PATIENCE = {
    MailedState.OPEN: timedelta(days=7),
    MailedState.ASKED: timedelta(days=30),
    MailedState.REFUSED: timedelta(days=7),
}


def article_of(mailed: MailedRequest) -> Article:
    """Name the article under which a request comes: 第12条の4 is none of them, which knows no post.

    Law: 住民基本台帳法 第12条–第12条の3, 第12条の4第6項, 第15条の4
    """
    asker = AskingPerson(mailed.asker)
    return basis_of(CertificateRequest(mailed.kind, mailed.requester, asker, channel=IssueChannel.POST))


def check_received(mailed: MailedRequest, today: date) -> Refusal | None:
    """Refuse to note what came tomorrow, from nobody, about nobody, or with less than nothing enclosed.

    Law: 住民基本台帳法 第12条第2項; lengths are own definition.
    """
    if mailed.received_on > today:
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "received_on")
    for field, text, limit in (
        ("asker", mailed.asker, ASKER_CHARACTERS),
        ("asker_address", mailed.asker_address, ADDRESS_CHARACTERS),
        ("person_asked", mailed.person_asked, ASKER_CHARACTERS),
    ):
        if not text.strip(" 　"):
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, field)
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    if not 0 <= mailed.enclosed_yen <= MOST_ENCLOSED_YEN:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "enclosed_yen")
    return None


def faults_of(mailed: MailedRequest, fee_yen: int) -> tuple[MailedFault, ...]:
    """List what can be seen to be missing: a public body pays nothing, and is known by its letter.

    Law: 住民基本台帳法 第12条第3項; 地方自治法 第227条; own definition.
    """
    public = mailed.requester is CertificateRequester.PUBLIC
    missing = {
        MailedFault.FEE: mailed.enclosed < fee_yen,
        MailedFault.IDENTITY: not mailed.has_identity_copy and not public,
        MailedFault.ENVELOPE: not mailed.has_envelope,
        MailedFault.PERSON: mailed.about is None,
    }
    return tuple(fault for fault, is_missing in missing.items() if is_missing)


def step(mailed: MailedRequest, done: MailedStep, today: date) -> MailedRequest | Refusal:
    """Take a step with a request, or refuse one that does not fit where it stands or says too little.

    Law: 住民基本台帳法 第12条; own definition.
    """
    if mailed.state not in _FROM.get(done.kind, frozenset()):
        return Refusal(Reason.STEP_NOT_FITTING, _ARTICLE, "step")
    if done.kind is MailedStepKind.CHANGE_SENT and not owes_change(mailed):
        return Refusal(Reason.STEP_NOT_FITTING, _ARTICLE, "step")
    if done.on > today:
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "on")
    if done.on < mailed.moved_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "on")
    refusal = _check_said(mailed, done)
    return replace(mailed, steps=(*mailed.steps, done)) if refusal is None else refusal


def _check_said(mailed: MailedRequest, done: MailedStep) -> Refusal | None:
    if done.kind is MailedStepKind.FAULTS_ASKED and not done.faults:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "faults")
    said = done.words.strip(" 　")
    if (done.kind is MailedStepKind.REFUSED or MailedFault.OTHER in done.faults) and not said:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "words")
    if not 0 <= done.enclosed_yen <= MOST_ENCLOSED_YEN:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "enclosed_yen")
    if done.kind is MailedStepKind.ISSUED and done.fee_yen > mailed.enclosed:
        return Refusal(Reason.FEE_SHORT, _ARTICLE, "enclosed_yen")
    return None


def check_issue(mailed: MailedRequest, fee_yen: int, about: int, askers: Collection[str]) -> Refusal | None:
    """Refuse to make a paper for a request that stands elsewhere, is of or about somebody else, or has not paid for it.

    `askers` are the names of whoever asks as it is decided, an agent and not whom they act for: who signed the letter.
    Else the other party of a measure would get the paper in the name of whom it protects.

    Law: 住民基本台帳法 第12条, 第12条の3; 地方自治法 第227条
    """
    if mailed.state not in _FROM[MailedStepKind.ISSUED]:
        return Refusal(Reason.STEP_NOT_FITTING, _ARTICLE, "step")
    if mailed.about != about:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "person_asked")
    if not any(bears_name(one, mailed.asker) for one in askers):
        return Refusal(Reason.ASKER_DIFFERS, _ARTICLE, "asker")
    return Refusal(Reason.FEE_SHORT, _ARTICLE, "enclosed_yen") if fee_yen > mailed.enclosed else None


def owes_change(mailed: MailedRequest) -> bool:
    """Tell whether a paper was made of a request and what was enclosed above its fee has not been noted as sent.

    Law: 地方自治法 第227条; own definition.
    """
    sent = any(one.kind is MailedStepKind.CHANGE_SENT for one in mailed.steps)
    return mailed.state is MailedState.ISSUED and change_yen(mailed) > 0 and not sent


def bears_name(name: str, asker: str) -> bool:
    """Tell whether somebody is called as a letter is signed, spaces and forms of one character folded.

    Law: none, own definition.
    """
    return bool(kanji_key(asker)) and kanji_key(name) == kanji_key(asker)


def is_same_letter(kept: MailedRequest, came: MailedRequest) -> bool:
    """Tell whether a form that is sent again says what was kept; who in the register is meant may be known since.

    Law: none, own definition.
    """
    one, other = (replace(each, number="", about=None, steps=()) for each in (kept, came))
    return one == other


def without_content(mailed: MailedRequest) -> MailedRequest:
    """Give what is kept of a letter that went back and was about nobody of the register: that it came, and when it went.

    Law: none, own definition; what is about a resident is destroyed with the record.
    """
    steps = tuple(replace(one, words="") for one in mailed.steps)
    return replace(mailed, asker="", asker_address="", person_asked="", purpose="", steps=steps)


def change_yen(mailed: MailedRequest) -> int:
    """Tell what goes back to the requester: what was enclosed above the fee, or all of it where nothing is made.

    Law: 地方自治法 第227条; own definition.
    """
    return mailed.enclosed - sum(one.fee_yen for one in mailed.steps)


def with_person(mailed: MailedRequest, about: int) -> MailedRequest:
    """Say who in the register is meant.

    Law: 住民基本台帳法 第12条第2項
    """
    return replace(mailed, about=about)


def age_days(mailed: MailedRequest, today: date) -> int:
    """Tell for how many days a request has been here.

    Law: none, own definition.
    """
    return (today - mailed.received_on).days


def is_late(mailed: MailedRequest, today: date) -> bool:
    """Tell whether a request stands where it does for longer than it should, so that somebody is reminded of it.

    Law: none, own definition.
    """
    patience = _PATIENCE.get(mailed.state)
    return patience is not None and today - mailed.moved_on > patience
