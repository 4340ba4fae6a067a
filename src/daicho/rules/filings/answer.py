"""What the town that was told made of it, and which change of the register fits a report.  通知に対する回答"""

from enum import StrEnum

from daicho.rules.filings.report import FilingKind, FilingReport, cause_of
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.whereabouts import names_home_of
from daicho.rules.register.reasons import ChangeKind, Ground
from daicho.rules.register.record import ResidentRecord

_ARTICLE = juki("9")


class ReportAnswer(StrEnum):
    """What became of a report where it was sent; never where somebody lives.  通知の処理結果

    Law: none, own definition: the Act asks for no answer, and the sender asks for an address as everybody does.
    """

    RECORDED = "RECORDED"  # 記載した
    NOTHING_TO_RECORD = "NOTHING_TO_RECORD"  # 既に記載があり、記載を要しない
    NOT_HERE = "NOT_HERE"  # 該当者なし
    MOVED_ON = "MOVED_ON"  # 他の市区町村へ転出済み


BY_HAND = (ReportAnswer.NOTHING_TO_RECORD, ReportAnswer.NOT_HERE, ReportAnswer.MOVED_ON)
"""What somebody may answer without a change of the register."""


def comes_back(answer: ReportAnswer) -> bool:
    """Tell whether the sender has work left: the report has reached the wrong town.

    Law: 住民基本台帳法 第9条第2項: the town where somebody lives is to be told.
    """
    return answer in (ReportAnswer.NOT_HERE, ReportAnswer.MOVED_ON)


def needs_a_second(answer: ReportAnswer) -> bool:
    """Tell whether a report ends with an answer by hand for good, so that a second person stands for it.

    What reached the wrong town is still with its sender; what is held to be recorded already is with nobody any more.
    Law: 本人確認情報管理方法 第3(2)ア; own definition.
    """
    return answer in BY_HAND and not comes_back(answer)


def change_of(kind: FilingKind) -> ChangeKind:
    """Name the change of the register to which a filing leads.

    Law: 住民基本台帳法施行令 第8条, 第12条第2項
    """
    if kind is FilingKind.BIRTH:
        return ChangeKind.BIRTH
    if kind is FilingKind.DEATH:
        return ChangeKind.DEATH
    return ChangeKind.NAME_CHANGE if cause_of(kind) is not None else ChangeKind.EX_OFFICIO_STRIKE


def check_fit(kind: FilingKind, change: ChangeKind, ground: Ground) -> Refusal | None:
    """Refuse to close a report by a change of another kind, or by one on another's word.

    Whoever is struck ex officio is struck on the mayor's own word, of which the report is the occasion.

    Law: 住民基本台帳法 第9条第2項; 住民基本台帳法施行令 第12条第2項
    """
    wanted = Ground.EX_OFFICIO if change is ChangeKind.EX_OFFICIO_STRIKE else Ground.REPORT
    if change is not change_of(kind) or ground is not wanted:
        return Refusal(Reason.REPORT_NOT_FITTING, _ARTICLE, "report")
    return None


def is_named(report: FilingReport, record: ResidentRecord, *, same_name: bool) -> bool:
    """Tell whether a report names a resident: the same name and day of birth, wherever it says that they live.

    `same_name` holds where the names are one when folded, own characters as their counterparts are written.
    Law: none, own definition.
    """
    return same_name and record.birth_date == report.person.birth_date


def may_be_meant(report: FilingReport, record: ResidentRecord, *, same_name: bool) -> bool:
    """Tell whether a report may mean a resident: born on that day, with that name or at that place.

    Law: none, own definition.
    """
    same_day = record.birth_date == report.person.birth_date
    return same_day and (same_name or names_home_of(report.person.address, record))


def says_whereabouts_of(report: FilingReport, record: ResidentRecord, *, same_name: bool) -> bool:
    """Tell whether a report says where somebody of that name lives, although the birth date is another one.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    return same_name and names_home_of(report.person.address, record)


def comes_near(report: FilingReport, birth: PartialDate, *, same_name: bool) -> bool:
    """Tell whether a report comes so near to somebody that, where a measure hides them, it is not for everybody.

    That is who bears the name, or may have been born on that day: how a town writes a name or a place is not to decide
    whether an address is shown. Days of which not even the year is known are near to none.
    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    told = report.person.birth_date
    if same_name:
        return True
    if told.year is None or told.year != birth.year:
        return False
    return all(
        None in pair or pair[0] == pair[1] for pair in ((told.month, birth.month), (told.day, birth.day))
    )
