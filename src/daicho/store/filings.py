"""Reports of one town's family register to another town: those that go out, and those that come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

_OUT = (
    "id, receiver, kind, filing_number, state, entered_by, entered_at, decided_by, decided_at, why, answer, closed_at,"
    " people, body::text"
)
_KEEP_OUT = """
INSERT INTO register.filing_out (id, receiver, kind, filing_number, entered_by, entered_at, people, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE_OUT = f"SELECT {_OUT} FROM register.filing_out WHERE id = %s"
_LOCKED_OUT = f"{_ONE_OUT} FOR UPDATE"
# What somebody has to do stands before what waits for others.
_WAITING_OUT = f"""
SELECT {_OUT} FROM register.filing_out WHERE state <> 'closed' ORDER BY (state = 'sent'), entered_at, id LIMIT %s
"""
_CLOSED_OUT = (
    f"SELECT {_OUT} FROM register.filing_out WHERE state = 'closed' ORDER BY closed_at DESC, id DESC LIMIT %s"
)
_DECIDE_OUT = """
UPDATE register.filing_out SET state = %s, decided_by = %s, decided_at = %s, why = %s WHERE id = %s AND state = 'drafted'
"""
_CLOSE_OUT = """
UPDATE register.filing_out SET state = 'closed', closed_at = %s, why = '', people = '{}', body = NULL
WHERE id = %s AND state <> 'closed'
"""
_ANSWERED = """
UPDATE register.filing_out SET state = %(state)s, answer = %(answer)s,
    closed_at = CASE %(state)s WHEN 'closed' THEN %(at)s::timestamptz END,
    why = CASE %(state)s WHEN 'closed' THEN '' ELSE why END,
    people = CASE %(state)s WHEN 'closed' THEN '{}' ELSE people END,
    body = CASE %(state)s WHEN 'closed' THEN NULL ELSE body END
WHERE id = %(id)s AND receiver = %(receiver)s AND state = 'sent'
"""
_IN = (
    "sender, id, kind, filing_number, state, received_at, entry_id, proposed_by, proposed_at, answer, closed_by, closed_at,"
    " people, body::text"
)
_KEEP_IN = """
INSERT INTO register.filing_in (sender, id, kind, filing_number, received_at, people, body)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE_IN = f"SELECT {_IN} FROM register.filing_in WHERE sender = %s AND id = %s"
_LOCKED_IN = f"{_ONE_IN} FOR UPDATE"
_OF_ENTRY = f"SELECT {_IN} FROM register.filing_in WHERE entry_id = %s"
_WAITING_IN = (
    f"SELECT {_IN} FROM register.filing_in WHERE state <> 'closed' ORDER BY received_at, sender, id LIMIT %s"
)
_ABOUT_IN = f"""
SELECT {_IN} FROM register.filing_in WHERE state <> 'closed' AND people @> ARRAY[%s]::bigint[]
ORDER BY received_at, sender, id LIMIT %s
"""
_CLOSED_IN = f"""
SELECT {_IN} FROM register.filing_in WHERE state = 'closed' ORDER BY closed_at DESC, sender DESC, id DESC LIMIT %s
"""
_TAKE = """
UPDATE register.filing_in SET state = 'entered', entry_id = %s WHERE sender = %s AND id = %s AND state = 'open' RETURNING id
"""
_RELEASE = (
    "UPDATE register.filing_in SET state = 'open', entry_id = NULL WHERE entry_id = %s AND state = 'entered'"
)
_RECORDED = f"""
UPDATE register.filing_in f SET state = 'closed', answer = %s, closed_by = e.by, closed_at = %s, people = '{{}}',
    body = NULL
FROM unnest(%s::text[], %s::text[]) AS e (entry, by) WHERE f.entry_id = e.entry AND f.state = 'entered'
RETURNING {", ".join(f"f.{one}" for one in _IN.split(", "))}
"""
_ANSWER = """
UPDATE register.filing_in SET state = 'closed', answer = %s, closed_by = %s, closed_at = %s, people = '{}', body = NULL
WHERE sender = %s AND id = %s AND state = 'open'
"""
_PROPOSE = """
UPDATE register.filing_in SET state = 'proposed', proposed_by = %s, proposed_at = %s
WHERE sender = %s AND id = %s AND state = 'open'
"""
_CONFIRM = """
UPDATE register.filing_in SET state = 'closed', answer = %s, closed_by = %s, closed_at = %s, people = '{}', body = NULL
WHERE sender = %s AND id = %s AND state = 'proposed'
"""
_DECLINE = """
UPDATE register.filing_in SET state = 'open', proposed_by = NULL, proposed_at = NULL
WHERE sender = %s AND id = %s AND state = 'proposed'
"""
_PEOPLE = """
UPDATE register.filing_in SET people = %(people)s::bigint[]
WHERE sender = %(sender)s AND id = %(id)s AND state <> 'closed' AND people <> %(people)s::bigint[]
"""
_TO_RECORD = "SELECT count(*) FROM register.filing_in WHERE state <> 'closed' AND state = 'open'"
_TO_CONFIRM = "SELECT count(*) FROM register.filing_in WHERE state <> 'closed' AND state = 'proposed'"
_TO_SEND = "SELECT count(*) FROM register.filing_out WHERE state <> 'closed' AND state = 'drafted'"
_BACK = """
SELECT count(*) FROM register.filing_out WHERE state <> 'closed'
    AND (state IN ('returned', 'back') OR (state = 'sent' AND decided_at < %s))
"""


@dataclass(frozen=True, slots=True)
class FilingOut:
    """One report of the own town; no content once it is closed."""

    id: str
    receiver: str
    kind: str
    filing_number: str
    state: str
    entered_by: str
    entered_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str = ""
    answer: str | None = None
    closed_at: datetime | None = None
    people: Sequence[int] = ()
    body: str | None = None


@dataclass(frozen=True, slots=True)
class FilingIn:
    """One report of another town; no content once it is closed."""

    sender: str
    id: str
    kind: str
    filing_number: str
    state: str
    received_at: datetime
    entry_id: str | None = None
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    answer: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    people: Sequence[int] = ()
    body: str | None = None


def keep_out(unit: Unit, row: FilingOut) -> bool:
    """Keep a report that waits for a second person; False when it is there already."""
    values = (
        row.id, row.receiver, row.kind, row.filing_number, row.entered_by, row.entered_at, list(row.people),
        row.body,
    )  # fmt: skip
    return unit.execute(_KEEP_OUT, values).rowcount == 1


def filing_out(unit: Unit, report_id: str, *, locked: bool = False) -> FilingOut | None:
    """Read one report of the own town (primary key); `locked`, nobody else changes it until the unit ends."""
    row = unit.execute(_LOCKED_OUT if locked else _ONE_OUT, (report_id,)).fetchone()
    return None if row is None else FilingOut(*row)


def filings_out(unit: Unit, *, closed: bool, limit_rows: int) -> list[FilingOut]:
    """List what is not closed, oldest first and what waits for an answer last, or what is, newest first.

    Served by the indexes filing_out_waiting and filing_out_closed.
    """
    rows = unit.execute(_CLOSED_OUT if closed else _WAITING_OUT, (limit_rows,)).fetchall()
    return [FilingOut(*row) for row in rows]


def decide_out(unit: Unit, report_id: str, state: str, decided: tuple[str, datetime], why: str = "") -> bool:
    """Send a draft, or give it back with a reason; False when it is no draft any more."""
    return unit.execute(_DECIDE_OUT, (state, *decided, why, report_id)).rowcount == 1


def close_out(unit: Unit, report_id: str, at: datetime) -> bool:
    """Close a report of the own town and forget its content; False when it is closed already."""
    return unit.execute(_CLOSE_OUT, (at, report_id)).rowcount == 1


def answer_out(unit: Unit, report_id: str, receiver: str, answer: str, at: datetime, *, back: bool) -> bool:
    """Note what the town that was told answered; False when it was not told this, or answered before."""
    named = {
        "state": "back" if back else "closed",
        "answer": answer,
        "at": at,
        "id": report_id,
        "receiver": receiver,
    }
    return unit.execute(_ANSWERED, named).rowcount == 1


def keep_in(unit: Unit, row: FilingIn) -> bool:
    """Keep a report of another town; False when it came before."""
    values = (
        row.sender,
        row.id,
        row.kind,
        row.filing_number,
        row.received_at,
        list(row.people),
        row.body,
    )
    return unit.execute(_KEEP_IN, values).rowcount == 1


def filing_in(unit: Unit, sender: str, report_id: str, *, locked: bool = False) -> FilingIn | None:
    """Read one report of another town (primary key); `locked`, nobody else changes it until the unit ends."""
    row = unit.execute(_LOCKED_IN if locked else _ONE_IN, (sender, report_id)).fetchone()
    return None if row is None else FilingIn(*row)


def filing_of_entry(unit: Unit, entry_id: str) -> FilingIn | None:
    """Read the report from which a change was entered (index filing_in_entry)."""
    row = unit.execute(_OF_ENTRY, (entry_id,)).fetchone()
    return None if row is None else FilingIn(*row)


def filings_in(unit: Unit, *, closed: bool, limit_rows: int) -> list[FilingIn]:
    """List what is not closed, oldest first, or what is, newest first (indexes filing_in_waiting, filing_in_closed)."""
    rows = unit.execute(_CLOSED_IN if closed else _WAITING_IN, (limit_rows,)).fetchall()
    return [FilingIn(*row) for row in rows]


def open_filings_about(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[FilingIn]:
    """List what is not closed and may mean somebody, oldest first (index filing_in_people, or filing_in_waiting)."""
    rows = unit.execute(_ABOUT_IN, (addressee_number, limit_rows)).fetchall()
    return [FilingIn(*row) for row in rows]


def take_in(unit: Unit, sender: str, report_id: str, entry_id: str) -> bool:
    """Tie an open report to the change that was entered from it; False when somebody else was first."""
    return unit.execute(_TAKE, (entry_id, sender, report_id)).fetchone() is not None


def release_in(unit: Unit, entry_id: str) -> bool:
    """Open again the report of a change that does not come to stand (index filing_in_entry)."""
    return unit.execute(_RELEASE, (entry_id,)).rowcount == 1


def close_recorded(
    unit: Unit, entries: Sequence[tuple[str, str]], answer: str, at: datetime
) -> list[FilingIn]:
    """Close the reports of changes that stand, each with who verified it (index filing_in_entry)."""
    ids, by = [entry for entry, _ in entries], [verifier for _, verifier in entries]
    return [FilingIn(*row) for row in unit.execute(_RECORDED, (answer, at, ids, by)).fetchall()]


def answer_in(unit: Unit, sender: str, report_id: str, answer: str, closed: tuple[str, datetime]) -> bool:
    """Close an open report without a change; False when it is not open any more."""
    return unit.execute(_ANSWER, (answer, *closed, sender, report_id)).rowcount == 1


def note_people(unit: Unit, sender: str, report_id: str, people: Sequence[int]) -> None:
    """Note who may be meant now (primary key)."""
    unit.execute(_PEOPLE, {"people": list(people), "sender": sender, "id": report_id})


def propose_in(unit: Unit, sender: str, report_id: str, proposed: tuple[str, datetime]) -> bool:
    """Note that somebody holds an open report to be recorded already; False when it is not open any more."""
    return unit.execute(_PROPOSE, (*proposed, sender, report_id)).rowcount == 1


def confirm_in(unit: Unit, sender: str, report_id: str, answer: str, closed: tuple[str, datetime]) -> bool:
    """Close a report by the word of a second person; False when it does not wait for one."""
    return unit.execute(_CONFIRM, (answer, *closed, sender, report_id)).rowcount == 1


def decline_in(unit: Unit, sender: str, report_id: str) -> bool:
    """Open a report again that waited for a second person; False when it did not."""
    return unit.execute(_DECLINE, (sender, report_id)).rowcount == 1


def how_many_to_record(unit: Unit) -> int:
    """Count what waits for whoever enters changes (index filing_in_waiting)."""
    return _counted(unit.execute(_TO_RECORD).fetchone())


def how_many_to_confirm(unit: Unit) -> int:
    """Count what a second person is to close without a change (index filing_in_waiting)."""
    return _counted(unit.execute(_TO_CONFIRM).fetchone())


def how_many_to_send(unit: Unit) -> int:
    """Count drafts that wait for a second person (index filing_out_waiting)."""
    return _counted(unit.execute(_TO_SEND).fetchone())


def how_many_came_back(unit: Unit, sent_before: datetime) -> int:
    """Count what came back to whoever entered it, and what was sent before an instant and has no answer.

    Served by the index filing_out_waiting.
    """
    return _counted(unit.execute(_BACK, (sent_before,)).fetchone())


def _counted(row: tuple[int, ...] | None) -> int:
    return int(row[0]) if row else 0
