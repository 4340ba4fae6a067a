"""Whom a table meets: which line names an address, what it is called from then on, what becomes of one household."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.areas.table import AreaLine
from daicho.rules.people.addresses import Address
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.address_renaming import RenamedHome
from daicho.rules.register.record import ResidentRecord


class AreaItemState(StrEnum):
    """What became of one household of an area.  世帯ごとの処理状況

    Law: none, own definition.
    """

    LISTED = "listed"  # met by a line, to be done
    DONE = "done"
    GONE = "gone"  # nobody of it lives at an old place any more
    UNNAMED = "unnamed"  # lives in the area, and no line names the address
    WAITS = "waits"  # a change that nobody has verified concerns the household
    HELD = "held"  # 異動処理の保留
    TOGETHER = "together"  # is covered by a measure with a household of one roof that waits or is held
    REFUSED = "refused"  # the change could not be drafted


QUEUE_STATES = (
    AreaItemState.UNNAMED, AreaItemState.WAITS, AreaItemState.HELD, AreaItemState.TOGETHER, AreaItemState.REFUSED,
)  # fmt: skip
"""What a clerk has to see to."""


class AreaIndex:
    """The lines of one table by what they are about.  新旧対照の索引

    Law: none, own definition.
    """

    def __init__(self, lines: Iterable[AreaLine]) -> None:
        """Take the lines of a table that had no fault."""
        self._lines = {line.key: line for line in lines}
        self._towns = {town for town, _, _, _ in self._lines}

    @property
    def towns(self) -> tuple[str, ...]:
        """Name the old towns, folded as addresses are compared.

        Law: none, own definition.
        """
        return tuple(sorted(self._towns))

    def line_for(self, home: Address, household_number: int) -> AreaLine | None:
        """Find the line that names an address, the closest one: household, building, block, town.

        Law: none, own definition.
        """
        town, block, building = (kanji_key(text) for text in (home.town, home.block, home.building))
        for key in (
            (town, block, building, household_number),
            (town, block, "", household_number),
            (town, block, building, None),
            (town, block, "", None),
            (town, "", "", None),
        ):
            if key in self._lines:
                return self._lines[key]
        return None

    def covers(self, home: Address) -> bool:
        """Tell whether an address lies in one of the old towns.

        Law: none, own definition.
        """
        return kanji_key(home.town) in self._towns


def renamed_address(home: Address, line: AreaLine) -> Address:
    """Write an address as a line says; the building stays, and a code of the town that had the old name does not.

    Law: 住居表示に関する法律 第3条; 地方自治法 第260条
    """
    same_town = home.town == line.new_town
    return replace(
        home,
        town=line.new_town,
        block=home.block if line.whole_town else line.new_block,
        building=line.new_building or home.building,
        postal_code=line.postal_code or home.postal_code,
        aza_code=line.aza_code or (home.aza_code if same_town else ""),
    )


def renamed_domicile(domicile: str | None, prefix: str, line: AreaLine) -> str | None:
    """Write a registered domicile in a renamed town; nothing where it is not surely in that town (own).

    Only a line about a whole town says what a domicile is called: a residence indication changes none. The name of the
    town must be followed by a figure, lest 甲町 be found in 甲町東.
    Law: 戸籍法施行規則 第45条, 第46条; own definition of which text is meant.
    """
    before = f"{prefix}{line.old_town}"
    if not (domicile and prefix and line.whole_town and domicile.startswith(before)):
        return None
    rest = domicile.removeprefix(before).lstrip(" 　")
    if not (rest[:1].isdigit() or rest.startswith("番")):
        return None
    return f"{prefix}{line.new_town}{domicile.removeprefix(before)}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be done with one household: who is renamed now, from which day on, and how it stands then.  判定

    Law: none, own definition.
    """

    state: AreaItemState
    homes: tuple[RenamedHome, ...] = ()
    effective_on: date | None = None


def judge_household(
    members: Sequence[ResidentRecord], index: AreaIndex, in_force_on: date, domicile_prefix: str = ""
) -> Judged:
    """Judge the living members of one household against a table.

    Who came to the old place after the day in force was entered under the old name: for them the new one holds from
    the day on which they came, so they are another change than the others and are done in the next round.
    Law: 住民基本台帳法施行令 第12条; the order of the rounds is own definition.
    """
    living = [one for one in members if one.living]
    found = [(one, line) for one in living if (line := _line_of(one, index)) is not None]
    held = any(one.processing_hold for one, _ in found)
    if held:
        return Judged(AreaItemState.HELD)
    if not found:
        return Judged(_rest(living, index))
    first = min(_from(one, in_force_on) for one, _ in found)
    now = [(one, line) for one, line in found if _from(one, in_force_on) == first]
    homes = tuple(
        RenamedHome(
            one.addressee_number,
            renamed_address(one.current_address, line),
            renamed_domicile(one.registered_domicile, domicile_prefix, line),
        )
        for one, line in now
    )
    renamed = {home.addressee_number for home in homes}
    left = [one for one in living if one.addressee_number not in renamed]
    if len(now) < len(found):
        state = AreaItemState.LISTED
    else:
        state = AreaItemState.UNNAMED if _rest(left, index) is AreaItemState.UNNAMED else AreaItemState.DONE
    return Judged(state, homes, first)


def _line_of(record: ResidentRecord, index: AreaIndex) -> AreaLine | None:
    line = index.line_for(record.current_address, record.household_number)
    if line is None or _named_so(record, line):
        return None
    return line


def _named_so(record: ResidentRecord, line: AreaLine) -> bool:
    home = record.current_address
    return (home.town, home.block) == (line.new_town, line.new_block or home.block)


def _rest(living: Iterable[ResidentRecord], index: AreaIndex) -> AreaItemState:
    """Tell how a household stands of which nobody is met by a line."""
    for one in living:
        line = index.line_for(one.current_address, one.household_number)
        if line is None and index.covers(one.current_address):
            return AreaItemState.UNNAMED
    return AreaItemState.GONE


def _from(record: ResidentRecord, in_force_on: date) -> date:
    return max(in_force_on, record.address_since)
