"""廃棄: whose word counts for which list, what holds it up, and what a record of destruction says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.retention.disposal import (
    DisposalCount,
    DisposalItem,
    DisposalKind,
    HoldReason,
    ItemState,
    RunState,
    check_approval,
    check_hold,
    check_list,
    check_withdrawal,
    counts_of,
    digest_of,
)

ITEM = DisposalItem(DisposalKind.REMOVED_RECORD, "addressee:7", date(2026, 11, 20), "00" * 32)


def reason(answer):
    return answer.reason if isinstance(answer, Refusal) else answer


@pytest.mark.requirement("R-305")
def test_a_second_person_decides_about_what_waits():
    assert check_approval(RunState.PROPOSED, "bunsho01", "sekinin01") is None
    assert reason(check_approval(RunState.PROPOSED, "bunsho01", "bunsho01")) is Reason.SAME_PERSON
    for state in (RunState.APPROVED, RunState.DECLINED, RunState.DONE):
        assert reason(check_approval(state, "bunsho01", "sekinin01")) is Reason.NOT_PENDING


def test_a_word_is_for_the_list_that_was_seen_and_for_no_other():
    mine = digest_of([ITEM.line()])
    assert check_list(mine, mine, now=mine) is None
    other = digest_of([])
    assert reason(check_list(other, mine, now=mine)) is Reason.LIST_DIFFERS
    assert reason(check_list(mine, mine, now=other)) is Reason.LIST_DIFFERS


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20), max_size=6))
def test_the_digest_of_a_list_asks_not_for_its_order_and_notices_every_line(lines):
    assert digest_of(lines) == digest_of(reversed(lines))
    assert digest_of(lines) != digest_of([*lines, "one more"])


def test_every_part_of_a_thing_is_in_its_line():
    assert ITEM.line() == f"REMOVED_RECORD addressee:7 2026-11-20 {'00' * 32}"


def test_what_follows_from_the_register_is_not_set_by_hand():
    assert check_hold(HoldReason.LITIGATION, "令和8年(ワ)第1号") is None
    assert reason(check_hold(HoldReason.LITIGATION, "　 ")) is Reason.FIELD_MISSING
    for one in (HoldReason.PROTECTION, HoldReason.OPEN_CASE):
        assert reason(check_hold(one, "x")) is Reason.FIELD_UNKNOWN_VALUE


@pytest.mark.requirement("R-470")
def test_a_list_is_taken_back_by_whoever_drew_it_up_as_long_as_it_waits():
    assert check_withdrawal(RunState.PROPOSED, "bunsho01", "bunsho01") is None
    assert reason(check_withdrawal(RunState.PROPOSED, "bunsho01", "bunsho02")) is Reason.NOT_PERMITTED
    for state in set(RunState) - {RunState.PROPOSED}:
        assert reason(check_withdrawal(state, "bunsho01", "bunsho01")) is Reason.NOT_PENDING


@pytest.mark.requirement("R-305")
def test_every_thing_of_a_list_is_counted_once():
    record, version = DisposalKind.REMOVED_RECORD, DisposalKind.IDENTITY_VERSION
    results = [
        (record, ItemState.ERASED),
        (record, ItemState.HELD),
        (record, ItemState.CHANGED),
        (record, ItemState.ERASED),
        (version, ItemState.LISTED),
        (version, ItemState.LEFT),
    ]
    assert counts_of(results) == (DisposalCount(record, 4, 2, 1, 1), DisposalCount(version, 2, 0, 0, 0, 1))
    assert counts_of([]) == ()
