"""Notices to and from the towns of registered domiciles: what is owed from which place on, what became of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.hall_feed import Follower
from daicho.store.unit import Unit

FEED = Follower("register.supplement_cursor")
_OUT = (
    "id, entry_id, addressee_number, position, receiver, state, owed_on, told_on, told_by, differs_on, proposed_by,"
    " proposed_at, why, closed_by, closed_at, settled_by, body::text, letter"
)
_KEEP_OUT = """
INSERT INTO register.supplement_out (id, entry_id, addressee_number, position, receiver, state, owed_on, told_on)
SELECT * FROM unnest(
    %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::date[], %s::date[])
ON CONFLICT DO NOTHING RETURNING id
"""
_ONE_OUT = f"SELECT {_OUT} FROM register.supplement_out WHERE id = %s"
_SOME_OUT = f"SELECT {_OUT} FROM register.supplement_out WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_OF_PEOPLE = (
    f"SELECT {_OUT} FROM register.supplement_out WHERE addressee_number = ANY(%s) ORDER BY position, id"
)
_UNHIDDEN = "(addressee_number IS NULL OR addressee_number <> ALL(%(hidden)s::bigint[]))"
_WAITING = f"""
SELECT {_OUT} FROM register.supplement_out WHERE state = 'waiting' AND {_UNHIDDEN}
ORDER BY owed_on, position, id LIMIT %(limit)s
"""
_OF_LETTER = f"""
SELECT {_OUT} FROM register.supplement_out WHERE letter = %(letter)s AND state = 'told' AND {_UNHIDDEN}
ORDER BY position, id LIMIT %(limit)s
"""
_DIFFERS = f"""
SELECT {_OUT} FROM register.supplement_out WHERE state IN ('differs', 'proposed') AND {_UNHIDDEN}
ORDER BY differs_on, id LIMIT %(limit)s
"""
_HOW_MANY_WAIT = f"SELECT count(*) FROM register.supplement_out WHERE state = 'waiting' AND {_UNHIDDEN}"
_HOW_MANY_DIFFER = f"""
SELECT count(*) FROM register.supplement_out
WHERE state IN ('differs', 'proposed') AND state = %(state)s AND {_UNHIDDEN}
"""
_TELL = """
UPDATE register.supplement_out SET state = %s, receiver = coalesce(%s, receiver), told_on = %s, told_by = %s,
    differs_on = NULL, body = NULL, letter = NULL
WHERE id = ANY(%s) AND state IN ('waiting', 'differs', 'told') RETURNING id
"""
_PUT_IN_LETTERS = """
UPDATE register.supplement_out o SET letter = n.letter FROM unnest(%s::text[], %s::text[]) AS n (id, letter)
WHERE o.id = n.id
"""
_DIFFER = """
UPDATE register.supplement_out SET state = 'differs', differs_on = %s, body = %s
WHERE id = %s AND receiver = %s AND state = 'told' RETURNING id
"""
_PROPOSE = """
UPDATE register.supplement_out SET state = 'proposed', proposed_by = %s, proposed_at = %s, why = %s
WHERE id = %s AND state IN ('waiting', 'differs') RETURNING id
"""
_DECLINE = """
UPDATE register.supplement_out SET state = CASE WHEN body IS NULL THEN 'waiting' ELSE 'differs' END,
    proposed_by = NULL, proposed_at = NULL, why = ''
WHERE id = %s AND state = 'proposed' RETURNING id
"""
_CLOSE = """
UPDATE register.supplement_out SET state = 'closed', closed_by = %s, closed_at = %s, body = NULL
WHERE id = %s AND state = 'proposed' RETURNING id
"""
_SETTLE = """
UPDATE register.supplement_out SET state = 'closed', settled_by = %s, closed_at = %s, body = NULL,
    proposed_by = NULL, proposed_at = NULL, why = ''
WHERE id = %s AND state IN ('differs', 'proposed') RETURNING id
"""
_IN = (
    "i.sender, i.id, i.standing, i.received_on, i.received_at, i.position, i.state, i.protected, i.code, i.done_by,"
    " i.done_at, i.body::text"
)
_KEEP_IN = """
INSERT INTO register.supplement_in (sender, id, standing, received_on, received_at, position, protected, code, body)
SELECT n.sender, n.id, n.standing, n.received_on, n.received_at, n.position, n.protected, n.code, n.body::json
FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::timestamptz[], %s::bigint[], %s::boolean[], %s::text[],
    %s::text[]) AS n (sender, id, standing, received_on, received_at, position, protected, code, body)
ON CONFLICT DO NOTHING RETURNING id
"""
# Whose town came back from a copy and tells again of what did not agree has lost what it was told.
_OPEN_AGAIN = """
UPDATE register.supplement_in i SET state = 'open', position = n.position, protected = n.protected, code = n.code,
    body = n.body::json, done_by = NULL, done_on = NULL, done_at = NULL
FROM unnest(%s::text[], %s::bigint[], %s::boolean[], %s::text[], %s::text[]) AS n (id, position, protected, code, body)
WHERE i.sender = %s AND i.id = n.id AND i.state = 'differs' RETURNING i.id
"""
_MARK = """
UPDATE register.supplement_in i SET protected = n.protected FROM unnest(%s::text[], %s::boolean[]) AS n (id, protected)
WHERE i.sender = %s AND i.id = n.id AND i.state = 'open' AND i.protected <> n.protected RETURNING i.code
"""
_KEEP_MARKS = """
INSERT INTO register.supplement_mark (sender, id)
SELECT %(sender)s::text, n.id FROM unnest(%(ids)s::text[]) AS n (id)
WHERE NOT EXISTS (SELECT FROM register.supplement_in i WHERE i.sender = %(sender)s::text AND i.id = n.id)
ON CONFLICT DO NOTHING RETURNING id
"""
_TAKE_MARKS = "DELETE FROM register.supplement_mark WHERE sender = %s AND id = ANY(%s) RETURNING id"
_LOCKED_IN = f"SELECT {_IN} FROM register.supplement_in i WHERE i.sender = %s AND i.id = ANY(%s) ORDER BY i.id FOR UPDATE"
_ONE_IN = f"SELECT {_IN} FROM register.supplement_in i WHERE i.sender = %s AND i.id = %s"
# What is protected where it comes from, or is of somebody whom an own measure hides, is there for those alone who may
# see it. Nobody is looked for where nobody is hidden.
_SEEN = """(%(all)s OR (NOT i.protected AND (cardinality(%(hidden)s::bigint[]) = 0 OR i.code IS NULL OR NOT EXISTS (
    SELECT FROM register.resident r WHERE r.code = i.code AND r.addressee_number = ANY(%(hidden)s::bigint[])))))"""
_OPEN_IN = f"""
SELECT {_IN} FROM register.supplement_in i WHERE i.state = 'open' AND {_SEEN}
ORDER BY i.received_at, i.sender, i.position, i.id LIMIT %(limit)s
"""
_DONE_IN = f"""
SELECT {_IN} FROM register.supplement_in i WHERE i.state <> 'open' AND (%(all)s OR NOT i.protected)
ORDER BY i.done_at DESC, i.sender DESC, i.id DESC LIMIT %(limit)s
"""
_HOW_MANY_OPEN = f"SELECT count(*) FROM register.supplement_in i WHERE i.state = 'open' AND {_SEEN}"
_DO = """
UPDATE register.supplement_in SET state = %s, done_by = %s, done_on = %s, done_at = %s, code = NULL, body = NULL,
    protected = protected OR id = ANY(%s)
WHERE sender = %s AND id = ANY(%s) AND state = 'open' RETURNING id
"""
_STEP = """
INSERT INTO register.supplement_step (sender, id, heading, day)
SELECT %s::text, n.id, %s::text, %s::date FROM unnest(%s::text[]) AS n (id)
"""
# What was destroyed is nobody's any more, and stays counted.
_COUNT_OUT = """
SELECT s.day, s.heading, count(*)
FROM register.supplement_step s LEFT JOIN LATERAL (
    SELECT w.addressee_number FROM register.supplement_out w WHERE w.id = s.id OFFSET 0) AS o ON true
WHERE s.day BETWEEN %(first)s AND %(last)s AND s.sender = ''
    AND (o.addressee_number IS NULL OR o.addressee_number <> ALL(%(hidden)s::bigint[]))
GROUP BY s.day, s.heading
"""
_COUNT_IN = f"""
SELECT s.day, s.heading, count(*)
FROM register.supplement_step s LEFT JOIN LATERAL (
    SELECT w.id, w.protected, w.code FROM register.supplement_in w
    WHERE w.sender = s.sender AND w.id = s.id OFFSET 0) AS i ON true
WHERE s.day BETWEEN %(first)s AND %(last)s AND s.sender <> '' AND (i.id IS NULL OR {_SEEN})
GROUP BY s.day, s.heading
"""
_NUMBERS_OF_CODES = "SELECT r.code, r.addressee_number FROM register.resident r WHERE r.code = ANY(%s)"


@dataclass(frozen=True, slots=True)
class SupplementOut:
    """One notice that the own town owes or told; what it says is read from its change."""

    id: str
    entry_id: str
    addressee_number: int | None
    position: int
    receiver: str | None
    state: str
    owed_on: date
    told_on: date | None = None
    told_by: str = ""
    differs_on: date | None = None
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    why: str = ""
    closed_by: str | None = None
    closed_at: datetime | None = None
    settled_by: str | None = None
    body: str | None = None
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class SupplementIn:
    """One notice of a town; no content once it is done."""

    sender: str
    id: str
    standing: str
    received_on: date
    received_at: datetime
    position: int
    state: str
    protected: bool
    code: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class SupplementEyes:
    """What somebody may see of notices: everything, or what is neither protected nor of these people."""

    everything: bool
    hidden: frozenset[int] = frozenset()

    def named(self) -> dict[str, object]:
        """Give the parameters of a statement."""
        return {"all": self.everything, "hidden": sorted(self.hidden)}


def keep_out(unit: Unit, rows: Sequence[SupplementOut]) -> frozenset[str]:
    """Keep notices that are owed, and name those that were not there before (primary key)."""
    if not rows:
        return frozenset()
    columns = (
        [one.id for one in rows], [one.entry_id for one in rows], [one.addressee_number for one in rows],
        [one.position for one in rows], [one.receiver for one in rows], [one.state for one in rows],
        [one.owed_on for one in rows], [one.told_on for one in rows],
    )  # fmt: skip
    return _ids(unit.execute(_KEEP_OUT, columns).fetchall())


def _ids(rows: Sequence[tuple[str]]) -> frozenset[str]:
    return frozenset(str(row[0]) for row in rows)


def supplement_out(unit: Unit, notice_id: str) -> SupplementOut | None:
    """Read one notice of the own town (primary key)."""
    row = unit.execute(_ONE_OUT, (notice_id,)).fetchone()
    return None if row is None else SupplementOut(*row)


def lock_out(unit: Unit, notice_ids: Sequence[str]) -> list[SupplementOut]:
    """Read some notices of the own town; nobody else changes them until the unit ends (primary key)."""
    return [SupplementOut(*row) for row in unit.execute(_SOME_OUT, (list(notice_ids),)).fetchall()]


def out_of_people(unit: Unit, addressee_numbers: Collection[int]) -> list[SupplementOut]:
    """List every notice about some people in the order of their changes (index supplement_out_person)."""
    rows = unit.execute(_OF_PEOPLE, (sorted(addressee_numbers),)).fetchall()
    return [SupplementOut(*row) for row in rows]


def waiting_out(unit: Unit, hidden: Collection[int], *, limit_rows: int) -> list[SupplementOut]:
    """List what waits for a clerk to name the town, oldest first, without hidden people (index supplement_out_waiting)."""
    rows = unit.execute(_WAITING, {"hidden": sorted(hidden), "limit": limit_rows}).fetchall()
    return [SupplementOut(*row) for row in rows]


def out_of_letter(
    unit: Unit, letter: str, hidden: Collection[int], *, limit_rows: int
) -> list[SupplementOut]:
    """List what went last in one letter and was not answered, without hidden people (index supplement_out_letter)."""
    named = {"letter": letter, "hidden": sorted(hidden), "limit": limit_rows}
    return [SupplementOut(*row) for row in unit.execute(_OF_LETTER, named).fetchall()]


def differing_out(unit: Unit, hidden: Collection[int], *, limit_rows: int) -> list[SupplementOut]:
    """List what does not agree with a family register, oldest first (index supplement_out_differs)."""
    rows = unit.execute(_DIFFERS, {"hidden": sorted(hidden), "limit": limit_rows}).fetchall()
    return [SupplementOut(*row) for row in rows]


def how_many_wait(unit: Unit, hidden: Collection[int]) -> int:
    """Count what waits for a clerk to name the town (index supplement_out_waiting)."""
    return _counted(unit.execute(_HOW_MANY_WAIT, {"hidden": sorted(hidden)}).fetchone())


def how_many_differ(unit: Unit, hidden: Collection[int], *, proposed: bool) -> int:
    """Count what a clerk is to correct, or what a second person is to close (index supplement_out_differs)."""
    named = {"hidden": sorted(hidden), "state": "proposed" if proposed else "differs"}
    return _counted(unit.execute(_HOW_MANY_DIFFER, named).fetchone())


def tell_out(
    unit: Unit, notice_ids: Sequence[str], state: str, receiver: str | None, told: tuple[date, str]
) -> frozenset[str]:
    """Note of what waits, came back in its letter or as not agreeing, to whom it goes, or that it went on paper."""
    return _ids(unit.execute(_TELL, (state, receiver, *told, list(notice_ids))).fetchall())


def put_in_letters(unit: Unit, letters: Mapping[str, str]) -> None:
    """Note in which letter each notice goes (primary key)."""
    if letters:
        unit.execute(_PUT_IN_LETTERS, (list(letters), list(letters.values())))


def differ_out(unit: Unit, notice_id: str, receiver: str, on: date, body: str) -> bool:
    """Note what the town that was told found; False when it was not told this, or has answered before."""
    return unit.execute(_DIFFER, (on, body, notice_id, receiver)).fetchone() is not None


def propose_out(unit: Unit, notice_id: str, proposed: tuple[str, datetime], why: str) -> bool:
    """Note why a mismatch needs no change of the register, or what waits is not to be told; False when neither waits."""
    return unit.execute(_PROPOSE, (*proposed, why, notice_id)).fetchone() is not None


def decline_out(unit: Unit, notice_id: str) -> bool:
    """Take that back."""
    return unit.execute(_DECLINE, (notice_id,)).fetchone() is not None


def close_out(unit: Unit, notice_id: str, closed: tuple[str, datetime]) -> bool:
    """Close by the word of a second person what somebody gave a reason for."""
    return unit.execute(_CLOSE, (*closed, notice_id)).fetchone() is not None


def settle_out(unit: Unit, notice_id: str, by_notice: str, at: datetime) -> bool:
    """Close a mismatch by a later notice that says what the family register says."""
    return unit.execute(_SETTLE, (by_notice, at, notice_id)).fetchone() is not None


def keep_in(unit: Unit, rows: Sequence[SupplementIn]) -> frozenset[str]:
    """Keep notices of one town, and name those that were not there before (primary key)."""
    if not rows:
        return frozenset()
    columns = (
        [one.sender for one in rows], [one.id for one in rows], [one.standing for one in rows],
        [one.received_on for one in rows], [one.received_at for one in rows], [one.position for one in rows],
        [one.protected for one in rows], [one.code for one in rows], [one.body for one in rows],
    )  # fmt: skip
    return _ids(unit.execute(_KEEP_IN, columns).fetchall())


def open_again(unit: Unit, sender: str, rows: Sequence[SupplementIn]) -> frozenset[str]:
    """Open those again that did not agree and are told once more (primary key)."""
    if not rows:
        return frozenset()
    columns = (
        [one.id for one in rows], [one.position for one in rows], [one.protected for one in rows],
        [one.code for one in rows], [one.body for one in rows], sender,
    )  # fmt: skip
    return _ids(unit.execute(_OPEN_AGAIN, columns).fetchall())


def mark_in(unit: Unit, sender: str, marks: Mapping[str, bool]) -> list[str | None]:
    """Note of which notices of a town the address is kept back now; gives whose codes changed (primary key)."""
    rows = unit.execute(_MARK, (list(marks), list(marks.values()), sender)).fetchall()
    return [row[0] for row in rows]


def keep_marks(unit: Unit, sender: str, notice_ids: Sequence[str]) -> frozenset[str]:
    """Keep of which notices that have not come yet the address is kept back, and name those that are new (primary keys)."""
    if not notice_ids:
        return frozenset()
    return _ids(unit.execute(_KEEP_MARKS, {"sender": sender, "ids": list(notice_ids)}).fetchall())


def take_marks(unit: Unit, sender: str, notice_ids: Sequence[str]) -> frozenset[str]:
    """Take away what was kept of notices that come now, or are kept back no longer (primary key)."""
    if not notice_ids:
        return frozenset()
    return _ids(unit.execute(_TAKE_MARKS, (sender, list(notice_ids))).fetchall())


def supplement_in(unit: Unit, sender: str, notice_id: str) -> SupplementIn | None:
    """Read one notice of a town (primary key)."""
    row = unit.execute(_ONE_IN, (sender, notice_id)).fetchone()
    return None if row is None else SupplementIn(*row)


def lock_in(unit: Unit, sender: str, notice_ids: Sequence[str]) -> list[SupplementIn]:
    """Read some notices of a town; nobody else changes them until the unit ends (primary key)."""
    return [SupplementIn(*row) for row in unit.execute(_LOCKED_IN, (sender, list(notice_ids))).fetchall()]


def open_in(unit: Unit, eyes: SupplementEyes, *, limit_rows: int) -> list[SupplementIn]:
    """List what is to be recorded, oldest first, as far as somebody may see it (index supplement_in_waiting)."""
    rows = unit.execute(_OPEN_IN, eyes.named() | {"limit": limit_rows}).fetchall()
    return [SupplementIn(*row) for row in rows]


def done_in(unit: Unit, eyes: SupplementEyes, *, limit_rows: int) -> list[SupplementIn]:
    """List what was recorded or did not agree, newest first (index supplement_in_done)."""
    rows = unit.execute(_DONE_IN, eyes.named() | {"limit": limit_rows}).fetchall()
    return [SupplementIn(*row) for row in rows]


def how_many_open(unit: Unit, eyes: SupplementEyes) -> int:
    """Count what is to be recorded, as far as somebody may see it (index supplement_in_waiting)."""
    return _counted(unit.execute(_HOW_MANY_OPEN, eyes.named()).fetchone())


def finish_in(
    unit: Unit,
    sender: str,
    notice_ids: Sequence[str],
    state: str,
    done: tuple[str, date, datetime],
    covered: Collection[str] = (),
) -> frozenset[str]:
    """Note that open notices of a town are recorded, or do not agree, and forget their content.

    Whom they are about is forgotten, too: those that are `covered` by an own measure are protected from now on.
    """
    return _ids(unit.execute(_DO, (state, *done, list(covered), sender, list(notice_ids))).fetchall())


def note_steps(unit: Unit, sender: str, notice_ids: Collection[str], heading: str, day: date) -> None:
    """Note for the counts what was done with notices of a town, or with own ones where none is named."""
    if notice_ids:
        unit.execute(_STEP, (sender, heading, day, list(notice_ids)))


def counts_between(unit: Unit, eyes: SupplementEyes, first: date, last: date) -> list[tuple[date, str, int]]:
    """Count by day and heading what was told, received and answered between two days (index supplement_step_day)."""
    named = eyes.named() | {"first": first, "last": last}
    rows = [row for one in (_COUNT_OUT, _COUNT_IN) for row in unit.execute(one, named).fetchall()]
    return [(day, str(heading), int(number)) for day, heading, number in rows]


def numbers_of_codes(unit: Unit, codes: Collection[str]) -> dict[str, int]:
    """Find whose some resident record codes are in the own register (unique)."""
    rows = unit.execute(_NUMBERS_OF_CODES, (sorted(codes),)).fetchall() if codes else []
    return {str(code): int(number) for code, number in rows}


def _counted(row: tuple[int, ...] | None) -> int:
    return int(row[0]) if row else 0
