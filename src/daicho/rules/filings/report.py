"""A filing was accepted of somebody who lives in another town: what that town is told.  戸籍に関する届書の通知

The Act says that the items to be recorded are notified, and to whom; which items, how long and in which shape is own
definition: what the real towns send each other over the network is not public.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import MAX_NAME_CHARACTERS, PersonName, can_be_shown
from daicho.rules.people.sex import Sex
from daicho.rules.programmes.item import says_individual_number
from daicho.rules.register.deadlines import check_days
from daicho.rules.register.name_change import NameCause

PLACE_CHARACTERS = 300
NUMBER_CHARACTERS = 40
ID_CHARACTERS = 64
_ARTICLE = juki("9")


class FilingKind(StrEnum):
    """What was filed, or recorded ex officio, in the family register.  届書の種類

    An acknowledged child's record is told where the name or the family register changes with it.
    Law: 住民基本台帳法 第9条第2項; 住民基本台帳法施行令 第12条第2項. The codes are our own. Acquiring the nationality is not
    among them: it strikes one record and enters another, which two towns settle by words.
    """

    BIRTH = "BIRTH"  # 出生
    DEATH = "DEATH"  # 死亡
    DISAPPEARANCE = "DISAPPEARANCE"  # 失踪宣告
    MARRIAGE = "MARRIAGE"  # 婚姻
    DIVORCE = "DIVORCE"  # 離婚
    ADOPTION = "ADOPTION"  # 養子縁組
    ADOPTION_ENDED = "ADOPTION_ENDED"  # 養子離縁
    FAMILY_REGISTER_MOVED = "FAMILY_REGISTER_MOVED"  # 転籍
    FAMILY_REGISTER_ENTERED = "FAMILY_REGISTER_ENTERED"  # 入籍
    FAMILY_REGISTER_SPLIT = "FAMILY_REGISTER_SPLIT"  # 分籍
    SURNAME_RESTORED = "SURNAME_RESTORED"  # 復氏（生存配偶者）
    ACKNOWLEDGED = "ACKNOWLEDGED"  # 認知
    NAME_CHANGED = "NAME_CHANGED"  # 氏名の変更
    FURIGANA = "FURIGANA"  # 氏名の振り仮名
    FAMILY_REGISTER_CORRECTED = "FAMILY_REGISTER_CORRECTED"  # 戸籍訂正
    NATIONALITY_LOST = "NATIONALITY_LOST"  # 国籍喪失


_CAUSES = {
    FilingKind.MARRIAGE: NameCause.MARRIAGE,
    FilingKind.DIVORCE: NameCause.DIVORCE,
    FilingKind.ADOPTION: NameCause.ADOPTION,
    FilingKind.ADOPTION_ENDED: NameCause.ADOPTION_ENDED,
    FilingKind.FAMILY_REGISTER_MOVED: NameCause.FAMILY_REGISTER_MOVED,
    FilingKind.FAMILY_REGISTER_ENTERED: NameCause.FAMILY_REGISTER_ENTERED,
    FilingKind.FAMILY_REGISTER_SPLIT: NameCause.FAMILY_REGISTER_SPLIT,
    FilingKind.SURNAME_RESTORED: NameCause.SURNAME_RESTORED,
    FilingKind.ACKNOWLEDGED: NameCause.ACKNOWLEDGED,
    FilingKind.NAME_CHANGED: NameCause.NAME_CHANGED,
    FilingKind.FURIGANA: NameCause.FURIGANA,
    FilingKind.FAMILY_REGISTER_CORRECTED: NameCause.FAMILY_REGISTER_CORRECTED,
}
_NEED_NAME = frozenset(
    (FilingKind.BIRTH, FilingKind.NAME_CHANGED, FilingKind.FURIGANA, FilingKind.SURNAME_RESTORED)
)
# Whoever leaves a family register for a new one keeps the name, and may choose where the new one is.
_NEED_DOMICILE = frozenset((FilingKind.FAMILY_REGISTER_MOVED, FilingKind.FAMILY_REGISTER_SPLIT))


def cause_of(kind: FilingKind) -> NameCause | None:
    """Tell for which cause a filing amends a name or a registered domicile; none where it does neither.

    Law: 住民基本台帳法施行令 第12条第2項
    """
    return _CAUSES.get(kind)


@dataclass(frozen=True, slots=True)
class ReportedPerson:
    """Whom a filing names, as it names that person: of a birth, the parent in whose household the child is.  通知に係る住民

    No number and no code: the family register has none.
    Law: 住民基本台帳法 第9条第2項; own definition.
    """

    name: str
    birth_date: PartialDate
    address: str
    householder: str = ""


@dataclass(frozen=True, slots=True)
class FilingReport:
    """What the town where somebody lives is to record.  法9条2項通知

    `name` is the child's, or how the person's own reads from `happened_on` on; `sex` is the child's. `filing_number` is
    that of the filing at the sending town.
    Law: 住民基本台帳法 第9条第2項; the items after F1-5 to F1-8 and F1-16, own definition.
    """

    kind: FilingKind
    filing_number: str
    happened_on: date
    accepted_on: date
    person: ReportedPerson
    name: PersonName | None = None
    sex: Sex | None = None
    registered_domicile: str = ""
    family_register_head: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """From which town to which a report goes, and its name at the sending one.  通知の発信地・送付先

    Law: 住民基本台帳法 第9条第2項
    """

    report_id: str
    sender: MunicipalityCode
    receiver: MunicipalityCode


def check_route(route: Route, article: Article) -> Refusal | None:
    """Refuse to tell the own town, which knows what it would be told, and a name that is none, under a letter's article.

    Law: 住民基本台帳法 第9条第2項, 第19条第1項; 住民基本台帳法施行令 第12条第2項
    """
    named = 0 < len(route.report_id) <= ID_CHARACTERS
    if not (named and route.report_id.isascii() and route.report_id.isprintable()):
        return Refusal(Reason.ITEM_MALFORMED, article, "report_id")
    if route.sender == route.receiver:
        return Refusal(Reason.OTHER_MUNICIPALITY, article, "to_municipality")
    return None


def check_report(report: FilingReport, on: date) -> Refusal | None:
    """Refuse a report that lacks what its kind tells, tells more, says too much, or of a day to come.

    Law: 住民基本台帳法 第9条第2項; lengths are own definition.
    """
    return (
        check_days(report.happened_on, report.accepted_on, on, _ARTICLE)
        or _check_texts(report)
        or _check_items(report)
    )


def _check_texts(report: FilingReport) -> Refusal | None:
    needed = (
        ("filing_number", report.filing_number, NUMBER_CHARACTERS),
        ("person_name", report.person.name, MAX_NAME_CHARACTERS),
        ("person_address", report.person.address, PLACE_CHARACTERS),
    )
    others = (
        ("householder", report.person.householder, MAX_NAME_CHARACTERS),
        ("registered_domicile", report.registered_domicile, PLACE_CHARACTERS),
        ("family_register_head", report.family_register_head, MAX_NAME_CHARACTERS),
        ("remarks", report.remarks, WORDS_CHARACTERS),
    )
    for field, text, limit in needed:
        if not text.strip(" 　"):
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, field)
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    for field, text, limit in others:
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    for field, text, _ in (*needed, *others):
        if text and not can_be_shown(text, PLACE_CHARACTERS):
            return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, field)
    for field, text in (("filing_number", report.filing_number), ("remarks", report.remarks)):
        if says_individual_number(text):
            return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, Article("番号法", "9"), field)
    return None


def _check_items(report: FilingReport) -> Refusal | None:
    amends, born = report.kind in _CAUSES, report.kind is FilingKind.BIRTH
    if report.name is None and report.kind in _NEED_NAME:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "name")
    if born is (report.sex is None):
        return Refusal(Reason.FIELD_MISSING if born else Reason.ITEM_FORBIDDEN, _ARTICLE, "sex")
    if not amends and not born:
        told = report.name is not None or report.registered_domicile or report.family_register_head
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "name") if told else None
    if report.kind in _NEED_DOMICILE and not report.registered_domicile:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "registered_domicile")
    if report.kind is FilingKind.FURIGANA and report.name is not None and not report.name.furigana:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "furigana")
    if report.name is None and not report.registered_domicile and not report.family_register_head:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "name")
    return None
