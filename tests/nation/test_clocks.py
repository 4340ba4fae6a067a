"""A node's clock is set wrong and right again under a running nation; afterwards nothing is lost and all goes on."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.nation.conftest import arrived, move_within, until

from daicho.wire.authority import TlsFiles, serial_of
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.nightly]

CS, PREFECTURE = "cs-m132012", "prefecture-p13"
SOURCE = Path(__file__).with_name("wrong_clock.c")
DAY = 86_400
BACK_SECONDS = 5.0


class WrongClock:
    """The clock of one node's processes, set through a file that they look at whenever they ask for the time."""

    def __init__(self, nation: Nation, short: str, folder: Path) -> None:
        self.nation, self.short, self.file, self.library = (
            nation,
            short,
            folder / "shift",
            folder / "wrong_clock.so",
        )
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", self.library, SOURCE, "-ldl"], check=True)
        self.file.write_bytes(bytes(8))

    def restart(self, monkeypatch: pytest.MonkeyPatch, *, wrong: bool) -> None:
        child = self.nation.supervisor.child(self.short)
        assert child.process is not None
        child.process.terminate()
        child.process.wait()
        child.history.clear()
        with monkeypatch.context() as environment:
            if wrong:
                environment.setenv("LD_PRELOAD", str(self.library))
                environment.setenv("WRONG_CLOCK_FILE", str(self.file))
            self.nation.supervisor.start_one(self.short)

    def be_off_by(self, seconds: int) -> None:
        with self.file.open("r+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))


@pytest.fixture
def clock_of(
    nation: Nation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], WrongClock]]:
    made: list[WrongClock] = []

    def make(short: str) -> WrongClock:
        clock = WrongClock(nation, short, tmp_path)
        made.append(clock)
        clock.restart(monkeypatch, wrong=True)
        return clock

    yield make
    for clock in made:
        clock.restart(monkeypatch, wrong=False)


@pytest.mark.parametrize("seconds", [400 * DAY, -400 * DAY, 301])
def test_a_towns_clock_is_wrong_for_a_while(
    nation: Nation, clock_of: Callable[[str], WrongClock], quiet: Callable[[], None], seconds: int
) -> None:
    clock = clock_of(CS)
    clock.be_off_by(seconds)
    block = f"7番{abs(seconds) % 997}{int(seconds < 0)}号"
    code = move_within(nation, block)
    threading.Event().wait(10)
    assert not arrived(nation, code, block)(), "nobody talks to a node whose clock is wrong"
    clock.be_off_by(0)
    until(arrived(nation, code, block), nation, BACK_SECONDS)
    quiet()


def test_an_authority_that_renewed_itself_under_a_wrong_clock_is_heard_again(
    nation: Nation, clock_of: Callable[[str], WrongClock], quiet: Callable[[], None]
) -> None:
    files = TlsFiles(nation.places.node(PREFECTURE))
    good = serial_of(files.pair)
    clock = clock_of(PREFECTURE)
    clock.be_off_by(5 * DAY)
    until(lambda: serial_of(files.pair) != good, nation, 90)
    code = move_within(nation, "7番5号")
    clock.be_off_by(0)
    until(arrived(nation, code, "7番5号"), nation, BACK_SECONDS)
    quiet()


def test_afterwards_copies_agree_and_the_books_are_in_order(in_order: Callable[[], None]) -> None:
    in_order()
