"""The door: signing in with an authenticator, signing off, and the state of the session."""

import json
from collections.abc import Mapping

from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.web import Call, reply_page
from daicho.faces.web.replies import Reply, reply_go, reply_json
from daicho.faces.wording.refusals import explain
from daicho.nodes.office.desk import ACCESS
from daicho.nodes.office.operators import begin_registration, finish_registration
from daicho.nodes.office.sessions import Live, Opened, live_session, sign_off
from daicho.nodes.office.sign_in import begin_sign_in, demo_sign_in, finish_sign_in
from daicho.rules.law.refusal import Reason, Refusal

_ENDED = {
    "idle": Reason.SESSION_IDLE,
    "absolute": Reason.SESSION_ENDED,
    "replaced": Reason.SESSION_REPLACED,
}
ENDED_KEYS = {reason: key for key, reason in _ENDED.items()}


def sign_in_page(call: Call) -> Reply:
    """Show the door, with the reason why a session ended."""
    return _door(call, ended=call.query.get("ended", ""))


def ask(call: Call) -> Reply:
    """Give the browser a challenge for the 照合ID that was typed."""
    asked = begin_sign_in(call.office, said(call).get("login_id", ""))
    if isinstance(asked, Refusal):
        return _refused(asked, UNREADABLE_STATUS)
    return reply_json({"challenge_id": asked.challenge_id, "options": json.loads(asked.options)})


def answer(call: Call) -> Reply:
    """Check the authenticator's answer and open the session."""
    told = said(call)
    opened = finish_sign_in(
        call.office,
        told.get("login_id", ""),
        challenge_id=told.get("challenge_id", ""),
        answer=told.get("answer", ""),
        terminal=call.terminal,
    )
    if isinstance(opened, Refusal):
        return _refused(opened, 403)
    return reply_json({"go": _home(opened)}, token=opened.token)


def demo(call: Call) -> Reply:
    """Sign in by the demo authenticator, where the directory says that this is a demonstration."""
    opened = demo_sign_in(call.office, call.form.get("login_id", ""), terminal=call.terminal)
    if isinstance(opened, Refusal):
        return _door(
            call, refusal=opened, status=UNREADABLE_STATUS if opened.reason is Reason.FIELD_MISSING else 403
        )
    return reply_go(_home(opened), token=opened.token)


def leave(call: Call) -> Reply:
    """Sign off; the browser forgets the session."""
    sign_off(call.office, call.token)
    return reply_go("/sign-in?ended=signed_off", token="")


def state(call: Call) -> Reply:
    """Tell how long the session has, without using it."""
    return _state(call, live_session(call.office, call.token, touch=False))


def touch(call: Call) -> Reply:
    """Note that the operator is at work, and tell how long the session has."""
    return _state(call, live_session(call.office, call.token))


def register_ask(call: Call, session: Live) -> Reply:
    """Give the browser of a signed-in operator a challenge to enrol an authenticator."""
    asked = begin_registration(call.office, session.person.operator.login_id)
    if isinstance(asked, Refusal):
        return _refused(asked, 403)
    return reply_json({"challenge_id": asked.challenge_id, "options": json.loads(asked.options)})


def register_answer(call: Call, session: Live) -> Reply:
    """Keep the authenticator's public key."""
    told = said(call)
    refusal = finish_registration(
        call.office,
        session.person.operator.login_id,
        challenge_id=told.get("challenge_id", ""),
        answer=told.get("answer", ""),
        terminal=call.terminal,
    )
    return _refused(refusal, 403) if refusal else reply_json({"go": "/authenticator?done=enrolled"})


def _home(opened: Opened) -> str:
    return "/?done=closed_elsewhere" if opened.closed_elsewhere else "/"


def _door(call: Call, *, ended: str = "", refusal: Refusal | None = None, status: int = 200) -> Reply:
    values = {
        "ended": ended,
        "ended_words": explain(Refusal(_ENDED[ended], ACCESS)) if ended in _ENDED else None,
        "refusal": explain(refusal) if refusal else None,
        "login_id": call.form.get("login_id", ""),
        "demo": call.office.demo() is not None,
        "info": call.info,
    }
    return reply_page(call, "sign_in.html", values, status)


def _state(call: Call, session: Live | Refusal) -> Reply:
    if isinstance(session, Refusal):
        return reply_json({"ended": ENDED_KEYS.get(session.reason, "absolute")}, status=401)
    now = call.office.clock.now()
    return reply_json(
        {
            "idle_seconds": int((session.idle_until - now).total_seconds()),
            "absolute_seconds": int((session.absolute_until - now).total_seconds()),
        }
    )


def _refused(refusal: Refusal, status: int) -> Reply:
    told = explain(refusal)
    return reply_json({"code": told.code, "happened": told.happened, "now": told.now}, status=status)


def said(call: Call) -> Mapping[str, str]:
    """Read what our own script sent; anything else reads as nothing."""
    try:
        told = json.loads(call.body or b"{}")
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in told.items()}
