"""The mailroom at work by itself: woken at once, looking again in any case, stopped cleanly."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import NIGHTLY

from daicho.nodes.clock import RealClock
from daicho.nodes.mailroom import jobs
from daicho.nodes.mailroom.jobs import RAREST_LOOK_SECONDS, MailroomLoops
from daicho.nodes.mailroom.sending import work_waits
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
    monkeypatch.setattr(jobs, "RAREST_LOOK_SECONDS", 10.0)
    running()
    town.post(prefecture, b"first")
    await_that(lambda: town.states() == [("settled", "accepted")])
    began = time.monotonic()
    town.post(prefecture, b"second")
    await_that(lambda: town.states() == [("settled", "accepted")] * 2)
    assert time.monotonic() - began < 5, "nobody was woken"


def post_without_a_word(town: Any, prefecture: Any, content: bytes) -> None:
    """Post as a process does whose announcement is lost."""
    bell = town.node.store.bell
    ring, bell.ring = bell.ring, lambda: None
    town.post(prefecture, content)
    bell.ring = ring


def test_a_letter_whose_announcement_was_lost_is_found_by_looking_again_however_long_nothing_came(
    town: Any, prefecture: Any, running: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rarest = RAREST_LOOK_SECONDS if NIGHTLY else 1.0
    monkeypatch.setattr(jobs, "RAREST_LOOK_SECONDS", rarest)
    looked: list[float] = []

    def noted(node: Any) -> bool:
        if node is town.node:
            looked.append(time.monotonic())
        return work_waits(node)

    monkeypatch.setattr(jobs, "work_waits", noted)
    running()
    await_that(lambda: len(looked) > 2 and looked[-1] - looked[-2] > 0.9 * rarest)
    post_without_a_word(town, prefecture, b"silent")
    assert await_that(lambda: town.states() == [("settled", "accepted")]) < rarest + 1


def test_a_letter_that_waits_for_a_later_try_is_tried_when_its_time_has_come(
    town: Any, prefecture: Any, line: Any, running: Callable[[], None]
) -> None:
    line.spoil = lambda operation, _to: "lost" if operation == "letters.deliver" else ""
    running()
    town.post(prefecture, b"patient")
    await_that(lambda: town.rows("select tries from mailbox.stream_out where tries >= 3"))
    line.spoil = lambda _operation, _to: ""
    assert await_that(lambda: town.states() == [("settled", "accepted")]) < 5.5


def test_another_process_can_wake_the_mailroom(town: Any) -> None:
    listener = Listener(town.node.store.app_dsn, "mailroom")
    assert not listener.wait(0.01)
    with town.node.store.unit() as unit:
        mailbox.wake_others(unit)
    assert listener.wait(10)
    listener.close()


def test_whoever_waits_for_notices_is_let_go_at_once(town: Any) -> None:
    listener = Listener(town.node.store.app_dsn, "mailroom")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(listener.wait, 60)
        listener.dismiss()
        assert not waiting.result(10)
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
