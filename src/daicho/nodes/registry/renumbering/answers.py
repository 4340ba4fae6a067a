"""What comes of a request for another individual number: recorded on its receipt."""

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_number_change, read_record
from daicho.nodes.registry.reports import ReportOutcome, has_other_number, receive_number
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.rules.register.reasons import ChangeReason
from daicho.store import number_changes, register
from daicho.store.unit import Unit


def take_made_number(
    unit: Unit,
    node: Node,
    code: ResidentRecordCode,
    number: IndividualNumber,
    *,
    peer: str,
    drawn: bool = False,
) -> ReportOutcome | Refusal:
    """Record a number that the nation made: the first one, another one that was asked for, or the one in force.

    It takes effect with this receipt. One that was `drawn` in the place of another answers a request or nothing: whoever
    has left or leaves meanwhile keeps the former one, and what was drawn comes when their new town asks. One that is in
    force at the nation already takes the place of an older one: its person got it elsewhere, and came back.

    Law: 番号法 第7条第2項; 番号法施行令 第2条
    """
    if drawn:
        return _answer(unit, node, code, number, peer) or ReportOutcome("already")
    outcome = receive_number(unit, node, code, number, peer=peer)
    if isinstance(outcome, Refusal) and has_other_number(unit, node, code, number):
        return _answer(unit, node, code, number, peer) or _in_force(unit, node, code, number, peer)
    return outcome


def let_lapse(node: Node) -> None:
    """Let requests lapse whose people left while the nation had not answered: their new town asks for them."""
    with node.store.reading() as unit:
        left = number_changes.of_who_left(unit)
    for row in left:
        with node.store.unit("number_changes.lapse") as unit:
            if number_changes.close(unit, row.id, "lapsed", node.clock.now()):
                note(
                    unit, node, event=Event.NUMBER_CHANGE_DECIDED, subject=row.asked_code or "", outcome="lapsed",
                    detail={"request": row.id, "reason": read_number_change(row.body).reason.value},
                )  # fmt: skip


def _answer(
    unit: Unit, node: Node, code: ResidentRecordCode, number: IndividualNumber, peer: str
) -> ReportOutcome | Refusal | None:
    """Answer the request that was made for a code; nothing where there is none, or whose it is has left or leaves."""
    asked = number_changes.answered_by(unit, str(code))
    if asked is None:
        return None
    held = register.resident(unit, asked.addressee_number)
    record = read_record(held.body) if held is not None else None
    if record is None or not record.living or record.scheduled_move_out is not None:
        number_changes.close(unit, asked.id, "lapsed", node.clock.now())
        return None
    reason: ChangeReason = read_number_change(asked.body).reason
    outcome = receive_number(unit, node, code, number, peer=peer, reason=reason)
    if not isinstance(outcome, Refusal) and outcome.entry is not None:
        number_changes.close(unit, asked.id, "recorded", node.clock.now(), entry_id=outcome.entry.entry_id)
    return outcome


def _in_force(
    unit: Unit, node: Node, code: ResidentRecordCode, number: IndividualNumber, peer: str
) -> ReportOutcome | Refusal:
    """Record the number in force of somebody who lives here; who has left again is their new town's."""
    held = register.resident_by_code(unit, str(code))
    if held is None or not read_record(held.body).living:
        return ReportOutcome("already")
    return receive_number(unit, node, code, number, peer=peer, reason=ChangeReason.NUMBER_CHANGED_EX_OFFICIO)
