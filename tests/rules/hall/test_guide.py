"""手続き案内: which counters a family is sent to after a change, until when, and with what."""

from dataclasses import replace
from datetime import date

import pytest
from tests.rules.register.conftest import record

from daicho.rules.hall.guide import (
    GUIDE_RULES,
    GuideAffair,
    GuideCounter,
    GuidePaper,
    GuideVisit,
    visits_after,
)
from daicho.rules.people.dates import PartialDate
from daicho.rules.programmes.item import Programme
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import Removal, ScheduledMoveOut

DAY = date(2026, 11, 20)  # a Friday
NOBODY: dict[int, tuple[Programme, ...]] = {}


def aged(number: int, age: int, **items):
    return record(number, birth_date=PartialDate(DAY.year - age, 1, 5), **items)


def visits(kind, *people, held=None, before=(), reason=ChangeReason.NOT_REPORTED, subjects=None) -> dict:
    about = tuple(one.addressee_number for one in people) if subjects is None else subjects
    made = Entry(kind, reason, DAY, DAY, tuple(before), people, about)
    return {(one.counter, one.affair): one for one in visits_after(made, held or NOBODY, frozenset())}


def test_a_family_that_moves_in_is_sent_to_insurance_allowance_school_and_card() -> None:
    found = visits(ChangeKind.MOVE_IN, aged(1, 40), aged(2, 9), aged(3, 80))
    assert found[GuideCounter.NHI, GuideAffair.JOIN].people == (1, 2)
    assert found[GuideCounter.NHI, GuideAffair.JOIN].due_on == date(2026, 12, 4)
    assert not found[GuideCounter.NHI, GuideAffair.JOIN].certain
    assert found[GuideCounter.LATE_ELDERLY, GuideAffair.JOIN].people == (3,)
    assert found[GuideCounter.CHILD_ALLOWANCE, GuideAffair.CLAIM].people == (2,)
    assert found[GuideCounter.CHILD_ALLOWANCE, GuideAffair.CLAIM].due_on == date(2026, 12, 5)
    assert found[GuideCounter.SCHOOL, GuideAffair.CLAIM].people == (2,)
    assert GuidePaper.SCHOOL_CERTIFICATE in found[GuideCounter.SCHOOL, GuideAffair.CLAIM].papers
    assert (GuideCounter.PENSION, GuideAffair.JOIN) not in found


def test_the_pension_is_joined_by_whoever_comes_from_abroad() -> None:
    found = visits(ChangeKind.MOVE_IN_FROM_ABROAD, aged(1, 40), aged(2, 62))
    assert found[GuideCounter.PENSION, GuideAffair.JOIN].people == (1,)


def test_what_the_record_holds_makes_a_visit_certain_and_leaves_the_others_out() -> None:
    found = visits(ChangeKind.MOVE_OUT_NOTICE, aged(1, 40), aged(2, 39), held={2: (Programme.NHI,)})
    assert found[GuideCounter.NHI, GuideAffair.LEAVE].people == (2,)
    assert found[GuideCounter.NHI, GuideAffair.LEAVE].certain
    unknown = visits(ChangeKind.MOVE_OUT_NOTICE, aged(1, 40), aged(2, 39))
    assert unknown[GuideCounter.NHI, GuideAffair.LEAVE].people == (1, 2)
    assert not unknown[GuideCounter.NHI, GuideAffair.LEAVE].certain


def test_the_pension_is_left_only_by_whoever_goes_abroad() -> None:
    plan = ScheduledMoveOut(DAY, DAY, "外国", None, abroad=True, by_card=False)
    abroad = visits(ChangeKind.MOVE_OUT_NOTICE, aged(1, 40, scheduled_move_out=plan))
    inside = visits(ChangeKind.MOVE_OUT_NOTICE, aged(1, 40, scheduled_move_out=replace(plan, abroad=False)))
    struck = visits(ChangeKind.MOVE_OUT, aged(1, 40), reason=ChangeReason.MOVE_OUT_ABROAD)
    key = (GuideCounter.PENSION, GuideAffair.LEAVE)
    assert (key in abroad, key in inside, key in struck) == (True, False, True)


def test_after_a_death_the_family_is_told_of_funeral_unpaid_pension_and_what_goes_back() -> None:
    gone = aged(1, 82, removal=Removal(ChangeReason.DEATH, DAY, DAY))
    found = visits(
        ChangeKind.DEATH, gone, aged(2, 50), subjects=(1,), held={1: (Programme.LATE_ELDERLY, Programme.CARE)}
    )
    assert {one.people for one in found.values()} == {(1,)}
    assert (GuideCounter.LATE_ELDERLY, GuideAffair.FUNERAL) in found
    assert (GuideCounter.PENSION, GuideAffair.UNPAID) in found
    assert found[GuideCounter.CARE, GuideAffair.GIVE_BACK].certain
    assert (GuideCounter.NHI, GuideAffair.FUNERAL) not in found


def test_a_change_of_householder_concerns_the_insurance_of_everybody() -> None:
    found = visits(ChangeKind.HOUSEHOLDER_CHANGE, aged(1, 50), aged(2, 20), subjects=(1,))
    assert found[GuideCounter.NHI, GuideAffair.CHANGE].people == (1, 2)


def test_a_birth_brings_allowance_within_fifteen_days_and_health_checks() -> None:
    found = visits(ChangeKind.BIRTH, record(4, birth_date=PartialDate.of(DAY)))
    assert found[GuideCounter.CHILD_ALLOWANCE, GuideAffair.CLAIM].due_on == date(2026, 12, 5)
    assert GuidePaper.MOTHER_CHILD_BOOK in found[GuideCounter.CHILD_HEALTH, GuideAffair.CLAIM].papers


def test_a_last_day_on_a_closed_day_moves_on() -> None:
    made = Entry(
        ChangeKind.BIRTH, ChangeReason.BIRTH, DAY, DAY, (), (record(4, birth_date=PartialDate.of(DAY)),), (4,)
    )
    found = visits_after(made, NOBODY, {date(2026, 12, 5), date(2026, 12, 6)})
    due = [one.due_on for one in found if one.counter is GuideCounter.CHILD_ALLOWANCE]
    assert due == [date(2026, 12, 7)]


@pytest.mark.parametrize(
    "kind", [ChangeKind.CORRECTION, ChangeKind.REWRITING, ChangeKind.CODE_CHANGE, ChangeKind.IMPORT]
)
def test_a_change_of_the_record_alone_sends_nobody_anywhere(kind: ChangeKind) -> None:
    assert visits(kind, aged(1, 40)) == {}


def at_school(kind, birth: PartialDate, on: date) -> set[GuideCounter]:
    one = record(1, birth_date=birth)
    made = Entry(kind, ChangeReason.NOT_REPORTED, on, on, (), (one,), (1,))
    wanted = {GuideCounter.CHILD_ALLOWANCE, GuideCounter.SCHOOL}
    return {visit.counter for visit in visits_after(made, NOBODY, frozenset())} & wanted


@pytest.mark.parametrize(
    ("birth", "on", "allowance", "school"),
    [
        # 18 in November: 児童手当法第4条, until 31 March
        (PartialDate(2008, 11, 10), DAY, True, False),
        (PartialDate(2008, 4, 2), date(2027, 3, 31), True, False),
        (PartialDate(2008, 4, 1), date(2026, 4, 1), False, False),
        # 15 in November: 学校教育法第17条第2項, until 31 March
        (PartialDate(2011, 11, 10), DAY, True, True),
        (PartialDate(2011, 4, 2), date(2027, 3, 31), True, True),
        (PartialDate(2011, 4, 1), date(2026, 4, 1), True, False),
        # 6 in June: 学校教育法第17条第1項, from 1 April
        (PartialDate(2020, 6, 10), DAY, True, False),
        (PartialDate(2020, 6, 10), date(2027, 4, 1), True, True),
        (PartialDate(2020, 4, 1), date(2026, 4, 1), True, True),
        (PartialDate(2026, 6, 10), DAY, True, False),
        # before October 2024 the allowance ended with the middle school
        (PartialDate(2008, 11, 10), date(2024, 9, 30), False, False),
        (PartialDate(2009, 11, 10), date(2024, 9, 30), True, True),
        (PartialDate(2008, 11, 10), date(2024, 10, 1), True, False),
    ],
)
def test_allowance_and_school_go_by_the_school_year(
    birth: PartialDate, on: date, allowance: bool, school: bool
) -> None:
    found = at_school(ChangeKind.MOVE_IN, birth, on)
    assert (GuideCounter.CHILD_ALLOWANCE in found, GuideCounter.SCHOOL in found) == (allowance, school)


def test_the_visits_stand_in_the_order_of_the_counters() -> None:
    made = Entry(ChangeKind.MOVE_IN, ChangeReason.MOVE_IN, DAY, DAY, (), (aged(1, 40), aged(2, 8)), (1, 2))
    found: tuple[GuideVisit, ...] = visits_after(made, NOBODY)
    order = list(GuideCounter)
    assert [order.index(one.counter) for one in found] == sorted(order.index(one.counter) for one in found)


def test_every_rule_names_its_law_and_something_to_do() -> None:
    assert all(one.article.act and one.kinds and one.papers for one in GUIDE_RULES)
    assert {one.counter for one in GUIDE_RULES} == set(GuideCounter)
    assert {one.affair for one in GUIDE_RULES} == set(GuideAffair)
