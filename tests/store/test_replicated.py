"""A database on three servers: who leads falls, nothing that was acknowledged is lost, any instant comes back."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
import urllib3
from tests.conftest import until

from daicho.store import copies, replicated
from daicho.store.replicated import ReplicatedCluster
from daicho.store.unit import Store, StoreUnavailable

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(600)]
_GAP_SECONDS = 60  # Patroni gives a leader twenty seconds, and a machine in use needs as long again


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    found = ReplicatedCluster(tmp_path_factory.mktemp("trio") / "servers")
    found.start()
    with psycopg.connect(found.dsn(), autocommit=True) as admin:
        admin.execute(
            "create table counted (number bigint primary key, at timestamptz default clock_timestamp())"
        )
    yield found
    found.stop()
    # psycopg lets go, unclosed, of a connection that fails while it tries one server after the other.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


class _Writer(threading.Thread):
    """Writes numbers, each in a commit of its own, and remembers which were acknowledged."""

    def __init__(self, dsn, first):
        super().__init__()
        self.dsn, self.number = dsn, first
        self.acknowledged, self.gap, self.told = [], 0.0, threading.Event()

    def run(self):
        last, connection = time.monotonic(), None
        while not self.told.is_set():
            self.number += 1
            try:
                if connection is None or connection.closed:
                    connection = psycopg.connect(self.dsn, autocommit=True, connect_timeout=1)
                connection.execute("insert into counted (number) values (%s)", (self.number,))
            except psycopg.Error:
                if connection is not None:
                    connection.close()
                self.told.wait(0.05)
                continue
            self.acknowledged.append(self.number)
            self.gap, last = max(self.gap, time.monotonic() - last), time.monotonic()


def _numbers(dsn):
    with psycopg.connect(dsn) as admin:
        return {row[0] for row in admin.execute("select number from counted").fetchall()}


def test_the_leader_is_killed_and_nothing_acknowledged_is_lost(servers, capsys):
    writer = _Writer(servers.dsn(), 1_000_000)
    writer.start()
    until(lambda: len(writer.acknowledged) > 500, _GAP_SECONDS)
    fallen = servers.leader()
    servers.kill(fallen)
    until(lambda: servers.leader() not in {"", fallen}, _GAP_SECONDS)
    before = len(writer.acknowledged)
    until(lambda: len(writer.acknowledged) > before + 500, _GAP_SECONDS)
    assert f"patroni-{fallen}" in servers.revive()
    until(servers.stands, 120)
    writer.told.set()
    writer.join()
    assert set(writer.acknowledged) <= _numbers(servers.dsn())
    with capsys.disabled():
        print(f"\nacknowledged {len(writer.acknowledged)}, lost 0, longest gap {writer.gap:.1f} s")
    assert writer.gap < _GAP_SECONDS


def test_one_server_of_three_is_away_and_writing_goes_on(servers):
    until(servers.stands, 120)
    follower = next(one.name for one in servers.standing() if one.role == "sync_standby")
    servers.kill(follower)
    try:
        # Until Patroni has named the other one, a commit waits; then it goes on.
        with psycopg.connect(servers.dsn(), autocommit=True) as admin:
            admin.execute("insert into counted (number) values (1)")
    finally:
        servers.revive()
    until(servers.stands, 120)


@contextmanager
def not_applying(servers):
    """The servers that follow receive and do not apply."""
    appliers = []
    for one in servers.servers():
        with psycopg.connect(servers.dsn_of_one(one)) as admin:
            appliers += admin.execute(
                "select pid from pg_stat_activity where backend_type = 'startup'"
            ).fetchall()
    for (pid,) in appliers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for (pid,) in appliers:
            os.kill(pid, signal.SIGCONT)


def test_a_server_that_follows_says_how_old_its_data_are(servers):
    store = Store(
        servers.dsn(), copy_dsn=servers.dsn_of_copies("postgres", "postgres", servers.superuser_password())
    )
    try:
        with store.unit() as unit:
            assert copies.age_seconds(unit) == 0
            copies.beat(unit)

        def young():
            with store.reading_copy() as unit:
                assert unit.execute("select pg_is_in_recovery()").fetchone() == (True,)
                return copies.age_seconds(unit) in {1, 2}

        until(young, 10)
        with not_applying(servers):
            then = time.monotonic()

            def old():
                with store.reading_copy() as unit:
                    return copies.age_seconds(unit)

            until(lambda: old() >= 3, 10)
            assert time.monotonic() - then > 1
    finally:
        store.close()


def test_the_log_is_whole_across_a_change_of_leader(servers, tmp_path):
    copy = servers.archive.take(servers.dsn())
    until(lambda: datetime.now(UTC) > copy.finished, 10)
    fallen = servers.leader()
    servers.kill(fallen)
    until(lambda: servers.leader() not in {"", fallen}, _GAP_SECONDS)
    until(servers.running, _GAP_SECONDS)
    with psycopg.connect(servers.dsn(), autocommit=True) as admin:
        admin.execute("insert into counted (number) values (3001)")
    servers.revive()
    until(servers.stands, 120)
    until(lambda: servers.archive.behind_bytes(servers.dsn()) == 0)
    restored = servers.archive.restore(tmp_path / "after", servers.superuser_password())
    try:
        assert 3001 in _numbers(restored.dsn())
    finally:
        restored.stop()


def test_whoever_has_no_copy_is_told_to_ask_the_leader(servers):
    store = Store(servers.dsn())
    try:
        assert not store.has_copy
        with pytest.raises(StoreUnavailable), store.reading_copy():
            pass
    finally:
        store.close()


class _CutOff(Exception):
    """The power fails."""


@pytest.mark.parametrize("last", ["user/add", "user/grant", "enable"])
def test_a_founding_that_was_cut_off_goes_on(tmp_path, last):
    found, ask = ReplicatedCluster(tmp_path / "servers"), replicated._ask

    def cut_off(port, path, body=None):
        answer = ask(port, path, body)
        if path == f"/v3/auth/{last}":
            raise _CutOff
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replicated, "_ask", cut_off)
        with pytest.raises(_CutOff):
            found.start()
    try:
        found.start()
        assert found.running()
        assert _put_without_password(found) == 400
    finally:
        found.stop()


def _put_without_password(servers):
    port = servers.servers()[0].etcd
    return urllib3.request(
        "POST", f"http://127.0.0.1:{port}/v3/kv/put", json={"key": "Zm9v", "value": "YmFy"}
    ).status


def test_nobody_writes_who_leads_without_the_password(servers):
    assert _put_without_password(servers) == 400
    asked = urllib3.request("POST", f"http://127.0.0.1:{servers.servers()[0].patroni}/switchover", json={})
    assert asked.status == 401


def test_the_commands_copy_restore_and_say_whether_it_is_the_same(servers, tmp_path):
    def daicho(*words):
        command = [sys.executable, "-m", "daicho", "cluster", *words, "--home", str(servers.folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    with psycopg.connect(servers.dsn(), autocommit=True) as admin:
        admin.execute("create database kept")
    with psycopg.connect(servers.dsn("kept"), autocommit=True) as admin:
        admin.execute(
            "create schema ledger create table leaf (position bigint, line_id bigint, leaf_hash bytea)"
        )
        admin.execute("create table ledger.line (line_id bigint, body bytea)")
        admin.execute("create table person (name text)")
        admin.execute("insert into person values ('a')")
    until(lambda: servers.archive.behind_bytes(servers.dsn()) == 0, _GAP_SECONDS)
    assert "遅れ 0 バイト" in daicho("status").stdout
    assert daicho("backup").returncode == 0
    same = daicho("restore", "--into", str(tmp_path / "same"))
    assert "同じ内容です" in same.stdout, same.stderr
    with psycopg.connect(servers.dsn("kept"), autocommit=True) as admin:
        then = admin.execute("select clock_timestamp()").fetchone()[0]
        admin.execute("insert into person values ('b')")
    until(lambda: servers.archive.behind_bytes(servers.dsn()) == 0, _GAP_SECONDS)
    before = daicho("restore", "--into", str(tmp_path / "before"), "--to", then.isoformat())
    assert "変わった表 1" in before.stdout, before.stderr
    again = daicho("restore", "--into", str(tmp_path / "before"))
    assert again.returncode == 1
    assert "exists already" in again.stderr
