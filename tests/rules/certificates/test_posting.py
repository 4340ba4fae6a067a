"""発送・返戻: a paper goes where it must, once at a time, and what comes back has an end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.posting import (
    STATED,
    AddressSource,
    PostAct,
    PostState,
    PostStep,
    ReturnCause,
    address_source,
    check_post,
    open_steps,
    state_after,
)
from daicho.rules.certificates.request import CertificateRequester, Delivery
from daicho.rules.law.refusal import Reason

K, S, A, R = CertificateKind, PostStep, AddressSource, CertificateRequester
ISSUED = date(2026, 11, 18)
TODAY = date(2026, 11, 20)
DAYS = (ISSUED, TODAY)
NAMES = ("試験　1号", "試験　2号")
SEND = PostAct(S.SENT, TODAY, NAMES[0])


def check(act, state=PostState.WAITING, source=A.REGISTERED):
    return check_post(state, act, source, NAMES, DAYS)


@pytest.mark.parametrize(
    ("kind", "delivery", "requester", "source"),
    [
        (K.PERSONAL_COPY, Delivery.POSTED_TO_PERSON, R.SELF, A.REGISTERED),
        (K.PERSONAL_COPY, Delivery.POSTED_TO_PERSON, R.AGENT, A.REGISTERED),
        (K.PERSONAL_COPY, Delivery.POSTED_TO_REQUESTER, R.THIRD_PARTY, A.STATED),
        (K.REMOVED_COPY, Delivery.POSTED_TO_PERSON, R.SELF, A.STATED_BY_PERSON),
        (K.REWRITTEN_COPY, Delivery.POSTED_TO_PERSON, R.SELF, A.STATED_BY_PERSON),
        (K.REMOVED_COPY, Delivery.POSTED_TO_PERSON, R.AGENT, A.REGISTERED),
        (K.CODE_NOTICE, Delivery.POSTED_TO_PERSON, R.SELF, A.REGISTERED),
        (K.MOVE_OUT, Delivery.POSTED_TO_PERSON, R.SELF, A.PLANNED),
        (K.ACCEPTANCE_NOTICE, Delivery.POSTED_TO_PERSON, R.SELF, A.FORMER),
    ],
)
def test_to_which_address_a_paper_goes(kind, delivery, requester, source):
    assert address_source(kind, delivery, requester) is source


def test_what_was_turned_back_goes_to_nobody_any_more():
    assert open_steps(PostState.WAITING, A.REGISTERED, turned_back=True) == (S.DESTROYED,)
    assert open_steps(PostState.SENT, A.REGISTERED, turned_back=True) == (S.RETURNED,)


def test_numbers_go_to_the_registered_address_of_somebody_on_the_paper_and_nowhere_else():
    assert check(SEND) is None
    elsewhere = PostAct(S.SENT, TODAY, NAMES[0], "代理人の住所")
    assert (check(elsewhere).reason, check(elsewhere).field) == (Reason.FIELD_UNKNOWN_VALUE, "address")
    agent = PostAct(S.SENT, TODAY, "架空　代理")
    assert check(agent).field == "recipient"
    assert check(PostAct(S.SENT, TODAY)).field == "recipient"


def test_whoever_stated_an_address_is_written_to_there():
    told = PostAct(S.SENT, TODAY, "架空株式会社", "東京都架空市1番")
    assert check(told, source=A.STATED) is None
    assert check(PostAct(S.SENT, TODAY, "架空株式会社"), source=A.STATED).field == "address"


@pytest.mark.parametrize(
    ("state", "source", "steps"),
    [
        (PostState.WAITING, A.REGISTERED, (S.SENT, S.HANDED_OVER, S.DESTROYED)),
        (PostState.WAITING, A.FORMER, (S.SENT, S.DESTROYED)),
        (PostState.SENT, A.REGISTERED, (S.RETURNED,)),
        (PostState.RETURNED, A.STATED, (S.SENT, S.HANDED_OVER, S.DESTROYED)),
        (PostState.CLOSED, A.REGISTERED, ()),
    ],
)
def test_what_can_be_done_follows_from_where_the_paper_is(state, source, steps):
    assert open_steps(state, source) == steps


@given(st.sampled_from(PostState), st.sampled_from(AddressSource), st.sampled_from(PostStep))
def test_nothing_is_done_that_is_not_offered(state, source, step):
    act = PostAct(
        step,
        TODAY,
        NAMES[0],
        "東京都" if source in STATED and step is S.SENT else "",
        ReturnCause.OTHER,
        "理由",
    )
    refusal = check_post(state, act, source, NAMES, DAYS)
    assert (refusal is None) is (step in open_steps(state, source))
    if refusal is not None:
        assert refusal.reason is Reason.STEP_NOT_FITTING
    else:
        assert state_after(step) is not state


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (ISSUED, None),
        (ISSUED - timedelta(days=1), Reason.DATE_ORDER),
        (TODAY + timedelta(days=1), Reason.DATE_IN_FUTURE),
    ],
)
def test_nothing_is_sent_before_it_was_printed_or_tomorrow(on, reason):
    refusal = check(PostAct(S.SENT, on, NAMES[0]))
    assert (refusal.reason if refusal else None) is reason


def test_what_comes_back_says_why_and_what_ends_says_how():
    assert check(PostAct(S.RETURNED, TODAY), PostState.SENT).field == "cause"
    assert check(PostAct(S.RETURNED, TODAY, cause=ReturnCause.NOT_COLLECTED), PostState.SENT) is None
    for step in (S.HANDED_OVER, S.DESTROYED):
        assert check(PostAct(step, TODAY), PostState.RETURNED).field == "words"
        assert check(PostAct(step, TODAY, words="本人が来庁、旅券"), PostState.RETURNED) is None
