"""The limits of each item, from both sides, and items that contradict each other."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daicho.rules.identity.form import check_form
from daicho.rules.identity.record import IdentityRecord, RecordState
from daicho.rules.people.codes import ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.register.reasons import ChangeReason

Record = Callable[..., IdentityRecord]
OTHER = ResidentRecordCode(with_check_digit("0000000099"))
GONE = {"record_state": RecordState.REMOVED}


@pytest.mark.parametrize(
    "items",
    [
        {"update_sequence": 1},
        {"update_sequence": 2_147_483_647},
        {"postal_code": ""},
        {"aza_code": "123456789012"},
        {"aza_code": ""},
        {"birth_date": PartialDate(2020, 4, 1), "change_date": date(2020, 4, 1)},
        {"change_reason": ChangeReason.CODE_CHANGED_ON_REQUEST, "old_resident_record_code": OTHER},
        {"scheduled_flag": True, "scheduled_move_out_on": date(2020, 5, 1)},
        {"change_reason": ChangeReason.DEATH} | GONE,
        {"name_furigana": None, "name_normalized_kana": ""},
    ],
)
def test_what_is_just_allowed(record: Record, items: dict[str, Any]) -> None:
    assert check_form(record(**items)) is None


@pytest.mark.parametrize(
    ("items", "field", "detail"),
    [
        ({"update_sequence": 0}, "update_sequence", "range"),
        ({"update_sequence": 2_147_483_648}, "update_sequence", "range"),
        ({"postal_code": "12345678"}, "postal_code", "digits"),
        ({"postal_code": "1"}, "postal_code", "digits"),
        ({"aza_code": "1234567890123"}, "aza_code", "digits"),
        ({"birth_date": PartialDate(2020, 4, 2), "change_date": date(2020, 4, 1)}, "change_date", "before_birth"),
        ({"change_reason": ChangeReason.CODE_CHANGED_ON_REQUEST}, "old_resident_record_code", "empty"),
        ({"change_reason": ChangeReason.DEATH}, "record_state", "removal_living"),
        (GONE, "record_state", "entry_removed"),
        ({"scheduled_flag": True}, "scheduled_flag", "without_day"),
        ({"change_reason": ChangeReason.DEATH, "scheduled_flag": True, "scheduled_move_out_on": date(2020, 5, 1)} | GONE,
         "scheduled_flag", "without_day"),
    ],
)  # fmt: skip
def test_what_is_just_not(record: Record, items: dict[str, Any], field: str, detail: str) -> None:
    refusal = check_form(record(**items))
    assert refusal is not None
    assert (refusal.field, refusal.detail) == (field, detail)


def test_an_old_code_that_is_the_new_one_is_none(record: Record) -> None:
    refusal = check_form(record(old_resident_record_code=record().resident_record_code))
    assert refusal is not None
    assert (refusal.field, refusal.detail) == ("old_resident_record_code", "same")
    assert check_form(record(old_resident_record_code=OTHER)) is None
