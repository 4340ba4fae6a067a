"""Protection of victims at the counter: applications, opinions, renewals, what two people decide, alerts.  支援措置

A measure holds from the moment at which its application is kept. Nothing here ends one but the word of two people.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import measure_body, read_measure
from daicho.nodes.registry.guarding import covered_among, measures_in_the_way
from daicho.nodes.registry.hall.outbox import tell_hall_of_protection
from daicho.nodes.registry.measures.alerting import alert_of_what_waits
from daicho.nodes.registry.measures.carrying import needs_the_signer, reachable
from daicho.nodes.registry.measures.names import folded_names
from daicho.nodes.registry.measures.people import note_about, records_of, shown_of
from daicho.nodes.registry.measures.sending import (
    hears_by_letter,
    home_of,
    late_before,
    notices_for,
    tell_first,
    tell_on,
    tell_town,
)
from daicho.nodes.registry.telling_cs import tell_cs_whom_to_keep_back
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.deciding import Undecided, check_decision
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.forwarding import with_address
from daicho.rules.protection.measure import (
    AddressRole,
    EndCause,
    Opinion,
    ProtectedAddress,
    ProtectionAlert,
    ProtectionMeasure,
    ProtectionStep,
    check_application,
    confirm_need,
    forwarded,
    renew,
    to_be_told,
    towns_to_tell,
)
from daicho.rules.protection.proposal import (
    RELEASE_WAITS,
    ProposalKind,
    ProtectionProposal,
    carry_out,
    check_proposal,
    lapsed,
)
from daicho.rules.register.record import ResidentRecord
from daicho.store import disclosure, protection, register
from daicho.store.forwarding import ToldTown, told_of
from daicho.store.protection import MeasureRow, ProposalRow, StepRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
_ARTICLE = PROTECTION_TERM.article
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "number")


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure with the people whom it protects, what was done with it, and which towns were told."""

    measure: ProtectionMeasure
    people: tuple[ResidentRecord, ...]
    steps: tuple[StepRow, ...]
    towns_to_tell: tuple[MunicipalityCode, ...]
    on_network: frozenset[MunicipalityCode] = frozenset()  # of these, whom a letter reaches
    told: tuple[ToldTown, ...] = ()
    out_of_reach: frozenset[str] = frozenset()  # of those told, who left the network since
    late_before: datetime | None = None  # what was told before and is not answered is late
    going: tuple[ProtectedAddress, ...] = ()  # where people of the measure said that they move


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """What waits for a second person, with the measure that it concerns."""

    proposal_id: str
    proposal: ProtectionProposal
    asked_at: datetime
    measure: ProtectionMeasure
    applicant: str


@dataclass(frozen=True, slots=True)
class UnseenAlert:
    """What a clerk was told at a change and nobody has looked at."""

    alert_id: str
    number: str
    alerts: tuple[ProtectionAlert, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ProtectionOverview:
    """Everything that whoever looks after the measures has to do, and all open measures."""

    measures: tuple[tuple[ProtectionMeasure, str], ...]  # with the applicant's name, what ends first first
    open_measures: int  # how many there are, shown here or not
    proposals: tuple[WaitingProposal, ...]
    alerts: tuple[UnseenAlert, ...]


def overview(node: Node, operator: Operator, *, after: str = "") -> ProtectionOverview | Refusal:
    """List open measures from behind one of them on, what waits for a second person, and what nobody has looked at."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    now = node.clock.now()
    with node.store.reading() as unit:
        before = protection.measure(unit, after) if after else None
        behind = (read_measure(before.body).last_day, after) if before is not None else (None, "")
        rows = protection.open_measures(unit, after=behind, limit_rows=SHOWN_ROWS)
        measures = [read_measure(row.body) for row in rows]
        count = protection.how_many_open(unit)
        waiting = protection.waiting_proposals(
            unit, releases_since=now - RELEASE_WAITS, limit_rows=SHOWN_ROWS
        )
        alerts = protection.unseen_alerts(unit, limit_rows=SHOWN_ROWS)
        bodies = protection.bodies_of(unit, {row.number for row in waiting})
        concerned = {number: read_measure(body) for number, body in bodies.items()}
        names = {
            one.addressee_number: one.name.kanji
            for one in shown_of(unit, node, {one.applicant for one in (*measures, *concerned.values())})
        }
    return ProtectionOverview(
        tuple((one, names.get(one.applicant, "")) for one in measures),
        count,
        tuple(
            WaitingProposal(
                row.id, _proposal(row), row.asked_at, concerned[row.number],
                names.get(concerned[row.number].applicant, ""),
            )
            for row in waiting
        ),
        tuple(
            UnseenAlert(row.id, row.number, tuple(map(ProtectionAlert, row.alerts)), row.at) for row in alerts
        ),
    )  # fmt: skip


def _proposal(row: ProposalRow) -> ProtectionProposal:
    cause = EndCause(row.cause) if row.cause else None
    return ProtectionProposal(ProposalKind(row.kind), row.asked_by, row.why, row.minutes, row.whose, cause)


def measure_view(node: Node, operator: Operator, number: str, *, terminal: str = "") -> MeasureView | Refusal:
    """Show one measure; a ledger line for everybody whom it protects is durable first."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.show") as unit:
        row = protection.measure(unit, number)
        if row is None:
            return _GONE
        measure = read_measure(row.body)
        people = shown_of(unit, node, measure.people)
        steps = tuple(protection.steps_of(unit, number))
        told = tuple(told_of(unit, number))
        note_about(unit, node, operator, Event.PROTECTION_SHOWN, people, terminal, "shown", number)
    towns = towns_to_tell(measure, home_of(node))
    return MeasureView(
        measure, people, steps, towns, frozenset(one for one in towns if reachable(node, one)), told,
        _out_of_reach(node, told), late_before(node), _going(measure, people),
    )  # fmt: skip


def _out_of_reach(node: Node, told: Iterable[ToldTown]) -> frozenset[str]:
    return frozenset(one.receiver for one in told if not reachable(node, MunicipalityCode(one.receiver)))


def _going(measure: ProtectionMeasure, people: Iterable[ResidentRecord]) -> tuple[ProtectedAddress, ...]:
    """Name where protected people said that they move, unless the measure has an address in that town."""
    known = {one.municipality for one in measure.addresses}
    plans = [one.scheduled_move_out for one in people if one.scheduled_move_out is not None]
    return tuple(
        ProtectedAddress(AddressRole.PRESENT, plan.destination_municipality, plan.destination)
        for plan in plans
        if plan.destination_municipality is not None and plan.destination_municipality not in known
    )


def apply_for_protection(
    node: Node, operator: Operator, application: ProtectionMeasure, *, terminal: str = ""
) -> ProtectionMeasure | Refusal:
    """Keep an application, which holds provisionally from this moment; its number is drawn here."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.MANAGE_PROTECTION) or check_application(application, today)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.apply") as unit:
        return begin_measure(unit, node, operator, application, ProtectionStep.APPLIED, terminal)


def begin_measure(
    unit: Unit,
    node: Node,
    operator: Operator,
    application: ProtectionMeasure,
    step: ProtectionStep,
    terminal: str,
    *,
    waits: bool = True,
) -> ProtectionMeasure | Refusal:
    """Keep a measure that holds from this unit on; its number is drawn here.

    Unless it `waits`, it is refused while somebody else writes or prints at a household of its people.
    """
    people = _held_still(unit, application.people, waits=waits)
    if isinstance(people, Refusal):
        return people
    year = node.clock.business_today().year
    measure = replace(application, number=protection.draw_number(unit, year))
    protection.keep_measure(
        unit,
        measure.number,
        measure_body(measure),
        StepRow(step.value, operator.login_id, node.clock.now()),
        last_day=measure.last_day,
        people=measure.people,
        keys=folded_names(unit, [one.name for one in measure.other_parties], held=True),
    )
    note_about(unit, node, operator, Event.PROTECTION_RECORDED, people, terminal, step.value, measure.number)
    _reach(unit, node, operator, measure, terminal)
    return measure


def _held_still(
    unit: Unit, people: frozenset[int], *, waits: bool = True
) -> tuple[ResidentRecord, ...] | Refusal:
    """Read whom a measure is to protect. Whoever writes or prints at their households now is done before, or sees it."""
    locked = _households(records_of(unit, people | protection.ever_with(unit, people)))
    if waits:
        register.lock_concerned(unit, households=locked, codes=())
    elif not protection.try_households(unit, locked):
        return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "companions")
    records = records_of(unit, people)
    if {one.addressee_number for one in records} != people:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "companions")
    return (
        records if _households(records) <= locked else Refusal(Reason.CHANGED_SINCE, _ARTICLE, "companions")
    )


def _reach(unit: Unit, node: Node, operator: Operator, measure: ProtectionMeasure, terminal: str) -> None:
    """Let a measure that holds from now on reach whatever was printed, told, or waits about its people."""
    reached = measure.people | protection.ever_with(unit, measure.people)
    # Whoever was given a code before would open what may be kept back from now on.
    disclosure.void_codes(unit, reached, node.clock.now())
    alert_of_what_waits(unit, node, operator, measure, terminal)
    tell_cs_whom_to_keep_back(unit, node)
    tell_hall_of_protection(unit, node, covered_among(unit, reached))


def widen_measure(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: MeasureRow,
    widened: ProtectionMeasure,
    terminal: str,
) -> ProtectionMeasure | Refusal:
    """Bring a measure to what another town says of it: more people and other parties, a later end; never fewer."""
    before = read_measure(row.body)
    people = _held_still(unit, widened.people)
    if isinstance(people, Refusal):
        return people
    changed = _change(unit, node, operator, row, ProtectionStep.TAKEN_UP, terminal, lambda _before: widened)
    if isinstance(changed, Refusal):
        return changed
    keys = folded_names(unit, [one.name for one in changed.other_parties], held=True)
    protection.widen(unit, row.number, changed.people, keys)
    if changed.people != before.people or changed.other_parties != before.other_parties:
        _reach(unit, node, operator, changed, terminal)
    return changed


def _households(records: Iterable[ResidentRecord]) -> set[int]:
    return {one.household_number for one in records}


@needs_the_signer
def note_opinion(
    node: Node,
    operator: Operator,
    number: str,
    opinion: Opinion,
    *,
    counted_from: date | None = None,
    terminal: str = "",
) -> ProtectionMeasure | Refusal:
    """Note what a body said about the need; a confirming opinion puts a provisional measure into force."""
    return _step(
        node, operator, number, ProtectionStep.OPINION_NOTED, terminal,
        lambda measure: confirm_need(measure, opinion, counted_from=counted_from),
    )  # fmt: skip


@needs_the_signer
def renew_measure(
    node: Node, operator: Operator, number: str, opinion: Opinion, applied_on: date, *, terminal: str = ""
) -> ProtectionMeasure | Refusal:
    """Let another year follow."""
    return _step(
        node, operator, number, ProtectionStep.RENEWED, terminal,
        lambda measure: renew(measure, opinion, applied_on),
    )  # fmt: skip


def note_towns_told(
    node: Node, operator: Operator, number: str, *, terminal: str = ""
) -> ProtectionMeasure | Refusal:
    """Note that the towns of the protected addresses were sent the application on paper."""
    return _step(
        node,
        operator,
        number,
        ProtectionStep.TOWNS_TOLD,
        terminal,
        lambda one: _told(node, one, carried=False),
    )


@needs_the_signer
def forward_measure(
    node: Node, operator: Operator, number: str, *, terminal: str = ""
) -> ProtectionMeasure | Refusal:
    """Forward a measure to all towns of its addresses that are on the network and were not told yet, in one unit."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.forward") as unit:
        row = protection.measure(unit, number)
        if row is None:
            return _GONE
        before = read_measure(row.body)
        wanted = _told(node, before, carried=True)
        if isinstance(wanted, Refusal):
            return wanted
        towns = [one for one in wanted.forwarded_to if one not in before.forwarded_to]
        notices = notices_for(unit, node, wanted, towns)
        if isinstance(notices, Refusal):
            return notices
        changed = _change(unit, node, operator, row, ProtectionStep.TOWNS_TOLD, terminal, lambda _one: wanted)
        if not isinstance(changed, Refusal):
            tell_first(unit, node, operator, changed, notices, terminal)
    return changed


def _told(node: Node, measure: ProtectionMeasure, *, carried: bool) -> ProtectionMeasure | Refusal:
    if measure.end is not None:
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    towns = towns_to_tell(measure, home_of(node))
    if carried:
        towns = tuple(one for one in towns if reachable(node, one))
    return forwarded(measure, towns) if towns else Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "number")


@needs_the_signer
def add_address(
    node: Node, operator: Operator, number: str, address: ProtectedAddress, *, terminal: str = ""
) -> ProtectionMeasure | Refusal:
    """Name another address that is to be protected, and tell its town at once if a letter told it of the measure before.

    Whatever it answered then: somebody may have come since. Any other town is to be told, also one that knows on paper
    of another address.
    """
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    town = address.municipality
    with node.store.unit("protection.add_address") as unit:
        row = protection.measure(unit, number)
        if row is None:
            return _GONE
        by_letter = hears_by_letter(unit, node, number, town)
        wanted = with_address(read_measure(row.body), address)
        if not isinstance(wanted, Refusal) and by_letter:
            notices = notices_for(unit, node, wanted, [town])
            wanted = notices if isinstance(notices, Refusal) else wanted
        elif not isinstance(wanted, Refusal):
            wanted = to_be_told(wanted, town)
        step = ProtectionStep.ADDRESS_ADDED
        changed = _change(unit, node, operator, row, step, terminal, lambda _one: wanted)
        if not isinstance(changed, Refusal) and by_letter:
            tell_town(unit, node, operator, changed, town, terminal)
    return changed


_Change = Callable[[ProtectionMeasure], ProtectionMeasure | Refusal]
# Of these steps the towns that were told hear as they are taken.
_TOLD_ON = (
    ProtectionStep.OPINION_NOTED, ProtectionStep.RENEWED, ProtectionStep.TAKEN_UP, ProtectionStep.ENDED
)  # fmt: skip


def _step(
    node: Node,
    operator: Operator,
    number: str,
    step: ProtectionStep,
    terminal: str,
    change: _Change,
) -> ProtectionMeasure | Refusal:
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.step") as unit:
        row = protection.measure(unit, number)
        return _GONE if row is None else _change(unit, node, operator, row, step, terminal, change)


def _change(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: MeasureRow,
    step: ProtectionStep,
    terminal: str,
    change: _Change,
) -> ProtectionMeasure | Refusal:
    changed = change(read_measure(row.body))
    if isinstance(changed, Refusal):
        return changed
    done = StepRow(step.value, operator.login_id, node.clock.now())
    if not protection.take_step(
        unit, row, measure_body(changed), done, last_day=changed.last_day, still_open=changed.end is None
    ):
        return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "number")
    people = records_of(unit, changed.people)
    note_about(unit, node, operator, Event.PROTECTION_RECORDED, people, terminal, step.value, row.number)
    if step in _TOLD_ON:
        tell_on(unit, node, operator, changed, terminal)
    return changed


def ask_for_release(
    node: Node, operator: Operator, addressee_number: int, why: str, minutes: int, *, terminal: str = ""
) -> tuple[str, ...] | Refusal:
    """Ask a second person to open, for whoever asks, what hides one resident; gives the proposals' numbers."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    proposal = ProtectionProposal(ProposalKind.RELEASE, operator.login_id, why, minutes, addressee_number)
    with node.store.unit("protection.ask") as unit:
        measures = measures_in_the_way(unit, addressee_number)
        if not measures:
            return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "addressee_number")
        return _propose(unit, node, operator, proposal, measures, terminal)


def ask_for_end(
    node: Node, operator: Operator, number: str, why: str, cause: EndCause, *, terminal: str = ""
) -> tuple[str, ...] | Refusal:
    """Ask a second person to end a measure."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    proposal = ProtectionProposal(ProposalKind.END, operator.login_id, why, cause=cause)
    with node.store.unit("protection.ask_end") as unit:
        row = protection.measure(unit, number)
        if row is None:
            return _GONE
        if not row.open:
            return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
        return _propose(unit, node, operator, proposal, (read_measure(row.body),), terminal)


def _propose(
    unit: Unit,
    node: Node,
    operator: Operator,
    proposal: ProtectionProposal,
    measures: Sequence[ProtectionMeasure],
    terminal: str,
) -> tuple[str, ...] | Refusal:
    refusal = check_proposal(proposal)
    if refusal is not None:
        return refusal
    asked = []
    for measure in measures:
        row = ProposalRow(
            node.clock.new_id(), measure.number, proposal.kind.value, proposal.asked_by, node.clock.now(),
            proposal.why, proposal.minutes, proposal.cause.value if proposal.cause else None, proposal.whose,
        )  # fmt: skip
        protection.propose(unit, row)
        people = records_of(unit, measure.people)
        kind = proposal.kind.value
        note_about(unit, node, operator, Event.PROTECTION_PROPOSED, people, terminal, kind, measure.number)
        asked.append(row.id)
    return tuple(asked)


@needs_the_signer
def decide_on_proposal(
    node: Node, operator: Operator, proposal_id: str, *, accept: bool, terminal: str = ""
) -> ProposalKind | Refusal:
    """Carry out what somebody else asked for, or decline it."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.decide") as unit:
        row = protection.lock_proposal(unit, proposal_id)
        held = protection.measure(unit, row.number) if row is not None else None
        if row is None or held is None:
            return Refusal(Reason.NOT_FOUND, _ARTICLE, "proposal")
        proposal = _proposal(row)
        over = row.state == "waiting" and lapsed(proposal, row.asked_at, node.clock.now())
        state = "lapsed" if over else row.state
        undecided = Undecided(_ARTICLE, "proposal", state, "waiting", (proposal.asked_by,))
        refusal = check_decision(undecided, operator.login_id)
        if refusal is not None:
            return refusal
        if accept:
            changed = _carried_out(unit, node, operator, held, proposal, terminal)
            if isinstance(changed, Refusal):
                return changed
        state = "accepted" if accept else "declined"
        protection.decide_proposal(unit, row.id, state, operator.login_id, node.clock.now())
        people = records_of(unit, read_measure(held.body).people)
        note_about(unit, node, operator, Event.PROTECTION_DECIDED, people, terminal, state, held.number)
    return proposal.kind


def _carried_out(
    unit: Unit,
    node: Node,
    operator: Operator,
    held: MeasureRow,
    proposal: ProtectionProposal,
    terminal: str,
) -> ProtectionMeasure | Refusal:
    at = node.clock.business_now()
    if proposal.kind is ProposalKind.END:
        people = read_measure(held.body).people
        before = covered_among(unit, people | protection.ever_with(unit, people))
        ended = _change(
            unit, node, operator, held, ProtectionStep.ENDED, terminal,
            lambda measure: carry_out(proposal, measure, operator.login_id, at),
        )  # fmt: skip
        tell_cs_whom_to_keep_back(unit, node)
        if not isinstance(ended, Refusal):
            tell_hall_of_protection(unit, node, before - covered_among(unit, before))
        return ended
    opened = _one_roof(unit, proposal.whose)
    changed = _change(
        unit, node, operator, held, ProtectionStep.RELEASED, terminal,
        lambda measure: carry_out(proposal, measure, operator.login_id, at, opened),
    )  # fmt: skip
    if not isinstance(changed, Refusal):
        until = changed.releases[-1].ends_at
        protection.open_for(unit, held.number, proposal.asked_by, opened, (at, until))
    return changed


def _one_roof(unit: Unit, addressee_number: int) -> tuple[int, ...]:
    """Name a person and whoever lives in one household: one's address is the others'."""
    members = {one.addressee_number for one in register.load_people(unit, people=[addressee_number])}
    return tuple(sorted(members | {addressee_number}))


def see_alert(node: Node, operator: Operator, alert_id: str) -> Refusal | None:
    """Note that an alert was looked at."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.see_alert") as unit:
        seen = protection.see_alert(unit, alert_id, operator.login_id, node.clock.now())
    return None if seen else Refusal(Reason.NOT_FOUND, _ARTICLE, "alert")
