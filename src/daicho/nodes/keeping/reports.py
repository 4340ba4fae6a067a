"""Reports of identification information at the prefecture and the nation: check, keep, note, in one unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.keeping.apart import codes_in, entered_numbers, renumbered, replaced_codes
from daicho.nodes.keeping.numbers import keep_all
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.watch.gathering import runs_apart
from daicho.rules.identity.acceptance import Acceptance, Accepted, Superseded, accept_above
from daicho.rules.identity.record import KeptRecord, UpwardReport
from daicho.rules.identity.retention import kept_until
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import IDENTITY_RECORD_ABOVE
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.numbering import NUMBER_CHANGES
from daicho.store import identity
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import UpwardBulk

SenderOf = Callable[[UpwardReport], MunicipalityCode | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of some letters, for what follows from it.

    `former` names whose number is one that they had before; `overtaken` are reports of another number that came after
    somebody's newer record.
    """

    letters: tuple[tuple[UpwardReport, ...], ...]
    former: frozenset[str]
    overtaken: tuple[UpwardReport, ...]


Onward = Callable[[Kept], None]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One letter, decided: which of its reports are accepted in the place of what; why not, if it is refused."""

    reports: Sequence[UpwardReport]
    accepted: tuple[tuple[UpwardReport, KeptRecord | None], ...] = ()
    refusal: Refusal | None = None
    refused_report: UpwardReport | None = None
    overtaken: tuple[UpwardReport, ...] = ()


def keep_reports(
    unit: Unit, node: Node, sender: Member, letters: Sequence[UpwardBulk], sender_of: SenderOf, onward: Onward
) -> list[Settled]:
    """Keep what is accepted and pass it onward; one refused report refuses its letter and changes nothing."""
    settled: list[Settled] = []
    for run in runs_apart(letters, lambda letter: codes_in(one.record for one in letter.reports)):
        settled += _keep_run(unit, node, str(sender.name), run, sender_of, onward)
    return settled


def _keep_run(
    unit: Unit, node: Node, peer: str, letters: Sequence[UpwardBulk], sender_of: SenderOf, onward: Onward
) -> list[Settled]:
    """Keep letters that concern different people with one set of statements."""
    current = identity.lock_current(unit, [one.record for letter in letters for one in letter.reports])
    weighed = [_weigh(letter.reports, current, sender_of) for letter in letters]
    accepted = [pair for one in weighed for pair in one.accepted]
    given = [(report.record.resident_record_code, report.individual_number) for report, _ in accepted]
    replaced = replaced_codes((report.record, old) for report, old in accepted)
    kept = keep_all(
        unit,
        node,
        [(code, number) for code, number in given if number is not None],
        replaced,
        changed=renumbered(report.record for report, _ in accepted),
        entered=entered_numbers(report.record for report, _ in accepted),
    )
    if isinstance(kept, Refusal):
        if len(letters) > 1:
            # Nothing is written yet; alone, each letter answers for its own numbers.
            return [
                one for letter in letters for one in _keep_run(unit, node, peer, [letter], sender_of, onward)
            ]
        weighed, kept, accepted = [_Weighed(weighed[0].reports, refusal=kept)], frozenset(), []
    on = node.clock.business_today()
    replacements = [
        identity.Replacement(
            KeptRecord(report.record, on, kept_until(report.record, on, IDENTITY_RECORD_ABOVE.years)), old
        )
        for report, old in accepted
    ]
    if len(identity.save(unit, replacements)) != len(replacements):
        raise RuntimeError("a record changed under its lock")
    note_many(unit, node, [_fact(one, peer) for one in weighed])
    overtaken = tuple(report for one in weighed for report in one.overtaken)
    if accepted or overtaken:
        told = tuple(tuple(report for report, _ in one.accepted) for one in weighed if one.accepted)
        onward(Kept(told, kept, overtaken))
    return [_settled(one) for one in weighed]


def _weigh(reports: Sequence[UpwardReport], current: dict[str, KeptRecord], sender_of: SenderOf) -> _Weighed:
    accepted, overtaken = [], []
    for report in reports:
        old = current.get(str(report.record.resident_record_code))
        decided = _decide(report, old, sender_of(report))
        if isinstance(decided, Refusal):
            return _Weighed(reports, refusal=decided, refused_report=report)
        if isinstance(decided, Accepted):
            accepted.append((report, old))
        if isinstance(decided, Superseded) and report.record.change_reason in NUMBER_CHANGES:
            overtaken.append(report)
    return _Weighed(reports, tuple(accepted), overtaken=tuple(overtaken))


def _decide(report: UpwardReport, old: KeptRecord | None, sender: MunicipalityCode | None) -> Acceptance:
    if sender is None:
        return Refusal(Reason.OTHER_MUNICIPALITY, juki("30-7"), "municipality_code")
    return accept_above(old.record if old else None, report.record, sender)


def _settled(weighed: _Weighed) -> Settled:
    if weighed.refusal is not None:
        return refused(weighed.refusal)
    return ACCEPTED if weighed.accepted else SUPERSEDED


def _fact(weighed: _Weighed, peer: str) -> Fact:
    """One line per person; a bulk letter has one line in all."""
    event, outcome, reports = Event.UPDATE_ACCEPTED, "accepted", [report for report, _ in weighed.accepted]
    if weighed.refusal is not None:
        event, outcome = Event.UPDATE_REFUSED, weighed.refusal.reason.value
        reports = [weighed.refused_report] if weighed.refused_report else list(weighed.reports)
    elif not reports:
        event, outcome, reports = Event.UPDATE_SUPERSEDED, "superseded", list(weighed.reports)
    if len(reports) > 1:
        bulk = Event.BULK_ACCEPTED if event is Event.UPDATE_ACCEPTED else event
        return Fact(bulk, outcome=outcome, peer=peer, detail={"records": str(len(reports))})
    record = reports[0].record
    detail = {"reason": record.change_reason.value, "sequence": str(record.update_sequence)}
    return Fact(event, subject=str(record.resident_record_code), outcome=outcome, peer=peer, detail=detail)
