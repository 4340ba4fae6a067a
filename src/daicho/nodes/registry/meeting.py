"""Which characters of a batch of records nobody has identified: looked at once, counted once, a case for each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.watch.characters import character_tables
from daicho.nodes.watch.loops import Job
from daicho.rules.people.characters.identify import Unsettled
from daicho.rules.people.characters.own import CaseOutcome, MeetingPlace
from daicho.rules.people.characters.unsettled import holding, unsettled_in
from daicho.rules.register.recharacter import character_texts
from daicho.rules.register.record import ResidentRecord
from daicho.store import characters, folding
from daicho.store.characters import Met
from daicho.store.unit import Unit

_SURVEYED_ROWS = 2_000
_LOOKS_SECONDS = 60.0


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


def note_unprintable(unit: Unit, missing: Iterable[tuple[str, Unsettled]], at: datetime) -> None:
    """Open a case for each character that a paper needed and could not show; a paper counts once."""
    met = [Met(one, reason.value, 1) for one, reason in sorted(set(missing))]
    replaced = CaseOutcome.REPLACED.value
    characters.meet(unit, met, MeetingPlace.PAPER.value, at, replaced=replaced, again=True)


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
