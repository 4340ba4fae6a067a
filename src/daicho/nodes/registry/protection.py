"""Protection of victims at the counter: applications, opinions, renewals, what two people decide, alerts.  支援措置

A measure holds from the moment at which its application is kept. Nothing here ends one but the word of two people.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import measure_body, read_entry, read_measure, read_record
from daicho.nodes.registry.guarding import measures_in_the_way
from daicho.nodes.registry.hall.outbox import tell_hall_of_protection
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import MACHINE, subject_of
from daicho.nodes.registry.telling_cs import tell_cs_whom_to_keep_back
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.deciding import Undecided, check_decision
from daicho.rules.people.characters.own import with_counterparts
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
    RELEASE_WAITS,
    ProposalKind,
    ProtectionProposal,
    carry_out,
    check_proposal,
    lapsed,
)
from daicho.rules.register.changes import Entry
from daicho.rules.register.ending import record_over
from daicho.rules.register.record import ResidentRecord
from daicho.store import disclosure, folding, protection, register
from daicho.store.protection import AlertRow, MeasureRow, ProposalRow, StepRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
WAITING_ROWS = 10_000  # what waits for a second person is a day's work
_FOLDED_ROWS = 500
_LOOKED_BACK = timedelta(minutes=10)
_BESIDE = timedelta(minutes=1)  # no entry takes longer from its draft to its end
_ARTICLE = PROTECTION_TERM.article
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "number")
_NOTHING: Mapping[str, str] = {}


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
            for one in _shown(unit, node, {one.applicant for one in (*measures, *concerned.values())})
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


def _records(unit: Unit, numbers: Iterable[int]) -> tuple[ResidentRecord, ...]:
    """Read some people's records; of whoever waits to be entered, the one that waits."""
    wanted = set(numbers)
    known = {one.addressee_number: read_record(one.body) for one in register.residents(unit, wanted)}
    missing = wanted - known.keys()
    if missing:
        for entry_id in register.waiting_for(unit, missing):
            row = register.load_entry(unit, entry_id)
            after = read_entry(row.body).after if row is not None else ()
            known |= {one.addressee_number: one for one in after if one.addressee_number in missing}
    return tuple(known[number] for number in sorted(known))


def _shown(unit: Unit, node: Node, numbers: Iterable[int]) -> tuple[ResidentRecord, ...]:
    on = node.clock.business_today()
    return tuple(one for one in _records(unit, numbers) if not record_over(one, on))


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
        people = _shown(unit, node, measure.people)
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
    also: Mapping[str, str] = _NOTHING,
) -> None:
    detail = {"measure": number, **also}
    told = [(subject_of(one), outcome) for one in people]
    facts = [
        fact_by(operator, event, terminal=terminal, subject=who, outcome=what, detail=detail)
        for who, what in told
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
        # Whoever writes or prints at these households now is done before the measure begins, or sees it.
        reached = application.people | protection.ever_with(unit, application.people)
        locked = _households(_records(unit, reached))
        register.lock_concerned(unit, households=locked, codes=())
        people = _records(unit, application.people)
        if {one.addressee_number for one in people} != application.people:
            return Refusal(Reason.NOT_FOUND, _ARTICLE, "companions")
        if not _households(people) <= locked:
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "companions")
        measure = replace(application, number=protection.draw_number(unit, today.year))
        protection.keep_measure(
            unit,
            measure.number,
            measure_body(measure),
            StepRow(ProtectionStep.APPLIED.value, operator.login_id, node.clock.now()),
            last_day=measure.last_day,
            people=measure.people,
            keys=folded_names(unit, [one.name for one in measure.other_parties], held=True),
        )
        # Whoever was given a code before would open what may be kept back from now on.
        disclosure.void_codes(unit, reached, node.clock.now())
        step = ProtectionStep.APPLIED.value
        _note(unit, node, operator, Event.PROTECTION_RECORDED, people, terminal, step, measure.number)
        _alert_of_what_waits(unit, node, operator, measure, terminal)
        tell_cs_whom_to_keep_back(unit, node)
        tell_hall_of_protection(unit, node, _covered(unit, reached))
    return measure


def _covered(unit: Unit, people: Iterable[int]) -> frozenset[int]:
    """Name those of some people whom any measure covers now."""
    return frozenset(whose for whose, _ in protection.measures_over(unit, people))


def _households(records: Iterable[ResidentRecord]) -> set[int]:
    return {one.household_number for one in records}


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
    if not protection.take_step(
        unit, row, measure_body(changed), done, last_day=changed.last_day, still_open=changed.end is None
    ):
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
        people = _records(unit, read_measure(held.body).people)
        _note(unit, node, operator, Event.PROTECTION_DECIDED, people, terminal, state, held.number)
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
        before = _covered(unit, people | protection.ever_with(unit, people))
        ended = _change(
            unit, node, operator, held, ProtectionStep.ENDED, terminal,
            lambda measure: carry_out(proposal, measure, operator.login_id, at),
        )  # fmt: skip
        tell_cs_whom_to_keep_back(unit, node)
        if not isinstance(ended, Refusal):
            tell_hall_of_protection(unit, node, before - _covered(unit, before))
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


def alert_of_change(
    unit: Unit, node: Node, operator: Operator, entry_id: str, entry: Entry, terminal: str,
    also: Mapping[str, str] = _NOTHING,
) -> tuple[ProtectionAlert, ...]:  # fmt: skip
    """Find what measures say about a change that is entered, keep it for the officer, and tell it."""
    if not protection.any_open(unit):
        return ()
    move = _as_watched(unit, entry)
    numbers = {number for _, number in protection.measures_over(unit, entry.subjects)}
    numbers |= set(protection.measures_against(unit, _keys(one.name for one in move.named)))
    if not numbers:
        return ()
    concerned = [read_measure(body) for body in protection.bodies_of(unit, numbers).values()]
    told = dict[ProtectionAlert, None]()
    for measure in concerned:
        told |= dict.fromkeys(_alerted(unit, node, operator, measure, entry_id, move, terminal, also))
    return tuple(told)


def _keys(names: Iterable[str]) -> set[str]:
    return {key for one in names if (key := kanji_key(one))}


def folded_names(unit: Unit, names: Iterable[str], *, held: bool = False) -> set[str]:
    """Fold names in both spellings, as other parties are found by."""
    return _keys(in_both_spellings(unit, names, held=held))


def in_both_spellings(unit: Unit, names: Iterable[str], *, held: bool = False) -> list[str]:
    """Give names as they are written, and with the town's own characters as their counterparts are written.

    With `held` nobody confirms another counterpart until the unit ends.
    """
    written = tuple(names)
    counterparts = counterparts_in(unit, written, held=held)
    return list(dict.fromkeys((*written, *(with_counterparts(one, counterparts) for one in written))))


def as_compared(
    unit: Unit, measures: Iterable[ProtectionMeasure], people: Iterable[AskingPerson]
) -> tuple[tuple[ProtectionMeasure, ...], tuple[AskingPerson, ...]]:
    """Give measures and whoever may be an other party of one with the town's own characters by their counterparts.

    So two names are the same whichever of both spellings each is written in. For comparing alone: what is kept, shown
    and printed stays as it was written.
    """
    guarding, asking = tuple(measures), tuple(people)
    names = (one.name for measure in guarding for one in measure.other_parties)
    counterparts = counterparts_in(unit, (*names, *(one.name for one in asking)))
    if not counterparts:
        return guarding, asking
    return tuple(
        replace(
            measure,
            other_parties=tuple(
                replace(one, name=with_counterparts(one.name, counterparts)) for one in measure.other_parties
            ),
        )
        for measure in guarding
    ), tuple(replace(one, name=with_counterparts(one.name, counterparts)) for one in asking)


def fold_other_parties_anew(unit: Unit, character: str = "") -> None:
    """Add the keys of all other parties in whose name a character stands, or of all, as names are folded now.

    A key of before stays: it finds a measure whose names are compared then.
    """
    behind: tuple[date | None, str] = (None, "")
    while rows := protection.open_measures(unit, after=behind, limit_rows=_FOLDED_ROWS):
        measures = [read_measure(row.body) for row in rows]
        behind = (measures[-1].last_day, rows[-1].number)
        named = [
            (row.number, [one.name for one in measure.other_parties if character in one.name])
            for row, measure in zip(rows, measures, strict=True)
        ]
        folding.add_other_parties(
            unit, [(key, number) for number, names in named for key in _keys(in_both_spellings(unit, names))]
        )


def _as_watched(unit: Unit, entry: Entry) -> WatchedMove:
    named = tuple(
        AskingPerson(name, one.birth_date, addressee_number=one.addressee_number)
        for one in entry.after
        if one.addressee_number in entry.subjects
        for name in in_both_spellings(unit, [one.name.kanji])
    )
    return WatchedMove(entry.kind, entry.subjects, named)


def _alerted(
    unit: Unit,
    node: Node,
    operator: Operator,
    measure: ProtectionMeasure,
    entry_id: str,
    move: WatchedMove,
    terminal: str,
    also: Mapping[str, str] = _NOTHING,
) -> tuple[ProtectionAlert, ...]:
    compared, named = as_compared(unit, (measure,), move.named)
    alerts = alerts_at_move(compared[0], replace(move, named=named), node.clock.business_today())
    if alerts:
        row = AlertRow(
            node.clock.new_id(), measure.number, entry_id, [one.value for one in alerts], node.clock.now()
        )
        protection.keep_alerts(unit, [row])
        # Of the protected, never of the mover: whoever is the other party may ask what the ledger says of them.
        people = _records(unit, measure.people)
        _note(unit, node, operator, Event.PROTECTION_ALERTED, people, terminal, "told", measure.number, also)
    return alerts


def _alert_of_what_waits(
    unit: Unit, node: Node, operator: Operator, measure: ProtectionMeasure, terminal: str
) -> None:
    """Tell what a measure that begins says about the changes that wait already."""
    for row in register.waiting_entries(unit, limit=WAITING_ROWS):
        _alerted(unit, node, operator, measure, row.id, _as_watched(unit, read_entry(row.body)), terminal)


def alert_of_entries_beside(node: Node) -> bool:
    """Tell what measures say about changes that were entered while they began, when neither could see the other."""
    since = node.clock.now() - _LOOKED_BACK
    with node.store.reading() as unit:
        if not protection.begun_since(unit, since):
            return False
    with node.store.unit("protection.beside") as unit:
        waiting = register.waiting_entries(unit, limit=WAITING_ROWS)
        for begun_at, body in protection.begun_since(unit, since):
            measure = read_measure(body)
            alerted = protection.alerted_of(unit, measure.number)
            for row in waiting:
                if row.entered_at >= begun_at - _BESIDE and row.id not in alerted:
                    _alerted(
                        unit, node, MACHINE, measure, row.id, _as_watched(unit, read_entry(row.body)), ""
                    )
    return False
