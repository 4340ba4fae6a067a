"""Records of destruction, held against the ledger's lines of what was destroyed."""

import hashlib
from collections import defaultdict
from datetime import date

from daicho.nodes.auditor.findings import Fault, Finding
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.rules.retention.disposal import (
    DisposalCertificate,
    DisposalItem,
    DisposalKind,
    ItemState,
    counts_of,
    digest_of,
)
from daicho.store import audit
from daicho.store.audit import DisposedThing
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import Unreadable, decode


def audit_disposals(unit: Unit, member: Member) -> list[Finding]:
    """Count and digest again what the lines say, and compare with each record of destruction and its own line.

    Lines of a run without a record are those of one that is being carried out.
    """
    said: dict[str, list[DisposedThing]] = defaultdict(list)
    for one in audit.things_disposed(unit, Event.RECORD_DISPOSED.value):
        said[one.run].append(one)
    told = audit.details_of(unit, Event.DISPOSAL_FINISHED.value, "run", "certificate")
    return [
        Finding(str(member.name), Fault.DISPOSAL_DIFFERS, f"run {number}")
        for number, text in audit.runs_done(unit)
        if not _fits(text, said[number]) or told.get(number) != hashlib.sha256(text.encode()).hexdigest()
    ]


def _fits(text: str, things: list[DisposedThing]) -> bool:
    try:
        certificate = decode(DisposalCertificate, text.encode(), our_own=True)
        results = [(DisposalKind(one.kind), ItemState(one.outcome)) for one in things]
        items = {state: [_line(one) for one in things if one.outcome == state] for state in ItemState}
    except (Unreadable, ValueError):
        return False
    every = [line for lines in items.values() for line in lines]
    return (certificate.counts, certificate.erased_digest, certificate.listed_digest) == (
        counts_of(results),
        digest_of(items[ItemState.ERASED]),
        digest_of(every),
    )


def _line(one: DisposedThing) -> str:
    kept_until = date.fromisoformat(one.kept_until)
    return DisposalItem(DisposalKind(one.kind), one.subject, kept_until, one.content).line()
