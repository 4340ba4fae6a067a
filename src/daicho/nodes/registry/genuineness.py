"""Whether a number that somebody shows is theirs: asked at the counter, answered by the nation.  個人番号の真正性の確認"""

from daicho.nodes.chronicle import note
from daicho.nodes.mailroom import partner
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import kept_resident
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.residents import Purpose, may_reach
from daicho.rules.identity.genuineness import PROVING, NumberVerdict
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.store import register
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import NUMBER_CONFIRM, NumberAnswer, NumberQuestion


def confirm_number(
    node: Node, operator: Operator, code: ResidentRecordCode, number: IndividualNumber, why: Purpose
) -> NumberVerdict | Refusal:
    """Ask about the number of somebody who need not live here yet; of an own resident as by the record."""
    refusal = _may_ask(operator, why)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        held = register.resident_by_code(unit, str(code))
    if held is not None:
        refusal = may_reach(node, operator, held.addressee_number, why.terminal)
    return refusal or _ask(node, operator, code, number, why)


def confirm_number_of(
    node: Node, operator: Operator, addressee_number: int, number: IndividualNumber | None, why: Purpose
) -> NumberVerdict | Refusal:
    """Ask about the number that a resident shows, or about the one that is recorded when none is given."""
    refusal = _may_ask(operator, why) or may_reach(node, operator, addressee_number, why.terminal)
    if refusal is not None:
        return refusal
    with node.store.unit("genuineness.recorded") as unit:
        held = kept_resident(unit, node, addressee_number)
        if held is None:
            return Refusal(Reason.NOT_FOUND, PROVING, "addressee_number")
        record = read_record(held.body)
        code = record.resident_record_code
        if code is None:
            return Refusal(Reason.CODE_MISSING, PROVING, "resident_record_code")
        shown = number or numbers_of(unit, node.vault, [record]).get(code)
    if shown is None:
        return Refusal(Reason.FIELD_MISSING, PROVING, "individual_number")
    return _ask(node, operator, code, shown, why)


def _may_ask(operator: Operator, why: Purpose) -> Refusal | None:
    return may(operator, Permission.ENTER_CHANGE) or check_purpose(why.purpose, why.basis)


def _ask(
    node: Node, operator: Operator, code: ResidentRecordCode, number: IndividualNumber, why: Purpose
) -> NumberVerdict:
    asked = NumberQuestion(
        node.clock.new_id(), str(code), str(number), why.purpose, why.basis, operator.login_id,
        operator.role_id, why.terminal,
    )  # fmt: skip
    cs = partner(node.wire.directory(), node.me, NodeKind.CS)
    try:
        answer = node.wire.post.call(NUMBER_CONFIRM, cs, asked)
    except (WireUnavailable, WireRefused):
        answer = NumberAnswer("", NumberVerdict.NO_ANSWER.value)
    if not isinstance(answer, NumberAnswer):
        raise TypeError("not an answer about a number")
    with node.store.unit("genuineness.asked") as unit:
        note(
            unit, node, event=Event.NUMBER_CONFIRMED, operator_login_id=operator.login_id,
            operator_role_id=operator.role_id, terminal=why.terminal, purpose=why.purpose, basis=why.basis,
            subject=str(code), outcome=answer.verdict, peer=str(cs.name),
            detail={"request": asked.request_id, "answer": answer.answer_id},
        )  # fmt: skip
    return NumberVerdict(answer.verdict)
