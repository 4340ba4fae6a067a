"""Whom another town's measure means in the own register, and what else is known here of whom it names."""

from collections.abc import Iterable, Mapping, Sequence

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_measure, read_record
from daicho.nodes.registry.measures.names import as_compared, folded_names, keys_of
from daicho.nodes.registry.measures.people import records_of
from daicho.nodes.registry.meeting import counterparts_in
from daicho.rules.law.retention import first_removal_kept
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.forwarding import (
    ForwardedNotice,
    ForwardedParty,
    ForwardedPerson,
    is_of,
    meant_for_certain,
)
from daicho.rules.protection.measure import AskingPerson, ProtectionMeasure, is_other_party
from daicho.rules.register.record import ResidentRecord
from daicho.store import protection, register
from daicho.store.register import SearchKeys
from daicho.store.unit import Unit

NAMESAKES_ROWS = 500
WAITING_ROWS = 10_000  # what waits for a second person is a day's work
BORN_THAT_DAY_ROWS = 500


Waiting = Mapping[str, Sequence[ResidentRecord]]
_NOBODY: Waiting = {}


def waiting_by_name(unit: Unit) -> Waiting:
    """Read how everybody is to stand whose change waits for a second person, by their names as folded in both spellings.

    Whoever has just come is among them.
    """
    rows = register.waiting_entries(unit, limit=WAITING_ROWS)
    records = [one for row in rows for one in read_entry(row.body).after]
    written = counterparts_in(unit, [one.name.kanji for one in records])
    found: dict[str, list[ResidentRecord]] = {}
    for one in records:
        for key in keys_of((one.name.kanji, with_counterparts(one.name.kanji, written))):
            found.setdefault(key, []).append(one)
    return found


def certain_people(unit: Unit, node: Node, notice: ForwardedNotice, waiting: Waiting) -> tuple[int, ...]:
    """Name those whom a letter means for certain, the applicant first where they are among them."""
    order = sorted(notice.people, key=lambda one: not one.applicant)
    found = (meant_for_certain(one, _namesakes(unit, node, one, waiting), notice.places) for one in order)
    return tuple(dict.fromkeys(one.addressee_number for one in found if one is not None))


def possible_people(unit: Unit, node: Node, notice: ForwardedNotice) -> dict[int, ResidentRecord]:
    """Find everybody whom a letter may mean: of that name, or born on that day and at a place that is told."""
    found: dict[int, ResidentRecord] = {}
    waiting = waiting_by_name(unit)
    for person in notice.people:
        for one in _namesakes(unit, node, person, waiting):
            if _may_be_born(person.birth_date, one.birth_date):
                found[one.addressee_number] = one
        for one in _born_that_day(unit, node, person):
            if any(is_of(place, one) for place in notice.places):
                found.setdefault(one.addressee_number, one)
    return found


def _namesakes(
    unit: Unit,
    node: Node,
    person: ForwardedPerson | ForwardedParty,
    waiting: Waiting = _NOBODY,
) -> list[ResidentRecord]:
    """Find whoever bears a name, in either spelling; a name that many bear is narrowed by the day."""
    names, born = frozenset(folded_names(unit, [person.name])), _whole(person.birth_date)
    if not names:
        return []
    keys = SearchKeys(
        names=names, include_removed=True, closed_from=first_removal_kept(node.clock.business_today())
    )
    held = register.search(unit, keys, limit=NAMESAKES_ROWS)
    if len(held) == NAMESAKES_ROWS and born:
        keys = SearchKeys(names=names, birth=born, include_removed=True, closed_from=keys.closed_from)
        held = register.search(unit, keys, limit=NAMESAKES_ROWS)
    come = [one for name in names for one in waiting.get(name, ())]
    known = {one.addressee_number: one for one in come}
    known |= {one.addressee_number: read_record(one.body) for one in held}
    return list(known.values())


def _born_that_day(unit: Unit, node: Node, person: ForwardedPerson) -> list[ResidentRecord]:
    born = _whole(person.birth_date)
    if not born:
        return []
    kept_from = first_removal_kept(node.clock.business_today())
    keys = SearchKeys(birth=born, include_removed=True, closed_from=kept_from)
    return [read_record(one.body) for one in register.search(unit, keys, limit=BORN_THAT_DAY_ROWS)]


def _whole(birth: PartialDate | None) -> str:
    return birth.search_key() if birth is not None and birth.whole is not None else ""


def _may_be_born(one: PartialDate, other: PartialDate) -> bool:
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def measures_against(unit: Unit, records: Iterable[ResidentRecord]) -> dict[int, tuple[str, ...]]:
    """Name for each of some people the open measures of which they seem to be the other party."""
    against: dict[int, tuple[str, ...]] = {}
    for one in records:
        numbers = protection.measures_against(unit, folded_names(unit, [one.name.kanji]))
        measures = [read_measure(body) for body in protection.bodies_of(unit, numbers).values()]
        compared, asking = as_compared(
            unit, measures, [AskingPerson(one.name.kanji, one.birth_date, "", one.addressee_number)]
        )
        found = tuple(measure.number for measure in compared if is_other_party(measure, asking[0]))
        if found:
            against[one.addressee_number] = found
    return against


def turns_on_its_own(unit: Unit, measure: ProtectionMeasure) -> bool:
    """Tell whether somebody whom a measure would protect seems to be its other party, too."""
    asking = [AskingPerson(one.name.kanji, one.birth_date) for one in records_of(unit, measure.people)]
    compared, people = as_compared(unit, [measure], asking)
    return any(is_other_party(compared[0], one) for one in people)


def protected_among(unit: Unit, node: Node, parties: Iterable[ForwardedParty]) -> tuple[str, ...]:
    """Name the open measures that protect somebody who seems to be one of the other parties of a letter."""
    numbers = {
        one.addressee_number
        for party in parties
        for one in _namesakes(unit, node, party)
        if party.birth_date is None or _may_be_born(party.birth_date, one.birth_date)
    }
    measures = protection.bodies_of(unit, {number for _, number in protection.measures_over(unit, numbers)})
    return tuple(sorted(number for number, body in measures.items() if read_measure(body).people & numbers))
