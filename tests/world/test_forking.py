"""Nodes are forked from one process and are processes of their own nevertheless: here, some that end at once."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daicho.world.forking import ForkServer

MISUSED = 2  # what `daicho run` ends with when its configuration file is not there


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """One fork server for those tests that leave it as it is."""
    made = ForkServer(tmp_path_factory.mktemp("lasting"))
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkServer]:
    made = ForkServer(tmp_path)
    yield made
    made.close()


def servers_of(home: Path) -> list[int]:
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().decode().split("\0")
            parent = int(one.with_name("stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        # A fork has the words of its server, at its very beginning the name as well, and another parent.
        if str(home) in words and "daicho.cli.fork_server" in words and parent == os.getpid():
            found.append(int(one.parent.name))
    return found


def test_how_a_fork_ended_and_what_it_said_are_its_own(lasting: ForkServer, tmp_path: Path) -> None:
    nodes = [
        lasting.start(name, tmp_path / f"{name}.toml", tmp_path / f"{name}.log") for name in ("one", "two")
    ]
    assert [node.wait(20) for node in nodes] == [MISUSED, MISUSED]
    assert len({node.pid for node in nodes}) == 2
    for name in ("one", "two"):
        assert f"{name}.toml" in (tmp_path / f"{name}.log").read_text()


def test_everybody_who_waits_for_the_same_node_hears_how_it_ended(
    lasting: ForkServer, tmp_path: Path
) -> None:
    """The supervisor looks for the dead while somebody waits for one of them."""
    os.mkfifo(tmp_path / "endless.toml")
    node = lasting.start("one", tmp_path / "endless.toml", tmp_path / "one.log")
    with ThreadPoolExecutor(8) as pool:
        heard = [pool.submit(node.wait, 20) for _ in range(8)]
        node.kill()
    assert {one.result() for one in heard} == {-signal.SIGKILL}


def test_a_signal_to_one_that_has_ended_reaches_nobody(lasting: ForkServer, tmp_path: Path) -> None:
    node = lasting.start("one", tmp_path / "one.toml", tmp_path / "one.log")
    node.wait(20)
    node.kill()
    assert node.poll() == MISUSED


def test_after_the_fork_server_was_killed_the_next_node_gets_another_one(
    server: ForkServer, tmp_path: Path
) -> None:
    server.start("one", tmp_path / "one.toml", tmp_path / "one.log").wait(20)
    (first,) = servers_of(tmp_path)
    os.kill(first, signal.SIGKILL)
    assert server.start("two", tmp_path / "two.toml", tmp_path / "two.log").wait(20) == MISUSED
    (second,) = servers_of(tmp_path)
    assert second != first


def test_the_end_of_a_node_is_seen_when_its_fork_server_has_ended_before(
    server: ForkServer, tmp_path: Path
) -> None:
    node = server.start("one", tmp_path / "one.toml", tmp_path / "one.log")
    server.close()
    assert node.wait(20) is not None


@pytest.mark.nightly
def test_a_fork_server_that_is_asked_about_a_fork_of_the_one_before_goes_on_serving(
    server: ForkServer, tmp_path: Path
) -> None:
    old = server.start("one", tmp_path / "one.toml", tmp_path / "one.log")
    (first,) = servers_of(tmp_path)
    os.kill(first, signal.SIGKILL)
    server.start("two", tmp_path / "two.toml", tmp_path / "two.log").wait(20)
    (second,) = servers_of(tmp_path)
    assert old.wait(20) != 0
    assert server.start("three", tmp_path / "three.toml", tmp_path / "three.log").wait(20) == MISUSED
    assert servers_of(tmp_path) == [second]


def test_what_a_loader_reads_at_a_programs_start_is_read_by_a_program_of_its_own(
    server: ForkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start("one", tmp_path / "one.toml", tmp_path / "one.log").wait(20)
    trace = tmp_path / "loaded"
    monkeypatch.setenv("LD_DEBUG", "files")
    monkeypatch.setenv("LD_DEBUG_OUTPUT", str(trace))
    node = server.start("two", tmp_path / "two.toml", tmp_path / "two.log")
    assert node.wait(20) == MISUSED
    assert Path(f"{trace}.{node.pid}").exists(), "the loader has run in this very process"


def test_closing_leaves_no_process_behind(tmp_path: Path) -> None:
    server = ForkServer(tmp_path)
    server.start("one", tmp_path / "one.toml", tmp_path / "one.log").wait(20)
    server.close()
    assert servers_of(tmp_path) == []


def test_a_node_that_lives_is_waited_for_no_longer_than_wished(lasting: ForkServer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "endless.toml")
    node = lasting.start("one", tmp_path / "endless.toml", tmp_path / "one.log")
    with pytest.raises(subprocess.TimeoutExpired):
        node.wait(0.2)
    node.kill()
    assert node.wait(20) != 0
