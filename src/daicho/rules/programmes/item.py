"""Programme items: what each programme lets a record hold, and what a notice of its office does to it.  個別記載事項

The deciding body is the office of each programme; the register notes what it was told. Nothing of this travels upward.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.age import ages_on, attained_between
from daicho.rules.people.codes import IndividualNumber, MalformedCode
from daicho.rules.people.dates import era_text
from daicho.rules.register.record import ResidentKind, ResidentRecord

_ACT = "住民基本台帳法"
_PENSION_NUMBER = re.compile("[0-9]{10}")
_TWELVE = re.compile(r"(?=([0-9]{12}))")
# What a hand writes between the digits of a number, in any width.
_BETWEEN = re.compile(r"(?<=[0-9])[\s\-‐‑–—−－ー・.,　]+(?=[0-9])")
_WIDE_DIGITS = {ord("０") + digit: str(digit) for digit in range(10)}


class Programme(StrEnum):
    """Of which programme an item speaks.  個別記載事項の区分

    Law: 住民基本台帳法 第7条第9号–第11号の2
    """

    VOTER = "VOTER"  # 選挙人名簿
    NHI = "NHI"  # 国民健康保険
    LATE_ELDERLY = "LATE_ELDERLY"  # 後期高齢者医療
    CARE = "CARE"  # 介護保険
    PENSION = "PENSION"  # 国民年金
    CHILD_ALLOWANCE = "CHILD_ALLOWANCE"  # 児童手当


class ProgrammeKind(StrEnum):
    """As what somebody is insured; only the national pension tells kinds apart.  被保険者の種別

    Law: 住民基本台帳法 第7条第11号; 国民年金法 第7条, 附則第5条
    """

    FIRST = "FIRST"  # 第1号被保険者
    VOLUNTARY = "VOLUNTARY"  # 任意加入被保険者


class ProgrammeStep(StrEnum):
    """What happened to an item.  個別記載事項の異動の別"""

    ACQUIRED = "ACQUIRED"  # 資格取得・支給開始・登録
    KIND_CHANGED = "KIND_CHANGED"  # 種別変更
    LOST = "LOST"  # 資格喪失・支給終了・抹消
    CORRECTED = "CORRECTED"  # 訂正
    REVOKED = "REVOKED"  # 取消


class ProgrammeSource(StrEnum):
    """On whose word an item changes.  所管課の通知・職権の別"""

    OFFICE = "OFFICE"  # 所管課等の通知
    EX_OFFICIO = "EX_OFFICIO"  # 職権


@dataclass(frozen=True, slots=True)
class ProgrammeAges:
    """From which age on and below which one a qualification begins, of one kind or of all, since a day.  年齢要件

    Law: 公職選挙法 第9条; 高齢者の医療の確保に関する法律 第50条; 介護保険法 第9条; 国民年金法 第7条, 附則第5条
    """

    in_force_from: date
    youngest: int
    below: int | None = None
    kind: ProgrammeKind | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeRule:
    """What one programme lets a record hold, from when, and of whom.  個別記載事項の定め

    `ages` bound the age at which a qualification begins; `by_month` says that only months are kept.
    """

    programme: Programme
    article: Article
    in_force_from: date
    ages: tuple[ProgrammeAges, ...] = ()
    kinds: frozenset[ProgrammeKind] = frozenset()
    has_number: bool = False
    by_month: bool = False
    japanese_only: bool = False


# From this day on the Act has such items; the earlier history of a programme is nothing that a record holds.
_FIRST_DAY = date(1967, 11, 10)
RULES: dict[Programme, ProgrammeRule] = {
    one.programme: one
    for one in (
        ProgrammeRule(
            Programme.VOTER, Article(_ACT, "第7条第9号"), _FIRST_DAY, japanese_only=True,
            ages=(ProgrammeAges(_FIRST_DAY, 20), ProgrammeAges(date(2016, 6, 19), 18)),
        ),
        ProgrammeRule(Programme.NHI, Article(_ACT, "第7条第10号"), _FIRST_DAY),
        # From 75 on, from 65 on for whoever was found disabled (高齢者の医療の確保に関する法律 第50条).
        ProgrammeRule(
            Programme.LATE_ELDERLY, Article(_ACT, "第7条第10号の2"), date(2008, 4, 1),
            ages=(ProgrammeAges(date(2008, 4, 1), 65),),
        ),
        # Only those of 65 and more: the second class (第2号被保険者) is not recorded.
        ProgrammeRule(
            Programme.CARE, Article(_ACT, "第7条第10号の3"), date(2000, 4, 1),
            ages=(ProgrammeAges(date(2000, 4, 1), 65),),
        ),
        # That whoever is of 65 and more may join until 70 began in 1995 (特例任意加入): own memory.
        ProgrammeRule(
            Programme.PENSION, Article(_ACT, "第7条第11号"), _FIRST_DAY, kinds=frozenset(ProgrammeKind),
            has_number=True,
            ages=(
                ProgrammeAges(_FIRST_DAY, 20, 60, ProgrammeKind.FIRST),
                ProgrammeAges(_FIRST_DAY, 20, 65, ProgrammeKind.VOLUNTARY),
                ProgrammeAges(date(1995, 4, 1), 20, 70, ProgrammeKind.VOLUNTARY),
            ),
        ),
        ProgrammeRule(
            Programme.CHILD_ALLOWANCE, Article(_ACT, "第7条第11号の2"), date(1972, 1, 1), by_month=True
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProgrammeItem:
    """What the record says of somebody under one programme; months stand as their first day.  個別記載事項

    Law: 住民基本台帳法 第7条第9号–第11号の2; 住民基本台帳法施行令 (資格に関する住民票の記載事項)
    """

    programme: Programme
    acquired_on: date
    lost_on: date | None = None
    kind: ProgrammeKind | None = None
    kind_since: date | None = None  # 種別の変更があった年月日
    number: str = ""  # 基礎年金番号

    @property
    def held(self) -> bool:
        """Tell whether the qualification has not been lost."""
        return self.lost_on is None


@dataclass(frozen=True, slots=True)
class ProgrammeChange:
    """What the register is told of an item: `on` is the day of which it speaks.  個別記載事項の異動

    A correction gives the day of acquiring anew, and `lost_on` where the day of losing was wrong, too; where the
    qualification was never lost, it says so by `still_held`. What it does not speak of stays.
    """

    programme: Programme
    step: ProgrammeStep
    on: date
    source: ProgrammeSource
    reference: str = ""  # the office's own number of its notice
    why: str = ""
    kind: ProgrammeKind | None = None
    number: str = ""
    lost_on: date | None = None
    still_held: bool = False  # 資格喪失の記録そのものの誤り


def change_item(
    change: ProgrammeChange, items: Iterable[ProgrammeItem], record: ResidentRecord, on: date
) -> ProgrammeItem | Refusal | None:
    """Give what an item is after a change, or nothing where it never was; `items` are all that the record holds.

    Law: 住民基本台帳法 第7条第9号–第11号の2, 第8条; 住民基本台帳法施行令 第12条
    """
    held = {one.programme: one for one in items}
    rule, standing = RULES[change.programme], held.get(change.programme)
    refusal = _check_words(change, rule) or _check_days(change, rule, record, on)
    if refusal is not None:
        return refusal
    match change.step:
        case ProgrammeStep.ACQUIRED:
            return _acquired(change, rule, held, record)
        case ProgrammeStep.KIND_CHANGED:
            return _kind_changed(change, rule, standing, record)
        case ProgrammeStep.LOST:
            return _lost(change, rule, standing)
        case ProgrammeStep.CORRECTED:
            return _corrected(change, rule, standing, record)
        case ProgrammeStep.REVOKED:
            return None if standing is not None else Refusal(Reason.NOT_FOUND, rule.article, "programme")


def _check_words(change: ProgrammeChange, rule: ProgrammeRule) -> Refusal | None:
    for name, text in (("reference", change.reference), ("why", change.why), ("number", change.number)):
        if len(text) > WORDS_CHARACTERS:
            return Refusal(Reason.FIELD_TOO_LONG, rule.article, name)
        if says_individual_number(text):
            return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, Article("番号法", "9"), name)
    if change.source is ProgrammeSource.OFFICE and not change.reference.strip():
        return Refusal(Reason.FIELD_MISSING, rule.article, "reference")
    reasoned = change.step in (ProgrammeStep.CORRECTED, ProgrammeStep.REVOKED)
    if (reasoned or change.source is ProgrammeSource.EX_OFFICIO) and not change.why.strip():
        return Refusal(Reason.FIELD_MISSING, rule.article, "why")
    if change.number and (not rule.has_number or not _PENSION_NUMBER.fullmatch(change.number)):
        return Refusal(Reason.PENSION_NUMBER_MALFORMED, rule.article, "number")
    if change.kind is not None and change.kind not in rule.kinds:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, rule.article, "kind")
    if change.still_held and (change.step is not ProgrammeStep.CORRECTED or change.lost_on is not None):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, rule.article, "still_held")
    return None


def says_individual_number(text: str) -> bool:
    """Tell whether some text holds what passes for an individual number: the registers of programmes may not.

    Law: 番号法 第9条, 第20条; the check is own definition.
    """
    digits = _BETWEEN.sub("", text.translate(_WIDE_DIGITS))
    return any(_is_number(found[1]) for found in _TWELVE.finditer(digits))


def _is_number(digits: str) -> bool:
    try:
        IndividualNumber(digits)
    except MalformedCode:
        return False
    return True


def _check_days(
    change: ProgrammeChange, rule: ProgrammeRule, record: ResidentRecord, on: date
) -> Refusal | None:
    if change.step is ProgrammeStep.REVOKED:
        return None
    days = [change.on] if change.lost_on is None else [change.on, change.lost_on]
    if max(days) > on:
        return Refusal(Reason.DATE_IN_FUTURE, rule.article, "on" if change.on > on else "lost_on")
    if change.on < rule.in_force_from:
        return Refusal(Reason.DATE_ORDER, rule.article, "on")
    earliest = ages_on(record.birth_date, change.on)
    if record.birth_date.year is not None and earliest is None:
        return Refusal(Reason.DATE_ORDER, rule.article, "on")
    return None


def _check_person(
    change: ProgrammeChange, rule: ProgrammeRule, kind: ProgrammeKind | None, record: ResidentRecord
) -> Refusal | None:
    """Refuse a qualification of whoever cannot have it; of a birth date unknown in part, only what is certain."""
    if rule.japanese_only and record.resident_kind is ResidentKind.FOREIGN:
        return Refusal(Reason.NOT_ENTITLED, rule.article, "programme")
    bounds = _bounds(rule, kind, change.on)
    if bounds is not None:
        old_enough = attained_between(record.birth_date, bounds.youngest)
        over = None if bounds.below is None else attained_between(record.birth_date, bounds.below)
        too_young = old_enough is not None and change.on < old_enough.first
        too_old = over is not None and over.last <= change.on
        if too_young or too_old:
            return Refusal(Reason.AGE_OUT_OF_RANGE, rule.article, "on")
    if record.removal is not None and change.on > record.removal.removed_on:
        return Refusal(Reason.NOT_LIVING, rule.article, "on")
    return None


def _bounds(rule: ProgrammeRule, kind: ProgrammeKind | None, day: date) -> ProgrammeAges | None:
    """Find the ages that the law in force on a day asks for."""
    in_force = [one for one in rule.ages if one.kind in (None, kind) and one.in_force_from <= day]
    return max(in_force, key=lambda one: one.in_force_from, default=None)


def _acquired(
    change: ProgrammeChange,
    rule: ProgrammeRule,
    held: dict[Programme, ProgrammeItem],
    record: ResidentRecord,
) -> ProgrammeItem | Refusal:
    standing = held.get(change.programme)
    if standing is not None and standing.held:
        return Refusal(Reason.NOTHING_CHANGES, rule.article, "programme")
    if rule.kinds and change.kind is None:
        return Refusal(Reason.FIELD_MISSING, rule.article, "kind")
    refusal = _check_person(change, rule, change.kind, record)
    if refusal is not None:
        return refusal
    acquired_on = _as_kept(change.on, rule)
    if standing is not None and standing.lost_on is not None and acquired_on < standing.lost_on:
        return Refusal(Reason.DATE_ORDER, rule.article, "on")
    late = held.get(Programme.LATE_ELDERLY)
    if change.programme is Programme.NHI and late is not None and _held_on(late, change.on):
        return Refusal(Reason.NOT_ENTITLED, rule.article, "programme")
    number = change.number or (standing.number if standing is not None else "")
    kind_since = acquired_on if change.kind is not None else None
    return ProgrammeItem(change.programme, acquired_on, None, change.kind, kind_since, number)


def _held_on(item: ProgrammeItem, day: date) -> bool:
    return item.acquired_on <= day and (item.lost_on is None or day < item.lost_on)


def _kind_changed(
    change: ProgrammeChange, rule: ProgrammeRule, standing: ProgrammeItem | None, record: ResidentRecord
) -> ProgrammeItem | Refusal:
    if not rule.kinds:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, rule.article, "step")
    if standing is None or not standing.held:
        return Refusal(Reason.NOT_FOUND, rule.article, "programme")
    if change.kind is None:
        return Refusal(Reason.FIELD_MISSING, rule.article, "kind")
    if change.kind is standing.kind:
        return Refusal(Reason.NOTHING_CHANGES, rule.article, "kind")
    if change.on < (standing.kind_since or standing.acquired_on):
        return Refusal(Reason.DATE_ORDER, rule.article, "on")
    refusal = _check_person(change, rule, change.kind, record)
    if refusal is not None:
        return refusal
    number = change.number or standing.number
    return replace(standing, kind=change.kind, kind_since=change.on, number=number)


def _lost(
    change: ProgrammeChange, rule: ProgrammeRule, standing: ProgrammeItem | None
) -> ProgrammeItem | Refusal:
    if standing is None or not standing.held:
        return Refusal(Reason.NOT_FOUND, rule.article, "programme")
    lost_on = _as_kept(change.on, rule)
    if lost_on < (standing.kind_since or standing.acquired_on):
        return Refusal(Reason.DATE_ORDER, rule.article, "on")
    return replace(standing, lost_on=lost_on)


def _corrected(
    change: ProgrammeChange, rule: ProgrammeRule, standing: ProgrammeItem | None, record: ResidentRecord
) -> ProgrammeItem | Refusal:
    if standing is None:
        return Refusal(Reason.NOT_FOUND, rule.article, "programme")
    kind = change.kind or standing.kind
    refusal = _check_person(change, rule, kind, record)
    if refusal is not None:
        return refusal
    acquired_on = _as_kept(change.on, rule)
    lost_on = standing.lost_on if change.lost_on is None else _as_kept(change.lost_on, rule)
    if change.still_held:
        lost_on = None
    if lost_on is not None and lost_on < acquired_on:
        return Refusal(Reason.DATE_ORDER, rule.article, "lost_on")
    kind_since = standing.kind_since
    if kind is not standing.kind or kind_since is None or kind_since < acquired_on:
        kind_since = acquired_on if kind is not None else None
    if lost_on is not None and kind_since is not None and kind_since > lost_on:
        kind_since = acquired_on
    corrected = ProgrammeItem(
        change.programme, acquired_on, lost_on, kind, kind_since, change.number or standing.number
    )
    return Refusal(Reason.NOTHING_CHANGES, rule.article, "programme") if corrected == standing else corrected


def _as_kept(day: date, rule: ProgrammeRule) -> date:
    return day.replace(day=1) if rule.by_month else day


_TITLES = {
    Programme.VOTER: "選挙人名簿",
    Programme.NHI: "国民健康保険",
    Programme.LATE_ELDERLY: "後期高齢者医療",
    Programme.CARE: "介護保険",
    Programme.PENSION: "国民年金",
    Programme.CHILD_ALLOWANCE: "児童手当",
}
_ENDS = {
    Programme.VOTER: ("登録", "抹消"),
    Programme.CHILD_ALLOWANCE: ("支給開始", "支給終了"),
}
_KINDS = {ProgrammeKind.FIRST: "第1号被保険者", ProgrammeKind.VOLUNTARY: "任意加入被保険者"}


def item_lines(items: Iterable[ProgrammeItem], *, numbers: bool = True) -> tuple[str, ...]:
    """Write the items as paper shows them, in the order of the Act, with or without the pension's number.

    Law: 住民基本台帳法 第7条第9号–第11号の2; that the voters' list is told by the fact alone follows its 第9号.
    """
    by_programme = {one.programme: one for one in items}
    return tuple(_line(by_programme[one], numbers=numbers) for one in Programme if one in by_programme)


def _line(item: ProgrammeItem, *, numbers: bool) -> str:
    title = _TITLES[item.programme]
    first, last = _ENDS.get(item.programme, ("資格取得", "資格喪失"))
    if item.programme is Programme.VOTER:
        return f"{title}　{first if item.held else last}"
    parts = [title, f"{_day(item, item.acquired_on)}{first}"]
    if item.kind is not None:
        changed = item.kind_since is not None and item.kind_since != item.acquired_on
        day = f"（{era_text(item.kind_since)}変更）" if changed and item.kind_since is not None else ""
        parts.append(_KINDS[item.kind] + day)
    if item.lost_on is not None:
        parts.append(f"{_day(item, item.lost_on)}{last}")
    if item.number and numbers:
        parts.append(f"基礎年金番号{item.number[:4]}-{item.number[4:]}")
    return "　".join(parts)


def _day(item: ProgrammeItem, day: date) -> str:
    text = era_text(day)
    return text[: text.index("月") + 1] if RULES[item.programme].by_month else text


def with_programmes(
    record: ResidentRecord, items: Iterable[ProgrammeItem], *, numbers: bool
) -> ResidentRecord:
    """Give a record with the text of its programme items, for a certificate that was asked to show them.

    Law: 住民基本台帳法 第7条第9号–第11号の2, 第12条; 国民年金法 第108条の4 for keeping the pension's number back.
    """
    return replace(record, programme_info=item_lines(items, numbers=numbers))
