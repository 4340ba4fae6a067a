"""A survey at the counter: started, walked household by household, ended with its report.  定期調査の実施

Households of which an operator may not know are in no list, figure or sheet of theirs: whoever looks after protected people
sees them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import fact_by, note_by, note_many
from daicho.nodes.clock import JAPAN
from daicho.nodes.node import Node
from daicho.nodes.registry.areas.reach import shut_among, shut_everywhere
from daicho.nodes.registry.bodies import read_record, read_scope, scope_body
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.upkeep import CaseDone, opened_case
from daicho.rules.correspondence.addressing import by_household
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.protection.measure import ProtectionAlert
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.regular import (
    DIFFERENCE_WORDS,
    SURVEY,
    HouseholdFinding,
    SurveyGround,
    SurveyResult,
    SurveyScope,
    SurveyState,
    case_of_finding,
    check_end,
    check_finding,
    check_scope,
)
from daicho.store import register, surveys
from daicho.store.surveys import SurveyedRow, SurveyRow
from daicho.store.unit import Unit

SHOWN_SURVEYS = 50
SHOWN_HOUSEHOLDS = 50
_GONE = Refusal(Reason.NOT_FOUND, SURVEY, "survey")
_HOME_GONE = Refusal(Reason.NOT_FOUND, SURVEY, "household")
_CHANGED_SINCE = Refusal(Reason.CHANGED_SINCE, SURVEY, "household")
_PURPOSE = "住民基本台帳の調査"


@dataclass(frozen=True, slots=True)
class SurveySummary:
    """One survey in a list."""

    number: str
    scope: SurveyScope
    state: SurveyState
    started_by: str
    started_at: datetime
    ended_by: str
    ended_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class SurveyView:
    """One survey with its figures as an operator may know them: households and people of each result."""

    summary: SurveySummary
    tallies: dict[SurveyResult, tuple[int, int]]

    @property
    def households(self) -> int:
        """Count all households of the survey."""
        return sum(one for one, _ in self.tallies.values())

    @property
    def visited(self) -> int:
        """Count the households of which something was found."""
        return self.households - self.tallies.get(SurveyResult.NOT_VISITED, (0, 0))[0]


@dataclass(frozen=True, slots=True)
class SurveyedHousehold:
    """One household of a survey with who lives there now; nobody when all have left."""

    household_number: int
    people: tuple[ResidentRecord, ...]
    grounds: tuple[SurveyGround, ...]
    result: SurveyResult
    visits: int
    visited_on: date | None
    words: str
    noted_by: str
    case_number: str


@dataclass(frozen=True, slots=True)
class SurveyList:
    """A page of households in the order of addresses; `after` is from where the next page goes on."""

    view: SurveyView
    households: tuple[SurveyedHousehold, ...]
    after: tuple[str, int] | None


def start_survey(node: Node, operator: Operator, scope: SurveyScope, *, terminal: str = "") -> str | Refusal:
    """Start a survey: its households are listed by a job."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.UPKEEP_REGISTER) or check_scope(scope, today)
    if refusal is not None:
        return refusal
    with node.store.unit("surveys.start") as unit:
        number = surveys.draw_survey_number(unit, today.year)
        surveys.keep_survey(unit, number, operator.login_id, node.clock.now(), scope_body(scope))
        _note(unit, node, operator, terminal, number, "started")
    return number


def survey_overview(node: Node, operator: Operator) -> tuple[SurveyView, ...] | Refusal:
    """List the newest surveys with their figures."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = surveys.surveys(unit, limit_rows=SHOWN_SURVEYS)
        shut = shut_everywhere(unit, node, operator) if rows else frozenset[int]()
        return tuple(_view(unit, row, shut) for row in rows)


def survey_list(
    node: Node,
    operator: Operator,
    number: str,
    *,
    result: SurveyResult | None = None,
    after: tuple[str, int] = ("", 0),
    terminal: str = "",
) -> SurveyList | Refusal:
    """Show one survey and a page of its households; a ledger line for everybody shown is durable first."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = surveys.survey(unit, number)
        if row is None:
            return _GONE
        shut = shut_everywhere(unit, node, operator)
        rows = surveys.households(
            unit,
            number,
            result=result.value if result is not None else None,
            after=after,
            without=shut,
            limit_rows=SHOWN_HOUSEHOLDS + 1,
        )
        shown = rows[:SHOWN_HOUSEHOLDS]
        people = _people(unit, [one.household_number for one in shown])
        view = _view(unit, row, shut)
    _note_shown(node, operator, terminal, number, [one for living in people.values() for one in living])
    more = len(rows) > SHOWN_HOUSEHOLDS
    last = (shown[-1].place, shown[-1].household_number) if more else None
    return SurveyList(view, tuple(_household(one, people) for one in shown), last)


def surveyed_household(
    node: Node, operator: Operator, number: str, household_number: int, *, terminal: str = ""
) -> tuple[SurveySummary, SurveyedHousehold] | Refusal:
    """Show one household of a survey; a ledger line for everybody there is durable first."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        row = surveys.survey(unit, number)
        one = surveys.household(unit, number, household_number)
        if row is None or one is None or shut_among(unit, node, operator, [household_number]):
            return _HOME_GONE
        people = _people(unit, [household_number])
    _note_shown(node, operator, terminal, number, people.get(household_number, ()))
    return _summary(row), _household(one, people)


def note_finding(
    node: Node,
    operator: Operator,
    number: str,
    household_number: int,
    found: HouseholdFinding,
    *,
    visits: int,
    terminal: str = "",
) -> CaseDone | Refusal:
    """Note what was found of a household; what differs is opened as a case in the same unit.

    `visits` are those that the operator saw: what somebody else noted meanwhile is looked at first. The number of what is
    given is that of the case, or empty.
    """
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.unit("surveys.note") as unit:
        row = surveys.share_survey(unit, number)
        before = surveys.lock_household(unit, number, household_number)
        if row is None or before is None:
            return _HOME_GONE
        people = {
            one.addressee_number: one for one in _people(unit, [household_number]).get(household_number, ())
        }
        if not shut_among(unit, node, operator, [household_number]):
            if before.visits != visits:
                return _CHANGED_SINCE
            return _noted(unit, node, operator, row, before, people, found, terminal)
    note_kept_back(node, operator, [subject_of(one) for one in people.values()], terminal)
    return KEPT_BACK


def _noted(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: SurveyRow,
    before: SurveyedRow,
    people: dict[int, ResidentRecord],
    found: HouseholdFinding,
    terminal: str,
) -> CaseDone | Refusal:
    today, began = node.clock.business_today(), _business_day(node, row.started_at)
    state, result = SurveyState(row.state), SurveyResult(before.result)
    refusal = check_finding(state, found, result, people, (began, today))
    if refusal is not None:
        return refusal
    case_number, alerts = None, tuple[ProtectionAlert, ...]()
    if found.result is SurveyResult.DIFFERS and found.difference is not None:
        words = f"{DIFFERENCE_WORDS[found.difference]}：{found.words}"
        case = case_of_finding(read_scope(row.body), row.number, found, words, today, operator.login_id)
        if isinstance(case, Refusal):
            return case
        concerned = {one: people[one] for one in found.people}
        opened = opened_case(unit, node, operator, case, concerned, terminal)
        if isinstance(opened, Refusal):
            return opened
        case_number, alerts = opened.number, opened.alerts
    after = replace(
        before, result=found.result.value, visited_on=found.visited_on, words=found.words, noted_by=operator.login_id,
        case_number=case_number,
    )  # fmt: skip
    if not surveys.note_result(unit, after, before, node.clock.now()):
        return _CHANGED_SINCE
    if after.result != before.result:
        shifts = {before.result: (-1, -before.people), after.result: (1, before.people)}
        surveys.shift_tallies(unit, row.number, shifts)
    facts = [
        fact_by(
            operator, Event.SURVEY_RECORDED, terminal=terminal, purpose=_PURPOSE, basis=str(SURVEY), outcome=after.result,
            subject=subject_of(one), detail={"survey": row.number},
        )
        for one in people.values()
    ]  # fmt: skip
    note_many(unit, node, facts)
    return CaseDone(case_number or "", alerts)


def survey_report(node: Node, operator: Operator, number: str, *, terminal: str = "") -> SurveyView | Refusal:
    """Give the figures of a survey to be handed out; that they were is one durable line, and nobody of it was shown."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.unit("surveys.report") as unit:
        row = surveys.survey(unit, number)
        if row is None:
            return _GONE
        view = _view(unit, row, shut_everywhere(unit, node, operator))
        _note(unit, node, operator, terminal, number, "reported")
    return view


def end_survey(
    node: Node, operator: Operator, number: str, words: str, *, withdraw: bool = False, terminal: str = ""
) -> Refusal | None:
    """End a survey with its report, or call it off."""
    refusal = may(operator, Permission.UPKEEP_REGISTER)
    if refusal is not None:
        return refusal
    with node.store.unit("surveys.end") as unit:
        row = surveys.lock_survey(unit, number)
        if row is None:
            return _GONE
        state = SurveyState(row.state)
        if withdraw:
            refusal = _check_withdrawal(state, words)
        else:
            # A household that the operator may not know of must not show by whether words are asked for.
            seen = _view(unit, row, shut_everywhere(unit, node, operator)).tallies
            refusal = check_end(state, {one: much for one, (much, _) in seen.items()}, words)
        if refusal is not None:
            return refusal
        after = SurveyState.WITHDRAWN if withdraw else SurveyState.ENDED
        surveys.end_survey(unit, number, after.value, operator.login_id, node.clock.now(), words)
        _note(unit, node, operator, terminal, number, after.value)
    return None


def _check_withdrawal(state: SurveyState, words: str) -> Refusal | None:
    if state not in (SurveyState.LISTING, SurveyState.OPEN):
        return Refusal(Reason.NOT_PENDING, SURVEY, "survey", state.value)
    return None if words.strip() else Refusal(Reason.FIELD_MISSING, SURVEY, "withdraw_words")


def _summary(row: SurveyRow) -> SurveySummary:
    return SurveySummary(
        row.number, read_scope(row.body), SurveyState(row.state), row.started_by, row.started_at, row.ended_by or "",
        row.ended_at, row.words,
    )  # fmt: skip


def _view(unit: Unit, row: SurveyRow, shut: Collection[int]) -> SurveyView:
    """Give a survey with its figures, less the households of which the operator may not know."""
    tallies = {SurveyResult(one): much for one, much in surveys.tallies(unit, row.number).items()}
    for one in surveys.households_among(unit, row.number, shut) if shut else ():
        result = SurveyResult(one.result)
        households, people = tallies[result]
        tallies[result] = (households - 1, people - one.people)
    return SurveyView(
        _summary(row), {one: tallies[one] for one in SurveyResult if tallies.get(one, (0, 0))[0]}
    )


def _people(unit: Unit, households: Collection[int]) -> dict[int, tuple[ResidentRecord, ...]]:
    numbers = [whose for living in surveys.members_of(unit, sorted(households)).values() for whose in living]
    return by_household(read_record(one.body) for one in register.residents(unit, numbers)) if numbers else {}


def _household(row: SurveyedRow, people: Mapping[int, tuple[ResidentRecord, ...]]) -> SurveyedHousehold:
    return SurveyedHousehold(
        row.household_number,
        people.get(row.household_number, ()),
        tuple(SurveyGround(one) for one in row.grounds),
        SurveyResult(row.result),
        row.visits,
        row.visited_on,
        row.words,
        row.noted_by or "",
        row.case_number or "",
    )


def _business_day(node: Node, at: datetime) -> date:
    ahead = node.clock.business_now() - node.clock.now()
    return (at + ahead).astimezone(JAPAN).date()


def _note(unit: Unit, node: Node, operator: Operator, terminal: str, number: str, outcome: str) -> None:
    note_by(
        unit, node, operator, Event.SURVEY_RECORDED, terminal=terminal, purpose=_PURPOSE, basis=str(SURVEY), outcome=outcome,
        subject=f"survey:{number}", detail={"survey": number},
    )  # fmt: skip


def _note_shown(
    node: Node, operator: Operator, terminal: str, number: str, people: Collection[ResidentRecord]
) -> None:
    facts = [
        fact_by(
            operator, Event.SURVEY_SHOWN, terminal=terminal, purpose=_PURPOSE, basis=str(SURVEY), outcome="listed",
            subject=subject_of(one), detail={"survey": number},
        )
        for one in people
    ]  # fmt: skip
    if facts:
        with node.store.unit("surveys.show") as unit:
            note_many(unit, node, facts)
