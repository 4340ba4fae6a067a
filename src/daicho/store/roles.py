"""One database and six roles per node, each with the least that it needs."""

import hashlib
import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

ROLES = ("owner", "app", "read", "audit", "numbers", "disposal")
_LOGIN = ("owner", "app", "read", "audit")
_ROUNDS = 1
_IDLE_IN_TRANSACTION_MILLISECONDS = 60_000


@dataclass(frozen=True, slots=True)
class NodeDatabase:
    """A node's database and the passwords of its roles."""

    name: str
    passwords: dict[str, str]

    def role(self, role: str) -> str:
        """Name one role of this node."""
        return f"{self.name}_{role}"


def create_node_database(
    admin_dsn: str,
    name: str,
    *,
    template: str = "",
    statement_timeout_milliseconds: int = 20_000,
    lock_timeout_milliseconds: int = 5_000,
) -> NodeDatabase:
    """Create the database and its roles, with passwords drawn here, time-outs and search settings.

    What exists is kept and gets the new passwords, so that a creation that was cut off can be repeated. A `template`
    is copied with what its own roles own and may do: see `store.templates`.
    `app` must step into `numbers` by SET ROLE and inherits nothing from it; into `disposal`, which owns the one function
    that destroys records, it cannot step at all. No other node may connect.
    """
    made = NodeDatabase(name, {role: secrets.token_urlsafe(24) for role in _LOGIN})
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        with admin.transaction():
            _roles(admin, made)
            _settings(admin, made, statement_timeout_milliseconds, lock_timeout_milliseconds)
        base, owner = sql.Identifier(name), sql.Identifier(made.role("owner"))
        if not admin.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            create = sql.SQL("create database {} owner {}").format(base, owner)
            if template:
                create += sql.SQL(" template {} strategy file_copy").format(sql.Identifier(template))
            admin.execute(create)
        admin.execute(sql.SQL("revoke all on database {} from public").format(base))
        for role in ("app", "read", "audit"):
            admin.execute(
                sql.SQL("grant connect on database {} to {}").format(base, sql.Identifier(made.role(role)))
            )
    return made


def _roles(admin: psycopg.Connection[tuple[Any, ...]], made: NodeDatabase) -> None:
    for role in ROLES:
        name = made.role(role)
        known = admin.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone()
        verb = sql.SQL("alter" if known else "create")
        # The application steps into the numbers' role on purpose or not at all; an owner inherits as usual.
        inherit = sql.SQL("noinherit" if role == "app" else "inherit")
        login = sql.Composed([sql.SQL("nologin")])
        if role in _LOGIN:
            login = sql.SQL("login password {}").format(sql.Literal(_verifier(made.passwords[role])))
        admin.execute(sql.SQL("{} role {} {} {}").format(verb, sql.Identifier(name), inherit, login))
    for role, member in (("numbers", "app"), ("disposal", "owner")):
        granted, to = sql.Identifier(made.role(role)), sql.Identifier(made.role(member))
        admin.execute(sql.SQL("grant {} to {}").format(granted, to))


def add_disposal_role(admin_dsn: str, name: str) -> None:
    """Give a database of before the role that destroys records, as a new one has it; what exists is left alone."""
    role, owner = f"{name}_disposal", f"{name}_owner"
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        if not admin.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone():
            admin.execute(sql.SQL("create role {} inherit nologin").format(sql.Identifier(role)))
        admin.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(owner)))


def _verifier(password: str) -> str:
    """Write what the server keeps of a password, which it never sees (RFC 5803).

    Many rounds make guessing dear. Nobody guesses 192 random bits, but every connection would pay at both ends.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    kept = (hashlib.sha256(client).digest(), hmac.digest(salted, b"Server Key", "sha256"))
    stored, server = (b64encode(key).decode() for key in kept)
    return f"SCRAM-SHA-256${_ROUNDS}:{b64encode(salt).decode()}${stored}:{server}"


def _settings(
    admin: psycopg.Connection[tuple[Any, ...]], made: NodeDatabase, statement: int, lock: int
) -> None:
    limits: dict[str, dict[str, int | str]] = {
        "owner": {"lock_timeout": 60_000},
        "app": {"statement_timeout": statement, "lock_timeout": lock},
        "read": {"statement_timeout": 5_000, "lock_timeout": lock, "enable_bitmapscan": "off"},
        "audit": {"statement_timeout": 600_000, "lock_timeout": lock},
    }
    for role, options in limits.items():
        if role in {"read", "audit"}:
            options["default_transaction_read_only"] = "on"
        options["idle_in_transaction_session_timeout"] = _IDLE_IN_TRANSACTION_MILLISECONDS
        for option, value in options.items():
            admin.execute(
                sql.SQL("alter role {} set {} = {}").format(
                    sql.Identifier(made.role(role)), sql.Identifier(option), sql.Literal(value)
                )
            )
