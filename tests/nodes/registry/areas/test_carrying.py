"""住居表示・町名地番変更: everybody who lives there is renamed once, by the word of two, from the day on, come what may."""

from dataclasses import replace
from datetime import date

import pytest
from tests.nodes.registry.areas.conftest import IN_FORCE, NEW, PLAN, UNNAMED
from tests.nodes.registry.conftest import DAY, HERE, HOME
from tests.nodes.registry.test_protection import LOOK
from tests.nodes.registry.test_protection_of_places import rewritten

from daicho.nodes.registry import residents
from daicho.nodes.registry.areas import carrying
from daicho.nodes.registry.areas.planning import take_up_again
from daicho.nodes.registry.areas.showing import area_queue, how_much_is_left
from daicho.nodes.registry.counter import EntryView, entry_view, reject_entry, verify_entry
from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import AreaKind, AreaState
from daicho.rules.people.addresses import Address
from daicho.rules.register.address_renaming import former_names
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.store import areas, hall_feed, register
from daicho.store.areas import Tally

ELSEWHERE = Address(HOME, "余所町", "1番", "", "1000003", "")
LATER = date(2026, 12, 3)


def households(town, number, operator=None):
    return {
        state.name: much.households
        for state, much in town.view(number, operator).tallies.items()
        if much.households
    }


@pytest.fixture
def family(town, comer):
    return town.arrive(comer(1), comer(2, "妻"), comer(3, "子"))


def test_the_dry_run_counts_and_changes_nothing(town, family, comer):
    town.arrive(comer(4), at=UNNAMED)
    town.arrive(comer(5), at=ELSEWHERE)
    number = town.bring()
    assert town.view(number).summary.state is AreaState.CHECKING
    town.work()
    view = town.view(number)
    assert view.summary.state is AreaState.CHECKED
    assert view.tallies == {AreaItemState.LISTED: Tally(1, 3), AreaItemState.UNNAMED: Tally(1, 1)}
    assert [one.old_block for one in view.unmet] == ["99番"]
    assert [(one.line.old_block, one.households) for one in view.sample] == [("2番3号", 1), ("99番", 0)]
    assert [town.record(one) for one in family] == list(family)


def test_nothing_happens_before_the_day_nor_without_the_second_persons_word(town, family):
    number = town.bring()
    town.work()
    town.day_comes()
    assert town.work() == 0
    town.approve(number)
    town.work()
    assert town.record(family[0]).current_address == NEW


def test_before_its_day_an_approved_change_rests(town, family):
    town.approved()
    town.day_comes(date(2026, 11, 30))
    assert town.work() == 0
    assert town.record(family[0]).current_address == HERE
    town.day_comes()
    town.work()
    assert town.record(family[0]).current_address == NEW


@pytest.mark.requirement("R-003")
def test_each_household_is_an_entry_of_its_own_by_two_people(town, family):
    number = town.approved()
    town.day_comes(LATER)
    town.counter.letters.clear()
    town.work()
    after = [town.record(one) for one in family]
    assert [one.current_address for one in after] == [NEW] * 3
    for old, new in zip(family, after, strict=True):
        assert replace(new, current_address=HERE, update_sequence=old.update_sequence) == old
    with town.node.store.reading() as unit:
        row = register.entries_of(unit, family[0].addressee_number)[-1]
    assert (row.kind, row.reason, row.state) == ("ADDRESS_RENAMED", "MINOR_CORRECTION", "verified")
    assert (row.change_date, row.notified_on) == (IN_FORCE, LATER)
    assert (row.entered_by, row.verified_by, row.terminal) == ("clerk01", "officer01", "t1")
    told = [line for line in town.counter.lines() if line[0].startswith("register:change:")][-6:]
    assert [line[:2] for line in told] == [("register:change:entered", "clerk01")] * 3 + [
        ("register:change:verified", "officer01")
    ] * 3
    assert [line[2] for line in told[:3]] == [str(one.resident_record_code) for one in family]
    assert town.versions(family[0])[-1] == (2, IN_FORCE)
    view = town.view(number)
    assert (view.summary.state, view.tallies[AreaItemState.DONE]) == (AreaState.DONE, Tally(1, 3))
    assert town.counter.lines()[-2][:2] == ("area:change:finished", "officer01")


def test_the_cs_the_hall_and_the_search_follow(town, family):
    town.approved()
    town.day_comes()
    town.counter.letters.clear()
    with town.node.store.unit() as unit:
        before = hall_feed.unplaced(unit)
    town.work()
    (letter,) = town.counter.letters
    assert {update.record.change_reason for update in letter.content.updates} == {
        ChangeReason.MINOR_CORRECTION
    }
    assert len(letter.content.updates) == 3
    with town.node.store.unit() as unit:
        assert hall_feed.unplaced(unit) == before + 1
    found = residents.search_residents(
        town.node, town.counter.clerk, ResidentTerms(kanji="来訪", address="改称町一丁目"), LOOK
    )
    assert len(found.records) == 3
    gone = residents.search_residents(
        town.node, town.counter.clerk, ResidentTerms(kanji="来訪", address="架空町"), LOOK
    )
    assert gone.records == ()


def test_the_former_address_stays_in_the_history_and_as_known_on_a_day(town, family):
    town.approved()
    town.day_comes(LATER)
    town.work()
    with town.node.store.reading() as unit:
        at = town.node.clock.now()
        whose = family[0].addressee_number
        before = register.version_as_of(unit, whose, legal_day=date(2026, 11, 30), recorded_at=at)
        after = register.version_as_of(unit, whose, legal_day=IN_FORCE, recorded_at=at)
    assert (before.version, after.version) == (1, 2)


def test_who_came_after_the_dry_run_is_renamed_and_who_left_is_not(town, family, comer):
    number = town.approved()
    (comes,) = town.arrive(comer(7))
    (_, _, child) = family
    (moved,) = (
        one
        for one in town.take(MoveWithinNotice((child.addressee_number,), ELSEWHERE, DAY, DAY))
        if one.addressee_number == child.addressee_number
    )
    (left,) = town.arrive(comer(8))
    town.take(MoveWithinNotice((left.addressee_number,), ELSEWHERE, DAY, DAY))
    town.day_comes()
    town.work()
    assert town.record(comes).current_address == NEW
    assert town.record(moved).current_address == ELSEWHERE
    assert town.record(left).current_address == ELSEWHERE
    assert households(town, number) == {"DONE": 2}


def test_who_left_as_a_whole_after_the_dry_run_is_over(town, family):
    number = town.approved()
    town.take(MoveWithinNotice(tuple(one.addressee_number for one in family), ELSEWHERE, DAY, DAY))
    town.day_comes()
    town.work()
    assert households(town, number) == {"GONE": 1}


def test_a_child_born_after_the_day_in_force_has_the_new_name_from_its_birth(town, family, comer):
    number = town.approved()
    town.day_comes(LATER)
    born = replace(comer(9, "子"), birth_date=type(comer(9).birth_date).of(LATER))
    child = next(
        one
        for one in town.take(BirthEntry(born, family[0].household_number, LATER, LATER))
        if one.addressee_number not in {person.addressee_number for person in family}
    )
    assert child.current_address == HERE
    town.work()
    assert [town.record(one).current_address for one in (*family, child)] == [NEW] * 4
    assert town.versions(family[0]) == [(1, date(2026, 11, 10)), (2, IN_FORCE)]
    assert town.versions(child) == [(1, LATER), (2, LATER)]
    assert households(town, number) == {"DONE": 1}


def test_an_entry_that_waits_is_not_overtaken(town, family):
    number = town.approved()
    entered = town.enter(MoveWithinNotice((family[2].addressee_number,), ELSEWHERE, DAY, DAY))
    town.day_comes()
    town.work()
    assert town.record(family[0]).current_address == HERE
    assert households(town, number) == {"WAITS": 1}
    assert town.view(number).summary.state is AreaState.DONE
    queue = area_queue(town.node, town.counter.clerk, number)
    assert [(one.household_number, one.state) for one in queue.households] == [
        (family[0].household_number, AreaItemState.WAITS)
    ]
    with town.node.store.reading() as unit:
        assert how_much_is_left(unit, town.node, town.counter.clerk) == 1
    verified = verify_entry(town.node, town.counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView), "what waited is not stale"
    assert take_up_again(town.node, town.counter.clerk, number) is None
    town.work()
    assert [town.record(one).current_address for one in family] == [NEW, NEW, ELSEWHERE]
    assert households(town, number) == {"DONE": 1}


def test_somebody_who_waits_to_join_the_household_is_not_overtaken_either(town, family, comer, move_in):
    number = town.approved()
    joining = town.enter(move_in(comer(6, "母"), household_number=family[0].household_number))
    town.day_comes()
    town.work()
    assert households(town, number) == {"WAITS": 1}
    assert isinstance(
        reject_entry(town.node, town.counter.checker, joining.entry_id, why="書類と違う"), EntryView
    )
    take_up_again(town.node, town.counter.clerk, number)
    town.work()
    assert town.record(family[0]).current_address == NEW


def test_a_held_record_waits_for_a_clerk(town, family):
    number = town.approved()
    rewritten(town.counter, town.record(family[1]), processing_hold=True)
    town.day_comes()
    town.work()
    assert households(town, number) == {"HELD": 1}
    assert town.record(family[0]).current_address == HERE
    rewritten(town.counter, town.record(family[1]), processing_hold=False)
    take_up_again(town.node, town.counter.clerk, number)
    town.work()
    assert town.record(family[0]).current_address == NEW


def test_an_address_that_no_line_names_is_left_to_a_clerk_and_done_by_another_table(town, family, comer):
    (other,) = town.arrive(comer(4), at=UNNAMED)
    number = town.approved()
    town.day_comes()
    town.work()
    assert households(town, number) == {"DONE": 1, "UNNAMED": 1}
    assert town.record(other).current_address == UNNAMED
    more = town.approved("旧町名,旧番地,新町名,新番地\n架空町一丁目,77番,改称町一丁目,7番7号\n")
    town.work()
    assert town.record(other).current_address == replace(
        NEW, block="7番7号", postal_code=UNNAMED.postal_code, aza_code=""
    )
    assert households(town, more) == {"DONE": 1}
    take_up_again(town.node, town.counter.clerk, number)
    town.work()
    assert households(town, number) == {"DONE": 1, "GONE": 1}


def test_a_crash_between_two_steps_or_in_the_middle_of_one_loses_and_doubles_nothing(
    town, family, comer, monkeypatch
):
    others = [town.arrive(comer(number))[0] for number in range(10, 16)]
    monkeypatch.setattr(carrying, "LOOKED_ROWS", 2)
    monkeypatch.setattr(carrying, "BATCH_HOUSEHOLDS", 1)
    monkeypatch.setattr(carrying, "_ONE_ROOF_HOUSEHOLDS", 2)
    number = town.approved()
    town.day_comes()
    real, calls = carrying.areas.settle_items, []

    def breaks(unit, *rest):
        calls.append(1)
        if len(calls) % 2:
            raise RuntimeError("the machine stops")
        real(unit, *rest)

    monkeypatch.setattr(carrying.areas, "settle_items", breaks)
    ended = False
    while not ended:
        try:
            town.work()
            ended = True
        except RuntimeError:
            continue
    everybody = [*family, *others]
    assert [town.record(one).current_address for one in everybody] == [NEW] * 9
    assert {len(town.versions(one)) for one in everybody} == {2}
    assert households(town, number) == {"DONE": 7}
    verified = [line for line in town.counter.lines() if line[0] == "register:change:verified"]
    assert len(verified) == 9 + 9
    with town.node.store.reading() as unit:
        assert register.how_many_wait(unit) == 0


def test_a_batch_is_a_few_statements_however_many_live_there(town, comer, monkeypatch):
    for number in range(10, 22):
        town.arrive(comer(number))
    asked: dict[int, int] = {}
    town.approved()
    town.day_comes()
    real = carrying._carried

    def counted(unit, node, row, table, items):
        cursor, count = unit.cursor, [0]

        class Counting:
            def execute(self, *given):
                count[0] += 1
                return cursor.execute(*given)

            def __getattr__(self, name):
                return getattr(cursor, name)

        unit.cursor = Counting()
        try:
            return real(unit, node, row, table, items)
        finally:
            unit.cursor = cursor
            asked[len(items)] = count[0]

    monkeypatch.setattr(carrying, "_carried", counted)
    monkeypatch.setattr(carrying, "BATCH_HOUSEHOLDS", 1)
    monkeypatch.setattr(carrying, "_ONE_ROOF_HOUSEHOLDS", 9)
    town.work()
    assert sorted(asked) == [3, 9]
    assert asked[9] - asked[3] <= 6, "at most one statement more for each household"


def test_a_renamed_town_renames_the_domiciles_in_it(town, comer):
    (one,) = town.arrive(comer(1, registered_domicile="架空県架空市架空町一丁目2番"))
    (two,) = town.arrive(comer(2, registered_domicile="架空県架空市架空町2番"), at=ELSEWHERE)
    plan = replace(PLAN, kind=AreaKind.TOWN_RENAMED, domicile_prefix="架空県架空市")
    town.approved("旧町名,新町名\n架空町一丁目,改称町\n", plan)
    town.day_comes()
    town.work()
    renamed = town.record(one)
    assert renamed.registered_domicile == "架空県架空市改称町2番"
    assert renamed.current_address == replace(HERE, town="改称町")
    assert town.record(two) == two


def test_one_household_that_was_renamed_wrongly_is_turned_back_alone(town, family, comer):
    (other,) = town.arrive(comer(4))
    number = town.approved()
    town.day_comes()
    town.work()
    with town.node.store.reading() as unit:
        entry = register.entries_of(unit, family[0].addressee_number)[-1]
        renamed = entry_view(town.node, town.counter.clerk, entry.id).entry
    town.take(Cancellation(entry.id, IN_FORCE, "表の誤り"))
    assert town.work() == 0, "what was turned back is not renamed again by itself"
    assert town.record(family[0]).current_address == HERE
    assert former_names(town.record(family[0]), (renamed,)) == ()
    assert town.record(other).current_address == NEW
    assert households(town, number) == {"DONE": 2}


def test_two_workers_at_once_do_not_do_one_household_twice(town, family):
    town.approved()
    town.day_comes()
    known = carrying.KnownTables()
    with town.node.store.unit() as unit:
        assert areas.lock_next_work(unit, IN_FORCE) is not None
        assert not carrying.work_on(town.node, known), "whoever comes second finds nothing to do"
    town.work()
    assert len(town.versions(family[0])) == 2
