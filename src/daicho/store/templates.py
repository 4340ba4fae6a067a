"""Databases copied from one that was migrated once: every copy has its own roles, and the template leaves nothing."""

from dataclasses import dataclass
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql

from daicho.store.migrate import MigrationFault, migrate
from daicho.store.roles import ROLES, NodeDatabase, create_node_database

_GRANTED = ("app", "read", "audit", "numbers", "disposal")
_OWNING = ("owner", "disposal")

# What the template's roles may do: each right of a role on one thing, ready to be granted to another role.
_RIGHTS: LiteralString = """
WITH granted AS (
    SELECT CASE WHEN relkind = 'S' THEN 'sequence' ELSE 'table' END AS kind, oid::regclass::text AS thing,
        '' AS part, relacl AS acl FROM pg_class
    UNION ALL
    SELECT 'table', attrelid::regclass::text, ' (' || quote_ident(attname) || ')', attacl FROM pg_attribute
        WHERE NOT attisdropped
    UNION ALL
    SELECT 'schema', quote_ident(nspname), '', nspacl FROM pg_namespace
    UNION ALL
    SELECT 'routine', oid::regprocedure::text, '', proacl FROM pg_proc
)
SELECT 'grant ' || string_agg(one.privilege_type || part, ', ') || ' on ' || kind || ' ' || thing || ' to ', r.rolname
FROM granted, aclexplode(acl) AS one JOIN pg_roles r ON r.oid = one.grantee
WHERE r.rolname = ANY (%s) GROUP BY kind, thing, r.rolname ORDER BY kind, thing, r.rolname
"""
_LEFT_BEHIND = """
SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
WHERE d.refclassid = 'pg_authid'::regclass AND r.rolname = ANY (%s)
    AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Superuser(Protocol):
    """Whoever knows the addresses of a server's databases."""

    def dsn(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Write the address of a database for one role."""
        ...


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated database of one kind of node that nobody can enter, and what its roles may do."""

    server: Superuser
    database: NodeDatabase
    rights: tuple[tuple[str, str], ...]

    def copy(self, name: str) -> NodeDatabase:
        """Make a node's database and roles. Raises: MigrationFault when a role of the template has a part in it."""
        made = create_node_database(self.server.dsn(), name, template=self.database.name)
        former = self.database
        script = [
            sql.SQL("reassign owned by {} to {}").format(
                sql.Identifier(former.role(role)), sql.Identifier(made.role(role))
            )
            for role in _OWNING
        ]
        script += [
            sql.SQL("{}{}").format(sql.SQL(right), sql.Identifier(made.role(role)))
            for right, role in self.rights
        ]
        drops = sql.SQL(", ").join(sql.Identifier(former.role(role)) for role in _GRANTED)
        script.append(sql.SQL("drop owned by {}").format(drops))
        with psycopg.connect(self.server.dsn(name)) as admin:
            admin.execute("set local search_path = ''")
            admin.execute(sql.SQL("; ").join(script))
            left = admin.execute(_LEFT_BEHIND, (_roles_of(former),)).fetchone()
            if left != (0,):
                raise MigrationFault(f"{name}: the template's roles have a part in the copy")
        return made

    def drop(self) -> None:
        """Remove the template and its roles."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as admin:
            admin.execute(sql.SQL("drop database {}").format(sql.Identifier(self.database.name)))
            roles = sql.SQL(", ").join(map(sql.Identifier, _roles_of(self.database)))
            admin.execute(sql.SQL("drop role {}").format(roles))


def make_template(server: Superuser, kind: str) -> Template:
    """Make and migrate the database from which those of a kind are copied. Raises: MigrationFault."""
    made = create_migrated_database(server, f"model_{kind.lower()}", kind)
    with psycopg.connect(server.dsn(made.name)) as admin:
        admin.execute("set local search_path = ''")
        granted = [made.role(role) for role in _GRANTED]
        found = admin.execute(_RIGHTS, (granted,)).fetchall()
    rights = tuple((str(right), str(role).removeprefix(made.name + "_")) for right, role in found)
    base, roles = sql.Identifier(made.name), sql.SQL(", ").join(map(sql.Identifier, _roles_of(made)))
    with psycopg.connect(server.dsn(), autocommit=True) as admin:
        # What its roles own and may do changes hands in every copy, and with it what they have in common: nothing.
        admin.execute(sql.SQL("alter database {} owner to current_user").format(base))
        admin.execute(sql.SQL("revoke all on database {} from {}").format(base, roles))
        admin.execute(sql.SQL("alter database {} allow_connections false").format(base))
    return Template(server, made, rights)


def create_migrated_database(server: Superuser, name: str, kind: str) -> NodeDatabase:
    """Make a node's database and roles without a template, and bring it up to date. Raises: MigrationFault."""
    made = create_node_database(server.dsn(), name)
    with psycopg.connect(server.dsn(name), autocommit=True) as admin:
        admin.execute("create extension if not exists pg_trgm")
    migrate(server.dsn(name, made.role("owner"), made.passwords["owner"]), kind)
    return made


def _roles_of(database: NodeDatabase) -> list[str]:
    return [database.role(role) for role in ROLES]
