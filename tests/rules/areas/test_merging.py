"""Which municipality an address belongs to after a merger or when wards are set up."""

from dataclasses import replace
from datetime import date

from daicho.rules.areas.merging import Succession, check_successions, succeeded_address
from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode

A, B, C = (MunicipalityCode(one) for one in ("13101", "13102", "13103"))
HOME = Address(A, "甲町", "1番")
DAY = date(2027, 4, 1)


def test_article_7_the_successor_holds_from_its_day_on() -> None:
    merged = [Succession(A, B, DAY)]
    assert succeeded_address(HOME, merged, date(2027, 3, 31)) == HOME
    assert succeeded_address(HOME, merged, DAY) == replace(HOME, municipality=B)
    elsewhere = replace(HOME, municipality=C)
    assert succeeded_address(elsewhere, merged, DAY) == elsewhere


def test_article_252_20_a_town_goes_to_its_own_ward_and_the_rest_to_another() -> None:
    wards = [Succession(A, B, DAY), Succession(A, C, DAY, ("甲町", "乙町"))]
    assert check_successions(wards) is None
    assert succeeded_address(HOME, wards, DAY).municipality == C
    assert succeeded_address(replace(HOME, town="丙町"), wards, DAY).municipality == B


def test_two_successors_for_one_place_or_none_are_refused() -> None:
    doubled = check_successions([Succession(A, B, DAY, ("甲町",)), Succession(A, C, DAY, ("甲町",))])
    assert doubled is not None
    assert doubled.reason is Reason.LINE_DOUBLED
    itself = check_successions([Succession(A, A, DAY)])
    assert itself is not None
    assert itself.reason is Reason.NOTHING_CHANGES
