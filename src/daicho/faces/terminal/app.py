"""The terminal's listener: reads requests, checks where they come from, hands use cases to a bounded pool."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from daicho.faces.citizen.page import citizen_door, citizen_open
from daicho.faces.citizen.paper import paper_door
from daicho.faces.terminal import door
from daicho.faces.terminal.desk import Desks, Info
from daicho.faces.terminal.dispatch import (
    Terminal,
    answer_page,
    answer_registration,
    away_page,
    fault_page,
    missing_page,
)
from daicho.faces.terminal.page import BODY_BYTES, Page
from daicho.faces.terminal.render import Templates
from daicho.faces.terminal.uploads import is_upload, read_upload
from daicho.faces.terminal.web import Call, Reply
from daicho.nodes.office.desk import Office
from daicho.store.unit import StoreUnavailable

_logger = logging.getLogger(__name__)

FIELDS = 2_000
WORKERS = 8
WAITING_REQUESTS = 64
STATIC_SECONDS = 86_400
STATIC = Path(__file__).parent / "static"

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

Handle = Callable[[Call], Reply]


class _Static(StaticFiles):
    """Our own files: kept by the browser for a day, with the same headers as every page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve one file."""
        response = await super().get_response(path, scope)
        response.headers.update({**_HEADERS, "Cache-Control": f"public, max-age={STATIC_SECONDS}"})
        return response


class _Gatekeeper:
    """Everything that stands between the socket and the use cases."""

    def __init__(self, office: Office, info: Info, *, own_pictures: bool = False) -> None:
        self.office, self.info = office, info
        self.secure = office.place.origin.startswith("https://")
        self.cookie = "__Host-daicho" if self.secure else "daicho"
        self.templates = Templates(own_pictures=own_pictures)
        self.waiting = 0
        self.limiter: anyio.CapacityLimiter | None = None

    def route(
        self, path: str, handle: Handle, methods: tuple[str, ...] = ("GET",), body_bytes: int = BODY_BYTES
    ) -> Route:
        """Make a route whose handler runs in the pool."""

        async def endpoint(request: Request) -> Response:
            return await self.answer(request, handle, body_bytes)

        return Route(path, endpoint, methods=list(methods))

    async def answer(self, request: Request, handle: Handle, body_bytes: int = BODY_BYTES) -> Response:
        """Read one request to its end, check it, and answer it from the pool."""
        wrong = self._not_from_us(request)
        if wrong is not None:
            return self._plain(403, wrong)
        body = await _limited_body(request, body_bytes)
        if body is None:
            return self._plain(413, "TOO_LARGE")
        if self.waiting >= WAITING_REQUESTS:
            return self._plain(503, "BUSY", {"Retry-After": "2"})
        try:
            call = self._call(request, body)
        except ValueError:
            return self._plain(400, "UNREADABLE")
        return await self._in_pool(partial(_guarded, handle, call))

    async def _in_pool(self, work: Callable[[], Reply]) -> Response:
        if self.limiter is None:
            self.limiter = anyio.CapacityLimiter(WORKERS)
        self.waiting += 1
        try:
            reply = await anyio.to_thread.run_sync(work, limiter=self.limiter)
        finally:
            self.waiting -= 1
        return self._response(reply)

    def _not_from_us(self, request: Request) -> str | None:
        host = request.headers.get("host", "")
        if f"{request.url.scheme}://{host}" != self.office.place.origin and not self._behind_tls(host):
            return "FOREIGN_HOST"
        if request.method in _SAFE_METHODS:
            return None
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None and site != "same-origin":
            return "FOREIGN_SITE"
        if origin is not None and origin != self.office.place.origin:
            return "FOREIGN_ORIGIN"
        return None if site is not None or origin is not None else "UNKNOWN_ORIGIN"

    def _behind_tls(self, host: str) -> bool:
        return self.secure and f"https://{host}" == self.office.place.origin

    def _call(self, request: Request, body: bytes) -> Call:
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
        client = request.client.host if request.client else "-"
        return Call(
            method=request.method,
            path=request.url.path,
            parts={key: str(value) for key, value in request.path_params.items()},
            query=query,
            form=form,
            files=files,
            body=body,
            token=request.cookies.get(self.cookie, ""),
            terminal=client,
            partial=request.headers.get("hx-request") == "true",
            office=self.office,
            info=self.info,
            render=self.templates.render,
        )

    def _plain(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> Response:
        return self._response(Reply(status, code.encode(), "text/plain; charset=utf-8", headers or {}))

    def _response(self, reply: Reply) -> Response:
        headers = {**_HEADERS, "Cache-Control": "no-store", **reply.headers}
        if self.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        response = Response(reply.body, reply.status, headers, media_type=reply.kind)
        if reply.token is not None:
            self._set_cookie(response, reply.token)
        return response

    def _set_cookie(self, response: Response, token: str) -> None:
        if token:
            response.set_cookie(
                self.cookie, token, path="/", secure=self.secure, httponly=True, samesite="strict"
            )
        else:
            response.delete_cookie(
                self.cookie, path="/", secure=self.secure, httponly=True, samesite="strict"
            )


def _guarded(handle: Handle, call: Call) -> Reply:
    try:
        return handle(call)
    except StoreUnavailable:
        return away_page(call)
    except Exception:
        _logger.exception("a page of the terminal failed")
        return fault_page(call)


async def _limited_body(request: Request, most_bytes: int) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most_bytes:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def terminal_app(office: Office, pages: tuple[Page, ...], desks: Desks, info: Info) -> Starlette:
    """Put one node's terminal together: the door, its pages, the static files."""
    keeper = _Gatekeeper(office, info, own_pictures=desks.characters is not None)
    terminal = Terminal(pages, desks)
    post = ("POST",)
    routes: list[Route | Mount] = [
        keeper.route("/sign-in", door.sign_in_page),
        keeper.route("/sign-in/ask", door.ask, post),
        keeper.route("/sign-in/answer", door.answer, post),
        keeper.route("/sign-in/demo", door.demo, post),
        keeper.route("/sign-off", door.leave, post),
        keeper.route("/session", door.state),
        keeper.route("/session/touch", door.touch, post),
        keeper.route("/authenticator/ask", answer_registration, post),
        keeper.route("/authenticator/answer", answer_registration, post),
    ]
    if desks.disclosure is not None:
        routes += [
            keeper.route("/my-record", citizen_door),
            keeper.route("/my-record/open", partial(citizen_open, desks.disclosure), post),
        ]
    if desks.certificates is not None:
        asks = partial(paper_door, desks.certificates)
        routes.append(keeper.route("/paper", asks, ("GET", "POST")))
    routes += [
        keeper.route(page.path, partial(answer_page, terminal, page), page.methods, page.body_bytes)
        for page in terminal.pages
    ]
    routes.append(Mount("/static", _Static(directory=STATIC)))

    async def missing(request: Request, _: Exception) -> Response:
        return await keeper.answer(request, missing_page)

    handlers: dict[int, Callable[[Request, Exception], Awaitable[Response]]] = {404: missing, 405: missing}
    return Starlette(routes=routes, exception_handlers=handlers)
