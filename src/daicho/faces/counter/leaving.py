"""転居・転出・死亡: people of a household who move within the town, move away, or died."""

from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.people_fields import (
    RELATIONSHIPS,
    read_address,
    read_chosen,
    read_days,
    read_relations,
    read_successor,
    read_written_days,
)
from daicho.faces.counter.residents import opened_to_act
from daicho.faces.terminal.forms import Form
from daicho.faces.terminal.page import Answer, Refused, Turn
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice

_NAMES = {
    "address": "town",
    "current_address": "town",
    "household_number": "household",
    "addressee_numbers": "who",
    "addressee_number": "form",
    "change_date": "moved_on",
    "removed_on": "died_on",
    "relations": "successor",
    "relationship": "successor",
    "municipality": "destination_municipality",
}


def move_within(turn: Turn) -> Answer:
    """Take a 転居届 for some or all members of a household."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    home = file.record.current_address.municipality

    def read(form: Form) -> MoveWithinNotice | None:
        days = read_written_days(form, "moved_on", turn.today)
        address = read_address(form, home)
        movers = read_chosen(form, file.household)
        if address is None or days is None or not form.fine:
            return None
        return MoveWithinNotice(
            addressee_numbers=movers,
            address=address,
            moved_on=days[0],
            moved_written=days[1],
            notified_on=days[2],
            household_number=form.whole_number("household"),
            mover_relations=read_relations(form, file.household, prefix="mover"),
            successor=read_successor(form, file.household),
            relations=read_relations(form, file.household),
        )

    values = {"who": who, "file": file, "relationships": RELATIONSHIPS}
    return take(
        turn,
        Sheet(
            "move_within.html",
            "転居届",
            "住民基本台帳法第23条",
            read,
            values,
            _NAMES,
            handed_in=True,
            household=file.household,
        ),
    )


def move_out(turn: Turn) -> Answer:
    """Take a 転出届 for some or all members of a household."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found

    def read(form: Form) -> MoveOutNotice | None:
        days = read_days(form, "scheduled_on", turn.today)
        abroad = form.ticked("abroad")
        destination = form.text("destination", required=True)
        municipality = form.municipality("destination_municipality", required=not abroad)
        leavers = read_chosen(form, file.household)
        if days is None or not form.fine:
            return None
        return MoveOutNotice(
            addressee_numbers=leavers,
            scheduled_on=days[0],
            notified_on=days[1],
            destination=destination,
            destination_municipality=None if abroad else municipality,
            abroad=abroad,
            by_card=form.ticked("by_card"),
            successor=read_successor(form, file.household),
            relations=read_relations(form, file.household),
        )

    values = {"who": who, "file": file, "relationships": RELATIONSHIPS}
    return take(
        turn,
        Sheet(
            "move_out.html",
            "転出届",
            "住民基本台帳法第24条",
            read,
            values,
            _NAMES,
            handed_in=True,
            household=file.household,
        ),
    )


def death(turn: Turn) -> Answer:
    """Strike somebody who died, ex officio."""
    found = opened_to_act(turn)
    if isinstance(found, Refused):
        return found
    who, file = found
    others = tuple(one for one in file.household if one.addressee_number != file.record.addressee_number)

    def read(form: Form) -> DeathEntry | None:
        days = read_written_days(form, "died_on", turn.today)
        if days is None or not form.fine:
            return None
        return DeathEntry(
            addressee_number=who.addressee_number,
            died_on=days[0],
            died_written=days[1],
            notified_on=days[2],
            successor=read_successor(form, others),
            relations=read_relations(form, others),
            by_report=form.ticked("by_report"),
        )

    values = {"who": who, "file": file, "others": others, "relationships": RELATIONSHIPS}
    article = "住民基本台帳法第8条・同法施行令第12条第2項"
    return take(
        turn,
        Sheet(
            "death.html",
            "死亡（職権による消除）",
            article,
            read,
            values,
            _NAMES | {"change_date": "died_on"},
            household=file.household,
        ),
    )
