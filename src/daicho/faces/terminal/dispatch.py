"""From a request to an answer: who is it, is the form ours, may they, then the page's handler."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from daicho.faces.terminal import door
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.forms import FORM_KEY, Form
from daicho.faces.terminal.home import WHERE
from daicho.faces.terminal.page import Answer, Go, Hand, Page, Refused, Show, Turn
from daicho.faces.terminal.web import Call, reply_page
from daicho.faces.web.replies import Reply, reply_go, reply_json
from daicho.faces.wording.refusals import explain
from daicho.gate.token import form_key, form_key_fits
from daicho.nodes.office.desk import ACCESS
from daicho.nodes.office.sessions import Live, live_session, note_refused
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Permission, may, permissions_of

TRAINING_NAME = "研修用"
_BOM = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class Terminal:
    """The pages that one node serves, and the desks behind them."""

    pages: tuple[Page, ...]
    desks: Desks


def answer_page(terminal: Terminal, page: Page, call: Call) -> Reply:
    """Answer one page of a signed-in operator."""
    session = live_session(call.office, call.token)
    if isinstance(session, Refusal):
        return _ended(call, session)
    if call.method == "POST" and not form_key_fits(call.token, call.form.get(FORM_KEY, "")):
        not_ours = Refusal(Reason.FORM_NOT_OURS, ACCESS)
        return refused_page(terminal, call, session, not_ours, 403, page.path)
    refusal = may(session.person.operator, page.permission)
    if refusal is not None:
        return refused_page(terminal, call, session, refusal, 403, page.path)
    turn = _turn(terminal, call, session)
    return _reply(terminal, page, call, turn, page.handler(turn))


def answer_registration(call: Call) -> Reply:
    """Answer the enrolment of an operator's own authenticator."""
    session = live_session(call.office, call.token)
    if isinstance(session, Refusal):
        return reply_json({"happened": explain(session).happened}, status=401)
    if not form_key_fits(call.token, door.said(call).get(FORM_KEY, "")):
        refusal = Refusal(Reason.FORM_NOT_OURS, ACCESS)
        note_refused(call.office, session, call.path, refusal)
        return reply_json({"happened": explain(refusal).happened}, status=403)
    if call.path.endswith("/ask"):
        return door.register_ask(call, session)
    return door.register_answer(call, session)


def away_page(call: Call) -> Reply:
    """Answer when the database is away, or too busy."""
    values = {"info": call.info, "code": "STORE_UNAVAILABLE", "status": 503}
    return _with(reply_page(call, "fault.html", values, 503), {"Retry-After": "10"})


def fault_page(call: Call) -> Reply:
    """Answer by our own fault; nothing of the fault reaches the screen."""
    return reply_page(call, "fault.html", {"info": call.info, "code": "INTERNAL_FAULT", "status": 500}, 500)


def missing_page(call: Call) -> Reply:
    """Answer for a path that nobody serves."""
    return reply_page(call, "fault.html", {"info": call.info, "code": "NOT_FOUND", "status": 404}, 404)


def refused_page(
    terminal: Terminal, call: Call, session: Live, refusal: Refusal, status: int, path: str
) -> Reply:
    """Answer with a refusal in words, inside the frame of the terminal; the attempt is in the ledger before."""
    note_refused(call.office, session, path, refusal)
    turn = _turn(terminal, call, session)
    values = {**frame(terminal, turn, None), "told": explain(refusal), "title": "受け付けられませんでした"}
    return reply_page(call, "refused.html", values, status)


def frame(terminal: Terminal, turn: Turn, page: Page | None) -> dict[str, object]:
    """Gather what stands around every page: header, menu, countdown, form key."""
    now = turn.office.clock.now()
    session, rights = turn.session, permissions_of(turn.operator)
    menu: dict[str, list[Page]] = {}
    for one in terminal.pages:
        if one.menu and one.permission in rights:
            menu.setdefault(one.menu, []).append(one)
    return {
        "info": turn.info,
        "person": turn.person,
        "menu": menu,
        "here": _menu_path(page.path) if page is not None else "",
        "waiting": _waiting(turn),
        "may_wait": turn.desks.deferral is not None and Permission.ENTER_CHANGE in rights,
        "line_down": turn.desks.line.down() if turn.desks.line is not None else None,
        "title": page.title if page is not None else "",
        "form_key": form_key(turn.token),
        "business_now": turn.business_now,
        "real_now": now,
        "idle_seconds": max(0, int((session.idle_until - now).total_seconds())),
        "absolute_seconds": max(0, int((session.absolute_until - now).total_seconds())),
        "flash": turn.query.get("done", ""),
        "form": turn.form,
    }


def _menu_path(path: str) -> str:
    first = "/" + path.split("/")[1]
    return "/search" if first in ("/residents", "/people") else first


def _waiting(turn: Turn) -> dict[str, int]:
    if turn.desks.queues is None:
        return {}
    found = Counter[str]()
    for queue, count in turn.desks.queues.counts(turn.seat).items():
        found[WHERE[queue]] += count
    return dict(found)


def _turn(terminal: Terminal, call: Call, session: Live) -> Turn:
    return Turn(
        method=call.method,
        path=call.path,
        parts=call.parts,
        query=call.query,
        form=Form(dict(call.form), files=call.files),
        token=call.token,
        session=session,
        desks=terminal.desks,
        office=call.office,
        info=call.info,
        business_now=call.office.clock.business_now(),
    )


def _reply(terminal: Terminal, page: Page, call: Call, turn: Turn, answer: Answer) -> Reply:
    if isinstance(answer, Go):
        mark = f"{'&' if '?' in answer.path else '?'}done={answer.flash}" if answer.flash else ""
        return reply_go(answer.path + mark, partial=call.partial)
    if isinstance(answer, Refused):
        return refused_page(terminal, call, turn.session, answer.refusal, answer.status, page.path)
    if isinstance(answer, Hand):
        return _handed(call, answer)
    return _show(terminal, page, call, turn, answer)


def _handed(call: Call, answer: Hand) -> Reply:
    """Hand a file over; one of a training copy says so in its name, and in its first line where it has lines."""
    how, name, content = "attachment" if answer.saved else "inline", answer.name, answer.content
    named = f'{how}; filename="{name}"'
    if call.info.training:
        plain = f'filename="kenshu-{name}"'
        named = f"{how}; {plain}; filename*=UTF-8''{quote(f'{TRAINING_NAME}-{name}')}"
        if answer.kind.startswith("text/csv"):
            bare = content.removeprefix(_BOM)
            content = _BOM + f"{TRAINING_NAME}\r\n".encode() + bare
    return Reply(200, content, answer.kind, {"Content-Disposition": named})


def _show(terminal: Terminal, page: Page, call: Call, turn: Turn, answer: Show) -> Reply:
    values = {**frame(terminal, turn, page), **answer.values}
    return reply_page(call, answer.template, values, answer.status)


def _ended(call: Call, refusal: Refusal) -> Reply:
    ended = door.ENDED_KEYS.get(refusal.reason, "absolute") if call.token else ""
    path = f"/sign-in?ended={ended}" if ended else "/sign-in"
    return reply_go(path, token="" if call.token else None, partial=call.partial)


def _with(reply: Reply, headers: Mapping[str, str]) -> Reply:
    return Reply(reply.status, reply.body, reply.kind, {**reply.headers, **headers}, reply.token)
