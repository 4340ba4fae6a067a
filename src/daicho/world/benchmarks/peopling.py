"""A population by seed: so many residents' extracts written, by as many processes as there are cores."""

import os
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from daicho.world.benchmarks.filling import SEED
from daicho.world.people import population, ranges_of
from daicho.world.plan import TOWNS_MAX, towns

RESIDENTS = 1_000_000


def bench_people(residents: int = RESIDENTS) -> dict[str, Any]:
    """Write the extracts of the plan's towns; the ceiling is how fast the same files are copied."""
    with tempfile.TemporaryDirectory(prefix="daicho-bench-") as folder:
        files = [
            (Path(folder) / f"{town.code}.csv", town.code, place, town.residents)
            for place, town in enumerate(towns(residents, TOWNS_MAX))
        ]
        with ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("spawn")) as pool:
            list(pool.map(_ready, range(len(files))))
            begun = time.monotonic()
            written = sum(pool.map(_write, *zip(*files, strict=True)))
            seconds = time.monotonic() - begun
            begun = time.monotonic()
            list(pool.map(_copy, [file for file, *_ in files]))
            copied = time.monotonic() - begun
        content = sum(file.stat().st_size for file, *_ in files)
    return {
        "name": "people",
        "result": written / seconds,
        "unit": "residents/s",
        "ceiling": written / copied,
        "ratio": copied / seconds,
        "seconds": round(seconds, 1),
        "residents": written,
        "mebibytes": content >> 20,
    }


def _ready(_: int) -> None:
    """Let a process import everything before the clock runs."""


def _write(file: Path, municipality: str, place: int, residents: int) -> int:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in population(SEED, municipality, residents, ranges_of(place)))
    return residents


def _copy(file: Path) -> None:
    shutil.copyfile(file, file.with_suffix(".copy"))
    file.with_suffix(".copy").unlink()
