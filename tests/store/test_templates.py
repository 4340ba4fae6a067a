"""A database that was copied from a template is the one that was migrated by itself, and nobody else's."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from daicho.rules.network.kinds import NodeKind
from daicho.store.launcher import Cluster
from daicho.store.migrate import MigrationFault, migrate
from daicho.store.roles import ROLES, NodeDatabase
from daicho.store.templates import Template, create_migrated_database, make_template

# Owner and rights of everything, with one node's name written as NODE.
_RIGHTS: LiteralString = """
select kind, thing, replace(owner::regrole::text, %(name)s, 'NODE'), replace(coalesce(acl::text, ''), %(name)s, 'NODE')
from (
    select 'relation' as kind, oid::regclass::text as thing, relowner as owner, relacl as acl from pg_class
    union all select 'column', attrelid::regclass::text || '.' || attname, null, attacl from pg_attribute
        where attacl is not null and not attisdropped
    union all select 'schema', nspname, nspowner, nspacl from pg_namespace
    union all select 'routine', oid::regprocedure::text, proowner, proacl from pg_proc
    union all select 'type', oid::regtype::text, typowner, typacl from pg_type
    union all select 'extension', extname, extowner, null from pg_extension
    union all select 'default', defaclnamespace::text, defaclrole, defaclacl from pg_default_acl
    union all select 'database', 'itself', datdba, datacl from pg_database where datname = %(name)s
) as everything
where thing not like 'pg\\_toast.%%' and thing not like 'pg\\_temp%%'
"""


def rights(cluster: Cluster, name: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(cluster.dsn(name)) as admin:
        admin.execute("set search_path = ''")
        return sorted(
            (kind, thing, owner, tuple(sorted(acl.strip("{}").split(","))))
            for kind, thing, owner, acl in admin.execute(_RIGHTS, {"name": name}).fetchall()
        )


def remove(cluster: Cluster, name: str) -> None:
    with psycopg.connect(cluster.dsn(), autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)".encode())
        for role in ROLES:
            admin.execute(f"drop role if exists {name}_{role}".encode())


@pytest.fixture(scope="module")
def template(cluster: Cluster) -> Iterator[Template]:
    made = make_template(cluster, "registry")
    yield made
    made.drop()


@pytest.fixture(scope="module")
def copies(cluster: Cluster, template: Template) -> Iterator[list[NodeDatabase]]:
    yield [template.copy(name) for name in ("copied_one", "copied_two")]
    for name in ("copied_one", "copied_two"):
        remove(cluster, name)


@pytest.mark.parametrize("kind", [kind.value.lower() for kind in NodeKind])
def test_every_owner_and_every_right_is_that_of_a_database_migrated_by_itself(
    cluster: Cluster, kind: str
) -> None:
    create_migrated_database(cluster, "by_itself", kind)
    model = make_template(cluster, f"{kind}")
    try:
        model.copy("by_copying")
        assert rights(cluster, "by_copying") == rights(cluster, "by_itself")
    finally:
        model.drop()
        for name in ("by_itself", "by_copying"):
            remove(cluster, name)


def test_what_was_applied_is_known_to_the_copy_and_nothing_is_applied_again(
    cluster: Cluster, copies: list[NodeDatabase]
) -> None:
    for one in copies:
        assert migrate(cluster.dsn(one.name, one.role("owner"), one.passwords["owner"]), "registry") == []


@pytest.mark.parametrize("role", ["owner", "app", "read", "audit"])
def test_no_role_of_a_copy_enters_the_other_copy_or_the_template(
    cluster: Cluster, copies: list[NodeDatabase], template: Template, role: str
) -> None:
    one, other = copies
    with psycopg.connect(cluster.dsn(one.name, one.role(role), one.passwords[role])) as connection:
        assert connection.execute("select current_database()").fetchone() == (one.name,)
    for place in (other.name, template.database.name):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.dsn(place, one.role(role), one.passwords[role]))


@pytest.mark.parametrize("role", ["owner", "app", "read", "audit"])
def test_no_role_of_the_template_enters_a_copy(
    cluster: Cluster, copies: list[NodeDatabase], template: Template, role: str
) -> None:
    model = template.database
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(cluster.dsn(copies[0].name, model.role(role), model.passwords[role]))


def test_a_template_leaves_neither_database_nor_role_behind(cluster: Cluster) -> None:
    made = make_template(cluster, "cs")
    made.copy("after_all")
    made.drop()
    with psycopg.connect(cluster.dsn()) as admin:
        found = admin.execute(
            "select datname from pg_database where datname = 'model_cs'"
            " union all select rolname from pg_roles where rolname like 'model\\_cs\\_%'"
        ).fetchall()
    assert found == []
    remove(cluster, "after_all")


def test_a_right_that_is_not_known_how_to_pass_on_is_no_silent_loss(cluster: Cluster) -> None:
    """What the template's owner keeps in a copy that could not change hands is noticed, whatever it is."""
    made = make_template(cluster, "agency")
    with psycopg.connect(cluster.dsn(), autocommit=True) as admin:
        admin.execute("alter database model_agency allow_connections true")
    with psycopg.connect(cluster.dsn("model_agency"), autocommit=True) as admin:
        admin.execute(
            "alter default privileges in schema public grant select on tables to model_agency_owner"
        )
    try:
        with pytest.raises(MigrationFault, match="template"):
            made.copy("partly")
    finally:
        remove(cluster, "partly")
        made.drop()
