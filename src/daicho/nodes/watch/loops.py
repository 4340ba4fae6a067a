"""Work that a node does again and again beside its listeners: one thread each, stopped cleanly."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from daicho.store.unit import Bell, StoreUnavailable
from daicho.wire.http import WireUnavailable
from daicho.wire.signer.client import SignerUnavailable

_LOG = logging.getLogger("daicho.watch")
_REST_AFTER_FAULT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """One repeated piece of work; `work` tells whether there may be more to do at once.

    With a bell it is done when that rings, at most once in `every_seconds` and not before as long has passed. While
    the bell is silent it is done ever more rarely, in the end once in `rarest_seconds`: for what came without a ring.
    """

    name: str
    every_seconds: float
    work: Callable[[], bool]
    bell: Bell | None = None
    rarest_seconds: float = 0.0


class Loops:
    """The threads of a node's jobs."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        """Prepare one thread per job."""
        self._stop = threading.Event()
        self._jobs = tuple(jobs)
        self._threads = [
            threading.Thread(target=self._run, args=(job,), name=job.name, daemon=True) for job in self._jobs
        ]

    def start(self) -> None:
        """Start every job."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Ask every job to end and wait for it."""
        self._stop.set()
        for job in self._jobs:
            if job.bell is not None:
                job.bell.ring()
        for thread in self._threads:
            thread.join(seconds)

    def _run(self, job: Job) -> None:
        told = False
        silence = job.every_seconds
        if job.bell is not None:
            silence = self._rest(job, job.bell, job.bell.rings, silence, time.monotonic())
        while not self._stop.is_set():
            heard = job.bell.rings if job.bell is not None else 0
            begun = time.monotonic()
            pause = job.every_seconds
            try:
                more = job.work()
                told = False
                if job.bell is not None and not more:
                    silence = self._rest(job, job.bell, heard, silence, begun)
                pause = 0.0 if more or job.bell is not None else job.every_seconds
            except (StoreUnavailable, WireUnavailable, SignerUnavailable) as fault:
                pause = max(job.every_seconds, _REST_AFTER_FAULT_SECONDS)
                if not told:
                    _LOG.warning("%s waits: %s", job.name, type(fault).__name__)
                    told = True
            except Exception:  # noqa: BLE001 - a duty must outlive its own faults
                pause = max(job.every_seconds, _REST_AFTER_FAULT_SECONDS)
                _LOG.exception("%s failed", job.name)
            self._stop.wait(pause)

    def _rest(self, job: Job, bell: Bell, heard: int, silence: float, begun: float) -> float:
        """Wait for the bell as long as `silence`, then until it is time again; tell how long to wait next."""
        rung = bell.wait(heard, silence) > heard
        self._stop.wait(max(0.0, begun + job.every_seconds - time.monotonic()))
        return job.every_seconds if rung else min(2 * silence, job.rarest_seconds)
