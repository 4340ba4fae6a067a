"""How the node stands, for its administrator's page."""

from daicho.faces.terminal.desk import (
    Seat,
)
from daicho.faces.terminal.node_standing import Connections, NodeStanding, WaitingIn, WaitingOut, Warned
from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.hall.clients import allowed_systems
from daicho.nodes.watch.connections import allowed_callees, allowed_callers
from daicho.nodes.watch.meter import Meter
from daicho.nodes.watch.standing import Standing, stand, worries
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Permission, may
from daicho.wire.authority import RENEW_BELOW_DAYS, TlsFiles


class StandingDesk:
    """One node's standing."""

    def __init__(self, node: Node, files: TlsFiles, meter: Meter) -> None:
        """Serve one node."""
        self._node, self._files, self._meter = node, files, meter

    def standing(self, who: Seat) -> NodeStanding | Refusal:
        """Look at the node once, and note who did."""
        refusal = may(who.operator, Permission.MANAGE_SYSTEM)
        if refusal is not None:
            return refusal
        seen = stand(self._node, self._files)
        self._note(who, "standing")
        return NodeStanding(
            seen.at, worries(seen), seen.health, RENEW_BELOW_DAYS, self._out(seen), self._in(seen),
            seen.returned_letters, seen.ledger,
            self._title(seen.witness) if seen.witness else "",
            tuple(Warned(level, room, count) for level, room, count in self._meter.warnings()),
        )  # fmt: skip

    def connections(self, who: Seat) -> Connections | Refusal:
        """List who may call this node and whom it may call, and note who looked."""
        refusal = may(who.operator, Permission.MANAGE_SYSTEM)
        if refusal is not None:
            return refusal
        me, members = self._node.me, self._node.wire.directory().members
        systems = allowed_systems(self._node) if me.kind is NodeKind.REGISTRY else None
        self._note(who, "connections")
        return Connections(allowed_callers(me, members), allowed_callees(me, members), systems)

    def _note(self, who: Seat, page: str) -> None:
        with self._node.store.unit("standing.note") as unit:
            note_by(
                unit, self._node, who.operator, Event.PAGE_OPENED, terminal=who.terminal, outcome="shown",
                detail={"page": page},
            )  # fmt: skip

    def _out(self, seen: Standing) -> tuple[WaitingOut, ...]:
        return tuple(
            WaitingOut(
                self._title(one.receiver), one.waiting_letters, one.unanswered_letters, one.oldest_posted_at,
                seen.is_late(one.oldest_posted_at), one.tries,
            )
            for one in seen.destinations
        )  # fmt: skip

    def _in(self, seen: Standing) -> tuple[WaitingIn, ...]:
        return tuple(
            WaitingIn(
                self._title(one.sender), one.waiting_letters, one.parked_letters, one.oldest_kept_at,
                seen.is_late(one.oldest_kept_at),
            )
            for one in seen.origins
        )  # fmt: skip

    def _title(self, name: str) -> str:
        member = self._node.wire.directory().member(name)
        return member.title if member else name
