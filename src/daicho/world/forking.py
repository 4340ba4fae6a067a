"""The supervisor's side of the fork server: nodes that start without importing anything anew."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

_LOST = 255  # how a node ended whose fork server had ended before it
_END_SECONDS = 5.0


class ForkServerGone(RuntimeError):
    """The fork server has ended; the next node gets another one."""


class ForkServer:
    """A process that has imported what nodes need; started with the first node, and again when it has died."""

    def __init__(self, home: Path) -> None:
        """Remember whose nodes it forks; its command line says so."""
        self._home = home
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def start(self, name: str, config: Path, log: Path, *, command: str = "run") -> "NodeProcess":
        """Fork a node, or who runs by another command, that writes its log there. Raises: ForkServerGone."""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        request = {
            "command": command,
            "name": name,
            "config": str(config),
            "log": str(log),
            "environment": environment,
        }
        with self._lock:
            try:
                answer = self._ask(self._began(), request)
            except ForkServerGone:
                self._end()
                answer = self._ask(self._began(), request)
        return NodeProcess(self, int(answer["pid"]))

    def code_of(self, pid: int) -> int:
        """Tell how a node ended that has ended."""
        with self._lock:
            try:
                code = self._ask(self._line, {"ended": pid})["code"] if self._line is not None else None
            except ForkServerGone:
                self._end()
                code = None
        return _LOST if code is None else int(code)

    def close(self) -> None:
        """End the fork server; its nodes live on."""
        with self._lock:
            self._end()

    def _began(self) -> socket.socket:
        if self._line is None:
            self._line, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "daicho.cli.fork_server", str(self._home)], stdin=theirs.fileno(),
                    start_new_session=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
                )  # fmt: skip
        return self._line

    def _ask(self, line: socket.socket, request: dict[str, Any]) -> dict[str, Any]:
        try:
            line.sendall(json.dumps(request).encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                more = line.recv(4096)
                if not more:
                    raise ForkServerGone("it has ended")
                answer += more
        except OSError as error:
            raise ForkServerGone(type(error).__name__) from error
        return dict(json.loads(answer))

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        process, self._process = self._process, None
        if process is not None:
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class NodeProcess:
    """A node's process, watched and signalled by a handle that no other process can come to have."""

    def __init__(self, server: ForkServer, pid: int) -> None:
        """Take hold of a process whose end nobody has asked about yet."""
        self.pid = pid
        self.returncode: int | None = None
        self._server = server
        self._asking = threading.Lock()
        self._handle = os.pidfd_open(pid)
        # Closed with this object and not with the process: another thread may be waiting on it.
        weakref.finalize(self, os.close, self._handle)

    def poll(self) -> int | None:
        """Tell how it ended; None while it lives."""
        return self._await(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises: subprocess.TimeoutExpired."""
        code = self._await(None if timeout is None else 1000 * timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"node {self.pid}", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it lives."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _await(self, milliseconds: float | None) -> int | None:
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if ended.poll(milliseconds):
                with self._asking:  # who asks second hears nothing
                    if self.returncode is None:
                        self.returncode = self._server.code_of(self.pid)
        return self.returncode
