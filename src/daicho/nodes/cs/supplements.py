"""Notices of the address supplement, passed on between the own registry and other towns' CSs.  戸籍の附票記載事項通知の中継"""

from daicho.nodes.cs.passing import Passage, pass_on
from daicho.nodes.mailroom.receiving import Settled, refused
from daicho.nodes.node import Node
from daicho.rules.filings.report import Route, check_route
from daicho.rules.law.article import juki
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.store.unit import Unit
from daicho.wire.codecs.supplements import MISMATCH, NOTICES, read_mismatch, read_notices

_ARTICLE = juki("19")


def pass_notices(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass notices of the own registry to the town that they name, or those of another town to the own registry."""
    return _pass(unit, node, sender, read_notices(content).route, NOTICES, content)


def pass_mismatch(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass a mismatch back on the way by which its notice came."""
    return _pass(unit, node, sender, read_mismatch(content).route, MISMATCH, content)


def _pass(unit: Unit, node: Node, sender: Member, route: Route, kind: str, content: bytes) -> Settled:
    refusal = check_route(route)
    if refusal is not None:
        return refused(refusal)
    ends = (route.sender, route.receiver) if kind == NOTICES else (route.receiver, route.sender)
    letter = Passage(kind, content, *ends, route.report_id, "report", Event.SUPPLEMENT_PASSED, _ARTICLE)
    return pass_on(unit, node, sender, letter)
