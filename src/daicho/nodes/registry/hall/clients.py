"""The systems of other offices, for whoever looks after the link: opened, given scopes by two people, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.hall.calling import SECRET_BYTES, as_client, hash_of_secret, secret_text
from daicho.rules.hall.access import (
    RENEWAL,
    SECRET_OVERLAP,
    STANDARD,
    WORD_LIFE,
    HallClient,
    HallScope,
    check_client,
    check_scope,
    check_standing,
)
from daicho.rules.hall.offices import HallOffice, NumberOrdinance, OfficeDuty, duty_of
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.operators.deciding import Undecided, check_decision
from daicho.store import hall_clients, hall_feed
from daicho.store.hall_clients import ClientRow, ScopeProposalRow, SecretRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
SHOWN_SECRETS = 10
WHY_CHARACTERS = 200
_ID_CHARACTERS = 12
_GONE = Refusal(Reason.NOT_FOUND, STANDARD, "client_id")


@dataclass(frozen=True, slots=True)
class ClientStanding:
    """One system, how far it has read and how many places are before it."""

    client: HallClient
    cursor: int
    behind: int
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingScope:
    """A scope, or without one the word for a new secret, that waits for a second person, with the system that it is for."""

    proposal: ScopeProposalRow
    scope: HallScope | None
    client: HallClient


@dataclass(frozen=True, slots=True)
class ClientsOverview:
    """All systems, what waits for a second person, and how long the feed is."""

    clients: tuple[ClientStanding, ...]
    waiting: tuple[WaitingScope, ...]
    end: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class ClientView:
    """One system with everything that was asked for it and when its secrets were made."""

    standing: ClientStanding
    duty: OfficeDuty | None
    proposals: tuple[ScopeProposalRow, ...]
    secrets: tuple[SecretRow, ...]


def _may(operator: Operator) -> Refusal | None:
    return may(operator, Permission.MANAGE_HALL_LINKS)


def clients_overview(node: Node, operator: Operator) -> ClientsOverview | Refusal:
    """List all systems with how far they have read, and what waits for a second person; nothing about anybody."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        end, unplaced = hall_feed.end(unit), hall_feed.unplaced(unit)
        rows = hall_clients.clients(unit, limit_rows=SHOWN_ROWS)
        proposals = hall_clients.waiting_scopes(unit, limit_rows=SHOWN_ROWS)
        known = {row.client_id: row for row in rows}
        waiting = tuple(
            WaitingScope(one, scope_asked(one), as_client(known[one.client_id]))
            for one in proposals
            if one.client_id in known
        )
    return ClientsOverview(tuple(_standing(row, end + unplaced) for row in rows), waiting, end, unplaced)


def allowed_systems(node: Node) -> tuple[HallClient, ...]:
    """List the systems of the hall that may read anything today, with what; nothing about anybody.  庁内の接続の許可一覧"""
    with node.store.reading() as unit:
        rows = hall_clients.clients(unit, limit_rows=SHOWN_ROWS)
    today = node.clock.business_today()
    known = [as_client(row) for row in rows]
    return tuple(one for one in known if one.scopes and check_standing(one, today) is None)


def scope_asked(proposal: ScopeProposalRow) -> HallScope | None:
    """Tell which scope is asked for; none where it is the word for a new secret."""
    return None if proposal.scope == RENEWAL else HallScope(proposal.scope)


def _standing(row: ClientRow, end: int) -> ClientStanding:
    return ClientStanding(as_client(row), row.cursor, max(0, end - row.cursor), row.read_at)


def client_view(node: Node, operator: Operator, client_id: str) -> ClientView | Refusal:
    """Show one system; of its secrets only when they were made."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.show") as unit:
        row = hall_clients.client(unit, client_id)
        if row is None:
            return _GONE
        standing = _standing(row, hall_feed.end(unit) + hall_feed.unplaced(unit))
        proposals = tuple(hall_clients.scope_proposals_of(unit, client_id, limit_rows=SHOWN_ROWS))
        secrets = tuple(hall_clients.secrets_of(unit, client_id, limit_rows=SHOWN_SECRETS))
    duty = duty_of(standing.client.office, node.clock.business_today())
    return ClientView(standing, None if isinstance(duty, Refusal) else duty, proposals, secrets)


def open_client(
    node: Node, operator: Operator, office: HallOffice, title: str, valid_until: date, *, terminal: str = ""
) -> str | Refusal:
    """Open a system of an office, without any scope; it begins to read behind what is told today."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    today = node.clock.business_today()
    client_id = f"{office.value.lower().replace('_', '-')}-{node.clock.new_id()[-_ID_CHARACTERS:]}"
    refusal = check_client(HallClient(client_id, office, title, today, valid_until))
    if refusal is not None:
        return refusal
    with node.store.unit("hall.open") as unit:
        hall_feed.place(unit, limit_rows=SHOWN_ROWS)
        row = ClientRow(
            client_id, office.value, title.strip(), today, valid_until, closed=False, cursor=hall_feed.end(unit),
            read_at=None, scopes=(),
        )  # fmt: skip
        hall_clients.open_client(unit, row, operator.login_id, node.clock.now())
        _note(unit, node, operator, Event.HALL_CLIENT_CHANGED, terminal, client_id, "opened")
    return client_id


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    terminal: str,
    client_id: str,
    outcome: str,
    more: Sequence[tuple[str, str]] = (),
) -> None:
    note_by(
        unit,
        node,
        operator,
        event,
        terminal=terminal,
        outcome=outcome,
        detail={"client": client_id, **dict(more)},
    )


def ask_for_scope(
    node: Node,
    operator: Operator,
    client_id: str,
    scope: HallScope | None,
    why: str,
    ordinance: NumberOrdinance,
    *,
    terminal: str = "",
) -> Refusal | None:
    """Ask a second person to give a system a scope, or without one the word for a new secret."""
    refusal = _may(operator)
    if refusal is None and not why.strip():
        refusal = Refusal(Reason.FIELD_MISSING, STANDARD, "why")
    if refusal is None and len(why) > WHY_CHARACTERS:
        refusal = Refusal(Reason.FIELD_TOO_LONG, STANDARD, "why")
    if refusal is not None:
        return refusal
    with node.store.unit("hall.ask") as unit:
        row = hall_clients.lock_client(unit, client_id)
        if row is None:
            return _GONE
        refusal = _check(node, row, scope, ordinance)
        if refusal is not None:
            return refusal
        what = RENEWAL if scope is None else scope.value
        asked = ScopeProposalRow(
            node.clock.new_id(), client_id, what, why.strip(), operator.login_id, node.clock.now()
        )
        if not hall_clients.propose_scope(unit, asked):
            return Refusal(Reason.CONFLICT, STANDARD, "scope")
        said = [("scope", what)]
        _note(unit, node, operator, Event.HALL_SCOPE_PROPOSED, terminal, client_id, "entered", said)
    return None


def _check(node: Node, row: ClientRow, scope: HallScope | None, ordinance: NumberOrdinance) -> Refusal | None:
    today = node.clock.business_today()
    if scope is None:
        return check_standing(as_client(row), today)
    return check_scope(as_client(row), scope, today, ordinance)


def decide_on_scope(
    node: Node,
    operator: Operator,
    proposal_id: str,
    ordinance: NumberOrdinance,
    *,
    accept: bool,
    terminal: str = "",
) -> str | Refusal:
    """Give a system the scope or the word that somebody else asked for, or decline it; gives whose it is."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.decide") as unit:
        asked = hall_clients.lock_scope_proposal(unit, proposal_id)
        row = hall_clients.lock_client(unit, asked.client_id) if asked is not None else None
        if asked is None or row is None:
            return Refusal(Reason.NOT_FOUND, STANDARD, "proposal")
        undecided = Undecided(STANDARD, "proposal", asked.state, "waiting", (asked.asked_by,))
        refusal = check_decision(undecided, operator.login_id)
        if refusal is None and accept:
            refusal = _check(node, row, scope_asked(asked), ordinance)
        if refusal is not None:
            return refusal
        state = "accepted" if accept else "declined"
        hall_clients.decide_scope(unit, proposal_id, state, operator.login_id, node.clock.now())
        said = [("scope", asked.scope)]
        _note(unit, node, operator, Event.HALL_SCOPE_DECIDED, terminal, asked.client_id, state, said)
    return asked.client_id


def new_secret(
    node: Node, operator: Operator, client_id: str, *, at_once: bool, terminal: str = ""
) -> str | Refusal:
    """Make a new secret after a second person's word, once, and give it to whoever asked.

    The one before opens for a day, or `at_once` no longer, nor any token that it opened.
    """
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    now = node.clock.now()
    with node.store.unit("hall.secret") as unit:
        row = hall_clients.lock_client(unit, client_id)
        if row is None:
            return _GONE
        refusal = check_standing(as_client(row), node.clock.business_today())
        if refusal is not None:
            return refusal
        if not hall_clients.use_word_for_secret(
            unit, client_id, operator.login_id, now, since=now - WORD_LIFE
        ):
            return Refusal(Reason.APPROVAL_MISSING, STANDARD, "client_id")
        secret = secret_text(node.clock.token(SECRET_BYTES))
        ends = now + (timedelta(0) if at_once else SECRET_OVERLAP)
        if at_once:
            hall_clients.end_secrets(unit, client_id, now)
        hall_clients.keep_secret(
            unit, client_id, hash_of_secret(secret), operator.login_id, now, others_end_at=ends
        )
        _note(unit, node, operator, Event.HALL_CLIENT_CHANGED, terminal, client_id, "secret")
    return secret


def withdraw_scope(
    node: Node, operator: Operator, client_id: str, scope: HallScope | None, *, terminal: str = ""
) -> Refusal | None:
    """Take back a scope or a word for a secret at once: to give needs two people, to take back one."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    what = RENEWAL if scope is None else scope.value
    with node.store.unit("hall.withdraw") as unit:
        if hall_clients.lock_client(unit, client_id) is None:
            return _GONE
        if not hall_clients.withdraw_scope(unit, client_id, what, operator.login_id, node.clock.now()):
            return Refusal(Reason.NOT_PENDING, STANDARD, "scope")
        said = [("scope", what)]
        _note(unit, node, operator, Event.HALL_SCOPE_DECIDED, terminal, client_id, "withdrawn", said)
    return None


def end_secrets(node: Node, operator: Operator, client_id: str, *, terminal: str = "") -> Refusal | None:
    """Let no secret and no token of a system open any more, by one person and at once: one of them may have leaked."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.secrets_ended") as unit:
        if hall_clients.lock_client(unit, client_id) is None:
            return _GONE
        hall_clients.end_secrets(unit, client_id, node.clock.now())
        _note(unit, node, operator, Event.HALL_CLIENT_CHANGED, terminal, client_id, "secrets_ended")
    return None


def close_hall_client(
    node: Node, operator: Operator, client_id: str, *, terminal: str = ""
) -> Refusal | None:
    """Close a system at once, for good; its tokens open nothing any more."""
    refusal = _may(operator)
    if refusal is not None:
        return refusal
    with node.store.unit("hall.close") as unit:
        if hall_clients.lock_client(unit, client_id) is None:
            return _GONE
        if not hall_clients.close_client(unit, client_id, operator.login_id, node.clock.now()):
            return Refusal(Reason.CLIENT_CLOSED, STANDARD, "client_id")
        _note(unit, node, operator, Event.HALL_CLIENT_CHANGED, terminal, client_id, "closed")
    return None
