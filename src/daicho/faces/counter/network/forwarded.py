"""支援措置の転送（受領）: what other towns forward, taken up for residents from here or answered."""

from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.network_desk import ForwardDesk, ReportName
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.forwarding import STANDING_COLOURS
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.registry.measures.receiving import ForwardLine, ForwardView
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.protection.forwarding import BY_HAND, ForwardAnswer, ForwardStanding
from daicho.rules.register.record import ResidentRecord

ARTICLE = "住民基本台帳事務処理要領第6の10"
_WHY = Why(dict(REGISTRY_PURPOSES)["investigation"], "法8条")
_KIND = "forwarded-in"
_DIGITS = 15
_NAMES = {"answer": "forward_answer", "forward": "form", "number": "form", "companions": "people"}


def queue(turn: Turn) -> Answer:
    """List what waits, oldest first, and the own letters that nobody has answered."""
    return _list(turn, closed=False)


def settled(turn: Turn) -> Answer:
    """List what was answered, newest first."""
    return _list(turn, closed=True)


def _list(turn: Turn, *, closed: bool) -> Answer:
    found = _desk(turn).received(turn.operator, turn.seat.terminal, closed=closed)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "rows": [_row(turn, one) for one in found.lines],
        "told": [
            {"number": number, "town": town, "at": at, "late": late, "handle": turn.seal("measure", number)}
            for number, town, at, late in found.unanswered
        ],
        "more": found.more,
        "closed": closed,
    }
    return Show("forwarded.html", values)


def _row(turn: Turn, line: ForwardLine) -> dict[str, object]:
    return {
        "line": line,
        "colour": STANDING_COLOURS[line.standing],
        "handle": turn.seal(_KIND, str(line.sender), line.forward_id),
        "measure": turn.seal("measure", line.number) if line.number else "",
    }


def letter(turn: Turn) -> Answer:
    """Show one of them with whom it may mean; take it up for the people who are ticked, or an answer."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    name, form, desk = (words[0], words[1]), turn.form, _desk(turn)
    if turn.posted and form.raw("step") != "beside":
        done = _decided(turn, name)
        if done is not None:
            return done
    also = tuple(number for one in form.raw("also").split() if (number := _number(one)) is not None)
    asked = form.whole_number("addressee", required=True) if form.raw("step") == "beside" else None
    beside = also if asked is None else (*also, asked)
    found = desk.received_one(turn.operator, name, turn.seat.terminal, beside)
    if isinstance(found, Refusal) and beside and found.reason is Reason.NOT_FOUND:
        form.refuse(found, {"addressee_number": "addressee"})
        beside = ()
        found = desk.received_one(turn.operator, name, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    return Show("forwarded_letter.html", _shown(turn, found, beside), 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, name: ReportName) -> Go | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, _desk(turn), turn.seat.terminal
    step = form.one_of("step", ("take_up", "answer", "noted"), required=True)
    sequence = form.whole_number("sequence", required=True)
    if sequence is None:
        return None
    if step == "take_up":
        people = _ticked(turn)
        applicant = form.whole_number("applicant")
        if applicant is not None and applicant in people:
            people = (applicant, *(one for one in people if one != applicant))
        refusal, told = desk.take_up(turn.operator, name, people, sequence, terminal), "forward_taken_up"
    elif step in ("answer", "noted"):
        answer = (
            ForwardAnswer.NOTED
            if step == "noted"
            else form.member("forward_answer", ForwardAnswer, required=True)
        )
        if answer is None or not form.fine:
            return None
        refusal, told = desk.answer(turn.operator, name, answer, sequence, terminal), "forward_answered"
    else:
        return None
    if refusal is None:
        return Go("/forwarded-measures", told)
    form.refuse(refusal, _NAMES)
    return None


def _ticked(turn: Turn) -> tuple[int, ...]:
    named = (_number(one.removeprefix("with-")) for one in turn.form.given if one.startswith("with-"))
    return tuple(one for one in named if one is not None and turn.form.ticked(f"with-{one}"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _shown(turn: Turn, found: ForwardView, beside: tuple[int, ...]) -> dict[str, object]:
    line, notice = found.line, found.notice
    ended = line.standing is ForwardStanding.ENDED
    return {
        "article": ARTICLE,
        "form": turn.form,
        "notice": notice,
        "also": " ".join(map(str, beside)),
        "people": [_person(turn, found, one, beside) for one in found.people],
        "stands": found.stands,
        "crossing": [{"number": one, "handle": turn.seal("measure", one)} for one in found.crossing],
        "answers": BY_HAND,
        "may_take_up": notice is not None and not ended,
        "may_answer": notice is not None and not ended and not found.stands,
        "may_note": notice is not None and ended,
        **_row(turn, line),
    }


def _person(
    turn: Turn, found: ForwardView, one: ResidentRecord, beside: tuple[int, ...]
) -> dict[str, object]:
    number = one.addressee_number
    return {
        "record": one,
        "handle": resident_handle(turn, number, _WHY),
        "ticked": number in found.protected or number in beside,
        "held": number in found.protected,
        "against": [
            {"number": other, "handle": turn.seal("measure", other)}
            for other in found.against.get(number, ())
        ],
    }


def _desk(turn: Turn) -> ForwardDesk:
    desk = turn.desks.forwarding
    if desk is None:
        raise LookupError("this node forwards no measures")
    return desk
