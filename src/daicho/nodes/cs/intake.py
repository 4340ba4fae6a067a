"""What arrives at the communication server, from its registry, from colleagues and from the nation."""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.nodes.chronicle import Fact, note, note_many
from daicho.nodes.keeping.apart import codes_in, entered_numbers, key_of, renumbered, replaced_codes
from daicho.nodes.keeping.numbers import changed_numbers, keep_all
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.watch.gathering import runs_apart
from daicho.rules.identity.acceptance import Accepted, accept_at_cs, onward
from daicho.rules.identity.record import CsItems, IdentityUpdate, KeptRecord, UpwardReport
from daicho.rules.identity.retention import kept_until
from daicho.rules.law.article import juki, security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import IDENTITY_RECORD
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_out import MoveInReport
from daicho.rules.register.reasons import ENTRY_REASONS, ChangeReason
from daicho.store import identity, kept_back
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import (
    NUMBER_CHANGE,
    CodesGiven,
    CodesWanted,
    HallBulk,
    KeptBack,
    MoveOutConfirmed,
    NumberMade,
    NumberRequest,
    UpwardBulk,
)
from daicho.wire.codecs.letters import decode

LINES_PER_FAMILY = 20  # more updates in one letter are an import, with one line in all
_ONLY_REGISTRY = security_standard("6-7")


def home_of(node: Node) -> MunicipalityCode:
    """Name the municipality of this CS. Raises: ValueError for another kind of node."""
    if node.me.municipality is None:
        raise ValueError("a CS belongs to a municipality")
    return node.me.municipality


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One letter of the registry, decided: what of it is accepted in the place of what; why not, if it is refused."""

    hall: HallBulk
    accepted: tuple[tuple[IdentityUpdate, KeptRecord | None, UpwardReport], ...] = ()
    refusal: Refusal | None = None
    refused_update: IdentityUpdate | None = None

    @property
    def settled(self) -> Settled:
        if self.refusal is not None:
            return refused(self.refusal)
        return ACCEPTED if self.accepted or self.hall.revisions else SUPERSEDED


def take_entries(unit: Unit, node: Node, sender: Member, letters: Sequence[HallBulk]) -> list[Settled]:
    """Take what the registry tells: check (R-077 to R-079), keep, and pass onward only what was checked."""
    if sender.kind is not NodeKind.REGISTRY:
        return [refused(Refusal(Reason.NOT_PERMITTED, _ONLY_REGISTRY, "sender"))] * len(letters)
    settled: list[Settled] = []
    for run in runs_apart(letters, _codes):
        settled += _take_run(unit, node, run)
    return settled


def _codes(hall: HallBulk) -> set[str]:
    revised = {str(one.resident_record_code) for one in hall.revisions}
    return codes_in(update.record for update in hall.updates) | revised


def _take_run(unit: Unit, node: Node, letters: Sequence[HallBulk]) -> list[Settled]:
    """Take letters that concern different people with one set of statements."""
    updates = [update for hall in letters for update in hall.updates]
    current = identity.lock_current(unit, [update.record for update in updates])
    # Whose record is not kept has no number that could differ.
    given = {
        str(current[code].record.resident_record_code): u.individual_number
        for u in updates
        if (code := str(u.record.resident_record_code)) in current
    }
    other_number = changed_numbers(unit, node, given)
    weighed = [_weigh(node, hall, current, other_number) for hall in letters]
    accepted = [one for letter in weighed for one in letter.accepted]
    numbers = [(u.record.resident_record_code, u.individual_number) for u, _, _ in accepted]
    replaced = replaced_codes((u.record, old) for u, old, _ in accepted)
    kept = keep_all(
        unit,
        node,
        [(code, number) for code, number in numbers if number is not None],
        replaced,
        changed=renumbered(u.record for u, _, _ in accepted),
        entered=entered_numbers(u.record for u, _, _ in accepted),
    )
    if isinstance(kept, Refusal):
        if len(letters) > 1:
            # Nothing is written yet; alone, each letter answers for its own numbers.
            return [one for hall in letters for one in _take_run(unit, node, [hall])]
        note_many(unit, node, [_fact(one, Event.UPDATE_REFUSED, kept.reason.value) for one in updates])
        return [refused(kept)]
    _keep(unit, node, accepted)
    identity.revise(
        unit, [one for letter in weighed if letter.refusal is None for one in letter.hall.revisions]
    )
    note_many(unit, node, [fact for letter in weighed for fact in _facts(letter)])
    post_letters(unit, node, [one for letter in weighed for one in _letters(node, letter.accepted)])
    return [letter.settled for letter in weighed]


def _weigh(node: Node, hall: HallBulk, current: dict[str, KeptRecord], other_number: set[str]) -> _Weighed:
    accepted: list[tuple[IdentityUpdate, KeptRecord | None, UpwardReport]] = []
    for update in hall.updates:
        code = str(update.record.resident_record_code)
        old = current.get(code)
        kept_code = str(old.record.resident_record_code) if old else code
        decided = accept_at_cs(
            old.record if old else None, update, home=home_of(node), number_changed=kept_code in other_number
        )
        if isinstance(decided, Refusal):
            return _Weighed(hall, refusal=decided, refused_update=update)
        if isinstance(decided, Accepted):
            accepted.append((update, old, onward(decided, update)))
    return _Weighed(hall, tuple(accepted))


def _keep(
    unit: Unit, node: Node, accepted: Sequence[tuple[IdentityUpdate, KeptRecord | None, UpwardReport]]
) -> None:
    on = node.clock.business_today()
    replacements = [
        identity.Replacement(KeptRecord(u.record, on, kept_until(u.record, on, IDENTITY_RECORD.years)), old)
        for u, old, _ in accepted
    ]
    if len(identity.save(unit, replacements)) != len(replacements):
        raise RuntimeError("a record changed under its lock")
    identity.save_first_items(unit, [_items_of(u) for u, old, _ in accepted if old is None])
    identity.save_items(unit, [_items_of(u) for u, old, _ in accepted if old is not None])


def _items_of(update: IdentityUpdate) -> tuple[str, CsItems]:
    return str(update.record.resident_record_code), update.cs_items


def _letters(
    node: Node, accepted: Sequence[tuple[IdentityUpdate, KeptRecord | None, UpwardReport]]
) -> list[Outgoing]:
    """List what follows: the report upward, the requests for numbers, the reports to former towns."""
    directory = node.wire.directory()
    upward = partner(directory, node.me, NodeKind.PREFECTURE)
    national = directory.national()
    letters: list[Outgoing] = []
    if len(accepted) == 1:
        report = accepted[0][2]
        letters.append(Outgoing(upward, "identity.report", UpwardBulk((report,)), *key_of(report.record)))
    elif accepted:
        letters.append(
            Outgoing(upward, "identity.report", UpwardBulk(tuple(report for _, _, report in accepted)))
        )
    for update, old, _ in accepted:
        if update.individual_number is None and (old is None or _came(update)) and update.record.living:
            letters.append(
                Outgoing(national, "number.request", NumberRequest(update.record.resident_record_code))
            )
        letters += _confirmed_move_out(update, upward)
    return letters + _to_former_towns(node, [update for update, _, _ in accepted])


def _came(update: IdentityUpdate) -> bool:
    return update.record.change_reason in ENTRY_REASONS


def _to_former_towns(node: Node, updates: list[IdentityUpdate]) -> list[Outgoing]:
    """Report a moving-in to the towns left behind, one report for people who left together (転入通知, 法9条1項)."""
    groups: dict[MunicipalityCode, list[IdentityUpdate]] = {}
    for update in updates:
        former = update.cs_items.previous_municipality_code
        if update.record.change_reason is ChangeReason.MOVE_IN and former is not None:
            groups.setdefault(former, []).append(update)
    letters: list[Outgoing] = []
    for former, group in groups.items():
        cs = node.wire.directory().cs_of(former)
        if cs is not None:
            report = MoveInReport(
                codes=tuple(update.record.resident_record_code for update in group),
                moved_in_on=group[0].record.change_date,
                reported_on=node.clock.business_today(),
                new_municipality=home_of(node),
                new_address=group[0].record.address,
            )
            letters.append(Outgoing(cs, "report.move_in", report))
    return letters


def _confirmed_move_out(update: IdentityUpdate, upward: Member) -> list[Outgoing]:
    """Confirm a moving-out to the prefecture (転出確定通知, 令13条3項)."""
    if update.record.change_reason not in (ChangeReason.MOVE_OUT, ChangeReason.MOVE_OUT_ABROAD):
        return []
    return [
        Outgoing(
            upward,
            "report.move_out",
            MoveOutConfirmed(update.record.resident_record_code, update.record.change_date),
        )
    ]


def take_move_in_report(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass another town's report on to the own registry, which decides."""
    report = decode(MoveInReport, content)
    if sender.municipality != report.new_municipality:
        return refused(Refusal(Reason.OTHER_MUNICIPALITY, juki("9"), "new_municipality"))
    note_many(
        unit, node,
        [Fact(Event.MOVE_IN_REPORTED, subject=str(code), outcome="received", peer=str(sender.name)) for code in report.codes],
    )  # fmt: skip
    registry = partner(node.wire.directory(), node.me, NodeKind.REGISTRY)
    post_letters(unit, node, [Outgoing(registry, "report.move_in", report)])
    return ACCEPTED


def take_number(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass the nation's number on to the registry; the CS keeps it when the registry reports it back (R-068)."""
    if sender.kind is not NodeKind.NATIONAL:
        return refused(Refusal(Reason.NOT_PERMITTED, juki("30-6"), "sender"))
    made = decode(NumberMade, content)
    note(
        unit, node, event=Event.NUMBER_RECEIVED, subject=str(made.resident_record_code), peer=str(sender.name)
    )
    registry = partner(node.wire.directory(), node.me, NodeKind.REGISTRY)
    post_letters(unit, node, [Outgoing(registry, "number.made", made)])
    return ACCEPTED


def take_kept_back(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Keep whose address the own registry keeps back; an earlier telling that comes late changes nothing."""
    if sender.kind is not NodeKind.REGISTRY:
        return refused(Refusal(Reason.NOT_PERMITTED, _ONLY_REGISTRY, "sender"))
    told = decode(KeptBack, content)
    newer = kept_back.take(unit, told.told, [str(code) for code in told.codes])
    if newer:
        detail = {"people": str(len(told.codes))}
        note(
            unit, node, event=Event.PROTECTION_TOLD, outcome="received", peer=str(sender.name), detail=detail
        )
    return ACCEPTED if newer else SUPERSEDED


def ask_for_another_number(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass the registry's request for another number of somebody on to the nation, the code and nothing else."""
    if sender.kind is not NodeKind.REGISTRY:
        return refused(Refusal(Reason.NOT_PERMITTED, _ONLY_REGISTRY, "sender"))
    asked = decode(NumberRequest, content)
    post_letters(unit, node, [Outgoing(node.wire.directory().national(), NUMBER_CHANGE, asked)])
    return ACCEPTED


def ask_for_codes(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass the registry's request for codes on to the nation."""
    if sender.kind is not NodeKind.REGISTRY:
        return refused(Refusal(Reason.NOT_PERMITTED, _ONLY_REGISTRY, "sender"))
    wanted = decode(CodesWanted, content)
    post_letters(unit, node, [Outgoing(node.wire.directory().national(), "codes.wanted", wanted)])
    return ACCEPTED


def take_codes(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Pass codes of the nation on to the registry."""
    if sender.kind is not NodeKind.NATIONAL:
        return refused(Refusal(Reason.NOT_PERMITTED, juki("30-7"), "sender"))
    given = decode(CodesGiven, content)
    registry = partner(node.wire.directory(), node.me, NodeKind.REGISTRY)
    post_letters(unit, node, [Outgoing(registry, "codes.given", given)])
    return ACCEPTED


def _facts(weighed: _Weighed) -> list[Fact]:
    """One line per person; an import has one line in all, a letter that brings nothing new has none."""
    if weighed.refusal is not None and weighed.refused_update is not None:
        return [_fact(weighed.refused_update, Event.UPDATE_REFUSED, weighed.refusal.reason.value)]
    if len(weighed.accepted) > LINES_PER_FAMILY:
        return [Fact(Event.BULK_ACCEPTED, outcome="accepted", detail={"records": str(len(weighed.accepted))})]
    return [_fact(update, Event.UPDATE_ACCEPTED, "accepted") for update, _, _ in weighed.accepted]


def _fact(update: IdentityUpdate, event: Event, outcome: str) -> Fact:
    record = update.record
    return Fact(
        event, subject=str(record.resident_record_code), outcome=outcome,
        operator_role_id=update.cs_items.operator_role_id, terminal=update.cs_items.terminal_id,
        detail={"reason": record.change_reason.value, "sequence": str(record.update_sequence)},
    )  # fmt: skip
