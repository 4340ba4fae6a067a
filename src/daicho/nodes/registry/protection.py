"""Protection of victims at the counter: applications, opinions, renewals, what two people decide, alerts.  支援措置

A measure holds from the moment at which its application is kept. Nothing here ends one but the word of two people.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import measure_body, read_measure, read_record
from daicho.nodes.registry.guarding import measures_about
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.kana import kanji_key
from daicho.rules.protection.measure import (
    AskingPerson,
    EndCause,
    Opinion,
    ProtectionAlert,
    ProtectionMeasure,
    ProtectionStep,
    WatchedMove,
    alerts_at_move,
    check_application,
    confirm_need,
    forwarded,
    renew,
    towns_to_tell,
)
from daicho.rules.protection.proposal import (
    ProposalKind,
    ProtectionProposal,
    carry_out,
    check_proposal,
)
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord
from daicho.store import disclosure, protection, register
from daicho.store.protection import AlertRow, MeasureRow, ProposalRow, StepRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
_ARTICLE = PROTECTION_TERM.article
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "number")


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One measure with the people whom it protects and what was done with it."""

    measure: ProtectionMeasure
    people: tuple[ResidentRecord, ...]
    steps: tuple[StepRow, ...]
    towns_to_tell: tuple[MunicipalityCode, ...]


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

    measures: tuple[tuple[ProtectionMeasure, str], ...]  # with the applicant's name
    proposals: tuple[WaitingProposal, ...]
    alerts: tuple[UnseenAlert, ...]


def overview(node: Node, operator: Operator) -> ProtectionOverview | Refusal:
    """List open measures, what waits for a second person, and what nobody has looked at."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        measures = [read_measure(row.body) for row in protection.open_measures(unit, limit_rows=SHOWN_ROWS)]
        waiting = protection.waiting_proposals(unit, limit_rows=SHOWN_ROWS)
        alerts = protection.unseen_alerts(unit, limit_rows=SHOWN_ROWS)
        bodies = protection.bodies_of(unit, {row.number for row in waiting})
        concerned = {number: read_measure(body) for number, body in bodies.items()}
        names = {
            one.addressee_number: one.name.kanji
            for one in _records(unit, {one.applicant for one in (*measures, *concerned.values())})
        }
    return ProtectionOverview(
        tuple((one, names.get(one.applicant, "")) for one in measures),
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


def _records(unit: Unit, numbers: Iterable[int]) -> tuple[ResidentRecord, ...]:
    held = register.residents(unit, numbers)
    return tuple(read_record(one.body) for one in held)


def _proposal(row: ProposalRow) -> ProtectionProposal:
    cause = EndCause(row.cause) if row.cause else None
    return ProtectionProposal(ProposalKind(row.kind), row.asked_by, row.why, row.minutes, cause)


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
        people = _records(unit, measure.people)
        steps = tuple(protection.steps_of(unit, number))
        _note(unit, node, operator, Event.PROTECTION_SHOWN, people, terminal, "shown", number)
    home = node.me.municipality
    return MeasureView(measure, people, steps, towns_to_tell(measure, home) if home else ())


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    people: Sequence[ResidentRecord],
    terminal: str,
    outcome: str,
    number: str,
) -> None:
    facts = [
        Fact(
            event=event,
            operator_login_id=operator.login_id,
            operator_role_id=operator.role_id,
            terminal=terminal,
            subject=subject_of(one),
            outcome=outcome,
            detail={"measure": number},
        )
        for one in people
    ]
    note_many(unit, node, facts)


def apply_for_protection(
    node: Node, operator: Operator, application: ProtectionMeasure, *, terminal: str = ""
) -> ProtectionMeasure | Refusal:
    """Keep an application, which holds provisionally from this moment; its number is drawn here."""
    today = node.clock.business_today()
    refusal = may(operator, Permission.MANAGE_PROTECTION) or check_application(application, today)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.apply") as unit:
        people = _records(unit, application.people)
        if {one.addressee_number for one in people} != application.people:
            return Refusal(Reason.NOT_FOUND, _ARTICLE, "companions")
        measure = replace(application, number=protection.draw_number(unit, today.year))
        protection.keep_measure(
            unit,
            measure.number,
            measure_body(measure),
            StepRow(ProtectionStep.APPLIED.value, operator.login_id, node.clock.now()),
            people=measure.people,
            keys={key for one in measure.other_parties if (key := kanji_key(one.name))},
        )
        # Whoever was given a code before opens the record as it stands then.
        disclosure.void_codes(unit, measure.people, node.clock.now())
        step = ProtectionStep.APPLIED.value
        _note(unit, node, operator, Event.PROTECTION_RECORDED, people, terminal, step, measure.number)
    return measure


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
    """Note that the towns of the protected addresses were sent the application."""
    home = node.me.municipality

    def told(measure: ProtectionMeasure) -> ProtectionMeasure | Refusal:
        towns = towns_to_tell(measure, home) if home else ()
        return forwarded(measure, towns) if towns else Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "number")

    return _step(node, operator, number, ProtectionStep.TOWNS_TOLD, terminal, told)


_Change = Callable[[ProtectionMeasure], ProtectionMeasure | Refusal]


def _step(
    node: Node, operator: Operator, number: str, step: ProtectionStep, terminal: str, change: _Change
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
    if not protection.take_step(unit, row, measure_body(changed), done, still_open=changed.end is None):
        return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "number")
    people = _records(unit, changed.people)
    _note(unit, node, operator, Event.PROTECTION_RECORDED, people, terminal, step.value, row.number)
    return changed


def ask_for_release(
    node: Node, operator: Operator, addressee_number: int, why: str, minutes: int, *, terminal: str = ""
) -> tuple[str, ...] | Refusal:
    """Ask a second person to open, for whoever asks, what hides one resident; gives the proposals' numbers."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    proposal = ProtectionProposal(ProposalKind.RELEASE, operator.login_id, why, minutes)
    with node.store.unit("protection.ask") as unit:
        measures = measures_about(unit, [addressee_number])
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
            proposal.why, proposal.minutes, proposal.cause.value if proposal.cause else None,
        )  # fmt: skip
        protection.propose(unit, row)
        people = _records(unit, measure.people)
        kind = proposal.kind.value
        _note(unit, node, operator, Event.PROTECTION_PROPOSED, people, terminal, kind, measure.number)
        asked.append(row.id)
    return tuple(asked)


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
        if row.state != "waiting":
            return Refusal(Reason.NOT_PENDING, _ARTICLE, "proposal", row.state.upper())
        proposal = _proposal(row)
        refusal = may_verify(proposal.asked_by, operator.login_id)
        if refusal is not None:
            return refusal
        if accept:
            at = node.clock.business_now()
            ends = proposal.kind is ProposalKind.END
            step = ProtectionStep.ENDED if ends else ProtectionStep.RELEASED
            changed = _change(
                unit, node, operator, held, step, terminal,
                lambda measure: carry_out(proposal, measure, operator.login_id, at),
            )  # fmt: skip
            if isinstance(changed, Refusal):
                return changed
        state = "accepted" if accept else "declined"
        protection.decide_proposal(unit, row.id, state, operator.login_id, node.clock.now())
        people = _records(unit, read_measure(held.body).people)
        _note(unit, node, operator, Event.PROTECTION_DECIDED, people, terminal, state, held.number)
    return proposal.kind


def see_alert(node: Node, operator: Operator, alert_id: str) -> Refusal | None:
    """Note that an alert was looked at."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.see_alert") as unit:
        seen = protection.see_alert(unit, alert_id, operator.login_id, node.clock.now())
    return None if seen else Refusal(Reason.NOT_FOUND, _ARTICLE, "alert")


def alert_of_change(
    unit: Unit, node: Node, operator: Operator, entry_id: str, entry: Entry, terminal: str
) -> tuple[ProtectionAlert, ...]:
    """Find what measures say about a change that is entered, keep it for the officer, and tell it."""
    subjects = [one for one in entry.after if one.addressee_number in entry.subjects]
    named = tuple(
        AskingPerson(one.name.kanji, one.birth_date, addressee_number=one.addressee_number)
        for one in subjects
    )
    numbers = {number for _, number in protection.measures_over(unit, entry.subjects)}
    numbers |= set(protection.measures_against(unit, {kanji_key(one.name) for one in named}))
    if not numbers:
        return ()
    move = WatchedMove(entry.kind, entry.subjects, named)
    today, told = node.clock.business_today(), dict[ProtectionAlert, None]()
    bodies = protection.bodies_of(unit, numbers)
    concerned, rows = {number: read_measure(body) for number, body in bodies.items()}, []
    for number, measure in concerned.items():
        alerts = alerts_at_move(measure, move, today)
        if alerts:
            named_alerts = [one.value for one in alerts]
            rows.append(AlertRow(node.clock.new_id(), number, entry_id, named_alerts, node.clock.now()))
            told |= dict.fromkeys(alerts)
    protection.keep_alerts(unit, rows)
    # Of the protected, never of the mover: whoever is the other party may ask what the ledger says of them.
    for row in rows:
        people = _records(unit, concerned[row.number].people)
        _note(unit, node, operator, Event.PROTECTION_ALERTED, people, terminal, "told", row.number)
    return tuple(told)
