"""届書等の保存箱: one year, a hold, and two people at the shredder."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.retention.box import (
    DisposalWay,
    PaperBox,
    PaperDisposal,
    PaperKind,
    box_due,
    check_box,
    decline_box,
    dispose_of_box,
    hold_box,
    propose_box,
)
from daicho.rules.retention.disposal import HoldReason

TODAY = date(2027, 12, 1)
BOX = PaperBox(
    "2026-000001", PaperKind.NOTICES, "転入届 11月分", date(2026, 11, 2), date(2026, 11, 30), 250, "書庫A-1"
)
DONE = PaperDisposal(TODAY, DisposalWay.SHREDDED, 250)
ONE, OTHER = "bunsho01", "sekinin01"


def reason(answer):
    return answer.reason if isinstance(answer, Refusal) else answer


def proposed(box=BOX):
    found = propose_box(box, ONE, TODAY)
    assert isinstance(found, PaperBox)
    return found


@pytest.mark.requirement("R-474")
def test_a_box_is_kept_for_a_year_from_its_last_paper():
    assert BOX.kept_until == date(2027, 11, 30)
    assert not box_due(BOX, date(2027, 11, 30))
    assert box_due(BOX, TODAY)
    assert reason(propose_box(BOX, ONE, date(2027, 11, 30))) is Reason.STILL_KEPT


def test_a_town_may_keep_longer_and_never_shorter():
    assert replace(BOX, years=5).kept_until == date(2031, 11, 30)
    assert replace(BOX, years=0).kept_until == BOX.kept_until
    assert reason(check_box(replace(BOX, years=0), TODAY)) is Reason.FIELD_UNKNOWN_VALUE


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"content": " "}, Reason.FIELD_MISSING),
        ({"place": ""}, Reason.FIELD_MISSING),
        ({"sheets": 0}, Reason.FIELD_UNKNOWN_VALUE),
        ({"years": 151}, Reason.FIELD_UNKNOWN_VALUE),
        ({"first_on": date(2026, 12, 1)}, Reason.DATE_ORDER),
        ({"last_on": date(2027, 12, 2)}, Reason.DATE_IN_FUTURE),
        ({}, None),
    ],
)
def test_a_box_says_what_it_holds_how_much_and_where(change, wanted):
    assert reason(check_box(replace(BOX, **change), TODAY)) is wanted


@pytest.mark.requirement("R-305")
def test_a_box_is_destroyed_before_a_second_person_who_counts():
    waiting = proposed()
    assert reason(dispose_of_box(BOX, DONE, OTHER, TODAY)) is Reason.NOT_PENDING
    assert reason(dispose_of_box(waiting, DONE, ONE, TODAY)) is Reason.SAME_PERSON
    fewer = replace(DONE, sheets=249)
    assert reason(dispose_of_box(waiting, fewer, OTHER, TODAY)) is Reason.QUANTITY_DIFFERS
    tomorrow = replace(DONE, disposed_on=date(2027, 12, 2))
    assert reason(dispose_of_box(waiting, tomorrow, OTHER, TODAY)) is Reason.DATE_IN_FUTURE
    early = replace(DONE, disposed_on=BOX.kept_until)
    assert reason(dispose_of_box(waiting, early, OTHER, TODAY)) is Reason.STILL_KEPT
    later = TODAY + timedelta(days=1)
    asked_late = propose_box(BOX, ONE, later)
    assert reason(dispose_of_box(asked_late, DONE, OTHER, later)) is Reason.DATE_ORDER, "before anybody asked"
    gone = dispose_of_box(waiting, DONE, OTHER, TODAY)
    assert isinstance(gone, PaperBox)
    assert gone.disposal == DONE
    assert not box_due(gone, TODAY)
    assert reason(dispose_of_box(gone, DONE, OTHER, TODAY)) is Reason.NOT_PENDING
    assert reason(propose_box(gone, ONE, TODAY)) is Reason.NOT_PENDING


def test_a_hold_keeps_a_box_and_takes_back_what_was_asked_for():
    held = hold_box(proposed(), HoldReason.LITIGATION, "令和9年(行ウ)第1号")
    assert isinstance(held, PaperBox)
    assert held.proposed_by == ""
    assert not box_due(held, TODAY)
    assert reason(propose_box(held, ONE, TODAY)) is Reason.DISPOSAL_HELD
    still_asked = replace(held, proposed_by=ONE)
    assert reason(dispose_of_box(still_asked, DONE, OTHER, TODAY)) is Reason.DISPOSAL_HELD
    freed = hold_box(held, None, "判決が確定した")
    assert isinstance(freed, PaperBox)
    assert box_due(freed, TODAY)


def test_a_hold_has_a_reason_that_somebody_may_set_and_words():
    assert reason(hold_box(BOX, HoldReason.PROTECTION, "x")) is Reason.FIELD_UNKNOWN_VALUE
    assert reason(hold_box(BOX, HoldReason.AUDIT, "")) is Reason.FIELD_MISSING
    assert reason(hold_box(BOX, None, "x")) is Reason.NOTHING_CHANGES


def test_a_second_person_may_leave_a_box_where_it_is():
    waiting = proposed()
    assert reason(propose_box(waiting, OTHER, TODAY)) is Reason.NOTHING_CHANGES
    assert reason(decline_box(waiting, ONE)) is Reason.SAME_PERSON
    assert decline_box(waiting, OTHER) == BOX
    assert reason(decline_box(BOX, OTHER)) is Reason.NOT_PENDING
