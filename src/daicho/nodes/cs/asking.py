"""The CS carries its registry's question to the Agency, and the identification information back.  機構への照会"""

import hashlib
from dataclasses import replace

import msgspec

from daicho.nodes.chronicle import Fact, note_shown
from daicho.nodes.keeping.provide import code_in, refused_answer
from daicho.nodes.keeping.terms import from_text
from daicho.nodes.node import Node
from daicho.rules.identity.inquiry import check_inquiry_basis, check_number_asked
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpAnswer, LookUpRequest

# The registry waits for longer than its CS: it is to hear that nobody answered, and the line to be written.
_ONWARD = replace(IDENTITY_LOOK_UP, timeout_seconds=5)
_SILENT = Refusal(Reason.NODE_UNREACHABLE, juki("30-9"), "national")


def carry_look_up(node: Node, opened: Opened) -> LookUpAnswer:
    """Ask the nation for the own registry; a line for everybody told of, or for why nobody is, is durable first."""
    asked: LookUpRequest = opened.request
    refusal = _refusal(asked)
    answer = _refused(node, asked, refusal) if refusal is not None else _asked(node, asked)
    outcome = "told" if asked.without_number else "number"
    lines: list[tuple[Fact, tuple[str, bytes] | None]] = [
        (
            _fact(node, opened, answer, code_in(one), outcome),
            (answer.answer_id, hashlib.sha256(msgspec.json.encode(one)).digest()),
        )
        for one in answer.rows
    ]
    nobody = answer.refused.reason if answer.refused is not None else "nobody"
    with node.store.unit("inquiry.carry") as unit:
        note_shown(unit, node, lines or [(_fact(node, opened, answer, "", nobody), None)])
    return answer


def _refusal(asked: LookUpRequest) -> Refusal | None:
    """Refuse another row, and a number of anybody but one person who is named by their code.

    The registry refuses the same; nothing here rests on that.
    """
    refusal = check_inquiry_basis(asked.basis)
    if refusal is not None:
        return refusal
    terms = from_text(asked.terms)
    return terms if isinstance(terms, Refusal) else check_number_asked(terms, number=not asked.without_number)


def _asked(node: Node, asked: LookUpRequest) -> LookUpAnswer:
    try:
        answer = node.wire.post.call(_ONWARD, node.wire.directory().national(), asked)
    except (WireUnavailable, WireRefused):
        return _refused(node, asked, _SILENT)
    if not isinstance(answer, LookUpAnswer):
        raise TypeError("not an answer to a look-up")
    return answer


def _refused(node: Node, asked: LookUpRequest, why: Refusal) -> LookUpAnswer:
    return LookUpAnswer(node.clock.new_id(), asked.basis, refused=refused_answer(why))


def _fact(node: Node, opened: Opened, answer: LookUpAnswer, subject: str, outcome: str) -> Fact:
    asked: LookUpRequest = opened.request
    detail = {
        "answer": answer.answer_id,
        "request": asked.request_id,
        "shown": str(len(answer.rows)),
        "carried_for": str(opened.sender.name),
    }
    return Fact(
        Event.PROVISION_RECEIVED, asked.operator_login_id, asked.operator_role_id, asked.terminal, asked.purpose,
        asked.basis, subject, outcome, str(node.wire.directory().national().name), detail,
    )  # fmt: skip
