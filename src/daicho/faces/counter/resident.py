"""住民: one person's record, household, history, and who looked."""

from daicho.faces.counter.cards.lines import NO_CARDS, cards_of_resident
from daicho.faces.counter.network.received import open_reports
from daicho.faces.counter.protection import measure_handles
from daicho.faces.counter.residents import (
    affairs_of,
    basis_words,
    chosen,
    opened,
    registry,
    resident_handle,
)
from daicho.faces.counter.stopping.stops import stop_handles
from daicho.faces.counter.upkeep import KINDS, case_handles
from daicho.faces.terminal.desk import PointInTime
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import basics, further
from daicho.rules.certificates.owed import needs_certificate
from daicho.rules.certificates.request import IdentityProof
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.register.ex_officio import RESTORABLE
from daicho.rules.register.record import ResidentRecord

_PROOFS = tuple(one for one in IdentityProof if one is not IdentityProof.NONE)
PARTS = {
    "record": "基本情報",
    "household": "世帯",
    "history": "異動履歴",
    "seen": "閲覧履歴",
}


def resident(turn: Turn) -> Answer:
    """Show one part of a resident's file."""
    return file_page(turn, turn.parts.get("part", "record"))


def reveal(turn: Turn) -> Answer:
    """Show the whole resident code once; the act is recorded by itself."""
    who = chosen(turn)
    if who is None:
        return not_found()
    code = registry(turn).reveal_code(turn.seat, who.addressee_number, who.why)
    if isinstance(code, Refusal):
        return Refused(code)
    return file_page(turn, "record", code=str(code))


def as_of(turn: Turn) -> Answer:
    """Show the record as it stood on a day."""
    who = chosen(turn)
    if who is None:
        return not_found()
    form = Form({name: turn.query.get(name, "") for name in ("on", "known_on")})
    day, known_on = form.day("on", required=True), form.day("known_on")
    if day is None or not form.fine:
        return file_page(turn, "history", form=form, status=UNREADABLE_STATUS)
    found = registry(turn).as_of(turn.seat, who.addressee_number, PointInTime(day, known_on), who.why)
    if isinstance(found, Refusal):
        form.refuse(found, {"change_date": "on"})
        return file_page(turn, "history", form=form, status=UNREADABLE_STATUS)
    values = {"who": who, "record": found, "on": day, "known_on": known_on, "lines": basics(found)}
    return Show("as_of.html", values)


def hand_out(turn: Turn) -> Answer:
    """Make a one-time code with which the resident opens the own page."""
    who = chosen(turn)
    if who is None or turn.desks.disclosure is None:
        return not_found()
    done = turn.desks.disclosure.hand_out(turn.seat, who.addressee_number, who.why)
    if isinstance(done, Refusal):
        return Refused(done)
    return Show("handed_out.html", {"who": who, "code": done.reference, "remarks": done.remarks})


def _restorable(record: ResidentRecord) -> bool:
    return record.removal is not None and record.removal.reason in RESTORABLE


def file_page(
    turn: Turn, part: str, *, code: str = "", form: Form | None = None, status: int = 200
) -> Answer:
    """Show one part of a resident's file, with a form as it was filled in and what is wrong with it."""
    if part not in PARTS:
        return not_found()
    found = opened(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    rights, reach = permissions_of(turn.operator), not file.hidden
    members = [
        {"record": one, "handle": resident_handle(turn, one.addressee_number, who.why)}
        for one in file.household
    ]
    cases, numbers = case_handles(turn, who.addressee_number), turn.desks.numbers
    values: dict[str, object] = {
        "who": who,
        "file": file,
        "record": file.record,
        "lines": (*basics(file.record), *further(file.record)),
        "part": part,
        "parts": PARTS,
        "affairs": affairs_of(turn, file),
        "members": members,
        "code": code,
        "form": form or Form(),
        "proofs": _PROOFS,
        "today": turn.today,
        "basis_words": basis_words(registry(turn), who.why),
        "may_enter": reach and Permission.ENTER_CHANGE in rights and file.record.living,
        "may_restore": reach and Permission.ENTER_CHANGE in rights and _restorable(file.record),
        "may_issue": reach and Permission.ISSUE_CERTIFICATE in rights and turn.desks.certificates is not None,
        "may_certify_leaving": reach
        and not file.partly
        and Permission.ISSUE_CERTIFICATE in rights
        and turn.desks.notices is not None
        and needs_certificate(file.record)
        and turn.desks.notices.certified(file.record.addressee_number),
        "may_disclose": reach
        and Permission.DISCLOSE_TO_PERSON in rights
        and turn.desks.disclosure is not None,
        "may_ask_for_release": (file.hidden or file.partly) and turn.desks.protection is not None,
        "may_protect": Permission.MANAGE_PROTECTION in rights and turn.desks.protection is not None,
        "may_keep_right": reach and Permission.UPKEEP_REGISTER in rights and turn.desks.upkeep is not None,
        "may_amend_residence": turn.desks.ministry is not None,
        "may_change_numbers": numbers is not None,
        "may_send_notices": turn.desks.destinations is not None,
        "may_ask_number": numbers is not None and Permission.ASK_NATION in rights,
        "number_change": numbers.change_under_way(who.addressee_number)
        if numbers is not None and reach
        else "",
        "stops": stop_handles(turn, file.record) if reach else [],
        "may_stop": reach and Permission.UPKEEP_REGISTER in rights and turn.desks.stops is not None,
        "case_kinds": KINDS,
        "held": cards_of_resident(turn, who.addressee_number) if reach else NO_CARDS,
        "measures": measure_handles(turn, file),
        "reports": open_reports(turn, who.addressee_number),
        "cases": [one for one in cases if not one["has_ended"]],
        "ended_cases": [one for one in cases if one["has_ended"]],
    }
    return Show("resident.html", values, status)
