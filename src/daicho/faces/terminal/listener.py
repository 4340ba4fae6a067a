"""Serving a terminal on the loopback: one thread, its own loop, no signals taken."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"
START_SECONDS = 10.0
STOP_SECONDS = 5
HEADER_BYTES = 16 * 1024
CONNECTIONS = 128


class _Server(uvicorn.Server):
    """A server that leaves signals to the process that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signals."""
        yield


class TerminalListener:
    """A terminal listening on the loopback until it is stopped."""

    def __init__(self, app: Starlette, listening: socket.socket) -> None:
        """Take the socket, which is bound already, so that its port is known to whoever made the app."""
        self._socket = listening
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            h11_max_incomplete_event_size=HEADER_BYTES,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._run, name="terminal", daemon=True)

    def start(self) -> None:
        """Serve in a thread of its own; the socket answers from now on."""
        self._socket.listen(CONNECTIONS)
        self._thread.start()

    def stop(self) -> None:
        """Answer what is being asked, then stop."""
        self._server.should_exit = True
        self._thread.join(START_SECONDS + STOP_SECONDS)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def loopback_socket(port: int) -> socket.socket:
    """Bind a port of the loopback; 0 takes any free one.

    Raises: OSError when the port is taken.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port))
    except OSError:
        made.close()
        raise
    return made
