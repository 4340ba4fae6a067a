"""One node's terminal on the web: the door, the table of pages, what a fault looks like."""

import logging
from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.routing import Mount, Route

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
from daicho.faces.terminal.page import Page
from daicho.faces.terminal.render import STATIC, Templates
from daicho.faces.terminal.web import Call
from daicho.faces.web.gatekeeper import Asked, Gatekeeper, static_files
from daicho.faces.web.replies import Reply
from daicho.nodes.office.desk import Office
from daicho.store.unit import StoreUnavailable

_logger = logging.getLogger(__name__)


def _gatekeeper(office: Office, info: Info, *, own_pictures: bool) -> Gatekeeper[Call]:
    templates = Templates(own_pictures=own_pictures)

    def called(asked: Asked) -> Call:
        return Call(
            method=asked.method,
            path=asked.path,
            parts=asked.parts,
            query=asked.query,
            form=asked.form,
            files=asked.files,
            body=asked.body,
            token=asked.token,
            terminal=asked.terminal,
            partial=asked.partial,
            office=office,
            info=info,
            render=templates.render,
        )

    return Gatekeeper(office.place.origin, "daicho", called, _guarded)


def _guarded(handle: Callable[[Call], Reply], call: Call) -> Reply:
    try:
        return handle(call)
    except StoreUnavailable:
        return away_page(call)
    except Exception:
        _logger.exception("a page of the terminal failed")
        return fault_page(call)


def terminal_app(office: Office, pages: tuple[Page, ...], desks: Desks, info: Info) -> Starlette:
    """Put one node's terminal together: the door, its pages, the static files."""
    keeper = _gatekeeper(office, info, own_pictures=desks.characters is not None)
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
    routes.append(static_files(STATIC))
    return keeper.app(routes, missing_page)
