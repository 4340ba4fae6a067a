"""One table as the work needs it, and what it makes of households as they stand in the register."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daicho.nodes.registry.bodies import read_area, read_area_line, read_entry, read_record
from daicho.nodes.registry.meeting import counterparts_in
from daicho.rules.areas.matching import (
    NOTHING_KNOWN,
    AreaIndex,
    AreaItemState,
    Beforehand,
    Judged,
    judge_household,
    named_by_another,
    was_turned_back,
)
from daicho.rules.areas.plan import AreaPlan
from daicho.rules.areas.table import AreaLine
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import is_selector, kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.store import areas, register
from daicho.store.areas import AreaItemRow, AreaRow
from daicho.store.unit import Unit

_TOLD_AT_ONCE = (AreaItemState.UNNAMED, AreaItemState.REFUSED, AreaItemState.DOUBTFUL)
Members = Mapping[register.Held, ResidentRecord]


@dataclass(frozen=True, slots=True)
class Table:
    """One change with its table."""

    number: str
    plan: AreaPlan
    lines: tuple[AreaLine, ...]
    index: AreaIndex
    characters: frozenset[str]  # every character of its old and new places


@dataclass(slots=True)
class KnownTables:
    """The table that is worked on: it never changes, and thousands of lines are not read for each batch."""

    tables: dict[str, Table] = field(default_factory=dict)

    def of(self, unit: Unit, row: AreaRow) -> Table:
        """Give the table of a change."""
        if row.number not in self.tables:
            lines = tuple(read_area_line(one.body) for one in areas.lines_of(unit, row.number))
            places = (
                (one.old_town, one.old_block, one.old_building, one.new_town, one.new_block) for one in lines
            )
            characters = _characters(text for texts in places for text in texts)
            self.tables = {
                row.number: Table(row.number, read_area(row.body), lines, AreaIndex(lines), characters)
            }
        return self.tables[row.number]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a table makes of some households, by which index and knowing what; `back` were renamed and turned back."""

    index: AreaIndex
    known: Beforehand
    verdicts: dict[int, Judged]
    back: frozenset[int] = frozenset()

    def item_of(self, household_number: int, members: Sequence[ResidentRecord]) -> AreaItemRow | None:
        """Put a household on the list as it stands; nothing where the table does not concern it."""
        verdict = self.verdicts[household_number]
        if verdict.state is AreaItemState.GONE:
            return None
        lines = [
            (one, self.index.line_for(one.current_address, household_number))
            for one in members
            if one.addressee_number not in self.known.named
        ]
        met = [
            (one, line) for one, line in lines if line is not None or self.index.covers(one.current_address)
        ]
        state = verdict.state
        if verdict.homes or state not in _TOLD_AT_ONCE:
            state = AreaItemState.LISTED
        line = next((line.line for _, line in met if line is not None), None)
        return AreaItemRow(
            household_number,
            self.index.roof_of(met[0][0].current_address),
            line,
            len(members),
            state.value,
            verdict.why.value if verdict.why is not None else "",
        )


def _characters(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(one for text in texts for one in text if not is_selector(one))


def town_keys(unit: Unit, table: Table) -> list[str]:
    """Give the beginnings of addresses in the old towns, own characters in both spellings."""
    counterparts = counterparts_in(unit, sorted(table.characters))
    both = {
        *table.index.towns,
        *(kanji_key(with_counterparts(one, counterparts)) for one in table.index.towns),
    }
    return sorted(both)


def by_household(unit: Unit, households: Sequence[int]) -> dict[int, dict[register.Held, ResidentRecord]]:
    """Read the living members of some households."""
    found: dict[int, dict[register.Held, ResidentRecord]] = {number: {} for number in households}
    if households:
        for held in register.load_people(unit, households=list(households)):
            record = read_record(held.body)
            if record.living and record.household_number in found:
                found[record.household_number][held] = record
    return found


def judge(unit: Unit, table: Table, people: Mapping[int, Collection[ResidentRecord]]) -> Judgement:
    """Judge some households by a table and by what other tables of its time did."""
    everybody = [one for members in people.values() for one in members]
    index = _index(unit, table, everybody)
    known, back = _beforehand(unit, table, index, everybody)
    plan = table.plan
    verdicts = {
        number: judge_household(tuple(members), index, plan.in_force_on, plan.domicile_prefix, known)
        for number, members in people.items()
    }
    return Judgement(index, known, verdicts, back)


def _index(unit: Unit, table: Table, everybody: Iterable[ResidentRecord]) -> AreaIndex:
    """Give the index that compares a town's own characters by their counterparts, where any stand here."""
    homes = {one.current_address for one in everybody}
    characters = table.characters | _characters(
        text for home in homes for text in (home.town, home.block, home.building)
    )
    counterparts = counterparts_in(unit, sorted(characters))
    return AreaIndex(table.lines, counterparts) if counterparts else table.index


def _beforehand(
    unit: Unit, table: Table, index: AreaIndex, everybody: Iterable[ResidentRecord]
) -> tuple[Beforehand, frozenset[int]]:
    there = {
        one.addressee_number: one
        for one in everybody
        if index.covers(one.current_address) or index.line_for(one.current_address, one.household_number)
    }
    if not there:
        return NOTHING_KNOWN, frozenset()
    since = table.plan.in_force_on
    renamings = {
        number: [read_entry(body) for body in bodies]
        for number, bodies in areas.renamings_of(unit, there).items()
    }
    named = {number for number, past in renamings.items() if named_by_another(there[number], past, since)}
    back = {number for number, past in renamings.items() if was_turned_back(there[number], past, since)}
    places = {number: index.place_of(one.current_address) for number, one in there.items()}
    new = areas.named_new(unit, table.number, set(places.values()), since)
    came = {
        number
        for number, place in places.items()
        if place in new and there[number].address_since >= new[place]
    }
    return Beforehand(frozenset(named), frozenset(came - named)), frozenset(back - named)
