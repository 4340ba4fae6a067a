"""Indexes by which people are searched above the register rest while a first copy comes in, and are built over it at once.

An index that grows row by row costs several times what building it over all rows costs. What rests is written down in
the transaction in which it is dropped, and goes from the list in the one in which it is built: a start after a power cut
finds it there. Nobody finds anything else meanwhile, only more slowly.
"""

from typing import Any, LiteralString

import psycopg
from psycopg import sql

# A register's three would not pay: to build them its records, which are large, have to be read again.
_SEARCHED = "identity.record"
_FILLED = (
    "register.resident", "register.resident_version", _SEARCHED, "identity.cs_items", "numbers.individual_number",
)  # fmt: skip
_PRESENT: LiteralString = "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
# What keeps two rows from being the same never rests, nor what holds few of them and costs nothing.
_MAY_REST: LiteralString = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = to_regclass(%s) AND NOT i.indisunique AND NOT i.indisexclusion AND i.indpred IS NULL
"""
_SEARCHED_COLUMNS: LiteralString = """
SELECT attname, coalesce(attstattarget, -1) > 100 FROM pg_attribute
WHERE attrelid = %(table)s::regclass AND attnum IN (
    SELECT unnest(indkey::int[]) FROM pg_index WHERE indrelid = %(table)s::regclass)
ORDER BY attnum
"""
_LEFT_ALONE: LiteralString = """
SELECT oid::regclass::text FROM pg_class
WHERE oid = ANY (%s::text[]::regclass[]) AND 'autovacuum_enabled=off' = ANY (reloptions)
"""
_WRITTEN: LiteralString = """
SELECT coalesce(sum(n_tup_ins), 0) FROM pg_stat_user_tables WHERE relid = to_regclass(%s)
"""
_BUILDING_MEMORY = "128MB"


def let_indexes_rest(owner_dsn: str) -> bool:
    """Let the indexes of a node's people rest if it has nobody yet, and housekeeping with them; tell whether they do."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        tables = _tables(owner)
        if not tables or any(_has_rows(owner, table) for table in tables):
            return False
        with owner.transaction():
            found = owner.execute(_MAY_REST, (_SEARCHED,)).fetchall()
            for name, definition in found:
                owner.execute("INSERT INTO public.resting_index (definition) VALUES (%s)", (definition,))
                owner.execute(sql.SQL("DROP INDEX {}").format(_named(name)))
            for table in tables:
                owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(_named(table)))
    return True


def build_resting_indexes(owner_dsn: str) -> int:
    """Build whatever rests in a node's database and let the planner learn of the rows; tell how many were built."""
    definitions = resting_indexes(owner_dsn)
    for definition in definitions:
        # One at a time: whoever writes waits for one index at most.
        build_resting_index(owner_dsn, definition)
    if definitions:
        learn_of_rows(owner_dsn)
    return len(definitions)


def records_written(owner_dsn: str) -> int:
    """Tell how many copies were written since the database last forgot its statistics; nobody is counted for it.

    What was rolled back is among them.
    """
    with psycopg.connect(owner_dsn) as owner:
        row = owner.execute(_WRITTEN, (_SEARCHED,)).fetchone()
    return int(row[0]) if row else 0


def resting_indexes(owner_dsn: str) -> list[str]:
    """List the definitions of the indexes that rest in a node's database."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        found = owner.execute("SELECT definition FROM public.resting_index ORDER BY definition").fetchall()
    return [str(definition) for (definition,) in found]


def build_resting_index(owner_dsn: str, definition: str) -> None:
    """Build one index that rests; several of one table may be built at once, each on a connection of its own."""
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(sql.SQL("SET maintenance_work_mem = {}").format(sql.Literal(_BUILDING_MEMORY)))
        owner.execute(definition.encode())
        owner.execute("DELETE FROM public.resting_index WHERE definition = %s", (definition,))


def learn_of_rows(owner_dsn: str) -> None:
    """Let the planner learn what it needs for searches; of the rest it learns when the server finds time for it."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        _analyze(owner, _SEARCHED)


def let_autovacuum_come(owner_dsn: str) -> None:
    """Leave the tables of a node's people to the server's own housekeeping again."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        for (table,) in owner.execute(_LEFT_ALONE, (_tables(owner),)).fetchall():
            owner.execute(sql.SQL("ALTER TABLE {} RESET (autovacuum_enabled)").format(_named(table)))


def _analyze(owner: psycopg.Connection[tuple[Any, ...]], table: str) -> None:
    """Read the searched columns; the one that asks for most decides how many rows are sorted for each: such go apart."""
    columns = owner.execute(_SEARCHED_COLUMNS, {"table": table}).fetchall()
    for deeply in (False, True):
        names = [sql.Identifier(name) for name, more in columns if more == deeply]
        if names:
            owner.execute(sql.SQL("ANALYZE {} ({})").format(_named(table), sql.SQL(", ").join(names)))


def _tables(owner: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    return [str(name) for (name,) in owner.execute(_PRESENT, (list(_FILLED),)).fetchall()]


def _has_rows(owner: psycopg.Connection[tuple[Any, ...]], table: str) -> bool:
    return owner.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(_named(table))).fetchone() is not None


def _named(qualified: str) -> sql.Identifier:
    return sql.Identifier(*qualified.split("."))
