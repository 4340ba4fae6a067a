"""The listener for other nodes: one route per operation, bounded, refusing before it works."""

import asyncio
import contextlib
import logging
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from daicho.rules.network.kinds import Member, may_call
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import Peer, TlsFiles, read_peer
from daicho.wire.directory import Directory
from daicho.wire.envelope import FRESH_SECONDS, RECEIPT, EnvelopeError, Head, Opened, open_sealed, seal
from daicho.wire.http import server_context
from daicho.wire.operations import Operation, operation
from daicho.wire.revocation import revoked
from daicho.wire.signer.client import SignerClient, SignerUnavailable

_LOG = logging.getLogger("daicho.exchange")
_BUSY_RETRY_SECONDS = 1
_SEEN_MAX = 100_000
_CONNECTIONS_MAX = 1000
_RELOAD_LOOK_SECONDS = 0.1

Handler = Callable[[Opened], Any]


class NodeHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a limit on heads, which also puts the verified peer certificate into the scope."""

    head_seconds = 10.0
    head_bytes = 32 * 1024

    _tls: dict[str, Any] | None = None
    _overdue: asyncio.TimerHandle | None = None
    _head_so_far = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own type
        """Read the certificate once per connection; wait for the first head only so long."""
        super().connection_made(transport)
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


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the listener knows about its node."""

    me: Member
    directory: Callable[[], Directory]
    signer: SignerClient
    now: Callable[[], datetime]
    handlers: Mapping[str, Handler]
    files: TlsFiles
    workers: int = 4
    queue_requests: int = 64
    body_seconds: float = 30.0
    health: Callable[[], dict[str, Any]] = lambda: {"ready": True}


class _Seen:
    """The seals of the last minutes, so that what may happen once happens once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seals: OrderedDict[str, datetime] = OrderedDict()

    def first_time(self, seal_hash: str, now: datetime) -> bool:
        with self._lock:
            while self._seals and (
                len(self._seals) >= _SEEN_MAX
                or next(iter(self._seals.values())) < now - timedelta(seconds=2 * FRESH_SECONDS)
            ):
                self._seals.popitem(last=False)
            if seal_hash in self._seals:
                return False
            self._seals[seal_hash] = now
            return True


class _Revocations:
    """What was revoked since a connection was opened: the handshake asked the lists only once."""

    def __init__(self, files: TlsFiles) -> None:
        self._file = files.crl
        self._stamp = 0
        self._revoked: frozenset[tuple[bytes, int]] = frozenset()

    def hold(self, peer: Peer) -> bool:
        try:
            stamp = self._file.stat().st_mtime_ns
            if stamp != self._stamp:
                self._revoked, self._stamp = revoked(self._file.read_bytes()), stamp
        except (OSError, ValueError) as error:
            _LOG.error("the revocation lists cannot be read: %s", type(error).__name__)
            return True
        return (peer.issuer, peer.serial) in self._revoked


class _Calls:
    """Takes requests, checks who asks, hands the work to a bounded pool of threads."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.pool = ThreadPoolExecutor(exchange.workers, thread_name_prefix="exchange")
        self.waiting = 0
        self.seen = _Seen()
        self.revocations = _Revocations(exchange.files)

    async def serve(self, request: Request, wanted: Operation) -> Response:
        caller = self.caller(request)
        if isinstance(caller, Response):
            return caller
        if not may_call(caller, self.exchange.me, wanted.callers):
            return _fault(403, "RELATION_NOT_ALLOWED")
        handler = self.exchange.handlers.get(wanted.name)
        if handler is None:
            return _fault(404, "NOT_OFFERED")
        if self.waiting >= self.exchange.queue_requests:
            return _busy("BUSY")
        try:
            async with asyncio.timeout(self.exchange.body_seconds):
                body = await _body(request, wanted.max_bytes)
        except TimeoutError:
            return _fault(408, "TOO_SLOW", 1, end=True)
        except ClientDisconnect:
            return _fault(400, "TRUNCATED", 1)
        if body is None:
            return _fault(413, "TOO_LARGE", 1, end=True)
        if self.waiting >= self.exchange.queue_requests:
            return _busy("BUSY")
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self.pool, self._work, body, wanted, str(caller.name), handler
            )
        finally:
            self.waiting -= 1

    def caller(self, request: Request) -> Member | Response:
        """Look the peer up anew for every request: a connection may be older than a removal."""
        certificate = request.scope.get("extensions", {}).get("tls", {}).get("client_cert")
        peer = read_peer(certificate) if certificate else None
        caller = self.exchange.directory().member(peer.name) if peer else None
        if peer is None or caller is None:
            return _fault(403, "UNKNOWN_PEER")
        if self.exchange.now() >= peer.valid_until:
            return _fault(403, "CERTIFICATE_EXPIRED", end=True)
        if self.revocations.hold(peer):
            return _fault(403, "CERTIFICATE_REVOKED", end=True)
        return caller

    def _work(self, body: bytes, wanted: Operation, peer: str, handler: Handler) -> Response:
        exchange = self.exchange
        now = exchange.now()
        try:
            opened = open_sealed(
                body, me=str(exchange.me.name), directory=exchange.directory(), now=now, peer=peer,
                operation=wanted.name, max_bytes=wanted.max_bytes, max_parts=wanted.max_parts,
            )  # fmt: skip
            if wanted.once and not self.seen.first_time(opened.seal_hash, now):
                return _fault(409, "REPLAYED", 12)
            answer = handler(_read_request(opened, wanted))
            head = Head(
                str(exchange.me.name), peer, wanted.name, exchange.now(), exchange.directory().serial, [],
                opened.seal_hash,
            )  # fmt: skip
            content = seal(exchange.signer, head, [msgspec.json.encode(answer)], purpose=RECEIPT)
        except EnvelopeError as error:
            return _fault(413 if error.code == "TOO_LARGE" else 400, error.code, error.step)
        except StoreUnavailable:
            return _busy("STORE_UNAVAILABLE")
        except SignerUnavailable:
            return _busy("SIGNER_UNAVAILABLE")
        except Exception:  # noqa: BLE001 - the last guard: the caller gets a code, the log gets the trace
            _LOG.exception("%s failed", wanted.name)
            return _fault(500, "OWN_FAULT")
        return Response(content, media_type="application/json")


def _read_request(opened: Opened, wanted: Operation) -> Opened:
    """Steps 10 and 13 for calls of one part; letters are read one by one by their receiver."""
    if wanted.max_parts > 1:
        return opened
    if not opened.parts:
        raise EnvelopeError("PART_COUNT", 10)
    try:
        return replace(opened, request=msgspec.json.decode(opened.parts[0], type=wanted.request))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise EnvelopeError("REQUEST_FORM", 13) from None


async def _body(request: Request, limit: int) -> bytes | None:
    """Read the body; None when it is larger than the limit, without reading on."""
    if int(request.headers.get("content-length") or 0) > limit:
        return None
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > limit:
            return None
    return bytes(chunks)


def _fault(status: int, code: str, step: int = 0, *, end: bool = False) -> JSONResponse:
    return JSONResponse({"code": code, "step": step}, status, {"Connection": "close"} if end else None)


def _busy(code: str) -> JSONResponse:
    return JSONResponse({"code": code, "step": 0}, 503, {"Retry-After": str(_BUSY_RETRY_SECONDS)})


async def _no_route(_: Request, error: Exception) -> Response:
    known = isinstance(error, HTTPException) and error.status_code == 405
    return _fault(405, "METHOD_NOT_ALLOWED") if known else _fault(404, "UNKNOWN_PATH")


def exchange_app(exchange: Exchange) -> Starlette:
    """Make the application: a route for each operation that the table names."""
    calls = _Calls(exchange)

    def route(name: str) -> Route:
        wanted = operation(name)
        if wanted is None:
            raise ValueError(f"no operation {name}")

        async def endpoint(request: Request) -> Response:
            return await calls.serve(request, wanted)

        return Route(wanted.path, endpoint, methods=["POST"])

    async def health(request: Request) -> Response:
        caller = calls.caller(request)
        if isinstance(caller, Response):
            return caller
        found = await asyncio.get_running_loop().run_in_executor(None, exchange.health)
        return JSONResponse(found, 200 if found["ready"] else 503)

    return Starlette(
        routes=[Route("/health", health), *(route(name) for name in exchange.handlers)],
        exception_handlers={404: _no_route, 405: _no_route},
    )


class _QuietServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the process's own main, and tells its loop."""

    loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: Any = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)

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

    def __init__(self, app: Starlette, host: str, port: int, tls: TlsFiles | None = None) -> None:
        """Prepare; nothing listens yet."""
        self._tls = tls
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
        self._context = server_context(self._tls)
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
            loop.call_soon_threadsafe(_load, context, files, loaded)
        while self._thread.is_alive() and not wait((loaded,), _RELOAD_LOOK_SECONDS).done:
            continue
        if loaded.done():
            loaded.result()

    def begin_to_stop(self) -> None:
        """Take no new connection and finish what is being answered."""
        self._server.should_exit = True

    def stop(self) -> None:
        """Wait until everything is answered and the port is closed."""
        self.begin_to_stop()
        self._thread.join(10)


def _load(context: ssl.SSLContext, files: TlsFiles, loaded: "Future[None]") -> None:
    try:
        # A trial: files that do not fit are refused before the context in use is touched.
        server_context(files)
        context.load_cert_chain(files.pair)
        context.load_verify_locations(files.crl)
    except OSError as error:
        loaded.set_exception(error)
    else:
        loaded.set_result(None)
