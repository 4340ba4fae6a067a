"""One matter in which the register may be wrong, and all that was done about it.  正確な記録の確保に係る事案

One shape serves all kinds: what differs is which steps a kind knows (see `steps`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.reasons import ChangeKind, Ground


class CaseKind(StrEnum):
    """What kind of matter it is.  事案の種別"""

    REPORT = "REPORT"  # 通知・届書・通報・申出
    MISSING_ARRIVAL = "MISSING_ARRIVAL"  # 転入通知未着
    UNNOTIFIED = "UNNOTIFIED"  # 未届
    SURVEY = "SURVEY"  # 実態調査
    REMAKING = "REMAKING"  # 再製


class CaseSource(StrEnum):
    """How the town came to know.  事案の端緒"""

    FAMILY_REGISTER = "FAMILY_REGISTER"  # 戸籍の届書の受理・職権記載
    OTHER_TOWN = "OTHER_TOWN"  # 他の市町村長の通知
    COMMITTEE = "COMMITTEE"  # 委員会の通報
    STATEMENT = "STATEMENT"  # 本人・同一世帯の者の申出
    OTHER_OFFICE = "OTHER_OFFICE"  # 庁内の他の事務
    RETURNED_MAIL = "RETURNED_MAIL"  # 郵便物の返戻
    OUTSIDER = "OUTSIDER"  # 家主・親族・近隣等の情報
    NO_ARRIVAL_REPORT = "NO_ARRIVAL_REPORT"  # 転入通知の未着
    REGULAR_SURVEY = "REGULAR_SURVEY"  # 定期の調査
    SURVEY = "SURVEY"  # 必要があるときの調査
    LOSS_FOUND = "LOSS_FOUND"  # 滅失・毀損の発見


class SurveyFinding(StrEnum):
    """What whoever went there found.  調査の結果"""

    LIVES_THERE = "LIVES_THERE"  # 居住している
    DOES_NOT_LIVE_THERE = "DOES_NOT_LIVE_THERE"  # 居住していない
    NOBODY_MET = "NOBODY_MET"  # 面会できない


class AnswerMeaning(StrEnum):
    """What an answer to an inquiry says.  照会の回答の別"""

    ARRIVED = "ARRIVED"  # 転入している
    NOT_ARRIVED = "NOT_ARRIVED"  # 転入していない
    OTHER = "OTHER"  # その他


class TellingWay(StrEnum):
    """How somebody is told that the mayor changed the record.  職権による記載等の通知の別"""

    NOTICE = "NOTICE"  # 通知
    PUBLIC_NOTICE = "PUBLIC_NOTICE"  # 公示


class Damage(StrEnum):
    """What happened to a record.  滅失・毀損の別"""

    LOST = "LOST"  # 滅失
    DAMAGED = "DAMAGED"  # 毀損


class CaseOutcome(StrEnum):
    """How a case ended.  事案の結末"""

    ENTERED = "ENTERED"  # 職権による記載等
    NOTIFIED = "NOTIFIED"  # 届出・転入通知による記載等
    ARRIVED = "ARRIVED"  # 転入の確認
    REMADE = "REMADE"  # 再製
    NO_CHANGE = "NO_CHANGE"  # 変更なし
    WITHDRAWN = "WITHDRAWN"  # 取下げ（誤って受け付けたもの）


class CaseStep(StrEnum):
    """What was done in a case.  事案の経過"""

    OPENED = "OPENED"  # 受付
    IDENTIFIED = "IDENTIFIED"  # 対象者の特定
    ASKED = "ASKED"  # 照会
    ANSWERED = "ANSWERED"  # 回答
    REMINDED = "REMINDED"  # 催告
    PLANNED = "PLANNED"  # 調査の予定
    VISITED = "VISITED"  # 訪問
    LINKED = "LINKED"  # 異動の入力
    TOLD = "TOLD"  # 通知・公示
    REMADE = "REMADE"  # 再製
    CLOSED = "CLOSED"  # 終了
    WITHDRAWN = "WITHDRAWN"  # 取下げ
    REOPENED = "REOPENED"  # 再開


_ARTICLES: dict[CaseSource, Article] = {
    CaseSource.FAMILY_REGISTER: juki_order("12"),
    CaseSource.OTHER_TOWN: juki("9"),
    CaseSource.COMMITTEE: juki("13"),
    CaseSource.REGULAR_SURVEY: juki("34"),
    CaseSource.SURVEY: juki("34"),
}


def article_of(source: CaseSource) -> Article:
    """Name the article on which a town's knowledge rests.

    What no other article names is known from the town's own work. A statement of the person is of 法14条 as well,
    of its second paragraph; reminding is of the first.

    Law: 住民基本台帳法 第9条第2項, 第13条, 第14条, 第34条; 住民基本台帳法施行令 第12条第2項
    """
    return _ARTICLES.get(source, juki("14"))


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Another authority was asked, and what it answered.  照会

    `arrived` are those of the case of whom the answer says that they moved in there.
    Law: none for the asking; the answer confirms a fact (住民基本台帳法施行令 第12条)
    """

    asked_body: str
    municipality: MunicipalityCode | None
    asked_on: date
    due_on: date
    question: str
    asked_by: str = ""
    answered_on: date | None = None
    meaning: AnswerMeaning | None = None
    answer: str = ""
    arrived: tuple[int, ...] = ()
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to the inquiry at a place, counted from nought, and who arrived by it.  照会の回答

    Law: 住民基本台帳法 第14条第1項
    """

    place: int
    answered_on: date
    meaning: AnswerMeaning
    words: str = ""
    arrived: tuple[int, ...] = ()
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody who owes a notice was asked to give it until a day.  催告

    Law: 住民基本台帳法 第14条第1項
    """

    sent_on: date
    due_on: date
    words: str
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """Who goes there and when.  調査の予定

    Law: 住民基本台帳法 第34条第3項
    """

    surveyors: str
    planned_on: date


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody went there; the day, what was found, and of whom.  訪問

    Nobody in `people` means that the place alone was looked at, of which no resident was known yet.
    Law: 住民基本台帳法 第34条第3項
    """

    visited_on: date
    surveyors: str
    finding: SurveyFinding
    words: str = ""
    people: tuple[int, ...] = ()
    noted_by: str = ""


@dataclass(frozen=True, slots=True)
class LinkedEntry:
    """A change that was entered because of the case, and how its fact was confirmed.  事案による異動

    Law: 住民基本台帳法施行令 第12条
    """

    entry_id: str
    kind: ChangeKind
    ground: Ground
    confirmed_by: str
    linked_by: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """Whoever is concerned was told of what the mayor did, or it was made public instead.  職権による記載等の通知

    `entries` are the changes of which it tells, and no others. `ends_on` is the last day of a public notice, or the day
    on which a notice reached the person, when known.
    Law: 住民基本台帳法施行令 第12条第4項
    """

    way: TellingWay
    begun_on: date
    entries: tuple[str, ...]
    ends_on: date | None = None
    words: str = ""
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Remaking:
    """A lost or damaged record was put back as it stood, and from what.  再製

    Rewriting (改製, 施行令16条) leaves history behind and keeps what was before as a record of its own; remaking
    brings back what ought never to have gone, and nothing is left behind.
    Law: 住民基本台帳法施行令 第17条, as far as known: its text is not among the sources.
    """

    damage: Damage
    cause: str
    restored_from: str
    remade_on: date
    remade_by: str


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """How a case ended, when, by whom and why.  事案の終了"""

    ended_on: date
    ended_by: str
    outcome: CaseOutcome
    why: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A case turned out to have been opened by mistake, when, and why.  事案の取下げ

    Law: none, own definition.
    """

    withdrawn_on: date
    why: str
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Reopening:
    """A case had ended wrongly and goes on, when, and why; how it had ended.  事案の再開

    Law: 住民基本台帳法 第14条第1項; own definition.
    """

    reopened_on: date
    why: str
    reopened_by: str = ""
    ended: CaseEnd | None = None


@dataclass(frozen=True, slots=True)
class UpkeepCase:
    """One matter in which the register may be wrong.  正確な記録の確保に係る事案

    `people` are addressee numbers of whom it is known; nobody when only a name or an address is known. `due_on` is
    by when the first thing should be done. Whoever wrote a part of it is named with the part.
    Law: 住民基本台帳法 第9条第2項, 第13条, 第14条, 第34条
    """

    number: str
    kind: CaseKind
    source: CaseSource
    received_on: date
    content: str
    due_on: date
    people: tuple[int, ...] = ()
    name: str = ""
    birth_date: PartialDate | None = None
    address: str = ""
    from_body: str = ""
    from_municipality: MunicipalityCode | None = None
    inquiries: tuple[Inquiry, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    plan: SurveyPlan | None = None
    visits: tuple[Visit, ...] = ()
    entries: tuple[LinkedEntry, ...] = ()
    tellings: tuple[Telling, ...] = ()
    remaking: Remaking | None = None
    end: CaseEnd | None = None
    reopenings: tuple[Reopening, ...] = ()
    opened_by: str = ""

    @property
    def article(self) -> Article:
        """Name the article on which the town's knowledge rests."""
        return article_of(self.source)
