"""Protection measures forwarded to other towns, and by them: which letter stands, and what was made of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from daicho.store.unit import Unit

_TOLD = "id, number, receiver, sequence, standing, told_by, told_at, answer, answered_sequence, answered_at"
_KEEP_TOLD = """
INSERT INTO register.protection_told (id, number, receiver, sequence, standing, told_by, told_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_OF_MEASURE = f"SELECT {_TOLD} FROM register.protection_told WHERE number = %s ORDER BY receiver"
_OF_MEASURE_LOCKED = f"{_OF_MEASURE} FOR UPDATE"
_ONE_TOLD = f"SELECT {_TOLD} FROM register.protection_told WHERE id = %s FOR UPDATE"
_TELL_AGAIN = """
UPDATE register.protection_told SET sequence = greatest(sequence + 1, %s), standing = %s, told_by = %s, told_at = %s
WHERE id = %s RETURNING sequence
"""
_SENT_AGAIN = "UPDATE register.protection_told SET told_by = %s, told_at = %s WHERE id = %s"
# An answer to what was told before is worth less than the one to what was told last.
_ANSWERED = """
UPDATE register.protection_told SET answer = %(answer)s, answered_sequence = %(sequence)s, answered_at = %(at)s
WHERE id = %(id)s AND receiver = %(receiver)s AND answered_sequence < %(sequence)s AND sequence >= %(sequence)s
RETURNING number
"""
_UNANSWERED = f"""
SELECT {_TOLD} FROM register.protection_told WHERE answered_sequence < sequence ORDER BY told_at, id LIMIT %s
"""
_IN = "sender, id, sequence, standing, received_at, state, number, answer, closed_by, closed_at, body::text"
_KEEP_IN = """
INSERT INTO register.protection_received (sender, id, sequence, standing, received_at, body)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE_IN = f"SELECT {_IN} FROM register.protection_received WHERE sender = %s AND id = %s"
_ONE_IN_LOCKED = f"{_ONE_IN} FOR UPDATE"
_NEWER = """
UPDATE register.protection_received SET sequence = %s, standing = %s, received_at = %s, state = 'open', answer = NULL,
    closed_by = NULL, closed_at = NULL, body = %s
WHERE sender = %s AND id = %s AND sequence < %s
"""
_TIE = "UPDATE register.protection_received SET number = %s WHERE sender = %s AND id = %s"
_CLOSE = """
UPDATE register.protection_received SET state = 'closed', answer = %s, closed_by = %s, closed_at = %s, body = NULL
WHERE sender = %s AND id = %s AND state = 'open'
"""
_WAITING_IN = f"""
SELECT {_IN} FROM register.protection_received WHERE state = 'open' ORDER BY received_at, sender, id LIMIT %s
"""
_OPEN_BODIES = """
SELECT body::text FROM register.protection_received WHERE state = 'open' AND body IS NOT NULL
ORDER BY received_at, sender, id
"""
_UNTIED = f"""
SELECT {_IN} FROM register.protection_received
WHERE state = 'open' AND number IS NULL AND (received_at, sender, id) > (%s, %s, %s)
ORDER BY received_at, sender, id LIMIT %s
"""
_CLOSED_IN = f"""
SELECT {_IN} FROM register.protection_received WHERE state = 'closed'
ORDER BY closed_at DESC, sender DESC, id DESC LIMIT %s
"""
_WORK = """
SELECT (SELECT count(*) FROM register.protection_received WHERE state = 'open')
     + (SELECT count(*) FROM register.protection_told WHERE answered_sequence < sequence AND told_at < %s)
"""


BEFORE_ALL = (datetime.min.replace(tzinfo=UTC), "", "")


@dataclass(frozen=True, slots=True)
class ToldTown:
    """One town that was told of one of the own measures, with its answer to the letter that it answered."""

    id: str
    number: str
    receiver: str
    sequence: int
    standing: str
    told_by: str
    told_at: datetime
    answer: str | None = None
    answered_sequence: int = 0
    answered_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Tell whether the letter that was sent last is not answered."""
        return self.answered_sequence < self.sequence


@dataclass(frozen=True, slots=True)
class ReceivedForward:
    """What another town tells of a measure; no content once it is settled."""

    sender: str
    id: str
    sequence: int
    standing: str
    received_at: datetime
    state: str = "open"
    number: str | None = None
    answer: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    body: str | None = None


def keep_told(unit: Unit, row: ToldTown) -> bool:
    """Note that a town is told of a measure for the first time; False when it was told before."""
    values = (row.id, row.number, row.receiver, row.sequence, row.standing, row.told_by, row.told_at)
    return unit.execute(_KEEP_TOLD, values).rowcount == 1


def told_of(unit: Unit, number: str, *, locked: bool = False) -> list[ToldTown]:
    """List the towns that were told of a measure (unique key); `locked`, no letter follows until the unit ends."""
    rows = unit.execute(_OF_MEASURE_LOCKED if locked else _OF_MEASURE, (number,)).fetchall()
    return [ToldTown(*row) for row in rows]


def lock_told(unit: Unit, told_id: str) -> ToldTown | None:
    """Read one town that was told and keep it for oneself until the unit ends (primary key)."""
    row = unit.execute(_ONE_TOLD, (told_id,)).fetchone()
    return None if row is None else ToldTown(*row)


def tell_again(unit: Unit, told_id: str, standing: str, by: str, at: datetime) -> int:
    """Count another letter to a town that was told; gives its number, which follows the clock.

    So a letter of today stands above one that was told by a database which was set back to a copy since.
    """
    row = unit.execute(_TELL_AGAIN, (int(at.timestamp()), standing, by, at, told_id)).fetchone()
    return int(row[0]) if row else 0


def sent_again(unit: Unit, told_id: str, by: str, at: datetime) -> None:
    """Note that the letter that was sent last is sent once more."""
    unit.execute(_SENT_AGAIN, (by, at, told_id))


def answered(unit: Unit, told_id: str, receiver: str, sequence: int, answer: str, at: datetime) -> str | None:
    """Note a town's answer to a letter and give the measure's number; None when it says nothing new."""
    named = {"id": told_id, "receiver": receiver, "sequence": sequence, "answer": answer, "at": at}
    row = unit.execute(_ANSWERED, named).fetchone()
    return None if row is None else str(row[0])


def unanswered(unit: Unit, limit_rows: int) -> list[ToldTown]:
    """List the letters that nobody has answered, oldest first (index protection_told_waiting)."""
    return [ToldTown(*row) for row in unit.execute(_UNANSWERED, (limit_rows,)).fetchall()]


def keep_received(unit: Unit, row: ReceivedForward) -> bool:
    """Keep the first letter under a name; False when one came before."""
    values = (row.sender, row.id, row.sequence, row.standing, row.received_at, row.body)
    return unit.execute(_KEEP_IN, values).rowcount == 1


def received(unit: Unit, sender: str, forward_id: str, *, locked: bool = False) -> ReceivedForward | None:
    """Read what another town tells under a name (primary key)."""
    row = unit.execute(_ONE_IN_LOCKED if locked else _ONE_IN, (sender, forward_id)).fetchone()
    return None if row is None else ReceivedForward(*row)


def replace_received(unit: Unit, row: ReceivedForward) -> bool:
    """Put a later letter in the place of an earlier one, to be looked at anew; False when it is no later one."""
    values = (row.sequence, row.standing, row.received_at, row.body, row.sender, row.id, row.sequence)
    return unit.execute(_NEWER, values).rowcount == 1


def tie_received(unit: Unit, sender: str, forward_id: str, number: str) -> None:
    """Note which measure of the own town follows from it."""
    unit.execute(_TIE, (number, sender, forward_id))


def close_received(
    unit: Unit, sender: str, forward_id: str, answer: str, closed: tuple[str, datetime]
) -> bool:
    """Settle it with an answer and forget its content; False when somebody else did."""
    return unit.execute(_CLOSE, (answer, *closed, sender, forward_id)).rowcount == 1


def received_list(unit: Unit, *, closed: bool, limit_rows: int) -> list[ReceivedForward]:
    """List what waits, oldest first, or what is settled, newest first.

    Served by the indexes protection_received_waiting and protection_received_closed.
    """
    rows = unit.execute(_CLOSED_IN if closed else _WAITING_IN, (limit_rows,)).fetchall()
    return [ReceivedForward(*row) for row in rows]


def open_bodies(unit: Unit) -> list[str]:
    """Give the content of everything that waits, all of it, oldest first (index protection_received_waiting)."""
    return [str(row[0]) for row in unit.execute(_OPEN_BODIES).fetchall()]


def untied(unit: Unit, after: tuple[datetime, str, str], limit_rows: int) -> list[ReceivedForward]:
    """List what waits and mean nobody here yet, oldest first, from behind one on (index protection_received_untied)."""
    return [ReceivedForward(*row) for row in unit.execute(_UNTIED, (*after, limit_rows)).fetchall()]


def how_much_waits(unit: Unit, told_before: datetime) -> int:
    """Count what waits for an officer, and what was told before an instant and is not answered.

    Served by the indexes protection_received_waiting and protection_told_waiting.
    """
    row = unit.execute(_WORK, (told_before,)).fetchone()
    return int(row[0]) if row else 0
