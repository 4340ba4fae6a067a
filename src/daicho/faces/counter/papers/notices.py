"""通知の作成: notices that verified changes made owed, and the moving-out certificate of those who leave."""

from collections.abc import Container

from daicho.faces.counter.certificates import issued_at
from daicho.faces.counter.people_fields import read_card_expiry
from daicho.faces.counter.residents import opened_to_act, purpose_of
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.desk import Choice
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.paper_desk import NoticesDesk
from daicho.nodes.registry.papers.notices import HANDED_DAYS
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.owed import Handing, basis_of_notice
from daicho.rules.certificates.request import IdentityProof
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.names import MAX_NAME_CHARACTERS

ARTICLE = "住民基本台帳法第27条・第30条の3・第30条の4、同法施行令第23条"
BY_POST, BY_HAND = "post", "hand"
_WAYS = (Choice(BY_POST, "郵送する"), Choice(BY_HAND, "窓口で手渡す"))
_PROOFS = (IdentityProof.CARD, IdentityProof.PHOTO, IdentityProof.DOCUMENTS)
_NAMES = {"channel": "by_hand", "words": "drop_words", "notice": "form", "people": "form", "address": "form"}


def notices(turn: Turn) -> Answer:
    """List the notices that are owed."""
    found = desk_of(turn).owed(turn.operator, turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [{"line": one, "article": basis_of_notice(one.kind)} for one in found.lines]
    values = {
        "article": ARTICLE, "form": turn.form, "rows": rows, "more": found.more, "handed": found.handed,
        "days": HANDED_DAYS,
    }  # fmt: skip
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
    if turn.posted and step == "again":
        words = form.text("again_words", required=True, limit=WORDS_CHARACTERS)
        if form.fine:
            refusal = desk.again(turn.operator, terminal, line.notice_id, words)
            if refusal is None:
                return Go("/notices", "notice_again")
            if refusal.reason is Reason.PROTECTED:
                return Refused(refusal)
            form.refuse(refusal, {**_NAMES, "words": "again_words"})
    acceptance = line.kind is CertificateKind.ACCEPTANCE_NOTICE
    values = {
        "article": basis_of_notice(line.kind),
        "form": form,
        "line": line,
        "ways": _WAYS[:1] if acceptance or line.kind is CertificateKind.MOVE_OUT else _WAYS,
        "move_out": line.kind is CertificateKind.MOVE_OUT,
        "acceptance": acceptance,
    }
    return Show("notice.html", values, 200 if form.fine else UNREADABLE_STATUS)


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
    members = {one.addressee_number: one for one in (*leaving.people, *file.household) if one.living}
    if turn.posted:
        handing = _handing(form, members)
        if form.fine:
            made = desk.move_out(turn.operator, who.addressee_number, purpose_of(turn, who), handing)
            if not isinstance(made, Refusal):
                return issued_at(turn, made, who.handle)
            if made.reason is Reason.PROTECTED:
                return Refused(made)
            form.refuse(made, _NAMES)
    values = {
        "article": "住民基本台帳法施行令第23条",
        "takers": [(str(number), one.name.kanji) for number, one in members.items()],
        "proofs": _PROOFS,
        "form": form,
        "who": who,
        "file": file,
        "people": leaving.people,
        "plan": leaving.people[0].scheduled_move_out,
        "ways": tuple(reversed(_WAYS)),
        "ask_first": ask_first(turn, leaving.people),
    }
    return Show("move_out_certificate.html", values, 200 if form.fine else UNREADABLE_STATUS)


def desk_of(turn: Turn) -> NoticesDesk:
    """Give the desk of notices; the table of pages serves these pages only where there is one."""
    desk = turn.desks.notices
    if desk is None:
        raise LookupError("this node sends no notices")
    return desk


def _handing(form: Form, members: Container[int]) -> Handing:
    by_hand = form.one_of("by_hand", (BY_POST, BY_HAND), required=True) == BY_HAND
    proof = form.member("proof", IdentityProof, required=by_hand) or IdentityProof.NONE
    taker = form.raw("taker")
    return Handing(
        by_hand,
        int(taker) if taker.isascii() and taker.isdigit() and int(taker) in members else None,
        form.text("paper_agent", limit=MAX_NAME_CHARACTERS),
        proof,
        legal_representative=form.ticked("legal_representative"),
        authority_shown=form.ticked("authority_shown"),
        again=form.text("again", limit=WORDS_CHARACTERS),
        card_expires_on=read_card_expiry(form, shown=by_hand and proof is IdentityProof.CARD),
    )
