"""The listener for other nodes: mutual TLS, heads bounded in size and time, certificates renewed in place."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from email.utils import formatdate
from functools import lru_cache
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from daicho.wire.authority import TlsFiles
from daicho.wire.http import server_context

_CONNECTIONS_MAX = 1000
_RELOAD_LOOK_SECONDS = 0.1


class _OneWrite:
    """A transport that writes head and body of an answer together: over TLS each write is a record of its own."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, content: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(content)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        return int(self._transport.get_write_buffer_size()) + sum(map(len, self._held))

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class NodeHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a limit on heads, which also puts the verified peer certificate into the scope."""

    head_seconds = 10.0
    head_bytes = 32 * 1024

    _tls: dict[str, Any] | None = None
    _overdue: asyncio.TimerHandle | None = None
    _head_so_far = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own type
        """Read the certificate once per connection; wait for the first head only so long."""
        super().connection_made(_OneWrite(transport, self.loop))  # type: ignore[arg-type]  # it stands for one
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self._tls = {"client_cert": tls.getpeercert(binary_form=True), "tls_version": tls.version()}
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Refuse a head that does not end."""
        super().data_received(data)
        if self._overdue is not None and not self.transport.is_closing():
            self._head_so_far += len(data)
            if self._head_so_far > self.head_bytes:
                self.send_400_response("Head too large.")

    def on_message_begin(self) -> None:
        """Hand the certificate to every request; its head, too, must come in time."""
        super().on_message_begin()
        self.server_state.default_headers = _date(int(self.loop.time()))
        if self._overdue is None:
            self._await_head()
        if self._tls is not None:
            extensions: dict[Any, Any] = self.scope.setdefault("extensions", {})
            extensions["tls"] = self._tls

    def on_headers_complete(self) -> None:
        """From here on the application keeps the time."""
        self._stop_waiting()
        super().on_headers_complete()

    def shutdown(self) -> None:
        """End a connection that waits for nothing at once: TLS would wait for the other end's farewell."""
        resting = self.cycle is None or self.cycle.response_complete
        if resting and self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            super().shutdown()

    def _await_head(self) -> None:
        self._head_so_far = 0
        self._overdue = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None


@lru_cache(maxsize=1)
def _date(_second: int) -> list[tuple[bytes, bytes]]:
    """Write the date of answers, once for each second in which there are any."""
    return [(b"date", formatdate(usegmt=True).encode())]


class _QuietServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the process's own main, tells its loop, and rests while nobody asks."""

    loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: Any = None) -> None:
        self._told = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        # uvicorn's own wakes ten times a second to see whether it is to end, and to set the date of answers.
        await self._told.wait()

    def end(self) -> None:
        """Let it end; may be called from any thread, also before it has begun."""
        self.should_exit = True
        if self.loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                self.loop.call_soon_threadsafe(self._told.set)

    async def shutdown(self, sockets: Any = None) -> None:
        await super().shutdown(sockets)
        for late in list(self.server_state.connections):
            late.transport.abort()
        await asyncio.sleep(0)

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


class Listener:
    """One listening port in a thread of its own."""

    def __init__(
        self,
        app: Callable[..., Any],
        host: str,
        port: int,
        tls: TlsFiles | None = None,
        make_context: Callable[[TlsFiles], ssl.SSLContext] = server_context,
    ) -> None:
        """Prepare; nothing listens yet."""
        self._tls = tls
        self._make = make_context
        self._context: ssl.SSLContext | None = None
        self._config = uvicorn.Config(
            app, host=host, port=port, http=NodeHttpProtocol, ws="none", lifespan="off", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, timeout_keep_alive=75, timeout_graceful_shutdown=1,
            ssl_context_factory=self._make_context if tls is not None else None, limit_concurrency=_CONNECTIONS_MAX,
        )  # fmt: skip
        self._server = _QuietServer(self._config)
        self._thread = threading.Thread(target=self._server.run, name=f"listener-{port}", daemon=True)

    def _make_context(self, _config: uvicorn.Config, _default: Any) -> ssl.SSLContext:
        assert self._tls is not None  # noqa: S101 - only asked for when TLS is on
        self._context = self._make(self._tls)
        return self._context

    def start(self, seconds: float = 20.0) -> None:
        """Start listening. Raises: RuntimeError when the port cannot be had."""
        self._thread.start()
        self._thread.join(0)
        waited = threading.Event()
        for _ in range(int(seconds / 0.01)):
            if self._server.started:
                return
            if not self._thread.is_alive():
                raise RuntimeError(f"cannot listen on {self._config.host}:{self._config.port}")
            waited.wait(0.01)
        raise RuntimeError("the listener did not start")

    def reload_tls(self) -> None:
        """Take renewed files: the next handshake uses the new certificate and the new revocations.

        The server's own thread does it between two steps of handshakes, so that none meets half of a renewal.
        Raises: OSError when the files cannot be read or do not belong together; the old ones stay in use.
        """
        loop, context, files = self._server.loop, self._context, self._tls
        if loop is None or context is None or files is None:
            return
        loaded: Future[None] = Future()
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(self._load, context, files, loaded)
        while self._thread.is_alive() and not wait((loaded,), _RELOAD_LOOK_SECONDS).done:
            continue
        if loaded.done():
            loaded.result()

    def begin_to_stop(self) -> None:
        """Take no new connection and finish what is being answered."""
        self._server.end()

    def stop(self) -> None:
        """Wait until everything is answered and the port is closed."""
        self.begin_to_stop()
        self._thread.join(10)

    def _load(self, context: ssl.SSLContext, files: TlsFiles, loaded: "Future[None]") -> None:
        try:
            # A trial: files that do not fit are refused before the context in use is touched.
            self._make(files)
            context.load_cert_chain(files.pair)
            if context.verify_mode is not ssl.CERT_NONE:
                context.load_verify_locations(files.crl)
        except OSError as error:
            loaded.set_exception(error)
        else:
            loaded.set_result(None)
