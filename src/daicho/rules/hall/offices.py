"""Which office of the hall may have which items of a resident under which law, and who may use the number.

The register's own records are base data of other work of the same town (住民基本台帳法 第1条); which items an office needs
follows from its act. Where the act names none, the list is own definition and the smallest that the work can live with.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article, bango, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.age import ages_on
from daicho.rules.register.record import ResidentKind, ResidentRecord


class HallOffice(StrEnum):
    """Whose work a system of the hall does.  庁内の業務

    Law: 住民基本台帳法 第1条
    """

    ADDRESSEES = "ADDRESSEES"  # 団体内統合宛名（番号連携サーバ）
    ELECTION = "ELECTION"  # 選挙人名簿
    NHI = "NHI"  # 国民健康保険
    LATE_ELDERLY = "LATE_ELDERLY"  # 後期高齢者医療
    CARE = "CARE"  # 介護保険
    PENSION = "PENSION"  # 国民年金
    CHILD_ALLOWANCE = "CHILD_ALLOWANCE"  # 児童手当
    TAX = "TAX"  # 個人住民税・固定資産税等
    SCHOOL = "SCHOOL"  # 就学（学齢簿）
    VACCINATION = "VACCINATION"  # 予防接種
    WELFARE = "WELFARE"  # 生活保護


class HallItem(StrEnum):
    """One item that an office may be told.  連携項目

    The resident record code is none: nobody in the hall may ask for it (住民基本台帳法 第30条の37, 第30条の38).
    Law: 住民基本台帳法 第7条, 第30条の45
    """

    NAME = "NAME"  # 氏名
    FURIGANA = "FURIGANA"  # 振り仮名
    FORMER_SURNAME = "FORMER_SURNAME"  # 旧氏
    ALIAS = "ALIAS"  # 通称
    BIRTH_DATE = "BIRTH_DATE"  # 生年月日
    SEX = "SEX"  # 性別
    ADDRESS = "ADDRESS"  # 住所
    POSTAL_CODE = "POSTAL_CODE"  # 郵便番号
    ADDRESS_SINCE = "ADDRESS_SINCE"  # 住所を定めた年月日
    HOUSEHOLD_NUMBER = "HOUSEHOLD_NUMBER"  # 世帯番号
    RELATIONSHIP = "RELATIONSHIP"  # 続柄
    HOUSEHOLDER = "HOUSEHOLDER"  # 世帯主
    RESIDENT_KIND = "RESIDENT_KIND"  # 住民区分
    RESIDENT_SINCE = "RESIDENT_SINCE"  # 住民となった年月日
    RESIDENT_SINCE_NOTIFIED_ON = "RESIDENT_SINCE_NOTIFIED_ON"  # 住民となった届出の年月日
    PREVIOUS_ADDRESS = "PREVIOUS_ADDRESS"  # 転入前住所
    MOVE_OUT_PLANNED_ON = "MOVE_OUT_PLANNED_ON"  # 転出予定年月日
    REMOVED_ON = "REMOVED_ON"  # 消除の年月日
    REMOVAL_REASON = "REMOVAL_REASON"  # 消除の事由
    MOVED_TO = "MOVED_TO"  # 転出先
    NATIONALITY = "NATIONALITY"  # 国籍・地域
    RESIDENCE_STATUS = "RESIDENCE_STATUS"  # 在留資格
    RESIDENCE_EXPIRES_ON = "RESIDENCE_EXPIRES_ON"  # 在留期間の満了の日
    REGISTERED_DOMICILE = "REGISTERED_DOMICILE"  # 本籍
    INDIVIDUAL_NUMBER = "INDIVIDUAL_NUMBER"  # 個人番号


_I, _O = HallItem, HallOffice
_PERSON = frozenset((_I.NAME, _I.FURIGANA, _I.FORMER_SURNAME, _I.ALIAS, _I.BIRTH_DATE, _I.SEX))
_HOME = frozenset((_I.ADDRESS, _I.POSTAL_CODE, _I.ADDRESS_SINCE))
_HOUSEHOLD = frozenset((_I.HOUSEHOLD_NUMBER, _I.RELATIONSHIP, _I.HOUSEHOLDER))
_STAY = frozenset(
    (
        _I.RESIDENT_SINCE, _I.RESIDENT_SINCE_NOTIFIED_ON, _I.MOVE_OUT_PLANNED_ON, _I.REMOVED_ON, _I.REMOVAL_REASON,
    )
)  # fmt: skip
_BASE = _PERSON | _HOME | _STAY
_FOREIGN = frozenset((_I.RESIDENT_KIND, _I.RESIDENCE_STATUS, _I.RESIDENCE_EXPIRES_ON))
_INSURED = _BASE | _HOUSEHOLD | _FOREIGN | {_I.PREVIOUS_ADDRESS, _I.MOVED_TO, _I.INDIVIDUAL_NUMBER}

# What tells where somebody lives, lived, goes, or could be asked about, and with whom: the home of others of one
# household is told under its number. Own definition, wider than the veil's.
WHERE_ITEMS = frozenset(
    (
        _I.ADDRESS, _I.POSTAL_CODE, _I.ADDRESS_SINCE, _I.HOUSEHOLD_NUMBER, _I.RELATIONSHIP, _I.HOUSEHOLDER,
        _I.PREVIOUS_ADDRESS, _I.MOVE_OUT_PLANNED_ON, _I.MOVED_TO, _I.REGISTERED_DOMICILE,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfficeDuty:
    """What one office may be told, for which affair, under which article, and from when until when.  連携の根拠

    `needs_address` says that the duty itself goes to where somebody lives; only then can an agreement let the address of
    somebody under a protection measure pass. `title` and `affair` are terms of law. `number_from_age` is the age in years
    from which the work needs an individual number (own definition after the act's insured).
    """

    office: HallOffice
    title: str
    affair: str
    article: Article
    items: frozenset[HallItem]
    in_force_from: date
    in_force_until: date | None = None
    needs_address: bool = False
    japanese_only: bool = False
    number_from_age: int = 0

    def in_force(self, on: date) -> bool:
        """Tell whether it holds on a day.

        Law: none, arrangement of one value.
        """
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)

    def reaches(self, record: ResidentRecord) -> bool:
        """Tell whether the office has anything to do with somebody at all.

        Law: 公職選挙法 第9条第2項, 第21条
        """
        return not (self.japanese_only and record.resident_kind is ResidentKind.FOREIGN)

    def needs_number_of(self, record: ResidentRecord, on: date) -> bool:
        """Tell whether the work needs somebody's number at their age; of a birth date unknown in part, whoever may be.

        Law: 番号法 第9条第1項 (必要な限度), 介護保険法 第9条, 国民年金法 第7条; the ages are own definition
        """
        if not self.number_from_age:
            return True
        ages = ages_on(record.birth_date, on)
        return record.birth_date.year is None if ages is None else ages.oldest >= self.number_from_age


_ACT = date(1967, 11, 10)
OFFICE_DUTIES: tuple[OfficeDuty, ...] = (
    OfficeDuty(
        _O.ADDRESSEES, "団体内統合宛名", "宛名の管理", bango("9"),
        _BASE | _HOUSEHOLD | {_I.RESIDENT_KIND, _I.INDIVIDUAL_NUMBER}, date(2015, 10, 5),
    ),
    # Whoever has lived here for three months is entered without any notice; the roll says no more than these.
    OfficeDuty(
        _O.ELECTION, "選挙人名簿", "選挙人名簿の調製", Article("公職選挙法", "21"),
        _BASE | {_I.PREVIOUS_ADDRESS, _I.MOVED_TO}, _ACT, needs_address=True, japanese_only=True,
    ),
    OfficeDuty(
        _O.NHI, "国民健康保険", "被保険者の資格の管理", Article("国民健康保険法", "9"), _INSURED, _ACT,
        needs_address=True,
    ),
    OfficeDuty(
        _O.LATE_ELDERLY, "後期高齢者医療", "被保険者の資格の管理",
        Article("高齢者の医療の確保に関する法律", "54"), _INSURED, date(2008, 4, 1), needs_address=True,
        number_from_age=65,  # with a disability from 65, everybody from 75 (第50条)
    ),
    OfficeDuty(
        _O.CARE, "介護保険", "被保険者の資格の管理", Article("介護保険法", "12"), _INSURED, date(2000, 4, 1),
        needs_address=True, number_from_age=40,
    ),
    OfficeDuty(
        _O.PENSION, "国民年金", "第1号被保険者の届出の受理", Article("国民年金法", "12"),
        _INSURED - {_I.RESIDENCE_STATUS, _I.RESIDENCE_EXPIRES_ON}, _ACT, number_from_age=20,
    ),
    OfficeDuty(
        _O.CHILD_ALLOWANCE, "児童手当", "受給資格の認定", Article("児童手当法", "7"), _INSURED, date(1972, 1, 1),
    ),
    OfficeDuty(
        _O.TAX, "地方税", "市町村税の賦課徴収", Article("地方税法", "294"),
        _BASE | _HOUSEHOLD | {_I.RESIDENT_KIND, _I.PREVIOUS_ADDRESS, _I.MOVED_TO, _I.INDIVIDUAL_NUMBER}, _ACT,
        needs_address=True,
    ),
    # The board of education is another body of the same town; its roll of children follows the register.
    OfficeDuty(
        _O.SCHOOL, "就学", "学齢簿の編製", Article("学校教育法施行令", "1"),
        _BASE | _HOUSEHOLD | {_I.RESIDENT_KIND, _I.PREVIOUS_ADDRESS, _I.MOVED_TO}, _ACT, needs_address=True,
    ),
    OfficeDuty(
        _O.VACCINATION, "予防接種", "予防接種の実施", Article("予防接種法", "5"),
        _BASE | {_I.HOUSEHOLD_NUMBER, _I.INDIVIDUAL_NUMBER}, _ACT,
    ),
    OfficeDuty(
        _O.WELFARE, "生活保護", "保護の決定及び実施", Article("生活保護法", "19"), _INSURED, _ACT,
    ),
)  # fmt: skip
# For which act the appended table of the Number Act names the mayor; an office that is not here uses no number.
_NUMBER_ACTS = {
    _O.NHI: "国民健康保険法",
    _O.LATE_ELDERLY: "高齢者の医療の確保に関する法律",
    _O.CARE: "介護保険法",
    _O.PENSION: "国民年金法",
    _O.CHILD_ALLOWANCE: "児童手当法",
    _O.TAX: "地方税法",
    _O.VACCINATION: "予防接種法",
    _O.WELFARE: "生活保護法",
}
_NUMBERS_USED_FROM = date(2016, 1, 1)
_ONE_TABLE_FROM = date(2024, 5, 27)  # until then the affairs stood in 別表第一
_NO_DUTY = juki("1")


@dataclass(frozen=True, slots=True)
class NumberOrdinance:
    """What a town's own ordinance says of individual numbers inside the hall; empty: none is handed over.  番号利用条例

    `linked` are the offices to which the ordinance lets the number pass, `own_affairs` those for which the town made an
    affair of its own (独自利用事務) that no appended table names.
    Law: 番号法 第9条第2項, 第19条第11号
    """

    linked: frozenset[HallOffice] = frozenset()
    own_affairs: frozenset[HallOffice] = frozenset()


def duty_of(office: HallOffice, on: date) -> OfficeDuty | Refusal:
    """Find what an office may be told on a day.

    Law: 住民基本台帳法 第1条, and the act of the office
    """
    for duty in OFFICE_DUTIES:
        if duty.office is office and duty.in_force(on):
            return duty
    return Refusal(Reason.BASIS_NOT_IN_FORCE, _NO_DUTY, "office")


def number_basis(office: HallOffice, on: date, ordinance: NumberOrdinance) -> Article | None:
    """Name the article under which an office uses individual numbers on a day, or nothing.

    The addressee system keeps numbers for the offices that use them and is handed one only under the ordinance, too.

    Law: 番号法 第9条第1項, 第2項
    """
    if on < _NUMBERS_USED_FROM:
        return None
    if office in _NUMBER_ACTS:
        table = "別表" if on >= _ONE_TABLE_FROM else "別表第一"
        return bango(f"第9条第1項・{table}（{_NUMBER_ACTS[office]}）")
    if office is HallOffice.ADDRESSEES:
        return bango("第9条第1項")
    return bango("第9条第2項") if office in ordinance.own_affairs else None


def may_have_number(office: HallOffice, on: date, ordinance: NumberOrdinance) -> Refusal | None:
    """Refuse a number to work that uses none, and to work to which the town's ordinance does not let it pass.

    Passing a number from one office to another is use for another affair, which an ordinance must name (own reading,
    the stricter one).

    Law: 番号法 第9条第1項, 第2項
    """
    if number_basis(office, on, ordinance) is None or office not in ordinance.linked:
        return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, bango("9"), "scope")
    return None


def items_for(
    duty: OfficeDuty, on: date, ordinance: NumberOrdinance, *, with_number: bool = False
) -> frozenset[HallItem]:
    """List what an office may be told on a day; the number only where it is asked for and may be used.

    Law: 番号法 第9条; 住民基本台帳法 第1条
    """
    may_number = with_number and may_have_number(duty.office, on, ordinance) is None
    return duty.items if may_number else duty.items - {HallItem.INDIVIDUAL_NUMBER}
