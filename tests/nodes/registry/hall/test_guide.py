"""手続き案内 over a real register: only of what stands, with a line for everybody named, never of the hidden."""

from dataclasses import replace

from tests.nodes.registry.conftest import AT_COUNTER, HERE
from tests.nodes.registry.hall.test_feed import DAY, changed
from tests.nodes.registry.test_protection import LOOK, OFFICER, application

from daicho.nodes.registry import protection, residents
from daicho.nodes.registry.counter import enter
from daicho.nodes.registry.hall.guide import GuideSheet, guide_after
from daicho.nodes.registry.records import subject_of
from daicho.rules.hall.guide import GuideCounter
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason


def entry_of(counter, record) -> str:
    view = residents.resident_view(counter.node, counter.clerk, record.addressee_number, LOOK)
    assert not isinstance(view, Refusal)
    return view.entries[0].entry_id


def test_a_family_that_moved_in_is_told_where_to_go_and_everybody_named_has_a_line(counter, family) -> None:
    entry_id = entry_of(counter, family[0])
    before = len(counter.lines())
    sheet = guide_after(counter.node, counter.clerk, family[0].addressee_number, entry_id, LOOK)
    assert isinstance(sheet, GuideSheet)
    assert GuideCounter.NHI in {one.counter for one in sheet.visits}
    assert set(sheet.names.values()) == {one.name.kanji for one in family}
    shown = [(event, subject) for event, _, subject in counter.lines()[before:]]
    assert shown == [("register:record:shown", subject_of(one)) for one in family]


def test_what_waits_for_a_second_person_has_no_sheet(counter, move_in, comer) -> None:
    entered = enter(
        counter.node, counter.clerk, move_in(comer(1)), draw_codes=counter.draw, reception=AT_COUNTER
    )
    assert not isinstance(entered, Refusal)
    number = entered.entry.after[0].addressee_number
    found = guide_after(counter.node, counter.clerk, number, entered.entry_id, LOOK)
    assert isinstance(found, Refusal)
    assert found.reason is Reason.NOT_PENDING


def test_a_change_that_was_taken_back_has_no_sheet(counter, family) -> None:
    entry_id = entry_of(counter, family[0])
    changed(counter, Cancellation(entry_id, DAY, "届出の取下げ"))
    found = guide_after(counter.node, counter.clerk, family[0].addressee_number, entry_id, LOOK)
    assert isinstance(found, Refusal)
    assert found.reason is Reason.ALREADY_CANCELLED


def test_whoever_stays_in_the_other_household_is_not_named(counter, family) -> None:
    _, mother, child = family
    gone = changed(
        counter, ExOfficioStrike((child.addressee_number,), ChangeReason.STRUCK_OTHER, DAY, DAY, "調査")
    )
    sheet = guide_after(counter.node, counter.clerk, child.addressee_number, gone.entry_id, LOOK)
    assert isinstance(sheet, GuideSheet)
    assert (sheet.visits, set(sheet.names)) == ((), {child.addressee_number})
    moved = MoveWithinNotice((mother.addressee_number,), replace(HERE, block="9番9号"), DAY, DAY)
    parted = changed(counter, moved)
    sheet = guide_after(counter.node, counter.clerk, mother.addressee_number, parted.entry_id, LOOK)
    assert isinstance(sheet, GuideSheet)
    assert set(sheet.names) == {mother.addressee_number}


def test_a_sheet_of_somebody_else_or_of_nothing_is_not_found(counter, family) -> None:
    entry_id = entry_of(counter, family[0])
    for number, entry in ((999, entry_id), (family[0].addressee_number, "nothing")):
        found = guide_after(counter.node, counter.clerk, number, entry, LOOK)
        assert isinstance(found, Refusal)
        assert found.reason is Reason.NOT_FOUND


def test_the_sheet_of_the_hidden_is_for_whoever_may_see_them(counter, family) -> None:
    entry_id = entry_of(counter, family[0])
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    refused = guide_after(counter.node, counter.clerk, family[0].addressee_number, entry_id, LOOK)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PROTECTED
    assert "protection:record:kept_back" in {event for event, _, _ in counter.lines()}
    assert isinstance(
        guide_after(counter.node, OFFICER, family[0].addressee_number, entry_id, LOOK), GuideSheet
    )
