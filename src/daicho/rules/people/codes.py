"""The codes and numbers that identify people and municipalities, with their check digits."""

from operator import mul
from typing import Self

_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)
_MUNICIPALITY_WEIGHTS = (6, 5, 4, 3, 2)


class MalformedCode(ValueError):
    """Not a code of this kind; the message never repeats the digits.  形式不正"""


def mod11_2to7(payload: str) -> int:
    """Compute the check digit of an individual number or a resident code from the digits before it.

    Law: 平成26年総務省令第85号 第5条; for the resident code our assumption (平成14年総務省告示第436号 not seen).
    """
    digits = payload.encode("ascii")[::-1]
    # Each byte is its digit plus 48.
    remainder = (sum(map(mul, digits, _WEIGHTS)) - 48 * sum(_WEIGHTS[: len(digits)])) % 11
    return 0 if remainder <= 1 else 11 - remainder


def with_check_digit(payload: str) -> str:
    """Append the check digit to 10 digits (resident code) or 11 digits (individual number).

    Law: 平成26年総務省令第85号 第5条
    """
    if len(payload) not in (10, 11) or not _is_digits(payload):
        raise MalformedCode("10 or 11 digits are needed")
    return payload + str(mod11_2to7(payload))


def _weighed(weights: tuple[int, ...]) -> dict[str, int]:
    """Weigh every group of three digits."""
    return {f"{n:03d}": sum(map(mul, map(int, f"{n:03d}"), weights)) for n in range(1_000)}


def _closed_by(group: str) -> int:
    """Tell with which rests of the nine digits before them two digits and their check digit agree, as a bit each."""
    two = sum(map(mul, map(int, group[:2]), (3, 2)))
    fits = (rest for rest in range(11) if (11 - rest if rest > 1 else 0) == int(group[2]))
    return sum(1 << (rest - two) % 11 for rest in fits)


# A million numbers are checked three times each: by groups of three digits, a third of the time that digits take.
_FIRST, _SECOND, _THIRD = _weighed((6, 5, 4)), _weighed((3, 2, 7)), _weighed((6, 5, 4))
_CLOSED_BY = {f"{n:03d}": _closed_by(f"{n:03d}") for n in range(1_000)}


def _has_check_digit(twelve: str) -> bool:
    """Tell whether these are twelve digits, the last of them the check digit of the others."""
    try:
        rest = _FIRST[twelve[:3]] + _SECOND[twelve[3:6]] + _THIRD[twelve[6:9]]
        return bool(_CLOSED_BY[twelve[9:]] >> rest % 11 & 1)
    except KeyError:
        return False


def municipality_check_digit(five_digits: str) -> int:
    """Compute the check digit of a municipality code from its five digits.

    Law: 全国地方公共団体コード
    """
    total = sum(int(digit) * weight for digit, weight in zip(five_digits, _MUNICIPALITY_WEIGHTS, strict=True))
    return (11 - total % 11) % 10


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


class ResidentRecordCode(str):
    """Eleven digits that follow a person for life unless changed.  住民票コード

    Law: 住民基本台帳法施行規則 第1条
    """

    __slots__ = ()

    def __new__(cls, digits: str) -> Self:
        """Check form and check digit. Raises: MalformedCode."""
        if not _has_check_digit("0" + digits):  # a zero in front weighs nothing
            raise MalformedCode("a resident code has 11 digits, the last of them a check digit")
        return str.__new__(cls, digits)

    def __repr__(self) -> str:
        """Show nothing of the digits."""
        return "ResidentRecordCode(***)"


class IndividualNumber(str):
    """Twelve digits under the Number Act; kept apart from everything else.  個人番号

    Law: 番号法第2条第5項
    """

    __slots__ = ()

    def __new__(cls, digits: str) -> Self:
        """Check form and check digit. Raises: MalformedCode."""
        if not _has_check_digit(digits):
            raise MalformedCode("an individual number has 12 digits, the last of them a check digit")
        return str.__new__(cls, digits)

    def __repr__(self) -> str:
        """Show nothing of the digits."""
        return "IndividualNumber(***)"


class MunicipalityCode(str):
    """Five digits of a municipality; the sixth, the check digit, is accepted and dropped.  市町村コード

    Law: 全国地方公共団体コード
    """

    __slots__ = ()

    def __new__(cls, digits: str) -> Self:
        """Check form, prefecture and (of six digits) the check digit. Raises: MalformedCode."""
        if len(digits) not in (5, 6) or not _is_digits(digits):
            raise MalformedCode("a municipality code has 5 digits, or 6 with its check digit")
        if not "01" <= digits[:2] <= "47":
            raise MalformedCode("no such prefecture")
        if len(digits) == 6 and int(digits[5]) != municipality_check_digit(digits[:5]):
            raise MalformedCode("check digit of the municipality code")
        return str.__new__(cls, digits[:5])

    @property
    def prefecture(self) -> str:
        """Give the two digits of the prefecture.

        Law: 全国地方公共団体コード
        """
        return self[:2]

    def with_check(self) -> str:
        """Give the six digits.

        Law: 全国地方公共団体コード
        """
        return str(self) + str(municipality_check_digit(self))
