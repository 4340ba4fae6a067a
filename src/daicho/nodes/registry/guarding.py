"""Whom a protection measure hides from an operator, the line that tells of it, and who is over for everybody.  秘匿"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_entry, read_measure, read_record
from daicho.nodes.registry.records import subject_of
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.retention import REMOVED_RECORDS, retention_over
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, permissions_of
from daicho.rules.people.kana import kanji_key
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.protection.veil import (
    draft_without_places,
    entry_without_places,
    places_of,
    veiled,
    veiled_entry,
    without_places,
    without_remarks_on,
)
from daicho.rules.register.address_renaming import former_names
from daicho.rules.register.changes import Entry
from daicho.rules.register.ending import begins_anew, record_over
from daicho.rules.register.record import ResidentRecord
from daicho.store import areas, protection, register
from daicho.store.register import Held
from daicho.store.unit import Unit

KEPT_BACK = Refusal(Reason.PROTECTED, PROTECTION_TERM.article, "addressee_number")


def measures_about(unit: Unit, addressee_numbers: Iterable[int]) -> tuple[ProtectionMeasure, ...]:
    """Read the open measures that cover some people: themselves, by one household, or by one roof."""
    wanted = {number for _, number in protection.measures_over(unit, addressee_numbers)}
    return tuple(map(read_measure, protection.bodies_of(unit, wanted).values())) if wanted else ()


def covered_among(unit: Unit, addressee_numbers: Collection[int]) -> frozenset[int]:
    """Name those of some people whom any open measure covers.

    The measures that are known, and nothing more: what a mark says to others would stand on after it is known who is protected.
    """
    if not addressee_numbers or not protection.any_open(unit):
        return frozenset()
    return frozenset(whose for whose, _ in protection.measures_over(unit, addressee_numbers))


def measures_in_the_way(unit: Unit, addressee_number: int) -> tuple[ProtectionMeasure, ...]:
    """Read the open measures that keep anything of a resident's record back, if only certain places."""
    wanted = {number for _, number in protection.measures_over(unit, [addressee_number])}
    wanted |= protection.measures_beside(unit, [addressee_number])
    return tuple(map(read_measure, protection.bodies_of(unit, wanted).values())) if wanted else ()


def hidden_among(
    unit: Unit, operator: Operator, addressee_numbers: Iterable[int], at: datetime
) -> frozenset[int]:
    """Name those of some people whose address this operator may not learn at an instant of Japan's time."""
    if sees_protected(operator):
        return frozenset()
    return protection.hidden(unit, addressee_numbers, operator.login_id, at)


def hidden_from(unit: Unit, operator: Operator, at: datetime) -> frozenset[int]:
    """Name everybody whose address this operator may not learn: whoever asks by address must not find them."""
    if sees_protected(operator):
        return frozenset()
    return protection.hidden_everywhere(unit, operator.login_id, at)


def sees_protected(operator: Operator) -> bool:
    """Tell whether an operator holds the right to see protected addresses."""
    return Permission.SEE_PROTECTED in permissions_of(operator)


def sees_everything(unit: Unit, operator: Operator) -> bool:
    """Tell whether nothing is kept back from an operator: by right, or because nobody is protected."""
    return sees_protected(operator) or not protection.any_open(unit)


@dataclass(frozen=True, slots=True)
class Veil:
    """What some records may not say to an operator: of whom nothing of where, of whom certain places only."""

    hidden: frozenset[int] = frozenset()
    places: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def over(self, record: ResidentRecord) -> ResidentRecord:
        """Give a record as this operator may read it."""
        number = record.addressee_number
        if number in self.hidden:
            return veiled(record)
        return without_places(record, self.places.get(number, frozenset()))

    def over_entry(self, entry: Entry) -> Entry:
        """Give a change as this operator may read it."""
        return entry_without_places(veiled_entry(entry, self.hidden), self.places)

    def over_draft(self, entry: Entry) -> Entry:
        """Give a change that does not stand yet as this operator may read it."""
        return draft_without_places(veiled_entry(entry, self.hidden), self.places)

    def touches(self, record: ResidentRecord) -> bool:
        """Tell whether a record says more than this operator may read."""
        return self.over(record) != record

    def keeps_home_of(self, record: ResidentRecord) -> bool:
        """Tell whether where somebody lives now is kept from this operator: no act of theirs may rest on it."""
        return record.addressee_number in self.hidden or (
            self.over(record).current_address != record.current_address
        )


def veil_for(unit: Unit, operator: Operator, addressee_numbers: Iterable[int], at: datetime) -> Veil:
    """Find what the records of some people may not say to an operator at an instant of Japan's time."""
    if sees_everything(unit, operator):
        return Veil()
    numbers = set(addressee_numbers)
    together = protection.once_together(unit, numbers, shut_for=operator.login_id, at=at)
    return Veil(hidden_among(unit, operator, numbers, at), _places(unit, together))


def told_by(unit: Unit, addressee_numbers: Iterable[int]) -> dict[int, dict[int, frozenset[str]]]:
    """Find which places of which protected people the records of others may tell, who once lived with them."""
    if not protection.any_open(unit):
        return {}
    pairs = [pair for pair in protection.once_together(unit, addressee_numbers) if pair[0] != pair[1]]
    known = _known_places(unit, pairs)
    told: dict[int, dict[int, frozenset[str]]] = {}
    for whose, protected in pairs:
        if known.get(protected):
            told.setdefault(whose, {})[protected] = known[protected]
    return told


def as_its_person_reads(unit: Unit, record: ResidentRecord) -> ResidentRecord:
    """Give a record as it is shown to whom it is about, who may be the other party of whoever once lived there, too."""
    number = record.addressee_number
    told = told_by(unit, [number]).get(number, {})
    if not told or protection.measures_over(unit, [number]):
        return record
    return without_remarks_on(record, frozenset[str]().union(*told.values()))


def _known_places(unit: Unit, pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[str]]:
    protected = {number for _, number in pairs}
    if not protected:
        return {}
    renamed = areas.renamings_of(unit, protected)
    records = [read_record(one.body) for one in register.residents(unit, protected)]
    return {
        one.addressee_number: places_of(one) | _former_names(one, renamed.get(one.addressee_number, []))
        for one in records
    }


def _former_names(record: ResidentRecord, renamed: Iterable[str]) -> frozenset[str]:
    """Fold what the present home of a protected person was called before: it tells as much as its name of today."""
    return frozenset(map(kanji_key, former_names(record, tuple(map(read_entry, renamed)))))


def _places(unit: Unit, pairs: list[tuple[int, int]]) -> dict[int, frozenset[str]]:
    known = _known_places(unit, pairs)
    places: dict[int, frozenset[str]] = {}
    for whose, protected in pairs:
        places[whose] = places.get(whose, frozenset()) | known.get(protected, frozenset())
    return places


def note_kept_back(node: Node, operator: Operator, subjects: Iterable[str], terminal: str) -> None:
    """Write that an operator reached for what a measure keeps back."""
    facts = [
        fact_by(
            operator,
            Event.PROTECTED_KEPT_BACK,
            terminal=terminal,
            subject=subject,
            outcome=Reason.PROTECTED.value,
        )
        for subject in subjects
    ]
    with node.store.unit("protection.kept_back") as unit:
        note_many(unit, node, facts)


def kept_back(node: Node, operator: Operator, record: ResidentRecord | None, terminal: str) -> Refusal:
    """Refuse whoever reached for one record that a measure keeps back, and write that they did."""
    note_kept_back(node, operator, [subject_of(record)] if record is not None else [], terminal)
    return KEPT_BACK


def shut_to(unit: Unit, node: Node, operator: Operator, addressee_number: int) -> bool:
    """Tell whether a measure hides somebody from an operator now."""
    return bool(hidden_among(unit, operator, [addressee_number], node.clock.business_now()))


def still_there(held: Held | None, on: date) -> Held | None:
    """Give a record that was read, unless its years are over."""
    return None if held is None or record_over(read_record(held.body), on) else held


def kept_resident(unit: Unit, node: Node, addressee_number: int) -> Held | None:
    """Read one record as it stands, unless its years are over."""
    return still_there(register.resident(unit, addressee_number), node.clock.business_today())


def kept_record(unit: Unit, node: Node, addressee_number: int) -> ResidentRecord | None:
    """Read what one record says as it stands, unless its years are over."""
    held = kept_resident(unit, node, addressee_number)
    return None if held is None else read_record(held.body)


def kept_residents(unit: Unit, node: Node, addressee_numbers: Iterable[int]) -> dict[int, ResidentRecord]:
    """Read some records as they stand, by their numbers, those left out whose years are over."""
    on = node.clock.business_today()
    records = (read_record(one.body) for one in register.residents(unit, addressee_numbers))
    return {one.addressee_number: one for one in records if not record_over(one, on)}


def kept_versions(
    rows: Iterable[tuple[register.VersionRow, ResidentRecord]], on: date
) -> list[tuple[register.VersionRow, ResidentRecord]]:
    """Leave out how a record stood before it was made anew (改製原住民票), or before its person left and came back (除票),
    once the years of the former one are over.
    """
    kept: list[tuple[register.VersionRow, ResidentRecord]] = []
    before: ResidentRecord | None = None
    for row, record in rows:
        anew = record.rewritten_on
        if anew is not None and (before is None or anew != before.rewritten_on):
            if retention_over(REMOVED_RECORDS, anew, on):
                kept.clear()
        elif before is not None and record_over(before, on) and begins_anew(before, record):
            kept.clear()
        kept.append((row, record))
        before = record
    return kept
