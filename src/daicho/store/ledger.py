"""The ledger in the database: lines go in and never change; positions are given afterwards, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from daicho.rules.ledger.line import LedgerLine
from daicho.rules.ledger.tree import TILE_WIDTH, hash_in_tile, leaf_hash, root_of_leaves, tile_for
from daicho.store.unit import Unit

_SEQUENCER_LOCK = 7_301_121
_LINES = (
    "with line as (insert into ledger.line (recorded_at, event, operator, subject, body, leaf_hash)"
    " select * from unnest(%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])"
    " returning line_id, leaf_hash),"
    " waiting as (insert into ledger.pending select line_id, leaf_hash from line)"
)
_APPEND = f"{_LINES} select line_id from line order by line_id"
_APPEND_SHOWN = (
    f"{_LINES}, placed as (select line_id, row_number() over (order by line_id) as place from line)"
    " insert into ledger.answer (answer_id, line_id, digest) select g.answer_id, p.line_id, g.digest from placed p"
    " join unnest(%s::text[], %s::bytea[]) with ordinality as g (answer_id, digest, place) on g.place = p.place"
    " where g.digest is not null"
)


def append(unit: Unit, lines: Sequence[LedgerLine]) -> None:
    """Add lines, at most one round trip; they are durable when the unit is."""
    if lines:
        unit.execute(_APPEND, _columns(lines))
        unit.after_commit(unit.line_bell.ring)


def append_and_tell(unit: Unit, lines: Sequence[LedgerLine]) -> list[int]:
    """Add lines and give their numbers."""
    append(unit, lines)
    return [int(row[0]) for row in unit.cursor.fetchall()] if lines else []


def append_shown(unit: Unit, lines: Sequence[LedgerLine], shown: Sequence[tuple[str, bytes] | None]) -> None:
    """Add lines, each bound to its answer and to the digest of the row that it shows, in one round trip.

    A line that shows nobody is bound to nothing.

    Raises: ValueError when there are not as many of both.
    """
    if len(lines) != len(shown):
        raise ValueError("every row that is shown has its own line")
    answers = [one[0] if one else None for one in shown]
    unit.execute(_APPEND_SHOWN, (*_columns(lines), answers, [one[1] if one else None for one in shown]))
    unit.after_commit(unit.line_bell.ring)


def _columns(lines: Sequence[LedgerLine]) -> tuple[list[Any], ...]:
    bodies = [line.body() for line in lines]
    return (
        [line.at for line in lines],
        [line.event.value for line in lines],
        [line.operator_login_id for line in lines],
        [line.subject for line in lines],
        bodies,
        [leaf_hash(body) for body in bodies],
    )


def ensure_months(unit: Unit, day: date) -> None:
    """Make the partitions of this month and the next."""
    unit.execute(
        "select ledger.ensure_month(%s::date), ledger.ensure_month((%s::date + interval '1 month')::date)",
        (day, day),
    )


def sequence(unit: Unit, limit_lines: int) -> int:
    """Give positions to committed lines, write the tiles that become full, tell how many lines there were.

    One sequencer at a time: another one finds the lock taken and does nothing.
    """
    locked = unit.execute("select pg_try_advisory_xact_lock(%s)", (_SEQUENCER_LOCK,)).fetchone()
    if not locked or not locked[0]:
        return 0
    rows = unit.execute(
        "delete from ledger.pending where line_id in"
        " (select line_id from ledger.pending order by line_id limit %s) returning line_id, leaf_hash",
        (limit_lines,),
    ).fetchall()
    if not rows:
        return 0
    rows.sort()
    size = tree_size(unit)
    with (
        unit.connection.cursor() as cursor,
        cursor.copy("copy ledger.leaf (position, line_id, leaf_hash) from stdin (format binary)") as copy,
    ):
        copy.set_types(["int8", "int8", "bytea"])
        for place, (line_id, digest) in enumerate(rows):
            copy.write_row((size + place, line_id, digest))
    _write_tiles(unit, size, size + len(rows))
    unit.after_commit(unit.line_bell.ring)
    return len(rows)


def _write_tiles(unit: Unit, old_size: int, new_size: int) -> None:
    """Write every tile that is full now and was not before, level after level."""
    level, old, new = 0, old_size, new_size
    while new // TILE_WIDTH > old // TILE_WIDTH:
        first, last = old // TILE_WIDTH, new // TILE_WIDTH
        hashes = _row_hashes(unit, level, first * TILE_WIDTH, last * TILE_WIDTH)
        for place in range(first, last):
            start = (place - first) * TILE_WIDTH
            full = hashes[start : start + TILE_WIDTH]
            unit.execute(
                "insert into ledger.tile (level, place, hashes, root) values (%s, %s, %s, %s)",
                (level, place, b"".join(full), root_of_leaves(full)),
            )
        level, old, new = level + 1, old // TILE_WIDTH, new // TILE_WIDTH


def _row_hashes(unit: Unit, level: int, low: int, high: int) -> list[bytes]:
    """Give the hashes of one tile level from `low` up to `high`."""
    if level == 0:
        rows = unit.execute(
            "select leaf_hash from ledger.leaf where position >= %s and position < %s order by position",
            (low, high),
        ).fetchall()
        return [row[0] for row in rows]
    rows = unit.execute(
        "select root from ledger.tile where level = %s and place >= %s and place < %s order by place",
        (level - 1, low, high),
    ).fetchall()
    return [row[0] for row in rows]


def tree_size(unit: Unit) -> int:
    """Tell how many lines have a position."""
    row = unit.execute("select coalesce(max(position) + 1, 0) from ledger.leaf").fetchone()
    return int(row[0]) if row else 0


class TreeReader:
    """Reads hashes of complete subtrees, each tile once."""

    def __init__(self, unit: Unit) -> None:
        """Read within one transaction."""
        self._unit = unit
        self._tiles: dict[tuple[int, int], bytes] = {}

    def hash_at(self, level: int, index: int) -> bytes:
        """Give the hash of a complete subtree."""
        tile_level, place, depth = tile_for(level, index)
        return hash_in_tile(self._tile(tile_level, place), depth, index)

    def _tile(self, level: int, place: int) -> bytes:
        if (level, place) not in self._tiles:
            row = self._unit.execute(
                "select hashes from ledger.tile where level = %s and place = %s", (level, place)
            ).fetchone()
            low = place * TILE_WIDTH
            self._tiles[level, place] = (
                row[0] if row else b"".join(_row_hashes(self._unit, level, low, low + TILE_WIDTH))
            )
        return self._tiles[level, place]


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint as kept, with the cosignature lines under it."""

    size: int
    root: bytes
    note: str
    cosignatures: tuple[str, ...]
    made_at: datetime


def keep_checkpoint(unit: Unit, size: int, root: bytes, note: str, at: datetime) -> None:
    """Add a checkpoint."""
    unit.execute("insert into ledger.checkpoint values (%s, %s, %s, %s)", (size, root, note, at))
    unit.after_commit(unit.line_bell.ring)


def keep_cosignature(unit: Unit, size: int, witness: str, line: str, at: datetime) -> None:
    """Add a witness's signature; the same one again changes nothing."""
    unit.execute(
        "insert into ledger.cosignature values (%s, %s, %s, %s) on conflict do nothing",
        (size, witness, line, at),
    )


def latest_checkpoint(unit: Unit, *, cosigned: bool = False) -> KeptCheckpoint | None:
    """Give the newest checkpoint, or the newest that a witness has signed."""
    row = unit.execute(
        "select c.size, c.root, c.note, coalesce(array_agg(s.line) filter (where s.line is not null), '{}'), c.made_at"
        " from ledger.checkpoint c left join ledger.cosignature s using (size)"
        " where not %s or exists (select from ledger.cosignature x where x.size = c.size)"
        " group by c.size order by c.size desc limit 1",
        (cosigned,),
    ).fetchone()
    return KeptCheckpoint(row[0], row[1], row[2], tuple(row[3]), row[4]) if row else None


def checkpoint_over(unit: Unit, position: int) -> KeptCheckpoint | None:
    """Give the first checkpoint whose tree holds a position, with its cosignatures (primary key)."""
    row = unit.execute(
        "select c.size, c.root, c.note, array(select s.line from ledger.cosignature s where s.size = c.size), c.made_at"
        " from ledger.checkpoint c where c.size > %s order by c.size limit 1",
        (position,),
    ).fetchone()
    return KeptCheckpoint(row[0], row[1], row[2], tuple(row[3]), row[4]) if row else None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its position, or without one while it waits for the sequencer."""

    line_id: int
    position: int | None
    body: bytes
    recorded_at: datetime


def lines_about(unit: Unit, subject: str, limit_lines: int) -> list[PlacedLine]:
    """List the newest lines about one person (index line_subject)."""
    rows = unit.execute(
        "select l.line_id, f.position, l.body, l.recorded_at from ledger.line l"
        " left join ledger.leaf f using (line_id) where l.subject = %s and l.subject <> ''"
        " order by l.line_id desc limit %s",
        (subject, limit_lines),
    ).fetchall()
    return [PlacedLine(*row) for row in rows]


def lines_of_operator(
    unit: Unit, operator: str, first: datetime, last: datetime, limit_lines: int
) -> list[PlacedLine]:
    """List the newest lines of what one operator did here between two instants (index line_operator).

    What was carried for another node is in that one's history, which may have to say less.
    """
    rows = unit.execute(
        "select l.line_id, f.position, l.body, l.recorded_at from ledger.line l"
        " left join ledger.leaf f using (line_id)"
        " where l.operator = %s and l.operator <> '' and l.recorded_at >= %s and l.recorded_at < %s"
        " and convert_from(l.body, 'UTF8')::json->'detail'->>'carried_for' is null"
        " order by l.line_id desc limit %s",
        (operator, first, last, limit_lines),
    ).fetchall()
    return [PlacedLine(*row) for row in rows]


def people_in_lines(unit: Unit, operator: str, event: str, first: datetime) -> int:
    """Count an operator's lines of one event that name somebody, from an instant on (index line_operator)."""
    row = unit.execute(
        "select count(*) from ledger.line where operator = %s and operator <> '' and event = %s and subject <> ''"
        " and recorded_at >= %s",
        (operator, event, first),
    ).fetchone()
    return int(row[0]) if row else 0


def seen_of(unit: Unit, origin: str) -> tuple[int, bytes] | None:
    """Tell the largest tree that was cosigned for a node."""
    row = unit.execute(
        "select size, root from witness.seen where origin = %s for update", (origin,)
    ).fetchone()
    return (int(row[0]), bytes(row[1])) if row else None


def keep_seen(unit: Unit, origin: str, size: int, root: bytes, at: datetime) -> None:
    """Remember the largest tree that was cosigned for a node."""
    unit.execute(
        "insert into witness.seen values (%s, %s, %s, %s)"
        " on conflict (origin) do update set size = excluded.size, root = excluded.root, seen_at = excluded.seen_at",
        (origin, size, root, at),
    )
