"""A poor line loses so many of a hundred, repeats so many, and hides nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.poor_line import PoorLine

PERCENT = 256**4 / 100


class Far:
    """The other end: counts what arrives; a second arrival may be refused."""

    def __init__(self, refuses_again: bool = False) -> None:
        self.arrived = 0
        self.refuses_again = refuses_again

    def send(self) -> bytes:
        self.arrived += 1
        if self.refuses_again and self.arrived > 1:
            raise WireRefused(409, "REPLAYED")
        return b"answer %d" % self.arrived


def line(chance_percent: float, lost: float = 2.0, repeated: float = 3.0) -> PoorLine:
    return PoorLine(lost, repeated, lambda size: int(chance_percent * PERCENT).to_bytes(size, "big"))


def test_an_envelope_that_is_lost_never_arrives() -> None:
    far = Far()
    with pytest.raises(WireUnavailable):
        line(0.5).carry(far.send)
    assert far.arrived == 0


def test_an_answer_that_is_lost_did_its_work() -> None:
    far = Far()
    with pytest.raises(WireUnavailable):
        line(1.5).carry(far.send)
    assert far.arrived == 1


@pytest.mark.parametrize("refuses_again", [False, True])
def test_an_envelope_that_is_repeated_arrives_twice_and_its_first_answer_counts(refuses_again: bool) -> None:
    far = Far(refuses_again)
    assert line(4.0).carry(far.send) == b"answer 1"
    assert far.arrived == 2


def test_everything_else_arrives_once_and_its_refusal_is_passed_on() -> None:
    far = Far()
    assert line(5.5).carry(far.send) == b"answer 1"
    assert far.arrived == 1
    refusing = Far(refuses_again=True)
    refusing.arrived = 1
    with pytest.raises(WireRefused):
        line(50.0).carry(refusing.send)


@given(st.floats(0, 99.9))
def test_a_good_line_changes_nothing(chance: float) -> None:
    far = Far()
    assert line(chance, lost=0, repeated=0).carry(far.send) == b"answer 1"
    assert far.arrived == 1
