"""How one field of a handover folder is written and read back: the same value gives the same text.

Law: none, an own layout; docs/protocols/migration.md describes it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName, checked_text
from daicho.rules.register.record import HouseholdRelation

_Member = TypeVar("_Member", bound=StrEnum)
COUNT_DIGITS = 15
ID_CHARACTERS = 64
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{6})?(?:Z|\\+00:00)")
_ID = re.compile("[0-9A-Za-z:._-]+")
_DIGEST = re.compile("[0-9a-f]{64}")
_POINT = re.compile("U\\+([0-9A-F]{4,6})")
_LAST_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_APART, _OF = "|", ":"
_PART = re.compile(r"(?:[^|\\]|\\[|\\])+")
_ESCAPED = re.compile(r"\\([|\\])")


class Unfit(ValueError):
    """A text that is no value of its kind; it carries the reason, never the text.  項目の誤り"""

    def __init__(self, reason: Reason) -> None:
        """Carry why.

        Law: none, an own layout.
        """
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FieldKind:
    """How values of one kind stand in a field, at most so long.  項目の形式

    `words` describe it to whoever writes such files. What `read` cannot take raises a ValueError.
    Law: none, an own layout.
    """

    words: str
    max_chars: int
    read: Callable[[str], Any]
    write: Callable[[Any], str]


def _count(text: str) -> int:
    number = _number(text)
    if number == 0:
        raise Unfit(Reason.NUMBER_MALFORMED)
    return number


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Unfit(Reason.NUMBER_MALFORMED)
    return int(text)


@lru_cache(maxsize=65_536)
def _day(text: str) -> date:
    # The library also reads weeks and days without hyphens.
    if _DAY.fullmatch(text) is None:
        raise Unfit(Reason.DATE_MALFORMED)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit(Reason.DATE_MALFORMED) from None


@lru_cache(maxsize=65_536)
def _partial_day(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError:
        raise Unfit(Reason.DATE_MALFORMED) from None


def _instant(text: str) -> datetime:
    if _INSTANT.fullmatch(text) is None:
        raise Unfit(Reason.DATE_MALFORMED)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(Reason.DATE_MALFORMED) from None


def _mark(text: str) -> bool:
    if text not in ("0", "1"):
        raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
    return text == "1"


def _code(text: str) -> ResidentRecordCode:
    try:
        return ResidentRecordCode(text)
    except ValueError:
        raise Unfit(Reason.CHECK_DIGIT_WRONG) from None


def _individual_number(text: str) -> IndividualNumber:
    try:
        return IndividualNumber(text)
    except ValueError:
        raise Unfit(Reason.CHECK_DIGIT_WRONG) from None


@lru_cache(maxsize=8_192)
def _municipality(text: str) -> MunicipalityCode:
    try:
        return MunicipalityCode(text)
    except ValueError:
        raise Unfit(Reason.MUNICIPALITY_UNKNOWN) from None


def _postal(text: str) -> str:
    if len(text) != len("1000001") or not (text.isascii() and text.isdigit()):
        raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
    return text


def _identifier(text: str) -> str:
    if _ID.fullmatch(text) is None:
        raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
    return text


def _digest(text: str) -> str:
    if _DIGEST.fullmatch(text) is None:
        raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
    return text


def _article(text: str) -> Article:
    act, apart, number = text.partition(_APART)
    if not (act and apart and number):
        raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
    return Article(act, number)


def _characters(text: str) -> str:
    """Read code points such as U+E001 or U+845B U+E0102."""
    found = [_POINT.fullmatch(part) for part in text.split(" ")]
    points = [int(one[1], 16) for one in found if one is not None]
    if len(points) != len(found) or any(one in _SURROGATES or one > _LAST_POINT for one in points):
        raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
    return "".join(map(chr, points))


def _points(character: str) -> str:
    return " ".join(f"U+{ord(one):04X}" for one in character)


def _split(text: str) -> tuple[str, ...]:
    """Cut a list at its bars; a bar or a backslash of an item stands behind a backslash."""
    parts, place = [], 0
    while True:
        part = _PART.match(text, place)
        if part is None:
            raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
        parts.append(_ESCAPED.sub(r"\1", part[0]))
        place = part.end()
        if place == len(text):
            return tuple(parts)
        if text[place] != _APART:
            raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
        place += 1


def _join(items: tuple[str, ...]) -> str:
    return _APART.join(one.replace("\\", "\\\\").replace("|", "\\|") for one in items)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_count(one) for one in text.split(" "))


def _relations(text: str) -> tuple[HouseholdRelation, ...]:
    made = []
    for one in _split(text):
        number, apart, relationship = one.partition(_OF)
        if not (apart and relationship):
            raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
        made.append(HouseholdRelation(_count(number), relationship))
    return tuple(made)


def _furigana(text: str) -> str:
    # What may stand there, the name itself knows.
    PersonName("仮", text)
    return text


def _iso(day: date) -> str:
    return day.isoformat()


COUNT = FieldKind("1以上の整数", COUNT_DIGITS, _count, str)
NUMBER = FieldKind("0以上の整数", COUNT_DIGITS, _number, str)
DAY = FieldKind("YYYY-MM-DD", 10, _day, _iso)
PARTIAL_DAY = FieldKind("YYYY-MM-DD、不詳の部分は0", 10, _partial_day, str)
INSTANT = FieldKind(
    "協定世界時 YYYY-MM-DDThh:mm:ss[.ffffff]+00:00", 32, _instant, lambda at: at.astimezone(UTC).isoformat()
)
MARK = FieldKind("0 又は 1", 1, _mark, lambda mark: "1" if mark else "0")
CODE = FieldKind("住民票コード 11桁", 11, _code, str)
INDIVIDUAL_NUMBER = FieldKind("個人番号 12桁", 12, _individual_number, str)
MUNICIPALITY = FieldKind("市区町村コード 5桁又は6桁", 6, _municipality, str)
POSTAL = FieldKind("郵便番号 7桁", 7, _postal, str)
IDENTIFIER = FieldKind("英数字と : . _ -", ID_CHARACTERS, _identifier, str)
DIGEST = FieldKind("SHA-256 16進64桁", 64, _digest, str)
ARTICLE = FieldKind("法令名|条番号", 200, _article, lambda one: f"{one.act}|{one.number}")
CHARACTER = FieldKind("符号位置 U+XXXX、異体字列は空白区切り", 40, _characters, _points)
NUMBERS = FieldKind("整数の空白区切り", 20_000, _numbers, lambda numbers: " ".join(map(str, numbers)))
TEXTS = FieldKind("文字列の | 区切り、\\| と \\\\ は文字そのもの", 20_000, _split, _join)
RELATIONS = FieldKind(
    "宛名番号:続柄 の | 区切り", 20_000, _relations,
    lambda items: _join(tuple(f"{one.addressee_number}{_OF}{one.relationship}" for one in items)),
)  # fmt: skip
FURIGANA = FieldKind("仮名", 150, _furigana, str)
JSON = FieldKind("JSON", 1_000_000, str, str)


def text_of(max_chars: int) -> FieldKind:
    """Make the kind of free texts of a length.

    Law: none, an own layout.
    """
    return FieldKind("文字列", max_chars, str, str)


def shown_text_of(max_chars: int) -> FieldKind:
    """Make the kind of texts that stand on paper: something of them is to be seen.

    Law: none, an own layout.
    """

    def read(text: str) -> str:
        return checked_text(text, what="text", limit=max_chars)

    return FieldKind("文字列", max_chars, read, str)


def member_of(kind: type[_Member]) -> FieldKind:
    """Make the kind of values of a closed list.

    Law: none, an own layout.
    """
    members = {member.value: member for member in kind}

    def read(text: str) -> _Member:
        found = members.get(text)
        if found is None:
            raise Unfit(Reason.FIELD_UNKNOWN_VALUE)
        return found

    return FieldKind(" ".join(members), max(map(len, members)), read, lambda one: str(one.value))


def members_of(kind: type[_Member]) -> FieldKind:
    """Make the kind of several values of a closed list, with spaces between.

    Law: none, an own layout.
    """
    one_of = member_of(kind)

    def read(text: str) -> tuple[_Member, ...]:
        return tuple(one_of.read(one) for one in text.split(" "))

    return FieldKind(
        f"{one_of.words} の空白区切り", 2_000, read, lambda found: " ".join(one.value for one in found)
    )
