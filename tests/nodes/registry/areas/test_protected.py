"""支援措置: who is protected is renamed like everybody, and neither figures nor lists nor former names tell where they live."""

from dataclasses import replace

import pytest
from tests.nodes.registry.areas.conftest import NEW, UNNAMED
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE
from tests.nodes.registry.test_protection import LOOK, OFFICER, SECOND, everything_in
from tests.nodes.registry.test_protection_of_places import rewritten
from tests.nodes.registry.test_protection_reach import (
    ELSEWHERE,
    OFFICER_AND_CLERK,
    applied,
    hidden_everywhere,
    moved,
    parted,
)

from daicho.nodes.registry import residents
from daicho.nodes.registry.areas.planning import decide_area, dismiss_household, take_up_again
from daicho.nodes.registry.areas.showing import area_queue, area_table, area_view, how_much_is_left
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import AreaState
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.protection.measure import ProtectionAlert
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeKind
from daicho.store import protection as store

ONE_LINE = "旧町名,旧番地,新町名,新番地\n架空町一丁目,2番3号,改称町一丁目,5番6号\n"
RENAMED = replace(NEW, postal_code=HERE.postal_code, aza_code="")


@pytest.fixture
def alone(town, comer):
    (one,) = town.arrive(comer(1))
    applied(town.counter, one)
    return one


def test_a_table_with_one_line_is_no_question_whether_somebody_lives_there(town, alone):
    number = town.bring(ONE_LINE)
    town.work()
    for who, households in ((town.counter.clerk, 0), (town.counter.officer, 0), (OFFICER, 1)):
        view = area_view(town.node, who, number)
        assert view.sample[0].households == households
        assert len(view.unmet) == 1 - households
        assert sum(much.households for much in view.tallies.values()) == households
        assert sum(much.people for much in view.tallies.values()) == households


def test_a_word_for_a_household_is_no_question_whether_it_is_met(town, alone):
    number = town.bring(ONE_LINE)
    town.work()
    home = town.record(alone).household_number
    told = {
        who: dismiss_household(town.node, who, number, home, "今の表示でよい").reason
        for who in (town.counter.clerk, OFFICER_AND_CLERK)
    }
    assert told == {town.counter.clerk: Reason.NOT_FOUND, OFFICER_AND_CLERK: Reason.NOT_PENDING}
    nobody = dismiss_household(town.node, town.counter.clerk, number, home + 1_000, "今の表示でよい")
    assert nobody == dismiss_household(town.node, town.counter.clerk, number, home, "今の表示でよい")


def test_whoever_is_protected_is_renamed_and_the_officer_is_alerted(town, alone):
    number = town.approved(ONE_LINE)
    town.day_comes()
    town.work()
    assert town.record(alone).current_address == RENAMED
    assert area_view(town.node, OFFICER, number).tallies[AreaItemState.DONE].households == 1
    seen = area_view(town.node, town.counter.clerk, number)
    assert all(not much.households for much in seen.tallies.values())
    with town.node.store.reading() as unit:
        alerts = store.unseen_alerts(unit, limit_rows=10)
    assert [ProtectionAlert.ADDRESSES_CHANGE.value in one.alerts for one in alerts] == [True]
    found = residents.search_residents(
        town.node, town.counter.clerk, ResidentTerms(kanji="来訪", address="改称町一丁目"), LOOK
    )
    assert found.records == ()


def test_who_is_left_is_shown_to_whoever_may_know(town, comer):
    (hidden,) = town.arrive(comer(1), at=UNNAMED)
    (shown,) = town.arrive(comer(2), at=replace(HERE, block="78番"))
    applied(town.counter, hidden)
    number = town.approved()
    town.day_comes()
    town.work()
    clerks = area_queue(town.node, town.counter.clerk, number)
    assert [one.head.addressee_number for one in clerks.households] == [shown.addressee_number]
    assert UNNAMED.block not in everything_in(clerks)
    officers = area_queue(town.node, OFFICER, number)
    assert {one.head.addressee_number for one in officers.households} == {
        hidden.addressee_number,
        shown.addressee_number,
    }
    with town.node.store.reading() as unit:
        assert how_much_is_left(unit, town.node, town.counter.clerk) == 1
        assert how_much_is_left(unit, town.node, OFFICER) == 2
    assert area_view(town.node, town.counter.clerk, number).left == 1
    lines = [one for one in town.counter.lines() if one[0] == "register:record:shown"]
    assert {one[2] for one in lines if one[1] == "CLERK01"} == {str(shown.resident_record_code)}


def test_the_old_name_of_a_protected_home_is_hidden_in_the_records_of_whoever_lived_there(town, comer):
    family = town.arrive(comer(1), comer(2, "妻"), comer(3, "子"))
    (gone,) = (
        one
        for one in town.take(MoveWithinNotice((family[2].addressee_number,), ELSEWHERE, DAY, DAY))
        if one.addressee_number == family[2].addressee_number
    )
    assert gone.previous_address == HERE.one_line()
    rewritten(town.counter, gone, remarks=(f"{HERE.one_line()}から転居",))
    applied(town.counter, family[1])
    clerk = town.counter.clerk
    before = residents.resident_view(town.node, clerk, gone.addressee_number, LOOK).record
    assert before.previous_address == WITHHELD
    town.approved()
    town.day_comes()
    town.work()
    assert town.record(family[1]).current_address == NEW
    after = residents.resident_view(town.node, clerk, gone.addressee_number, LOOK)
    assert after.record.previous_address == WITHHELD
    assert HERE.one_line() not in everything_in(after)
    seen = residents.resident_view(town.node, OFFICER, gone.addressee_number, LOOK).record
    assert seen.previous_address == HERE.one_line()


def test_the_entry_of_a_protected_person_tells_a_clerk_neither_name_of_the_place(town, alone):
    town.approved(ONE_LINE)
    town.day_comes()
    town.work()
    view = residents.resident_view(town.node, town.counter.clerk, alone.addressee_number, LOOK)
    text = everything_in(view)
    assert RENAMED.town not in text
    assert HERE.town not in text
    assert [one.entry.kind for one in view.entries] == [ChangeKind.MOVE_IN], (
        "the notice names every place that was renamed"
    )
    assert len(view.versions) == 1
    seen = residents.resident_view(town.node, OFFICER, alone.addressee_number, LOOK)
    assert [one.entry.kind for one in seen.entries] == [ChangeKind.MOVE_IN, ChangeKind.ADDRESS_RENAMED]
    entry_id = seen.entries[-1].entry_id
    asked = residents.resident_entry(town.node, town.counter.clerk, alone.addressee_number, entry_id, LOOK)
    assert isinstance(asked, Refusal)
    assert asked.reason is Reason.NOT_FOUND
    town.take_as(
        OFFICER_AND_CLERK, Cancellation(entry_id, town.node.clock.business_today(), "表の誤り"), SECOND
    )
    back = residents.resident_view(town.node, town.counter.clerk, alone.addressee_number, LOOK)
    assert [one.entry.kind for one in back.entries] == [ChangeKind.MOVE_IN]
    assert len(back.versions) == 1


def test_a_line_about_a_protected_household_is_read_and_approved_by_whoever_may_know(town, alone, comer):
    (shown,) = town.arrive(comer(2))
    table = (
        "旧町名,旧番地,世帯番号,新町名,新番地\n"
        f"架空町一丁目,2番3号,{alone.household_number},改称町一丁目,5番6号\n"
        f"架空町一丁目,2番3号,{shown.household_number},改称町一丁目,5番7号\n"
    )
    number = town.bring(table)
    town.work()
    for who, lines in ((town.counter.clerk, 1), (town.counter.officer, 1), (OFFICER, 2)):
        view = area_view(town.node, who, number)
        assert (view.lines, len(view.sample)) == (lines, lines)
        assert len(area_table(town.node, who, number)) == lines
        assert (str(alone.household_number) in {str(one.line.household_number) for one in view.sample}) == (
            lines == 2
        )
    digest = town.view(number).digest
    refused = decide_area(town.node, town.counter.officer, number, digest, accept=True)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PROTECTED
    both = Operator("both02", "b2", (Role.SECURITY_OFFICER, Role.PROTECTION_OFFICER))
    assert decide_area(town.node, both, number, digest, accept=True) is AreaState.APPROVED


def test_the_ledger_does_not_tell_the_two_whom_they_may_not_know(town, alone):
    town.approved(ONE_LINE)
    town.day_comes()
    before = len(town.counter.lines())
    town.work()
    who = {line[1] for line in town.counter.lines()[before:] if line[2] == str(alone.resident_record_code)}
    assert who == {"machine:register"}


def test_who_looks_at_the_queue_leaves_no_line_that_names_the_change(town, comer):
    (hidden,) = town.arrive(comer(1), at=UNNAMED)
    applied(town.counter, hidden)
    number = town.approved()
    town.day_comes()
    town.work()
    area_queue(town.node, OFFICER, number)
    with town.node.store.unit() as unit:
        unit.cursor.execute("select convert_from(body, 'UTF8')::json from ledger.line order by line_id")
        bodies = [row[0] for row in unit.cursor.fetchall()]
    shown = [one for one in bodies if one["event"] == "register:record:shown"]
    assert [one["basis"] for one in shown] == ["住民基本台帳法第8条"]


def test_those_whom_a_measure_covers_under_one_roof_are_renamed_together(town, comer):
    family = town.arrive(comer(1), comer(2, "妻"), comer(3, "子"))
    (child,) = (
        one for one in town.take(parted(family[2])) if one.addressee_number == family[2].addressee_number
    )
    applied(town.counter, family[1])
    before = hidden_everywhere(town.counter)
    assert child.addressee_number in before
    number = town.approved()
    entered = enter(
        town.node, OFFICER_AND_CLERK, moved(child), draw_codes=town.counter.draw, reception=AT_COUNTER
    )
    town.day_comes()
    town.work()
    assert town.record(family[1]).current_address == HERE
    assert hidden_everywhere(town.counter) == before
    states = {one.state for one in area_queue(town.node, OFFICER, number).households}
    assert states == {AreaItemState.WAITS, AreaItemState.TOGETHER}
    verify_entry(town.node, SECOND, entered.entry_id)
    take_up_again(town.node, OFFICER, number)
    town.work()
    assert town.record(family[1]).current_address == NEW
    assert town.record(child).current_address == ELSEWHERE
