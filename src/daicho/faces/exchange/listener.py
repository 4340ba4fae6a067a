"""The listener for other nodes: one route per operation, bounded, refusing before it works."""

import asyncio
import contextlib
import logging
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from daicho.rules.network.kinds import Member, may_call
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import TlsFiles, dns_name
from daicho.wire.directory import Directory
from daicho.wire.envelope import FRESH_SECONDS, RECEIPT, EnvelopeError, Head, Opened, open_sealed, seal
from daicho.wire.http import server_context
from daicho.wire.operations import Operation, operation
from daicho.wire.signer.client import SignerClient, SignerUnavailable

_LOG = logging.getLogger("daicho.exchange")
_BUSY_RETRY_SECONDS = 1
_SEEN_MAX = 100_000

Handler = Callable[[Opened], Any]


class MtlsHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which also puts the verified peer certificate into the ASGI tls extension."""

    _tls: dict[str, Any] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own type
        """Read the certificate once per connection."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self._tls = {"client_cert": tls.getpeercert(binary_form=True), "tls_version": tls.version()}

    def on_message_begin(self) -> None:
        """Hand the certificate to every request."""
        super().on_message_begin()
        if self._tls is not None:
            extensions: dict[Any, Any] = self.scope.setdefault("extensions", {})
            extensions["tls"] = self._tls


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the listener knows about its node."""

    me: Member
    directory: Callable[[], Directory]
    signer: SignerClient
    now: Callable[[], datetime]
    handlers: Mapping[str, Handler]
    workers: int = 4
    queue_requests: int = 64


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


class _Calls:
    """Takes requests, checks who asks, hands the work to a bounded pool of threads."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.pool = ThreadPoolExecutor(exchange.workers, thread_name_prefix="exchange")
        self.waiting = 0
        self.seen = _Seen()

    async def serve(self, request: Request, wanted: Operation) -> Response:
        peer = _peer(request)
        caller = self.exchange.directory().member(peer)
        if caller is None:
            return _fault(403, "UNKNOWN_PEER")
        if not may_call(caller, self.exchange.me, wanted.callers):
            return _fault(403, "RELATION_NOT_ALLOWED")
        handler = self.exchange.handlers.get(wanted.name)
        if handler is None:
            return _fault(404, "NOT_OFFERED")
        body = await _body(request, wanted.max_bytes)
        if body is None:
            return _fault(413, "TOO_LARGE", 1)
        if self.waiting >= self.exchange.queue_requests:
            return _busy("BUSY")
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self.pool, self._work, body, wanted, peer, handler
            )
        finally:
            self.waiting -= 1

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
            answer = handler(opened)
            head = Head(
                str(exchange.me.name), peer, wanted.name, exchange.now(), exchange.directory().serial, [],
                opened.seal_hash,
            )  # fmt: skip
            content = seal(exchange.signer, head, [msgspec.json.encode(answer)], purpose=RECEIPT)
        except EnvelopeError as error:
            return _fault(413 if error.code == "TOO_LARGE" else 400, error.code, error.step)
        except msgspec.ValidationError:
            return _fault(400, "REQUEST_FORM", 13)
        except StoreUnavailable:
            return _busy("STORE_UNAVAILABLE")
        except SignerUnavailable:
            return _busy("SIGNER_UNAVAILABLE")
        except Exception:  # noqa: BLE001 - the last guard: the caller gets a code, the log gets the trace
            _LOG.exception("%s failed", wanted.name)
            return _fault(500, "OWN_FAULT")
        return Response(content, media_type="application/json")


def _peer(request: Request) -> str:
    certificate = request.scope.get("extensions", {}).get("tls", {}).get("client_cert")
    return dns_name(certificate) if certificate else ""


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


def _fault(status: int, code: str, step: int = 0) -> JSONResponse:
    return JSONResponse({"code": code, "step": step}, status)


def _busy(code: str) -> JSONResponse:
    return JSONResponse({"code": code, "step": 0}, 503, {"Retry-After": str(_BUSY_RETRY_SECONDS)})


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

    async def health(_: Request) -> Response:
        return JSONResponse({"ready": True})

    return Starlette(routes=[Route("/health", health), *(route(name) for name in exchange.handlers)])


class _QuietServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the process's own main."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


class Listener:
    """One listening port in a thread of its own."""

    def __init__(self, app: Starlette, host: str, port: int, tls: TlsFiles | None = None) -> None:
        """Prepare; nothing listens yet."""
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._crl_stamp = 0
        options: dict[str, Any] = {"http": MtlsHttpProtocol} if tls is not None else {"http": "httptools"}
        self._config = uvicorn.Config(
            app, host=host, port=port, ws="none", lifespan="off", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, timeout_keep_alive=75, timeout_graceful_shutdown=1,
            ssl_context_factory=self._make_context if tls is not None else None, **options,
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
        """Take renewed files: the next handshake uses the new certificate and the new revocations."""
        if self._context is not None and self._tls is not None:
            self._context.load_cert_chain(self._tls.chain, self._tls.key)
            self._context.load_verify_locations(self._tls.crl)

    def stop(self) -> None:
        """Finish what is being answered and close the port."""
        self._server.should_exit = True
        self._thread.join(10)


def tls_files(folder: str) -> TlsFiles:
    """Name the TLS files of a node."""
    return TlsFiles(Path(folder))
