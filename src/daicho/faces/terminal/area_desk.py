"""What the pages of changes of names need from the node behind them."""

from typing import Protocol

from daicho.nodes.registry.areas.planning import Brought
from daicho.nodes.registry.areas.showing import AreaOverview, AreaQueue, AreaView
from daicho.rules.areas.plan import AreaPlan, AreaState
from daicho.rules.areas.table import AreaLine
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class AreaDesk(Protocol):
    """Changes of names of places at one registry."""

    def overview(self, who: Operator, after: str, before: str, /) -> AreaOverview | Refusal:
        """List what is open from behind a number on, and what is over before one."""
        ...

    def bring(self, who: Operator, terminal: str, plan: AreaPlan, table: bytes, /) -> Brought | Refusal:
        """Keep a table."""
        ...

    def view(self, who: Operator, terminal: str, number: str, /) -> AreaView | Refusal:
        """Open one change, with a ledger line."""
        ...

    def table(self, who: Operator, terminal: str, number: str, /) -> tuple[AreaLine, ...] | Refusal:
        """Give the whole table of one change, with a ledger line."""
        ...

    def queue(self, who: Operator, terminal: str, number: str, after: int, /) -> AreaQueue | Refusal:
        """List what waits for a clerk, with ledger lines."""
        ...

    def decide(
        self, who: Operator, terminal: str, number: str, digest: str, /, *, accept: bool
    ) -> AreaState | Refusal:
        """Take a second person's word for the table that they saw."""
        ...

    def withdraw(self, who: Operator, terminal: str, number: str, /) -> Refusal | None:
        """Take a change back before it begins."""
        ...

    def again(self, who: Operator, terminal: str, number: str, /) -> AreaState | Refusal:
        """Take up again what was left."""
        ...

    def stop(self, who: Operator, terminal: str, number: str, /) -> Refusal | None:
        """Let what was approved rest."""
        ...

    def resume(self, who: Operator, terminal: str, number: str, /) -> Refusal | None:
        """Stand for what was stopped, until a second person gives the word."""
        ...

    def dismiss(
        self, who: Operator, terminal: str, number: str, household: int, why: str, /
    ) -> Refusal | None:
        """Take a household off the queue whose address stays as it is, with a ledger line."""
        ...
