"""発送・返戻: papers that go by post, to which address, sent when, and what came back unopened."""

from daicho.faces.counter.papers.notices import desk_of
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.nodes.registry.papers.posting import PostLine
from daicho.rules.certificates.owed import basis_of_notice
from daicho.rules.certificates.posting import (
    STATED,
    AddressSource,
    PostAct,
    PostState,
    PostStep,
    ReturnCause,
    open_steps,
)
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.names import MAX_NAME_CHARACTERS

ARTICLE = "住民基本台帳法第12条第7項"
COLOURS = {
    PostState.WAITING: "orange",
    PostState.SENT: "green",
    PostState.RETURNED: "red",
    PostState.CLOSED: "grey",
}
_NAMES = {"address": "stated_address", "cause": "return_cause", "step": "form", "number": "form"}


def to_post(turn: Turn) -> Answer:
    """List what waits to be sent and what came back."""
    return _listed(turn, sent=False)


def sent(turn: Turn) -> Answer:
    """List what was sent and did not come back."""
    return _listed(turn, sent=True)


def _listed(turn: Turn, *, sent: bool) -> Answer:
    found = desk_of(turn).post(turn.operator, turn.seat.terminal, sent=sent)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [
        {"line": one, "colour": COLOURS[one.state], "handle": turn.seal("letter", one.number)}
        for one in found.lines
    ]
    values = {"article": ARTICLE, "rows": rows, "more": found.more, "sent": sent}
    return Show("posting.html", values)


def letter(turn: Turn) -> Answer:
    """Show one paper that goes by post; take what was done with it."""
    words = turn.unseal("letter")
    if words is None:
        return not_found()
    number, desk, form = words[0], desk_of(turn), turn.form
    found = desk.letter(turn.operator, turn.seat.terminal, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    line = found.line
    if turn.posted:
        act = _read(turn, form, line)
        if act is not None:
            refusal = desk.act(turn.operator, turn.seat.terminal, number, act)
            if refusal is None:
                return Go(f"/notices/letters/{turn.parts['handle']}", "post_noted")
            if refusal.reason is Reason.PROTECTED:
                return Refused(refusal)
            key = act.step.value.lower()
            form.refuse(refusal, {**_NAMES, "on": f"{key}-on_day", "words": f"{key}-post_words"})
    names = line.names
    values = {
        "article": basis_of_notice(line.kind) or ARTICLE,
        "form": form,
        "line": line,
        "colour": COLOURS[line.state],
        "steps": found.steps,
        "open": () if line.hidden else open_steps(line.state, line.source, turned_back=line.turned_back),
        "stated": line.source in STATED,
        "own": line.source is AddressSource.STATED_BY_PERSON,
        "names": [(name, name) for name in dict.fromkeys(names)],
        "first": line.asker if line.asker in names or line.source is AddressSource.STATED else names[0],
        "causes": tuple(ReturnCause),
    }
    return Show("letter.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _read(turn: Turn, form: Form, line: PostLine) -> PostAct | None:
    step = form.member("step", PostStep, required=True)
    if step is None:
        return None
    key = step.value.lower()
    on = form.day(f"{key}-on_day") or turn.today
    recipient, address, cause, words = "", "", None, ""
    if step is PostStep.SENT:
        recipient = form.text("recipient", required=True, limit=MAX_NAME_CHARACTERS)
        if line.source in STATED:
            address = form.text("stated_address", required=True)
        elif form.raw("to_planned") == "yes":
            address = line.planned
    elif step is PostStep.RETURNED:
        cause = form.member("return_cause", ReturnCause, required=True)
    else:
        words = form.text(f"{key}-post_words", required=True, limit=WORDS_CHARACTERS)
    return PostAct(step, on, recipient, address, cause, words) if form.fine else None
