"""Notices from other processes on the same database: they wake, and nothing rests on their coming."""

import contextlib
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

    def wait(self, seconds: float) -> bool:
        """Wait for a notice, at most so long; tell whether one came.

        Raises: StoreUnavailable.
        """
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=3)
                self._connection.execute(sql.SQL("listen {}").format(sql.Identifier(self._channel)))
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
            self.close()
            raise StoreUnavailable(type(fault).__name__) from fault

    def __del__(self) -> None:
        """Close with the job that listened."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
