"""A town asks and tells about its own residents; about others it learns nothing on the servers above it."""

import pytest

from daicho.rules.identity.own_residents import may_confirm_move_out, may_gather_who_saw, number_waits
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import MunicipalityCode

HERE, THERE = MunicipalityCode("13101"), MunicipalityCode("13201")


@pytest.mark.parametrize(
    ("holder", "asker", "may"),
    [(HERE, HERE, True), (THERE, HERE, False), (None, HERE, False), (HERE, None, False), (None, None, False)],
)
def test_who_saw_a_record_is_told_to_the_town_that_holds_it(holder, asker, may):
    refusal = may_gather_who_saw(holder, asker)
    assert (refusal is None) is may
    if refusal is not None:
        assert (refusal.reason, refusal.field) == (Reason.OTHER_MUNICIPALITY, "resident_record_code")
        assert refusal.article.number == "30-32"


@pytest.mark.parametrize(
    ("holder", "given_to", "waits"),
    [
        (HERE, None, False),
        (HERE, THERE, False),  # somebody who moved in with the code of the former town
        (THERE, None, True),
        (THERE, HERE, True),  # somebody who moved away
        (None, HERE, False),  # born today; the report is on its way
        (None, THERE, True),
        (None, None, False),  # imported; the report is on its way
    ],
)
def test_a_number_waits_until_the_asker_holds_the_person(holder, given_to, waits):
    assert number_waits(holder, given_to, HERE) is waits


@pytest.mark.parametrize(
    ("holders", "may"), [({HERE}, True), ({HERE, THERE}, True), ({THERE}, False), ((), False)]
)
def test_a_moving_out_is_confirmed_by_a_town_that_held_the_person(holders, may):
    refusal = may_confirm_move_out(holders, HERE)
    assert (refusal is None) is may
    if refusal is not None:
        assert (refusal.reason, refusal.article.number) == (Reason.OTHER_MUNICIPALITY, "13")
    assert may_confirm_move_out(holders, None) is not None
