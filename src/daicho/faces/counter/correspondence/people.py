"""照会書・変更証明書: papers of a seal's application, and the certificate of an address that is called otherwise."""

from daicho.faces.counter.certificates import issued_at
from daicho.faces.counter.correspondence.cases import desk_of, row_of
from daicho.faces.counter.people_fields import read_card_expiry
from daicho.faces.counter.residents import opened_to_act
from daicho.faces.terminal.desk import Choice
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.show import era
from daicho.nodes.registry.correspondence.people import RenamedAsker
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.request import CertificateRequester, IdentityProof
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.names import MAX_NAME_CHARACTERS

_REQUESTERS = (CertificateRequester.SELF, CertificateRequester.SAME_HOUSEHOLD, CertificateRequester.AGENT)
_PROOFS = (IdentityProof.CARD, IdentityProof.PHOTO, IdentityProof.DOCUMENTS)
_NAMES = {"paper": "form", "addressee_number": "form", "name": "form", "font": "form"}


def person_letters(turn: Turn) -> Answer:
    """Show what can be written about a resident; write it."""
    opened = opened_to_act(turn)
    if isinstance(opened, Refused):
        return opened
    who, file = opened
    desk, form = desk_of(turn), turn.form
    why = Purpose(who.why.purpose, who.why.basis, turn.seat.terminal)
    if turn.posted:
        answer = _written(turn, who.addressee_number, why, who.handle)
        if answer is not None:
            return answer
    found = desk.of_person(turn.operator, who.addressee_number)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": "印鑑条例・住居表示に関する法律",
        "form": form,
        "who": who,
        "file": file,
        "record": file.record,
        "found": found,
        "letters": [row_of(turn, one) for one in found.letters],
        "renamings": tuple(
            Choice(str(place), f"{era(one.on)}　{one.before} → {one.after}")
            for place, one in enumerate(found.renamings)
        ),
        "requesters": _REQUESTERS,
        "proofs": _PROOFS,
    }
    return Show("person_letters.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _written(turn: Turn, addressee_number: int, why: Purpose, back: str) -> Answer | None:
    desk, form = desk_of(turn), turn.form
    match form.raw("step"):
        case "inquiry":
            made = desk.seal_inquiry(turn.operator, addressee_number, why)
        case "guarantee":
            made = desk.guarantee(turn.operator, addressee_number, why)
        case "renamed":
            asker = _read(turn)
            if asker is None:
                return None
            made = desk.renamed(turn.operator, addressee_number, asker, why)
            if not isinstance(made, Refusal):
                return issued_at(turn, made, back)
        case _:
            return None
    if not isinstance(made, Refusal):
        return Go(f"/correspondence/{turn.seal('town-letter', made.number)}", "letter_written")
    if made.reason is Reason.PROTECTED:
        return Refused(made)
    form.refuse(made, _NAMES)
    return None


def _read(turn: Turn) -> RenamedAsker | None:
    form = turn.form
    requester = form.member("requester", CertificateRequester, required=True)
    proof = form.member("proof", IdentityProof, required=True)
    apart = requester is not None and requester is not CertificateRequester.SELF
    name = form.text("asker", required=apart, limit=MAX_NAME_CHARACTERS)
    expires_on = read_card_expiry(form, shown=proof is IdentityProof.CARD)
    place = form.whole_number("renaming", required=True)
    if requester is None or proof is None or place is None or not form.fine:
        return None
    return RenamedAsker(requester, name, proof, place, form.ticked("authority_shown"), expires_on)
