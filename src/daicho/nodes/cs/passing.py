"""A letter of one registry to another, passed on unchanged between the own registry and other towns' CSs.  市区町村間の通知"""

from dataclasses import dataclass

from daicho.nodes.chronicle import note
from daicho.nodes.cs.intake import home_of
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Passage:
    """One letter on its way between two towns, and what the ledger says of its passing.

    `matter` is the affair's name; the line has it under `called`. Under `article` it is refused to whoever may not send it.
    """

    kind: str
    content: bytes
    origin: MunicipalityCode
    destination: MunicipalityCode
    matter: str
    called: str
    event: Event
    article: Article


def pass_on(unit: Unit, node: Node, sender: Member, letter: Passage) -> Settled:
    """Pass one letter on unchanged when who sent it may speak for the town from which it says it comes."""
    directory, home = node.wire.directory(), home_of(node)
    if sender.kind is NodeKind.REGISTRY:
        allowed, onward = letter.origin == home, directory.cs_of(letter.destination)
    else:
        comes_here = letter.destination == home
        allowed = sender.kind is NodeKind.CS and sender.municipality == letter.origin and comes_here
        onward = partner(directory, node.me, NodeKind.REGISTRY)
    if not allowed:
        return refused(Refusal(Reason.NOT_PERMITTED, letter.article, "sender"))
    if onward is None:
        return refused(Refusal(Reason.MUNICIPALITY_UNKNOWN, letter.article, "to_municipality"))
    note(
        unit, node, event=letter.event, outcome=letter.kind.partition(".")[2], peer=str(sender.name),
        detail={letter.called: letter.matter, "to": str(letter.destination)},
    )  # fmt: skip
    post_letters(unit, node, [Outgoing(onward, letter.kind, letter.content, matter=letter.matter)])
    return ACCEPTED
