"""The nation says whether a number and a code are one person's, in one word.  個人番号の真正性の確認"""

from daicho.nodes.chronicle import note
from daicho.nodes.keeping.provide import refused_answer
from daicho.nodes.node import Node
from daicho.rules.identity.genuineness import (
    UNMATCHED_OF_A_TOWN,
    NumberHolder,
    NumberVerdict,
    check_basis,
    check_guesses,
    verdict_on,
)
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import IndividualNumber, MalformedCode, ResidentRecordCode
from daicho.store import identity, numbers
from daicho.store.unit import Unit
from daicho.wire.envelope import Opened
from daicho.wire.operations import NumberAnswer, NumberQuestion


def confirm_number(node: Node, opened: Opened) -> NumberAnswer:
    """Answer one question; the line is durable first, and every question is answered by the same look-ups."""
    asked: NumberQuestion = opened.request
    with node.store.unit("genuineness.answer") as unit:
        found, subject = _decided(unit, node, opened.sender, asked)
        refused = refused_answer(found) if isinstance(found, Refusal) else None
        verdict = NumberVerdict.NO_ANSWER if isinstance(found, Refusal) else found
        answer = NumberAnswer(node.clock.new_id(), verdict.value, refused)
        note(
            unit, node, event=Event.NUMBER_CONFIRMED, operator_login_id=asked.operator_login_id,
            operator_role_id=asked.operator_role_id, terminal=asked.terminal, purpose=asked.purpose,
            basis=asked.basis, subject=subject, outcome=answer.outcome, peer=str(opened.sender.name),
            detail={"body": opened.sender.title, "request": asked.request_id, "answer": answer.answer_id},
        )  # fmt: skip
    return answer


def _decided(
    unit: Unit, node: Node, sender: Member, asked: NumberQuestion
) -> tuple[NumberVerdict | Refusal, str]:
    """Decide whether to answer, before anything is looked up; who names wrong numbers comes to an end for the day."""
    town, on = str(sender.municipality or sender.name), node.clock.business_today()
    refusal = check_purpose(asked.purpose, asked.basis) or check_basis(asked.basis)
    if refusal is None:
        with unit.as_number_keeper():
            unmatched = numbers.unmatched_today(unit, town, on)
        refusal = check_guesses(unmatched, UNMATCHED_OF_A_TOWN)
    if refusal is not None:
        return refusal, asked.resident_record_code
    verdict, subject = _verdict(unit, node, asked)
    if verdict is NumberVerdict.DIFFERS:
        with unit.as_number_keeper():
            numbers.note_unmatched(unit, town, on)
    return verdict, subject


def _verdict(unit: Unit, node: Node, asked: NumberQuestion) -> tuple[NumberVerdict, str]:
    try:
        code = ResidentRecordCode(asked.resident_record_code)
        number = IndividualNumber(asked.individual_number)
    except MalformedCode:
        return NumberVerdict.DIFFERS, ""
    with unit.as_number_keeper():
        found = numbers.holder_of_lookup(unit, node.vault.lookup(number))
    codes = {ResidentRecordCode(one) for one in identity.codes_replaced_by(unit, code)}
    holder = None if found is None else NumberHolder(ResidentRecordCode(found[0]), found[1])
    return verdict_on(codes, holder), str(code)
