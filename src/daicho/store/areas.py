"""Changes of names of places: their tables, whom they meet, what became of each household."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.store.unit import Unit

_COLUMNS = (
    "number, state, in_force_on, digest, body::text, faults::text, brought_by, brought_role, brought_terminal,"
    " brought_at, checked_at, decided_by, decided_role, decided_terminal, decided_at, begun_at, done_at, looked_at, again,"
    " halted_by, halted_at, asked, looked_homes, told_homes, watched_until"
)
BEHIND_ALL = "9"  # no number of a change is behind it
_OPEN_STATE = "state IN ('checking', 'checked', 'approved', 'stopped')"
_LEFT_STATE = "state IN ('unnamed', 'waits', 'held', 'together', 'refused', 'doubtful', 'back', 'found')"
_KEEP = f"""
INSERT INTO register.area_change (number, state, in_force_on, digest, body, faults, brought_by, brought_role,
    brought_terminal, brought_at, looked_at)
VALUES (%s, %s, %s, %s, %s::text::json, %s::text::json, %s, %s, %s, %s, %s)
ON CONFLICT (digest) WHERE {_OPEN_STATE} DO NOTHING
"""
_KEEP_LINES = """
INSERT INTO register.area_line (number, line, body, old_town, old_block, new_town, new_block)
SELECT %s, line, body::json, old_town, old_block, new_town, new_block
FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS n (line, body, old_town, old_block, new_town, new_block)
"""
_ONE = f"SELECT {_COLUMNS} FROM register.area_change WHERE number = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_OPEN = f"SELECT {_COLUMNS} FROM register.area_change WHERE {_OPEN_STATE} AND number > %s ORDER BY number LIMIT %s"
_PAST = f"""
SELECT {_COLUMNS} FROM register.area_change WHERE number < %s AND state IN ('done', 'declined', 'withdrawn')
ORDER BY number DESC LIMIT %s
"""
_FAULTY = f"""
SELECT {_COLUMNS} FROM register.area_change WHERE state = 'faulty' ORDER BY number DESC LIMIT %s
"""
_TO_DO = f"{_OPEN_STATE} AND (state = 'checking' OR (state = 'approved' AND in_force_on <= %(today)s))"
# The last look of an ended change, once each night.
_TO_WATCH = """state = 'done' AND watched_until IS NOT NULL
    AND (looked_at IS NOT NULL OR watched_on IS NULL OR watched_on < %(today)s)"""
# Households that waited for an entry and do not any more. While a change is carried out its last step asks for them.
_FREED = """state = 'done' AND watched_until IS NOT NULL AND watched_until >= %(today)s AND EXISTS (
    SELECT FROM register.area_item i WHERE i.number = area_change.number AND i.state = 'waits' AND NOT EXISTS (
        SELECT FROM register.entry e WHERE e.state = 'entered' AND i.household_number = ANY (e.households)))"""
_NEXT_WORK = """
SELECT {columns} FROM register.area_change WHERE {which} ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# Whoever works on one keeps it; another worker takes the next one.
_WORK = tuple(_NEXT_WORK.format(columns=_COLUMNS, which=which) for which in (_TO_DO, _FREED, _TO_WATCH))
_WORK_WAITS = " OR ".join(
    f"EXISTS (SELECT FROM register.area_change WHERE {which})" for which in (_TO_DO, _FREED, _TO_WATCH)
)
_DECIDE = """
UPDATE register.area_change SET state = %s, decided_by = %s, decided_role = %s, decided_terminal = %s, decided_at = %s,
    asked = ''
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
INSERT INTO register.area_item (number, household_number, place, line, people, state, why)
SELECT %s, household_number, place, line, people, state, why
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::text[], %s::text[])
    AS n (household_number, place, line, people, state, why)
ON CONFLICT (number, household_number) DO UPDATE SET place = excluded.place, line = excluded.line,
    people = excluded.people, state = excluded.state, why = excluded.why
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
UPDATE register.area_item i SET state = n.state, why = n.why, people = n.people
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[]) AS n (household_number, state, why, people)
WHERE i.number = %s AND i.household_number = n.household_number
"""
_DISMISS = """
UPDATE register.area_item SET state = 'dismissed', dismissed_by = %s, dismissed_at = %s, dismissed_why = %s
WHERE number = %s AND household_number = %s
"""
# What two people turned back is not done again by the same table.
_LIST_AGAIN = f"""
WITH before AS MATERIALIZED (
    SELECT household_number, state, people FROM register.area_item
    WHERE number = %s AND {_LEFT_STATE} AND state <> 'back' FOR UPDATE),
listed AS (
    UPDATE register.area_item i SET state = 'listed', why = '' FROM before b
    WHERE i.number = %s AND i.household_number = b.household_number)
SELECT state, count(*)::int, sum(people)::int FROM before GROUP BY state
"""
_QUEUE = f"""
SELECT household_number, place, line, people, state, why FROM register.area_item
WHERE number = %s AND {_LEFT_STATE} AND household_number > %s AND household_number <> ALL(%s)
ORDER BY household_number LIMIT %s
"""
_WAITS = """
SELECT household_number, place, line, people, state, why FROM register.area_item
WHERE number = %s AND state = 'waits' ORDER BY household_number
"""
# One change after the other, so that nothing but what is left of begun ones is read.
_LEFT = f"""
SELECT c.number, i.household_number FROM register.area_change c CROSS JOIN LATERAL (
    SELECT household_number FROM register.area_item
    WHERE number = c.number AND {_LEFT_STATE} AND (c.number, household_number) > (%(number)s, %(household)s)
    ORDER BY household_number LIMIT %(limit)s) AS i
WHERE c.begun_at IS NOT NULL AND c.number >= %(number)s ORDER BY c.number, i.household_number LIMIT %(limit)s
"""
_AT_PLACES = """
SELECT household_number, place, line, people, state, why FROM register.area_item
WHERE number = %s AND place = ANY(%s) ORDER BY household_number
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
_ENTERED = """
SELECT entered_at, id, body::text FROM register.entry
WHERE state = 'entered' AND (entered_at, id) > (coalesce(%s, '-infinity'::timestamptz), %s)
ORDER BY entered_at, id LIMIT %s
"""
_NAMED_NEW = """
SELECT n.town, n.block, min(c.in_force_on) FROM unnest(%s::text[], %s::text[]) AS n (town, block)
CROSS JOIN LATERAL (
    SELECT l.number FROM register.area_line l
    WHERE l.new_town = n.town AND l.new_block = ANY (ARRAY[n.block, '']) AND l.number <> %s OFFSET 0) AS l
JOIN register.area_change c ON c.number = l.number
WHERE c.begun_at IS NOT NULL AND c.in_force_on >= %s GROUP BY n.town, n.block
"""
# What this table names as new and an open one as old: block with block, or either a whole town.
_MUST_GO_FIRST = f"""
SELECT EXISTS (
    SELECT FROM register.area_line mine CROSS JOIN LATERAL (
        SELECT l.number FROM register.area_line l WHERE l.old_town = mine.new_town AND l.number <> mine.number
            AND (mine.new_block = '' OR l.old_block = ANY (ARRAY[mine.new_block, ''])) OFFSET 0) AS l
    JOIN register.area_change c ON c.number = l.number
    WHERE mine.number = %s AND c.{_OPEN_STATE})
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
    halted_by: str | None = None
    halted_at: datetime | None = None
    asked: str = ""
    looked_homes: int = 0
    told_homes: int | None = None
    watched_until: date | None = None


@dataclass(frozen=True, slots=True)
class AreaLineRow:
    """One line of a table, how many households it met, and both places as they are compared."""

    line: int
    body: str
    met: int = 0
    old: tuple[str, str] = ("", "")
    new: tuple[str, str] = ("", "")


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
        columns = ([one.line for one in lines], [one.body for one in lines])
        places = [[one.old[0], one.old[1], one.new[0], one.new[1]] for one in lines]
        unit.execute(
            _KEEP_LINES, (row.number, *columns, *(list(column) for column in zip(*places, strict=True)))
        )
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
    """Tell whether any change is to be looked through, carried out or watched (partial indexes)."""
    row = unit.execute(f"SELECT {_WORK_WAITS}", {"today": today}).fetchone()
    return bool(row and row[0])


def lock_next_work(unit: Unit, today: date) -> AreaRow | None:
    """Take the oldest change that is to be looked through or carried out and that nobody works on, else one to watch."""
    for query in _WORK:
        row = unit.execute(query, {"today": today}).fetchone()
        if row is not None:
            return AreaRow(*row)
    return None


def open_areas(unit: Unit, *, after: str = "", limit_rows: int) -> list[AreaRow]:
    """List the changes that wait, are carried out or rest, the oldest first (partial index)."""
    return [AreaRow(*row) for row in unit.execute(_OPEN, (after, limit_rows)).fetchall()]


def past_areas(unit: Unit, *, before: str = BEHIND_ALL, limit_rows: int) -> list[AreaRow]:
    """List the changes that are over, the newest first (partial index, backwards)."""
    return [AreaRow(*row) for row in unit.execute(_PAST, (before, limit_rows)).fetchall()]


def faulty_areas(unit: Unit, *, limit_rows: int) -> list[AreaRow]:
    """List the newest tables from which nothing follows (partial index, backwards)."""
    return [AreaRow(*row) for row in unit.execute(_FAULTY, (limit_rows,)).fetchall()]


def how_many_wait(unit: Unit) -> int:
    """Count the changes that wait for a second person (partial index)."""
    row = unit.execute(
        f"SELECT count(*) FROM register.area_change WHERE {_OPEN_STATE} AND state = 'checked'"
    ).fetchone()
    return int(row[0]) if row else 0


def decide_area(
    unit: Unit, number: str, before: str, after: str, *, by: str, role: str, terminal: str, at: datetime
) -> bool:
    """Write a word about a change; False when it does not stand as it was."""
    return unit.execute(_DECIDE, (after, by, role, terminal, at, number, before)).rowcount == 1


def halt_area(unit: Unit, number: str, state: str, *, by: str, at: datetime, asked: str = "") -> None:
    """Take a change back or stop it; whoever decided about it stays written."""
    unit.execute(
        "UPDATE register.area_change SET state = %s, halted_by = %s, halted_at = %s, asked = %s WHERE number = %s",
        (state, by, at, asked, number),
    )


def ask_again(unit: Unit, number: str, asked: str, *, told_homes: int | None) -> None:
    """Let a change wait for a second person's word once more, with what was found of it by now."""
    unit.execute(
        "UPDATE register.area_change SET state = 'checked', asked = %s, told_homes = %s, looked_at = NULL,"
        " decided_by = NULL, decided_role = NULL, decided_terminal = NULL, decided_at = NULL WHERE number = %s",
        (asked, told_homes, number),
    )


def not_begun(unit: Unit, number: str) -> None:
    """Note that nothing was done of a change yet: it begins when it has its word."""
    unit.execute(
        "UPDATE register.area_change SET begun_at = NULL, again = false WHERE number = %s", (number,)
    )


def stand_for(unit: Unit, number: str, *, by: str, role: str, terminal: str, asked: str) -> None:
    """Let somebody stand for a table as the one who brought it; it waits for a second person's word once more."""
    unit.execute(
        "UPDATE register.area_change SET brought_by = %s, brought_role = %s, brought_terminal = %s,"
        " state = 'checked', asked = %s, looked_at = NULL, decided_by = NULL, decided_role = NULL,"
        " decided_terminal = NULL, decided_at = NULL WHERE number = %s",
        (by, role, terminal, asked, number),
    )


def note_looked(unit: Unit, number: str, looked_at: int | None, *, again: bool, homes: int = 0) -> None:
    """Note up to whom the register was looked through, how many more households were met, what has to be done once more."""
    unit.execute(
        "UPDATE register.area_change SET looked_at = %s, again = %s, looked_homes = CASE WHEN looked_at IS NULL THEN 0"
        " ELSE looked_homes END + %s WHERE number = %s",
        (looked_at, again, homes, number),
    )


def note_checked(unit: Unit, number: str, at: datetime) -> None:
    """Note that the dry run has looked at everybody."""
    unit.execute(
        "UPDATE register.area_change SET state = 'checked', checked_at = %s, looked_at = NULL,"
        " told_homes = looked_homes WHERE number = %s",
        (at, number),
    )


def note_compared(unit: Unit, number: str) -> None:
    """Note that on the day about as many live there as two people were told."""
    unit.execute("UPDATE register.area_change SET told_homes = NULL WHERE number = %s", (number,))


def note_begun(unit: Unit, number: str, at: datetime) -> None:
    """Note that a change is carried out from now on, beginning with another look at everybody."""
    unit.execute(
        "UPDATE register.area_change SET begun_at = %s, looked_at = 0, again = false, looked_homes = 0, asked = ''"
        " WHERE number = %s",
        (at, number),
    )


def note_done(unit: Unit, number: str, at: datetime, *, watched_until: date, today: date) -> None:
    """Note that nothing is left to be done of a change, and how long it is watched."""
    unit.execute(
        "UPDATE register.area_change SET state = 'done', done_at = %s, asked = '', watched_until = %s, watched_on = %s"
        " WHERE number = %s",
        (at, watched_until, today, number),
    )


def note_watched(unit: Unit, number: str, today: date) -> None:
    """Note that an ended change was looked through once more; after its last day never again."""
    unit.execute(
        "UPDATE register.area_change SET looked_at = NULL, watched_on = %s,"
        " watched_until = CASE WHEN watched_until > %s THEN watched_until END WHERE number = %s",
        (today, today, number),
    )


def note_taken_up(unit: Unit, number: str) -> None:
    """Let a change that was through be carried out once more."""
    unit.execute(
        "UPDATE register.area_change SET state = 'approved', again = true, looked_at = NULL WHERE number = %s",
        (number,),
    )


def open_under_another(unit: Unit, number: str, digest: str) -> bool:
    """Tell whether the same table is open under another number (unique index of digests)."""
    row = unit.execute(
        f"SELECT EXISTS (SELECT FROM register.area_change WHERE digest = %s AND {_OPEN_STATE} AND number <> %s)",
        (digest, number),
    ).fetchone()
    return bool(row and row[0])


def must_go_first(unit: Unit, number: str) -> bool:
    """Tell whether an open table names as old what this one names as new (index of old places)."""
    row = unit.execute(_MUST_GO_FIRST, (number,)).fetchone()
    return bool(row and row[0])


def named_new(
    unit: Unit, number: str, places: Collection[tuple[str, str]], since: date
) -> dict[tuple[str, str], date]:
    """Tell which of some places begun tables of a day or later name as new, but for one table, and since when."""
    wanted = sorted(places)
    given = ([town for town, _ in wanted], [block for _, block in wanted], number, since)
    return {(row[0], row[1]): row[2] for row in unit.execute(_NAMED_NEW, given).fetchall()}


def hold_still(unit: Unit) -> None:
    """Let every question of this unit be answered as of one moment; to be said before the first question."""
    unit.connection.execute("set transaction isolation level repeatable read")


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


def keep_items(unit: Unit, number: str, items: Sequence[AreaItemRow]) -> None:
    """Put households on the list of a change as they stand now, whether they were on it or not."""
    if not items:
        return
    columns = (
        [one.household_number for one in items],
        [one.place for one in items],
        [one.line for one in items],
        [one.people for one in items],
        [one.state for one in items],
        [one.why for one in items],
    )
    unit.execute(_KEEP_ITEMS, (number, *columns))


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
            [one.people for one in items],
        )
        unit.execute(_SETTLE, (*columns, number))


def dismiss_item(unit: Unit, number: str, household: int, by: str, at: datetime, why: str) -> None:
    """Write that a household keeps its address, who says so and why (primary key)."""
    unit.execute(_DISMISS, (by, at, why, number, household))


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


def left_over(unit: Unit, after: tuple[str, int], *, limit_rows: int) -> list[tuple[str, int]]:
    """List the households that a clerk has to see to in changes that were begun, each with its change (partial indexes)."""
    given = {"number": after[0], "household": after[1], "limit": limit_rows}
    return [(str(row[0]), int(row[1])) for row in unit.execute(_LEFT, given).fetchall()]


def waiting_items(unit: Unit, number: str) -> list[AreaItemRow]:
    """List the households of a change that wait for an entry (partial index)."""
    return [AreaItemRow(*row) for row in unit.execute(_WAITS, (number,)).fetchall()]


def items_at(unit: Unit, number: str, places: Collection[str]) -> list[AreaItemRow]:
    """List the households of a change at some places, whatever became of them (index area_item_place)."""
    return [AreaItemRow(*row) for row in unit.execute(_AT_PLACES, (number, sorted(places))).fetchall()]


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


def entered_behind(
    unit: Unit, after: tuple[datetime | None, str], *, limit_rows: int
) -> list[tuple[datetime, str, str]]:
    """Read the next entries that nobody has verified: when, which, and what each says (index entry_waiting)."""
    return [(row[0], row[1], row[2]) for row in unit.execute(_ENTERED, (*after, limit_rows)).fetchall()]


def renamings_of(unit: Unit, addressee_numbers: Iterable[int]) -> dict[int, list[str]]:
    """Read the verified changes of names that concern some people, oldest first (key of entry_person)."""
    found: dict[int, list[str]] = {}
    for whose, body in unit.execute(_RENAMINGS, (sorted(addressee_numbers),)).fetchall():
        found.setdefault(int(whose), []).append(body)
    return found


def households_done(unit: Unit, number: str, after: int, *, limit_rows: int) -> list[int]:
    """Name the households whose address a change has renamed, from behind one on (primary key)."""
    rows = unit.execute(
        "SELECT household_number FROM register.area_item WHERE number = %s AND household_number > %s AND state = 'done'"
        " ORDER BY household_number LIMIT %s",
        (number, after, limit_rows),
    ).fetchall()
    return [int(row[0]) for row in rows]
