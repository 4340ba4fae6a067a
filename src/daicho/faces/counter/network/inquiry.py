"""機構への照会: what the network tells of somebody who need not live here, for an affair of the register."""

from dataclasses import replace

from daicho.faces.counter.deferral import draft_of, take_up
from daicho.faces.counter.people_fields import spaced
from daicho.faces.terminal.desk import Choice, WhyChoices
from daicho.faces.terminal.forms import FIELD_CHARACTERS, UNREADABLE_STATUS
from daicho.faces.terminal.network_desk import InquiryDesk
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.terms import SEARCH_NAMES, read_terms, read_why
from daicho.faces.wording.filings import INQUIRY_BASES, INQUIRY_PURPOSES
from daicho.faces.wording.places import place_name
from daicho.faces.wording.terms import word
from daicho.nodes.registry.inquiry.asking import AgencyAnswer, Inquiry, ToldPerson
from daicho.nodes.registry.residents import Purpose
from daicho.rules.deferral.affair import AffairKind, AffairState, DeferredAffair
from daicho.rules.identity.inquiry import InquiryAffair, may_have_number
from daicho.rules.identity.search import SearchTerms
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.people.names import name_and_alias
from daicho.rules.programmes.item import says_individual_number
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentKind

ARTICLE = "住民基本台帳法第30条の10・第30条の12"
PATH = "/agency-inquiry"
_WHOM = "agency-person"
_CHOICES = WhyChoices(
    tuple(Choice(affair.value, words) for affair, words in INQUIRY_PURPOSES),
    tuple(Choice(basis.value, words) for basis, words in INQUIRY_BASES),
)
_TYPED = ("name", "birth", "address", "code", "sex")
_NAMES = SEARCH_NAMES | {"individual_number": "number", "resident_record_code": "code"}
_BEGUN = {
    InquiryAffair.MOVE_IN: ("/move-in", "転入届"),
    InquiryAffair.EX_OFFICIO: ("/ex-officio-entry", "職権記載"),
}


def agency_inquiry(turn: Turn) -> Answer:
    """Ask by what was typed, about one of those told of, or for the number of one; or put it off while the line is down."""
    take_up(turn)
    form, step, silent = turn.form, turn.form.raw("step"), False
    asked: Inquiry | None = None
    told: AgencyAnswer | None = None
    if turn.posted and step == "clear":
        form.given = {}
    elif turn.posted and step == "later":
        answer = _put_off(turn)
        if answer is not None:
            return answer
        silent = True
    elif turn.posted:
        asked = _again(turn, number=step == "number") if step in ("open", "number") else _typed(turn)
        found = None if asked is None else _desk(turn).ask(turn.operator, asked)
        if isinstance(found, Refusal):
            form.refuse(found, _NAMES)
            silent = found.reason is Reason.NODE_UNREACHABLE
        elif found is not None:
            told = found
            _finish(turn, found)
    # Neither a number that was typed nor one in another field goes back onto the page.
    form.given = {key: "" if key == "number" else _without_number(text) for key, text in form.given.items()}
    return Show(
        "agency_inquiry.html",
        _shown(turn, asked, told, silent=silent),
        200 if form.fine else UNREADABLE_STATUS,
    )


def _typed(turn: Turn) -> Inquiry | None:
    form = turn.form
    why = read_why(form, _CHOICES)
    terms = read_terms(form, turn.info.home, number=_may_number(turn))
    if why is None or not form.fine:
        return None
    return _inquiry(turn, terms, InquiryAffair(form.raw("purpose")), why.basis)


def _again(turn: Turn, *, number: bool) -> Inquiry | None:
    """Read whom of those told of a button names: asked about anew, for the reason that was given before."""
    words = turn.unsealed(turn.form.raw("which"), _WHOM)
    if words is None:
        return None
    code, affair, basis = words
    return replace(
        _inquiry(turn, SearchTerms(code=ResidentRecordCode(code)), InquiryAffair(affair), basis),
        number=number,
    )


def _inquiry(turn: Turn, terms: SearchTerms, affair: InquiryAffair, basis: str) -> Inquiry:
    return Inquiry(terms, affair, Purpose(dict(INQUIRY_PURPOSES)[affair], basis, turn.seat.terminal))


def _may_number(turn: Turn) -> bool:
    return Permission.SEARCH_BY_NUMBER in permissions_of(turn.operator)


def _put_off(turn: Turn) -> Answer | None:
    """Keep the question until somebody answers; a number is kept nowhere and is to be typed again."""
    form, desk = turn.form, turn.desks.deferral
    asked = _typed(turn)
    if desk is None or asked is None:
        return None
    affair = DeferredAffair(
        AffairKind.LOOK_UP,
        purpose=asked.why.purpose,
        basis=asked.why.basis,
        page=PATH,
        form=tuple(
            (name, _without_number(form.raw(name))[:FIELD_CHARACTERS])
            for name in ("purpose", "basis", *_TYPED)
        ),
    )
    done = desk.put_off(turn.operator, affair, turn.seat.terminal, draft_of(turn) or "")
    return Refused(done, 409) if isinstance(done, Refusal) else Go("/later", "affair_taken")


def _finish(turn: Turn, told: AgencyAnswer) -> None:
    """Close the affair from which the page was opened, once somebody is told of by what it asked."""
    draft, desk = draft_of(turn), turn.desks.deferral
    if draft is None or desk is None or not told.people or turn.form.raw("step") != "ask":
        return
    found = desk.opened(turn.operator, draft, turn.seat.terminal)
    if isinstance(found, Refusal) or found.affair.kind is not AffairKind.LOOK_UP or found.affair.page != PATH:
        return
    if all(found.affair.fields.get(name, "") == _without_number(turn.form.raw(name)) for name in _TYPED):
        outcome = f"照会の結果：該当{len(told.people)}人"
        desk.finish(turn.operator, draft, turn.seat.terminal, AffairState.FINISHED, outcome)


def _without_number(text: str) -> str:
    return "" if says_individual_number(text) else text


def _shown(
    turn: Turn, asked: Inquiry | None, told: AgencyAnswer | None, *, silent: bool
) -> dict[str, object]:
    form = turn.form
    values: dict[str, object] = {
        "article": ARTICLE,
        "form": form,
        "choices": _CHOICES,
        "may_number": _may_number(turn),
        "may_put_off": silent and turn.desks.deferral is not None,
        "typed": {name: form.raw(name) for name in ("purpose", "basis", *_TYPED)},
        "told": told,
        "one": None,
        "rows": (),
    }
    if asked is None or told is None or not told.people:
        return values
    rows = [_row(turn, one, asked) for one in told.people]
    if told.more or len(rows) > 1:
        return values | {"rows": rows}
    (one,) = told.people
    return values | {
        "one": rows[0],
        "purpose": asked.why.purpose,
        "basis_words": {key.value: words for key, words in INQUIRY_BASES}[asked.why.basis],
        "may_have_number": one.number is None and one.code is not None
        and _may_number(turn) and may_have_number(asked.affair) is None,
        "begun": _begun(turn, one, asked.affair),
        "lives_here": _lives_here(turn, one),
        "fields": _as_fields(one, asked.affair),
    }  # fmt: skip


def _lives_here(turn: Turn, one: ToldPerson) -> bool:
    return one.living and one.municipality is not None and one.municipality == turn.info.home


def _begun(turn: Turn, one: ToldPerson, affair: InquiryAffair) -> tuple[str, str] | None:
    """Offer the form of an affair: for nobody who lives here, nor for whoever has died."""
    if _lives_here(turn, one) or (not one.living and one.change_reason == ChangeReason.DEATH):
        return None
    return _BEGUN.get(affair)


def _row(turn: Turn, one: ToldPerson, asked: Inquiry) -> dict[str, object]:
    ground = (asked.affair.value, asked.why.basis)
    known = one.change_reason in set(ChangeReason)
    return {
        "told": one,
        "place": f"{place_name(one.municipality) if one.municipality else ''}{one.address}",
        "change": word(ChangeReason(one.change_reason)) if known else "",
        "which": turn.seal(_WHOM, str(one.code), *ground) if one.code is not None else "",
    }


def _as_fields(one: ToldPerson, affair: InquiryAffair) -> dict[str, str]:
    """Write the four items, and the code, into the fields of the form that is begun; the clerk fills in the rest.

    An alias stands behind the name in brackets on the network, and only foreign residents have one.
    """
    name, alias = name_and_alias(one.name_kanji)
    fields = {
        "p1-kanji": spaced(name),
        "p1-furigana": one.name_furigana or "",
        "p1-birth": str(one.birth_date),
        "p1-sex": one.sex.value,
        "p1-code": str(one.code or ""),
        "p1-alias": alias,
        "p1-kind": ResidentKind.FOREIGN.value if alias else "",
    }
    if affair is InquiryAffair.MOVE_IN and one.municipality is not None:
        fields |= {
            "previous_address": f"{place_name(one.municipality)}{one.address}",
            "previous_municipality": str(one.municipality),
        }
    return fields


def _desk(turn: Turn) -> InquiryDesk:
    desk = turn.desks.inquiry
    if desk is None:
        raise LookupError("this node does not ask the Agency")
    return desk
