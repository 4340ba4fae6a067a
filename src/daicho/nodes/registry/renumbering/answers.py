"""What comes of a request for another individual number: recorded on its receipt."""

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_number_change, read_record
from daicho.nodes.registry.reports import ReportOutcome, receive_number
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.reasons import ChangeReason
from daicho.store import number_changes, register
from daicho.store.unit import Unit


def take_made_number(
    unit: Unit, node: Node, code: ResidentRecordCode, number: IndividualNumber, *, peer: str
) -> ReportOutcome | Refusal:
    """Record a number that the nation made: the first one, or another one where one was asked for.

    It takes effect with this receipt. Whoever has left meanwhile keeps the former one, and the request lapses; what was
    drawn comes when their new town asks. A number that is theirs already answers no request for another one.

    Law: 番号法 第7条第2項; 番号法施行令 第2条
    """
    asked = number_changes.answered_by(unit, str(code))
    if asked is None:
        return receive_number(unit, node, code, number, peer=peer)
    held = register.resident(unit, asked.addressee_number)
    if held is None or not read_record(held.body).living:
        number_changes.close(unit, asked.id, "lapsed", node.clock.now())
        return ReportOutcome("already")
    reason: ChangeReason = read_number_change(asked.body).reason
    outcome = receive_number(unit, node, code, number, peer=peer, reason=reason)
    if not isinstance(outcome, Refusal) and outcome.entry is not None:
        number_changes.close(unit, asked.id, "recorded", node.clock.now(), entry_id=outcome.entry.entry_id)
    return outcome
