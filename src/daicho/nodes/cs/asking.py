"""The CS carries its registry's question to the Agency, and the identification information back.  機構への照会"""

from dataclasses import replace

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.rules.identity.inquiry import check_inquiry_basis
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpAnswer, LookUpRequest, RefusedAnswer

# The registry waits for longer than its CS: it is to hear that nobody answered, and the line to be written.
_ONWARD = replace(IDENTITY_LOOK_UP, timeout_seconds=5)
_SILENT = Refusal(Reason.NODE_UNREACHABLE, juki("30-9"), "national")


def carry_look_up(node: Node, opened: Opened) -> LookUpAnswer:
    """Ask the nation for the own registry; a line for everybody told of, or for why nobody is, is durable first."""
    asked: LookUpRequest = opened.request
    refusal = check_inquiry_basis(asked.basis)
    answer = _refused(node, asked, refusal) if refusal is not None else _asked(node, asked)
    facts = [_fact(opened, answer, one.fields.get("resident_record_code", ""), "told") for one in answer.rows]
    nobody = answer.refused.reason if answer.refused is not None else "nobody"
    with node.store.unit("inquiry.carry") as unit:
        note_many(unit, node, facts or [_fact(opened, answer, "", nobody)])
    return answer


def _asked(node: Node, asked: LookUpRequest) -> LookUpAnswer:
    try:
        answer = node.wire.post.call(_ONWARD, node.wire.directory().national(), asked)
    except (WireUnavailable, WireRefused):
        return _refused(node, asked, _SILENT)
    if not isinstance(answer, LookUpAnswer):
        raise TypeError("not an answer to a look-up")
    return answer


def _refused(node: Node, asked: LookUpRequest, why: Refusal) -> LookUpAnswer:
    told = RefusedAnswer(why.reason.value, why.article.act, why.article.number, why.field)
    return LookUpAnswer(node.clock.new_id(), asked.basis, refused=told)


def _fact(opened: Opened, answer: LookUpAnswer, subject: str, outcome: str) -> Fact:
    asked: LookUpRequest = opened.request
    return Fact(
        Event.PROVISION_RECEIVED, asked.operator_login_id, asked.operator_role_id, asked.terminal, asked.purpose,
        asked.basis, subject, outcome, str(opened.sender.name),
        {"answer": answer.answer_id, "request": asked.request_id},
    )  # fmt: skip
