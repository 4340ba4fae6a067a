"""Whom a table meets: which line names an address, what it is called from then on, what becomes of one household."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from daicho.rules.areas.table import AreaLine, lot_key
from daicho.rules.law.refusal import Reason
from daicho.rules.people.addresses import Address
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.address_renaming import RenamedHome
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord

_NO_COUNTERPARTS: Mapping[str, str] = {}
_OTHER_DISTRICT = re.compile("[0-9０-９]+丁目")


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
    REFUSED = "refused"  # the change could not be drafted, or not written
    DOUBTFUL = "doubtful"  # came to a place that another table of this time names as new: which one is it
    BACK = "back"  # was renamed and turned back
    FOUND = "found"  # came to light at an old place after the end
    DISMISSED = "dismissed"  # a clerk found that the address stays as it is


QUEUE_STATES = (
    AreaItemState.UNNAMED, AreaItemState.WAITS, AreaItemState.HELD, AreaItemState.TOGETHER, AreaItemState.REFUSED,
    AreaItemState.DOUBTFUL, AreaItemState.BACK, AreaItemState.FOUND,
)  # fmt: skip
"""What a clerk has to see to."""
DISMISSED_STATES = (AreaItemState.DOUBTFUL, AreaItemState.BACK)
"""What no work on the table ends by itself: only somebody who knows the place can say that nothing is to be done."""


class AreaIndex:
    """The lines of one table by what they are about.  新旧対照の索引

    A town's own characters are found as they are written and as their counterparts are.
    Law: none, own definition.
    """

    def __init__(self, lines: Iterable[AreaLine], counterparts: Mapping[str, str] = _NO_COUNTERPARTS) -> None:
        """Take the lines of a table that had no fault, and how own characters are compared."""
        self._counterparts = counterparts
        self._lines: dict[tuple[str, str, str, int | None], AreaLine] = {}
        self._towns: set[str] = set()
        self._places: set[str] = set()
        self._new: set[tuple[str, str]] = set()
        for spelling in self._spellings():
            for line in lines:
                one = replace(
                    line,
                    old_town=with_counterparts(line.old_town, spelling),
                    old_block=with_counterparts(line.old_block, spelling),
                    old_building=with_counterparts(line.old_building, spelling),
                    new_town=with_counterparts(line.new_town, spelling),
                    new_block=with_counterparts(line.new_block, spelling),
                )
                town, block, _, _ = one.key
                self._lines.setdefault(one.key, line)
                self._towns.add(town)
                if block:
                    self._places.add(f"{town}{block}")
                if block and one.new_place != (town, block):
                    self._new.add(one.new_place)

    def _spellings(self) -> tuple[Mapping[str, str], ...]:
        return (_NO_COUNTERPARTS, self._counterparts) if self._counterparts else (_NO_COUNTERPARTS,)

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
        for building_too, number in (
            (True, household_number),
            (False, household_number),
            (True, None),
            (False, None),
        ):
            for town, block, building in self._folded(home):
                found = self._lines.get((town, block, building if building_too else "", number))
                if found is not None and not found.whole_town:
                    return found
        for town, _, _ in self._folded(home):
            if (town, "", "", None) in self._lines:
                return self._lines[town, "", "", None]
        return None

    def covers(self, home: Address) -> bool:
        """Tell whether an address lies in one of the old towns, also where town and block are parted otherwise.

        A place that the table names as new is none of them.
        Law: none, own definition.
        """
        for town, block, _ in self._folded(home):
            whole = f"{town}{block}"
            if (town, block) in self._new:
                return False
            if town in self._towns or whole in self._places:
                return True
            if any(one.startswith(town) and whole.startswith(one) for one in self._towns):
                return True
        return False

    def place_of(self, home: Address) -> tuple[str, str]:
        """Give town and block of an address as lines are compared, by counterparts where there are any.

        Law: none, own definition.
        """
        *_, (town, block, _) = self._folded(home)
        return town, block

    def roof_of(self, home: Address) -> str:
        """Give the address without the building as measures compare it: who lives under one is under one roof.

        Law: none, own definition.
        """
        return kanji_key(with_counterparts(home.town + home.block, self._counterparts))

    def _folded(self, home: Address) -> Iterator[tuple[str, str, str]]:
        for one in self._spellings():
            town, block, building = (
                with_counterparts(text, one) for text in (home.town, home.block, home.building)
            )
            yield kanji_key(town), lot_key(block), lot_key(building)


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
    town must be followed by a figure, lest 甲町 be found in 甲町東, and not by that of a 丁目, which is another town.
    Law: 戸籍法施行規則 第45条, 第46条; own definition of which text is meant.
    """
    before = f"{prefix}{line.old_town}"
    if not (domicile and prefix and line.whole_town and domicile.startswith(before)):
        return None
    rest = domicile.removeprefix(before).lstrip(" 　")
    if not (rest[:1].isdigit() or rest.startswith("番")) or _OTHER_DISTRICT.match(rest):
        return None
    return f"{prefix}{line.new_town}{domicile.removeprefix(before)}"


@dataclass(frozen=True, slots=True)
class Beforehand:
    """What is known of some people beside the table, by their numbers.  判定の前提

    `named` bear a name that a table of this time gave them; `came` to a place that another table of this time names as
    new.
    Law: none, own definition.
    """

    named: Collection[int] = frozenset()
    came: Collection[int] = frozenset()


NOTHING_KNOWN = Beforehand()


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be done with one household: who is renamed now, from which day on, and how it stands then.  判定

    Law: none, own definition.
    """

    state: AreaItemState
    homes: tuple[RenamedHome, ...] = ()
    effective_on: date | None = None
    why: Reason | None = None


def judge_household(
    members: Sequence[ResidentRecord],
    index: AreaIndex,
    in_force_on: date,
    domicile_prefix: str = "",
    known: Beforehand = NOTHING_KNOWN,
) -> Judged:
    """Judge the living members of one household against a table.

    Who came to the old place after the day in force was entered under the old name: for them the new one holds from
    the day on which they came, so they are another change than the others and are done in the next round.
    Law: 住民基本台帳法施行令 第12条; the order of the rounds is own definition.
    """
    living = [one for one in members if one.living and one.addressee_number not in known.named]
    found = [(one, line) for one in living if (line := _line_of(one, index)) is not None]
    if not found:
        return Judged(_rest(living, index))
    stuck = _stuck([one for one, _ in found], known)
    if stuck is not None:
        return stuck
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


def _stuck(found: Sequence[ResidentRecord], known: Beforehand) -> Judged | None:
    """Tell why nobody of a household may be renamed by itself."""
    numbers = {one.addressee_number for one in found}
    if any(one.processing_hold for one in found):
        return Judged(AreaItemState.HELD)
    if not numbers.isdisjoint(known.came):
        return Judged(AreaItemState.DOUBTFUL)
    if any(one.resident_record_code is None for one in found):
        return Judged(AreaItemState.REFUSED, why=Reason.CODE_MISSING)
    return None


def home_afterwards(record: ResidentRecord, index: AreaIndex, known: Beforehand = NOTHING_KNOWN) -> Address:
    """Give where somebody lives by name when all rounds are done.

    Law: none, own definition.
    """
    line = None if record.addressee_number in known.named else _line_of(record, index)
    return record.current_address if line is None else renamed_address(record.current_address, line)


def named_by_another(record: ResidentRecord, renamings: Iterable[Entry], in_force_on: date) -> bool:
    """Tell whether somebody's home bears a name that a table of this day or a later one gave it.

    A name that came later than the day in force is not the one that the table means, however it is written.
    Law: none, own definition.
    """
    return any(
        entry.change_date >= in_force_on
        and record.address_since <= entry.change_date
        and _same_place(after, record)
        for entry in renamings
        for after in entry.after
    )


def was_turned_back(record: ResidentRecord, renamings: Iterable[Entry], in_force_on: date) -> bool:
    """Tell whether somebody was renamed away from the present place on this day or later and stands there again.

    Law: none, own definition.
    """
    return any(
        entry.change_date >= in_force_on
        and record.address_since <= entry.change_date
        and _same_place(before, record)
        for entry in renamings
        for before in entry.before
    )


def _same_place(then: ResidentRecord, now: ResidentRecord) -> bool:
    there, here = then.current_address, now.current_address
    return then.addressee_number == now.addressee_number and (there.town, there.block) == (
        here.town,
        here.block,
    )


@dataclass(frozen=True, slots=True)
class CoveredHome:
    """One person whom a measure covers, under which roof today and by name afterwards.  同じ住所の被支援者

    `named` tells that the measure names somebody of the household: it covers that one under any roof.
    Law: none, own definition.
    """

    measure: str
    household_number: int
    roof: str
    afterwards: str
    named: bool


def held_together(homes: Iterable[CoveredHome]) -> frozenset[int]:
    """Name the households that wait: renamed now, they would leave a roof by which a measure is known to cover somebody.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    known = tuple(homes)
    waiting: frozenset[int] = frozenset()
    while True:
        groups: dict[tuple[str, str], list[CoveredHome]] = {}
        for one in known:
            groups.setdefault((one.measure, one.roof), []).append(one)
        more = set(waiting)
        for group in groups.values():
            roofs = {one.roof if one.household_number in waiting else one.afterwards for one in group}
            if len(roofs) > 1 and not all(one.named for one in group):
                more |= {one.household_number for one in group if one.afterwards != one.roof}
        if more == waiting:
            return waiting
        waiting = frozenset(more)


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
