"""One database and five roles per node, each with the least that it needs."""

import secrets
from dataclasses import dataclass

import psycopg
from psycopg import sql

ROLES = ("owner", "app", "read", "audit", "numbers")
_LOGIN = ("owner", "app", "read", "audit")


@dataclass(frozen=True, slots=True)
class NodeDatabase:
    """A node's database and the passwords of its roles."""

    name: str
    passwords: dict[str, str]

    def role(self, role: str) -> str:
        """Name one role of this node."""
        return f"{self.name}_{role}"


def create_node_database(
    admin_dsn: str, name: str, *, statement_timeout_milliseconds: int = 20_000, lock_timeout_milliseconds: int = 5_000
) -> NodeDatabase:
    """Create the database and its roles, with passwords drawn here, time-outs and search settings.

    `app` must step into `numbers` by SET ROLE and inherits nothing from it; nobody of another node may connect.
    """
    made = NodeDatabase(name, {role: secrets.token_urlsafe(24) for role in _LOGIN})
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        for role in ROLES:
            login = sql.SQL("login password {}").format(sql.Literal(made.passwords[role])) if role in _LOGIN else sql.SQL("nologin")
            admin.execute(sql.SQL("create role {} noinherit {}").format(sql.Identifier(made.role(role)), login))
        owner = sql.Identifier(made.role("owner"))
        admin.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(name), owner))
        admin.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        for role in ("app", "read", "audit"):
            admin.execute(
                sql.SQL("grant connect on database {} to {}").format(sql.Identifier(name), sql.Identifier(made.role(role)))
            )
        admin.execute(sql.SQL("grant {} to {}").format(sql.Identifier(made.role("numbers")), sql.Identifier(made.role("app"))))
        _settings(admin, made, statement_timeout_milliseconds, lock_timeout_milliseconds)
    return made


def _settings(admin: psycopg.Connection[tuple[object, ...]], made: NodeDatabase, statement: int, lock: int) -> None:
    for role, options in {
        "app": {"statement_timeout": statement, "lock_timeout": lock, "idle_in_transaction_session_timeout": 60_000},
        "read": {
            "statement_timeout": 5_000,
            "lock_timeout": lock,
            "idle_in_transaction_session_timeout": 60_000,
            "default_transaction_read_only": "on",
            "enable_bitmapscan": "off",
        },
        "audit": {"statement_timeout": 600_000, "default_transaction_read_only": "on"},
    }.items():
        for option, value in options.items():
            admin.execute(
                sql.SQL("alter role {} set {} = {}").format(
                    sql.Identifier(made.role(role)), sql.Identifier(option), sql.Literal(value)
                )
            )
