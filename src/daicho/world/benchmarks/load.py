"""B10: identity records from a register extract into one level, with all its indexes."""

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.unit import Store
from daicho.world.benchmarks.filling import LETTER_RECORDS, SEED, keep, read_records
from daicho.world.benchmarks.measuring import Bed, copy_then_index, processor_seconds
from daicho.world.people import population, ranges_of

TOWNS = ("13101", "13201")
RESIDENTS_PER_TOWN = 100_000


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What one process loaded, with its own processor time and that of its server process."""

    rows: int
    reading_s: float
    keeping_s: float


def bench_load() -> dict[str, Any]:
    """Load the extracts of two towns into one prefecture, a durable commit for each 1,000 records.

    `reading_us` and `keeping_us` are the processor time of a record, in Python and in PostgreSQL.
    """
    with Bed("prefecture") as bed:
        files = [_write(bed.folder / f"{town}.csv", town, place) for place, town in enumerate(TOWNS)]
        with ProcessPoolExecutor(len(TOWNS), get_context("spawn"), collect_rarely) as pool:
            list(pool.map(_ready, TOWNS))
            begun = time.monotonic()
            loaded = list(pool.map(_load, [bed.app_dsn] * len(TOWNS), files, TOWNS))
            seconds = time.monotonic() - begun
        rows = sum(one.rows for one in loaded)
        ceiling = copy_then_index(bed.admin_dsn, rows)
    return {
        "name": "B10-bulk-load",
        "result": rows / seconds,
        "unit": "records/s",
        "ceiling": ceiling,
        "ratio": rows / seconds / ceiling,
        "reading_us": round(sum(one.reading_s for one in loaded) / rows * 1e6, 1),
        "keeping_us": round(sum(one.keeping_s for one in loaded) / rows * 1e6, 1),
    }


def _write(file: Path, town: str, place: int) -> Path:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in population(SEED, town, RESIDENTS_PER_TOWN, ranges_of(place)))
    return file


def _ready(town: str) -> MunicipalityCode:
    """Let a process import everything before the clock runs."""
    return MunicipalityCode(town)


def _load(dsn: str, file: Path, town: str) -> _Loaded:
    store = Store(dsn, pool_connections=1)
    with store.unit() as unit:
        server = unit.connection.info.backend_pid
    reading, keeping = time.process_time(), processor_seconds(server)
    done = 0
    with file.open("rb") as lines:
        records = read_records(iter(lines), town)
        while letter := list(islice(records, LETTER_RECORDS)):
            done += keep(store, letter)
    loaded = _Loaded(done, time.process_time() - reading, processor_seconds(server) - keeping)
    store.close()
    return loaded
