"""Orders to fill a register from a folder or to write it into one: who asked, who agreed, whether it was used."""

from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_COLUMNS = "number, state, asked_by, asked_at, decided_by, decided_at, why, used_at, body::text"
_KEEP = "INSERT INTO handover.handover_order (number, asked_by, asked_at, body) VALUES (%s, %s, %s, %s)"
_ONE = f"SELECT {_COLUMNS} FROM handover.handover_order WHERE number = %s"
_NEWEST = f"SELECT {_COLUMNS} FROM handover.handover_order ORDER BY number DESC LIMIT %s"
_DECIDE = """
UPDATE handover.handover_order SET state = %s, decided_by = %s, decided_at = %s, why = %s
WHERE number = %s AND state = 'WAITING' RETURNING number
"""
_USE = """
UPDATE handover.handover_order SET state = 'USED', used_at = %s WHERE number = %s AND state = 'READY' RETURNING number
"""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as kept."""

    number: int
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    why: str
    used_at: datetime | None
    body: str


def keep_order(unit: Unit, by: str, at: datetime, body: str) -> int:
    """Keep an order and give its number."""
    row = unit.execute("SELECT nextval('handover.handover_order_seq')").fetchone()
    number = int(row[0]) if row else 0
    unit.execute(_KEEP, (number, by, at, body))
    return number


def order(unit: Unit, number: int) -> OrderRow | None:
    """Read one order (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else OrderRow(*row)


def newest_orders(unit: Unit, *, limit_rows: int) -> list[OrderRow]:
    """List orders, the newest first (primary key)."""
    return [OrderRow(*row) for row in unit.execute(_NEWEST, (limit_rows,)).fetchall()]


def decide(unit: Unit, number: int, state: str, decided: tuple[str, datetime, str]) -> bool:
    """Decide about a waiting order: by whom, when, why; False when it does not wait any more."""
    return unit.execute(_DECIDE, (state, *decided, number)).fetchone() is not None


def use(unit: Unit, number: int, at: datetime) -> bool:
    """Use an approved order up; False when it is none."""
    return unit.execute(_USE, (at, number)).fetchone() is not None
