"""Answering: envelopes are opened, the node's room is asked, receipts are sealed; in this process or another."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from daicho.nodes.watch.gathering import BATCHES_AT_ONCE
from daicho.rules.network.kinds import Member
from daicho.store.unit import StoreUnavailable
from daicho.wire.authority import TlsFiles
from daicho.wire.characters import says_nul
from daicho.wire.directory import Directory
from daicho.wire.envelope import RECEIPT, EnvelopeError, Head, Opened, open_sealed, seal_many
from daicho.wire.operations import Operation, operation
from daicho.wire.signer.client import SignerClient, SignerUnavailable

_LOG = logging.getLogger("daicho.exchange")
_BUSY_RETRY_SECONDS = 1

Handler = Callable[[Opened], Any]
TogetherHandler = Callable[[Sequence[Opened]], Sequence[Any]]


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
    queue_requests: int = 256
    body_seconds: float = 30.0
    health: Callable[[], dict[str, Any]] = lambda: {"ready": True}
    answered: Callable[[str, int], None] = lambda _operation, _status: None  # who counts
    refused: Callable[[str, str, str], None] = lambda _peer, _operation, _code: None  # who notes
    hear_of: Callable[[int], None] = lambda _serial: None  # which directory a caller knows
    together: Mapping[str, TogetherHandler] = field(default_factory=dict)
    elsewhere: "Callable[[Sequence[Asked]], Sequence[Reply]] | None" = None  # answers those of `together`
    batches: int = BATCHES_AT_ONCE


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One request whose body has arrived, from a peer who may ask."""

    operation: str
    peer: str
    body: bytes


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes back: a status, a body, and what else the head says."""

    status: int
    body: bytes
    more: dict[str, str] = {}


class Answering:
    """Answers requests whose bodies have arrived."""

    def __init__(self, exchange: Exchange) -> None:
        """Answer for one node."""
        self._exchange = exchange

    def alone(self, asked: Asked) -> Reply:
        """Answer one request."""
        handler = self._exchange.handlers[asked.operation]
        return self._work(lambda opened: [handler(one) for one in opened], [asked])[0]

    def together(self, asked: Sequence[Asked]) -> list[Reply]:
        """Answer requests of one operation, whose handler takes many at a time."""
        return self._work(self._exchange.together[asked[0].operation], asked)

    def _work(self, handler: TogetherHandler, asked: Sequence[Asked]) -> list[Reply]:
        """Open each, let the handler answer those that are in order, seal all answers at once."""
        replies = [self._open(one) for one in asked]
        opened = [one for one in replies if isinstance(one, Opened)]
        answers = iter(self._answers(handler, opened))
        heads: list[tuple[int, Head, Any]] = []
        for place, one in enumerate(replies):
            if isinstance(one, Opened):
                answer = next(answers)
                if isinstance(answer, Reply):
                    replies[place] = answer
                else:
                    heads.append((place, self._head(asked[place], one), answer))
        try:
            sealed = seal_many(
                self._exchange.signer,
                [(head, [msgspec.json.encode(answer)]) for _, head, answer in heads],
                purpose=RECEIPT,
            )
        except SignerUnavailable:
            sealed = [b""] * len(heads)
        for (place, _, _), content in zip(heads, sealed, strict=True):
            replies[place] = Reply(200, content) if content else busy("SIGNER_UNAVAILABLE")
        return [one for one in replies if isinstance(one, Reply)]

    def _open(self, asked: Asked) -> Opened | Reply:
        exchange, wanted = self._exchange, named(asked.operation)
        try:
            opened = open_sealed(
                asked.body, me=str(exchange.me.name), directory=exchange.directory(), now=exchange.now(),
                peer=asked.peer, operation=wanted.name, max_bytes=wanted.max_bytes, max_parts=wanted.max_parts,
            )  # fmt: skip
            exchange.hear_of(opened.head.directory)
            return _read_request(opened, wanted)
        except EnvelopeError as error:
            return fault(413 if error.code == "TOO_LARGE" else 400, error.code, error.step)

    def _answers(self, handler: TogetherHandler, opened: Sequence[Opened]) -> Sequence[Any]:
        """Give the handler's answers, or what to reply; where one of many fails, each is answered alone."""
        try:
            return handler(opened) if opened else ()
        except EnvelopeError as error:
            return [fault(400, error.code, error.step)]
        except StoreUnavailable:
            return [busy("STORE_UNAVAILABLE")] * len(opened)
        except SignerUnavailable:
            return [busy("SIGNER_UNAVAILABLE")] * len(opened)
        except Exception:  # noqa: BLE001 - the last guard: the caller gets a code, the log gets the trace
            if len(opened) > 1:
                return [answer for one in opened for answer in self._answers(handler, [one])]
            _LOG.exception("%s failed", opened[0].head.op)
            return [fault(500, "OWN_FAULT")]

    def _head(self, asked: Asked, opened: Opened) -> Head:
        exchange = self._exchange
        return Head(
            str(exchange.me.name), asked.peer, asked.operation, exchange.now(), exchange.directory().serial, [],
            opened.seal_hash,
        )  # fmt: skip


def _read_request(opened: Opened, wanted: Operation) -> Opened:
    """Steps 10 and 13 for calls of one part; letters are read one by one by their receiver."""
    if wanted.max_parts > 1:
        return opened
    if not opened.parts:
        raise EnvelopeError("PART_COUNT", 10)
    if says_nul(opened.parts[0]):
        raise EnvelopeError("REQUEST_FORM", 13)
    try:
        return replace(opened, request=msgspec.json.decode(opened.parts[0], type=wanted.request))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise EnvelopeError("REQUEST_FORM", 13) from None


def named(name: str) -> Operation:
    """Find an operation that this program knows. Raises: ValueError for any other."""
    wanted = operation(name)
    if wanted is None:
        raise ValueError(f"no operation {name}")
    return wanted


def fault(status: int, code: str, step: int = 0, *, end: bool = False) -> Reply:
    """Write a refusal of the request itself; `end` closes the connection after it."""
    content = msgspec.json.encode({"code": code, "step": step})
    return Reply(status, content, {"connection": "close"} if end else {})


def busy(code: str) -> Reply:
    """Write that the caller should come again in a moment."""
    return Reply(503, fault(503, code).body, {"retry-after": str(_BUSY_RETRY_SECONDS)})
