"""Programme items: what stands, and every step that led there."""

from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_ITEMS = "SELECT programme, version, body::text FROM register.programme_item WHERE addressee_number = %s"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('programme', %s))"
_ITEMS_OF = """
SELECT addressee_number, body::text FROM register.programme_item
WHERE addressee_number = ANY(%s) AND body IS NOT NULL
"""
_KEEP = """
INSERT INTO register.programme_item (addressee_number, programme, version, body) VALUES (%s, %s, %s, %s)
ON CONFLICT (addressee_number, programme) DO UPDATE SET version = excluded.version, body = excluded.body
WHERE programme_item.version = excluded.version - 1
"""
_STEP = """
INSERT INTO register.programme_step (addressee_number, programme, version, by, at, change, body)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_STEPS = """
SELECT by, at, change::text FROM register.programme_step WHERE addressee_number = %s
ORDER BY at DESC, version DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as it stands; no body once it was revoked."""

    programme: str
    version: int
    body: str | None


@dataclass(frozen=True, slots=True)
class ProgrammeStepRow:
    """One step in the life of an item: who noted it, when, and what was told."""

    by: str
    at: datetime
    change: str


def items_to_change(unit: Unit, addressee_number: int) -> list[ItemRow]:
    """Read all items of somebody and keep them for oneself until the unit ends (primary key)."""
    unit.execute(_LOCK, (addressee_number,))
    return items_of_person(unit, addressee_number)


def items_of_person(unit: Unit, addressee_number: int) -> list[ItemRow]:
    """Read all items of somebody (primary key)."""
    return [ItemRow(*row) for row in unit.execute(_ITEMS, (addressee_number,)).fetchall()]


def bodies_of_people(unit: Unit, addressee_numbers: list[int]) -> list[tuple[int, str]]:
    """Read the items of some people, with whose they are (primary key)."""
    return [(int(row[0]), str(row[1])) for row in unit.execute(_ITEMS_OF, (addressee_numbers,)).fetchall()]


def keep_step(unit: Unit, addressee_number: int, row: ItemRow, step: ProgrammeStepRow) -> bool:
    """Keep what an item is now and the step that made it so; False when it does not stand in the version before.

    `row.version` is the new one.
    """
    if unit.execute(_KEEP, (addressee_number, row.programme, row.version, row.body)).rowcount != 1:
        return False
    unit.execute(
        _STEP, (addressee_number, row.programme, row.version, step.by, step.at, step.change, row.body)
    )
    return True


def steps_of_person(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[ProgrammeStepRow]:
    """List what was told of somebody's items, newest first (primary key)."""
    rows = unit.execute(_STEPS, (addressee_number, limit_rows)).fetchall()
    return [ProgrammeStepRow(*row) for row in rows]
