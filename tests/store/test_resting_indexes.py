"""Indexes that rest while a first load comes in are all there afterwards, whatever happens in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from daicho.store.resting_indexes import (
    build_resting_index,
    build_resting_indexes,
    let_autovacuum_come,
    let_indexes_rest,
    resting_indexes,
)

COPIES = ("cs", "prefecture", "national")
Fresh = Callable[[str], dict[str, str]]
_SOMEBODY = {
    "registry": """
        INSERT INTO register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, terminal,
            state, verified_by, verified_at, seen, households, body)
        VALUES ('e', 'IMPORT', 'NOT_REPORTED', '2026-11-20', '2026-11-20', 'a', now(), '', 'verified', 'b', now(),
            '{}', '{}', '{}');
        INSERT INTO register.resident_version (addressee_number, version, change_date, recorded_at, entry_id, body,
            household_number, living, resident_kind, sex, birth)
        VALUES (1, 1, '2026-11-20', now(), 'e', '{}', 1, true, 'JAPANESE', 'MALE', '1990-01-01');
        INSERT INTO register.resident (addressee_number, version, household_number, living, householder, entry_id,
            code, kana, kanji, birth, address)
        VALUES (1, 1, 1, true, true, 'e', '12345678901', 'ア', '阿', '1990-01-01', '一丁目')
    """,
    "national": """
        INSERT INTO identity.record (resident_record_code, name_kanji, name_gaiji_count, name_normalized_kana,
            birth_date, sex, municipality_code, aza_code, postal_code, address, address_gaiji_count, change_reason,
            change_date, change_reason_detail, update_sequence, scheduled_flag, foreign_resident, record_state,
            received_on, row_hash, name_key, address_key)
        VALUES ('12345678901', '阿', 0, 'ア', '1990-01-01', 'MALE', '13101', '', '', '一丁目', 0, 'NEW',
            '2026-11-20', '', 1, false, false, 'living', '2026-11-20', sha256('x'), '阿', '一丁目')
    """,
}


def indexes(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as owner:
        rows = owner.execute("SELECT indexdef FROM pg_indexes WHERE schemaname <> 'pg_catalog'").fetchall()
    return {str(definition) for (definition,) in rows}


def one_value(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as owner:
        row = owner.execute(query.encode()).fetchone()
    return row[0] if row else None


def left_alone(dsn: str) -> object:
    return one_value(dsn, "SELECT count(*) FROM pg_class WHERE 'autovacuum_enabled=off' = ANY (reloptions)")


@pytest.mark.parametrize("kind", COPIES)
def test_every_index_is_there_again_and_what_keeps_rows_apart_never_went(fresh_dsn: Fresh, kind: str) -> None:
    owner = fresh_dsn(kind)["owner"]
    before = indexes(owner)

    assert let_indexes_rest(owner)
    resting = before - indexes(owner)
    assert resting
    assert not any(" UNIQUE " in definition or " WHERE " in definition for definition in resting)
    assert left_alone(owner) != 0

    assert build_resting_indexes(owner) == len(resting)
    let_autovacuum_come(owner)
    assert indexes(owner) == before
    assert left_alone(owner) == 0
    assert build_resting_indexes(owner) == 0


@pytest.mark.parametrize("kind", sorted(_SOMEBODY))
def test_where_somebody_is_kept_nothing_rests(fresh_dsn: Fresh, kind: str) -> None:
    owner = fresh_dsn(kind)["owner"]
    before = indexes(owner)
    with psycopg.connect(owner) as connection:
        connection.execute(_SOMEBODY[kind].encode())

    assert not let_indexes_rest(owner)
    assert indexes(owner) == before
    assert left_alone(owner) == 0


def test_a_building_that_was_cut_off_goes_on_with_those_that_are_missing(fresh_dsn: Fresh) -> None:
    owner = fresh_dsn("national")["owner"]
    before = indexes(owner)
    let_indexes_rest(owner)
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE identity.record_muni_kana ()")  # stands in the way of one of them

    with pytest.raises(psycopg.errors.DuplicateTable):
        build_resting_indexes(owner)
    built = indexes(owner)
    with psycopg.connect(owner) as connection:
        connection.execute("DROP TABLE identity.record_muni_kana")

    assert build_resting_indexes(owner) == len(before - built)
    assert indexes(owner) == before


def test_the_planner_knows_what_is_searched_for_as_soon_as_the_indexes_are_there(fresh_dsn: Fresh) -> None:
    owner = fresh_dsn("national")["owner"]
    let_indexes_rest(owner)
    with psycopg.connect(owner) as connection:
        connection.execute(_SOMEBODY["national"].encode())
    build_resting_indexes(owner)

    known = "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_stats WHERE tablename = 'record'"
    told = str(one_value(owner, known)).split()
    assert {"address_key", "birth_date", "birth_year", "municipality_code", "name_key", "prefecture"} <= set(
        told
    )


def test_a_register_keeps_its_indexes_and_is_left_alone_by_housekeeping(fresh_dsn: Fresh) -> None:
    owner = fresh_dsn("registry")["owner"]
    before = indexes(owner)
    assert let_indexes_rest(owner)
    assert indexes(owner) == before
    assert left_alone(owner) != 0
    assert build_resting_indexes(owner) == 0
    let_autovacuum_come(owner)
    assert left_alone(owner) == 0


def test_indexes_of_one_table_are_built_at_once(fresh_dsn: Fresh) -> None:
    owner = fresh_dsn("national")["owner"]
    before = indexes(owner)
    let_indexes_rest(owner)
    waiting = resting_indexes(owner)
    assert len(waiting) > 1
    together = Barrier(2)

    def build(definition: str) -> None:
        together.wait(20)
        build_resting_index(owner, definition)

    with ThreadPoolExecutor(2) as pool:
        for built in [pool.submit(build, definition) for definition in waiting[:2]]:
            built.result()
    assert resting_indexes(owner) == waiting[2:]
    assert build_resting_indexes(owner) == len(waiting) - 2
    assert indexes(owner) == before
