"""Forwarded protection measures and the answers, passed on between the own registry and other towns' CSs.  支援措置の転送

Who is protected from whom is closed for the registry at the end: a CS reads the way alone.
"""

from daicho.nodes.chronicle import note
from daicho.nodes.cs.intake import home_of
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.protection.forwarding import check_route
from daicho.store.unit import Unit
from daicho.wire.codecs.forwarding import FORWARD, REPLY, read_carried

_ARTICLE = PROTECTION_TERM.article


def pass_forward(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass a measure of the own registry to the town that it names, or one of another town to the own registry."""
    return _pass(unit, node, sender, FORWARD, content)


def pass_reply(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass an answer back on the way by which its letter came."""
    return _pass(unit, node, sender, REPLY, content)


def _pass(unit: Unit, node: Node, sender: Member, kind: str, content: bytes) -> Settled:
    """Pass one letter on unchanged when who sent it may speak for the town from which it says it comes."""
    route = read_carried(content).route
    refusal = check_route(route)
    if refusal is not None:
        return refused(refusal)
    origin, destination = route.sender, route.receiver
    if kind == REPLY:
        origin, destination = destination, origin
    directory, home = node.wire.directory(), home_of(node)
    if sender.kind is NodeKind.REGISTRY:
        allowed, onward = origin == home, directory.cs_of(destination)
    else:
        allowed = sender.kind is NodeKind.CS and sender.municipality == origin and destination == home
        onward = partner(directory, node.me, NodeKind.REGISTRY)
    if not allowed:
        return refused(Refusal(Reason.NOT_PERMITTED, _ARTICLE, "sender"))
    if onward is None:
        return refused(Refusal(Reason.MUNICIPALITY_UNKNOWN, _ARTICLE, "to_municipality"))
    note(
        unit, node, event=Event.PROTECTION_PASSED, outcome=kind.partition(".")[2], peer=str(sender.name),
        detail={"forward": route.forward_id, "to": str(destination)},
    )  # fmt: skip
    post_letters(unit, node, [Outgoing(onward, kind, content, matter=route.forward_id)])
    return ACCEPTED
