"""郵送請求: what came by post, from its arrival to the paper or to the day on which all of it went back."""

from daicho.faces.counter.papers.mailed_drafts import issue_path, mailed_desk
from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.registry.papers.mailed import PURPOSE, MailedLine, MailedView
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.mailed import (
    ADDRESS_CHARACTERS,
    ASKER_CHARACTERS,
    MailedFault,
    MailedRequest,
    MailedState,
    MailedStep,
    MailedStepKind,
    article_of,
    change_yen,
    faults_of,
    owes_change,
)
from daicho.rules.certificates.request import CertificateRequester
from daicho.rules.law.refusal import Reason, Refusal

ARTICLE = "住民基本台帳法第12条〜第12条の3・第15条の4"
COLOURS = {
    MailedState.OPEN: "orange",
    MailedState.ASKED: "blue",
    MailedState.REFUSED: "red",
    MailedState.ISSUED: "green",
    MailedState.CLOSED: "grey",
}
_K = CertificateKind
_KINDS = (_K.HOUSEHOLD_COPY, _K.PERSONAL_COPY, _K.RECORDED_ITEMS, _K.REMOVED_COPY)
_KIND, _NEW = "mailed-request", "mailed-new"
_NAMES = {
    "received_on": "mailed_on", "asker": "mailed_asker", "asker_address": "mailed_address",
    "enclosed_yen": "enclosed", "addressee_number": "addressee", "step": "form", "mailed": "form",
}  # fmt: skip
# Of what an act says, the field in which it stands.
_STEP_NAMES = {"faults": "mailed_faults", "on": "form", "step": "form", "addressee_number": "addressee"}


def queue(turn: Turn) -> Answer:
    """List what waits, oldest first."""
    return _list(turn, done=False)


def done(turn: Turn) -> Answer:
    """List what is done, newest first."""
    return _list(turn, done=True)


def _list(turn: Turn, *, done: bool) -> Answer:
    found = mailed_desk(turn).listed(turn.operator, turn.seat.terminal, done=done)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "rows": [_row(turn, one) for one in found.lines],
        "more": found.more,
        "done": done,
    }
    return Show("mailed.html", values)


def _row(turn: Turn, line: MailedLine) -> dict[str, object]:
    return {
        "line": line,
        "one": line.mailed,
        "state": line.mailed.state,
        "colour": COLOURS[line.mailed.state],
        "handle": turn.seal(_KIND, line.mailed_id),
        "letter": turn.seal("letter", line.paper) if line.paper and turn.desks.notices else "",
    }


def new(turn: Turn) -> Answer:
    """Note what came by post."""
    form, desk = turn.form, mailed_desk(turn)
    name = turn.once(_NEW, desk.new_name)
    if turn.posted:
        came = _read(turn, form)
        if came is not None:
            kept = desk.receive(turn.operator, turn.seat.terminal, name, came)
            if not isinstance(kept, Refusal):
                return Go(f"/mailed/request/{turn.seal(_KIND, kept)}", "mailed_received")
            form.refuse(kept, _NAMES)
            # What the form was called names another request already: what is sent next is a request of its own.
            name = desk.new_name() if kept.field == "mailed" else name
    values = {
        "article": ARTICLE,
        "form": form,
        "kinds": _KINDS,
        "requesters": tuple(CertificateRequester),
        "once": turn.seal(_NEW, name),
    }
    return Show("mailed_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _read(turn: Turn, form: Form) -> MailedRequest | None:
    received_on = form.day("mailed_on") or turn.today
    kind = form.member("mailed_kind", CertificateKind, required=True)
    requester = form.member("requester", CertificateRequester, required=True)
    asker = form.text("mailed_asker", required=True, limit=ASKER_CHARACTERS)
    address = form.text("mailed_address", required=True, limit=ADDRESS_CHARACTERS)
    person = form.text("person_asked", required=True, limit=ASKER_CHARACTERS)
    about = form.whole_number("addressee")
    enclosed = form.whole_number("enclosed") or 0
    purpose = form.text("reason", limit=WORDS_CHARACTERS)
    if kind is None or requester is None or not form.fine:
        return None
    return MailedRequest(
        "", received_on, kind, requester, asker, address, person, about, enclosed,
        identity_copy=form.ticked("identity_copy"), envelope=form.ticked("envelope"), purpose=purpose,
    )  # fmt: skip


def request(turn: Turn) -> Answer:
    """Show one request; take what was done with it."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    mailed_id, desk, form = words[0], mailed_desk(turn), turn.form
    if turn.posted:
        act = _act(turn, form)
        if act is not None:
            about = form.whole_number("addressee") if act.kind is MailedStepKind.PERSON_FOUND else None
            refusal = desk.act(turn.operator, turn.seat.terminal, mailed_id, act, about)
            if refusal is None:
                return Go(f"/mailed/request/{turn.parts['handle']}", "mailed_noted")
            if refusal.reason is Reason.PROTECTED:
                return Refused(refusal)
            form.refuse(refusal, _STEP_NAMES | _field_of(act.kind))
    found = desk.one(turn.operator, turn.seat.terminal, mailed_id)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    values = _shown(turn, found)
    return Show("mailed_request.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _field_of(kind: MailedStepKind) -> dict[str, str]:
    asking = kind is MailedStepKind.FAULTS_ASKED
    return {"words": "fault_words" if asking else "mailed_words", "enclosed_yen": "more_enclosed"}


def _act(turn: Turn, form: Form) -> MailedStep | None:
    kind = form.member("step", MailedStepKind, required=True)
    if kind is None:
        return None
    faults: tuple[MailedFault, ...] = ()
    words, enclosed = "", 0
    if kind is MailedStepKind.FAULTS_ASKED:
        faults = tuple(one for one in MailedFault if form.ticked(f"fault-{one.value}"))
        words = form.text("fault_words", limit=WORDS_CHARACTERS)
    elif kind is MailedStepKind.REFUSED:
        words = form.text("mailed_words", required=True, limit=WORDS_CHARACTERS)
    elif kind is MailedStepKind.ANSWERED:
        enclosed = form.whole_number("more_enclosed") or 0
    elif kind is MailedStepKind.PERSON_FOUND:
        form.whole_number("addressee", required=True)
    if not form.fine:
        return None
    now = turn.office.clock.now()
    came = kind is MailedStepKind.ANSWERED
    return MailedStep(
        kind, turn.today, turn.operator.login_id, now, words=words, faults=faults, enclosed_yen=enclosed,
        identity_copy=came and form.ticked("more_identity"), envelope=came and form.ticked("more_envelope"),
    )  # fmt: skip


def _shown(turn: Turn, found: MailedView) -> dict[str, object]:
    one, person = found.line.mailed, found.person
    fee = mailed_desk(turn).fee_yen(one)
    why = Why(dict(REGISTRY_PURPOSES).get("certificate", PURPOSE), str(article_of(one)))
    handle = resident_handle(turn, person.addressee_number, why) if person is not None else ""
    return {
        "article": str(article_of(one)),
        "form": turn.form,
        "whom": person,
        "resident": handle,
        "fee": fee,
        "change": change_yen(one) if one.state is MailedState.ISSUED else max(one.enclosed - fee, 0),
        "owes_change": owes_change(one),
        "missing": faults_of(one, fee),
        "faults": tuple(MailedFault),
        "issue": issue_path(turn, handle, found.line.mailed_id) if handle else "",
        "steps": one.steps,
        **_row(turn, found.line),
    }
