"""Notices from other processes on the same database: they wake, and nothing rests on their coming."""

import contextlib
import os
import select
import weakref
from typing import Any

import psycopg
from psycopg import sql

from daicho.store.launcher import check_server_address
from daicho.store.unit import StoreUnavailable


class Listener:
    """One connection that listens to one channel; opened when first needed, and again after a fault."""

    def __init__(self, app_dsn: str, channel: str) -> None:
        """Remember where to listen. Raises: DatabaseFault for an address that is not to be trusted."""
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        check_server_address(app_dsn)
        self._dsn = app_dsn
        self._channel = channel
        self._dismissed = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        weakref.finalize(self, os.close, self._dismissed)

    def wait(self, seconds: float) -> bool:
        """Wait for a notice, at most so long or until nobody is to wait any more; tell whether one came.

        Raises: StoreUnavailable.
        """
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=3)
                self._connection.execute(sql.SQL("listen {}").format(sql.Identifier(self._channel)))
            # The driver's own waiting wakes ten times a second.
            heard = self._heard(self._connection)
            return heard or (self._comes(self._connection, seconds) and self._heard(self._connection))
        except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
            self.close()
            raise StoreUnavailable(type(fault).__name__) from fault

    def dismiss(self) -> None:
        """Let nobody wait any more."""
        os.eventfd_write(self._dismissed, 1)

    def _comes(self, connection: psycopg.Connection[tuple[Any, ...]], seconds: float) -> bool:
        """Tell whether something can be read within so long."""
        line = connection.fileno()
        poll = select.poll()
        for one in (line, self._dismissed):
            poll.register(one, select.POLLIN)
        return line in (one for one, _ in poll.poll(1000 * seconds))

    def _heard(self, connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
        return any(True for _ in connection.notifies(timeout=0, stop_after=1))

    def __del__(self) -> None:
        """Close with the job that listened."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
