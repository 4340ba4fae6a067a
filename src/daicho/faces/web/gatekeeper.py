"""The listener of pages: reads requests, checks where they come from, hands them to a bounded pool."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, Literal, TypeVar
from urllib.parse import parse_qsl

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from daicho.faces.web.replies import BODY_BYTES, Reply
from daicho.faces.web.uploads import is_upload, read_upload

FIELDS = 2_000
WORKERS = 8
WAITING_REQUESTS = 64
STATIC_SECONDS = 86_400

_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE_METHODS = ("GET", "HEAD")
_Called = TypeVar("_Called")
SameSite = Literal["strict", "lax"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read to its end, before anybody knows who asks."""

    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes
    files: Mapping[str, bytes]
    token: str
    terminal: str
    partial: bool  # asked for by htmx


class _Static(StaticFiles):
    """Our own files: kept by the browser for a day, with the same headers as every page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve one file."""
        response = await super().get_response(path, scope)
        response.headers.update({**_HEADERS, "Cache-Control": f"public, max-age={STATIC_SECONDS}"})
        return response


def static_files(folder: Path) -> Mount:
    """Serve style, script, letters and marks of a folder."""
    return Mount("/static", _Static(directory=folder))


class Gatekeeper(Generic[_Called]):
    """Everything that stands between the socket and the use cases of one place on the web."""

    def __init__(
        self,
        origin: str,
        cookie: str,
        called: Callable[[Asked], _Called],
        guarded: Callable[[Callable[[_Called], Reply], _Called], Reply],
        same_site: SameSite = "strict",
    ) -> None:
        """Take the place's origin, the name of its cookie, how a request is given on, and who answers when a handler fails.

        A "lax" cookie comes along when a link of another site leads here; forms are held by their origin all the same.
        """
        self._same_site = same_site
        self._origin, self._called, self._guarded = origin, called, guarded
        self._secure = origin.startswith("https://")
        self._cookie = f"__Host-{cookie}" if self._secure else cookie
        self._waiting = 0
        self._limiter: anyio.CapacityLimiter | None = None

    def route(
        self,
        path: str,
        handle: Callable[[_Called], Reply],
        methods: tuple[str, ...] = ("GET",),
        body_bytes: int = BODY_BYTES,
    ) -> Route:
        """Make a route whose handler runs in the pool."""

        async def endpoint(request: Request) -> Response:
            return await self.answer(request, handle, body_bytes)

        return Route(path, endpoint, methods=list(methods))

    def app(self, routes: Sequence[BaseRoute], missing: Callable[[_Called], Reply]) -> Starlette:
        """Put the place together; `missing` answers for a path or a method that no route serves."""

        async def none(request: Request, _: Exception) -> Response:
            return await self.answer(request, missing)

        handlers: dict[int, Callable[[Request, Exception], Awaitable[Response]]] = {404: none, 405: none}
        return Starlette(routes=routes, exception_handlers=handlers)

    async def answer(
        self, request: Request, handle: Callable[[_Called], Reply], body_bytes: int = BODY_BYTES
    ) -> Response:
        """Read one request to its end, check it, and answer it from the pool."""
        wrong = self._not_from_us(request)
        if wrong is not None:
            return self._plain(403, wrong)
        body = await _limited_body(request, body_bytes)
        if body is None:
            return self._plain(413, "TOO_LARGE")
        if self._waiting >= WAITING_REQUESTS:
            return self._plain(503, "BUSY", {"Retry-After": "2"})
        try:
            call = self._called(self._asked(request, body))
        except ValueError:
            return self._plain(400, "UNREADABLE")
        return await self._in_pool(partial(self._guarded, handle, call))

    async def _in_pool(self, work: Callable[[], Reply]) -> Response:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(WORKERS)
        self._waiting += 1
        try:
            reply = await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._waiting -= 1
        return self._response(reply)

    def _not_from_us(self, request: Request) -> str | None:
        host = request.headers.get("host", "")
        if f"{request.url.scheme}://{host}" != self._origin and not self._behind_tls(host):
            return "FOREIGN_HOST"
        if request.method in _SAFE_METHODS:
            return None
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None and site != "same-origin":
            return "FOREIGN_SITE"
        if origin is not None and origin != self._origin:
            return "FOREIGN_ORIGIN"
        return None if site is not None or origin is not None else "UNKNOWN_ORIGIN"

    def _behind_tls(self, host: str) -> bool:
        return self._secure and f"https://{host}" == self._origin

    def _asked(self, request: Request, body: bytes) -> Asked:
        form: dict[str, str] = {}
        files: dict[str, bytes] = {}
        kind = request.headers.get("content-type", "")
        if is_upload(kind):
            form, files = read_upload(kind, body)
        elif kind.startswith("application/x-www-form-urlencoded"):
            pairs = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"
            )
            form = dict(pairs)
        query = dict(request.query_params)
        if any("\0" in text for text in (request.url.path, *form.values(), *query.values())):
            raise ValueError("no database holds U+0000")
        return Asked(
            method=request.method,
            path=request.url.path,
            parts={key: str(value) for key, value in request.path_params.items()},
            query=query,
            form=form,
            files=files,
            body=body,
            token=request.cookies.get(self._cookie, ""),
            terminal=request.client.host if request.client else "-",
            partial=request.headers.get("hx-request") == "true",
        )

    def _plain(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> Response:
        return self._response(Reply(status, code.encode(), "text/plain; charset=utf-8", headers or {}))

    def _response(self, reply: Reply) -> Response:
        headers = {**_HEADERS, "Cache-Control": "no-store", **reply.headers}
        if self._secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        response = Response(reply.body, reply.status, headers, media_type=reply.kind)
        if reply.token is not None:
            self._set_cookie(response, reply.token)
        return response

    def _set_cookie(self, response: Response, token: str) -> None:
        if token:
            response.set_cookie(
                self._cookie, token, path="/", secure=self._secure, httponly=True, samesite=self._same_site
            )
        else:
            response.delete_cookie(
                self._cookie, path="/", secure=self._secure, httponly=True, samesite=self._same_site
            )


async def _limited_body(request: Request, most_bytes: int) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most_bytes:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
