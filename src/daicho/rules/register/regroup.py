"""Putting people into another household, a new one or one that stands."""

from dataclasses import replace

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.changes import Desk
from daicho.rules.register.household import household_of
from daicho.rules.register.record import HOUSEHOLDER, HouseholdRelation, ResidentRecord
from daicho.rules.register.relationship import check_relationship

_ARTICLE = juki("25")
_ITEMS = juki("7")


def regroup(
    movers: tuple[ResidentRecord, ...],
    household_number: int | None,
    relations: tuple[HouseholdRelation, ...],
    current: tuple[ResidentRecord, ...],
    desk: Desk,
) -> tuple[ResidentRecord, ...] | Refusal:
    """Give each mover the household, the relationship told and the householder's name, in the same order.

    A single person who forms a household heads it; for more people the relationships must be told.

    Law: 住民基本台帳法 第6条, 第7条第4号, 第25条
    """
    told = {relation.addressee_number: relation.relationship for relation in relations}
    if household_number is None:
        if not desk.allotment.household_numbers:
            return Refusal(Reason.NUMBER_NOT_DRAWN, _ITEMS, "household_number")
        number = desk.allotment.household_numbers[0]
        if len(movers) == 1:
            told[movers[0].addressee_number] = HOUSEHOLDER
        heads = [record for record in movers if told.get(record.addressee_number) == HOUSEHOLDER]
        if not heads:
            return Refusal(Reason.HOUSEHOLDER_MISSING, _ARTICLE, "mover_relations")
        if len(heads) > 1:
            return Refusal(Reason.HOUSEHOLDER_TWICE, _ARTICLE, "mover_relations")
        name = heads[0].name.kanji
    else:
        number = household_number
        if any(record.household_number == number for record in movers):
            return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "household_number")
        head = household_of(current, number).householder
        if head is None:
            return Refusal(Reason.HOUSEHOLD_UNKNOWN, juki("6"), "household_number")
        name = head.name.kanji
        if any(told.get(record.addressee_number) == HOUSEHOLDER for record in movers):
            return Refusal(Reason.HOUSEHOLDER_TWICE, _ARTICLE, "mover_relations")
    for record in movers:
        refusal = check_relationship(told.get(record.addressee_number, ""))
        if refusal is not None:
            return refusal
    return tuple(
        replace(
            record,
            household_number=number,
            relationship=told[record.addressee_number],
            householder_name=name,
            update_sequence=record.update_sequence + 1,
        )
        for record in movers
    )
