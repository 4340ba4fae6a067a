"""The press: papers never swap, order is kept, a worker that dies costs nobody a paper."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.paper.offices import NOW, make_office
from tests.paper.reading import text_of
from tests.paper.samples import FATHER, certificate, content

from daicho.paper import process, workers
from daicho.paper.measuring import measure_press
from daicho.paper.process import Answer, Job, receive, send
from daicho.paper.sealing import NotSealable, check_seal
from daicho.paper.typesetting import render, says_number
from daicho.paper.workers import WAITING_SHEETS, Press, PressFault, Sheet, Unprintable

LACKING = "葛\U000e0100"


def _of(n: int, name: str = ""):
    """A paper whose number and name say the same."""
    one = replace(FATHER, name=name or f"見本　{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅卯'[n // 10 % 4]}")
    return certificate(content(people=(one,), householder=None), number=f"2026-{n:08d}")


def _children() -> list[int]:
    """The workers of this process."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if b"daicho.paper.process" in words and parent == os.getpid():
            found.append(int(place.name))
    return found


def test_papers_set_at_once_never_swap(press) -> None:
    """2023 at the kiosks: two papers shared the name of a temporary file, and strangers took each other's home."""
    outcomes: dict[int, list[Sheet | Unprintable]] = {}

    def stand_in_line(first: int) -> None:
        outcomes[first] = [press.set(_of(n)) for n in range(first, first + 4)]

    counters = [threading.Thread(target=stand_in_line, args=(first,)) for first in range(0, 32, 4)]
    for one in counters:
        one.start()
    for one in counters:
        one.join()
    for first, sheets in outcomes.items():
        for n, sheet in enumerate(sheets, first):
            assert isinstance(sheet, Sheet)
            assert says_number(sheet.pdf, f"2026-{n:08d}")
            assert "".join(_of(n).content.people[0].name.split()) in text_of(sheet.pdf)


def test_a_worker_sets_the_same_bytes_as_this_process(press, fonts) -> None:
    assert press.set(_of(1)).pdf == render(_of(1), fonts)


def test_papers_come_in_the_order_asked_for_sealed_each_with_its_own_seal(press, office) -> None:
    sheets = list(press.set_all([_of(n) for n in range(9)], NOW))
    assert [one.number for one in sheets] == [f"2026-{n:08d}" for n in range(9)]
    for n, one in enumerate(sheets):
        assert one.sealed
        assert check_seal(one.pdf, [office.root], NOW).sound
        assert says_number(one.pdf, f"2026-{n:08d}")


def test_one_paper_that_waits_for_a_character_keeps_nobody_waiting(press) -> None:
    first, second, third = press.set_all([_of(1), _of(2, f"{LACKING}西"), _of(3)], NOW)
    assert isinstance(second, Unprintable)
    assert [one.character for one in second.missing] == [LACKING]
    assert second.number == "2026-00000002"
    assert isinstance(first, Sheet)
    assert isinstance(third, Sheet)


def test_no_more_papers_are_underway_than_the_queue_holds(press) -> None:
    asked = 0

    def endless():
        nonlocal asked
        for n in range(100):
            asked += 1
            yield _of(n)

    next(press.set_all(endless()))
    assert asked <= WAITING_SHEETS + 1


def test_a_worker_that_dies_is_replaced_and_its_paper_set(fonts, office) -> None:
    with Press(fonts, office.key) as press:
        assert isinstance(press.set(_of(1)), Sheet)
        papers = press.set_all((_of(n) for n in range(24)), NOW)
        given = [next(papers)]
        killed = _children()
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        given += papers
    assert killed
    assert [one.number for one in given] == [f"2026-{n:08d}" for n in range(24)]
    assert all(isinstance(one, Sheet) and check_seal(one.pdf, [office.root], NOW).sound for one in given)


def test_a_paper_that_costs_two_workers_is_given_up_and_the_next_is_set(fonts, monkeypatch) -> None:
    with Press(fonts, workers=1) as press:
        with monkeypatch.context() as broken:
            broken.setattr(workers.sys, "executable", "/bin/false")
            with pytest.raises(PressFault, match="2 workers"):
                press.set(_of(1))
        assert isinstance(press.set(_of(2)), Sheet)


@pytest.mark.parametrize("answer", ["another place", "another paper"])
def test_a_worker_that_answers_with_another_paper_is_not_believed(fonts, answer) -> None:
    ours, theirs = socket.socketpair()

    def confused() -> None:
        job = receive(theirs, Job)
        place = job.place + 1 if answer == "another place" else job.place
        send(theirs, Answer(place, render(_of(1 if answer == "another place" else 2), fonts)))

    worker = workers._Worker(workers.Setup(fonts, None))
    worker._connection = ours
    other_side = threading.Thread(target=confused)
    other_side.start()
    with pytest.raises(workers._WorkerLost):
        worker.ask(_of(1), None)
    other_side.join()
    theirs.close()


def test_a_worker_that_hangs_is_given_up(fonts) -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(0.05)
    worker = workers._Worker(workers.Setup(fonts, None))
    worker._connection = ours
    with theirs, pytest.raises(workers._WorkerLost):
        worker.ask(_of(1), None)


def test_a_specimen_is_marked_and_cannot_be_ordered_sealed(press, fallback, office) -> None:
    specimen = replace(_of(1), specimen=True)
    assert press.set(specimen).specimen
    with pytest.raises(NotSealable):
        press.set(specimen, NOW)
    with Press(fallback, office.key, workers=1) as poor, pytest.raises(NotSealable):
        poor.set(_of(1), NOW)


def test_a_press_without_a_key_or_closed_sets_nothing_sealed(fonts) -> None:
    with Press(fonts, workers=1) as press, pytest.raises(PressFault):
        press.set(_of(1), NOW)
    with pytest.raises(PressFault):
        press.set(_of(1))


def test_workers_end_with_the_press(fonts) -> None:
    before = set(_children())
    with Press(fonts, workers=1) as press:
        press.set(_of(1))
        own = set(_children()) - before
        assert len(own) == 1
    assert not own & set(_children())


def test_a_key_that_cannot_seal_is_a_fault_of_the_press_and_not_of_the_paper(fonts) -> None:
    with Press(fonts, make_office(repudiable=True).key, workers=1) as press, pytest.raises(PressFault):
        press.set(_of(1), NOW)


def test_what_a_dying_compiler_writes_is_read_by_nobody_and_it_leaves_no_core(fonts) -> None:
    before = set(_children())
    with Press(fonts, workers=1) as press:
        press.set(_of(1))
        (worker,) = set(_children()) - before
        written = Path(f"/proc/{worker}/fd/2").resolve()
        limits = Path(f"/proc/{worker}/limits").read_text()
    assert written == Path("/dev/null")
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]


def test_a_compiler_that_panics_says_its_kind_and_nothing_of_the_paper() -> None:
    class Panic(BaseException):
        """Stands for a panic of compiled code, which is no Exception."""

    class Panicking:
        def set(self, certificate, _others):
            raise Panic(certificate.number)

    answer = process._answer(process.Job(1, _of(1), None), Panicking(), None)
    assert (answer.fault, answer.pdf) == ("Panic", b"")


def test_a_node_that_has_a_press_loads_neither_compiler_nor_signer() -> None:
    program = "import json, sys, daicho.paper.workers; print(json.dumps(sorted(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    loaded = {name.split(".")[0] for name in json.loads(told.stdout)}
    assert not loaded & {"typst", "pyhanko", "pyhanko_certvalidator", "segno", "fontTools", "lxml"}


def test_a_measurement_counts_every_sheet(press) -> None:
    figures = measure_press(press, [_of(n) for n in range(6)], NOW, singles=3)
    assert figures.sheets_per_second > 0
    assert 0 < figures.single_p50_milliseconds <= figures.single_p99_milliseconds
