"""Notices of the address supplement, passed on between the own registry and other towns' CSs.  戸籍の附票記載事項通知の中継"""

from daicho.nodes.cs.filings import pass_letter
from daicho.nodes.mailroom import Outgoing
from daicho.nodes.mailroom.receiving import Settled
from daicho.nodes.node import Node
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.store.unit import Unit
from daicho.wire.codecs.supplements import MISMATCH, NOTICES, read_mismatch, read_notices


def pass_notices(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass notices of the own registry to the town that they name, or those of another town to the own registry."""
    route = read_notices(content).route
    way, letter = (route, route.sender, route.receiver), Outgoing(node.me, NOTICES, content)
    return pass_letter(unit, node, sender, way, letter, Event.SUPPLEMENT_PASSED)


def pass_mismatch(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass a mismatch back on the way by which its notice came."""
    route = read_mismatch(content).route
    way, letter = (route, route.receiver, route.sender), Outgoing(node.me, MISMATCH, content)
    return pass_letter(unit, node, sender, way, letter, Event.SUPPLEMENT_PASSED)
