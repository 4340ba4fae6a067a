"""出生・氏名の修正・世帯変更・世帯主変更: changes inside one household."""

from daicho.faces.counter.deferral import take_up
from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.people_fields import (
    RELATIONSHIPS,
    name_as_fields,
    read_chosen,
    read_days,
    read_name,
    read_person,
    read_relations,
    read_successor,
    spaced,
    with_former,
)
from daicho.faces.counter.residents import opened_to_act
from daicho.faces.terminal.forms import Form
from daicho.faces.terminal.page import Answer, Refused, Turn
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.household_change import (
    HouseholdChangeNotice,
    HouseholderChange,
    HouseholdMove,
)
from daicho.rules.register.name_change import NameCause, NameChangeEntry

_NAMES = {
    "household_number": "household",
    "addressee_numbers": "who",
    "change_date": "changed_on",
    "relations": "successor",
    "mover_relations": "who",
    "name": "n-kanji",
    "birth_date": "p1-birth",
    "birth_written": "p1-birth",
    "relationship": "p1-relationship",
    "former_surname": "former",
    "alias": "n-alias",
}
_EX_OFFICIO = "住民基本台帳法第8条・同法施行令第12条第2項"


def birth(turn: Turn) -> Answer:
    """Enter a child into the household of the resident in the path, ex officio."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    take_up(turn)
    who, file = found

    def read(form: Form) -> BirthEntry | None:
        child = read_person(form, "p1-", code=False)
        notified = form.day("notified_on") or turn.today
        born = child.birth_date if child is not None else PartialDate(None, None, None)
        if child is not None and born.whole is None:
            form.day("p1-birth", required=True)
        if child is None or born.whole is None or not form.fine:
            return None
        return BirthEntry(
            child=child,
            household_number=file.record.household_number,
            born_on=born.whole,
            notified_on=notified,
            by_report=form.ticked("by_report"),
        )

    values = {"who": who, "file": file, "relationships": RELATIONSHIPS}
    return take(turn, Sheet("birth.html", "出生（職権による記載）", _EX_OFFICIO, read, values, _NAMES))


def name_change(turn: Turn) -> Answer:
    """Amend the name of the resident in the path, ex officio or on request."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    old = file.record.name
    if not turn.posted:
        turn.form.given = name_as_fields(old)

    def read(form: Form) -> NameChangeEntry | None:
        cause = form.member("cause", NameCause, required=True)
        days = read_days(form, "changed_on", turn.today)
        name = with_former(form, read_name(form, "n-"))
        if name is None or cause is None or days is None or not form.fine:
            return None
        return NameChangeEntry(
            addressee_number=who.addressee_number,
            name=name,
            cause=cause,
            changed_on=days[0],
            notified_on=days[1],
            registered_domicile=form.text("domicile") or None,
            family_register_head=spaced(form.text("head")) or None,
            by_report=form.ticked("by_report"),
        )

    values = {"who": who, "file": file, "causes": tuple(NameCause)}
    return take(
        turn, Sheet("name_change.html", "氏名の修正", _EX_OFFICIO, read, values, _NAMES, handed_in=True)
    )


def household_change(turn: Turn) -> Answer:
    """Take a 世帯変更届: into another household, apart, or two into one."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> HouseholdChangeNotice | None:
        move = form.member("move", HouseholdMove, required=True)
        days = read_days(form, "changed_on", turn.today)
        target = form.whole_number("household", required=move in (HouseholdMove.JOIN, HouseholdMove.MERGE))
        movers = read_chosen(form, file.household)
        if move is None or days is None or not form.fine:
            return None
        return HouseholdChangeNotice(
            move=move,
            addressee_numbers=movers,
            changed_on=days[0],
            notified_on=days[1],
            household_number=target,
            mover_relations=read_relations(form, file.household, prefix="mover"),
            successor=read_successor(form, file.household),
            relations=read_relations(form, file.household),
        )

    values = {"who": who, "file": file, "relationships": RELATIONSHIPS, "moves": tuple(HouseholdMove)}
    sheet = Sheet(
        "household_change.html",
        "世帯変更届",
        "住民基本台帳法第25条",
        read,
        values,
        _NAMES,
        handed_in=True,
        household=file.household,
    )
    return take(turn, sheet)


def householder_change(turn: Turn) -> Answer:
    """Let another member head the household."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> HouseholderChange | None:
        form.text("successor", required=True)
        successor = read_successor(form, file.household)
        days = read_days(form, "changed_on", turn.today)
        if successor is None or days is None or not form.fine:
            return None
        return HouseholderChange(
            household_number=file.record.household_number,
            successor=successor,
            relations=read_relations(form, file.household),
            changed_on=days[0],
            notified_on=days[1],
        )

    values = {"who": who, "file": file, "relationships": RELATIONSHIPS}
    sheet = Sheet(
        "householder_change.html",
        "世帯主変更届",
        "住民基本台帳法第25条",
        read,
        values,
        _NAMES,
        handed_in=True,
        household=file.household,
    )
    return take(turn, sheet)
