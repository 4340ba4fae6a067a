"""`daicho bench`: measurements, each with its ceiling in the same run."""

import json
import platform
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from daicho.faces.desks.bind import enrol_for_demo
from daicho.world.benchmarks.city import bench_city
from daicho.world.benchmarks.measuring import flushes
from daicho.world.benchmarks.table import BENCHES as BELOW_THE_FACES
from daicho.world.benchmarks.table import SIZED

BENCHES: dict[str, Callable[..., dict[str, Any]]] = {
    **BELOW_THE_FACES,
    "city": partial(bench_city, enrol_for_demo),
}


@click.command(
    short_help="measure: look-up, moves, a whole nation, ledger, search, load, people, papers, a city"
)
@click.argument("name", type=click.Choice([*BENCHES, "all"]))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write the JSON into this folder.")
@click.option(
    "--residents", type=click.IntRange(min=10_000), help="How many people (B1, B2, B3, B9, people and city)."
)
def bench(name: str, as_json: bool, keep: Path | None, residents: int | None) -> None:
    """Run the benchmark NAME; durability, law and ledger stay on."""
    if residents is not None and name not in SIZED:
        raise click.UsageError(f"only {', '.join(SIZED)} take --residents")
    # Whoever ends it by a signal gets rid of the servers that it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    size = {} if residents is None else {"residents": residents}
    disk = {"flush_per_s": flushes()}
    for one in BENCHES if name == "all" else (name,):
        result = BENCHES[one](**size) | disk | circumstances()
        if as_json:
            click.echo(json.dumps(result, ensure_ascii=False))
        else:
            click.echo(
                f"{result['name']:<16} {result['result']:>12,.1f} {result['unit']:<12} "
                f"上限 {result['ceiling']:>12,.1f}  比 {result['ratio']:.2f}"
            )
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            of_size = "" if residents is None else f"-{residents}"
            (keep / f"{result['name']}-{datetime.now(UTC):%Y%m%d}{of_size}.json").write_text(
                json.dumps(result, indent=1, ensure_ascii=False) + "\n"
            )


def circumstances() -> dict[str, Any]:
    """Tell where, when and of which commit something was measured."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "hardware": f"{platform.machine()}, {_cores()} cores", "date": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip(),
    }  # fmt: skip


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0))
