"""通信回復後に処理: what was taken while the line was down, one affair, and taking a new one."""

from dataclasses import replace

from daicho.faces.counter.people_fields import read_card_expiry
from daicho.faces.counter.resident import file_page
from daicho.faces.counter.residents import Chosen, chosen, opened_to_act, resident_handle
from daicho.faces.terminal.affairs import DeferralDesk
from daicho.faces.terminal.desk import Why
from daicho.faces.terminal.forms import FORM_KEY, UNREADABLE_STATUS, WORDS_CHARACTERS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.wording.purposes import REGISTRY_PURPOSES
from daicho.nodes.registry.deferral import AffairView
from daicho.rules.certificates.request import IdentityProof
from daicho.rules.deferral.affair import AffairKind, AffairState, DeferredAffair, as_taken_on
from daicho.rules.law.refusal import Refusal

ARTICLE = "行政手続法第37条・住民基本台帳法第22条から第25条まで"
_DRAFT = "draft"
_NAMES = {"words": "affair_words", "outcome": "affair_outcome", "state": "affair_state"}
_TAKING = dict(REGISTRY_PURPOSES)["notice"]
_DISCLOSURE = Why(dict(REGISTRY_PURPOSES)["disclosure"], "法30条の32")
# What is taken at a form of its own comes from there.
_BY_HAND = (AffairKind.CARD_MOVE_IN, AffairKind.LOOK_UP, AffairKind.OTHER)
_SHEETS = {
    "/move-in": "転入届",
    "/move-in-from-abroad": "国外からの転入届",
    "/ex-officio-entry": "職権記載",
    "birth": "出生（職権による記載）",
    "number": "個人番号の確認",
    "/number-check": "個人番号の確認",
    "/agency-inquiry": "機構への照会",
}


def _desk(turn: Turn) -> DeferralDesk:
    desk = turn.desks.deferral
    if desk is None:
        raise LookupError("this node puts nothing off")
    return desk


def affairs(turn: Turn) -> Answer:
    """List what waits, oldest first, with nobody's name."""
    found = _desk(turn).waiting(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    rows = [{"line": one, "handle": turn.seal("affair", one.affair_id)} for one in found.lines]
    return Show("deferral.html", {"article": ARTICLE, "rows": rows, "more": found.more})


def new_affair(turn: Turn) -> Answer:
    """Take an affair in words."""
    form = turn.form
    if turn.posted:
        kind = form.member("affair_kind", AffairKind, required=True)
        words = form.text("affair_words", required=True, limit=WORDS_CHARACTERS)
        contact = form.text("contact", limit=WORDS_CHARACTERS)
        if kind is not None and kind not in _BY_HAND:
            return not_found()
        if kind is not None and form.fine:
            asked = DeferredAffair(kind, words, contact, purpose=_TAKING, basis=ARTICLE)
            if kind is AffairKind.CARD_MOVE_IN:  # the day on which they came counts, and the form has it
                form_of = as_taken_on({"notified_on": "", "by_card": "yes"}, turn.today)
                asked = replace(asked, page="/move-in", form=form_of)
            done = _desk(turn).put_off(turn.operator, asked, turn.seat.terminal)
            if not isinstance(done, Refusal):
                return Go("/later", "affair_taken")
            form.refuse(done, _NAMES)
    values = {"article": ARTICLE, "kinds": _BY_HAND, "form": form}
    return Show("deferral_new.html", values, 200 if form.fine else UNREADABLE_STATUS)


def affair(turn: Turn) -> Answer:
    """Show one affair with the way to finish it; close it with what became of it."""
    words = turn.unseal("affair")
    if words is None:
        return not_found()
    desk, form = _desk(turn), turn.form
    found = desk.opened(turn.operator, words[0], turn.seat.terminal)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    if turn.posted:
        state = form.member("affair_state", AffairState, required=True)
        outcome = form.text("affair_outcome", required=True, limit=WORDS_CHARACTERS)
        if state is not None and form.fine:
            refusal = desk.finish(turn.operator, words[0], turn.seat.terminal, state, outcome)
            if refusal is None:
                return Go("/later", f"affair_{state.value}")
            form.refuse(refusal, _NAMES)
    values = {
        "article": ARTICLE,
        "found": found,
        "affair": found.affair,
        "sheet": _SHEETS.get(found.affair.page, ""),
        "where": _where(turn, found),
        "form": form,
    }
    return Show("deferral_affair.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _where(turn: Turn, found: AffairView) -> str:
    """Give the page on which an affair is finished, its form filled in as it was taken."""
    one = found.affair
    draft = f"?{_DRAFT}={turn.seal(_DRAFT, found.affair_id)}" if one.form else ""
    if one.page.startswith("/"):
        return one.page + draft
    if one.addressee_number is None:
        return ""
    handle = resident_handle(turn, one.addressee_number, Why(one.purpose, one.basis))
    return f"/residents/{handle}/{one.page}{draft}" if one.page else f"/residents/{handle}/part/seen"


def put_off_disclosure(turn: Turn) -> Answer:
    """Take a disclosure to the person in the path, whose answers cannot be gathered now."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, form = found[0], turn.form
    proof = form.member("proof", IdentityProof, required=True)
    card_expires_on = read_card_expiry(form, shown=proof is IdentityProof.CARD)
    contact = form.text("contact", limit=WORDS_CHARACTERS)
    if proof is None or not form.fine:
        return file_page(turn, "seen", form=form, status=UNREADABLE_STATUS)
    asked = DeferredAffair(
        AffairKind.DISCLOSURE,
        contact=contact,
        proof=proof,
        card_expires_on=card_expires_on,
        addressee_number=who.addressee_number,
        purpose=_DISCLOSURE.purpose,
        basis=_DISCLOSURE.basis,
    )
    done = _desk(turn).put_off(turn.operator, asked, turn.seat.terminal)
    if isinstance(done, Refusal):
        form.refuse(done)
        return file_page(turn, "seen", form=form, status=UNREADABLE_STATUS)
    return Go("/later", "affair_taken")


def put_off_form(turn: Turn, article: str) -> Answer:
    """Keep a notice as it was filled in, because no code is left and none can come; one that waits is kept as it is now."""
    who = _whose(turn)
    kept = {name: text for name, text in turn.form.given.items() if name not in ("step", FORM_KEY)}
    asked = DeferredAffair(
        AffairKind.WITHOUT_CODE,
        addressee_number=who.addressee_number if who is not None else None,
        purpose=who.why.purpose if who is not None else _TAKING,
        basis=who.why.basis if who is not None else article,
        page=turn.path if who is None else turn.path.rpartition("/")[2],
        form=as_taken_on(kept, turn.today),
        household=turn.form.whole_number("household"),
    )
    done = _desk(turn).put_off(turn.operator, asked, turn.seat.terminal, draft_of(turn) or "")
    return Refused(done, 409) if isinstance(done, Refusal) else Go("/later", "affair_taken")


def _whose(turn: Turn) -> Chosen | None:
    return chosen(turn) if "handle" in turn.parts else None


def take_up(turn: Turn) -> None:
    """Fill a form in as it was taken, when it is opened from the list of what waits."""
    draft = draft_of(turn)
    if draft is None or turn.posted or turn.desks.deferral is None:
        return
    found = turn.desks.deferral.opened(turn.operator, draft, turn.seat.terminal)
    if not isinstance(found, Refusal) and found.state is AffairState.WAITING:
        turn.form.given = found.affair.fields


def draft_of(turn: Turn) -> str | None:
    """Name the affair whose form this is; none where it is no such form, or of another session."""
    words = turn.unsealed(turn.query.get(_DRAFT, ""), _DRAFT)
    return words[0] if words is not None else None
