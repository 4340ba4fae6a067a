"""Fills the registers of a new nation with synthetic extracts, and waits until every level has its copy."""

import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import active_children, get_context
from pathlib import Path

from daicho.nodes.config import read_config
from daicho.nodes.registry.transfer import import_extract
from daicho.nodes.watch.assembly import found_node
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.world.nation import Nation, count_copies, settled
from daicho.world.people import population, ranges_of
from daicho.world.plan import PlannedNode

SEED = 20_261_120
NEWCOMERS_WITHOUT_NUMBER = 3
_SIDE_BY_SIDE = 2
ADMINISTRATOR = Operator("KANRI-01", "ADMIN", (Role.ADMINISTRATOR,))
SECURITY_OFFICER = Operator("SEKININ-01", "SECURITY", (Role.SECURITY_OFFICER,))


class LoadingFailed(RuntimeError):
    """An extract was refused, or the copies did not agree in time."""


class LoadingStopped(Exception):
    """Somebody wants the nation stopped; what is loaded so far stays, and loading again doubles nothing."""


def _never() -> bool:
    return False


def load_towns(nation: Nation, said: Callable[[int], None], stopped: Callable[[], bool] = _never) -> float:
    """Import one extract per registry, two at a time; give the seconds until registries and CSs have everybody.

    Raises: LoadingFailed, LoadingStopped.
    """
    begun = time.monotonic()
    registries = [node for node in nation.plan if node.kind is NodeKind.REGISTRY]
    # Processes, not threads: reading an extract is work for the processor. They ignore Ctrl-C, which only
    # the supervisor hears.
    with ProcessPoolExecutor(_SIDE_BY_SIDE, get_context("spawn"), _hear_nothing) as pool:
        loads = [
            pool.submit(_load_town, nation.places.node(node.short) / "node.toml", node, place)
            for place, node in enumerate(registries)
        ]
        while wait(loads, 0.2).not_done:
            if stopped():
                for child in active_children():
                    child.terminate()
                raise LoadingStopped
            said(sum(one.get("residents", 0) for one in count_copies(nation).values()))
    faults = [fault for fault in (load.result() for load in loads) if fault]
    if faults:
        raise LoadingFailed(faults[0])
    wanted = sum(node.residents for node in registries)
    _await(nation, lambda counts: _records(counts, nation, NodeKind.CS) >= wanted, 300, stopped)
    return time.monotonic() - begun


def _hear_nothing() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _load_town(config: Path, node: PlannedNode, place: int) -> str:
    foundation = found_node(read_config(config), own_signer=False)
    try:
        lines = population(
            SEED, node.municipality, node.residents, ranges_of(place), without_number=NEWCOMERS_WITHOUT_NUMBER
        )
        report = import_extract(
            foundation.node, ADMINISTRATOR, SECURITY_OFFICER, (f"{line}\n".encode() for line in lines)
        )
    finally:
        foundation.close()
    if isinstance(report, Refusal):
        return f"{node.short}: {report.reason.value}"
    if report.imported + report.already_there != node.residents:
        return f"{node.short}: {report.imported} new of {node.residents} residents, {report.faults[:3]}"
    return ""


def await_copies(
    nation: Nation, said: Callable[[int], None], stopped: Callable[[], bool] = _never, seconds: float = 600
) -> float:
    """Wait until prefectures and nation have everybody and no letter is on its way; give the seconds.

    Raises: LoadingFailed, LoadingStopped.
    """
    begun = time.monotonic()
    wanted = sum(node.residents for node in nation.plan)

    def agreed(counts: dict[str, dict[str, int]]) -> bool:
        national = _records(counts, nation, NodeKind.NATIONAL)
        said(national)
        return (
            national >= wanted and _records(counts, nation, NodeKind.PREFECTURE) >= wanted and settled(counts)
        )

    _await(nation, agreed, seconds, stopped)
    return time.monotonic() - begun


def await_quiet(nation: Nation, seconds: float = 60) -> None:
    """Wait until no letter is on its way and none waits. Raises: LoadingFailed."""
    _await(nation, settled, seconds)


def _await(
    nation: Nation,
    holds: Callable[[dict[str, dict[str, int]]], bool],
    seconds: float,
    stopped: Callable[[], bool] = _never,
) -> None:
    end = time.monotonic() + seconds
    while True:
        if stopped():
            raise LoadingStopped
        nation.supervisor.restart_dead()
        counts = count_copies(nation)
        if holds(counts):
            return
        stuck = sum(one.get("returned", 0) + one.get("parked", 0) for one in counts.values())
        if stuck or time.monotonic() > end:
            raise LoadingFailed(f"not settled after {seconds:.0f} s: {counts}")
        time.sleep(0.3)


def _records(counts: dict[str, dict[str, int]], nation: Nation, kind: NodeKind) -> int:
    return sum(counts[node.short].get("records", 0) for node in nation.plan if node.kind is kind)
