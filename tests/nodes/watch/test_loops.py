"""Repeated work rests while nothing happens, and not a moment longer."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from daicho.nodes.watch.loops import Job, Loops
from daicho.store.unit import Bell, StoreUnavailable

RAREST_SECONDS = 0.4
Start = Callable[[Callable[[], bool]], None]


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def start(bell: Bell) -> Iterator[Start]:
    made: list[Loops] = []

    def begin(work: Callable[[], bool]) -> None:
        made.append(Loops([Job("work", 0.05, work, bell, RAREST_SECONDS)]))
        made[-1].start()

    yield begin
    for loops in made:
        loops.stop()


class Work:
    """Notes when it was done; `more` says how often there is more, `fault` what is wrong."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.more = 0
        self.fault: Exception | None = None

    def __call__(self) -> bool:
        self.times.append(time.monotonic())
        if self.fault is not None:
            raise self.fault
        self.more -= 1
        return self.more >= 0

    def await_times(self, count: int) -> None:
        end = time.monotonic() + 20
        while len(self.times) < count:
            assert time.monotonic() < end
            threading.Event().wait(0.002)

    def pauses(self) -> list[float]:
        return [after - before for before, after in zip(self.times, self.times[1:], strict=False)]


def test_work_that_nobody_rings_for_is_looked_for_ever_more_rarely_up_to_its_bound(start: Start) -> None:
    work = Work()
    start(work)
    work.await_times(6)
    pauses = work.pauses()
    assert all(pauses[n] >= least for n, least in enumerate((0.05, 0.1, 0.2, 0.4, 0.4)))
    assert min(pauses[3:]) < 2 * RAREST_SECONDS


def test_a_ring_is_heard_at_once_after_a_long_silence_and_then_looks_are_frequent_again(
    start: Start, bell: Bell
) -> None:
    work = Work()
    start(work)
    work.await_times(5)
    rung = time.monotonic()
    bell.ring()
    work.await_times(7)
    assert work.times[5] - rung < 0.2
    assert work.times[6] - work.times[5] < 0.2


def test_however_often_it_rings_the_work_is_done_once_in_its_time(start: Start, bell: Bell) -> None:
    work = Work()
    start(work)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        bell.ring()
        threading.Event().wait(0.001)
    assert 3 <= len(work.times) <= 12


def test_what_rings_while_the_work_is_done_is_not_overheard(start: Start, bell: Bell) -> None:
    work = Work()
    rung: list[float] = []

    def done() -> bool:
        if len(work.times) == 4:
            bell.ring()
            rung.append(time.monotonic())
        return work()

    start(done)
    work.await_times(6)
    assert work.times[5] - rung[0] < 0.2


def test_more_work_is_done_without_a_pause(start: Start) -> None:
    work = Work()
    work.more = 50
    start(work)
    work.await_times(51)
    assert work.times[50] - work.times[0] < 1


def test_after_a_fault_the_work_is_tried_again_within_a_good_second(start: Start) -> None:
    work = Work()
    work.fault = StoreUnavailable("away")
    start(work)
    work.await_times(2)
    assert work.pauses()[0] < 2


def test_a_silent_job_ends_at_once_when_it_is_told() -> None:
    work = Work()
    loops = Loops([Job("work", 60.0, work, Bell(), 600.0)])
    loops.start()
    threading.Event().wait(0.1)
    began = time.monotonic()
    loops.stop()
    assert time.monotonic() - began < 1
