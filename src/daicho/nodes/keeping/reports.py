"""Reports of identification information at the prefecture and the nation: check, keep, note, in one unit."""

from collections.abc import Callable, Sequence

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.keeping.numbers import keep_all
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.identity.acceptance import Acceptance, Accepted, accept_above
from daicho.rules.identity.record import KeptRecord, UpwardReport
from daicho.rules.identity.retention import kept_until
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import IDENTITY_RECORD_ABOVE
from daicho.rules.ledger.events import Event
from daicho.rules.people.codes import MunicipalityCode
from daicho.store import identity
from daicho.store.unit import Unit


def keep_reports(
    unit: Unit,
    node: Node,
    reports: Sequence[UpwardReport],
    sender_of: Callable[[UpwardReport], MunicipalityCode | None],
    *,
    peer: str,
    onward: Callable[[Sequence[UpwardReport]], None],
) -> Settled:
    """Keep what is accepted and pass it onward; one refused report refuses its letter and changes nothing."""
    current = identity.lock_current(unit, [report.record for report in reports])
    accepted: list[UpwardReport] = []
    replacements: list[identity.Replacement] = []
    on = node.clock.business_today()
    for report in reports:
        code = str(report.record.resident_record_code)
        old = current.get(code)
        decided = _decide(report, old, sender_of(report))
        if isinstance(decided, Refusal):
            _note(unit, node, [report], Event.UPDATE_REFUSED, decided.reason.value, peer)
            return refused(decided)
        if isinstance(decided, Accepted):
            kept = KeptRecord(report.record, on, kept_until(report.record, on, IDENTITY_RECORD_ABOVE.years))
            replacements.append(identity.Replacement(kept, old))
            accepted.append(report)
    given = [(r.record.resident_record_code, r.individual_number) for r in accepted]
    refusal = keep_all(unit, node, [(code, number) for code, number in given if number is not None])
    if refusal is not None:
        _note(unit, node, reports, Event.UPDATE_REFUSED, refusal.reason.value, peer)
        return refused(refusal)
    if len(identity.save(unit, replacements)) != len(replacements):
        raise RuntimeError("a record changed under its lock")
    if not accepted:
        _note(unit, node, reports, Event.UPDATE_SUPERSEDED, "superseded", peer)
        return SUPERSEDED
    _note(unit, node, accepted, Event.UPDATE_ACCEPTED, "accepted", peer)
    onward(accepted)
    return ACCEPTED


def _decide(report: UpwardReport, old: KeptRecord | None, sender: MunicipalityCode | None) -> Acceptance:
    if sender is None:
        return Refusal(Reason.OTHER_MUNICIPALITY, juki("30-7"), "municipality_code")
    return accept_above(old.record if old else None, report.record, sender)


def _note(
    unit: Unit, node: Node, reports: Sequence[UpwardReport], event: Event, outcome: str, peer: str
) -> None:
    """One line per person; a bulk letter has one line in all."""
    if len(reports) > 1:
        detail = {"records": str(len(reports))}
        bulk = Event.BULK_ACCEPTED if event is Event.UPDATE_ACCEPTED else event
        note_many(unit, node, [Fact(bulk, outcome=outcome, peer=peer, detail=detail)])
        return
    record = reports[0].record
    detail = {"reason": record.change_reason.value, "sequence": str(record.update_sequence)}
    note_many(
        unit, node,
        [Fact(event, subject=str(record.resident_record_code), outcome=outcome, peer=peer, detail=detail)],
    )  # fmt: skip
