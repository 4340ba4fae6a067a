"""庁内連携: the systems of other offices, their scopes by two people, how far they have read, a secret shown once."""

from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.hall_desk import HallDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.nodes.registry.hall.clients import ClientStanding, ClientView, scope_asked
from daicho.rules.hall.access import RENEWAL, TITLE_CHARACTERS, HallScope
from daicho.rules.hall.offices import HallItem, HallOffice
from daicho.rules.law.refusal import Refusal

ARTICLE = "住民基本台帳法第1条・番号法第9条"
_OVERLAP = (("day", "前の秘密鍵を24時間使えるようにする"), ("once", "前の秘密鍵をすぐに無効にする"))
_NAMES = {"proposal": "form", "client_id": "form"}


def desk_of(turn: Turn) -> HallDesk:
    """Give the hall's desk; the table of pages serves these pages only where there is one."""
    desk = turn.desks.hall
    if desk is None:
        raise LookupError("this node tells no other office")
    return desk


def links(turn: Turn) -> Answer:
    """List all systems and what waits; open one, or take a second person's word for a scope."""
    if turn.posted:
        answer = _opened(turn) if turn.form.raw("step") == "open" else _decided(turn)
        if answer is not None:
            return answer
    found = desk_of(turn).overview(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "found": found,
        "offices": tuple(HallOffice),
        "rows": [
            {"standing": one, "handle": turn.seal("client", one.client.client_id), **_state(turn, one)}
            for one in found.clients
        ],
        "asked": [
            {"one": one, "own": one.proposal.asked_by == turn.operator.login_id} for one in found.waiting
        ],
    }
    return Show("hall_links.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _state(turn: Turn, one: ClientStanding) -> dict[str, object]:
    client = one.client
    if client.closed:
        words, colour = "終了", "grey"
    elif turn.today > client.valid_until:
        words, colour = "期間満了", "red"
    elif not client.scopes:
        words, colour = "範囲なし", "orange"
    else:
        words, colour = "利用中", "green"
    return {
        "state_words": words,
        "colour": colour,
        "alive": not client.closed and turn.today <= client.valid_until,
    }


def _opened(turn: Turn) -> Answer | None:
    form = turn.form
    office = form.member("office", HallOffice, required=True)
    title = form.text("title", required=True, limit=TITLE_CHARACTERS)
    until = form.day("valid_until", required=True)
    if office is None or until is None or not form.fine:
        return None
    made = desk_of(turn).open(turn.operator, office, title, until, turn.seat.terminal)
    if isinstance(made, Refusal):
        form.refuse(made, _NAMES)
        return None
    return Go(f"/hall/{turn.seal('client', made)}", "hall_opened")


def _decided(turn: Turn) -> Answer | None:
    form, step = turn.form, turn.form.raw("step")
    if step not in ("accept", "decline"):
        return None
    accept = step == "accept"
    done = desk_of(turn).decide_scope(turn.operator, form.raw("proposal"), turn.seat.terminal, accept=accept)
    if isinstance(done, Refusal):
        form.refuse(done, _NAMES)
        return None
    return Go("/hall", "hall_granted" if accept else "hall_declined")


def link(turn: Turn) -> Answer:
    """Show one system; ask for a scope, make a secret, or close it."""
    words = turn.unseal("client")
    if words is None:
        return not_found()
    client_id = words[0]
    if turn.posted:
        answer = _acted(turn, client_id)
        if answer is not None:
            return answer
    found = desk_of(turn).client(turn.operator, client_id)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show("hall_link.html", _shown(turn, found), 200 if turn.form.fine else UNREADABLE_STATUS)


def _shown(turn: Turn, found: ClientView) -> dict[str, object]:
    client, duty = found.standing.client, found.duty
    told = [one for one in HallItem if duty is not None and one in duty.items]
    if HallScope.NUMBERS not in client.scopes:
        told = [one for one in told if one is not HallItem.INDIVIDUAL_NUMBER]
    words = [one for one in found.proposals if scope_asked(one) is None]
    return {
        "article": ARTICLE,
        "form": turn.form,
        "view": found,
        "word_waits": any(one.state == "waiting" for one in words),
        "word_given": next((one for one in words if one.state == "accepted"), None),
        "own_login": turn.operator.login_id,
        "client": client,
        "items": told,
        "scopes": sorted(client.scopes, key=list(HallScope).index),
        "grantable": desk_of(turn).grantable(client),
        "proposals": [(scope_asked(one), one) for one in found.proposals],
        "overlap": _OVERLAP,
        **_state(turn, found.standing),
    }


def _acted(turn: Turn, client_id: str) -> Answer | None:
    form, step, here = turn.form, turn.form.raw("step"), f"/hall/{turn.parts['handle']}"
    if step == "scope":
        scope = form.member("scope", HallScope, required=True)
        why = form.text("reason", required=True, limit=WORDS_CHARACTERS)
        if scope is None or not form.fine:
            return None
        refusal = desk_of(turn).ask_scope(turn.operator, client_id, scope, why, turn.seat.terminal)
        flash = "hall_asked"
    elif step == "ask-secret":
        why = form.text("secret_reason", required=True, limit=WORDS_CHARACTERS)
        if not form.fine:
            return None
        refusal = desk_of(turn).ask_scope(turn.operator, client_id, None, why, turn.seat.terminal)
        flash = "hall_asked"
    elif step == "secret":
        return _secret(turn, client_id)
    elif step == "withdraw":
        what = form.one_of("what", (RENEWAL, *HallScope), required=True)
        if not form.fine:
            return None
        scope = None if what == RENEWAL else HallScope(what)
        refusal = desk_of(turn).withdraw_scope(turn.operator, client_id, scope, turn.seat.terminal)
        flash = "hall_withdrawn"
    elif step == "end-secrets" and form.ticked("sure_secrets"):
        refusal = desk_of(turn).end_secrets(turn.operator, client_id, turn.seat.terminal)
        flash = "hall_secrets_ended"
    elif step == "close" and form.ticked("sure"):
        refusal = desk_of(turn).close(turn.operator, client_id, turn.seat.terminal)
        flash = "hall_closed"
    else:
        return None
    if refusal is not None:
        form.refuse(refusal, {**_NAMES, "why": "reason"})
        return None
    return Go(here, flash)


def _secret(turn: Turn, client_id: str) -> Answer | None:
    """Show a new secret in the answer to the form itself: no address leads to it a second time."""
    at_once = turn.form.one_of("overlap", tuple(key for key, _ in _OVERLAP), required=True) == "once"
    if not turn.form.fine:
        return None
    secret = desk_of(turn).new_secret(turn.operator, client_id, turn.seat.terminal, at_once=at_once)
    if isinstance(secret, Refusal):
        turn.form.refuse(secret, _NAMES)
        return None
    return Show(
        "hall_secret.html", {"client_id": client_id, "secret": secret, "handle": turn.parts["handle"]}
    )
