"""Where a family goes after a change, until when, and what it brings: the sheet that it takes home.  手続き案内

Periods and papers are those of the acts as a town's desk explains them; where an act leaves papers to the town, the list
is own definition. Nothing here decides anything: each office does.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.law.article import Article, bango
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.periods import last_day
from daicho.rules.people.age import ages_on
from daicho.rules.programmes.item import Programme
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentRecord


class GuideCounter(StrEnum):
    """A counter to which a family goes.  案内先の窓口

    Law: none, own definition.
    """

    NUMBER_CARD = "NUMBER_CARD"  # 個人番号カード
    SEAL = "SEAL"  # 印鑑登録
    NHI = "NHI"  # 国民健康保険
    LATE_ELDERLY = "LATE_ELDERLY"  # 後期高齢者医療
    CARE = "CARE"  # 介護保険
    PENSION = "PENSION"  # 国民年金
    CHILD_ALLOWANCE = "CHILD_ALLOWANCE"  # 児童手当
    SCHOOL = "SCHOOL"  # 小・中学校
    CHILD_HEALTH = "CHILD_HEALTH"  # 予防接種・乳幼児健診
    TAX = "TAX"  # 税


class GuideAffair(StrEnum):
    """What is done at a counter.  案内する手続き

    Law: none, own definition.
    """

    JOIN = "JOIN"  # 加入・資格取得
    LEAVE = "LEAVE"  # 脱退・資格喪失
    CHANGE = "CHANGE"  # 住所・氏名・世帯の変更
    CLAIM = "CLAIM"  # 請求・申請
    FUNERAL = "FUNERAL"  # 葬祭費
    UNPAID = "UNPAID"  # 未支給の給付
    CARRY_ON = "CARRY_ON"  # 継続利用
    GIVE_BACK = "GIVE_BACK"  # 返却
    CARE_CERTIFICATE = "CARE_CERTIFICATE"  # 受給資格証明書
    HEIRS = "HEIRS"  # 相続人代表者


class GuidePaper(StrEnum):
    """What is brought.  持ち物

    Law: none, own definition.
    """

    IDENTITY = "IDENTITY"  # 本人確認書類
    NUMBER = "NUMBER"  # 個人番号の分かるもの
    NUMBER_CARD = "NUMBER_CARD"  # 個人番号カードと暗証番号
    INSURANCE_LOST = "INSURANCE_LOST"  # 職場の健康保険をやめた証明
    CERTIFICATE = "CERTIFICATE"  # 資格確認書・被保険者証
    SEAL_CARD = "SEAL_CARD"  # 印鑑登録証
    BURDEN_CERTIFICATE = "BURDEN_CERTIFICATE"  # 負担区分等証明書
    CARE_CERTIFICATE = "CARE_CERTIFICATE"  # 介護保険の受給資格証明書
    PENSION_NUMBER = "PENSION_NUMBER"  # 基礎年金番号の分かるもの
    BANK_ACCOUNT = "BANK_ACCOUNT"  # 振込先の口座
    SCHOOL_CERTIFICATE = "SCHOOL_CERTIFICATE"  # 在学証明書・教科書給与証明書
    MOTHER_CHILD_BOOK = "MOTHER_CHILD_BOOK"  # 母子健康手帳
    FUNERAL_RECEIPT = "FUNERAL_RECEIPT"  # 葬儀の領収書・会葬礼状
    FAMILY_REGISTER = "FAMILY_REGISTER"  # 戸籍の証明書


@dataclass(frozen=True, slots=True)
class GuideRule:
    """After which changes somebody of which age goes where, within how many days from the change.  案内の定め

    `programme` is what the record must say for the visit to be certain; without it the visit is for whom it concerns.
    Ages are those with which the day of the change begins; with `school_year` those with which the school year of that
    day begins, so that whoever attains one in the course of a year stays until 31 March. `reasons` narrow the kinds.
    """

    counter: GuideCounter
    affair: GuideAffair
    kinds: frozenset[ChangeKind]
    papers: tuple[GuidePaper, ...]
    article: Article
    days: int | None = None
    youngest: int | None = None
    below: int | None = None
    programme: Programme | None = None
    only_held: bool = False
    reasons: frozenset[ChangeReason] | None = None
    school_year: bool = False
    in_force_from: date | None = None
    in_force_until: date | None = None

    def in_force(self, on: date) -> bool:
        """Tell whether it holds on a day.

        Law: none, arrangement of one value.
        """
        return (self.in_force_from or on) <= on <= (self.in_force_until or on)


@dataclass(frozen=True, slots=True)
class GuideVisit:
    """One visit of a family: where, for what, for whom, until when, with what.  案内

    `certain` tells that the record itself says so; otherwise it is for whom it concerns.
    """

    counter: GuideCounter
    affair: GuideAffair
    people: tuple[int, ...]
    papers: tuple[GuidePaper, ...]
    article: Article
    due_on: date | None
    certain: bool


_K, _C, _A, _P = ChangeKind, GuideCounter, GuideAffair, GuidePaper
_COMING = frozenset((_K.MOVE_IN, _K.MOVE_IN_FROM_ABROAD))
_GOING = frozenset((_K.MOVE_OUT_NOTICE, _K.MOVE_OUT))
_WITHIN = frozenset((_K.MOVE_WITHIN,))
_BORN, _DIED = frozenset((_K.BIRTH,)), frozenset((_K.DEATH,))
_NAMED = frozenset((_K.NAME_CHANGE,))
_HOUSE = frozenset((_K.HOUSEHOLD_CHANGE, _K.HOUSEHOLDER_CHANGE))
_FROM_ABROAD = frozenset((_K.MOVE_IN_FROM_ABROAD,))
_ABROAD = frozenset((ChangeReason.MOVE_OUT_ABROAD,))
_ID = (_P.IDENTITY, _P.NUMBER)
_NHI_ACT, _CARE_ACT, _PENSION_ACT = "国民健康保険法", "介護保険法", "国民年金法"
_LATE_ACT, _CHILD_ACT = "高齢者の医療の確保に関する法律", "児童手当法"
_SEALS = Article("印鑑条例準則", "11")
_LONGER_ALLOWANCE_FROM = date(2024, 10, 1)


def _child_allowance(
    below: int, in_force_from: date | None = None, in_force_until: date | None = None
) -> tuple[GuideRule, ...]:
    """Write the rules of the allowance, which is paid until the first 31 March after an age is attained.

    Law: 児童手当法 第4条第1項
    """
    rules = (
        (_A.CLAIM, _COMING | _BORN, (*_ID, _P.BANK_ACCOUNT), "7", 15),
        (_A.LEAVE, _GOING, _ID, "26", None),
        (_A.CHANGE, _WITHIN | _NAMED, _ID, "26", 14),
    )
    return tuple(
        GuideRule(
            _C.CHILD_ALLOWANCE, affair, kinds, papers, Article(_CHILD_ACT, article), days=days, below=below,
            school_year=True, in_force_from=in_force_from, in_force_until=in_force_until,
        )
        for affair, kinds, papers, article, days in rules
    )  # fmt: skip


GUIDE_RULES: tuple[GuideRule, ...] = (
    GuideRule(
        _C.NUMBER_CARD, _A.CARRY_ON, frozenset((_K.MOVE_IN,)), (_P.NUMBER_CARD,), bango("17"), days=90
    ),
    GuideRule(_C.NUMBER_CARD, _A.CHANGE, _WITHIN | _NAMED, (_P.NUMBER_CARD,), bango("17"), days=14),
    GuideRule(_C.NUMBER_CARD, _A.CLAIM, _BORN | _FROM_ABROAD, (_P.IDENTITY,), bango("17")),
    GuideRule(_C.NUMBER_CARD, _A.GIVE_BACK, _DIED, (_P.NUMBER_CARD,), bango("17")),
    GuideRule(_C.SEAL, _A.GIVE_BACK, _GOING | _DIED, (_P.SEAL_CARD,), _SEALS, youngest=15),
    GuideRule(
        _C.NHI, _A.JOIN, _COMING | _BORN, (*_ID, _P.INSURANCE_LOST), Article(_NHI_ACT, "9"), days=14, below=75
    ),
    GuideRule(
        _C.NHI, _A.LEAVE, _GOING, (*_ID, _P.CERTIFICATE), Article(_NHI_ACT, "9"), days=14, below=75,
        programme=Programme.NHI,
    ),
    GuideRule(
        _C.NHI, _A.CHANGE, _WITHIN | _NAMED | _HOUSE, (*_ID, _P.CERTIFICATE), Article(_NHI_ACT, "9"), days=14,
        below=75, programme=Programme.NHI,
    ),
    GuideRule(
        _C.NHI, _A.FUNERAL, _DIED, (_P.IDENTITY, _P.CERTIFICATE, _P.FUNERAL_RECEIPT, _P.BANK_ACCOUNT),
        Article(_NHI_ACT, "58"), below=75, programme=Programme.NHI,
    ),
    GuideRule(
        _C.LATE_ELDERLY, _A.JOIN, _COMING, (*_ID, _P.BURDEN_CERTIFICATE), Article(_LATE_ACT, "54"), days=14,
        youngest=75,
    ),
    GuideRule(
        _C.LATE_ELDERLY, _A.LEAVE, _GOING, (*_ID, _P.CERTIFICATE), Article(_LATE_ACT, "54"), days=14, youngest=65,
        programme=Programme.LATE_ELDERLY, only_held=True,
    ),
    GuideRule(
        _C.LATE_ELDERLY, _A.CHANGE, _WITHIN | _NAMED, (*_ID, _P.CERTIFICATE), Article(_LATE_ACT, "54"), days=14,
        youngest=65, programme=Programme.LATE_ELDERLY, only_held=True,
    ),
    GuideRule(
        _C.LATE_ELDERLY, _A.FUNERAL, _DIED,
        (_P.IDENTITY, _P.CERTIFICATE, _P.FUNERAL_RECEIPT, _P.BANK_ACCOUNT), Article(_LATE_ACT, "86"), youngest=65,
        programme=Programme.LATE_ELDERLY, only_held=True,
    ),
    # Whoever needs care keeps the degree of it for six months, if it is told within fourteen days.
    GuideRule(
        _C.CARE, _A.JOIN, _COMING, (*_ID, _P.CARE_CERTIFICATE), Article(_CARE_ACT, "36"), days=14, youngest=40
    ),
    GuideRule(
        _C.CARE, _A.CARE_CERTIFICATE, _GOING, (*_ID, _P.CERTIFICATE), Article(_CARE_ACT, "12"), days=14, youngest=65,
        programme=Programme.CARE,
    ),
    GuideRule(
        _C.CARE, _A.CHANGE, _WITHIN | _NAMED, (*_ID, _P.CERTIFICATE), Article(_CARE_ACT, "12"), days=14, youngest=65,
        programme=Programme.CARE,
    ),
    GuideRule(
        _C.CARE, _A.GIVE_BACK, _DIED, (_P.CERTIFICATE,), Article(_CARE_ACT, "12"), days=14, youngest=65,
        programme=Programme.CARE,
    ),
    GuideRule(
        _C.PENSION, _A.JOIN, _FROM_ABROAD, (*_ID, _P.PENSION_NUMBER), Article(_PENSION_ACT, "12"), days=14, youngest=20,
        below=60,
    ),
    GuideRule(
        _C.PENSION, _A.LEAVE, _GOING, (*_ID, _P.PENSION_NUMBER), Article(_PENSION_ACT, "12"), days=14, youngest=20,
        below=65, programme=Programme.PENSION, reasons=_ABROAD,
    ),
    GuideRule(
        _C.PENSION, _A.UNPAID, _DIED, (_P.IDENTITY, _P.PENSION_NUMBER, _P.FAMILY_REGISTER, _P.BANK_ACCOUNT),
        Article(_PENSION_ACT, "19"), days=14, youngest=20,
    ),
    *_child_allowance(below=15, in_force_until=_LONGER_ALLOWANCE_FROM - timedelta(days=1)),
    *_child_allowance(below=18, in_force_from=_LONGER_ALLOWANCE_FROM),
    GuideRule(
        _C.CHILD_ALLOWANCE, _A.UNPAID, _DIED, (*_ID, _P.BANK_ACCOUNT), Article(_CHILD_ACT, "12"), days=15,
        programme=Programme.CHILD_ALLOWANCE, only_held=True,
    ),
    # From 1 April after six years are attained until the 31 March that follows fifteen (学校教育法第17条).
    GuideRule(
        _C.SCHOOL, _A.CLAIM, _COMING | _WITHIN, (_P.SCHOOL_CERTIFICATE,), Article("学校教育法施行令", "6"), youngest=6,
        below=15, school_year=True,
    ),
    GuideRule(
        _C.SCHOOL, _A.LEAVE, _GOING, (_P.IDENTITY,), Article("学校教育法施行令", "1"), youngest=6, below=15,
        school_year=True,
    ),
    GuideRule(
        _C.CHILD_HEALTH, _A.CLAIM, _COMING | _BORN, (_P.MOTHER_CHILD_BOOK,), Article("予防接種法", "5"), below=7
    ),
    GuideRule(_C.TAX, _A.HEIRS, _DIED, (_P.IDENTITY, _P.FAMILY_REGISTER), Article("地方税法", "第9条の2"), youngest=18),
)  # fmt: skip


def visits_after(
    entry: Entry,
    held: Mapping[int, Collection[Programme]],
    closed: Container[date] = CLOSED_DAYS,
    card_holders: Container[int] = (),
) -> tuple[GuideVisit, ...]:
    """List where a family goes after a change, in the order of the counters; `held` names what each record holds.

    Of whom a number card is known (`card_holders`) it is certain that something is to be done with it; of the others it
    is not: cards are known only as far as they were noted.

    Law: the acts that each rule names; what is not written there is own definition
    """
    visits = []
    for rule in GUIDE_RULES:
        if not (rule.in_force(entry.change_date) and _for_change(rule, entry)):
            continue
        people = [one for one in concerned(entry) if _of_age(rule, one, entry.change_date)]
        holders = [one for one in people if rule.programme in held.get(one.addressee_number, ())]
        if rule.only_held or (rule.programme is not None and holders):
            people = holders
        if not people:
            continue
        with_card = [one for one in people if _of_card(rule) and one.addressee_number in card_holders]
        if with_card:
            visits.append(_visit(rule, with_card, entry, closed, certain=True))
            people = [one for one in people if one not in with_card]
            if not people:
                continue
        certain = rule.programme is not None and bool(holders)
        visits.append(_visit(rule, people, entry, closed, certain=certain))
    order = list(GuideCounter)
    return tuple(sorted(visits, key=lambda one: order.index(one.counter)))


def _of_card(rule: GuideRule) -> bool:
    """Tell whether a visit is for a card that somebody has already."""
    return rule.counter is GuideCounter.NUMBER_CARD and rule.affair is not GuideAffair.CLAIM


def _visit(
    rule: GuideRule,
    people: Sequence[ResidentRecord],
    entry: Entry,
    closed: Container[date],
    *,
    certain: bool,
) -> GuideVisit:
    # The ninety days of a card run from the notice (番号法施行令第14条), all other periods from the change.
    since = entry.notified_on if rule.affair is GuideAffair.CARRY_ON else entry.change_date
    due_on = None if rule.days is None else last_day(since, rule.days, closed)
    numbers = tuple(one.addressee_number for one in people)
    return GuideVisit(rule.counter, rule.affair, numbers, rule.papers, rule.article, due_on, certain)


def _for_change(rule: GuideRule, entry: Entry) -> bool:
    """Tell whether a rule is for a change; of an announced moving-out the plan says whether it goes abroad."""
    if entry.kind not in rule.kinds:
        return False
    if rule.reasons is None or entry.reason in rule.reasons:
        return True
    plans = (one.scheduled_move_out for one in entry.after if one.addressee_number in entry.subjects)
    return ChangeReason.MOVE_OUT_ABROAD in rule.reasons and any(
        one is not None and one.abroad for one in plans
    )


def concerned(entry: Entry) -> tuple[ResidentRecord, ...]:
    """Name whom a change is about; a change of household is about everybody whose record it changes.

    Law: none, own definition
    """
    if entry.kind in _HOUSE:
        return entry.after
    return tuple(one for one in entry.after if one.addressee_number in entry.subjects)


def _of_age(rule: GuideRule, record: ResidentRecord, on: date) -> bool:
    """Tell whether somebody may be of the age; of a birth date unknown in part, whoever may be is told."""
    if rule.youngest is None and rule.below is None:
        return True
    if rule.school_year:
        on = _school_year_of(on)
    ages = ages_on(record.birth_date, on)
    if ages is None:
        return record.birth_date.year is None or (rule.school_year and rule.youngest is None)
    old_enough = rule.youngest is None or ages.oldest >= rule.youngest
    return old_enough and (rule.below is None or ages.youngest < rule.below)


def _school_year_of(on: date) -> date:
    """Give the 1 April with which the school year of a day begins.

    Law: 学校教育法施行規則 第59条
    """
    begins = date(on.year, 4, 1)
    return begins if begins <= on else date(on.year - 1, 4, 1)
