"""Numbers that would lead back to the code, or repeat, or carry a wrong check digit."""

import hashlib
import hmac
from collections import Counter
from itertools import pairwise

import pytest

from daicho.rules.identity.numbering import candidate
from daicho.rules.people.codes import ResidentRecordCode, with_check_digit


def prf(message: bytes) -> bytes:
    return hmac.digest(b"a key of this test", message, hashlib.sha256)


def code(number: int) -> ResidentRecordCode:
    return ResidentRecordCode(with_check_digit(f"{number:010d}"))


def test_same_code_and_attempt_give_the_same_number_and_the_next_attempt_another() -> None:
    first = candidate(prf, code(1), 0)
    assert candidate(prf, code(1), 0) == first
    assert candidate(prf, code(1), 1) != first
    assert candidate(prf, code(2), 0) != first
    assert len(first) == 12


def test_another_key_gives_another_number() -> None:
    other = candidate(lambda message: hmac.digest(b"another key", message, hashlib.sha256), code(1), 0)
    assert other != candidate(prf, code(1), 0)


def test_neighbouring_codes_give_numbers_without_any_order() -> None:
    numbers = [int(candidate(prf, code(number), 0)) for number in range(2000)]
    rises = sum(left < right for left, right in pairwise(numbers))
    assert 900 < rises < 1100
    first_digits = Counter(str(number).zfill(12)[0] for number in numbers)
    assert min(first_digits.values()) > 120
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("attempt", [-1, 1 << 16])
def test_attempt_out_of_range_is_our_own_fault(attempt: int) -> None:
    with pytest.raises(ValueError, match="attempt"):
        candidate(prf, code(1), attempt)


def test_short_function_is_our_own_fault() -> None:
    with pytest.raises(ValueError, match="too few"):
        candidate(lambda _: b"short", code(1), 0)


def test_what_is_drawn_from_never_changes() -> None:
    """Another layout would give everybody another number."""
    asked: list[bytes] = []

    def hear(message: bytes) -> bytes:
        asked.append(message)
        return bytes(12) + (123_456_789_012_345).to_bytes(8, "big")

    number = candidate(hear, code(7), 258)
    assert asked == [b"daicho individual number 1\0" + str(code(7)).encode() + b"\0\0\0\1\2"]
    assert number == with_check_digit("56789012345")
