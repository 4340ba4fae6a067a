"""Both ends of every answer: what an asker says it was shown, the provider's ledger must know."""

from collections.abc import Sequence

from daicho.nodes.auditor.books import Books
from daicho.nodes.auditor.findings import Fault, Finding
from daicho.rules.ledger.events import Event

_RECEIVED = """
SELECT line->'detail'->>'answer', line->>'peer', split_part(line->>'outcome', ' ', 1)::int
FROM (SELECT convert_from(body, 'UTF8')::json AS line FROM ledger.line WHERE event = %s) AS said
WHERE line->>'outcome' LIKE '%% shown'
"""
_GIVEN = "SELECT answer_id, count(*) FROM ledger.answer WHERE answer_id = ANY(%s) GROUP BY answer_id"


def audit_answers(books: Sequence[Books]) -> list[Finding]:
    """Accuse a provider whose books do not hold as many lines as an asker was shown people."""
    claimed: dict[str, dict[str, int]] = {}
    for one in books:
        with one.store.unit() as unit:
            for answer_id, peer, shown in unit.execute(
                _RECEIVED, (Event.PROVISION_RECEIVED.value,)
            ).fetchall():
                if shown:
                    claimed.setdefault(str(peer), {})[str(answer_id)] = int(shown)
    findings: list[Finding] = []
    for one in books:
        wanted = claimed.get(str(one.member.name), {})
        with one.store.unit() as unit:
            given = dict(unit.execute(_GIVEN, (list(wanted),)).fetchall())
        findings += [
            Finding(str(one.member.name), Fault.ANSWER_WITHOUT_LINE, f"answer {answer_id}")
            for answer_id, shown in wanted.items()
            if given.get(answer_id, 0) != shown
        ]
    return findings
