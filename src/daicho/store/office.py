"""Operators, credentials, challenges and sessions in a node's own database."""

from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

OPERATORS_LISTED_ROWS = 500
CREDENTIALS_PER_OPERATOR_ROWS = 20


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One operator as the book of 照合ID and 操作者ID holds them."""

    login_id: str
    role_id: str
    display_name: str
    section: str
    roles: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """One authenticator's public key."""

    credential_id: bytes
    login_id: str
    authenticator: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session; its token is known by its hash only."""

    session_id: str
    login_id: str
    terminal: str
    opened_at: datetime
    last_used_at: datetime
    idle_until: datetime
    absolute_until: datetime
    ended_why: str | None = None


_OPERATOR = "SELECT login_id, role_id, display_name, section, roles, active FROM office.operator"
_CREDENTIAL = "SELECT credential_id, login_id, authenticator, public_key, sign_count FROM office.credential"
_SESSION = (
    "SELECT session_id, login_id, terminal, opened_at, last_used_at, idle_until, absolute_until, ended_why"
    " FROM office.session"
)


def save_operator(unit: Unit, row: OperatorRow, *, at: datetime) -> None:
    """Enter an operator, or rewrite the one with this 照合ID."""
    closed_at = None if row.active else at
    unit.cursor.execute(
        "INSERT INTO office.operator"
        " (login_id, role_id, display_name, section, roles, active, enrolled_at, closed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (login_id) DO UPDATE SET role_id = excluded.role_id,"
        " display_name = excluded.display_name, section = excluded.section, roles = excluded.roles,"
        " active = excluded.active, closed_at = excluded.closed_at",
        (
            row.login_id,
            row.role_id,
            row.display_name,
            row.section,
            list(row.roles),
            row.active,
            at,
            closed_at,
        ),
    )


def operator(unit: Unit, login_id: str) -> OperatorRow | None:
    """Find one operator by 照合ID (primary key)."""
    unit.cursor.execute(_OPERATOR + " WHERE login_id = %s", (login_id,))
    row = unit.cursor.fetchone()
    return None if row is None else _operator(row)


def operators(unit: Unit) -> tuple[OperatorRow, ...]:
    """List the book of operators, at most `OPERATORS_LISTED_ROWS`."""
    unit.cursor.execute(_OPERATOR + " ORDER BY login_id LIMIT %s", (OPERATORS_LISTED_ROWS,))
    return tuple(_operator(row) for row in unit.cursor.fetchall())


def _operator(row: tuple[object, ...]) -> OperatorRow:
    login_id, role_id, display_name, section, roles, active = row
    named = roles if isinstance(roles, list) else []
    return OperatorRow(
        str(login_id), str(role_id), str(display_name), str(section), tuple(map(str, named)), bool(active)
    )


def add_credential(unit: Unit, row: CredentialRow, *, at: datetime) -> bool:
    """Keep a new credential; False when its identifier is already there."""
    unit.cursor.execute(
        "INSERT INTO office.credential"
        " (credential_id, login_id, authenticator, public_key, sign_count, enrolled_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (row.credential_id, row.login_id, row.authenticator, row.public_key, row.sign_count, at),
    )
    return unit.cursor.rowcount == 1


def credentials(unit: Unit, login_id: str) -> tuple[CredentialRow, ...]:
    """List an operator's credentials that are not revoked (index `credential_login_id`)."""
    unit.cursor.execute(
        _CREDENTIAL + " WHERE login_id = %s AND revoked_at IS NULL ORDER BY enrolled_at LIMIT %s",
        (login_id, CREDENTIALS_PER_OPERATOR_ROWS),
    )
    return tuple(CredentialRow(*row) for row in unit.cursor.fetchall())


def credential_used(unit: Unit, credential_id: bytes, *, sign_count: int, before: int, at: datetime) -> bool:
    """Move a credential's count forward; False when somebody else moved it since it was read."""
    unit.cursor.execute(
        "UPDATE office.credential SET sign_count = %s, last_used_at = %s"
        " WHERE credential_id = %s AND sign_count = %s AND revoked_at IS NULL",
        (sign_count, at, credential_id, before),
    )
    return unit.cursor.rowcount == 1


def revoke_credential(unit: Unit, credential_id: bytes, *, at: datetime) -> bool:
    """Let a credential count no more; it stays in the book."""
    unit.cursor.execute(
        "UPDATE office.credential SET revoked_at = %s WHERE credential_id = %s AND revoked_at IS NULL",
        (at, credential_id),
    )
    return unit.cursor.rowcount == 1


def pose_challenge(
    unit: Unit, challenge_id: str, *, ceremony: str, login_id: str, challenge: bytes, expires_at: datetime
) -> None:
    """Remember a challenge until it is answered or too old."""
    unit.cursor.execute(
        "INSERT INTO office.challenge (challenge_id, ceremony, login_id, challenge, expires_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        (challenge_id, ceremony, login_id, challenge, expires_at),
    )


def take_challenge(
    unit: Unit, challenge_id: str, *, ceremony: str, login_id: str, at: datetime
) -> bytes | None:
    """Use up a challenge, and sweep those that are too old; None when there is none to use."""
    unit.cursor.execute(
        "DELETE FROM office.challenge WHERE challenge_id = %s AND ceremony = %s AND login_id = %s"
        " AND expires_at > %s RETURNING challenge",
        (challenge_id, ceremony, login_id, at),
    )
    row = unit.cursor.fetchone()
    unit.cursor.execute("DELETE FROM office.challenge WHERE expires_at <= %s", (at,))
    return None if row is None else bytes(row[0])


def end_live_session(unit: Unit, login_id: str, *, at: datetime, why: str) -> SessionRow | None:
    """End an operator's live session, if there is one, and return it (index `session_one_live`)."""
    unit.cursor.execute(
        "UPDATE office.session SET ended_at = %s, ended_why = %s WHERE login_id = %s AND ended_at IS NULL"
        " RETURNING session_id, login_id, terminal, opened_at, last_used_at, idle_until, absolute_until,"
        " ended_why",
        (at, why, login_id),
    )
    row = unit.cursor.fetchone()
    return None if row is None else SessionRow(*row)


def open_session(unit: Unit, row: SessionRow, *, token_hash: bytes) -> None:
    """Open a session; the database refuses a second live one of the same operator."""
    unit.cursor.execute(
        "INSERT INTO office.session (session_id, token_hash, login_id, terminal, opened_at, last_used_at,"
        " idle_until, absolute_until) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            row.session_id,
            token_hash,
            row.login_id,
            row.terminal,
            row.opened_at,
            row.last_used_at,
            row.idle_until,
            row.absolute_until,
        ),
    )


def session(unit: Unit, token_hash: bytes) -> SessionRow | None:
    """Find a session, live or ended, by its token's hash (unique index), and lock it."""
    unit.cursor.execute(_SESSION + " WHERE token_hash = %s FOR UPDATE", (token_hash,))
    row = unit.cursor.fetchone()
    return None if row is None else SessionRow(*row)


def touch_session(unit: Unit, session_id: str, *, at: datetime, idle_until: datetime) -> None:
    """Note that a session was used."""
    unit.cursor.execute(
        "UPDATE office.session SET last_used_at = %s, idle_until = %s"
        " WHERE session_id = %s AND ended_at IS NULL",
        (at, idle_until, session_id),
    )


def end_session(unit: Unit, session_id: str, *, at: datetime, why: str) -> bool:
    """End one session; False when it had ended already."""
    unit.cursor.execute(
        "UPDATE office.session SET ended_at = %s, ended_why = %s WHERE session_id = %s AND ended_at IS NULL",
        (at, why, session_id),
    )
    return unit.cursor.rowcount == 1
