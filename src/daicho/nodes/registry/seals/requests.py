"""Seal registration at the counter: applications, letters of inquiry, what is asked for, stops.  印鑑登録"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import (
    read_record,
    read_registration,
    read_request,
    registration_row,
    request_body,
)
from daicho.nodes.registry.cards.shown import card_of_visit
from daicho.nodes.registry.guarding import KEPT_BACK, kept_resident, note_kept_back, veil_for
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.stops import as_stopped
from daicho.paper.imprints import MalformedImprint, read_imprint
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.processing import StopKind
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import APPLICATION, FITNESS, NOTICE, QUALIFICATION, SealOrdinance
from daicho.rules.seals.registration import (
    ApplicationPath,
    SealApplication,
    SealRegistration,
    SealRequest,
    SealRequestKind,
    SealStep,
    SuspensionCause,
    check_request,
    decide_on_application,
    impression_of,
    names_registration,
    suspended,
    told_of_end,
    with_answer,
    with_inquiry,
)
from daicho.rules.seals.visit import CounterVisit, SealGuarantee
from daicho.store import seals
from daicho.store.seals import (
    Decided,
    RegistrationRow,
    SealPaperRow,
    SealRequestRow,
    SealStepRow,
    UnmetRequestRow,
)
from daicho.store.unit import Unit

SHOWN_ROWS = 200
_GONE = Refusal(Reason.NOT_FOUND, QUALIFICATION, "addressee_number")
_NO_REQUEST = Refusal(Reason.NOT_FOUND, APPLICATION, "request")


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What is open about somebody's seal: entered by whom, when, in which state."""

    request_id: str
    request: SealRequest
    state: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class SealView:
    """Somebody's seal with everything that became of it; the print itself is read apart.

    `more` names the lists that go on beyond what is shown; `guarantor` is who vouches for an application that is open.
    """

    record: ResidentRecord
    standing: SealRegistration | None
    past: tuple[SealRegistration, ...]
    request: OpenRequest | None
    steps: tuple[SealStepRow, ...]
    papers: tuple[SealPaperRow, ...]
    unmet: tuple[UnmetRequestRow, ...]
    more: frozenset[str]
    guarantor: SealRegistration | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A resident whom an operator may reach: the record, and as much of it as may be shown, and who vouches for them."""

    record: ResidentRecord
    shown: ResidentRecord
    guarantor: SealRegistration | None = None
    guarantor_record: ResidentRecord | None = None


def _may_act(operator: Operator, permission: Permission, why: Purpose) -> Refusal | None:
    return may(operator, permission) or check_purpose(why.purpose, why.basis)


def reach(unit: Unit, node: Node, operator: Operator, number: int) -> Reached | str | None:
    """Give somebody, or the subject where a measure keeps them from this operator, or nothing."""
    held = kept_resident(unit, node, number)
    if held is None:
        return None
    record = read_record(held.body)
    veil = veil_for(unit, operator, [number], node.clock.business_now())
    return (
        subject_of(record)
        if veil.hidden
        else Reached(
            as_stopped(unit, StopKind.CHANGES, record, node.clock.business_today()), veil.over(record)
        )
    )


def reach_to_change(
    unit: Unit, node: Node, operator: Operator, number: int, guarantee: SealGuarantee | None = None
) -> Reached | str | None:
    """Let nobody else change somebody's seal, or that of who vouches for them, and reach for both."""
    row = seals.registration(unit, guarantee.registration) if guarantee is not None else None
    seals.hold_people(unit, {number} if row is None else {number, row.addressee_number})
    found = reach(unit, node, operator, number)
    return with_guarantor(unit, node, operator, found, guarantee) if isinstance(found, Reached) else found


def with_guarantor(
    unit: Unit, node: Node, operator: Operator, found: Reached, guarantee: SealGuarantee | None
) -> Reached | str | None:
    """Join who vouches for somebody, or give the subject where a measure keeps the guarantor from this operator.

    Whoever writes a number without the name that belongs to it hears nothing of whose it is.
    """
    row = seals.registration(unit, guarantee.registration) if guarantee is not None else None
    vouching = read_registration(row.body) if row is not None else None
    if guarantee is None or vouching is None or not names_registration(guarantee, vouching):
        return found
    beside = reach(unit, node, operator, vouching.addressee_number)
    if not isinstance(beside, Reached):
        return beside
    return replace(found, guarantor=vouching, guarantor_record=beside.record)


def beyond(node: Node, operator: Operator, found: str | None, why: Purpose) -> Refusal:
    """Refuse what was not reached; an attempt at somebody protected leaves a line."""
    if found is None:
        return _GONE
    note_kept_back(node, operator, [found], why.terminal)
    return KEPT_BACK


def note_seal(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    record: ResidentRecord,
    why: Purpose,
    outcome: str,
    detail: dict[str, str] | None = None,
) -> None:
    """Write one ledger line about somebody's seal."""
    note_by(
        unit, node, operator, event, terminal=why.terminal, purpose=why.purpose, basis=why.basis,
        subject=subject_of(record), outcome=outcome, detail=detail,
    )  # fmt: skip


def note_guarantor(unit: Unit, node: Node, operator: Operator, found: Reached, why: Purpose) -> None:
    """Write that the seal of who vouches for somebody was looked at."""
    if found.guarantor_record is not None:
        note_seal(unit, node, operator, Event.SEAL_SHOWN, found.guarantor_record, why, "guarantor")


def seal_view(node: Node, operator: Operator, addressee_number: int, why: Purpose) -> SealView | Refusal:
    """Show somebody's seal registration; the ledger line is durable first."""
    refusal = _may_act(operator, Permission.SEARCH_RESIDENTS, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.show") as unit:
        found = reach(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            view = view_of_seal(unit, found.shown)
            note_seal(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "shown")
            return view
    return beyond(node, operator, found, why)


def view_of_seal(unit: Unit, record: ResidentRecord) -> SealView:
    """Read what there is about somebody's seal; each list but that of registrations ends at some length."""
    number, limit_rows = record.addressee_number, SHOWN_ROWS + 1
    rows = [read_registration(row.body) for row in seals.registrations_of(unit, number)]
    row = seals.open_request_of(unit, number)
    steps = seals.steps_of_seals(unit, number, limit_rows=limit_rows)
    papers = seals.seal_papers_of(unit, number, limit_rows=limit_rows)
    unmet = seals.unmet_requests_of(unit, number, limit_rows=limit_rows)
    lists: dict[str, Sequence[object]] = {"steps": steps, "papers": papers, "unmet": unmet}
    return SealView(
        record=record,
        standing=next((one for one in rows if one.end is None), None),
        past=tuple(one for one in rows if one.end is not None),
        request=None if row is None else open_request(row),
        steps=tuple(steps[:SHOWN_ROWS]),
        papers=tuple(papers[:SHOWN_ROWS]),
        unmet=tuple(unmet[:SHOWN_ROWS]),
        more=frozenset(name for name, one in lists.items() if len(one) > SHOWN_ROWS),
    )


def open_request(row: SealRequestRow) -> OpenRequest:
    """Read what is open about somebody's seal."""
    return OpenRequest(row.id, read_request(row.body), row.state, row.asked_by, row.asked_at, row.answered_by)


def seal_print(
    node: Node, operator: Operator, addressee_number: int, image_id: str, why: Purpose
) -> bytes | Refusal:
    """Give the picture of a print that belongs to somebody whom the operator may reach; each leaves a line."""
    refusal = _may_act(operator, Permission.SEARCH_RESIDENTS, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.print") as unit:
        found = reach(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            own = {row.image_id for row in seals.registrations_of(unit, addressee_number)}
            row = seals.open_request_of(unit, addressee_number)
            picture = (
                seals.image(unit, image_id) if image_id in own | {row.image_id if row else None} else None
            )
            if picture is None:
                return Refusal(Reason.NOT_FOUND, FITNESS, "image")
            note_seal(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "print")
            return picture
    return beyond(node, operator, found, why)


def apply_for_seal(
    node: Node,
    operator: Operator,
    application: SealApplication,
    scan: bytes,
    why: Purpose,
    ordinance: SealOrdinance,
) -> OpenRequest | Refusal:
    """Keep an application with the scanned print: for a second person, or first for the answer to a letter.

    What the application says of the print is not heard: it is measured here.
    """
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    try:
        imprint = read_imprint(scan)
    except MalformedImprint:
        return Refusal(Reason.SEAL_IMAGE_UNREADABLE, FITNESS, "image")
    image_id = node.clock.new_id()
    impression = impression_of(image_id, imprint.across, imprint.down, imprint.per_metre)
    measured = replace(application, impression=impression)
    today = node.clock.business_today()

    def enter(unit: Unit, found: Reached, standing: SealRegistration | None) -> SealRequest | Refusal:
        path = decide_on_application(measured, found.record, standing, ordinance, today, found.guarantor)
        if isinstance(path, Refusal):
            return path
        seals.keep_image(unit, image_id, imprint.png)
        request = SealRequest(
            SealRequestKind.REGISTER, measured.addressee_number, today, measured.visit, measured
        )
        return with_inquiry(request, today, ordinance) if path is ApplicationPath.BY_INQUIRY else request

    return _entered(node, operator, measured.addressee_number, why, enter, measured.visit)


def ask_about_seal(
    node: Node, operator: Operator, request: SealRequest, why: Purpose, ordinance: SealOrdinance
) -> OpenRequest | Refusal:
    """Ask a second person to abolish, to let stand again, or to give another card."""
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()

    def enter(_: Unit, found: Reached, standing: SealRegistration | None) -> SealRequest | Refusal:
        if request.kind is SealRequestKind.REGISTER:
            return Refusal(Reason.FIELD_UNKNOWN_VALUE, APPLICATION, "kind")
        return check_request(request, found.record, standing, ordinance, today) or request

    return _entered(
        node, operator, request.addressee_number, why, enter, replace(request.visit, guarantee=None)
    )


_Enter = Callable[[Unit, Reached, SealRegistration | None], SealRequest | Refusal]


def _entered(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    enter: _Enter,
    visit: CounterVisit,
) -> OpenRequest | Refusal:
    with node.store.unit("seals.enter") as unit:
        found = reach_to_change(unit, node, operator, addressee_number, visit.guarantee)
        if isinstance(found, Reached):
            note_guarantor(unit, node, operator, found, why)
            if seals.open_request_of(unit, addressee_number) is not None:
                return Refusal(Reason.SEAL_REQUEST_WAITING, APPLICATION, "request")
            refusal = card_of_visit(unit, node, visit, found.record)
            if refusal is not None:
                return refusal
            standing = standing_row(unit, addressee_number)
            request = enter(unit, found, None if standing is None else read_registration(standing.body))
            if isinstance(request, Refusal):
                return request
            state = "inquiry" if request.awaits_answer else "waiting"
            print_ = request.application.impression.image_id if request.application is not None else None
            row = SealRequestRow(
                node.clock.new_id(), addressee_number, request.kind.value, state, operator.login_id,
                node.clock.now(), None, print_, request_body(request),
            )  # fmt: skip
            seals.keep_request(unit, row)
            detail = {"kind": row.kind, "request": row.id}
            note_seal(unit, node, operator, Event.SEAL_ENTERED, found.record, why, state, detail)
            return open_request(row)
    return beyond(node, operator, found, why)


def standing_row(unit: Unit, addressee_number: int) -> RegistrationRow | None:
    """Read the registration of somebody that stands."""
    rows = seals.standing_of(unit, [addressee_number])
    return rows[0] if rows else None


def note_answer(
    node: Node,
    operator: Operator,
    addressee_number: int,
    answered_on: date,
    bringer: CounterVisit,
    why: Purpose,
) -> Refusal | None:
    """Note that the person's own answer to the letter of inquiry was brought; now a second person decides."""
    today = node.clock.business_today()
    return _moved(
        node,
        operator,
        addressee_number,
        why,
        "waiting",
        lambda request: with_answer(request, answered_on, bringer, today),
        bringer,
    )


def withdraw_request(node: Node, operator: Operator, addressee_number: int, why: Purpose) -> Refusal | None:
    """Close what nobody has decided: withdrawn, or the answer did not come in time."""
    return _moved(node, operator, addressee_number, why, "withdrawn", lambda request: request)


def _moved(
    node: Node,
    operator: Operator,
    addressee_number: int,
    why: Purpose,
    state: str,
    change: Callable[[SealRequest], SealRequest | Refusal],
    bringer: CounterVisit | None = None,
) -> Refusal | None:
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.move") as unit:
        found = reach_to_change(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            row = seals.open_request_of(unit, addressee_number)
            if row is None:
                return _NO_REQUEST
            refusal = None if bringer is None else card_of_visit(unit, node, bringer, found.record)
            if refusal is not None:
                return refusal
            changed = change(read_request(row.body))
            if isinstance(changed, Refusal):
                return changed
            answered_by = operator.login_id if state == "waiting" else row.answered_by
            seals.move_request(unit, row.id, request_body(changed), Decided(state, answered_by=answered_by))
            detail = {"kind": row.kind, "request": row.id}
            note_seal(unit, node, operator, Event.SEAL_ENTERED, found.record, why, state, detail)
            return None
    return beyond(node, operator, found, why)


def suspend_seal(
    node: Node, operator: Operator, addressee_number: int, cause: SuspensionCause, why: Purpose
) -> Refusal | None:
    """Stop certificates at once."""
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.suspend") as unit:
        found = reach_to_change(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            row = standing_row(unit, addressee_number)
            if row is None:
                return Refusal(Reason.SEAL_NOT_REGISTERED, QUALIFICATION, "registration")
            stopped = suspended(read_registration(row.body), cause, node.clock.business_today())
            if isinstance(stopped, Refusal):
                return stopped
            step = SealStep.SUSPENDED.value
            write_registration(unit, node, operator, stopped, step, before=row)
            detail = {"registration": row.number, "cause": cause.value}
            note_seal(unit, node, operator, Event.SEAL_CHANGED, found.record, why, step, detail)
            return None
    return beyond(node, operator, found, why)


def note_end_told(
    node: Node, operator: Operator, addressee_number: int, number: str, told_on: date, why: Purpose
) -> Refusal | None:
    """Note that somebody was told of the end ex officio of one of their registrations."""
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.told") as unit:
        found = reach_to_change(unit, node, operator, addressee_number)
        if isinstance(found, Reached):
            row = seals.registration(unit, number)
            if row is None or row.addressee_number != addressee_number:
                return Refusal(Reason.SEAL_NOT_REGISTERED, NOTICE, "registration")
            told = told_of_end(read_registration(row.body), told_on, node.clock.business_today())
            if isinstance(told, Refusal):
                return told
            step = SealStep.TOLD.value
            write_registration(unit, node, operator, told, step, before=row)
            detail = {"registration": number}
            note_seal(unit, node, operator, Event.SEAL_CHANGED, found.record, why, step, detail)
            return None
    return beyond(node, operator, found, why)


def write_registration(
    unit: Unit,
    node: Node,
    operator: Operator,
    registration: SealRegistration,
    step: str,
    *,
    before: RegistrationRow | None,
) -> None:
    """Write a registration as new, or in the place of what stood before the step.

    Raises: RuntimeError when that does not stand any more, although its person is held.
    """
    noted = SealStepRow(registration.number, step, operator.login_id, node.clock.now())
    if before is None:
        seals.keep_registration(unit, registration_row(registration, 1), noted)
    elif not seals.take_step(unit, registration_row(registration, before.version + 1), noted):
        raise RuntimeError("a seal changed under its lock")
