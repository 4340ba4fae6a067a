"""The CS carries its registry's question about a number to the nation, and the word back.  個人番号の真正性の確認"""

from dataclasses import replace

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.rules.identity.genuineness import NumberVerdict
from daicho.rules.ledger.events import Event
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import NUMBER_CONFIRM, NumberAnswer, NumberQuestion

# The registry waits for longer than its CS: it is to hear that nobody answered, and the line to be written.
_ONWARD = replace(NUMBER_CONFIRM, timeout_seconds=5)


def carry_question(node: Node, opened: Opened) -> NumberAnswer:
    """Ask the nation for the own registry; whoever does not answer is told as such, with a line as for an answer."""
    asked: NumberQuestion = opened.request
    try:
        answer = node.wire.post.call(_ONWARD, node.wire.directory().national(), asked)
    except (WireUnavailable, WireRefused):
        answer = NumberAnswer(node.clock.new_id(), NumberVerdict.NO_ANSWER.value)
    if not isinstance(answer, NumberAnswer):
        raise TypeError("not an answer about a number")
    with node.store.unit("genuineness.carry") as unit:
        note(
            unit, node, event=Event.NUMBER_CONFIRMED, operator_login_id=asked.operator_login_id,
            operator_role_id=asked.operator_role_id, terminal=asked.terminal, purpose=asked.purpose,
            basis=asked.basis, subject=asked.resident_record_code, outcome=answer.outcome,
            peer=str(opened.sender.name), detail={"request": asked.request_id, "answer": answer.answer_id},
        )  # fmt: skip
    return answer
