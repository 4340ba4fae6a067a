"""Disks that are full or broken, peers that hang, certificates and directories that run out: on whole nations.

Afterwards nothing acknowledged is lost, and service is back within five seconds of the cause's going.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from tests.nation.conftest import arrived, move_within, rows_of, until

from daicho.wire.authority import TlsFiles, make_node_request
from daicho.world.checking import audit_nation
from daicho.world.founding import authority_of, publish, read_directory
from daicho.world.nation import Nation
from daicho.world.rotation import renew_certificates

pytestmark = [pytest.mark.nation, pytest.mark.nightly]

CS, PREFECTURE = "cs-m132012", "prefecture-p13"
BACK_SECONDS = 5.0


def _family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]


@contextmanager
def injected(nation: Nation, *faults: str) -> Iterator[None]:
    """Let system calls of the whole database server fail, as strace can make them."""
    server = int((nation.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    who = [word for pid in _family(server) for word in ("-p", str(pid))]
    calls = ",".join(fault.split(":")[0] for fault in faults)
    what = [word for fault in faults for word in ("-e", f"inject={fault}")]
    tracer = subprocess.Popen(
        ["strace", "-f", "-q", *who, "-e", f"trace={calls}", *what, "-o", "/dev/null"], stderr=subprocess.PIPE
    )
    try:
        status = Path(f"/proc/{server}/status")
        until(lambda: f"TracerPid:\t{tracer.pid}\n" in status.read_text(), nation)
        yield
    finally:
        tracer.terminate()
        tracer.wait()
        assert tracer.stderr is not None
        tracer.stderr.close()


def _moved(nation: Nation, block: str, seconds: float = 60) -> str:
    """Enter a moving while the database fails: tried again, as a clerk would, until it is acknowledged."""
    done: list[str] = []

    def try_it() -> bool:
        try:
            done.append(move_within(nation, block))
        except Exception:  # noqa: BLE001 - a clerk tries again, whatever the screen said
            return False
        return True

    until(try_it, nation, seconds)
    return done[0]


@pytest.mark.parametrize(
    ("block", "seen", "faults"),
    [
        ("4番2号", "Input/output error", ("fdatasync:error=EIO:when=1..3",)),
        (
            "4番3号",
            "No space left on device",
            ("pwrite64:error=ENOSPC", "pwritev:error=ENOSPC", "fallocate:error=ENOSPC"),
        ),
    ],
    ids=["cannot be flushed", "is full"],
)
def test_the_databases_disk_fails_for_a_while(
    nation: Nation, quiet: Callable[[], None], block: str, seen: str, faults: tuple[str, ...]
) -> None:
    before = move_within(nation, "4番1号")
    until(arrived(nation, before, "4番1号"), nation)
    log = nation.cluster.data / "server.log"
    told = log.read_text(errors="replace").count(seen)
    worker = threading.Thread(target=lambda: codes.append(_moved(nation, block)), daemon=True)
    codes: list[str] = []
    with injected(nation, *faults):
        worker.start()
        threading.Event().wait(8)
    nation.cluster.start()  # the server may have given up, or still be recovering
    worker.join(60)
    assert codes
    assert log.read_text(errors="replace").count(seen) > told, "the fault was never met"
    until(arrived(nation, codes[0], block), nation)
    quiet()
    assert audit_nation(nation) == []


def test_a_peer_that_hangs_keeps_nobody_else_waiting(nation: Nation, quiet: Callable[[], None]) -> None:
    """The prefecture accepts connections and says nothing; the nation's look-ups and other towns go on."""
    process: Any = nation.supervisor.child(PREFECTURE).process
    os.kill(process.pid, signal.SIGSTOP)
    try:
        code = move_within(nation, "3番1号")
        at_cs = (
            "select count(*) from identity.record where resident_record_code = %s and address like '%%3番1号'"
        )
        until(lambda: rows_of(nation, CS, at_cs, code) == [(1,)], nation, 10)
        threading.Event().wait(12)  # longer than a call may take
        assert not arrived(nation, code, "3番1号")()
    finally:
        os.kill(process.pid, signal.SIGCONT)
    until(arrived(nation, code, "3番1号"), nation, 30 + BACK_SECONDS)
    quiet()


def test_a_peer_that_answers_slowly_is_waited_for(nation: Nation, quiet: Callable[[], None]) -> None:
    process: Any = nation.supervisor.child(CS).process
    over = threading.Event()

    def drowse() -> None:
        while not over.is_set():
            os.kill(process.pid, signal.SIGSTOP)
            over.wait(0.4)
            os.kill(process.pid, signal.SIGCONT)
            over.wait(0.1)

    sleeper = threading.Thread(target=drowse, daemon=True)
    sleeper.start()
    try:
        code = move_within(nation, "3番2号")
        until(arrived(nation, code, "3番2号"), nation, 60)
    finally:
        over.set()
        sleeper.join()
    quiet()


def test_a_certificate_that_is_about_to_expire_is_renewed_while_letters_travel(
    nation: Nation, quiet: Callable[[], None]
) -> None:
    files = _certify(nation, CS, days=0.002)  # three minutes
    short_lived = files.pair.read_bytes()
    until(lambda: files.pair.read_bytes() != short_lived, nation, 75)
    code = move_within(nation, "3番3号")
    until(arrived(nation, code, "3番3号"), nation)
    quiet()


def test_a_certificate_that_expired_is_replaced_by_hand(nation: Nation, quiet: Callable[[], None]) -> None:
    """Who was away for more than a week cannot ask any more; an administrator gives a new one."""
    _certify(nation, CS, days=-0.001)
    code = move_within(nation, "3番4号")
    threading.Event().wait(8)
    assert not arrived(nation, code, "3番4号")()
    renew_certificates(nation, CS)
    until(arrived(nation, code, "3番4号"), nation, 5 + BACK_SECONDS)  # files are looked at every five seconds
    quiet()


def _certify(nation: Nation, short: str, *, days: float) -> TlsFiles:
    node = next(one for one in nation.plan if one.short == short)
    key, request = make_node_request(node.name)
    public: Any = x509.load_der_x509_csr(request).public_key()
    authority = authority_of(nation.places, node)
    chain = authority.issue(public, node.name, datetime.now(UTC) - timedelta(minutes=4), days + 4 / 1440)
    files = TlsFiles(nation.places.node(short))
    files.install(key, chain)
    return files


def test_a_directory_that_expires_stops_everybody_until_the_nation_signs_a_new_one(
    nation: Nation, quiet: Callable[[], None]
) -> None:
    old = read_directory(nation.places)
    now = datetime.now(UTC)
    publish(
        nation.places,
        replace(old, serial=old.serial + 1, issued_at=now, expires_at=now + timedelta(seconds=12)),
    )
    threading.Event().wait(16)
    code = move_within(nation, "3番5号")
    threading.Event().wait(5)
    assert not arrived(nation, code, "3番5号")(), "nothing is sent under a directory that has expired"
    now = datetime.now(UTC)
    publish(
        nation.places,
        replace(old, serial=old.serial + 2, issued_at=now, expires_at=now + timedelta(hours=24)),
    )
    until(
        arrived(nation, code, "3番5号"), nation, 2 * 3 + BACK_SECONDS
    )  # asked for every two seconds, from tier to tier
    quiet()


def test_afterwards_copies_agree_and_the_books_are_in_order(in_order: Callable[[], None]) -> None:
    in_order()
