"""在留情報の変更: the items that only a foreign resident's record holds, amended ex officio on the Ministry's word."""

from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.ministry.drafts import change_told
from daicho.faces.counter.people_fields import read_card, read_days
from daicho.faces.counter.residents import opened_to_act
from daicho.faces.terminal.forms import WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Refused, Turn
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.notice import MojChange
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ForeignItems
from daicho.rules.register.residence_change import PERIOD_CHARACTERS, ResidenceChange

ARTICLE = "住民基本台帳法第30条の45・第30条の50"
_NAMES = {
    "change_date": "changed_on",
    "card_number": "card",
    "ends_on": "expires",
    "birth_date": "birth",
    "addressee_number": "form",
    "words": "detail",
    "change": "form",
}


def residence(turn: Turn) -> Answer:
    """Amend the items of the foreign resident in the path; birth date or sex only where a notice tells of that."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    held = file.record.foreign
    if held is None:
        return Refused(Refusal(Reason.FOREIGN_ITEMS_FORBIDDEN, juki("30-45"), "addressee_number"), 409)
    told = change_told(turn)
    if not turn.posted:
        turn.form.given = _as_fields(held)

    def read(form: Form) -> ResidenceChange | None:
        days = read_days(form, "changed_on", turn.today)
        nationality = form.text("nationality", required=True)
        category = form.text("category", required=True)
        card = read_card(form, "card")
        status, period = form.text("status"), form.text("period", limit=PERIOD_CHARACTERS)
        expires = form.day("expires")
        birth = form.partial_day("birth", required=True) if told is MojChange.BIRTH_DATE else None
        sex = form.member("sex", Sex, required=True) if told is MojChange.SEX else None
        words = form.text("detail", limit=WORDS_CHARACTERS)
        if days is None or not form.fine:
            return None
        return ResidenceChange(
            addressee_number=who.addressee_number,
            changed_on=days[0],
            notified_on=days[1],
            nationality=nationality,
            category=category,
            card_number=card,
            status=status,
            period=period,
            ends_on=expires,
            endless=expires is None,
            birth_date=birth,
            sex=sex,
            words=words,
        )

    values = {"who": who, "file": file, "told": told}
    return take(turn, Sheet("residence_change.html", "在留情報の変更", ARTICLE, read, values, _NAMES))


def _as_fields(held: ForeignItems) -> dict[str, str]:
    return {
        "nationality": held.nationality,
        "category": held.category,
        "card": held.residence_card_number or "",
        "status": held.residence_status or "",
        "period": held.residence_period or "",
        "expires": held.residence_expires_on.isoformat() if held.residence_expires_on else "",
    }
