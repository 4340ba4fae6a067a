"""Starts the processes of a nation in order, restarts what dies, stops everything in the reverse order."""

import json
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from daicho.rules.network.kinds import start_tier
from daicho.world.forking import ForkServer, NodeProcess
from daicho.world.plan import Places, PlannedNode, StandIn

START_SECONDS = 60
STOP_SECONDS = 15
BACK_OFF_SECONDS = (0.2, 1, 3, 10, 30)
_STARTED_AT_ONCE = 8  # forty at once would all be late
_TIER_OF_STAND_INS = 1_000
CALM_SECONDS = 60  # who has lived so long is started again at once


class NodeDidNotStart(RuntimeError):
    """A node ended, or said nothing, before it was ready; the message ends with the tail of its log."""


@dataclass(slots=True)
class Child:
    """The process of a node or a stand-in, and how often it was started."""

    planned: PlannedNode | StandIn
    folder: Path
    process: NodeProcess | None = None
    starts: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    history: list[int] = field(default_factory=list)

    @property
    def ready_file(self) -> Path:
        """The file that a node writes when its listeners are open."""
        return self.folder / "ready.json"

    def ready(self) -> bool:
        """Tell whether this very process said that it is ready."""
        if self.process is None or not self.ready_file.exists():
            return False
        try:
            return bool(json.loads(self.ready_file.read_text())["pid"] == self.process.pid)
        except (ValueError, KeyError):
            return False  # half written: it will be whole in a moment

    def log_tail(self, lines: int = 12) -> str:
        """Give the end of the node's log."""
        log = self.folder / "node.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


class Supervisor:
    """The parent of every node's process; children live in sessions of their own."""

    def __init__(self, places: Places, plan: Iterable[PlannedNode], beside: Iterable[StandIn] = ()) -> None:
        """Prepare the children in the order of starting; who is no node comes last."""
        nodes = sorted(plan, key=lambda node: start_tier(node.kind))
        in_order: tuple[PlannedNode | StandIn, ...] = (*nodes, *beside)
        self._fork_server = ForkServer(places.home)
        self.children = [Child(node, places.node(node.short)) for node in in_order]

    def start_all(self, said: Callable[[PlannedNode | StandIn], None]) -> dict[StandIn, str]:
        """Start tier after tier; the nodes of one tier start side by side, some at a time.

        A stand-in that does not start stops nobody: it is left out, and told of with the end of its log.
        Raises: NodeDidNotStart with the end of the log of the node that failed.
        """
        left_out: dict[StandIn, str] = {}
        for _, tier in groupby(self.children, key=_tier):
            starting: deque[Child] = deque()
            for child in tier:
                if len(starting) == _STARTED_AT_ONCE:
                    self._say_when_ready(starting.popleft(), said, left_out)
                self._spawn(child)
                starting.append(child)
            for child in starting:
                self._say_when_ready(child, said, left_out)
        return left_out

    def _say_when_ready(
        self, child: Child, said: Callable[[PlannedNode | StandIn], None], left_out: dict[StandIn, str]
    ) -> None:
        try:
            self._await_ready(child)
        except NodeDidNotStart as fault:
            if not isinstance(child.planned, StandIn):
                raise
            self._leave_out(child)
            left_out[child.planned] = str(fault)
        else:
            said(child.planned)

    def _leave_out(self, child: Child) -> None:
        """End one that said nothing, and start it no more."""
        self.children.remove(child)
        if child.process is not None:
            child.process.kill()
            child.process.wait()

    def start_one(self, short: str) -> None:
        """Start one node that was stopped on purpose. Raises: NodeDidNotStart."""
        child = self.child(short)
        self._spawn(child)
        self._await_ready(child)

    def child(self, short: str) -> Child:
        """Find one child by the short name of its node."""
        return next(child for child in self.children if child.planned.short == short)

    def restart_dead(self) -> list[str]:
        """Start again what died, later each time; name the nodes that were started."""
        started = []
        for child in self.children:
            code = child.process.poll() if child.process is not None else None
            if code is None:
                continue
            if child.start_again_at == 0.0:
                if time.monotonic() - child.started_at > CALM_SECONDS:
                    child.history.clear()
                pause = BACK_OFF_SECONDS[min(len(child.history), len(BACK_OFF_SECONDS) - 1)]
                child.history.append(code)
                child.start_again_at = time.monotonic() + pause
            elif time.monotonic() >= child.start_again_at:
                self._spawn(child)
                started.append(child.planned.short)
        return started

    def await_ready(self, short: str) -> None:
        """Wait until one node is ready, starting it again as often as it needs."""
        child = self.child(short)
        end = time.monotonic() + START_SECONDS
        while not (child.process and child.process.poll() is None and child.ready()):
            if time.monotonic() > end:
                raise NodeDidNotStart(f"{short}: not ready after {START_SECONDS} s\n{child.log_tail()}")
            self.restart_dead()
            time.sleep(0.02)

    def stop_all(self, said: Callable[[PlannedNode | StandIn], None]) -> None:
        """Stop in the reverse order of starting; what does not listen is killed after 15 s."""
        tiers = [list(tier) for _, tier in groupby(self.children, key=_tier)]
        for tier in reversed(tiers):
            together = list(reversed(tier))
            for child in together:
                if child.process is not None and child.process.poll() is None:
                    child.process.send_signal(signal.SIGTERM)
            for child in together:
                if child.process is not None:
                    _await_end(child.process)
                    child.ready_file.unlink(missing_ok=True)
                    said(child.planned)
        self._fork_server.close()

    def _spawn(self, child: Child) -> None:
        child.ready_file.unlink(missing_ok=True)
        child.process = self._fork_server.start(
            child.planned.name,
            child.folder / "node.toml",
            child.folder / "node.log",
            command=child.planned.command,
        )
        child.starts += 1
        child.started_at = time.monotonic()
        child.start_again_at = 0.0

    def _await_ready(self, child: Child) -> None:
        end = time.monotonic() + START_SECONDS
        while not child.ready():
            if child.process is not None and child.process.poll() is not None:
                raise NodeDidNotStart(
                    f"{child.planned.short} ended with {child.process.returncode}\n{child.log_tail()}"
                )
            if time.monotonic() > end:
                raise NodeDidNotStart(f"{child.planned.short} is silent\n{child.log_tail()}")
            time.sleep(0.02)


def _tier(child: Child) -> int:
    return start_tier(child.planned.kind) if isinstance(child.planned, PlannedNode) else _TIER_OF_STAND_INS


def _await_end(process: NodeProcess) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
