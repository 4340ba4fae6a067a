"""Letters of one registry to another, passed on unchanged between the own registry and other towns' CSs.  市区町村間の通知"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from daicho.nodes.chronicle import note
from daicho.nodes.cs.intake import home_of
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.handling import Alone
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.filings.report import Route, check_route
from daicho.rules.law.article import Article, juki
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.protection.forwarding import ForwardRoute
from daicho.rules.protection.forwarding import check_route as check_forward_route
from daicho.store.unit import Unit
from daicho.wire.codecs.filings import ANSWER, REPORT, read_answer, read_filing
from daicho.wire.codecs.forwarding import FORWARD, REPLY, read_carried
from daicho.wire.codecs.supplements import MISMATCH, NOTICES, read_mismatch, read_notices


@dataclass(frozen=True, slots=True)
class Passed:
    """One kind of letter between two towns: where its way is read, and what the ledger says of its passing.

    The line has the affair's name under `called`. Under `article` a letter is refused. What goes `back` to whoever told names
    the way of what was told.
    """

    way: Callable[[bytes], Route | ForwardRoute]
    event: Event
    called: str
    article: Article
    back: bool = False


_FILING = Event.FILING_PASSED, "report", juki("9")
_SUPPLEMENT = Event.SUPPLEMENT_PASSED, "report", juki("19")
# Who is protected from whom is closed for the registry at the end: a CS reads the way alone.
_MEASURE = Event.PROTECTION_PASSED, "forward", PROTECTION_TERM.article
PASSED: Mapping[str, Passed] = {
    REPORT: Passed(lambda content: read_filing(content).route, *_FILING),
    ANSWER: Passed(lambda content: read_answer(content).route, *_FILING, back=True),
    FORWARD: Passed(lambda content: read_carried(content).route, *_MEASURE),
    REPLY: Passed(lambda content: read_carried(content).route, *_MEASURE, back=True),
    NOTICES: Passed(lambda content: read_notices(content).route, *_SUPPLEMENT),
    MISMATCH: Passed(lambda content: read_mismatch(content).route, *_SUPPLEMENT, back=True),
}


def passing(kind: str) -> Alone:
    """Give what passes letters of one kind on."""
    return partial(_pass_on, kind, PASSED[kind])


def _pass_on(kind: str, passed: Passed, unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass one letter on unchanged when who sent it may speak for the town from which it says it comes."""
    way = passed.way(content)
    if isinstance(way, ForwardRoute):
        refusal, matter = check_forward_route(way), way.forward_id
    else:
        refusal, matter = check_route(way, passed.article), way.report_id
    if refusal is not None:
        return refused(refusal)
    origin, destination = (way.receiver, way.sender) if passed.back else (way.sender, way.receiver)
    directory, home = node.wire.directory(), home_of(node)
    if sender.kind is NodeKind.REGISTRY:
        allowed, onward = origin == home, directory.cs_of(destination)
    else:
        allowed = sender.kind is NodeKind.CS and sender.municipality == origin and destination == home
        onward = partner(directory, node.me, NodeKind.REGISTRY)
    if not allowed:
        return refused(Refusal(Reason.NOT_PERMITTED, passed.article, "sender"))
    if onward is None:
        return refused(Refusal(Reason.MUNICIPALITY_UNKNOWN, passed.article, "to_municipality"))
    note(
        unit, node, event=passed.event, outcome=kind.partition(".")[2], peer=str(sender.name),
        detail={passed.called: matter, "to": str(destination)},
    )  # fmt: skip
    post_letters(unit, node, [Outgoing(onward, kind, content, matter=matter)])
    return ACCEPTED
