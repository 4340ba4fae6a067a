"""Extraction by staff: conditions from a list, what for and on which basis, and when a second person must agree first.  EUC

Law: 本人確認情報管理方法 第3(3); 特定個人情報保護評価書 Ⅲ(1)-3 (prior approval of bulk output).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from daicho.rules.hall.feed import HallPerson, person_with
from daicho.rules.hall.offices import HallItem
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.age import ages_on
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind, ResidentRecord

WITHOUT_APPROVAL_PEOPLE = 100
SUMMED = timedelta(days=30)  # over which an operator's files without approval count as one
READY_FOR = timedelta(days=7)  # how long an order may be made into its file
COUNTED_ONE_BY_ONE = 2_000  # of more than these the keys alone are counted, which is no fewer than are meant
AT_ONCE_PEOPLE = 2_000  # a file of more than these is made beside the requests and fetched afterwards
WORDS_CHARACTERS = 200
TOWN_CHARACTERS = 60
OLDEST = 150
_ARTICLE = Article("本人確認情報管理方法", "3")
_I = HallItem
EXTRACTED_ITEMS: tuple[HallItem, ...] = tuple(one for one in HallItem if one is not _I.INDIVIDUAL_NUMBER)
# What a copy of the record leaves out unless somebody asks and shows why (法第12条第5項), and where somebody was or goes.
APPROVED_ITEMS = frozenset(
    (
        _I.RELATIONSHIP, _I.HOUSEHOLDER, _I.REGISTERED_DOMICILE, _I.NATIONALITY, _I.RESIDENCE_STATUS,
        _I.RESIDENCE_EXPIRES_ON, _I.PREVIOUS_ADDRESS, _I.MOVED_TO,
    )
)  # fmt: skip


class ExtractionState(StrEnum):
    """Where an extraction stands.  抽出の状態

    Law: none, own definition.
    """

    WAITING = "WAITING"  # 承認待ち
    READY = "READY"  # 作成できる
    DECLINED = "DECLINED"  # 不承認
    MAKING = "MAKING"  # 作成中
    KEPT = "KEPT"  # 受取り待ち
    MADE = "MADE"  # 作成済み
    LAPSED = "LAPSED"  # 期限切れ


@dataclass(frozen=True, slots=True)
class ExtractionConditions:
    """Whom an extraction names; everything that is given must fit, ages are those with which `as_of` begins.  抽出条件

    `town` is the beginning of the address in the town, without the names of prefecture and town.
    Law: 本人確認情報管理方法 第3(3)イ
    """

    as_of: date
    youngest: int | None = None
    oldest: int | None = None
    sex: Sex | None = None
    resident_kind: ResidentKind | None = None
    town: str = ""
    resident_from: date | None = None
    resident_until: date | None = None
    householders_only: bool = False


@dataclass(frozen=True, slots=True)
class ExtractionOrder:
    """An extraction as it is asked for.  抽出の申請

    Law: 本人確認情報管理方法 第3(3)
    """

    conditions: ExtractionConditions
    items: frozenset[HallItem]
    purpose: str
    basis: str
    characters_replaced: bool = False


def check_order(order: ExtractionOrder, on: date) -> Refusal | None:
    """Refuse an order without purpose, basis or items, one with items that no extraction gives, and ages or days upside down.

    Law: 本人確認情報管理方法 第3(3)ア, イ; 番号法 第9条
    """
    asked = order.conditions
    for field, text in (("purpose", order.purpose), ("basis", order.basis)):
        if not text.strip():
            return Refusal(Reason.PURPOSE_MISSING, _ARTICLE, field)
        if len(text) > WORDS_CHARACTERS:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    if not order.items:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "items")
    if not order.items <= set(EXTRACTED_ITEMS):
        return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, Article("番号法", "9"), "items")
    if asked.as_of > on:
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "as_of")
    if len(asked.town) > TOWN_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "town")
    if not _in_order(asked.youngest, asked.oldest):
        return Refusal(Reason.AGE_OUT_OF_RANGE, _ARTICLE, "oldest")
    if asked.resident_from and asked.resident_until and asked.resident_until < asked.resident_from:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "resident_until")
    return None


def _in_order(youngest: int | None, oldest: int | None) -> bool:
    ends = [one for one in (youngest, oldest) if one is not None]
    return ends == sorted(ends) and all(0 <= one <= OLDEST for one in ends)


def needs_approval(items: Iterable[HallItem], people: int, *, lately: int = 0, covered: bool = False) -> bool:
    """Tell whether a second person must agree before a file is made: many people, items kept closer, covered people.

    `lately` counts whom the operator's files of the last days name without approval, so that no order is cut into slices;
    `covered` that a measure protects somebody in the file, which says so.

    Law: 特定個人情報保護評価書 Ⅲ(1)-3; 住民基本台帳事務処理要領 第6の10; limit, days and items are own definition
    """
    return covered or people + lately > WITHOUT_APPROVAL_PEOPLE or not APPROVED_ITEMS.isdisjoint(items)


def lapsed(ready_since: datetime, at: datetime) -> bool:
    """Tell whether an order that may be made was left too long.

    Law: none, own definition
    """
    return at - ready_since > READY_FOR


def grew(counted: int, now: int) -> bool:
    """Tell whether an extraction has become another one than was asked for: by a tenth and ten people more.

    Law: none, own definition
    """
    return now > counted + counted // 10 + 10


def tells_place(conditions: ExtractionConditions) -> bool:
    """Tell whether being found says where somebody lives: then nobody is found whose home is kept back.

    Law: 住民基本台帳事務処理要領 第6の10, own definition
    """
    return bool(conditions.town.strip())


def selects(conditions: ExtractionConditions, record: ResidentRecord) -> bool:
    """Tell whether somebody is meant, but for the town, which is compared by its folded key where keys are kept.

    Of a birth date unknown in part, whoever may have the age is meant; without a year nobody is who is asked by age.

    Law: none, own definition
    """
    if not record.living or (conditions.householders_only and not record.is_householder):
        return False
    if conditions.sex is not None and record.sex is not conditions.sex:
        return False
    if conditions.resident_kind is not None and record.resident_kind is not conditions.resident_kind:
        return False
    if conditions.resident_from is not None and record.resident_since < conditions.resident_from:
        return False
    if conditions.resident_until is not None and record.resident_since > conditions.resident_until:
        return False
    return _of_age(conditions, record)


def _of_age(conditions: ExtractionConditions, record: ResidentRecord) -> bool:
    if conditions.youngest is None and conditions.oldest is None:
        return True
    ages = ages_on(record.birth_date, conditions.as_of)
    if ages is None:
        return False
    youngest, oldest = conditions.youngest, conditions.oldest
    return (youngest is None or ages.oldest >= youngest) and (oldest is None or ages.youngest <= oldest)


def birth_years(conditions: ExtractionConditions) -> tuple[int, int] | None:
    """Give the first and the last year of birth that the ages allow, one year wider at both ends, or nothing without ages.

    Law: none, own definition
    """
    if conditions.youngest is None and conditions.oldest is None:
        return None
    year = conditions.as_of.year
    oldest = OLDEST if conditions.oldest is None else conditions.oldest
    return year - oldest - 2, year - (conditions.youngest or 0) + 1


def extracted(record: ResidentRecord, items: frozenset[HallItem], *, covered: bool) -> HallPerson:
    """Give one row of an extraction; of a covered person nothing of where, whoever asks.

    A file leaves the hall's screens, so that no right to see opens it here.

    Law: 住民基本台帳事務処理要領 第6の10, own definition
    """
    return replace(person_with(record, items, kept_back=covered), protected=covered)
