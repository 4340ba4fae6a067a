"""A process that outlives whoever started it, and is known again.  常駐処理"""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from daicho.store.launcher import came_true

_STOP_SECONDS = 30
_FIRST_WORD_SECONDS = 5
_TAIL_LINES = 8


class Daemon:
    """A program with a log and, beside it, a note of its number."""

    def __init__(self, command: Sequence[str], mark: str, log: Path) -> None:
        """Describe it; `mark` stands in its command line and in no other's."""
        self._command = list(command)
        self._mark = mark.encode()
        self._log = log
        self._note = log.with_suffix(".pid")
        self._process: subprocess.Popen[bytes] | None = None

    def pid(self) -> int | None:
        """Give its number while it lives."""
        if self._process is not None:
            self._process.poll()  # a dead child is let go
        with suppress(OSError, ValueError):
            pid = int(self._note.read_text())
            if self._mark in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None

    def start(self) -> None:
        """Start it unless it lives."""
        if self.pid() is not None:
            return
        self._let_go()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                start_new_session=True,
            )  # fmt: skip
        self._note.write_text(str(self._process.pid))
        # Until it has become the program it was to be, its command line is that of whoever started it.
        came_true(lambda: self.pid() is not None or self._has_ended(), _FIRST_WORD_SECONDS)

    def end(self) -> None:
        """Let it end; what does not listen is killed."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            pid = self.pid()
            if pid is None:
                break
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            came_true(lambda: self.pid() is None, _STOP_SECONDS)
        self._let_go()

    def _let_go(self) -> None:
        """Forget a child that has ended: until then the system remembers it."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_FIRST_WORD_SECONDS)
            self._process = None

    def tail(self) -> str:
        """Give the end of its log."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])

    def _has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None
