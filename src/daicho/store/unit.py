"""One use case, one connection, one transaction."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, Protocol, Self

import psycopg
from psycopg import errors, sql
from psycopg.types.array import ListBinaryDumper
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from daicho.store.launcher import check_server_address

POOL_WAIT_SECONDS = 5.0


class StoreUnavailable(Exception):
    """The database is down, restarting, full or too slow: say 503 and try again later."""


class Bell:
    """Wakes threads of this process that wait for work; whoever misses it finds the work by looking again."""

    def __init__(self) -> None:
        """Begin silent."""
        self._rings = 0
        self._dismissed = False
        self._condition = threading.Condition()

    @property
    def rings(self) -> int:
        """Tell how often it rang so far."""
        return self._rings

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def dismiss(self, *, dismissed: bool) -> None:
        """Let nobody wait any more, because everybody is to stop; or let them wait again."""
        with self._condition:
            self._dismissed = dismissed
            self._condition.notify_all()

    def let_gather(self, seconds: float) -> None:
        """Wait while more may come, whoever rings; not when everybody is to stop."""
        with self._condition:
            self._condition.wait_for(lambda: self._dismissed, seconds)

    def wait(self, heard: int, seconds: float) -> int:
        """Wait until it has rung more than `heard` times, at most so long; tell how often it rang."""
        with self._condition:
            self._condition.wait_for(lambda: self._dismissed or self._rings > heard, seconds)
            return self._rings


class Unit:
    """One transaction; everything that a use case reads and writes goes through it."""

    def __init__(
        self,
        connection: psycopg.Connection[tuple[Any, ...]],
        numbers_role: str,
        line_bell: Bell,
        feed_bell: Bell,
    ) -> None:
        """Take the connection whose transaction is open, and the bells of lines and of the feed."""
        self.connection = connection
        self.cursor = connection.cursor(binary=True)
        self.line_bell = line_bell
        self.feed_bell = feed_bell
        self._numbers_role = numbers_role
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, act: Callable[[], None]) -> None:
        """Let something happen once this transaction is durable, and not at all if it is rolled back."""
        if act not in self._after_commit:
            self._after_commit.append(act)

    def committed(self) -> None:
        """Do what was to happen after the commit."""
        for act in self._after_commit:
            act()

    def execute(self, query: LiteralString, parameters: Any = None) -> "psycopg.Cursor[tuple[Any, ...]]":
        """Run one statement and give its cursor."""
        return self.cursor.execute(query, parameters)

    def answers(self) -> None:
        """Ask the server for nothing but an answer."""
        self.cursor.execute("select 1")

    @contextmanager
    def as_number_keeper(self) -> Iterator[Self]:
        """Step into the role that may see individual numbers, and out of it again, whatever happens."""
        self.connection.execute(sql.SQL("set local role {}").format(sql.Identifier(self._numbers_role)))
        try:
            yield self
        finally:
            if self.connection.info.transaction_status in _STILL_OPEN:
                self.connection.execute("set local role none")


class Watch(Protocol):
    """Whoever wants to know of named transactions: what a drill kills, what a meter counts."""

    def begins(self, name: str) -> float:
        """A transaction begins; what is given comes back at its end."""
        ...

    def before_commit(self, name: str) -> None:
        """Everything is written and nothing is durable."""
        ...

    def after_commit(self, name: str, begun: float) -> None:
        """Everything is durable and nobody has been told."""
        ...


class Unwatched:
    """Nobody wants to know."""

    def begins(self, _name: str) -> float:
        """Note nothing."""
        return 0.0

    def before_commit(self, _name: str) -> None:
        """Do nothing."""

    def after_commit(self, _name: str, _begun: float) -> None:
        """Do nothing."""


# In a unit of few trips a statement may be on its way; in one that has failed the role ends with it.
_STILL_OPEN = frozenset({psycopg.pq.TransactionStatus.INTRANS, psycopg.pq.TransactionStatus.ACTIVE})
_UNAVAILABLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
    PoolClosed,
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.DiskFull,
)


_UNWATCHED = Unwatched()


class Store:
    """One node's database, reached by its application role and, for searching, by its reader role."""

    def __init__(
        self,
        app_dsn: str,
        *,
        read_dsn: str | None = None,
        copy_dsn: str = "",
        pool_connections: int = 8,
        pool_wait_seconds: float = POOL_WAIT_SECONDS,
        kept_plans: bool = False,
        watch: Watch = _UNWATCHED,
    ) -> None:
        """Open the pools; the database need not be up yet. `watch` hears of every transaction that has a name.

        With `kept_plans` the application's statements are planned once per connection, whatever is asked: right
        where every one of them goes by a key, since planning takes longer than asking.

        Raises: DatabaseFault when it is on another machine without a verified certificate.
        """
        for address in (app_dsn, read_dsn or app_dsn, copy_dsn or app_dsn):
            check_server_address(address)
        self.app_dsn = app_dsn
        self.bell = Bell()  # of letters
        self.line_bell = Bell()  # of the ledger's lines, positions and checkpoints
        self.feed_bell = Bell()  # of what the hall's other offices are told
        self._watch = watch
        plans = "force_generic_plan" if kept_plans else "auto"
        self._app = _pool(app_dsn, pool_connections, pool_wait_seconds, plans)
        self._read = _pool(read_dsn, pool_connections, pool_wait_seconds, kept=0) if read_dsn else self._app
        self._copy = _pool(copy_dsn, pool_connections, pool_wait_seconds, kept=0) if copy_dsn else None
        user = str(psycopg.conninfo.conninfo_to_dict(app_dsn)["user"])
        self._numbers_role = user.removesuffix("_app") + "_numbers"

    @contextmanager
    def unit(self, name: str = "", *, few_trips: bool = False) -> Iterator[Unit]:
        """Open a transaction; commit at a clean end, roll back at an exception. Its name says what it is for.

        With `few_trips` a statement travels with the next one whose rows are asked for, the last ones with the
        commit; what is wrong with a statement is then raised there, how many rows it touched is not known before,
        and nothing can be copied.

        Raises: StoreUnavailable when the database cannot be reached or does not answer in time.
        """
        with self._transaction(self._app, name, few_trips=few_trips) as unit:
            yield unit

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Open a read-only transaction with the settings that searching needs.

        Raises: StoreUnavailable.
        """
        with self._transaction(self._read) as unit:
            if self._read is self._app:
                unit.connection.execute("set transaction read only")
                unit.connection.execute("set local enable_bitmapscan = off")
            yield unit

    @property
    def has_copy(self) -> bool:
        """Tell whether a server that follows may be asked."""
        return self._copy is not None

    @contextmanager
    def reading_copy(self) -> Iterator[Unit]:
        """Open a transaction on a server that follows; how old what it holds is says `copies.age_seconds`.

        Raises: StoreUnavailable, also when no such server is known.
        """
        if self._copy is None:
            raise StoreUnavailable("NoCopy")
        with self._transaction(self._copy) as unit:
            yield unit

    @contextmanager
    def _transaction(
        self,
        pool: "ConnectionPool[psycopg.Connection[tuple[Any, ...]]]",
        name: str = "",
        *,
        few_trips: bool = False,
    ) -> Iterator[Unit]:
        watch = self._watch if name else _UNWATCHED
        begun = watch.begins(name)
        try:
            with pool.connection() as connection:
                unit = Unit(connection, self._numbers_role, self.line_bell, self.feed_bell)
                if few_trips:
                    with connection.pipeline():
                        yield unit
                        watch.before_commit(name)
                        connection.commit()
                else:
                    yield unit
                    watch.before_commit(name)
        except _UNAVAILABLE as fault:
            raise StoreUnavailable(type(fault).__name__) from fault
        watch.after_commit(name, begun)
        unit.committed()

    def close(self) -> None:
        """Close every connection."""
        self._app.close()
        if self._read is not self._app:
            self._read.close()
        if self._copy is not None:
            self._copy.close()


def _pool(
    dsn: str, size: int, wait_seconds: float, plans: str = "auto", *, kept: int = 1
) -> "ConnectionPool[psycopg.Connection[tuple[Any, ...]]]":
    # The pool would tell of every attempt while the database is away; StoreUnavailable says it.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    return ConnectionPool(
        dsn,
        min_size=kept,
        max_size=size,
        timeout=wait_seconds,
        open=True,
        check=_cheap_check,
        reconnect_timeout=1.0,
        reconnect_failed=lambda _: None,
        # Whatever a table's statistics say, and after an import there are none: who has an index leafs through nothing.
        kwargs={
            "prepare_threshold": 3,
            "connect_timeout": 3,
            "options": f"-c plan_cache_mode={plans} -c enable_seqscan=off",
        },
        configure=_send_arrays_as_they_are,
    )


def _send_arrays_as_they_are(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    # As text every item would be searched for quotes and every byte written twice.
    connection.adapters.register_dumper(list, ListBinaryDumper)


def _cheap_check(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Refuse a connection that the server has already closed, without a round trip."""
    if connection.broken or connection.closed:
        raise psycopg.OperationalError("closed by the server")
    if connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE:
        connection.pgconn.consume_input()
        if connection.pgconn.status != psycopg.pq.ConnStatus.OK:
            raise psycopg.OperationalError("closed by the server")
