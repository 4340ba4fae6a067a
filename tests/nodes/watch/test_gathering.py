"""What waits together is served together, and nobody is lost, whoever fails."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from daicho.nodes.watch.gathering import Gathering

SECONDS = 10


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


class Desk:
    """Answers a number with its double, once it is let; notes who came together."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.busy = threading.Semaphore(0)
        self.batches: list[list[int]] = []

    def work(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.busy.release()
        assert self.open.wait(SECONDS)
        if 13 in numbers:
            raise ZeroDivisionError
        return [2 * number for number in numbers]


def gather(desk: Desk, pool: ThreadPoolExecutor, first: int, **limits: int) -> tuple[Gathering, list[Future]]:
    """Let the first question occupy the desk, so that the others wait together."""
    gathering = Gathering(desk.work, pool, batches=1, **limits)
    asked = [gathering.ask(first)]
    assert desk.busy.acquire(timeout=SECONDS)
    return gathering, asked


def test_one_question_alone_is_served_at_once_and_those_that_wait_go_together(
    pool: ThreadPoolExecutor,
) -> None:
    desk = Desk()
    gathering, asked = gather(desk, pool, 1)
    asked += [gathering.ask(number) for number in range(2, 8)]
    desk.open.set()
    assert [one.result(SECONDS) for one in asked] == [2, 4, 6, 8, 10, 12, 14]
    assert desk.batches == [[1], [2, 3, 4, 5, 6, 7]]


def test_no_batch_is_larger_than_its_limit(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    gathering, asked = gather(desk, pool, 0, together=3)
    asked += [gathering.ask(number) for number in range(1, 8)]
    desk.open.set()
    assert [one.result(SECONDS) for one in asked] == [2 * number for number in range(8)]
    assert desk.batches == [[0], [1, 2, 3], [4, 5, 6], [7]]


def test_as_many_batches_are_served_side_by_side_as_are_allowed(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    gathering = Gathering(desk.work, pool, batches=2)
    asked = [gathering.ask(1)]
    assert desk.busy.acquire(timeout=SECONDS)
    asked.append(gathering.ask(2))
    assert desk.busy.acquire(timeout=SECONDS)
    asked += [gathering.ask(3), gathering.ask(4)]
    assert not desk.busy.acquire(timeout=0.1), "a third batch was begun"
    desk.open.set()
    assert [one.result(SECONDS) for one in asked] == [2, 4, 6, 8]


def test_a_fault_reaches_everybody_of_its_batch_and_nobody_else(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    gathering, asked = gather(desk, pool, 1)
    asked += [gathering.ask(12), gathering.ask(13)]
    desk.open.set()
    assert asked[0].result(SECONDS) == 2
    for unlucky in asked[1:]:
        assert isinstance(unlucky.exception(SECONDS), ZeroDivisionError)
    assert gathering.ask(5).result(SECONDS) == 10


def test_whoever_asks_a_pool_that_has_closed_is_told(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    desk.open.set()
    gathering = Gathering(desk.work, pool)
    pool.shutdown()
    for _ in range(3):
        assert isinstance(gathering.ask(1).exception(SECONDS), RuntimeError)


def test_a_question_that_was_given_up_is_not_asked(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    gathering, asked = gather(desk, pool, 1)
    given_up = gathering.ask(2)
    assert given_up.cancel()
    asked.append(gathering.ask(3))
    desk.open.set()
    assert [one.result(SECONDS) for one in asked] == [2, 6]
    assert desk.batches[1:] == [[3]]


def test_many_who_ask_at_once_all_get_their_own_answer(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    desk.open.set()
    gathering = Gathering(desk.work, pool, together=7, batches=3)
    with ThreadPoolExecutor(16) as askers:
        answers = list(askers.map(lambda number: gathering.ask(number).result(SECONDS), range(100, 600)))
    assert answers == [2 * number for number in range(100, 600)]
    assert sorted(number for batch in desk.batches for number in batch) == list(range(100, 600))
