"""番号法16条: a number and a code are one person's, or not, and nothing more is said."""

import pytest

from daicho.rules.identity.genuineness import NumberHolder, NumberVerdict, verdict_on
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
