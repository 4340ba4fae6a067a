"""By what a clerk may search: one key, or a name with something beside it; never so that the register is leafed through."""

from dataclasses import replace

import pytest

from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.lookup import ResidentTerms, check_resident_terms

BORN = PartialDate(1970, 3, 10)


@pytest.mark.parametrize(
    "terms",
    [
        {"code": ResidentRecordCode(with_check_digit("1234567890"))},
        {"individual_number": IndividualNumber(with_check_digit("12345678901"))},
        {"addressee_number": 1},
        {"household_number": 1},
        {"kana": "ワタ", "address": "丸の内"},
        {"kanji": "渡", "address": "丸の内"},
        {"kana": "ワタ", "birth_date": BORN},
        {"kanji": "渡", "birth_date": BORN},
    ],
)
def test_enough(terms):
    assert check_resident_terms(ResidentTerms(**terms)) is None


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"kana": "ワタ"},
        {"kanji": "渡"},
        {"address": "丸の内"},
        {"birth_date": BORN},
        {"address": "丸の内", "birth_date": BORN},
        {"kana": " ", "kanji": "　", "address": "丸の内", "birth_date": BORN},
        {"kana": "ワタ", "address": "　"},
    ],
)
def test_too_little(terms):
    refusal = check_resident_terms(ResidentTerms(**terms))
    assert str(refusal.article) == "本人確認情報管理方法第3条"
    assert refusal.field == "terms"
    assert check_resident_terms(replace(ResidentTerms(**terms), include_removed=True)) == refusal
