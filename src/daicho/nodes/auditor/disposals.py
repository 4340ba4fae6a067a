"""Runs and records of destruction, held against the ledger's lines of what was destroyed and of who stood for it."""

import hashlib
from collections import Counter, defaultdict
from datetime import date

from daicho.nodes.auditor.findings import Fault, Finding
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.rules.retention.disposal import (
    DisposalCertificate,
    DisposalItem,
    DisposalKind,
    ItemState,
    RunState,
    counts_of,
    digest_of,
)
from daicho.store import audit
from daicho.store.audit import BookedRun, DisposedThing
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import Unreadable, decode

_ACTS = (Event.DISPOSAL_PROPOSED.value, Event.DISPOSAL_DECIDED.value)
_Acts = frozenset[tuple[str, str, str, str]]


def audit_disposals(unit: Unit, member: Member) -> list[Finding]:
    """Count and digest again what the lines say, and compare with each run, its list and its record of destruction.

    Found are: a record that does not fit its lines or its own line; lines of a run that is gone; a list that says that
    things are gone of which no line says so; a run whose names did, by the lines, not what it says that they did.
    """
    said: dict[str, list[DisposedThing]] = defaultdict(list)
    for one in audit.things_disposed(unit, Event.RECORD_DISPOSED.value):
        said[one.run].append(one)
    listed: dict[str, list[DisposedThing]] = defaultdict(list)
    for one in audit.things_decided(unit):
        listed[one.run].append(one)
    told = audit.details_of(unit, Event.DISPOSAL_FINISHED.value, "run", "certificate")
    acts = frozenset(
        (one.run, one.event, one.operator, one.outcome) for one in audit.acts_at_runs(unit, _ACTS)
    )
    runs = audit.runs(unit)
    wrong = {run.number for run in runs if not _stood_for(run, acts)}
    wrong |= {run.number for run in runs if not _fits(run, said[run.number], listed[run.number], told)}
    numbers = {run.number for run in runs}
    wrong |= {number for number in (*said, *told, *(run for run, *_ in acts)) if number not in numbers}
    return [Finding(str(member.name), Fault.DISPOSAL_DIFFERS, f"run {number}") for number in sorted(wrong)]


def _stood_for(run: BookedRun, acts: _Acts) -> bool:
    """Tell whether lines say that those did it whom a run, and its record, name."""
    proposed = (run.number, _ACTS[0], run.proposed_by, RunState.PROPOSED.value)
    decided = RunState.APPROVED.value if run.state == RunState.DONE else run.state
    return proposed in acts and (
        run.state == RunState.PROPOSED or (run.number, _ACTS[1], run.decided_by or "", decided) in acts
    )


def _fits(
    run: BookedRun, said: list[DisposedThing], listed: list[DisposedThing], told: dict[str, str]
) -> bool:
    if run.certificate is None:
        return Counter(said) == Counter(listed)
    digest = hashlib.sha256(run.certificate.encode()).hexdigest()
    return told.get(run.number) == digest and _certified(run, run.certificate, said)


def _certified(run: BookedRun, text: str, things: list[DisposedThing]) -> bool:
    try:
        certificate = decode(DisposalCertificate, text.encode(), our_own=True)
        results = [(DisposalKind(one.kind), ItemState(one.outcome)) for one in things]
        items = {state: [_line(one) for one in things if one.outcome == state] for state in ItemState}
    except (Unreadable, ValueError):
        return False
    every = [line for lines in items.values() for line in lines]
    return (
        certificate.proposed_by, certificate.approved_by, certificate.counts, certificate.erased_digest,
        certificate.listed_digest,
    ) == (
        run.proposed_by, run.decided_by, counts_of(results), digest_of(items[ItemState.ERASED]), digest_of(every),
    )  # fmt: skip


def _line(one: DisposedThing) -> str:
    kept_until = date.fromisoformat(one.kept_until)
    return DisposalItem(DisposalKind(one.kind), one.subject, kept_until, one.content).line()
