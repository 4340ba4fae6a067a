"""法30条の10・30条の12: for what a town's registry asks the Agency about somebody, and when for a number."""

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from daicho.rules.identity.inquiry import (
    SHOWN_A_DAY,
    InquiryAffair,
    InquiryBasis,
    check_inquiry,
    check_inquiry_basis,
    check_shown,
)
from daicho.rules.identity.search import BirthTerm, NameTerm, SearchTerms
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode, with_check_digit
from daicho.rules.people.sex import Sex
from daicho.rules.provision.basis import BasisTable
from daicho.rules.provision.fields import Field

BY_CODE = SearchTerms(code=ResidentRecordCode(with_check_digit("0000000001")))
BY_NUMBER = SearchTerms(number=IndividualNumber(with_check_digit("12345678901")))
NAMED = SearchTerms(name=NameTerm(kanji="来訪"), birth=BirthTerm(year=1990))
OWN = InquiryBasis.OWN_PREFECTURE.value


def test_the_rows_are_those_of_the_affairs_of_the_resident_register_and_open_code_and_number():
    texts = (
        (files("daicho.rules.provision") / name).read_text("utf-8")
        for name in ("bases.csv", "bases_outside.csv")
    )
    table = BasisTable.parse(*texts)
    for basis in InquiryBasis:
        name, _, item = basis.partition("/")
        row = table.row(name, item, date(2026, 11, 20))
        assert row is not None
        assert row.affair == "住民基本台帳の事務"
        opened = row.frame.may_hold(number_row=row.may_use_number)
        assert {Field.RESIDENT_RECORD_CODE, Field.INDIVIDUAL_NUMBER} <= set(opened)


@pytest.mark.parametrize("other", ["", "法22条", "30-10/1-2", "own/30-6", "30-9/1"])
def test_a_registry_asks_under_no_other_row(other):
    refusal = check_inquiry_basis(other)
    assert (refusal.reason, refusal.field) == (Reason.NO_LEGAL_BASIS, "basis")
    assert check_inquiry(NAMED, InquiryAffair.MOVE_IN, other) == refusal


@pytest.mark.parametrize("terms", [NAMED, BY_CODE])
@pytest.mark.parametrize("affair", list(InquiryAffair))
def test_every_affair_asks_by_code_and_by_a_combination_of_the_four_items(terms, affair):
    assert check_inquiry(terms, affair, OWN) is None


@pytest.mark.parametrize("terms", [SearchTerms(), SearchTerms(name=NameTerm(kanji="来訪"), sex=Sex.MALE)])
def test_nobody_leafs_through_the_nation(terms):
    assert check_inquiry(terms, InquiryAffair.MOVE_IN, OWN).reason is Reason.TOO_FEW_SEARCH_TERMS


@pytest.mark.parametrize(
    ("affair", "reason"),
    [
        (InquiryAffair.MOVE_IN, None),
        (InquiryAffair.EX_OFFICIO, None),
        (InquiryAffair.CHECK, Reason.NUMBER_NOT_NEEDED),
    ],
)
def test_a_number_is_asked_by_and_for_only_where_it_is_written_into_the_register(affair, reason):
    for refusal in (check_inquiry(BY_NUMBER, affair, OWN), check_inquiry(BY_CODE, affair, OWN, number=True)):
        assert (refusal and refusal.reason) is reason


@pytest.mark.parametrize("terms", [NAMED, BY_NUMBER, replace(NAMED, code=BY_CODE.code)])
def test_the_number_is_told_of_one_person_who_is_named_by_their_code_and_nothing_else(terms):
    refusal = check_inquiry(terms, InquiryAffair.MOVE_IN, OWN, number=True)
    assert (refusal.reason, refusal.field) == (Reason.CODE_MISSING, "resident_record_code")
    assert check_inquiry(BY_CODE, InquiryAffair.MOVE_IN, OWN, number=True) is None


def test_nobody_is_told_of_more_people_a_day_than_the_limit():
    assert check_shown(SHOWN_A_DAY - 1) is None
    assert check_shown(SHOWN_A_DAY).reason is Reason.SHOWN_TOO_MANY
