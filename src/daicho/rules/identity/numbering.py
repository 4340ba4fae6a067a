"""How the nation draws an individual number from a resident record code by a keyed one-way rule."""

from collections.abc import Callable

from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode, with_check_digit

_LABEL = b"daicho individual number 1"
_DIGITS = 11
_LEAST_BYTES = 16  # 128 bits make the remainder by 10^11 even enough
_MOST_ATTEMPTS = 1 << 16


def candidate(prf: Callable[[bytes], bytes], code: ResidentRecordCode, attempt: int) -> IndividualNumber:
    """Draw the number of a code at one attempt; the next attempt is for a number that is taken already.

    `prf` is the keyed function (HMAC) whose key the nation alone holds: without it nothing leads back.

    Law: 番号法 第8条第2項; the rule itself is our own.
    """
    if not 0 <= attempt < _MOST_ATTEMPTS:
        raise ValueError("attempt is out of range")
    drawn = prf(_LABEL + b"\0" + code.encode("ascii") + b"\0" + attempt.to_bytes(4, "big"))
    if len(drawn) < _LEAST_BYTES:
        raise ValueError("the keyed function gives too few bytes")
    payload = int.from_bytes(drawn, "big") % 10**_DIGITS
    return IndividualNumber(with_check_digit(f"{payload:0{_DIGITS}d}"))
