"""Reports of filings and their answers, passed on between the own registry and other towns' CSs.  法9条2項の通知"""

from daicho.nodes.cs.passing import Passage, pass_on
from daicho.nodes.mailroom.receiving import Settled, refused
from daicho.nodes.node import Node
from daicho.rules.filings.report import Route, check_route
from daicho.rules.law.article import juki
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.store.unit import Unit
from daicho.wire.codecs.filings import ANSWER, REPORT, read_answer, read_filing

_ARTICLE = juki("9")


def pass_report(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass a report of the own registry to the town that it names, or one of another town to the own registry."""
    return _pass(unit, node, sender, read_filing(content).route, REPORT, content)


def pass_answer(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass an answer back on the way by which its report came."""
    return _pass(unit, node, sender, read_answer(content).route, ANSWER, content)


def _pass(unit: Unit, node: Node, sender: Member, route: Route, kind: str, content: bytes) -> Settled:
    refusal = check_route(route)
    if refusal is not None:
        return refused(refusal)
    ends = (route.sender, route.receiver) if kind == REPORT else (route.receiver, route.sender)
    letter = Passage(kind, content, *ends, route.report_id, "report", Event.FILING_PASSED, _ARTICLE)
    return pass_on(unit, node, sender, letter)
