"""9条2項通知（受領）: what other towns' family registers tell, recorded from here or answered."""

from daicho.faces.counter.network.drafts import draft_path, filing_desk
from daicho.faces.counter.residents import resident_handle
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.network_desk import ReportName
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.filings import RECEIVED_STATES
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.office.second_person import second_person
from daicho.nodes.registry.filings.receiving import ReceivedLine, ReceivedView
from daicho.rules.filings.answer import BY_HAND, ReportAnswer, needs_a_second
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.register.record import ResidentRecord

ARTICLE = "住民基本台帳法第9条第2項・同法施行令第12条第2項"
_WHY = Why(dict(REGISTRY_PURPOSES)["investigation"], "法8条")
_KIND = "filing-in"


def queue(turn: Turn) -> Answer:
    """List the reports that wait, oldest first."""
    return _list(turn, closed=False)


def closed(turn: Turn) -> Answer:
    """List the reports that were answered, newest first."""
    return _list(turn, closed=True)


def _list(turn: Turn, *, closed: bool) -> Answer:
    found = filing_desk(turn).received(turn.operator, turn.seat.terminal, closed=closed)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [_row(turn, one) for one in found.lines]
    values = {"article": ARTICLE, "rows": rows, "more": found.more, "closed": closed}
    return Show("filings_received.html", values)


def _row(turn: Turn, line: ReceivedLine) -> dict[str, object]:
    words, colour = RECEIVED_STATES[line.state]
    handle = received_handle(turn, (str(line.sender), line.report_id))
    return {"line": line, "words": words, "colour": colour, "handle": handle}


def open_reports(turn: Turn, addressee_number: int) -> list[dict[str, object]]:
    """Put each report that waits and may mean a resident beside its address in this session, for whoever may know of it."""
    desk = turn.desks.filings
    if desk is None:
        return []
    return [_row(turn, one) for one in desk.open_about(turn.operator, addressee_number)]


def received_handle(turn: Turn, name: ReportName) -> str:
    """Make the address of one report for this session."""
    return turn.seal(_KIND, *name)


def report(turn: Turn) -> Answer:
    """Show one report with whom it may mean and the form that records it; take an answer."""
    words = turn.unseal(_KIND)
    if words is None:
        return not_found()
    name, form, desk = (words[0], words[1]), turn.form, filing_desk(turn)
    if turn.posted and form.raw("step") != "beside":
        done = _decided(turn, name)
        if done is not None:
            return done
    beside = form.whole_number("addressee", required=True) if form.raw("step") == "beside" else None
    found = desk.received_one(turn.operator, name, turn.seat.terminal, beside)
    if isinstance(found, Refusal) and beside is not None and found.reason is Reason.NOT_FOUND:
        form.refuse(found, {"addressee_number": "addressee"})
        found = desk.received_one(turn.operator, name, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    return Show("filing_received.html", _shown(turn, name, found), 200 if form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn, name: ReportName) -> Go | None:
    """Carry out what was pressed; None when the page is to be shown again with what is wrong."""
    form, desk, terminal = turn.form, filing_desk(turn), turn.seat.terminal
    step = form.one_of("step", ("answer", "confirm", "decline"), required=True)
    if step == "answer":
        answer = form.member("filing_answer", ReportAnswer, required=True)
        if answer is None or not form.fine:
            return None
        refusal, told = desk.answer(turn.operator, name, answer, terminal), "filing_answered"
        told = "filing_proposed" if needs_a_second(answer) else told
    elif step == "confirm":
        refusal, told = desk.confirm_answer(turn.operator, name, terminal), "filing_answered"
    elif step == "decline":
        refusal, told = desk.decline_answer(turn.operator, name, terminal), "filing_declined"
    else:
        return None
    if refusal is None:
        return Go("/filings", told)
    form.refuse(refusal, {"answer": "filing_answer"})
    return None


def _shown(turn: Turn, name: ReportName, found: ReceivedView) -> dict[str, object]:
    may_enter = Permission.ENTER_CHANGE in permissions_of(turn.operator)
    proposed = found.line.state == "proposed"
    may_confirm = proposed and second_person(turn.operator, entered_by=found.line.proposed_by) is None
    own = found.line.proposed_by == turn.operator.login_id
    return {
        "article": ARTICLE,
        "form": turn.form,
        "report": found.report,
        "people": [_person(turn, name, found, one) for one in found.people],
        "answers": BY_HAND,
        "may_enter": may_enter and found.line.state == "open",
        "may_confirm": may_confirm,
        "may_decline": proposed and (may_confirm or (may_enter and own)),
        **_row(turn, found.line),
    }


def _person(turn: Turn, name: ReportName, found: ReceivedView, one: ResidentRecord) -> dict[str, object]:
    handle = resident_handle(turn, one.addressee_number, _WHY)
    return {"record": one, "handle": handle, "path": draft_path(turn, handle, found.line.kind, name)}
