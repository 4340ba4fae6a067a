"""Fills the registers of a new nation with synthetic extracts, and waits until every level has its copy."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children, get_context
from typing import Any, Self

from daicho.nodes.config import read_config
from daicho.nodes.registry.transfer import import_extract
from daicho.nodes.watch.assembly import found_node
from daicho.nodes.watch.memory import collect_rarely
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.store.resting_indexes import records_written
from daicho.world.founding import owner_dsn
from daicho.world.nation import Nation, count_copies, settled
from daicho.world.people import population, ranges_of
from daicho.world.plan import NEWCOMERS_WITHOUT_NUMBER, SEED, Places, PlannedNode

_PROCESSES_MAX = 4
_LOOK_SECONDS = 0.5
_COUNT_SECONDS = 1.0
_COUNT_PAUSE = 10  # times as long as a count takes ...
_COUNT_PAUSE_SECONDS = 3.0  # ... but not for ever
_CHUNK_BYTES = 1 << 20
_ON_THEIR_WAY = ("to_send", "to_handle")
_STUCK = ("parked", "returned")
_STUCK_SECONDS = 10.0  # asking every node costs a connection each
ADMINISTRATOR = Operator("KANRI-01", "ADMIN", (Role.ADMINISTRATOR,))
SECURITY_OFFICER = Operator("SEKININ-01", "SECURITY", (Role.SECURITY_OFFICER,))


class LoadingFailed(RuntimeError):
    """An extract was refused, or the copies did not agree in time."""


class LoadingStopped(Exception):
    """Somebody wants the nation stopped; what is loaded so far stays, and loading again doubles nothing."""


def _never() -> bool:
    return False


class TownLoaders:
    """Processes that write the extract of each town of a new nation and import it into its registry.

    Processes, not threads: reading an extract is work for the processor. They ignore Ctrl-C, which only the
    supervisor hears.
    """

    def __init__(self, nation: Nation, stopped: Callable[[], bool] = _never) -> None:
        """Prepare them; `stopped` tells when somebody wants the nation stopped."""
        self._nation = nation
        self._stopped = stopped
        self._registries = [node for node in nation.plan if node.kind is NodeKind.REGISTRY]
        spawn = get_context("spawn")
        self._lines = spawn.Array("q", len(self._registries))
        self._pool = ProcessPoolExecutor(
            min(len(self._registries), _PROCESSES_MAX), spawn, _begin_worker, (self._lines,)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        """End the processes; codes and numbers lie nowhere that need not have them."""
        self._pool.shutdown()
        shutil.rmtree(self._nation.places.extracts, ignore_errors=True)

    def write_extracts(self, said: Callable[[int], None]) -> None:
        """Draw the synthetic residents of each town and write its extract; `said` hears how many there are.

        Raises: LoadingFailed, LoadingStopped.
        """
        self._nation.places.extracts.mkdir(mode=0o700, exist_ok=True)
        self._let_all(_write_extract, said)

    def import_extracts(self, said: Callable[[int], None]) -> float:
        """Import each town's extract into its registry; give the seconds that it took.

        Raises: LoadingFailed, LoadingStopped.
        """
        begun = time.monotonic()
        self._let_all(_import_extract, said)
        return time.monotonic() - begun

    def _let_all(self, work: Callable[[Places, PlannedNode, int], str], said: Callable[[int], None]) -> None:
        self._lines[:] = [0] * len(self._registries)
        with _deaf_to_ctrl_c():
            parts = [
                self._pool.submit(work, self._nation.places, node, place)
                for place, node in enumerate(self._registries)
            ]
        while wait(parts, _LOOK_SECONDS).not_done:
            if self._stopped():
                for child in active_children():
                    child.terminate()
                raise LoadingStopped
            said(sum(self._lines[:]))
        if self._stopped():
            raise LoadingStopped
        said(sum(self._lines[:]))
        faults = [fault for fault in (part.result() for part in parts) if fault]
        if faults:
            raise LoadingFailed(faults[0])


def await_css(
    nation: Nation, said: Callable[[int], None], stopped: Callable[[], bool] = _never, seconds: float = 600
) -> float:
    """Wait until every CS has its town; give the seconds.

    Raises: LoadingFailed, LoadingStopped.
    """
    begun = time.monotonic()
    wanted = sum(node.residents for node in nation.plan)

    def whole() -> bool:
        kept = _records(count_copies(nation, {NodeKind.CS}, {"records"}), nation, NodeKind.CS)
        said(kept)
        return kept >= wanted

    _await(nation, whole, seconds, stopped)
    return time.monotonic() - begun


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes begin with the signal held back: it could come before they have said that they ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_lines: Any = ()  # in a loader: the lines done, one counter per registry, shared with the supervisor


def _begin_worker(lines: Any) -> None:
    global _lines
    _lines = lines
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_extract(places: Places, node: PlannedNode, place: int) -> str:
    people = population(
        SEED, node.municipality, node.residents, ranges_of(place), without_number=NEWCOMERS_WITHOUT_NUMBER
    )
    with places.extract(node).open("w", encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(people):
            file.write(f"{line}\n")
            _lines[place] = number
    return ""


def _import_extract(places: Places, node: PlannedNode, place: int) -> str:
    def progress(lines: int) -> None:
        _lines[place] = lines - 1  # the header is no resident

    foundation = found_node(read_config(places.node(node.short) / "node.toml"), own_signer=False)
    try:
        with places.extract(node).open("rb") as file:
            report = import_extract(
                foundation.node, ADMINISTRATOR, SECURITY_OFFICER, iter(partial(file.read, _CHUNK_BYTES), b""),
                progress=progress,
            )  # fmt: skip
    finally:
        foundation.close()
    if isinstance(report, Refusal):
        return f"{node.short}: {report.reason.value}"
    if report.imported + report.already_there != node.residents:
        return f"{node.short}: {report.imported} new of {node.residents} residents, {report.faults[:3]}"
    return ""


def await_copies(
    nation: Nation,
    said: Callable[[int], None],
    stopped: Callable[[], bool] = _never,
    seconds: float = 600,
    meanwhile: Callable[[], None] = lambda: None,
) -> float:
    """Wait until prefectures and nation have everybody and no letter is on its way; give the seconds.

    `meanwhile` is called at each look.

    Raises: LoadingFailed, LoadingStopped.
    """
    begun = time.monotonic()
    wanted = sum(node.residents for node in nation.plan)
    national = next(node for node in nation.plan if node.kind is NodeKind.NATIONAL)
    # Counting a million reads all of them: how many were written is known, and while it grows that is enough.
    dsn = owner_dsn(nation.places, national, nation.cluster)
    seen = written = records_written(dsn)
    before = _records(count_copies(nation, {national.kind}, {"records"}), nation, national.kind) - written

    def agreed() -> bool:
        nonlocal seen
        last, seen = seen, records_written(dsn)
        said(min(before + seen, wanted))
        meanwhile()
        if before + seen < wanted and seen != last:
            return False
        above = (NodeKind.NATIONAL, NodeKind.PREFECTURE)
        counts = count_copies(nation, above, {"records"})
        whole = all(_records(counts, nation, kind) >= wanted for kind in above)
        return whole and settled(count_copies(nation, None, _ON_THEIR_WAY))

    _await(nation, agreed, seconds, stopped)
    return time.monotonic() - begun


def await_quiet(nation: Nation, seconds: float = 60) -> None:
    """Wait until no letter is on its way and none waits. Raises: LoadingFailed."""
    _await(nation, lambda: settled(count_copies(nation, None, _ON_THEIR_WAY)), seconds)


def _await(
    nation: Nation, holds: Callable[[], bool], seconds: float, stopped: Callable[[], bool] = _never
) -> None:
    begun = looked = time.monotonic()
    while True:
        counted = time.monotonic()
        if holds():
            return
        if stopped():
            raise LoadingStopped
        now = time.monotonic()
        if now - looked > _STUCK_SECONDS:
            looked = now
            nation.supervisor.restart_dead()
            counts = count_copies(nation, None, _STUCK)
            if any(any(one.values()) for one in counts.values()) or now - begun > seconds:
                raise LoadingFailed(f"not settled after {seconds:.0f} s: {count_copies(nation)}")
        # Counting takes a while, and takes it from those who are counted.
        time.sleep(min(max(_COUNT_SECONDS, _COUNT_PAUSE * (now - counted)), _COUNT_PAUSE_SECONDS))


def _records(counts: dict[str, dict[str, int]], nation: Nation, kind: NodeKind) -> int:
    return sum(counts[node.short].get("records", 0) for node in nation.plan if node.kind is kind)
