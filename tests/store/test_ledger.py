"""The ledger on a real database: lines, positions, tiles, and a tree that is another library's tree."""

import threading
from datetime import UTC, date, datetime

import pytest
from pymerkle import InmemoryTree

from daicho.rules.ledger import tree
from daicho.rules.ledger.events import Event
from daicho.rules.ledger.line import LedgerLine
from daicho.store import ledger

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LIMIT = 5000


def line(number: int, subject: str = "", operator: str = "MADO-01") -> LedgerLine:
    return LedgerLine(
        Event.SESSION_OPENED, AT, date(2026, 11, 20), "cs.test", number.to_bytes(16, "big"), operator,
        subject=subject,
    )  # fmt: skip


def fill(store, count: int, first: int = 0) -> list[LedgerLine]:
    lines = [line(first + place) for place in range(count)]
    with store.unit() as unit:
        ledger.append(unit, lines)
    return lines


def place(store, limit: int = LIMIT) -> int:
    with store.unit() as unit:
        return ledger.sequence(unit, limit)


@pytest.fixture
def store(database):
    return database("cs")


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 600])
def test_roots_and_proofs_over_tiles_are_another_librarys(store, count):
    judge = InmemoryTree(algorithm="sha256")
    for one in fill(store, count):
        judge.append_entry(one.body())
    assert place(store) == count
    with store.unit() as unit:
        reader = ledger.TreeReader(unit)
        for size in {1, count // 2 or 1, count - 1 or 1, count}:
            root = tree.root(size, reader.hash_at)
            assert root == judge.get_root(size)
            leaf = tree.leaf_hash(line(size // 2).body())
            path = tree.inclusion_proof(size // 2, size, reader.hash_at)
            assert tree.verify_inclusion(leaf, size // 2, size, path, root)
            proof = tree.consistency_proof(size, count, reader.hash_at)
            assert tree.verify_consistency(size, count, root, tree.root(count, reader.hash_at), proof)


def test_a_tree_of_two_tile_levels_grown_in_uneven_steps_has_the_root_of_its_leaves(store):
    steps, first = (1, 254, 2, 30_000, 35_279, 300), 0
    leaves: list[bytes] = []
    for step in steps:
        leaves += [one.hash() for one in fill(store, step, first)]
        first += step
        while place(store):
            pass
    with store.unit() as unit:
        assert ledger.tree_size(unit) == first == sum(steps) > tree.TILE_WIDTH**2
        assert unit.execute("select level, count(*) from ledger.tile group by 1 order by 1").fetchall() == [
            (0, first // 256), (1, 1),
        ]  # fmt: skip
        assert tree.root(first, ledger.TreeReader(unit).hash_at) == tree.root_of_leaves(leaves)


def test_a_line_that_was_rolled_back_leaves_no_trace_and_no_hole(store):
    fill(store, 3)
    with pytest.raises(ZeroDivisionError):
        _append_and_fail(store)
    fill(store, 2, 10)
    assert place(store) == 5
    with store.unit() as unit:
        assert [row[0] for row in unit.execute("select position from ledger.leaf order by 1").fetchall()] == [
            0, 1, 2, 3, 4,
        ]  # fmt: skip


def _append_and_fail(store) -> None:
    with store.unit() as unit:
        ledger.append(unit, [line(90)])
        raise ZeroDivisionError


def test_a_slow_transaction_gets_its_position_after_it_is_durable(store):
    """Its number is older than its neighbours'; its place is not."""
    with store.unit() as slow:
        (early,) = ledger.append_and_tell(slow, [line(1)])
        fill(store, 2, 10)
        assert place(store) == 2
    assert place(store) == 1
    with store.unit() as unit:
        last = unit.execute("select line_id from ledger.leaf where position = 2").fetchone()
    assert last == (early,)


def test_two_sequencers_at_once_place_each_line_once(store):
    fill(store, 900)
    taken: list[int] = []

    def work() -> None:
        while True:
            count = place(store, 100)
            taken.append(count)
            with store.unit() as unit:
                if unit.execute("select count(*) from ledger.pending").fetchone() == (0,):
                    return

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(taken) == 900
    with store.unit() as unit:
        assert unit.execute("select count(*), max(position) from ledger.leaf").fetchone() == (900, 899)


def test_lines_about_one_person_come_newest_first_with_their_places(store):
    with store.unit() as unit:
        ledger.append(unit, [line(1, "A"), line(2, "B"), line(3, "A")])
    place(store)
    with store.unit() as unit:
        ledger.append(unit, [line(4, "A")])
        found = ledger.lines_about(unit, "A", 10)
    assert [one.position for one in found] == [None, 2, 0]
    with store.unit() as unit:
        assert ledger.lines_about(unit, "", 10) == []
        assert len(ledger.lines_about(unit, "A", 2)) == 2


def test_lines_of_one_operator_between_two_instants(store):
    with store.unit() as unit:
        ledger.append(unit, [line(1), line(2, operator="SHINSA-01")])
        day = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
        assert len(ledger.lines_of_operator(unit, "MADO-01", *day, 10)) == 1
        assert ledger.lines_of_operator(unit, "MADO-01", day[1], day[1], 10) == []


def test_months_are_partitions_and_a_line_outside_them_is_kept_all_the_same(store):
    with store.unit() as unit:
        ledger.ensure_months(unit, date(2026, 11, 20))
        ledger.ensure_months(unit, date(2026, 11, 21))
        ledger.append(unit, [line(1)])
        old = LedgerLine(Event.SESSION_OPENED, datetime(1999, 1, 1, tzinfo=UTC), date(1999, 1, 1), "n", b"")
        ledger.append(unit, [old])
        where = unit.execute("select tableoid::regclass::text from ledger.line order by line_id").fetchall()
    assert where == [("ledger.line_202611",), ("ledger.line_otherwise",)]


def test_nothing_to_place_and_nothing_to_append_is_no_work(store):
    assert place(store) == 0
    with store.unit() as unit:
        assert ledger.append_and_tell(unit, []) == []
        assert ledger.latest_checkpoint(unit) is None
        assert ledger.tree_size(unit) == 0


def test_every_row_of_an_answer_is_bound_to_its_own_line_in_order(store):
    lines = [line(number, f"{number}") for number in range(25)]
    digests = [bytes([number]) * 32 for number in range(25)]
    with store.unit() as unit:
        ledger.append(unit, [line(99)])
        ledger.append_shown(unit, lines, [("answer-1", digest) for digest in digests])
        bound = unit.execute(
            "select l.body, a.digest from ledger.answer a join ledger.line l using (line_id)"
            " where a.answer_id = 'answer-1' order by line_id"
        ).fetchall()
        waiting = unit.execute("select count(*) from ledger.pending").fetchone()
    assert [(bytes(body), bytes(digest)) for body, digest in bound] == [
        (one.body(), digest) for one, digest in zip(lines, digests, strict=True)
    ]
    assert waiting == (26,)


def test_an_answer_with_more_rows_than_lines_is_refused(store):
    with pytest.raises(ValueError, match="its own line"), store.unit() as unit:
        ledger.append_shown(unit, [line(1)], [("answer-1", bytes(32)), ("answer-1", bytes(32))])
