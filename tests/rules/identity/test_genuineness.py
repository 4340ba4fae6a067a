"""番号法16条: a number and a code are one person's, or not, and nothing more is said."""

import pytest

from daicho.rules.identity.genuineness import (
    UNMATCHED_OF_A_TOWN,
    UNMATCHED_OF_AN_OPERATOR,
    ConfirmingBasis,
    NumberHolder,
    NumberVerdict,
    check_basis,
    check_guesses,
    verdict_on,
)
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import ResidentRecordCode, with_check_digit

ASKED, OTHER = (ResidentRecordCode(with_check_digit(f"{number:010d}")) for number in (1, 2))


@pytest.mark.parametrize(
    ("holder", "verdict"),
    [
        (NumberHolder(ASKED, current=True), NumberVerdict.MATCHES),
        (NumberHolder(ASKED, current=False), NumberVerdict.LAPSED),
        (NumberHolder(OTHER, current=True), NumberVerdict.DIFFERS),
        (NumberHolder(OTHER, current=False), NumberVerdict.DIFFERS),
        (None, NumberVerdict.DIFFERS),
    ],
)
@pytest.mark.requirement("R-041")
def test_a_number_of_nobody_and_one_of_somebody_else_are_not_told_apart(holder, verdict):
    assert verdict_on({ASKED}, holder) is verdict


def test_a_number_stays_somebodys_when_their_code_is_changed():
    assert verdict_on({ASKED, OTHER}, NumberHolder(OTHER, current=True)) is NumberVerdict.MATCHES


def test_a_number_is_confirmed_under_the_articles_of_provision_to_a_town_and_under_no_other():
    assert [check_basis(one.value) for one in ConfirmingBasis] == [None, None]
    for other in ("", "法22条", "番号法16条", "法30条の9"):
        refusal = check_basis(other)
        assert (refusal.reason, refusal.field) == (Reason.NO_LEGAL_BASIS, "basis")


@pytest.mark.parametrize("most", [UNMATCHED_OF_AN_OPERATOR, UNMATCHED_OF_A_TOWN])
def test_whoever_guesses_comes_to_an_end(most):
    assert check_guesses(most - 1, most) is None
    assert check_guesses(most, most).reason is Reason.GUESSED_TOO_OFTEN
