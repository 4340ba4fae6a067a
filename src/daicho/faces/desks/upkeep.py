"""Keeping the register right, bound to the registry."""

from daicho.faces.terminal.desk import Seat
from daicho.nodes.node import Node
from daicho.nodes.registry import reports, upkeep
from daicho.nodes.registry.reports import MissingMovers
from daicho.nodes.registry.upkeep import CaseDone, CaseLine, CaseView, UpkeepQueue
from daicho.rules.law.refusal import Refusal
from daicho.rules.upkeep.acts import CaseAct
from daicho.rules.upkeep.case import UpkeepCase


class UpkeepDesk:
    """A municipality's cases as their pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def queue(self, who: Seat, after: str, *, ended: bool) -> UpkeepQueue | Refusal:
        """List open cases from behind one on, what waits longest first, or those that ended."""
        return upkeep.upkeep_queue(self._node, who.operator, ended=ended, after=after, terminal=who.terminal)

    def missing(self, who: Seat, after: str) -> MissingMovers | Refusal:
        """List movers whom no town has reported, from behind an entry on."""
        return reports.missing_movers(self._node, who.operator, after=after, terminal=who.terminal)

    def case(self, who: Seat, number: str) -> CaseView | Refusal:
        """Open one case."""
        return upkeep.case_view(self._node, who.operator, number, terminal=who.terminal)

    def about(self, who: Seat, addressee_number: int) -> tuple[CaseLine, ...]:
        """List the cases of a resident."""
        return upkeep.cases_about(self._node, who.operator, addressee_number)

    def of_entry(self, who: Seat, entry_id: str) -> tuple[CaseLine, ...]:
        """List the cases to which a change is joined."""
        return upkeep.cases_of_entry(self._node, who.operator, entry_id)

    def open(self, who: Seat, case: UpkeepCase) -> CaseDone | Refusal:
        """Keep a new case."""
        return upkeep.open_upkeep_case(self._node, who.operator, case, terminal=who.terminal)

    def act(self, who: Seat, number: str, act: CaseAct, version: int) -> CaseDone | Refusal:
        """Do one thing in a case that stands as it was seen."""
        return upkeep.act_in_case(
            self._node, who.operator, number, act, version=version, terminal=who.terminal
        )
