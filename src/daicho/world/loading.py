"""Fills the registers of a new nation with synthetic extracts, and waits until every level has its copy."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
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
_LOOK_SECONDS = 0.5
_ON_THEIR_WAY = ("to_send", "to_handle")
_STUCK = ("parked", "returned")
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
        with _deaf_to_ctrl_c():
            loads = [
                pool.submit(_load_town, nation.places.node(node.short) / "node.toml", node, place)
                for place, node in enumerate(registries)
            ]
        while wait(loads, _LOOK_SECONDS).not_done:
            if stopped():
                for child in active_children():
                    child.terminate()
                raise LoadingStopped
            kept = count_copies(nation, {NodeKind.REGISTRY}, {"residents"})
            said(sum(one["residents"] for one in kept.values()))
    if stopped():
        raise LoadingStopped
    faults = [fault for fault in (load.result() for load in loads) if fault]
    if faults:
        raise LoadingFailed(faults[0])
    wanted = sum(node.residents for node in registries)

    def at_the_css() -> bool:
        return _records(count_copies(nation, {NodeKind.CS}, {"records"}), nation, NodeKind.CS) >= wanted

    _await(nation, at_the_css, 300, stopped)
    return time.monotonic() - begun


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes begin with the signal held back: it could come before they have said that they ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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

    def agreed() -> bool:
        national = _records(count_copies(nation, {NodeKind.NATIONAL}, {"records"}), nation, NodeKind.NATIONAL)
        said(national)
        if national < wanted:
            return False
        counts = count_copies(nation, None, {"records", *_ON_THEIR_WAY})
        return _records(counts, nation, NodeKind.PREFECTURE) >= wanted and settled(counts)

    _await(nation, agreed, seconds, stopped)
    return time.monotonic() - begun


def await_quiet(nation: Nation, seconds: float = 60) -> None:
    """Wait until no letter is on its way and none waits. Raises: LoadingFailed."""
    _await(nation, lambda: settled(count_copies(nation, None, _ON_THEIR_WAY)), seconds)


def _await(
    nation: Nation, holds: Callable[[], bool], seconds: float, stopped: Callable[[], bool] = _never
) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if stopped():
            raise LoadingStopped
        nation.supervisor.restart_dead()
        counts = count_copies(nation, None, _STUCK)
        if any(any(one.values()) for one in counts.values()) or time.monotonic() > end:
            raise LoadingFailed(f"not settled after {seconds:.0f} s: {count_copies(nation)}")
        time.sleep(_LOOK_SECONDS)


def _records(counts: dict[str, dict[str, int]], nation: Nation, kind: NodeKind) -> int:
    return sum(counts[node.short].get("records", 0) for node in nation.plan if node.kind is kind)
