"""Differences between two copies that must not be overlooked, and plans that are none."""

import functools
import hashlib
import operator
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import pytest

from daicho.rules.identity.agreement import (
    BucketDigest,
    compare,
    digests,
    hashes_of,
    row_hash,
    unequal_buckets,
)
from daicho.rules.identity.record import IdentityRecord
from daicho.rules.identity.retention import kept_until, years_later
from daicho.rules.people.codes import ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate

Record = Callable[..., IdentityRecord]


def many(record: Record, count: int) -> list[IdentityRecord]:
    return [
        record(resident_record_code=ResidentRecordCode(with_check_digit(f"{n:010d}"))) for n in range(count)
    ]


def test_equal_copies_agree(record: Record) -> None:
    left, right = hashes_of(many(record, 200)), hashes_of(reversed(many(record, 200)))
    assert compare(left, right).none
    assert unequal_buckets(digests(left), digests(right)) == ()


def test_every_difference_is_found_once(record: Record) -> None:
    records = many(record, 200)
    left = hashes_of(records[:-1])
    right = hashes_of([replace(records[0], address="新町９番"), *records[1:150], *records[151:]])
    found = compare(left, right)
    assert found.unequal == (str(records[0].resident_record_code),)
    assert found.only_left == (str(records[150].resident_record_code),)
    assert found.only_right == (str(records[199].resident_record_code),)
    assert len(unequal_buckets(digests(left), digests(right))) == 3


@pytest.mark.parametrize(
    "name",
    [
        field.name
        for field in fields(IdentityRecord)
        if field.name not in ("scheduled_flag", "scheduled_move_out_on")
    ],
)
def test_no_item_is_left_out_of_the_hash(record: Record, name: str) -> None:
    values = {
        "birth_date": PartialDate(1991, 1, 1),
        "change_date": date(2021, 1, 1),
        "record_code_used_from": date(2021, 1, 1),
    }
    one = record()
    old = getattr(one, name)
    new = values.get(name)
    if new is None and hasattr(type(old), "__members__"):
        new = next(value for value in type(old) if value is not old)
    if new is None:
        new = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else "別"
    assert row_hash(replace(one, **{name: new})) != row_hash(one)


def test_plan_to_move_is_no_disagreement(record: Record) -> None:
    planned = record(scheduled_flag=True, scheduled_move_out_on=date(2026, 12, 1))
    assert row_hash(planned) == row_hash(record())


def test_items_cannot_slip_into_their_neighbours(record: Record) -> None:
    one = record(former_surname_kanji="辻", former_surname_furigana=None)
    other = record(former_surname_kanji=None, former_surname_furigana="辻")
    assert row_hash(one) != row_hash(other)


def test_swapped_pair_does_not_cancel_in_the_digest(record: Record) -> None:
    first, second = (str(one.resident_record_code) for one in many(record, 2))
    assert unequal_buckets(digests({first: b"x", second: b"y"}), digests({first: b"y", second: b"x"}))


def test_keeping_of_a_removal_ends_after_its_years_and_never_for_the_living(record: Record) -> None:
    gone = replace(record(), record_state=type(record().record_state).REMOVED)
    assert kept_until(gone, date(2026, 11, 20), 150) == date(2176, 11, 20)
    assert kept_until(record(), date(2026, 11, 20), 150) is None
    assert years_later(date(2024, 2, 29), 150) == date(2174, 2, 28)


def test_a_row_is_hashed_over_its_items_each_with_its_length(record: Record) -> None:
    one = record(name_furigana=None, address="本町１番")
    items = [getattr(one, field.name) for field in fields(one)]
    left_out = {"scheduled_flag", "scheduled_move_out_on"}
    shown = [
        "-" if item is None else f"{len(str(item).encode())}:{item}"
        for field, item in zip(fields(one), items, strict=True)
        if field.name not in left_out
    ]
    assert row_hash(one) == hashlib.sha256("|".join(shown).encode()).digest()


def test_a_digest_is_the_count_the_exclusive_or_and_the_sum_of_its_rows() -> None:
    codes = [str(n) for n in range(9_000)]
    by_bucket: dict[int, list[int]] = {}
    for code in codes:
        bucket = int(hashlib.sha256(code.encode()).hexdigest()[:4], 16) % 4096
        number = int(hashlib.sha256(code.encode() + bytes(32)).hexdigest(), 16)
        by_bucket.setdefault(bucket, []).append(number)
    found = digests(dict.fromkeys(codes, bytes(32)))
    assert found.keys() == by_bucket.keys()
    for bucket, numbers in by_bucket.items():
        exclusive = functools.reduce(operator.xor, numbers)
        total = sum(numbers) % 2**256
        assert found[bucket] == BucketDigest(
            len(numbers), exclusive.to_bytes(32, "big"), total.to_bytes(32, "big")
        )
