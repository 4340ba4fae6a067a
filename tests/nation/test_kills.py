"""Processes and the database are killed where it matters; afterwards the outcome is the same as without."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3
from tests.nation.conftest import REGISTRY, arrived, move_within, rows_of, until

from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation]

CS, PREFECTURE = "cs-m132012", "prefecture-p13"


def _arm(nation: Nation, short: str, seams: dict[str, int]) -> None:
    """Restart a node with other seams in its configuration."""
    path = nation.places.node(short) / "node.toml"
    head = path.read_text().split("[seams]")[0]
    fresh = path.with_suffix(".new")
    fresh.write_text(head + "[seams]\n" + "".join(f'"{name}" = {count}\n' for name, count in seams.items()))
    fresh.chmod(0o600)
    fresh.replace(path)


def live_until(nation: Nation, short: str, seam: str) -> None:
    """Start a node anew that dies when it passes a seam."""
    child = nation.supervisor.child(short)
    _arm(nation, short, {seam: 1})
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    child.history.clear()
    nation.supervisor.restart_dead()
    child.start_again_at = 0.001
    nation.supervisor.restart_dead()


SEAMS = (
    (REGISTRY, "mailroom.after_send"),
    (CS, "mailroom.keep.after_commit"),
    (CS, "mailroom.after_told"),
    (PREFECTURE, "mailroom.outcomes.before_commit"),
)


@pytest.mark.parametrize(("short", "seam"), SEAMS)
def test_a_node_killed_at_a_seam_loses_nothing_and_doubles_nothing(
    nation: Nation, short: str, seam: str
) -> None:
    block = f"{SEAMS.index((short, seam)) + 1}番77号"
    live_until(nation, short, seam)
    child = nation.supervisor.child(short)
    code = move_within(nation, block)
    process = child.process
    if seam == "mailroom.outcomes.before_commit":  # the prefecture takes an outcome when the nation tells it
        until(lambda: process.poll() is not None, nation)
    else:
        end = time.monotonic() + 40
        while process.poll() is None:
            assert time.monotonic() < end, f"{seam} was never passed"
            process.poll() or __import__("threading").Event().wait(0.05)
    assert process.returncode == -signal.SIGKILL
    _arm(nation, short, {})
    nation.supervisor.await_ready(short)
    until(arrived(nation, code, block), nation)
    updates = rows_of(
        nation,
        "national",
        "select count(*) from identity.history where resident_record_code = %s and body->>'address' like %s",
        code,
        f"%{block}",
    )
    assert updates == [(0,)], "the same update was applied twice"


def test_after_all_kills_copies_agree_and_the_books_are_in_order(in_order: Callable[[], None]) -> None:
    in_order()


def test_nodes_survive_the_databases_kill_without_a_restart_of_their_own(nation: Nation) -> None:
    before = {child.planned.short: child.process.pid for child in nation.supervisor.children if child.process}
    address = nation.terminal(REGISTRY)
    port = int(address.rsplit(":", 1)[1])
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port, retries=False, timeout=20)
    headers = {"Host": address.removeprefix("http://")}

    def status() -> int:
        body = {"Cookie": "daicho=" + "A" * 43, **headers}
        return pool.request("GET", "/", headers=body).status

    nation.cluster.kill()
    assert status() == 503
    nation.cluster.start()
    until(lambda: status() != 503, nation)
    code = move_within(nation, "9番99号")
    until(arrived(nation, code, "9番99号"), nation)
    after = {child.planned.short: child.process.pid for child in nation.supervisor.children if child.process}
    assert after == before


def test_a_signer_that_dies_is_started_again(nation: Nation) -> None:
    child = nation.supervisor.child(CS)
    assert child.process is not None
    folder = f"/proc/{child.process.pid}/task/{child.process.pid}/children"
    signers = [int(pid) for pid in Path(folder).read_text().split()]
    assert signers
    os.kill(signers[0], signal.SIGKILL)
    code = move_within(nation, "8番88号")
    until(arrived(nation, code, "8番88号"), nation)
