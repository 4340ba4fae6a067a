"""郵送請求: what may follow what, what goes back to the requester, and what is not forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.mailed import (
    MailedFault,
    MailedRequest,
    MailedState,
    MailedStep,
    MailedStepKind,
    age_days,
    article_of,
    change_yen,
    check_issue,
    check_received,
    faults_of,
    is_late,
    is_same_letter,
    step,
    with_person,
    without_content,
)
from daicho.rules.certificates.request import CertificateRequester
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
K = MailedStepKind
CAME = MailedRequest(
    "Y-1", DAY, CertificateKind.PERSONAL_COPY, CertificateRequester.THIRD_PARTY, "債権　一郎", "大阪府某市1番", "来訪　1号",
    about=1, enclosed_yen=450, identity_copy=True, envelope=True,
)  # fmt: skip


def done(kind, days=0, **said):
    return MailedStep(kind, DAY + timedelta(days=days), "clerk01", AT, **said)


ASKED = done(K.FAULTS_ASKED, faults=(MailedFault.FEE,))
REFUSED = done(K.REFUSED, words="正当な理由が認められない")


def after(*steps, came=CAME):
    for one in steps:
        came = step(came, one, DAY + timedelta(days=100))
        assert isinstance(came, MailedRequest), came
    return came


@pytest.mark.parametrize(
    ("steps", "state", "open_to"),
    [
        ((), MailedState.OPEN, {K.FAULTS_ASKED, K.PERSON_FOUND, K.ISSUED, K.REFUSED}),
        ((ASKED,), MailedState.ASKED, {K.ANSWERED, K.PERSON_FOUND, K.REFUSED}),
        ((ASKED, done(K.ANSWERED)), MailedState.OPEN, {K.FAULTS_ASKED, K.PERSON_FOUND, K.ISSUED, K.REFUSED}),
        ((REFUSED,), MailedState.REFUSED, {K.SENT_BACK}),
        ((REFUSED, done(K.SENT_BACK)), MailedState.CLOSED, set()),
        ((done(K.ISSUED, fee_yen=450, paper="1"),), MailedState.ISSUED, set()),
        ((done(K.ISSUED, fee_yen=300, paper="1"),), MailedState.ISSUED, {K.CHANGE_SENT}),
        ((done(K.ISSUED, fee_yen=300, paper="1"), done(K.CHANGE_SENT)), MailedState.ISSUED, set()),
    ],
)
def test_what_may_follow_where_a_request_stands(steps, state, open_to):
    came = after(*steps)
    assert came.state is state
    said = {"words": "理由", "faults": (MailedFault.FEE,)}
    for kind in K:
        following = step(came, done(kind, **said), DAY)
        assert isinstance(following, MailedRequest) is (kind in open_to), kind
        if kind not in open_to:
            assert following.reason is Reason.STEP_NOT_FITTING


def test_the_article_follows_from_who_asks_for_what_and_is_never_the_wide_area():
    assert article_of(CAME) == juki("12-3")
    assert article_of(replace(CAME, requester=CertificateRequester.SELF)) == juki("12")
    assert article_of(replace(CAME, requester=CertificateRequester.PUBLIC)) == juki("12-2")
    assert article_of(replace(CAME, kind=CertificateKind.REMOVED_COPY)) == juki("15-4")


def test_what_is_missing_is_seen_at_once_and_asked_for_in_one_letter():
    bare = replace(CAME, about=None, enclosed_yen=0, identity_copy=False, envelope=False)
    assert faults_of(bare, 300) == (
        MailedFault.FEE, MailedFault.IDENTITY, MailedFault.ENVELOPE, MailedFault.PERSON,
    )  # fmt: skip
    assert faults_of(CAME, 300) == ()
    public = replace(bare, requester=CertificateRequester.PUBLIC, about=1, envelope=True)
    assert faults_of(public, 0) == ()


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 2_000))
def test_every_yen_that_was_enclosed_is_the_fee_or_goes_back(first, later, fee):
    asked = after(ASKED, done(K.ANSWERED, enclosed_yen=later), came=replace(CAME, enclosed_yen=first))
    assert asked.enclosed == first + later
    issued = step(asked, done(K.ISSUED, fee_yen=fee, paper="1"), DAY)
    if fee > first + later:
        assert isinstance(issued, Refusal)
        assert issued.reason is Reason.FEE_SHORT
        assert change_yen(asked) == first + later, "who is refused is sent back all of it"
    else:
        assert change_yen(issued) == first + later - fee


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        ({"received_on": DAY + timedelta(days=1)}, Reason.DATE_IN_FUTURE, "received_on"),
        ({"asker": "　"}, Reason.FIELD_MISSING, "asker"),
        ({"asker_address": ""}, Reason.FIELD_MISSING, "asker_address"),
        ({"person_asked": ""}, Reason.FIELD_MISSING, "person_asked"),
        ({"asker": "名" * 101}, Reason.FIELD_TOO_LONG, "asker"),
        ({"enclosed_yen": -1}, Reason.ITEM_MALFORMED, "enclosed_yen"),
    ],
)
def test_what_did_not_come_like_that_is_not_noted(wrong, reason, field):
    refusal = check_received(replace(CAME, **wrong), DAY)
    assert refusal is not None
    assert (refusal.reason, refusal.field) == (reason, field)
    assert check_received(CAME, DAY) is None


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        (done(K.FAULTS_ASKED), Reason.FIELD_MISSING, "faults"),
        (done(K.FAULTS_ASKED, faults=(MailedFault.OTHER,)), Reason.FIELD_MISSING, "words"),
        (done(K.REFUSED), Reason.FIELD_MISSING, "words"),
        (done(K.REFUSED, days=101, words="x"), Reason.DATE_IN_FUTURE, "on"),
        (done(K.REFUSED, days=-1, words="x"), Reason.DATE_ORDER, "on"),
        (done(K.FAULTS_ASKED, faults=(MailedFault.FEE,), enclosed_yen=-1), Reason.ITEM_MALFORMED, "enclosed_yen"),
    ],
)  # fmt: skip
def test_a_step_that_says_too_little_or_of_another_day_is_refused(wrong, reason, field):
    refusal = step(CAME, wrong, DAY + timedelta(days=100))
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_a_paper_is_made_for_the_person_who_is_meant_and_only_when_it_is_paid():
    assert check_issue(CAME, 300, 1, ["別名", "債権 一郎"]) is None
    for came, fee, reason in (
        (with_person(CAME, 2), 300, Reason.NOT_FOUND),
        (CAME, 500, Reason.FEE_SHORT),
        (after(ASKED), 300, Reason.STEP_NOT_FITTING),
    ):
        refusal = check_issue(came, fee, 1, [CAME.asker])
        assert refusal is not None
        assert refusal.reason is reason


def test_no_paper_is_made_in_the_name_of_somebody_who_did_not_sign():
    for askers in ((), ("",), ("来訪　1号",), ("債権　一",)):
        refusal = check_issue(CAME, 300, 1, askers)
        assert refusal is not None
        assert (refusal.reason, refusal.field) == (Reason.ASKER_DIFFERS, "asker")
    refusal = check_issue(replace(CAME, asker="　"), 300, 1, ["　"])
    assert refusal is not None, "who bears no name has not signed either"


def test_what_came_after_it_was_asked_for_is_not_missing_any_more():
    bare = replace(CAME, identity_copy=False, envelope=False)
    asked = after(ASKED, done(K.ANSWERED, identity_copy=True), came=bare)
    assert faults_of(asked, 300) == (MailedFault.ENVELOPE,)
    again = after(ASKED, done(K.ANSWERED, envelope=True), came=asked)
    assert faults_of(again, 300) == ()


def test_a_form_with_another_content_is_another_letter_and_who_was_found_since_is_none():
    kept = after(ASKED, came=replace(CAME, number="Y-9"))
    assert is_same_letter(kept, replace(CAME, number="", about=None))
    for other in ({"asker": "別人"}, {"enclosed_yen": 300}, {"kind": CertificateKind.HOUSEHOLD_COPY}):
        assert not is_same_letter(kept, replace(CAME, **other))


def test_of_a_letter_that_went_back_no_name_and_no_place_is_kept():
    closed = after(REFUSED, done(K.SENT_BACK), came=replace(CAME, purpose="居場所を知りたい"))
    kept = without_content(closed)
    said = str(kept)
    for word in (CAME.asker, CAME.asker_address, CAME.person_asked, "居場所", REFUSED.words):
        assert word not in said
    assert (kept.state, kept.number, kept.received_on) == (MailedState.CLOSED, CAME.number, DAY)


def test_nothing_is_forgotten_the_office_is_reminded_after_a_week_and_of_others_after_a_month():
    assert age_days(CAME, DAY + timedelta(days=9)) == 9
    for came, patience in ((CAME, 7), (after(ASKED), 30), (after(REFUSED), 7)):
        assert not is_late(came, DAY + timedelta(days=patience))
        assert is_late(came, DAY + timedelta(days=patience + 1))
    assert not is_late(after(done(K.ISSUED, paper="1")), DAY + timedelta(days=999))
