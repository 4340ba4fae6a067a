"""What a database server must be able to do before a node trusts it with a register."""

import psycopg

from daicho.store.launcher import DatabaseFault

OLDEST_VERSION = 150_000


def test_server(dsn: str) -> dict[str, str]:
    """Check version, checksums, encoding, extensions and a trigram of kanji; tell what was found.

    Raises: DatabaseFault naming what is missing.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        version = connection.info.server_version
        if version < OLDEST_VERSION:
            raise DatabaseFault(f"PostgreSQL 15 or newer is needed, not {version}")
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseFault(f"encoding UTF8 is needed, not {encoding}")
        row = connection.execute(
            "select current_setting('data_checksums'), datcollate,"
            " exists (select from pg_available_extensions where name = 'pg_trgm')"
            " from pg_database where datname = current_database()"
        ).fetchone()
        checksums, collation, trigrams = row or ("off", "", False)
        if checksums != "on":
            raise DatabaseFault("data checksums are off: initdb --data-checksums is needed")
        if collation != "C":
            raise DatabaseFault(f"collation C is needed, not {collation}")
        if not trigrams:
            raise DatabaseFault("the extension pg_trgm is missing")
        with connection.transaction(force_rollback=True):
            connection.execute("create extension if not exists pg_trgm")
            found = connection.execute("select coalesce(array_length(show_trgm('髙橋'), 1), 0)").fetchone()
        if found is None or not found[0]:
            raise DatabaseFault("no trigram in Japanese text: the database needs lc_ctype C.UTF-8")
    return {"version": str(version), "checksums": checksums, "encoding": encoding, "trigrams": str(found[0])}
