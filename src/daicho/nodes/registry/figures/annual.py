"""The annual report of the town as a file: counted, compared with both ends of the year, and written down."""

from dataclasses import dataclass

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.statistics import balance_between
from daicho.rules.figures.annual import (
    AnnualLine,
    annual_lines,
    check_both_ends,
    check_year,
    digest_of_report,
)
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.register.statistics import CountedBy, CountedSpan


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A year's report: its lines, of which days, counted how, and the digest that its ledger line has."""

    span: CountedSpan
    by: CountedBy
    lines: tuple[AnnualLine, ...]
    digest: str


def annual_report(
    node: Node, operator: Operator, year: int, by: CountedBy, *, terminal: str = ""
) -> AnnualReport | Refusal:
    """Make the report of a year that is over; one whose two ends do not agree is not made, and both are written down."""
    refusal = may(operator, Permission.SEE_STATISTICS) or check_year(year, node.clock.business_today())
    if refusal is not None:
        return refusal
    span = CountedSpan.of_year(year)
    found = balance_between(node, span, by)
    refusal = check_both_ends(found.differences)
    lines = annual_lines(found.opening, found.changes, found.imported, found.closing)
    digest = digest_of_report(lines, span, by.value)
    detail = {"year": str(year), "by": by.value} | ({} if refusal is not None else {"digest": digest})
    with node.store.unit("figures.annual") as unit:
        note_by(
            unit, node, operator, Event.ANNUAL_REPORT_MADE, terminal=terminal,
            outcome=refusal.reason.value if refusal is not None else "made", detail=detail,
        )  # fmt: skip
    return refusal if refusal is not None else AnnualReport(span, by, lines, digest)
