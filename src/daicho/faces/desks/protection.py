"""Protection measures, bound to the registry."""

from datetime import date

from daicho.faces.terminal.desk import Done, Seat
from daicho.nodes.node import Node
from daicho.nodes.registry import protection
from daicho.nodes.registry.protection import MeasureView, ProtectionOverview
from daicho.rules.law.refusal import Refusal
from daicho.rules.protection.measure import EndCause, Opinion, ProtectionMeasure


class ProtectionDesk:
    """A municipality's protection measures as its pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def overview(self, who: Seat, after: str) -> ProtectionOverview | Refusal:
        """List open measures from behind one on, what waits for a second person, and what nobody has looked at."""
        return protection.overview(self._node, who.operator, after=after)

    def measure(self, who: Seat, number: str) -> MeasureView | Refusal:
        """Open one measure."""
        return protection.measure_view(self._node, who.operator, number, terminal=who.terminal)

    def apply(self, who: Seat, application: ProtectionMeasure) -> ProtectionMeasure | Refusal:
        """Keep an application."""
        return protection.apply_for_protection(self._node, who.operator, application, terminal=who.terminal)

    def note_opinion(
        self, who: Seat, number: str, opinion: Opinion, counted_from: date | None
    ) -> ProtectionMeasure | Refusal:
        """Note what a body said about the need."""
        return protection.note_opinion(
            self._node, who.operator, number, opinion, counted_from=counted_from, terminal=who.terminal
        )

    def renew(
        self, who: Seat, number: str, opinion: Opinion, applied_on: date
    ) -> ProtectionMeasure | Refusal:
        """Let another year follow."""
        return protection.renew_measure(
            self._node, who.operator, number, opinion, applied_on, terminal=who.terminal
        )

    def towns_told(self, who: Seat, number: str) -> ProtectionMeasure | Refusal:
        """Note that the other towns were told."""
        return protection.note_towns_told(self._node, who.operator, number, terminal=who.terminal)

    def ask_for_release(self, who: Seat, addressee_number: int, why: str, minutes: int) -> Done | Refusal:
        """Ask a second person to open what hides one resident for a while."""
        asked = protection.ask_for_release(
            self._node, who.operator, addressee_number, why, minutes, terminal=who.terminal
        )
        return asked if isinstance(asked, Refusal) else Done(asked[0])

    def ask_for_end(self, who: Seat, number: str, why: str, cause: EndCause) -> Done | Refusal:
        """Ask a second person to end a measure."""
        asked = protection.ask_for_end(self._node, who.operator, number, why, cause, terminal=who.terminal)
        return asked if isinstance(asked, Refusal) else Done(asked[0])

    def decide(self, who: Seat, proposal_id: str, *, accept: bool) -> Done | Refusal:
        """Carry out what somebody else asked for, or decline it."""
        kind = protection.decide_on_proposal(
            self._node, who.operator, proposal_id, accept=accept, terminal=who.terminal
        )
        return kind if isinstance(kind, Refusal) else Done(kind.value)

    def see_alert(self, who: Seat, alert_id: str) -> Refusal | None:
        """Note that an alert was looked at."""
        return protection.see_alert(self._node, who.operator, alert_id)
