"""An agency, or a mayor's office, asks the nation: the question and the answer are both in the own ledger."""

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.rules.ledger.events import Event
from daicho.wire.operations import IDENTITY_LOOK_UP, LookUpAnswer, LookUpRequest


def ask_nation(node: Node, request: LookUpRequest) -> LookUpAnswer:
    """Ask, and note what came; no resident code is in an agency's ledger, for it may not have one.

    Raises: WireUnavailable, WireRefused, SignerUnavailable, StoreUnavailable.
    """
    answer = node.wire.post.call(IDENTITY_LOOK_UP, node.wire.directory().national(), request)
    if not isinstance(answer, LookUpAnswer):
        raise TypeError("not an answer to a look-up")
    outcome = answer.refused.reason if answer.refused else "answered"
    with node.store.unit("agency.ask") as unit:
        note_many(
            unit, node,
            [Fact(
                Event.PROVISION_RECEIVED, request.operator_login_id, request.operator_role_id, request.terminal,
                request.purpose, request.basis, outcome=outcome, peer=str(node.wire.directory().national().name),
                detail={
                    "answer": answer.answer_id,
                    "request": request.request_id,
                    "shown": str(len(answer.rows)),
                },
            )],
        )  # fmt: skip
    return answer
