"""What is brought, who may stand for it, and what is not taken back."""

from dataclasses import replace
from datetime import date

import pytest

from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import (
    AREA_ARTICLE,
    OPEN_STATES,
    AreaKind,
    AreaPlan,
    AreaState,
    check_area_approval,
    check_area_plan,
    check_area_resumption,
    check_area_stop,
    check_area_taken_up,
    check_area_withdrawal,
    check_dismissal,
    digest_of_area,
    much_differs,
)
from daicho.rules.areas.table import AreaLine
from daicho.rules.law.refusal import Reason, Refusal

TODAY = date(2026, 11, 20)
PLAN = AreaPlan(
    AreaKind.RESIDENCE_INDICATION, "甲町の住居表示の実施", date(2027, 2, 1), "告示第12号", date(2026, 11, 1)
)
LINES = (AreaLine(2, "甲町", "甲町一丁目", "12番地", new_block="3番4号"),)


def test_article_3_a_plan_rests_on_a_public_notice_that_was_given() -> None:
    assert check_area_plan(PLAN, TODAY) is None
    wanting = check_area_plan(replace(PLAN, notice_number=" "), TODAY)
    assert isinstance(wanting, Refusal)
    assert (wanting.reason, wanting.field, str(wanting.article)) == (
        Reason.FIELD_MISSING, "notice_number", "住居表示に関する法律第3条",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"title": ""}, Reason.FIELD_MISSING, "title"),
        ({"title": "甲" * 201}, Reason.FIELD_TOO_LONG, "title"),
        ({"notice_on": date(2026, 11, 21)}, Reason.DATE_IN_FUTURE, "notice_on"),
        ({"in_force_on": date(2026, 10, 31)}, Reason.DATE_ORDER, "in_force_on"),
        ({"domicile_prefix": "架空県架空市"}, Reason.ITEM_FORBIDDEN, "domicile_prefix"),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused(changed, reason, field) -> None:
    refused = check_area_plan(replace(PLAN, **changed), TODAY)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (reason, field)


def test_a_renamed_town_may_rename_domiciles() -> None:
    plan = replace(PLAN, kind=AreaKind.TOWN_RENAMED, domicile_prefix="架空県架空市")
    assert check_area_plan(plan, TODAY) is None


@pytest.mark.parametrize("state", AreaState)
def test_whoever_brought_a_table_does_not_approve_it_nor_what_does_not_wait(state: AreaState) -> None:
    own = check_area_approval(state, "a", "a", seen="x", kept="x")
    other = check_area_approval(state, "a", "b", seen="x", kept="x")
    if state is AreaState.CHECKED:
        assert own is not None
        assert own.reason is Reason.SAME_PERSON
        assert other is None
        changed = check_area_approval(state, "a", "b", seen="y", kept="x")
        assert changed is not None
        assert changed.reason is Reason.LIST_DIFFERS
    else:
        assert own is not None
        assert other is not None
        assert own.reason is other.reason is Reason.NOT_PENDING


@pytest.mark.parametrize("state", AreaState)
def test_what_is_being_carried_out_is_not_taken_back(state: AreaState) -> None:
    assert (check_area_withdrawal(state, begun=False) is None) == (state in OPEN_STATES)
    assert check_area_withdrawal(state, begun=True) is not None


@pytest.mark.parametrize("state", AreaState)
def test_what_is_approved_can_be_stopped_and_only_what_was_stopped_goes_on(state: AreaState) -> None:
    assert (check_area_stop(state) is None) == (state is AreaState.APPROVED)
    assert (check_area_resumption(state) is None) == (state is AreaState.STOPPED)
    taken_up = check_area_taken_up(state, begun=True)
    assert (taken_up is None) == (state in (AreaState.APPROVED, AreaState.DONE))
    assert check_area_taken_up(state, begun=False) is not None


@pytest.mark.parametrize(
    ("told", "found", "differs"),
    [
        (0, 10, False),
        (0, 11, True),
        (100, 90, False),
        (100, 89, True),
        (1_000, 1_100, False),
        (1_000, 1_101, True),
    ],
)
def test_a_word_is_asked_for_again_where_many_more_or_fewer_live_there(
    told: int, found: int, differs: bool
) -> None:
    assert much_differs(told, found) is differs


def test_the_digest_binds_the_plan_and_every_word_of_every_line() -> None:
    digest = digest_of_area(PLAN, LINES)
    assert digest == digest_of_area(PLAN, list(LINES))
    others = [
        digest_of_area(replace(PLAN, in_force_on=date(2027, 2, 2)), LINES),
        digest_of_area(PLAN, (replace(LINES[0], new_block="3番5号"),)),
        digest_of_area(PLAN, (replace(LINES[0], new_block="", new_building="3番4号"),)),
        digest_of_area(PLAN, ()),
    ]
    assert len({digest, *others}) == 5


@pytest.mark.parametrize("state", list(AreaItemState))
def test_only_what_no_work_ends_is_left_as_it_stands_and_with_a_reason(state: AreaItemState) -> None:
    refusal = check_dismissal(state, "新しい町名の表示である")
    if state in (AreaItemState.DOUBTFUL, AreaItemState.BACK):
        assert refusal is None
        assert check_dismissal(state, "　") == Refusal(Reason.FIELD_MISSING, AREA_ARTICLE, "why")
        assert check_dismissal(state, "あ" * 201) == Refusal(Reason.FIELD_TOO_LONG, AREA_ARTICLE, "why")
    else:
        assert isinstance(refusal, Refusal)
        assert (refusal.reason, refusal.field) == (Reason.NOT_PENDING, "household")
