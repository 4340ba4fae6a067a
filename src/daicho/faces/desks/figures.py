"""Figures by district and the annual report, bound to the registry."""

from dataclasses import replace
from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.registry.figures import annual, districts, publishing
from daicho.nodes.registry.figures.annual import AnnualReport
from daicho.nodes.registry.figures.districts import DistrictsAsked, DistrictsShown
from daicho.nodes.registry.figures.publishing import Prospect, Publication
from daicho.rules.figures.published import PublishedTable
from daicho.rules.figures.smallness import LEAST_PEOPLE
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.register.statistics import CountedBy


class FiguresDesk:
    """Gives out the figures of one municipality."""

    def __init__(self, node: Node, least_people: int = LEAST_PEOPLE) -> None:
        """Serve one registry, of which no number below `least_people` is given out."""
        self._node = node
        self._least = least_people

    def districts(self, who: Operator, terminal: str, asked: DistrictsAsked) -> DistrictsShown | Refusal:
        """Count who lives in which district on a day, in the form that the operator may have."""
        asked = replace(asked, least=self._least)
        return districts.districts_on(self._node, who, asked, terminal=terminal)

    def prospect(self, who: Operator, on: date) -> Prospect | Refusal:
        """Tell what making a table would do."""
        return publishing.prospect_of(self._node, who, on)

    def publish(self, who: Operator, terminal: str, on: date) -> date | Refusal:
        """Make the table of districts that is given out."""
        return publishing.publish_districts(self._node, who, on, self._least, terminal=terminal)

    def publications(self, who: Operator) -> tuple[Publication, ...] | Refusal:
        """List the tables that were given out, the newest first."""
        return publishing.publications(self._node, who)

    def publication(self, who: Operator, terminal: str, on: date) -> PublishedTable | Refusal:
        """Give one of them as it was made."""
        return publishing.publication(self._node, who, on, terminal=terminal)

    def annual(self, who: Operator, terminal: str, year: int, by: CountedBy) -> AnnualReport | Refusal:
        """Make the annual report of a year."""
        return annual.annual_report(self._node, who, year, by, terminal=terminal)
