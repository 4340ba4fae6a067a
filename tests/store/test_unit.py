"""One use case, one transaction; and a database that goes away and comes back under a running node."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from daicho.store.launcher import Cluster, DatabaseFault
from daicho.store.roles import create_node_database
from daicho.store.unit import Bell, Store, StoreUnavailable

RECOVERY_SECONDS = 30


@pytest.fixture(params=[False, True], ids=["each statement at once", "few trips"])
def few_trips(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def store(database: Callable[[str], Store], databases: Any) -> Store:
    return database("cs")


def test_a_clean_end_commits_and_an_exception_rolls_back(store: Store, few_trips: bool) -> None:
    from daicho.store.mailbox_in import StreamFrom, open_stream, stream_from

    with store.unit(few_trips=few_trips) as unit:
        open_stream(unit, "kept")

    def fail() -> None:
        with store.unit(few_trips=few_trips) as unit:
            open_stream(unit, "gone")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.unit(few_trips=few_trips) as unit:
        assert stream_from(unit, "kept") == StreamFrom((1, 1))
        assert stream_from(unit, "gone") is None


def test_what_follows_a_commit_happens_once_and_only_after_it(store: Store, few_trips: bool) -> None:
    done: list[str] = []

    def act() -> None:
        done.append("acted")

    with store.unit(few_trips=few_trips) as unit:
        unit.after_commit(act)
        unit.after_commit(act)
        assert done == []
    assert done == ["acted"]

    def fail() -> None:
        with store.unit(few_trips=few_trips) as unit:
            unit.after_commit(act)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert done == ["acted"]


def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), store.reading() as unit:
        unit.execute("create temporary table t (n int)")


def test_a_store_without_a_reader_reads_with_the_application_but_cannot_write_either(
    fresh_dsn: Callable[[str], dict[str, str]],
) -> None:
    store = Store(fresh_dsn("cs")["app"])
    with store.reading() as unit:
        assert unit.execute("select current_setting('enable_bitmapscan')").fetchone() == ("off",)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), store.reading() as unit:
        unit.execute("insert into mailbox.stream_in values ('x', 1, 1)")
    with store.unit() as unit:
        assert unit.execute("select current_setting('transaction_read_only')").fetchone() == ("off",)
    store.close()


def test_the_numbers_role_is_left_again_even_when_the_work_inside_fails(
    store: Store, few_trips: bool
) -> None:
    def who(unit: Any) -> str:
        return str(unit.execute("select current_user").fetchone()[0])

    def fail(unit: Any) -> None:
        with unit.as_number_keeper():
            assert who(unit).endswith("_numbers")
            raise ZeroDivisionError

    with store.unit(few_trips=few_trips) as unit:
        app = who(unit)
        with pytest.raises(ZeroDivisionError):
            fail(unit)
        assert who(unit) == app
    with (
        pytest.raises(psycopg.errors.DivisionByZero),
        store.unit(few_trips=few_trips) as unit,
        unit.as_number_keeper(),
    ):
        unit.execute("select 1 / 0")
    with store.unit(few_trips=few_trips) as unit:
        assert who(unit) == app


def test_a_statement_or_a_lock_that_takes_too_long_says_unavailable(store: Store, few_trips: bool) -> None:

    def run(limit: Any, statement: Any) -> None:
        with store.unit(few_trips=few_trips) as unit:
            unit.execute(limit)
            unit.execute(statement)

    with pytest.raises(StoreUnavailable):
        run("set local statement_timeout = 50", "select pg_sleep(5)")
    row = "insert into mailbox.stream_in values ('x', 1, 1)"
    with store.unit(few_trips=few_trips) as holder:
        holder.execute(row)
        holder.execute("select 1").fetchone()
        with pytest.raises(StoreUnavailable):
            run("set local lock_timeout = 50", row)


def test_more_callers_than_connections_wait_and_then_hear_unavailable(
    fresh_dsn: Callable[[str], dict[str, str]],
) -> None:
    store = Store(fresh_dsn("cs")["app"], pool_connections=1, pool_wait_seconds=0.2)
    with store.unit(), pytest.raises(StoreUnavailable), store.unit():
        pass
    with store.unit() as unit:
        unit.execute("select 1")
    store.close()


def test_a_far_database_without_a_verified_certificate_is_refused_at_the_door() -> None:
    with pytest.raises(DatabaseFault, match="verify-full"):
        Store("postgresql://x_app@db.example/x")


@pytest.fixture(scope="module")
def own_cluster(binaries: Path | None) -> Iterator[Cluster]:
    """A server of this module's own, which may be killed; durable, as in production."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    folder.chmod(0o755)
    one = Cluster(folder / "data", binaries=binaries, max_connections=40)
    one.start()
    yield one
    one.start()
    one.stop("immediate")


@pytest.fixture
def mortal(own_cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[tuple[Cluster, Store]]:
    own_cluster.start()
    name = f"mortal_{abs(hash(request.node.name)) % 10**6}"
    made = create_node_database(own_cluster.dsn(), name)
    with psycopg.connect(own_cluster.dsn(name, made.role("owner"), made.passwords["owner"])) as owner:
        owner.execute("create table public.line (n int primary key)")
        owner.execute("grant all on public.line to public")
    store = Store(
        own_cluster.dsn(name, made.role("app"), made.passwords["app"]),
        pool_connections=3,
        pool_wait_seconds=1.0,
    )
    yield own_cluster, store
    store.close()


def _write(store: Store, number: int) -> bool:
    try:
        with store.unit() as unit:
            unit.execute("insert into public.line values (%s) on conflict do nothing", (number,))
    except StoreUnavailable:
        return False
    return True


def _await_write(store: Store, number: int) -> None:
    end = time.monotonic() + RECOVERY_SECONDS
    while not _write(store, number):
        assert time.monotonic() < end, "the store did not recover"


@pytest.mark.parametrize("wrong", ["insert into mailbox.stream_in values ('x', 1, 1)", "select 1 / 0"])
def test_a_statement_that_fails_on_its_way_to_the_commit_leaves_nothing_of_its_unit(
    store: Store, wrong: str, few_trips: bool
) -> None:
    row = "insert into mailbox.stream_in values ('x', 1, 1)"
    told: list[str] = []

    def run() -> None:
        with store.unit(few_trips=few_trips) as unit:
            unit.after_commit(lambda: told.append("committed"))
            unit.execute(row)
            unit.execute(wrong)

    with pytest.raises((psycopg.errors.UniqueViolation, psycopg.errors.DivisionByZero)):
        run()
    with store.unit(few_trips=few_trips) as unit:
        assert unit.execute("select count(*) from mailbox.stream_in").fetchone() == (0,)
        unit.execute(row)
    with store.unit() as unit:
        assert unit.execute("select count(*) from mailbox.stream_in").fetchone() == (1,)
    assert told == []


def test_few_trips_send_the_last_statements_with_the_commit(store: Store) -> None:
    with store.unit(few_trips=True) as unit:
        waiting = unit.execute("select 1")
        assert unit.connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE
        assert waiting.fetchone() == (1,)


@pytest.mark.parametrize("how", ["restart", "kill", "immediate"])
def test_the_store_outlives_its_database_and_loses_nothing_that_it_acknowledged(
    mortal: tuple[Cluster, Store], how: str
) -> None:
    cluster, store = mortal
    acknowledged = [n for n in range(50) if _write(store, n)]
    assert len(acknowledged) == 50

    def lose_the_database() -> None:
        with store.unit() as unit:
            unit.execute("insert into public.line values (1000)")
            cluster.kill() if how == "kill" else cluster.stop("immediate" if how == "immediate" else "fast")
            unit.execute("insert into public.line values (1001)")

    with pytest.raises(StoreUnavailable):
        lose_the_database()
    before = time.monotonic()
    assert not _write(store, 60)
    assert time.monotonic() - before < 5, "the answer that it is away must not take long"
    cluster.start()
    _await_write(store, 61)
    with store.unit() as unit:
        rows = {row[0] for row in unit.execute("select n from public.line").fetchall()}
    assert rows >= set(acknowledged)
    assert not rows & {1000, 1001}


def test_a_backend_that_is_terminated_costs_one_use_case_at_most(mortal: tuple[Cluster, Store]) -> None:
    cluster, store = mortal
    assert _write(store, 1)
    with psycopg.connect(cluster.dsn(), autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename like 'mortal%%'")
    _await_write(store, 2)


def test_a_store_may_open_before_its_database(own_cluster: Cluster) -> None:
    own_cluster.start()
    address = own_cluster.dsn()
    own_cluster.stop()
    store = Store(address, pool_wait_seconds=0.5)
    assert not _write(store, 1)
    own_cluster.start()
    end = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            with store.unit() as unit:
                unit.execute("select 1")
            break
        except StoreUnavailable:
            assert time.monotonic() < end
    store.close()


def test_a_bell_wakes_who_waits_and_a_ring_that_was_missed_is_heard_at_once() -> None:
    bell = Bell()
    heard: list[int] = []
    thread = threading.Thread(target=lambda: heard.append(bell.wait(0, 10)))
    thread.start()
    bell.ring()
    thread.join(10)
    assert heard == [1]
    assert bell.wait(0, 10) == 1
    assert bell.wait(1, 0.01) == 1
