"""印鑑登録: a resident's seal, the application with the scanned print, losses, abolition, the certificate."""

from daicho.faces.counter.certificates import issued_at
from daicho.faces.counter.people_fields import read_card_expiry
from daicho.faces.counter.resident import PARTS
from daicho.faces.counter.residents import Chosen, affairs_of, opened, purpose_of
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.affairs import SealDesk
from daicho.faces.terminal.desk import ResidentFile
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form, half_width
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.terms import word
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.seals.requests import SealView
from daicho.rules.certificates.request import CertificateRequester, IdentityProof
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, may_enter_or_verify, permissions_of
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.protection.measure import AskingPerson
from daicho.rules.seals.certificate import SealCertificateRequest
from daicho.rules.seals.naming import MAX_INSCRIPTION_CHARACTERS
from daicho.rules.seals.ordinance import SealFault, SealMaterial
from daicho.rules.seals.registration import (
    ENTERED_BY_HAND,
    SealApplication,
    SealEndCause,
    SealImpression,
    SealRegistration,
    SealRequest,
    SealRequestKind,
    SealState,
    SealStep,
    SuspensionCause,
)
from daicho.rules.seals.visit import CounterVisit, SealApplicant, SealGuarantee, SealProof

ARTICLE = "印鑑条例（準則）"
COLOURS = {SealState.REGISTERED: "green", SealState.SUSPENDED: "orange", SealState.ENDED: "grey"}
PROOFS = (IdentityProof.CARD, IdentityProof.PHOTO, IdentityProof.DOCUMENTS)
_VISIT_PROOFS = (SealProof.CARD, SealProof.PHOTO, SealProof.DOCUMENTS)
_APPLICATION_PROOFS = (SealProof.CARD, SealProof.PHOTO, SealProof.GUARANTEE, SealProof.DOCUMENTS)
_KINDS = (SealRequestKind.ABOLISH, SealRequestKind.EXCHANGE_CARD, SealRequestKind.RESUME)
_BEARERS = (CertificateRequester.SELF, CertificateRequester.AGENT)
_CARD_CHARACTERS = 12
_UNMEASURED = SealImpression("", 0, 0)
_WITH_CARD = (SealRequestKind.EXCHANGE_CARD, SealRequestKind.RESUME)
_UNMET = {"declined": "認めない", "withdrawn": "取下げ"}
_NAMES = {
    "cause": "end_cause",
    "kind": "seal_request",
    "applied_on": "seal_applied_on",
    "answered_on": "brought_on",
    "registration": "form",
    "request": "form",
    "purpose": "form",
}


def step_words(step: str) -> str:
    """Say what a step in the life of a registration was."""
    known = next((one for one in SealStep if one.value == step), None)
    return word(known) if known is not None else f"抹消（{word(SealEndCause(step))}）"


def print_handle(turn: Turn, registration_of: int, image_id: str, why: Purpose) -> str:
    """Make the address of a picture for this session."""
    return turn.seal("seal-print", str(registration_of), image_id, why.purpose, why.basis)


def card_handle(turn: Turn, addressee_number: int) -> str:
    """Make the address of the page that tells the number of a card which is to be made."""
    return turn.seal("seal-card", str(addressee_number))


def seal(turn: Turn) -> Answer:
    """Show the seal of the resident in the path; take answers, withdrawals, losses and what is asked for."""
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    if turn.posted:
        answer = _taken(turn, who)
        if answer is not None:
            return answer
    view = desk_of(turn).view(turn.operator, who.addressee_number, purpose_of(turn, who))
    return Refused(view) if isinstance(view, Refusal) else _show(turn, who, file, view)


def _show(turn: Turn, who: Chosen, file: ResidentFile, view: SealView) -> Show:
    rights, why = permissions_of(turn.operator), purpose_of(turn, who)
    may_issue = Permission.ISSUE_CERTIFICATE in rights and desk_of(turn).issues
    values = {
        "article": ARTICLE,
        "who": who,
        "file": file,
        "record": view.record,
        "part": "seal",
        "parts": PARTS,
        "affairs": affairs_of(turn, file),
        "form": turn.form,
        "view": view,
        "colours": COLOURS,
        "picture": ""
        if view.standing is None
        else print_handle(turn, who.addressee_number, view.standing.impression.image_id, why),
        "card_to_make": card_handle(turn, who.addressee_number)
        if view.standing is not None and view.standing.card_waits
        else "",
        "steps": [(one.at, one.number, step_words(one.step), one.by) for one in view.steps],
        "unmet": [(one, SealRequestKind(one.kind), _UNMET[one.state]) for one in view.unmet],
        "to_tell": next((one for one in reversed(view.past) if one.to_tell), None),
        "kinds": _KINDS,
        "applicants": tuple(SealApplicant),
        "proofs": _VISIT_PROOFS,
        "causes": ENTERED_BY_HAND,
        "suspensions": tuple(SuspensionCause),
        "late": view.request is not None
        and view.request.request.awaits_answer
        and view.request.request.answer_by is not None
        and turn.today > view.request.request.answer_by,
        "may_close": Permission.ENTER_CHANGE in rights,
        "may_make": may_enter_or_verify(turn.operator) is None,
        "may_enter": Permission.ENTER_CHANGE in rights and view.record.living,
        "may_issue": may_issue and view.standing is not None and view.record.living,
        "may_ask": may_issue and view.record.living,
        "ask_first": ask_first(turn, (view.record,)),
    }
    return Show("seal.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _taken(turn: Turn, who: Chosen) -> Answer | None:
    """Do what a form of the page asks for; nothing when the page is to be shown with its errors."""
    form, desk, why = turn.form, desk_of(turn), purpose_of(turn, who)
    step, number = form.raw("step"), who.addressee_number
    refusal: Refusal | None = None
    done = ""
    if step == "answer":
        day, bringer = form.day("brought_on", required=True), _visit(form)
        form.member("proof", SealProof, required=True)
        if day is not None and form.fine:
            refusal, done = desk.answered(turn.operator, number, day, bringer, why), "seal_answered"
    elif step == "told":
        day, ended = form.day("told_on", required=True), form.text("registration", limit=_CARD_CHARACTERS)
        if day is not None and form.fine:
            refusal, done = desk.told(turn.operator, number, ended, day, why), "seal_told"
    elif step == "withdraw":
        refusal, done = desk.withdraw(turn.operator, number, why), "seal_withdrawn"
    elif step == "suspend":
        cause = form.member("suspension", SuspensionCause, required=True)
        if cause is not None:
            refusal, done = desk.suspend(turn.operator, number, cause, why), "seal_suspended"
    elif step == "ask":
        request = _asked(turn, number)
        if request is not None:
            asked = desk.ask(turn.operator, request, why)
            refusal, done = (asked if isinstance(asked, Refusal) else None), "seal_entered"
    if refusal is not None:
        form.refuse(refusal, _NAMES)
    return Go(f"/residents/{who.handle}/seal", done) if done and form.fine else None


def _asked(turn: Turn, number: int) -> SealRequest | None:
    form = turn.form
    kind = form.member("seal_request", SealRequestKind, required=True)
    visit = _visit(form)
    cause = form.member("end_cause", SealEndCause)
    why = form.text("why", limit=WORDS_CHARACTERS)
    card = _card_number(form)
    if kind is None or not form.fine:
        return None
    shown = card if kind in _WITH_CARD else ""
    return SealRequest(kind, number, turn.today, visit, cause=cause, why=why, card_number=shown)


def _visit(form: Form) -> CounterVisit:
    applicant = form.member("applicant", SealApplicant) or SealApplicant.SELF
    proof = form.member("proof", SealProof) or SealProof.NONE
    agent = form.text("agent", limit=MAX_NAME_CHARACTERS)
    expires_on = read_card_expiry(form, shown=proof is SealProof.CARD)
    guarantee = _guarantee(form, proof)
    return CounterVisit(applicant, proof, agent, form.ticked("authority_shown"), guarantee, expires_on)


def _guarantee(form: Form, proof: SealProof) -> SealGuarantee | None:
    number = half_width(form.text("guarantor", limit=_CARD_CHARACTERS))
    name = form.text("guarantor_name", limit=MAX_NAME_CHARACTERS)
    if proof is not SealProof.GUARANTEE:
        return None
    return SealGuarantee(number, name, form.ticked("print_compared"))


def _card_number(form: Form) -> str:
    return half_width(form.text("card_number", limit=_CARD_CHARACTERS))


def application(turn: Turn) -> Answer:
    """Take an application with the scanned print of the seal."""
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    why = purpose_of(turn, who)
    view = desk_of(turn).view(turn.operator, who.addressee_number, why)
    if isinstance(view, Refusal):
        return Refused(view)
    if turn.posted:
        made, scan = _read(turn, who, view.standing), turn.form.file("image", required=True)
        if made is not None and turn.form.fine:
            kept = desk_of(turn).apply(turn.operator, made, scan, why)
            if not isinstance(kept, Refusal):
                done = "seal_inquiry" if kept.request.awaits_answer else "seal_entered"
                return Go(f"/residents/{who.handle}/seal", done)
            turn.form.refuse(kept, _NAMES)
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "who": who,
        "file": file,
        "standing": view.standing,
        "applicants": tuple(SealApplicant),
        "proofs": _APPLICATION_PROOFS,
        "materials": tuple(SealMaterial),
        "faults": tuple(SealFault),
        "answer_days": desk_of(turn).ordinance.answer_days,
        "ask_first": ask_first(turn, (file.record,)),
    }
    return Show("seal_application.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _read(turn: Turn, who: Chosen, standing: SealRegistration | None) -> SealApplication | None:
    form = turn.form
    material = form.member("material", SealMaterial, required=True)
    inscription = form.text("inscription", required=True, limit=MAX_INSCRIPTION_CHARACTERS)
    katakana = form.text("katakana", limit=MAX_NAME_CHARACTERS)
    form.member("proof", SealProof, required=True)
    visit = _visit(form)
    applied_on = form.day("seal_applied_on") or turn.today
    if material is None or not form.fine:
        return None
    return SealApplication(
        addressee_number=who.addressee_number,
        applied_on=applied_on,
        visit=visit,
        impression=_UNMEASURED,
        inscription=inscription,
        material=material,
        katakana=katakana,
        faults=tuple(one for one in SealFault if form.ticked(f"fault-{one.value}")),
        capacity_confirmed=form.ticked("capacity_confirmed"),
        under_guardianship=form.ticked("under_guardianship"),
        replaces=standing.number if standing is not None and form.ticked("replaces") else "",
    )


def certificate(turn: Turn) -> Answer:
    """Issue a seal certificate against the card."""
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    why, form = purpose_of(turn, who), turn.form
    view = desk_of(turn).view(turn.operator, who.addressee_number, why)
    if isinstance(view, Refusal):
        return Refused(view)
    if turn.posted:
        request = _certificate_request(form, file)
        if request is not None and form.fine:
            paper = desk_of(turn).issue(turn.operator, request, who.addressee_number, why)
            if not isinstance(paper, Refusal):
                return issued_at(turn, paper, who.handle)
            form.refuse(paper, _NAMES)
    values = {
        "article": ARTICLE,
        "form": form,
        "who": who,
        "file": file,
        "standing": view.standing,
        "requesters": _BEARERS,
        "proofs": PROOFS,
        "ordinance": desk_of(turn).ordinance,
        "papers": view.papers,
        "ask_first": ask_first(turn, (file.record,)),
    }
    return Show("seal_certificate.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _certificate_request(form: Form, file: ResidentFile) -> SealCertificateRequest | None:
    requester = form.member("requester", CertificateRequester, required=True)
    agent = requester is CertificateRequester.AGENT
    name = form.text("asker", required=agent, limit=MAX_NAME_CHARACTERS)
    born, address = form.birth("asker_birth"), form.text("asker_address")
    card = form.text("card_number", limit=_CARD_CHARACTERS)
    proof = form.member("proof", IdentityProof) or IdentityProof.NONE
    expires_on = read_card_expiry(form, shown=proof is IdentityProof.CARD)
    if requester is None or not form.fine:
        return None
    record = file.record
    own = AskingPerson(record.name.kanji, record.birth_date, addressee_number=record.addressee_number)
    return SealCertificateRequest(
        requester=requester,
        asker=AskingPerson(name, born, address) if agent else own,
        card_number=card,
        by_number_card=form.ticked("by_number_card"),
        proof=proof,
        show_sex=form.ticked("show_sex"),
        strictly_examined=form.ticked("strictly_examined"),
        card_expires_on=expires_on,
    )


def picture(turn: Turn) -> Answer:
    """Give the picture of a print that a page of this session showed."""
    words = turn.unseal("seal-print")
    if words is None:
        return not_found()
    whose, image_id, purpose, basis = words
    why = Purpose(purpose, basis, turn.seat.terminal)
    found = desk_of(turn).picture(turn.operator, int(whose), image_id, why)
    return Refused(found, 404) if isinstance(found, Refusal) else Hand(found, "image/png", "seal.png")


def desk_of(turn: Turn) -> SealDesk:
    """Give the desk of seals; the table of pages serves these pages only where there is one."""
    desk = turn.desks.seals
    if desk is None:
        raise LookupError("this node registers no seals")
    return desk
