"""Notices of the address supplement, bound to the registry."""

from collections.abc import Callable, Sequence
from datetime import date

from daicho.nodes.node import Node
from daicho.nodes.office.queues import Queue
from daicho.nodes.registry.supplements import counting, differing, receiving
from daicho.nodes.registry.supplements.counting import SupplementCounts
from daicho.nodes.registry.supplements.differing import OwedLine, OwedLists
from daicho.nodes.registry.supplements.receiving import SupplementLine, SupplementList
from daicho.nodes.registry.supplements.seeing import NoticeName, eyes_of
from daicho.nodes.registry.supplements.telling import is_member
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.supplements.mismatch import RegisterMismatch
from daicho.store import supplements
from daicho.store.supplements import SupplementEyes
from daicho.store.unit import Unit


class SupplementDesk:
    """What one registry tells the towns of registered domiciles, and they it."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def received(self, who: Operator, terminal: str, *, done: bool) -> SupplementList | Refusal:
        """List notices of towns."""
        return receiving.received_notices(self._node, who, done=done, terminal=terminal)

    def received_one(self, who: Operator, name: NoticeName, terminal: str) -> SupplementLine | Refusal:
        """Open one of them."""
        return receiving.received_notice(self._node, who, name, terminal=terminal)

    def record(self, who: Operator, names: Sequence[NoticeName], terminal: str) -> int | Refusal:
        """Note that notices are recorded in the supplements."""
        return receiving.record_notices(self._node, who, names, terminal=terminal)

    def tell_mismatch(
        self, who: Operator, name: NoticeName, mismatch: RegisterMismatch, terminal: str
    ) -> Refusal | None:
        """Tell the town of one what does not agree with the family register."""
        return receiving.tell_mismatch(self._node, who, name, mismatch, terminal=terminal)

    def owed(self, who: Operator, terminal: str, *, letter: str) -> OwedLists | Refusal:
        """List what the own town cannot tell by itself, and what did not agree, or what went in a letter."""
        return differing.owed_notices(self._node, who, letter=letter, terminal=terminal)

    def owed_one(self, who: Operator, notice_id: str, terminal: str) -> OwedLine | Refusal:
        """Open one of them."""
        return differing.owed_notice(self._node, who, notice_id, terminal=terminal)

    def send_to(
        self,
        who: Operator,
        notice_ids: Sequence[str],
        town: MunicipalityCode,
        terminal: str,
        *,
        letter: str = "",
    ) -> Refusal | None:
        """Tell a town that a clerk names."""
        return differing.send_to(self._node, who, notice_ids, town, letter=letter, terminal=terminal)

    def note_paper(
        self, who: Operator, notice_ids: Sequence[str], terminal: str, *, letter: str = ""
    ) -> Refusal | None:
        """Note that some were told on paper."""
        return differing.note_paper(self._node, who, notice_ids, letter=letter, terminal=terminal)

    def reaches(self, town: MunicipalityCode) -> bool:
        """Tell whether a town can be told by letter."""
        return is_member(self._node, town)

    def propose_closing(self, who: Operator, notice_id: str, why: str, terminal: str) -> Refusal | None:
        """Say why a mismatch needs no change of the register."""
        return differing.propose_closing(self._node, who, notice_id, why, terminal=terminal)

    def confirm_closing(self, who: Operator, notice_id: str, terminal: str) -> Refusal | None:
        """Close it as a second person."""
        return differing.confirm_closing(self._node, who, notice_id, terminal=terminal)

    def decline_closing(self, who: Operator, notice_id: str, terminal: str) -> Refusal | None:
        """Take that back."""
        return differing.decline_closing(self._node, who, notice_id, terminal=terminal)

    def counts(self, who: Operator, month: date, terminal: str) -> SupplementCounts | Refusal:
        """Count a month's notices by day."""
        return counting.supplement_counts(self._node, who, month, terminal=terminal)


def supplement_counters(node: Node, who: Operator) -> dict[Queue, Callable[[Unit], int]]:
    """Count what waits for somebody, as far as they may see it: in no count is what their lists have not."""
    looked: list[SupplementEyes] = []

    def eyes(unit: Unit) -> SupplementEyes:
        if not looked:
            looked.append(eyes_of(unit, node, who))
        return looked[0]

    def owed(unit: Unit) -> int:
        hidden = eyes(unit).hidden
        return supplements.how_many_wait(unit, hidden) + supplements.how_many_differ(
            unit, hidden, proposed=False
        )

    return {
        Queue.SUPPLEMENTS: lambda unit: supplements.how_many_open(unit, eyes(unit)),
        Queue.SUPPLEMENTS_OWED: owed,
        Queue.SUPPLEMENTS_TO_CLOSE: lambda unit: supplements.how_many_differ(
            unit, eyes(unit).hidden, proposed=True
        ),
    }
