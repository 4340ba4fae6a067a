"""Papers that verified changes make owed, until each is printed or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.store.unit import Unit

MOST_COUNTED = 1_000
_NOTICE = "id, kind, people, entry_id, owed_at, state, paper, decided_by, decided_at, words"
# Arrays of different lengths cannot be unnested together: those of people come as texts of numbers.
_KEEP = """
INSERT INTO register.owed_notice (id, kind, people, entry_id, owed_at)
SELECT id, kind, people::bigint[], entry, at
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[]) AS n (id, kind, people, entry, at)
"""
_ONE = f"SELECT {_NOTICE} FROM register.owed_notice WHERE id = %s"
_OPEN = f"SELECT {_NOTICE} FROM register.owed_notice WHERE state = 'owed' ORDER BY owed_at, id LIMIT %s"
_OF_PAPERS = f"SELECT {_NOTICE} FROM register.owed_notice WHERE paper = ANY(%s)"
_OF_ENTRIES = f"""
SELECT {_NOTICE} FROM register.owed_notice WHERE entry_id = ANY(%s) AND state = 'owed' ORDER BY id
"""
_HANDED = f"""
SELECT {_NOTICE} FROM register.owed_notice o WHERE state = 'printed' AND decided_at >= %s AND EXISTS (
    SELECT FROM register.certificate c WHERE c.number = o.paper AND c.delivery = 'HANDED_OVER')
    AND NOT EXISTS (SELECT FROM register.owed_notice n WHERE n.id = o.id || '-' || o.paper)
ORDER BY decided_at DESC, id LIMIT %s
"""
_PRINTED_LOCKED = f"SELECT {_NOTICE} FROM register.owed_notice WHERE id = %s AND state = 'printed' FOR UPDATE"
_TURNED_BACK = """
SELECT o.paper FROM register.owed_notice o WHERE o.paper = ANY(%s) AND EXISTS (
    SELECT FROM register.entry e WHERE e.cancels = o.entry_id AND e.state = 'verified')
"""
_LOCK = "SELECT id FROM register.owed_notice WHERE id = %s AND state = 'owed' FOR UPDATE"
_PRINTED = """
UPDATE register.owed_notice SET state = 'printed', paper = %s, decided_by = %s, decided_at = %s
WHERE id = %s AND state = 'owed'
"""
_DROP = """
UPDATE register.owed_notice SET state = 'dropped', decided_by = %s, decided_at = %s, words = %s
WHERE id = ANY(%s) AND state = 'owed'
"""
_WORDS = "UPDATE register.owed_notice SET words = %s WHERE id = %s"
# A number beside a menu: how many more than so many there are does not matter there.
_HOW_MANY = """
SELECT count(*) FROM (SELECT FROM register.owed_notice WHERE state = 'owed' ORDER BY owed_at, id LIMIT %s) AS o
"""


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One paper that is owed, or was."""

    id: str
    kind: str
    people: list[int]
    entry_id: str
    owed_at: datetime
    state: str = "owed"
    paper: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    words: str = ""


def keep_owed(unit: Unit, rows: Sequence[OwedRow]) -> None:
    """Keep what verified changes make owed."""
    columns = (
        [row.id for row in rows],
        [row.kind for row in rows],
        [f"{{{','.join(map(str, row.people))}}}" for row in rows],
        [row.entry_id for row in rows],
        [row.owed_at for row in rows],
    )
    unit.execute(_KEEP, columns)


def owed_notice(unit: Unit, notice_id: str) -> OwedRow | None:
    """Read one of them (primary key)."""
    row = unit.execute(_ONE, (notice_id,)).fetchone()
    return None if row is None else OwedRow(*row)


def open_notices(unit: Unit, *, limit_rows: int) -> list[OwedRow]:
    """List what is owed, oldest first (index owed_notice_open)."""
    return [OwedRow(*row) for row in unit.execute(_OPEN, (limit_rows,)).fetchall()]


def notices_of_papers(unit: Unit, papers: Sequence[str]) -> list[OwedRow]:
    """Find which notices some papers were (index owed_notice_paper)."""
    return [OwedRow(*row) for row in unit.execute(_OF_PAPERS, (list(papers),)).fetchall()]


def open_of_entries(unit: Unit, entry_ids: Sequence[str]) -> list[OwedRow]:
    """List what some changes made owed and is open (index owed_notice_entry)."""
    return [OwedRow(*row) for row in unit.execute(_OF_ENTRIES, (list(entry_ids),)).fetchall()]


def lock_open(unit: Unit, notice_id: str) -> bool:
    """Keep one of them for oneself until the unit ends; False when it is not open any more."""
    return unit.execute(_LOCK, (notice_id,)).fetchone() is not None


def note_printed(unit: Unit, notice_id: str, paper: str, by: str, at: datetime) -> None:
    """Note as which paper a notice was printed."""
    unit.execute(_PRINTED, (paper, by, at, notice_id))


def drop_notices(unit: Unit, notice_ids: Sequence[str], by: str, at: datetime, words: str) -> int:
    """Note that notices are not printed, and why; tells how many were open."""
    return unit.execute(_DROP, (by, at, words, list(notice_ids))).rowcount


def handed_over(unit: Unit, since: datetime, *, limit_rows: int) -> list[OwedRow]:
    """List the notices that were printed for the counter since an instant, newest first (index owed_notice_printed)."""
    return [OwedRow(*row) for row in unit.execute(_HANDED, (since, limit_rows)).fetchall()]


def lock_printed(unit: Unit, notice_id: str) -> OwedRow | None:
    """Read a notice that was printed and keep it for oneself until the unit ends (primary key)."""
    row = unit.execute(_PRINTED_LOCKED, (notice_id,)).fetchone()
    return None if row is None else OwedRow(*row)


def note_words(unit: Unit, notice_id: str, words: str) -> None:
    """Note why a notice that was printed is made again."""
    unit.execute(_WORDS, (words, notice_id))


def owe_again(unit: Unit, row: OwedRow) -> bool:
    """Let a notice whose paper is no more be owed once more; the former one stays with its paper."""
    again = OwedRow(f"{row.id}-{row.paper}", row.kind, row.people, row.entry_id, row.owed_at)
    if owed_notice(unit, again.id) is not None:
        return False
    keep_owed(unit, [again])
    return True


def turned_back(unit: Unit, papers: Sequence[str]) -> frozenset[str]:
    """Name those of some papers that tell of a change that was cancelled (indexes owed_notice_paper, entry_cancels)."""
    return frozenset(str(row[0]) for row in unit.execute(_TURNED_BACK, (list(papers),)).fetchall())


def how_many_owed(unit: Unit) -> int:
    """Count what is owed, up to a thousand (index owed_notice_open)."""
    row = unit.execute(_HOW_MANY, (MOST_COUNTED,)).fetchone()
    return int(row[0]) if row else 0
