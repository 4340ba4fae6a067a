"""What the auditor's role reads of one node's books: everything, in order, page by page; it can write nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg import sql

from daicho.store.unit import Unit

_PAGE_ROWS = 10_000
_SHOWN_ROWS = 100
_LINES = """
SELECT l.line_id, l.body, l.leaf_hash, l.recorded_at, f.leaf_hash FROM ledger.line l
LEFT JOIN ledger.leaf f USING (line_id) WHERE l.line_id > %s ORDER BY l.line_id LIMIT %s
"""
_LEAVES_WITHOUT_LINE = """
SELECT f.position FROM ledger.leaf f LEFT JOIN ledger.line l USING (line_id)
WHERE l.line_id IS NULL ORDER BY f.position LIMIT %s
"""
_LEAVES = "SELECT position, leaf_hash FROM ledger.leaf WHERE position > %s ORDER BY position LIMIT %s"
_COSIGNATURES = """
SELECT s.size, s.witness, s.line, c.note FROM ledger.cosignature s JOIN ledger.checkpoint c USING (size)
ORDER BY s.size
"""
_ANSWERS_WITHOUT_LINE = """
SELECT a.answer_id FROM ledger.answer a LEFT JOIN ledger.line l USING (line_id)
WHERE l.line_id IS NULL OR position(convert_to(a.answer_id, 'UTF8') IN l.body) = 0 LIMIT %s
"""
_ANSWERS_RECEIVED = """
SELECT line->'detail'->>'answer', line->>'peer', (line->'detail'->>'shown')::int
FROM (SELECT convert_from(body, 'UTF8')::json AS line FROM ledger.line WHERE event = %s) AS said
WHERE (line->'detail'->>'shown')::int > 0
"""
_ANSWERS_GIVEN = "SELECT answer_id, count(*) FROM ledger.answer WHERE answer_id = ANY(%s) GROUP BY answer_id"
_VERIFIED_BY_ONE = """
SELECT id FROM register.entry WHERE state IN ('verified', 'rejected')
    AND (verified_by IS NULL OR verified_by = entered_by) LIMIT %s
"""
_ON_NO_VERIFIED_ENTRY = """
SELECT r.addressee_number FROM register.resident r LEFT JOIN register.entry e ON e.id = r.entry_id
WHERE e.state IS DISTINCT FROM 'verified' LIMIT %s
"""
_ENTRIES_AND_LINES = """
WITH said AS (SELECT DISTINCT convert_from(body, 'UTF8')::json->'detail'->>'entry' AS entry
    FROM ledger.line WHERE event = %s),
done AS (SELECT id FROM register.entry WHERE state = 'verified' AND kind <> 'IMPORT' AND loaded_by IS NULL)
SELECT (SELECT count(*) FROM done WHERE id NOT IN (SELECT entry FROM said WHERE entry IS NOT NULL)),
    (SELECT count(*) FROM said WHERE entry NOT IN (SELECT id FROM done))
"""
_LOADED = """
WITH said AS (SELECT line->'detail'->>'order' AS id, (line->'detail'->>'entries')::bigint AS entries
    FROM (SELECT convert_from(body, 'UTF8')::json AS line FROM ledger.line WHERE event = %s) AS loads
    WHERE line->>'outcome' = 'accepted'),
there AS (SELECT loaded_by AS id, count(*) AS entries FROM register.entry WHERE loaded_by IS NOT NULL GROUP BY loaded_by)
SELECT coalesce(said.id, there.id), coalesce(said.entries, 0), coalesce(there.entries, 0)
FROM said FULL JOIN there USING (id) WHERE coalesce(said.entries, 0) <> coalesce(there.entries, 0) ORDER BY 1 LIMIT %s
"""
_DISPOSED = """
SELECT line->'detail'->>'run', line->>'outcome', line->>'subject', line->'detail'->>'kind', line->'detail'->>'kept_until',
    line->'detail'->>'content'
FROM (SELECT convert_from(body, 'UTF8')::json AS line FROM ledger.line WHERE event = %s) AS said
"""
_ACTS_AT_RUNS = """
SELECT line->'detail'->>'run', line->>'event', line->>'operator', line->>'outcome'
FROM (SELECT convert_from(body, 'UTF8')::json AS line FROM ledger.line WHERE event = ANY(%s)) AS said
"""
_PLACED = """
SELECT f.position, l.body FROM ledger.leaf f JOIN ledger.line l USING (line_id)
WHERE f.position > %s ORDER BY f.position LIMIT %s
"""
_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_DIGEST: LiteralString = """
SELECT count(*), coalesce(sum(
    ('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric), 0)
FROM {} t
"""


@dataclass(frozen=True, slots=True)
class BookedLine:
    """A ledger line as it lies there: its bytes, the hash kept beside them, the hash in the tree if it has one."""

    line_id: int
    body: bytes
    kept_hash: bytes
    recorded_at: datetime
    placed_hash: bytes | None


@dataclass(frozen=True, slots=True)
class BookedCheckpoint:
    """A signed checkpoint as it lies there."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True)
class BookedCosignature:
    """A witness's signature as it lies there, with the note that it signs."""

    size: int
    witness: str
    line: str
    note: str


@dataclass(frozen=True, slots=True)
class Received:
    """What an asker wrote of one answer: who gave it and how many people it showed."""

    answer_id: str
    peer: str
    shown: int


@dataclass(frozen=True, slots=True)
class DisposedThing:
    """What a ledger line says of one thing on a list of what was to be destroyed."""

    run: str
    outcome: str
    subject: str
    kind: str
    kept_until: str
    content: str


@dataclass(frozen=True, slots=True)
class BookedRun:
    """One run as it lies there: who drew up its list, who decided, and its record of destruction once it is through."""

    number: str
    state: str
    proposed_by: str
    decided_by: str | None
    certificate: str | None


@dataclass(frozen=True, slots=True)
class ActAtRun:
    """What a ledger line says that somebody did with a run."""

    run: str
    event: str
    operator: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows a table has, and the sum, modulo 2^64, of the beginnings of their SHA-256: order does not count."""

    rows: int
    digest: str


def lines(unit: Unit) -> Iterator[BookedLine]:
    """Read every line in the order of its number."""
    after = 0
    while page := unit.execute(_LINES, (after, _PAGE_ROWS)).fetchall():
        yield from (BookedLine(*row) for row in page)
        after = int(page[-1][0])


def leaves_without_line(unit: Unit) -> list[int]:
    """List the first positions of the tree whose line is gone."""
    return _first_column(unit.execute(_LEAVES_WITHOUT_LINE, (_SHOWN_ROWS,)).fetchall())


def leaves(unit: Unit) -> Iterator[tuple[int, bytes]]:
    """Read position and hash of every leaf, in order."""
    after = -1
    while page := unit.execute(_LEAVES, (after, _PAGE_ROWS)).fetchall():
        yield from ((int(position), bytes(digest)) for position, digest in page)
        after = int(page[-1][0])


def checkpoints(unit: Unit) -> list[BookedCheckpoint]:
    """Read every signed checkpoint."""
    rows = unit.execute("SELECT size, root, note FROM ledger.checkpoint ORDER BY size").fetchall()
    return [BookedCheckpoint(int(size), bytes(root), str(note)) for size, root, note in rows]


def cosignatures(unit: Unit) -> list[BookedCosignature]:
    """Read every witness's signature."""
    return [BookedCosignature(*row) for row in unit.execute(_COSIGNATURES).fetchall()]


def seen_by_witness(unit: Unit) -> list[tuple[str, int, bytes]]:
    """Read which tree of each other node this one has cosigned last: origin, size, root; none of one that was closed."""
    rows = unit.execute(
        "SELECT origin, size, root FROM witness.seen WHERE size > 0 ORDER BY origin"
    ).fetchall()
    return [(str(origin), int(size), bytes(root)) for origin, size, root in rows]


def root_at(unit: Unit, size: int) -> bytes | None:
    """Read the root of the checkpoint of one size."""
    row = unit.execute("SELECT root FROM ledger.checkpoint WHERE size = %s", (size,)).fetchone()
    return bytes(row[0]) if row else None


def answers_without_line(unit: Unit) -> list[str]:
    """List the first answers that name no line, or a line that says nothing of them."""
    return _first_column(unit.execute(_ANSWERS_WITHOUT_LINE, (_SHOWN_ROWS,)).fetchall())


def answers_received(unit: Unit, event: str) -> list[Received]:
    """Read what this node wrote, under `event`, of answers that showed it somebody."""
    return [Received(*row) for row in unit.execute(_ANSWERS_RECEIVED, (event,)).fetchall()]


def answers_given(unit: Unit, answer_ids: Sequence[str]) -> dict[str, int]:
    """Count the people whom this node's books name under each of these answers."""
    return dict(unit.execute(_ANSWERS_GIVEN, (list(answer_ids),)).fetchall())


def entries_verified_by_one(unit: Unit) -> list[str]:
    """List the first entries that were entered and decided by one hand."""
    return _first_column(unit.execute(_VERIFIED_BY_ONE, (_SHOWN_ROWS,)).fetchall())


def residents_on_no_verified_entry(unit: Unit) -> list[int]:
    """List the first records that stand on no verified entry, by their addressee number."""
    return _first_column(unit.execute(_ON_NO_VERIFIED_ENTRY, (_SHOWN_ROWS,)).fetchall())


def entries_and_lines_alone(unit: Unit, event: str) -> tuple[int, int]:
    """Count verified entries without a line of `event`, and such lines without a verified entry."""
    row = unit.execute(_ENTRIES_AND_LINES, (event,)).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def loads_that_differ(unit: Unit, event: str) -> list[tuple[str, int, int]]:
    """List the first loads whose line, under `event`, tells of another number of entries than is there: order, told, there."""
    rows = unit.execute(_LOADED, (event, _SHOWN_ROWS)).fetchall()
    return [(str(order), int(told), int(there)) for order, told, there in rows]


def runs(unit: Unit) -> list[BookedRun]:
    """Read every run, by its number."""
    rows = unit.execute(
        "SELECT number, state, proposed_by, decided_by, certificate FROM retention.run ORDER BY number"
    ).fetchall()
    return [BookedRun(*row) for row in rows]


def things_decided(unit: Unit) -> list[DisposedThing]:
    """Read what the lists that still lie there say became of their things, those that wait left out."""
    rows = unit.execute(
        "SELECT run, state, subject, kind, kept_until::text, encode(content, 'hex') FROM retention.item"
        " WHERE state <> 'listed' ORDER BY run, place"
    ).fetchall()
    return [DisposedThing(*row) for row in rows]


def acts_at_runs(unit: Unit, events: Sequence[str]) -> list[ActAtRun]:
    """Read what the ledger says that was done with runs."""
    return [ActAtRun(*row) for row in unit.execute(_ACTS_AT_RUNS, (list(events),)).fetchall()]


def things_disposed(unit: Unit, event: str) -> list[DisposedThing]:
    """Read what the ledger says, under `event`, of everything that a run came to."""
    return [DisposedThing(*row) for row in unit.execute(_DISPOSED, (event,)).fetchall()]


def details_of(unit: Unit, event: str, key: str, value: str) -> dict[str, str]:
    """Read one part of the detail of every line of an event by another part."""
    rows = unit.execute(
        "SELECT line->'detail'->>%s, line->'detail'->>%s"
        " FROM (SELECT convert_from(body, 'UTF8')::json AS line FROM ledger.line WHERE event = %s) AS said",
        (key, value, event),
    ).fetchall()
    return {str(name): str(found) for name, found in rows}


def as_of_now(unit: Unit) -> None:
    """Let everything that this transaction reads be as of one instant; it must have read nothing yet."""
    unit.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def placed_bodies(unit: Unit) -> Iterator[bytes]:
    """Read the bytes of every line that has a place in the tree, in the tree's order."""
    after = -1
    while page := unit.execute(_PLACED, (after, _PAGE_ROWS)).fetchall():
        yield from (bytes(body) for _, body in page)
        after = int(page[-1][0])


def table_digests(unit: Unit) -> dict[str, TableDigest]:
    """Digest what every table holds; who asks must be allowed to read them all."""
    found = {}
    for schema, table in unit.execute(_TABLES).fetchall():
        place = sql.Identifier(schema, table)
        row = unit.cursor.execute(sql.SQL(_DIGEST).format(place)).fetchone()
        if row is not None:
            found[f"{schema}.{table}"] = TableDigest(int(row[0]), f"{int(row[1]) % 2**64:016x}")
    return found


def _first_column(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]
