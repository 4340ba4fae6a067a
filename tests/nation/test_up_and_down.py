"""`daicho nation` as its user has it: up, asked how it is, Ctrl-C in the middle, up again, down."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

pytestmark = [pytest.mark.nation]

UP_SECONDS = 120
RESUME_SECONDS = 20  # ten on a machine that does nothing else; the other worker takes one core
KINDS_IN_ORDER_OF_START = (
    "国を起こしています",
    "地方公共団体情報システム機構",
    "東京都",
    "コミュニケーションサーバ",
    "住民記録",
    "国土交通省",
    "監査人",
    "出入国在留管理庁（模擬）",
)


class Terminal:
    """One shell with a nation in it: what was printed, and Ctrl-C."""

    def __init__(self, home: Path) -> None:
        self.log = home.parent / "terminal.log"
        self.home = home
        with self.log.open("wb") as log:
            # A group of its own, so that Ctrl-C reaches everybody who would hear it at a real terminal.
            self.process = subprocess.Popen(
                [*daicho("nation", "up", "--home", str(home)), "--people", "40", "--towns", "1"],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def await_line(self, words: str, seconds: float = UP_SECONDS) -> float:
        begun = time.monotonic()
        while words not in self.printed:
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < begun + seconds, self.printed
            time.sleep(0.02)
        return time.monotonic() - begun

    def control_c(self) -> str:
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.process.wait(UP_SECONDS) == 0, self.printed
        return self.printed


def daicho(*words: str) -> list[str]:
    return [sys.executable, "-m", "daicho", *words]


def told(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        daicho(*words, "--home", str(home)), capture_output=True, text=True, check=False, timeout=UP_SECONDS
    )


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="daicho-up-"))
    folder.chmod(0o711)
    yield folder / "n"
    for words in (("nation", "down"), ("nation", "reset", "--yes")):
        told(*words, home=folder / "n")
    shutil.rmtree(folder, ignore_errors=True)


def alive(home: Path) -> list[str]:
    """Name the processes that still work for this nation."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(home) in words and "postgres" not in words.split("\0")[0]:
            found.append(words.replace("\0", " "))
    return found


def ministry_page(terminal: Terminal) -> str:
    """Ask the Ministry's stand-in at the address that is printed."""
    terminal.await_line("RYOKEN-01")
    (port,) = re.findall(r"http://moj\.localhost:(\d+)/", terminal.printed)
    with urllib3.PoolManager() as calls:
        page = calls.request("GET", f"http://127.0.0.1:{port}/", headers={"Host": f"moj.localhost:{port}"})
    assert page.status == 200
    return re.sub(r"<time.*?</time>", "", page.data.decode().partition("<main")[2])


def in_order(text: str, action: str) -> list[str]:
    return re.findall(rf"^  {action}: (.+)$", text, re.MULTILINE)


@pytest.mark.nightly
@pytest.mark.requirement("R-420")
def test_ctrl_c_stops_in_the_reverse_order_of_starting_and_a_second_start_resumes_in_time(
    home: Path,
) -> None:
    first = Terminal(home)
    first.await_line("取込み")
    printed = first.control_c()
    assert in_order(printed, "停止")
    assert alive(home) == []

    second = Terminal(home)
    second.await_line("国が動いています")
    counts = json.loads(told("nation", "status", "--json", home=home).stdout)
    people = counts["nodes"]["registry-m131016"]["residents"]
    assert people == 41, "forty were loaded, whatever the first Ctrl-C had interrupted, and one was born"
    again = told("nation", "up", home=home)
    assert again.returncode != 0
    assert "既に動いています" in again.stderr
    ministry = ministry_page(second)
    assert "デモ開始時の外国人住民" in ministry
    printed = second.control_c()
    started, stopped = in_order(printed, "起動"), in_order(printed, "停止")
    assert len(started) == 7
    assert started[-1] == "出入国在留管理庁（模擬）"
    assert stopped == list(reversed(started))
    assert alive(home) == []

    third = Terminal(home)
    assert third.await_line("国が動いています") <= RESUME_SECONDS
    assert "取込み" not in third.printed
    kept = ministry_page(third)
    assert re.findall(r"R8\.\S+ [\d:]+", kept) == re.findall(r"R8\.\S+ [\d:]+", ministry)
    checked = told("nation", "check", home=home)
    assert (checked.returncode, checked.stdout.strip()) == (0, "異常はありません。")
    counts = json.loads(told("nation", "status", "--json", home=home).stdout)
    assert counts["nodes"]["registry-m131016"]["residents"] == people
    down = told("nation", "down", home=home)
    assert down.returncode == 0
    assert third.process.wait(UP_SECONDS) == 0
    assert alive(home) == []
    assert not Path(json.loads((home / "nation.json").read_text())["sockets"]).exists()


@pytest.mark.nightly
def test_a_busy_port_moves_and_the_real_one_is_printed(home: Path) -> None:
    state = json.loads((home / "nation.json").read_text())
    wanted = state["ports"]["registry-m131016"][1]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", wanted))
        other.listen()
        terminal = Terminal(home)
        terminal.await_line("サインイン")
        (address,) = re.findall(r"http://registry-m131016-p13\.localhost:(\d+)/", terminal.printed)
        assert int(address) != wanted
        with urllib3.PoolManager() as calls:
            host = f"registry-m131016-p13.localhost:{address}"
            page = calls.request("GET", f"http://127.0.0.1:{address}/sign-in", headers={"Host": host})
        assert page.status == 200
        terminal.control_c()


def test_commands_say_in_japanese_that_no_nation_runs(home: Path) -> None:
    for words in (("nation", "status"), ("nation", "check"), ("audit",)):
        answer = told(*words, home=home)
        assert answer.returncode == 1
        assert "動いている国がありません" in answer.stderr
