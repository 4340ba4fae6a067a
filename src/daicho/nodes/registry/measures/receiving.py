"""Measures of other towns: kept once, in force from their arrival where it is certain who is meant, taken up by an officer.

Nothing here ends a measure: that another town's has ended is told, and two people of the own town decide.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daicho.nodes.chronicle import Fact, note_by, note_many
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import forwarded_body, read_forwarded, read_measure
from daicho.nodes.registry.measures.alerting import alert_of_crossing
from daicho.nodes.registry.measures.carrying import needs_the_signer, open_carried, post_carried, way_of
from daicho.nodes.registry.measures.matching import (
    Waiting,
    certain_people,
    measures_against,
    possible_people,
    protected_among,
    turns_on_its_own,
    waiting_by_name,
)
from daicho.nodes.registry.measures.people import note_about, records_of, shown_of
from daicho.nodes.registry.measures.sending import ONLY_CS, home_of, late_before
from daicho.nodes.registry.protection import begin_measure, widen_measure
from daicho.nodes.registry.records import MACHINE, subject_of
from daicho.rules.law.article import juki
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.forwarding import (
    ForwardAnswer,
    ForwardedNotice,
    ForwardRoute,
    ForwardStanding,
    check_answer,
    check_notice,
    check_route,
    check_taking_up,
    measure_from,
    taken_up,
)
from daicho.rules.protection.measure import ProtectionMeasure, ProtectionStep
from daicho.rules.register.record import ResidentRecord
from daicho.store import forwarding, protection
from daicho.store.forwarding import ReceivedForward
from daicho.store.protection import MeasureRow
from daicho.store.unit import StoreUnavailable, Unit
from daicho.wire.codecs.forwarding import FORWARD, REPLY, Forwarding, ForwardReply

_LOG = logging.getLogger("daicho.registry")
SHOWN_ROWS = 200
_ARTICLE = PROTECTION_TERM.article
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "forward")
_SETTLED = Refusal(Reason.REPORT_SETTLED, _ARTICLE, "forward")
_NOT_OURS = Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "to_municipality")


@dataclass(frozen=True, slots=True)
class ForwardLine:
    """One measure of another town in a list; no names once it is settled. `number` is the own measure's, if there is one."""

    sender: MunicipalityCode
    forward_id: str
    sequence: int
    standing: ForwardStanding
    received_at: datetime
    state: str
    number: str
    answer: ForwardAnswer | None
    closed_at: datetime | None
    names: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class ForwardList:
    """What waits or is settled, and which of the own letters nobody has answered; `more` tells that there are others."""

    lines: tuple[ForwardLine, ...]
    unanswered: tuple[tuple[str, MunicipalityCode, datetime, bool], ...]  # measure, town, told at, late
    more: bool


@dataclass(frozen=True, slots=True)
class ForwardView:
    """One measure of another town with whom it may mean, and what else is known here of whom it names.

    `against` says of which measures somebody seems to be the other party; `crossing` which measures protect one of the
    other parties of the letter.
    """

    line: ForwardLine
    notice: ForwardedNotice | None
    people: tuple[ResidentRecord, ...]
    protected: frozenset[int]
    stands: bool
    against: Mapping[int, tuple[str, ...]]
    crossing: tuple[str, ...]


def take_forward(unit: Unit, node: Node, box_key: bytes, sender: Member, content: bytes) -> Settled:
    """Keep another town's measure in the unit that keeps its letter, and let it hold at once where it is certain for whom.

    The same letter again changes nothing, and an earlier one neither; each is answered if what stands was answered.
    """
    if sender.kind is not NodeKind.CS:
        return refused(ONLY_CS)
    refusal = check_route(way_of(content))
    if refusal is None and way_of(content).receiver != home_of(node):
        refusal = _NOT_OURS
    if refusal is not None:
        return refused(refusal)
    told = open_carried(node, box_key, FORWARD, content, Forwarding)
    route, notice = told.route, told.notice
    # At midnight the other town's day may have begun a moment before this one's.
    refusal = check_notice(notice, node.clock.business_today() + timedelta(days=1))
    if refusal is not None:
        return refused(refusal)
    row = ReceivedForward(
        str(route.sender), route.forward_id, route.sequence, notice.standing.value, node.clock.now(),
        body=forwarded_body(notice),
    )  # fmt: skip
    if not forwarding.keep_received(unit, row) and not forwarding.replace_received(unit, row):
        kept = forwarding.received(unit, row.sender, row.id)
        if kept is not None and kept.sequence >= row.sequence:
            # Under the number of the letter that came: a town that came back from a copy knows no other.
            _reply_again(unit, node, replace(kept, sequence=row.sequence))
        return SUPERSEDED
    kept = forwarding.received(unit, row.sender, row.id, locked=True)
    people = _hold(unit, node, kept or row, notice)
    detail = {"from": row.sender, "forward": row.id, "letter": str(row.sequence)}
    note_many(
        unit, node,
        [
            Fact(
                Event.PROTECTION_RECEIVED, subject=one, outcome=notice.standing.value, peer=str(sender.name),
                detail=detail,
            )
            for one in _subjects(records_of(unit, people))
        ],
    )  # fmt: skip
    return ACCEPTED


def _hold(unit: Unit, node: Node, row: ReceivedForward, notice: ForwardedNotice) -> frozenset[int]:
    """Let a measure hold for whom a letter means for certain, provisionally; name whom the own measure protects.

    Of an end nothing follows but that somebody looks; where no measure stands there is nothing to look at. It is answered
    at once in either case: an answer that waits for an officer would tell that somebody of that name is here.
    """
    held = _standing(unit, row)
    if notice.standing is ForwardStanding.ENDED:
        _reply(unit, node, row, ForwardAnswer.NOTED)
        if held is None:
            _settle(unit, node, MACHINE, row, ForwardAnswer.NOTED)
    if held is not None:
        return read_measure(held.body).people
    if notice.standing is ForwardStanding.ENDED:
        return frozenset()
    # Other letters share the unit: it waits for no household while it holds those of the letter before.
    return _begin(unit, node, row, notice, waiting_by_name(unit), waits=False)


def _begin(
    unit: Unit, node: Node, row: ReceivedForward, notice: ForwardedNotice, waiting: Waiting, *, waits: bool
) -> frozenset[int]:
    """Begin a measure for whom a letter means for certain; nobody is held where it turns on the very people it names.

    Nor while somebody writes at their household, or has just moved: they are looked for again in half a minute.
    """
    people = certain_people(unit, node, notice, waiting)
    if not people:
        return frozenset()
    route = ForwardRoute(row.id, row.sequence, MunicipalityCode(row.sender), home_of(node))
    made = measure_from(notice, route, people, node.clock.business_today())
    if turns_on_its_own(unit, made):
        return frozenset()
    known = _told_under_another_name(unit, made)
    if known is not None:
        forwarding.tie_received(unit, row.sender, row.id, known.number)
        return known.people
    begun = begin_measure(unit, node, MACHINE, made, ProtectionStep.RECEIVED, "", waits=waits)
    if isinstance(begun, Refusal):
        return frozenset()
    if protected_among(unit, node, notice.other_parties):
        alert_of_crossing(unit, node, begun, row.id)
    forwarding.tie_received(unit, row.sender, row.id, begun.number)
    return begun.people


def _told_under_another_name(unit: Unit, made: ProtectionMeasure) -> ProtectionMeasure | None:
    """Find the measure that the same town told before it came back from a copy: the same people and other parties."""
    over = {number for _, number in protection.measures_over(unit, made.people)}
    for _, body in sorted(protection.bodies_of(unit, over).items()):
        one = read_measure(body)
        if (
            one.received_from == made.received_from
            and made.people <= one.people
            and set(made.other_parties) <= set(one.other_parties)
        ):
            return one
    return None


def hold_who_came(node: Node) -> bool:
    """Look again whom letters mean that mean nobody here yet: who is about to come is protected from their entry on."""
    after, waiting = forwarding.BEFORE_ALL, None
    while True:
        with node.store.reading() as unit:
            rows = forwarding.untied(unit, after, SHOWN_ROWS)
            if not rows:
                return False
            waiting = waiting_by_name(unit) if waiting is None else waiting
            certain = [
                row
                for row in rows
                if row.body is not None and certain_people(unit, node, read_forwarded(row.body), waiting)
            ]
        for row in certain:
            _hold_alone(node, row, waiting)
        after = (rows[-1].received_at, rows[-1].sender, rows[-1].id)


def _hold_alone(node: Node, one: ReceivedForward, waiting: Waiting) -> None:
    """Hold for whom one letter means, in a unit of its own: what goes wrong keeps nobody else unprotected."""
    try:
        with node.store.unit("protection.hold_who_came") as unit:
            row = forwarding.received(unit, one.sender, one.id, locked=True)
            if row is None or row.number is not None or row.body is None:
                return
            people = records_of(unit, _begin(unit, node, row, read_forwarded(row.body), waiting, waits=True))
            if people:
                _note(unit, node, MACHINE, Event.PROTECTION_RECEIVED, row, people, "", "came")
    except StoreUnavailable:
        raise
    except Exception as fault:  # noqa: BLE001 - told without its words, which may name somebody
        _LOG.error("who is meant by a forwarded measure cannot be held: %s", type(fault).__name__)


def _standing(unit: Unit, row: ReceivedForward) -> MeasureRow | None:
    held = protection.measure(unit, row.number) if row.number else None
    return held if held is not None and held.open else None


def _settle(unit: Unit, node: Node, operator: Operator, row: ReceivedForward, answer: ForwardAnswer) -> None:
    closed = operator.login_id, node.clock.now()
    forwarding.close_received(unit, row.sender, row.id, answer.value, closed)


def _reply_again(unit: Unit, node: Node, row: ReceivedForward) -> None:
    """Answer what came again, if it was answered: an end was by the machine, whether anybody has looked or not."""
    answer = ForwardAnswer.NOTED if row.standing == ForwardStanding.ENDED else row.answer
    if answer:
        _reply(unit, node, row, ForwardAnswer(answer))


def _reply(unit: Unit, node: Node, row: ReceivedForward, answer: ForwardAnswer) -> None:
    route = ForwardRoute(row.id, row.sequence, MunicipalityCode(row.sender), home_of(node))
    post_carried(unit, node, REPLY, ForwardReply(route, answer))


def _subjects(people: Collection[ResidentRecord]) -> list[str]:
    return [subject_of(one) for one in people] or [""]


def forwarded_list(
    node: Node, operator: Operator, *, closed: bool = False, terminal: str = ""
) -> ForwardList | Refusal:
    """List what waits for an officer, oldest first, or what is settled, newest first, and what nobody answers."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.forwarded_listed") as unit:
        rows = forwarding.received_list(unit, closed=closed, limit_rows=SHOWN_ROWS + 1)
        told = [] if closed else forwarding.unanswered(unit, SHOWN_ROWS)
        note_by(unit, node, operator, Event.PROTECTION_SHOWN, terminal=terminal, outcome="listed")
    late = late_before(node)
    return ForwardList(
        tuple(_line(row, late) for row in rows[:SHOWN_ROWS]),
        tuple((one.number, MunicipalityCode(one.receiver), one.told_at, one.told_at < late) for one in told),
        len(rows) > SHOWN_ROWS,
    )


def _line(row: ReceivedForward, late: datetime) -> ForwardLine:
    notice = read_forwarded(row.body) if row.body is not None else None
    return ForwardLine(
        MunicipalityCode(row.sender), row.id, row.sequence, ForwardStanding(row.standing), row.received_at,
        row.state, row.number or "", ForwardAnswer(row.answer) if row.answer else None, row.closed_at,
        tuple(one.name for one in notice.people) if notice is not None else (),
        late=row.state == "open" and row.received_at < late,
    )  # fmt: skip


def forwarded_view(
    node: Node,
    operator: Operator,
    sender: str,
    forward_id: str,
    *,
    beside: Collection[int] = (),
    terminal: str = "",
) -> ForwardView | Refusal:
    """Show one of them with whom it may mean and whom somebody chose `beside`; a line for each is durable first."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.forwarded_shown") as unit:
        row = forwarding.received(unit, sender, forward_id)
        if row is None:
            return _GONE
        notice = read_forwarded(row.body) if row.body is not None else None
        held = _standing(unit, row)
        protected = read_measure(held.body).people if held is not None else frozenset[int]()
        applicant = read_measure(held.body).applicant if held is not None else 0
        # The applicant first: whoever takes it up changes that only by choosing somebody else.
        shown = sorted(shown_of(unit, node, protected), key=lambda one: one.addressee_number != applicant)
        people = {one.addressee_number: one for one in shown}
        if notice is not None:
            people |= possible_people(unit, node, notice)
        chosen = {one.addressee_number: one for one in shown_of(unit, node, beside)}
        if len(chosen) != len(set(beside)):
            return Refusal(Reason.NOT_FOUND, juki("7"), "addressee_number")
        people |= chosen
        against = measures_against(unit, people.values()) if notice is not None else {}
        crossing = protected_among(unit, node, notice.other_parties) if notice is not None else ()
        _note(unit, node, operator, Event.PROTECTION_SHOWN, row, people.values(), terminal, "shown")
    return ForwardView(
        _line(row, late_before(node)), notice, tuple(people.values()), protected, held is not None, against, crossing
    )  # fmt: skip


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    row: ReceivedForward,
    people: Collection[ResidentRecord],
    terminal: str,
    outcome: str,
) -> None:
    note_about(
        unit, node, operator, event, tuple(people), terminal, outcome, row.number or "",
        {"from": row.sender, "forward": row.id},
    )  # fmt: skip


_Decide = Callable[[Unit, ReceivedForward, ForwardedNotice], ForwardAnswer | Refusal]


def _decided(
    node: Node, operator: Operator, name: tuple[str, str], sequence: int, terminal: str, decide: _Decide
) -> Refusal | None:
    """Let an officer settle what they have seen, in one unit: not what was replaced since by a later letter."""
    refusal = may(operator, Permission.MANAGE_PROTECTION)
    if refusal is not None:
        return refusal
    with node.store.unit("protection.forwarded_decided") as unit:
        row = forwarding.received(unit, *name, locked=True)
        if row is None:
            return _GONE
        if row.body is None:
            return _SETTLED
        if row.sequence != sequence:
            return Refusal(Reason.CHANGED_SINCE, _ARTICLE, "forward")
        answer = decide(unit, row, read_forwarded(row.body))
        if isinstance(answer, Refusal):
            return answer
        _settle(unit, node, operator, row, answer)
        if row.standing != ForwardStanding.ENDED:
            _reply(unit, node, row, answer)
        now = forwarding.received(unit, *name) or row
        held = _standing(unit, now)
        people = records_of(unit, read_measure(held.body).people) if held is not None else ()
        _note(unit, node, operator, Event.PROTECTION_ANSWERED, now, people, terminal, answer.value)
    return None


@needs_the_signer
def take_up(
    node: Node,
    operator: Operator,
    name: tuple[str, str],
    people: tuple[int, ...],
    *,
    sequence: int,
    terminal: str = "",
) -> Refusal | None:
    """Take another town's measure up for some residents, the applicant first, with the term that it told, and say so."""

    def decide(unit: Unit, row: ReceivedForward, notice: ForwardedNotice) -> ForwardAnswer | Refusal:
        held = _standing(unit, row)
        standing = read_measure(held.body) if held is not None else None
        refusal = check_taking_up(notice, standing, frozenset(people))
        if refusal is None and len(shown_of(unit, node, people)) != len(set(people)):
            refusal = Refusal(Reason.NOT_FOUND, juki("7"), "people")
        if refusal is not None:
            return refusal
        route = ForwardRoute(row.id, row.sequence, MunicipalityCode(row.sender), home_of(node))
        done = _taken(unit, node, operator, (held, standing), (notice, route), people, terminal)
        if isinstance(done, Refusal):
            return done
        forwarding.tie_received(unit, row.sender, row.id, done.number)
        return ForwardAnswer.TAKEN_UP

    return _decided(node, operator, name, sequence, terminal, decide)


def _taken(
    unit: Unit,
    node: Node,
    operator: Operator,
    own: tuple[MeasureRow | None, ProtectionMeasure | None],
    told: tuple[ForwardedNotice, ForwardRoute],
    people: tuple[int, ...],
    terminal: str,
) -> ProtectionMeasure | Refusal:
    held, standing = own
    if held is None or standing is None:
        made = measure_from(*told, people, node.clock.business_today())
        return begin_measure(
            unit, node, operator, taken_up(made, *told, people), ProtectionStep.TAKEN_UP, terminal
        )
    widened = taken_up(standing, *told, people)
    if widened == standing:
        return standing
    return widen_measure(unit, node, operator, held, widened, terminal)


@needs_the_signer
def answer_forward(
    node: Node,
    operator: Operator,
    name: tuple[str, str],
    answer: ForwardAnswer,
    *,
    sequence: int,
    terminal: str = "",
) -> Refusal | None:
    """Say what became of another town's measure where none is recorded, or that its end was seen; it ends nothing here."""

    def decide(unit: Unit, row: ReceivedForward, notice: ForwardedNotice) -> ForwardAnswer | Refusal:
        stands = _standing(unit, row) is not None
        return check_answer(answer, notice.standing, stands=stands) or answer

    return _decided(node, operator, name, sequence, terminal, decide)
