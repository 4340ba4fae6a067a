"""Where a protected person lives is found in what somebody wrote by whole parts of an address, never by a run of letters."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import HERE, THERE, record

from daicho.rules.protection.whereabouts import names_home_of

AT_HERE = record(1)  # 架空町一丁目2番3号


def at(block, town="架空町一丁目"):
    return record(1, current_address=replace(HERE, town=town, block=block))


@pytest.mark.parametrize(
    "text",
    [
        "架空町一丁目2番3号",
        "東京都千代田区架空町一丁目２番３号",
        "架空町一丁目2番3号　仮想荘101",
        "架空町一丁目2番3号101",
        "架空町一丁目2番",
        "架空町一丁目",
    ],
)
def test_a_home_is_named_by_its_whole_parts(text):
    assert names_home_of(text, AT_HERE)


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("架空町一丁目2番35号", "2番3号"),
        ("架空町一丁目2番35号", "2番3"),
        ("架空町一丁目2番3号", "2番35号"),
        ("架空町一丁目2", "23番4号"),
        ("架空町一丁目12番3号", "2番3号"),
        ("架空町一丁目12番地3", "12番地"),
        ("架空町一丁目12の3", "12"),
        ("新架空町一丁目2番3号", "2番3号"),
        ("架空町九丁目", "2番3号"),
        ("2番3号", "2番3号"),
        ("番", "2番3号"),
        ("", "2番3号"),
    ],
)
def test_a_run_of_the_same_letters_is_another_place(text, block):
    assert not names_home_of(text, at(block))


def test_a_number_without_its_last_word_is_the_same_place():
    assert names_home_of("架空町一丁目2番3号", at("2番3"))
    assert names_home_of("架空町一丁目2番3", at("2番3号"))
    assert names_home_of("架空町一丁目12番地", at("12番地3"))


NUMBERS = st.integers(1, 99)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_two_blocks_of_one_town_are_one_place_when_their_numbers_are_the_same(a, b, c, d):
    asked, home = f"架空町一丁目{a}番{b}号", at(f"{c}番{d}号")
    assert names_home_of(asked, home) == ((a, b) == (c, d))
    assert not names_home_of(asked, record(2, current_address=THERE))
