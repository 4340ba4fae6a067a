"""What the pages of districts and of the annual report need from the node behind them."""

from datetime import date
from typing import Protocol

from daicho.nodes.registry.figures.annual import AnnualReport
from daicho.nodes.registry.figures.districts import DistrictsAsked, DistrictsShown
from daicho.nodes.registry.figures.publishing import Prospect, Publication
from daicho.rules.figures.published import PublishedTable
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.register.statistics import CountedBy


class FiguresDesk(Protocol):
    """Figures of one municipality that may leave the room; nothing about anybody."""

    def districts(self, who: Operator, terminal: str, asked: DistrictsAsked, /) -> DistrictsShown | Refusal:
        """Count who lives in which district on a day, in the form that the operator may have, with a ledger line."""
        ...

    def prospect(self, who: Operator, on: date, /) -> Prospect | Refusal:
        """Tell what making a table would do; nothing is made."""
        ...

    def publish(self, who: Operator, terminal: str, on: date, /) -> date | Refusal:
        """Make the table of districts that is given out, with a ledger line."""
        ...

    def publications(self, who: Operator, /) -> tuple[Publication, ...] | Refusal:
        """List the tables that were given out, the newest first."""
        ...

    def publication(self, who: Operator, terminal: str, on: date, /) -> PublishedTable | Refusal:
        """Give one of them as it was made, with a ledger line."""
        ...

    def annual(self, who: Operator, terminal: str, year: int, by: CountedBy, /) -> AnnualReport | Refusal:
        """Make the annual report of a year, with a ledger line."""
        ...
