"""Migrations go forward once, in order, and never change under a database."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count

import psycopg
import pytest
from tests.rules.register.conftest import HERE, record

from daicho.nodes.registry.bodies import record_body, resident_row
from daicho.rules.ledger.tree import TILE_WIDTH, leaf_hash, root_of_leaves
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind
from daicho.store.launcher import Cluster, DatabaseFault
from daicho.store.migrate import Migration, MigrationFault, migrate, parse_migration, read_migrations
from daicho.store.roles import create_node_database

_COUNT = count(1)
_LEAVES = [leaf_hash(str(place).encode()) for place in range(TILE_WIDTH)]


@pytest.fixture
def empty(cluster: Cluster) -> Callable[[], str]:
    def make() -> str:
        name = f"migrate_{next(_COUNT)}"
        made = create_node_database(cluster.dsn(), name)
        return cluster.dsn(name, made.role("owner"), made.passwords["owner"])

    return make


def only(owner: str, query: str) -> object:
    with psycopg.connect(owner) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


@pytest.mark.parametrize("kind", [kind.value for kind in NodeKind])
def test_every_kind_of_node_can_be_migrated_and_a_second_time_does_nothing(
    empty: Callable[[], str], kind: str
) -> None:
    owner = empty()
    assert migrate(owner, kind)
    assert migrate(owner, kind) == []


def test_a_database_that_holds_data_is_migrated_and_keeps_it(empty: Callable[[], str]) -> None:
    """As when a new version comes: the first half, letters and ledger in it, then the rest."""
    owner = empty()
    files = read_migrations()
    early = [one for one in files if one.number <= 2]
    assert migrate(owner, "cs", migrations=early) == ["0001_ledger.sql", "0002_mailbox.sql"]
    with psycopg.connect(owner) as connection:
        connection.execute(
            "insert into mailbox.outbox (letter_id, receiver, kind, content, posted_at)"
            " select 'letter ' || n, 'prefecture', 'note', '\\x00ff', now() from generate_series(1, 1000) n"
        )
        connection.execute(
            "update mailbox.outbox set state = 'numbered', epoch = 1, number = seq where seq < 500"
        )
        connection.execute("insert into ledger.tile values (0, 0, %s)", (b"".join(_LEAVES),))
    applied = migrate(owner, "cs")
    assert applied
    assert only(owner, "select root from ledger.tile where place = 0") == root_of_leaves(_LEAVES)
    assert "0001_ledger.sql" not in applied
    assert (
        only(owner, "select count(*) from mailbox.outbox where state = 'numbered' and content = '\\x00ff'")
        == 499
    )
    assert only(owner, "select count(*) from identity.record") == 0


def test_marks_on_the_stream_say_what_the_letters_said(empty: Callable[[], str]) -> None:
    owner = empty()
    migrate(owner, "cs", migrations=[one for one in read_migrations() if one.number < 26])
    with psycopg.connect(owner) as connection:
        connection.execute(
            "insert into mailbox.stream_out (receiver, epoch, next_number) values"
            " ('half', 2, 5), ('all', 1, 3), ('none', 1, 1)"
        )
        connection.execute(
            "insert into mailbox.outbox (letter_id, receiver, kind, content, posted_at, state, epoch, number, outcome)"
            " select concat(receiver, epoch, number), receiver, 'note', '', now(), state, epoch, number, outcome from (values"
            " ('half', 1, 1, 'settled', 'accepted'), ('half', 2, 1, 'settled', 'accepted'), ('half', 2, 2, 'kept', null),"
            " ('half', 2, 3, 'numbered', null), ('half', 2, 4, 'numbered', null), ('all', 1, 1, 'kept', null),"
            " ('all', 1, 2, 'settled', 'refused'), ('none', null, null, 'posted', null))"
            " as n (receiver, epoch, number, state, outcome)"
        )
        connection.execute(
            "insert into mailbox.stream_in (sender, epoch, next_expected) values ('half', 2, 5), ('all', 1, 3)"
        )
        connection.execute(
            "insert into mailbox.inbox (sender, letter_id, epoch, number, kind, content, seal_hash, kept_at, state, outcome,"
            " told_at) select sender, 'l' || epoch || number, epoch, number, 'note', '', '', now(), state, outcome, told"
            " from (values ('half', 1, 1, 'settled', 'accepted', null), ('half', 2, 1, 'settled', 'accepted', now()),"
            " ('half', 2, 2, 'settled', 'accepted', null), ('half', 2, 3, 'parked', null, null),"
            " ('half', 2, 4, 'kept', null, null), ('all', 1, 1, 'settled', 'accepted', now()),"
            " ('all', 1, 2, 'settled', 'accepted', now())) as n (sender, epoch, number, state, outcome, told)"
        )
    migrate(owner, "cs")
    with psycopg.connect(owner) as connection:
        kept = connection.execute("select receiver, kept_below from mailbox.stream_out order by 1").fetchall()
        told = connection.execute("select sender, told_below from mailbox.stream_in order by 1").fetchall()
        states = connection.execute("select distinct state from mailbox.outbox order by 1").fetchall()
    assert kept == [("all", 3), ("half", 3), ("none", 1)]
    assert told == [("all", 3), ("half", 2)]
    assert states == [("numbered",), ("posted",), ("settled",)]


def test_what_is_counted_of_a_version_is_what_its_record_says(empty: Callable[[], str]) -> None:
    owner = empty()
    migrate(owner, "registry", migrations=[one for one in read_migrations() if one.number < 33])
    told = [
        PartialDate(1926, 11, 20), PartialDate(1971, 1, None), PartialDate(1971, None, None),
        PartialDate(None, 5, 1), PartialDate(None, None, None),
    ]  # fmt: skip
    items = ForeignItems(date(2012, 7, 9), "ブラジル", "中長期在留者")
    gone = Removal(ChangeReason.DEATH, date(2026, 11, 20), date(2026, 11, 20))
    records = [record(place, place * 7, birth_date=birth) for place, birth in enumerate(told, 1)]
    records += [
        record(8, sex=Sex.UNKNOWN, resident_kind=ResidentKind.FOREIGN, foreign=items), record(9, removal=gone),
    ]  # fmt: skip
    with psycopg.connect(owner) as connection:
        connection.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, verified_by,"
            " verified_at, state, seen, households, body) values"
            " ('i', 'IMPORT', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
        for one in records:
            connection.execute(
                "insert into register.resident_version (addressee_number, version, entry_id, change_date, recorded_at, body)"
                " values (%s, 1, 'i', now(), now(), %s)",
                (one.addressee_number, record_body(one)),
            )
    migrate(owner, "registry")
    with psycopg.connect(owner) as connection:
        columns = "household_number, living, resident_kind, sex, birth"
        found = connection.execute(
            f"select {columns} from register.resident_version order by addressee_number"
        )
        rows = [resident_row(one, 1) for one in records]
        assert found.fetchall() == [
            (one.household_number, one.living, one.resident_kind, one.sex, one.birth) for one in rows
        ]


def test_the_district_of_records_of_before_is_read_as_it_is_of_new_ones(empty: Callable[[], str]) -> None:
    owner = empty()
    migrate(owner, "registry", migrations=[one for one in read_migrations() if one.number < 57])
    places = [
        ("架空町一丁目", "2番3号"), ("架空町", "１２丁目3番"), ("架空町", " 十二丁目3番"), ("架空町", "2番"), ("六番町", ""),
        ("架空町12丁目3番4号", ""), ("架空町2番3号", ""), ("架空町一丁目", ""), ("123", ""), ("架空町", "丁目"),
        ("北1条西", "二丁目"), ("北1条西二丁目3番", ""),
    ]  # fmt: skip
    homes = [replace(HERE, town=town, block=block) for town, block in places]
    records = [record(place, place, current_address=home) for place, home in enumerate(homes, 1)]
    with psycopg.connect(owner) as connection:
        connection.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, verified_by,"
            " verified_at, state, seen, households, body) values"
            " ('i', 'IMPORT', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
        for one in records:
            connection.execute(
                "insert into register.resident_version values"
                " (%s, 1, 'i', 'verified', now(), now(), %s, 1, true, 'JAPANESE', 'MALE', '1990-01-01')",
                (one.addressee_number, record_body(one)),
            )
    assert "0057_districts.sql" in migrate(owner, "registry")
    with psycopg.connect(owner) as connection:
        found = connection.execute("select district from register.resident_version order by addressee_number")
        assert [row[0] for row in found.fetchall()] == [resident_row(one, 1).district for one in records]
        seen = connection.execute(
            "select relallvisible = relpages and relpages > 0 from pg_class"
            " where oid = 'register.resident_version'::regclass"
        ).fetchone()
        assert seen == (True,), "the key answers alone at once, and no record is opened"
        assert connection.execute("select to_regproc('register.district_said')").fetchone() == (None,)


@pytest.mark.parametrize("people", [0, 3])
def test_records_of_before_wait_to_be_looked_at_for_characters(empty: Callable[[], str], people: int) -> None:
    owner = empty()
    migrate(owner, "registry", migrations=[one for one in read_migrations() if one.number < 37])
    with psycopg.connect(owner) as connection:
        connection.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, verified_by,"
            " verified_at, state, seen, households, body) values"
            " ('i', 'IMPORT', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
        connection.execute(
            "insert into register.resident_version select n, 1, 'i', 'verified', now(), now(), '{}', n, true,"
            " 'JAPANESE', 'MALE', '1990-01-01' from generate_series(1, %s) n",
            (people,),
        )
        connection.execute(
            "insert into register.resident select n, 1, 'i', 'verified', lpad(n::text, 11, '0'), n, true, false,"
            " 'a', 'b', 'c', 'd', null from generate_series(1, %s) n",
            (people,),
        )
    assert migrate(owner, "registry")[0] == "0037_own_characters.sql"
    with psycopg.connect(owner) as connection:
        found = connection.execute("select last, done from register.character_survey").fetchall()
    assert found == [(0, people == 0)]


def test_the_day_from_which_years_run_is_read_from_the_records_of_before(empty: Callable[[], str]) -> None:
    owner = empty()
    migrate(owner, "registry", migrations=[one for one in read_migrations() if one.number < 43])
    late = Removal(ChangeReason.DEATH, date(2026, 3, 1), date(2026, 11, 20))
    announced = Removal(ChangeReason.MOVE_OUT, date(2026, 12, 1), date(2026, 11, 20))
    records = [record(1), record(2, removal=late), record(3, removal=announced)]
    with psycopg.connect(owner) as connection:
        connection.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at, verified_by,"
            " verified_at, state, seen, households, body) values"
            " ('i', 'IMPORT', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
        for one in records:
            row = resident_row(one, 1)
            connection.execute(
                "insert into register.resident_version values"
                " (%s, 1, 'i', 'verified', now(), now(), %s, 1, %s, 'JAPANESE', 'MALE', '1990-01-01')",
                (one.addressee_number, record_body(one), row.living),
            )
            connection.execute(
                "insert into register.resident (addressee_number, version, entry_id, code, household_number, living,"
                " householder, kana, kanji, birth, address) values (%s, 1, 'i', null, 1, %s, false, 'a', 'b', 'c', 'd')",
                (one.addressee_number, row.living),
            )
    assert "0043_retention.sql" in migrate(owner, "registry")
    with psycopg.connect(owner) as connection:
        found = connection.execute("select closed_on from register.resident order by addressee_number")
        assert [row[0] for row in found.fetchall()] == [resident_row(one, 1).closed_on for one in records]
        assert connection.execute("select disposed from register.entry").fetchall() == [(False,)]


def test_a_file_for_other_kinds_is_left_out_and_may_leave_a_gap(empty: Callable[[], str]) -> None:
    owner = empty()
    files = [
        Migration(1, "0001_a.sql", frozenset({"all"}), "create table a (n int)"),
        Migration(2, "0002_b.sql", frozenset({"national"}), "create table b (n int)"),
        Migration(3, "0003_c.sql", frozenset({"cs", "registry"}), "create table c (n int)"),
    ]
    assert migrate(owner, "cs", migrations=files) == ["0001_a.sql", "0003_c.sql"]


def test_a_file_that_changed_after_it_was_applied_is_refused(empty: Callable[[], str]) -> None:
    owner = empty()
    one = Migration(1, "0001_a.sql", frozenset({"all"}), "create table a (n int)")
    migrate(owner, "cs", migrations=[one])
    changed = Migration(1, "0001_a.sql", one.kinds, one.text + " -- harmless?")
    with pytest.raises(MigrationFault, match="changed"):
        migrate(owner, "cs", migrations=[changed])


def test_a_database_of_a_newer_version_is_left_alone(empty: Callable[[], str]) -> None:
    owner = empty()
    files = [Migration(n, f"000{n}_x.sql", frozenset({"all"}), f"create table x{n} ()") for n in (1, 2)]
    migrate(owner, "cs", migrations=files)
    with pytest.raises(MigrationFault, match="newer version"):
        migrate(owner, "cs", migrations=files[:1])


def test_a_file_that_fails_leaves_nothing_of_itself(empty: Callable[[], str]) -> None:
    owner = empty()
    files = [
        Migration(1, "0001_a.sql", frozenset({"all"}), "create table a (n int)"),
        Migration(2, "0002_b.sql", frozenset({"all"}), "create table b (n int); select 1 / 0"),
    ]
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(owner, "cs", migrations=files)
    assert only(owner, "select to_regclass('public.a')::text") == "a"
    assert only(owner, "select to_regclass('public.b')::text") is None
    assert only(owner, "select count(*) from public.migration") == 1


def test_two_at_once_apply_each_file_once(empty: Callable[[], str]) -> None:
    owner = empty()
    text = "create table a (n int); select pg_sleep(0.2)"
    files = [Migration(1, "0001_a.sql", frozenset({"all"}), text)]
    applied: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: applied.append(migrate(owner, "cs", migrations=files)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [[], [], ["0001_a.sql"]]


def test_roles_are_written_in_and_casts_are_left_alone(empty: Callable[[], str]) -> None:
    owner = empty()
    text = "create table a (n int); grant select on a to :app, :reader; select 'x'::text, ':' || 'app'"
    migrate(owner, "cs", migrations=[Migration(1, "0001_a.sql", frozenset({"all"}), text)])
    name = psycopg.conninfo.conninfo_to_dict(owner)["dbname"]
    assert only(owner, f"select has_table_privilege('{name}_app', 'a', 'select')") is True
    assert only(owner, f"select has_table_privilege('{name}_audit', 'a', 'select')") is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0001_a.sql", "create table a ()"),
        ("0001_a.sql", "-- kinds: registrie\ncreate table a ()"),
        ("a.sql", "-- kinds: all\n"),
    ],
)
def test_a_file_that_does_not_say_whom_it_is_for_is_refused(name: str, text: str) -> None:
    with pytest.raises(MigrationFault):
        parse_migration(name, text)


def test_the_files_have_increasing_numbers() -> None:
    numbers = [one.number for one in read_migrations()]
    assert numbers == sorted(set(numbers))


def test_migrating_over_an_open_network_is_refused() -> None:
    with pytest.raises(DatabaseFault, match="verify-full"):
        migrate("postgresql://owner@db.example/x?sslmode=prefer", "cs")


_PAPER = """
insert into register.certificate (number, kind, requester, channel, asker, basis, items, delivery, fee_yen, issued_on,
    issued_at, issued_by, mark)
values (%s, 'PERSONAL_COPY', 'SELF', 'POST', 'a', 'b', '{}', 'POSTED_TO_PERSON', 300, '2026-11-20', now(), 'c', 'x')
"""


def test_papers_of_before_wait_for_no_cash_up_and_for_no_post(empty: Callable[[], str]) -> None:
    """Nobody counts the money of years at the first evening, nor sends out again what was sent."""
    owner = empty()
    early = [one for one in read_migrations() if one.number < 40]
    assert migrate(owner, "registry", migrations=early)
    with psycopg.connect(owner) as connection:
        connection.execute(_PAPER, ("2026-00000001",))
    assert "0040_office.sql" in migrate(owner, "registry")
    with psycopg.connect(owner) as connection:
        connection.execute(_PAPER, ("2026-00000002",))
        rows = connection.execute(
            "select number, closing, post from register.certificate order by number"
        ).fetchall()
    assert rows == [("2026-00000001", "before", "CLOSED"), ("2026-00000002", "", "")]
