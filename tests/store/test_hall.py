"""The hall's tables: places follow commits, a scope needs two people, a file is made once, secrets are hashes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from daicho.store import extractions, hall_clients, hall_feed
from daicho.store.extractions import ExtractionRow, Narrowed
from daicho.store.hall_clients import ClientRow, ScopeProposalRow
from daicho.store.unit import Store

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def store(database: Callable[[str], Store]) -> Store:
    return database("registry")


def told(store: Store, *people: int) -> None:
    with store.unit() as unit:
        hall_feed.tell_of_people(unit, people, DAY)


def placed(store: Store) -> list[tuple[int, tuple[int, ...]]]:
    with store.unit() as unit:
        hall_feed.place(unit, limit_rows=100)
        return [(row.position, row.people) for row in hall_feed.read(unit, 0, limit_rows=100)]


def test_places_follow_commits_and_a_late_commit_is_never_passed_over(store: Store) -> None:
    with store.unit() as slow:
        hall_feed.tell_of_people(slow, [1], DAY)
        told(store, 2)
        assert placed(store) == [(1, (2,))]
    assert placed(store) == [(1, (2,)), (2, (1,))]


def test_what_was_rolled_back_gets_no_place(store: Store) -> None:
    with store.unit() as unit:
        hall_feed.tell_of_people(unit, [1], DAY)
        unit.connection.rollback()
    told(store, 2)
    assert placed(store) == [(1, (2,))]


def test_two_who_give_places_at_once_give_each_once(store: Store) -> None:
    told(store, 1)
    told(store, 2)
    with store.unit() as first:
        assert hall_feed.place(first, limit_rows=1) == 1
        with store.unit() as second:
            assert hall_feed.place(second, limit_rows=100) == 0
    assert placed(store) == [(1, (1,)), (2, (2,))]
    with store.reading() as unit:
        assert (hall_feed.end(unit), hall_feed.unplaced(unit)) == (2, 0)
        assert [row.position for row in hall_feed.read_day(unit, DAY, 1, limit_rows=9)] == [2]


def opened(store: Store) -> None:
    with store.unit() as unit:
        row = ClientRow(
            "c1",
            "NHI",
            "国保",
            DAY,
            DAY + timedelta(days=30),
            closed=False,
            cursor=0,
            read_at=None,
            scopes=(),
        )
        hall_clients.open_client(unit, row, "KANRI-01", AT)


def proposal(number: str, by: str = "KANRI-01") -> ScopeProposalRow:
    return ScopeProposalRow(number, "c1", "juki:changes:read", "国保の資格管理", by, AT)


def test_a_scope_is_the_clients_once_a_second_person_gave_it(store: Store) -> None:
    opened(store)
    with store.unit() as unit:
        assert hall_clients.propose_scope(unit, proposal("p1"))
        assert not hall_clients.propose_scope(unit, proposal("p2"))
    with store.unit() as unit:
        held = hall_clients.client(unit, "c1")
        assert held is not None
        assert held.scopes == ()
        hall_clients.decide_scope(unit, "p1", "accepted", "SEKININ-01", AT)
        now = hall_clients.client(unit, "c1")
        assert now is not None
        assert now.scopes == ("juki:changes:read",)


def test_the_database_lets_nobody_give_a_scope_alone(store: Store) -> None:
    opened(store)
    with store.unit() as unit:
        hall_clients.propose_scope(unit, proposal("p1"))
    with pytest.raises(psycopg.errors.CheckViolation), store.unit() as unit:
        hall_clients.decide_scope(unit, "p1", "accepted", "KANRI-01", AT)


def test_a_secret_opens_until_the_next_one_has_taken_its_place(store: Store) -> None:
    opened(store)
    old, new, later = b"a" * 32, b"b" * 32, AT + timedelta(hours=1)
    with store.unit() as unit:
        hall_clients.keep_secret(unit, "c1", old, "KANRI-01", AT, others_end_at=AT)
        hall_clients.keep_secret(unit, "c1", new, "KANRI-01", AT, others_end_at=later)
        assert hall_clients.secret_fits(unit, "c1", old, AT)
        assert not hall_clients.secret_fits(unit, "c1", old, later)
        assert hall_clients.secret_fits(unit, "c1", new, later)
        assert not hall_clients.secret_fits(unit, "c2", new, later)
        assert [one.ends_at for one in hall_clients.secrets_of(unit, "c1", limit_rows=9)] in (
            [None, later],
            [later, None],
        )


def test_a_token_ends_by_the_clock_and_with_its_client(store: Store) -> None:
    opened(store)
    ends = AT + timedelta(minutes=15)
    with store.unit() as unit:
        hall_clients.keep_token(unit, b"t" * 32, "c1", ["juki:changes:read"], AT, ends)
        assert hall_clients.token(unit, b"t" * 32, AT) == ("c1", ("juki:changes:read",))
        assert hall_clients.token(unit, b"t" * 32, ends) is None
        assert hall_clients.close_client(unit, "c1", "KANRI-01", AT)
        assert hall_clients.token(unit, b"t" * 32, AT) is None
        assert not hall_clients.close_client(unit, "c1", "KANRI-01", AT)


def test_a_cursor_never_goes_back_and_is_not_written_each_second(store: Store) -> None:
    opened(store)
    with store.unit() as unit:
        hall_clients.note_read(unit, "c1", 5, AT)
        hall_clients.note_read(unit, "c1", 3, AT + timedelta(seconds=1))
        held = hall_clients.client(unit, "c1")
        assert held is not None
        assert (held.cursor, held.read_at) == (5, AT)
        hall_clients.note_read(unit, "c1", 5, AT + timedelta(minutes=2))
        again = hall_clients.client(unit, "c1")
        assert again is not None
        assert again.read_at == AT + timedelta(minutes=2)


def asked(store: Store, number: str, state: str, *, needs_second: bool) -> None:
    with store.unit() as unit:
        row = ExtractionRow(number, state, needs_second, 3, "MADO-01", AT, "{}")
        extractions.keep_extraction(unit, row)


def test_what_needs_a_second_person_is_made_by_nobody_alone(store: Store) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        asked(store, "e1", "READY", needs_second=True)
    asked(store, "e2", "WAITING", needs_second=True)
    with pytest.raises(psycopg.errors.CheckViolation), store.unit() as unit:
        extractions.decide_extraction(unit, "e2", "READY", "MADO-01", AT, "")
    with store.unit() as unit:
        assert extractions.how_many_wait(unit) == 1
        assert not extractions.note_made(unit, "e2", AT, 3, 0, b"d" * 32)
        assert extractions.decide_extraction(unit, "e2", "READY", "SEKININ-01", AT, "よい")
        assert extractions.note_made(unit, "e2", AT, 3, 0, b"d" * 32)
        assert not extractions.note_made(unit, "e2", AT, 3, 0, b"d" * 32)


def test_an_extraction_of_an_empty_register_is_empty(store: Store) -> None:
    with store.unit() as unit:
        narrowed = Narrowed("1950", "1960", "丸の内", householders_only=True)
        assert list(extractions.records(unit, narrowed, batch_rows=10)) == []


@pytest.mark.parametrize("table", ["client_secret", "token"])
def test_hashes_of_secrets_are_for_the_application_alone(
    fresh_dsn: Callable[[str], dict[str, str]], table: str
) -> None:
    addresses = fresh_dsn("registry")
    for role in ("read", "audit"):
        with (
            psycopg.connect(addresses[role]) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(f"select * from hall.{table}".encode())
