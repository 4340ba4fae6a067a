"""Work that a node does again and again beside its listeners: one thread each, stopped cleanly."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from daicho.store.unit import StoreUnavailable
from daicho.wire.http import WireUnavailable
from daicho.wire.signer.client import SignerUnavailable

_LOG = logging.getLogger("daicho.watch")
_REST_AFTER_FAULT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """One repeated piece of work; `work` tells whether there may be more to do at once."""

    name: str
    every_seconds: float
    work: Callable[[], bool]


class Loops:
    """The threads of a node's jobs."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        """Prepare one thread per job."""
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(job,), name=job.name, daemon=True) for job in jobs
        ]

    def start(self) -> None:
        """Start every job."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Ask every job to end and wait for it."""
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)

    def _run(self, job: Job) -> None:
        told = False
        while not self._stop.is_set():
            pause = job.every_seconds
            try:
                pause = 0.0 if job.work() else job.every_seconds
                told = False
            except (StoreUnavailable, WireUnavailable, SignerUnavailable) as fault:
                pause = max(job.every_seconds, _REST_AFTER_FAULT_SECONDS)
                if not told:
                    _LOG.warning("%s waits: %s", job.name, type(fault).__name__)
                    told = True
            except Exception:  # noqa: BLE001 - a duty must outlive its own faults
                pause = max(job.every_seconds, _REST_AFTER_FAULT_SECONDS)
                _LOG.exception("%s failed", job.name)
            self._stop.wait(pause)
