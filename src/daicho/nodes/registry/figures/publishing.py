"""Tables of districts that are given out: each made once, kept as it was made, and resting on the one before."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import published_body, read_published
from daicho.nodes.registry.figures.districts import Districts, DistrictsAsked, count_districts
from daicho.nodes.registry.statistics import note_statistics
from daicho.rules.figures.districts import AgeDivision
from daicho.rules.figures.published import (
    ARTICLE,
    PublishedTable,
    check_publication,
    reference_days_between,
    without_small_figures,
)
from daicho.rules.figures.smallness import LEAST_PEOPLE
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.statistics import CountedBy
from daicho.store import protection, statistics
from daicho.store.statistics import PublicationRow
from daicho.store.unit import Unit

_LISTED_ROWS = 240


@dataclass(frozen=True, slots=True)
class Publication:
    """A table that was given out, by whom and when it was made."""

    counted_on: date
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Prospect:
    """What making a table would do: of which days none could be made any more, or that it is made already."""

    counted_on: date
    made: bool
    skipped: tuple[date, ...] = ()


def prospect_of(node: Node, operator: Operator, on: date) -> Prospect | Refusal:
    """Tell what making the table of a day would do, before anybody makes it: it cannot be taken back."""
    refusal = may(operator, Permission.SEE_STATISTICS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        if statistics.publication(unit, on) is not None:
            return Prospect(on, made=True)
        newest = _newest_day(unit)
        refusal = _check(unit, node, on, newest)
    return refusal or Prospect(on, made=False, skipped=reference_days_between(newest, on))


def _newest_day(unit: Unit) -> date | None:
    newest = statistics.newest_publication(unit)
    return newest.counted_on if newest is not None else None


def _check(unit: Unit, node: Node, on: date, newest: date | None) -> Refusal | None:
    known = not protection.awaits_measures(unit)
    return check_publication(on, node.clock.business_today(), newest, measures_known=known)


def publish_districts(
    node: Node, operator: Operator, on: date, least: int = LEAST_PEOPLE, *, terminal: str = ""
) -> date | Refusal:
    """Make the table of a month's last day for everybody, with a line in the ledger; one that is made is not made again.

    It is counted by the day of recording, so that the day's figures are the same for ever.
    """
    refusal = may(operator, Permission.SEE_STATISTICS)
    if refusal is not None:
        return refusal
    with node.store.unit("figures.publish") as unit:
        statistics.publish_alone(unit)
        if statistics.publication(unit, on) is not None:
            return on
        newest = statistics.newest_publication(unit)
        found = _counted(node, on, newest.counted_on if newest is not None else None)
        if isinstance(found, Refusal):
            return found
        before = read_published(newest.body) if newest is not None else None
        table = without_small_figures(on, found, least, before, five_years=True)
        statistics.keep_publication(
            unit, PublicationRow(on, operator.login_id, node.clock.now()), published_body(table)
        )
        detail = {"on": on.isoformat(), "least": str(least)}
        note_by(
            unit, node, operator, Event.DISTRICTS_PUBLISHED, terminal=terminal, outcome="made", detail=detail
        )
    return on


def _counted(node: Node, on: date, newest: date | None) -> Districts | Refusal:
    """Count for a table of one instant who is protected and who lives where.

    In a transaction of its own: the one that makes the table has to see what was given out while it waited for its turn.
    """
    with node.store.reading() as still:
        statistics.hold_still(still)
        asked = DistrictsAsked(on, CountedBy.RECORDED, AgeDivision.FIVE_YEARS)
        return _check(still, node, on, newest) or count_districts(still, node, asked, whole=False)


def publications(node: Node, operator: Operator) -> tuple[Publication, ...] | Refusal:
    """List the tables that were given out, the newest first."""
    refusal = may(operator, Permission.SEE_STATISTICS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = statistics.publications(unit, limit_rows=_LISTED_ROWS)
    return tuple(Publication(one.counted_on, one.made_by, one.made_at) for one in rows)


def publication(node: Node, operator: Operator, on: date, *, terminal: str = "") -> PublishedTable | Refusal:
    """Give the table of one day as it was made, with a line in the ledger."""
    refusal = may(operator, Permission.SEE_STATISTICS)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        kept = statistics.publication(unit, on)
    if kept is None:
        return Refusal(Reason.NOT_FOUND, ARTICLE, "on")
    note_statistics(node, operator, terminal, {"table": "publication", "on": on.isoformat()})
    return read_published(kept.body)
