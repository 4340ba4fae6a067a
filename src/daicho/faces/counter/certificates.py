"""証明書の交付: a copy or a certificate of one household, decided, printed and entered into the book."""

from daicho.faces.counter.papers.mailed_drafts import fields_of_mailed, issue_from_mail, mailed_of
from daicho.faces.counter.people_fields import read_card_expiry
from daicho.faces.counter.residents import Chosen, opened_to_act
from daicho.faces.counter.stopping.stops import ask_first
from daicho.faces.terminal.desk import CertificateDesk, ResidentFile
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.paper_desk import Paper
from daicho.faces.wording.terms import word
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import (
    CertificateRequest,
    CertificateRequester,
    IdentityProof,
    IssueChannel,
    Judgement,
)
from daicho.rules.law.refusal import Refusal
from daicho.rules.protection.measure import AskingPerson

ASKER_CHARACTERS = 100
_K, _R, _I = CertificateKind, CertificateRequester, CertificateItem
_LIVING = (_K.HOUSEHOLD_COPY, _K.PERSONAL_COPY, _K.RECORDED_ITEMS)
_PROOFS = (IdentityProof.CARD, IdentityProof.PHOTO, IdentityProof.DOCUMENTS)
_ITEMS = (
    _I.HOUSEHOLDER, _I.RELATIONSHIP, _I.REGISTERED_DOMICILE, _I.FAMILY_REGISTER_HEAD, _I.INDIVIDUAL_NUMBER,
    _I.RECORD_CODE, _I.PROGRAMMES, _I.REMARKS,
)  # fmt: skip
_FOREIGN_ITEMS = (
    _I.NATIONALITY, _I.FOREIGN_CATEGORY, _I.RESIDENCE_STATUS, _I.RESIDENCE_PERIOD, _I.RESIDENCE_EXPIRES_ON,
    _I.RESIDENCE_CARD_NUMBER, _I.ALIAS_HISTORY,
)  # fmt: skip
_MEMBERS = (_R.SELF, _R.SAME_HOUSEHOLD)
_OWN_RIGHT = (*_MEMBERS, _R.AGENT)  # the law knows of whom, when nobody is named
_NAMES = {
    "principal": "person",
    "people": "form",
    "items": "items",
    "processing_hold": "form",
    "step": "form",
    "mailed": "form",
    "person_asked": "form",
    "enclosed_yen": "form",
}


def certificates(turn: Turn) -> Answer:
    """Show what can be had and what was issued; issue one certificate."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    form = turn.form
    mailed = mailed_of(turn)
    if not turn.posted:
        if mailed:
            form.given = fields_of_mailed(turn, mailed, (*file.household, file.record))
        return _form(turn, who, file)
    request = _read(form, file)
    if request is None or not form.fine:
        return _form(turn, who, file, UNREADABLE_STATUS)
    if mailed:
        paper = issue_from_mail(turn, mailed, request, who)
    else:
        paper = _desk(turn).issue(turn.seat, request, who.addressee_number, who.why)
    if isinstance(paper, Refusal):
        # Of whom the law knows, the asker is chosen among the members; of all others the name is written.
        asker = {"asker": "person"} if request.requester in _MEMBERS else {}
        form.refuse(paper, _NAMES | asker)
        return _form(turn, who, file, UNREADABLE_STATUS)
    # What came by post goes on at the list of what is to be posted.
    return issued_at(turn, paper, "" if mailed else who.handle)


def issued_at(turn: Turn, made: Paper | IssuedPaper, back: str) -> Go:
    """Send the browser to where a paper that was made is opened for printing; without a resident, to the notices next."""
    withheld = "・".join(word(one) for one in made.withheld)
    words = (made.number, str(made.fee_yen), word(made.delivery), withheld, back)
    return Go("/issued/" + turn.seal("issued", *words))


def issued(turn: Turn) -> Answer:
    """Tell that a certificate was issued, and offer it for printing."""
    words = turn.unseal("issued")
    if words is None:
        return not_found()
    number, fee_yen, delivery, withheld, back = words
    values = {
        "number": number, "fee_yen": int(fee_yen), "delivery": delivery, "withheld": withheld, "back": back,
        "paper": turn.seal("paper", number), "sheets": turn.seal("sheets", number) if turn.desks.till else "",
    }  # fmt: skip
    return Show("issued.html", values)


def paper(turn: Turn) -> Answer:
    """Give the file of a certificate that was issued a moment ago in this session."""
    words = turn.unseal("paper")
    if words is None:
        return not_found()
    pdf = _desk(turn).fetch(words[0])
    return not_found() if pdf is None else Hand(pdf, "application/pdf", f"{words[0]}.pdf")


def _desk(turn: Turn) -> CertificateDesk:
    desk = turn.desks.certificates
    if desk is None:
        raise LookupError("this node issues no certificates")
    return desk


def _form(turn: Turn, who: Chosen, file: ResidentFile, status: int = 200) -> Answer:
    past = _desk(turn).past(turn.seat, who.addressee_number)
    if isinstance(past, Refusal):
        return Refused(past)
    living = file.record.living
    foreign = any(one.foreign is not None for one in file.household) or file.record.foreign is not None
    values = {
        "who": who,
        "file": file,
        "members": file.household if living else (file.record,),
        "kinds": _LIVING if living else (_K.REMOVED_COPY,),
        "requesters": tuple(_R),
        "proofs": _PROOFS,
        "channels": (IssueChannel.COUNTER, IssueChannel.POST),
        "items": _ITEMS + (_FOREIGN_ITEMS if foreign else ()),
        "past": past,
        # Who signed a letter is nobody's guess.
        "usual": "" if mailed_of(turn) else str(who.addressee_number),
        "ask_first": ask_first(turn, (file.record, *(file.household if living else ()))),
    }
    return Show("certificates.html", values, status)


def _read(form: Form, file: ResidentFile) -> CertificateRequest | None:
    kind = form.member("kind", CertificateKind, required=True)
    requester = form.member("requester", CertificateRequester, required=True)
    proof = form.member("proof", IdentityProof, required=True)
    card_expires_on = read_card_expiry(form, shown=proof is IdentityProof.CARD)
    channel = form.member("channel", IssueChannel) or IssueChannel.COUNTER
    members = {str(one.addressee_number): one for one in (*file.household, file.record)}
    person = form.one_of("person", tuple(members), required=requester in _OWN_RIGHT)
    outside = requester is not None and requester not in _MEMBERS
    name = form.text("asker", required=outside, limit=ASKER_CHARACTERS)
    born = form.birth("asker_birth")
    address = form.text("asker_address")
    if kind is None or requester is None or proof is None or not form.fine:
        return None
    member = members.get(person)
    chosen = (
        None
        if member is None
        else AskingPerson(
            member.name.kanji, member.birth_date, member.current_address.one_line(), member.addressee_number
        )
    )
    asker = AskingPerson(name, born, address) if outside or chosen is None else chosen
    items = frozenset(one for one in CertificateItem if form.ticked(f"item-{one.value}"))
    justified = form.ticked("justified")
    people = tuple(
        one.addressee_number for one in members.values() if form.ticked(f"on-{one.addressee_number}")
    )
    return CertificateRequest(
        kind=kind,
        requester=requester,
        asker=asker,
        channel=channel,
        people=people or (() if requester in _OWN_RIGHT else (file.record.addressee_number,)),
        items=items,
        purpose=form.text("reason", limit=WORDS_CHARACTERS),
        judgement=Judgement.JUSTIFIED if justified else Judgement.OPEN,
        justified_items=items if justified else frozenset(),
        proof=proof,
        principal=chosen if requester is _R.AGENT else None,
        authority_shown=form.ticked("authority_shown"),
        strictly_examined=form.ticked("strictly_examined"),
        legal_representative=form.ticked("legal_representative"),
        send_to=address,
        card_expires_on=card_expires_on,
    )
