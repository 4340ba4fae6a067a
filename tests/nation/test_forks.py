"""Nodes of a nation are forked from one process, and each lives, dies and comes back for itself."""

import os
import signal
from pathlib import Path

import pytest
from tests.nation.conftest import arrived, move_within, until
from tests.world.test_forking import servers_of

from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation]

CS = "cs-m132012"


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
    assert {"national.n.daic", "cs.m132012.p13."} <= names
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


def test_when_the_fork_server_dies_nodes_live_on_and_one_that_is_killed_comes_back(nation: Nation) -> None:
    others = {node.short: pid_of(nation, node.short) for node in nation.plan if node.short != CS}
    (server,) = servers_of(nation.places.home)
    os.kill(server, signal.SIGKILL)
    os.kill(pid_of(nation, CS), signal.SIGKILL)
    code = move_within(nation, "5番55号")
    until(arrived(nation, code, "5番55号"), nation)
    assert {short: pid_of(nation, short) for short in others} == others
    (second,) = servers_of(nation.places.home)
    assert second != server
