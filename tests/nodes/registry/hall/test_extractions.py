"""EUC over a real register: said beforehand, agreed by a second person, made once, with count and digest in the ledger."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.nodes.registry.conftest import HERE
from tests.nodes.registry.hall.conftest import OFFICER
from tests.nodes.registry.test_protection import OFFICER as KEEPER
from tests.nodes.registry.test_protection import application, arrived

from daicho.nodes.registry import protection
from daicho.nodes.registry.hall import extractions
from daicho.nodes.registry.hall.extractions import ExtractionView
from daicho.nodes.registry.hall.files import CODES, HallFile
from daicho.nodes.registry.records import subject_of
from daicho.rules.hall.extraction import (
    READY_FOR,
    SUMMED,
    ExtractionConditions,
    ExtractionOrder,
    ExtractionState,
)
from daicho.rules.hall.offices import HallItem
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.store import extractions as store

DAY = date(2026, 11, 20)
PLAIN = frozenset({HallItem.NAME, HallItem.ADDRESS})
CLOSER = PLAIN | {HallItem.RELATIONSHIP}
BOTH = Operator("both09", "b9", (Role.CLERK, Role.SECURITY_OFFICER))


def order(items=PLAIN, **conditions) -> ExtractionOrder:
    return ExtractionOrder(
        ExtractionConditions(**({"as_of": DAY} | conditions)), items, "敬老行事の案内", "住民基本台帳法第1条"
    )


def asked(counter, made=None, who=None) -> ExtractionView:
    found = extractions.ask_for_extraction(counter.node, who or counter.clerk, made or order())
    assert isinstance(found, ExtractionView), found
    return found


def agreed(counter, view) -> ExtractionView:
    """Let a second person agree where one must."""
    assert view.state is ExtractionState.WAITING
    assert extractions.decide_on_extraction(counter.node, OFFICER, view.row.number, accept=True) is None
    return view


def reason(found) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


def made(counter, view) -> HallFile:
    file = extractions.make_extraction(counter.node, counter.clerk, view.row.number, CODES)
    assert isinstance(file, HallFile), file
    return file


def test_few_people_and_plain_items_need_nobody_else_and_leave_a_line_each(counter, family) -> None:
    view = asked(counter)
    assert (view.state, view.row.counted) == (ExtractionState.READY, 3)
    file = made(counter, view)
    assert file.people == 3
    assert file.digest == hashlib.sha256(file.content).digest()
    lines = [(event, subject) for event, _, subject in counter.lines() if event.startswith("extraction:")]
    assert lines == [
        ("extraction:order:asked", ""),
        *(("extraction:file:made", subject_of(one)) for one in family),
    ]


def test_a_file_is_made_once_and_only_for_whoever_asked(counter, family) -> None:
    view = asked(counter)
    stranger = replace(counter.clerk, login_id="clerk02")
    other = extractions.make_extraction(counter.node, stranger, view.row.number, CODES)
    assert reason(other) is Reason.NOT_FOUND
    made(counter, view)
    again = extractions.make_extraction(counter.node, counter.clerk, view.row.number, CODES)
    assert reason(again) is Reason.FILE_ALREADY_MADE
    own = extractions.own_extractions(counter.node, counter.clerk)
    assert isinstance(own, tuple)
    assert [(one.state, one.row.people) for one in own] == [(ExtractionState.MADE, 3)]


@pytest.mark.requirement("R-267")
def test_closer_items_wait_for_a_second_person(counter, family) -> None:
    view = asked(counter, order(CLOSER))
    assert view.state is ExtractionState.WAITING
    early = extractions.make_extraction(counter.node, counter.clerk, view.row.number, CODES)
    assert reason(early) is Reason.APPROVAL_MISSING
    waiting = extractions.waiting_extractions(counter.node, OFFICER)
    assert isinstance(waiting, tuple)
    assert [one.row.number for one in waiting] == [view.row.number]
    assert extractions.decide_on_extraction(counter.node, OFFICER, view.row.number, accept=True) is None
    assert made(counter, view).people == 3


def test_nobody_agrees_to_an_own_extraction(counter, family) -> None:
    view = asked(counter, order(CLOSER), BOTH)
    own = extractions.decide_on_extraction(counter.node, BOTH, view.row.number, accept=True)
    assert reason(own) is Reason.SAME_PERSON


def test_whoever_declines_says_why_and_nothing_is_made(counter, family) -> None:
    view = asked(counter, order(CLOSER))
    silent = extractions.decide_on_extraction(counter.node, OFFICER, view.row.number, accept=False)
    assert reason(silent) is Reason.FIELD_MISSING
    told = extractions.decide_on_extraction(
        counter.node, OFFICER, view.row.number, accept=False, why="項目が多い"
    )
    assert told is None
    late = extractions.decide_on_extraction(counter.node, OFFICER, view.row.number, accept=True)
    assert reason(late) is Reason.NOT_PENDING
    refused = extractions.make_extraction(counter.node, counter.clerk, view.row.number, CODES)
    assert reason(refused) is Reason.APPROVAL_MISSING


def test_who_may_not_extract_or_agree_is_refused(counter, family) -> None:
    assert (
        reason(extractions.ask_for_extraction(counter.node, counter.admin, order())) is Reason.NOT_PERMITTED
    )
    assert reason(extractions.own_extractions(counter.node, counter.admin)) is Reason.NOT_PERMITTED
    assert reason(extractions.waiting_extractions(counter.node, counter.clerk)) is Reason.NOT_PERMITTED
    decided = extractions.decide_on_extraction(counter.node, counter.clerk, "x", accept=True)
    assert reason(decided) is Reason.NOT_PERMITTED
    no_purpose = replace(order(), purpose="")
    assert (
        reason(extractions.ask_for_extraction(counter.node, counter.clerk, no_purpose))
        is Reason.PURPOSE_MISSING
    )


def test_conditions_mean_whom_they_say(counter, family) -> None:
    for conditions, people in (
        ({"town": "架空町"}, 3),
        ({"town": "別の町"}, 0),
        ({"youngest": 36, "oldest": 36}, 3),
        ({"youngest": 37}, 0),
        ({"householders_only": True}, 1),
        ({"resident_from": date(2026, 11, 11)}, 0),
    ):
        assert asked(counter, order(**conditions)).row.counted == people, conditions


def test_an_extraction_that_has_become_a_larger_one_is_not_made(counter, move_in, comer) -> None:
    view = asked(counter)
    assert view.row.counted == 0
    for place in range(11):
        home = Address(HERE.municipality, HERE.town, f"{place + 1}番1号")
        arrived(counter, replace(move_in(comer(place + 1)), address=home))
    refused = extractions.make_extraction(counter.node, counter.clerk, view.row.number, CODES)
    assert reason(refused) is Reason.CHANGED_SINCE


def test_the_covered_are_found_by_no_town_and_their_rows_say_no_place(counter, family) -> None:
    before = asked(counter, order(town="架空町"))
    protection.apply_for_protection(counter.node, KEEPER, application(family[1]))
    assert asked(counter, order(town="架空町")).row.counted == 0
    assert HERE.town not in made(counter, before).content.decode()
    file = made(counter, agreed(counter, asked(counter)))
    assert file.people == 3
    assert HERE.town not in file.content.decode()


def test_no_right_opens_in_a_file_what_a_measure_keeps_back(counter, family) -> None:
    sees = Operator("shien09", "p9", (Role.PROTECTION_OFFICER, Role.CLERK))
    protection.apply_for_protection(counter.node, KEEPER, application(family[1]))
    view = agreed(counter, asked(counter, who=sees))
    file = extractions.make_extraction(counter.node, sees, view.row.number, CODES)
    assert isinstance(file, HallFile)
    assert HERE.town not in file.content.decode()


def people(counter, count: int) -> None:
    """Stand for orders of before: many that were made."""
    with counter.node.store.unit() as unit:
        for number in range(count):
            row = store.ExtractionRow(
                f"x{number}", "READY", False, 30, counter.clerk.login_id, counter.node.clock.now(), "{}"
            )  # fmt: skip
            store.keep_extraction(unit, row)
            store.note_made(unit, row.number, counter.node.clock.now(), 30, 0, bytes(32))


@pytest.mark.requirement("R-267")
def test_slices_of_a_large_order_wait_like_the_whole(counter, family) -> None:
    people(counter, 3)
    assert asked(counter).state is ExtractionState.READY  # 90 and 3
    people_before = asked(counter, order(youngest=0))
    assert people_before.state is ExtractionState.READY  # 93 and 3
    third = asked(counter, order(youngest=1))
    assert third.state is ExtractionState.READY  # 96 and 3
    assert asked(counter, order(youngest=2)).state is ExtractionState.WAITING  # 99 and 3
    other = replace(counter.clerk, login_id="clerk02")
    assert asked(counter, who=other).state is ExtractionState.READY
    counter.node.clock.move(SUMMED + timedelta(seconds=1))
    assert asked(counter).state is ExtractionState.READY


def test_what_was_agreed_to_long_ago_is_not_made(counter, family) -> None:
    view = agreed(counter, asked(counter, order(CLOSER)))
    counter.node.clock.move(READY_FOR + timedelta(seconds=1))
    refused = extractions.make_extraction(counter.node, counter.clerk, view.row.number, CODES)
    assert reason(refused) is Reason.APPROVAL_LAPSED
    own = extractions.own_extractions(counter.node, counter.clerk)
    assert isinstance(own, tuple)
    assert own[0].state is ExtractionState.LAPSED


def test_a_list_that_would_name_the_covered_waits_for_a_second_person(counter, family) -> None:
    before = asked(counter)
    protection.apply_for_protection(counter.node, KEEPER, application(family[1]))
    assert asked(counter).state is ExtractionState.WAITING
    refused = extractions.make_extraction(counter.node, counter.clerk, before.row.number, CODES)
    assert reason(refused) is Reason.CHANGED_SINCE


def test_of_many_the_keys_are_counted_and_no_record_is_read(
    counter, family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractions, "COUNTED_ONE_BY_ONE", 2)
    monkeypatch.setattr(extractions, "read_record", lambda _: pytest.fail("a record was read"))
    assert asked(counter, order(CLOSER)).row.counted == 3
    assert asked(counter, order(CLOSER, youngest=60, town="別の町")).row.counted == 0


def test_everybody_of_a_large_file_has_a_line(counter, family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extractions, "_BATCH_ROWS", 2)
    monkeypatch.setattr("daicho.rules.hall.extraction.WITHOUT_APPROVAL_PEOPLE", 2)
    view = agreed(counter, asked(counter))
    made(counter, view)
    lines = [subject for event, _, subject in counter.lines() if event == "extraction:file:made"]
    assert lines == [subject_of(one) for one in family]


def test_the_household_number_of_the_covered_is_kept_back(counter, family) -> None:
    protection.apply_for_protection(counter.node, KEEPER, application(family[1]))
    view = agreed(counter, asked(counter, order(PLAIN | {HallItem.HOUSEHOLD_NUMBER})))
    rows = made(counter, view).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 4
    assert all("HOUSEHOLD_NUMBER" in one for one in rows[1:]), "named among what is kept back"
