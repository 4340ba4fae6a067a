"""Signing in: the operator types the 照合ID, and an authenticator that verified the person answers."""

import hashlib
from dataclasses import dataclass

from daicho.gate.passkey import CHALLENGE_BYTES, Enrolled, NotProven, ask_to_sign_in, check_sign_in
from daicho.gate.token import TOKEN_BYTES, text_of
from daicho.nodes.office.desk import (
    CHALLENGE_LIFE,
    IDENTIFIERS,
    Office,
    OfficeFact,
    Person,
    not_proven,
    person_of,
)
from daicho.nodes.office.sessions import Opened, open_for
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.store import office as book
from daicho.store.unit import Unit

LOGIN_ID_CHARACTERS = 32
_NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge for the browser: the options as JSON, and the name under which we remember it."""

    challenge_id: str
    options: str


def begin_sign_in(office: Office, login_id: str) -> Asked | Refusal:
    """Ask for a proof; an unknown 照合ID gets options that look like anybody's."""
    login_id = login_id.strip().upper()
    if not login_id or len(login_id) > LOGIN_ID_CHARACTERS:
        return Refusal(Reason.FIELD_MISSING, IDENTIFIERS, "login_id")
    with office.store.unit("office.begin_sign_in") as unit:
        known = tuple(
            one.credential_id for one in _usable(office, unit, login_id) if one.authenticator == "own"
        )
        challenge_id, challenge = _pose(office, unit, login_id)
    shown = known or (_decoy(office, login_id),)
    return Asked(challenge_id, ask_to_sign_in(office.place, challenge=challenge, credentials=shown))


def finish_sign_in(
    office: Office, login_id: str, *, challenge_id: str, answer: str, terminal: str
) -> Opened | Refusal:
    """Check the answer and open the operator's only session; a session open elsewhere ends."""
    return _finish(
        office,
        login_id.strip().upper(),
        challenge_id=challenge_id,
        answer=answer,
        terminal=terminal,
        authenticator="own",
    )


def demo_sign_in(office: Office, login_id: str, *, terminal: str) -> Opened | Refusal:
    """Sign in by the demo authenticator, through the same challenge and the same checks."""
    demo = office.demo()
    if demo is None:
        return Refusal(Reason.DEMO_ONLY, IDENTIFIERS, "authenticator")
    login_id = login_id.strip().upper()
    if not login_id or len(login_id) > LOGIN_ID_CHARACTERS:
        return Refusal(Reason.FIELD_MISSING, IDENTIFIERS, "login_id")
    with office.store.unit("office.demo_sign_in") as unit:
        held = [one for one in _usable(office, unit, login_id) if one.authenticator == "demo"]
        challenge_id, challenge = _pose(office, unit, login_id)
    count = held[0].sign_count + 1 if held else 1
    answer = demo.sign_in(office.place, login_id=login_id, challenge=challenge, sign_count=count)
    return _finish(
        office, login_id, challenge_id=challenge_id, answer=answer, terminal=terminal, authenticator="demo"
    )


def _pose(office: Office, unit: Unit, login_id: str) -> tuple[str, bytes]:
    challenge_id, challenge = office.clock.new_id(), office.clock.token(CHALLENGE_BYTES)
    book.pose_challenge(
        unit,
        challenge_id,
        ceremony="sign_in",
        login_id=login_id,
        challenge=challenge,
        expires_at=office.clock.now() + CHALLENGE_LIFE,
    )
    return challenge_id, challenge


def _finish(
    office: Office, login_id: str, *, challenge_id: str, answer: str, terminal: str, authenticator: str
) -> Opened | Refusal:
    with office.store.unit("office.sign_in") as unit:
        outcome = _prove(
            office, unit, login_id, challenge_id=challenge_id, answer=answer, authenticator=authenticator
        )
        if isinstance(outcome, Refusal):
            known = book.operator(unit, login_id)
            role_id = known.role_id if known else _NOBODY
            fact = OfficeFact(
                Event.SESSION_REFUSED, login_id, role_id, terminal, office.clock.now(), "refused"
            )
            office.note(unit, fact)
            return outcome
        return open_for(
            office, unit, outcome, token=text_of(office.clock.token(TOKEN_BYTES)), terminal=terminal
        )


def _prove(
    office: Office, unit: Unit, login_id: str, *, challenge_id: str, answer: str, authenticator: str
) -> Person | Refusal:
    at = office.clock.now()
    challenge = book.take_challenge(unit, challenge_id, ceremony="sign_in", login_id=login_id, at=at)
    row = book.operator(unit, login_id)
    if challenge is None or row is None or not row.active:
        return not_proven()
    for one in _usable(office, unit, login_id):
        if one.authenticator != authenticator:
            continue
        enrolled = Enrolled(one.credential_id, one.public_key, one.sign_count)
        try:
            proven = check_sign_in(office.place, answer=answer, challenge=challenge, enrolled=enrolled)
        except NotProven:
            continue
        moved = book.credential_used(
            unit, one.credential_id, sign_count=proven.sign_count, before=one.sign_count, at=at
        )
        return person_of(row) if moved else not_proven()
    return not_proven()


def _usable(office: Office, unit: Unit, login_id: str) -> tuple[book.CredentialRow, ...]:
    demo = office.demo() is not None
    return tuple(one for one in book.credentials(unit, login_id) if demo or one.authenticator != "demo")


def _decoy(office: Office, login_id: str) -> bytes:
    # The same 照合ID always gets the same decoy, so that asking twice tells nothing.
    return hashlib.sha256(f"decoy {office.place.origin} {login_id}".encode()).digest()
