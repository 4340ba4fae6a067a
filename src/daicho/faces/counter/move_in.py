"""転入: somebody moved here from elsewhere in Japan, or came from abroad."""

from daicho.faces.counter.deferral import take_up
from daicho.faces.counter.entering import Sheet, take
from daicho.faces.counter.people_fields import (
    RELATIONSHIPS,
    home_of,
    people_shown,
    read_address,
    read_days,
    read_people,
    read_written_days,
)
from daicho.faces.terminal.forms import Form
from daicho.faces.terminal.page import Answer, Turn
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.register.move_in import MoveInFromAbroad, MoveInNotice

_NAMES = {
    "current_address": "town",
    "address": "town",
    "municipality": "town",
    "household_number": "household",
    "arrived_on": "moved_on",
    "change_date": "moved_on",
    "people": "p1-kanji",
    "birth_date": "p1-birth",
    "birth_written": "p1-birth",
    "relationship": "p1-relationship",
    "resident_record_code": "p1-code",
    "foreign": "p1-kind",
    "alias": "p1-alias",
}


def move_in(turn: Turn) -> Answer:
    """Take a 転入届 from elsewhere in Japan."""
    take_up(turn)

    def read(form: Form) -> MoveInNotice | None:
        days = read_written_days(form, "moved_on", turn.today)
        previous = form.text("previous_address", required=True)
        municipality = form.municipality("previous_municipality", required=True)
        address = read_address(form, home_of(turn))
        household = form.whole_number("household")
        people = read_people(form, code=True)
        if address is None or days is None or not form.fine:
            return None
        return MoveInNotice(
            people=people,
            address=address,
            moved_on=days[0],
            moved_written=days[1],
            notified_on=days[2],
            previous_address=previous,
            previous_municipality=municipality,
            household_number=household,
            by_card=form.ticked("by_card"),
        )

    values = {
        "people": people_shown(turn.form),
        "relationships": RELATIONSHIPS,
        "abroad": False,
        "may_ask_number": turn.desks.numbers is not None
        and Permission.ASK_NATION in permissions_of(turn.operator),
    }
    return take(
        turn, Sheet("move_in.html", "転入届", "住民基本台帳法第22条", read, values, _NAMES, handed_in=True)
    )


def move_in_from_abroad(turn: Turn) -> Answer:
    """Take a 転入届 of people who came from abroad."""
    take_up(turn)

    def read(form: Form) -> MoveInFromAbroad | None:
        days = read_days(form, "moved_on", turn.today)
        country = form.text("country", required=True)
        address = read_address(form, home_of(turn))
        household = form.whole_number("household")
        people = read_people(form, code=False)
        if address is None or days is None or not form.fine:
            return None
        return MoveInFromAbroad(people, address, days[0], days[1], country, household)

    values = {"people": people_shown(turn.form), "relationships": RELATIONSHIPS, "abroad": True}
    article = "住民基本台帳法第22条・第30条の46"
    return take(
        turn, Sheet("move_in.html", "国外からの転入届", article, read, values, _NAMES, handed_in=True)
    )
