"""Systems of other offices: who they are, which scopes two people gave them, their secrets and tokens as hashes."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from typing import Any

from daicho.store.unit import Unit

_OPEN = """
INSERT INTO hall.client (client_id, office, title, opened_on, valid_until, opened_by, opened_at, cursor)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_CLIENT = """client_id, office, title, opened_on, valid_until, closed_at IS NOT NULL, cursor, read_at,
    ARRAY(SELECT scope FROM hall.scope_proposal p
        WHERE p.client_id = c.client_id AND p.state = 'accepted' AND p.scope <> 'secret' ORDER BY scope)
"""
_ONE = f"SELECT {_CLIENT} FROM hall.client c WHERE client_id = %s"
_ALL = f"SELECT {_CLIENT} FROM hall.client c ORDER BY closed_at IS NOT NULL, client_id LIMIT %s"
_LOCKED = "SELECT client_id FROM hall.client WHERE client_id = %s FOR UPDATE"
_CLOSE = "UPDATE hall.client SET closed_by = %s, closed_at = %s WHERE client_id = %s AND closed_at IS NULL"
_FORGET = "DELETE FROM hall.token WHERE client_id = %s"
_READ_ON = """
UPDATE hall.client SET cursor = greatest(cursor, %(after)s), read_at = %(at)s
WHERE client_id = %(client)s
    AND (cursor < %(after)s OR read_at IS NULL OR read_at < %(at)s - interval '1 minute')
"""
_PROPOSAL = "id, client_id, scope, why, asked_by, asked_at, state, decided_by, decided_at, ended_by, ended_at"
_PROPOSE = (
    f"INSERT INTO hall.scope_proposal ({_PROPOSAL}) VALUES ({', '.join(['%s'] * 11)}) ON CONFLICT DO NOTHING"
)
_PROPOSED = f"SELECT {_PROPOSAL} FROM hall.scope_proposal WHERE id = %s FOR UPDATE"
_OF_CLIENT = (
    f"SELECT {_PROPOSAL} FROM hall.scope_proposal WHERE client_id = %s ORDER BY asked_at, id LIMIT %s"
)
_WAITING = (
    f"SELECT {_PROPOSAL} FROM hall.scope_proposal WHERE state = 'waiting' ORDER BY asked_at, id LIMIT %s"
)
_DECIDE = """
UPDATE hall.scope_proposal SET state = %s, decided_by = %s, decided_at = %s WHERE id = %s AND state = 'waiting'
"""
_HOW_MANY = "SELECT count(*) FROM hall.scope_proposal WHERE state = 'waiting'"
_WITHDRAW = """
UPDATE hall.scope_proposal SET state = 'withdrawn', ended_by = %s, ended_at = %s
WHERE client_id = %s AND scope = %s AND state = 'accepted'
"""
_USE_WORD = """
UPDATE hall.scope_proposal SET state = 'used', ended_by = asked_by, ended_at = %s
WHERE client_id = %s AND scope = 'secret' AND state = 'accepted' AND asked_by = %s AND decided_at > %s
"""
_END_SECRETS = """
UPDATE hall.client_secret SET ends_at = %(ends)s
WHERE client_id = %(client)s AND (ends_at IS NULL OR ends_at > %(ends)s)
"""
_KEEP_ANOTHER = "INSERT INTO hall.client_secret (digest, client_id, made_by, made_at) VALUES (%s, %s, %s, %s)"
_MADE = "SELECT made_by, made_at, ends_at FROM hall.client_secret WHERE client_id = %s ORDER BY made_at DESC LIMIT %s"
_FITS = """
SELECT EXISTS (SELECT FROM hall.client_secret WHERE digest = %s AND client_id = %s AND (ends_at IS NULL OR ends_at > %s))
"""
_OLD_TOKENS = "DELETE FROM hall.token WHERE ends_at <= %s"
_GIVE = "INSERT INTO hall.token (digest, client_id, scopes, made_at, ends_at) VALUES (%s, %s, %s, %s, %s)"
_WHOSE = "SELECT client_id, scopes FROM hall.token WHERE digest = %s AND ends_at > %s"


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One system of an office as it stands, with its scopes and how far it has read."""

    client_id: str
    office: str
    title: str
    opened_on: date
    valid_until: date
    closed: bool
    cursor: int
    read_at: datetime | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeProposalRow:
    """A scope, or the word for one new secret, that somebody asks a second person to give to a client."""

    id: str
    client_id: str
    scope: str
    why: str
    asked_by: str
    asked_at: datetime
    state: str = "waiting"
    decided_by: str | None = None
    decided_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SecretRow:
    """That a secret was made, by whom, and until when it opens; never the secret."""

    made_by: str
    made_at: datetime
    ends_at: datetime | None


def open_client(unit: Unit, row: ClientRow, by: str, at: datetime) -> None:
    """Keep a new client, which begins to read behind its cursor."""
    unit.execute(
        _OPEN, (row.client_id, row.office, row.title, row.opened_on, row.valid_until, by, at, row.cursor)
    )


def client(unit: Unit, client_id: str) -> ClientRow | None:
    """Read one client with its scopes (primary key, index scope_proposal_client)."""
    row = unit.execute(_ONE, (client_id,)).fetchone()
    return None if row is None else _as_client(row)


def clients(unit: Unit, *, limit_rows: int) -> list[ClientRow]:
    """List all clients, the open ones first (index client_listed)."""
    return [_as_client(row) for row in unit.execute(_ALL, (limit_rows,)).fetchall()]


def _as_client(row: tuple[Any, ...]) -> ClientRow:
    return replace(ClientRow(*row), scopes=tuple(row[-1]))


def lock_client(unit: Unit, client_id: str) -> ClientRow | None:
    """Read one client and keep it for oneself until the unit ends."""
    unit.execute(_LOCKED, (client_id,))
    return client(unit, client_id)


def close_client(unit: Unit, client_id: str, by: str, at: datetime) -> bool:
    """Close a client and forget its tokens; False when it was closed before."""
    closed = unit.execute(_CLOSE, (by, at, client_id)).rowcount == 1
    unit.execute(_FORGET, (client_id,))
    return closed


def note_read(unit: Unit, client_id: str, after: int, at: datetime) -> None:
    """Note up to which place a client has taken everything; once a minute while nothing is new."""
    unit.execute(_READ_ON, {"client": client_id, "after": after, "at": at})


def propose_scope(unit: Unit, row: ScopeProposalRow) -> bool:
    """Keep what somebody asks a second person; False when the client has the scope or somebody asked already."""
    return unit.execute(_PROPOSE, astuple(row)).rowcount == 1


def lock_scope_proposal(unit: Unit, proposal_id: str) -> ScopeProposalRow | None:
    """Read one proposal and keep it for oneself until the unit ends."""
    row = unit.execute(_PROPOSED, (proposal_id,)).fetchone()
    return None if row is None else ScopeProposalRow(*row)


def scope_proposals_of(unit: Unit, client_id: str, *, limit_rows: int) -> list[ScopeProposalRow]:
    """List what was asked for a client, oldest first (index scope_proposal_client)."""
    return [ScopeProposalRow(*row) for row in unit.execute(_OF_CLIENT, (client_id, limit_rows)).fetchall()]


def waiting_scopes(unit: Unit, *, limit_rows: int) -> list[ScopeProposalRow]:
    """List what waits for a second person, oldest first (index scope_proposal_waiting)."""
    return [ScopeProposalRow(*row) for row in unit.execute(_WAITING, (limit_rows,)).fetchall()]


def decide_scope(unit: Unit, proposal_id: str, state: str, by: str, at: datetime) -> None:
    """Close a proposal by a second person's word; accepted, it is the client's scope."""
    unit.execute(_DECIDE, (state, by, at, proposal_id))


def how_many_wait(unit: Unit) -> int:
    """Count what waits for a second person (index scope_proposal_waiting)."""
    row = unit.execute(_HOW_MANY).fetchone()
    return int(row[0]) if row else 0


def withdraw_scope(unit: Unit, client_id: str, scope: str, by: str, at: datetime) -> bool:
    """Take back what two people gave; False when the client has it not (index scope_proposal_held)."""
    return unit.execute(_WITHDRAW, (by, at, client_id, scope)).rowcount == 1


def use_word_for_secret(unit: Unit, client_id: str, asked_by: str, at: datetime, *, since: datetime) -> bool:
    """Use up a second person's word for one new secret, given after an instant; False when there is none."""
    return unit.execute(_USE_WORD, (at, client_id, asked_by, since)).rowcount == 1


def end_secrets(unit: Unit, client_id: str, at: datetime) -> None:
    """Let no secret of a client open any more, nor any token."""
    unit.execute(_END_SECRETS, {"client": client_id, "ends": at})
    unit.execute(_FORGET, (client_id,))


def keep_secret(
    unit: Unit, client_id: str, digest: bytes, by: str, at: datetime, *, others_end_at: datetime
) -> None:
    """Keep the hash of a new secret; every other one of the client ends at an instant, if it does not end before."""
    unit.execute(_END_SECRETS, {"client": client_id, "ends": others_end_at})
    unit.execute(_KEEP_ANOTHER, (digest, client_id, by, at))


def secrets_of(unit: Unit, client_id: str, *, limit_rows: int) -> list[SecretRow]:
    """List when a client's secrets were made, newest first (index client_secret_client)."""
    return [SecretRow(*row) for row in unit.execute(_MADE, (client_id, limit_rows)).fetchall()]


def secret_fits(unit: Unit, client_id: str, digest: bytes, at: datetime) -> bool:
    """Tell whether this is the hash of a secret that opens for a client at an instant (primary key)."""
    row = unit.execute(_FITS, (digest, client_id, at)).fetchone()
    return bool(row and row[0])


def keep_token(
    unit: Unit, digest: bytes, client_id: str, scopes: Sequence[str], at: datetime, ends_at: datetime
) -> None:
    """Keep the hash of a token, and forget those that have ended (index token_ends)."""
    unit.execute(_OLD_TOKENS, (at,))
    unit.execute(_GIVE, (digest, client_id, list(scopes), at, ends_at))


def token(unit: Unit, digest: bytes, at: datetime) -> tuple[str, tuple[str, ...]] | None:
    """Tell whose token this is and for what, while it holds (primary key)."""
    row = unit.execute(_WHOSE, (digest, at)).fetchone()
    return None if row is None else (str(row[0]), tuple(row[1]))
