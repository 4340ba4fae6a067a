"""誤記の修正: the security officer permits it, a clerk enters it, a second person verifies it."""

from dataclasses import replace
from datetime import date

from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.network.owed import fields_from_mismatch
from daicho.faces.counter.people_fields import (
    RELATIONSHIPS,
    name_as_fields,
    read_address,
    read_name,
    spaced,
    with_former,
)
from daicho.faces.counter.residents import opened_to_act, registry
from daicho.faces.terminal.desk import Choice, OpenPermit
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Refused, Show, Turn
from daicho.faces.terminal.show import moment
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import WrittenDate
from daicho.rules.register.correction import Correction
from daicho.rules.register.record import ResidentRecord

_ARTICLE = "住民基本台帳法第14条・本人確認情報管理方法第3(2)ウ"
_NAMES = {
    "permit_id": "permit",
    "name": "n-kanji",
    "former_surname": "former",
    "alias": "n-alias",
    "current_address": "town",
    "municipality": "town",
    "birth_date": "birth",
    "birth_written": "birth",
    "notified_on": "corrected_on",
    "addressee_number": "form",
    "registered_domicile": "domicile",
    "nationality": "hold",
    "category": "hold",
}


def permit(turn: Turn) -> Answer:
    """Let the security officer permit the correction of one record."""
    form = turn.form
    if turn.posted:
        number = form.whole_number("addressee", required=True)
        what = form.text("what", required=True, limit=WORDS_CHARACTERS)
        if number is not None and form.fine:
            done = registry(turn).permit_correction(turn.seat, number, what)
            if not isinstance(done, Refusal):
                return Go("/permitted/" + turn.seal("permitted", done.reference, str(number), what))
            form.refuse(done, {"addressee_number": "addressee"})
    status = 200 if form.fine else UNREADABLE_STATUS
    return Show("permit.html", {"article": _ARTICLE, "form": form}, status)


def permitted(turn: Turn) -> Answer:
    """Tell that a permission was given, and what happens next."""
    words = turn.unseal("permitted")
    if words is None:
        return Go("/")
    return Show("permitted.html", {"reference": words[0], "number": words[1], "what": words[2]})


def correction(turn: Turn) -> Answer:
    """Take the correction of an error in the record of the resident in the path."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    permits = registry(turn).open_permits(turn.seat, who.addressee_number)
    if isinstance(permits, Refusal):
        return Refused(permits)
    old = file.record
    if not turn.posted:
        turn.form.given = _as_fields(old, permits) | fields_from_mismatch(turn, old.addressee_number)

    def read(form: Form) -> Correction | None:
        return _read(form, old, turn.today)

    choices = tuple(Choice(one.permit_id, _permit_words(one)) for one in permits)
    values = {"who": who, "file": file, "permits": choices, "relationships": RELATIONSHIPS}
    return take(turn, Sheet("correction.html", "誤記の修正", _ARTICLE, read, values, _NAMES))


def _permit_words(one: OpenPermit) -> str:
    return f"{one.what}（許可 {one.permitted_by}・{moment(one.permitted_at)}）"


def _as_fields(record: ResidentRecord, permits: tuple[OpenPermit, ...]) -> dict[str, str]:
    address = record.current_address
    only = permits[0] if len(permits) == 1 else None
    return {
        **name_as_fields(record.name),
        "permit": only.permit_id if only else "",
        "what": only.what if only else "",
        "birth": record.birth_written or str(record.birth_date),
        "sex": record.sex.value,
        "relationship": record.relationship,
        "postal": address.postal_code,
        "town": address.town,
        "block": address.block,
        "building": address.building,
        "resident_since": record.resident_since_written or record.resident_since.isoformat(),
        "address_since": record.address_since_written or record.address_since.isoformat(),
        "previous_address": record.previous_address or "",
        "domicile": record.registered_domicile or "",
        "head": record.family_register_head or "",
        "hold": "yes" if record.processing_hold else "",
    }


def _read(form: Form, old: ResidentRecord, today: date) -> Correction | None:
    what = form.text("what", required=True, limit=WORDS_CHARACTERS)
    corrected_on = form.day("corrected_on") or today
    name = with_former(form, read_name(form, "n-"))
    birth = form.written_day("birth", required=True)
    sex = form.member("sex", Sex, required=True)
    relationship = form.text("relationship", required=True)
    address = read_address(form, old.current_address.municipality)
    resident_since = form.written_day("resident_since", required=True)
    address_since = form.written_day("address_since", required=True)
    wrong_since = form.day("wrong_since")
    if name is None or birth is None or sex is None or address is None or not form.fine:
        return None
    if resident_since is None or address_since is None:
        return None
    return Correction(
        addressee_number=old.addressee_number,
        corrected_on=corrected_on,
        permit_id=form.text("permit"),
        what=what,
        minor=form.ticked("minor"),
        name=name,
        birth_date=birth.folded,
        birth_written=birth.kept,
        sex=sex,
        relationship=relationship,
        current_address=_with_area(address, old.current_address),
        resident_since=_counted(
            resident_since, old.resident_since, old.resident_since_written, old.resident_since_notified_on
        ),
        resident_since_written=resident_since.beside_day,
        address_since=_counted(
            address_since, old.address_since, old.address_since_written, old.address_since_notified_on
        ),
        address_since_written=address_since.beside_day,
        previous_address=form.text("previous_address"),
        registered_domicile=form.text("domicile"),
        family_register_head=spaced(form.text("head")),
        remark=form.text("remark") or None,
        processing_hold=form.ticked("hold"),
        wrong_since=wrong_since,
    )


def _counted(told: WrittenDate, day: date, written: str | None, known_on: date) -> date:
    """Give the day that counts: the one that counted while the words stay, else by the day of the notice of then."""
    return day if told.beside_day == written is not None else told.counted(known_on)


def _with_area(new: Address, old: Address) -> Address:
    # The form does not ask for the code of the area; it stays while the name of the town stays.
    return replace(new, aza_code=old.aza_code) if new.town == old.town else new
