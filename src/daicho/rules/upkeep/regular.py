"""The survey of 法34条 as a piece of work over the register: whom it meets, what was found of each household, how it ends.

The law asks for a survey at regular times and whenever needed, and sets neither how often nor of whom: scope, grounds and
results are own definitions.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from unicodedata import normalize

from daicho.rules.law.article import juki
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.age import ages_on
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.case import CaseKind, CaseSource, SurveyFinding, UpkeepCase, Visit
from daicho.rules.upkeep.steps import note_visit, open_case

SURVEY = juki("34")
LEAST_AGE, MOST_AGE = 60, 150
MOST_YEARS = 100


class SurveyBasis(StrEnum):
    """Under which paragraph the register is surveyed.  調査の別"""

    REGULAR = "REGULAR"  # 定期の調査（第1項）
    WHEN_NEEDED = "WHEN_NEEDED"  # 必要があると認めた調査（第2項）


class SurveyGround(StrEnum):
    """Why a household is among those that are surveyed.  調査の対象とする理由"""

    RETURNED_MAIL = "RETURNED_MAIL"  # 郵便物の返戻
    VERY_OLD = "VERY_OLD"  # 高齢
    NO_NOTICE = "NO_NOTICE"  # 長期にわたり届出がない


class SurveyResult(StrEnum):
    """What a survey found of one household.  世帯の調査の結果"""

    NOT_VISITED = "NOT_VISITED"  # 未調査
    AS_REGISTERED = "AS_REGISTERED"  # 記載のとおり
    DIFFERS = "DIFFERS"  # 相違がある
    NOBODY_MET = "NOBODY_MET"  # 面会できない


class SurveyState(StrEnum):
    """Where a survey stands.  調査の状態"""

    LISTING = "LISTING"  # 対象世帯の抽出中
    OPEN = "OPEN"  # 調査中
    ENDED = "ENDED"  # 終了
    WITHDRAWN = "WITHDRAWN"  # 中止


class Difference(StrEnum):
    """In what a household is otherwise than registered.  相違の別"""

    GONE = "GONE"  # 居住していない
    OTHERS_LIVE_THERE = "OTHERS_LIVE_THERE"  # 記載のない者の居住
    ADDRESS = "ADDRESS"  # 住所・方書の相違
    HOUSEHOLD = "HOUSEHOLD"  # 世帯・続柄の相違
    OTHER = "OTHER"  # その他


# What stands in the case that a difference opens.
DIFFERENCE_WORDS = {
    Difference.GONE: "居住していない",
    Difference.OTHERS_LIVE_THERE: "記載のない者が居住している",
    Difference.ADDRESS: "住所・方書が相違する",
    Difference.HOUSEHOLD: "世帯・続柄が相違する",
    Difference.OTHER: "記載が相違する",
}


@dataclass(frozen=True, slots=True)
class SurveyScope:
    """Of whom a survey is, by whom and until when; without area and grounds it is of the whole town.  調査の範囲

    `area` is how addresses begin; of several grounds one is enough. `surveyors` carry a card that says who they are.
    Units: years. Law: 住民基本台帳法 第34条第1項–第4項
    """

    basis: SurveyBasis
    title: str
    surveyors: str
    until: date
    area: str = ""
    grounds: tuple[SurveyGround, ...] = ()
    age_years: int = 100
    quiet_years: int = 10


@dataclass(frozen=True, slots=True)
class HouseholdFinding:
    """What somebody found at one household; `people` are of whom a difference is said.  世帯の調査の記録"""

    result: SurveyResult
    visited_on: date
    words: str = ""
    difference: Difference | None = None
    people: tuple[int, ...] = ()


def check_scope(scope: SurveyScope, on: date) -> Refusal | None:
    """Refuse a survey without title, surveyors or a day to come, or with figures that mean nothing.

    Law: 住民基本台帳法 第34条
    """
    for name, text in (("survey_title", scope.title), ("surveyors", scope.surveyors)):
        if not text.strip():
            return Refusal(Reason.FIELD_MISSING, SURVEY, name)
        if len(text) > WORDS_CHARACTERS:
            return Refusal(Reason.FIELD_TOO_LONG, SURVEY, name)
    if scope.until <= on:
        return Refusal(Reason.DATE_ORDER, SURVEY, "until")
    if not LEAST_AGE <= scope.age_years <= MOST_AGE:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, SURVEY, "age_years")
    if not 1 <= scope.quiet_years <= MOST_YEARS:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, SURVEY, "quiet_years")
    return None


def lives_in(record: ResidentRecord, area: str) -> bool:
    """Tell whether somebody's address begins as an area is written; a number at its end is not a part of a longer one.

    Law: none, own definition: widths of letters and spaces do not count.
    """
    address, begin = (_plain(text) for text in (record.current_address.one_line(), area))
    if not address.startswith(begin):
        return False
    rest = address[len(begin) :]
    return not (begin[-1:].isdigit() and rest[:1].isdigit())


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


def grounds_met(
    members: Sequence[ResidentRecord], scope: SurveyScope, returned: Container[int], on: date
) -> tuple[SurveyGround, ...] | None:
    """Tell for which of its grounds a survey meets a household; none at all when it does not.

    `returned` are people to whom a letter came back. Long without notice is a household of which nobody told anything about
    the address for so many years.

    Law: 住民基本台帳法 第34条; own definition.
    """
    if not scope.grounds:
        return ()
    met = {
        SurveyGround.RETURNED_MAIL: any(one.addressee_number in returned for one in members),
        SurveyGround.VERY_OLD: any(_reaches(one, scope.age_years, on) for one in members),
        SurveyGround.NO_NOTICE: _years_before(max(_told_on(one) for one in members), on) >= scope.quiet_years,
    }
    found = tuple(ground for ground in SurveyGround if ground in scope.grounds and met[ground])
    return found or None


def _reaches(record: ResidentRecord, years: int, on: date) -> bool:
    ages = ages_on(record.birth_date, on)
    return ages is not None and ages.oldest >= years


def _told_on(record: ResidentRecord) -> date:
    return max(record.address_since_notified_on, record.resident_since_notified_on)


def _years_before(day: date, on: date) -> int:
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


def check_finding(
    state: SurveyState,
    found: HouseholdFinding,
    before: SurveyResult,
    household: Container[int],
    days: tuple[date, date],
) -> Refusal | None:
    """Refuse a finding of a survey that is over, of a day outside it, or that says too little; a difference stays.

    `days` are the day on which the survey began, and today. What led to a case goes on in the case.

    Law: 住民基本台帳法 第34条第3項; own definition.
    """
    if state is not SurveyState.OPEN:
        return Refusal(Reason.NOT_PENDING, SURVEY, "survey", state.value)
    if before is SurveyResult.DIFFERS:
        return Refusal(Reason.NOT_PENDING, SURVEY, "result", before.value)
    if found.result is SurveyResult.NOT_VISITED:
        return Refusal(Reason.FIELD_MISSING, SURVEY, "result")
    if found.visited_on > days[1]:
        return Refusal(Reason.DATE_IN_FUTURE, SURVEY, "visited_on")
    if found.visited_on < days[0]:
        return Refusal(Reason.DATE_ORDER, SURVEY, "visited_on")
    if found.result is not SurveyResult.DIFFERS:
        return None
    if found.difference is None:
        return Refusal(Reason.FIELD_MISSING, SURVEY, "difference")
    if not found.words.strip():
        return Refusal(Reason.FIELD_MISSING, SURVEY, "finding_words")
    if not found.people:
        return Refusal(Reason.FIELD_MISSING, SURVEY, "people")
    if not all(one in household for one in found.people):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, SURVEY, "people")
    return None


def case_of_finding(
    scope: SurveyScope, number: str, found: HouseholdFinding, words: str, on: date, by: str
) -> UpkeepCase | Refusal:
    """Open the case of a household that differs, with the visit that found it.

    `words` say what differs; only that somebody does not live there can carry a strike.

    Law: 住民基本台帳法 第34条; 住民基本台帳法施行令 第12条
    """
    source = CaseSource.REGULAR_SURVEY if scope.basis is SurveyBasis.REGULAR else CaseSource.SURVEY
    case = UpkeepCase(
        "", CaseKind.SURVEY, source, found.visited_on, f"{words}（調査 {number}）", found.visited_on,
        people=found.people,
    )  # fmt: skip
    opened = open_case(case, on, CLOSED_DAYS)
    if isinstance(opened, Refusal):
        return opened
    gone = found.difference is Difference.GONE
    finding = SurveyFinding.DOES_NOT_LIVE_THERE if gone else SurveyFinding.LIVES_THERE
    visit = Visit(found.visited_on, scope.surveyors, finding, found.words, found.people, by)
    visited = note_visit(opened, visit, on)
    return visited if isinstance(visited, Refusal) else replace(visited, number="")


def check_end(state: SurveyState, tallies: Mapping[SurveyResult, int], why: str) -> Refusal | None:
    """Refuse to end what is still listed; what nobody visited, or where nobody was met, needs words.

    Law: 住民基本台帳法 第34条第1項; own definition.
    """
    if state is not SurveyState.OPEN:
        return Refusal(Reason.NOT_PENDING, SURVEY, "survey", state.value)
    left = tallies.get(SurveyResult.NOT_VISITED, 0) + tallies.get(SurveyResult.NOBODY_MET, 0)
    return Refusal(Reason.FIELD_MISSING, SURVEY, "end_words") if left and not why.strip() else None
