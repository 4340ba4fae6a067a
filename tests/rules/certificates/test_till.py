"""日計: every fee is counted once, what is free says why, and no difference is passed over in silence."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.certificates.content import CORRESPONDENCE, CertificateKind
from daicho.rules.certificates.request import CertificateRequester, IssueChannel
from daicho.rules.certificates.sheets import SheetNote, SheetRange, SpoilCause, on_security_paper
from daicho.rules.certificates.till import (
    WAIVERS,
    ChargedPaper,
    FreeCause,
    Means,
    SheetSummary,
    TillClosing,
    TillCount,
    check_closing,
    check_waiver,
    free_cause,
    till_account,
)
from daicho.rules.law.refusal import Reason

K, C, R = CertificateKind, IssueChannel, CertificateRequester


def paper(number="2026-00000001", kind=K.HOUSEHOLD_COPY, channel=C.COUNTER, fee_yen=300, **items):
    return ChargedPaper(number, kind, channel, items.pop("requester", R.SELF), fee_yen, **items)


PAPERS = st.lists(
    st.builds(
        ChargedPaper,
        st.text("0123456789", min_size=1, max_size=8),
        st.sampled_from(K),
        st.sampled_from(C),
        st.sampled_from(R),
        st.sampled_from((0, 200, 300, 350)),
        st.sampled_from((None, *WAIVERS)),
    ),
    max_size=60,
)


@given(PAPERS)
def test_each_paper_is_counted_once_and_is_either_charged_or_free_for_one_reason(papers):
    account = till_account(papers)
    assert account.papers == len(papers)
    assert account.charged == sum(free_cause(one) is None for one in papers)
    assert account.fees_yen == sum(one.fee_yen for one in papers if free_cause(one) is None)
    for line in account.lines:
        assert line.papers == line.charged + sum(one.papers for one in line.free)
    assert len({(one.channel, one.kind) for one in account.lines}) == len(account.lines)


@given(PAPERS)
def test_what_a_kiosk_or_another_town_takes_lies_in_no_drawer_here(papers):
    account = till_account(papers)
    elsewhere = sum(one.fees_yen for one in account.lines if one.channel in (C.KIOSK, C.WIDE_AREA))
    assert sum(account.due_yen(means) for means in Means) == account.fees_yen - elsewhere


@pytest.mark.parametrize(
    ("one", "cause"),
    [
        (paper(), None),
        (paper(fee_yen=0, requester=R.PUBLIC), FreeCause.PUBLIC),
        (paper(fee_yen=0, kind=K.MOVE_OUT), FreeCause.LETTER),
        (paper(fee_yen=0, kind=K.CODE_NOTICE), FreeCause.LETTER),
        (paper(fee_yen=0), FreeCause.ORDINANCE),
        (paper(waived=FreeCause.SPOILED), FreeCause.SPOILED),
        (paper(fee_yen=0, requester=R.PUBLIC, waived=FreeCause.STATUTORY), FreeCause.STATUTORY),
    ],
)
def test_what_is_free_says_why(one, cause):
    assert free_cause(one) is cause


def test_lines_stand_by_channel_and_kind_in_one_order_however_papers_came():
    papers = [
        paper("3", K.PERSONAL_COPY, C.POST),
        paper("2", K.PERSONAL_COPY),
        paper("1", K.HOUSEHOLD_COPY),
    ]
    lines = till_account(papers).lines
    assert [(one.channel, one.kind) for one in lines] == [
        (C.COUNTER, K.HOUSEHOLD_COPY),
        (C.COUNTER, K.PERSONAL_COPY),
        (C.POST, K.PERSONAL_COPY),
    ]
    assert till_account(reversed(papers)).lines == lines


@pytest.mark.parametrize("cause", sorted(set(FreeCause) - set(WAIVERS)))
def test_nobody_claims_what_the_book_itself_says(cause):
    refusal = check_waiver(paper(), cause, "言い分")
    assert (refusal.reason, refusal.field) == (Reason.FIELD_UNKNOWN_VALUE, "cause")


def test_a_fee_is_waived_once_for_a_reason_in_words_and_only_where_there_is_one():
    assert check_waiver(paper(), FreeCause.SPOILED, "2026-00000007の書損") is None
    assert check_waiver(paper(), FreeCause.SPOILED, "　").field == "why"
    assert check_waiver(paper(fee_yen=0), FreeCause.REDUCED, "災害").reason is Reason.NOTHING_CHANGES
    again = paper(waived=FreeCause.REDUCED)
    assert check_waiver(again, FreeCause.SPOILED, "x").reason is Reason.NOTHING_CHANGES


@pytest.mark.parametrize(
    ("cash", "orders", "words", "field"),
    [
        (300, 0, "", None),
        (299, 0, "", "difference_words"),
        (299, 0, "　", "difference_words"),
        (299, 0, "釣銭の渡し過ぎ", None),
        (0, 300, "", "difference_words"),
        (-1, 300, "引き違い", "cash_yen"),
        (600, -300, "引き違い", "cash_yen"),
    ],
)
def test_a_difference_is_closed_with_words_alone(cash, orders, words, field):
    refusal = check_closing(till_account([paper()]), TillCount(cash, orders), words)
    assert (refusal.field if refusal else None) == field


def test_money_orders_do_not_make_up_for_cash():
    account = till_account([paper("1"), paper("2", channel=C.POST)])
    refusal = check_closing(account, TillCount(600, 0), "")
    assert refusal.field == "difference_words"
    closing = TillClosing(
        "2026-000001", date(2026, 11, 20), account, TillCount(600, 0), "", (), SheetSummary(2, 0, 10)
    )
    assert [closing.difference_yen(means) for means in Means] == [300, -300]


def test_numbered_sheets_are_for_what_this_town_prints_for_others_to_see():
    letters = {K.CODE_NOTICE, K.CODE_CHANGE_NOTICE, K.ACCEPTANCE_NOTICE, K.NUMBER_NOTICE, *CORRESPONDENCE}
    for kind, channel in product(K, C):
        here = channel in (C.COUNTER, C.POST)
        assert on_security_paper(kind, channel) is (here and kind not in letters)


def test_a_note_names_a_paper_or_a_cause():
    taken = SheetRange("A", 7, 1, 1)
    assert SheetNote(taken, "2026-00000001").cause is None
    assert SheetNote(taken, cause=SpoilCause.JAM).paper == ""
