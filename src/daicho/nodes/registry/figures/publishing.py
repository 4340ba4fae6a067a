"""Tables of districts that are given out: each made once, kept as it was made, and resting on the one before."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import published_body, read_published
from daicho.nodes.registry.figures.districts import DistrictsAsked, count_districts
from daicho.nodes.registry.statistics import note_statistics
from daicho.rules.figures.districts import AgeDivision
from daicho.rules.figures.published import ARTICLE, PublishedTable, check_publication, without_small_figures
from daicho.rules.figures.smallness import LEAST_PEOPLE
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.statistics import CountedBy
from daicho.store import statistics
from daicho.store.statistics import PublicationRow

_LISTED_ROWS = 240


@dataclass(frozen=True, slots=True)
class Publication:
    """A table that was given out, by whom and when it was made."""

    counted_on: date
    made_by: str
    made_at: datetime


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
        refusal = check_publication(
            on, node.clock.business_today(), newest.counted_on if newest is not None else None
        )
        if refusal is not None:
            return refusal
        asked = DistrictsAsked(on, CountedBy.RECORDED, AgeDivision.FIVE_YEARS)
        found = count_districts(unit, node, asked, whole=False)
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
