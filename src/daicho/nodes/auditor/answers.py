"""Both ends of every answer: what an asker says it was shown, the provider's ledger must know."""

from collections.abc import Sequence

from daicho.nodes.auditor.books import Books
from daicho.nodes.auditor.findings import Fault, Finding
from daicho.rules.ledger.events import Event
from daicho.store import audit


def audit_answers(books: Sequence[Books]) -> list[Finding]:
    """Accuse a provider whose books do not hold as many lines as an asker was shown people."""
    claimed: dict[str, dict[str, int]] = {}
    for one in books:
        with one.store.unit("audit.answers") as unit:
            for said in audit.answers_received(unit, Event.PROVISION_RECEIVED.value):
                claimed.setdefault(said.peer, {})[said.answer_id] = said.shown
    findings: list[Finding] = []
    for one in books:
        wanted = claimed.get(str(one.member.name), {})
        with one.store.unit("audit.receipts") as unit:
            given = audit.answers_given(unit, list(wanted))
        findings += [
            Finding(str(one.member.name), Fault.ANSWER_WITHOUT_LINE, f"answer {answer_id}")
            for answer_id, shown in wanted.items()
            if given.get(answer_id, 0) != shown
        ]
    return findings
