"""What was noted of people's cards: notes are added, and nothing of them changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_NOTES = """
SELECT addressee_number, version, by, at, body::text FROM register.card_event WHERE addressee_number = ANY(%s)
ORDER BY addressee_number, version
"""
_KEEP = """
INSERT INTO register.card_event (addressee_number, version, by, at, terminal, body) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class CardNoteRow:
    """One note of somebody's cards: the how-manieth, by whom, when, and what."""

    addressee_number: int
    version: int
    by: str
    at: datetime
    body: str


def notes_of_people(unit: Unit, addressee_numbers: Collection[int]) -> list[CardNoteRow]:
    """Read everything that was noted of some people's cards, in its order (primary key)."""
    rows = unit.execute(_NOTES, (sorted(addressee_numbers),)).fetchall()
    return [CardNoteRow(*row) for row in rows]


def keep_note(unit: Unit, row: CardNoteRow, terminal: str) -> bool:
    """Keep one note; False when another one has its place by now."""
    given = (row.addressee_number, row.version, row.by, row.at, terminal, row.body)
    return unit.execute(_KEEP, given).rowcount == 1
