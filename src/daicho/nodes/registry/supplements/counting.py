"""How many notices of the address supplement were told, received and answered, day by day.  戸籍附票記載事項通知処理件数一覧表"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.supplements.seeing import eyes_of
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, may_enter_or_verify
from daicho.store import supplements

HEADINGS = ("told", "own_town", "paper", "differs", "received", "recorded", "answered")


@dataclass(frozen=True, slots=True)
class SupplementCounts:
    """The counts of each day of a month on which there was anything, and their sums; headings without any are 0.

    `whole` tells that what is protected is counted, too.
    """

    first: date
    days: tuple[tuple[date, Mapping[str, int]], ...]
    sums: Mapping[str, int]
    whole: bool


def supplement_counts(
    node: Node, operator: Operator, month: date, *, terminal: str = ""
) -> SupplementCounts | Refusal:
    """Count a month's notices; what is protected is counted for the officer alone."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    first = month.replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    with node.store.unit("supplements.counted") as unit:
        eyes = eyes_of(unit, node, operator)
        found = supplements.counts_between(unit, eyes, first, last)
        shown = fact_by(operator, Event.SUPPLEMENT_SHOWN, terminal=terminal, outcome="counted")
        note_many(unit, node, [shown])
    nothing = dict.fromkeys(HEADINGS, 0)
    by_day: dict[date, dict[str, int]] = {}
    sums = dict(nothing)
    for day, heading, number in found:
        by_day.setdefault(day, dict(nothing))[heading] += number
        sums[heading] += number
    days = tuple((day, counts) for day, counts in sorted(by_day.items()) if any(counts.values()))
    return SupplementCounts(first, days, sums, eyes.everything)
