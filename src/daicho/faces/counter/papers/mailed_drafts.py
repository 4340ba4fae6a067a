"""The certificate form that is filled in from a request by post, and the paper that settles the request."""

from collections.abc import Iterable

from daicho.faces.counter.residents import Chosen, purpose_of
from daicho.faces.terminal.page import Turn
from daicho.faces.terminal.paper_desk import MailedDesk, Paper
from daicho.rules.certificates.mailed import MailedRequest, bears_name
from daicho.rules.certificates.request import CertificateRequest, CertificateRequester, IssueChannel
from daicho.rules.law.refusal import Refusal
from daicho.rules.register.record import ResidentRecord

FIELD = "mailed"
_MEMBERS = (CertificateRequester.SELF, CertificateRequester.SAME_HOUSEHOLD)


def mailed_desk(turn: Turn) -> MailedDesk:
    """Give the desk of requests by post; the table of pages serves these pages only where there is one."""
    desk = turn.desks.mailed
    if desk is None:
        raise LookupError("this node takes no requests by post")
    return desk


def issue_path(turn: Turn, handle: str, mailed_id: str) -> str:
    """Give the page on which the paper is decided that a request asks for."""
    return f"/residents/{handle}/certificates?{FIELD}={turn.seal(FIELD, mailed_id)}"


def mailed_of(turn: Turn) -> str:
    """Name the request from which a form was opened; empty where it is no such form, or of another session."""
    words = turn.unsealed(turn.query.get(FIELD, ""), FIELD)
    return words[0] if words is not None and turn.desks.mailed is not None else ""


def fields_of_mailed(turn: Turn, mailed_id: str, members: Iterable[ResidentRecord]) -> dict[str, str]:
    """Fill the form in as the request says; what was shown of the person is for whoever decides to choose.

    Of the household only whoever signed asks: nobody is chosen where no member, or more than one, bears that name.
    """
    found = mailed_desk(turn).one(turn.operator, turn.seat.terminal, mailed_id)
    if isinstance(found, Refusal):
        return {}
    one = found.line.mailed
    given = {
        "kind": one.kind.value,
        "requester": one.requester.value,
        "channel": IssueChannel.POST.value,
        "person": _who_signed(one, members),
        "reason": one.purpose,
    }
    if one.requester not in _MEMBERS:
        given |= {"asker": one.asker, "asker_address": one.asker_address}
    return given


def _who_signed(one: MailedRequest, members: Iterable[ResidentRecord]) -> str:
    if one.requester not in _MEMBERS:
        return ""
    found = {who.addressee_number for who in members if bears_name(who.name.kanji, one.asker)}
    return str(found.pop()) if len(found) == 1 else ""


def issue_from_mail(turn: Turn, mailed_id: str, request: CertificateRequest, who: Chosen) -> Paper | Refusal:
    """Issue a paper for the request from which the form was opened."""
    issued = mailed_desk(turn).issue(
        turn.operator, purpose_of(turn, who), mailed_id, request, who.addressee_number
    )
    if isinstance(issued, Refusal):
        return issued
    return Paper(issued.number, issued.fee_yen, issued.delivery, tuple(sorted(issued.withheld)))
