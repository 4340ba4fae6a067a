"""Processes that answer beside the listener's own, so that law and signatures do not wait for TLS and heads."""

import logging
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, LifoQueue
from typing import IO

import msgspec

from daicho.faces.exchange.answering import Asked, Reply, busy
from daicho.nodes.config import NodeConfig

ANSWER_SECONDS = 30.0
START_SECONDS = 30.0
_END_SECONDS = 5.0
_LOG = logging.getLogger("daicho.exchange")


class AnswererGone(Exception):
    """A process that answers has ended, or says nothing."""


class Answerers:
    """A fixed number of processes; whoever has a batch takes one that is free."""

    def __init__(self, config: NodeConfig) -> None:
        """Prepare as many as the configuration says; nothing runs yet."""
        self._all = [_Answerer(config) for _ in range(config.answering_processes)]
        self._free: LifoQueue[_Answerer] = LifoQueue()
        for one in self._all:
            self._free.put(one)

    def start(self) -> None:
        """Start all side by side. Raises: AnswererGone when one does not come up."""
        for one in self._all:
            one.begin()
        for one in self._all:
            one.await_ready()

    def work(self, asked: Sequence[Asked]) -> list[Reply]:
        """Let a free process answer; when it is lost the callers are asked to come again."""
        try:
            one = self._free.get(timeout=ANSWER_SECONDS)
        except Empty:
            return [busy("ANSWERER_UNAVAILABLE")] * len(asked)
        try:
            return one.work(asked)
        except AnswererGone as gone:
            _LOG.warning("a process that answers was lost: %s", gone)
            return [busy("ANSWERER_UNAVAILABLE")] * len(asked)
        finally:
            self._free.put(one)

    def ensure(self) -> None:
        """Start again what has ended while nobody needed it."""
        taken: list[_Answerer] = []
        with suppress(Empty):
            while True:
                taken.append(self._free.get_nowait())
        for one in taken:
            try:
                one.ensure()
            except (OSError, AnswererGone) as gone:
                _LOG.warning("a process that answers does not start: %s", gone)
            finally:
                self._free.put(one)

    def stop(self) -> None:
        """Close their input, which ends them."""
        for one in self._all:
            one.end()


class _Answerer:
    """One process: batches go in, replies come out; started again when it is next needed."""

    def __init__(self, config: NodeConfig) -> None:
        self._config = msgspec.msgpack.encode(config)
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._stopped = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        with self._lock:
            if self._stopped:
                raise AnswererGone("stopped")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "daicho.cli.answering"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            )  # fmt: skip
        write_frame(self._pipes()[0], self._config)

    def await_ready(self) -> None:
        if _read(self._pipes()[1], START_SECONDS) != b"ready":
            raise AnswererGone("did not start")
        self._ready = True

    def ensure(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._kill()
        if not self._ready:
            self.begin()
            self.await_ready()

    def work(self, asked: Sequence[Asked]) -> list[Reply]:
        try:
            self.ensure()
            batches, replies = self._pipes()
            write_frame(batches, msgspec.msgpack.encode(asked))
            return _as_many(asked, msgspec.msgpack.decode(_read(replies, ANSWER_SECONDS), type=list[Reply]))
        except (OSError, msgspec.MsgspecError, AnswererGone) as error:
            self._kill()
            raise AnswererGone(str(error)) from error

    def end(self) -> None:
        with self._lock:
            self._stopped = True
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._kill()
            if process.stdout is not None:
                process.stdout.close()

    def _kill(self) -> None:
        self._ready = False
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise AnswererGone("ended")
        return process.stdin, process.stdout


def _as_many(asked: Sequence[Asked], replies: list[Reply]) -> list[Reply]:
    if len(replies) != len(asked):
        raise AnswererGone("answered something else")
    return replies


def _read(pipe: IO[bytes], seconds: float) -> bytes:
    if not select.select([pipe], [], [], seconds)[0]:
        raise AnswererGone("silent")
    content = read_frame(pipe)
    if content is None:
        raise AnswererGone("ended")
    return content


def write_frame(pipe: IO[bytes], content: bytes) -> None:
    """Write a length and as many bytes."""
    left = memoryview(len(content).to_bytes(4, "big") + content)
    while left:
        left = left[pipe.write(left) :]


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """Read what `write_frame` wrote; None when the other end has closed."""
    head = _exactly(pipe, 4)
    return None if head is None else _exactly(pipe, int.from_bytes(head, "big"))


def _exactly(pipe: IO[bytes], size: int) -> bytes | None:
    content = b""
    while len(content) < size:
        chunk = pipe.read(size - len(content))
        if not chunk:
            return None
        content += chunk
    return content
