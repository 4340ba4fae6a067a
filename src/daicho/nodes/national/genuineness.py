"""The nation says whether a number and a code are one person's, in one word.  個人番号の真正性の確認"""

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.rules.identity.genuineness import NumberHolder, NumberVerdict, verdict_on
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import IndividualNumber, MalformedCode, ResidentRecordCode
from daicho.store import identity, numbers
from daicho.store.unit import Unit
from daicho.wire.envelope import Opened
from daicho.wire.operations import NumberAnswer, NumberQuestion


def confirm_number(node: Node, opened: Opened) -> NumberAnswer:
    """Answer one question; the line is durable first, and every question is answered by the same two look-ups."""
    asked: NumberQuestion = opened.request
    with node.store.unit("genuineness.answer") as unit:
        verdict, subject = _verdict(unit, node, asked)
        answer = NumberAnswer(node.clock.new_id(), verdict.value)
        note(
            unit, node, event=Event.NUMBER_CONFIRMED, operator_login_id=asked.operator_login_id,
            operator_role_id=asked.operator_role_id, terminal=asked.terminal, purpose=asked.purpose,
            basis=asked.basis, subject=subject, outcome=verdict.value, peer=str(opened.sender.name),
            detail={"body": opened.sender.title, "request": asked.request_id, "answer": answer.answer_id},
        )  # fmt: skip
    return answer


def _verdict(unit: Unit, node: Node, asked: NumberQuestion) -> tuple[NumberVerdict, str]:
    try:
        code = ResidentRecordCode(asked.resident_record_code)
        number = IndividualNumber(asked.individual_number)
    except MalformedCode:
        return NumberVerdict.DIFFERS, ""
    with unit.as_number_keeper():
        found = numbers.holder_of_lookup(unit, node.vault.lookup(number))
    former = identity.code_replaced_by(unit, code)
    codes = {code, *((ResidentRecordCode(former),) if former else ())}
    holder = None if found is None else NumberHolder(ResidentRecordCode(found[0]), found[1])
    return verdict_on(codes, holder), str(code)
