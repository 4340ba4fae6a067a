"""Foreign residents: names, nationalities and what the law records of their residence."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from daicho.rules.register.record import HOUSEHOLDER
from daicho.world.people.drawing import spread
from daicho.world.people.households import Member
from daicho.world.people.names import GIVEN_BITS, SURNAME_BITS, given_names, surnames
from daicho.world.people.planning import FOREIGNERS_FROM, TODAY
from daicho.world.tables import rows_of

_NATIONALITY_BITS = 10
# Thousands of people: 在留外国人統計, end of 2024; what is left of the total is of many other countries.
_NATIONALITIES = {
    "中国": 873, "ベトナム": 634, "韓国": 409, "フィリピン": 342, "ネパール": 233, "ブラジル": 212, "インドネシア": 200,
    "ミャンマー": 135, "台湾": 70, "米国": 66,
}  # fmt: skip
_KEEP_FAMILY_NAME = frozenset({"中国", "ベトナム", "韓国", "台湾", "ミャンマー"})  # a wife there does
_HAVE_KANJI = 0.85  # of those whose names have them; without an application the card shows none
_SPECIAL = {"韓国": 0.6, "台湾": 0.01}  # special permanent residents, of their nationality
_WITH_ALIAS = {"特別永住者": 0.85, "永住者": 0.14, "定住者": 0.14, "日本人の配偶者等": 0.1}
_PASSING_DAYS = 60  # a child born here may stay without a status
_RARE = (("一時庇護許可者", 0.0005), ("仮滞在許可者", 0.001), ("国籍喪失による経過滞在者", 0.0013))
_ADULT_AGE = 18
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_NO_LIMIT = "無期限"
_PERIODS = {
    "技能実習": (1,), "特定技能": (1,), "留学": (1, 2), "技術・人文知識・国際業務": (1, 3, 5), "家族滞在": (1, 3, 5),
    "定住者": (1, 3, 5), "日本人の配偶者等": (1, 3, 5), "経営・管理": (1, 3), "特定活動": (1,),
}  # fmt: skip
# Status of residence and its weight, by age below which.
_BY_AGE: tuple[tuple[int, tuple[tuple[str, int], ...]], ...] = (
    (18, (("家族滞在", 50), ("永住者", 28), ("定住者", 22))),
    (25, (("留学", 44), ("技能実習", 30), ("特定技能", 14), ("技術・人文知識・国際業務", 8), ("特定活動", 4))),
    (35, (("技術・人文知識・国際業務", 34), ("技能実習", 20), ("特定技能", 18), ("留学", 9), ("永住者", 10), ("家族滞在", 9))),
    (50, (("永住者", 48), ("技術・人文知識・国際業務", 22), ("定住者", 14), ("特定技能", 6), ("経営・管理", 6), ("特定活動", 4))),
    (200, (("永住者", 74), ("定住者", 20), ("技術・人文知識・国際業務", 6))),
)  # fmt: skip
_SPOUSES = (("日本人の配偶者等", 52), ("永住者", 48))
_DEPENDANTS = 0.4  # of adults who live with another foreigner
_TRAINEES = frozenset({"技能実習", "特定技能"})
_NO_TRAINEES = frozenset({"韓国", "台湾", "米国", "ブラジル"})


@dataclass(frozen=True, slots=True)
class Written:
    """A foreign resident's name and its reading, and the extract's columns from the registered domicile on."""

    kanji: str
    reading: str
    end: str


@cache
def _nationalities() -> list[str]:
    return spread(tuple(_NATIONALITIES), tuple(_NATIONALITIES.values()), _NATIONALITY_BITS)


@cache
def _names() -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in rows_of("foreign_names.csv"):
        found[row["nationality"], row["part"]].append((row["roman"], row["kana"], row["kanji"]))
    return dict(found)


class Family:
    """The foreign members of one household; they share a nationality."""

    def __init__(self, draw: Random, *, mixed: bool) -> None:
        """Draw nationality and family name; `mixed` tells that a Japanese lives in the household."""
        self._draw = draw
        self._mixed = mixed
        self._nationality = _nationalities()[draw.getrandbits(_NATIONALITY_BITS)]
        self._special = draw.random() < _SPECIAL.get(self._nationality, 0)
        self._kanji = draw.random() < _HAVE_KANJI or self._special
        self._surname = draw.choice(_names()[self._nationality, "FAMILY"])
        self._given: list[tuple[str, str, str]] = []  # no two members bear the same
        self._alias_surname = surnames()[draw.getrandbits(SURNAME_BITS)][0]

    def write(self, member: Member, since: date, born: date) -> Written:
        """Write a member who came or was born here on a day."""
        draw = self._draw
        surname = self._surname
        if member.relationship in ("妻", "夫") and not self._mixed and self._nationality in _KEEP_FAMILY_NAME:
            surname = draw.choice(_names()[self._nationality, "FAMILY"])
        names = [name for name in _names()[self._nationality, member.sex] if name not in self._given]
        given = draw.choice(names)
        self._given.append(given)
        roman = f"{surname[0]} {given[0]}"
        kanji = f"{surname[2]}　{given[2]}" if self._kanji and given[2] else roman.translate(_FULL_WIDTH)
        category, status, items = self._residence(member, since, born)
        alias = ""
        if draw.random() < _WITH_ALIAS.get(status or category, 0.01):
            name = given_names(member.sex, born.year)[draw.getrandbits(GIVEN_BITS)][0]
            alias = f"{self._alias_surname}　{name}"
        reading = f"{surname[1]}　{given[1]}" if draw.random() < 0.6 else ""
        return Written(kanji, reading, f",,,,{alias},{roman},FOREIGN,{items},,,,,")

    def _residence(self, member: Member, since: date, born: date) -> tuple[str, str, str]:
        """Draw category and status, and write the columns from nationality to the end of the stay."""
        draw, today = self._draw, TODAY
        foreign_since = max(FOREIGNERS_FROM, born, since - timedelta(days=draw.randrange(2_500)))
        category, status, period, ends = "中長期在留者", "", "", ""
        card = (
            f"{draw.choice(_LETTERS)}{draw.choice(_LETTERS)}{draw.randrange(10**8):08d}"
            f"{draw.choice(_LETTERS)}{draw.choice(_LETTERS)}"
        )
        chance = draw.random()
        rare = next((name for name, below in _RARE if chance < below), None)
        if (today - born).days < _PASSING_DAYS:
            category, card = "出生による経過滞在者", ""
        elif self._special:
            category = "特別永住者"
        elif rare is not None:
            category, card = rare, ""
        else:
            status = self._status(member)
            years = draw.choice(_PERIODS.get(status, (0,)))
            period = f"{years}年" if years else _NO_LIMIT
            if years:
                ends = (today + timedelta(days=draw.randrange(10, years * 365))).isoformat()
        items = f"{self._nationality},{category},{foreign_since.isoformat()},{card},{status},{period},{ends}"
        return category, status, items

    def _status(self, member: Member) -> str:
        adult, first = member.age >= _ADULT_AGE, member.relationship == HOUSEHOLDER
        choices = next(choices for below, choices in _BY_AGE if member.age < below)
        if adult and self._mixed:
            choices = _SPOUSES
        elif adult and not first and self._draw.random() < _DEPENDANTS:
            return "家族滞在"
        status = self._draw.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
        if status in _TRAINEES and self._nationality in _NO_TRAINEES:
            return "定住者" if self._nationality == "ブラジル" else "技術・人文知識・国際業務"
        return status
