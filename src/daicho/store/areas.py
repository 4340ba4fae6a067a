"""Changes of names of places: their tables, whom they meet, what became of each household."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_COLUMNS = (
    "number, state, in_force_on, digest, body::text, faults::text, brought_by, brought_role, brought_terminal,"
    " brought_at, checked_at, decided_by, decided_role, decided_terminal, decided_at, begun_at, done_at, looked_at, again"
)
_KEEP = """
INSERT INTO register.area_change (number, state, in_force_on, digest, body, faults, brought_by, brought_role,
    brought_terminal, brought_at, looked_at)
VALUES (%s, %s, %s, %s, %s::text::json, %s::text::json, %s, %s, %s, %s, %s)
ON CONFLICT (digest) WHERE state IN ('checking', 'checked', 'approved') DO NOTHING
"""
_KEEP_LINES = """
INSERT INTO register.area_line (number, line, body)
SELECT %s, line, body::json FROM unnest(%s::int[], %s::text[]) AS n (line, body)
"""
_ONE = f"SELECT {_COLUMNS} FROM register.area_change WHERE number = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_OPEN = f"""
SELECT {_COLUMNS} FROM register.area_change WHERE state IN ('checking', 'checked', 'approved') ORDER BY number LIMIT %s
"""
_PAST = f"""
SELECT {_COLUMNS} FROM register.area_change WHERE number < %s AND state NOT IN ('checking', 'checked', 'approved')
ORDER BY number DESC LIMIT %s
"""
# Whoever works on one keeps it; another worker takes the next one.
_WORK = f"""
SELECT {_COLUMNS} FROM register.area_change
WHERE state IN ('checking', 'checked', 'approved')
    AND (state = 'checking' OR (state = 'approved' AND in_force_on <= %s))
ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_WORK_WAITS = """
SELECT EXISTS (SELECT FROM register.area_change WHERE state IN ('checking', 'checked', 'approved')
    AND (state = 'checking' OR (state = 'approved' AND in_force_on <= %s)))
"""
_DECIDE = """
UPDATE register.area_change SET state = %s, decided_by = %s, decided_role = %s, decided_terminal = %s, decided_at = %s
WHERE number = %s AND state = %s
"""
_LOOK = """
WITH looked AS MATERIALIZED (
    SELECT addressee_number, household_number, living, address FROM register.resident
    WHERE addressee_number > %s ORDER BY addressee_number LIMIT %s)
SELECT (SELECT max(addressee_number) FROM looked), (SELECT count(*) FROM looked), ARRAY(
    SELECT DISTINCT l.household_number FROM looked l WHERE l.living AND EXISTS (
        SELECT FROM unnest(%s::text[], %s::text[]) AS town (key, behind)
        WHERE l.address >= town.key AND l.address <= town.behind)
    ORDER BY 1)
"""
_KEEP_ITEMS = """
INSERT INTO register.area_item (number, household_number, place, line, people, state)
SELECT %s, household_number, place, line, people, state
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::text[]) AS n (household_number, place, line, people, state)
ON CONFLICT (number, household_number) DO NOTHING
RETURNING household_number, place, line, people, state
"""
_MET = """
UPDATE register.area_line l SET met = l.met + n.met FROM unnest(%s::int[], %s::int[]) AS n (line, met)
WHERE l.number = %s AND l.line = n.line
"""
_TALLY = """
INSERT INTO register.area_tally AS t (number, state, households, people)
SELECT %s, state, households, people FROM unnest(%s::text[], %s::int[], %s::int[]) AS n (state, households, people)
ORDER BY state
ON CONFLICT (number, state) DO UPDATE SET households = t.households + excluded.households,
    people = t.people + excluded.people
"""
# Those who live under one roof stay together, so that a measure that covers them finds them under one roof.
_NEXT = """
WITH first AS MATERIALIZED (
    SELECT place FROM register.area_item WHERE number = %(number)s AND state = 'listed'
    ORDER BY place, household_number LIMIT %(few)s)
SELECT household_number, place, line, people, state, why FROM register.area_item
WHERE number = %(number)s AND state = 'listed' AND place <= (SELECT max(place) FROM first)
ORDER BY place, household_number LIMIT %(most)s
"""
_SETTLE = """
UPDATE register.area_item i SET state = n.state, why = n.why
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS n (household_number, state, why)
WHERE i.number = %s AND i.household_number = n.household_number
"""
_LIST_AGAIN = """
WITH before AS MATERIALIZED (
    SELECT household_number, state, people FROM register.area_item
    WHERE number = %s AND state IN ('unnamed', 'waits', 'held', 'together', 'refused') FOR UPDATE),
listed AS (
    UPDATE register.area_item i SET state = 'listed', why = '' FROM before b
    WHERE i.number = %s AND i.household_number = b.household_number)
SELECT state, count(*)::int, sum(people)::int FROM before GROUP BY state
"""
_QUEUE = """
SELECT household_number, place, line, people, state, why FROM register.area_item
WHERE number = %s AND state IN ('unnamed', 'waits', 'held', 'together', 'refused') AND household_number > %s
    AND household_number <> ALL(%s)
ORDER BY household_number LIMIT %s
"""
_LEFT = """
SELECT count(*) FROM (
    SELECT FROM register.area_item i JOIN register.area_change c ON c.number = i.number
    WHERE i.state IN ('unnamed', 'waits', 'held', 'together', 'refused') AND c.begun_at IS NOT NULL
        AND i.household_number <> ALL(%s) LIMIT %s) AS left_over
"""
_OF_HOUSEHOLDS = """
SELECT household_number, place, line, people, state, why FROM register.area_item
WHERE number = %s AND household_number = ANY(%s) ORDER BY household_number
"""
_LINES = "SELECT line, body::text, met FROM register.area_line WHERE number = %s ORDER BY line"
_HOUSEHOLDS = """
SELECT DISTINCT one.household_number FROM unnest(%s::bigint[]) AS n (whose) CROSS JOIN LATERAL (
    SELECT r.household_number FROM register.resident r WHERE r.addressee_number = n.whose AND r.living OFFSET 0) AS one
"""
_WAITING_HOUSEHOLDS = """
SELECT DISTINCT home FROM register.entry e CROSS JOIN LATERAL unnest(e.households) AS home
WHERE e.state = 'entered' AND home = ANY(%s)
"""
_RENAMINGS = """
SELECT one.addressee_number, one.body FROM unnest(%s::bigint[]) AS n (whose) CROSS JOIN LATERAL (
    SELECT p.addressee_number, e.entered_at, e.id, e.body::text AS body
    FROM register.entry_person p JOIN register.entry e ON e.id = p.entry_id
    WHERE p.addressee_number = n.whose AND e.kind = 'ADDRESS_RENAMED' AND e.state = 'verified' AND NOT e.disposed
    OFFSET 0) AS one
ORDER BY one.entered_at, one.id
"""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One change of names as kept."""

    number: str
    state: str
    in_force_on: date
    digest: str
    body: str
    faults: str
    brought_by: str
    brought_role: str
    brought_terminal: str
    brought_at: datetime
    checked_at: datetime | None = None
    decided_by: str | None = None
    decided_role: str | None = None
    decided_terminal: str | None = None
    decided_at: datetime | None = None
    begun_at: datetime | None = None
    done_at: datetime | None = None
    looked_at: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class AreaLineRow:
    """One line of a table, and how many households it met."""

    line: int
    body: str
    met: int = 0


@dataclass(frozen=True, slots=True)
class AreaItemRow:
    """One household of an area: where it is, by which line it was met, what became of it."""

    household_number: int
    place: str
    line: int | None
    people: int
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many households, and people in them, came to something."""

    households: int = 0
    people: int = 0


def draw_area_number(unit: Unit, year: int) -> str:
    """Draw the number of a change."""
    row = unit.execute("SELECT nextval('register.area_seq')").fetchone()
    return f"{year}-{int(row[0]) if row else 0:06d}"


def keep_area(unit: Unit, row: AreaRow, lines: Sequence[AreaLineRow]) -> bool:
    """Keep a new change with its table; False while the same one is open."""
    given = (
        row.number, row.state, row.in_force_on, row.digest, row.body, row.faults, row.brought_by, row.brought_role,
        row.brought_terminal, row.brought_at, row.looked_at,
    )  # fmt: skip
    if unit.execute(_KEEP, given).rowcount != 1:
        return False
    if lines:
        unit.execute(_KEEP_LINES, (row.number, [one.line for one in lines], [one.body for one in lines]))
    return True


def area(unit: Unit, number: str) -> AreaRow | None:
    """Read one change (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else AreaRow(*row)


def lock_area(unit: Unit, number: str) -> AreaRow | None:
    """Read one change and let nobody else decide or work on it until the unit ends (primary key)."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else AreaRow(*row)


def work_waits(unit: Unit, today: date) -> bool:
    """Tell whether any change is to be looked through or carried out (partial index)."""
    row = unit.execute(_WORK_WAITS, (today,)).fetchone()
    return bool(row and row[0])


def lock_next_work(unit: Unit, today: date) -> AreaRow | None:
    """Take the oldest change that is to be looked through or carried out and that nobody works on (partial index)."""
    row = unit.execute(_WORK, (today,)).fetchone()
    return None if row is None else AreaRow(*row)


def open_areas(unit: Unit, *, limit_rows: int) -> list[AreaRow]:
    """List the changes that wait or are carried out, the oldest first (partial index)."""
    return [AreaRow(*row) for row in unit.execute(_OPEN, (limit_rows,)).fetchall()]


def past_areas(unit: Unit, *, before: str = "9", limit_rows: int) -> list[AreaRow]:
    """List the changes that are over, the newest first (primary key, backwards)."""
    return [AreaRow(*row) for row in unit.execute(_PAST, (before, limit_rows)).fetchall()]


def how_many_wait(unit: Unit) -> int:
    """Count the changes that wait for a second person (partial index)."""
    row = unit.execute(
        "SELECT count(*) FROM register.area_change"
        " WHERE state IN ('checking', 'checked', 'approved') AND state = 'checked'"
    ).fetchone()
    return int(row[0]) if row else 0


def decide_area(
    unit: Unit, number: str, before: str, after: str, *, by: str, role: str, terminal: str, at: datetime
) -> bool:
    """Write a word about a change; False when it does not stand as it was."""
    return unit.execute(_DECIDE, (after, by, role, terminal, at, number, before)).rowcount == 1


def note_looked(unit: Unit, number: str, looked_at: int | None, *, again: bool) -> None:
    """Note up to whom the register was looked through, and whether that has to be done once more."""
    unit.execute(
        "UPDATE register.area_change SET looked_at = %s, again = %s WHERE number = %s",
        (looked_at, again, number),
    )


def note_checked(unit: Unit, number: str, at: datetime) -> None:
    """Note that the dry run has looked at everybody."""
    unit.execute(
        "UPDATE register.area_change SET state = 'checked', checked_at = %s, looked_at = NULL WHERE number = %s",
        (at, number),
    )


def note_begun(unit: Unit, number: str, at: datetime) -> None:
    """Note that a change is carried out from now on, beginning with another look at everybody."""
    unit.execute(
        "UPDATE register.area_change SET begun_at = %s, looked_at = 0, again = false WHERE number = %s",
        (at, number),
    )


def note_done(unit: Unit, number: str, at: datetime) -> None:
    """Note that nothing is left to be done of a change."""
    unit.execute(
        "UPDATE register.area_change SET state = 'done', done_at = %s WHERE number = %s", (at, number)
    )


def note_taken_up(unit: Unit, number: str) -> None:
    """Let a change that was through be carried out once more."""
    unit.execute("UPDATE register.area_change SET state = 'approved' WHERE number = %s", (number,))


def lines_of(unit: Unit, number: str) -> list[AreaLineRow]:
    """Read a whole table (primary key)."""
    return [AreaLineRow(*row) for row in unit.execute(_LINES, (number,)).fetchall()]


def look_on(
    unit: Unit, after: int, towns: Sequence[str], *, limit_rows: int
) -> tuple[int | None, tuple[int, ...]]:
    """Look at the next residents: the last of them, nobody when all were seen, and households in some towns.

    Along the primary key, some at a time: towns are beginnings of folded addresses.
    """
    behind = [f"{one}\U0010ffff" for one in towns]
    row = unit.execute(_LOOK, (after, limit_rows, list(towns), behind)).fetchone()
    if row is None:
        return None, ()
    return (int(row[0]) if row[1] == limit_rows else None), tuple(row[2])


def keep_items(unit: Unit, number: str, items: Sequence[AreaItemRow]) -> list[AreaItemRow]:
    """Put households on the list of a change; gives those that were not on it."""
    if not items:
        return []
    columns = (
        [one.household_number for one in items],
        [one.place for one in items],
        [one.line for one in items],
        [one.people for one in items],
        [one.state for one in items],
    )
    return [AreaItemRow(*row) for row in unit.execute(_KEEP_ITEMS, (number, *columns)).fetchall()]


def add_met(unit: Unit, number: str, met: Mapping[int, int]) -> None:
    """Count households at the lines that met them."""
    if met:
        lines = sorted(met)
        unit.execute(_MET, (lines, [met[line] for line in lines], number))


def shift_tallies(unit: Unit, number: str, shifts: Mapping[str, Tally]) -> None:
    """Add to, or with negative figures take from, what came to each state."""
    if shifts:
        states = sorted(shifts)
        figures = [shifts[state] for state in states]
        unit.execute(
            _TALLY, (number, states, [one.households for one in figures], [one.people for one in figures])
        )


def tallies(unit: Unit, number: str) -> dict[str, Tally]:
    """Tell how much of a change came to what (primary key)."""
    rows = unit.execute(
        "SELECT state, households, people FROM register.area_tally WHERE number = %s", (number,)
    ).fetchall()
    return {row[0]: Tally(row[1], row[2]) for row in rows}


def next_items(unit: Unit, number: str, *, few: int, most: int) -> list[AreaItemRow]:
    """Give the next households to be done, those of one roof together as far as `most` allows (partial index)."""
    rows = unit.execute(_NEXT, {"number": number, "few": few, "most": most}).fetchall()
    return [AreaItemRow(*row) for row in rows]


def settle_items(unit: Unit, number: str, items: Sequence[AreaItemRow]) -> None:
    """Write what became of some households."""
    if items:
        columns = (
            [one.household_number for one in items],
            [one.state for one in items],
            [one.why for one in items],
        )
        unit.execute(_SETTLE, (*columns, number))


def list_again(unit: Unit, number: str) -> dict[str, Tally]:
    """Put on the list again what waits for somebody; tells how much there was of what (partial index)."""
    rows = unit.execute(_LIST_AGAIN, (number, number)).fetchall()
    return {row[0]: Tally(row[1], row[2]) for row in rows}


def queue(
    unit: Unit, number: str, *, after: int, without: Collection[int], limit_rows: int
) -> list[AreaItemRow]:
    """List the households that a clerk has to see to, but for some (partial index)."""
    rows = unit.execute(_QUEUE, (number, after, sorted(without), limit_rows)).fetchall()
    return [AreaItemRow(*row) for row in rows]


def how_much_is_left(unit: Unit, without: Collection[int], *, limit_rows: int) -> int:
    """Count the households that a clerk has to see to, but for some, in changes that were begun (partial index)."""
    row = unit.execute(_LEFT, (sorted(without), limit_rows)).fetchone()
    return int(row[0]) if row else 0


def items_among(unit: Unit, number: str, households: Collection[int]) -> list[AreaItemRow]:
    """Read what became of some households (primary key)."""
    rows = unit.execute(_OF_HOUSEHOLDS, (number, sorted(households))).fetchall()
    return [AreaItemRow(*row) for row in rows]


def households_of(unit: Unit, addressee_numbers: Iterable[int]) -> frozenset[int]:
    """Name the households in which some people live (primary key)."""
    return frozenset(
        int(row[0]) for row in unit.execute(_HOUSEHOLDS, (sorted(addressee_numbers),)).fetchall()
    )


def households_that_wait(unit: Unit, households: Collection[int]) -> frozenset[int]:
    """Name those of some households that an entry concerns which nobody has verified (index entry_waiting)."""
    return frozenset(
        int(row[0]) for row in unit.execute(_WAITING_HOUSEHOLDS, (sorted(households),)).fetchall()
    )


def renamings_of(unit: Unit, addressee_numbers: Iterable[int]) -> dict[int, list[str]]:
    """Read the verified changes of names that concern some people, oldest first (key of entry_person)."""
    found: dict[int, list[str]] = {}
    for whose, body in unit.execute(_RENAMINGS, (sorted(addressee_numbers),)).fetchall():
        found.setdefault(int(whose), []).append(body)
    return found
