"""職権による記載・消除・回復・改製: what the mayor does to a record without a notice."""

from daicho.faces.counter.deferral import take_up
from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.people_fields import (
    RELATIONSHIPS,
    home_of,
    people_shown,
    read_address,
    read_chosen,
    read_people,
    read_relations,
    read_successor,
)
from daicho.faces.counter.residents import opened_to_act
from daicho.faces.terminal.forms import WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Refused, Turn
from daicho.rules.register.ex_officio import (
    ENTRIES,
    STRIKES,
    ExOfficioEntry,
    ExOfficioStrike,
    Restoration,
    Rewriting,
)
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import HouseholdRelation

_ARTICLE = "住民基本台帳法第8条・第14条"
_ENTRY_NAMES = {
    "current_address": "town",
    "address": "town",
    "municipality": "town",
    "household_number": "household",
    "reason": "cause",
    "change_date": "entered_from",
    "notified_on": "decided_on",
    "people": "p1-kanji",
    "birth_date": "p1-birth",
    "birth_written": "p1-birth",
    "relationship": "p1-relationship",
    "resident_record_code": "p1-code",
    "foreign": "p1-kind",
    "alias": "p1-alias",
}
_STRIKE_NAMES = {
    "addressee_numbers": "who",
    "addressee_number": "form",
    "reason": "cause",
    "change_date": "struck_from",
    "removed_on": "struck_from",
    "notified_on": "decided_on",
    "relations": "successor",
    "relationship": "successor",
}
_RESTORATION_NAMES = {
    "addressee_number": "form",
    "addressee_numbers": "form",
    "household_number": "household",
    "mover_relations": "relation",
    "notified_on": "decided_on",
}
_REWRITING_NAMES = {"addressee_numbers": "who", "addressee_number": "form", "notified_on": "decided_on"}


def ex_officio_entry(turn: Turn) -> Answer:
    """Enter people of whom nobody gave notice, or whose nationality changed."""
    take_up(turn)

    def read(form: Form) -> ExOfficioEntry | None:
        reason = form.member("cause", ChangeReason, required=True)
        entered = form.written_day("entered_from", required=True)
        decided_on = form.day("decided_on") or turn.today
        detail = form.text("detail", required=True, limit=WORDS_CHARACTERS)
        address = read_address(form, home_of(turn))
        household = form.whole_number("household")
        people = read_people(form, code=True)
        if reason is None or entered is None or address is None or not form.fine:
            return None
        return ExOfficioEntry(
            people=people,
            address=address,
            reason=reason,
            entered_from=entered.counted(decided_on),
            entered_written=entered.beside_day,
            decided_on=decided_on,
            detail=detail,
            household_number=household,
            previous_address=form.text("previous_address") or None,
        )

    values = {
        "people": people_shown(turn.form),
        "relationships": RELATIONSHIPS,
        "reasons": tuple(one for one in ChangeReason if one in ENTRIES),
    }
    return take(turn, Sheet("ex_officio_entry.html", "職権記載", _ARTICLE, read, values, _ENTRY_NAMES))


def ex_officio_strike(turn: Turn) -> Answer:
    """Strike members of a household ex officio."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> ExOfficioStrike | None:
        reason = form.member("cause", ChangeReason, required=True)
        struck_from = form.day("struck_from", required=True)
        decided_on = form.day("decided_on") or turn.today
        detail = form.text("detail", required=True, limit=WORDS_CHARACTERS)
        leaving = read_chosen(form, file.household)
        if reason is None or struck_from is None or not form.fine:
            return None
        return ExOfficioStrike(
            addressee_numbers=leaving,
            reason=reason,
            struck_from=struck_from,
            decided_on=decided_on,
            detail=detail,
            successor=read_successor(form, file.household),
            relations=read_relations(form, file.household),
        )

    values = {
        "who": who,
        "file": file,
        "relationships": RELATIONSHIPS,
        "reasons": tuple(one for one in ChangeReason if one in STRIKES),
    }
    article = "住民基本台帳法第8条・同法施行令第8条"
    return take(
        turn,
        Sheet(
            "ex_officio_strike.html",
            "職権消除",
            article,
            read,
            values,
            _STRIKE_NAMES,
            household=file.household,
        ),
    )


def restoration(turn: Turn) -> Answer:
    """Let a struck record live again."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> Restoration | None:
        decided_on = form.day("decided_on") or turn.today
        detail = form.text("detail", required=True, limit=WORDS_CHARACTERS)
        household = form.whole_number("household")
        relationship = form.text("relationship", required=household is not None)
        if not form.fine:
            return None
        told = (HouseholdRelation(who.addressee_number, relationship),) if relationship else ()
        return Restoration((who.addressee_number,), decided_on, detail, household, told)

    values = {"who": who, "file": file, "relationships": RELATIONSHIPS}
    article = "住民基本台帳法第8条・第14条"
    return take(turn, Sheet("restoration.html", "職権回復", article, read, values, _RESTORATION_NAMES))


def rewriting(turn: Turn) -> Answer:
    """Make records of a household anew."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> Rewriting | None:
        decided_on = form.day("decided_on") or turn.today
        detail = form.text("detail", required=True, limit=WORDS_CHARACTERS)
        chosen = read_chosen(form, file.household)
        return Rewriting(chosen, decided_on, detail) if form.fine else None

    values = {"who": who, "file": file}
    article = "住民基本台帳法施行令第16条"
    return take(turn, Sheet("rewriting.html", "住民票の改製", article, read, values, _REWRITING_NAMES))
