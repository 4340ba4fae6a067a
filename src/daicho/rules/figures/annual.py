"""The annual report of a town's population: its lines in their order, each with its number.  住民基本台帳年報"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from daicho.rules.figures.districts import GROUPS, people_in
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import (
    ChangeCount,
    Column,
    CountedSpan,
    Movement,
    MovementCell,
    RegisterCount,
)

_ARTICLE = juki("6")
KINDS: tuple[ResidentKind | None, ...] = (None, ResidentKind.JAPANESE, ResidentKind.FOREIGN)
SEXES: tuple[Sex | None, ...] = (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN, None)
COLUMNS = len(KINDS) * len(SEXES)
_WHOLE = SEXES.index(None)
_Count = Callable[[ResidentKind, Sex], int]


class AnnualItem(StrEnum):
    """What a line of the report tells.  年報の項目"""

    OPENING = "101"  # 期首の人口
    MOVE_IN = "201"  # 転入（国内）
    MOVE_IN_FROM_ABROAD = "202"  # 転入（国外）
    MOVED_IN = "203"  # 転入の計
    BIRTH = "204"  # 出生
    NATIONALITY_IN = "205"  # その他（帰化等・国籍喪失）
    OTHER_IN = "206"  # その他
    ENTERED = "209"  # 記載の計
    MOVE_OUT = "301"  # 転出（国内）
    MOVE_OUT_ABROAD = "302"  # 転出（国外）
    MOVED_OUT = "303"  # 転出の計
    DEATH = "304"  # 死亡
    NATIONALITY_OUT = "305"  # その他（帰化等・国籍喪失）
    OTHER_OUT = "306"  # その他
    STRUCK = "309"  # 消除の計
    GROWTH = "401"  # 増減
    NATURAL = "402"  # 自然増減
    SOCIAL = "403"  # 社会増減
    IMPORTED = "501"  # 初期移行
    CLOSING = "601"  # 期末の人口
    OPENING_HOMES = "701"  # 期首の世帯数
    JAPANESE_HOMES = "702"  # 日本人のみの世帯
    FOREIGN_HOMES = "703"  # 外国人のみの世帯
    MIXED_HOMES = "704"  # 複数国籍世帯
    CLOSING_HOMES = "705"  # 期末の世帯数
    AGES = "8"  # 年齢5歳階級; the number of the group follows
    AGES_UNKNOWN = "899"  # 年齢不詳


_M, _I = Movement, AnnualItem
_SUMS: tuple[tuple[AnnualItem, tuple[Movement, ...], tuple[Movement, ...]], ...] = (
    (_I.MOVE_IN, (_M.MOVE_IN,), ()),
    (_I.MOVE_IN_FROM_ABROAD, (_M.MOVE_IN_FROM_ABROAD,), ()),
    (_I.MOVED_IN, (_M.MOVE_IN, _M.MOVE_IN_FROM_ABROAD), ()),
    (_I.BIRTH, (_M.BIRTH,), ()),
    (_I.NATIONALITY_IN, (_M.NATIONALITY_IN,), ()),
    (_I.OTHER_IN, (_M.OTHER_IN,), ()),
    (_I.ENTERED, (_M.BIRTH, _M.MOVE_IN, _M.MOVE_IN_FROM_ABROAD, _M.NATIONALITY_IN, _M.OTHER_IN), ()),
    (_I.MOVE_OUT, (_M.MOVE_OUT,), ()),
    (_I.MOVE_OUT_ABROAD, (_M.MOVE_OUT_ABROAD,), ()),
    (_I.MOVED_OUT, (_M.MOVE_OUT, _M.MOVE_OUT_ABROAD), ()),
    (_I.DEATH, (_M.DEATH,), ()),
    (_I.NATIONALITY_OUT, (_M.NATIONALITY_OUT,), ()),
    (_I.OTHER_OUT, (_M.OTHER_OUT,), ()),
    (_I.STRUCK, (_M.DEATH, _M.MOVE_OUT, _M.MOVE_OUT_ABROAD, _M.NATIONALITY_OUT, _M.OTHER_OUT), ()),
    (
        _I.GROWTH,
        (_M.BIRTH, _M.MOVE_IN, _M.MOVE_IN_FROM_ABROAD, _M.NATIONALITY_IN, _M.OTHER_IN),
        (_M.DEATH, _M.MOVE_OUT, _M.MOVE_OUT_ABROAD, _M.NATIONALITY_OUT, _M.OTHER_OUT),
    ),
    (_I.NATURAL, (_M.BIRTH,), (_M.DEATH,)),
    (
        _I.SOCIAL,
        (_M.MOVE_IN, _M.MOVE_IN_FROM_ABROAD, _M.NATIONALITY_IN, _M.OTHER_IN),
        (_M.MOVE_OUT, _M.MOVE_OUT_ABROAD, _M.NATIONALITY_OUT, _M.OTHER_OUT),
    ),
)


@dataclass(frozen=True, slots=True)
class AnnualLine:
    """One line: all, Japanese and foreign residents, each by sex and in all; a line of households has a sum alone.  年報の行

    `code` is the item's number, that of an age group with its place. Law: none, the custom of 住民基本台帳年報.
    """

    item: AnnualItem
    code: str
    cells: tuple[int | None, ...]
    group: int | None = None


def check_year(year: int, today: date) -> Refusal | None:
    """Refuse a year that is not over: its last day may still change.

    Law: none, own definition.
    """
    if today <= CountedSpan.of_year(year).last_day:
        return Refusal(Reason.DAY_NOT_OVER, _ARTICLE, "year")
    return None


def check_both_ends(differences: Mapping[Column, int]) -> Refusal | None:
    """Refuse a report whose two ends do not agree with what lies between them.

    Law: none, own definition.
    """
    return Refusal(Reason.COUNTS_DISAGREE, _ARTICLE, "by") if differences else None


def annual_lines(
    opening: RegisterCount, changes: ChangeCount, imported: Mapping[Column, int], closing: RegisterCount
) -> tuple[AnnualLine, ...]:
    """Write the lines of a year.

    Law: none, the order of 住民基本台帳年報: entered, struck, the growth, the ends, households, ages.
    """
    return (
        _line(AnnualItem.OPENING, opening.total),
        *_changes(changes),
        _line(AnnualItem.IMPORTED, lambda kind, sex: imported.get((kind, sex), 0)),
        _line(AnnualItem.CLOSING, closing.total),
        *_homes(opening, closing),
        *_ages(closing),
    )


def _changes(changes: ChangeCount) -> Iterator[AnnualLine]:
    for item, plus, minus in _SUMS:
        yield _line(item, _net(changes, plus, minus))


def _net(changes: ChangeCount, plus: Collection[Movement], minus: Collection[Movement]) -> _Count:
    def count(kind: ResidentKind, sex: Sex) -> int:
        def of(some: Collection[Movement]) -> int:
            return sum(changes.moves.get(MovementCell(one, kind, sex), 0) for one in some)

        return of(plus) - of(minus)

    return count


def _homes(opening: RegisterCount, closing: RegisterCount) -> Iterator[AnnualLine]:
    homes = closing.households
    for item, count in (
        (AnnualItem.OPENING_HOMES, opening.households.total),
        (AnnualItem.JAPANESE_HOMES, homes.japanese),
        (AnnualItem.FOREIGN_HOMES, homes.foreign),
        (AnnualItem.MIXED_HOMES, homes.mixed),
        (AnnualItem.CLOSING_HOMES, homes.total),
    ):
        cells = (*[None] * _WHOLE, count, *[None] * (COLUMNS - _WHOLE - 1))
        yield AnnualLine(item, item.value, cells)


def _ages(closing: RegisterCount) -> Iterator[AnnualLine]:
    groups = [_group(closing, one) for one in GROUPS]
    for place, (group, count) in enumerate(zip(GROUPS, groups, strict=True), 1):
        code = f"{AnnualItem.AGES.value}{place:02d}"
        yield AnnualLine(AnnualItem.AGES, code, _line(AnnualItem.AGES, count).cells, group)
    yield _line(
        AnnualItem.AGES_UNKNOWN,
        lambda kind, sex: closing.total(kind, sex) - sum(count(kind, sex) for count in groups),
    )


def _group(closing: RegisterCount, group: int) -> _Count:
    return lambda kind, sex: people_in(closing, kind=kind, sex=sex, group=group)


def _line(item: AnnualItem, count: _Count) -> AnnualLine:
    cells = tuple(
        sum(
            count(one, other)
            for one in ResidentKind
            for other in Sex
            if kind in (None, one) and sex in (None, other)
        )
        for kind in KINDS
        for sex in SEXES
    )
    return AnnualLine(item, item.value, cells)


def digest_of_report(lines: tuple[AnnualLine, ...], span: CountedSpan, by: str) -> str:
    """Give a digest of what a report says: the same figures give the same one whenever they are written.

    Law: none, own definition.
    """
    said = [f"{span.first_day} {span.last_day} {by}"]
    said += [
        ",".join([one.code, *("" if cell is None else str(cell) for cell in one.cells)]) for one in lines
    ]
    return sha256("\n".join(said).encode()).hexdigest()
