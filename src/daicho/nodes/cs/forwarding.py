"""Forwarded protection measures and the answers, passed on between the own registry and other towns' CSs.  支援措置の転送

Who is protected from whom is closed for the registry at the end: a CS reads the way alone.
"""

from daicho.nodes.cs.passing import Passage, pass_on
from daicho.nodes.mailroom.receiving import Settled, refused
from daicho.nodes.node import Node
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.rules.protection.forwarding import check_route
from daicho.store.unit import Unit
from daicho.wire.codecs.forwarding import FORWARD, REPLY, read_carried


def pass_forward(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass a measure of the own registry to the town that it names, or one of another town to the own registry."""
    return _pass(unit, node, sender, FORWARD, content)


def pass_reply(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass an answer back on the way by which its letter came."""
    return _pass(unit, node, sender, REPLY, content)


def _pass(unit: Unit, node: Node, sender: Member, kind: str, content: bytes) -> Settled:
    route = read_carried(content).route
    refusal = check_route(route)
    if refusal is not None:
        return refused(refusal)
    ends = (route.sender, route.receiver) if kind == FORWARD else (route.receiver, route.sender)
    letter = Passage(
        kind, content, *ends, route.forward_id, "forward", Event.PROTECTION_PASSED, PROTECTION_TERM.article
    )
    return pass_on(unit, node, sender, letter)
