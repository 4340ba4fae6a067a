"""A second person decides: once, another one, and a no with its reason."""

import pytest

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.deciding import Undecided, check_decision, check_reasoned_decision

ARTICLE = Article("本人確認情報管理方法", "3")


def undecided(state="WAITING", asked_by=("clerk01",)):
    return Undecided(ARTICLE, "number", state, "WAITING", asked_by)


def decide(one, by="check01", *, accept=True, why=""):
    return check_reasoned_decision(one, by, accept=accept, why=why)


@pytest.mark.parametrize("accept", [True, False])
def test_nobody_decides_what_they_asked_for_themselves(accept):
    refusal = decide(undecided(), "clerk01", accept=accept, why="理由")
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.SAME_PERSON


@pytest.mark.parametrize("by", ["clerk01", "clerk02"])
def test_nobody_decides_who_answers_for_it_in_any_way(by):
    refusal = check_decision(undecided(asked_by=("clerk01", "clerk02")), by)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.SAME_PERSON


@pytest.mark.parametrize("accept", [True, False])
def test_what_was_decided_is_not_decided_again(accept):
    refusal = decide(undecided("used"), accept=accept, why="理由")
    assert refusal == Refusal(Reason.NOT_PENDING, ARTICLE, "number", "USED")


def test_that_it_was_decided_is_said_before_who_asked():
    refusal = decide(undecided("USED"), "clerk01")
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_PENDING


@pytest.mark.parametrize("why", ["", " ", "　"])
def test_a_no_has_its_reason(why):
    assert decide(undecided(), accept=False, why=why) == Refusal(Reason.FIELD_MISSING, ARTICLE, "why")
    assert decide(undecided(), accept=True, why=why) is None
    assert decide(undecided(), accept=False, why="対象が違う") is None


def test_a_reason_has_an_end():
    assert decide(undecided(), accept=False, why="あ" * 200) is None
    for accept in (True, False):
        refusal = decide(undecided(), accept=accept, why="あ" * 201)
        assert refusal == Refusal(Reason.FIELD_TOO_LONG, ARTICLE, "why")


def test_where_no_reason_is_asked_for_the_word_is_enough():
    assert check_decision(undecided(), "check01") is None
