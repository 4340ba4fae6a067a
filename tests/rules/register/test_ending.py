"""When a resident's record is over, and what is left of it for whoever comes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.rules.register.conftest import record as resident

from daicho.rules.register.ending import begins_anew, record_over, without_what_is_over
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import Removal

STRUCK = Removal(ChangeReason.STRUCK_OTHER, date(2026, 11, 18), date(2026, 11, 20))
LAST = date(2176, 11, 20)


@pytest.mark.requirement("R-476")
def test_a_record_is_over_when_its_years_are_and_never_while_its_person_lives_here():
    struck = replace(resident(1), removal=STRUCK)
    assert not record_over(struck, LAST)
    assert record_over(struck, LAST + timedelta(days=1))
    assert not record_over(resident(1), date(2999, 1, 1))


def test_who_comes_back_has_another_record_and_who_was_struck_by_mistake_the_same():
    struck = replace(resident(1), removal=STRUCK)
    assert begins_anew(struck, replace(resident(1), resident_since=date(2030, 1, 1)))
    assert not begins_anew(struck, resident(1))
    assert not begins_anew(resident(1), replace(resident(1), resident_since=date(2030, 1, 1)))


def test_numbers_are_left_and_nothing_that_a_new_record_would_take_over():
    old = replace(
        resident(1),
        removal=STRUCK,
        remarks=("x",),
        certificate_history=("y",),
        card_info=("z",),
        processing_hold=True,
    )
    left = without_what_is_over(old)
    assert (left.addressee_number, left.resident_record_code, left.update_sequence) == (
        old.addressee_number, old.resident_record_code, old.update_sequence,
    )  # fmt: skip
    assert (left.remarks, left.certificate_history, left.card_info, left.processing_hold) == (
        (),
        (),
        (),
        False,
    )
