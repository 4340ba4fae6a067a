"""Statistics, bound to the registry."""

from datetime import date

from daicho.faces.terminal.desk import Seat
from daicho.nodes.node import Node
from daicho.nodes.registry import statistics
from daicho.nodes.registry.statistics import Balance, Population
from daicho.rules.law.refusal import Refusal
from daicho.rules.register.statistics import CountedBy, CountedSpan


class StatisticsDesk:
    """Counts one municipality."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def population(self, who: Seat, on: date, by: CountedBy) -> Population | Refusal:
        """Count who lives here on a day."""
        return statistics.population_on(self._node, who.operator, on, by, terminal=who.terminal)

    def balance(self, who: Seat, span: CountedSpan, by: CountedBy) -> Balance | Refusal:
        """Count who came and went in a period, and compare with both its ends."""
        return statistics.balance_of(self._node, who.operator, span, by, terminal=who.terminal)
