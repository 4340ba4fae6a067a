"""The indexes by which a nation's people are searched rest while its first residents come in."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Self

from daicho.rules.network.kinds import NodeKind
from daicho.store.resting_indexes import build_resting_indexes, let_autovacuum_come, let_indexes_rest
from daicho.world.founding import owner_dsn
from daicho.world.nation import Nation, records_written
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
    """Builds what rests, several databases at a time, and of each as soon as it has everybody.

    What comes in last goes through few nodes and leaves a processor free, which builds for those that are ready.
    """

    def __init__(self, nation: Nation) -> None:
        """Build nothing yet."""
        self._nation = nation
        self._pool = ThreadPoolExecutor(_BUILT_AT_ONCE)
        self._left = sorted(
            (node for node in nation.plan if node.kind in KEEPERS), key=lambda node: _ORDER.index(node.kind)
        )
        self._begun: list[Future[int]] = []
        self._expected = _expected(nation)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        """Wait for what is being built; what was not begun is left to the nation's next start."""
        self._pool.shutdown(cancel_futures=True)

    def begin_where_whole(self) -> None:
        """Begin with every CS, prefecture and nation that has everybody."""
        for node in [one for one in self._left if self._expected.get(one.short)]:
            if records_written(self._nation, node) >= self._expected[node.short]:
                self._begin(node)

    def finish(self, said: Callable[[int], None]) -> float:
        """Build the rest and leave everything to housekeeping; `said` hears how many are done. Give the seconds."""
        begun = time.monotonic()
        for node in list(self._left):
            self._begin(node)
        for done, built in enumerate(as_completed(self._begun), 1):
            built.result()
            said(done)
        # Only now: housekeeping would take from those that are still being built.
        keepers = (node for node in self._nation.plan if node.kind in KEEPERS)
        for _ in self._pool.map(let_autovacuum_come, map(self._dsn, keepers)):
            pass
        return time.monotonic() - begun

    def _begin(self, node: PlannedNode) -> None:
        self._left.remove(node)
        self._begun.append(self._pool.submit(build_resting_indexes, self._dsn(node)))

    def _dsn(self, node: PlannedNode) -> str:
        return owner_dsn(self._nation.places, node, self._nation.cluster)


def _expected(nation: Nation) -> Counter[str]:
    """Tell how many people each level above the registers is to have, by the node's short name."""
    expected: Counter[str] = Counter()
    for town in nation.plan:
        for node in nation.plan:
            above = (
                (node.kind is NodeKind.CS and node.municipality == town.municipality)
                or (node.kind is NodeKind.PREFECTURE and node.prefecture == town.prefecture)
                or node.kind is NodeKind.NATIONAL
            )
            if town.residents and above:
                expected[node.short] += town.residents
    return expected


def count_keepers(nation: Nation) -> int:
    """Count the nodes that keep people."""
    return sum(node.kind in KEEPERS for node in nation.plan)
