"""Seal registration at the counter: applications, letters of inquiry, what two people decide, stops.  印鑑登録"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import (
    read_record,
    read_registration,
    read_request,
    registration_row,
    request_body,
)
from daicho.nodes.registry.guarding import KEPT_BACK, note_kept_back, veil_for
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.paper.imprints import MalformedImprint, read_imprint
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may, may_verify
from daicho.rules.operators.session import check_purpose
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import APPLICATION, FITNESS, QUALIFICATION, SealOrdinance
from daicho.rules.seals.registration import (
    ApplicationPath,
    SealApplication,
    SealEndCause,
    SealRegistration,
    SealRequest,
    SealRequestKind,
    SealStep,
    SuspensionCause,
    check_request,
    decide_on_application,
    ended,
    impression_of,
    registered,
    resumed,
    suspended,
    with_answer,
    with_inquiry,
    with_new_card,
)
from daicho.store import register, seals
from daicho.store.seals import Decided, SealPaperRow, SealRequestRow, SealStepRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
REASON_CHARACTERS = 200
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
    """Somebody's seal with everything that became of it; the print itself is read apart."""

    record: ResidentRecord
    standing: SealRegistration | None
    past: tuple[SealRegistration, ...]
    request: OpenRequest | None
    steps: tuple[SealStepRow, ...]
    papers: tuple[SealPaperRow, ...]


@dataclass(frozen=True, slots=True)
class WaitingSeal:
    """A request that waits for a second person, with whom it concerns."""

    open: OpenRequest
    name: str


@dataclass(frozen=True, slots=True)
class _Reached:
    """A resident whom an operator may reach: the record, and as much of it as may be shown."""

    record: ResidentRecord
    shown: ResidentRecord


def _may_act(operator: Operator, permission: Permission, why: Purpose) -> Refusal | None:
    return may(operator, permission) or check_purpose(why.purpose, why.basis)


def _reach(unit: Unit, node: Node, operator: Operator, number: int) -> _Reached | str | None:
    """Give somebody, or the subject where a measure keeps them from this operator, or nothing."""
    held = register.resident(unit, number)
    if held is None:
        return None
    record = read_record(held.body)
    veil = veil_for(unit, operator, [number], node.clock.business_now())
    return subject_of(record) if veil.hidden else _Reached(record, veil.over(record))


def _beyond(node: Node, operator: Operator, found: str | None, why: Purpose) -> Refusal:
    if found is None:
        return _GONE
    note_kept_back(node, operator, [found], why.terminal)
    return KEPT_BACK


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    record: ResidentRecord,
    why: Purpose,
    outcome: str,
    detail: dict[str, str] | None = None,
) -> None:
    note(
        unit, node, event=event, operator_login_id=operator.login_id, operator_role_id=operator.role_id,
        terminal=why.terminal, purpose=why.purpose, basis=why.basis, subject=subject_of(record), outcome=outcome,
        detail=detail,
    )  # fmt: skip


def seal_view(node: Node, operator: Operator, addressee_number: int, why: Purpose) -> SealView | Refusal:
    """Show somebody's seal registration; the ledger line is durable first."""
    refusal = _may_act(operator, Permission.SEARCH_RESIDENTS, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.show") as unit:
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reached):
            view = _view(unit, found.shown)
            _note(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "shown")
            return view
    return _beyond(node, operator, found, why)


def _view(unit: Unit, record: ResidentRecord) -> SealView:
    number = record.addressee_number
    rows = [read_registration(row.body) for row in seals.registrations_of(unit, number)]
    row = seals.open_request_of(unit, number)
    return SealView(
        record,
        next((one for one in rows if one.end is None), None),
        tuple(one for one in rows if one.end is not None),
        None if row is None else _open(row),
        tuple(seals.steps_of_seals(unit, number, limit_rows=SHOWN_ROWS)),
        tuple(seals.seal_papers_of(unit, number, limit_rows=SHOWN_ROWS)),
    )


def _open(row: SealRequestRow) -> OpenRequest:
    return OpenRequest(row.id, read_request(row.body), row.state, row.asked_by, row.asked_at, row.answered_by)


def seal_print(
    node: Node, operator: Operator, addressee_number: int, image_id: str, why: Purpose
) -> bytes | Refusal:
    """Give the picture of a print that belongs to somebody whom the operator may reach; each leaves a line."""
    refusal = _may_act(operator, Permission.SEARCH_RESIDENTS, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.print") as unit:
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reached):
            own = {row.image_id for row in seals.registrations_of(unit, addressee_number)}
            row = seals.open_request_of(unit, addressee_number)
            picture = (
                seals.image(unit, image_id) if image_id in own | {row.image_id if row else None} else None
            )
            if picture is None:
                return Refusal(Reason.NOT_FOUND, FITNESS, "image")
            _note(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "print")
            return picture
    return _beyond(node, operator, found, why)


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

    def enter(unit: Unit, record: ResidentRecord, standing: SealRegistration | None) -> SealRequest | Refusal:
        path = decide_on_application(measured, record, standing, ordinance, today)
        if isinstance(path, Refusal):
            return path
        seals.keep_image(unit, image_id, imprint.png)
        request = SealRequest(
            SealRequestKind.REGISTER, measured.addressee_number, today, measured.visit, measured
        )
        return with_inquiry(request, today, ordinance) if path is ApplicationPath.BY_INQUIRY else request

    return _entered(node, operator, measured.addressee_number, why, enter)


def ask_about_seal(
    node: Node, operator: Operator, request: SealRequest, why: Purpose, ordinance: SealOrdinance
) -> OpenRequest | Refusal:
    """Ask a second person to abolish, to let stand again, or to give another card."""
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()

    def enter(_: Unit, record: ResidentRecord, standing: SealRegistration | None) -> SealRequest | Refusal:
        if request.kind is SealRequestKind.REGISTER:
            return Refusal(Reason.FIELD_UNKNOWN_VALUE, APPLICATION, "kind")
        return check_request(request, record, standing, ordinance, today) or request

    return _entered(node, operator, request.addressee_number, why, enter)


_Enter = Callable[[Unit, ResidentRecord, SealRegistration | None], SealRequest | Refusal]


def _entered(
    node: Node, operator: Operator, addressee_number: int, why: Purpose, enter: _Enter
) -> OpenRequest | Refusal:
    with node.store.unit("seals.enter") as unit:
        seals.hold_people(unit, [addressee_number])
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reached):
            if seals.open_request_of(unit, addressee_number) is not None:
                return Refusal(Reason.SEAL_REQUEST_WAITING, APPLICATION, "request")
            request = enter(unit, found.record, _standing(unit, addressee_number))
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
            _note(unit, node, operator, Event.SEAL_ENTERED, found.record, why, state, detail)
            return _open(row)
    return _beyond(node, operator, found, why)


def _standing(unit: Unit, addressee_number: int) -> SealRegistration | None:
    rows = seals.standing_of(unit, [addressee_number])
    return read_registration(rows[0].body) if rows else None


def note_answer(
    node: Node, operator: Operator, addressee_number: int, answered_on: date, why: Purpose
) -> Refusal | None:
    """Note that the person's own answer to the letter of inquiry was brought; now a second person decides."""
    today = node.clock.business_today()
    return _moved(
        node,
        operator,
        addressee_number,
        why,
        "waiting",
        lambda request: with_answer(request, answered_on, today),
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
) -> Refusal | None:
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.move") as unit:
        seals.hold_people(unit, [addressee_number])
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reached):
            row = seals.open_request_of(unit, addressee_number)
            if row is None:
                return _NO_REQUEST
            changed = change(read_request(row.body))
            if isinstance(changed, Refusal):
                return changed
            answered_by = operator.login_id if state == "waiting" else row.answered_by
            seals.move_request(unit, row.id, request_body(changed), Decided(state, answered_by=answered_by))
            detail = {"kind": row.kind, "request": row.id}
            _note(unit, node, operator, Event.SEAL_ENTERED, found.record, why, state, detail)
            return None
    return _beyond(node, operator, found, why)


def suspend_seal(
    node: Node, operator: Operator, addressee_number: int, cause: SuspensionCause, why: Purpose
) -> Refusal | None:
    """Stop certificates at once."""
    refusal = _may_act(operator, Permission.ENTER_CHANGE, why)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.suspend") as unit:
        seals.hold_people(unit, [addressee_number])
        found = _reach(unit, node, operator, addressee_number)
        if isinstance(found, _Reached):
            standing = _standing(unit, addressee_number)
            if standing is None:
                return Refusal(Reason.SEAL_NOT_REGISTERED, QUALIFICATION, "registration")
            stopped = suspended(standing, cause, node.clock.business_today())
            if isinstance(stopped, Refusal):
                return stopped
            _write(unit, node, operator, stopped, SealStep.SUSPENDED.value)
            detail = {"registration": standing.number, "cause": cause.value}
            _note(
                unit, node, operator, Event.SEAL_CHANGED, found.record, why, SealStep.SUSPENDED.value, detail
            )
            return None
    return _beyond(node, operator, found, why)


def _write(unit: Unit, node: Node, operator: Operator, registration: SealRegistration, step: str) -> None:
    """Write a registration as new, or in the place of what stands under its number."""
    noted = SealStepRow(registration.number, step, operator.login_id, node.clock.now())
    standing = seals.standing_of(unit, [registration.addressee_number])
    version = next((row.version for row in standing if row.number == registration.number), 0)
    row = registration_row(registration, version + 1)
    if version:
        seals.take_step(unit, row, noted)
    else:
        seals.keep_registration(unit, row, noted)


def waiting_seals(node: Node, operator: Operator) -> tuple[WaitingSeal, ...] | Refusal:
    """List what waits for a second person, oldest first; names only, no address."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    with node.store.unit("seals.queue") as unit:
        rows = seals.waiting_requests(unit, limit_rows=SHOWN_ROWS)
        held = register.residents(unit, {row.addressee_number for row in rows})
        names = {one.addressee_number: one.name.kanji for one in (read_record(row.body) for row in held)}
    return tuple(WaitingSeal(_open(row), names.get(row.addressee_number, "")) for row in rows)


def seal_to_decide(
    node: Node, operator: Operator, request_id: str, terminal: str
) -> tuple[OpenRequest, SealView] | Refusal:
    """Open one waiting request beside the record, for comparison with the paper and the seal."""
    refusal = may(operator, Permission.VERIFY_CHANGE)
    if refusal is not None:
        return refusal
    why = Purpose("", "", terminal)
    with node.store.unit("seals.open") as unit:
        row = seals.seal_request(unit, request_id)
        if row is None or row.state != "waiting":
            return Refusal(Reason.NOT_PENDING, APPLICATION, "request", row.state.upper() if row else "")
        found = _reach(unit, node, operator, row.addressee_number)
        if isinstance(found, _Reached):
            view = _view(unit, found.shown)
            _note(unit, node, operator, Event.SEAL_SHOWN, found.record, why, "shown")
            return _open(row), view
    return _beyond(node, operator, found, why)


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
    why = Purpose("", "", terminal)
    with node.store.unit("seals.decide") as unit:
        # The person before the request, as everybody who changes a seal does: two who meet wait, and neither for ever.
        asked = seals.seal_request(unit, request_id)
        if asked is not None:
            seals.hold_people(unit, [asked.addressee_number])
        row = seals.lock_request(unit, request_id)
        if row is None or row.state != "waiting":
            return Refusal(Reason.NOT_PENDING, APPLICATION, "request", row.state.upper() if row else "")
        refusal = may_verify(row.asked_by, operator.login_id) or may_verify(
            row.answered_by or "", operator.login_id
        )
        if refusal is not None:
            return refusal
        found = _reach(unit, node, operator, row.addressee_number)
        if isinstance(found, _Reached):
            made = _carried_out(unit, node, operator, row, found.record, ordinance) if accept else None
            if isinstance(made, Refusal):
                return made
            state = "accepted" if accept else "declined"
            decided = Decided(
                state, operator.login_id, node.clock.now(), reason[:REASON_CHARACTERS], row.answered_by
            )
            seals.move_request(unit, row.id, row.body, decided)
            detail = {"kind": row.kind, "request": row.id}
            _note(unit, node, operator, Event.SEAL_DECIDED, found.record, why, state, detail)
            return made
    return _beyond(node, operator, found, why)


def _carried_out(
    unit: Unit,
    node: Node,
    operator: Operator,
    row: SealRequestRow,
    record: ResidentRecord,
    ordinance: SealOrdinance,
) -> SealRegistration | Refusal:
    request, today = read_request(row.body), node.clock.business_today()
    standing = _standing(unit, row.addressee_number)
    refusal = check_request(request, record, standing, ordinance, today)
    if refusal is not None:
        return refusal
    if request.application is not None:
        if standing is not None:
            former = ended(standing, SealEndCause.CHANGED, today)
            if isinstance(former, Refusal):
                return former
            _write(unit, node, operator, former, SealEndCause.CHANGED.value)
        numbers = seals.draw_number(unit), seals.draw_card_number(unit)
        made = registered(request.application, record, *numbers, today)
        _write(unit, node, operator, made, SealStep.REGISTERED.value)
        return made
    if standing is None:
        return Refusal(Reason.SEAL_NOT_REGISTERED, QUALIFICATION, "registration")
    changed, step = _changed(unit, request, standing, today)
    if not isinstance(changed, Refusal):
        _write(unit, node, operator, changed, step)
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
