"""B5: durable appends to the ledger while its tree is kept, and a proof out of ten million lines."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import Any

import psycopg

from daicho.nodes.watch.gathering import BATCHES_AT_ONCE, Gathering
from daicho.rules.ledger.events import Event
from daicho.rules.ledger.line import SALT_BYTES, LedgerLine
from daicho.rules.ledger.tree import TILE_WIDTH, inclusion_proof, root, root_of_leaves, verify_inclusion
from daicho.store import ledger
from daicho.store.unit import Store
from daicho.world.benchmarks.measuring import Bed, durable_commits, rate

CLIENTS = 64
LINES_OF_THE_PROOF = 10_000_000
SEQUENCED_EVERY_SECONDS = 0.5
_LINES_PER_PASS = 5_000


@dataclass(slots=True)
class _Tree:
    """What keeping the tree took beside the appends."""

    lags: list[float] = field(default_factory=list)
    stopped: bool = False

    def keep(self, store: Store) -> None:
        """Give positions and hash the tree twice a second, as a node does; note how long each round took."""
        while not self.stopped:
            begun = time.monotonic()
            with store.unit() as unit:
                while ledger.sequence(unit, _LINES_PER_PASS) == _LINES_PER_PASS:
                    continue
            with store.unit() as unit:
                size = ledger.tree_size(unit)
                if size:
                    root(size, ledger.TreeReader(unit).hash_at)
            self.lags.append(time.monotonic() - begun + SEQUENCED_EVERY_SECONDS)
            time.sleep(SEQUENCED_EVERY_SECONDS)


def bench_ledger(lines: int = LINES_OF_THE_PROOF) -> dict[str, Any]:
    """Let 64 clients each wait for its own line; whatever waits together is committed together."""
    with Bed("national") as bed:
        ceiling = durable_commits(bed.admin_dsn, bed.folder)
        draw = Random(1)

        def append(batch: Sequence[LedgerLine]) -> list[int]:
            with bed.store.unit() as unit:
                return ledger.append_and_tell(unit, batch)

        with ThreadPoolExecutor(BATCHES_AT_ONCE + 1) as pool:
            gathering = Gathering(append, pool)
            tree = _Tree()
            keeping = pool.submit(tree.keep, bed.store)
            result = rate(lambda: gathering.ask(_line(draw)).result() > 0, clients=CLIENTS)
            tree.stopped = True
            keeping.result()
        with psycopg.connect(bed.admin_dsn, autocommit=True) as admin:
            admin.execute("truncate ledger.line, ledger.pending, ledger.leaf, ledger.tile")
        _plant(bed.admin_dsn, lines)
        proof_bytes, seconds = _prove(bed.store, lines, draw)
    return {
        "name": "B5-ledger",
        "result": result,
        "unit": "lines/s",
        "ceiling": ceiling,
        "ratio": result / ceiling,
        "under_the_tree_within_s": round(max(tree.lags), 2),
        "proof_bytes": proof_bytes,
        "proof_ms": round(1000 * seconds, 1),
        "proof_of_lines": lines,
    }


def _line(draw: Random) -> LedgerLine:
    now = datetime.now(UTC)
    return LedgerLine(
        Event.PROVISION_GRANTED, now, now.date(), "national.n.daicho.internal", draw.randbytes(SALT_BYTES),
        "BENCH-01", "BENCH", "bench", "性能の測定", "1/97", "", "granted",
    )  # fmt: skip


def _leaf(place: int) -> bytes:
    return sha256(place.to_bytes(8, "big")).digest()


def _plant(admin_dsn: str, lines: int) -> None:
    """Lay a tree of so many leaves, with every full tile, as the sequencer would have left it."""
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute(
            "insert into ledger.leaf select n, n, sha256(int8send(n)) from generate_series(0, %s - 1) as n",
            (lines,),
        )
        level, row = 0, [_leaf(place) for place in range(lines)]
        while len(row) >= TILE_WIDTH:
            tiles = [row[i : i + TILE_WIDTH] for i in range(0, len(row) - TILE_WIDTH + 1, TILE_WIDTH)]
            row = [root_of_leaves(tile) for tile in tiles]
            with admin.cursor().copy("copy ledger.tile from stdin (format binary)") as copy:
                copy.set_types(["int4", "int8", "bytea", "bytea"])
                for place, (tile, summit) in enumerate(zip(tiles, row, strict=True)):
                    copy.write_row((level, place, b"".join(tile), summit))
            level += 1
        admin.execute("vacuum analyze")


def _prove(store: Store, lines: int, draw: Random) -> tuple[int, float]:
    """Prove and verify some lines; give the longest proof in bytes and the longest time."""
    longest, slowest = 0, 0.0
    with store.unit() as unit:
        summit = root(lines, ledger.TreeReader(unit).hash_at)
    for place in (0, lines - 1, *(draw.randrange(lines) for _ in range(50))):
        begun = time.perf_counter()
        with store.unit() as unit:
            proof = inclusion_proof(place, lines, ledger.TreeReader(unit).hash_at)
        slowest = max(slowest, time.perf_counter() - begun)
        if not verify_inclusion(_leaf(place), place, lines, proof, summit):
            raise AssertionError(f"line {place} is not under the root")
        longest = max(longest, sum(map(len, proof)))
    return longest, slowest
