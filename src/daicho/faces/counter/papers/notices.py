"""通知の作成: notices that verified changes made owed, and the moving-out certificate of those who leave."""

from daicho.faces.counter.residents import opened_to_act, purpose_of
from daicho.faces.terminal.desk import Choice
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.paper_desk import NoticesDesk
from daicho.faces.wording.terms import word
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.owed import basis_of_notice
from daicho.rules.law.refusal import Reason, Refusal

ARTICLE = "住民基本台帳法第27条・第30条の3・第30条の4、同法施行令第23条"
BY_POST, BY_HAND = "post", "hand"
_WAYS = (Choice(BY_POST, "郵送する"), Choice(BY_HAND, "窓口で手渡す"))
_NAMES = {"channel": "by_hand", "words": "drop_words", "notice": "form", "people": "form", "address": "form"}


def notices(turn: Turn) -> Answer:
    """List the notices that are owed."""
    found = desk_of(turn).owed(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [{"line": one, "article": basis_of_notice(one.kind)} for one in found.lines]
    values = {"article": ARTICLE, "form": turn.form, "rows": rows, "more": found.more}
    return Show("notices.html", values)


def notice(turn: Turn) -> Answer:
    """Print one notice that is owed, or note that it is not printed and why."""
    form, desk, terminal = turn.form, desk_of(turn), turn.seat.terminal
    line = desk.line(turn.operator, terminal, turn.parts["notice_id"])
    if isinstance(line, Refusal):
        return Refused(line, 404)
    step = form.raw("step")
    if turn.posted and step == "print":
        way = form.one_of("by_hand", (BY_POST, BY_HAND), required=True)
        if form.fine:
            made = desk.print(turn.operator, terminal, line.notice_id, by_hand=way == BY_HAND)
            if not isinstance(made, Refusal):
                return issued_at(turn, made, "")
            if made.reason is Reason.PROTECTED:
                return Refused(made)
            form.refuse(made, _NAMES)
    if turn.posted and step == "drop":
        words = form.text("drop_words", required=True, limit=WORDS_CHARACTERS)
        if form.fine:
            refusal = desk.drop(turn.operator, terminal, line.notice_id, words)
            if refusal is None:
                return Go("/notices", "notice_dropped")
            if refusal.reason is Reason.PROTECTED:
                return Refused(refusal)
            form.refuse(refusal, _NAMES)
    acceptance = line.kind is CertificateKind.ACCEPTANCE_NOTICE
    values = {
        "article": basis_of_notice(line.kind),
        "form": form,
        "line": line,
        "ways": _WAYS[:1] if acceptance else _WAYS,
        "acceptance": acceptance,
    }
    return Show("notice.html", values, 200 if form.fine else UNREADABLE_STATUS)


def issued_at(turn: Turn, made: IssuedPaper, back: str) -> Go:
    """Send the browser to where a paper that was made is opened for printing."""
    words = (made.number, str(made.fee_yen), word(made.delivery), "", back)
    return Go("/issued/" + turn.seal("issued", *words))


def move_out_certificate(turn: Turn) -> Answer:
    """Issue the certificate with which the resident in the path, and who leaves along, move in elsewhere."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    form, desk = turn.form, desk_of(turn)
    leaving = desk.leaving(turn.operator, turn.seat.terminal, who.addressee_number)
    if isinstance(leaving, Refusal):
        return Refused(leaving, 409)
    if turn.posted:
        way = form.one_of("by_hand", (BY_POST, BY_HAND), required=True)
        if form.fine:
            made = desk.move_out(
                turn.operator, who.addressee_number, purpose_of(turn, who), by_hand=way == BY_HAND
            )
            if not isinstance(made, Refusal):
                return issued_at(turn, made, who.handle)
            if made.reason is Reason.PROTECTED:
                return Refused(made)
            form.refuse(made, _NAMES)
    values = {
        "article": "住民基本台帳法施行令第23条",
        "form": form,
        "who": who,
        "file": file,
        "people": leaving.people,
        "plan": leaving.people[0].scheduled_move_out,
        "ways": tuple(reversed(_WAYS)),
    }
    return Show("move_out_certificate.html", values, 200 if form.fine else UNREADABLE_STATUS)


def desk_of(turn: Turn) -> NoticesDesk:
    """Give the desk of notices; the table of pages serves these pages only where there is one."""
    desk = turn.desks.notices
    if desk is None:
        raise LookupError("this node sends no notices")
    return desk
