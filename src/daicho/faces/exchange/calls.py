"""Calls of other nodes: who asks is checked, the work is bounded, every answer is a sealed receipt or a code."""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import msgspec

from daicho.faces.exchange.answering import Answering, Asked, Exchange, Reply, busy, fault, named
from daicho.nodes.clock import ticks
from daicho.nodes.watch.gathering import Gathering
from daicho.rules.network.kinds import Member, may_call
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import Peer, TlsFiles, read_peer
from daicho.wire.envelope import FRESH_SECONDS, Sealed, seal_hash
from daicho.wire.operations import Operation
from daicho.wire.revocation import revoked

_LOG = logging.getLogger("daicho.exchange")
_SEEN_MAX = 700_000  # ten minutes of a thousand a second and more
_NAME_BYTES = 16
_LISTS_LOOKED_AT_EVERY = timedelta(seconds=0.1)
_HEALTH = "/health"
_REFUSALS = frozenset({400, 403, 409})

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Revocations:
    """What was revoked since a connection was opened: the handshake asked the lists only once."""

    def __init__(self, files: TlsFiles) -> None:
        self._file = files.crl
        self._stamp = 0
        self._looked_at: datetime | None = None
        self._revoked: frozenset[tuple[bytes, int]] = frozenset()

    def hold(self, peer: Peer, now: datetime) -> bool:
        """Look at the file at most ten times a second: a busy listener would do nothing else."""
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < _LISTS_LOOKED_AT_EVERY:
            return (peer.issuer, peer.serial) in self._revoked
        try:
            stamp = self._file.stat().st_mtime_ns
            if stamp != self._stamp:
                self._revoked, self._stamp = revoked(self._file.read_bytes()), stamp
        except (OSError, ValueError) as error:
            _LOG.error("the revocation lists cannot be read: %s", type(error).__name__)
            return True
        self._looked_at = now
        return (peer.issuer, peer.serial) in self._revoked


class _Seen:
    """The seals of the last minutes, so that what may happen once happens once, whoever answers it.

    The seal is named before it is opened: a process that answers does not know what the others have seen. A peer
    can only spoil seals of its own, for its name goes into theirs. Minutes are counted by a clock that nobody can
    set: after a jump forward and back, what was seen would be forgotten and still be fresh.
    """

    def __init__(self) -> None:
        self._seals: OrderedDict[bytes, float] = OrderedDict()

    def before(self, peer: str, body: bytes, at: float) -> bool:
        """Tell whether this envelope came before; what cannot be read is for whoever opens it."""
        try:
            seal = seal_hash(msgspec.json.decode(body, type=Sealed).seal)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        name = hashlib.sha256(f"{peer} {seal}".encode()).digest()[:_NAME_BYTES]
        while self._seals and (
            len(self._seals) >= _SEEN_MAX or next(iter(self._seals.values())) < at - 2 * FRESH_SECONDS
        ):
            self._seals.popitem(last=False)
        known = name in self._seals
        self._seals.setdefault(name, at)
        return known


class _Disconnected(Exception):
    """The caller went away before its request was whole."""


class _Calls:
    """Takes requests, checks who asks, hands the work to a bounded pool of threads."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.pool = ThreadPoolExecutor(exchange.workers, thread_name_prefix="exchange")
        self.waiting = 0
        self.seen = _Seen()
        self.answering = Answering(exchange)
        self.revocations = _Revocations(exchange.files)
        self.gatherings = {
            name: Gathering(
                exchange.elsewhere or self.answering.together, self.pool, batches=exchange.batches
            )
            for name in exchange.together
        }

    def offers(self) -> tuple[str, ...]:
        """Name the operations that this node answers."""
        return (*self.exchange.handlers, *self.exchange.together)

    async def serve(self, scope: Scope, receive: Receive, wanted: Operation) -> Reply:
        caller = self.caller(scope)
        if isinstance(caller, Reply):
            return caller
        reply = await self._serve(caller, scope, receive, wanted)
        if reply.status in _REFUSALS:
            code = str(msgspec.json.decode(reply.body)["code"])
            self.pool.submit(self._note_refused, str(caller.name), wanted.name, code)
        return reply

    def _note_refused(self, peer: str, operation: str, code: str) -> None:
        """Note it beside the answer: nobody waits for this line, for it shows nothing to anybody."""
        try:
            self.exchange.refused(peer, operation, code)
        except StoreUnavailable as error:
            _LOG.warning("a refused call of %s could not be noted: %s", peer, error)

    async def _serve(self, caller: Member, scope: Scope, receive: Receive, wanted: Operation) -> Reply:
        if not may_call(caller, self.exchange.me, wanted.callers):
            return fault(403, "RELATION_NOT_ALLOWED")
        if self.exchange.directory().expired(self.exchange.now()) and not wanted.brings_directory:
            return busy("DIRECTORY_EXPIRED")
        if self.waiting >= self.exchange.queue_requests:
            return busy("BUSY")
        try:
            async with asyncio.timeout(self.exchange.body_seconds):
                body = await _body(scope, receive, wanted.max_bytes)
        except TimeoutError:
            return fault(408, "TOO_SLOW", 1, end=True)
        except _Disconnected:
            return fault(400, "TRUNCATED", 1)
        if body is None:
            return fault(413, "TOO_LARGE", 1, end=True)
        if self.waiting >= self.exchange.queue_requests:
            return busy("BUSY")
        self.waiting += 1
        try:
            if wanted.once and self.seen.before(str(caller.name), body, ticks()):
                return fault(409, "REPLAYED", 12)
            return await asyncio.wrap_future(self._hand_over(Asked(wanted.name, str(caller.name), body)))
        except Exception:  # noqa: BLE001 - the last guard: the caller gets a code, the log gets the trace
            _LOG.exception("%s failed", wanted.name)
            return fault(500, "OWN_FAULT")
        finally:
            self.waiting -= 1

    def _hand_over(self, asked: Asked) -> "Future[Reply]":
        gathering = self.gatherings.get(asked.operation)
        return gathering.ask(asked) if gathering else self.pool.submit(self.answering.alone, asked)

    def caller(self, scope: Scope) -> Member | Reply:
        """Look the peer up anew for every request: a connection may be older than a removal."""
        certificate = scope.get("extensions", {}).get("tls", {}).get("client_cert")
        peer = read_peer(certificate) if certificate else None
        caller = self.exchange.directory().member(peer.name) if peer else None
        if peer is None or caller is None:
            return fault(403, "UNKNOWN_PEER")
        now = self.exchange.now()
        if now >= peer.valid_until:
            return fault(403, "CERTIFICATE_EXPIRED", end=True)
        if self.revocations.hold(peer, now):
            return fault(403, "CERTIFICATE_REVOKED", end=True)
        return caller


async def _body(scope: Scope, receive: Receive, limit: int) -> bytes | None:
    """Read the body; None when it is larger than the limit, without reading on."""
    if int(dict(scope["headers"]).get(b"content-length") or 0) > limit:
        return None
    chunks = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        chunks += message.get("body", b"")
        if len(chunks) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(chunks)


class ExchangeApp:
    """The application for other nodes: a path for each operation that the node answers, and its health."""

    def __init__(self, exchange: Exchange) -> None:
        """Take the operations from the table; one that it does not name is our own fault."""
        self._calls = _Calls(exchange)
        self._operations: dict[str, Operation] = {}
        for name in self._calls.offers():
            wanted = named(name)
            self._operations[wanted.path] = wanted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = await self._reply(scope, receive)
        head = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(reply.body)).encode()),
            *((name.encode(), value.encode()) for name, value in reply.more.items()),
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": head})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        path, method = scope["path"], scope["method"]
        wanted = self._operations.get(path)
        if wanted is not None:
            if method != "POST":
                return fault(405, "METHOD_NOT_ALLOWED")
            reply = await self._calls.serve(scope, receive, wanted)
            self._calls.exchange.answered(wanted.name, reply.status)
            return reply
        if path != _HEALTH:
            return fault(404, "UNKNOWN_PATH")
        if method not in {"GET", "HEAD"}:
            return fault(405, "METHOD_NOT_ALLOWED")
        return await self._health(scope)

    async def _health(self, scope: Scope) -> Reply:
        caller = self._calls.caller(scope)
        if isinstance(caller, Reply):
            return caller
        found = await asyncio.get_running_loop().run_in_executor(None, self._calls.exchange.health)
        return Reply(200 if found["ready"] else 503, msgspec.json.encode(found))
