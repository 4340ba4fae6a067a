"""The indexes by which a nation's people are searched rest while its first residents come in."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from daicho.rules.network.kinds import NodeKind
from daicho.store.resting_indexes import (
    build_resting_index,
    learn_of_rows,
    let_autovacuum_come,
    let_indexes_rest,
    records_written,
    resting_indexes,
)
from daicho.world.founding import owner_dsn
from daicho.world.nation import Nation
from daicho.world.plan import KEEPERS, PlannedNode

_BUILT_AT_ONCE = 2
# The largest first, so that no worker is left alone with it in the end.
_ORDER = (NodeKind.NATIONAL, NodeKind.PREFECTURE, NodeKind.REGISTRY, NodeKind.CS)


def let_rest(nation: Nation) -> None:
    """Let the indexes of every register and copy rest that has nobody yet.

    They are built by `build`, or at the nation's next start.
    """
    for node in nation.plan:
        if node.kind in KEEPERS:
            let_indexes_rest(owner_dsn(nation.places, node, nation.cluster))


class Building:
    """Builds what rests, two indexes at a time, and in each database as soon as it has everybody.

    What comes in last goes through few nodes and leaves a processor free, which builds for those that are ready.
    """

    def __init__(self, nation: Nation) -> None:
        """Build nothing yet."""
        self._nation = nation
        self._pool = ThreadPoolExecutor(_BUILT_AT_ONCE)
        self._left = sorted(
            (node for node in nation.plan if node.kind in KEEPERS), key=lambda node: _ORDER.index(node.kind)
        )
        self._begun: dict[str, list[Future[None]]] = {}  # by owner's address
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        """Wait for what is being built; what was not begun is left to the nation's next start."""
        self._pool.shutdown(cancel_futures=True)

    def begin_where_whole(self) -> None:
        """Begin with every CS, prefecture and nation that has everybody."""
        for node in [one for one in self._left if one.kind is not NodeKind.REGISTRY]:
            if records_written(self._dsn(node)) >= _expected(self._nation, node):
                self._begin(node)

    def finish(self, said: Callable[[int], None]) -> float:
        """Build the rest and leave everything to housekeeping; `said` hears how many are done. Give the seconds."""
        begun = time.monotonic()
        for node in list(self._left):
            self._begin(node)
        for done, builds in enumerate(self._begun.values(), 1):
            for built in builds:
                built.result()
            said(done)
        # Only now: housekeeping would take from those that are still being built.
        for _ in self._pool.map(let_autovacuum_come, self._begun):
            pass
        return time.monotonic() - begun

    def _begin(self, node: PlannedNode) -> None:
        self._left.remove(node)
        dsn = self._dsn(node)
        definitions = resting_indexes(dsn)
        left = set(definitions)
        self._begun[dsn] = [
            self._pool.submit(self._build, dsn, definition, left) for definition in definitions
        ]

    def _build(self, dsn: str, definition: str, left: set[str]) -> None:
        build_resting_index(dsn, definition)
        with self._lock:
            left.remove(definition)
            last = not left
        if last:
            learn_of_rows(dsn)

    def _dsn(self, node: PlannedNode) -> str:
        return owner_dsn(self._nation.places, node, self._nation.cluster)


def _expected(nation: Nation, node: PlannedNode) -> int:
    """Tell how many people a node above the registers is to have."""
    return sum(
        town.residents
        for town in nation.plan
        if node.kind is NodeKind.NATIONAL
        or (node.kind is NodeKind.PREFECTURE and node.prefecture == town.prefecture)
        or (node.kind is NodeKind.CS and node.municipality == town.municipality)
    )


def count_keepers(nation: Nation) -> int:
    """Count the nodes that keep people."""
    return sum(node.kind in KEEPERS for node in nation.plan)
