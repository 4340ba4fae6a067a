"""Reports of filings and their answers, passed on between the own registry and other towns' CSs.  法9条2項の通知"""

from daicho.nodes.chronicle import note
from daicho.nodes.cs.intake import home_of
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.filings.report import Route, check_route
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.unit import Unit
from daicho.wire.codecs.filings import ANSWER, REPORT, read_answer, read_filing

_ARTICLE = juki("9")


def pass_report(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass a report of the own registry to the town that it names, or one of another town to the own registry."""
    route = read_filing(content).route
    return pass_letter(
        unit, node, sender, (route, route.sender, route.receiver), Outgoing(node.me, REPORT, content)
    )


def pass_answer(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass an answer back on the way by which its report came."""
    route = read_answer(content).route
    return pass_letter(
        unit, node, sender, (route, route.receiver, route.sender), Outgoing(node.me, ANSWER, content)
    )


def pass_letter(
    unit: Unit,
    node: Node,
    sender: Member,
    way: tuple[Route, MunicipalityCode, MunicipalityCode],
    letter: Outgoing,
    event: Event = Event.FILING_PASSED,
) -> Settled:
    """Pass one letter on unchanged when who sent it may speak for the town from which it says it comes."""
    route, origin, destination = way
    refusal = check_route(route)
    if refusal is not None:
        return refused(refusal)
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
        unit, node, event=event, outcome=letter.kind.partition(".")[2], peer=str(sender.name),
        detail={"report": route.report_id, "to": str(destination)},
    )  # fmt: skip
    post_letters(unit, node, [Outgoing(onward, letter.kind, letter.content, matter=route.report_id)])
    return ACCEPTED
