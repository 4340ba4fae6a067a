"""A stand-in that cannot start does not stop the nodes beside which it would stand."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.faces.terminal.test_requests import ask

from daicho.store.launcher import free_port
from daicho.world.plan import MINISTRY, Places, StandIn, plan_nation
from daicho.world.supervisor import NodeDidNotStart, Supervisor


def configured(home: Path, one: StandIn, port: int) -> Path:
    """Write what a nation writes for its stand-in; give its folder."""
    folder = Places(home).node(one.short)
    (folder / "journal").mkdir(parents=True)
    lines = [
        f'name = "{one.name}"', f'folder = "{folder}"', f"port = {port}", "business_day = 2026-11-20",
        f"started_at = {datetime.now(UTC).isoformat()}", "[towns]", '13101 = "千代田区"',
    ]  # fmt: skip
    (folder / "node.toml").write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.parametrize("damaged", [False, True])
def test_a_damaged_journal_leaves_the_stand_in_out_and_names_the_entry(tmp_path: Path, damaged: bool) -> None:
    port = free_port()
    folder = configured(tmp_path, MINISTRY, port)
    if damaged:
        (folder / "journal" / "00000001.json").write_bytes(b"{")
    supervisor = Supervisor(Places(tmp_path), (), (MINISTRY,))
    started: list[str] = []
    try:
        left_out = supervisor.start_all(lambda one: started.append(one.short))
        if damaged:
            assert "00000001.json" in left_out[MINISTRY]
            assert (supervisor.children, started) == ([], [])
        else:
            assert (left_out, started) == ({}, ["moj"])
            ready = json.loads((folder / "ready.json").read_text())
            assert ready["pid"] == supervisor.child("moj").process.pid
            status, _, page = ask(f"http://moj.localhost:{port}", "GET", "/")
            assert (status, "出入国在留管理庁（模擬）" in page) == (200, True)
    finally:
        supervisor.stop_all(lambda _: None)


def test_a_node_that_does_not_start_stops_the_start(tmp_path: Path) -> None:
    supervisor = Supervisor(Places(tmp_path), plan_nation(4, 1)[:1])
    Places(tmp_path).node("national").mkdir(parents=True)
    try:
        with pytest.raises(NodeDidNotStart, match="national"):
            supervisor.start_all(lambda _: None)
    finally:
        supervisor.stop_all(lambda _: None)
