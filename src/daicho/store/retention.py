"""The end of keeping: what is over, lists that two people decide about, the one way to destroy, holds, boxes of paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.rules.retention.disposal import DisposalKind
from daicho.store.unit import Unit

# Each gives: key, whose, subject, from which day its years run (or, where the level kept it, their last day). Indexes:
# resident_closed, record_kept_until, history_replaced.
_OVER = {
    DisposalKind.REMOVED_RECORD: """
SELECT r.addressee_number::text AS key, r.addressee_number::text AS whose,
    coalesce(r.code, 'addressee:' || r.addressee_number) AS subject, r.closed_on AS day
FROM register.resident r WHERE r.closed_on < %(before)s ORDER BY r.closed_on, r.addressee_number
""",
    DisposalKind.IDENTITY_RECORD: """
SELECT r.resident_record_code AS key, r.resident_record_code AS whose, r.resident_record_code AS subject,
    r.kept_until AS day
FROM identity.record r WHERE r.kept_until < %(before)s ORDER BY r.kept_until, r.resident_record_code
""",
    DisposalKind.IDENTITY_VERSION: """
SELECT h.id::text AS key, h.resident_record_code AS whose, h.resident_record_code AS subject, h.replaced_on AS day
FROM identity.history h WHERE h.replaced_on < %(before)s ORDER BY h.id
""",
}
# What holds a thing is asked in the order of the list, of no more than the list needs: OFFSET 0 keeps it from being asked
# of everything that is over before that is put into its order.
_LISTED = {
    kind: f"""
SELECT over.key, over.whose, over.subject, over.day, retention.content_of(%(kind)s, over.key, %(salt)s)
FROM ({text} OFFSET 0) AS over WHERE retention.hold_of(over.whose, %(at)s) IS NULL LIMIT %(most)s
"""
    for kind, text in _OVER.items()
}
_HELD_BACK = {
    kind: f"SELECT count(*) FROM ({text} LIMIT %(most)s) AS over WHERE retention.hold_of(over.whose, %(at)s) IS NOT NULL"
    for kind, text in _OVER.items()
}
_DUE = {
    kind: f"SELECT count(*), min(over.day) FROM ({text} LIMIT %(most)s) AS over"
    for kind, text in _OVER.items()
}
_RUN = "number, state, as_of, digest, held_back, salt, proposed_by, proposed_at, decided_by, decided_at, certificate"
_KEEP_RUN = """
INSERT INTO retention.run (number, as_of, digest, held_back, salt, proposed_by, proposed_at) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_KEEP_ITEMS = """
INSERT INTO retention.item (run, place, kind, key, whose, subject, kept_until, content)
SELECT %s, place, kind, key, whose, subject, kept_until, content
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::bytea[])
    WITH ORDINALITY AS n (kind, key, whose, subject, kept_until, content, place)
"""
_ITEMS = """
SELECT kind, key, whose, subject, kept_until, content, state FROM retention.item WHERE run = %s ORDER BY place
"""
_COUNTS = "SELECT kind, state, count(*) FROM retention.item WHERE run = %s GROUP BY kind, state"
_PAGE = """
SELECT place, kind, whose, kept_until, state FROM retention.item WHERE run = %s AND place > %s ORDER BY place LIMIT %s
"""
_REMOVALS = """
SELECT one.* FROM unnest(%s::bigint[]) AS asked (whose) CROSS JOIN LATERAL (
    SELECT r.addressee_number, (v.body -> 'removal' ->> 'removed_on')::date, v.body -> 'removal' ->> 'reason'
    FROM register.resident r JOIN register.resident_version v
        ON v.addressee_number = r.addressee_number AND v.version = r.version
    WHERE r.addressee_number = asked.whose AND NOT r.living OFFSET 0) AS one
"""
_ONE = f"SELECT {_RUN} FROM retention.run WHERE number = %s"
_LOCKED = f"{_ONE} FOR UPDATE"
_OPEN = f"SELECT {_RUN} FROM retention.run WHERE state IN ('proposed', 'approved')"
_OPEN_LOCKED = f"{_OPEN} FOR UPDATE"
_PAST = f"SELECT {_RUN} FROM retention.run WHERE state IN ('done', 'declined', 'withdrawn') ORDER BY number DESC LIMIT %s"
_DECIDE = """
UPDATE retention.run SET state = %s, decided_by = %s, decided_at = %s, salt = CASE %s WHEN 'approved' THEN salt END
WHERE number = %s AND state = 'proposed'
"""
_FINISH = """
UPDATE retention.run SET state = 'done', certificate = %s, salt = NULL WHERE number = %s AND state = 'approved'
"""
# The households and codes of those who come next: whoever changes them waits, or is waited for.
_CONCERNED = """
SELECT r.household_number, r.code FROM (
    SELECT i.key FROM retention.item i WHERE i.run = %s AND i.state = 'listed' AND i.kind = 'REMOVED_RECORD'
    ORDER BY i.place LIMIT %s) AS next
CROSS JOIN LATERAL (
    SELECT r.household_number, r.code FROM register.resident r WHERE r.addressee_number = next.key::bigint OFFSET 0) AS r
"""
_DISPOSE = "SELECT kind, subject, kept_until, content, state FROM retention.dispose(%s, %s, %s)"
_LEAVE = "SELECT kind, subject, kept_until, content, state FROM retention.leave_rest(%s)"
# By what the ledger names whoever a hold names; nothing where nothing stands there.
_RESIDENT_NAMED = """
SELECT coalesce(r.code, 'addressee:' || r.addressee_number) FROM register.resident r WHERE r.addressee_number = %s
"""
_CODE_NAMED = """
SELECT asked.code FROM (SELECT %s::text AS code) AS asked
WHERE EXISTS (SELECT FROM identity.record r WHERE r.resident_record_code = asked.code)
    OR EXISTS (SELECT FROM identity.history h WHERE h.resident_record_code = asked.code)
"""
_HOLD = "number, whose, reason, why, set_by, set_at"
_KEEP_HOLD = f"INSERT INTO retention.hold ({_HOLD}) VALUES (%s, %s, %s, %s, %s, %s)"
_HOLDS = f"SELECT {_HOLD} FROM retention.hold WHERE lifted_by IS NULL ORDER BY number LIMIT %s"
_LIFT = """
UPDATE retention.hold SET lifted_by = %s, lifted_at = %s WHERE number = %s AND lifted_by IS NULL RETURNING whose
"""
_KEEP_BOX = (
    "INSERT INTO retention.box (number, version, standing, kept_until, body) VALUES (%s, 1, true, %s, %s)"
)
_BOX_STEP = (
    "INSERT INTO retention.box_step (number, version, step, by, at, body) VALUES (%s, %s, %s, %s, %s, %s)"
)
_REPLACE_BOX = """
UPDATE retention.box SET version = version + 1, standing = %s, kept_until = %s, body = %s WHERE number = %s AND version = %s
"""
_BOX = "SELECT number, version, body::text FROM retention.box WHERE number = %s"
_STANDING = """
SELECT number, version, body::text FROM retention.box WHERE standing ORDER BY kept_until, number LIMIT %s
"""
_DESTROYED = """
SELECT number, version, body::text FROM retention.box WHERE NOT standing ORDER BY number DESC LIMIT %s
"""
_BOX_STEPS = "SELECT step, by, at FROM retention.box_step WHERE number = %s ORDER BY version"


@dataclass(frozen=True, slots=True)
class OverRow:
    """One thing whose years are over, with the day from which they ran and the salted digest of what it holds."""

    key: str
    whose: str
    subject: str
    day: date
    content: bytes


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing on a list, and what became of it."""

    kind: str
    key: str
    whose: str
    subject: str
    kept_until: date
    content: bytes
    state: str = "listed"


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One thing of a list as its page shows it."""

    place: int
    kind: str
    whose: str
    kept_until: date
    state: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as it stands."""

    number: str
    state: str
    as_of: date
    digest: str
    held_back: int
    salt: bytes | None
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class DisposedRow:
    """What became of one thing of a list a moment ago."""

    kind: str
    subject: str
    kept_until: date
    content: bytes
    state: str


@dataclass(frozen=True, slots=True)
class HoldRow:
    """What somebody wants to be kept, although it is over."""

    number: int
    whose: str
    reason: str
    why: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One box as it stands."""

    number: str
    version: int
    body: str


@dataclass(frozen=True, slots=True)
class BoxStepRow:
    """One step in the life of a box."""

    step: str
    by: str
    at: datetime


def _draw(unit: Unit, sequence: str) -> int:
    row = unit.execute("SELECT nextval(%s)", (sequence,)).fetchone()
    return int(row[0]) if row else 0


def draw_run_number(unit: Unit, year: int) -> str:
    """Draw the number of a run."""
    return f"{year}-{_draw(unit, 'retention.run_seq'):06d}"


def how_many_over(
    unit: Unit, kind: DisposalKind, *, before: date, limit_rows: int
) -> tuple[int, date | None]:
    """Count what is over, up to a limit, and give the oldest day (indexes of the days)."""
    row = unit.execute(_DUE[kind], {"before": before, "most": limit_rows}).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def how_many_held(unit: Unit, kind: DisposalKind, *, before: date, at: datetime, limit_rows: int) -> int:
    """Count what is over and held, among so many of the oldest."""
    row = unit.execute(_HELD_BACK[kind], {"before": before, "at": at, "most": limit_rows}).fetchone()
    return int(row[0]) if row else 0


def what_is_over(
    unit: Unit, kind: DisposalKind, *, before: date, at: datetime, salt: bytes, limit_rows: int
) -> list[OverRow]:
    """List what is over and held by nothing, the oldest first, with the digests of what it holds."""
    values = {"kind": kind.value, "before": before, "at": at, "salt": salt, "most": limit_rows}
    return [OverRow(*row) for row in unit.execute(_LISTED[kind], values).fetchall()]


def keep_run(unit: Unit, row: RunRow, items: Sequence[ItemRow]) -> bool:
    """Keep a list; False while another one waits or is carried out."""
    given = (row.number, row.as_of, row.digest, row.held_back, row.salt, row.proposed_by, row.proposed_at)
    if unit.execute(_KEEP_RUN, given).rowcount != 1:
        return False
    columns = (
        [one.kind for one in items],
        [one.key for one in items],
        [one.whose for one in items],
        [one.subject for one in items],
        [one.kept_until for one in items],
        [one.content for one in items],
    )
    unit.execute(_KEEP_ITEMS, (row.number, *columns))
    return True


def run(unit: Unit, number: str) -> RunRow | None:
    """Read one run (primary key)."""
    row = unit.execute(_ONE, (number,)).fetchone()
    return None if row is None else RunRow(*row)


def lock_run(unit: Unit, number: str) -> RunRow | None:
    """Read one run and let nobody else carry it out until the unit ends (primary key)."""
    row = unit.execute(_LOCKED, (number,)).fetchone()
    return None if row is None else RunRow(*row)


def open_run(unit: Unit) -> RunRow | None:
    """Read the run that waits or is carried out, if there is one (partial index)."""
    row = unit.execute(_OPEN).fetchone()
    return None if row is None else RunRow(*row)


def wait_for_run(unit: Unit) -> None:
    """Wait until nothing is being destroyed, and let nothing be destroyed until the unit ends (partial index)."""
    unit.execute(_OPEN_LOCKED)


def past_runs(unit: Unit, *, limit_rows: int) -> list[RunRow]:
    """List what is through, the newest first (primary key, backwards)."""
    return [RunRow(*row) for row in unit.execute(_PAST, (limit_rows,)).fetchall()]


def items_of_run(unit: Unit, number: str) -> list[ItemRow]:
    """Read the things of a list in their order (primary key)."""
    return [ItemRow(*row) for row in unit.execute(_ITEMS, (number,)).fetchall()]


def counts_of_run(unit: Unit, number: str) -> list[tuple[str, str, int]]:
    """Count the things of a list by kind and by what became of them (primary key)."""
    return [
        (str(kind), str(state), int(count))
        for kind, state, count in unit.execute(_COUNTS, (number,)).fetchall()
    ]


def page_of_run(unit: Unit, number: str, after: int, *, limit_rows: int) -> list[ListedRow]:
    """Read things of a list behind a place (primary key)."""
    return [ListedRow(*row) for row in unit.execute(_PAGE, (number, after, limit_rows)).fetchall()]


def removals_of(unit: Unit, addressee_numbers: Sequence[int]) -> dict[int, tuple[date, str]]:
    """Tell of some people when and why they were struck (primary keys)."""
    rows = unit.execute(_REMOVALS, (list(addressee_numbers),)).fetchall()
    return {int(number): (day, str(why)) for number, day, why in rows}


def how_many_wait(unit: Unit) -> int:
    """Count the lists that wait for a second person (partial index)."""
    row = unit.execute("SELECT count(*) FROM retention.run WHERE state = 'proposed'").fetchone()
    return int(row[0]) if row else 0


def decide_run(unit: Unit, number: str, state: str, by: str, at: datetime) -> bool:
    """Write a second person's word; False when the run does not wait."""
    return unit.execute(_DECIDE, (state, by, at, state, number)).rowcount == 1


def concerned_next(unit: Unit, number: str, most: int) -> tuple[frozenset[int], frozenset[str]]:
    """Name households and codes of the residents on a list who come next (partial index, primary key)."""
    rows = unit.execute(_CONCERNED, (number, most)).fetchall()
    return frozenset(int(row[0]) for row in rows), frozenset(str(row[1]) for row in rows if row[1])


def dispose(unit: Unit, number: str, most: int, at: datetime) -> list[DisposedRow]:
    """Destroy the next things of an approved list, each as it stood on it; what stays is named as well."""
    return [DisposedRow(*row) for row in unit.execute(_DISPOSE, (number, most, at)).fetchall()]


def leave_rest(unit: Unit, number: str) -> list[DisposedRow]:
    """Let what is left of an approved list stay where it is; each thing is named."""
    return [DisposedRow(*row) for row in unit.execute(_LEAVE, (number,)).fetchall()]


def finish_run(unit: Unit, number: str, certificate: str) -> bool:
    """Write the record of destruction, and forget the salt; False when the run is not carried out."""
    return unit.execute(_FINISH, (certificate, number)).rowcount == 1


def forget_list(unit: Unit, number: str) -> None:
    """Let the names of a list go that is through."""
    unit.execute("SELECT retention.forget_list(%s)", (number,))


def keep_hold(unit: Unit, whose: str, reason: str, why: str, by: str, at: datetime) -> int:
    """Keep somebody's things from being destroyed; gives the number of the hold."""
    number = _draw(unit, "retention.hold_seq")
    unit.execute(_KEEP_HOLD, (number, whose, reason, why, by, at))
    return number


def subject_of_resident(unit: Unit, addressee_number: int) -> str | None:
    """Tell by what the ledger names somebody of the register; nothing where nobody has the number (primary key)."""
    row = unit.execute(_RESIDENT_NAMED, (addressee_number,)).fetchone()
    return None if row is None else str(row[0])


def subject_of_code(unit: Unit, code: str) -> str | None:
    """Give a code under which anything is kept, or nothing (primary key, index history_code)."""
    row = unit.execute(_CODE_NAMED, (code,)).fetchone()
    return None if row is None else str(row[0])


def open_holds(unit: Unit, *, limit_rows: int) -> list[HoldRow]:
    """List the holds that nobody has lifted, the oldest first (partial index)."""
    return [HoldRow(*row) for row in unit.execute(_HOLDS, (limit_rows,)).fetchall()]


def lift_hold(unit: Unit, number: int, by: str, at: datetime) -> str | None:
    """Lift a hold and tell whose it was; nothing when there is none (primary key)."""
    row = unit.execute(_LIFT, (by, at, number)).fetchone()
    return None if row is None else str(row[0])


def draw_box_number(unit: Unit, year: int) -> str:
    """Draw the number of a box."""
    return f"{year}-{_draw(unit, 'retention.box_seq'):06d}"


def keep_box(unit: Unit, row: BoxRow, step: BoxStepRow, *, kept_until: date) -> None:
    """Keep a new box."""
    unit.execute(_KEEP_BOX, (row.number, kept_until, row.body))
    unit.execute(_BOX_STEP, (row.number, 1, step.step, step.by, step.at, row.body))


def take_box_step(
    unit: Unit, row: BoxRow, body: str, step: BoxStepRow, *, kept_until: date, standing: bool
) -> bool:
    """Replace a box by what a step made of it; False when somebody else was quicker."""
    given = (standing, kept_until, body, row.number, row.version)
    if unit.execute(_REPLACE_BOX, given).rowcount != 1:
        return False
    unit.execute(_BOX_STEP, (row.number, row.version + 1, step.step, step.by, step.at, body))
    return True


def box(unit: Unit, number: str) -> BoxRow | None:
    """Read one box (primary key)."""
    row = unit.execute(_BOX, (number,)).fetchone()
    return None if row is None else BoxRow(*row)


def standing_boxes(unit: Unit, *, limit_rows: int) -> list[BoxRow]:
    """List the boxes that stand there, what is over longest first (partial index)."""
    return [BoxRow(*row) for row in unit.execute(_STANDING, (limit_rows,)).fetchall()]


def destroyed_boxes(unit: Unit, *, limit_rows: int) -> list[BoxRow]:
    """List the boxes that were destroyed, the newest number first (partial index)."""
    return [BoxRow(*row) for row in unit.execute(_DESTROYED, (limit_rows,)).fetchall()]


def box_steps(unit: Unit, number: str) -> list[BoxStepRow]:
    """List the steps of a box, oldest first (primary key)."""
    return [BoxStepRow(*row) for row in unit.execute(_BOX_STEPS, (number,)).fetchall()]
