"""住居表示・町名地番変更: everybody who lives there is renamed once, by the word of two, from the day on, come what may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.areas.conftest import IN_FORCE, NEW, PLAN, TABLE, UNNAMED
from tests.nodes.registry.conftest import DAY, HERE, HOME
from tests.nodes.registry.test_protection import LOOK
from tests.nodes.registry.test_protection_of_places import rewritten

from daicho.nodes.registry import residents
from daicho.nodes.registry.areas import carrying
from daicho.nodes.registry.areas.planning import (
    decide_area,
    dismiss_household,
    resume_area,
    stop_area,
    take_up_again,
    withdraw_area,
)
from daicho.nodes.registry.areas.showing import area_queue, how_much_is_left
from daicho.nodes.registry.areas.tables import KnownTables
from daicho.nodes.registry.counter import EntryView, entry_view, reject_entry, verify_entry
from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import AreaKind, AreaState, Asked
from daicho.rules.identity.acceptance import Accepted, accept_at_cs
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.register.address_renaming import former_names
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.store import areas, hall_feed, register
from daicho.store.areas import Tally
from daicho.store.unit import StoreUnavailable

ELSEWHERE = Address(HOME, "余所町", "1番", "", "1000003", "")
LATER = date(2026, 12, 3)


def households(town, number, operator=None):
    return {
        state.name: much.households
        for state, much in town.view(number, operator).tallies.items()
        if much.households
    }


def accepted_at_the_cs(letters):
    """Let the CS weigh every letter in its order, and give what it keeps of each person."""
    kept = {}
    for letter in letters:
        for update in getattr(letter.content, "updates", ()):
            code = str(update.record.resident_record_code)
            decided = accept_at_cs(kept.get(code), update, home=HOME)
            assert isinstance(decided, Accepted), decided
            kept[code] = update.record
    return kept


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
    assert (row.entered_by, row.verified_by, row.terminal) == ("CLERK01", "OFFICER01", "t1")
    told = [line for line in town.counter.lines() if line[0].startswith("register:change:")][-6:]
    assert [line[:2] for line in told] == [("register:change:entered", "machine:register")] * 3 + [
        ("register:change:verified", "machine:register")
    ] * 3
    assert [line[2] for line in told[:3]] == [str(one.resident_record_code) for one in family]
    assert town.versions(family[0])[-1] == (2, IN_FORCE)
    view = town.view(number)
    assert (view.summary.state, view.tallies[AreaItemState.DONE]) == (AreaState.DONE, Tally(1, 3))
    assert town.counter.lines()[-2][:2] == ("area:change:finished", "machine:register")


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
    kept = accepted_at_the_cs(town.counter.letters)
    assert {kept[str(one.resident_record_code)].address for one in (*family, child)} == {NEW.one_line()}
    assert kept[str(child.resident_record_code)].change_date == LATER
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
    assert town.work() == 0
    verified = verify_entry(town.node, town.counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView), "what waited is not stale"
    town.work()
    assert [town.record(one).current_address for one in family] == [NEW, NEW, ELSEWHERE]
    assert households(town, number) == {"DONE": 1}
    assert ("area:change:taken_up", "machine:register", f"area:{number}") in town.counter.lines()


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
            raise StoreUnavailable("the machine stops")
        real(unit, *rest)

    monkeypatch.setattr(carrying.areas, "settle_items", breaks)
    ended = False
    while not ended:
        try:
            town.work()
            ended = True
        except StoreUnavailable:
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
    town.day_comes(LATER)
    town.work()
    assert households(town, number) == {"DONE": 1, "BACK": 1}, "somebody is told"
    assert take_up_again(town.node, town.counter.clerk, number) is AreaState.APPROVED
    town.work()
    assert town.record(family[0]).current_address == HERE
    town.approved(TABLE.replace("5番6号", "8番8号"), replace(PLAN, title="正しい対照表"))
    town.work()
    assert town.record(family[0]).current_address == replace(NEW, block="8番8号")
    assert town.record(other).current_address == NEW
    town.day_comes(date(2026, 12, 5))
    town.work()
    assert households(town, number) == {"DONE": 1, "GONE": 1}


def test_two_workers_at_once_do_not_do_one_household_twice(town, family):
    town.approved()
    town.day_comes()
    known = KnownTables()
    with town.node.store.unit() as unit:
        assert areas.lock_next_work(unit, IN_FORCE) is not None
        assert not carrying.work_on(town.node, known), "whoever comes second finds nothing to do"
    town.work()
    assert len(town.versions(family[0])) == 2


def left(town):
    with town.node.store.reading() as unit:
        return how_much_is_left(unit, town.node, town.counter.clerk)


HEADER = "旧町名,旧番地,新町名,新番地\n"
MAKES_ROOM = f"{HEADER}架空町一丁目,2番3号,架空町一丁目,9番9号\n"
MOVES_UP = f"{HEADER}架空町一丁目,77番,架空町一丁目,2番3号\n"


def test_two_tables_of_one_day_that_share_a_place_rename_nobody_twice(town, family, comer):
    (other,) = town.arrive(comer(4), at=UNNAMED)
    second = town.bring(MOVES_UP, replace(PLAN, title="二つ目"))
    first = town.approved(MAKES_ROOM, replace(PLAN, title="一つ目"))
    digest = town.view(second).digest
    refused = decide_area(town.node, town.counter.officer, second, digest, accept=True)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.AREA_OVERLAPS, "whoever makes room goes first"
    town.day_comes()
    town.work()
    town.approve(second)
    town.work()
    assert town.record(family[0]).current_address.block == "9番9号"
    assert town.record(other).current_address.block == HERE.block
    town.day_comes(LATER)
    (comes,) = town.arrive(comer(5), at=HERE, moved_in_on=LATER)
    assert take_up_again(town.node, town.counter.clerk, first) is AreaState.APPROVED
    town.work()
    assert town.record(other).current_address.block == HERE.block, "its name is the new one"
    assert town.record(comes).current_address == HERE, "which of the two is meant a clerk knows"
    assert households(town, first)["DOUBTFUL"] == 1
    assert {len(town.versions(one)) for one in (*family, other)} == {2}
    home = town.record(comes).household_number
    node, clerk = town.node, town.counter.clerk
    (queued,) = area_queue(node, clerk, first).households
    assert (queued.household_number, queued.may_be_dismissed) == (home, True)
    assert dismiss_household(node, clerk, first, home, " ").field == "why"
    assert (
        dismiss_household(node, town.counter.checker, first, home, "今の表示でよい").reason
        is Reason.NOT_PERMITTED
    )
    assert dismiss_household(node, clerk, first, home, "新しい町名の表示である", terminal="t1") is None
    assert ("DOUBTFUL" in households(town, first), households(town, first)["DISMISSED"]) == (False, 1)
    assert left(town) == 0
    assert ("area:household:dismissed", clerk.login_id, f"area:{first}") in town.counter.lines()
    again = dismiss_household(node, clerk, first, home, "もう一度")
    assert (again.reason, again.detail) == (Reason.NOT_PENDING, "DISMISSED")
    for _ in range(2):
        town.day_comes(town.node.clock.business_today() + timedelta(days=1))
        town.work()
    assert take_up_again(node, clerk, first) is AreaState.APPROVED
    town.work()
    assert households(town, first)["DISMISSED"] == 1, "no later look takes it up again"
    assert town.record(comes).current_address == HERE


def test_a_new_household_whose_entry_waits_over_the_day_is_not_forgotten(town, family, comer):
    number = town.approved()
    entered = town.enter(town.arriving(comer(8)))
    town.day_comes()
    town.work()
    with town.node.store.reading() as unit:
        assert areas.tallies(unit, number)["waits"] == Tally(1, 1)
    assert households(town, number) == {"DONE": 1}, "whoever is about to come is in no figure"
    assert area_queue(town.node, town.counter.clerk, number).households == ()
    assert left(town) == 0
    verified = verify_entry(town.node, town.counter.checker, entered.entry_id)
    assert isinstance(verified, EntryView)
    (comes,) = verified.entry.after
    assert comes.current_address == HERE
    town.work()
    assert town.record(comes).current_address == NEW
    assert households(town, number) == {"DONE": 2}


def test_who_comes_under_the_old_name_after_the_end_is_found_in_the_night(town, family, comer):
    number = town.approved()
    town.day_comes()
    town.work()
    (comes,) = town.arrive(comer(8), moved_in_on=IN_FORCE)
    assert town.work() == 0
    town.day_comes(date(2026, 12, 2))
    town.work()
    assert households(town, number) == {"DONE": 1, "FOUND": 1}
    assert town.record(comes).current_address == HERE, "what is found later waits for a clerk"
    assert left(town) == 1
    assert take_up_again(town.node, town.counter.clerk, number) is AreaState.APPROVED
    town.work()
    assert town.record(comes).current_address == NEW
    town.day_comes(date(2027, 12, 1))
    town.work()
    town.arrive(comer(9), moved_in_on=IN_FORCE)
    town.day_comes(date(2027, 12, 3))
    assert town.work() == 0, "after half a year nobody looks"


def test_one_bad_household_stops_no_other(town, family, comer, monkeypatch):
    (bad,) = town.arrive(comer(4))
    (other,) = town.arrive(comer(5))
    number = town.approved()
    town.day_comes()
    real = carrying._drafted

    def breaks(node, table, judged, members):
        if any(one.addressee_number == bad.addressee_number for one in members.values()):
            raise ValueError("a fault of this one")
        return real(node, table, judged, members)

    monkeypatch.setattr(carrying, "_drafted", breaks)
    town.work()
    assert households(town, number) == {"DONE": 2, "REFUSED": 1}
    assert [town.record(one).current_address for one in (bad, other, *family)] == [HERE, *[NEW] * 4]
    (queued,) = area_queue(town.node, town.counter.clerk, number).households
    assert (queued.head.addressee_number, queued.why) == (bad.addressee_number, Reason.ITEM_MALFORMED)
    monkeypatch.setattr(carrying, "_drafted", real)
    take_up_again(town.node, town.counter.clerk, number)
    town.work()
    assert town.record(bad).current_address == NEW


def test_a_step_of_which_nothing_succeeds_stops_the_change_and_not_every_household(town, comer, monkeypatch):
    for place in range(10, 16):
        town.arrive(comer(place))
    number = town.approved()
    town.day_comes()

    def breaks(*_given):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(carrying, "_drafted", breaks)
    town.work()
    view = town.view(number)
    assert (view.summary.state, view.asked) == (AreaState.STOPPED, Asked.MANY_FAULTS)


def test_a_record_without_a_code_is_named_in_the_dry_run(town, family, comer):
    (bare,) = town.arrive(comer(4))
    rewritten(town.counter, bare, resident_record_code=None)
    number = town.bring()
    town.work()
    assert households(town, number) == {"LISTED": 1, "REFUSED": 1}
    (queued,) = area_queue(town.node, town.counter.clerk, number).households
    assert queued.why is Reason.CODE_MISSING


@pytest.mark.parametrize("gone", ["clerk", "officer"])
def test_on_the_day_both_words_are_looked_at_again(town, family, gone):
    number = town.approved()
    town.in_office(getattr(town.counter, gone), active=False)
    town.day_comes()
    town.work()
    view = town.view(number)
    assert (view.summary.state, view.asked) == (AreaState.STOPPED, Asked.WORD_GONE)
    assert town.record(family[0]).current_address == HERE
    clerk = Operator("CLERK02", "k2", (Role.CLERK,))
    officer = Operator("OFFICER02", "s2", (Role.SECURITY_OFFICER,))
    for who in (clerk, officer):
        town.in_office(who)
    assert resume_area(town.node, clerk, number, terminal="t3") is None
    town.approve(number, officer)
    town.work()
    assert town.record(family[0]).current_address == NEW
    with town.node.store.reading() as unit:
        row = register.entries_of(unit, family[0].addressee_number)[-1]
    assert (row.entered_by, row.verified_by) == ("CLERK02", "OFFICER02")


def test_taking_up_again_asks_for_new_words_when_one_is_gone(town, family, comer):
    number = town.approved()
    town.arrive(comer(4), at=UNNAMED)
    town.day_comes()
    town.work()
    town.in_office(town.counter.officer, active=False)
    assert take_up_again(town.node, town.counter.clerk, number) is AreaState.CHECKED
    assert town.work() == 0
    view = town.view(number)
    assert (view.summary.state, view.asked) == (AreaState.CHECKED, Asked.WORD_GONE)
    digest = view.digest
    other = Operator("OFFICER02", "s2", (Role.SECURITY_OFFICER,))
    assert decide_area(town.node, other, number, digest, accept=False) is AreaState.STOPPED
    assert isinstance(withdraw_area(town.node, town.counter.clerk, number), Refusal), "it was begun"


def test_many_more_households_than_were_told_are_asked_for_again(town, family, comer):
    number = town.approved()
    for place in range(10, 21):
        town.arrive(comer(place))
    town.day_comes()
    town.work()
    view = town.view(number)
    assert (view.summary.state, view.asked) == (AreaState.CHECKED, Asked.HOUSEHOLDS_DIFFER)
    assert town.record(family[0]).current_address == HERE
    assert view.tallies[AreaItemState.LISTED].households == 12
    town.approve(number)
    town.work()
    assert town.record(family[0]).current_address == NEW
    assert households(town, number) == {"DONE": 12}


@pytest.mark.parametrize("who", ["clerk", "officer"])
def test_either_of_both_offices_may_stop_it_and_two_let_it_go_on(town, family, who):
    number = town.approved()
    assert stop_area(town.node, getattr(town.counter, who), number) is None
    town.day_comes()
    assert town.work() == 0
    assert town.record(family[0]).current_address == HERE
    view = town.view(number)
    assert (view.decided_by, view.halted_by) == ("OFFICER01", getattr(town.counter, who).login_id)
    assert resume_area(town.node, town.counter.clerk, number) is None
    assert town.work() == 0
    town.approve(number)
    town.work()
    assert town.record(family[0]).current_address == NEW


def test_the_people_of_today_are_counted_and_not_those_of_the_dry_run(town, family):
    number = town.approved()
    town.take(MoveWithinNotice((family[2].addressee_number,), ELSEWHERE, DAY, DAY))
    town.day_comes()
    town.work()
    assert town.view(number).tallies[AreaItemState.DONE] == Tally(1, 2)


def test_by_day_households_rest_between_two_steps_and_at_night_they_do_not(town):
    assert not carrying._goes_on(town.node, carrying.Step.CARRIED)
    assert carrying._goes_on(town.node, carrying.Step.LOOKED)
    assert not carrying._goes_on(town.node, carrying.Step.NOTHING)
    town.node.clock.move(timedelta(hours=12))
    assert carrying._goes_on(town.node, carrying.Step.CARRIED)
