"""What arrives at the registry from its own CS: reports of other towns, individual numbers, codes."""

from daicho.nodes.chronicle import note
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.renumbering.answers import take_made_number
from daicho.nodes.registry.reports import receive_move_in_report
from daicho.rules.law.article import security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.register.move_out import MoveInReport
from daicho.store import code_stock
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import CodesGiven, CodesWanted, NumberMade
from daicho.wire.codecs.letters import decode

CODES_LOW = 200
CODES_ASKED = 1_000
_OWN_CS = security_standard("6-7")


def _from_own_cs(sender: Member) -> Refusal | None:
    if sender.kind is NodeKind.CS:
        return None
    return Refusal(Reason.NOT_PERMITTED, _OWN_CS, "sender")


def take_move_in_report(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Strike whom another town reports as moved in, or leave the report to a person."""
    refusal = _from_own_cs(sender)
    if refusal is not None:
        return refused(refusal)
    outcome = receive_move_in_report(unit, node, decode(MoveInReport, content), peer=str(sender.name))
    if isinstance(outcome, Refusal):
        return refused(outcome)
    return SUPERSEDED if outcome.state == "already" else ACCEPTED


def take_number(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Record an individual number; it takes effect with this receipt (番号令2条)."""
    refusal = _from_own_cs(sender)
    if refusal is not None:
        return refused(refusal)
    made = decode(NumberMade, content)
    outcome = take_made_number(
        unit, node, made.resident_record_code, made.individual_number, peer=str(sender.name), drawn=made.drawn
    )
    if isinstance(outcome, Refusal):
        return refused(outcome)
    return SUPERSEDED if outcome.state == "already" else ACCEPTED


def take_codes(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Put codes from the nation into the stock, unless this register never asked for them."""
    refusal = _from_own_cs(sender)
    if refusal is not None:
        return refused(refusal)
    given = decode(CodesGiven, content)
    if not code_stock.asked_for(unit, given.pool_id):
        detail = {"codes": str(len(given.codes))}
        note(unit, node, event=Event.CODES_RECEIVED, outcome="refused", detail=detail)
        return SUPERSEDED
    added = code_stock.add_to_stock(unit, [str(code) for code in given.codes])
    note(unit, node, event=Event.CODES_RECEIVED, outcome="received", detail={"codes": str(added)})
    return ACCEPTED


def draw_codes(unit: Unit, count: int) -> tuple[ResidentRecordCode, ...]:
    """Use up unused codes; fewer when the stock runs out."""
    return tuple(ResidentRecordCode(code) for code in code_stock.draw(unit, count))


def ask_for_codes(node: Node) -> bool:
    """Ask the nation for more codes when the stock runs low and no request is on its way."""
    with node.store.unit("codes.ask") as unit:
        left, pool = code_stock.left(unit), node.clock.new_id()
        if left >= CODES_LOW or not code_stock.open_request(unit, node.clock.business_today(), pool):
            return False
        cs = partner(node.wire.directory(), node.me, NodeKind.CS)
        post_letters(unit, node, [Outgoing(cs, "codes.wanted", CodesWanted(CODES_ASKED, pool))])
    return False
