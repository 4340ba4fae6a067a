"""How many live here, and how many came and went: the counts of a day, a period and a year.  住民基本台帳の統計

Everything is counted while it streams by; nobody is remembered. The same records and entries give the same counts
on whatever day they are asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from daicho.rules.people.age import ages_on, last_birth_of
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ResidentKind, ResidentRecord

GROUP_YEARS = 5
OPEN_GROUP = 100  # 100歳以上
Column = tuple[ResidentKind, Sex]


class CountedBy(StrEnum):
    """Which day says when a change counts.  数える日

    What was recorded by a day stays so: the count of that day is the same whenever it is asked for. What was in force on
    a day is known better later, since notices come late and mistakes are corrected.
    """

    RECORDED = "RECORDED"  # 記録した日
    LEGAL_DAY = "LEGAL_DAY"  # 異動日


class Movement(StrEnum):
    """Why the population grew or shrank by one.  人口動態の事由"""

    BIRTH = "BIRTH"  # 出生
    DEATH = "DEATH"  # 死亡
    MOVE_IN = "MOVE_IN"  # 転入（国内）
    MOVE_IN_FROM_ABROAD = "MOVE_IN_FROM_ABROAD"  # 転入（国外）
    MOVE_OUT = "MOVE_OUT"  # 転出（国内）
    MOVE_OUT_ABROAD = "MOVE_OUT_ABROAD"  # 転出（国外）
    NATIONALITY_IN = "NATIONALITY_IN"  # その他の増（帰化・国籍喪失）
    NATIONALITY_OUT = "NATIONALITY_OUT"  # その他の減（帰化・国籍喪失）
    OTHER_IN = "OTHER_IN"  # その他の増（その他）
    OTHER_OUT = "OTHER_OUT"  # その他の減（その他）


_COMING = {
    ChangeReason.BIRTH: Movement.BIRTH,
    ChangeReason.MOVE_IN: Movement.MOVE_IN,
    ChangeReason.MOVE_IN_FROM_ABROAD: Movement.MOVE_IN_FROM_ABROAD,
    ChangeReason.ENTERED_NATURALISED: Movement.NATIONALITY_IN,
    ChangeReason.ENTERED_NATIONALITY_LOST: Movement.NATIONALITY_IN,
}
_GOING = {
    ChangeReason.DEATH: Movement.DEATH,
    ChangeReason.MOVE_OUT: Movement.MOVE_OUT,
    ChangeReason.MOVE_OUT_ABROAD: Movement.MOVE_OUT_ABROAD,
    ChangeReason.STRUCK_NATURALISED: Movement.NATIONALITY_OUT,
    ChangeReason.STRUCK_NATIONALITY_LOST: Movement.NATIONALITY_OUT,
}
_GROWTH = frozenset((*_COMING.values(), Movement.OTHER_IN))
_NATURAL = frozenset((Movement.BIRTH, Movement.DEATH))


@dataclass(frozen=True, slots=True)
class PopulationCell:
    """One field of the table of people; a group is named by its lowest age, and nothing names the unknown.  人口の区分"""

    kind: ResidentKind
    sex: Sex
    age_group: int | None


@dataclass(frozen=True, slots=True)
class HouseholdCount:
    """Households by whom they hold.  世帯数"""

    japanese: int
    foreign: int
    mixed: int  # 複数国籍世帯

    @property
    def total(self) -> int:
        """Count all households."""
        return self.japanese + self.foreign + self.mixed


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """Who lived in the town on a day, by sex, age group and nationality, and in how many households.  人口・世帯数"""

    counted_on: date
    people: Mapping[PopulationCell, int]
    households: HouseholdCount

    def total(self, kind: ResidentKind | None = None, sex: Sex | None = None) -> int:
        """Add up the fields of one kind, one sex, both or all.

        Law: none, addition.
        """
        return sum(
            count
            for cell, count in self.people.items()
            if kind in (None, cell.kind) and sex in (None, cell.sex)
        )


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """From which day to which changes are counted, both included.  集計期間"""

    first_day: date
    last_day: date

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Take one day.

        Law: none, arrangement of one value.
        """
        return cls(day, day)

    @classmethod
    def of_year(cls, year: int) -> Self:
        """Take a calendar year, as the annual report does.

        Law: none, the custom of 住民基本台帳年報.
        """
        return cls(date(year, 1, 1), date(year, 12, 31))

    def __contains__(self, day: object) -> bool:
        """Tell whether a day is counted."""
        return isinstance(day, date) and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class MovementCell:
    """One field of the table of changes.  人口動態の区分"""

    movement: Movement
    kind: ResidentKind
    sex: Sex


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many came and went in a period, by reason.  人口動態"""

    span: CountedSpan
    moves: Mapping[MovementCell, int]

    def of(self, movement: Movement, kind: ResidentKind | None = None) -> int:
        """Count one reason, of everybody or of one kind of resident.

        Law: none, addition.
        """
        return sum(
            count
            for cell, count in self.moves.items()
            if cell.movement is movement and kind in (None, cell.kind)
        )

    def natural(self, kind: ResidentKind | None = None) -> int:
        """Give births less deaths.  自然増減

        Law: none, the custom of 住民基本台帳年報.
        """
        return self.of(Movement.BIRTH, kind) - self.of(Movement.DEATH, kind)

    def social(self, kind: ResidentKind | None = None) -> int:
        """Give all other growth less all other decrease.  社会増減

        Law: none, the custom of 住民基本台帳年報.
        """
        return sum(
            self.of(one, kind) * (1 if one in _GROWTH else -1) for one in Movement if one not in _NATURAL
        )

    def net(self, kind: ResidentKind, sex: Sex) -> int:
        """Give by how much one kind and sex grew.

        Law: none, addition.
        """
        return sum(
            count if cell.movement in _GROWTH else -count
            for cell, count in self.moves.items()
            if cell.kind is kind and cell.sex is sex
        )


def birth_bounds(on: date) -> tuple[date, ...]:
    """Give the birth dates at which the age on a day changes, ascending, from the open group to those not yet born.

    Law: 年齢計算ニ関スル法律
    """
    days = [last_birth_of(years, on) for years in range(OPEN_GROUP, -1, -1)]
    return tuple(one + timedelta(days=1) for one in days)


def age_group(birth: PartialDate, on: date) -> int | None:
    """Name the five-year group by its lowest age; nothing when a partly unknown birth date leaves it open.

    Law: 年齢計算ニ関スル法律; the groups are those of 住民基本台帳年報.
    """
    ages = ages_on(birth, on)
    if ages is None:
        return None
    groups = {min(age // GROUP_YEARS * GROUP_YEARS, OPEN_GROUP) for age in (ages.youngest, ages.oldest)}
    return groups.pop() if len(groups) == 1 else None


def count_register(records: Iterable[ResidentRecord], on: date) -> RegisterCount:
    """Count the records that stood on a day; they come household by household, in the order of their numbers.

    Law: 住民基本台帳法 第6条; the table is that of 住民基本台帳年報. Raises: ValueError when the order is broken.
    """
    people: Counter[PopulationCell] = Counter()
    households: Counter[frozenset[ResidentKind]] = Counter()
    number: int | None = None
    kinds: frozenset[ResidentKind] = frozenset()
    for record in records:
        if not record.living:
            continue
        if number is None or record.household_number > number:
            households[kinds] += bool(kinds)
            number, kinds = record.household_number, frozenset()
        elif record.household_number < number:
            raise ValueError("records must come in the order of their households")
        kinds |= {record.resident_kind}
        people[PopulationCell(record.resident_kind, record.sex, age_group(record.birth_date, on))] += 1
    households[kinds] += bool(kinds)
    return RegisterCount(
        counted_on=on,
        people=dict(people),
        households=HouseholdCount(
            japanese=households[frozenset((ResidentKind.JAPANESE,))],
            foreign=households[frozenset((ResidentKind.FOREIGN,))],
            mixed=households[frozenset(ResidentKind)],
        ),
    )


def count_changes(entries: Iterable[tuple[date, Entry]], span: CountedSpan) -> ChangeCount:
    """Count who came and went by entries, each with the day on which it took effect in the register.

    Law: 住民基本台帳法 第8条; the table is that of 住民基本台帳年報.
    """
    moves: Counter[MovementCell] = Counter()
    for day, entry in entries:
        if day not in span:
            continue
        for before, after in entry.pairs():
            reason = entry.reason_for(after.addressee_number)
            moves.update(movements(_column(before), _column(after), reason))
    return ChangeCount(span, dict(moves))


def _column(record: ResidentRecord | None) -> Column | None:
    return (record.resident_kind, record.sex) if record is not None and record.living else None


def movements(before: Column | None, after: Column | None, reason: ChangeReason) -> tuple[MovementCell, ...]:
    """Name the fields in which the change of one record counts; none stands for a record that does not stand.

    Law: 住民基本台帳法 第8条; the table is that of 住民基本台帳年報.
    """
    if before == after:
        return ()
    if before is None:
        return () if after is None else (MovementCell(_COMING.get(reason, Movement.OTHER_IN), *after),)
    if after is None:
        return (MovementCell(_GOING.get(reason, Movement.OTHER_OUT), *before),)
    # A correction moves the person from one column to another.
    return (MovementCell(Movement.OTHER_OUT, *before), MovementCell(Movement.OTHER_IN, *after))


def unexplained(
    opening: RegisterCount, changes: ChangeCount, closing: RegisterCount, imported: Mapping[Column, int]
) -> dict[Column, int]:
    """Tell where the counts at both ends and the changes between them do not add up: nothing when all is well.

    `opening` is of the day before the span, `closing` of its last day; who came with an import moved nowhere.

    Law: none, own definition.
    """
    differences = {
        (kind, sex): closing.total(kind, sex)
        - opening.total(kind, sex)
        - changes.net(kind, sex)
        - imported.get((kind, sex), 0)
        for kind in ResidentKind
        for sex in Sex
    }
    return {place: difference for place, difference in differences.items() if difference}
