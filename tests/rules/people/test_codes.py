"""Codes and numbers: published vectors (written in halves, joined at run time) and another library as judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import in_ as judge

from daicho.rules.people.codes import (
    IndividualNumber,
    MalformedCode,
    MunicipalityCode,
    ResidentRecordCode,
    municipality_check_digit,
    with_check_digit,
)

NUMBERS = [
    ("123456", "789018"), ("023456", "789013"), ("983205", "673214"), ("379474", "484458"), ("454972", "364860"),
    ("507957", "100721"),
]  # fmt: skip
CODES = [("247270", "59608"), ("248460", "16224"), ("252080", "17643")]
MUNICIPALITIES = ["011002", "131016", "012025", "272159", "352063", "472018", "401307", "130001"]
DIGITS = "0123456789"


@pytest.mark.parametrize("halves", NUMBERS)
def test_published_individual_numbers(halves):
    number = "".join(halves)
    assert IndividualNumber(number) == number == with_check_digit(number[:-1])


@pytest.mark.parametrize("halves", CODES)
def test_resident_codes_of_the_official_sample_layout(halves):
    code = "".join(halves)
    assert ResidentRecordCode(code) == code == with_check_digit(code[:-1])


@pytest.mark.parametrize("code", MUNICIPALITIES)
def test_municipality_codes_of_the_official_list(code):
    assert MunicipalityCode(code) == code[:5]
    assert MunicipalityCode(code).with_check() == code
    assert MunicipalityCode(code).prefecture == code[:2]


def test_a_remainder_of_nothing_gives_nought_for_people_and_one_for_towns():
    assert with_check_digit("0" * 10)[-1] == "0"
    assert municipality_check_digit("00000") == 1


@given(st.text(DIGITS, min_size=11, max_size=11))
def test_the_check_digit_is_the_judges(payload):
    assert with_check_digit(payload)[-1] == judge.calc_check_digit(payload)
    assert judge.is_valid(with_check_digit(payload))


@given(st.text(DIGITS, min_size=12, max_size=12))
def test_a_number_is_accepted_exactly_when_the_judge_accepts_it(number):
    try:
        IndividualNumber(number)
    except MalformedCode as refused:
        told = str(refused)
        accepted = False
    else:
        told, accepted = "", True
    assert accepted == judge.is_valid(number)
    assert number not in told, "a refusal repeats no digits"


@given(st.text(DIGITS, min_size=10, max_size=11), st.data())
def test_one_wrong_digit_before_the_check_digit_is_noticed_unless_the_law_folds_it(payload, data):
    """Remainders 0 and 1 both give check digit 0: only between those two a slip can hide."""
    whole = with_check_digit(payload)
    place = data.draw(st.integers(0, len(payload) - 1))
    slip = data.draw(st.sampled_from(sorted(set(DIGITS) - {whole[place]})))
    wrong = whole[:place] + slip + whole[place + 1 :]
    kind = ResidentRecordCode if len(payload) == 10 else IndividualNumber
    if with_check_digit(wrong[:-1]) == wrong:
        assert whole[-1] == "0"
    else:
        with pytest.raises(MalformedCode):
            kind(wrong)


@pytest.mark.parametrize(
    "text", ["", "1", "abcdefghijk", "１２３４５６７８９０１", "1234567890 ", "-1234567890", "0" * 13]
)
def test_what_is_no_code_of_a_person(text):
    for kind in (ResidentRecordCode, IndividualNumber):
        with pytest.raises(MalformedCode):
            kind(text)


@pytest.mark.parametrize("text", ["", "1310", "48101", "00101", "131017", "１３１０１", "13101a", "1310166"])
def test_what_is_no_municipality_code(text):
    with pytest.raises(MalformedCode):
        MunicipalityCode(text)


def test_a_code_in_a_trace_or_a_log_shows_no_digits():
    code, number = ResidentRecordCode("".join(CODES[0])), IndividualNumber("".join(NUMBERS[0]))
    assert not any(character.isdigit() for character in f"{code!r}{number!r}{[code]}{(number,)}")


@pytest.mark.parametrize("length", [0, 9, 12])
def test_a_check_digit_is_made_for_ten_or_eleven_digits_only(length):
    with pytest.raises(MalformedCode):
        with_check_digit("1" * length)
