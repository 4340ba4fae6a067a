"""Which cards somebody holds, read from what was noted of them and from how their record stood."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from daicho.nodes.clock import JAPAN
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import kept_versions
from daicho.rules.cards_held.events import CardEvent, KeptCardEvent, cards_of
from daicho.rules.cards_held.kinds import NUMBER_CARDS
from daicho.rules.cards_held.standing import CardFacts, CardStanding, CardState, facts_of, standings_on
from daicho.rules.register.changes import Entry
from daicho.rules.register.numbering import NUMBER_CHANGES
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentRecord
from daicho.store import cards_held, register
from daicho.store.cards_held import CardNoteRow
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import decode

AsRead = Callable[[ResidentRecord], ResidentRecord]
"""What of a record somebody may read."""


def _whole(record: ResidentRecord) -> ResidentRecord:
    return record


def kept_event(row: CardNoteRow) -> KeptCardEvent:
    """Read one note as it was kept. Raises: Unreadable."""
    return KeptCardEvent(row.version, decode(CardEvent, row.body.encode(), our_own=True), row.at)


def facts_about(unit: Unit, node: Node, record: ResidentRecord, as_read: AsRead = _whole) -> CardFacts:
    """Gather what of somebody's record counts for cards, as far as whoever asks may read it."""
    number = record.addressee_number
    rows = [(row, read_record(row.body)) for row in register.versions(unit, number)]
    kept = kept_versions(rows, node.clock.business_today())
    stood = (
        (row.change_date, row.recorded_at.astimezone(JAPAN).date(), row.recorded_at, as_read(one))
        for row, one in kept
    )
    return facts_of(stood, as_read(record), _numbers_changed(unit, number))


def _numbers_changed(unit: Unit, addressee_number: int) -> list[date]:
    """List from which days another individual number counts."""
    return [
        row.change_date
        for row in register.entries_of(unit, addressee_number)
        if row.state == "verified"
        and row.kind == ChangeKind.NUMBER_CHANGE.value
        and ChangeReason(row.reason) in NUMBER_CHANGES
    ]


def standings_of_people(
    unit: Unit, node: Node, records: Iterable[ResidentRecord], as_read: AsRead = _whole
) -> dict[int, tuple[CardStanding, ...]]:
    """Tell what the cards of some people are today; of whom nothing was noted, nothing more is read."""
    people = {one.addressee_number: one for one in records}
    if not people:
        return {}
    noted = _noted(cards_held.notes_of_people(unit, people))
    today = node.clock.business_today()
    return {
        number: standings_on(cards_of(kept), facts_about(unit, node, people[number], as_read), today)
        if (kept := noted.get(number))
        else ()
        for number in people
    }


def _noted(rows: Collection[CardNoteRow]) -> dict[int, list[KeptCardEvent]]:
    found: dict[int, list[KeptCardEvent]] = {}
    for row in rows:
        found.setdefault(row.addressee_number, []).append(kept_event(row))
    return found


def card_holders_in(node: Node, entry: Entry) -> int:
    """Count those of whom a change speaks of whom a number card is known with which something is to be done."""
    subjects = [one for one in entry.after if one.addressee_number in entry.subjects]
    with node.store.reading() as unit:
        return len(card_holders(unit, node, subjects))


def card_holders(unit: Unit, node: Node, records: Iterable[ResidentRecord]) -> frozenset[int]:
    """Name those of whom a number card is known with which something is to be done.

    It was not given back, and it is not one that is void and lost or stolen as well.
    """
    today = node.clock.business_today()
    found = standings_of_people(unit, node, records)
    return frozenset(
        number
        for number, standings in found.items()
        if any(
            one.held.kind in NUMBER_CARDS and one.in_hand and not _given_up(one, today) for one in standings
        )
    )


def _given_up(one: CardStanding, today: date) -> bool:
    return one.state is CardState.LAPSED and one.held.missing_on(today)
