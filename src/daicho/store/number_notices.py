"""Notices of individual numbers that a town owes, and to where its residents stated them to go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.hall_feed import Follower
from daicho.store.unit import Unit

FEED = Follower("register.number_notice_cursor")
_UP_TO = """
SELECT coalesce(max(position), 0)
FROM (SELECT position FROM hall.feed WHERE position > %s ORDER BY position LIMIT %s) AS next
"""
_CHANGES = """
SELECT e.id, e.body FROM hall.feed f CROSS JOIN LATERAL (
    SELECT id, body::text AS body FROM register.entry WHERE id = f.entry_id AND kind = %s AND NOT disposed OFFSET 0) AS e
WHERE f.position > %s AND f.position <= %s ORDER BY f.position
"""  # primary keys
_ALLOTTED = "SELECT code FROM codes.stock WHERE code = ANY(%s)"
_ASKED = "SELECT entry_id FROM register.number_change WHERE entry_id = ANY(%s)"
_ROW = (
    "id, addressee_number, entry_id, print_kind, state, owed_at, ordered_by, role, terminal, why, hindrance,"
    " tried_at, confirmed_by, control_number, elsewhere, for_officer, closed_at"
)
_KEEP = """
INSERT INTO register.number_notice (id, addressee_number, entry_id, print_kind, owed_at, ordered_by, role, terminal, why)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ONE = f"SELECT {_ROW} FROM register.number_notice WHERE id = %s"
_RAISE = """
UPDATE register.number_notice SET print_kind = '2' WHERE addressee_number = %s AND state = 'waiting' AND id <> %s
    AND print_kind <> '2' AND entry_id IS DISTINCT FROM %s RETURNING id
"""  # index: number_notice_waiting
_EVER_TOLD = (
    "SELECT EXISTS (SELECT FROM register.number_notice WHERE addressee_number = %s AND state = 'told')"
)
# Whose leaving was cancelled, or who is back, and of whom nothing was owed or told since.
_BACK = """
SELECT n.id, n.addressee_number, n.print_kind FROM register.number_notice n CROSS JOIN LATERAL (
    SELECT FROM register.resident r WHERE r.addressee_number = n.addressee_number AND r.living OFFSET 0) AS here
WHERE n.state = 'lapsed' AND NOT EXISTS (
    SELECT FROM register.number_notice o WHERE o.addressee_number = n.addressee_number AND o.id <> n.id
        AND (o.state = 'waiting' OR (o.owed_at, o.id) > (n.owed_at, n.id)))
LIMIT %s
"""  # indexes: number_notice_lapsed, primary key, number_notice_person
_WAIT_AGAIN = """
UPDATE register.number_notice SET state = 'waiting', closed_at = NULL WHERE id = ANY(%s) AND state = 'lapsed'
"""
_OF_FILE = f"SELECT {_ROW} FROM register.number_notice WHERE control_number = %s AND state = 'told' ORDER BY id FOR UPDATE"
_UNTELL = """
UPDATE register.number_notice n SET state = 'waiting', control_number = NULL, closed_at = NULL, elsewhere = false,
    for_officer = false, hindrance = %s, tried_at = %s
WHERE n.id = ANY(%s) AND n.state = 'told' AND NOT EXISTS (
    SELECT FROM register.number_notice o WHERE o.addressee_number = n.addressee_number AND o.state = 'waiting')
RETURNING n.id
"""
_NEXT = f"""
SELECT {_ROW} FROM register.number_notice WHERE state = 'waiting' AND (tried_at IS NULL OR tried_at <= %s)
ORDER BY tried_at NULLS FIRST, owed_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""  # index: number_notice_tried
_ANY_WAITING = "SELECT EXISTS (SELECT FROM register.number_notice WHERE state = 'waiting')"
_UNHIDDEN = "addressee_number <> ALL(%(hidden)s::bigint[])"
_WAITING = f"""
SELECT {_ROW} FROM register.number_notice WHERE state = 'waiting' AND {_UNHIDDEN}
ORDER BY (hindrance <> ''), owed_at, id LIMIT %(limit)s
"""  # index: number_notice_next
_CLOSED = f"""
SELECT {_ROW} FROM register.number_notice WHERE state <> 'waiting' AND {_UNHIDDEN}
ORDER BY closed_at DESC, id DESC LIMIT %(limit)s
"""  # index: number_notice_closed
_HINDERED = f"""
SELECT count(*) FROM register.number_notice WHERE state = 'waiting' AND hindrance <> '' AND {_UNHIDDEN}
"""  # index: number_notice_next
_OF_PERSON = f"""
SELECT {_ROW} FROM register.number_notice WHERE addressee_number = %s ORDER BY owed_at DESC, id DESC LIMIT %s
"""  # index: number_notice_person
_TELL = """
UPDATE register.number_notice n SET state = 'told', hindrance = '', control_number = %s, elsewhere = %s, for_officer = %s,
    closed_at = %s
WHERE n.id = ANY(%s) AND n.state = 'waiting'
"""
_LAPSE = """
UPDATE register.number_notice SET state = 'lapsed', hindrance = '', closed_at = %s WHERE id = ANY(%s) AND state = 'waiting'
"""
_HINDER = (
    "UPDATE register.number_notice SET hindrance = %s, tried_at = %s WHERE id = ANY(%s) AND state = 'waiting'"
)
_CONFIRM = """
UPDATE register.number_notice SET confirmed_by = %s, confirmed_at = %s, tried_at = NULL
WHERE addressee_number = %s AND state = 'waiting' AND confirmed_by IS NULL RETURNING id
"""  # index: number_notice_waiting
_STATED = (
    "id, addressee_number, for_officer, until, entered_by, entered_at, terminal, body::text, verified_by"
)
_STATE = """
INSERT INTO register.stated_destination (id, addressee_number, for_officer, until, entered_by, entered_at, terminal, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_KNOWN_STATED = "SELECT addressee_number FROM register.stated_destination WHERE id = %s"
_OF_PEOPLE = f"""
SELECT {_STATED} FROM register.stated_destination WHERE addressee_number = ANY(%s) AND ended_at IS NULL
"""  # index: stated_destination_open
_LISTED = f"""
SELECT {_STATED} FROM register.stated_destination WHERE ended_at IS NULL AND {_UNHIDDEN} AND (%(all)s OR NOT for_officer)
ORDER BY entered_at, id LIMIT %(limit)s
"""  # index: stated_destination_listed
_VERIFY = """
UPDATE register.stated_destination SET verified_by = %s, verified_at = %s
WHERE id = ANY(%s) AND ended_at IS NULL AND verified_by IS NULL
"""
_OPEN_STATED = f"SELECT {_STATED} FROM register.stated_destination WHERE id = ANY(%s) AND ended_at IS NULL ORDER BY id FOR UPDATE"
_UNVERIFIED = f"""
SELECT count(*) FROM register.stated_destination WHERE ended_at IS NULL AND verified_by IS NULL AND {_UNHIDDEN}
    AND entered_by <> %(who)s AND for_officer = %(officer)s
"""  # index: stated_destination_unverified
_OVER_FOR_OFFICER = """
SELECT count(*) FROM register.stated_destination WHERE ended_at IS NULL AND until < %s AND for_officer
"""  # index: stated_destination_until
# Who is or was of an officer's affair by a destination, and who stands with them in one household.
_FLED_EVERYWHERE = """
SELECT DISTINCT mate.addressee_number FROM register.stated_destination s
CROSS JOIN LATERAL (
    SELECT r.household_number FROM register.resident r WHERE r.addressee_number = s.addressee_number OFFSET 0) AS home
CROSS JOIN LATERAL (
    SELECT m.addressee_number FROM register.resident m WHERE m.household_number = home.household_number OFFSET 0) AS mate
WHERE s.for_officer
"""  # indexes: stated_destination_fled, primary key, resident_household
_FLED = """
SELECT DISTINCT asked.whose FROM unnest(%s::bigint[]) AS asked (whose)
CROSS JOIN LATERAL (
    SELECT r.household_number FROM register.resident r WHERE r.addressee_number = asked.whose OFFSET 0) AS home
CROSS JOIN LATERAL (
    SELECT m.addressee_number FROM register.resident m WHERE m.household_number = home.household_number OFFSET 0) AS mate
CROSS JOIN LATERAL (
    SELECT FROM register.stated_destination s WHERE s.addressee_number = mate.addressee_number AND s.for_officer LIMIT 1) AS fled
"""  # indexes: primary key, resident_household, stated_destination_fled
_END = """
UPDATE register.stated_destination SET ended_by = %s, ended_at = %s, body = NULL
WHERE addressee_number = ANY(%s) AND ended_at IS NULL RETURNING addressee_number
"""  # index: stated_destination_open
_OVER = """
SELECT addressee_number FROM register.stated_destination WHERE ended_at IS NULL AND until < %(on)s AND NOT for_officer
UNION
SELECT s.addressee_number FROM register.stated_destination s WHERE s.ended_at IS NULL AND NOT (
    SELECT r.living FROM register.resident r WHERE r.addressee_number = s.addressee_number)
LIMIT %(limit)s
"""  # indexes: stated_destination_until, stated_destination_listed, primary key


@dataclass(frozen=True, slots=True)
class NumberNoticeRow:
    """One notice that is owed or was told: whose, why, in which file."""

    id: str
    addressee_number: int
    entry_id: str | None
    print_kind: str
    state: str
    owed_at: datetime
    ordered_by: str = ""
    role: str = ""
    terminal: str = ""
    why: str = ""
    hindrance: str = ""
    tried_at: datetime | None = None
    confirmed_by: str | None = None
    control_number: str | None = None
    elsewhere: bool = False
    for_officer: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatedRow:
    """To where somebody stated that notices go, while it holds."""

    id: str
    addressee_number: int
    for_officer: bool
    until: date | None
    entered_by: str
    entered_at: datetime
    terminal: str
    body: str
    verified_by: str | None = None


def number_changes(
    unit: Unit, after: int, kind: str, *, limit_rows: int
) -> tuple[int, list[tuple[str, str]]]:
    """Read the changes of one kind among the next places of the feed, and tell the last of these places, 0 for none."""
    row = unit.execute(_UP_TO, (after, limit_rows)).fetchone()
    last = int(row[0]) if row else 0
    rows = unit.execute(_CHANGES, (kind, after, last)).fetchall() if last else []
    return last, [(str(entry_id), str(body)) for entry_id, body in rows]


def allotted_here(unit: Unit, codes: Collection[str]) -> frozenset[str]:
    """Name those of some resident record codes that came from the own stock (primary key)."""
    rows = unit.execute(_ALLOTTED, (sorted(codes),)).fetchall() if codes else []
    return frozenset(str(row[0]) for row in rows)


def asked_here(unit: Unit, entry_ids: Collection[str]) -> frozenset[str]:
    """Name those changes that answer a request of the own town for another number (index number_change_entry)."""
    rows = unit.execute(_ASKED, (sorted(entry_ids),)).fetchall() if entry_ids else []
    return frozenset(str(row[0]) for row in rows)


def keep(unit: Unit, row: NumberNoticeRow) -> bool:
    """Keep a notice that is owed; False where it is kept already or another one of the same person waits."""
    values = (
        row.id, row.addressee_number, row.entry_id, row.print_kind, row.owed_at, row.ordered_by, row.role,
        row.terminal, row.why,
    )  # fmt: skip
    return unit.execute(_KEEP, values).rowcount == 1


def raise_kind(unit: Unit, row: NumberNoticeRow) -> str | None:
    """Let what waits of a person say that the number is another one, and name it (index number_notice_waiting)."""
    raised = unit.execute(_RAISE, (row.addressee_number, row.id, row.entry_id)).fetchone()
    return None if raised is None else str(raised[0])


def ever_told(unit: Unit, addressee_number: int) -> bool:
    """Tell whether the town has told of a number of somebody before (index number_notice_person)."""
    row = unit.execute(_EVER_TOLD, (addressee_number,)).fetchone()
    return bool(row and row[0])


def wait_again(unit: Unit, *, limit_rows: int) -> list[tuple[str, int, str]]:
    """Let those lapsed notices wait again whose people live here after all; gives names, people, kinds."""
    rows = unit.execute(_BACK, (limit_rows,)).fetchall()
    if rows:
        unit.execute(_WAIT_AGAIN, ([row[0] for row in rows],))
    return [(str(name), int(number), str(kind)) for name, number, kind in rows]


def somebody_is_back(unit: Unit) -> bool:
    """Tell whether a lapsed notice is of somebody who lives here after all."""
    return unit.execute(_BACK, (1,)).fetchone() is not None


def lock_of_file(unit: Unit, control_number: str) -> list[NumberNoticeRow]:
    """Read the notices that went in one file; nobody else changes them meanwhile (index number_notice_file)."""
    return [NumberNoticeRow(*row) for row in unit.execute(_OF_FILE, (control_number,)).fetchall()]


def untell(unit: Unit, notice_ids: Sequence[str], hindrance: str, not_before: datetime) -> frozenset[str]:
    """Let what was told in a refused file wait again, with the reason; names those of whom nothing waits already."""
    rows = unit.execute(_UNTELL, (hindrance, not_before, list(notice_ids))).fetchall()
    return frozenset(str(row[0]) for row in rows)


def one(unit: Unit, notice_id: str) -> NumberNoticeRow | None:
    """Read one notice (primary key)."""
    row = unit.execute(_ONE, (notice_id,)).fetchone()
    return None if row is None else NumberNoticeRow(*row)


def any_waiting(unit: Unit) -> bool:
    """Tell whether any notice waits to be told (index number_notice_next)."""
    row = unit.execute(_ANY_WAITING).fetchone()
    return bool(row and row[0])


def lock_next(unit: Unit, now: datetime, *, limit_rows: int) -> list[NumberNoticeRow]:
    """Read what waits, first what was never tried, then what was tried longest ago; nobody else tells it meanwhile.

    What rests until a later time is left out (index number_notice_tried).
    """
    return [NumberNoticeRow(*row) for row in unit.execute(_NEXT, (now, limit_rows)).fetchall()]


def waiting(unit: Unit, hidden: Collection[int], *, limit_rows: int) -> list[NumberNoticeRow]:
    """List what waits without hidden people (index number_notice_next)."""
    rows = unit.execute(_WAITING, {"hidden": sorted(hidden), "limit": limit_rows}).fetchall()
    return [NumberNoticeRow(*row) for row in rows]


def closed(unit: Unit, hidden: Collection[int], *, limit_rows: int) -> list[NumberNoticeRow]:
    """List what was told or lapsed, newest first, without hidden people (index number_notice_closed)."""
    rows = unit.execute(_CLOSED, {"hidden": sorted(hidden), "limit": limit_rows}).fetchall()
    return [NumberNoticeRow(*row) for row in rows]


def how_many_hindered(unit: Unit, hidden: Collection[int]) -> int:
    """Count what waits and could not be told, without hidden people (index number_notice_next)."""
    row = unit.execute(_HINDERED, {"hidden": sorted(hidden)}).fetchone()
    return int(row[0]) if row else 0


def of_person(unit: Unit, addressee_number: int, *, limit_rows: int) -> list[NumberNoticeRow]:
    """List one person's notices, newest first (index number_notice_person)."""
    rows = unit.execute(_OF_PERSON, (addressee_number, limit_rows)).fetchall()
    return [NumberNoticeRow(*row) for row in rows]


def tell(unit: Unit, notice_ids: Sequence[str], file: tuple[str, bool, bool], at: datetime) -> None:
    """Note in which file notices went, whether to a stated destination, whether of somebody guarded (primary key)."""
    unit.execute(_TELL, (*file, at, list(notice_ids)))


def lapse(unit: Unit, notice_ids: Sequence[str], at: datetime) -> None:
    """Note that notices are owed no more: their people left before they were told (primary key)."""
    if notice_ids:
        unit.execute(_LAPSE, (at, list(notice_ids)))


def hinder(unit: Unit, notice_ids: Sequence[str], hindrance: str, at: datetime) -> None:
    """Note why notices could not be told, and when that was tried (primary key)."""
    if notice_ids:
        unit.execute(_HINDER, (hindrance, at, list(notice_ids)))


def confirm(unit: Unit, addressee_number: int, confirmed: tuple[str, datetime]) -> bool:
    """Note that an officer lets somebody's waiting notice go; False where none waits for it (index number_notice_waiting)."""
    return unit.execute(_CONFIRM, (*confirmed, addressee_number)).fetchone() is not None


def state(unit: Unit, row: StatedRow) -> bool:
    """Keep a stated destination; False where it is kept already or another one of the same person holds."""
    values = (
        row.id, row.addressee_number, row.for_officer, row.until, row.entered_by, row.entered_at, row.terminal,
        row.body,
    )  # fmt: skip
    return unit.execute(_STATE, values).rowcount == 1


def stated_by(unit: Unit, stated_id: str) -> int | None:
    """Tell of whom a stated destination is, ended or not (primary key)."""
    row = unit.execute(_KNOWN_STATED, (stated_id,)).fetchone()
    return None if row is None else int(row[0])


def stated_of(unit: Unit, addressee_numbers: Collection[int]) -> Mapping[int, StatedRow]:
    """Read the stated destinations of some people that were not ended (index stated_destination_open)."""
    rows = unit.execute(_OF_PEOPLE, (sorted(addressee_numbers),)).fetchall()
    return {int(row[1]): StatedRow(*row) for row in rows}


def stated(unit: Unit, hidden: Collection[int], *, everything: bool, limit_rows: int) -> list[StatedRow]:
    """List stated destinations, without hidden people and what is for officers (index stated_destination_listed)."""
    named = {"hidden": sorted(hidden), "all": everything, "limit": limit_rows}
    return [StatedRow(*row) for row in unit.execute(_LISTED, named).fetchall()]


def end_stated(unit: Unit, addressee_numbers: Collection[int], ended: tuple[str, datetime]) -> frozenset[int]:
    """End the stated destinations of some people, forget them, and name whose they were (index stated_destination_open)."""
    rows = unit.execute(_END, (*ended, sorted(addressee_numbers))).fetchall() if addressee_numbers else []
    return frozenset(int(row[0]) for row in rows)


def lock_stated(unit: Unit, stated_ids: Sequence[str]) -> list[StatedRow]:
    """Read some stated destinations that are not ended; nobody else changes them until the unit ends (primary key)."""
    return [StatedRow(*row) for row in unit.execute(_OPEN_STATED, (list(stated_ids),)).fetchall()]


def verify_stated(unit: Unit, stated_ids: Sequence[str], verified: tuple[str, datetime]) -> None:
    """Note that a second person has looked at locked ones (primary key)."""
    unit.execute(_VERIFY, (*verified, list(stated_ids)))


def how_many_unverified(unit: Unit, hidden: Collection[int], who: str, *, for_officer: bool) -> int:
    """Count what others stated and waits for a second person (index stated_destination_unverified)."""
    named = {"hidden": sorted(hidden), "who": who, "officer": for_officer}
    row = unit.execute(_UNVERIFIED, named).fetchone()
    return int(row[0]) if row else 0


def how_many_over_for_officer(unit: Unit, on: date) -> int:
    """Count destinations of people who fled whose last day is past: an officer ends them (index stated_destination_until)."""
    row = unit.execute(_OVER_FOR_OFFICER, (on,)).fetchone()
    return int(row[0]) if row else 0


def fled_everywhere(unit: Unit) -> frozenset[int]:
    """Name everybody who has or had a destination of whoever flees, and who stands in one household with them."""
    return frozenset(int(row[0]) for row in unit.execute(_FLED_EVERYWHERE).fetchall())


def fled(unit: Unit, addressee_numbers: Collection[int]) -> frozenset[int]:
    """Name those of some people of whose household somebody has or had a destination of whoever flees."""
    rows = unit.execute(_FLED, (sorted(addressee_numbers),)).fetchall() if addressee_numbers else []
    return frozenset(int(row[0]) for row in rows)


def stated_over(unit: Unit, on: date, *, limit_rows: int) -> list[int]:
    """Name people whose stated destination is over by its day, or who live here no more."""
    return [int(row[0]) for row in unit.execute(_OVER, {"on": on, "limit": limit_rows}).fetchall()]
