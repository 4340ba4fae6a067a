"""Which characters of a batch of records nobody has identified: looked at once, counted once, a case for each.

Of a case an operator from whom a measure keeps something back hears only what follows from records as that operator may
read them: how often, where and when a character was met would tell of a place that nobody may know.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import sees_everything, veil_for
from daicho.nodes.watch.characters import character_tables
from daicho.nodes.watch.loops import Job
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.identify import Unsettled
from daicho.rules.people.characters.own import CaseOutcome, MeetingPlace
from daicho.rules.people.characters.unsettled import holding, unsettled_in
from daicho.rules.register.recharacter import character_texts, holds_character
from daicho.rules.register.record import ResidentRecord
from daicho.store import characters, folding, register
from daicho.store.characters import CaseRow, Met
from daicho.store.unit import Unit

_SURVEYED_ROWS = 2_000
_LOOKS_SECONDS = 60.0
COUNTED_ROWS = 200  # of what an operator may know: no figure needs more
# Whose records are read of each character, until one is seen in which it stands: mostly the first.
_ROUNDS_ROWS = (2, 20, 200, 2_000)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What the characters of some records are: how own ones are to be found, which wait, which are only used."""

    counterparts: Mapping[str, str]
    waiting: tuple[Met, ...] = ()
    used: tuple[tuple[str, int], ...] = ()


_NOTHING = LookedAt({})


def look_at_characters(unit: Unit, records: Sequence[ResidentRecord]) -> LookedAt:
    """Look at every character of a batch at once; ordinary batches cost one look and ask the database nothing."""
    texts = [character_texts(record) for record in records]
    odd = unsettled_in((text for lines in texts for text in lines), character_tables)
    if not odd:
        return _NOTHING
    settled = characters.settled_characters(unit, odd)
    whose: dict[str, list[int]] = defaultdict(list)
    wanted = frozenset(odd)
    for record, lines in zip(records, texts, strict=True):
        for one in holding(lines, wanted):
            whose[one].append(record.addressee_number)
    waiting = tuple(
        Met(one, reason.value, len(whose[one]), tuple(whose[one]))
        for one, reason in sorted(odd.items())
        if one not in settled and whose[one]
    )
    used = tuple((one, number) for one in sorted(settled) for number in whose[one])
    return LookedAt({one: written for one, written in settled.items() if written}, waiting, used)


def note_met(unit: Unit, looked: LookedAt, place: MeetingPlace, at: datetime) -> None:
    """Count what waits, and remember in whose records each character stands."""
    characters.meet(unit, looked.waiting, place.value, at, replaced=CaseOutcome.REPLACED.value)
    characters.note_uses(unit, looked.used)


def counterparts_in(unit: Unit, texts: Iterable[str], *, held: bool = False) -> Mapping[str, str]:
    """Tell how the town's own characters in some texts are compared: as their counterparts are written.

    With `held` nobody confirms another counterpart until the unit ends.
    """
    odd = unsettled_in(texts, character_tables)
    return characters.settled_characters(unit, odd) if held else characters.written_counterparts(unit, odd)


def note_unprintable(
    unit: Unit,
    missing: Iterable[tuple[str, Unsettled]],
    records: Sequence[ResidentRecord],
    at: datetime,
) -> None:
    """Open a case for each character that a paper of some people needed and could not show; a paper counts once."""
    met = [
        Met(one, reason.value, 1, tuple(of.addressee_number for of in records if holds_character(of, one)))
        for one, reason in sorted(set(missing))
    ]
    replaced = CaseOutcome.REPLACED.value
    characters.meet(unit, met, MeetingPlace.PAPER.value, at, replaced=replaced, again=True)


def living_as_read(
    unit: Unit, node: Node, operator: Operator, addressee_numbers: Iterable[int]
) -> dict[int, ResidentRecord]:
    """Read the living among some residents as an operator may read them, by their numbers."""
    numbers = sorted(set(addressee_numbers))
    veil = veil_for(unit, operator, numbers, node.clock.business_now())
    records = [read_record(held.body) for held in register.residents(unit, numbers)]
    return {one.addressee_number: veil.over(one) for one in records if one.living}


def cases_seen(unit: Unit, node: Node, operator: Operator, wanted: Collection[str]) -> frozenset[str]:
    """Name those of some characters of whose case an operator may know.

    That is whoever sees everything, and others where the character stands, as they may read it, in the record of
    somebody who lives here: then it waits whether anything else is hidden from them or not.
    """
    if sees_everything(unit, operator):
        return frozenset(wanted)
    seen = set[str]()
    behind = dict.fromkeys(wanted, 0)
    for most_rows in _ROUNDS_ROWS:
        pairs = sorted(characters.users_of_each(unit, behind, limit_rows=most_rows))
        living = living_as_read(unit, node, operator, (whose for _, whose in pairs))
        seen |= {one for one, whose in pairs if whose in living and holds_character(living[whose], one)}
        read, last = Counter(one for one, _ in pairs), dict(pairs)
        behind = {one: last[one] for one in behind if one not in seen and read[one] == most_rows}
        if not behind:
            break
    return frozenset(seen)


def waiting_cases(unit: Unit, node: Node, operator: Operator, *, limit_rows: int) -> list[CaseRow]:
    """List the open cases of which an operator may know, those met first at the top."""
    found: list[CaseRow] = []
    behind: tuple[datetime | None, str] = (None, "")
    while len(found) < limit_rows:
        rows = characters.open_cases(unit, after=behind, limit_rows=limit_rows)
        seen = cases_seen(unit, node, operator, [one.character for one in rows])
        found += [one for one in rows if one.character in seen]
        if len(rows) < limit_rows:
            break
        behind = (rows[-1].first_met_at, rows[-1].character)
    return found[:limit_rows]


def how_much_waits(unit: Unit, node: Node, operator: Operator) -> int:
    """Count the characters that wait for somebody, as far as an operator may know of them."""
    if sees_everything(unit, operator):
        return characters.how_much_waits(unit)
    cases = {one.character for one in waiting_cases(unit, node, operator, limit_rows=COUNTED_ROWS)}
    asked = {one.character for one in characters.own_waiting(unit, limit_rows=COUNTED_ROWS)}
    return len(cases | asked)


def character_survey(node: Node) -> Job:
    """Look once, some at a time, at the records that were written before anybody looked at characters."""

    def work() -> bool:
        with node.store.unit("characters.survey") as unit:
            last, done = characters.surveyed(unit)
            if done:
                return False
            found = folding.residents_after(unit, last, _SURVEYED_ROWS)
            looked = look_at_characters(unit, [read_record(body) for _, body in found])
            note_met(unit, looked, MeetingPlace.SURVEY, node.clock.now())
            more = len(found) == _SURVEYED_ROWS
            characters.note_surveyed(unit, int(found[-1][0].whose) if found else last, done=not more)
        return more

    return Job("characters", _LOOKS_SECONDS, work)
