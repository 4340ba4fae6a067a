"""Copies of a server and the log since: any instant comes back, and what cannot come back is said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.conftest import until

from daicho.store import audit
from daicho.store.archive import SLOT, Archive
from daicho.store.launcher import Cluster, DatabaseFault
from daicho.store.unit import Store


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    found = Cluster(tmp_path_factory.mktemp("archived") / "data", max_connections=20)
    found.start()
    with psycopg.connect(found.dsn(), autocommit=True) as admin:
        admin.execute("create table counted (number bigint primary key)")
        admin.execute("select pg_create_physical_replication_slot(%s, true)", (SLOT,))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def archive(server, tmp_path_factory):
    made = Archive(tmp_path_factory.mktemp("archive"))
    receiver = made.receiver(server.dsn())
    receiver.start()
    yield made
    receiver.end()
    assert receiver.pid() is None


@pytest.fixture(scope="module")
def copy(server, archive):
    made = archive.take(server.dsn())
    until(lambda: datetime.now(UTC) > made.finished)
    return made


@pytest.fixture
def admin(server):
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def password(server):
    return psycopg.conninfo.conninfo_to_dict(server.dsn())["password"]


def _is_received(server):
    """What is durable here is in the archive, too."""
    until(lambda: Archive.behind_bytes(server.dsn()) == 0)


def _numbers(dsn):
    with psycopg.connect(dsn) as connection:
        return {row[0] for row in connection.execute("select number from counted").fetchall()}


def _digests(dsn):
    store = Store(dsn, pool_connections=1)
    try:
        with store.unit() as unit:
            return audit.table_digests(unit)
    finally:
        store.close()


def test_an_instant_between_two_commits_comes_back_and_no_other(
    copy, archive, server, admin, password, tmp_path
):
    admin.execute("insert into counted values (1)")
    then = admin.execute("select clock_timestamp()").fetchone()[0]
    admin.execute("insert into counted values (2)")
    _is_received(server)
    restored = archive.restore(tmp_path / "then", password, then)
    try:
        assert {1, 2} & _numbers(restored.dsn()) == {1}
        with psycopg.connect(restored.dsn(), autocommit=True) as after:
            after.execute("insert into counted values (3)")  # it is a server of its own from here on
    finally:
        restored.stop()


def test_without_an_instant_everything_received_comes_back(copy, archive, server, admin, password, tmp_path):
    admin.execute("insert into counted select generate_series(100, 5000)")
    _is_received(server)
    restored = archive.restore(tmp_path / "last", password)
    try:
        assert _digests(restored.dsn()) == _digests(server.dsn())
        assert _digests(server.dsn())["public.counted"].rows >= 4901
    finally:
        restored.stop()


def test_one_byte_that_differs_differs_in_the_digest(server, admin):
    before = _digests(server.dsn())["public.counted"]
    admin.execute("insert into counted values (900000)")
    admin.execute("delete from counted where number = 900000")
    assert _digests(server.dsn())["public.counted"] == before
    admin.execute("insert into counted values (900000)")
    admin.execute("insert into counted values (-900000)")
    one = _digests(server.dsn())["public.counted"]
    admin.execute("update counted set number = 900001 where number = 900000")
    other = _digests(server.dsn())["public.counted"]
    assert one.rows == other.rows
    assert one.digest != other.digest


def test_an_instant_before_every_copy_cannot_come_back(copy, archive, password, tmp_path):
    with pytest.raises(DatabaseFault, match="no copy"):
        archive.restore(tmp_path / "early", password, copy.finished - timedelta(seconds=1))
    assert not (tmp_path / "early").exists()


def test_an_instant_that_the_log_does_not_reach_is_said(copy, archive, password, tmp_path):
    with pytest.raises(DatabaseFault, match="before configured recovery target"):
        archive.restore(tmp_path / "late", password, datetime.now(UTC) + timedelta(days=1))


def test_nothing_is_restored_over_something(copy, archive, password, tmp_path):
    (tmp_path / "database").mkdir()
    with pytest.raises(DatabaseFault, match="exists already"):
        archive.restore(tmp_path, password)


def test_a_copy_that_was_altered_is_found_by_its_list(copy, archive, server, monkeypatch):
    made = archive._run

    def altered(tool, *arguments, **options):
        made(tool, *arguments, **options)
        if tool == "pg_basebackup":
            file = archive.folder / "copy.new" / "PG_VERSION"
            file.write_text("19\n")

    monkeypatch.setattr(archive, "_run", altered)
    before = archive.copies()
    with pytest.raises(DatabaseFault, match="pg_verifybackup"):
        archive.take(server.dsn())
    assert archive.copies() == before


def test_no_password_stands_in_a_command_line(archive, server, password):
    pid = archive.receiver(server.dsn()).pid()
    words = Path(f"/proc/{pid}/cmdline").read_bytes()
    assert b"pg_receivewal" in words
    assert password.encode() not in words
