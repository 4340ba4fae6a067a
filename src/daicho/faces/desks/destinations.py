"""Notices of individual numbers and where they go, bound to the registry; their printing, bound to the nation."""

from collections.abc import Callable, Sequence

from daicho.nodes.national import notices
from daicho.nodes.national.notices import NoticeList
from daicho.nodes.node import Node
from daicho.nodes.office.queues import Queue
from daicho.nodes.registry.destination import seeing, stating
from daicho.nodes.registry.destination.seeing import NoticesOfPerson, NumberNotices
from daicho.rules.destination.stated import StatedDestination
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.dates import PartialDate
from daicho.store import destination
from daicho.store.destination import NoticeName
from daicho.store.unit import Unit


class DestinationDesk:
    """Which notices one registry owes and told, and where its residents stated theirs to go."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def new_name(self) -> str:
        """Give the name of an order, or of a destination, that is about to be entered."""
        return self._node.clock.new_id()

    def all(self, who: Operator, terminal: str) -> NumberNotices | Refusal:
        """List notices and stated destinations."""
        return seeing.number_notices_of_town(self._node, who, terminal=terminal)

    def of(self, who: Operator, addressee_number: int, terminal: str) -> NoticesOfPerson | Refusal:
        """Show those of one resident."""
        return seeing.number_notices_of(self._node, who, addressee_number, terminal=terminal)

    def state(
        self, who: Operator, name: str, addressee_number: int, stated: StatedDestination, terminal: str
    ) -> Refusal | None:
        """Record another destination."""
        return stating.state_destination(self._node, who, name, addressee_number, stated, terminal=terminal)

    def verify(self, who: Operator, names: Sequence[str], terminal: str) -> Refusal | None:
        """Note as a second person that others stated these."""
        return stating.verify_destinations(self._node, who, names, terminal=terminal)

    def confirm(self, who: Operator, addressee_number: int, terminal: str) -> Refusal | None:
        """Let the notice of somebody guarded go."""
        return stating.confirm_notice(self._node, who, addressee_number, terminal=terminal)

    def end(self, who: Operator, addressee_number: int, terminal: str) -> Refusal | None:
        """End it."""
        return stating.end_destination(self._node, who, addressee_number, terminal=terminal)

    def order(
        self, who: Operator, name: str, addressee_number: int, words: str, terminal: str
    ) -> Refusal | None:
        """Let a notice go once more."""
        return stating.order_notice(self._node, who, name, addressee_number, words, terminal=terminal)


class PrintingDesk:
    """The nation's queue of notices that are printed and sent."""

    def __init__(self, node: Node) -> None:
        """Serve the nation."""
        self._node = node

    def queued(
        self, who: Operator, state: str, terminal: str, *, after: NoticeName | None
    ) -> NoticeList | Refusal:
        """List notices that wait, were sent, or came back, behind one of them."""
        return notices.queued_notices(self._node, who, state, after=after, terminal=terminal)

    def found(
        self, who: Operator, terminal: str, *, control_number: str, name: str, birth: PartialDate | None
    ) -> NoticeList | Refusal:
        """Find notices by the number of their file, or by name and birth date."""
        return notices.found_notices(
            self._node, who, control_number=control_number, name=name, birth=birth, terminal=terminal
        )

    def mark(self, who: Operator, names: Sequence[NoticeName], state: str, terminal: str) -> Refusal | None:
        """Note that notices were sent or came back."""
        return notices.mark_notices(self._node, who, names, state, terminal=terminal)


def destination_counters(node: Node, who: Operator) -> dict[Queue, Callable[[Unit], int]]:
    """Count at a registry what could not be told, as far as somebody may see it."""
    return {Queue.NUMBER_NOTICES: lambda unit: seeing.how_many_hindered(unit, node, who)}


def printing_counters() -> dict[Queue, Callable[[Unit], int]]:
    """Count at the nation what is to be printed."""
    return {Queue.NOTICES_TO_PRINT: destination.how_many_wait}
