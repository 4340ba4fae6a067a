"""Statistics of the register: who lives here on a day, who came and went in a period, and whether both add up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from daicho.nodes.chronicle import note_by
from daicho.nodes.clock import JAPAN
from daicho.nodes.node import Node
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.age import ages_on
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import (
    OPEN_GROUP,
    ChangeCount,
    Column,
    CountedBy,
    CountedSpan,
    HouseholdCount,
    MovementCell,
    PopulationCell,
    RegisterCount,
    age_group,
    birth_bounds,
    movements,
    unexplained,
)
from daicho.store import statistics
from daicho.store.statistics import HomesRow, MovesRow, PeopleRow, Window
from daicho.store.unit import Unit

AgeCell = tuple[ResidentKind, Sex, int | None]
_REGISTER = juki("6")


@dataclass(frozen=True, slots=True)
class Population:
    """Who lived here on a day: the table by age groups, and by each age, the open group under its lowest."""

    counted: RegisterCount
    ages: Mapping[AgeCell, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """A period: who lived here before it and at its end, what happened, what an import brought, what is unexplained."""

    opening: RegisterCount
    changes: ChangeCount
    imported: Mapping[Column, int]
    closing: RegisterCount
    differences: Mapping[Column, int]


def population_on(
    node: Node, operator: Operator, on: date, by: CountedBy, *, terminal: str = ""
) -> Population | Refusal:
    """Count who lived here on a day, with a line in the ledger."""
    refusal = may(operator, Permission.SEE_STATISTICS) or not_yet(node, on, "on")
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        found = _counted(unit, node, on, by)
    note_statistics(node, operator, terminal, {"table": "population", "on": on.isoformat(), "by": by.value})
    return found


def balance_of(
    node: Node, operator: Operator, span: CountedSpan, by: CountedBy, *, terminal: str = ""
) -> Balance | Refusal:
    """Count who came and went in a period and compare with both its ends, with a line in the ledger."""
    refusal = may(operator, Permission.SEE_STATISTICS) or not_yet(node, span.last_day, "last")
    if refusal is None and span.first_day > span.last_day:
        refusal = Refusal(Reason.DATE_ORDER, _REGISTER, "last")
    if refusal is not None:
        return refusal
    found = balance_between(node, span, by)
    days = {"first": span.first_day.isoformat(), "last": span.last_day.isoformat(), "by": by.value}
    note_statistics(node, operator, terminal, {"table": "changes", **days})
    return found


def balance_between(node: Node, span: CountedSpan, by: CountedBy) -> Balance:
    """Count who came and went in a period and compare with both its ends, all of one instant."""
    with node.store.reading() as unit:
        statistics.hold_still(unit)
        opening = _counted(unit, node, span.first_day - timedelta(days=1), by).counted
        closing = _counted(unit, node, span.last_day, by).counted
        rows = statistics.moves(unit, window_of(node, span, by))
    changes, imported = _changes(rows, span)
    return Balance(opening, changes, imported, closing, unexplained(opening, changes, closing, imported))


def not_yet(node: Node, day: date, field: str) -> Refusal | None:
    """Refuse a day that has not come."""
    if day > node.clock.business_today():
        return Refusal(Reason.DATE_IN_FUTURE, _REGISTER, field)
    return None


def note_statistics(node: Node, operator: Operator, terminal: str, detail: dict[str, str]) -> None:
    """Write that a table was shown, and of which day."""
    with node.store.unit("statistics.note") as unit:
        note_by(
            unit, node, operator, Event.STATISTICS_SHOWN, terminal=terminal, outcome="shown", detail=detail
        )


def window_of(node: Node, span: CountedSpan, by: CountedBy) -> Window:
    """Tell which versions count in a period."""
    if by is CountedBy.LEGAL_DAY:
        return Window(first_legal_day=span.first_day, last_legal_day=span.last_day)
    # What is written carries the real instant; the counter's day may be another one in a demonstration.
    ahead = node.clock.business_now() - node.clock.now()
    begin = datetime.combine(span.first_day, time(), JAPAN) - ahead
    end = datetime.combine(span.last_day, time(), JAPAN) + timedelta(days=1) - ahead
    return Window(recorded_from=begin.astimezone(UTC), recorded_before=end.astimezone(UTC))


def until(node: Node, on: date, by: CountedBy) -> Window:
    """Tell which versions stood at the end of a day or before it."""
    window = window_of(node, CountedSpan.of_day(on), by)
    return Window(last_legal_day=window.last_legal_day, recorded_before=window.recorded_before)


def _counted(unit: Unit, node: Node, on: date, by: CountedBy) -> Population:
    births = [one.isoformat() for one in birth_bounds(on)]
    people, homes = statistics.population(unit, until(node, on, by), births)
    return _population(people, homes, on)


def _population(people: list[PeopleRow], homes: list[HomesRow], on: date) -> Population:
    groups: Counter[PopulationCell] = Counter()
    ages: Counter[AgeCell] = Counter()
    for row in people:
        kind, sex, birth = ResidentKind(row.resident_kind), Sex(row.sex), PartialDate.parse(row.birth)
        groups[PopulationCell(kind, sex, age_group(birth, on))] += row.people
        ages[(kind, sex, _age(birth, on))] += row.people
    of_kinds: Counter[frozenset[str]] = Counter()
    for home in homes:
        of_kinds[frozenset((home.one_kind, home.other_kind))] += home.households
    households = HouseholdCount(
        japanese=of_kinds[frozenset((ResidentKind.JAPANESE.value,))],
        foreign=of_kinds[frozenset((ResidentKind.FOREIGN.value,))],
        mixed=of_kinds[frozenset(kind.value for kind in ResidentKind)],
    )
    return Population(RegisterCount(on, dict(groups), households), dict(ages))


def _age(birth: PartialDate, on: date) -> int | None:
    ages = ages_on(birth, on)
    if ages is None:
        return None
    youngest, oldest = min(ages.youngest, OPEN_GROUP), min(ages.oldest, OPEN_GROUP)
    return youngest if youngest == oldest else None


def _changes(rows: list[MovesRow], span: CountedSpan) -> tuple[ChangeCount, dict[Column, int]]:
    moves: Counter[MovementCell] = Counter()
    imported: Counter[Column] = Counter()
    for row in rows:
        before, after = _column(row.before), _column(row.after)
        if row.entry_kind == ChangeKind.IMPORT.value and after is not None:
            imported[after] += row.people
            continue
        reason = ChangeReason(row.reason) if row.named else ChangeReason.NOT_REPORTED
        for cell in movements(before, after, reason):
            moves[cell] += row.people
    return ChangeCount(span, dict(moves)), dict(imported)


def _column(read: tuple[str, str] | None) -> Column | None:
    return None if read is None else (ResidentKind(read[0]), Sex(read[1]))
