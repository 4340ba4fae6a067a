"""B3: a nation of forty municipalities, from nothing until everybody is found at three levels."""

import time
from typing import Any

from daicho.world import resting
from daicho.world.benchmarks.measuring import copy_then_index, raised_nation
from daicho.world.checking import check_nation
from daicho.world.loading import TownLoaders, await_copies
from daicho.world.plan import TOWNS_MAX

PEOPLE = 1_000_000
LEVELS = 3  # CS, prefecture, nation
_FIRST_PORT = 9700
_LOAD_SECONDS = 3_600


def bench_rising(residents: int = PEOPLE) -> dict[str, Any]:
    """Found and start the nation, load everybody over the wire, wait until each level has its copy and its indexes.

    Inventing the residents is not counted; their registers are.
    """
    begun = time.monotonic()
    with raised_nation(residents, TOWNS_MAX, _FIRST_PORT) as (nation, _):
        raised = time.monotonic() - begun
        with TownLoaders(nation) as loaders:
            loaders.write_extracts(lambda _: None)
            loading = time.monotonic()
            resting.let_rest(nation)
            loaders.import_extracts(lambda _: None)
            registered = time.monotonic() - loading
        with resting.Building(nation) as building:
            await_copies(nation, lambda _: None, seconds=_LOAD_SECONDS, meanwhile=building.begin_where_whole)
            indexed = building.finish(lambda _: None)
        loaded = time.monotonic() - loading
        findings = check_nation(nation)
        if findings:
            raise AssertionError(findings)
        best = LEVELS * residents / copy_then_index(nation.cluster.dsn("national"), residents)
    return {
        "name": "B3-nation",
        "result": raised + loaded,
        "unit": "s",
        "ceiling": best,
        "ratio": (raised + loaded) / best,
        "raised_s": round(raised, 1),
        "registered_s": round(registered, 1),
        "indexed_s": round(indexed, 1),
        "loaded_s": round(loaded, 1),
        "residents": residents,
        "nodes": len(nation.plan),
    }
