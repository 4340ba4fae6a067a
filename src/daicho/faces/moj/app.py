"""The stand-in on the web: its routes, its frame, what is said when a form is not ours or a page is not there."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from starlette.applications import Starlette

from daicho.faces.moj import pages
from daicho.faces.moj.notice_form import person
from daicho.faces.moj.visit import Place, Visit, visit_of
from daicho.faces.terminal.page import Answer, Go, Hand, Show
from daicho.faces.terminal.render import STATIC, Templates
from daicho.faces.terminal.web import Render
from daicho.faces.web.gatekeeper import Gatekeeper, static_files
from daicho.faces.web.replies import BESIDE_FILE_BYTES, HTML, Reply, reply_go
from daicho.rules.moj_link.files import FILE_BYTES

_logger = logging.getLogger(__name__)
_BOTH = ("GET", "POST")
_INFO = {"training": False}  # of a frame that terminals share

Handler = Callable[[Visit], Answer | None]


def moj_app(place: Place, origin: str) -> Starlette:
    """Put the stand-in together; `origin` is where its browser finds it, on the loopback."""
    render = Templates().render
    keeper = Gatekeeper(
        origin, "daicho-moj", partial(visit_of, place), partial(_guarded, render), same_site="lax"
    )

    def page(handler: Handler) -> Callable[[Visit], Reply]:
        return partial(_answer, render, handler)

    routes = [
        keeper.route("/", page(pages.home), _BOTH, FILE_BYTES + BESIDE_FILE_BYTES),
        keeper.route("/towns/{municipality}", page(pages.town), _BOTH),
        keeper.route("/people/{key}", page(person), _BOTH),
        keeper.route("/received/{municipality}/{serial}", page(pages.received), _BOTH),
        keeper.route("/sent/{municipality}/{serial}", page(pages.sent)),
        keeper.route("/sent/{municipality}/{serial}/file", page(pages.fetched)),
        static_files(STATIC),
    ]
    return keeper.app(routes, partial(_fault, render, 404, "NOT_FOUND"))


def _answer(render: Render, handler: Handler, visit: Visit) -> Reply:
    visit.book.take_lists()  # the nation writes them once its towns have their people
    if visit.posted and not visit.ours:
        return _fault(render, 403, "FORM_NOT_OURS", visit)
    answer = handler(visit)
    if isinstance(answer, Show):
        return _shown(render, visit, answer.template, answer.values, answer.status)
    if isinstance(answer, Go):
        return reply_go(f"{answer.path}?done={answer.flash}", token=_token(visit))
    if isinstance(answer, Hand):
        named = {"Content-Disposition": f'attachment; filename="{answer.name}"'}
        return Reply(200, answer.content, answer.kind, named, _token(visit))
    return _fault(render, 404, "NOT_FOUND", visit)


def _guarded(render: Render, handle: Callable[[Visit], Reply], visit: Visit) -> Reply:
    try:
        return handle(visit)
    except Exception:
        _logger.exception("a page of the stand-in failed")
        return _fault(render, 500, "INTERNAL_FAULT", visit)


def _fault(render: Render, status: int, code: str, visit: Visit) -> Reply:
    return _shown(render, visit, "moj/fault.html", {"status": status, "code": code}, status)


def _shown(render: Render, visit: Visit, template: str, values: Mapping[str, object], status: int) -> Reply:
    frame = {
        "info": _INFO,
        "form_key": visit.form_key,
        "business_now": visit.place.clock.business_now(),
        "menu": visit.book.towns(),
        "here": visit.path,
        "flash": visit.query.get("done", ""),
    }
    return Reply(status, render(template, {**frame, **values}).encode(), HTML, token=_token(visit))


def _token(visit: Visit) -> str | None:
    return visit.token if visit.fresh else None
