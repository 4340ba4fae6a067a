"""支援措置: applications, opinions, renewals, what two people decide, and the asking for a release."""

import re
from dataclasses import dataclass

from daicho.faces.counter.residents import chosen, opened, registry
from daicho.faces.terminal.desk import Choice, Done, ProtectionDesk, ResidentFile
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import address_of
from daicho.faces.wording.places import find_place
from daicho.faces.wording.remarks import alert_words
from daicho.faces.wording.terms import word
from daicho.nodes.registry.protection import SHOWN_ROWS, MeasureView
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import MAX_NAME_CHARACTERS
from daicho.rules.protection.forwarding import PLACE_CHARACTERS, ForwardAnswer, ForwardStanding
from daicho.rules.protection.measure import (
    RELEASE_LONGEST,
    AddressRole,
    ConsultedBody,
    EndCause,
    Opinion,
    OtherParty,
    ProtectedAddress,
    ProtectionGround,
    ProtectionMeasure,
    ProtectionState,
    ProtectionStep,
    renewal_opens_on,
    state_on,
)
from daicho.rules.protection.proposal import ProposalKind
from daicho.rules.register.record import ResidentRecord
from daicho.store.forwarding import ToldTown

PARTIES = (1, 2)
ARTICLE = "住民基本台帳事務処理要領第6の10"
_MINUTES = tuple(Choice(str(minutes), f"{minutes}分間") for minutes in (10, 30, 60))
_COLOURS = {
    ProtectionState.PROVISIONAL: "orange",
    ProtectionState.IN_FORCE: "green",
    ProtectionState.RENEWABLE: "orange",
    ProtectionState.EXPIRED: "red",
    ProtectionState.ENDED: "grey",
}
_NAMES = {
    "other_parties": "party1-kanji",
    "addresses": "present-text",
    "counted_from": "counted_from",
    "opinion": "body",
    "number": "form",
    "address-text": "address_text",
}


def protection(turn: Turn) -> Answer:
    """List what has to be done and all open measures; take a second person's word, or that an alert was seen."""
    if turn.posted:
        answer = _decided(turn)
        if answer is not None:
            return answer
    after = turn.query.get("after", "")
    found = _desk(turn).overview(turn.seat, after)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "proposals": [
            {"proposal": one, "own": one.proposal.asked_by == turn.operator.login_id, "kinds": ProposalKind}
            for one in found.proposals
        ],
        "alerts": [
            {"alert": one, "words": [alert_words(alert) for alert in one.alerts], "handle": _handle(turn, one.number)}
            for one in found.alerts
        ],
        "rows": [
            {"measure": one, "name": name, "handle": _handle(turn, one.number), **_state(one, turn)}
            for one, name in found.measures
        ],
        "open_measures": found.open_measures,
        "first_page": not after,
        "next": found.measures[-1][0].number if len(found.measures) == SHOWN_ROWS else "",
    }  # fmt: skip
    return Show("protection.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


def _decided(turn: Turn) -> Answer | None:
    form, step = turn.form, turn.form.raw("step")
    if step == "seen":
        refusal = _desk(turn).see_alert(turn.seat, form.raw("alert"))
        return Refused(refusal, 409) if refusal is not None else Go("/protection", "alert_seen")
    if step not in ("accept", "decline"):
        return None
    accept = step == "accept"
    done = _desk(turn).decide(turn.seat, form.raw("proposal"), accept=accept)
    if isinstance(done, Refusal):
        form.refuse(done, {"proposal": "form"})
        return None
    return Go("/protection", f"protection_{done.reference if accept else 'declined'}")


def measure(turn: Turn) -> Answer:
    """Show one measure; take an opinion, a renewal, that other towns were told, or the wish to end it."""
    words = turn.unseal("measure")
    if words is None:
        return not_found()
    number = words[0]
    if turn.posted:
        done = _taken(turn, number)
        if done is not None and not isinstance(done, Refusal):
            return Go(f"/protection/{turn.parts['handle']}", _said(turn, done))
        if done is not None:
            turn.form.refuse(done, _NAMES)
    found = _desk(turn).measure(turn.seat, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    return Show("measure.html", _shown(turn, found), 200 if turn.form.fine else UNREADABLE_STATUS)


def _said(turn: Turn, done: ProtectionMeasure | Done) -> str:
    if isinstance(done, Done):
        return done.reference if done.reference == "protection_forwarded" else "protection_asked"
    return "protection_forwarded" if turn.form.raw("step") == "forward" else "protection_noted"


def _shown(turn: Turn, found: MeasureView) -> dict[str, object]:
    return {
        "article": ARTICLE,
        "form": turn.form,
        "view": found,
        "measure": found.measure,
        "renewal_opens_on": renewal_opens_on(found.measure),
        "bodies": tuple(ConsultedBody),
        "causes": tuple(EndCause),
        "steps": [(one.at, word(ProtectionStep(one.step)), one.by) for one in found.steps],
        "alive": found.measure.end is None,
        "roles": tuple(AddressRole),
        "going": found.going[0] if found.going else None,
        "told": [_told(one, found) for one in found.told],
        **_state(found.measure, turn),
    }


def _told(one: ToldTown, found: MeasureView) -> dict[str, object]:
    return {
        "row": one,
        "town": MunicipalityCode(one.receiver),
        "standing": ForwardStanding(one.standing),
        "answer": ForwardAnswer(one.answer) if one.answer else None,
        "on_paper": one.receiver in found.out_of_reach,
        "late": found.late_before is not None and one.told_at < found.late_before,
    }


def _to_towns(turn: Turn, number: str, step: str) -> ProtectionMeasure | Done | Refusal | None:
    """Forward a measure, send what nobody answers again, or name another address."""
    form, desk, terminal = turn.form, turn.desks.forwarding, turn.seat.terminal
    if desk is None:
        return None
    if step == "forward":
        return desk.forward(turn.operator, number, terminal)
    if step == "again":
        return desk.send_again(turn.operator, number, form.raw("told"), terminal) or Done(
            "protection_forwarded"
        )
    role = form.member("address_role", AddressRole, required=True)
    town = form.municipality("address_town", required=True)
    text = form.text("address_text", required=True, limit=PLACE_CHARACTERS)
    if role is None or town is None or not form.fine:
        return None
    return desk.add_address(turn.operator, number, ProtectedAddress(role, town, text), terminal)


def _taken(turn: Turn, number: str) -> ProtectionMeasure | Done | Refusal | None:
    form, desk, step = turn.form, _desk(turn), turn.form.raw("step")
    if step == "towns":
        return desk.towns_told(turn.seat, number)
    if step in ("forward", "again", "address"):
        return _to_towns(turn, number, step)
    if step == "end":
        cause = form.member("cause", EndCause, required=True)
        why = form.text("why", required=True, limit=WORDS_CHARACTERS)
        return desk.ask_for_end(turn.seat, number, why, cause) if cause is not None and form.fine else None
    if step not in ("opinion", "renewal"):
        return None
    body = form.member("body", ConsultedBody, required=True)
    given_on = form.day("given_on", required=True)
    confirms = form.one_of("confirms", ("yes", "no"), required=True) == "yes"
    counted_from = form.day("counted_from")
    if body is None or given_on is None or not form.fine:
        return None
    opinion = Opinion(body, given_on, confirms)
    if step == "renewal":
        return desk.renew(turn.seat, number, opinion, turn.today)
    return desk.note_opinion(turn.seat, number, opinion, counted_from)


@dataclass(frozen=True, slots=True)
class _Applying:
    """Who may apply on a page: somebody with the household, or everybody of a change that waits; and what lies before."""

    people: tuple[ResidentRecord, ...]  # the first applies, unless another one may be chosen
    back: str
    back_words: str
    choose: bool = False


def application(turn: Turn) -> Answer:
    """Take the application of the resident in the path."""
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    others = (one for one in file.household if one.addressee_number != file.record.addressee_number)
    return _applied(turn, _Applying((file.record, *others), f"/residents/{who.handle}", "住民"))


def waiting_application(turn: Turn) -> Answer:
    """Take the application of somebody whose own entry still waits for a second person."""
    entry_id = turn.parts["entry_id"]
    found = registry(turn).pending_entry(turn.seat, entry_id)
    if isinstance(found, Refusal):
        return Refused(found, 409)
    people = tuple(one for one in found.entry.after if one.addressee_number in found.entry.subjects)
    return _applied(turn, _Applying(people, f"/verify/{entry_id}", "審査", choose=True))


def _applied(turn: Turn, applying: _Applying) -> Answer:
    if not turn.posted:
        turn.form.given = _as_fields(applying.people[0])
        return _application(turn, applying)
    made = _read_application(turn, applying)
    if made is None:
        return _application(turn, applying)
    kept = _desk(turn).apply(turn.seat, made)
    if isinstance(kept, Refusal):
        turn.form.refuse(kept, _NAMES)
        return _application(turn, applying)
    return Go(f"/protection/{_handle(turn, kept.number)}", "protection_applied")


def _application(turn: Turn, applying: _Applying) -> Show:
    values = {
        "article": ARTICLE,
        "form": turn.form,
        "applying": applying,
        "applicants": tuple(Choice(str(one.addressee_number), one.name.kanji) for one in applying.people),
        "companions": applying.people if applying.choose else applying.people[1:],
        "grounds": tuple(ProtectionGround),
        "roles": tuple(AddressRole),
        "parties": PARTIES,
    }
    return Show("protection_application.html", values, 200 if turn.form.fine else UNREADABLE_STATUS)


_SELECTORS = re.compile("[\U000e0100-\U000e01ef]")  # a town's name is known as it is commonly written


def _as_fields(record: ResidentRecord) -> dict[str, str]:
    previous, domicile = record.previous_municipality, record.registered_domicile or ""
    _, domicile_town, _ = find_place(_SELECTORS.sub("", domicile))
    return {
        "applicant": str(record.addressee_number),
        "present-municipality": record.current_address.municipality.with_check(),
        "present-text": address_of(record),
        "previous-municipality": previous.with_check() if previous else "",
        "previous-text": record.previous_address or "",
        # Told to its town; a text that names none would be refused as one without a town.
        "domicile-municipality": MunicipalityCode(domicile_town).with_check() if domicile_town else "",
        "domicile-text": domicile if domicile_town else "",
    }


def _read_application(turn: Turn, applying: _Applying) -> ProtectionMeasure | None:
    form = turn.form
    numbers = [one.addressee_number for one in applying.people]
    applicant = str(numbers[0])
    if applying.choose:
        applicant = form.one_of("applicant", tuple(map(str, numbers)), required=True)
    ground = form.member("ground", ProtectionGround, required=True)
    applied_on = form.day("applied_on") or turn.today
    received_from = form.municipality("received_from")
    parties = [_party(form, place) for place in PARTIES]
    addresses = [_address(form, role) for role in AddressRole]
    companions = tuple(
        number for number in numbers if str(number) != applicant and form.ticked(f"with-{number}")
    )
    if ground is None or not form.fine:
        return None
    return ProtectionMeasure(
        number="",
        ground=ground,
        applicant=int(applicant),
        other_parties=tuple(one for one in parties if one is not None),
        addresses=tuple(one for one in addresses if one is not None),
        applied_on=applied_on,
        companions=companions,
        received_from=received_from,
    )


def _party(form: Form, place: int) -> OtherParty | None:
    name = form.text(f"party{place}-kanji", required=place == PARTIES[0], limit=MAX_NAME_CHARACTERS)
    furigana = form.text(f"party{place}-furigana", limit=MAX_NAME_CHARACTERS)
    birth = form.partial_day(f"party{place}-birth")
    address = form.text(f"party{place}-address")
    remark = form.text(f"party{place}-remark", limit=WORDS_CHARACTERS)
    return OtherParty(name, furigana, birth, address, remark) if name else None


def _address(form: Form, role: AddressRole) -> ProtectedAddress | None:
    key = role.value.lower()
    text = form.text(f"{key}-text", required=role is AddressRole.PRESENT)
    municipality = form.municipality(f"{key}-municipality", required=bool(text))
    return ProtectedAddress(role, municipality, text) if text and municipality is not None else None


def release(turn: Turn) -> Answer:
    """Ask a second person to open, for whoever asks, what hides the resident in the path."""
    who = chosen(turn)
    if who is None:
        return not_found()
    form = turn.form
    if turn.posted:
        why = form.text("reason", required=True, limit=WORDS_CHARACTERS)
        minutes = form.one_of("minutes", tuple(one.key for one in _MINUTES), required=True)
        if form.fine:
            done = _desk(turn).ask_for_release(turn.seat, who.addressee_number, why, int(minutes))
            if not isinstance(done, Refusal):
                return Go(f"/residents/{who.handle}", "protection_asked")
            form.refuse(done, {"why": "reason", "addressee_number": "form"})
    longest = int(RELEASE_LONGEST.total_seconds() // 60)
    values = {"article": ARTICLE, "form": form, "who": who, "minutes": _MINUTES, "longest_minutes": longest}
    return Show("release.html", values, 200 if form.fine else UNREADABLE_STATUS)


def measure_handles(turn: Turn, file: ResidentFile) -> list[dict[str, object]]:
    """Put each measure over a resident beside its address in this session, for whoever may see it."""
    return [
        {"measure": one, "handle": _handle(turn, one.number), **_state(one, turn)} for one in file.measures
    ]


def _handle(turn: Turn, number: str) -> str:
    return turn.seal("measure", number)


def _state(one: ProtectionMeasure, turn: Turn) -> dict[str, object]:
    state = state_on(one, turn.today) or ProtectionState.PROVISIONAL
    return {"state_of_measure": state, "colour": _COLOURS[state]}


def _desk(turn: Turn) -> ProtectionDesk:
    desk = turn.desks.protection
    if desk is None:
        raise LookupError("this node keeps no protection measures")
    return desk
