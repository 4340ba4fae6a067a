"""The book of operators: who is enrolled with which 照合ID and 操作者ID, and with which authenticator."""

import hashlib

from daicho.gate.passkey import CHALLENGE_BYTES, NotProven, ask_to_register, check_registration
from daicho.nodes.office.desk import (
    CHALLENGE_LIFE,
    IDENTIFIERS,
    Office,
    OfficeFact,
    Person,
    not_proven,
    person_of,
)
from daicho.nodes.office.sign_in import Asked
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import office as book
from daicho.store.unit import Unit

_SYSTEM = "SYSTEM"


def enrol(office: Office, person: Person, *, by: str = _SYSTEM, terminal: str = "") -> None:
    """Enter an operator into the book, or renew the one with this 照合ID."""
    operator, at = person.operator, office.clock.now()
    row = book.OperatorRow(
        operator.login_id,
        operator.role_id,
        person.display_name,
        person.section,
        tuple(role.value for role in operator.roles),
        active=True,
    )
    with office.store.unit("office.enrol") as unit:
        book.save_operator(unit, row, at=at)
        detail = {"by": by, "roles": " ".join(row.roles)}
        _note(office, unit, Event.OPERATOR_ENROLLED, row, terminal=terminal, detail=detail)


def enrol_demo_credential(office: Office, login_id: str) -> Refusal | None:
    """Give an operator of a demonstration a key of the demo authenticator; harmless when repeated."""
    demo = office.demo()
    if demo is None:
        return Refusal(Reason.DEMO_ONLY, IDENTIFIERS, "authenticator")
    challenge = office.clock.token(CHALLENGE_BYTES)
    answer = demo.register(office.place, login_id=login_id, challenge=challenge)
    made = check_registration(office.place, answer=answer, challenge=challenge)
    at = office.clock.now()
    with office.store.unit("office.enrol_demo") as unit:
        row = book.operator(unit, login_id)
        if row is None:
            return not_proven()
        credential = book.CredentialRow(
            made.credential_id, login_id, "demo", made.public_key, made.sign_count
        )
        if book.add_credential(unit, credential, at=at):
            _note(
                office,
                unit,
                Event.CREDENTIAL_ENROLLED,
                row,
                terminal="",
                detail={"authenticator": "demo"},
            )
    return None


def begin_registration(office: Office, login_id: str) -> Asked | Refusal:
    """Ask the browser of a signed-in operator for a credential of its own."""
    challenge, challenge_id = office.clock.token(CHALLENGE_BYTES), office.clock.new_id()
    with office.store.unit("office.begin_registration") as unit:
        row = book.operator(unit, login_id)
        if row is None or not row.active:
            return not_proven()
        known = tuple(one.credential_id for one in book.credentials(unit, login_id))
        book.pose_challenge(
            unit,
            challenge_id,
            ceremony="register",
            login_id=login_id,
            challenge=challenge,
            expires_at=office.clock.now() + CHALLENGE_LIFE,
        )
    options = ask_to_register(
        office.place, login_id=login_id, display_name=row.display_name, challenge=challenge, known=known
    )
    return Asked(challenge_id, options)


def finish_registration(
    office: Office, login_id: str, *, challenge_id: str, answer: str, terminal: str
) -> Refusal | None:
    """Keep the public key of a credential that was made with the user verified."""
    at = office.clock.now()
    with office.store.unit("office.finish_registration") as unit:
        row = book.operator(unit, login_id)
        challenge = book.take_challenge(unit, challenge_id, ceremony="register", login_id=login_id, at=at)
        if row is None or challenge is None:
            return not_proven()
        try:
            made = check_registration(office.place, answer=answer, challenge=challenge)
        except NotProven:
            return not_proven()
        credential = book.CredentialRow(made.credential_id, login_id, "own", made.public_key, made.sign_count)
        if not book.add_credential(unit, credential, at=at):
            return not_proven()
        _note(
            office,
            unit,
            Event.CREDENTIAL_ENROLLED,
            row,
            terminal=terminal,
            detail={"authenticator": "own"},
        )
    return None


def revoke_credential(
    office: Office, manager: Operator, *, login_id: str, credential_id: bytes, terminal: str
) -> Refusal | None:
    """Strike a credential that was lost; its operator can use it no more."""
    refusal = may(manager, Permission.MANAGE_OPERATORS)
    if refusal is not None:
        return refusal
    at = office.clock.now()
    with office.store.unit("office.revoke_credential") as unit:
        row = book.operator(unit, login_id)
        if row is None or not book.revoke_credential(unit, credential_id, at=at):
            return Refusal(Reason.NOT_FOUND, IDENTIFIERS, "credential")
        detail = {"by": manager.login_id, "credential": hashlib.sha256(credential_id).hexdigest()[:16]}
        _note(office, unit, Event.CREDENTIAL_REVOKED, row, terminal=terminal, detail=detail)
    return None


def close_operator(office: Office, manager: Operator, *, login_id: str, terminal: str) -> Refusal | None:
    """End an operator's right, and the session that may be open."""
    refusal = may(manager, Permission.MANAGE_OPERATORS)
    if refusal is not None:
        return refusal
    at = office.clock.now()
    with office.store.unit("office.close") as unit:
        row = book.operator(unit, login_id)
        if row is None or not row.active:
            return Refusal(Reason.NOT_FOUND, IDENTIFIERS, "login_id")
        closed = book.OperatorRow(
            row.login_id, row.role_id, row.display_name, row.section, row.roles, active=False
        )
        book.save_operator(unit, closed, at=at)
        book.end_live_session(unit, login_id, at=at, why="closed")
        _note(office, unit, Event.OPERATOR_CLOSED, row, terminal=terminal, detail={"by": manager.login_id})
    return None


def operators(office: Office, manager: Operator) -> tuple[Person, ...] | Refusal:
    """List the book of 照合ID and 操作者ID for whoever manages it."""
    refusal = may(manager, Permission.MANAGE_OPERATORS)
    if refusal is not None:
        return refusal
    with office.store.reading() as unit:
        return tuple(person_of(row) for row in book.operators(unit))


def _note(
    office: Office,
    unit: Unit,
    event: Event,
    row: book.OperatorRow,
    *,
    terminal: str,
    detail: dict[str, str],
) -> None:
    fact = OfficeFact(event, row.login_id, row.role_id, terminal, office.clock.now(), detail=detail)
    office.note(unit, fact)
