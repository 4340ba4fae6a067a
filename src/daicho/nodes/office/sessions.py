"""Sessions: one per operator, quiet for so long, lasting for so long, ended where the server says so."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daicho.gate.token import fingerprint
from daicho.nodes.office.desk import ACCESS, Office, OfficeFact, Person, person_of
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.session import session_refusal
from daicho.store import office as book
from daicho.store.unit import Unit

_ENDED = {Reason.SESSION_IDLE: "idle", Reason.SESSION_ENDED: "absolute"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened: its token goes to the browser once, and is kept nowhere."""

    token: str
    person: Person
    closed_elsewhere: str  # the terminal whose session ended by this sign-in, or ""


@dataclass(frozen=True, slots=True)
class Live:
    """A session in use."""

    session_id: str
    person: Person
    terminal: str
    opened_at: datetime
    idle_until: datetime
    absolute_until: datetime


def open_for(office: Office, unit: Unit, person: Person, *, token: str, terminal: str) -> Opened:
    """Open a session in the caller's transaction, and end the one that the operator had elsewhere."""
    operator, at = person.operator, office.clock.now()
    before = book.end_live_session(unit, operator.login_id, at=at, why="replaced")
    replaced = before is not None and before.idle_until > at and before.absolute_until > at
    row = book.SessionRow(
        session_id=office.clock.new_id(),
        login_id=operator.login_id,
        terminal=terminal,
        opened_at=at,
        last_used_at=at,
        idle_until=at + timedelta(seconds=office.limits.idle_seconds),
        absolute_until=at + timedelta(seconds=office.limits.absolute_seconds),
    )
    book.open_session(unit, row, token_hash=fingerprint(token))
    if before is not None and replaced:
        office.note(unit, _fact(person, Event.SESSION_REPLACED, before.terminal, at, before.session_id))
    office.note(unit, _fact(person, Event.SESSION_OPENED, terminal, at, row.session_id))
    return Opened(token, person, before.terminal if before is not None and replaced else "")


def live_session(office: Office, token: str, *, touch: bool = True) -> Live | Refusal:
    """Find the session of a token and note its use; one that is over is ended here and now."""
    at = office.clock.now()
    with office.store.unit("office.session") as unit:
        row = book.session(unit, fingerprint(token))
        if row is None:
            return Refusal(Reason.SESSION_ENDED, ACCESS, "session")
        if row.ended_why is not None:
            return _after_end(row.ended_why)
        known = book.operator(unit, row.login_id)
        if known is None or not known.active:
            book.end_session(unit, row.session_id, at=at, why="closed")
            return Refusal(Reason.SESSION_ENDED, ACCESS, "session")
        person = person_of(known)
        refusal = session_refusal(
            signed_in_at=row.opened_at, last_seen_at=row.last_used_at, now=at, limits=office.limits
        )
        if refusal is not None:
            book.end_session(unit, row.session_id, at=at, why=_ENDED[refusal.reason])
            office.note(unit, _fact(person, Event.SESSION_EXPIRED, row.terminal, at, row.session_id))
            return refusal
        idle_until = row.idle_until
        if touch:
            idle_until = at + timedelta(seconds=office.limits.idle_seconds)
            book.touch_session(unit, row.session_id, at=at, idle_until=idle_until)
        return Live(row.session_id, person, row.terminal, row.opened_at, idle_until, row.absolute_until)


def note_refused(office: Office, live: Live, page: str, refusal: Refusal) -> None:
    """Note that somebody who is signed in tried what is not theirs to do; `page` is its place in the table of pages."""
    at = office.clock.now()
    fact = _fact(live.person, Event.ACCESS_REFUSED, live.terminal, at, live.session_id)
    with office.store.unit("office.refused") as unit:
        office.note(
            unit,
            replace(
                fact, outcome="refused", detail={**fact.detail, "page": page, "reason": refusal.reason.value}
            ),
        )


def sign_off(office: Office, token: str) -> None:
    """End the session of a token; nothing happens when it is over already."""
    at = office.clock.now()
    with office.store.unit("office.sign_off") as unit:
        row = book.session(unit, fingerprint(token))
        if row is None or not book.end_session(unit, row.session_id, at=at, why="signed_off"):
            return
        known = book.operator(unit, row.login_id)
        if known is not None:
            office.note(unit, _fact(person_of(known), Event.SESSION_CLOSED, row.terminal, at, row.session_id))


def _after_end(why: str) -> Refusal:
    if why == "idle":
        return Refusal(Reason.SESSION_IDLE, ACCESS, "session")
    if why == "replaced":
        return Refusal(Reason.SESSION_REPLACED, ACCESS, "session")
    return Refusal(Reason.SESSION_ENDED, ACCESS, "session")


def _fact(person: Person, event: Event, terminal: str, at: datetime, session_id: str) -> OfficeFact:
    operator = person.operator
    detail = {"session": session_id}
    return OfficeFact(event, operator.login_id, operator.role_id, terminal, at, detail=detail)
