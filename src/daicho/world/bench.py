"""Benchmarks on a throwaway database with fsync on; each measures its ceiling beside itself."""

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from daicho.rules.ledger.events import Event
from daicho.rules.ledger.line import LedgerLine
from daicho.store import ledger
from daicho.store.launcher import Cluster
from daicho.store.migrate import migrate
from daicho.store.roles import create_node_database
from daicho.store.unit import Store

SECONDS = 4.0
CLIENTS = 16
_RUNS = 3


class _Bed:
    """A server with fsync on and one migrated database."""

    def __init__(self, kind: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="daicho-bench-"))
        self.folder.chmod(0o755)
        self.cluster = Cluster(self.folder / "data", max_connections=100)
        self.cluster.start({})
        made = create_node_database(self.cluster.dsn(), "bench")
        migrate(self.cluster.dsn("bench", made.role("owner"), made.passwords["owner"]), kind)
        self.store = Store(
            self.cluster.dsn("bench", made.role("app"), made.passwords["app"]), pool_connections=CLIENTS
        )

    def close(self) -> None:
        self.store.close()
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _rate(work: Callable[[], int]) -> float:
    """Let all clients work for some seconds; give how many were done per second, the median of some runs."""
    rates = []
    for _ in range(_RUNS):
        done = [0] * CLIENTS
        end = time.monotonic() + SECONDS

        def run(place: int, done: list[int] = done, end: float = end) -> None:
            while time.monotonic() < end:
                done[place] += work()

        threads = [threading.Thread(target=run, args=(place,)) for place in range(CLIENTS)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rates.append(sum(done) / (time.monotonic() - begun))
    return statistics.median(rates)


def bench_ledger() -> dict[str, Any]:
    """B5: durable appends of one line each, against bare durable commits of the same size."""
    bed = _Bed("national")
    try:
        with psycopg.connect(bed.cluster.dsn("bench"), autocommit=True) as admin:
            admin.execute("create table bare (body bytea)")
            admin.execute("grant insert on bare to bench_app")
        now = datetime.now(UTC)
        line = LedgerLine(
            Event.PROVISION_GRANTED, now, now.date(), "national.n.daicho.internal", bytes(16), "BENCH-01", "BENCH",
            "bench", "性能の測定", "1/97", "", "granted",
        )  # fmt: skip
        body = line.body()

        def append() -> int:
            with bed.store.unit() as unit:
                ledger.append(unit, [line])
            return 1

        def bare() -> int:
            with bed.store.unit() as unit:
                unit.execute("insert into public.bare values (%s)", (body,))
            return 1

        ceiling = _rate(bare)
        result = _rate(append)
    finally:
        bed.close()
    return {
        "name": "B5-ledger",
        "result": result,
        "unit": "lines/s",
        "ceiling": ceiling,
        "ratio": result / ceiling,
    }


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {"B5": bench_ledger}
