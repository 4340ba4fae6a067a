"""What an officer stops for a resident or a household for a time: certificates, changes, or nothing unasked.  処理の抑止"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, Ground

_ARTICLE = juki("8")
# A correction has the security officer's leave, and what undoes a change or brings a number is no act of the counter.
_PASSING = frozenset(
    (ChangeKind.CORRECTION, ChangeKind.CANCELLATION, ChangeKind.NUMBER_CHANGE, ChangeKind.IMPORT)
)


class StopKind(StrEnum):
    """What is stopped.  抑止の種類

    Law: 住民記録システム標準仕様書 第3章 (抑止設定); the kinds are our own.
    """

    PAPERS = "PAPERS"  # 発行抑止
    CHANGES = "CHANGES"  # 異動抑止
    ASK_FIRST = "ASK_FIRST"  # 事前確認


class StopCause(StrEnum):
    """Why something is stopped.  抑止の事由

    Law: none, own definition.
    """

    FALSE_NOTICE = "FALSE_NOTICE"  # 虚偽の届出のおそれ
    DISPUTE = "DISPUTE"  # 記載の争い・係争中
    PAPERS_STOLEN = "PAPERS_STOLEN"  # 本人確認書類の盗難・紛失
    SURVEY = "SURVEY"  # 実態調査中
    PUBLIC_OFFICE = "PUBLIC_OFFICE"  # 裁判所・官公署の求め
    OWN_WISH = "OWN_WISH"  # 本人の申出
    OTHER = "OTHER"  # その他


ENDED_BY_TWO = frozenset((StopKind.PAPERS, StopKind.CHANGES))


@dataclass(frozen=True, slots=True)
class ProcessingStop:
    """One stop as it is placed: of what, why, of a person or a household, and its last day if it has one.  抑止設定

    Law: none, own definition.
    """

    kind: StopKind
    cause: StopCause
    words: str
    addressee_number: int
    whole_household: bool = False
    last_day: date | None = None


def check_stop(stop: ProcessingStop, on: date) -> Refusal | None:
    """Refuse a stop without a reason in words, or one that is over already.

    Law: none, own definition.
    """
    if not stop.words.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "words")
    if stop.last_day is not None and stop.last_day < on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "last_day")
    return None


def stopped(cause: StopCause) -> Refusal:
    """Refuse an act of the counter because an officer stopped it, and say why.

    Law: 住民基本台帳法 第8条; own definition.
    """
    return Refusal(Reason.PROCESSING_HELD, _ARTICLE, "processing_hold", cause.value)


def stop_reaches(entry: Entry, *, kept_report: bool = False) -> tuple[frozenset[int], frozenset[int]]:
    """Name the people and the households whose stops of changes a change must not pass; nobody where it passes them.

    What another town tells has happened there, and stands: that somebody moved in, or what its letter says that is kept
    here (`kept_report`). That a clerk says so is not enough.

    Law: 住民基本台帳法 第8条, 第9条; own definition.
    """
    told = entry.ground is Ground.REPORT and (entry.kind is ChangeKind.MOVE_OUT or kept_report)
    if entry.kind in _PASSING or told:
        return frozenset(), frozenset()
    people = frozenset(entry.subjects)
    records = [one for one in (*entry.before, *entry.after) if one.addressee_number in people]
    return people, frozenset(one.household_number for one in records)
