"""The press: paper workers in processes of their own, a bounded queue before them, papers in the order asked for."""

import queue
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import msgspec

from daicho.paper.certificate import Certificate
from daicho.paper.fonts import Fonts
from daicho.paper.glyphs import MissingGlyph
from daicho.paper.process import READY, Answer, Job, Setup, receive, send
from daicho.paper.sealing import NotSealable, SealKey
from daicho.paper.typesetting import is_specimen, says_number

WORKERS = 2
WAITING_SHEETS = 16
# A paper takes a tenth of a second; opening the fonts, on a busy machine, some seconds.
ANSWER_SECONDS = 20.0
START_SECONDS = 60.0
_END_SECONDS = 5.0
# A worker that dies over a paper gives it back; who kills two workers is not given to a third.
_TRIES = 2


class PressFault(RuntimeError):
    """A paper that was not set, for a reason that lies with us; the message repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper as it comes from the press."""

    number: str
    pdf: bytes
    specimen: bool
    sealed: bool


@dataclass(frozen=True, slots=True)
class Unprintable:
    """A paper that waits until these characters are identified."""

    number: str
    missing: tuple[MissingGlyph, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    certificate: Certificate
    signed_at: datetime | None
    others: tuple[Certificate, ...]
    outcome: "Future[Sheet | Unprintable]"


class Press:
    """Sets and seals papers in worker processes; any thread may ask."""

    def __init__(self, fonts: Fonts, key: SealKey | None = None, *, workers: int = WORKERS) -> None:
        """Start the threads that feed the workers; each worker starts with its first paper."""
        self._fonts, self._key = fonts, key
        self._orders: queue.Queue[_Order | None] = queue.Queue(WAITING_SHEETS)
        self._closing = threading.Lock()
        self._closed = False
        self._feeders = [
            threading.Thread(
                target=self._feed, args=(_Worker(Setup(fonts, key)),), name=f"paper-{n}", daemon=True
            )
            for n in range(workers)
        ]
        for feeder in self._feeders:
            feeder.start()

    def set(self, certificate: Certificate, signed_at: datetime | None = None) -> Sheet | Unprintable:
        """Set one paper, and seal it where a time is given; wait for it.

        Raises: NotSealable when a specimen is to be sealed; PressFault.
        """
        return self._order(certificate, signed_at).result()

    def set_bundle(self, certificates: Sequence[Certificate]) -> Sheet | Unprintable:
        """Set some papers as one file, one behind the other, under the first one's number; it bears no seal.

        Raises: PressFault.
        """
        first, *others = certificates
        return self._order(first, None, tuple(others)).result()

    def set_all(
        self, certificates: Iterable[Certificate], signed_at: datetime | None = None
    ) -> Iterator[Sheet | Unprintable]:
        """Set many papers at once and give them in their order; never more than a queue's length are underway.

        Raises: as `set`, at the paper concerned; those behind it are not given any more.
        """
        underway: deque[Future[Sheet | Unprintable]] = deque()
        for certificate in certificates:
            if len(underway) >= WAITING_SHEETS:
                yield underway.popleft().result()
            underway.append(self._order(certificate, signed_at))
        while underway:
            yield underway.popleft().result()

    def close(self) -> None:
        """Let the papers underway be finished and end the workers."""
        with self._closing:
            self._closed = True
            for _ in self._feeders:
                self._orders.put(None)
        for feeder in self._feeders:
            feeder.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def _order(
        self, certificate: Certificate, signed_at: datetime | None, others: tuple[Certificate, ...] = ()
    ) -> "Future[Sheet | Unprintable]":
        if signed_at is not None:
            if certificate.for_show or not self._fonts.may_issue:
                raise NotSealable("a specimen is never sealed")
            if self._key is None:
                raise PressFault("a press without a key seals nothing")
        outcome: Future[Sheet | Unprintable] = Future()
        with self._closing:
            if self._closed:
                raise PressFault("closed")
            self._orders.put(_Order(certificate, signed_at, others, outcome))
        return outcome

    def _feed(self, worker: "_Worker") -> None:
        """Give one worker one paper after the other, until there is nothing more to come."""
        try:
            while (order := self._orders.get()) is not None:
                try:
                    order.outcome.set_result(_set(worker, order))
                except (PressFault, ValueError, TypeError, RuntimeError) as fault:
                    order.outcome.set_exception(fault)
        finally:
            worker.stop()


class _WorkerLost(Exception):
    """A worker that died, hung, or answered something else than it was asked."""


class _Worker:
    """One worker process, started when it is needed and again when it is lost."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._asked = READY

    def ask(
        self, certificate: Certificate, signed_at: datetime | None, others: tuple[Certificate, ...] = ()
    ) -> Answer:
        """Have one paper set. Raises: _WorkerLost, after which the next call starts a new process."""
        try:
            connection = self._connection or self._start()
            self._asked += 1
            send(connection, Job(self._asked, certificate, signed_at, others))
            answer = receive(connection, Answer)
        except (OSError, msgspec.MsgspecError) as wrong:
            self.stop(at_once=True)
            raise _WorkerLost(type(wrong).__name__) from wrong
        if answer.place != self._asked or (answer.pdf and not says_number(answer.pdf, certificate.number)):
            # The paper of somebody else must not leave this room.
            self.stop(at_once=True)
            raise _WorkerLost("the answer is another paper")
        return answer

    def stop(self, *, at_once: bool = False) -> None:
        """Close the socket, which ends the process; kill it where it must not or does not end by itself."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            try:
                if at_once:
                    self._process.kill()
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-m", "daicho.paper.process", str(number)]
            # What a compiler writes when it dies may repeat what stands on the paper: nobody reads it.
            self._process = subprocess.Popen(
                command, pass_fds=(number,), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        self._connection = ours
        ours.settimeout(START_SECONDS)
        send(ours, self._setup)
        receive(ours, Answer)
        ours.settimeout(ANSWER_SECONDS)
        return ours


def _set(worker: _Worker, order: _Order) -> Sheet | Unprintable:
    """Ask a worker, and once more where it was lost over this paper. Raises: PressFault."""
    certificate = order.certificate
    for _ in range(_TRIES):
        try:
            answer = worker.ask(certificate, order.signed_at, order.others)
        except _WorkerLost:
            continue
        if answer.fault:
            raise PressFault(answer.fault)
        if answer.missing:
            return Unprintable(certificate.number, answer.missing)
        return Sheet(
            certificate.number, answer.pdf, is_specimen(answer.pdf), sealed=order.signed_at is not None
        )
    raise PressFault(f"{_TRIES} workers were lost over this paper")
