"""Calls to other nodes over mutual TLS, on connections that stay open."""

import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import urllib3

from daicho.rules.network.kinds import Member
from daicho.wire.authority import TlsFiles
from daicho.wire.characters import says_nul
from daicho.wire.directory import Directory
from daicho.wire.envelope import (
    LETTER,
    RECEIPT,
    EnvelopeError,
    Head,
    Opened,
    Sealed,
    open_sealed,
    seal,
    seal_hash,
)
from daicho.wire.operations import Operation
from daicho.wire.signer.client import SignerClient

_LOG = logging.getLogger("daicho.wire")
_CONNECT_SECONDS = 3.0
_POOLS_PER_MEMBER = 8
Newer = Callable[[bytes], Directory | None]
_CHUNK_BYTES = 64 * 1024
_WITHOUT_ALERT = frozenset(("HTTP_REQUEST", "HTTPS_PROXY_REQUEST"))


# What Python has no names for, from OpenSSL's x509_vfy.h: policies are judged, and a list that covers only some
# reasons, only some certificates, or the changes since another list is not taken for a whole one.
_VERIFY_WHOLLY = ssl.VerifyFlags(0x80 | 0x1000 | 0x2000)


class WireUnavailable(Exception):
    """The other node cannot be reached, is not who it should be, or asks to be left alone for now."""


@dataclass(frozen=True, slots=True)
class WireRefused(Exception):
    """The other node refused the call: its status and code."""

    status: int
    code: str


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """Make the context for calling: TLS 1.3, own certificate, revocation lists checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _harden(context, files)
    return context


class _Telling(ssl.SSLObject):
    """The listener's end of a connection; a refusal is logged, and told to the caller as an alert.

    The event loop would drop the connection at the error, and the alert with it. So the first error asks for more
    bytes, which sends what is waiting; the next call, at the latest at the loop's time-out, ends the connection.
    Who does not speak TLS at all is told nothing and is not waited for.
    """

    _refused: ssl.SSLError | None = None

    def do_handshake(self) -> None:
        """Go on with the handshake. Raises: ssl.SSLError."""
        if self._refused is not None:
            raise self._refused
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLSyscallError, ssl.SSLEOFError):
            raise
        except ssl.SSLError as error:
            self._refused = error
            _LOG.warning("a caller was refused: %s", getattr(error, "verify_message", None) or error.reason)
            if error.reason in _WITHOUT_ALERT:
                raise
            raise ssl.SSLWantReadError from error


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """Make the context for listening: a client without a valid certificate is refused at the handshake.

    No session tickets: a resumed session would outlive the revocation of its certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _harden(context, files)
    context.verify_mode = ssl.CERT_REQUIRED
    context.num_tickets = 0
    context.sslobject_class = _Telling
    return context


def terminal_context(files: TlsFiles) -> ssl.SSLContext:
    """Make the context for browsers: TLS 1.3, no certificate asked for, no session tickets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(files.pair)
    context.num_tickets = 0
    return context


def _harden(context: ssl.SSLContext, files: TlsFiles) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(files.pair)
    context.load_verify_locations(files.root)
    context.load_verify_locations(files.crl)
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_CRL_CHECK_CHAIN | _VERIFY_WHOLLY


class Post:
    """A node's outgoing calls; safe to use from several threads."""

    def __init__(
        self,
        me: str,
        signer: SignerClient,
        directory: Callable[[], Directory],
        files: TlsFiles,
        now: Callable[[], datetime],
        carry: Callable[[Callable[[], bytes]], bytes] = lambda send: send(),
        hear_of: Callable[[int], None] = lambda _serial: None,
        answered: Callable[[str, bool], None] = lambda _name, _answered: None,
    ) -> None:
        """Remember who calls and with what; nothing is opened yet. A drill may put a poor line in between.

        `hear_of` is told the serial of the directory that each answer's sender knows, `answered` of each call whether
        it was answered.
        """
        self._me = me
        self._signer = signer
        self._directory = directory
        self._files = files
        self._now = now
        self._carry = carry
        self._hear_of = hear_of
        self._answered = answered
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, str], urllib3.HTTPSConnectionPool] = {}
        self._stamp: tuple[float, ...] = ()

    def call(self, operation: Operation, to: Member, request: Any, *, newer: Newer | None = None) -> Any:
        """Make a call of one part each way and give the decoded answer.

        Raises: WireUnavailable, WireRefused, SignerUnavailable.
        """
        opened = self.call_parts(operation, to, [msgspec.json.encode(request)], newer=newer)
        if opened.parts and says_nul(opened.parts[0]):
            raise WireUnavailable("the answer is malformed")
        try:
            return msgspec.json.decode(opened.parts[0], type=operation.response)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError) as error:
            raise WireUnavailable("the answer is malformed") from error

    def call_parts(
        self,
        operation: Operation,
        to: Member,
        parts: list[bytes],
        *,
        epoch: int = 0,
        first: int = 0,
        newer: Newer | None = None,
    ) -> Opened:
        """Send parts under one signature and give the checked answer; note whether there was one.

        An answer by a key that our directory does not list yet may bring the directory that does: `newer` looks
        for one in its parts, by the nation's own signature, and the answer is then checked against it.
        Raises: WireUnavailable, WireRefused, SignerUnavailable.
        """
        try:
            opened = self._asked(operation, to, parts, (epoch, first), newer)
        except WireUnavailable:
            self._answered(str(to.name), False)
            raise
        except WireRefused:
            self._answered(str(to.name), True)
            raise
        self._answered(str(to.name), True)
        return opened

    def _asked(
        self,
        operation: Operation,
        to: Member,
        parts: list[bytes],
        place: tuple[int, int],
        newer: Newer | None,
    ) -> Opened:
        directory = self._directory()
        now = self._now()
        if directory.expired(now) and not operation.brings_directory:
            raise WireUnavailable("the directory has expired")
        head = Head(self._me, str(to.name), operation.name, now, directory.serial, [], "", *place)
        content = seal(self._signer, head, parts)
        answer = self._carry(lambda: self._send(operation, to, content))
        called = seal_hash(msgspec.json.decode(content, type=Sealed).seal)

        def check(against: Directory) -> Opened:
            opened = open_sealed(
                answer, me=self._me, directory=against, now=self._now(), peer=str(to.name), operation=operation.name,
                max_bytes=operation.max_answer_bytes, max_parts=operation.max_parts, purpose=RECEIPT,
                reply_to=called,
            )  # fmt: skip
            self._hear_of(opened.head.directory)
            return opened

        try:
            try:
                return check(directory)
            except EnvelopeError as error:
                fresh = newer(answer) if newer is not None and error.code == "UNKNOWN_KEY" else None
                if fresh is None:
                    raise
                return check(fresh)
        except EnvelopeError as error:
            raise WireUnavailable(f"answer refused: {error.code}") from error

    def _send(self, operation: Operation, to: Member, content: bytes) -> bytes:
        headers = {"content-type": "application/json"}
        limit = urllib3.Timeout(connect=_CONNECT_SECONDS, read=float(operation.timeout_seconds))
        try:
            answer = self._pool(to).request(
                "POST",
                operation.path,
                body=content,
                headers=headers,
                timeout=limit,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            body = _read(answer, operation)
        except (urllib3.exceptions.HTTPError, ssl.SSLError, OSError) as error:
            raise WireUnavailable(type(error).__name__) from error
        if answer.status == 200:
            return body
        if answer.status == 503:
            raise WireUnavailable(_code(body))
        raise WireRefused(answer.status, _code(body))

    def _pool(self, to: Member) -> urllib3.HTTPSConnectionPool:
        with self._lock:
            stamp = tuple(file.stat().st_mtime_ns for file in (self._files.pair, self._files.crl))
            if stamp != self._stamp:
                for pool in self._pools.values():
                    pool.close()
                self._pools.clear()
                self._context = client_context(self._files)
                self._stamp = stamp
            key = (str(to.name), to.endpoint)
            if key not in self._pools:
                host, _, port = to.endpoint.rpartition(":")
                self._pools[key] = urllib3.HTTPSConnectionPool(
                    host, int(port), ssl_context=self._context, server_hostname=str(to.name),
                    assert_hostname=str(to.name), maxsize=_POOLS_PER_MEMBER, block=False,
                )  # fmt: skip
            return self._pools[key]

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()


def _read(answer: urllib3.BaseHTTPResponse, operation: Operation) -> bytes:
    """Read an answer as it came; one that is too large or drips is given up before it fills the memory."""
    end = time.monotonic() + operation.timeout_seconds
    body = bytearray()
    whole = False
    try:
        while chunk := answer.read1(_CHUNK_BYTES, decode_content=False):
            body += chunk
            if len(body) > operation.max_answer_bytes:
                raise WireUnavailable("the answer is too large")
            if time.monotonic() > end:
                raise WireUnavailable("the answer takes too long")
        whole = True
    finally:
        if whole:
            answer.release_conn()
        else:
            answer.close()
    return bytes(body)


def _code(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body[:4096], type=dict[str, Any])["code"])[:64]
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError):
        return "NO_CODE"


__all__ = ["LETTER", "Post", "WireRefused", "WireUnavailable", "client_context", "server_context"]
