"""EUC over a real register: said beforehand, agreed by a second person, made once, with count and digest in the ledger."""

import hashlib
from dataclasses import replace
from datetime import date

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
from daicho.rules.hall.extraction import ExtractionConditions, ExtractionOrder, ExtractionState
from daicho.rules.hall.offices import HallItem
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address

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
    file = made(counter, asked(counter))
    assert file.people == 3
    assert HERE.town not in file.content.decode()


def test_no_right_opens_in_a_file_what_a_measure_keeps_back(counter, family) -> None:
    sees = Operator("shien09", "p9", (Role.PROTECTION_OFFICER, Role.CLERK))
    protection.apply_for_protection(counter.node, KEEPER, application(family[1]))
    view = asked(counter, who=sees)
    file = extractions.make_extraction(counter.node, sees, view.row.number, CODES)
    assert isinstance(file, HallFile)
    assert HERE.town not in file.content.decode()
