"""Both sides of a migration, counted and compared: how many of what, and a digest for each person.  移行の突合

A difference of counts says that something is wrong, the digests say at whom: halves are compared until one is left.
Law: none, own definition.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from daicho.rules.people.characters.unsettled import private_in
from daicho.rules.register.recharacter import character_texts
from daicho.rules.register.record import ResidentRecord

_NOT_KNOWN = "0000"
_SUM_BYTES = 8


class TallyCategory(StrEnum):
    """By what is counted.  突合の区分

    Law: none, own definition.
    """

    RECORDS = "RECORDS"  # 住民票（現存・消除）
    KIND = "KIND"  # 住民区分
    SEX = "SEX"  # 性別
    BIRTH_YEAR = "BIRTH_YEAR"  # 出生年
    DISTRICT = "DISTRICT"  # 町・字
    HOUSEHOLDS = "HOUSEHOLDS"  # 世帯
    VERSIONS = "VERSIONS"  # 履歴
    CHARACTERS = "CHARACTERS"  # 外字の使用
    CODES = "CODES"  # 現存する住民の住民票コード
    NUMBERS = "NUMBERS"  # 個人番号
    ENTRIES = "ENTRIES"  # 異動
    PERMITS = "PERMITS"  # 修正の許可
    PROGRAMMES = "PROGRAMMES"  # 個別記載事項
    CARDS = "CARDS"  # カードの異動
    SEALS = "SEALS"  # 印鑑登録
    PROTECTIONS = "PROTECTIONS"  # 支援措置
    HOLDS = "HOLDS"  # 廃棄の保留
    CONTENT = "CONTENT"  # 行と画像の内容


@dataclass(frozen=True, slots=True)
class TallyDifference:
    """A count that is not the same on both sides.  突合の相違

    Law: none, own definition.
    """

    category: TallyCategory
    key: str
    here: int
    there: int


@dataclass(slots=True)
class RegisterTally:
    """What one side holds, counted by category.  件数表

    Law: none, own definition.
    """

    counts: Counter[tuple[TallyCategory, str]] = field(default_factory=Counter)
    _homes: set[int] = field(default_factory=set)

    def add(self, category: TallyCategory, key: str = "", times: int = 1) -> None:
        """Count something.

        Law: none, own definition.
        """
        self.counts[category, key] += times

    def content(self, file: str, line: str) -> None:
        """Add what a line of a file says, as it is written here, to the sum of its file.

        Two sides that hold the same have the same sum, in whatever order they are read.
        Law: none, own definition.
        """
        self._sum_up(file, line.encode())

    def picture(self, name: str, sha256: str) -> None:
        """Add a picture, with its name, to the sum of its folder.

        Law: none, own definition.
        """
        self._sum_up(name.partition("/")[0], f"{name} {sha256}".encode())

    def number(self, addressee_number: int, effective_on: str) -> None:
        """Count somebody's individual number and the day from which it is theirs; the digest has the number itself.

        Law: none, own definition.
        """
        self.counts[TallyCategory.NUMBERS, ""] += 1
        self._sum_up("residents.csv", f"{addressee_number},{effective_on}".encode())

    def _sum_up(self, place: str, raw: bytes) -> None:
        made = int.from_bytes(hashlib.sha256(raw).digest()[:_SUM_BYTES], "big")
        key = TallyCategory.CONTENT, place
        self.counts[key] = (self.counts[key] + made) % (1 << 8 * _SUM_BYTES)

    def version(self, record: ResidentRecord) -> None:
        """Count one version, whether it stands or not, with the own characters that it holds.

        Law: none, own definition.
        """
        self.counts[TallyCategory.VERSIONS, ""] += 1
        for one in private_in(character_texts(record)):
            self.counts[TallyCategory.CHARACTERS, f"U+{ord(one):04X}"] += 1

    def standing(self, record: ResidentRecord) -> None:
        """Count a record that stands in the register.

        Law: none, own definition.
        """
        counts, category = self.counts, TallyCategory
        counts[category.RECORDS, "living" if record.living else "removed"] += 1
        if not record.living:
            return
        counts[category.CODES, "present" if record.resident_record_code is not None else "absent"] += 1
        counts[category.KIND, record.resident_kind.value] += 1
        counts[category.SEX, record.sex.value] += 1
        year = record.birth_date.year
        counts[category.BIRTH_YEAR, f"{year:04d}" if year else _NOT_KNOWN] += 1
        counts[category.DISTRICT, record.current_address.town] += 1
        if record.household_number not in self._homes:
            self._homes.add(record.household_number)
            counts[category.HOUSEHOLDS, ""] += 1


def compare_tallies(here: RegisterTally, there: RegisterTally) -> tuple[TallyDifference, ...]:
    """Name every count that is not the same on both sides.

    Law: none, own definition.
    """
    keys = sorted(here.counts.keys() | there.counts.keys())
    return tuple(
        TallyDifference(category, key, here.counts[category, key], there.counts[category, key])
        for category, key in keys
        if here.counts[category, key] != there.counts[category, key]
    )


def record_digest(lines: Iterable[str]) -> str:
    """Give the digest of all lines of one person, in their order.

    Law: none, own definition.
    """
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class RecordDigests:
    """The digests of one side, person by person, and of any range of people.  住民ごとの検査値

    Law: none, own definition.
    """

    def __init__(self, digests: Iterable[tuple[int, str]]) -> None:
        """Take each person's digest, in the order of the addressee numbers.

        Law: none, own definition.
        """
        self._numbers: list[int] = []
        self._digests: list[bytes] = []
        for number, digest in digests:
            self._numbers.append(number)
            self._digests.append(bytes.fromhex(digest))

    @property
    def last(self) -> int:
        """Give the highest addressee number, 0 without anybody."""
        return self._numbers[-1] if self._numbers else 0

    def of_range(self, first: int, last: int) -> str:
        """Give one digest of everybody from one addressee number to another, both included; "" of nobody.

        Law: none, own definition.
        """
        begin, end = bisect_left(self._numbers, first), bisect_right(self._numbers, last)
        if begin == end:
            return ""
        made = hashlib.sha256()
        for place in range(begin, end):
            made.update(self._numbers[place].to_bytes(8, "big") + self._digests[place])
        return made.hexdigest()


AskRange = Callable[[int, int], str]
"""Gives the digest of a range of addressee numbers: of this side, or of another that is asked."""


def find_differing(here: AskRange, there: AskRange, last: int, *, limit_people: int) -> tuple[int, ...]:
    """Name the people whose digests differ, the lowest numbers first, by comparing ever smaller halves.

    Each side is asked for a few ranges per person found, never for a list of people.
    Law: none, own definition.
    """
    found: list[int] = []
    waiting = [(1, last)] if last else []
    while waiting and len(found) < limit_people:
        first, end = waiting.pop()
        if here(first, end) == there(first, end):
            continue
        if first == end:
            found.append(first)
            continue
        middle = (first + end) // 2
        waiting += [(middle + 1, end), (first, middle)]
    return tuple(found)
