"""Seals behind the counter: what waits for whom, what a second person decides, cards that are made.  印鑑登録の審査"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record, read_registration, read_request
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.seals.requests import (
    SHOWN_ROWS,
    OpenRequest,
    Reached,
    SealView,
    beyond,
    note_guarantor,
    note_seal,
    open_request,
    reach,
    reach_to_change,
    standing_row,
    view_of_seal,
    with_guarantor,
    write_registration,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_enter_or_verify, permissions_of
from daicho.rules.operators.deciding import Undecided, check_decision
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import APPLICATION, CARD, CONFIRMATION, QUALIFICATION, SealOrdinance
from daicho.rules.seals.registration import (
    SealEndCause,
    SealRegistration,
    SealRequest,
    SealRequestKind,
    SealStep,
    card_handed_over,
    check_request,
    ended,
    registered,
    resumed,
    with_new_card,
)
from daicho.rules.seals.visit import SealGuarantee
from daicho.store import register, seals
from daicho.store.seals import Decided, RegistrationRow, SealRequestRow
from daicho.store.unit import Unit

REASON_CHARACTERS = 200
_WORK = "印鑑登録の事務"
_DECISION = "印鑑登録の審査"


@dataclass(frozen=True, slots=True)
class WaitingSeal:
    """A request that waits, with whom it concerns."""

    open: OpenRequest
    name: str


@dataclass(frozen=True, slots=True)
class SealToSee:
    """A registration at which something is still to be done, with whose it is."""

    registration: SealRegistration
    name: str


@dataclass(frozen=True, slots=True)
class SealWork:
    """Everything about seals that waits for somebody; `more` names the lists that go on.

    For whoever may decide: requests. For all: letters of inquiry that are out, cards to make, ends to tell of.
    """

    waiting: tuple[WaitingSeal, ...]
    inquiries: tuple[WaitingSeal, ...]
    cards: tuple[SealToSee, ...]
    to_tell: tuple[SealToSee, ...]
    more: frozenset[str]


@dataclass(frozen=True, slots=True)
class CardToMake:
    """The number that is to be put on a card, and the version of the registration in which it was read."""

    registration: str
    card_number: str
    name: str
    version: int


def seal_work(node: Node, operator: Operator, terminal: str) -> SealWork | Refusal:
    """List what waits, oldest first, with names and no address; a line for each person shown is durable first."""
    refusal = may(operator, Permission.SEARCH_RESIDENTS)
    if refusal is not None:
        return refusal
    decides = Permission.VERIFY_CHANGE in permissions_of(operator)
    limit_rows = SHOWN_ROWS + 1
    with node.store.unit("seals.queue") as unit:
        asked = {
            "waiting": seals.waiting_requests(unit, limit_rows=limit_rows) if decides else [],
            "inquiries": seals.open_inquiries(unit, limit_rows=limit_rows),
        }
        held = {
            "cards": seals.cards_that_wait(unit, limit_rows=limit_rows),
            "to_tell": seals.ends_to_tell(unit, limit_rows=limit_rows),
        }
        lists: dict[str, list[SealRequestRow] | list[RegistrationRow]] = {**asked, **held}
        people = _shown(
            unit,
            node,
            operator,
            terminal,
            {row.addressee_number for one in lists.values() for row in one[:SHOWN_ROWS]},
        )
    requests = {
        name: tuple(
            WaitingSeal(open_request(row), people.get(row.addressee_number, "")) for row in rows[:SHOWN_ROWS]
        )
        for name, rows in asked.items()
    }
    registrations = {
        name: tuple(
            SealToSee(read_registration(row.body), people.get(row.addressee_number, ""))
            for row in rows[:SHOWN_ROWS]
        )
        for name, rows in held.items()
    }
    return SealWork(
        waiting=requests["waiting"],
        inquiries=requests["inquiries"],
        cards=registrations["cards"],
        to_tell=registrations["to_tell"],
        more=frozenset(name for name, rows in lists.items() if len(rows) > SHOWN_ROWS),
    )


def _shown(
    unit: Unit, node: Node, operator: Operator, terminal: str, people: Iterable[int]
) -> dict[int, str]:
    """Name some people by their numbers, with a ledger line for each."""
    records = [read_record(row.body) for row in register.residents(unit, people)]
    note_many(
        unit,
        node,
        [
            fact_by(
                operator,
                Event.SEAL_SHOWN,
                terminal=terminal,
                purpose=_WORK,
                basis=str(APPLICATION),
                subject=subject_of(one),
                outcome="listed",
            )
            for one in records
        ],
    )
    return {one.addressee_number: one.name.kanji for one in records}


def _deciding(terminal: str) -> Purpose:
    return Purpose(_DECISION, str(CONFIRMATION), terminal)


def seal_to_decide(
    node: Node, operator: Operator, request_id: str, terminal: str
) -> tuple[OpenRequest, SealView] | Refusal:
    """Open one waiting request beside the record, for comparison with the paper and the seal."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    why = _deciding(terminal)
    with node.store.unit("seals.open") as unit:
        row = seals.seal_request(unit, request_id)
        if row is None or row.state != "waiting":
            return Refusal(Reason.NOT_PENDING, APPLICATION, "request", row.state.upper() if row else "")
        found = reach(unit, node, operator, row.addressee_number)
        if isinstance(found, Reached):
            found = with_guarantor(unit, node, operator, found, _guarantee_of(row))
        if isinstance(found, Reached):
            view = replace(view_of_seal(unit, found.shown), guarantor=found.guarantor)
            note_seal(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "shown")
            note_guarantor(unit, node, operator, found, why)
            return open_request(row), view
    return beyond(node, operator, found, why)


def _guarantee_of(row: SealRequestRow) -> SealGuarantee | None:
    application = read_request(row.body).application
    return None if application is None else application.visit.guarantee


def decide_on_seal(
    node: Node,
    operator: Operator,
    request_id: str,
    *,
    accept: bool,
    ordinance: SealOrdinance,
    terminal: str = "",
    reason: str = "",
) -> SealRegistration | Refusal | None:
    """Carry out what somebody else entered, or decline it; gives the registration as it then stands."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    why = _deciding(terminal)
    with node.store.unit("seals.decide") as unit:
        # The people before the request, as everybody who changes a seal does: two who meet wait, and neither for ever.
        asked = seals.seal_request(unit, request_id)
        if asked is None:
            return Refusal(Reason.NOT_PENDING, APPLICATION, "request")
        found = reach_to_change(unit, node, operator, asked.addressee_number, _guarantee_of(asked))
        row = seals.lock_request(unit, request_id) or asked
        refusal = _may_decide(row, operator)
        if refusal is not None:
            return refusal
        if isinstance(found, Reached):
            made = _carried_out(unit, node, operator, row, found, ordinance) if accept else None
            if isinstance(made, Refusal):
                return made
            state = "accepted" if accept else "declined"
            decided = Decided(
                state, operator.login_id, node.clock.now(), reason[:REASON_CHARACTERS], row.answered_by
            )
            seals.move_request(unit, row.id, row.body, decided)
            detail = {"kind": row.kind, "request": row.id}
            note_seal(unit, node, operator, Event.SEAL_DECIDED, found.record, why, state, detail)
            return made
    return beyond(node, operator, found, why)


def _may_decide(row: SealRequestRow, operator: Operator) -> Refusal | None:
    """Refuse what does not wait any more, and whoever entered the request or noted the answer to the letter."""
    answering = (row.asked_by, row.answered_by or "")
    undecided = Undecided(APPLICATION, "request", row.state, "waiting", answering)
    return check_decision(undecided, operator.login_id)


def _carried_out(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: SealRequestRow,
    found: Reached,
    ordinance: SealOrdinance,
) -> SealRegistration | Refusal:
    request, today = read_request(row.body), node.clock.business_today()
    before = standing_row(unit, row.addressee_number)
    standing = None if before is None else read_registration(before.body)
    refusal = check_request(request, found.record, standing, ordinance, today, found.guarantor)
    if refusal is not None:
        return refusal
    if request.application is not None:
        if standing is not None:
            former = ended(standing, SealEndCause.CHANGED, today)
            if isinstance(former, Refusal):
                return former
            write_registration(unit, node, operator, former, SealEndCause.CHANGED.value, before=before)
        numbers = seals.draw_number(unit), seals.draw_card_number(unit)
        made = registered(request.application, found.record, *numbers, today)
        write_registration(unit, node, operator, made, SealStep.REGISTERED.value, before=None)
        return made
    if standing is None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, QUALIFICATION, "registration")
    changed, step = _changed(unit, request, standing, today)
    if not isinstance(changed, Refusal):
        write_registration(unit, node, operator, changed, step, before=before)
    return changed


def _changed(
    unit: Unit, request: SealRequest, standing: SealRegistration, today: date
) -> tuple[SealRegistration | Refusal, str]:
    if request.kind is SealRequestKind.RESUME:
        return resumed(standing), SealStep.RESUMED.value
    if request.kind is SealRequestKind.EXCHANGE_CARD:
        return with_new_card(standing, seals.draw_card_number(unit)), SealStep.CARD_EXCHANGED.value
    cause = request.cause or SealEndCause.REQUESTED
    return ended(standing, cause, today), cause.value


def card_to_make(
    node: Node, operator: Operator, addressee_number: int, terminal: str
) -> CardToMake | Refusal:
    """Tell the number of a card that was not handed over yet; each time leaves a line."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    why = Purpose(_WORK, str(CARD), terminal)
    with node.store.unit("seals.card") as unit:
        found = reach(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            row = _waiting_card(unit, addressee_number)
            if isinstance(row, Refusal):
                return row
            detail = {"registration": row.number}
            note_seal(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "card", detail)
            return CardToMake(row.number, row.card_number, found.record.name.kanji, row.version)
    return beyond(node, operator, found, why)


def _waiting_card(unit: Unit, addressee_number: int) -> RegistrationRow | Refusal:
    row = standing_row(unit, addressee_number)
    if row is None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, CARD, "registration")
    return row if row.card_waits else Refusal(Reason.SEAL_CARD_HANDED_OVER, CARD, "registration")


def hand_over_card(
    node: Node, operator: Operator, addressee_number: int, version: int, terminal: str
) -> Refusal | None:
    """Note that the card whose number was read in this version was handed over: nobody reads the number any more."""
    refusal = may_enter_or_verify(operator)
    if refusal is not None:
        return refusal
    why = Purpose(_WORK, str(CARD), terminal)
    with node.store.unit("seals.handed") as unit:
        found = reach_to_change(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            row = standing_row(unit, addressee_number)
            if row is None or row.version != version:
                return Refusal(Reason.CHANGED_SINCE, CARD, "registration")
            return _handed_over(unit, node, operator, found.record, row, why)
    return beyond(node, operator, found, why)


def _handed_over(
    unit: Unit, node: Node, operator: Operator, record: ResidentRecord, row: RegistrationRow, why: Purpose
) -> Refusal | None:
    handed = card_handed_over(read_registration(row.body), node.clock.business_today())
    if isinstance(handed, Refusal):
        return handed
    step = SealStep.CARD_HANDED_OVER.value
    write_registration(unit, node, operator, handed, step, before=row)
    detail = {"registration": row.number}
    note_seal(unit, node, operator, Event.SEAL_CHANGED, record, why, step, detail)
    return None
