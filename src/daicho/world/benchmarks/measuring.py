"""What every benchmark stands on: a throwaway server with fsync on, clients that work, medians and percentiles."""

import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

from daicho.store.launcher import Cluster, find_binaries
from daicho.store.migrate import migrate
from daicho.store.roles import create_node_database
from daicho.store.unit import Store
from daicho.world.nation import SERVER_SETTINGS, Nation, lower_nation, raise_nation

SECONDS = 4.0
CLIENTS = 16
RUNS = 5
_PGBENCH_CLIENTS = 64


class Bed:
    """A server with fsync on and one migrated database."""

    def __init__(self, kind: str) -> None:
        """Start the server and make the database of a node of this kind."""
        self.folder = Path(tempfile.mkdtemp(prefix="daicho-bench-"))
        self.folder.chmod(0o755)
        self.cluster = Cluster(self.folder / "data", max_connections=100)
        self.cluster.start(SERVER_SETTINGS)
        made = create_node_database(self.cluster.dsn(), "bench")
        migrate(self.cluster.dsn("bench", made.role("owner"), made.passwords["owner"]), kind)
        self.app_dsn = self.cluster.dsn("bench", made.role("app"), made.passwords["app"])
        self.store = Store(self.app_dsn, pool_connections=CLIENTS)

    @property
    def admin_dsn(self) -> str:
        """Give the superuser's address of the database."""
        return self.cluster.dsn("bench")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.store.close()
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def raised_nation(people: int, towns: int, first_port: int) -> Iterator[tuple[Nation, Path]]:
    """Raise a nation in a folder of its own, lower and remove it in the end; give it and the folder."""
    home = Path(tempfile.mkdtemp(prefix="daicho-bench-"))
    home.chmod(0o711)
    try:
        nation = raise_nation(
            home / "n",
            people=people,
            town_count=towns,
            binaries=None,
            said=lambda _: None,
            first_port=first_port,
        )
        try:
            yield nation, home
        finally:
            lower_nation(nation, lambda _: None)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def rate(work: Callable[[], int], clients: int = CLIENTS) -> float:
    """Let all clients work for some seconds; give how many were done per second, the median of some runs."""
    rates = []
    for _ in range(RUNS):
        done = [0] * clients
        end = time.monotonic() + SECONDS

        def run(place: int, done: list[int] = done, end: float = end) -> None:
            while time.monotonic() < end:
                done[place] += work()

        threads = [threading.Thread(target=run, args=(place,)) for place in range(clients)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rates.append(sum(done) / (time.monotonic() - begun))
    return statistics.median(rates)


def resident_mib(pid: int) -> float:
    """Tell how much memory a process holds, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_seconds(pid: int) -> float:
    """Tell how much processor time a process has used."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], percent: float) -> float:
    """Give the value that `percent` of all do not exceed; of nothing, infinity."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("inf")


def durable_commits(dsn: str, folder: Path, *, updating: bool = False) -> float:
    """Measure with pgbench how many commits of one small row the server keeps per second, with 64 clients.

    With `updating` each commit also changes one row of a thousand.
    """
    script = folder / "commit.sql"
    update = (
        "\\set n random(1, 1000)\nbegin;\nupdate public.bare_row set body = repeat('y', 200) where n = :n;\n"
    )
    insert = "insert into public.bare_commit values (repeat('x', 200));\n"
    script.write_text(f"{update}{insert}commit;\n" if updating else insert)
    program = find_binaries() / "pgbench"
    make = "create table public.bare_commit (body text); create table public.bare_row (n int primary key, body text);"
    fill = "insert into public.bare_row select n, 'x' from generate_series(1, 1000) n"
    subprocess.run([find_binaries() / "psql", dsn, "-qc", f"{make} {fill}"], check=True)
    clients = [f"-c{_PGBENCH_CLIENTS}", "-j2", "-n", "-T", str(int(SECONDS))]
    told = subprocess.run(
        [program, *clients, "-f", script, dsn], check=True, capture_output=True, text=True
    ).stdout
    line = next(line for line in told.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


def copy_then_index(admin_dsn: str, rows: int) -> float:
    """Tell how many rows a second a level takes at best: COPY into a bare table, then the same indexes over it."""
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        indexes = admin.execute(
            "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'identity.record'::regclass"
        ).fetchall()
        admin.execute("create table identity.bare (like identity.record including generated)")
        with admin.cursor().copy("copy identity.record to stdout (format binary)") as out:
            content = b"".join(out)
        begun = time.monotonic()
        with admin.cursor().copy("copy identity.bare from stdin (format binary)") as into:
            into.write(content)
        for place, (definition,) in enumerate(indexes):
            unique = "unique " if " UNIQUE " in definition else ""
            columns = definition[definition.index("(") :]
            admin.execute(f"create {unique}index bare_{place} on identity.bare {columns}".encode())
        return rows / (time.monotonic() - begun)


def flushes() -> float:
    """Ask pg_test_fsync how often this disk flushes per second (fdatasync, one block of 8 KiB)."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(find_binaries() / "pg_test_fsync"), "-s", "1", "-f", f"{folder}/probe"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as probe:
            for line in probe.stdout or ():
                words = line.split()
                if words[:1] == ["fdatasync"] and len(words) > 1:
                    probe.terminate()
                    return float(words[1])
    return 0.0
