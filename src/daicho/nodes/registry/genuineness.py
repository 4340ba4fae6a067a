"""Whether a number that somebody shows is theirs: asked at the counter, answered by the nation.  個人番号の真正性の確認"""

from daicho.nodes.chronicle import note_by
from daicho.nodes.keeping.provide import read_refused
from daicho.nodes.mailroom import partner
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    hidden_from,
    kept_resident,
    note_kept_back,
    sees_everything,
)
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose, may_reach
from daicho.rules.identity.genuineness import (
    PROVING,
    UNMATCHED_OF_AN_OPERATOR,
    NumberVerdict,
    check_basis,
    check_guesses,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode
from daicho.store import numbers, register
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import NUMBER_CONFIRM, NumberAnswer, NumberQuestion


def confirm_number(
    node: Node, operator: Operator, code: ResidentRecordCode, number: IndividualNumber, why: Purpose
) -> NumberVerdict | Refusal:
    """Ask about the number of somebody who need not live here yet; of an own resident as by the record."""
    refusal = _may_ask(operator, why, typed=True) or _reaches(node, operator, code, why.terminal)
    return refusal or _ask(node, operator, code, number, why)


def _reaches(node: Node, operator: Operator, code: ResidentRecordCode, terminal: str) -> Refusal | None:
    """Refuse a question about somebody whom a measure hides, by their code of now or by the one that it replaced."""
    with node.store.reading() as unit:
        held = register.resident_by_code(unit, str(code))
        if held is None and not sees_everything(unit, operator):
            hidden = hidden_from(unit, operator, node.clock.business_now())
            records = [read_record(one.body) for one in register.residents(unit, hidden)] if hidden else []
            known = [one for one in records if one.old_resident_record_code == code]
        else:
            known = []
    if held is not None:
        return may_reach(node, operator, held.addressee_number, terminal)
    if not known:
        return None
    note_kept_back(node, operator, [subject_of(one) for one in known], terminal)
    return KEPT_BACK


def confirm_number_of(
    node: Node, operator: Operator, addressee_number: int, number: IndividualNumber | None, why: Purpose
) -> NumberVerdict | Refusal:
    """Ask about the number that a resident shows, or about the one that is recorded when none is given."""
    refusal = _may_ask(operator, why, typed=number is not None) or may_reach(
        node, operator, addressee_number, why.terminal
    )
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


def _may_ask(operator: Operator, why: Purpose, *, typed: bool) -> Refusal | None:
    """Refuse whoever may not ask the nation, for a number that is typed not by number either, or names no ground."""
    return (
        may(operator, Permission.ENTER_CHANGE)
        or may(operator, Permission.ASK_NATION)
        or (may(operator, Permission.SEARCH_BY_NUMBER) if typed else None)
        or check_purpose(why.purpose, why.basis)
        or check_basis(why.basis)
    )


def _ask(
    node: Node, operator: Operator, code: ResidentRecordCode, number: IndividualNumber, why: Purpose
) -> NumberVerdict | Refusal:
    on = node.clock.business_today()
    with node.store.unit("genuineness.counted") as unit, unit.as_number_keeper():
        unmatched = numbers.unmatched_today(unit, operator.login_id, on)
    refusal = check_guesses(unmatched, UNMATCHED_OF_AN_OPERATOR)
    if refusal is not None:
        return refusal
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
        if answer.verdict == NumberVerdict.DIFFERS:
            with unit.as_number_keeper():
                numbers.note_unmatched(unit, operator.login_id, on)
        note_by(
            unit, node, operator, Event.NUMBER_CONFIRMED, terminal=why.terminal, purpose=why.purpose,
            basis=why.basis, subject=str(code), outcome=answer.outcome, peer=str(cs.name),
            detail={"request": asked.request_id, "answer": answer.answer_id},
        )  # fmt: skip
    return _refusal(answer) or NumberVerdict(answer.verdict)


def _refusal(answer: NumberAnswer) -> Refusal | None:
    """Read why the nation did not answer; what it says that nobody here knows is no answer."""
    told = answer.refused
    if told is None or told.reason not in Reason.__members__:
        return None
    return read_refused(told)
