"""Nodes of a nation are forked from one process, and each lives, dies and comes back for itself."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from tests.nation.conftest import until
from tests.world.test_forking import servers_of

from daicho.world.nation import Nation, lower_nation, raise_nation

pytestmark = [pytest.mark.nation]

CS = "cs-m131016"


def pid_of(nation: Nation, short: str) -> int:
    process = nation.supervisor.child(short).process
    assert process is not None
    return process.pid


def test_each_node_has_a_process_a_session_and_a_name_of_its_own_and_no_file_of_another(
    nation: Nation,
) -> None:
    pids = [pid_of(nation, node.short) for node in nation.plan]
    assert len(set(pids)) == len(nation.plan)
    assert [os.getsid(pid) for pid in pids] == pids
    names = {Path(f"/proc/{pid_of(nation, node.short)}/comm").read_text().strip() for node in nation.plan}
    assert {"national.n.daic", "cs.m131016.p13."} <= names
    (server,) = servers_of(nation.places.home)
    line = str(Path(f"/proc/{server}/fd/0").readlink())
    folders = {str(nation.places.node(node.short)) for node in nation.plan}
    for node in nation.plan:
        links = set()
        for one in Path(f"/proc/{pid_of(nation, node.short)}/fd").iterdir():
            try:
                links.add(str(one.readlink()))
            except FileNotFoundError:
                continue
        assert line not in links, "a node does not speak to its supervisor"
        assert not {link for link in links if any(link.startswith(folder + "/") for folder in folders)} - {
            str(nation.places.node(node.short) / "node.log")
        }


@pytest.mark.nightly
def test_when_the_fork_server_dies_nodes_live_on_and_one_that_is_killed_comes_back(
    binaries: Path | None,
) -> None:
    """In a nation of its own, for nobody knows any more how its nodes will have ended."""
    home = Path(tempfile.mkdtemp(prefix="daicho-nation-"))
    home.chmod(0o711)
    small = raise_nation(
        home / "n", people=4, town_count=1, binaries=binaries, said=lambda _: None, first_port=9600
    )
    try:
        pids = {node.short: pid_of(small, node.short) for node in small.plan}
        (server,) = servers_of(small.places.home)
        os.kill(server, signal.SIGKILL)
        for _ in range(2):
            os.kill(pid_of(small, CS), signal.SIGKILL)
            until(lambda: CS in small.supervisor.restart_dead(), small)
            small.supervisor.await_ready(CS)
            now = {node.short: pid_of(small, node.short) for node in small.plan}
            assert [short for short, pid in now.items() if pid != pids[short]] == [CS]
        (second,) = servers_of(small.places.home)
        assert second != server
    finally:
        lower_nation(small, lambda _: None)
        shutil.rmtree(home, ignore_errors=True)
    assert servers_of(home / "n") == []
