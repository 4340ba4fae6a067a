"""The application for other systems of the hall: who asks, how often, for what; every answer behind its ledger lines."""

import asyncio
import binascii
import logging
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote_plus

import msgspec

from daicho.faces.hall.limits import Rate
from daicho.faces.hall.shapes import (
    CHARACTERS,
    PLACE_MAX,
    PROBLEM_KIND,
    TOKEN_BYTES,
    WAIT_SECONDS_MAX,
    ProblemShape,
    hall_openapi,
    page_shape,
    person_shape,
    residents_shape,
    token_shape,
)
from daicho.nodes.clock import ticks
from daicho.nodes.node import Node
from daicho.nodes.registry.hall.calling import (
    HallCaller,
    caller_of,
    give_token,
    note_refused_call,
)
from daicho.nodes.registry.hall.feed import (
    PAGE_ROWS,
    FeedPage,
    await_feed,
    base_file,
    base_page,
    day_file,
    read_feed,
    resident_for,
)
from daicho.nodes.registry.hall.files import HallFile
from daicho.rules.hall.offices import NumberOrdinance
from daicho.rules.law.refusal import Reason, Refusal
from daicho.store.unit import StoreUnavailable

_LOG = logging.getLogger("daicho.hall")
_WORKERS = 6
_WAITERS = 32  # threads that do nothing but wait, so that whoever asks does not wait for those who wait
_WAITING_REQUESTS = 64
_BODY_SECONDS = 10.0
_SLICE_SECONDS = 1.0  # a thread waits no longer at once, so that the node can stop
_TOKEN = re.compile("Bearer ([A-Za-z0-9_-]{20,100})")
_BASIC = re.compile("[Bb]asic ([A-Za-z0-9+/=]{1,400})")
_NAME = re.compile("[a-z0-9-]{1,60}")
_SECRET = re.compile("[A-Za-z0-9_-]{1,100}")
_DIGITS = re.compile("[0-9]{1,16}")
_STATUS = {
    Reason.SIGN_IN_FAILED: 401,
    Reason.SESSION_ENDED: 401,
    Reason.CLIENT_CLOSED: 401,
    Reason.NOT_FOUND: 404,
    Reason.CURSOR_AHEAD: 409,
    Reason.NOT_YET_KNOWN: 409,
}
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes
    kind: str = "application/json"
    more: Mapping[str, str] = field(default_factory=dict)


class _Wrong(Exception):
    """A request that is answered with a problem."""

    def __init__(self, reply: _Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def _problem(
    status: int, code: str, *, article: str = "", error: str = "", more: Mapping[str, str] | None = None
) -> _Reply:
    said = ProblemShape("about:blank", HTTPStatus(status).phrase, status, code, article, error)
    heads = dict(more or {})
    if status == HTTPStatus.UNAUTHORIZED:
        heads.setdefault("WWW-Authenticate", 'Bearer realm="hall"')
    return _Reply(status, msgspec.json.encode(said), PROBLEM_KIND, heads)


def _refused(refusal: Refusal, *, error: str = "", more: Mapping[str, str] | None = None) -> _Reply:
    status = _STATUS.get(refusal.reason, 403)
    return _problem(status, refusal.reason.value, article=str(refusal.article), error=error, more=more)


def _later(status: int, code: str, seconds: int) -> _Reply:
    return _problem(status, code, more={"Retry-After": str(seconds)})


def _malformed(code: str = "MALFORMED_REQUEST") -> _Wrong:
    return _Wrong(_problem(400, code))


class HallApp:
    """The calls of `/v1` for the systems of other offices."""

    def __init__(self, node: Node, ordinance: NumberOrdinance) -> None:
        """Serve one registry under the town's ordinance of individual numbers."""
        self._node, self._ordinance = node, ordinance
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="hall")
        self._waiters = ThreadPoolExecutor(_WAITERS, thread_name_prefix="hall-waits")
        self._waiting = 0
        self._unnoted = 0
        self._by_peer = Rate(1_200, 120)
        self._tokens = Rate(30, 10)
        self._by_client = Rate(600, 60)
        self._residents = Rate(120, 30)
        self._base = Rate(60, 20)
        self._files = Rate(20, 5)
        self._strangers = Rate(6, 3)
        self._description = msgspec.json.encode(hall_openapi())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing of it is kept by anybody on the way."""
        try:
            reply = await self._reply(scope, receive)
        except _Wrong as wrong:
            reply = wrong.reply
        except StoreUnavailable:
            reply = _later(503, "STORE_UNAVAILABLE", 5)
        except Exception:  # noqa: BLE001 - the last guard: the caller gets a code, the log gets the trace
            _LOG.exception("a call of the hall failed")
            reply = _problem(500, "OWN_FAULT")
        heads = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **reply.more}
        head = [
            (b"content-type", reply.kind.encode()),
            (b"content-length", str(len(reply.body)).encode()),
            *((name.lower().encode(), value.encode()) for name, value in heads.items()),
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": head})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})

    async def _reply(self, scope: Scope, receive: Receive) -> _Reply:
        path, method = scope["path"], scope["method"]
        peer = scope["client"][0] if scope.get("client") else "-"
        self._measured(self._by_peer, peer)
        if path == "/v1/openapi.json":
            _only(method, "GET")
            return _Reply(200, self._description)
        if path == "/v1/token":
            _only(method, "POST")
            self._measured(self._tokens, peer)
            return await self._token(scope, receive)
        call = _call_of(path)
        if call is None:
            return _problem(404, "UNKNOWN_PATH")
        _only(method, "GET")
        name, rest = call
        asked = _query(
            scope,
            {
                "changes": {"after", "limit", "wait"},
                "base": {"after", "limit"},
                "base-file": {"after", "characters"},
                "file": {"characters"},
            }.get(name, set()),
        )
        caller = await self._caller(scope, name, peer)
        rates = {
            "resident": self._residents,
            "base": self._base,
            "base-file": self._files,
            "file": self._files,
        }
        self._measured(rates.get(name, self._by_client), caller.client.client_id)
        match name:
            case "changes":
                return await self._changes(caller, asked)
            case "resident":
                return await self._resident(caller, rest)
            case "base":
                return await self._all(caller, asked)
            case "base-file":
                return await self._all_as_file(caller, asked)
        return await self._file(caller, rest, asked)

    def _measured(self, rate: Rate, name: str) -> None:
        seconds = rate.wait_seconds(name, ticks())
        if seconds:
            raise _Wrong(_later(429, "TOO_MANY_REQUESTS", seconds))

    async def _in_pool(self, work: Callable[[], _T], pool: ThreadPoolExecutor | None = None) -> _T:
        if self._waiting >= _WAITING_REQUESTS:
            raise _Wrong(_later(503, "BUSY", 1))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(pool or self._pool, work)
        finally:
            self._waiting -= 1

    async def _caller(self, scope: Scope, call: str, peer: str) -> HallCaller:
        said = _TOKEN.fullmatch(_head(scope, b"authorization"))
        if said is None:
            raise _Wrong(_problem(401, "TOKEN_MISSING"))
        caller = await self._in_pool(partial(caller_of, self._node, said[1], self._ordinance))
        if isinstance(caller, Refusal):
            await self._note_stranger(call, caller, peer)
            raise _Wrong(_refused(caller))
        return caller

    async def _note_stranger(self, call: str, refusal: Refusal, peer: str) -> None:
        """Write some lines a minute of an address; a line tells how many refusals before it have none."""
        if self._strangers.wait_seconds(peer, ticks()):
            self._unnoted += 1
            return
        unnoted, self._unnoted = self._unnoted, 0
        await self._note(None, call, refusal, unnoted)

    async def _note(self, caller: HallCaller | None, call: str, refusal: Refusal, unnoted: int = 0) -> None:
        reason = refusal.reason.value
        await self._in_pool(partial(note_refused_call, self._node, caller, call, reason, unnoted))

    async def _fine(self, caller: HallCaller, call: str, found: _T | Refusal) -> _T:
        if not isinstance(found, Refusal):
            return found
        if found.reason is not Reason.NOT_FOUND:  # that somebody was asked for in vain has its line already
            await self._note(caller, call, found)
        raise _Wrong(_refused(found))

    async def _token(self, scope: Scope, receive: Receive) -> _Reply:
        kind = _head(scope, b"content-type").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return _problem(415, "FORM_EXPECTED", error="invalid_request")
        body = await _body(scope, receive)
        form = _pairs(body, {"grant_type", "scope"})
        if form.get("grant_type") != "client_credentials":
            return _problem(400, "UNSUPPORTED_GRANT", error="unsupported_grant_type")
        asked_again = {"WWW-Authenticate": 'Basic realm="hall"'}
        named = _named(_head(scope, b"authorization"))
        if named is None:
            return _problem(401, "CLIENT_MISSING", error="invalid_client", more=asked_again)
        scopes = form.get("scope", "").split()
        given = await self._in_pool(partial(give_token, self._node, *named, scopes, self._ordinance))
        if isinstance(given, Refusal):
            if given.reason is Reason.SCOPE_NOT_GRANTED:
                return _problem(400, given.reason.value, article=str(given.article), error="invalid_scope")
            return _refused(given, error="invalid_client", more=asked_again)
        return _Reply(200, msgspec.json.encode(token_shape(given)), more={"Pragma": "no-cache"})

    async def _changes(self, caller: HallCaller, asked: Mapping[str, str]) -> _Reply:
        after = _number(asked.get("after", "0"), 0, PLACE_MAX)
        limit = _number(asked.get("limit", str(PAGE_ROWS)), 1, PAGE_ROWS)
        until = ticks() + _number(asked.get("wait", "0"), 0, WAIT_SECONDS_MAX)
        while True:
            page = await self._read(caller, after, limit)
            left = until - ticks()
            if page.changes or left <= 0:
                return _Reply(200, msgspec.json.encode(page_shape(page)))
            if page.next_after == after:
                waits = partial(await_feed, self._node, after, min(left, _SLICE_SECONDS))
                await self._in_pool(waits, self._waiters)
            after = page.next_after

    async def _read(self, caller: HallCaller, after: int, limit: int) -> FeedPage:
        found = await self._in_pool(partial(read_feed, self._node, caller, after, limit_rows=limit))
        return await self._fine(caller, "feed", found)

    async def _resident(self, caller: HallCaller, rest: str) -> _Reply:
        number = _number(rest, 1, PLACE_MAX)
        found = await self._in_pool(partial(resident_for, self._node, caller, number))
        person = await self._fine(caller, "resident", found)
        return _Reply(200, msgspec.json.encode(person_shape(person)))

    async def _all(self, caller: HallCaller, asked: Mapping[str, str]) -> _Reply:
        after = _number(asked.get("after", "0"), 0, PLACE_MAX)
        limit = _number(asked.get("limit", str(PAGE_ROWS)), 1, PAGE_ROWS)
        found = await self._in_pool(partial(base_page, self._node, caller, after, limit_rows=limit))
        page = await self._fine(caller, "base", found)
        return _Reply(200, msgspec.json.encode(residents_shape(page)))

    async def _all_as_file(self, caller: HallCaller, asked: Mapping[str, str]) -> _Reply:
        after, plain = _number(asked.get("after", "0"), 0, PLACE_MAX), _plain(asked)
        found = await self._in_pool(partial(base_file, self._node, caller, after, plain=plain))
        made = await self._fine(caller, "base-file", found)
        more = {
            "Daicho-Next-After": str(made.page.next_after),
            "Daicho-More": "true" if made.page.more else "false",
            "Daicho-Feed-End": str(made.page.end),
        }
        return _file_reply(made.file, f"residents-{after}", more)

    async def _file(self, caller: HallCaller, rest: str, asked: Mapping[str, str]) -> _Reply:
        day, plain = _day(rest), _plain(asked)
        found = await self._in_pool(partial(day_file, self._node, caller, day, plain=plain))
        made = await self._fine(caller, "file", found)
        more = {
            "Daicho-First-Position": str(made.first),
            "Daicho-Last-Position": str(made.last),
            "Daicho-Positions": str(made.places),
        }
        return _file_reply(made.file, rest, more)


def _plain(asked: Mapping[str, str]) -> bool:
    characters = asked.get("characters", CHARACTERS[0])
    if characters not in CHARACTERS:
        raise _malformed()
    return characters != CHARACTERS[0]


def _file_reply(made: HallFile, name: str, more: Mapping[str, str]) -> _Reply:
    heads = {
        "Daicho-Replaced-Characters": str(made.replaced),
        "Daicho-SHA256": made.digest.hex(),
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }
    return _Reply(200, made.content, "text/csv; charset=utf-8", heads | dict(more))


def _call_of(path: str) -> tuple[str, str] | None:
    """Name the call of a path, and what stands behind it."""
    whole = {"/v1/changes": "changes", "/v1/residents": "base", "/v1/residents.csv": "base-file"}
    if path in whole:
        return whole[path], ""
    for name, head in (("resident", "/v1/residents/"), ("file", "/v1/files/")):
        if path.startswith(head) and len(path) > len(head) and "/" not in path[len(head) :]:
            return name, path[len(head) :]
    return None


def _only(method: str, wanted: str) -> None:
    if method != wanted:
        raise _Wrong(_problem(405, "METHOD_NOT_ALLOWED", more={"Allow": wanted}))


def _head(scope: Scope, name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _pairs(content: bytes, known: set[str]) -> dict[str, str]:
    """Read pairs of names and values: each known, each once."""
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise _malformed() from None
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not set(names) <= known:
        raise _malformed()
    return dict(pairs)


def _query(scope: Scope, known: set[str]) -> dict[str, str]:
    return _pairs(scope["query_string"], known)


def _number(text: str, least: int, most: int) -> int:
    if _DIGITS.fullmatch(text) is None or not least <= int(text) <= most:
        raise _malformed()
    return int(text)


def _day(text: str) -> date:
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        raise _malformed()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _malformed() from None


def _named(head: str) -> tuple[str, str] | None:
    """Read who a system says it is and its secret (client_secret_basic, RFC 6749 section 2.3.1)."""
    said = _BASIC.fullmatch(head)
    if said is None:
        return None
    try:
        client_id, apart, secret = b64decode(said[1], validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError):
        return None
    named = unquote_plus(client_id), unquote_plus(secret)
    fits = apart and _NAME.fullmatch(named[0]) and _SECRET.fullmatch(named[1])
    return named if fits else None


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Read a small body in time, and no further than it may be long."""
    length = _head(scope, b"content-length")
    if _DIGITS.fullmatch(length) and int(length) > TOKEN_BYTES:
        raise _Wrong(_problem(413, "TOO_LARGE", more={"Connection": "close"}))
    chunks = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _malformed("TRUNCATED")
                chunks += message.get("body", b"")
                if len(chunks) > TOKEN_BYTES:
                    raise _Wrong(_problem(413, "TOO_LARGE", more={"Connection": "close"}))
                if not message.get("more_body", False):
                    return bytes(chunks)
    except TimeoutError:
        raise _Wrong(_problem(408, "TOO_SLOW", more={"Connection": "close"})) from None
