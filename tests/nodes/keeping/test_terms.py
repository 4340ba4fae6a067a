"""Search terms between the wire's texts and the rules' values: a birth date in every form asks for what is kept of it."""

import pytest
from hypothesis import given
from tests.rules.people.test_written_dates import FORMS, written_dates

from daicho.nodes.keeping.terms import from_text, to_text
from daicho.rules.identity.search import BirthTerm, SearchTerms
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.wire.operations import SearchTermsText


def asked(text):
    return from_text(SearchTermsText(name="渡辺", birth_date=text))


@pytest.mark.parametrize(("words", "kept"), [(words, folded) for words, _, folded, _ in FORMS])
def test_each_form_asks_for_what_is_kept_above_the_town(words, kept):
    assert asked(words).birth == BirthTerm(PartialDate.parse(kept))


@given(written_dates())
def test_what_is_folded_is_asked_for_and_written_for_the_wire_again(told):
    terms = asked(told.japanese())
    assert isinstance(terms, SearchTerms)
    assert terms.birth == BirthTerm(told.folded)
    assert from_text(to_text(terms)) == terms


@pytest.mark.parametrize("text", ["昨日", "1970-13-01", "昭和65年", "昭和20年3月1日から"])
def test_what_is_no_birth_date_is_refused_by_its_field(text):
    refusal = asked(text)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.field) == (Reason.SEARCH_TERM_UNUSABLE, "birth_date")


def test_a_year_alone_asks_for_everybody_born_in_it():
    assert asked("1970").birth == BirthTerm(year=1970)
