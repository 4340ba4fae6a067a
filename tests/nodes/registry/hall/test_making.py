"""A large extraction: begun, made part by part beside the requests, fetched once; nobody in it twice, whoever is killed when."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.nodes.registry.conftest import HERE
from tests.nodes.registry.hall.test_extractions import CLOSER, agreed, asked, order, reason
from tests.nodes.registry.test_protection import OFFICER as KEEPER
from tests.nodes.registry.test_protection import application, arrived

from daicho.nodes.registry import protection
from daicho.nodes.registry.hall import extractions, making
from daicho.nodes.registry.hall.files import CODES, HallFile
from daicho.nodes.registry.records import subject_of
from daicho.rules.hall.extraction import READY_FOR, ExtractionState
from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.store.unit import StoreUnavailable


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "AT_ONCE_PEOPLE", 2)
    monkeypatch.setattr(making, "PART_ROWS", 2)


def taken(counter, view, who=None):
    return making.take_extraction(
        counter.node, who or counter.clerk, view.row.number, CODES, terminal="madoguchi-1"
    )


def work(counter) -> int:
    steps = 0
    while making.make_some(counter.node):
        steps += 1
        assert steps < 50, "the work does not end"
    return steps


def begun(counter, items=CLOSER, **conditions):
    view = agreed(counter, asked(counter, order(items, **conditions)))
    assert taken(counter, view) is None
    return view


def state(counter, view):
    own = extractions.own_extractions(counter.node, counter.clerk)
    assert isinstance(own, tuple)
    return next(one for one in own if one.row.number == view.row.number)


def lines(counter):
    return [subject for event, _, subject in counter.lines() if event == "extraction:file:made"]


def parts(counter) -> list[bytes]:
    with counter.node.store.unit() as unit:
        unit.cursor.execute("select sealed from hall.extraction_part order by number, part")
        return [bytes(row[0]) for row in unit.cursor.fetchall()]


def test_a_large_file_is_begun_made_beside_the_requests_and_fetched_once(counter, family) -> None:
    small = extractions.make_extraction(
        counter.node, counter.clerk, agreed(counter, asked(counter, order(CLOSER))).row.number, CODES
    )
    assert isinstance(small, HallFile)
    before = len(lines(counter))
    view = begun(counter)
    assert state(counter, view).state is ExtractionState.MAKING
    assert taken(counter, view) is None, "pressed twice, it is made once"
    assert making.make_some(counter.node)
    assert state(counter, view).row.people == 2, "how far it is"
    work(counter)
    assert state(counter, view).state is ExtractionState.KEPT
    file = taken(counter, view)
    assert isinstance(file, HallFile)
    assert (file.content, file.people) == (small.content, 3), "the same file as of few people"
    assert file.digest == hashlib.sha256(file.content).digest() == state(counter, view).row.digest
    assert lines(counter)[before:] == ["", *(subject_of(one) for one in family), ""]
    assert reason(taken(counter, view)) is Reason.FILE_ALREADY_MADE
    assert parts(counter) == []


def test_nobody_begins_or_fetches_what_somebody_else_asked_for(counter, family) -> None:
    stranger = replace(counter.clerk, login_id="clerk02")
    view = agreed(counter, asked(counter, order(CLOSER)))
    assert reason(taken(counter, view, stranger)) is Reason.NOT_FOUND
    assert taken(counter, view) is None
    work(counter)
    assert reason(taken(counter, view, stranger)) is Reason.NOT_FOUND
    assert reason(taken(counter, view, counter.admin)) is Reason.NOT_PERMITTED


@pytest.mark.requirement("R-267")
def test_a_large_file_is_not_begun_before_a_second_person_agreed(counter, family) -> None:
    view = asked(counter, order(CLOSER))
    assert reason(taken(counter, view)) is Reason.APPROVAL_MISSING
    assert not making.make_some(counter.node)


@pytest.mark.parametrize(
    "statement", ["add_part", "note_read", "note_whole", "note_part", "keep_for_fetching"]
)
def test_whoever_is_cut_off_anywhere_goes_on_and_nobody_is_there_twice(
    counter, family, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    view = begun(counter)
    there = getattr(making.extractions, statement)
    cut = iter((True,))

    def once(*given: object) -> object:
        there(*given)
        if next(cut, False):
            raise StoreUnavailable
        return None

    monkeypatch.setattr(making.extractions, statement, once)
    for _ in range(50):
        try:
            if not making.make_some(counter.node):
                break
        except StoreUnavailable:
            continue
    file = taken(counter, view)
    assert isinstance(file, HallFile)
    assert file.people == len(file.content.decode().splitlines()) - 1 == 3
    assert lines(counter) == ["", *(subject_of(one) for one in family), ""]


def test_a_file_that_cannot_be_made_holds_up_no_other_and_may_be_begun_again(
    counter, family, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = begun(counter), begun(counter, youngest=0)
    there = making.write_part
    cut = iter((True,))

    def once(*given, **named):
        if next(cut, False):
            raise ValueError("a fault of ours")
        return there(*given, **named)

    monkeypatch.setattr(making, "write_part", once)
    work(counter)
    assert state(counter, good).state is ExtractionState.KEPT
    found = state(counter, broken)
    assert (found.state, found.row.fault) == (ExtractionState.READY, "ITEM_MALFORMED")
    assert taken(counter, broken) is None
    work(counter)
    assert isinstance(taken(counter, broken), HallFile)


def test_whom_a_measure_covers_before_the_file_is_fetched_stands_in_it_without_a_home(
    counter, family
) -> None:
    view = begun(counter)
    work(counter)
    protection.apply_for_protection(counter.node, KEEPER, application(family[1]))
    assert reason(taken(counter, view)) is Reason.CHANGED_SINCE
    assert (state(counter, view).state, parts(counter)) == (ExtractionState.READY, [])
    assert taken(counter, view) is None
    work(counter)
    file = taken(counter, view)
    assert isinstance(file, HallFile)
    assert HERE.town not in file.content.decode()


def test_a_file_that_has_become_a_larger_one_is_not_made(counter, family, move_in, comer) -> None:
    view = begun(counter)
    for place in range(12):
        home = Address(HERE.municipality, HERE.town, f"{place + 11}番1号")
        arrived(counter, replace(move_in(comer(place + 11)), address=home))
    work(counter)
    found = state(counter, view)
    assert (found.state, found.row.fault) == (ExtractionState.READY, "CHANGED_SINCE")
    assert lines(counter) == ["", ""], "begun and discarded; nobody was told of"
    assert parts(counter) == []


def test_what_nobody_fetches_is_forgotten(counter, family) -> None:
    view = begun(counter)
    work(counter)
    counter.node.clock.move(READY_FOR + timedelta(seconds=1))
    assert state(counter, view).state is ExtractionState.LAPSED
    assert reason(taken(counter, view)) is Reason.APPROVAL_LAPSED
    work(counter)
    assert parts(counter) == []
    assert state(counter, view).state is ExtractionState.LAPSED


def test_what_waits_in_the_database_says_nothing_of_anybody(counter, family) -> None:
    begun(counter)
    work(counter)
    kept = b"".join(parts(counter))
    assert kept
    for told in (family[0].name.kanji, HERE.town, str(family[0].resident_record_code)):
        assert told.encode() not in kept


def test_a_file_of_nobody_has_a_line_and_a_heading(counter, family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "AT_ONCE_PEOPLE", -1)
    empty = agreed(counter, asked(counter, order(CLOSER, youngest=99)))
    assert taken(counter, empty) is None
    work(counter)
    file = taken(counter, empty)
    assert isinstance(file, HallFile)
    assert (file.people, len(file.content.decode().splitlines())) == (0, 1)
    assert lines(counter) == ["", "", ""]
