"""Fills the registers of a new nation with synthetic extracts, and waits until every level has its copy."""

import threading
import time
from collections.abc import Callable

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
ADMINISTRATOR = Operator("KANRI-01", "ADMIN", (Role.ADMINISTRATOR,))
SECURITY_OFFICER = Operator("SEKININ-01", "SECURITY", (Role.SECURITY_OFFICER,))


class LoadingFailed(RuntimeError):
    """An extract was refused, or the copies did not agree in time."""


def load_towns(nation: Nation, said: Callable[[int], None]) -> float:
    """Import one extract per registry, two at a time; give the seconds until registries and CSs have everybody."""
    begun = time.monotonic()
    registries = [node for node in nation.plan if node.kind is NodeKind.REGISTRY]
    faults: list[str] = []
    waiting = list(enumerate(registries))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                place, node = waiting.pop(0)
            fault = _load_town(nation, node, place)
            if fault:
                faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        said(sum(one.get("residents", 0) for one in count_copies(nation).values()))
        for thread in threads:
            thread.join(0.5)
    if faults:
        raise LoadingFailed(faults[0])
    wanted = sum(node.residents for node in registries)
    _await(nation, lambda counts: _records(counts, nation, NodeKind.CS) >= wanted, 300)
    return time.monotonic() - begun


def _load_town(nation: Nation, node: PlannedNode, place: int) -> str:
    foundation = found_node(read_config(nation.places.node(node.short) / "node.toml"), own_signer=False)
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
    if report.imported != node.residents:
        return f"{node.short}: {report.imported} of {node.residents} residents, {report.faults[:3]}"
    return ""


def await_copies(nation: Nation, said: Callable[[int], None], seconds: float = 600) -> float:
    """Wait until prefectures and nation have everybody and no letter is on its way; give the seconds."""
    begun = time.monotonic()
    wanted = sum(node.residents for node in nation.plan)

    def agreed(counts: dict[str, dict[str, int]]) -> bool:
        national = _records(counts, nation, NodeKind.NATIONAL)
        said(national)
        return (
            national == wanted and _records(counts, nation, NodeKind.PREFECTURE) == wanted and settled(counts)
        )

    _await(nation, agreed, seconds)
    return time.monotonic() - begun


def await_quiet(nation: Nation, seconds: float = 60) -> None:
    """Wait until no letter is on its way and none waits. Raises: LoadingFailed."""
    _await(nation, settled, seconds)


def _await(nation: Nation, holds: Callable[[dict[str, dict[str, int]]], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
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
