"""A change of the register as one value: what stood before, what shall stand, and on which ground."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from daicho.rules.law.article import Article
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground, Source, article_of
from daicho.rules.register.reception import Notifier, Reception
from daicho.rules.register.record import ResidentRecord

_FOR_ANOTHER = (Notifier.LEGAL_REPRESENTATIVE, Notifier.AGENT)
_SOURCES = {
    Ground.NOTICE: Source.PERSON,
    Ground.REPORT: Source.OTHER_MUNICIPALITY,
    Ground.EX_OFFICIO: Source.OWN_OFFICE,
}


@dataclass(frozen=True, slots=True)
class Lateness:
    """A notice that came after its last day; accepted, and a fine may be notified.  届出期間経過

    Law: 住民基本台帳法 第52条第2項
    """

    due_on: date
    days_late: int
    article: Article
    fine_article: Article


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, entered and waiting for a second person, or verified.  異動

    `subjects` are the people of whom `reason` speaks; everybody else in `after` changes only in the
    items of the household, which nobody above the municipality is told.
    """

    kind: ChangeKind
    reason: ChangeReason
    change_date: date
    notified_on: date
    before: tuple[ResidentRecord, ...]
    after: tuple[ResidentRecord, ...]
    subjects: tuple[int, ...]
    ground: Ground = Ground.NOTICE
    lateness: Lateness | None = None
    reason_detail: str = ""
    permission: str = ""
    cancels: str = ""
    effective_on: date | None = None  # a correction or cancellation reaches back to this day
    words: str = ""  # what the clerk wrote about it: stays in this town, while `reason_detail` goes upward
    reception: Reception | None = None  # none where no notice was handed in: ex officio, by report

    @property
    def legal_day(self) -> date:
        """Tell from which day on the records after the change are the right ones.

        Law: 住民基本台帳法 第14条
        """
        return self.effective_on or self.change_date

    @property
    def article(self) -> Article:
        """Name the article under which the record changes.  根拠条文

        Law: 住民基本台帳法 第8条
        """
        foreign = any(one.foreign for one in self.after if one.addressee_number in self.subjects)
        return article_of(self.kind, self.ground, foreign=foreign)

    @property
    def source(self) -> Source:
        """Tell from whom the change is known.  情報の入手元

        A number comes from the Agency whoever asked for it, and what a foreign resident may do here from the Ministry.
        Law: none; the evaluation of the register's file names where its data come from.
        """
        if self.kind is ChangeKind.NUMBER_CHANGE:
            return Source.AGENCY
        if self.kind is ChangeKind.RESIDENCE_STATUS_CHANGE:
            return Source.MINISTRY
        if self.reception is not None:
            return Source.REPRESENTATIVE if self.reception.notifier in _FOR_ANOTHER else Source.PERSON
        return _SOURCES[self.ground]

    @property
    def late(self) -> bool:
        """Tell whether the notice came after its last day.

        Law: 住民基本台帳法 第52条第2項
        """
        return self.lateness is not None

    def pairs(self) -> tuple[tuple[ResidentRecord | None, ResidentRecord], ...]:
        """Put each record after the change beside the same person's record before it.

        Law: none, arrangement of one value.
        """
        old = {record.addressee_number: record for record in self.before}
        return tuple((old.get(record.addressee_number), record) for record in self.after)

    def reason_for(self, addressee_number: int) -> ChangeReason:
        """Tell the reason that one person's record carries.

        Law: 住民基本台帳法施行規則 第11条
        """
        return self.reason if addressee_number in self.subjects else ChangeReason.NOT_REPORTED


@dataclass(frozen=True, slots=True)
class Allotment:
    """Numbers drawn for a change before it is drafted.  付番

    Law: 住民基本台帳法 第30条の2, 第30条の3
    """

    addressee_numbers: tuple[int, ...] = ()
    household_numbers: tuple[int, ...] = ()
    codes: tuple[ResidentRecordCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the counter knows besides the notice: its town, its closed days, the numbers drawn.  窓口"""

    home: MunicipalityCode
    closed: Container[date] = CLOSED_DAYS
    allotment: Allotment = Allotment()
