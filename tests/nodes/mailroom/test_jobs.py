"""The mailroom at work by itself: woken at once, looking again in any case, stopped cleanly."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from daicho.nodes.clock import RealClock
from daicho.nodes.mailroom import jobs
from daicho.nodes.mailroom.jobs import MailroomLoops
from daicho.store import mailbox
from daicho.store.notices import Listener

DEADLINE_SECONDS = 20


@pytest.fixture
def running(town: Any, prefecture: Any) -> Iterator[Callable[[], None]]:
    made: list[MailroomLoops] = []

    def start() -> None:
        for party in (town, prefecture):
            party.node.clock = RealClock(timedelta(0))
            made.append(MailroomLoops(party.node, party.handlers, party.box_key))
            made[-1].start()

    yield start
    for loops in made:
        loops.stop()


def await_that(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < DEADLINE_SECONDS
        threading.Event().wait(0.005)
    return time.monotonic() - began


def test_a_letter_travels_as_soon_as_its_change_is_committed(
    town: Any, prefecture: Any, running: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK_AGAIN_SECONDS", 10.0)
    running()
    town.post(prefecture, b"first")
    await_that(lambda: town.states() == [("settled", "accepted")])
    began = time.monotonic()
    town.post(prefecture, b"second")
    await_that(lambda: town.states() == [("settled", "accepted")] * 2)
    assert time.monotonic() - began < 5, "nobody was woken"


def test_a_letter_of_another_process_is_found_by_looking_again(
    town: Any, prefecture: Any, running: Callable[[], None]
) -> None:
    """The bell of this process does not ring; nobody announces anything."""
    running()
    town.node.store.bell.ring = lambda: None
    town.post(prefecture, b"silent")
    await_that(lambda: town.states() == [("settled", "accepted")])


def test_another_process_can_wake_the_mailroom(town: Any) -> None:
    listener = Listener(town.node.store.app_dsn, "mailroom")
    assert not listener.wait(0.01)
    with town.node.store.unit() as unit:
        mailbox.wake_others(unit)
    assert listener.wait(10)
    listener.close()


def test_letters_posted_by_several_counters_at_once_all_arrive_once(
    town: Any, prefecture: Any, running: Callable[[], None]
) -> None:
    running()

    def counter(number: int) -> None:
        for place in range(25):
            town.post(prefecture, f"{number} {place}".encode())

    threads = [threading.Thread(target=counter, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    await_that(lambda: town.states() == [("settled", "accepted")] * 100)
    effects = prefecture.effects()
    assert len(set(effects)) == len(effects) == 100
    for number in range(4):
        own = [int(one.split()[1]) for one in effects if one.startswith(f"{number} ")]
        assert own == sorted(own), "each counter's letters keep their order"
