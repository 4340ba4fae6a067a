"""Each role can do what it is for, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from daicho.store.launcher import Cluster
from daicho.store.migrate import migrate
from daicho.store.roles import ROLES, create_node_database
from daicho.store.unit import Store

Addresses = dict[str, str]


@pytest.fixture
def cs(fresh_dsn: Callable[[str], Addresses]) -> Addresses:
    return fresh_dsn("cs")


@pytest.fixture(scope="module")
def two_nodes(cluster: Cluster) -> tuple[Addresses, Addresses]:
    made = []
    for name in ("roles_one", "roles_two"):
        node = create_node_database(cluster.dsn(), name)
        addresses = {
            role: cluster.dsn(name, node.role(role), secret) for role, secret in node.passwords.items()
        }
        migrate(addresses["owner"], "cs")
        made.append(addresses)
    return made[0], made[1]


@pytest.mark.parametrize("role", ["owner", "app", "read", "audit"])
@pytest.mark.parametrize("database", ["roles_two", "postgres"])
def test_no_role_of_a_node_enters_another_database(
    two_nodes: tuple[Addresses, Addresses], cluster: Cluster, role: str, database: str
) -> None:
    own = psycopg.conninfo.conninfo_to_dict(two_nodes[0][role])
    with psycopg.connect(two_nodes[0][role]) as connection:
        assert connection.execute("select current_database()").fetchone() == ("roles_one",)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(cluster.dsn(database, str(own["user"]), str(own["password"])))


def test_the_role_that_sees_numbers_cannot_log_in(
    two_nodes: tuple[Addresses, Addresses], cluster: Cluster
) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.dsn("roles_one", "roles_one_numbers", ""))


def test_no_role_is_mightier_than_it_must_be(
    two_nodes: tuple[Addresses, Addresses], cluster: Cluster
) -> None:
    with psycopg.connect(cluster.dsn()) as admin:
        rows = admin.execute(
            "select rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles"
            " where rolname like 'roles\\_one\\_%'"
        ).fetchall()
    assert len(rows) == len(ROLES)
    assert not [row for row in rows if any(row[1:])]


def test_the_application_sees_numbers_only_after_stepping_in(cs: Addresses) -> None:
    with psycopg.connect(cs["app"]) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("select * from numbers.individual_number")
        store = Store(cs["app"])
        with store.unit() as unit, unit.as_number_keeper():
            assert unit.execute("select count(*) from numbers.individual_number").fetchone() == (0,)
        store.close()


@pytest.mark.parametrize("role", ["read", "audit"])
def test_readers_cannot_write_even_if_they_lift_their_own_setting(cs: Addresses, role: str) -> None:
    with psycopg.connect(cs[role]) as connection:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), connection.transaction():
            connection.execute("create temporary table t (n int)")
        connection.execute("set default_transaction_read_only = off")
        connection.commit()
        for statement in ("delete from mailbox.returned", "update mailbox.stream_in set epoch = 9"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


@pytest.mark.parametrize("role", ["read", "audit"])
def test_readers_cannot_step_into_the_numbers(cs: Addresses, role: str) -> None:
    user = str(psycopg.conninfo.conninfo_to_dict(cs[role])["user"])
    numbers = user.rsplit("_", 1)[0] + "_numbers"
    with psycopg.connect(cs[role]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(psycopg.sql.SQL("set role {}").format(psycopg.sql.Identifier(numbers)))


@pytest.mark.parametrize("role", ["app", "read", "audit"])
def test_nobody_but_the_owner_makes_tables(cs: Addresses, role: str) -> None:
    with psycopg.connect(cs[role]) as connection:
        connection.execute("set default_transaction_read_only = off")
        connection.commit()
        for schema in ("public", "mailbox", "ledger"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(
                    psycopg.sql.SQL("create table {}.mine (n int)").format(psycopg.sql.Identifier(schema))
                )


def test_the_application_adds_to_the_ledger_and_changes_nothing_in_it(cs: Addresses) -> None:
    with psycopg.connect(cs["app"]) as connection:
        tables = connection.execute(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'ledger' and c.relname like 'line%' and c.relkind in ('r', 'p')"
        ).fetchall()
        assert tables
        for (table,) in tables:
            for right in ("update", "delete", "truncate"):
                row = connection.execute("select has_table_privilege(%s, %s)", (table, right)).fetchone()
                assert row == (False,), (table, right)


@pytest.mark.parametrize(
    ("role", "setting", "value"),
    [
        ("app", "statement_timeout", "20s"),
        ("app", "lock_timeout", "5s"),
        ("app", "idle_in_transaction_session_timeout", "1min"),
        ("read", "statement_timeout", "5s"),
        ("read", "default_transaction_read_only", "on"),
        ("read", "enable_bitmapscan", "off"),
        ("audit", "default_transaction_read_only", "on"),
        ("audit", "statement_timeout", "10min"),
    ],
)
def test_each_role_has_its_limits(cs: Addresses, role: str, setting: str, value: str) -> None:
    with psycopg.connect(cs[role]) as connection:
        assert connection.execute("select current_setting(%s)", (setting,)).fetchone() == (value,)


def test_a_creation_that_was_cut_off_can_be_repeated(cluster: Cluster) -> None:
    first = create_node_database(cluster.dsn(), "roles_again")
    second = create_node_database(cluster.dsn(), "roles_again")
    assert first.passwords != second.passwords
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(cluster.dsn("roles_again", first.role("app"), first.passwords["app"]))
    with psycopg.connect(cluster.dsn("roles_again", second.role("app"), second.passwords["app"])):
        pass


def test_the_server_is_never_told_a_password_and_asks_for_it(cluster: Cluster) -> None:
    made = create_node_database(cluster.dsn(), "roles_secret")
    role, password = made.role("app"), made.passwords["app"]
    with psycopg.connect(cluster.dsn()) as admin:
        kept = admin.execute("select rolpassword from pg_authid where rolname = %s", (role,)).fetchone()
    assert kept is not None
    assert kept[0].startswith("SCRAM-SHA-256$")
    assert password not in kept[0]
    assert len(password) * 6 >= 192, "few rounds are for bits that nobody guesses"
    with psycopg.connect(cluster.dsn("roles_secret", role, password)):
        pass
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.dsn("roles_secret", role, password[:-1]))


def test_passwords_lie_where_only_the_owner_of_the_server_reads_them(cluster: Cluster) -> None:
    notes = Path(f"{cluster.data}.json")
    assert notes.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0
    assert Path(cluster.socket_folder).stat().st_mode & 0o077 == 0
