"""Processes and the database are killed where it matters; afterwards the outcome is the same as without."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import urllib3

from daicho.nodes.config import read_config
from daicho.nodes.registry import counter
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.watch.assembly import found_node
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.world.checking import audit_nation, check_nation
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.xdist_group("nation")]

CLERK = Operator("MADO-01", "MADOGUCHI", (Role.CLERK,))
SECOND = Operator("SHINSA-01", "SHINSA", (Role.VERIFIER, Role.CLERK))
REGISTRY, CS, PREFECTURE = "registry-m132012", "cs-m132012", "prefecture-p13"


def _rows(nation: Nation, short: str, query: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(nation.cluster.dsn(short.replace("-", "_"))) as connection:
        return list(connection.execute(query.encode(), values).fetchall())


def _until(holds: Callable[[], bool], nation: Nation, seconds: float = 45) -> None:
    end = time.monotonic() + seconds
    pause = __import__("threading").Event()
    while not holds():
        assert time.monotonic() < end, "did not happen in time"
        nation.supervisor.restart_dead()
        pause.wait(0.05)


def _move_within(nation: Nation, block: str) -> str:
    """Enter and verify a moving within the town for one single person; give the person's code."""
    foundation = found_node(read_config(nation.places.node(REGISTRY) / "node.toml"), own_signer=False)
    try:
        rows = _rows(
            nation, REGISTRY,
            "select min(addressee_number), min(code) from register.resident where living group by household_number"
            " having count(*) = 1 and bool_and(body->>'resident_kind' = 'JAPANESE') order by 1 limit 1",
        )  # fmt: skip
        addressee, code = int(str(rows[0][0])), str(rows[0][1])
        today = foundation.node.clock.business_today()
        notice = MoveWithinNotice(
            (addressee,), Address(MunicipalityCode("13201"), "元本郷町", block, "", "1928501"), today, today
        )
        entered = counter.enter(foundation.node, CLERK, notice, draw_codes=draw_codes, terminal="test")
        assert not isinstance(entered, Refusal), entered
        verified = counter.verify_entry(foundation.node, SECOND, entered.entry_id, terminal="test")
        assert not isinstance(verified, Refusal), verified
    finally:
        foundation.close()
    return code


def _arrived(nation: Nation, code: str, block: str) -> Callable[[], bool]:
    query = "select count(*) from identity.record where resident_record_code = %s and address like %s"
    return lambda: _rows(nation, "national", query, code, f"%{block}") == [(1,)]


def _arm(nation: Nation, short: str, seams: dict[str, int]) -> None:
    """Restart a node with other seams in its configuration."""
    path = nation.places.node(short) / "node.toml"
    head = path.read_text().split("[seams]")[0]
    path.write_text(head + "[seams]\n" + "".join(f'"{name}" = {count}\n' for name, count in seams.items()))


def _kill(nation: Nation, short: str) -> None:
    child = nation.supervisor.child(short)
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    child.history.clear()
    nation.supervisor.await_ready(short)


SEAMS = (
    (REGISTRY, "mailroom.before_number"),
    (REGISTRY, "mailroom.after_number"),
    (REGISTRY, "mailroom.after_send"),
    (REGISTRY, "mailroom.before_mark"),
    (CS, "mailroom.before_kept"),
    (CS, "mailroom.after_kept"),
    (CS, "mailroom.before_settle"),
    (CS, "mailroom.after_settle"),
    (CS, "mailroom.after_told"),
    (PREFECTURE, "mailroom.before_outcome"),
    (PREFECTURE, "sequencer.before_commit"),
    (PREFECTURE, "checkpoint.before_commit"),
)


@pytest.mark.parametrize(("short", "seam"), SEAMS)
def test_a_node_killed_at_a_seam_loses_nothing_and_doubles_nothing(
    nation: Nation, short: str, seam: str
) -> None:
    block = f"{SEAMS.index((short, seam)) + 1}番77号"
    child = nation.supervisor.child(short)
    _arm(nation, short, {seam: 1})
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    child.history.clear()
    nation.supervisor.restart_dead()
    child.start_again_at = 0.001
    nation.supervisor.restart_dead()
    code = _move_within(nation, block)
    process = child.process
    if seam == "mailroom.before_outcome":  # the prefecture takes an outcome when the nation tells it
        _until(lambda: process.poll() is not None, nation)
    else:
        end = time.monotonic() + 40
        while process.poll() is None:
            assert time.monotonic() < end, f"{seam} was never passed"
            process.poll() or __import__("threading").Event().wait(0.05)
    assert process.returncode == -signal.SIGKILL
    _arm(nation, short, {})
    nation.supervisor.await_ready(short)
    _until(_arrived(nation, code, block), nation)
    updates = _rows(
        nation,
        "national",
        "select count(*) from identity.history where resident_record_code = %s and body->>'address' like %s",
        code,
        f"%{block}",
    )
    assert updates == [(0,)], "the same update was applied twice"


def test_after_all_kills_copies_agree_and_the_books_are_in_order(
    nation: Nation, quiet: Callable[[], None]
) -> None:
    quiet()
    assert check_nation(nation) == []
    assert audit_nation(nation) == []


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
    _until(lambda: status() != 503, nation)
    code = _move_within(nation, "9番99号")
    _until(_arrived(nation, code, "9番99号"), nation)
    after = {child.planned.short: child.process.pid for child in nation.supervisor.children if child.process}
    assert after == before


def test_a_signer_that_dies_is_started_again(nation: Nation) -> None:
    child = nation.supervisor.child(CS)
    assert child.process is not None
    folder = f"/proc/{child.process.pid}/task/{child.process.pid}/children"
    signers = [int(pid) for pid in Path(folder).read_text().split()]
    assert signers
    os.kill(signers[0], signal.SIGKILL)
    code = _move_within(nation, "8番88号")
    _until(_arrived(nation, code, "8番88号"), nation)
