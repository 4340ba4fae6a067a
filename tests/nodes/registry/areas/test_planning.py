"""What is brought, by whom, and whose word lets it stand."""

from dataclasses import replace

import pytest
from tests.nodes.registry.areas.conftest import PLAN, TABLE

from daicho.nodes.registry.areas import showing
from daicho.nodes.registry.areas.planning import (
    Brought,
    bring_area,
    decide_area,
    resume_area,
    stop_area,
    take_up_again,
    withdraw_area,
)
from daicho.nodes.registry.areas.showing import area_overview, area_queue, area_view
from daicho.rules.areas.plan import AreaState
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import AUTHORITY, Operator, Permission, Role

BOTH = Operator("both02", "b2", (Role.CLERK, Role.SECURITY_OFFICER))
FAULTY = "旧町名,旧番地,新町名,新番地\n架空町一丁目,2番3号,改称町一丁目,\n架空町一丁目,9番,架空町一丁目,9番\n"


def reason(outcome) -> Reason:
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason


def bring(town, who=None, table=TABLE, plan=PLAN):
    return bring_area(town.node, who or town.counter.clerk, plan, table.encode(), terminal="t1")


@pytest.mark.parametrize("role", Role)
def test_only_whose_office_it_is_may(town, role):
    who = Operator("x", "x", (role,))
    rights = AUTHORITY[role]
    number = town.bring()
    town.work()
    asked = {
        Permission.PLAN_AREAS: (
            bring(town, who, table="旧町名,新町名\n甲町,乙町\n"),
            area_queue(town.node, who, number),
            take_up_again(town.node, who, "none"),
            withdraw_area(town.node, who, "none"),
            resume_area(town.node, who, "none"),
        ),
        Permission.APPROVE_AREAS: (decide_area(town.node, who, "none", "", accept=True),),
        Permission.SEE_AREAS: (area_overview(town.node, who), area_view(town.node, who, number)),
    }
    for permission, outcomes in asked.items():
        for outcome in outcomes:
            refused = isinstance(outcome, Refusal) and outcome.reason is Reason.NOT_PERMITTED
            assert refused == (permission not in rights), (role, permission)


@pytest.mark.parametrize("role", Role)
def test_whoever_may_bring_or_approve_may_stop(town, role):
    outcome = stop_area(town.node, Operator("x", "x", (role,)), "none")
    may_stop = not AUTHORITY[role].isdisjoint({Permission.PLAN_AREAS, Permission.APPROVE_AREAS})
    assert reason(outcome) is (Reason.NOT_FOUND if may_stop else Reason.NOT_PERMITTED)


def test_nobody_may_both_bring_and_approve_by_role():
    for role, rights in AUTHORITY.items():
        assert not {Permission.PLAN_AREAS, Permission.APPROVE_AREAS} <= rights, role


def test_whoever_brought_it_does_not_approve_it(town):
    number = bring(town, BOTH).number
    town.work()
    digest = town.view(number).digest
    assert reason(decide_area(town.node, BOTH, number, digest, accept=True)) is Reason.SAME_PERSON
    assert decide_area(town.node, town.counter.officer, number, digest, accept=True) is AreaState.APPROVED


def test_a_word_is_given_for_the_table_that_was_seen_once_and_after_the_dry_run(town):
    number = town.bring()
    officer, digest = town.counter.officer, town.view(number).digest
    assert reason(decide_area(town.node, officer, number, digest, accept=True)) is Reason.NOT_PENDING
    town.work()
    assert reason(decide_area(town.node, officer, number, "0" * 64, accept=True)) is Reason.LIST_DIFFERS
    assert decide_area(town.node, officer, number, digest, accept=True) is AreaState.APPROVED
    assert reason(decide_area(town.node, officer, number, digest, accept=True)) is Reason.NOT_PENDING
    assert reason(decide_area(town.node, officer, number, digest, accept=False)) is Reason.NOT_PENDING


def test_what_is_declined_or_taken_back_is_never_carried_out(town, comer):
    (one,) = town.arrive(comer(1))
    declined = town.bring()
    town.work()
    digest = town.view(declined).digest
    assert decide_area(town.node, town.counter.officer, declined, digest, accept=False) is AreaState.DECLINED
    withdrawn = town.approved()
    assert withdraw_area(town.node, town.counter.clerk, withdrawn) is None
    town.day_comes()
    assert town.work() == 0
    assert town.record(one) == one
    view = town.view(withdrawn)
    assert (view.decided_by, view.halted_by) == ("OFFICER01", "CLERK01"), "both stay written"
    assert reason(withdraw_area(town.node, town.counter.clerk, withdrawn)) is Reason.NOT_PENDING
    assert reason(take_up_again(town.node, town.counter.clerk, declined)) is Reason.NOT_PENDING
    overview = area_overview(town.node, town.counter.clerk)
    assert [one.number for one in overview.past] == [withdrawn, declined]
    assert overview.open == ()


def test_what_was_begun_is_not_taken_back(town, comer):
    town.arrive(comer(1))
    number = town.approved()
    town.day_comes()
    town.work()
    assert reason(withdraw_area(town.node, town.counter.clerk, number)) is Reason.NOT_PENDING


def test_a_table_with_faults_is_kept_with_all_of_them_and_nothing_follows(town):
    brought = bring(town, table=FAULTY)
    assert isinstance(brought, Brought)
    assert brought.faults == 2
    view = town.view(brought.number)
    assert view.summary.state is AreaState.FAULTY
    assert [(one.line, one.column, one.reason) for one in view.faults] == [
        (2, "新番地", Reason.FIELD_MISSING),
        (3, "新町名", Reason.NOTHING_CHANGES),
    ]
    assert town.work() == 0
    outcome = decide_area(town.node, town.counter.officer, brought.number, view.digest, accept=True)
    assert reason(outcome) is Reason.NOT_PENDING


def test_a_form_that_was_sent_twice_brings_one_table(town):
    first = bring(town)
    assert isinstance(first, Brought)
    assert reason(bring(town)) is Reason.AREA_KNOWN
    assert isinstance(bring(town, plan=replace(PLAN, title="別の変更")), Brought)
    assert withdraw_area(town.node, town.counter.clerk, first.number) is None
    assert isinstance(bring(town), Brought)


def test_what_is_open_under_another_number_is_not_taken_up_again(town, comer):
    town.arrive(comer(1))
    number = town.approved()
    town.day_comes()
    town.work()
    assert isinstance(bring(town), Brought)
    assert reason(take_up_again(town.node, town.counter.clerk, number)) is Reason.AREA_KNOWN


def test_tables_with_faults_take_no_place_among_those_that_are_over(town):
    assert bring(town, table=FAULTY).faults
    overview = area_overview(town.node, town.counter.clerk)
    assert (len(overview.faulty), overview.past, overview.open) == (1, (), ())


def test_what_is_over_is_read_page_by_page(town, monkeypatch):
    monkeypatch.setattr(showing, "AREAS_SHOWN_ROWS", 2)
    numbers = []
    for place in range(5):
        numbers.append(bring(town, plan=replace(PLAN, title=f"{place}")).number)
        withdraw_area(town.node, town.counter.clerk, numbers[-1])
    first = area_overview(town.node, town.counter.clerk)
    second = area_overview(town.node, town.counter.clerk, before=first.more)
    third = area_overview(town.node, town.counter.clerk, before=second.more)
    read = [one.number for page in (first, second, third) for one in page.past]
    assert (read, third.more) == (numbers[::-1], "")


def test_a_plan_without_its_notice_is_refused_before_anything_is_read(town):
    refused = bring(town, plan=replace(PLAN, notice_number=""), table="x")
    assert (reason(refused), refused.field) == (Reason.FIELD_MISSING, "notice_number")
    assert area_overview(town.node, town.counter.clerk).past == ()


def test_each_act_leaves_a_line_that_names_the_table_and_nobody(town):
    number = town.approved()
    withdraw_area(town.node, town.counter.clerk, number)
    told = [line for line in town.counter.lines() if line[0].startswith("area:")]
    assert told == [
        ("area:change:brought", "CLERK01", f"area:{number}"),
        ("area:change:shown", "CLERK01", f"area:{number}"),
        ("area:change:decided", "OFFICER01", f"area:{number}"),
        ("area:change:decided", "CLERK01", f"area:{number}"),
    ]


@pytest.mark.parametrize("act", [withdraw_area, take_up_again, stop_area, resume_area])
def test_a_number_that_nobody_drew_is_not_found(town, act):
    assert reason(act(town.node, town.counter.clerk, "2026-999999")) is Reason.NOT_FOUND
    assert reason(town.view("2026-999999")) is Reason.NOT_FOUND
    assert reason(area_queue(town.node, town.counter.clerk, "2026-999999")) is Reason.NOT_FOUND
