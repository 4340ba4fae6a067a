"""An affair that needs others who do not answer: taken today, finished when the line is back.  通信回復後に処理する事務

The day on which a notice was handed in is the day on which it was taken, whenever it is entered.
Law: 行政手続法 第37条: a notice is given when it has arrived at the office; the rest is own definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.certificates.request import IdentityProof
from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.programmes.item import says_individual_number

WORDS_CHARACTERS = 200
FIELDS_MOST = 400
FIELD_CHARACTERS = 300
_TAKING = Article("行政手続法", "37")
_DISCLOSURE = juki("30-32")
_DAY_FIELDS = ("notified_on", "decided_on")  # left empty they mean today


class AffairKind(StrEnum):
    """What waits for the line.  通信回復を待つ事務の種別

    Law: none, own definition.
    """

    DISCLOSURE = "DISCLOSURE"  # 本人開示
    WITHOUT_CODE = "WITHOUT_CODE"  # 住民票コードの補充を待つ記載
    CARD_MOVE_IN = "CARD_MOVE_IN"  # 特例転入
    LOOK_UP = "LOOK_UP"  # 他の市区町村の方の本人確認情報の照会
    NUMBER = "NUMBER"  # 個人番号の真正性の確認
    OTHER = "OTHER"


class AffairState(StrEnum):
    """Where an affair stands.  通信回復を待つ事務の状態

    Law: none, own definition.
    """

    WAITING = "waiting"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DeferredAffair:
    """One affair as it was taken: of whom, what is to be done, the form as filled in.  通信回復を待つ事務

    `contact` tells how to reach whoever waits; `page` is the place of the form: a path of its own, or the last word of
    that of a resident; `household` is the one that its form names. `guarded` tells that who took it may see what
    protection hides, so that nobody else may read it; `proof`, by what whoever came proved who they are, and
    `card_expires_on`, until when a number card stands by its face, if it was one.
    Law: none, own definition.
    """

    kind: AffairKind
    words: str = ""
    contact: str = ""
    addressee_number: int | None = None
    purpose: str = ""
    basis: str = ""
    page: str = ""
    form: tuple[tuple[str, str], ...] = ()
    outcome: str = ""
    household: int | None = None
    guarded: bool = False
    proof: IdentityProof = IdentityProof.NONE
    card_expires_on: date | None = None

    @property
    def fields(self) -> dict[str, str]:
        """Give the form as it was filled in."""
        return dict(self.form)


def check_affair(affair: DeferredAffair) -> Refusal | None:
    """Refuse an affair of nobody that is somebody's, one that says nothing, too much, or an individual number.

    Law: 行政手続法 第37条; 住民基本台帳法 第30条の32; 番号法 第9条
    """
    if affair.kind is AffairKind.DISCLOSURE and affair.addressee_number is None:
        return Refusal(Reason.FIELD_MISSING, _TAKING, "addressee_number")
    if affair.kind is AffairKind.DISCLOSURE and affair.proof is IdentityProof.NONE:
        return Refusal(Reason.IDENTITY_NOT_PROVEN, _DISCLOSURE, "proof")
    if affair.kind is AffairKind.WITHOUT_CODE and not affair.form:
        return Refusal(Reason.FIELD_MISSING, _TAKING, "form")
    if not affair.form and affair.addressee_number is None and not affair.words.strip():
        return Refusal(Reason.FIELD_MISSING, _TAKING, "words")
    return (
        _check_words("words", affair.words) or _check_words("contact", affair.contact) or _check_form(affair)
    )


def _check_words(name: str, text: str) -> Refusal | None:
    if len(text) > WORDS_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, _TAKING, name)
    if says_individual_number(text):
        return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, Article("番号法", "9"), name)
    return None


def _check_form(affair: DeferredAffair) -> Refusal | None:
    too_long = any(len(name) + len(text) > 2 * FIELD_CHARACTERS for name, text in affair.form)
    if too_long or len(affair.form) > FIELDS_MOST:
        return Refusal(Reason.FIELD_TOO_LONG, _TAKING, "form")
    return None


def as_taken_on(form: Mapping[str, str], day: date) -> tuple[tuple[str, str], ...]:
    """Keep a form with the day on which it was handed in, also where that day was left to be today.

    Law: 住民基本台帳法 第22条第1項, 第23条, 第25条: periods end with the day of the notice.
    """
    kept = dict(form)
    for name in _DAY_FIELDS:
        if name in kept and not kept[name].strip():
            kept[name] = day.isoformat()
    return tuple(sorted(kept.items()))


def close_affair(affair: DeferredAffair, state: AffairState, outcome: str) -> DeferredAffair | Refusal:
    """End an affair with what became of it; words and form, which may say much of somebody, are not kept any longer.

    Law: none, own definition.
    """
    if state is AffairState.WAITING:
        return Refusal(Reason.NOT_PENDING, _TAKING, "state")
    if not outcome.strip():
        return Refusal(Reason.FIELD_MISSING, _TAKING, "outcome")
    return _check_words("outcome", outcome) or replace(
        affair, outcome=outcome, words="", form=(), contact="", household=None
    )
