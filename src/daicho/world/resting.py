"""The indexes by which a nation's people are searched rest while its first residents come in."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from daicho.rules.network.kinds import NodeKind
from daicho.store.resting_indexes import build_resting_indexes, let_autovacuum_come, let_indexes_rest
from daicho.world.founding import owner_dsn
from daicho.world.nation import Nation
from daicho.world.plan import KEEPERS

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


def build(nation: Nation, said: Callable[[int], None]) -> float:
    """Build what rests, several databases at a time; `said` hears how many are done. Give the seconds."""
    begun = time.monotonic()
    keepers = sorted(
        (node for node in nation.plan if node.kind in KEEPERS), key=lambda node: _ORDER.index(node.kind)
    )
    with ThreadPoolExecutor(_BUILT_AT_ONCE) as pool:
        dsns = [owner_dsn(nation.places, node, nation.cluster) for node in keepers]
        for done, _ in enumerate(pool.map(build_resting_indexes, dsns), 1):
            said(done)
        # Only now: housekeeping would take from those that are still being built.
        for _ in pool.map(let_autovacuum_come, dsns):
            pass
    return time.monotonic() - begun


def count_keepers(nation: Nation) -> int:
    """Count the nodes that keep people."""
    return sum(node.kind in KEEPERS for node in nation.plan)
